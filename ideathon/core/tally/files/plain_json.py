"""The three tables of an election as JSON, word for word, so that the way back loses nothing."""

import json
from typing import Any

from ideathon.core.tally.files.json_places import Placed, Reader
from ideathon.core.tally.files.tables import BadFile, Table, Tables
from ideathon.core.tally.remarks import gettext

FORM = "ideathon-election-1"


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
    meta, lines = _meta(_listed(_member(found, "meta", whole.line), "meta"))
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
    found = []
    for each in _listed(said, "comments"):
        text = _words(Placed([each.value], each.line), 1, "comments")[0]
        if not is_comment(text):
            raise BadFile(each.line, gettext("a comment is one line that begins with #"))
        found.append(text)
    return tuple(found)


def is_comment(text: str) -> bool:
    """Whether the form of sections can hold it."""
    return text.startswith("#") and "\n" not in text and "\r" not in text


def _meta(pairs: list[Placed]) -> tuple[tuple[tuple[str, str], ...], dict[str, int]]:
    meta: list[tuple[str, str]] = []
    lines: dict[str, int] = {}
    for each in pairs:
        said, value = _words(each, 2, "meta")
        key = said.strip()
        if key in lines and key not in ("", "comment") and (said, value) not in meta:
            raise BadFile(each.line, gettext("%(key)s is given a second time, and differently", key=key))
        meta.append((said, value))
        lines[key] = each.line
    return tuple(meta), lines


def _read(said: Placed, name: str, needed: str) -> Table:
    if not isinstance(said.value, dict):
        raise BadFile(said.line, gettext("this JSON has no table '%(name)s' with columns and rows", name=name))
    columns = _member(said.value, "columns", said.line)
    header = _words(Placed([each.value for each in _listed(columns, name)], columns.line), None, name)
    rows: list[list[str]] = []
    lines: list[int] = []
    table = Table(tuple(header), rows, lines, columns.line)
    names = [each for each in table.names if each]
    if needed not in names or len(set(names)) != len(names):
        raise BadFile(columns.line, gettext("the columns of '%(name)s' are named once each, and one of them is "
                                            "%(column)s", name=name, column=needed))
    for row in _listed(_member(said.value, "rows", said.line), name):
        rows.append(_words(row, len(header), name))
        lines.append(row.line)
    return table


def _listed(said: Placed, name: str) -> list[Placed]:
    if not isinstance(said.value, list):
        raise BadFile(said.line, gettext("'%(name)s' is not a list", name=name))
    return said.value


def _words(said: Placed, width: int | None, name: str) -> list[str]:
    """A list of texts, so many where a number is asked for."""
    row: Any = said.value
    if not isinstance(row, list) or not all(isinstance(each, str) for each in row):
        raise BadFile(said.line, gettext("a row of '%(name)s' is not a list of texts: %(row)s", name=name,
                                         row=str(row)))
    if width is not None and len(row) != width:
        raise BadFile(said.line, gettext("a row of '%(name)s' is not %(width)s texts: %(row)s", name=name, width=width,
                                         row=str(row)))
    if not "".join(row).isascii() and any("\ud800" <= mark <= "\udfff" for mark in "".join(row)):
        raise BadFile(said.line, gettext("a text holds half of a character (\\ud800 to \\udfff): write it whole"))
    return row
