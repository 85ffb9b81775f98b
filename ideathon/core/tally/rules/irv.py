"""Ranked choice (instant run-off): the last project falls out and its ballots go on, until one has more than half."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Step
from ideathon.core.tally.contest import Contest, contest, last, lowest, standing_only
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import Number

MOST_STATES = 5_000         # rounds that are looked at to see whether a tie matters, at most
MOST_MOVES = 3_000_000      # ballots that may change hands in them
MOST_TIES = 200             # one after the other

Pile = list[tuple[tuple[int, ...], int, int]]
"""Ballots that lie with one project: the ranking, the place that it has on it, how many were cast."""


class RankedChoice:
    """More than half of the ballots that still name somebody wins; else the last one falls out.

    Of several equal last ones the declared breakers say which; what they leave open is tried in every way, unless the
    same projects may win in the end whichever falls out first. Several fall out at once only when all their votes
    together are fewer than those of the next one, so that no order of them could save any. A ballot without a further
    name rests. `points` are the votes in the last round in which a project stood.

    Steps: `round` with its number, the `votes` of each and the `resting` ballots; `eliminated` with the `votes`, and
    among `equal` last ones the breaker that parted them (`by`, empty when none did). The threshold counts the ballots
    that name a project.
    """

    name = "irv"
    source = "Ware 1871; several at once: Maine 21-A M.R.S. §723-A (batch elimination)"
    kinds = frozenset({Kind.RANKING})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        race = contest(given, settings)
        piles: dict[int, Pile] = {number: [] for number in race.standing}
        for choice, count in standing_only(given, race.standing).items():
            if choice:
                piles[choice[0]].append((choice, 0, count))
        first = _Round(piles, {number: sum(count for _, _, count in pile) for number, pile in piles.items()})
        ends = _Ends()
        return lambda parting: _through(race, first, ends, parting)


@dataclass(frozen=True, slots=True)
class _Round:
    """Who still stands, with which ballots and how many votes."""

    piles: Mapping[int, Pile]
    votes: Mapping[int, int]

    def winner(self) -> int | None:
        """Who has more than half of the ballots that do not rest."""
        best = max(self.votes, key=lambda number: self.votes[number])
        return best if 2 * self.votes[best] > sum(self.votes.values()) or len(self.votes) == 1 else None

    def hopeless(self) -> list[int]:
        """As many of the last ones as have fewer votes together than the next one."""
        ranked = sorted(self.votes, key=lambda number: (self.votes[number], number))
        found, together = 0, 0
        for place in range(1, len(ranked)):
            together += self.votes[ranked[place - 1]]
            if together < self.votes[ranked[place]]:
                found = place
        return ranked[:found]

    def equal_last(self) -> list[int]:
        """Those with the fewest votes."""
        least = min(self.votes.values())
        return sorted(number for number, found in self.votes.items() if found == least)

    def without(self, out: Iterable[int]) -> "_Round":
        """The next round, when these have fallen out."""
        gone = set(out)
        piles = {number: pile for number, pile in self.piles.items() if number not in gone}
        grown: dict[int, Pile] = {}
        for choice, place, count in (ballot for number in gone for ballot in self.piles[number]):
            found = next((at for at in range(place + 1, len(choice)) if choice[at] in piles), None)
            if found is not None:
                grown.setdefault(choice[found], []).append((choice, found, count))
        votes = {number: self.votes[number] + sum(count for _, _, count in grown.get(number, ())) for number in piles}
        return _Round({**piles, **{number: piles[number] + pile for number, pile in grown.items()}}, votes)


class _TooManyError(Exception):
    """So many ties follow on each other that not all their ends are looked at."""


class _Ends:
    """Who may win from a round on, under the breakers; who stands says everything about a round."""

    def __init__(self) -> None:
        self.known: dict[frozenset[int], frozenset[int]] = {}
        self.states, self.moves = MOST_STATES, MOST_MOVES

    def ways(self, here: _Round, parting: Parting) -> list[int]:
        """Of the last ones that the breakers leave equal, one for each different set of those who may win then."""
        equal, _ = lowest(parting, here.equal_last())
        if len(equal) == 1:
            return equal
        try:
            return sorted({self.of(here, [number], parting, 0): number for number in reversed(equal)}.values())
        except _TooManyError:
            return equal

    def of(self, here: _Round, out: Sequence[int], parting: Parting, ties: int) -> frozenset[int]:
        """Who may win when these fall out now, after so many ties. Raises `_TooManyError`."""
        key = frozenset(here.votes).difference(out)
        if key not in self.known:
            self.known[key] = self._look(here, out, parting, ties)
        return self.known[key]

    def _look(self, here: _Round, out: Sequence[int], parting: Parting, ties: int) -> frozenset[int]:
        while out:
            self.states -= 1
            self.moves -= sum(len(here.piles[number]) for number in out)
            if min(self.states, self.moves) < 0 or ties > MOST_TIES:
                raise _TooManyError
            here = here.without(out)
            winner = here.winner()
            if winner is not None:
                return frozenset([winner])
            out = here.hopeless()
        equal, _ = lowest(parting, here.equal_last())
        return frozenset[int]().union(*(self.of(here, [number], parting, ties + 1) for number in equal))


def _through(race: Contest, here: _Round, ends: _Ends, parting: Parting) -> Selection:
    """Round after round, in one way."""
    given, steps, rounds = race.given, list[Step](), 0
    points: list[Number] = [0] * len(given.projects)
    while here.votes:
        rounds += 1
        parting.work += 10 * len(here.votes)
        for number, found in here.votes.items():
            points[number] = found
        steps.append(Step("round", "", {"round": rounds, "votes": race.by_name(here.votes),
                                        "resting": given.ballots.cast - sum(here.votes.values())}))
        winner = here.winner()
        if winner is not None:
            return race.end(parting, [winner], steps, points)
        out, facts = _fall_out(race, here, ends, parting)
        steps += [Step("eliminated", given.projects[number].id, {"round": rounds, "votes": here.votes[number], **facts})
                  for number in out]
        here = here.without(out)
    return race.end(parting, [], steps, points)


def _fall_out(race: Contest, here: _Round, ends: _Ends, parting: Parting) -> tuple[Sequence[int], dict[str, object]]:
    together = here.hopeless()
    if together:
        return together, {}
    equal = here.equal_last()
    out, by = last(parting, equal, ends.ways(here, parting), frozenset(here.votes))
    return [out], {"equal": race.given.ids(equal), "by": by.value if by else ""}
