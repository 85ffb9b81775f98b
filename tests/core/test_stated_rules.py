"""The rule that a file names is the one it is counted by, in our names and in the usual spellings."""

import pytest

from ideathon.core.tally.files import pabulib
from ideathon.core.tally.files.stated import Stated, stated
from ideathon.core.tally.rules import ELECTION_RULES
from tests.core.elections import file_of

VOTE_TYPES = {"approval": "approval", "points": "scoring", "ranking": "ordinal", "grades": "grades"}


def said(rule: str, vote_type: str = "approval") -> Stated:
    return stated(pabulib.parse(file_of({"rule": rule, "vote_type": vote_type, "grades": "bad,good"}, votes=[
        "voter_id;vote;points", "1;A;good"]).encode()))


@pytest.mark.parametrize("rule", ELECTION_RULES)
def test_our_own_names_in_any_writing(rule: str) -> None:
    for kind in ELECTION_RULES[rule].kinds:
        for name in (rule, rule.upper(), rule.replace("-", "_"), f" {rule.replace('-', ' ').title()} "):
            found = said(name, VOTE_TYPES[kind])
            assert (found.rule, found.notes) == (rule, ())


@pytest.mark.parametrize(("name", "rule", "vote_type"), [
    ("Phragmén", "phragmen", "approval"), ("sequential Phragmen", "phragmen", "approval"),
    ("mes", "equal-shares", "approval"), ("Method of Equal Shares", "equal-shares", "approval"),
    ("equalshares", "equal-shares", "approval"), ("IRV", "irv", "ordinal"), ("instant-runoff", "irv", "ordinal"),
    ("Ranked Choice Voting", "irv", "ordinal"), ("Majority Judgment", "majority-judgement", "grades"),
    ("STAR", "runoff", "scoring"), ("Borda count", "borda", "ordinal"), ("approval voting", "approval", "choose-1"),
    ("range voting", "score", "scoring"), ("Schulze method", "schulze", "ordinal"), ("fptp", "plurality", "choose-1")])
def test_usual_spellings(name: str, rule: str, vote_type: str) -> None:
    assert (said(name, vote_type).rule, said(name, vote_type).notes) == (rule, ())


@pytest.mark.parametrize(("name", "vote_type", "default"), [
    ("by the mayor", "approval", "greedy"), ("schulze", "approval", "greedy"), ("by the mayor", "grades",
                                                                               "majority-judgement"),
    ("greedy", "grades", "majority-judgement"), ("irv", "scoring", "greedy")])
def test_another_rule_is_named_in_the_note(name: str, vote_type: str, default: str) -> None:
    found = said(name, vote_type)
    assert found.rule == default
    assert [f"'{name}'" in note and note.endswith(f"counted by {default}.") for note in found.notes] == [True]


@pytest.mark.parametrize(("vote_type", "default"), [("grades", "majority-judgement"), ("ordinal", "greedy")])
def test_without_a_rule_the_ballots_say_which(vote_type: str, default: str) -> None:
    assert said("", vote_type).rule == default
    assert said("", vote_type).notes == (f"The file does not state its rule: counted by {default}.",)
