"""Greedy: from the most votes (or votes per cost) downward, whatever fits the envelope."""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import groupby

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Step, Unaffordable, Verdict, able
from ideathon.core.tally.election import Election, Kind, points
from ideathon.core.tally.envelope import Envelope, limited_by, limits_of
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
        return lambda parting: _Walk(given, settings, values, parting, fit).along(groups, stopped)


class GreedyPerCost(Greedy):
    """By votes or points for each unit of cost."""

    name = "greedy-per-cost"
    source = "greedy for knapsack by value per weight: Dantzig 1957; Talman and Faliszewski 2019"

    def value(self, given: Election, sums: Sequence[Number]) -> Sequence[Number]:
        return [Fraction(each) / project.cost for each, project in zip(sums, given.projects, strict=True)]


class _Walk:
    """One way down the list."""

    def __init__(self, given: Election, settings: CountSettings, values: Sequence[Number], parting: Parting,
                 fit: Sequence[int]) -> None:
        self.given, self.settings, self.values, self.parting = given, settings, values, parting
        self.envelope = Envelope(given, settings, fit)
        self.verdicts: dict[int, Verdict] = {}
        self.chosen: list[int] = []
        self.steps: list[Step] = []
        self.limits = limits_of(settings)
        self.ended = False
        self.filling = False
        self.closed: set[tuple[str, str]] = set()       # categories and districts that ended before the count did

    def along(self, groups: Sequence[list[int]], stopped: dict[int, Verdict]) -> Selection:
        """Group after group of equal ones."""
        self.verdicts.update(stopped)
        self.parting.watch(self.chosen, stopped if self.settings.fill else self.verdicts, self._alike)
        for group in groups:
            self._group(list(group))
        if self.settings.fill:
            self._fill(groups)
        return Selection(tuple(self.chosen), tuple(self.steps), self.verdicts, self.values)

    def _fill(self, groups: Sequence[list[int]]) -> None:
        """Once more from the top, with what is left and without limits, passing over what does not fit."""
        self.envelope.limits.clear()
        self.ended, self.filling = False, True
        lost = [[number for number in group if self.verdicts[number] is not Verdict.WON] for group in groups]
        self.envelope.able.update(number for group in lost for number in group)
        for group in lost:
            while waiting := [number for number in group if self.envelope.refusal(number) is None]:
                free = self.envelope.all_fit(waiting)
                for number in self.parting.in_order(waiting) if free else [self._first(waiting)]:
                    self._take(number)
                    group.remove(number)
            for number in group:        # its turn came a second time, so the end of the first pass did not stop it
                why = self.envelope.refusal(number) or Verdict.TOO_DEAR
                if (self.verdicts[number], why) != (Verdict.OVER_LIMIT, Verdict.TOO_DEAR):
                    self.verdicts[number] = why

    def _group(self, equal: list[int]) -> None:
        skip = self.settings.on_unaffordable is Unaffordable.SKIP
        while equal:
            refused = {number: self.envelope.refusal(number) for number in equal}
            passed = [number for number, why in refused.items() if why and (
                skip or self.given.projects[number].cost == WITHDRAWN)] if not self.ended else []
            equal = [number for number in equal if number not in passed]
            if equal and not self.ended and self._all_pass(equal):
                equal = self._stop_at(equal)
            free = self.ended or self.envelope.all_fit(equal) or self._all_pass(equal)
            for number in self.parting.in_order(passed) + (self.parting.in_order(equal) if free else []):
                self._meet(number)
            if free:
                return
            first = self._first(equal)
            self._meet(first)
            equal.remove(first)

    def _stop_at(self, equal: Sequence[int]) -> list[int]:
        """None of these can be taken. Among those that no breaker parts from the first it is open which one ends the
        count, so each is told its own reason; those behind them remain."""
        first = self.parting.foremost(equal)
        met = [number for number in first if not self.closed.intersection(self.envelope.keys(number))]
        refused = {number: self.envelope.refusal(number) for number in met}
        for number in first:
            if number in refused:
                self._pass(number, refused[number])
            else:
                self.verdicts[number] = Verdict.AFTER_THE_END
        self.ended = Verdict.TOO_DEAR in refused.values()
        for number, why in refused.items():
            if why is Verdict.OVER_LIMIT:
                self.closed.update(self.envelope.full(number))
        return [number for number in equal if number not in first]

    def _all_pass(self, equal: Sequence[int]) -> bool:
        """Whether none of these can be taken, not even as the last one with only a part of its cost left."""
        return all(self.envelope.refusal(number) and not self._in_part(number) for number in equal)

    def _in_part(self, number: int) -> bool:
        part = self.settings.last_part
        return part > 0 and self.envelope.left >= self.given.projects[number].cost * part

    def _first(self, equal: Sequence[int]) -> int:
        """What follows depends only on who won so far, on what has ended, and on these."""
        return self.parting.first(equal, (frozenset(self.chosen), self.ended, frozenset(self.closed), self.filling))

    def _alike(self, number: int) -> Hashable:
        project = self.given.projects[number]
        return self.values[number], project.cost, frozenset(limited_by(project, self.limits))

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
        if self._in_part(number):
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
        self.envelope.pass_over(number)
        self.verdicts[number] = why or Verdict.TOO_DEAR

    def _step(self, kind: str, number: int) -> None:
        project = self.given.projects[number]
        self.steps.append(Step(kind, project.id, {"points": self.values[number], "cost": project.cost,
                                                  "left": self.envelope.left}))
