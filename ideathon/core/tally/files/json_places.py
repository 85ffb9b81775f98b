"""JSON that remembers its lines, so that a refusal can name one: objects within objects, and lists of whatever.

The standard reader takes every value within a list at once; only around these does this one go by itself.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and the line on which it begins: a dict of `Placed`, a list of `Placed`, or anything plain."""

    value: Any
    line: int


class Reader:
    """One text, read once from the front; `BadFile` with its line for whatever is not JSON or has a key twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line, self.seen = 1, 0         # the line of the place `seen`
        self.decode = json.JSONDecoder(parse_int=Bare, parse_float=Bare, parse_constant=Bare).raw_decode

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
        if mark == "[":
            return Placed(self._items(), line)
        return Placed(self._plain(), line)

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

    def _items(self) -> list[Placed]:
        found: list[Placed] = []
        more = self._next("[", "]")
        while more:
            self._skip()
            line = self._line()
            found.append(Placed(self._plain(), line))
            more = self._next(",", "]")
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
            value, self.at = self.decode(self.text, self.at)
        except json.JSONDecodeError as wrong:
            self.at = wrong.pos
            raise self._wrong() from wrong
        except RecursionError as wrong:
            raise BadFile(self._line(), gettext("this JSON is nested too deeply to be an election")) from wrong
        return value

    def _skip(self) -> str:
        """What stands next; nothing at the end."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at:self.at + 1]

    def _line(self) -> int:
        self.line += self.text.count("\n", self.seen, self.at)
        self.seen = self.at
        return self.line

    def _wrong(self) -> BadFile:
        return BadFile(self.text.count("\n", 0, self.at) + 1, gettext("this is not JSON, or it is cut off here"))
