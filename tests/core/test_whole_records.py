"""Small elections whose whole record was worked out by hand: every step with its figures, every verdict."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ideathon.core.tally.choosing import Unaffordable
from ideathon.core.tally.counting import Count
from ideathon.core.tally.election import Election, Kind, election
from tests.core.contests import graded, named, ranked, tally
from tests.core.money_elections import built, counted

STOP = {"on_unaffordable": Unaffordable.STOP}


def record(found: Count) -> tuple[list[tuple[str, str, dict[str, Any]]], list[tuple[str, str]], Any]:
    """Its steps, its verdicts, and what is spent."""
    return ([(step.kind, step.project, dict(step.facts)) for step in found.steps],
            [(one.id, str(one.verdict)) for one in found.standings], found.spent)


def money(kind: str, project: str, points: Any, cost: int, left: int) -> tuple[str, str, dict[str, Any]]:
    """A step of a rule that goes down a list."""
    return kind, project, {"points": points, "cost": cost, "left": left}


def village(**facts: Any) -> Election:
    """Five ballots, an envelope of 9: B has 5 votes, A 4, X 3, C 2."""
    return built({"A": 4, "B": 3, "X": 5, "C": 2}, [
        {"B": 1, "A": 1, "X": 1}, {"B": 1, "A": 1, "X": 1}, {"B": 1, "A": 1, "C": 1},
        {"B": 1, "A": 1, "X": 1, "C": 1}, {"B": 1}], 9, **facts)


CATEGORY = {"A": ("x",), "B": ("x",), "X": (), "C": ("x",)}
TWO = [money("taken", "B", 5, 3, 9), money("taken", "A", 4, 4, 6)]
LIMITED = [money("taken", "B", 5, 3, 9), money("passed", "A", 4, 4, 6), money("taken", "X", 3, 5, 6)]


@pytest.mark.parametrize(("settings", "steps", "verdicts", "spent"), [
    ({}, [*TWO, money("passed", "X", 3, 5, 2), money("taken", "C", 2, 2, 2)],
     ["B won", "A won", "X too_dear", "C won"], 9),
    (STOP, [*TWO, money("passed", "X", 3, 5, 2)], ["B won", "A won", "X too_dear", "C after_the_end"], 7),
    ({**STOP, "last_part": Fraction(2, 5)}, [*TWO, money("taken", "X", 3, 5, 2)],
     ["B won", "A won", "X won", "C after_the_end"], 12),
    ({**STOP, "last_part": Fraction(1, 2)}, [*TWO, money("passed", "X", 3, 5, 2)],
     ["B won", "A won", "X too_dear", "C after_the_end"], 7),
    ({**STOP, "fill": True}, [*TWO, money("passed", "X", 3, 5, 2), money("taken", "C", 2, 2, 2)],
     ["B won", "A won", "X too_dear", "C won"], 9),
    ({"category_budgets": {"x": 5}}, [*LIMITED, money("passed", "C", 2, 2, 1)],
     ["B won", "A over_limit", "X won", "C too_dear"], 8),
    ({**STOP, "category_budgets": {"x": 5}}, LIMITED, ["B won", "A over_limit", "X won", "C after_the_end"], 8),
])
def test_greedy_goes_down_the_list(settings: dict[str, Any], steps: Any, verdicts: list[str], spent: int) -> None:
    found = record(counted(village(categories=CATEGORY), "greedy", **settings))
    assert found == (steps, [tuple(line.split()) for line in verdicts], spent)


def test_votes_for_each_unit_of_cost() -> None:
    found = record(counted(village(), "greedy-per-cost"))
    assert found[0] == [money("taken", "B", Fraction(5, 3), 3, 9), money("taken", "A", 1, 4, 6),
                        money("taken", "C", 1, 2, 2), money("passed", "X", Fraction(3, 5), 5, 0)]
    assert found[2] == 9


def test_the_best_set_is_told_from_the_most_votes_downward() -> None:
    given = built({"A": 4, "B": 3, "C": 2, "D": 20, "E": 3}, [
        {"A": 1, "B": 1}, {"A": 1, "B": 1}, {"A": 1, "B": 1}, {"B": 1, "C": 1}, {"B": 1, "C": 1}, {"C": 1, "D": 1},
        {"E": 1}], 9)
    assert record(counted(given, "knapsack")) == (
        [money("packed", "B", 5, 3, 9), money("packed", "A", 3, 4, 6), money("packed", "C", 3, 2, 2),
         ("best", "", {"points": 11, "spent": 9, "left": 0})],
        [("B", "won"), ("A", "won"), ("C", "won"), ("D", "too_dear"), ("E", "outside")], 9)


def test_what_the_best_set_leaves_is_told() -> None:
    given = built({"A": 4, "B": 3}, [{"A": 1}, {"A": 1}, {"B": 1}], 8)
    assert record(counted(given, "knapsack"))[0][-1] == ("best", "", {"points": 3, "spent": 7, "left": 1})
    over = counted(built({"A": 4, "B": 3}, [{"A": 1}, {"B": 1}], 8, categories={"A": ("x",), "B": ()}), "knapsack",
                   category_budgets={"x": 3})
    assert dict(record(over)[1]) == {"B": "won", "A": "over_limit"}


SHARED = built({"A": 4, "B": 3, "C": 2}, [{"A": 1, "B": 1}] * 3 + [{"B": 1, "C": 1}] * 2 + [{"C": 1}], 7)


def test_supporters_carry_what_is_bought_alike() -> None:
    """Each of B's five carries 3/5; C costs 2, and two of its three carry 3/5 already: 3t = 2 + 6/5."""
    assert record(counted(SHARED, "phragmen")) == ([
        ("bought", "B", {"cost": 3, "time": Fraction(3, 5), "supporters": 5, "most": Fraction(3, 5), "left": 7}),
        ("bought", "C", {"cost": 2, "time": Fraction(16, 15), "supporters": 3, "most": Fraction(16, 15), "left": 4}),
        ("passed", "A", {"cost": 4, "time": Fraction(29, 15), "left": 2})],
        [("B", "won"), ("C", "won"), ("A", "too_dear")], 5)


def test_supporters_pay_from_equal_shares() -> None:
    """Each of six has 7/6; after B two of C's three have 17/30 each, so the third pays the 13/15 that lack."""
    assert record(counted(SHARED, "equal-shares cost none")) == ([
        ("shared", "", {"voters": 6, "each": Fraction(7, 6), "more": 0}),
        ("bought", "B", {"cost": 3, "rho": Fraction(1, 5), "supporters": 5, "most": Fraction(3, 5), "short": 0,
                         "left": 7}),
        ("bought", "C", {"cost": 2, "rho": Fraction(13, 30), "supporters": 3, "most": Fraction(13, 15), "short": 2,
                         "left": 4}),
        ("passed", "A", {"cost": 4, "together": Fraction(17, 10), "left": 2})],
        [("B", "won"), ("C", "won"), ("A", "supporters_too_poor")], 5)


NINE = ranked("ABC", "4:ABC 3:BCA 2:CBA")
PAIRS = [("pair", "A", {"over": "B", "for": 4, "against": 5}), ("pair", "A", {"over": "C", "for": 4, "against": 5}),
         ("pair", "B", {"over": "C", "for": 7, "against": 2})]


@pytest.mark.parametrize(("rule", "steps", "last"), [
    ("plurality", [("votes", "A", {"votes": 4}), ("votes", "B", {"votes": 3}), ("votes", "C", {"votes": 2}),
                   ("won", "A", {"points": 4})], "BC"),
    ("irv", [("round", "", {"round": 1, "votes": {"A": 4, "B": 3, "C": 2}, "resting": 0}),
             ("eliminated", "C", {"round": 1, "votes": 2}),
             ("round", "", {"round": 2, "votes": {"A": 4, "B": 5}, "resting": 0}), ("won", "B", {"points": 5})], "AC"),
    ("runoff", [("first_round", "", {"points": {"A": 4, "B": 3, "C": 2}}), ("finalist", "A", {"points": 4}),
                ("finalist", "B", {"points": 3}), ("final", "", {"votes": {"A": 4, "B": 5}, "equal": 0}),
                ("won", "B", {"points": 5})], "AC"),
    ("borda", [("points", "A", {"points": 8, "over": {"B": 4, "C": 4}}),
               ("points", "B", {"points": 12, "over": {"A": 5, "C": 7}}),
               ("points", "C", {"points": 7, "over": {"A": 5, "B": 2}}), ("won", "B", {"points": 12})], "AC"),
    ("ranked-pairs", [*PAIRS, ("locked", "B", {"over": "C", "margin": 5}), ("locked", "B", {"over": "A", "margin": 1}),
                      ("locked", "C", {"over": "A", "margin": 1}), ("won", "B", {"points": 2})], "CA"),
    ("schulze", [*PAIRS, *(("path", one, {"to": other, "strength": there, "strength_back": back, "route": (one, other),
                                          "back": (other, one)})
                           for one, other, there, back in (("A", "B", 0, 5), ("A", "C", 0, 5), ("B", "C", 7, 0))),
                 ("won", "B", {"points": 2})], "CA"),
])
def test_nine_rankings(rule: str, steps: Any, last: str) -> None:
    found = record(tally(NINE, rule))
    assert found[0] == steps
    assert [name for name, verdict in found[1] if verdict == "beaten"] == list(last)


def test_most_named() -> None:
    given = election(named("ABC"), Kind.APPROVAL, [["A", "B"], ["B"], ["C", "B"], ["A"]])
    assert record(tally(given, "approval"))[0] == [
        ("votes", "A", {"votes": 2}), ("votes", "B", {"votes": 3}), ("votes", "C", {"votes": 1}),
        ("won", "B", {"points": 3})]


def test_equal_medians_are_parted_by_taking_one_off_each() -> None:
    """A: poor fair fair good good; B: poor fair fair fair good. Two "fair" off each, and the middles differ."""
    given = graded(("poor", "fair", "good"), {"A": {"poor": 1, "fair": 2, "good": 2},
                                              "B": {"poor": 1, "fair": 3, "good": 1}, "C": {"poor": 3, "good": 2}})
    assert record(tally(given, "majority-judgement"))[0] == [
        ("marks", "A", {"marks": {"poor": 1, "fair": 2, "good": 2}, "median": "fair"}),
        ("marks", "B", {"marks": {"poor": 1, "fair": 3, "good": 1}, "median": "fair"}),
        ("marks", "C", {"marks": {"poor": 3, "good": 2}, "median": "poor"}),
        ("medians", "", {"removed": 0, "medians": {"A": "fair", "B": "fair", "C": "poor"}}),
        ("medians", "", {"removed": 2, "medians": {"A": "good", "B": "fair"}}), ("won", "A", {"points": 1})]
