"""What everybody may have of an outcome: enough to count it again, and nothing that is one juror's own."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from ideathon.core.tally import (
    NO_PLACE,
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
    firmness,
    from_data,
    recount,
    to_data,
    to_public,
)
from ideathon.core.tally.stability import Material
from tests.core.test_tally_laws import days

FROM = 3
OF_A_JUROR = {StepKind.JUROR_RECUSED, StepKind.SHEET_INCOMPLETE}


def held_back(day: dict) -> dict:
    return dict(day, settings=replace(day["settings"], means_from=FROM))


def full(outcome, standing) -> int:
    return outcome.settings.full_sheets(standing.jurors_counted, standing.jurors_missing)


@given(days())
def test_it_can_be_read_and_counted_again_by_every_blend_without_a_juror_s_name(day):
    outcome = decide(**held_back(day))
    public = from_data(to_public(outcome))
    assert public == replace(outcome, steps=tuple(s for s in outcome.steps if s.kind not in OF_A_JUROR))
    assert recount(public) == public
    for blend in Blend:
        other = replace(outcome.settings, blend=blend)
        assert recount(public, other).standings == decide(**dict(day, settings=other)).standings


@given(days())
def test_means_are_told_of_ideas_with_enough_full_sheets_only(day):
    """A mean of fewer is a juror's own points, or another juror of the two can take away the own ones."""
    outcome = decide(**held_back(day))
    for one in outcome.standings:
        assert bool(one.criterion_means) == (full(outcome, one) >= FROM), one
        if full(outcome, one) < FROM and one.bar in NO_PLACE:
            assert (one.jury, one.eliminated_by is None) == (0, one.bar is not Bar.ELIMINATED)


@given(days(), st.data())
def test_of_few_sheets_nothing_but_the_jury_s_points_is_told(day, data):
    """Other marks with the same points, or any other marks where the idea has no place, give the same public data."""
    day = held_back(day)
    equal = tuple(replace(c, weight=1, eliminatory=False) for c in day["settings"].criteria)
    day["settings"] = replace(day["settings"], criteria=equal)
    outcome = decide(**day)
    few = {one.idea: one.bar for one in outcome.standings if full(outcome, one) < FROM}
    other = {"K1": "K2", "K2": "K1"}
    turned = [replace(s, criterion=other[s.criterion]) if s.idea in few else s for s in day["scores"]]
    assert to_public(decide(**dict(day, scores=turned))) == to_public(outcome)
    unplaced = {idea for idea, bar in few.items() if bar in NO_PLACE}
    drawn = [replace(s, points=data.draw(st.integers(0, 2))) if s.idea in unplaced else s for s in day["scores"]]
    assert to_public(decide(**dict(day, scores=drawn))) == to_public(outcome)


RUBRIC = (Criterion("K1", 50, 10), Criterion("K2", 50, 10))


def two_ideas(jurors: int, of_b: int, **changes):
    """A has 8 and 4 from everybody, B 4 and 8, but only from so many; both have as many votes."""
    rule = Settings(**{"criteria": RUBRIC, "ties": (Breaker.FIRST_CRITERION,), "means_from": FROM, **changes})
    names = [f"J{n}" for n in range(1, jurors + 1)]
    scores = [Score(j, i, k, p) for n, j in enumerate(names) for i, marks in (("A", (4, 8)), ("B", (8, 4)))
              for k, p in zip(("K1", "K2"), marks, strict=True) if i == "A" or n < of_b]
    return decide(rule, [Idea("A"), Idea("B")], scores, [], {"A": 1, "B": 1}, ballots=1, jurors=names)


def test_the_first_criterion_parts_only_what_everybody_can_see():
    """B has more for the first criterion; where nobody may see it, it counts as having none."""
    assert two_ideas(3, 3).winner == "B"
    assert two_ideas(3, 2).winner == "A"
    assert two_ideas(2, 2).winner is None
    assert two_ideas(2, 2, means_from=0).winner == "B"


def test_a_juror_who_never_came_is_no_sheet():
    """The lowest marks count for the mean; but who did not score is none of the jurors that an idea needs."""
    came = two_ideas(3, 1, missing=Missing.LOWEST, min_jurors=2, means_from=0).standing("B")
    assert (came.jurors_counted, came.jurors_missing, came.bar) == (3, 2, Bar.TOO_FEW_JURORS)
    enough = two_ideas(3, 2, missing=Missing.LOWEST, min_jurors=2).standing("B")
    assert (enough.bar, enough.criterion_means, enough.jury) == (None, (), Fraction(100 * 12 * 2, 3 * 20))


def test_without_a_juror_the_number_of_sheets_for_a_mean_steps_back():
    """Else a firm result of three jurors would look like one that any of them decided."""
    rule = Settings(criteria=RUBRIC, ties=(Breaker.FIRST_CRITERION,), means_from=FROM)
    scores = tuple(Score(j, i, k, p) for j in ("J1", "J2", "J3") for i, k, p in
                   (("A", "K1", 4), ("A", "K2", 8), ("B", "K1", 8), ("B", "K2", 4)))
    found = firmness(Material(rule, (Idea("A"), Idea("B")), scores, (), {"A": 1, "B": 1}, 2, ("J1", "J2", "J3")))
    assert {one.winners for one in found.recounts if one.kind == "juror"} == {("B",)}


@pytest.mark.parametrize("change", [
    lambda data: data["settings"].pop("means_from"), lambda data: data["standings"][0].pop("jurors_recused"),
    lambda data: data["standings"][0].update(jurors_recused=-1), lambda data: data["settings"].update(means_from="3"),
    lambda data: data["steps"].append({"kind": "juror_recused", "ideas": ["A"], "by": "J1"}),
])
def test_data_that_are_no_public_outcome_are_refused(change):
    data = to_public(two_ideas(3, 3))
    change(data)
    with pytest.raises(CountError):
        from_data(data)


def test_how_many_stood_back_is_told_and_not_who():
    rule = Settings(criteria=RUBRIC, ties=(), means_from=FROM)
    scores = [Score(j, "A", k.id, 5) for j in ("J1", "J2", "J3", "J4") for k in RUBRIC]
    outcome = decide(rule, [Idea("A")], scores, [Recusal("J4", "A")], {}, jurors=("J1", "J2", "J3", "J4"))
    assert "J4" in str(to_data(outcome))
    assert "J4" not in str(to_public(outcome))
    assert from_data(to_public(outcome)).standing("A").jurors_recused == 1
