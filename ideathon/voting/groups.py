"""Ballots in groups that are large enough to be told of: under ten, somebody's choice could be read from a sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST_IN_BATCH = 10     # fewer ballots could show what somebody chose


@dataclass(frozen=True, slots=True)
class Batch:
    """Counted ballots that came together: what they are ("phone", "paper" and the place, …), and what they say."""

    parts: tuple[tuple[str, str], ...]
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


def joined(whole: dict[tuple[str, str], tuple[Counter[str], int]]) -> list[Batch]:
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
