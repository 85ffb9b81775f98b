"""What a person typed, made safe to keep and to show: no hidden characters, no towers of marks, a countable length."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

_NEWLINE = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # writing direction, which can make text read as another
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"  # fillers
    "\ufff9-\ufffb\ufffe\uffff\ufdd0-\ufdef"  # annotation marks, code points that are no characters
    "\ud800-\udfff]"  # halves of a pair: no database takes them
    "|(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)"  # kept: the flag of a region
    "|[\U000e0000-\U000e00ff]"  # tags elsewhere can carry a hidden message
)
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000 ]+")
_BLANK_LINES = re.compile("\n{3,}")
_LINE_EDGE = re.compile(" ?\n ?")
_JOINER_RUN = re.compile("([\u200c\u200d])[\u200c\u200d]+")
# A joiner has work between two emoji or two letters of a joining script; beside anything else it only hides.
_WORKS = "\u0590-\u200b\u200e-\U0010ffff"
_IDLE_JOINER = re.compile(f"(?<![{_WORKS}])[\u200c\u200d]|[\u200c\u200d](?![{_WORKS}])")
_MOST_MARKS = 2


class WordsProblem(StrEnum):
    """Why a text is refused; the page has a sentence for each."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text, how long it is and how long it should be (both in `length` units)."""

    code: WordsProblem
    length: int
    limit: int


def clean(text: str, *, multiline: bool = False) -> str:
    """The same words without what nobody can see; a second cleaning changes nothing.

    Gone: control characters, direction overrides, invisible fillers, halves of surrogate pairs, idle joiners,
    marks beyond two on a letter, spaces at the ends and in a row. Unicode NFC. With `multiline`, single line ends
    and at most one blank line in a row stay; otherwise every line end is a space. Emoji stay whole. Linear in time.
    """
    text = _NEWLINE.sub("\n" if multiline else " ", text)
    text = _SPACE.sub(" ", _HIDDEN.sub(lambda kept: kept[1] or "", text))
    if not _plain(text):
        text = _tamed(text)
    text = _SPACE.sub(" ", text)
    if multiline:
        text = _BLANK_LINES.sub("\n\n", _LINE_EDGE.sub("\n", text))
    return text.strip(" \n")


def length(text: str) -> int:
    """How many characters a person would count, roughly.

    Code points, without marks, skin tones, joiners and variation signs; emoji joined into one picture count once,
    and so does a flag. Fine differences of single scripts (such as Hangul written in parts) are not followed.
    """
    if _plain(text):
        return len(text)
    return len(_companions().sub(r"\1", text))


def check(text: str, low: int, high: int) -> Problem | None:
    """None when the cleaned `text` is `low` to `high` characters long, both ends included; otherwise what is wrong."""
    size = length(text)
    if size == 0 and low > 0:
        return Problem(WordsProblem.EMPTY, size, low)
    if size < low:
        return Problem(WordsProblem.TOO_SHORT, size, low)
    if size > high:
        return Problem(WordsProblem.TOO_LONG, size, high)
    return None


def _plain(text: str) -> bool:
    """Whether all letters come before the first combining mark, as in Latvian and English: nothing to tame."""
    return max(text, default="") < "\u0300"


def _tamed(text: str) -> str:
    """NFC with few marks. Marks are capped first too: sorting a long run of them takes quadratic time."""
    text = _joiner_before_mark().sub("", _JOINER_RUN.sub(r"\1", text))
    text = unicodedata.normalize("NFC", _excess_marks().sub(r"\1", text))
    # Some letters come apart in NFC and bring marks of their own.
    return _IDLE_JOINER.sub("", _excess_marks().sub(r"\1", text))


@cache
def _marks() -> str:
    """All marks that stack on a letter, as ranges inside a regular expression's class (single ones would be slow)."""
    ranges: list[list[int]] = []
    for code in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)):
        if not _stacks(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _stacks(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me") or unicodedata.combining(char) != 0


@cache
def _excess_marks() -> re.Pattern[str]:
    return re.compile(f"([{_marks()}]{{{_MOST_MARKS}}})[{_marks()}]+")


@cache
def _joiner_before_mark() -> re.Pattern[str]:
    return re.compile(f"[\u200c\u200d](?=[{_marks()}])")


@cache
def _companions() -> re.Pattern[str]:
    """What stands beside a character without being counted as one; of two flag letters the first stays."""
    tones, flag, tags = "\U0001f3fb-\U0001f3ff", "[\U0001f1e6-\U0001f1ff]", "\U000e0020-\U000e007f"
    return re.compile(f"\u200d[^\x00-\u058f]?|[{_marks()}{tags}\u200c]|(?<=\\S)[{tones}]|({flag}){flag}")
