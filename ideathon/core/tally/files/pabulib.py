"""Pabulib's `.pb` form, and the same three sections with commas: reading fast, and writing without loss.

A section begins with its name (META, PROJECTS, VOTES) and a header; fields stand between semicolons and are quoted as
in CSV where they hold one. Source: pabulib.org/format, and what its published files really hold: a mark of the byte
order, CRLF, empty lines, spaces around fields, `key: value`, lines that begin with # outside of the sections' tables.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ideathon.core.tally.files.tables import LONGEST_LINE, BadFile, Table, Tables

SECTIONS = ("META", "PROJECTS", "VOTES")
_NEXT_SECTION = re.compile(r"^[ \t]*(META|PROJECTS|VOTES)[ \t;,]*\r?$", re.IGNORECASE | re.MULTILINE)
Section = tuple[str, int]       # its text after the title, and the line of the title


def parse(data: bytes) -> Tables:
    """The tables of a `.pb` file, or of the same sections with commas or tabs. Raises `BadFile`."""
    before, sections = _sections(_decoded(data))
    separator = _separator(sections.get("META", ("", 0))[0])
    for name in SECTIONS:
        if name not in sections:
            for _ in (row for section in sections.values() for row in _rows(section, separator)):
                pass        # a quote that was left open hides what follows: its own refusal says more than the next one
            raise BadFile(0, f"there is no section {name}: the file is cut off, or it is not a .pb file")
    comments = _comments(before)
    meta, meta_lines = _meta(sections["META"], separator, comments)
    projects = _table(sections["PROJECTS"], separator, ("PROJECTS", "project_id"), comments)
    votes = _table(sections["VOTES"], separator, ("VOTES", "vote"), comments)
    return Tables(tuple(meta), projects, votes, tuple(comments), meta_lines)


def write(tables: Tables, separator: str = ";") -> str:
    """The three sections as text, with line feeds; fields are quoted where they must be."""
    parts = ["".join(f"{line}\n" for line in tables.comments),
             _section("META", ("key", "value"), tables.meta, separator),
             _section("PROJECTS", tables.projects.header, tables.projects.rows, separator),
             _section("VOTES", tables.votes.header, tables.votes.rows, separator)]
    return "".join(parts)


def _decoded(data: bytes) -> str:
    _check_lines(data)
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise BadFile(line, "this is not UTF-8 text: save the file as UTF-8 and try again") from wrong


def _check_lines(data: bytes) -> None:
    """No line is so long that it cannot be one of an election."""
    start, line = 0, 1
    while len(data) - start > LONGEST_LINE:
        end = data.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            raise BadFile(line, f"this line is longer than {LONGEST_LINE:,} characters: this is not a .pb file")
        line += data.count(b"\n", start, end + 1)
        start = end + 1


def _sections(text: str) -> tuple[str, dict[str, Section]]:
    """What stands before the first section, and every section by its name; a title inside of quotes is none."""
    titles = [found for found in _NEXT_SECTION.finditer(text) if text.count('"', 0, found.start()) % 2 == 0]
    if not titles:
        raise BadFile(1, "there is no section META: this is not a .pb file")
    found: dict[str, Section] = {}
    line, at = 1, 0
    for number, title in enumerate(titles):
        line += text.count("\n", at, title.start())
        at = title.start()
        name = title[1].upper()
        if name in found:
            raise BadFile(line, f"the section {name} begins a second time")
        end = titles[number + 1].start() if number + 1 < len(titles) else len(text)
        found[name] = (text[title.end():end], line)
    return text[:titles[0].start()], found


def _comments(before: str) -> list[str]:
    """The lines above META: nothing but comments may stand there."""
    for number, line in enumerate(before.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            raise BadFile(number, "there is something above META that is no comment: this is not a .pb file")
    return [line for line in before.splitlines() if line.strip()]


def _separator(meta: str) -> str:
    """What stands between the fields: the mark that the header of META has."""
    head = next((line for line in meta.splitlines() if line.strip()), "")
    return next((mark for mark in (";", "\t", ",") if mark in head), ";")


def _meta(section: Section, separator: str,
          comments: list[str]) -> tuple[list[tuple[str, str]], dict[str, int]]:
    meta: list[tuple[str, str]] = []
    lines: dict[str, int] = {}
    for number, (line, row) in enumerate(_rows(section, separator)):
        if row[0].startswith("#"):
            comments.append(separator.join(row))
            continue
        key, value = _pair(line, row)
        if number == 0 and key.lower() == "key":
            continue
        if key in lines and key != "comment" and (key, value) not in meta:
            raise BadFile(line, f"{key} is given a second time, and differently")
        meta.append((key, value))
        lines[key] = line
    return meta, lines


def _pair(line: int, row: Sequence[str]) -> tuple[str, str]:
    """A key and its value; a few published files write `key: value`."""
    if len(row) == 1 and ":" in row[0]:
        row = row[0].split(":", 1)
    if len(row) < 2 or any(field.strip() for field in row[2:]):
        raise BadFile(line, f"META has a key and a value on each line, and this line has {len(row)} fields")
    return row[0].strip(), row[1].strip()


def _table(section: Section, separator: str, names: tuple[str, str], comments: list[str]) -> Table:
    """A section by its name, with the column that it must have."""
    text, title = section
    rows = _rows(section, separator) if '"' in text else _plain(text, title, separator)
    line, first = next(rows, (title, [""]))
    header = [field.strip().lower() for field in first]
    if names[1] not in header or len(set(filter(None, header))) != len(list(filter(None, header))):
        raise BadFile(line, f"the header of {names[0]} names each column once, and one of them is {names[1]}")
    kept: list[Sequence[str]] = []
    lines: list[int] = []
    width = len(header)
    short = (0, 0)
    for line, row in rows:
        if len(row) != width and row[0].startswith("#"):
            comments.append(separator.join(row))
            continue
        if len(row) < width:
            short = (line, len(row))
        kept.append(row if len(row) == width else _fitted(line, row, header, names))
        lines.append(line)
    if lines and short[0] == lines[-1] and names[0] == SECTIONS[-1]:
        raise BadFile(short[0], f"this row of {names[0]} has {short[1]} fields, and the header has {width}: "
                                "the file is cut off here")
    return Table(tuple(header), kept, lines)


def _fitted(line: int, row: list[str], header: list[str], names: tuple[str, str]) -> list[str]:
    """A row with empty fields too many, or without some at its end; anything else is a broken line."""
    width = len(header)
    if len(row) > width and not any(field.strip() for field in row[width:]):
        return row[:width]
    last = max(header.index(column) for column in (names[1], "cost", "points") if column in header)
    if last < len(row) < width:
        return row + [""] * (width - len(row))
    raise BadFile(line, f"this row of {names[0]} has {len(row)} fields, and the header has {width}: "
                        "the file is cut off here, or a field that holds a semicolon is not quoted")


def _plain(text: str, title: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a section without quotes."""
    for line, words in enumerate(islice(text.split("\n"), 1, None), title + 1):
        if words and not words.isspace():
            yield line, words.rstrip("\r").split(separator)


def _rows(section: Section, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a section as CSV has them, each with the line on which it begins."""
    text, title = section
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = title
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield line, row
            line = title + reader.line_num
    except csv.Error as wrong:
        raise BadFile(line, f"a quoted field that begins here is not closed or not well quoted ({wrong})") from wrong


def _section(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], separator: str) -> str:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    quoted = csv.writer(made, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:        # what could be read as a title is quoted
        (quoted if row[0].strip().upper() in SECTIONS else writer).writerow(row)
    return f"{name}\n{made.getvalue()}"

