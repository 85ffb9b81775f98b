"""JSON that remembers its lines, so that a refusal can name one: objects within objects, and lists of whatever.

The standard reader takes a list at once; where its items stand is looked up only when somebody asks.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from ideathon.core.tally.files.tables import BadFile
from ideathon.core.tally.remarks import gettext

MOST_INSIDE = 2         # objects within objects; an election has the table within the whole
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Bare:
    """A number, which an election in JSON never holds: its amounts are texts, so that nothing rounds them."""

    text: str

    def __repr__(self) -> str:
        return self.text[:20]


class Lines(Sequence[int]):
    """The line of every item of a list, which begins at that place of the text and on that line."""

    def __init__(self, text: str, at: int, line: int, size: int) -> None:
        self.text, self.at, self.line, self.size = text, at, line, size
        self.found: list[int] = []

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        self.found = self.found or self._all()
        return self.found[place]

    def _all(self) -> list[int]:
        found, seen, at, line = [], self.at, self.at + 1, self.line
        for _ in range(self.size):
            at = _past_space(self.text, at)
            line += self.text.count("\n", seen, at)
            seen = at
            found.append(line)
            _, at = DECODE(self.text, at)
            at = _past_space(self.text, at) + 1     # and past the comma
        return found


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and the line on which it begins: a dict of `Placed`, a list with the lines of its items, or anything
    plain."""

    value: Any
    line: int
    lines: Sequence[int] = ()


class Reader:
    """One text, read once from the front; `BadFile` with its line for whatever is not JSON or has a key twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line, self.seen = 1, 0         # the line of the place `seen`

    def whole(self) -> Placed:
        """The value that the text is."""
        found = self._value(MOST_INSIDE)
        self._skip()
        if self.at < len(self.text):
            raise self._wrong()
        return found

    def _value(self, inside: int) -> Placed:
        mark = self._skip()
        line = self._line()
        if mark == "{" and inside:
            return Placed(self._members(inside - 1), line)
        at = self.at
        value = self._plain()
        return Placed(value, line, Lines(self.text, at, line, len(value)) if isinstance(value, list) else ())

    def _members(self, inside: int) -> dict[str, Placed]:
        found: dict[str, Placed] = {}
        more = self._next("{", "}")
        while more:
            self._skip()
            line, key = self._line(), self._plain()
            if not isinstance(key, str) or self._skip() != ":":
                raise self._wrong()
            if key in found:
                raise BadFile(line, gettext("'%(key)s' is given a second time", key=key))
            self.at += 1
            found[key] = self._value(inside)
            more = self._next(",", "}")
        return found

    def _next(self, onward: str, end: str) -> bool:
        """Go past a bracket or comma; whether a further value comes, or the end, which is gone past too."""
        mark = self._skip()
        if mark not in (onward, end):
            raise self._wrong()
        self.at += 1
        if mark == onward and onward != "," and self._skip() == end:
            self.at += 1
            return False
        return mark == onward

    def _plain(self) -> Any:
        try:
            value, self.at = DECODE(self.text, self.at)
        except json.JSONDecodeError as wrong:
            self.at = wrong.pos
            raise self._wrong() from wrong
        except RecursionError as wrong:
            raise BadFile(self._line(), gettext("this JSON is nested too deeply to be an election")) from wrong
        return value

    def _skip(self) -> str:
        """What stands next; nothing at the end."""
        self.at = _past_space(self.text, self.at)
        return self.text[self.at:self.at + 1]

    def _line(self) -> int:
        self.line += self.text.count("\n", self.seen, self.at)
        self.seen = self.at
        return self.line

    def _wrong(self) -> BadFile:
        return BadFile(self.text.count("\n", 0, self.at) + 1, gettext("this is not JSON, or it is cut off here"))


def _past_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


DECODE = json.JSONDecoder(parse_int=Bare, parse_float=Bare, parse_constant=Bare).raw_decode
