"""The blends, the thresholds and the rule for missing points, on cases counted by hand."""

from fractions import Fraction

import pytest

from ideathon.core.tally import (
    Bar,
    Blend,
    Breaker,
    CountError,
    Criterion,
    Idea,
    Missing,
    Recusal,
    Score,
    Settings,
    StepKind,
    decide,
)
from ideathon.core.tally.blend import rank_points

RUBRIC = (Criterion("K1", 1, 100),)
JURY = {"A": 90, "B": 70, "C": 70, "D": 20}
VOTES = {"A": 2, "B": 8, "C": 4, "D": 4}


def day(blend: Blend = Blend.POINTS, jury=JURY, votes=VOTES, ballots=10, **changes):
    """Jury points from a single juror, who gives each idea a whole number of a hundred."""
    rule = Settings(**{"criteria": RUBRIC, "jury_weight": 50, "resident_weight": 50, "ties": (), "blend": blend,
                       **changes})
    scores = [Score("J1", idea, "K1", points) for idea, points in jury.items()]
    return decide(rule, [Idea(idea) for idea in jury], scores, [], votes, ballots=ballots)


def combined(outcome):
    return {standing.idea: standing.combined for standing in outcome.standings}


def test_by_points():
    assert combined(day()) == {"A": Fraction(115, 2), "B": 85, "C": 60, "D": 35}


def test_by_share_of_the_counted_ballots():
    assert combined(day(Blend.SHARE)) == {"A": 55, "B": 75, "C": 55, "D": 30}
    assert combined(day(Blend.SHARE, ballots=20)) == {"A": 50, "B": 55, "C": 45, "D": 20}


def test_by_rank_equal_ones_share_the_average_place():
    # jury: A first, B and C at 2.5, D last: 100, 50, 50, 0. votes: B first, C and D at 2.5, A last: 100, 50, 50, 0.
    outcome = day(Blend.RANK)
    assert {s.idea: (s.jury_rank, s.residents) for s in outcome.standings} == {
        "A": (100, 0), "B": (50, 100), "C": (50, 50), "D": (0, 50)}
    assert combined(outcome) == {"A": 50, "B": 75, "C": 50, "D": 25}
    assert outcome.standing("A").jury == 90


def test_by_rank_only_ideas_with_a_place_are_ranked():
    outcome = day(Blend.RANK, criteria=(Criterion("K1", 1, 100, eliminatory=True),), jury={**JURY, "D": 0},
                  votes={**VOTES, "D": 9})
    assert outcome.standing("D").bar is Bar.ELIMINATED
    assert combined(outcome) == {"B": Fraction(125, 2), "A": 50, "C": Fraction(75, 2), "D": 0}


@pytest.mark.parametrize(("value", "values", "points"), [
    (5, [5], 100), (5, [5, 5], 50), (5, [3, 5], 100), (3, [3, 5], 0), (5, [1, 5, 5, 9], 50), (1, [1, 2, 3, 4], 0),
    (2, [1, 2, 3, 4], Fraction(100, 3)), (9, [1, 9, 9], 75)])
def test_rank_points(value, values, points):
    assert rank_points(value, values) == points


def test_two_separate_prizes():
    outcome = day(Blend.SEPARATE)
    assert (outcome.winner, outcome.audience, combined(outcome)) == ("A", ("B",), JURY)


def test_the_audience_prize_passes_over_who_cannot_win_and_waits_for_a_vote():
    assert day(Blend.SEPARATE, threshold_jury=80).audience == ("A",)
    assert day(Blend.SEPARATE, votes={}).audience == ()
    assert day(Blend.POINTS).audience == ()


@pytest.mark.parametrize(("ties", "audience", "steps"), [
    ((), ("C", "D"), [(StepKind.AUDIENCE_TIE_STANDS, ("C", "D"), "")]),
    ((Breaker.VOTES,), ("C", "D"), [(StepKind.AUDIENCE_TIE_STANDS, ("C", "D"), "")]),
    ((Breaker.VOTES, Breaker.JURY), ("C",), [(StepKind.AUDIENCE_TIE_BROKEN, ("C", "D"), "jury")]),
])
def test_a_tie_for_the_audience_prize(ties, audience, steps):
    outcome = day(Blend.SEPARATE, votes={"C": 4, "D": 4, "A": 1}, ties=ties)
    told = [(step.kind, step.ideas, step.by) for step in outcome.steps if step.kind.startswith("audience")]
    assert (outcome.audience, told) == (audience, steps)


def test_without_votes_enough_an_idea_keeps_its_place_and_cannot_win():
    outcome = day(threshold_votes=5, votes={"A": 3, "B": 5, "C": 2, "D": 4})
    assert [(s.idea, s.place, s.bar) for s in outcome.standings] == [
        ("B", 1, None), ("A", 2, Bar.BELOW_VOTES), ("C", 3, Bar.BELOW_VOTES), ("D", 4, Bar.BELOW_VOTES)]


@pytest.mark.parametrize(("ballots", "bars", "winner"), [(11, {Bar.NO_QUORUM}, None), (12, {None}, "B")])
def test_below_the_quorum_nobody_wins_and_places_are_kept(ballots, bars, winner):
    outcome = day(quorum=12, ballots=ballots)
    assert ({s.bar for s in outcome.standings}, outcome.winner) == (bars, winner)
    assert [s.place for s in outcome.standings] == [1, 2, 3, 4]


def sheets(missing: Missing, jurors=("J1", "J2", "J3"), recusals=(), **changes):
    """A is scored by J1 in full and by J2 by half, J3 gives nothing; B by all three."""
    rubric = (Criterion("K1", 1, 10, scale_min=1), Criterion("K2", 1, 10))
    rule = Settings(**{"criteria": rubric, "ties": (), "missing": missing, "min_jurors": 1, **changes})
    given = [("J1", "A", "K1", 8), ("J1", "A", "K2", 9), ("J2", "A", "K2", 6)]
    given += [(juror, "B", k, 5) for juror in ("J1", "J2", "J3") for k in ("K1", "K2")]
    return decide(rule, [Idea("A"), Idea("B")], [Score(*one) for one in given], recusals, {}, jurors=jurors)


def test_a_sheet_that_is_not_full_is_left_out():
    got = sheets(Missing.LEAVE_OUT).standing("A")
    assert (got.jurors_counted, got.jurors_missing, got.jury, got.bar) == (1, 1, 85, None)


def test_a_missing_sheet_bars():
    outcome = sheets(Missing.BAR)
    got = outcome.standing("A")
    assert (got.jurors_counted, got.jurors_missing, got.bar, got.place) == (1, 2, Bar.SHEETS_MISSING, None)
    assert outcome.winner == "B"
    told = [(step.kind, step.by) for step in outcome.steps]
    assert told == [("sheet_incomplete", "J2"), ("sheet_incomplete", "J3")]


def test_missing_points_are_the_lowest():
    # K1: (8 + 1 + 1) / 3 of 10, K2: (9 + 6 + 0) / 3 of 10
    got = sheets(Missing.LOWEST).standing("A")
    assert (got.jurors_counted, got.jurors_missing, got.bar) == (3, 2, None)
    assert (got.criterion_means, got.jury) == ((("K1", Fraction(10, 3)), ("K2", 5)), Fraction(125, 3))


@pytest.mark.parametrize("missing", [Missing.BAR, Missing.LOWEST])
def test_a_recused_juror_is_not_missing(missing):
    got = sheets(missing, recusals=[Recusal("J2", "A"), Recusal("J3", None)]).standing("A")
    assert (got.jurors_counted, got.jurors_missing, got.jury, got.bar) == (1, 0, 85, None)


@pytest.mark.parametrize("wrong", [
    {"blend": Blend.SHARE, "ballots": None}, {"quorum": 1, "ballots": None}, {"ballots": 7}, {"ballots": -1},
    {"ballots": 8.0}, {"ballots": True}, {"blend": "rank"}, {"missing": "bar"}, {"missing": Missing.BAR},
    {"missing": Missing.LOWEST}, {"quorum": -1}, {"quorum": 0.5}, {"threshold_votes": -1}, {"threshold_votes": True},
    {"ties": (Breaker.COST,)}, {"ties": (Breaker.EARLIER,)},
    {"blend": Blend.SEPARATE, "jury_weight": 0, "criteria": (), "jury": {}, "votes": {}},
], ids=str)
def test_what_lacks_something_is_refused(wrong):
    with pytest.raises(CountError):
        day(**wrong)


def test_a_juror_whom_nobody_expected_is_refused():
    with pytest.raises(CountError):
        sheets(Missing.LEAVE_OUT, jurors=("J1", "J2"))


@pytest.mark.parametrize("idea", [Idea("A", cost=-1, order=1), Idea("A", cost=1, order=None), Idea("A", "", 1.5, 1)])
def test_an_idea_that_the_breakers_cannot_compare_is_refused(idea):
    rule = Settings(criteria=RUBRIC, ties=(Breaker.COST, Breaker.EARLIER))
    with pytest.raises(CountError):
        decide(rule, [idea], [], [], {})
