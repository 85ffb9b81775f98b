"""Approval and the jury's marks, on cases counted by hand; material that does not fit is refused."""

from fractions import Fraction

import pytest

from ideathon.core.tally import (
    Bar,
    Breaker,
    CountError,
    Criterion,
    Idea,
    Recusal,
    Scope,
    Score,
    Settings,
    decide,
    rounded,
)
from ideathon.core.tally.rules import RULES
from ideathon.core.tally.rules.jury import recused_jurors

RUBRIC = (Criterion("K1", 60, 5, eliminatory=True), Criterion("K2", 40, 10))
IDEAS = (Idea("A", "C1"), Idea("B", "C1"), Idea("C", "C2"), Idea("D"), Idea("E"))


def rules(**changes) -> Settings:
    return Settings(**{"criteria": RUBRIC, "seed": "s", **changes})


def sheet(juror: str, idea: str, *points) -> list[Score]:
    return [Score(juror, idea, criterion.id, value) for criterion, value in zip(RUBRIC, points, strict=False)]


def standing(scores, settings=None, recusals=(), votes=None):
    return decide(settings or rules(), IDEAS, scores, recusals, votes or {}).standing("A")


def test_approval_counts_every_idea_named():
    assert RULES["approval"].count(["A", "B", "C"], [["A"], ["A", "B"], []]) == {"A": 2, "B": 1, "C": 0}


@pytest.mark.parametrize("ballot", [["A", "A"], ["X"]])
def test_approval_refuses_what_is_not_a_ballot(ballot):
    with pytest.raises(CountError):
        RULES["approval"].count(["A", "B"], [["B"], ballot])


def test_jury_points_by_hand():
    # K1: (3 + 4) / 2 = 7/2 of 5; K2: (5 + 8) / 2 = 13/2 of 10; 60 * 7/10 + 40 * 13/20 = 42 + 26
    got = standing([*sheet("J1", "A", 3, 5), *sheet("J2", "A", 4, 8)])
    assert (got.jury, got.jurors_counted) == (68, 2)
    assert got.criterion_means == (("K1", Fraction(7, 2)), ("K2", Fraction(13, 2)))


def test_combined_points_by_hand():
    got = standing(sheet("J1", "A", 5, 10), votes={"A": 1, "B": 3})
    assert (got.residents, got.combined) == (Fraction(100, 3), 60 + Fraction(40, 3))


def test_half_steps():
    half = (Criterion("K1", 1, 2, step=Fraction(1, 2)),)
    got = standing([Score("J1", "A", "K1", Fraction(3, 2))], rules(criteria=half))
    assert got.jury == 75


def test_an_incomplete_sheet_does_not_count_and_is_told():
    outcome = decide(rules(), IDEAS, [*sheet("J1", "A", 5, 10), *sheet("J2", "A", 0)], [], {})
    assert outcome.standing("A").jury == 100
    assert ("sheet_incomplete", ("A",), "J2") in [(step.kind, step.ideas, step.by) for step in outcome.steps]


@pytest.mark.parametrize(
    ("first_points", "bar"),
    [
        ([0, 0, 5], Bar.ELIMINATED),
        ([0, 1, 5], None),
        ([0, 0, 4, 5], None),
        ([0, 0, 0, 5], Bar.ELIMINATED),
        ([0], Bar.ELIMINATED),
    ],
)
def test_a_median_of_nothing_on_the_eliminatory_criterion(first_points, bar):
    scores = [s for n, points in enumerate(first_points) for s in sheet(f"J{n}", "A", points, 10)]
    got = standing(scores)
    assert (got.bar, got.place is None, got.eliminated_by) == (bar, bar is not None, "K1" if bar else None)


def test_nothing_on_another_criterion_does_not_eliminate():
    assert standing(sheet("J1", "A", 5, 0)).bar is None


@pytest.mark.parametrize(("jurors", "bar"), [(2, Bar.TOO_FEW_JURORS), (3, None)])
def test_too_few_jurors_cannot_be_ranked(jurors, bar):
    scores = [s for n in range(jurors) for s in sheet(f"J{n}", "A", 5, 10)]
    got = standing(scores, rules(min_jurors=3))
    assert (got.bar, got.place) == (bar, None if bar else 1)


@pytest.mark.parametrize(("points", "bar"), [(4, Bar.BELOW_THRESHOLD), (5, None)])
def test_the_threshold_itself_is_enough(points, bar):
    got = standing(sheet("J1", "A", 5, points), rules(threshold_jury=80))
    assert (got.bar, got.place) == (bar, 1)


@pytest.mark.parametrize(
    ("scope", "reached"),
    [(Scope.IDEA, {"A"}), (Scope.CHALLENGE, {"A", "B"}), (Scope.EVENT, {"A", "B", "C", "D", "E"})],
)
def test_how_far_a_recusal_reaches(scope, reached):
    recused = recused_jurors(scope, IDEAS, [Recusal("J1", "A")])
    assert {idea for idea, jurors in recused.items() if jurors == {"J1"}} == reached


def test_ideas_without_a_challenge_do_not_share_one():
    recused = recused_jurors(Scope.CHALLENGE, IDEAS, [Recusal("J1", "D")])
    assert {idea for idea, jurors in recused.items() if jurors} == {"D"}


def test_without_a_jury_the_votes_decide():
    alone = Settings(jury_weight=0, resident_weight=1, min_jurors=0, ties=())
    outcome = decide(alone, IDEAS, [], [], {"B": 2, "C": 1})
    assert (outcome.winner, outcome.reserve) == ("B", "C")


def test_nothing_to_count():
    outcome = decide(rules(), [], [], [], {})
    assert (outcome.standings, outcome.winners, outcome.winner, outcome.reserve) == ((), (), None, None)


def test_ideas_but_nothing_else():
    outcome = decide(rules(), IDEAS, [], [], {})
    assert {s.bar for s in outcome.standings} == {Bar.TOO_FEW_JURORS}
    assert outcome.winner is None


@pytest.mark.parametrize(
    "material",
    [
        {"ideas": [Idea("A"), Idea("A")]},
        {"votes": {"X": 1}},
        {"votes": {"A": -1}},
        {"scores": sheet("J1", "X", 1, 1)},
        {"scores": sheet("J1", "A", 6, 1)},
        {"scores": sheet("J1", "A", -1, 1)},
        {"scores": sheet("J1", "A", Fraction(1, 2), 1)},
        {"scores": [Score("J1", "A", "K1", 2.0)]},
        {"scores": [Score("J1", "A", "K9", 2)]},
        {"scores": sheet("J1", "A", 1, 1) * 2},
        {"recusals": [Recusal("J1", "X")]},
    ],
    ids=str,
)
def test_material_that_does_not_fit_is_refused(material):
    whole = {"ideas": IDEAS, "scores": [], "recusals": [], "votes": {}, **material}
    with pytest.raises(CountError):
        decide(rules(), **whole)


@pytest.mark.parametrize(
    "wrong",
    [
        {"jury_weight": 0, "resident_weight": 0}, {"jury_weight": -1}, {"resident_weight": 0.4}, {"min_jurors": 0},
        {"criteria": ()}, {"seed": ""}, {"criteria": RUBRIC[:1] * 2}, {"ties": (Breaker.JURY, Breaker.JURY)},
        {"ties": ("jury",)}, {"recusal_scope": "event"},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(CountError):
        rules(**wrong)


@pytest.mark.parametrize("wrong", [(0, 5), (10, 0), (10, 5, 5), (10, 5, -1), (10, 5, 0, 0), (True, 5)])
def test_a_criterion_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(CountError):
        Criterion("K1", *wrong)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(Fraction(1, 3), "0.33"), (Fraction(5, 1000), "0.01"), (Fraction(4999, 1000000), "0.00"), (100, "100.00"),
     (Fraction(1995, 1000), "2.00"), (Fraction(-5, 1000), "-0.01"), (Fraction(-1, 1000), "0.00"),
     (Fraction(1005, 1000), "1.01")],
)
def test_rounded_half_away_from_nothing(number, shown):
    assert rounded(number) == shown


def test_rounded_to_whole_numbers():
    assert [rounded(Fraction(n, 2), 0) for n in (1, 3, 4)] == ["1", "2", "2"]
