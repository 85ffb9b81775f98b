"""Knapsack: of all sets of projects that fit together the one with the most points."""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from math import floor, gcd, lcm

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Step, Verdict, able
from ideathon.core.tally.election import Election, Kind, points, simple
from ideathon.core.tally.packing import Item, Packing, packing
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import CountError, Number


class Knapsack:
    """The most points in all. Equally good sets are compared by their best projects, as the tie-breakers order them."""

    name = "knapsack"
    source = "Dantzig 1957 (the problem); Talman and Faliszewski 2019 and Benadè and others 2021 (votes as its worth)"
    kinds = frozenset({Kind.APPROVAL, Kind.POINTS, Kind.RANKING})
    shares_money = True

    def begin(self, given: Election, settings: CountSettings) -> Run:
        for project in given.projects:
            if project.cost <= 0:
                raise CountError(f"project {project.id} costs {project.cost}, and what is packed costs more than 0")
        sums = points(given)
        fit, stopped = able(given, settings, sums)
        limits = _limits(settings)
        for number in list(fit):
            cost, keys = given.projects[number].cost, _keys(given, number)
            dear = cost > given.budget
            if dear or any(cost > limits.get(key, cost) for key in keys):
                fit.remove(number)
                stopped[number] = Verdict.TOO_DEAR if dear else Verdict.OVER_LIMIT
        optima = Optima(_packing(given, settings, sums, fit))

        def run(parting: Parting) -> Selection:
            chosen = _chosen(optima, parting)
            order = sorted(chosen, key=lambda number: (-sums[number], number))
            outside = dict.fromkeys(set(fit) - chosen, Verdict.OUTSIDE)
            won = dict.fromkeys(order, Verdict.WON)
            return Selection(tuple(order), _steps(given, sums, order), {**stopped, **outside, **won}, sums)

        return run


class Optima:
    """All sets of the highest worth, asked for by what must be in and what must be out; answers are kept.

    Projects that cost, count and are limited alike may stand for each other, so that one set answers for all its like.
    """

    def __init__(self, whole: Packing) -> None:
        best, first = whole.best() or (0, frozenset())
        self.always, core = whole.settled(best)
        self.core = core or packing((), 0)
        self.worth = best - sum(item.worth for item in whole.items if item.number in self.always)
        listed = self.core.every(self.worth)
        self.all_known = listed is not None
        self.known = [first - self.always] if listed is None else listed
        self.none: set[tuple[frozenset[int], frozenset[int]]] = set()
        alike: dict[tuple[int, int, tuple[int, ...]], set[int]] = {}
        for item in self.core.items:
            alike.setdefault((item.cost, item.worth, item.limits), set()).add(item.number)
        self.alike = list(alike.values())

    def with_(self, inside: frozenset[int], outside: frozenset[int]) -> frozenset[int] | None:
        """What a best set holds besides `always` that holds all of these and none of those; None when there is none."""
        if self.all_known:
            return next((known for known in self.known if inside <= known and not outside & known), None)
        for known in self.known:
            if found := self._exchanged(known, inside, outside):
                return found
        if (inside, outside) in self.none:
            return None
        found = self._packed(inside, outside)
        if found is None:
            self.none.add((inside, outside))
        else:
            self.known.append(found)
        return found

    def _packed(self, inside: frozenset[int], outside: frozenset[int]) -> frozenset[int] | None:
        rest = self.core.with_settled(inside, outside)
        missing = self.worth - sum(item.worth for item in self.core.items if item.number in inside)
        best = None if rest is None or rest.bound() < missing else rest.searched(max(0, missing))
        return None if best is None or best[0] < missing else best[1] | inside

    def _exchanged(self, known: frozenset[int], inside: frozenset[int],
                   outside: frozenset[int]) -> frozenset[int] | None:
        """The known set, with projects exchanged for others just like them."""
        found: set[int] = set()
        for group in self.alike:
            size, must = len(group & known), group & inside
            may = sorted(group - inside - outside, key=lambda number: (number not in known, number))
            if not len(must) <= size <= len(must) + len(may):
                return None
            found |= must
            found.update(may[:size - len(must)])
        return frozenset(found)


def _chosen(optima: Optima, parting: Parting) -> frozenset[int]:
    """One best set: from the project that the breakers put first downward, in where it can be and must not be out."""
    inside: frozenset[int] = frozenset()
    outside: frozenset[int] = frozenset()
    for number in parting.in_order([item.number for item in optima.core.items]):
        if number in inside or number in outside:
            continue
        holding = optima.with_(inside | {number}, outside)
        lacking = optima.with_(inside, outside | {number})
        if holding is None or lacking is None:
            settled = {number}
            inside, outside = (inside, outside | settled) if holding is None else (inside | settled, outside)
            continue
        rivals = _rivals(optima, parting, number, inside, outside)
        first = parting.first([number, *(rivals or parting.in_order(list(lacking - holding))[:1])])
        passed = [] if first == number else [number, *rivals[:rivals.index(first)]]
        inside, outside = inside | {first}, outside | frozenset(passed)
    return inside | optima.always


def _rivals(optima: Optima, parting: Parting, number: int, inside: frozenset[int],
            outside: frozenset[int]) -> list[int]:
    """Those that nothing declared parts from this one and that can be in where it, and those before, are out."""
    def rank(each: int) -> list[Number]:
        return [value(each) for value in parting.values.values()]

    found: list[int] = []
    out = outside | {number}
    for item in sorted(optima.core.items, key=lambda item: item.number):
        other = item.number
        if other not in inside and other not in out and rank(other) == rank(number):
            if optima.with_(inside | {other}, out):
                found.append(other)
            out |= {other}
    return found


def _keys(given: Election, number: int) -> list[tuple[str, str]]:
    project = given.projects[number]
    return [*(("category", name) for name in project.categories), ("district", project.district)]


def _limits(settings: CountSettings) -> dict[tuple[str, str], Number]:
    return {**{("category", name): limit for name, limit in settings.category_budgets.items()},
            **{("district", name): limit for name, limit in settings.district_budgets.items()}}


def _packing(given: Election, settings: CountSettings, sums: Sequence[Number], fit: Collection[int]) -> Packing:
    """In whole numbers that are as small as they can be."""
    limits = _limits(settings)
    cost_unit = _unit(given.projects[number].cost for number in fit)
    worth_unit = _unit(sums[number] for number in fit)
    places = {key: place for place, key in enumerate(limits)}
    items = [Item(number, int(given.projects[number].cost / cost_unit), int(sums[number] / worth_unit),
                  tuple(sorted(places[key] for key in set(_keys(given, number)) & places.keys()))) for number in fit]
    return packing(items, floor(given.budget / cost_unit), [floor(limit / cost_unit) for limit in limits.values()],
                   settings.min_projects)


def _unit(numbers: Iterable[Number]) -> Fraction:
    """The greatest number of which all are whole multiples."""
    listed = list(numbers)
    below = lcm(*(number.denominator for number in listed))
    return Fraction(gcd(*(int(number * below) for number in listed)) or 1, below)


def _steps(given: Election, sums: Sequence[Number], order: Iterable[int]) -> tuple[Step, ...]:
    left, total, steps = given.budget, Fraction(0), []
    for number in order:
        project = given.projects[number]
        steps.append(Step("packed", project.id, {"points": sums[number], "cost": project.cost, "left": left}))
        left, total = left - project.cost, total + sums[number]
    return (*steps, Step("best", facts={"points": simple(total), "spent": given.budget - left, "left": left}))
