"""Knapsack: of all sets of projects that fit together the one with the most points."""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from math import floor, gcd, lcm

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Step, Verdict, able
from ideathon.core.tally.election import Election, Kind, points, simple
from ideathon.core.tally.envelope import limited_by, limits_of
from ideathon.core.tally.optima import Optima
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
        limits = limits_of(settings)
        for number in list(fit):
            project, cost = given.projects[number], given.projects[number].cost
            dear = cost > given.budget
            if dear or any(cost > limits[key] for key in limited_by(project, limits)):
                fit.remove(number)
                stopped[number] = Verdict.TOO_DEAR if dear else Verdict.OVER_LIMIT
        optima = Optima(_packing(given, settings, sums, fit))

        out = stopped | {number: Verdict.OUTSIDE for number in fit if number not in optima.always | optima.kind.keys()}

        def run(parting: Parting) -> Selection:
            parting.watch(tuple(optima.always), out, lambda number: optima.kind.get(number, -1 - number))
            chosen = optima.chosen(parting)
            order = sorted(chosen, key=lambda number: (-sums[number], number))
            outside = dict.fromkeys(set(fit) - chosen, Verdict.OUTSIDE)
            won = dict.fromkeys(order, Verdict.WON)
            return Selection(tuple(order), _steps(given, sums, order), {**stopped, **outside, **won}, sums)

        return run


def _packing(given: Election, settings: CountSettings, sums: Sequence[Number], fit: Collection[int]) -> Packing:
    """In whole numbers that are as small as they can be."""
    limits = limits_of(settings)
    cost_unit = _unit(given.projects[number].cost for number in fit)
    worth_unit = _unit(sums[number] for number in fit)
    places = {key: place for place, key in enumerate(limits)}
    items = [Item(number, int(given.projects[number].cost / cost_unit), int(sums[number] / worth_unit),
                  tuple(sorted(places[key] for key in limited_by(given.projects[number], limits)))) for number in fit]
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
