"""Greedy: from the most votes (or votes per cost) downward, whatever fits the envelope."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from ideathon.core.tally.choosing import (
    CountSettings,
    Envelope,
    Run,
    Selection,
    Step,
    Unaffordable,
    Verdict,
    able,
)
from ideathon.core.tally.election import Election, Kind, points
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import Number

WITHDRAWN = 999_999_999     # Pabulib's cost of a project that was taken back after the vote: it ends no count


class Greedy:
    """By votes or points; a project that no longer fits is passed over, or ends the count."""

    name = "greedy"
    source = "what most cities do (Pabulib: greedy, greedy-no-skip, greedy-threshold); Talman and Faliszewski 2019"
    kinds = frozenset({Kind.APPROVAL, Kind.POINTS, Kind.RANKING})
    shares_money = True

    def value(self, _given: Election, sums: Sequence[Number]) -> Sequence[Number]:
        """What is ranked by."""
        return sums

    def begin(self, given: Election, settings: CountSettings) -> Run:
        sums = points(given)
        fit, stopped = able(given, settings, sums)
        values = self.value(given, sums)
        ranked = sorted(fit, key=lambda number: -values[number])
        groups = [list(group) for _, group in groupby(ranked, key=lambda number: values[number])]
        return lambda parting: _Walk(given, settings, values, parting).along(groups, stopped)


class GreedyPerCost(Greedy):
    """By votes or points for each unit of cost."""

    name = "greedy-per-cost"
    source = "greedy for knapsack by value per weight: Dantzig 1957; Talman and Faliszewski 2019"

    def value(self, given: Election, sums: Sequence[Number]) -> Sequence[Number]:
        return [Fraction(each) / project.cost for each, project in zip(sums, given.projects, strict=True)]


class _Walk:
    """One way down the list."""

    def __init__(self, given: Election, settings: CountSettings, values: Sequence[Number], parting: Parting) -> None:
        self.given, self.settings, self.values, self.parting = given, settings, values, parting
        self.envelope = Envelope(given, settings, ())
        self.verdicts: dict[int, Verdict] = {}
        self.chosen: list[int] = []
        self.steps: list[Step] = []
        self.ended = False
        self.closed: set[tuple[str, str]] = set()       # categories and districts that ended before the count did

    def along(self, groups: Sequence[list[int]], stopped: dict[int, Verdict]) -> Selection:
        """Group after group of equal ones."""
        self.envelope.able = {number for group in groups for number in group}
        self.verdicts.update(stopped)
        for group in groups:
            self._group(list(group))
        if self.settings.fill:
            self._fill(groups)
        return Selection(tuple(self.chosen), tuple(self.steps), self.verdicts, self.values)

    def _fill(self, groups: Sequence[list[int]]) -> None:
        """Once more from the top, with what is left and without limits, passing over what does not fit."""
        self.envelope.limits.clear()
        self.ended = False
        for group in groups:
            waiting = [number for number in group if self.verdicts[number] is not Verdict.WON]
            while waiting:
                waiting = [number for number in waiting if self.envelope.refusal(number) is None]
                free = self.envelope.all_fit(waiting)
                for number in self.parting.in_order(waiting) if free else [self.parting.first(waiting)]:
                    self._take(number)
                    waiting.remove(number)

    def _group(self, equal: list[int]) -> None:
        skip = self.settings.on_unaffordable is Unaffordable.SKIP
        while equal:
            refused = {number: self.envelope.refusal(number) for number in equal}
            if skip and not self.ended:
                for number in self.parting.in_order([number for number in equal if refused[number]]):
                    self._pass(number, refused[number])
                equal = [number for number in equal if not refused[number]]
            if self.ended or self.envelope.all_fit(equal) or all(refused.values()):
                for number in self.parting.in_order(equal):
                    self._meet(number)
                return
            first = self.parting.first(equal)
            self._meet(first)
            equal.remove(first)

    def _meet(self, number: int) -> None:
        if self.ended or self.closed.intersection(self.envelope.keys(number)):
            self.verdicts[number] = Verdict.AFTER_THE_END
        elif (refused := self.envelope.refusal(number)) is None:
            self._take(number)
        elif self.settings.on_unaffordable is Unaffordable.SKIP or refused is Verdict.KEPT_FOR_OTHERS:
            self._pass(number, refused)
        elif refused is Verdict.OVER_LIMIT:
            self.closed.update(self.envelope.full(number))
            self._pass(number, refused)
        else:
            self._end(number)

    def _end(self, number: int) -> None:
        """The first that does not fit ends the count, and may be the last that is taken."""
        project = self.given.projects[number]
        if project.cost == WITHDRAWN:
            self._pass(number, Verdict.TOO_DEAR)
            return
        if self.settings.last_part and self.envelope.left >= project.cost * self.settings.last_part:
            self._take(number)
        else:
            self._pass(number, Verdict.TOO_DEAR)
        self.ended = True

    def _take(self, number: int) -> None:
        self._step("taken", number)
        self.envelope.take(number)
        self.chosen.append(number)
        self.verdicts[number] = Verdict.WON

    def _pass(self, number: int, why: Verdict | None) -> None:
        self._step("passed", number)
        self.verdicts[number] = why or Verdict.TOO_DEAR

    def _step(self, kind: str, number: int) -> None:
        project = self.given.projects[number]
        self.steps.append(Step(kind, project.id, {"points": self.values[number], "cost": project.cost,
                                                  "left": self.envelope.left}))
