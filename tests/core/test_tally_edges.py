"""Counting at its edges: nobody voted, nothing said, costs of nothing, one vote or point beside the line."""

from dataclasses import replace
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
    Score,
    Settings,
    StepKind,
    decide,
    recount,
)
from ideathon.core.tally.blend import combined_points, resident_points, share_points
from ideathon.core.tally.outcome import Standing

RUBRIC = (Criterion("K1", 1, 100),)


def day(jury, votes, ballots=None, costs=None, orders=None, **changes):
    """Jury points from a single juror; ideas by name."""
    rule = Settings(**{"criteria": RUBRIC, "jury_weight": 50, "resident_weight": 50, "ties": (), **changes})
    ideas = [Idea(idea, cost=(costs or {}).get(idea), order=(orders or {}).get(idea)) for idea in jury]
    scores = [Score("J1", idea, "K1", points) for idea, points in jury.items()]
    return decide(rule, ideas, scores, [], votes, ballots=ballots)


def test_where_nobody_voted_everybody_has_nothing():
    assert (resident_points(0, 0), share_points(0, 0)) == (0, 0)
    for blend, ballots in ((Blend.POINTS, None), (Blend.SHARE, 0)):
        outcome = day({"A": 80, "B": 60}, {}, ballots, blend=blend)
        assert [(s.residents, s.combined) for s in outcome.standings] == [(0, 40), (0, 30)]


@pytest.mark.parametrize(("ballots", "quorum", "bar"), [
    (0, 1, Bar.NO_QUORUM), (1, 2, Bar.NO_QUORUM), (1, 1, None), (2, 1, None), (0, 0, None), (None, 0, None)])
def test_a_quorum_is_reached_by_as_many_ballots_as_it_says(ballots, quorum, bar):
    assert day({"A": 80}, {}, ballots, quorum=quorum).standing("A").bar is bar


@pytest.mark.parametrize(("votes", "least", "bar"), [(0, 0, None), (0, 1, Bar.BELOW_VOTES), (1, 1, None)])
def test_least_votes_are_reached_by_as_many_as_they_say(votes, least, bar):
    assert day({"A": 80}, {"A": votes}, threshold_votes=least).standing("A").bar is bar


@pytest.mark.parametrize(("points", "line", "bar"), [(64, 65, Bar.BELOW_THRESHOLD), (65, 65, None), (66, 65, None)])
def test_the_jurys_line_is_reached_by_the_points_that_it_says(points, line, bar):
    outcome = day({"A": points}, {}, threshold_jury=line)
    assert outcome.standing("A").bar is bar
    assert outcome.over_threshold("A") is (bar is None)


@pytest.mark.parametrize(("breaker", "given"), [(Breaker.COST, "costs"), (Breaker.EARLIER, "orders")])
@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 2), (0, 7)])
def test_the_lower_cost_or_number_goes_first_from_nothing_on(breaker, given, first, second):
    outcome = day({"A": 80, "B": 80}, {}, **{given: {"A": second, "B": first}}, ties=(breaker,))
    assert (outcome.winner, outcome.reserve) == ("B", "A")
    same = day({"A": 80, "B": 80}, {}, **{given: {"A": first, "B": first}}, ties=(breaker,))
    assert same.winners == ("A", "B")


def test_who_has_no_means_to_show_counts_as_none_for_the_first_criterion():
    """An idea with too few sheets is equal to one of which all thought nothing, not above and not below."""
    rubric = (Criterion("K1", 1, 10), Criterion("K2", 1, 10))
    rule = Settings(criteria=rubric, ties=(Breaker.FIRST_CRITERION,), means_from=2)
    scores = [Score(j, i, k, p) for j, i, marks in (("J1", "A", (0, 10)), ("J2", "A", (0, 10)), ("J1", "B", (10, 0)))
              for k, p in zip(("K1", "K2"), marks, strict=True)]
    outcome = decide(rule, [Idea("A"), Idea("B")], scores, [], {})
    assert (outcome.standing("A").criterion_means != (), outcome.standing("B").criterion_means) == (True, ())
    assert outcome.winners == ("A", "B")


def test_the_audience_prize_goes_by_the_breakers_and_not_by_name():
    outcome = day({"A": 90, "C": 20, "D": 70}, {"A": 1, "C": 4, "D": 4}, blend=Blend.SEPARATE, ties=(Breaker.JURY,))
    assert outcome.audience == ("D",)
    told = [(step.kind, step.ideas) for step in outcome.steps if step.kind.startswith("audience")]
    assert told == [(StepKind.AUDIENCE_TIE_BROKEN, ("D", "C"))]


def test_a_recount_under_rules_that_need_what_was_not_said_is_refused():
    outcome = day({"A": 80, "B": 70}, {"A": 1})
    for lacking in ({"ties": (Breaker.COST,)}, {"ties": (Breaker.EARLIER,)}, {"blend": Blend.SHARE}, {"quorum": 1}):
        with pytest.raises(CountError):
            recount(outcome, replace(outcome.settings, **lacking))


@pytest.mark.parametrize(("weights", "points"), [((60, 40), 72), ((1, 0), 80), ((0, 1), 60), ((1, 1), 70)])
def test_the_weights_count_by_their_shares(weights, points):
    jury, residents = weights
    rule = Settings(criteria=RUBRIC, jury_weight=jury, resident_weight=residents, ties=())
    assert combined_points(rule, Fraction(80), Fraction(60)) == points
    assert combined_points(replace(rule, blend=Blend.SEPARATE), Fraction(80), Fraction(60)) == 80


def test_what_a_rule_does_not_say_is_the_rule_of_a_small_idea_day():
    said = Settings(criteria=RUBRIC, jury_weight=60, resident_weight=40, threshold_jury=0, min_jurors=1, seed="s",
                    ties=(Breaker.JURY, Breaker.FIRST_CRITERION, Breaker.VOTES, Breaker.LOT), blend=Blend.POINTS,
                    threshold_votes=0, quorum=0, missing=Missing.LEAVE_OUT, means_from=0, per_ballot=1)
    assert Settings(criteria=RUBRIC, seed="s") == said
    assert Criterion("K1", 1, 5) == Criterion("K1", 1, 5, scale_min=0, step=1, eliminatory=False)
    assert Idea("A") == Idea("A", challenge="", cost=None, order=None)


def test_what_a_standing_does_not_say_is_nothing():
    points = Fraction(0)
    said = Standing("A", 1, 0, (), points, 0, points, points, bar=None, eliminated_by=None, jurors_missing=0,
                    jury_rank=None, cost=None, order=None, jurors_recused=0)
    assert Standing("A", 1, 0, (), points, 0, points, points) == said


@pytest.mark.parametrize("edge", [
    {"jury_weight": 0, "min_jurors": 0, "criteria": ()}, {"resident_weight": 0}, {"jury_weight": Fraction(1, 3)},
    {"per_ballot": 2}, {"per_ballot": 1, "blend": Blend.SHARE}, {"per_ballot": 2, "blend": Blend.RANK},
    {"jury_weight": 0, "min_jurors": 0}, {"min_jurors": 1}, {"ties": (Breaker.LOT,), "seed": "s"}, {"ties": ()},
])
def test_a_rule_at_the_edge_of_what_makes_sense_is_taken(edge):
    assert Settings(**{"criteria": RUBRIC, "ties": (), **edge})


@pytest.mark.parametrize("wrong", [
    {"jury_weight": 0, "resident_weight": 0}, {"jury_weight": -1}, {"resident_weight": -1}, {"jury_weight": 0.5},
    {"jury_weight": True}, {"criteria": ()}, {"min_jurors": 0}, {"min_jurors": -1}, {"ties": (Breaker.LOT,)},
    {"per_ballot": 0}, {"per_ballot": -1}, {"per_ballot": 2, "blend": Blend.SHARE}, {"means_from": -1},
    {"recusal_scope": "idea"}, {"ties": ("jury",)}, {"blend": "points"}, {"missing": "bar"}, {"threshold_votes": -1},
    {"criteria": RUBRIC * 2}, {"ties": (Breaker.JURY, Breaker.JURY)}, {"blend": Blend.SEPARATE, "min_jurors": 0},
    {"blend": Blend.SEPARATE, "jury_weight": 0, "min_jurors": 0}, {"threshold_jury": 0.5}, {"quorum": True},
], ids=str)
def test_a_rule_just_past_the_edge_is_refused(wrong):
    with pytest.raises(CountError):
        Settings(**{"criteria": RUBRIC, "ties": (), **wrong})


@pytest.mark.parametrize(("given", "good"), [
    ({}, True), ({"weight": 0}, False), ({"weight": Fraction(1, 9)}, True), ({"step": 0}, False),
    ({"scale_min": 5}, False), ({"scale_min": 4}, True), ({"scale_min": -1}, False), ({"weight": 0.5}, False),
    ({"step": 0.5}, False), ({"scale_min": 0.5}, False), ({"scale_max": 5.5}, False), ({"weight": True}, False)])
def test_a_line_of_the_rubric_makes_sense_or_is_refused(given, good):
    wanted = {"id": "K1", "weight": 1, "scale_max": 5, **given}
    if good:
        assert Criterion(**wanted).id == "K1"
    else:
        with pytest.raises(CountError):
            Criterion(**wanted)


@pytest.mark.parametrize("lowest", [0, 1, 2])
def test_a_line_of_the_rubric_takes_its_lowest_points_and_whole_steps_from_there(lowest):
    line = Criterion("K1", 1, lowest + 9, scale_min=lowest, step=3)
    assert [p - lowest for p in range(lowest - 4, lowest + 14) if line.takes(p)] == [0, 3, 6, 9]


GOOD = {"ideas": [Idea("A"), Idea("B")], "scores": [Score("J1", "A", "K1", 5)], "recusals": [], "votes": {"A": 1}}


@pytest.mark.parametrize(("wrong", "said"), [
    ({"ideas": [Idea("A"), Idea("A")]}, "twice"), ({"scores": GOOD["scores"] * 2}, "twice"),
    ({"scores": [Score("J1", "X", "K1", 5)]}, "not on the list"), ({"votes": {"X": 1}}, "not on the list"),
    ({"scores": [Score("J1", "A", "K9", 5)]}, "K9"), ({"scores": [Score("J1", "A", "K1", 101)]}, "101"),
    ({"scores": [Score("J1", "A", "K1", -1)]}, "-1"), ({"scores": [Score("J1", "A", "K1", 5.0)]}, "exact"),
    ({"votes": {"A": -1}}, "-1"), ({"ballots": 0}, "more votes"), ({"ballots": -1}, "whole"),
    ({"jurors": ("J2",)}, "J1"), ({"ideas": [Idea("A", cost=-1), Idea("B")]}, "whole"),
    ({"ideas": [Idea("A", order=0.5), Idea("B")]}, "whole"),
])
def test_material_that_does_not_fit_is_refused_and_named(wrong, said):
    rule = Settings(criteria=RUBRIC, ties=())
    assert decide(rule, **GOOD, ballots=1, jurors=("J1",)).standing("A").votes == 1
    with pytest.raises(CountError, match=said):
        decide(rule, **{**GOOD, **wrong})


@pytest.mark.parametrize(("per_ballot", "votes", "good"), [(1, 3, True), (1, 4, False), (2, 6, True), (2, 7, False)])
def test_no_idea_has_more_votes_than_the_ballots_can_give(per_ballot, votes, good):
    rule = Settings(criteria=RUBRIC, ties=(), per_ballot=per_ballot)
    made = {**GOOD, "votes": {"A": votes}}
    if good:
        assert decide(rule, **made, ballots=3).standing("A").votes == votes
    else:
        with pytest.raises(CountError, match="more votes"):
            decide(rule, **made, ballots=3)
