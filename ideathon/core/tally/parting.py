"""Equal projects: the declared breakers part them, and what they leave equal is tried in every way."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from ideathon.core.tally.election import Election, votes
from ideathon.core.tally.settings import Breaker, CountError, Number
from ideathon.core.tally.ties import lot
from ideathon.core.tally.verdicts import Verdict

Alike = Callable[[int], Hashable]
"""The same for projects that may be exchanged."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that were equal, the breaker that said which goes first, or None when nothing declared parts them."""

    projects: tuple[str, ...]
    by: Breaker | None
    first: str


class MergedError(Exception):
    """This way has come to where another one was already: what follows is tried there."""


class Parting:
    """Says who goes first among equal projects in one run of a rule, and keeps what was equal.

    Where the breakers do not decide, the run follows `script`: at its n-th open tie the candidate of that number in the
    order of the list goes first, the first one beyond the script's end. `open` then tells how many ways there were.
    `seen` is shared by the runs of one count: where they have been. `work` is what the run cost beside its steps, in
    kept ballots that were gone through.
    """

    def __init__(self, given: Election, breakers: Sequence[Breaker], seed: str = "",
                 script: Sequence[int] = (), seen: set[Hashable] | None = None) -> None:
        self.given = given
        self.values = _values(given, breakers, seed)
        self.script = script
        self.seen = set() if seen is None else seen
        self.taken: list[int] = []
        self.open: list[int] = []
        self.ties: list[Tie] = []
        self.work = 0
        self.alike: Alike | None = None
        self.live: tuple[Sequence[int], Mapping[int, Verdict]] = ((), {})
        self.settled: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())

    def watch(self, chosen: Sequence[int], verdicts: Mapping[int, Verdict], alike: Alike | None = None) -> None:
        """The run tells where it notes who wins and what became of others, for good; when the first open tie comes,
        both go into `settled`, since every other way begins like this one.

        Of projects that are `alike` any one may stand for the others: with two of them exchanged the election is the
        same for the rule. So at an open tie one of them is tried, and `ways` exchanges them in what comes out.
        """
        self.live, self.alike = (chosen, verdicts), alike

    def first(self, equal: Sequence[int], state: Hashable = None) -> int:
        """The one of these that goes first. `state`, with these projects, is all that what follows depends on: where
        another way was in the same one, this way ends. None: nothing is known of that."""
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
        if len(left) > 1:
            ways, by = self._unlike(left), None
            left = [ways[self.way(len(ways), None if state is None else (state, *sorted(equal)))]]
        self.ties.append(Tie(self.given.ids(sorted(equal)), by, self.given.projects[left[0]].id))
        return left[0]

    def in_order(self, equal: Sequence[int]) -> list[int]:
        """All of these, as the breakers order them; for equal ones whose order decides nothing, so no way is opened."""
        return sorted(equal, key=lambda number: (*(-value(number) for value in self.values.values()), number))

    def foremost(self, equal: Sequence[int]) -> list[int]:
        """Those of these that the breakers put first, in the order of the list."""
        left = sorted(equal)
        for value in self.values.values():
            best = max(map(value, left), default=0)
            left = [number for number in left if value(number) == best]
        return left

    def way(self, ways: int, state: Hashable = None) -> int:
        """Which of so many ways this run goes at an open tie; the next runs go the others. `state` as in `first`."""
        place = len(self.open)
        if not place:
            chosen, verdicts = self.live
            self.settled = frozenset(chosen), frozenset(verdicts) - frozenset(chosen)
        if place >= len(self.script) and state is not None:
            if state in self.seen:
                raise MergedError
            self.seen.add(state)
        way = self.script[place] if place < len(self.script) else 0
        self.open.append(ways)
        self.taken.append(way)
        return way

    def _unlike(self, left: Sequence[int]) -> Sequence[int]:
        alike = self.alike
        return left if alike is None else list({alike(number): number for number in reversed(left)}.values())[::-1]


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
