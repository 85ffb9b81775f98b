"""What a file of an election holds: three tables of words, kept as they were, so that writing loses nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ideathon.core.tally.election import simple
from ideathon.core.tally.settings import Number

MOST_BYTES = 1_000_000_000
LONGEST_LINE = 1_000_000            # characters
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{1,30})?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_SPACES = re.compile(r"(?<=[0-9])[   ](?=[0-9]{3})")


class BadFile(ValueError):
    """The file cannot be counted: which line (from 1; 0 for the whole file), and one sentence why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of as many words, with the line on which each row begins (or none, where it was not read)."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int] = ()

    def line(self, number: int) -> int:
        """On which line that row begins, 0 if nobody knows."""
        return self.lines[number] if number < len(self.lines) else 0

    def column(self, name: str) -> int | None:
        """Where that column stands; None when there is none."""
        return self.header.index(name) if name in self.header else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.header == other.header and [
            tuple(row) for row in self.rows] == [tuple(row) for row in other.rows]

    __hash__ = None  # type: ignore[assignment]  # rows may be lists


@dataclass(frozen=True, slots=True)
class Tables:
    """The three sections of an election's file: what is true of all of it, the projects, the votes; and comments.

    `meta` are keys and values in the file's order; `facts` the same for looking up, a repeated comment joined.
    """

    meta: tuple[tuple[str, str], ...]
    projects: Table
    votes: Table
    comments: tuple[str, ...] = ()
    meta_lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def facts(self) -> dict[str, str]:
        """META by its keys."""
        found: dict[str, str] = {}
        for key, value in self.meta:
            found[key] = f"{found[key]} {value}" if key in found else value
        return found


def exact(text: str) -> Number:
    """The number that is written, with a point or a comma, spaces between thousands allowed.

    Raises `ValueError` for anything else: an empty text, words, "nan", "1/2".
    """
    if text.isascii() and text.isdigit() and len(text) <= 30:
        return int(text)
    word = _SPACES.sub("", text.strip())
    if not _NUMBER.fullmatch(word):
        raise ValueError(f"{text[:40]!r} is not a number")
    return simple(Fraction(word.replace(",", ".")))


def listed(text: str) -> list[str]:
    """The parts of a list written with commas; none for an empty text."""
    return [part.strip() for part in text.split(",")] if text.strip() else []

