"""Reading a list of names as people keep it: one a line, perhaps with an address and a class of residents."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ideathon.core import words

MOST = 5000             # names in one list
NAME, ADDRESS, LONGEST = 80, 120, 2000     # letters at most; a longer line is not taken apart
HEADS = frozenset({"name", "names", "vārds", "vārds, uzvārds", "vārds uzvārds", "vards", "vards uzvards"})


@dataclass(frozen=True, slots=True)
class Line:
    """One name of the list; ``number`` is its line."""

    number: int
    name: str
    address: str = ""
    klass: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no name: which one, why (no_name, long_name, long_address, columns, class), and what of it."""

    number: int
    why: str
    what: str


def read(text: str, classes: Mapping[str, str]) -> tuple[list[Line], list[BadLine]]:
    """The names, and the lines that are none. ``classes``: what a class is called, in small letters → its ref."""
    names: list[Line] = []
    bad: list[BadLine] = []
    for number, cells in _rows(text):
        found = _line(number, cells, classes)
        (names if isinstance(found, Line) else bad).append(found)  # type: ignore[arg-type]  # one list for each kind
    return names, bad


def lines_of(text: str) -> list[str]:
    """The lines as they stand, empty ones too, so that a number means what an editor shows."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The filled lines in cells, by their number; a first line that only names the columns is left out."""
    for number, line in enumerate(lines_of(text), 1):
        cells = [words.clean(cell) for cell in _cells(line)]
        while cells and not cells[-1]:
            cells.pop()
        if cells and not (number == 1 and cells[0].casefold() in HEADS):
            yield number, cells


def _cells(line: str) -> list[str]:
    """Apart by tabs, else semicolons, else commas: an address may hold commas."""
    if not line.strip():
        return []
    if len(line) > LONGEST:
        return [line]
    mark = next((one for one in "\t;" if one in line), ",")
    return next(csv.reader([line.replace("\0", "")], delimiter=mark, skipinitialspace=True), [])


def _line(number: int, cells: list[str], classes: Mapping[str, str]) -> Line | BadLine:
    name, address, klass, *more = [*cells, "", ""] if len(cells) < 3 else cells
    if more and any(more):
        return BadLine(number, "columns", " · ".join(cells)[:NAME])
    if not name:
        return BadLine(number, "no_name", address[:NAME])
    for why, cell, most in (("long_name", name, NAME), ("long_address", address, ADDRESS)):
        if len(cell) > most:
            return BadLine(number, why, cell[:NAME])
    if klass and klass.casefold() not in classes:
        return BadLine(number, "class", klass[:NAME])
    return Line(number, name, address, classes[klass.casefold()] if klass else "")
