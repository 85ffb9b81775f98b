"""What a clerk asks of `ideathon count` beside the rule: it is done, or a sentence says why not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.elections import file_of, put

Command = Callable[..., int]
Capture = pytest.CaptureFixture[str]
ALIKE = ["project_id;cost;category;district", *(f"{name};1;green;north" for name in "ABCDEFGHIJKLMNOPQRST")]
EVERY = ["voter_id;vote", "1;" + ",".join("ABCDEFGHIJKLMNOPQRST")]
FREE = {"num_projects": "", "num_votes": ""}


def as_json(command: Command, capsys: Capture, *words: object) -> dict[str, object]:
    assert command("count", *map(str, words), "--json") == 0
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_that_not_every_way_was_tried_is_said_plainly(command: Command, capsys: Capture, tmp_path: Path) -> None:
    path = put(tmp_path, file_of({**FREE, "budget": "10"}, ALIKE, EVERY))
    said = as_json(command, capsys, path)
    assert (said["decided"], said["all_ways"], said["winners"]) == (False, False, [])
    assert command("count", str(path)) == 0
    assert "Not every way in which it may fall could be tried or listed" in capsys.readouterr().out


@pytest.mark.parametrize("words", [
    ("--category-limit", "gren=50", "green"), ("--district-limit", "south=50", "north")])
def test_a_limit_for_what_no_project_is_in_is_refused_with_the_known_names(
        command: Command, capsys: Capture, tmp_path: Path, words: tuple[str, str, str]) -> None:
    option, limit, known = words
    assert command("count", str(put(tmp_path, file_of(FREE, ALIKE, EVERY))), option, limit) == 2
    said = capsys.readouterr().err
    assert limit.partition("=")[0] in said
    assert f"known are {known}." in said


def test_a_limit_is_not_negative_and_needs_groups(command: Command, capsys: Capture, tmp_path: Path) -> None:
    assert command("count", str(put(tmp_path, file_of(FREE, ALIKE, EVERY))), "--category-limit", "green=-5") == 2
    assert "not below 0" in capsys.readouterr().err
    assert command("count", str(put(tmp_path, file_of())), "--category-limit", "green=5") == 2
    assert "names no such groups" in capsys.readouterr().err


@pytest.mark.parametrize("words", [
    ("--utility", "cardinality"), ("--completion", "add-one"), ("--rule", "knapsack", "--on-unaffordable", "stop"),
    ("--rule", "approval", "--min-projects", "2"), ("--rule", "approval", "--budget", "7")])
def test_what_a_rule_does_not_look_at_is_told(command: Command, capsys: Capture, tmp_path: Path,
                                              words: tuple[str, ...]) -> None:
    said = as_json(command, capsys, put(tmp_path, file_of()), *words)
    assert f"{words[-2]} means nothing to the rule {said['rule']}, and changed nothing." in str(said["notes"])
    assert "means nothing" not in str(as_json(command, capsys, put(tmp_path, file_of()), "--rule", "equal-shares",
                                              "--utility", "cardinality", "--min-projects", "1")["notes"])


@pytest.mark.parametrize("rule", ["greedy", "greedy-per-cost", "knapsack", "phragmen"])
def test_what_can_be_funded_is_when_the_least_number_cannot(command: Command, capsys: Capture, tmp_path: Path,
                                                           rule: str) -> None:
    """60 + 40, or 50 + 40 of 100: two at most, whatever is asked for."""
    path = put(tmp_path, file_of())
    said = as_json(command, capsys, path, "--rule", rule, "--min-projects", "99", "--ties", "earlier")
    assert len(said["winners"]) == 2     # type: ignore[arg-type]
    assert "The least number of 99 projects is not reached: 2 are funded." in said["notes"]     # type: ignore[operator]
    assert not as_json(command, capsys, path, "--rule", rule, "--min-projects", "2", "--ties", "earlier")["notes"]


def test_a_contest_with_one_winner_spends_nothing(command: Command, capsys: Capture, tmp_path: Path) -> None:
    path = put(tmp_path, file_of({"budget": "10"}))
    said = as_json(command, capsys, path, "--rule", "approval")
    assert (said["winners"], said["budget"], said["spent"]) == (["A"], None, 0)
    assert command("count", str(path), "--rule", "approval") == 0
    assert "spent" not in capsys.readouterr().out


RANKED = ["voter_id;vote;voting_method", "1;A,B,C;web", "2;B,A;paper", "3;B;paper", "4;A;web", "5;C,B;web"]


def test_without_some_ballots_rankings_are_worth_what_they_were(command: Command, capsys: Capture,
                                                               tmp_path: Path) -> None:
    """The file's scores say that a ranking of two counts 2 and 1: A has 3 + 1 + 1, B 2 + 2 + 1 + 1, C 1 + 2. Without
    web B leads, without paper A; had a ranking three places for all, B would lead without any."""
    meta = {**FREE, "vote_type": "ordinal", "budget": "60", "rule": "score"}
    projects = ["project_id;cost;score", "A;60;5", "B;60;6", "C;60;3"]
    for words in (("--rule", "score"), ("--rule", "greedy")):
        said = as_json(command, capsys, put(tmp_path, file_of(meta, projects, RANKED)), *words, "--firm")
        assert {each["id"]: each["votes"] for each in said["standings"]} == {"A": 3, "B": 4, "C": 2}  # type: ignore
        without = {each["without"]["voting_method"]: each["winners"] for each in said["firm"]    # type: ignore
                   if "without" in each}
        assert without == {"web": ["B"], "paper": ["A"]}


def test_points_that_nobody_gave_stay_when_some_ballots_are_left_out(command: Command, capsys: Capture,
                                                                    tmp_path: Path) -> None:
    meta = {**FREE, "vote_type": "scoring", "default_score": "3", "budget": "60"}
    votes = ["voter_id;vote;points;voting_method", "1;A;2;web", "2;A;2;web", "3;B;1;paper", "4;B;1;paper"]
    said = as_json(command, capsys, put(tmp_path, file_of(meta, ["project_id;cost", "A;60", "B;60"], votes)), "--firm",
                   "--rule", "score")
    assert said["winners"] == ["A"]         # 2 + 2 + 3 + 3 and 3 + 3 + 1 + 1
    assert {each["without"]["voting_method"]: each["winners"] for each in said["firm"]      # type: ignore
            if "without" in each} == {"web": ["A"], "paper": ["B"]}


def test_the_head_names_every_limit_the_least_number_and_the_second_pass(command: Command, capsys: Capture,
                                                                        tmp_path: Path) -> None:
    rows = ["project_id;cost;category;district", "A;6;green;north", "B;7;green;north", "C;5;art;north", "D;4;art;south"]
    meta = {**FREE, "budget": "16", "leftover_budget": "Fund additional projects", "categories": "Green,Art",
            "budget_per_category": "6,5", "neighborhoods": "north,south", "budget_per_neighborhood": "12,4"}
    path = put(tmp_path, file_of(meta, rows, ["voter_id;vote", "1;A,B,C,D", "2;A,B,C", "3;A,B", "4;A"]))
    assert command("count", str(path), "--no-why", "--min-projects", "2") == 0
    said = capsys.readouterr().out
    for sentence in ("The projects of a category may cost together at most: green 6; art 5.",
                     "The projects of a district may cost together at most: north 12; south 4.",
                     "Money is kept so that at least 2 projects can be funded",
                     "What is then left goes in a second pass",
                     "would pass their limit. When its turn came in the second pass, less money was left"):
        assert sentence in said
    assert "The count ended at a project before its turn" not in said
    assert command("count", str(path), "--no-why", "--rule", "approval") == 0
    assert "at most" not in capsys.readouterr().out


def test_what_the_file_states_is_not_said_to_be_missing(command: Command, capsys: Capture, tmp_path: Path) -> None:
    path = put(tmp_path, file_of({"min_project_score_threshold": "2,5"}))
    notes = as_json(command, capsys, path)["notes"]
    assert notes == ["The city recorded other winners than the stated rule gives. What would explain it, though the "
                     "file does not say so: a threshold above 0 and up to 2 instead of 2.5."]
