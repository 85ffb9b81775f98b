"""What forms a ballot and what does not."""

import json

import pytest
from hypothesis import given, strategies as st

from ideathon.core.ballots import BallotError, BallotForm, BallotProblem, Problem, canonical, canonical_bytes, check

OPTIONS = tuple(f"I{number:02d}" for number in range(1, 13))
FORM = BallotForm("approval", OPTIONS, min_choices=1, max_choices=3)


@pytest.mark.parametrize(
    ("choices", "problems"),
    [
        (["I01"], ()),
        (["I03", "I01", "I02"], ()),
        ([], (Problem(BallotProblem.TOO_FEW, 0, limit=1),)),
        (["I01", "I02", "I03", "I04"], (Problem(BallotProblem.TOO_MANY, 4, limit=3),)),
        (["I01", "I99"], (Problem(BallotProblem.UNKNOWN_OPTION, 2, option="I99"),)),
        (["i01"], (Problem(BallotProblem.UNKNOWN_OPTION, 1, option="i01"),)),
        (["I01", "I01"], (Problem(BallotProblem.TWICE, 2, option="I01"),)),
    ],
)
def test_check(choices, problems):
    assert check(FORM, choices) == problems


def test_every_problem_is_named_once():
    codes = [problem.code for problem in check(FORM, ["I99", "I99", "I98", "I01", "I01"])]
    assert codes == ["too_many", "unknown_option", "unknown_option", "twice", "twice"]


def test_a_blank_ballot_is_well_formed_where_the_form_allows_it():
    assert check(BallotForm("approval", OPTIONS, 0, 3), []) == ()


@given(st.permutations(["I03", "I01", "I02"]))
def test_the_order_of_choosing_is_not_stored(choices):
    assert canonical(FORM, choices) == ("I01", "I02", "I03")
    assert canonical_bytes(FORM, choices) == b'["I01","I02","I03"]'


@given(st.lists(st.sampled_from(OPTIONS), max_size=6))
def test_what_is_well_formed_can_be_stored_and_nothing_else(choices):
    if check(FORM, choices):
        with pytest.raises(BallotError):
            canonical_bytes(FORM, choices)
    else:
        assert json.loads(canonical_bytes(FORM, choices)) == sorted(choices)


BALLOT = st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=3)


@given(BALLOT, BALLOT)
def test_different_ballots_have_different_bytes(first, second):
    assert (canonical_bytes(FORM, list(first)) == canonical_bytes(FORM, list(second))) == (first == second)


@pytest.mark.parametrize(
    "wrong",
    [
        ("astrology", OPTIONS, 1, 3),
        ("approval", OPTIONS, 4, 3),
        ("approval", OPTIONS, -1, 3),
        ("approval", ("a", "a"), 1, 1),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"voting|min_choices|twice"):
        BallotForm(*wrong)


def test_which_demo_ballots_are_void(engure):
    valid = {b["serial"]: not check(FORM, b["choices"]) for b in engure.data["ballots"]}
    void = {b["serial"] for b in engure.data["ballots"] if b["state"] == "void"}
    assert {serial for serial, ok in valid.items() if not ok} == void
