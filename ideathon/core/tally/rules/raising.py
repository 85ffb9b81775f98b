"""Equal shares completed by raised shares: every voter gets a unit more, again and again (add-one)."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from ideathon.core.tally.buying import Record
from ideathon.core.tally.choosing import CountSettings, Selection
from ideathon.core.tally.parting import Alike, Parting
from ideathon.core.tally.sharing import Shares, shared
from ideathon.core.tally.support import Support
from ideathon.core.tally.verdicts import Verdict


class _UnaskedError(Exception):
    """A try that only looks ahead comes to a tie that was not parted yet."""


class _Once:
    """Equal projects are parted once for all tries of a completion, as one order of all projects would do it."""

    def __init__(self, parting: Parting) -> None:
        self.parting = parting
        self.after: dict[int, set[int]] = {}        # who comes after whom in that order, as far as it is known
        self.probing = False                        # only looking ahead: nothing new is asked

    def first(self, equal: Sequence[int], _state: Hashable = None) -> int:
        behind = {other for number in equal for other in self.after.get(number, ())}
        able = [number for number in equal if number not in behind]
        if len(able) == 1:
            return able[0]
        if self.probing:
            raise _UnaskedError
        found = self.parting.first(able)
        later = set(equal) - {found}
        later.update(*(self.after.get(number, ()) for number in later))
        for known in self.after.values():
            if found in known:
                known.update(later)
        self.after.setdefault(found, set()).update(later)
        return found

    def watch(self, chosen: Sequence[int], verdicts: Mapping[int, Verdict], alike: Alike | None = None) -> None:
        """What one try gives is not for good."""

    def in_order(self, equal: Sequence[int]) -> list[int]:
        return self.parting.in_order(equal)


class Raising:
    """Completion by raised shares: the last outcome that the budget can pay for stands.

    It ends also where nothing more fits into what is left, as at equalshares.net: with every project that fits funded,
    more money for the voters could only exchange winners.

    With small units there are thousands of tries, and most change nothing. Of two tries that buy the same in the same
    order the one with more money leaves every voter at least as much after each purchase; so every price of a try
    between them lies between the two prices. Where what is bought never costs as much in the try with less money as
    anything else in the one with more, all tries between them buy the same.
    """

    def __init__(self, support: Support, settings: CountSettings, parting: Parting,
                 prices: Sequence[tuple[Fraction, int]]) -> None:
        self.support, self.settings, self.prices = support, settings, prices
        self.parting = _Once(parting)
        self.more = 0
        self.ahead: dict[int, Shares | None] = {}       # tries that looked ahead, by how much more each voter has
        self.far = 0

    def found(self) -> Selection:
        """The outcome that stands."""
        stands = self._at(0)
        while self._fits_more(stands.record):
            self.more += self.next_change(stands)
            tried = self.ahead.get(self.more) or self._at(self.more)
            if tried.over:
                break
            stands = tried
        stands.too_poor([number for number in self.support.fit if number not in stands.record.verdicts])
        return stands.record.selection()

    def _at(self, more: int) -> Shares:
        return shared(self.support, self.settings, self.parting, self.prices, more)

    def _fits_more(self, record: Record) -> bool:
        return any(number not in record.verdicts and record.envelope.refusal(number) is None
                   for number in self.support.fit)

    def next_change(self, shares: Shares) -> int:
        """After how many more units for each voter the outcome may be another; before, it is not.

        Looked for at multiples of powers of two, so that a try that was too far away is met again later.
        """
        self.ahead = {more: tried for more, tried in self.ahead.items() if more > self.more}
        for power in range(self.far + 1, 0, -1):
            at = (self.more >> power) + 1 << power
            tried = self._looked(at)
            if tried is not None and self._same(shares, tried):
                self.far = power
                return at - self.more
        self.far = 0
        return 1

    def _looked(self, more: int) -> Shares | None:
        """That try; None when it meets a tie that was not parted yet."""
        if more not in self.ahead:
            self.parting.probing = True
            try:
                self.ahead[more] = self._at(more)
            except _UnaskedError:
                self.ahead[more] = None
            self.parting.probing = False
        return self.ahead[more]

    def _same(self, poorer: Shares, richer: Shares) -> bool:
        """Whether these two and all tries between them are alike."""
        if richer.over or poorer.record.chosen != richer.record.chosen or len(poorer.turns) != len(richer.turns):
            return False
        return all(
            turn.equal == other.equal and (other.others is None or turn.price < other.others)
            and (turn.price == other.price or len({self.support.alike(number) for number in turn.equal}) == 1)
            for turn, other in zip(poorer.turns, richer.turns, strict=True))
