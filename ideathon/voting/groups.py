"""Ballots in groups that are large enough to be told of: under ten, somebody's choice could be read from a sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST_IN_BATCH = 10     # fewer ballots could show what somebody chose
Part = tuple[str, str]  # one way in which ballots came ("phone", "paper" and the place, …), or one class


@dataclass(frozen=True, slots=True)
class Batch:
    """Counted ballots that came together: what they are ("phone", "paper" and the place, …), and what they say."""

    parts: tuple[Part, ...]
    votes: dict[str, int]
    ballots: int


def marks(choices: Sequence[str] | Mapping[str, int]) -> Mapping[str, int]:
    """What a ballot gives each idea: one, and two where it has the star."""
    return choices if isinstance(choices, Mapping) else dict.fromkeys(choices, 1)


def sums(ballots: Iterable[Any]) -> Counter[str]:
    """What so many ballots give together."""
    total: Counter[str] = Counter()
    for choices in ballots:
        total.update(marks(choices))
    return total


def joined(whole: Mapping[Part, tuple[Counter[str], int]]) -> list[Batch]:
    """Groups of at least ten ballots, as far as there are so many: the small ones together, and where they are still
    too few, the smallest of the others with them."""
    ranked = sorted(whole, key=lambda part: (whole[part][1], part))
    small = [part for part in ranked if whole[part][1] < LEAST_IN_BATCH]
    large = ranked[len(small):]
    if large and 0 < sum(whole[part][1] for part in small) < LEAST_IN_BATCH:
        small.append(large.pop(0))
    groups = [[part] for part in large] + ([small] if small else [])
    return [Batch(tuple(sorted(parts)), dict(sum((+whole[part][0] for part in parts), Counter())),
                  sum(whole[part][1] for part in parts)) for parts in groups]


def tables(ballots: Iterable[tuple[Part, Part, Any]]) -> tuple[list[Batch], list[Batch] | None]:
    """Ballots, each with its way and its class, in groups by way and in groups by class.

    No groups by class where the two tables could be taken from each other: whoever knows both knows how many ballots
    stand where a group of one crosses a group of the other, and could reckon what they say.
    """
    cells: dict[tuple[Part, Part], list[Any]] = {}
    for way, klass, choices in ballots:
        cells.setdefault((way, klass), []).append(choices)
    ways, classes = (joined(_along(cells, side)) for side in (0, 1))
    return ways, classes if _apart(cells, ways, classes) else None


def _along(cells: Mapping[tuple[Part, Part], list[Any]], side: int) -> dict[Part, tuple[Counter[str], int]]:
    found: dict[Part, list[Any]] = {}
    for cell, ballots in cells.items():
        found.setdefault(cell[side], []).extend(ballots)
    return {part: (sums(ballots), len(ballots)) for part, ballots in found.items()}


def _apart(cells: Mapping[tuple[Part, Part], list[Any]], ways: Sequence[Batch], classes: Sequence[Batch]) -> bool:
    """Whether each crossing of two groups is empty or large enough: then so is whatever can be reckoned from both."""
    way_of, class_of = ({part: at for at, one in enumerate(side) for part in one.parts} for side in (ways, classes))
    crossings: Counter[tuple[int, int]] = Counter()
    for (way, klass), ballots in cells.items():
        crossings[way_of[way], class_of[klass]] += len(ballots)
    return all(number >= LEAST_IN_BATCH for number in crossings.values())
