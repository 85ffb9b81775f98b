"""The knapsack: what is worth most of all that fits together, exact, and which sets are equally good.

States (what is used up, what it is worth) are kept project by project; of two with the same use of the limits the one
that costs no less and is worth no more is dropped, and so is one that cannot reach what was already found. Sources: the
dominance of Nemhauser and Ullmann 1969, the fractional bound of Dantzig 1957; with limits inside of the budget (each
project counted in one of its limits) the fractional optimum is still found greedily, since they are nested.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from heapq import nlargest
from typing import NamedTuple

from ideathon.core.tally.remarks import gettext
from ideathon.core.tally.settings import CountError

MOST_STATES = 200_000       # that are kept at once; beyond, nobody would wait for the end
QUICK_STATES = 300          # that a first look keeps
FEW_STATES = 200_000        # with which all best sets are listed
FEW_ITEMS = 12              # for which no first look is needed


@dataclass(frozen=True, slots=True)
class Item:
    """What may be packed: whole cost and worth above 0, and the limits that it counts against, by their place."""

    number: int
    cost: int
    worth: int
    limits: tuple[int, ...] = ()

    def like(self, other: "Item") -> bool:
        """Whether one can stand for the other."""
        return (self.cost, self.worth, self.limits) == (other.cost, other.worth, other.limits)


class State(NamedTuple):
    """Some of the items: what they use of each limit that further ones use too, how many they are where it matters,
    what they cost together and are worth."""

    used: tuple[int, ...]
    packed: int
    cost: int
    worth: int
    items: "tuple[int, State] | None"


@dataclass(frozen=True, slots=True)
class Packing:
    """Items, those worth most by cost first, the room for all, that inside of each limit, and the least number packed.

    Made by `packing`, which sees to the order.
    """

    items: tuple[Item, ...]
    room: int
    limits: tuple[int, ...] = ()
    least: int = 0

    def best(self, target: int = 0) -> tuple[int, frozenset[int]] | None:
        """The highest worth, not below the target, and one set of numbers that has it; None when there is none.

        A quick look that keeps few states finds what must be reached at least; most items are settled by that.
        """
        quick = self.searched(target, QUICK_STATES) if len(self.items) > FEW_ITEMS else None
        sure, core = self.settled(quick[0] if quick else target)
        if core is None:
            return quick
        worth = sum(item.worth for item in self.items if item.number in sure)
        found = core.searched(max(0, (quick[0] if quick else target) - worth))
        return None if found is None else (found[0] + worth, found[1] | sure)

    def settled(self, target: int) -> tuple[frozenset[int], "Packing | None"]:
        """The items that are in every set worth the target, and what is left to pack without those that are in none."""
        inside, outside = set(), set()
        whole, before = _Bound(self.items, self.room), 0
        for item in self.items:
            without_it, with_it = whole.besides(item, before, self.room)
            before += item.cost
            if with_it < target:
                outside.add(item.number)
            if without_it < target:
                inside.add(item.number)
            if not self.limits or with_it < target or without_it < target:
                continue
            without = self.with_settled((), {item.number})
            within = self.with_settled({item.number}, ())
            if within is None or within.bound() + item.worth < target:
                outside.add(item.number)
            if without is None or without.bound() < target:
                inside.add(item.number)
        return frozenset(inside), None if inside & outside else self.with_settled(inside, outside)

    def searched(self, target: int, most: int = MOST_STATES + 1) -> tuple[int, frozenset[int]] | None:
        """As `best`, without a look at what is settled; of more states than `most` only the promising ones are kept."""
        found = max(self._states(target, most), key=lambda state: state.worth, default=None)
        return None if found is None else (found.worth, _numbers(found))

    def every(self, worth: int) -> list[frozenset[int]] | None:
        """All sets that are worth so much, which is the highest worth, but for exchanges of items that are alike; None
        when there are too many states to say."""
        found = self._states(worth, FEW_STATES, every=True)
        return None if len(found) > FEW_STATES else [_numbers(state) for state in found]

    def _states(self, target: int, most: int, *, every: bool = False) -> list[State]:
        """What reaches the target, item after item. With `every` equally good states are kept beside each other, and
        where that makes too many, those are given back."""
        states = [State((0,) * len(self.limits), 0, 0, 0, None)]
        rest, whole = list(self.items), _Bound(self.items, self.room)
        before: Item | None = None
        for at, item in enumerate(sorted(self.items, key=lambda item: min(item.limits, default=-1)), 1):
            rest.remove(item)
            most_of = _Bound(rest, self.room, self.limits).most if self.limits else partial(whole.most, begin=at)
            twin = before.number if before and item.like(before) else None
            states = _undominated(self._closed(self._after(states, item, twin, most_of, target), rest), every)
            before = item
            if not states or (every and len(states) > most):
                return states
            if len(states) > MOST_STATES:
                raise CountError(gettext("too many sets of projects are almost equally good to find the best one "
                                         "of all"))
            promising = nlargest(most if len(states) > most else 1, states,
                                 key=lambda state: state.worth + most_of(self.room - state.cost))
            states = promising if len(states) > most else states
            target = max(target, self._filled(promising[0], rest))
        return [state for state in states if state.packed >= self.least and state.worth >= target]

    def bound(self) -> int:
        """What no set is worth more than."""
        return _Bound(self.items, self.room, self.limits).most(self.room)

    def with_settled(self, inside: Collection[int], outside: Collection[int]) -> "Packing | None":
        """What is left to pack when these are in and those are out; None when these do not fit together."""
        settled = [item for item in self.items if item.number in inside]
        room = self.room - sum(item.cost for item in settled)
        limits = tuple(limit - sum(item.cost for item in settled if place in item.limits)
                       for place, limit in enumerate(self.limits))
        if min(room, *limits, 0) < 0:
            return None
        left = tuple(item for item in self.items if item.number not in inside and item.number not in outside)
        return replace(self, items=left, room=room, limits=limits, least=max(0, self.least - len(settled)))

    def _after(self, states: Sequence[State], item: Item, twin: int | None, most_of: Callable[[int], int],
               target: int) -> list[State]:
        """Each state without and with the item, where it can still reach the target; with it only besides its twin, the
        one before that is just like it, since which of them is in changes nothing."""
        made = [state for state in states if state.worth + most_of(self.room - state.cost) >= target]
        for state in states if twin is None else [each for each in states if each.items and each.items[0] == twin]:
            cost, worth = state.cost + item.cost, state.worth + item.worth
            if cost <= self.room and worth + most_of(self.room - cost) >= target:
                used = tuple(each + item.cost * (place in item.limits) for place, each in enumerate(state.used))
                if all(each <= limit for each, limit in zip(used, self.limits, strict=True)):
                    made.append(State(used, min(self.least, state.packed + 1), cost, worth, (item.number, state)))
        return made

    def _closed(self, states: list[State], rest: Sequence[Item]) -> list[State]:
        """A limit's use is forgotten after the last item that counts against it; what holds too few is left out."""
        if self.least:
            states = [state for state in states if state.packed + len(rest) >= self.least]
        if not self.limits:
            return states
        live = {place for item in rest for place in item.limits}
        if len(live) == len(self.limits):
            return states
        return [state._replace(used=tuple(each if place in live else 0 for place, each in enumerate(state.used)))
                for state in states]

    def _filled(self, state: State, rest: Sequence[Item]) -> int:
        """What the state is worth with whatever fits besides, the best by cost first; 0 when these are too few."""
        used, count, cost, worth = list(state.used), state.packed, state.cost, state.worth
        for item in rest:
            fits = cost + item.cost <= self.room
            if fits and all(used[place] + item.cost <= self.limits[place] for place in item.limits):
                cost, worth, count = cost + item.cost, worth + item.worth, count + 1
                for place in item.limits:
                    used[place] += item.cost
        return worth if count >= self.least else 0


def packing(items: Iterable[Item], room: int, limits: Sequence[int] = (), least: int = 0) -> Packing:
    """What is to be packed. The least number becomes what is possible at all when it asks for more."""
    ordered = sorted(items, key=lambda item: (Fraction(-item.worth, item.cost), item.cost, item.limits, item.number))
    made = Packing(tuple(ordered), room, tuple(limits))
    if not least:
        return made
    counted = sorted((replace(item, worth=1) for item in ordered), key=lambda item: (item.cost, item.limits))
    most = Packing(tuple(counted), room, tuple(limits)).best()
    return replace(made, least=min(least, most[0] if most else 0))


class _Bound:
    """The most that items, ordered as in `Packing`, can be worth in some room when parts of them may be packed."""

    def __init__(self, items: Sequence[Item], room: int, limits: Sequence[int] | None = None) -> None:
        """`limits` None looks at no limits, and at no item's own room: then each item has its place in the sums."""
        left = list(limits or ())
        self.costs, self.worths = [0], [0]
        for item in items:
            within = min(item.limits, key=limits.__getitem__, default=None) if limits else None
            part = item.cost if limits is None else min(item.cost, room, *([] if within is None else [left[within]]))
            if part > 0:
                self.costs.append(self.costs[-1] + part)
                self.worths.append(self.worths[-1] - (-item.worth * part // item.cost))     # rounded up
                if within is not None:
                    left[within] -= part

    def most(self, room: int, begin: int = 0) -> int:
        """In so much room, at most what it was made for; of the items from that place on."""
        room += self.costs[begin]
        place = bisect_right(self.costs, room) - 1
        if place + 1 == len(self.costs):
            return self.worths[place] - self.worths[begin]
        cost, worth = self.costs[place + 1] - self.costs[place], self.worths[place + 1] - self.worths[place]
        return self.worths[place] - self.worths[begin] + (room - self.costs[place]) * worth // cost

    def besides(self, item: Item, before: int, room: int) -> tuple[int, int]:
        """The most without the item, and the most with it, -1 where it does not fit. `before`: the cost of all items
        that stand before it. Where the room reaches it, the most without it is that of its cost more room, less it."""
        without = self.most(room) if before >= room else self.most(room + item.cost) - item.worth
        left = room - item.cost
        if left < 0:
            return without, -1
        return without, item.worth + (self.most(left) if before >= left else self.most(room) - item.worth)


def _undominated(states: list[State], every: bool) -> list[State]:
    """Of those with the same use of limits, the ones worth more (with `every`: as much) than all that cost no more."""
    kept: list[State] = []
    states.sort(key=lambda state: (state.used, state.packed, state.cost, -state.worth))
    for state in states:
        last = kept[-1] if kept else None
        other = last is None or (last.used, last.packed) != (state.used, state.packed)
        if other or last is None or state.worth > last.worth or (every and state.worth == last.worth):
            kept.append(state)
    return kept


def _numbers(state: State) -> frozenset[int]:
    found = []
    while state.items is not None:
        number, state = state.items
        found.append(number)
    return frozenset(found)
