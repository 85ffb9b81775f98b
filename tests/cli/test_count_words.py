"""What `ideathon count` says at a terminal: of every file, in the language that was asked for, and nothing that steers
the screen."""

import json
import re
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from ideathon.cli import count as module
from ideathon.cli.count_bar import Bar
from ideathon.cli.count_say import Speech, harmless_json, printable
from ideathon.cli.count_wins import ALONE
from ideathon.core.tally import files
from ideathon.core.tally.rules import ELECTION_RULES
from tests.core.elections import PROJECTS, file_of, put

Command = Callable[..., int]
Said = pytest.CaptureFixture[str]
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
EVIL = "\x1b]0;owned\x07\x1b[31mRED\x9b2J\u202ekrap\u2028* 1. Fake"
WRONG = {
    "default": file_of({"vote_type": "scoring", "default_score": "zwei"}, votes=["voter_id;vote;points", "1;A;3"]),
    "votes": file_of({"num_votes": "²"}), "length": file_of({"vote_type": "ordinal", "max_length": "²"}),
    "huge": file_of({"budget": "1e99"}),
    "tiny": file_of(projects=["project_id;cost", "A;1e-99", "B;50", "C;40"]), "comma": file_of({"budget": "10,000"}),
    "budget": file_of({"budget": ""}), "section": file_of().split("VOTES")[0],
    "projects": file_of(projects=PROJECTS[:1]), "ballots": file_of(votes=["voter_id;vote"]),
    "quote": file_of(projects=[PROJECTS[0], 'A;60;"Pier;1', *PROJECTS[2:]]),
    "threshold": file_of({"min_project_score_threshold": "-5"}), "name": file_of(projects=["project_id;cost", "A,B;3"]),
    "kind": file_of({"vote_type": "shouting"}), "cut": file_of({"num_votes": "80"}),
    "limits": file_of({"budget_per_category": "[1, 2]", "categories": "[a]"}),
}
ODD = {
    "bounds": file_of({"max_length": "1", "min_length": "2", "max_sum_cost": "50", "min_sum_cost": "70"}),
    "voters": file_of(votes=["voter_id;vote", "7;A", "7;A,A", "8;C", "9;B"]),
    "rule": file_of({"rule": "by the mayor"}), "end": file_of().removesuffix("\n"),
    "points": file_of({"budget": "100.000"}),
    "sums": file_of(projects=["project_id;cost;votes", "A;60;9", "B;50;9", "C;40;2"]),
    "recorded": file_of(projects=[PROJECTS[0], "A;60;Bridge;1", "B;50;Pier;0", "C;40;Sauna;0"]),
    "no bound": file_of({"max_length": "unlimited"}), "comment": file_of({"comment": "a; b"}),
    "comma": file_of(votes=["voter_id;vote", "1;A,B,", "2;A,C", "3;A", "4;C,B"]),
    "marks": file_of(projects=[PROJECTS[0], "A;60;Bridge;maybe", *PROJECTS[2:]]),
    "limits": file_of({"categories": "green,art,sea", "budget_per_category": "60,60,9"}, [
        "project_id;cost;category", "A;60;Green", 'B;50;"green,art"', "C;40;air"]),
    "custom": file_of({"rule": "greedy-custom", "leftover_budget": "Fund additional projects"}),
    "left over": file_of({"rule": "phragmen", "leftover_budget": "Fund additional projects"}),
    "promised": file_of({"num_projects": "2"}),
}


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A file that can be counted."""
    return put(tmp_path, file_of())


def test_whatever_goes_wrong_with_one_file_the_others_are_counted(
        command: Command, capsys: Said, village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd, counted = put(tmp_path, file_of(), "odd.pb"), module.counted

    def stumble(path: Path, options: dict[str, object]) -> object:
        return counted(path, options) if path != odd else 1 // 0

    monkeypatch.setattr(module, "counted", stumble)
    assert command("count", str(village), str(odd), str(village), "--json") == 2
    said = capsys.readouterr()
    assert [json.loads(line)["winners"] for line in said.out.splitlines()] == [["A", "C"]] * 2
    assert said.err.startswith(f"{odd}: The program did not foresee what stands in this file (ZeroDivisionError)")
    assert "Traceback" not in said.err
    monkeypatch.setenv("IDEATHON_DEBUG", "1")
    assert command("count", str(odd)) == 2
    assert "Traceback" in capsys.readouterr().err


def test_every_refusal_names_file_and_line_in_each_language(command: Command, capsys: Said, village: Path,
                                                            tmp_path: Path) -> None:
    paths = [str(put(tmp_path, text, f"{name}.pb")) for name, text in WRONG.items()]
    refusals = {}
    for language in ("en", "lv"):
        assert command("count", *paths, str(village), "--language", language) == 2
        said = capsys.readouterr()
        assert str(village) in said.out
        refusals[language] = said.err.splitlines()
    for path, english, latvian in zip(paths, refusals["en"], refusals["lv"], strict=True):
        assert re.fullmatch(re.escape(path) + r", line \d+: [^\n]{10,250}\.", english)
        assert re.fullmatch(re.escape(path) + r", \d+\. rinda: [^\n]{10,250}\.", latvian)
        assert not set(re.findall(r"[a-z]+", latvian.split(": ", 1)[1])) & {
            "the", "is", "and", "not", "this", "must"}


def test_every_note_is_said_in_each_language(command: Command, capsys: Said, tmp_path: Path) -> None:
    for name, text in ODD.items():
        path = str(put(tmp_path, text, f"{name}.pb"))
        notes = {}
        for language in ("en", "lv"):
            assert command("count", path, "--json", "--language", language) == 0
            notes[language] = json.loads(capsys.readouterr().out)["notes"]
            assert command("count", path, "--language", language) == 0
            assert all(note in capsys.readouterr().out.splitlines() for note in notes[language][:1])
        assert notes["en"], name
        assert len(notes["en"]) == len(notes["lv"])
        assert not set(notes["en"]) & set(notes["lv"])


def test_what_cannot_be_opened_is_told_in_each_language(command: Command, capsys: Said, tmp_path: Path) -> None:
    (loop := tmp_path / "loop.pb").symlink_to(loop)
    for path in (loop, tmp_path, tmp_path / "none.pb"):
        said = []
        for language in ("en", "lv"):
            assert command("count", str(path), "--language", language) == 2
            said.append(capsys.readouterr().err)
        assert all(line.startswith(f"{path}: ") and line.count("\n") == 1 for line in said)
        assert said[0].split(":")[1].split("(")[0] != said[1].split(":")[1].split("(")[0]


@pytest.mark.parametrize("words", [
    ("--ties", "mayor"), ("--ties", "votes,votes"), ("--threshold", "many"), ("--category-limit", "green"),
    ("--ties", "lot"), ("--rule", "schulze"), ("--rule", "plurality"), ("--budget", "-5")])
def test_wrong_words_are_refused_in_each_language(command: Command, capsys: Said, village: Path,
                                                  words: tuple[str, str]) -> None:
    said = []
    for language in ("en", "lv"):
        assert command("count", str(village), *words, "--language", language) == 2
        said.append(capsys.readouterr().err.splitlines()[-1])
    assert said[0] != said[1]


def test_nothing_in_a_file_or_in_its_name_steers_the_screen(command: Command, capsys: Said, tmp_path: Path) -> None:
    name = f'"{EVIL}\n* 1. Fake"'
    paths = [put(tmp_path, file_of(projects=[PROJECTS[0], f"A;60;{name};1", *PROJECTS[2:]]), "esc\x1b[31m\n.pb"),
             put(tmp_path, file_of(projects=[PROJECTS[0], f'"{EVIL}";0;x;1', *PROJECTS[2:]]), "cost.pb"),
             put(tmp_path, file_of({"vote_type": EVIL.replace(";", "")}), "kind.pb"),
             put(tmp_path, file_of({"unit": "a", "budget": f'"{EVIL}"'}), "budget.pb"), tmp_path / f"{EVIL}none.pb"]
    assert command("count", *map(str, paths)) == 2
    said = capsys.readouterr()
    assert not STEERS.search(said.out + said.err)
    assert len(said.err.splitlines()) == 4
    assert r"esc\x1b[31m\n.pb" in said.out
    assert not any(line.startswith("* 1. Fake") for line in said.out.splitlines())
    assert command("count", str(paths[0]), "--json") == 0
    line = capsys.readouterr().out
    assert not STEERS.search(line)
    assert {each["name"] for each in json.loads(line)["standings"]} >= {f"{EVIL}\n* 1. Fake"}
    assert json.loads(line)["file"] == str(paths[0])


def test_a_name_that_is_no_text_is_spelt(command: Command, capsys: Said, tmp_path: Path) -> None:
    path = tmp_path / "n\udcff.pb"
    path.write_text(file_of())
    assert command("count", str(path)) == 0
    assert r"n\udcff.pb" in capsys.readouterr().out
    assert printable("a\tb\x00\u202e") == r"a\tb\x00\u202e"
    assert json.loads(harmless_json(json.dumps("\x7f\u2028ā", ensure_ascii=False))) == "\x7f\u2028ā"


@pytest.mark.parametrize(("rule", "why"), [
    ("greedy", "It has place 1. 100 was left when its turn came, and it costs 60."),
    ("greedy-per-cost", "It has place 1. 100 was left when its turn came, and it costs 60."),
    ("phragmen", "3 voters for it could pay when each voter had earned 20. 100 was left when its turn came, and"),
    ("equal-shares", "3 voters for it paid with their shares, each 20 at most. 100 was left when its turn came, and"),
    ("knapsack", "It is among the projects that fit together and have the most votes or points in all."),
    ("approval", "No other project stands on more ballots.")])
def test_a_winner_is_told_why(command: Command, capsys: Said, tmp_path: Path, rule: str, why: str) -> None:
    path = put(tmp_path, file_of(projects=["project_id;cost", "A;60", "B;50", "C;40"],
                                 votes=["voter_id;vote", "1;A", "2;A", "3;A,C", "4;B"]))
    assert command("count", str(path), "--rule", rule, "--no-why") == 0
    said = capsys.readouterr().out
    assert "* " in said
    assert why in said


def test_every_rule_with_one_winner_says_why_it_won() -> None:
    assert {name for name, rule in ELECTION_RULES.items() if not rule.shares_money} == set(ALONE)


def test_only_a_rule_that_can_end_says_that_it_ends(command: Command, capsys: Said, village: Path) -> None:
    for rule in ("greedy", "greedy-per-cost", "phragmen", "knapsack", "equal-shares"):
        assert command("count", str(village), "--rule", rule, "--on-unaffordable", "stop", "--no-why", "--ties",
                       "earlier") == 0
        said = capsys.readouterr().out
        assert ("The count ends at" in said) == (rule in ("greedy", "greedy-per-cost", "phragmen"))
    assert command("count", str(village), "--rule", "knapsack", "--no-why") == 0
    assert "Winners: A, C." in capsys.readouterr().out       # a set that fits has no order


def test_a_price_is_never_shown_as_no_points(command: Command, capsys: Said, tmp_path: Path) -> None:
    path = put(tmp_path, file_of({"budget": "3000000"}, ["project_id;cost", "A;1000000", "B;900000", "C;1"],
                                 ["voter_id;vote", "1;A", "2;A", "3;A", "4;B"]))
    for rule, told in (("phragmen", "payable when each voter has earned 333,333.33"),
                       ("greedy-per-cost", "333,333.33 of cost for each vote or point")):
        assert command("count", str(path), "--rule", rule, "--no-why") == 0
        said = capsys.readouterr().out
        assert told in said
        assert "0 points" not in said


def test_equal_winners_share_their_place(command: Command, capsys: Said, tmp_path: Path) -> None:
    rows = ["project_id;cost", "A;60", "B;10", "C;10", "D;10"]
    path = put(tmp_path, file_of({"num_projects": "4"}, rows, ["voter_id;vote", "1;A", "2;A", "3;A", "4;B,C,D"]))
    assert command("count", str(path)) == 0
    said = capsys.readouterr().out
    assert said.count("It shares place 2. 40 was left when its turn came, and it costs 10.") == 3


def test_a_column_with_too_many_values_is_not_passed_over_without_a_word(command: Command, capsys: Said,
                                                                         tmp_path: Path) -> None:
    ballots = ["voter_id;vote;district", *(f"{voter};A;place {voter}" for voter in range(101))]
    path = put(tmp_path, file_of({"num_votes": "101"}, votes=ballots))
    assert command("count", str(path), "--json", "--firm") == 0
    assert json.loads(capsys.readouterr().out)["notes"][-1:] == [
        "The column district has 101 values: too many to count once without each."]


@pytest.mark.parametrize(("value", "english", "latvian"), [
    (0, "0", "0"), (1234567, "1,234,567", "1\u00a0234\u00a0567"), (Fraction(1, 3), "0.3333", "0,3333"),
    (Fraction(7, 2), "3.5", "3,5"), (Fraction(1, 10**30), "1E-30", "1E-30"), (-1200, "-1,200", "-1\u00a0200"),
    (10**40 + 1, "10" + ",000" * 12 + ",001", None)])
def test_numbers_for_reading(value: int | Fraction, english: str, latvian: str | None) -> None:
    assert Speech("en").number(value) == english
    assert latvian is None or Speech("lv").number(value) == latvian


def test_the_bar_moves_within_one_file(monkeypatch: pytest.MonkeyPatch, village: Path) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")      # as at a terminal
    told: list[float] = []
    module.counted(village, {"why": True, "told": told.append})
    assert told == sorted(told)
    assert len(set(told)) > 3
    with Bar("Counting", 2, 0.0) as bar:
        until = time.monotonic() + 5
        while bar.drawn is None and time.monotonic() < until:
            time.sleep(0.01)
        before = bar.drawn.tasks[0].completed
        bar.told(0, 0.5)
        assert before < bar.drawn.tasks[0].completed == 0.5


def test_no_bar_where_nobody_watches(command: Command, capsys: Said, village: Path,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    read = files.read

    def slowly(*words: object) -> object:
        time.sleep(0.2)
        return read(*words)

    monkeypatch.setattr(files, "read", slowly)
    assert command("count", str(village)) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("rule", "said"), [
    ("irv", ["It fell out in round 1, with 1 ballot.", "It stood to the last round"]),
    ("runoff", ["It was not among the first two", "It came into the run-off"]),
    ("borda", ["behind the winner."]), ("plurality", ["it is 2 behind the winner."]),
    ("schulze", ["More ballots put these above it than below it: A, B."]),
    ("ranked-pairs", ["More ballots put these above it than below it: A, B."])])
def test_a_loser_is_told_where_it_fell_behind(command: Command, capsys: Said, tmp_path: Path, rule: str,
                                              said: list[str]) -> None:
    votes = ["voter_id;vote", "1;A,B,C", "2;A,B,C", "3;A,C", "4;B,A", "5;B,A", "6;C,A,B"]
    path = put(tmp_path, file_of({"vote_type": "ordinal", "num_votes": "6"}, votes=votes))
    assert command("count", str(path), "--rule", rule, "--no-why") == 0
    out = capsys.readouterr().out
    assert [each for each in said if each not in out] == []
    assert "Another came first" not in out
