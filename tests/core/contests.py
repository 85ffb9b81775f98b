"""Elections with one winner, written out: rankings as "42:MNCK", approvals, scores and grades by their histograms."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import permutations, product
from math import lcm
from typing import Any

from hypothesis import settings, strategies as st

from ideathon.core.tally.choosing import CountSettings
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election, Kind, Project, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker

PLAIN = CountSettings()
RANKED = ("plurality", "borda", "irv", "runoff", "schulze", "ranked-pairs")
CONDORCET = ("schulze", "ranked-pairs")


def named(names: Iterable[str]) -> list[Project]:
    return [Project(name) for name in names]


def ranked(names: str, text: str) -> Election:
    """An election from "42:MNCK 26:NCKM": how many voters, and their order of one-letter projects."""
    cast = [tuple(order) for number, _, order in (part.partition(":") for part in text.split())
            for _ in range(int(number))]
    return election(named(names), Kind.RANKING, cast)


def scored(names: str, cast: Sequence[tuple[int, Mapping[str, int]]], unnamed: int = 0) -> Election:
    """An election from pairs of how many voters and the marks that each of them gives."""
    every = [marks for number, marks in cast for _ in range(number)]
    return election(named(names), Kind.POINTS, every, unnamed=unnamed)


def graded(words: Sequence[str], tables: Mapping[str, Mapping[str, int]]) -> Election:
    """An election from how often each project got each grade; which voter gave which means nothing here."""
    columns = {name: [words.index(word) for word, number in table.items() for _ in range(number)]
               for name, table in tables.items()}
    cast = [dict(zip(columns, marks, strict=True)) for marks in zip(*columns.values(), strict=True)]
    return election(named(tables), Kind.GRADES, cast, grades=tuple(words))


def tally(given: Election, rule: str, settings: CountSettings = PLAIN) -> Count:
    return count(given, ELECTION_RULES[rule], settings)


def possible(given: Election, rule: str, settings: CountSettings = PLAIN) -> set[str]:
    """Every project that may win."""
    counted = tally(given, rule, settings)
    assert counted.all_ways
    assert all(len(winners) <= 1 for winners in counted.possible)
    return {name for winners in counted.possible for name in winners}


def wins_of(given: Election) -> dict[tuple[str, str], int]:
    """How many ballots put one project above another, ballot by ballot."""
    ids, found = [project.id for project in given.projects], {}
    for one in ids:
        for other in ids:
            if one != other:
                found[one, other] = sum(
                    number for order, number in orders(given) if place(order, one) < place(order, other))
    return found


def orders(given: Election) -> list[tuple[tuple[str, ...], int]]:
    return [(given.ids(choice), number) for choice, number in
            zip(given.ballots.choices, given.ballots.counts, strict=True)]


def place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


NAMES = "ABCD"
FEW = settings(max_examples=40)     # for laws that are asked of every rule
EARLIER = CountSettings(ties=(Breaker.EARLIER,))


@cache
def lists_of(names: str, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Up to so many of the names in some order, every length as often: one draw for a ballot."""
    lengths = [list(permutations(names, length)) for length in range(min(most, len(names)) + 1)]
    often = lcm(*map(len, lengths))
    return st.sampled_from([order for orders in lengths for order in orders for _ in range(often // len(orders))])


@cache
def marks_of(least: int, most: int, size: int) -> st.SearchStrategy[tuple[int, ...]]:
    """A mark for each of so many: one draw for a ballot."""
    return st.sampled_from(list(product(range(least, most + 1), repeat=size)))


# Few voters and few marks, so that ties are common.
SIZES = st.integers(2, 4)
NOT_NAMED = st.integers(0, 1)


@cache
def ballots_of(names: str, length: int, voters: int) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """The ballots of up to so many voters."""
    return st.lists(lists_of(names, length), min_size=1, max_size=voters)


@cache
@st.composite
def of_kind(draw, kind: Kind, most: int = 3, voters: int = 9) -> Election:
    names = NAMES[:draw(SIZES)]
    lists = draw(ballots_of(names, len(names), voters))
    if kind in {Kind.APPROVAL, Kind.RANKING}:
        return election(named(names), kind, lists)
    top = 2 if kind is Kind.GRADES else most
    cast = [dict(zip(chosen, draw(marks_of(0, top, len(chosen))), strict=True)) for chosen in lists]
    unnamed = draw(NOT_NAMED) if kind is Kind.POINTS else 0
    return election(named(names), kind, cast, unnamed=unnamed, grades=("p", "f", "g") if kind is Kind.GRADES else ())


def one_vote(given: Election) -> Election:
    """The same ballots with nothing but the first name on each."""
    cast = [(order[:1]) for order, number in orders(given) for _ in range(number)]
    return election(given.projects, given.ballots.kind, cast)


RANKINGS = of_kind(Kind.RANKING)
CASES = [(name, kind) for name, rule in sorted(ELECTION_RULES.items()) if not rule.shares_money
         for kind in sorted(rule.kinds)]


@cache
def elections(rule: str, kind: Kind) -> st.SearchStrategy[Election]:
    return of_kind(kind).map(one_vote) if (rule, kind) == ("plurality", Kind.APPROVAL) else of_kind(kind)


def cast_of(given: Election) -> list[Any]:
    """The ballots one by one, as `election` takes them."""
    ballots = given.ballots
    marks = ballots.marks or [()] * len(ballots.choices)
    return [dict(zip(given.ids(choice), mark, strict=True)) if ballots.marks else given.ids(choice)
            for choice, mark, number in zip(ballots.choices, marks, ballots.counts, strict=True) for _ in range(number)]


def again(given: Election, cast: list[Any], projects: Any = None) -> Election:
    """Other ballots or another order of the projects, all else the same."""
    return election(projects or given.projects, given.ballots.kind, cast, unnamed=given.ballots.unnamed,
                    grades=given.ballots.grades)
