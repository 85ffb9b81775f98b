"""Every way in which open ties may fall, as far as so much work reaches, and who wins in all of them or in some."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, islice

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Verdict
from ideathon.core.tally.election import Election
from ideathon.core.tally.parting import MergedError, Parting

MOST_WAYS = 4_000           # runs that are tried for open ties, at most
MOST_WORK = 3_000_000       # kept ballots, and projects at each step, that those runs may go through together
MOST_NAMES = 40_000         # that all results which are listed may have together
NEVER = (Verdict.NO_VOTES, Verdict.BELOW_THRESHOLD)

Way = tuple[Parting, Selection]
Told = Callable[[Parting, Selection | None], None]
"""Hears of each run; no selection where it met another one."""


@dataclass(frozen=True, slots=True)
class Results:
    """What all ways together give. `sure` win in every one, `open` in some, or it is not known; `sets` are the sets of
    winners in order of selection, and `complete` says whether these are all."""

    sure: frozenset[int]
    open: frozenset[int]
    sets: tuple[tuple[int, ...], ...]
    complete: bool


def every_way(given: Election, run: Run, settings: CountSettings,
              told: Told = lambda _parting, _selection: None) -> tuple[list[Way], bool]:
    """One way for each set of winners that was found, the way of the list's order first; and whether every way was
    tried. Of ways that follow a later tie those that part an earlier one come first.

    The bounds are numbers of runs and of what they look at, never a time: every machine tries the same ways. `told`
    hears of each run.
    """
    found: dict[frozenset[int], Way] = {}
    seen: set[Hashable] = set()
    waiting: deque[Iterator[tuple[int, ...]]] = deque([iter([()])])
    tried = work = steps = 0
    while waiting and tried < MOST_WAYS and (tried < 2 or work < MOST_WORK):
        script = next(waiting[0], None)
        if script is None:
            waiting.popleft()
            continue
        parting = Parting(given, settings.ties, settings.seed, script, seen)
        tried += 1
        selection: Selection | None = None
        with suppress(MergedError):
            selection = run(parting)
        if selection is not None:
            steps = len(selection.steps)
            # Of all but the first way only the winners are asked for; the steps of thousands would fill the memory.
            kept = replace(selection, steps=(), verdicts={}) if found else selection
            found.setdefault(frozenset(selection.chosen), (parting, kept))
        work += len(given.ballots.choices) + parting.work + steps * len(given.projects)
        waiting.append(_others(len(script), parting.taken, parting.open))
        told(parting, selection)
    return list(found.values()), all(next(each, None) is None for each in waiting)


def _others(begin: int, taken: Sequence[int], ways: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The scripts that leave this way at one of its ties, from that one on."""
    for place in range(begin, len(ways)):
        for way in range(1, ways[place]):
            yield (*taken[:place], way)


def results(given: Election, ways: Sequence[Way], every: bool) -> Results:
    """All sets of winners, with projects exchanged that are alike; where not every way was tried, what is certain."""
    parting, selection = ways[0]
    kinds = kinds_of(given, parting) if parting.open else {number: number for number in range(len(given.projects))}
    sizes = Counter(kinds.values())
    found: dict[frozenset[tuple[int, int]], tuple[int, ...]] = {}
    for _, each in ways:
        found.setdefault(frozenset(Counter(kinds[number] for number in each.chosen).items()), each.chosen)
    always = set.intersection(*({kind for kind, many in each if many == sizes[kind]} for each in found))
    ever = {kind for each in found for kind, _ in each}
    sure = frozenset(number for number, kind in kinds.items() if kind in always)
    maybe = frozenset(number for number, kind in kinds.items() if kind in ever) - sure
    if not every:
        sure, out = parting.settled
        out |= {number for number, why in selection.verdicts.items() if why in NEVER}
        maybe = frozenset(range(len(given.projects))) - sure - out
    spread = (each for chosen in found.values() for each in _exchanged(chosen, kinds))
    sets = tuple(islice(spread, 1 + MOST_NAMES // (1 + len(selection.chosen))))
    return Results(sure, maybe, sets, every and next(spread, None) is None)


def kinds_of(given: Election, parting: Parting) -> dict[int, int]:
    """Each project's kind: the first one that may be exchanged with it."""
    first: dict[Hashable, int] = {}
    alike = parting.alike
    return {number: first.setdefault((number if alike is None else alike(number),
                                      *(value(number) for value in parting.values.values())), number)
            for number in range(len(given.projects))}


def _exchanged(chosen: Sequence[int], kinds: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """These winners in every exchange; the order of selection stays."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(chosen):
        places[kinds[number]].append(place)
    of_kind: defaultdict[int, list[int]] = defaultdict(list)
    for number, kind in kinds.items():
        of_kind[kind].append(number)
    some = [(held, of_kind[kind]) for kind, held in places.items() if len(held) < len(of_kind[kind])]
    yield from _filled(list(chosen), some)


def _filled(made: list[int], some: Sequence[tuple[list[int], list[int]]]) -> Iterator[tuple[int, ...]]:
    """With every choice of those that may stand at these places, one kind after the other."""
    if not some:
        yield tuple(made)
        return
    (places, able), *rest = some
    for instead in combinations(able, len(places)):
        for place, number in zip(places, instead, strict=True):
            made[place] = number
        yield from _filled(made, rest)
