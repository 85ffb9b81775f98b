"""Committees that are known: ten approval profiles and what each rule may choose, every tie tried.

The instances and outcomes in `instances/` are those with which abcvoting (Lackner, Regner and Krenn; MIT licence) tests
itself; a seat is a project that costs 1, and the seats are the budget.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Kind, Project, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker

INSTANCES = {path.stem: json.loads(path.read_text(encoding="utf-8"))
             for path in sorted((Path(__file__).parent / "instances").glob("*.json"))}
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "av": ("greedy", {}),
    "seqphragmen": ("phragmen", {"on_unaffordable": Unaffordable.STOP}),
    "equal-shares": ("equal-shares", {"completion": Completion.PHRAGMEN}),
    "equal-shares-with-av-completion": ("equal-shares", {"completion": Completion.GREEDY}),
}
INCREMENT = "equal-shares-with-increment-completion"
AN_OVERSHOT_TRY_IS_CUT_OFF_THERE = {"L0200", "S0002"}


def counted(name: str, rule: str, seats: int, cost: int = 1, **settings: Any) -> Count:
    instance = INSTANCES[name]
    projects = [Project(str(number), cost) for number in range(instance["candidates"])]
    ballots = [[str(number) for number in ballot] for ballot in instance["profile"]]
    given = election(projects, Kind.APPROVAL, ballots, seats * cost)
    return count(given, ELECTION_RULES[rule], CountSettings(**settings))


def committees(found: Count) -> set[frozenset[int]]:
    assert found.all_ways
    return {frozenset(map(int, each)) for each in found.possible}


def known(name: str, rule: str) -> set[frozenset[int]]:
    return {frozenset(each) for each in INSTANCES[name]["results"][rule]}


def test_all_ten_are_here() -> None:
    assert len(INSTANCES) == 10


@pytest.mark.parametrize("utility", Utility)
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", INSTANCES)
def test_every_committee_that_ties_allow(name: str, asked: str, utility: Utility) -> None:
    rule, settings = ASKED[asked]
    found = counted(name, rule, INSTANCES[name]["seats"], utility=utility, **settings)
    assert committees(found) == known(name, asked)


@pytest.mark.parametrize("name", INSTANCES)
def test_the_increment_completion_is_a_first_raised_try_that_fills_the_seats(name: str) -> None:
    """abcvoting raises the money of all together by one seat at a time, lets the lowest number break ties, and ends
    each try when the seats are full: the first try that fills them stands."""
    seats = INSTANCES[name]["seats"]
    tries = (counted(name, "equal-shares", raised, ties=(Breaker.EARLIER,)) for raised in range(seats, 99))
    full = next(each.winners[:seats] for each in tries if len(each.winners) >= seats)
    assert {frozenset(map(int, full))} == known(name, INCREMENT)


@pytest.mark.parametrize("name", INSTANCES)
def test_add_one_is_the_same_but_where_a_try_would_pass_the_budget(name: str) -> None:
    """With as many units of money to a seat as there are voters, one unit more for each voter is one seat more. Where
    a try buys more than the seats, add-one (equalshares.net) keeps the one before, abcvoting what it bought first."""
    instance = INSTANCES[name]
    found = counted(name, "equal-shares", instance["seats"], len(instance["profile"]), ties=(Breaker.EARLIER,),
                    completion=Completion.ADD_ONE)
    winners, expected = set(map(int, found.winners)), set(instance["results"][INCREMENT][0])
    if name in AN_OVERSHOT_TRY_IS_CUT_OFF_THERE:
        assert len(winners) < instance["seats"]
    else:
        assert winners == expected
