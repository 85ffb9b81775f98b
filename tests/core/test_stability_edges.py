"""How firm an outcome is, at the edges: who is left out at all, what steps back by how much, which batches are none."""

from dataclasses import replace

import pytest

from ideathon.core.tally import (
    Blend,
    Breaker,
    CountError,
    Criterion,
    Idea,
    Score,
    Settings,
    Tried,
    firmness,
    from_data,
    to_data,
    to_public,
)
from ideathon.core.tally.stability import Material
from tests.core.test_tally_stability import material, told

TWO = (Criterion("K1", 50, 10), Criterion("K2", 50, 10))


def test_a_juror_is_whoever_scored_or_should_have():
    given = material({"J1": {"A": 60, "B": 50}, "J2": {"A": 60, "B": 50}}, {})
    nobody_said, one_more = replace(given, jurors=()), replace(given, jurors=("J1", "J2", "J9"))
    assert [one.name for one in firmness(nobody_said).of(Tried.JUROR)] == ["J1", "J2"]
    assert [one.name for one in firmness(one_more).of(Tried.JUROR)] == ["J1", "J2", "J9"]


def test_the_least_number_of_jurors_steps_back_by_one_and_no_further():
    """B has two sheets of the three that it needs; without one of those jurors it has one of two."""
    given = material({"J1": {"A": 50, "B": 90}, "J2": {"A": 50, "B": 90}, "J3": {"A": 50}}, {}, min_jurors=3)
    found = firmness(given)
    assert found.winners == ("A",)
    assert {one.name: one.winners for one in found.of(Tried.JUROR)} == {"J1": ("A",), "J2": ("A",), "J3": ("B",)}


def test_the_least_number_of_sheets_for_a_mean_steps_back_by_one_and_no_further():
    rule = Settings(criteria=TWO, ties=(Breaker.FIRST_CRITERION,), means_from=3)
    sheets = {"J1": "AB", "J2": "AB", "J3": "A"}
    scores = tuple(Score(juror, idea, k, p) for juror, ideas in sheets.items() for idea in ideas
                   for k, p in zip(("K1", "K2"), (4, 8) if idea == "A" else (8, 4), strict=True))
    found = firmness(Material(rule, (Idea("A"), Idea("B")), scores, (), {}, 0, tuple(sheets)))
    assert {one.name: one.winners for one in found.of(Tried.JUROR)} == {"J1": ("A",), "J2": ("A",), "J3": ("B",)}


@pytest.mark.parametrize("batch", [
    ({"A": 3}, 5), ({"X": 1}, 5), ({"A": -1}, 5), ({"A": 2}, 1), ({"A": 1}, 9), ({"A": 1}, 0), ({}, -1), ({}, 7),
], ids=str)
def test_a_batch_of_what_was_not_counted_is_named(batch):
    given = replace(material({"J1": {"A": 90}}, {"A": 2}, {"x": batch}), ballots=6)
    with pytest.raises(CountError, match=r"batch x has (votes|ballots) that were not counted"):
        firmness(given)


@pytest.mark.parametrize("batch", [
    ({}, 0), ({}, 3), ({"A": 0}, 0), ({"A": 2}, 2), ({"A": 2}, 4), ({"A": 1}, 4)], ids=str)
def test_a_batch_may_be_empty_or_all_that_there_is(batch):
    given = replace(material({"J1": {"A": 90}}, {"A": 2}, {"x": batch}), ballots=6)
    assert [one.winners for one in firmness(given).of(Tried.BATCH)] == [("A",)]


def test_without_the_only_batch_the_jury_decides_alone():
    given = material({"J1": {"A": 90, "B": 80}}, {"A": 0, "B": 4}, {"x": ({"B": 4}, 4)})
    assert told(firmness(given), Tried.BATCH) == {"x": ("A",)}


def test_a_batch_in_which_a_star_counts_double_has_half_as_many_ballots():
    given = material({"J1": {"A": 90, "B": 80}}, {"A": 0, "B": 6}, {"x": ({"B": 6}, 3)}, per_ballot=2)
    given = replace(given, ballots=3)
    assert told(firmness(given), Tried.BATCH) == {"x": ("A",)}
    with pytest.raises(CountError, match="batch x has ballots"):
        firmness(replace(given, ballots=4, batches={"x": ({"B": 6}, 2)}))


def test_shares_are_of_the_ballots_that_are_left():
    """B has 3 of 20 ballots, and 3 of the 10 that are left: with 30 ballots it would be level with A."""
    given = replace(material({"J1": {"A": 60, "B": 50}}, {"B": 3}, {"x": ({}, 10)}, blend=Blend.SHARE), ballots=20)
    assert [one.winners for one in firmness(given).of(Tried.BATCH)] == [("B",)]


@pytest.mark.parametrize(("quorum", "winners"), [(20, ("A",)), (11, ("A",)), (0, ("A",))])
def test_the_quorum_steps_back_by_the_ballots_that_are_left_out(quorum, winners):
    given = replace(material({"J1": {"A": 60}}, {"A": 3}, {"x": ({}, 10)}, quorum=quorum), ballots=20)
    assert [one.winners for one in firmness(given).of(Tried.BATCH)] == [winners]


def test_a_form_that_nobody_knows_is_not_read(engure):
    for data in (to_data(engure.outcome()), to_public(engure.outcome())):
        with pytest.raises(CountError, match="unknown form 'ideathon-outcome-4'"):
            from_data(data | {"form": "ideathon-outcome-4"})


@pytest.mark.parametrize("votes", [1, 2])
def test_how_many_votes_a_ballot_gives_is_written_only_where_it_is_not_one(engure, votes):
    rule = replace(engure.settings, per_ballot=votes)
    outcome = replace(engure, settings=rule).outcome()
    data = to_data(outcome)
    assert data["settings"].get("per_ballot") == (None if votes == 1 else votes)
    assert from_data(data) == outcome
    assert from_data(to_public(outcome)).settings.per_ballot == votes
