"""The three tables of an election as JSON, word for word, so that the way back loses nothing."""

import json
from typing import Any

from ideathon.core.tally.files.tables import BadFile, Table, Tables

FORM = "ideathon-election-1"


def write(tables: Tables) -> str:
    """Text with one row a line, for people who compare two files."""
    parts = [f'{{"form": "{FORM}"', f'"comments": {_line(list(tables.comments))}',
             '"meta": [\n' + ",\n".join(_line([key, value]) for key, value in tables.meta) + "\n]",
             f'"projects": {_table(tables.projects)}', f'"votes": {_table(tables.votes)}}}\n']
    return ",\n".join(parts)


def parse(data: bytes) -> Tables:
    """The tables again. Raises `BadFile` for anything else."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise BadFile(data.count(b"\n", 0, wrong.start) + 1, "this is not UTF-8 text") from wrong
    except json.JSONDecodeError as wrong:
        raise BadFile(wrong.lineno, f"this is not JSON: {wrong.msg}") from wrong
    except RecursionError as wrong:
        raise BadFile(0, "this JSON is nested too deeply to be an election") from wrong
    if not isinstance(found, dict) or found.get("form") != FORM:
        raise BadFile(0, f'this JSON is not an election: it has no "form": "{FORM}"')
    meta = [_words(pair, 2, "meta") for pair in _list(found.get("meta"), "meta")]
    return Tables(tuple((key, value) for key, value in meta), _read(found, "projects", "project_id"),
                  _read(found, "votes", "vote"), tuple(_words(found.get("comments", []), None, "comments")))


def _line(value: list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(table: Table) -> str:
    rows = ",\n".join(_line(list(row)) for row in table.rows)
    return f'{{"columns": {_line(list(table.header))}, "rows": [\n{rows}\n]}}'


def _read(found: dict[str, Any], name: str, needed: str) -> Table:
    said = found.get(name)
    if not isinstance(said, dict):
        raise BadFile(0, f"this JSON has no table {name!r} with columns and rows")
    header = _words(said.get("columns"), None, name)
    if needed not in header or len(set(header)) != len(header):
        raise BadFile(0, f"the columns of {name!r} are named once each, and one of them is {needed}")
    return Table(tuple(header), [_words(row, len(header), name) for row in _list(said.get("rows"), name)])


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadFile(0, f"{name!r} is not a list")
    return value


def _words(value: Any, width: int | None, name: str) -> list[str]:
    """A list of texts, so many where a number is asked for."""
    row = _list(value, name)
    if not all(isinstance(each, str) for each in row) or (width is not None and len(row) != width):
        raise BadFile(0, f"a row of {name!r} is not {width or 'all'} texts: {str(row)[:80]}")
    return row
