"""Pabulib's `.pb` form, and the same three sections with commas: reading fast, and writing without loss.

A section begins with its name (META, PROJECTS, VOTES) and a header; fields stand between semicolons and are quoted as
in CSV where they hold one. Source: pabulib.org/format, and what its published files really hold: a mark of the byte
order, CRLF, empty lines, spaces around fields, `key: value`, lines that begin with # outside of the sections' tables.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from ideathon.core.tally.files.sections import SECTIONS, TITLE_ENDS, Section, comments, decoded, sections, separator
from ideathon.core.tally.files.tables import LONGEST_LINE, BadFile, Table, Tables, Told
from ideathon.core.tally.remarks import Remark, gettext

COUNTED = ("vote", "points")        # the fields of a ballot that decide; a cut one would pass for a whole one
PROSE = ("comment", "description")  # keys of META with a text that decides nothing
WORD_AFTER = 10_000                 # rows
csv.field_size_limit(LONGEST_LINE)  # Python's own, for the whole process, is a seventh of it: long descriptions pass it


def parse(data: bytes, told: Told | None = None) -> Tables:
    """The tables of a `.pb` file, or of the same sections with commas or tabs; `told` hears how far it is by the lines.

    Raises `BadFile`.
    """
    text = decoded(data)
    before, found = sections(text)
    mark = separator(found.get("META", ("", 0))[0])
    for name in SECTIONS:
        if name not in found:
            for _ in (row for section in found.values() for row in _rows(section, mark)):
                pass        # a quote that was left open hides what follows: its own refusal says more than the next one
            raise BadFile(text.rstrip().count("\n") + 1, gettext(
                "the file ends here and has no section %(name)s: it is cut off, or it is not a .pb file", name=name))
    said = comments(before)
    odd: list[Remark] = []
    meta, meta_lines = _meta(found["META"], mark, said, odd)
    projects = _table(found["PROJECTS"], mark, ("PROJECTS", "project_id"), said)
    votes = _table(found["VOTES"], mark, ("VOTES", "vote"), said, told)
    open_end = text[-1:] not in ("\n", '"') and votes.names[-1] in COUNTED and found["VOTES"][1] == max(
        line for _, line in found.values())
    return Tables(tuple(meta), projects, votes, tuple(said), meta_lines, open_end, tuple(odd))


def write(tables: Tables, mark: str = ";") -> str:
    """The three sections as text, with line feeds; fields are quoted where they must be."""
    parts = ["".join(f"{line}\n" for line in tables.comments),
             _section("META", ("key", "value"), tables.meta, mark),
             _section("PROJECTS", tables.projects.header, tables.projects.rows, mark),
             _section("VOTES", tables.votes.header, tables.votes.rows, mark)]
    return "".join(parts)


def _meta(section: Section, mark: str, remarks: list[str],
          odd: list[Remark]) -> tuple[list[tuple[str, str]], dict[str, int]]:
    meta: list[tuple[str, str]] = []
    lines: dict[str, int] = {"": section[1]}
    written = section[0].split("\n")
    for number, (line, row) in enumerate(_rows(section, mark)):
        if row[0].startswith("#") and not written[line - section[1]].startswith('"'):
            remarks.append(_comment(row, mark))
            continue
        if len(row) > 2 and row[0].strip().lower() in PROSE and any(field.strip() for field in row[2:]):
            row = [row[0], mark.join(row[1:])]      # noqa: PLW2901
            odd.append(gettext("The %(key)s on line %(line)s is not quoted, and holds what parts fields: it is read to "
                               "the end of its line.", key=row[0].strip(), line=str(line)))
        said, value = _pair(line, row)
        key = said.strip()
        if number == 0 and key.lower() == "key":
            continue
        if key in lines and key not in ("", "comment") and (said, value) not in meta:
            raise BadFile(line, gettext("%(key)s is given a second time, and differently", key=key))
        meta.append((said, value))
        lines[key] = line
    return meta, {**lines, "": section[1]}


def _pair(line: int, row: Sequence[str]) -> tuple[str, str]:
    """A key and its value; a few published files write `key: value`."""
    if len(row) == 1 and ":" in row[0]:
        row = [part.strip() for part in row[0].split(":", 1)]
    if len(row) < 2 or any(field.strip() for field in row[2:]):
        raise BadFile(line, gettext("META has a key and a value on each line, and this line has %(found)s fields",
                                    found=len(row)))
    return row[0], row[1]


def _comment(row: Sequence[str], mark: str) -> str:
    return " ".join(mark.join(row).splitlines())


def _table(section: Section, mark: str, names: tuple[str, str], remarks: list[str], told: Told | None = None) -> Table:
    """A section by its name, with the column that it must have."""
    text, title = section
    rows = _rows(section, mark) if '"' in text else _plain(text, title, mark)
    head, first = next(rows, (title, [""]))
    kept: list[Sequence[str]] = []
    lines: list[int] = []
    table = Table(tuple(first), kept, lines, head)
    columns = [name for name in table.names if name]
    if names[1] not in columns or len(set(columns)) != len(columns):
        raise BadFile(head, gettext("the header of %(name)s names each column once, and one of them is %(column)s",
                                    name=names[0], column=names[1]))
    width = len(first)
    short = (0, 0)
    for line, row in _watched(rows, title, text.count("\n"), told) if told else rows:
        if len(row) != width and row[0].startswith("#"):
            remarks.append(_comment(row, mark))
            continue
        if len(row) < width:
            short = (line, len(row))
        kept.append(row if len(row) == width else _fitted(line, row, table, names))
        lines.append(line)
    if lines and short[0] == lines[-1] and names[0] == SECTIONS[-1]:
        raise BadFile(short[0], gettext("this row of %(name)s has %(found)s fields, and the header has %(width)s: the "
                                        "file is cut off here", name=names[0], found=short[1], width=width))
    return table


def _fitted(line: int, row: list[str], table: Table, names: tuple[str, str]) -> list[str]:
    """A row with empty fields too many, or without some at its end; anything else is a broken line."""
    width = len(table.header)
    if len(row) > width and not any(field.strip() for field in row[width:]):
        return row[:width]
    last = max(place for column in (names[1], "cost", "points") if (place := table.column(column)) is not None)
    if last < len(row) < width:
        return row + [""] * (width - len(row))
    raise BadFile(line, gettext(
        "this row of %(name)s has %(found)s fields, and the header has %(width)s: the file is cut off here, or a field "
        "that holds a semicolon is not quoted", name=names[0], found=len(row), width=width))


def _watched(rows: Iterator[tuple[int, list[str]]], first: int, lines: int,
             told: Told) -> Iterator[tuple[int, list[str]]]:
    """The same rows, and now and then a word on how many lines of these are behind."""
    for number, (line, row) in enumerate(rows):
        if number % WORD_AFTER == 0:
            told((line - first) / lines)
        yield line, row


def _plain(text: str, title: int, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a section without quotes."""
    for line, words in enumerate(islice(text.split("\n"), 1, None), title + 1):
        if words and not words.isspace():
            yield line, words.rstrip("\r").split(mark)


def _rows(section: Section, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a section as CSV has them, each with the line on which it begins. One without a word is a row only where
    it was quoted: `""` is an empty field, and an empty line is nothing."""
    text, title = section
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=mark, strict=True)
    written: list[str] = []
    line = title
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield line, row
            elif row:
                written = written or text.split("\n")
                if '"' in written[reader.line_num - 1]:
                    yield line, row
            line = title + reader.line_num
    except csv.Error as wrong:
        if "field limit" in str(wrong):
            raise BadFile(line, gettext("a field of this row has more than %(most)s characters",
                                        most=LONGEST_LINE)) from wrong
        if "new-line" in str(wrong):
            raise BadFile(line, gettext("this row has a carriage return within it and outside of quotes")) from wrong
        raise BadFile(line, gettext("a quoted field that begins here is not closed, or is not well quoted")) from wrong


def _section(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], mark: str) -> str:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=mark, lineterminator="\n")
    writer.writerow(header)
    quoted = csv.writer(made, delimiter=mark, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:        # what could be read as a title, a comment, an empty line or a line's end is quoted
        first = row[0].strip(TITLE_ENDS)
        like_comment = name == "META" and first.startswith("#")
        unsaid = not any(map(str.strip, row)) or any("\r" in field for field in row)
        (quoted if unsaid or like_comment or first.upper() in SECTIONS else writer).writerow(row)
    return f"{name}\n{made.getvalue()}"
