"""Supporters buy projects with money of their own, the cheapest for them first, as in Phragmén and equal shares."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any, Protocol

from ideathon.core.tally.choosing import Selection, Step, Verdict
from ideathon.core.tally.envelope import Envelope
from ideathon.core.tally.parting import Alike
from ideathon.core.tally.settings import Number
from ideathon.core.tally.support import Support


class Parts(Protocol):
    """What a run asks about equal projects; see `Parting`."""

    def first(self, equal: Sequence[int], state: Hashable = None) -> int:
        """The one of these that goes first."""

    def in_order(self, equal: Sequence[int]) -> list[int]:
        """All of these, where their order decides nothing."""

    def watch(self, chosen: Sequence[int], verdicts: Mapping[int, Verdict], alike: Alike | None = None) -> None:
        """Told where the run notes what is for good."""


class Record:
    """What a run has found so far; a completion goes on in the same one."""

    def __init__(self, support: Support, envelope: Envelope) -> None:
        self.projects = support.given.projects
        self.budget = support.given.budget
        self.envelope = envelope
        self.chosen: list[int] = []
        self.steps: list[Step] = []
        self.verdicts = dict(support.stopped)
        self.points: list[Number] = [0] * len(self.projects)

    def step(self, kind: str, number: int | None = None, **facts: Any) -> None:
        """One move, with the project's cost and what was left of the budget when its turn came."""
        if number is None:
            self.steps.append(Step(kind, facts=facts))
            return
        project = self.projects[number]
        self.steps.append(Step(kind, project.id, {"cost": project.cost, **facts, "left": self.envelope.left}))

    def take(self, kind: str, number: int, **facts: Any) -> None:
        """The project is funded."""
        self.step(kind, number, **facts)
        self.envelope.take(number)
        self.chosen.append(number)
        self.verdicts[number] = Verdict.WON

    def refuse(self, number: int, why: Verdict, **facts: Any) -> None:
        """The project is passed over for good: what is left of an envelope only becomes less."""
        self.verdicts[number] = why
        self.envelope.pass_over(number)
        self.step("passed", number, **facts)

    def selection(self) -> Selection:
        """The run's outcome."""
        return Selection(tuple(self.chosen), tuple(self.steps), self.verdicts, self.points)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which projects had the lowest price, and what no other one's price is below; None where there is no other."""

    price: Fraction
    equal: tuple[int, ...]
    others: Fraction | None


class Buying(ABC):
    """One run. A project's price is in the rule's own terms and only ever rises, so that most need no second look."""

    def __init__(self, record: Record, parting: Parts, prices: Iterable[tuple[Fraction, int]], *,
                 ranks: bool = True) -> None:
        """`prices`: for every project that may be bought one that is not above its true one. `ranks`: whether the count
        ranks by these prices, the inverse of which are its points; a completion's are no part of it."""
        self.record, self.parting, self.ranks = record, parting, ranks
        self.waiting = list(prices)
        self.turns: list[Turn] = []
        self.ended = False
        heapify(self.waiting)

    @abstractmethod
    def price(self, number: int, known: Fraction) -> Fraction | None:
        """The true price now, when it is known to be at least so much; None when supporters lack the money for good."""

    @abstractmethod
    def apart(self, equal: Sequence[int], price: Fraction) -> bool:
        """Whether buying some of these at this price leaves the price of the others as it is."""

    @abstractmethod
    def buy(self, number: int, price: Fraction) -> None:
        """The supporters pay; `record` is told."""

    @abstractmethod
    def unaffordable(self, refused: Sequence[int], equal: list[int], price: Fraction) -> list[int]:
        """What becomes of these, whose cost is no longer there, when their turn comes beside `equal`; the ones of
        `equal` that may still be bought. It may set `ended`."""

    def run(self) -> None:
        """Buy until nothing can be bought, or the rule ends it."""
        while not self.ended:
            price, equal = self._cheapest()
            if price is None:
                return
            self.turns.append(Turn(price, tuple(sorted(equal)), self._others()))
            self._turn(equal, price)

    def _others(self) -> Fraction | None:
        """The lowest price of those that wait, looked at anew."""
        seen: set[int] = set()
        while self.waiting and self.waiting[0][1] not in seen:
            known, number = heappop(self.waiting)
            seen.add(number)
            price = self.price(number, known)
            if price is not None:
                heappush(self.waiting, (price, number))
        return self.waiting[0][0] if self.waiting else None

    def _turn(self, equal: list[int], price: Fraction) -> None:
        envelope = self.record.envelope
        refused = {number: envelope.refusal(number) for number in equal}
        for number in self.parting.in_order([number for number in equal if refused[number]]):
            why = refused[number]
            if why is not None and why is not Verdict.TOO_DEAR:
                self.rank(number, price)
                self.record.refuse(number, why)
        equal = [number for number in equal if refused[number] is None]
        dear = [number for number, why in refused.items() if why is Verdict.TOO_DEAR]
        if dear:
            equal = self.unaffordable(dear, equal, price)
        if not equal:
            return
        if len(equal) == 1 or (envelope.all_fit(equal) and self.apart(equal, price)):
            for number in self.parting.in_order(equal):
                self._buy(number, price)
            return
        first = self.parting.first(equal)
        self._buy(first, price)
        self.wait([number for number in equal if number != first], price)

    def rank(self, number: int, price: Fraction) -> None:
        """The price at which the project's turn came, or at which the count ended, becomes its points."""
        if self.ranks:
            self.record.points[number] = 1 / price

    def wait(self, numbers: Iterable[int], price: Fraction) -> None:
        """Their turn comes again; the price is not above theirs."""
        for number in numbers:
            heappush(self.waiting, (price, number))

    def _buy(self, number: int, price: Fraction) -> None:
        self.rank(number, price)
        self.buy(number, price)

    def _cheapest(self) -> tuple[Fraction | None, list[int]]:
        """The lowest price and all projects that have it; they wait no longer."""
        best: Fraction | None = None
        equal: list[int] = []
        while self.waiting and (best is None or self.waiting[0][0] <= best):
            known, number = heappop(self.waiting)
            price = self.price(number, known)
            if price is None:
                continue
            if best is None or price < best:
                self.wait(equal, best or price)
                best, equal = price, [number]
            elif price == best:
                equal.append(number)
            else:
                heappush(self.waiting, (price, number))
        return best, equal
