"""The reason of every idea: the demo's, and one case for each kind."""

from fractions import Fraction

import pytest

from ideathon.core.tally import (
    Blend,
    Breaker,
    Code,
    Criterion,
    Idea,
    Missing,
    Reason,
    Score,
    Settings,
    decide,
    explain,
    votes_to_win,
)

RUBRIC = (Criterion("K1", 100, 100, eliminatory=True),)


def reasons(points: dict, votes: dict, **changes) -> dict[str, Reason]:
    """Jury points per idea from a single juror (None: no sheet), and votes."""
    settings = Settings(**{"criteria": RUBRIC, "jury_weight": 50, "resident_weight": 50, "ties": (), **changes})
    scores = [Score("J1", idea, "K1", given) for idea, given in points.items() if given is not None]
    outcome = decide(settings, [Idea(idea) for idea in points], scores, [], votes, ballots=sum(votes.values()))
    return {reason.idea: reason for reason in explain(outcome)}


def test_the_demo_winner_had_the_most_votes_though_the_jury_put_another_first(engure):
    first = explain(engure.outcome())[0]
    assert first == Reason("I01", Code.WON_DESPITE_JURY_FIRST_OTHER, place=1, votes=38, other="I03")


def test_the_demo_reserve_missed_three_votes(engure):
    second = explain(engure.outcome())[1]
    assert (second.idea, second.code, second.place, second.missing, second.votes) == ("I03", "missing_votes", 2, 3, 34)
    assert second.points == Fraction(2269, 25) - engure.outcome().standing("I03").combined


def test_the_demo_idea_below_the_threshold(engure):
    reason = next(r for r in explain(engure.outcome()) if r.idea == "I06")
    assert (reason.code, reason.jury, reason.threshold, reason.points, reason.missing) == (
        "below_threshold", Fraction(313, 5), 65, Fraction(12, 5), None,
    )


def test_every_demo_idea_has_a_reason(engure):
    codes = [reason.code for reason in explain(engure.outcome())]
    assert codes == ["won_despite_jury_first_other", *["missing_votes"] * 9, "below_threshold", "missing_votes"]


@pytest.mark.parametrize(
    ("points", "votes", "code", "other"),
    [
        ({"A": 90, "B": 50}, {"A": 2, "B": 1}, "won_both", None),
        ({"A": 90, "B": 90, "C": 10}, {"A": 3, "B": 2}, "won_most_votes", None),
        ({"A": 80, "B": 90}, {"A": 4, "B": 1}, "won_despite_jury_first_other", "B"),
        ({"A": 90, "B": 50}, {"A": 2, "B": 2}, "won_top_jury", None),
        ({"A": 90, "B": 50}, {}, "won_top_jury", None),
        ({"A": 90, "B": 20}, {"A": 9, "B": 10}, "won_despite_votes_first_other", "B"),
        ({"A": 80, "B": 90, "C": 10}, {"A": 8, "B": 1, "C": 10}, "won_together", None),
        ({"A": 50}, {"A": 1}, "won_alone", None),
        ({"A": 50, "B": None}, {"B": 5}, "won_alone", None),
    ],
)
def test_what_carried_the_winner(points, votes, code, other):
    assert (reasons(points, votes)["A"].code, reasons(points, votes)["A"].other) == (code, other)


def test_won_though_an_idea_that_cannot_win_stands_higher():
    got = reasons({"A": 70, "B": 60, "C": 50}, {"A": 1, "C": 20}, threshold_jury=60)
    assert (got["A"].code, got["A"].place, got["A"].other) == ("won_first_eligible", 2, "C")
    assert (got["C"].code, got["C"].place, got["C"].points) == ("below_threshold", 1, 10)


def test_an_idea_that_cannot_win_is_no_rival():
    alone = reasons({"A": 70, "B": 50}, {"A": 1}, threshold_jury=60)
    assert (alone["A"].code, alone["B"].code) == ("won_alone", "below_threshold")
    # B has as many points as A, but only C could have won instead.
    tied = reasons({"A": 60, "B": 50, "C": 55}, {"A": 9, "B": 10}, ties=(Breaker.JURY,), threshold_jury=55)
    assert [tied[idea].code for idea in "ABC"] == ["won_despite_votes_first_other", "below_threshold", "missing_votes"]


def test_won_and_lost_by_a_breaker():
    got = reasons({"A": 80, "B": 60, "C": 0}, {"A": 6, "B": 8, "C": 10}, ties=(Breaker.JURY,))
    assert (got["A"].code, got["A"].by, got["A"].other) == ("won_tie", Breaker.JURY, "B")
    lost = got["B"]
    assert (lost.code, lost.by, lost.other, lost.missing, lost.points) == ("lost_tie", "jury", "A", 1, 0)


def test_a_tie_that_stands():
    got = reasons({"A": 80, "B": 60, "C": 0}, {"A": 6, "B": 8, "C": 10})
    assert [(got[i].code, got[i].other, got[i].missing) for i in "AB"] == [
        ("tied_for_first", "B", 1), ("tied_for_first", "A", 1),
    ]


def test_no_number_of_votes_is_enough():
    got = reasons({"A": 100, "B": 20}, {"A": 5, "B": 1}, jury_weight=60, resident_weight=40)
    assert (got["B"].code, got["B"].missing, got["B"].points) == ("behind", None, 80)


def test_the_most_votes_rise_with_the_ideas_own():
    # B needs 100 * 10 / V < 80, so 13 votes: counted against the old most of 10 it would seem that no number is enough.
    got = reasons({"A": 90, "B": 70}, {"A": 10, "B": 1})
    assert (got["B"].code, got["B"].missing) == ("missing_votes", 12)


def test_eliminated_and_too_few_jurors():
    got = reasons({"A": 50, "B": 0, "C": None}, {"B": 9}, min_jurors=1)
    assert (got["B"].code, got["B"].criterion, got["B"].place) == ("eliminated", "K1", None)
    assert (got["C"].code, got["C"].have, got["C"].need, got["C"].place) == ("too_few_jurors", 0, 1, None)


def test_by_shares_the_missing_votes_bring_their_own_ballots():
    # A: 50 of 60 ballots. B is 40 jury points behind, and needs (10 + n - 50) / (60 + n) > 2/5, so n > 320/3.
    got = reasons({"A": 90, "B": 50}, {"A": 50, "B": 10}, blend=Blend.SHARE)
    assert (got["B"].code, got["B"].missing, got["B"].points) == ("missing_votes", 107, 20 + Fraction(100, 3))


def test_by_ranks_passing_one_more_idea_may_be_enough_or_never():
    got = reasons({"A": 90, "B": 80, "C": 10}, {"A": 5, "B": 3, "C": 9}, blend=Blend.RANK)
    assert [(got[i].code, got[i].missing) for i in "ABC"] == [
        ("won_despite_votes_first_other", None), ("missing_votes", 6), ("behind", None)]


def test_two_prizes():
    got = reasons({"A": 90, "B": 50, "C": 40}, {"A": 1, "B": 9, "C": 3}, blend=Blend.SEPARATE)
    assert got["A"].code == "won_jury_prize"
    assert (got["B"].code, got["B"].points, got["B"].missing) == ("won_audience_prize", 40, None)
    assert (got["C"].code, got["C"].points, got["C"].missing) == ("behind_both_prizes", 50, 7)
    assert reasons({"A": 90, "B": 50}, {"A": 2, "B": 1}, blend=Blend.SEPARATE)["A"].code == "won_both_prizes"


def test_too_few_votes_of_its_own():
    got = reasons({"A": 90, "B": 60, "C": 10}, {"A": 2, "B": 6, "C": 4}, threshold_votes=5)
    assert (got["A"].code, got["A"].have, got["A"].need, got["A"].missing) == ("below_votes", 2, 5, 3)
    assert (got["C"].code, got["C"].have, got["C"].need, got["C"].missing) == ("below_votes", 4, 5, 9)
    assert got["B"].code == "won_alone"


def test_too_few_ballots_for_anybody():
    got = reasons({"A": 90, "B": 60}, {"A": 2, "B": 6}, quorum=10)
    assert {(r.code, r.have, r.need, r.missing) for r in got.values()} == {("no_quorum", 8, 10, None)}


def test_a_missing_sheet_that_bars():
    rule = Settings(criteria=RUBRIC, ties=(), missing=Missing.BAR)
    outcome = decide(rule, [Idea("A")], [Score("J1", "A", "K1", 5)], [], {}, jurors=("J1", "J2", "J3"))
    [reason] = explain(outcome)
    assert (reason.code, reason.have, reason.need) == ("sheets_missing", 1, 3)


def test_votes_to_win_is_silent_for_the_winner_and_for_who_cannot_win(engure):
    outcome = engure.outcome()
    assert [votes_to_win(outcome, idea) for idea in ("I01", "I06", "I03")] == [None, None, 3]


def test_an_unknown_idea_is_an_error(engure):
    with pytest.raises(KeyError):
        votes_to_win(engure.outcome(), "I99")


def test_nothing_to_explain():
    assert explain(decide(Settings(criteria=RUBRIC, ties=()), [], [], [], {})) == ()
