"""What every count gives: a standing for each idea, the steps that led there, and who won."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Protocol

from ideathon.core.tally.settings import Number, Settings


class Bar(StrEnum):
    """Why an idea cannot win. The first three also keep it from having a place; with the others it keeps one."""

    TOO_FEW_JURORS = "too_few_jurors"
    SHEETS_MISSING = "sheets_missing"
    ELIMINATED = "eliminated"
    NO_QUORUM = "no_quorum"
    BELOW_THRESHOLD = "below_threshold"
    BELOW_VOTES = "below_votes"


NO_PLACE = frozenset({Bar.TOO_FEW_JURORS, Bar.SHEETS_MISSING, Bar.ELIMINATED})
"""The bars with which an idea is not ranked at all."""


class StepKind(StrEnum):
    """What happened on the way to the outcome besides adding up."""

    JUROR_RECUSED = "juror_recused"
    SHEET_INCOMPLETE = "sheet_incomplete"
    TIE_BROKEN = "tie_broken"
    TIE_STANDS = "tie_stands"
    AUDIENCE_TIE_BROKEN = "audience_tie_broken"
    AUDIENCE_TIE_STANDS = "audience_tie_stands"


@dataclass(frozen=True)
class Standing:
    """How one idea did. `jury`, `residents` and `combined` are exact points, 0 to 100.

    `place` counts from 1, equal ideas share it and the next place is skipped (1, 1, 3); None when the idea could not
    be ranked. `criterion_means` are in the rubric's order, and empty when no sheet counted or too few are full for the
    settings' `means_from`; then `jury` is what the sheets gave all the same, but 0 for an idea without a place.
    `jurors_missing` are those whose sheet is not full, `jurors_recused` those who stood back. By rank `jury_rank` and
    `residents` are the points of the two orders, under every other blend `jury_rank` is None. `cost` and `order` are
    kept where a breaker looks at them.
    """

    idea: str
    place: int | None
    jurors_counted: int
    criterion_means: tuple[tuple[str, Fraction], ...]
    jury: Fraction
    votes: int
    residents: Fraction
    combined: Fraction
    bar: Bar | None = None
    eliminated_by: str | None = None
    jurors_missing: int = 0
    jury_rank: Fraction | None = None
    cost: int | None = None
    order: int | None = None
    jurors_recused: int = 0

    @property
    def jury_side(self) -> Fraction:
        """What of the jury went into the combined points: its points, or by rank those of its order."""
        return self.jury if self.jury_rank is None else self.jury_rank

    @property
    def held_back(self) -> bool:
        """Whether the jury gave points that nobody is told: `jury` is 0 and says nothing of them."""
        return self.bar in NO_PLACE and self.jurors_counted > 0 and not self.criterion_means

    @property
    def eligible(self) -> bool:
        """Whether the idea may win or be the reserve."""
        return self.bar is None


@dataclass(frozen=True)
class Step:
    """One thing worth telling: the ideas it concerns and, by kind, the juror left out or the breaker that decided.

    For `TIE_BROKEN` the ideas are in the order that came out; where some stayed equal the next step says how those
    were parted. For `TIE_STANDS` the order is the names' and means nothing. The same two of the audience prize.
    """

    kind: StepKind
    ideas: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True)
class Outcome:
    """The whole result, with the rules it was made by. Standings are by place, those without a place last.

    `ballots` are the counted ones, None when nobody said. `audience` has the audience prize where the settings give one
    apart from the jury's: one idea, several when a tie stands, or none when no idea that can win had a vote.
    """

    settings: Settings
    standings: tuple[Standing, ...]
    steps: tuple[Step, ...]
    ballots: int | None = None
    audience: tuple[str, ...] = ()

    @property
    def winners(self) -> tuple[str, ...]:
        """The eligible ideas on the best place: one, or several when a tie stands, or none."""
        groups = self._eligible_places()
        return groups[0] if groups else ()

    @property
    def winner(self) -> str | None:
        """The one idea that won; None when nobody is eligible or a tie stands."""
        return self.winners[0] if len(self.winners) == 1 else None

    @property
    def reserve(self) -> str | None:
        """The one eligible idea next after a single winner; None when there is none or a tie stands."""
        groups = self._eligible_places()
        return groups[1][0] if self.winner and len(groups) > 1 and len(groups[1]) == 1 else None

    def standing(self, idea: str) -> Standing:
        """How this idea did. Raises `KeyError` for an idea that was not counted."""
        return {standing.idea: standing for standing in self.standings}[idea]

    def over_threshold(self, idea: str) -> bool:
        """Whether the jury's points reach the threshold, whatever else stands in the way."""
        return self.standing(idea).jury >= self.settings.threshold_jury

    def _eligible_places(self) -> list[tuple[str, ...]]:
        able = [s for s in self.standings if s.eligible]
        return [tuple(s.idea for s in group) for _, group in groupby(able, key=lambda s: s.place)]


class Rule(Protocol):
    """A way of turning ballots into points for ideas. A further one is a file in `rules/` and a line in `RULES`."""

    name: str
    source: str

    def count(self, ideas: Sequence[str], ballots: Iterable[Sequence[str]]) -> Mapping[str, int]:
        """Points of every idea, 0 included. Raises `CountError` for a ballot that is not well-formed."""


def apart(number: Number, other: Number) -> str:
    """The number as `rounded`, with as many more decimals (at most 12) as tell it from another that it is not."""
    digits = range(2, 13)
    return next((rounded(number, n) for n in digits if rounded(number, n) != rounded(other, n)), rounded(number))


def rounded(number: Number, digits: int = 2) -> str:
    """The number with so many decimals and a point, half away from zero: for display only, never for ranking."""
    tens = 10**digits
    units = (abs(Fraction(number)) * tens + Fraction(1, 2)).__floor__()
    sign = "-" if number < 0 and units else ""
    return f"{sign}{units // tens}" + (f".{units % tens:0{digits}d}" if digits else "")
