"""From the bytes of a `.pb` file to its sections: text of UTF-8, no line without end, titles outside of quotes."""

import re
from collections.abc import Iterator

from ideathon.core.tally.files.tables import LONGEST_LINE, BadFile
from ideathon.core.tally.remarks import gettext

SECTIONS = ("META", "PROJECTS", "VOTES")
TITLE_ENDS = " \t;,\r"      # what may stand around a title on its line
_TITLE = re.compile(r"^[ \t]*(META|PROJECTS|VOTES)[ \t;,]*\r?$", re.IGNORECASE | re.MULTILINE)
Section = tuple[str, int]   # its text after the title, and the line of the title


def decoded(data: bytes) -> str:
    """The text, without the mark of the byte order. Raises `BadFile` for other bytes and for an endless line."""
    line = too_long(data)
    if line:
        raise endless(line)
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise BadFile(line, gettext("this is not UTF-8 text: save the file as UTF-8 and try again")) from wrong


def endless(line: int) -> BadFile:
    """The refusal of a line that cannot be one of an election."""
    return BadFile(line, gettext("this line is longer than %(most)s characters: this is not a .pb file",
                                 most=LONGEST_LINE))


def too_long(data: bytes) -> int:
    """The first line that is longer than any of an election; 0 when none is."""
    start, line = 0, 1
    while len(data) - start > LONGEST_LINE:
        end = data.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            return line
        line += data.count(b"\n", start, end + 1)
        start = end + 1
    return 0


def sections(text: str) -> tuple[str, dict[str, Section]]:
    """What stands before the first section, and every section by its name. Raises `BadFile`."""
    found: dict[str, Section] = {}
    titles = list(_titles(text))
    if not titles:
        raise BadFile(1, gettext("there is no section META: this is not a .pb file"))
    line, at = 1, 0
    for number, title in enumerate(titles):
        line += text.count("\n", at, title.start())
        at = title.start()
        name = title[1].upper()
        if name in found:
            raise BadFile(line, gettext("the section %(name)s begins a second time", name=name))
        end = titles[number + 1].start() if number + 1 < len(titles) else len(text)
        found[name] = (text[title.end():end], line)
    return text[:titles[0].start()], found


def _titles(text: str) -> Iterator[re.Match[str]]:
    """The titles; one inside of a quoted field is none. A quote only opens a field at the field's beginning: `19" disk`
    is plain text, as CSV has it."""
    titles = list(_TITLE.finditer(text))
    if len(titles) < 2 or '"' not in text:
        return iter(titles)
    first, last = titles[0], titles[-1]
    mark = re.escape(separator(text[first.end():titles[1].start()]))
    field = re.compile(rf'(?:^|{mark})"[^"]*+(?:""[^"]*+)*+(?:"|\Z)', re.MULTILINE)
    several = [found.span() for found in field.finditer(text, first.start(), last.end()) if "\n" in found[0]]
    return (title for title in titles if not any(start < title.start() < end for start, end in several))


def separator(meta: str) -> str:
    """What stands between the fields: the mark that the header of META has."""
    head = next((line for line in meta.splitlines() if line.strip()), "")
    return next((mark for mark in (";", "\t", ",") if mark in head), ";")


def comments(before: str) -> list[str]:
    """The lines above META: nothing but comments may stand there."""
    lines = [line.removesuffix("\r") for line in before.split("\n")]
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            raise BadFile(number, gettext("there is something above META that is no comment: this is not a .pb file"))
    return [line for line in lines if line.strip()]
