"""Ranked pairs: pairwise wins are locked from the largest margin down, unless one would close a circle."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Step
from ideathon.core.tally.contest import Contest, contest, pair_steps, pairwise
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.parting import Parting

MOST_STATES = 20_000        # different locked orders that are looked at for equal margins

Pair = tuple[int, int]
"""Winner and loser, by number."""

Below = tuple[int, ...]
"""For every project the set of those that stand below it by what is locked, as the bits of a number."""

Chain: TypeAlias = "tuple[Chain, Pair] | None"
"""The pairs in the order in which they were locked, the last one outside."""


class RankedPairs:
    """Pairs of equal margins may come in any order: every project that wins in one of them may win, and the declared
    breakers choose among these. A pair without a margin is never locked.

    (Should more than `MOST_STATES` different orders arise, the breakers choose pair after pair instead, first by the
    winners, then by the losers, and an open tie there is tried in every way as long as `counting` does.) `points` are
    how many others do not stand above a project in the end. Steps: `pair` for each two projects, how many ballots put
    each above the other (`for`, `against`); then in their order `locked` and `skipped` with the `margin`, and for the
    latter the locked `path` that leads back. The threshold counts the ballots that name a project.
    """

    name = "ranked-pairs"
    source = "Tideman 1987, margins; all orders of equal pairs: Conitzer, Rognlie and Xia 2009, Brill and Fischer 2012"
    kinds = frozenset({Kind.RANKING})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        return _Locking(contest(given, settings), pairwise(given)).run


class _Locking:
    """What all runs share: the pairs in groups of equal margins, and every way in which their locking can end."""

    def __init__(self, race: Contest, above: list[list[int]]) -> None:
        self.race, self.pairs = race, pair_steps(race, above)
        self.margins: dict[Pair, int] = {
            (one, other): above[one][other] - above[other][one] for one in race.standing for other in race.standing}
        by_margin: dict[int, list[Pair]] = {}
        for pair, margin in self.margins.items():
            if margin > 0:
                by_margin.setdefault(margin, []).append(pair)
        self.groups = [by_margin[margin] for margin in sorted(by_margin, reverse=True)]
        self.start: Below = (0,) * len(race.given.projects)
        ends = _every_end(self.start, self.groups)
        self.known = None if ends is None else {
            source: chain for below, chain in reversed(ends) for source in _sources(race, below)}

    def run(self, parting: Parting) -> Selection:
        """One count."""
        race = self.race
        chain: Chain = None
        if self.known is None:
            below, chain = _one_by_one(self.start, self.groups, parting)
            best = _sources(race, below)
        else:
            best = sorted(self.known)
        if not best:
            return race.end(parting, best, self.pairs, self.start)
        first = parting.first(best)
        if self.known is not None:
            chain = self.known[first]
        ranking, locks = _replay(race, self.groups, chain, self.margins)
        ranked_by = [0] * len(ranking)
        for number in race.standing:
            ranked_by[number] = len(race.standing) - 1 - sum(each >> number & 1 for each in ranking)
        return race.won(first, best, [*self.pairs, *locks], ranked_by)


def _lock(below: Below, pair: Pair) -> Below:
    """What stands below what when this pair is locked too."""
    winner, loser = pair
    more = below[loser] | 1 << loser
    return tuple(each | more if number == winner or each >> winner & 1 else each for number, each in enumerate(below))


def _next(below: Below, group: Iterable[Pair]) -> list[list[Pair]]:
    """The ways to go on in a group of equal pairs: all at once that no circle can touch, else one of a knot of circles;
    nothing when the group is through."""
    left = [pair for pair in group if not below[pair[0]] >> pair[1] & 1 and not below[pair[1]] >> pair[0] & 1]
    if len(left) < 2:
        return [left] if left else []
    whole = below
    for pair in left:
        whole = _lock(whole, pair)
    free = [pair for pair in left if not whole[pair[1]] >> pair[0] & 1]
    if free:
        return [free]
    knot = left[0][0]
    return [[pair] for pair in left if all(whole[knot] >> one & 1 and whole[one] >> knot & 1 for one in pair)]


def _every_end(start: Below, groups: Iterable[list[Pair]]) -> list[tuple[Below, Chain]] | None:
    """Every way in which what stands above what can end, each with one order of locking that leads there; None when
    there are too many to look at."""
    ends: dict[Below, Chain] = {start: None}
    looked = 0
    for group in groups:
        waiting, seen = list(ends.items()), set(ends)
        through: dict[Below, Chain] = {}
        while waiting:
            below, chain = waiting.pop()
            ways = _next(below, group)
            looked += len(ways) > 1
            if looked > MOST_STATES:
                return None
            if not ways:
                through[below] = chain
            for pairs in ways:
                then, longer = _locked(below, chain, pairs)
                if then not in seen:
                    seen.add(then)
                    waiting.append((then, longer))
        ends = through
    return list(ends.items())


def _locked(below: Below, chain: Chain, pairs: Iterable[Pair]) -> tuple[Below, Chain]:
    for pair in pairs:
        below, chain = _lock(below, pair), (chain, pair)
    return below, chain


def _one_by_one(start: Below, groups: Iterable[list[Pair]], parting: Parting) -> tuple[Below, Chain]:
    """One order of locking, as the breakers or open ties say."""
    below = start
    chain: Chain = None
    for group in groups:
        while ways := _next(below, group):
            pairs = ways[0]
            if len(ways) > 1:
                winner = parting.first(sorted({way[0][0] for way in ways}))
                loser = parting.first(sorted(way[0][1] for way in ways if way[0][0] == winner))
                pairs = [(winner, loser)]
            below, chain = _locked(below, chain, pairs)
    return below, chain


def _sources(race: Contest, below: Below) -> list[int]:
    """Those above whom nobody stands."""
    return [number for number in race.standing if not any(each >> number & 1 for each in below)]


def _in_order(chain: Chain) -> Iterator[Pair]:
    pairs = deque[Pair]()
    while chain:
        chain, pair = chain
        pairs.appendleft(pair)
    return iter(pairs)


def _replay(race: Contest, groups: Sequence[list[Pair]], chain: Chain,
            margins: dict[Pair, int]) -> tuple[Below, list[Step]]:
    """The steps of this order of locking: what the group's order says first, then what follows from it."""
    order = {pair: place for place, pair in enumerate(_in_order(chain))}
    ids = [project.id for project in race.given.projects]
    below: Below = (0,) * len(ids)
    links: dict[int, list[int]] = {}
    steps: list[Step] = []
    for group in groups:
        for winner, loser in sorted(group, key=lambda pair: order.get(pair, len(order))):
            facts = {"over": ids[loser], "margin": margins[winner, loser]}
            if below[loser] >> winner & 1:
                path = race.given.ids(_path(links, loser, winner))
                steps.append(Step("skipped", ids[winner], {**facts, "path": path}))
            else:
                below = _lock(below, (winner, loser))
                links.setdefault(winner, []).append(loser)
                steps.append(Step("locked", ids[winner], facts))
    return below, steps


def _path(links: dict[int, list[int]], one: int, other: int) -> list[int]:
    """A shortest way along locked pairs, both ends included."""
    came, waiting = {one: one}, deque([one])
    while other not in came:
        here = waiting.popleft()
        for there in links.get(here, ()):
            if there not in came:
                came[there] = here
                waiting.append(there)
    found = [other]
    while found[-1] != one:
        found.append(came[found[-1]])
    return found[::-1]
