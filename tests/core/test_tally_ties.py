"""Equal points: what parts them, in the declared order, and what is said about it."""

from hashlib import sha256

import pytest

from ideathon.core.tally import Breaker, Criterion, Idea, Score, Settings, StepKind, decide
from ideathon.core.tally.ties import lot

RUBRIC = (Criterion("K1", 50, 10), Criterion("K2", 50, 10))
# Weights 50 and 50. A: jury 80, residents 60. B and C: jury 60, residents 80, B better on the first criterion.
# So all three have 70 points; D has the most votes and no chance.
POINTS = {"A": (8, 8), "B": (8, 4), "C": (4, 8), "D": (0, 0)}
VOTES = {"A": 6, "B": 8, "C": 8, "D": 10}


# B is dearer than A and C, which cost the same; C came first, then A, then B.
COSTS = {"A": 500, "B": 900, "C": 500, "D": 100}
ORDERS = {"A": 2, "B": 3, "C": 1, "D": 4}


def outcome(*ties: Breaker, points=POINTS, votes=VOTES, seed="seed"):
    settings = Settings(criteria=RUBRIC, jury_weight=50, resident_weight=50, ties=ties, seed=seed)
    scores = [Score("J1", idea, k.id, p) for idea, sheet in points.items() for k, p in zip(RUBRIC, sheet, strict=True)]
    ideas = [Idea(idea, cost=COSTS[idea], order=ORDERS[idea]) for idea in points]
    return decide(settings, ideas, scores, [], votes)


def places(result):
    return {standing.idea: standing.place for standing in result.standings}


def steps(result):
    return [(step.kind, step.ideas, step.by) for step in result.steps]


def test_without_a_breaker_the_places_are_equal():
    result = outcome()
    assert places(result) == {"A": 1, "B": 1, "C": 1, "D": 4}
    assert (result.winners, result.winner, result.reserve) == (("A", "B", "C"), None, None)
    assert steps(result) == [(StepKind.TIE_STANDS, ("A", "B", "C"), "")]


def test_breakers_apply_in_their_order_and_are_named():
    result = outcome(Breaker.JURY, Breaker.FIRST_CRITERION)
    assert places(result) == {"A": 1, "B": 2, "C": 3, "D": 4}
    assert steps(result) == [
        (StepKind.TIE_BROKEN, ("A", "B", "C"), Breaker.JURY),
        (StepKind.TIE_BROKEN, ("B", "C"), Breaker.FIRST_CRITERION),
    ]


def test_another_order_another_winner():
    assert places(outcome(Breaker.VOTES, Breaker.FIRST_CRITERION)) == {"B": 1, "C": 2, "A": 3, "D": 4}


def test_the_lower_cost_and_the_earlier_idea():
    assert places(outcome(Breaker.COST)) == {"A": 1, "C": 1, "B": 3, "D": 4}
    assert places(outcome(Breaker.EARLIER)) == {"C": 1, "A": 2, "B": 3, "D": 4}
    result = outcome(Breaker.COST, Breaker.EARLIER)
    assert places(result) == {"C": 1, "A": 2, "B": 3, "D": 4}
    assert steps(result) == [
        (StepKind.TIE_BROKEN, ("C", "A", "B"), Breaker.COST),
        (StepKind.TIE_BROKEN, ("C", "A"), Breaker.EARLIER),
    ]


def test_cost_and_order_are_kept_only_where_a_breaker_looks_at_them():
    assert {(s.cost, s.order) for s in outcome(Breaker.JURY).standings} == {(None, None)}
    assert outcome(Breaker.COST).standing("B").cost == 900


def test_what_no_breaker_parts_stays_equal():
    result = outcome(Breaker.VOTES)
    assert places(result) == {"B": 1, "C": 1, "A": 3, "D": 4}
    assert steps(result)[-1] == (StepKind.TIE_STANDS, ("B", "C"), "")


def test_a_winner_with_two_equal_behind_has_no_single_reserve():
    result = outcome(Breaker.JURY)
    assert (result.winner, result.reserve) == ("A", None)


def test_a_breaker_that_parts_nobody_is_not_named():
    result = outcome(Breaker.FIRST_CRITERION, points={"A": (5, 5), "B": (5, 5)}, votes={"A": 1, "B": 1})
    assert steps(result) == [(StepKind.TIE_STANDS, ("A", "B"), "")]


@pytest.mark.parametrize("seed", ["seed", "another", "Žīguri"])
def test_the_lot_can_be_drawn_again_by_anybody(seed):
    by_hand = sorted("BC", key=lambda idea: sha256(f"{seed}|lot|{idea}".encode()).hexdigest())
    result = outcome(Breaker.JURY, Breaker.LOT, seed=seed)
    assert [s.idea for s in result.standings] == ["A", *by_hand, "D"]
    assert steps(result)[-1] == (StepKind.TIE_BROKEN, tuple(by_hand), Breaker.LOT)


def test_the_lot_is_the_published_formula():
    assert f"{lot('s', 'I01'):064x}" == sha256(b"s|lot|I01").hexdigest()
