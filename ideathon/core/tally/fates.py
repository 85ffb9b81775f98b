"""What becomes of each project in the several ways of an open tie, so that no list's order speaks for all of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ideathon.core.tally.choosing import Selection, Step
from ideathon.core.tally.election import Election
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import Number
from ideathon.core.tally.verdicts import Verdict
from ideathon.core.tally.ways import kinds_of

FUNDS = ("taken", "bought")     # the steps that fund a project in its turn


@dataclass(frozen=True, slots=True)
class Fate:
    """Of a project that does not fare alike in all ways: the most points, and the first verdict in their order."""

    points: Number
    verdict: Verdict


class Fates:
    """Hears of every run of a count. `work` is what the runs looked at."""

    def __init__(self, given: Election) -> None:
        self.given = given
        self.work = len(given.ballots.choices) + len(given.projects)
        self.numbers = {project.id: number for number, project in enumerate(given.projects)}
        self.seen: defaultdict[int, set[tuple[Verdict, Number, Any]]] = defaultdict(set)

    def told(self, parting: Parting, selection: Selection | None) -> None:
        """One more run. Where it met another one, what it had noted of those that lost counts all the same."""
        self.work += len(self.given.ballots.choices) + len(self.given.projects) + parting.work
        if not parting.open:
            return
        if selection is None:
            points = {number: next(iter(seen))[1] for number, seen in self.seen.items()}
            for number, verdict in parting.live[1].items():
                if verdict is not Verdict.WON and number in points:
                    self.seen[number].add((verdict, points[number], None))
            return
        funded = self._funded(selection.steps)
        for number, value in enumerate(selection.points):
            verdict = selection.verdicts.get(number, Verdict.BEATEN)
            self.seen[number].add((verdict, value, funded.get(number)))

    def _funded(self, steps: tuple[Step, ...]) -> dict[int, tuple[Any, ...]]:
        """How each was funded; what was left then depends on the order of equal ones that all fit, and is left out."""
        return {self.numbers[step.project]: (step.kind, *(
            value for name, value in sorted(step.facts.items()) if name != "left"))
            for step in steps if step.kind in FUNDS}

    def of(self, parting: Parting) -> Mapping[int, Fate]:
        """Those that do not fare alike in all ways; projects that may be exchanged share what becomes of them."""
        if not parting.open:
            return {}
        kinds = kinds_of(self.given, parting)
        shared: defaultdict[int, set[tuple[Verdict, Number, Any]]] = defaultdict(set)
        for number, seen in self.seen.items():
            shared[kinds[number]] |= seen
        order = list(Verdict)
        return {number: Fate(max(points for _, points, _ in shared[kind]),
                             min((verdict for verdict, _, _ in shared[kind]), key=order.index))
                for number, kind in kinds.items() if len(shared[kind]) > 1}
