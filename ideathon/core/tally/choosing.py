"""How a rule is asked for winners: its settings, and what one run gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.remarks import gettext
from ideathon.core.tally.settings import Breaker, CountError, Number
from ideathon.core.tally.verdicts import Verdict


class Unaffordable(StrEnum):
    """What happens at a project that no longer fits: go on with the next, or end there."""

    SKIP = "skip"
    STOP = "stop"


class Utility(StrEnum):
    """What a voter gains from a project that she chose: its cost, or one."""

    COST = "cost"
    CARDINALITY = "cardinality"


class Completion(StrEnum):
    """What becomes of money that equal shares leave over."""

    NONE = "none"
    GREEDY = "greedy"           # by votes, whatever still fits
    ADD_ONE = "add-one"         # every voter gets one unit more, again and again, while the envelope is not passed
    PHRAGMEN = "phragmen"       # sequential Phragmén goes on from what voters have left


@dataclass(frozen=True, slots=True)
class CountSettings:
    """How to count, frozen before anybody knows the votes. Each rule reads what concerns it.

    `threshold` is the least number of votes (or points, where ballots give points) of a winner; nobody wins with 0.
    `min_projects` keeps so much of the envelope that at least so many can be funded. `category_budgets` and
    `district_budgets` limit what the projects of one may cost together; `on_unaffordable` stop then ends only that one,
    and with `fill` what is left of the envelope goes to whatever fits it, whatever the limits (Amsterdam).
    `last_part`, 0 to 1: with `on_unaffordable` stop, the project at which the count ends is still taken when this part
    of its cost is left (Poznań: 4/5; 0 is off).
    """

    ties: tuple[Breaker, ...] = ()
    seed: str = ""
    on_unaffordable: Unaffordable = Unaffordable.SKIP
    utility: Utility = Utility.COST
    completion: Completion = Completion.NONE
    threshold: Number = 0
    min_projects: int = 0
    category_budgets: Mapping[str, Number] = field(default_factory=dict)
    district_budgets: Mapping[str, Number] = field(default_factory=dict)
    fill: bool = False
    last_part: Number = 0

    def __post_init__(self) -> None:
        if Breaker.LOT in self.ties and not self.seed:
            raise CountError(gettext("a lot needs a published seed"))
        if len(set(self.ties)) != len(self.ties):
            raise CountError(gettext("a tie-breaker stands twice"))
        if self.threshold < 0 or self.min_projects < 0 or not 0 <= self.last_part <= 1:
            raise CountError(gettext("threshold and least number of projects are not below 0, the last part lies from "
                                     "0 to 1"))
        if any(limit < 0 for limit in (*self.category_budgets.values(), *self.district_budgets.values())):
            raise CountError(gettext("the limit of a category or district is not below 0"))


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a count: what happened (`kind`, a word of the rule's own), to which project, with which numbers.

    `facts` are plain: exact numbers, words, names of projects, or {name: number}. Together the steps give the outcome.
    """

    kind: str
    project: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """What one run of a rule gives: projects by number in order of selection, the steps, what stopped the others.

    `points` are what the rule ranked by, by number, exact (votes, means, effective votes at the end); higher is better.
    """

    chosen: tuple[int, ...]
    steps: tuple[Step, ...]
    verdicts: Mapping[int, Verdict]
    points: Sequence[Number]


Run = Callable[[Parting], Selection]
"""One count: asked again for every way in which ties may fall, so whatever can be done once is done before."""


class ElectionRule(Protocol):
    """A way of choosing winners. A further one is a file in `rules/` and a line in `ELECTION_RULES`."""

    name: str
    source: str
    kinds: frozenset[Kind]
    shares_money: bool          # whether several win within a budget; else one wins

    def begin(self, given: Election, settings: CountSettings) -> Run:
        """Do once what every run needs. Raises `CountError` for settings that do not fit."""


def able(given: Election, settings: CountSettings, ranked_by: Sequence[Number]) -> tuple[list[int], dict[int, Verdict]]:
    """Who may win at all: those with more than 0 that reach the threshold; and why the others may not."""
    stopped: dict[int, Verdict] = {}
    for number, value in enumerate(ranked_by):
        if value <= 0:
            stopped[number] = Verdict.NO_VOTES
        elif value < settings.threshold:
            stopped[number] = Verdict.BELOW_THRESHOLD
    return [number for number in range(len(given.projects)) if number not in stopped], stopped


__all__ = ["Completion", "CountSettings", "ElectionRule", "Run", "Selection", "Step", "Unaffordable", "Utility",
           "Verdict", "able"]
