"""What a file of an election holds: three tables of words, kept as they were, so that writing loses nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ideathon.core.tally.election import simple
from ideathon.core.tally.remarks import Remark, gettext
from ideathon.core.tally.settings import Number

MOST_BYTES = 200_000_000            # of a file; the largest published elections have 10 MB
LONGEST_LINE = 1_000_000            # characters
DIGITS = 30                         # of a number, before and after its point
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE)
_SIZED = re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{1,30})?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3})")


Told = Callable[[float], None]
"""What wants to know how far a reading is, as a part of 1."""


class BadFile(ValueError):
    """The file cannot be counted: which line (from 1; 0 where nobody knows), and one sentence why, without its dot.

    The reason is a `Remark` wherever it is shown to people, so that it can be said in their language.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of as many words, with the line on which each row begins (or none, where it was not read).

    The header is kept as it was written; `names` are what its columns are called, in small letters.
    """

    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int] = ()
    head: int = 0               # the line of the header

    def line(self, number: int) -> int:
        """On which line that row begins, 0 if nobody knows."""
        return self.lines[number] if number < len(self.lines) else 0

    @property
    def names(self) -> list[str]:
        """The columns by name."""
        return [name.strip().lower() for name in self.header]

    def column(self, name: str) -> int | None:
        """Where that column stands; None when there is none."""
        names = self.names
        return names.index(name) if name in names else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.header == other.header and [
            tuple(row) for row in self.rows] == [tuple(row) for row in other.rows]

    __hash__ = None  # type: ignore[assignment]  # rows may be lists


@dataclass(frozen=True, slots=True)
class Tables:
    """The three sections of an election's file: what is true of all of it, the projects, the votes; and comments.

    `meta` are keys and values in the file's order; `facts` the same for looking up, a repeated comment joined.
    `meta_lines` has the line of each key, and under "" the line on which META begins. `open_end`: the file ends without
    a line end in a row that nothing closes, so that nobody can see whether it is whole. `odd` are sentences on how the
    file is written.
    """

    meta: tuple[tuple[str, str], ...]
    projects: Table
    votes: Table
    comments: tuple[str, ...] = ()
    meta_lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    open_end: bool = field(default=False, compare=False)
    odd: tuple[Remark, ...] = field(default=(), compare=False)

    @property
    def facts(self) -> dict[str, str]:
        """META by its keys, without spaces around either."""
        found: dict[str, str] = {}
        for said, text in self.meta:
            key, value = said.strip(), text.strip()
            found[key] = f"{found[key]} {value}" if key in found else value
        return found

    def line_of(self, key: str) -> int:
        """The line of that key, or of META where it is missing; 0 if nobody knows."""
        return self.meta_lines.get(key, self.meta_lines.get("", 0))

    def number(self, key: str) -> Number | None:
        """The number that META gives under that key; None when it gives none. Raises `BadFile` for anything else."""
        said = self.facts.get(key, "")
        if not said:
            return None
        try:
            return exact(said)
        except ValueError as wrong:
            raise BadFile(self.line_of(key), gettext("%(key)s: %(wrong)s", key=key, wrong=wrong.args[0])) from wrong

    def whole(self, key: str) -> int | None:
        """The same for a whole number from 0 upwards."""
        found = self.number(key)
        if found is None or (isinstance(found, int) and found >= 0):
            return found
        raise BadFile(self.line_of(key), gettext("%(key)s is %(said)s, and must be a whole number from 0 upwards",
                                                 key=key, said=self.facts[key]))


def exact(text: str) -> Number:
    """The number that is written, with a point or a comma before its decimals, spaces between thousands allowed.

    Raises `ValueError`, with a `Remark`, for anything else: an empty text, words, "nan", "1/2", more than 30 digits
    before or after the point; and for "10,000", where nobody knows whether the comma parts thousands or decimals.
    """
    if text.isascii() and text.isdigit() and len(text) <= DIGITS:
        return int(text)
    word = _SPACES.sub("", text.strip())
    if _GROUPED.fullmatch(word):
        raise ValueError(gettext("'%(said)s' may have its comma for thousands or for decimals: write it without",
                                 said=text))
    if not _NUMBER.fullmatch(word):
        raise ValueError(gettext("'%(said)s' is not a number", said=text))
    value = Fraction(word.replace(",", ".")) if _SIZED.fullmatch(word) else None
    if value is None or (value and not Fraction(1, 10**DIGITS) <= abs(value) < 10**DIGITS):
        raise ValueError(gettext("'%(said)s' is not a number with at most %(most)s digits before and after its point",
                                 said=text, most=DIGITS))
    return simple(value)


def listed(text: str) -> list[str]:
    """The parts of a list written with commas; none for an empty text."""
    return [part.strip() for part in text.split(",")] if text.strip() else []
