"""How firm an outcome is: every recount is a whole count with one thing left out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from ideathon.core.tally import (
    Blend,
    CountError,
    Criterion,
    Idea,
    Material,
    Missing,
    Recusal,
    Score,
    Settings,
    Tried,
    decide,
    firmness,
)

RUBRIC = (Criterion("K1", 1, 100),)


def material(sheets, votes, batches=None, recusals=(), **changes) -> Material:
    """Sheets: {juror: {idea: points of a hundred}}."""
    rule = Settings(**{"criteria": RUBRIC, "jury_weight": 50, "resident_weight": 50, "ties": (), **changes})
    scores = tuple(Score(juror, idea, "K1", given) for juror, sheet in sheets.items() for idea, given in sheet.items())
    ideas = tuple(Idea(idea) for idea in sorted({score.idea for score in scores}))
    return Material(rule, ideas, scores, tuple(recusals), votes, sum(votes.values()), tuple(sheets), batches)


def told(found, kind):
    return {one.name: one.winners for one in found.changes(kind)}


def test_one_juror_who_decided_is_found():
    found = firmness(material({"J1": {"A": 60, "B": 50}, "J2": {"A": 60, "B": 50}, "J3": {"A": 0, "B": 100}}, {}))
    assert found.winners == ("B",)
    assert told(found, Tried.JUROR) == {"J3": ("A",)}
    assert [one.name for one in found.of(Tried.JUROR)] == ["J1", "J2", "J3"]


def test_one_place_that_decided_is_found():
    given_ = material({"J1": {"A": 50, "B": 50}}, {"A": 20, "B": 22},
                      {"hall": ({"A": 20, "B": 10}, 30), "library": ({"B": 12}, 12)})
    found = firmness(given_)
    assert told(found, Tried.BATCH) == {"library": ("A",)}
    assert len(found.of(Tried.BATCH)) == 2


def test_what_decided_the_audience_prize_is_found_apart_from_who_won():
    given_ = material({"J1": {"A": 90, "B": 60}, "J2": {"A": 90, "B": 20}, "J3": {"A": 90, "B": 80}},
                      {"A": 12, "B": 14}, {"phone": ({"A": 12}, 12), "hall": ({"B": 14}, 14)}, blend=Blend.SEPARATE,
                      threshold_jury=50)
    found = firmness(given_)
    assert (found.winners, found.audience) == (("A",), ("B",))
    assert (told(found, Tried.JUROR), told(found, Tried.BATCH)) == ({}, {})
    assert {one.name: one.audience for one in found.audience_changes(Tried.BATCH)} == {"hall": ("A",)}
    assert {one.name: one.audience for one in found.audience_changes(Tried.JUROR)} == {"J3": ("A",)}
    assert found.audience_changes(Tried.BLEND) == ()


def test_another_blend_and_another_winner():
    found = firmness(material({"J1": {"A": 100, "B": 90, "C": 80}}, {"A": 10, "B": 12, "C": 13}))
    assert found.winners == ("B",)
    assert told(found, Tried.BLEND) == {"share": ("A",), "rank": ("A", "B", "C"), "separate": ("A",)}


def test_a_firm_result():
    found = firmness(material({"J1": {"A": 90, "B": 10}, "J2": {"A": 90, "B": 10}}, {"A": 30, "B": 4},
                              {"x": ({"A": 15, "B": 2}, 17), "y": ({"A": 15, "B": 2}, 17)}))
    assert [found.changes(kind) for kind in Tried] == [(), (), ()]
    assert {one.winners for one in found.recounts} == {("A",)}


def test_the_minimum_and_the_quorum_step_back_by_what_is_left_out():
    given_ = material({"J1": {"A": 90, "B": 10}, "J2": {"A": 90, "B": 10}}, {"A": 30, "B": 4},
                      {"x": ({"A": 15, "B": 2}, 17)}, min_jurors=2, quorum=34)
    assert {one.winners for one in firmness(given_).recounts} == {("A",)}


def test_without_the_only_juror_nobody_wins_where_the_jury_counts():
    for missing in Missing:
        found = firmness(material({"J1": {"A": 90, "B": 10}}, {"A": 1}, missing=missing))
        assert told(found, Tried.JUROR) == {"J1": ()}
        alone = firmness(material({"J1": {"A": 90, "B": 10}}, {"A": 1}, missing=missing, jury_weight=0, min_jurors=0))
        assert told(alone, Tried.JUROR) == {}


def test_blends_that_lack_something_are_passed_over():
    without = replace(material({"J1": {"A": 90, "B": 10}}, {"A": 1}), ballots=None)
    assert [one.name for one in firmness(without).of(Tried.BLEND)] == ["rank", "separate"]
    votes_only = Material(Settings(jury_weight=0, min_jurors=0, ties=()), (Idea("A"),), (), (), {"A": 1}, 1)
    assert [one.name for one in firmness(votes_only).of(Tried.BLEND)] == ["share", "rank"]


@pytest.mark.parametrize("batch", [({"A": 3}, 3), ({"X": 1}, 1), ({"A": -1}, 1), ({"A": 2}, 1), ({"A": 1}, 9)], ids=str)
def test_a_batch_of_what_was_not_counted_is_refused(batch):
    with pytest.raises(CountError):
        firmness(material({"J1": {"A": 90}}, {"A": 2}, {"x": batch}))


PERSONS = ("J1", "J2", "J3")


@settings(deadline=None)
@given(st.data())
def test_every_recount_is_the_count_of_what_is_left(data):
    draw = data.draw
    sheets = {j: {i: draw(st.sampled_from([0, 40, 50, 60])) for i in "ABC"} for j in PERSONS}
    batches = {name: {i: draw(st.integers(0, 3)) for i in "ABC"} for name in "xyz"}
    counts = {name: (votes, max(votes.values()) + draw(st.integers(0, 2))) for name, votes in batches.items()}
    votes = {i: sum(batch[i] for batch in batches.values()) for i in "ABC"}
    recusals = draw(st.lists(st.builds(Recusal, st.sampled_from(PERSONS), st.sampled_from("ABC")), max_size=1))
    whole = replace(
        material(sheets, votes, counts, recusals, blend=draw(st.sampled_from(Blend)),
                 missing=draw(st.sampled_from(Missing)), threshold_votes=draw(st.integers(0, 1))),
        ballots=sum(ballots for _, ballots in counts.values()))
    found = firmness(whole)
    assert found.winners == whole.outcome().winners
    for one in found.of(Tried.JUROR):
        left = [juror for juror in PERSONS if juror != one.name]
        scores = [score for score in whole.scores if score.juror != one.name]
        kept = [recusal for recusal in recusals if recusal.juror != one.name]
        again = decide(whole.settings, whole.ideas, scores, kept, votes, ballots=whole.ballots, jurors=left)
        assert (one.winners, one.audience) == (again.winners, again.audience)
    for one in found.of(Tried.BATCH):
        rest = [batch for name, batch in counts.items() if name != one.name]
        left_votes = {i: sum(batch[i] for batch, _ in rest) for i in "ABC"}
        again = decide(whole.settings, whole.ideas, whole.scores, recusals, left_votes,
                       ballots=sum(ballots for _, ballots in rest), jurors=PERSONS)
        assert (one.winners, one.audience) == (again.winners, again.audience)
    for one in found.of(Tried.BLEND):
        rule = replace(whole.settings, blend=Blend(one.name))
        again = decide(rule, whole.ideas, whole.scores, recusals, votes, ballots=whole.ballots, jurors=PERSONS)
        assert one.winners == again.winners
