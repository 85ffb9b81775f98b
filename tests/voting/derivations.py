"""What can be reckoned from tables: every set of cells whose total follows from the totals that were told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from html.parser import HTMLParser
from itertools import combinations, product
from typing import Any

Votes = tuple[int, ...]


def reckoned(told: Sequence[Sequence[int]], sizes: Sequence[int], most: int) -> list[tuple[int, ...]]:
    """Sets of cells of 1 to ``most`` ballots whose total follows from totals; ``told`` has a row for each total that
    was told, with 1 for every cell in it. Brute force: a set follows when it is a sum of multiples of the rows."""
    gone = _kernel(told, len(sizes))
    small = [at for at, size in enumerate(sizes) if 0 < size <= most]
    sets = (one for n in range(1, len(small) + 1) for one in combinations(small, n)
            if sum(sizes[at] for at in one) <= most)
    return [one for one in sets if all(not sum(row[at] for at in one) for row in gone)]


def _kernel(rows: Sequence[Sequence[int]], width: int) -> list[list[Fraction]]:
    """What the rows do not see: a basis of all weights of the cells that every row sums to nothing."""
    reduced: list[list[Fraction]] = [[Fraction(value) for value in row] for row in rows]
    pivots: list[int] = []
    for at in range(width):
        done = len(pivots)
        found = next((row for row in reduced[done:] if row[at]), None)
        if found is None:
            continue
        reduced.remove(found)
        lead = [value / found[at] for value in found]
        reduced = [[value - row[at] * one for value, one in zip(row, lead, strict=True)] for row in reduced]
        reduced.insert(done, lead)
        pivots.append(at)
    free = [at for at in range(width) if at not in pivots]
    return [[Fraction(int(at == one)) if at not in pivots else -reduced[pivots.index(at)][one] for at in range(width)]
            for one in free]


def vectors(data: Any, options: Sequence[str]) -> Iterator[Votes]:
    """Every list of numbers by option that stands anywhere in a file, or in a slice of news."""
    if isinstance(data, Mapping):
        numbers = {key: value for key, value in data.items() if key in options and type(value) is int}
        if numbers and set(data) <= set(options):
            yield tuple(numbers.get(ref, 0) for ref in options)
        for value in data.values():
            yield from vectors(value, options)
    elif isinstance(data, list):
        rows = {one.get("idea") or one.get("ref"): one.get("votes") for one in data if isinstance(one, Mapping)}
        if rows and set(rows) <= set(options) and all(type(n) is int for n in rows.values()):
            yield tuple(rows.get(ref, 0) for ref in options)
        for value in data:
            yield from vectors(value, options)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        self.cell = tag in ("td", "th") or (self.cell and tag not in ("table", "tr", "caption"))
        if tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.cell = False

    def handle_data(self, data: str) -> None:
        if self.cell and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.strip()


def columns(page: str, titles: Sequence[str]) -> list[Votes]:
    """Of every table with a row for each title the columns that are numbers, in the order of the titles."""
    read = _Tables()
    read.feed(page)
    found: list[Votes] = []
    for table in read.tables:
        rows = {row[0]: row[1:] for row in table if row}
        if set(titles) <= set(rows):
            found += [tuple(map(int, column)) for column in zip(*(rows[title] for title in titles), strict=True)
                      if all(cell.isdigit() for cell in column)]
    return found


def leaks(told: set[Votes], hidden: Mapping[str, Votes]) -> list[str]:
    """Which hidden totals follow from those that were told, by taking each once, not at all, or away."""
    rows = sorted(told)
    secret = {votes: name for name, votes in hidden.items()}
    made = {tuple(sum(sign * row[at] for sign, row in zip(signs, rows, strict=True)) for at in range(len(rows[0])))
            for signs in product((-1, 0, 1), repeat=len(rows))}
    return sorted(secret[one] for one in made & set(secret))
