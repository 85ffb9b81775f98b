"""The budget and its limits while projects are taken, and how many more of them it can pay for."""

from collections.abc import Iterable, Mapping, Sequence
from math import floor, lcm

from ideathon.core.tally.choosing import CountSettings
from ideathon.core.tally.election import Election, Project
from ideathon.core.tally.packing import Item, packing
from ideathon.core.tally.settings import Number
from ideathon.core.tally.verdicts import Verdict

Limits = dict[tuple[str, str], Number]
"""What may still be spent in a category or district, by ("category" or "district", its name)."""


def limits_of(settings: CountSettings) -> Limits:
    """The declared limits."""
    return {**{("category", name): limit for name, limit in settings.category_budgets.items()},
            **{("district", name): limit for name, limit in settings.district_budgets.items()}}


def limited_by(project: Project, limits: Mapping[tuple[str, str], Number]) -> list[tuple[str, str]]:
    """Which of these limits concern the project, each once."""
    keys = dict.fromkeys([*(("category", name) for name in project.categories), ("district", project.district)])
    return [key for key in keys if key in limits]


class Envelope:
    """What is left of the budget and of each limit while projects are taken; never passed but by `last_part`.

    `able` are those that may still be taken. As many of them as `min_projects` asks for, or as can be paid for at all
    where these are fewer, stay possible: a project that would leave too little for that is refused.
    """

    def __init__(self, given: Election, settings: CountSettings, able: Iterable[int]) -> None:
        self.projects = given.projects
        self.left: Number = given.budget
        self.limits = limits_of(settings)
        self.able = set(able)
        self.taken = 0
        self.least = min(settings.min_projects, len(self.able))
        if self.least and not self._can_fund(self.able, self.least, self.left, self.limits):
            self.least = _most(self._listed(self.able), self.left, self.limits)

    def refusal(self, number: int) -> Verdict | None:
        """Why the project cannot be taken now; None when it can."""
        project = self.projects[number]
        if project.cost > self.left:
            return Verdict.TOO_DEAR
        if self.limits and self.full(number):
            return Verdict.OVER_LIMIT
        return None if self._leaves_enough([number]) else Verdict.KEPT_FOR_OTHERS

    def take(self, number: int) -> None:
        """The project is funded."""
        cost = self.projects[number].cost
        self.left -= cost
        for key in self.keys(number):
            self.limits[key] -= cost
        self.able.discard(number)
        self.taken += 1

    def pass_over(self, number: int) -> None:
        """The project will not be funded, and is none of those for which money is kept."""
        self.able.discard(number)

    def all_fit(self, numbers: Sequence[int]) -> bool:
        """Whether all of them can be taken, in whatever order."""
        if len(numbers) == 1:
            return self.refusal(numbers[0]) is None
        left, limits = self._after(numbers)
        return left >= 0 and all(limit >= 0 for limit in limits.values()) and self._leaves_enough(numbers)

    def full(self, number: int) -> list[tuple[str, str]]:
        """Which of its limits the project would pass."""
        return [key for key in self.keys(number) if self.projects[number].cost > self.limits[key]]

    def keys(self, number: int) -> list[tuple[str, str]]:
        """The limits that concern the project."""
        return limited_by(self.projects[number], self.limits) if self.limits else []

    def _after(self, numbers: Iterable[int]) -> tuple[Number, Limits]:
        left, limits = self.left, dict(self.limits)
        for number in numbers:
            left -= self.projects[number].cost
            for key in self.keys(number):
                limits[key] -= self.projects[number].cost
        return left, limits

    def _leaves_enough(self, numbers: Sequence[int]) -> bool:
        """Whether the least number can still be reached with all of these."""
        missing = self.least - self.taken - len(numbers)
        return missing <= 0 or self._can_fund(self.able.difference(numbers), missing, *self._after(numbers))

    def _can_fund(self, able: Iterable[int], many: int, left: Number, limits: Limits) -> bool:
        projects = self._listed(able)
        cheapest = sum((project.cost for project in projects[:many]), 0)
        if len(projects) < many or cheapest > left:
            return False
        return not limits or _filled(projects, left, limits) >= many or _most(projects, left, limits) >= many

    def _listed(self, numbers: Iterable[int]) -> list[Project]:
        """The cheapest first."""
        return sorted((self.projects[number] for number in numbers), key=lambda project: project.cost)


def _filled(projects: Iterable[Project], left: Number, limits: Limits) -> int:
    """How many there is room for when the cheapest come first: the most where no two limits overlap."""
    room, found = dict(limits), 0
    for project in projects:
        keys = limited_by(project, room)
        if project.cost <= min([left, *(room[key] for key in keys)]):
            left, found = left - project.cost, found + 1
            for key in keys:
                room[key] -= project.cost
    return found


def _most(projects: Sequence[Project], left: Number, limits: Limits) -> int:
    """How many can be funded at all, in whole numbers as `packing` wants them."""
    unit = lcm(*(project.cost.denominator for project in projects))
    places = {key: place for place, key in enumerate(limits)}
    fit = [project for project in projects
           if project.cost <= min([left, *(limits[key] for key in limited_by(project, limits))])]
    items = [Item(number, int(project.cost * unit), 1, tuple(sorted(
        places[key] for key in limited_by(project, limits)))) for number, project in enumerate(fit)]
    best = packing(items, floor(left * unit), [floor(limit * unit) for limit in limits.values()]).best()
    return len(best[1]) if best else 0
