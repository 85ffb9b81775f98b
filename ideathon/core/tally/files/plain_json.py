"""The three tables of an election as JSON, word for word, so that the way back loses nothing."""

import json
import re
from collections.abc import Sequence
from typing import Any

from ideathon.core.tally.files.json_places import Placed, Reader
from ideathon.core.tally.files.tables import BadFile, Table, Tables
from ideathon.core.tally.remarks import gettext

FORM = "ideathon-election-1"
HALF = re.compile("[\ud800-\udfff]")


def write(tables: Tables) -> str:
    """Text with one row a line, for people who compare two files."""
    parts = [f'{{"form": "{FORM}"', f'"comments": {_line(list(tables.comments))}',
             '"meta": [\n' + ",\n".join(_line([key, value]) for key, value in tables.meta) + "\n]",
             f'"projects": {_table(tables.projects)}', f'"votes": {_table(tables.votes)}}}\n']
    return ",\n".join(parts)


def parse(data: bytes) -> Tables:
    """The tables again, with the lines of their rows. Raises `BadFile` for anything else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadFile(data.count(b"\n", 0, wrong.start) + 1, gettext("this is not UTF-8 text")) from wrong
    whole = Reader(text).whole()
    found = whole.value
    if not isinstance(found, dict) or "form" not in found or found["form"].value != FORM:
        line = found["form"].line if isinstance(found, dict) and "form" in found else whole.line
        raise BadFile(line, gettext("this JSON is not an election: its form is not %(form)s", form=FORM))
    comments = _comments(found.get("comments", Placed([], whole.line)))
    meta, lines = _meta(_member(found, "meta", whole.line))
    projects = _read(_member(found, "projects", whole.line), "projects", "project_id")
    votes = _read(_member(found, "votes", whole.line), "votes", "vote")
    return Tables(meta, projects, votes, comments, {**lines, "": _member(found, "meta", whole.line).line})


def _line(value: list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(table: Table) -> str:
    rows = ",\n".join(_line(list(row)) for row in table.rows)
    return f'{{"columns": {_line(list(table.header))}, "rows": [\n{rows}\n]}}'


def _member(found: dict[str, Placed], name: str, line: int) -> Placed:
    """What stands under that name, nothing on the line of the whole where it is missing."""
    return found.get(name, Placed(None, line))


def _comments(said: Placed) -> tuple[str, ...]:
    for number, text in enumerate(_listed(said, "comments")):
        if not isinstance(text, str) or not is_comment(text):
            raise BadFile(said.lines[number], gettext("a comment is one line that begins with #"))
    return tuple(said.value)


def is_comment(text: str) -> bool:
    """Whether the form of sections can hold it."""
    return text.startswith("#") and "\n" not in text and "\r" not in text


def _meta(said: Placed) -> tuple[tuple[tuple[str, str], ...], dict[str, int]]:
    meta: list[tuple[str, str]] = []
    lines: dict[str, int] = {}
    for number, pair in enumerate(_listed(said, "meta")):
        given, value = _words(pair, said.lines, number, "meta", 2)
        key = given.strip()
        if key in lines and key not in ("", "comment") and (given, value) not in meta:
            raise BadFile(said.lines[number], gettext("%(key)s is given a second time, and differently", key=key))
        meta.append((given, value))
        lines[key] = said.lines[number]
    return tuple(meta), lines


def _read(said: Placed, name: str, needed: str) -> Table:
    if not isinstance(said.value, dict):
        raise BadFile(said.line, gettext("this JSON has no table '%(name)s' with columns and rows", name=name))
    columns, rows = (_member(said.value, member, said.line) for member in ("columns", "rows"))
    header = _words(_listed(columns, name), [columns.line], 0, name)
    table = Table(tuple(header), _listed(rows, name), rows.lines, columns.line)
    names = [each for each in table.names if each]
    if needed not in names or len(set(names)) != len(names):
        raise BadFile(columns.line, gettext("the columns of '%(name)s' are named once each, and one of them is "
                                            "%(column)s", name=name, column=needed))
    for number, row in enumerate(table.rows):
        _words(row, rows.lines, number, name, len(header))
    return table


def _listed(said: Placed, name: str) -> list[Any]:
    if not isinstance(said.value, list):
        raise BadFile(said.line, gettext("'%(name)s' is not a list", name=name))
    return said.value


def _words(row: Any, lines: Sequence[int], number: int, name: str, width: int | None = None) -> list[str]:
    """A list of texts, so many where a number is asked for; else its line is refused."""
    try:
        text = "".join(row) if isinstance(row, list) else None
    except TypeError:
        text = None
    if text is None:
        raise BadFile(lines[number], gettext("a row of '%(name)s' is not a list of texts: %(row)s", name=name,
                                             row=str(row)))
    if width is not None and len(row) != width:
        raise BadFile(lines[number], gettext("a row of '%(name)s' is not %(width)s texts: %(row)s", name=name,
                                             width=width, row=str(row)))
    if not text.isascii() and HALF.search(text):
        raise BadFile(lines[number], gettext("a text holds half of a character (\\ud800 to \\udfff): write it whole"))
    return list(row)
