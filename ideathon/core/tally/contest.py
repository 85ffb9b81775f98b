"""What the rules with one winner share: who may win, how often one stands above another, and how the count ends.

Their steps begin with `out` for every project that cannot win (its `votes` or points and the `threshold`) and end with
`won` (its `points`, and the `equal` ones that a breaker or nothing parted it from) or `nobody`.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ideathon.core.tally.choosing import CountSettings, Selection, Step, Verdict, able
from ideathon.core.tally.election import Election, Kind, points, votes
from ideathon.core.tally.parting import Parting, Tie
from ideathon.core.tally.settings import Breaker, Number


@dataclass(frozen=True, slots=True)
class Contest:
    """The projects that may win, by number, and why and in which step the others fell out before the count.

    Rules from rankings count as if the others stood on no ballot.
    """

    given: Election
    standing: tuple[int, ...]
    verdicts: Mapping[int, Verdict]
    steps: tuple[Step, ...]

    def end(self, parting: Parting, best: Sequence[int], steps: Iterable[Step],
            ranked_by: Sequence[Number]) -> Selection:
        """One of the best wins, as the breakers or an open tie say; nobody where there is none."""
        if not best:
            return Selection((), (*self.steps, *steps, Step("nobody")), self.verdicts, ranked_by)
        return self.won(parting.first(best), best, steps, ranked_by)

    def won(self, first: int, best: Sequence[int], steps: Iterable[Step], ranked_by: Sequence[Number]) -> Selection:
        """The first of the best wins, which was parted from them already."""
        equal = self.given.ids(number for number in best if number != first)
        facts = {"points": ranked_by[first], **({"equal": equal} if equal else {})}
        beaten = {number: Verdict.WON if number == first else Verdict.BEATEN for number in self.standing}
        return Selection((first,), (*self.steps, *steps, Step("won", self.given.projects[first].id, facts)),
                         {**self.verdicts, **beaten}, ranked_by)

    def end_by(self, parting: Parting, steps: Iterable[Step], ranked_by: Sequence[Number]) -> Selection:
        """The highest number wins."""
        top = max((ranked_by[number] for number in self.standing), default=0)
        return self.end(parting, [number for number in self.standing if ranked_by[number] == top], steps, ranked_by)

    def by_name(self, values: Mapping[int, Number]) -> dict[str, Number]:
        """{name of the project: its number} for a step."""
        return {self.given.projects[number].id: value for number, value in values.items()}


def contest(given: Election, settings: CountSettings, support: Sequence[Number] | None = None) -> Contest:
    """Who may win: by `support`, else the votes; where ballots give points, what these add up to."""
    named = votes(given)
    if support is None:
        support = points(given) if given.ballots.kind is Kind.POINTS else named
    standing, stopped = able(given, settings, support)
    verdicts = {number: Verdict.BELOW_THRESHOLD if named[number] else why for number, why in stopped.items()}
    steps = tuple(Step("out", given.projects[number].id, {"votes": support[number], "threshold": settings.threshold})
                  for number in sorted(stopped))
    return Contest(given, tuple(standing), verdicts, steps)


def standing_only(given: Election, standing: Iterable[int]) -> Counter[tuple[int, ...]]:
    """The rankings with nothing on them but these projects, and how many were cast of each."""
    kept, found = set(standing), Counter[tuple[int, ...]]()
    for choice, count in zip(given.ballots.choices, given.ballots.counts, strict=True):
        found[tuple(number for number in choice if number in kept)] += count
    return found


def pairwise(given: Election) -> list[list[int]]:
    """How many rankings put one project (first index) above another; a named one stands above those not named."""
    size, named = len(given.projects), votes(given)
    under = [[0] * size for _ in range(size)]
    for choice, count in zip(given.ballots.choices, given.ballots.counts, strict=True):
        for place, lower in enumerate(choice):
            row = under[lower]
            for higher in choice[:place]:
                row[higher] += count
    # Who is named is above another unless both are named and it stands under the other.
    return [[named[one] - under[one][other] if one != other else 0 for other in range(size)] for one in range(size)]


def pair_steps(race: Contest, above: list[list[int]]) -> list[Step]:
    """How each two projects stand against each other, each two once."""
    ids = [project.id for project in race.given.projects]
    return [Step("pair", ids[one], {"over": ids[other], "for": above[one][other], "against": above[other][one]})
            for at, one in enumerate(race.standing) for other in race.standing[at + 1:]]


def preferred(given: Election, one: int, other: int) -> tuple[int, int]:
    """How many ballots of rankings or points put the one above the other, and the other above the one."""
    ballots, found = given.ballots, [0, 0]
    for at, (choice, count) in enumerate(zip(ballots.choices, ballots.counts, strict=True)):
        if ballots.kind is Kind.RANKING:
            first: Number = -choice.index(one) if one in choice else -len(choice)
            second: Number = -choice.index(other) if other in choice else -len(choice)
        else:
            marks = dict(zip(choice, ballots.marks[at], strict=True))
            first, second = marks.get(one, ballots.unnamed), marks.get(other, ballots.unnamed)
        if first != second:
            found[first < second] += count
    return found[0], found[1]


def lowest(parting: Parting, equal: Sequence[int]) -> tuple[list[int], Breaker | None]:
    """Those of the equal ones that the breakers put last, in the list's order, and the breaker that spoke last."""
    left, by = sorted(equal), None
    for breaker, value in parting.values.items():
        worst = min(value(number) for number in left)
        kept = [number for number in left if value(number) == worst]
        if len(kept) < len(left):
            left, by = kept, breaker
    return left, by


def last(parting: Parting, equal: Sequence[int], ways: Sequence[int],
         state: Hashable = None) -> tuple[int, Breaker | None]:
    """The one of these that goes last, and the breaker that said so; an open tie is tried in these ways, one or more of
    those that the breakers leave. The tie that is kept names as `first` one that stays before the others. `state` as in
    `Parting.first`.
    """
    left, by = lowest(parting, equal)
    out = left[0] if len(left) == 1 else ways[parting.way(len(ways), state)] if len(ways) > 1 else ways[0]
    stays = next(number for number in parting.in_order(equal) if number != out)
    by = by if len(left) == 1 else None
    parting.ties.append(Tie(parting.given.ids(sorted(equal)), by, parting.given.projects[stays].id))
    return out, by
