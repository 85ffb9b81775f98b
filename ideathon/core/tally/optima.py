"""Which of several best sets of a knapsack is taken: as the declared tie-breakers say, or every one of them in turn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ideathon.core.tally.packing import Packing, packing
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import CountError, Number

Kinds = Counter[int]
"""Of a set: how many of each kind it holds. Projects that cost, count and are limited alike are of one kind."""


@dataclass(slots=True)
class Fork:
    """Some projects are settled; the sets that remain differ first in whether they hold `number`, if they differ.

    `rivals` may be in where it is out, one that nothing parts from it or else all: if one of them goes first, `number`
    is out. Forks are kept for further runs.
    """

    inside: frozenset[int]
    outside: frozenset[int]
    sets: Sequence[Kinds]
    number: int | None = None
    rivals: tuple[int, ...] = ()
    ways: dict[bool, "Fork"] = field(default_factory=dict)


class Optima:
    """All sets of the highest worth."""

    def __init__(self, whole: Packing) -> None:
        best, first = whole.best() or (0, frozenset())
        self.always, core = whole.settled(best)
        self.first = first - self.always
        self.core = core or packing((), 0)
        self.worth = best - sum(item.worth for item in whole.items if item.number in self.always)
        kinds: dict[tuple[int, int, tuple[int, ...]], int] = {}
        self.kind = {item.number: kinds.setdefault((item.cost, item.worth, item.limits), len(kinds))
                     for item in self.core.items}
        self.sizes = Counter(self.kind.values())
        listed = self.core.every(self.worth)
        self.sets = None if listed is None else [self._kinds(each) for each in listed]
        self.order: list[int] = []
        self.ranks: dict[int, tuple[Number, ...]] = {}
        self.likes: dict[tuple[int, tuple[Number, ...]], frozenset[int]] = {}
        self.root: Fork | None = None

    def chosen(self, parting: Parting) -> frozenset[int]:
        """One best set: from the project that the breakers put first downward, in wherever nothing equal is in for it.

        All runs of a count have the same breakers. Raises `CountError` when the sets are too many to list and the
        breakers leave projects equal.
        """
        if self.root is None:
            self.order = parting.in_order(list(self.kind))
            self.ranks = {number: tuple(value(number) for value in parting.values.values()) for number in self.order}
            for number in self.order:
                key = self.kind[number], self.ranks[number]
                self.likes[key] = self.likes.get(key, frozenset()) | {number}
            self.root = self._begin()
        fork = self.root
        while fork.number is not None and fork.rivals:
            stays = parting.first([fork.number, *fork.rivals]) == fork.number
            if stays not in fork.ways:
                inside = fork.inside | {fork.number} if stays else fork.inside
                outside = fork.outside if stays else fork.outside | self._like(fork.number) - fork.inside
                fork.ways[stays] = self._fork(inside, outside, fork.sets)
                parting.work += len(fork.sets)
            fork = fork.ways[stays]
        for like in self.likes.values():
            if 0 < len(like & fork.inside) < len(like):
                parting.first(sorted(like))
        return fork.inside | self.always

    def _like(self, number: int) -> frozenset[int]:
        """All that may stand for the project, which are tried in the list's order: where one of them is out, so are
        those after it, since the other ways have them exchanged."""
        return self.likes[self.kind[number], self.ranks[number]]

    def _begin(self) -> Fork:
        if self.sets is not None:
            return self._fork(frozenset(), frozenset(), self.sets)
        if len(set(self.ranks.values())) < len(self.order):
            raise CountError("too many sets of projects are equally good to list them: declare what parts equal ones")
        return Fork(self._in_order(), frozenset(), ())

    def _kinds(self, numbers: frozenset[int]) -> Kinds:
        return Counter(self.kind[number] for number in numbers)

    def _fork(self, inside: frozenset[int], outside: frozenset[int], sets: Sequence[Kinds]) -> Fork:
        """Settle one after the other until two ways are open."""
        held, gone = self._kinds(inside), self._kinds(outside)
        sets = [each for each in sets
                if all(held[kind] <= each[kind] <= size - gone[kind] for kind, size in self.sizes.items())]
        for number in self.order:
            if number in inside or number in outside:
                continue
            kind = self.kind[number]
            within = any(each[kind] > held[kind] for each in sets)
            most = self.sizes[kind] - gone[kind] - len(self._like(number) - inside - outside)
            without = [each for each in sets if each[kind] <= most]
            if within and without:
                free = {kind for kind in self.sizes if any(each[kind] > held[kind] for each in without)}
                able = [other for other in self.order
                        if self.kind[other] in free and other not in inside | outside | {number}]
                equal = [other for other in able if self.ranks[other] == self.ranks[number]]
                return Fork(inside, outside, sets, number, tuple(equal[:1] or able))
            if within:
                inside, held[kind] = inside | {number}, held[kind] + 1
            else:
                outside, gone[kind] = outside | {number}, gone[kind] + 1
        return Fork(inside, outside, sets)

    def _in_order(self) -> frozenset[int]:
        """The best set where the breakers leave none equal, however many there are."""
        inside: frozenset[int] = frozenset()
        outside: frozenset[int] = frozenset()
        known = self.first
        for number in self.order:
            found = known if number in known else self._holding(inside | {number}, outside)
            if found is None:
                outside |= {number}
            else:
                inside, known = inside | {number}, found
        return inside

    def _holding(self, inside: frozenset[int], outside: frozenset[int]) -> frozenset[int] | None:
        """A best set with all of these and none of those."""
        rest = self.core.with_settled(inside, outside)
        missing = max(0, self.worth - sum(item.worth for item in self.core.items if item.number in inside))
        found = None if rest is None or rest.bound() < missing else rest.searched(missing)
        return None if found is None else found[1] | inside
