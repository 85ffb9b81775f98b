"""Equal projects: the declared breakers part them, and what they leave equal is tried in every way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ideathon.core.tally.election import Election, votes
from ideathon.core.tally.settings import Breaker, CountError, Number
from ideathon.core.tally.ties import lot


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that were equal, the breaker that said which goes first, or None when nothing declared parts them."""

    projects: tuple[str, ...]
    by: Breaker | None
    first: str


class Parting:
    """Says who goes first among equal projects in one run of a rule, and keeps what was equal.

    Where the breakers do not decide, the run follows `script`: at its n-th open tie the candidate of that number in the
    order of the list goes first, the first one beyond the script's end. `open` then tells how many ways there were.
    """

    def __init__(self, given: Election, breakers: Sequence[Breaker], seed: str = "",
                 script: Sequence[int] = ()) -> None:
        self.given = given
        self.values = _values(given, breakers, seed)
        self.script = script
        self.taken: list[int] = []
        self.open: list[int] = []
        self.ties: list[Tie] = []

    def first(self, equal: Sequence[int]) -> int:
        """The one of these that goes first."""
        if len(equal) == 1:
            return equal[0]
        left, by = sorted(equal), None
        for breaker, value in self.values.items():
            best = max(value(number) for number in left)
            kept = [number for number in left if value(number) == best]
            if len(kept) < len(left):
                left, by = kept, breaker
            if len(left) == 1:
                break
        found = left[0] if len(left) == 1 else left[self._open(len(left))]
        parted = by if len(left) == 1 else None
        self.ties.append(Tie(self.given.ids(sorted(equal)), parted, self.given.projects[found].id))
        return found

    def in_order(self, equal: Sequence[int]) -> list[int]:
        """All of these, as the breakers order them; for equal ones whose order decides nothing, so no way is opened."""
        return sorted(equal, key=lambda number: (*(-value(number) for value in self.values.values()), number))

    def _open(self, ways: int) -> int:
        place = len(self.open)
        way = self.script[place] if place < len(self.script) else 0
        self.open.append(ways)
        self.taken.append(way)
        return way


def _values(given: Election, breakers: Sequence[Breaker], seed: str) -> Mapping[Breaker, Callable[[int], Number]]:
    """What each breaker looks at; the higher value goes first."""
    support = votes(given) if Breaker.VOTES in breakers else []
    known: dict[Breaker, Callable[[int], Number]] = {
        Breaker.VOTES: lambda number: support[number],
        Breaker.COST: lambda number: -given.projects[number].cost,
        Breaker.EARLIER: lambda number: -number,
        Breaker.LOT: lambda number: -lot(seed, given.projects[number].id),
    }
    missing = [breaker for breaker in breakers if breaker not in known]
    if missing:
        raise CountError(f"there is no jury here, so {missing[0]} cannot part equal projects")
    return {breaker: known[breaker] for breaker in breakers}
