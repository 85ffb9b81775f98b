"""`ideathon count` and `ideathon rules`, as a clerk and as a program use them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ideathon.cli import count as module, count_changes as changes_module
from ideathon.cli.count_words import _WHY, Words
from ideathon.core.tally.choosing import Verdict
from ideathon.core.tally.rules import ELECTION_RULES
from tests.core.elections import PROJECTS, file_of, put
from tests.services import ROOT

Command = Callable[..., int]
KEYS = {"file", "rule", "settings", "budget", "spent", "winners", "standings", "ties", "steps"}


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A file that can be counted."""
    return put(tmp_path, file_of())


def as_json(command: Command, capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    assert command("count", *map(str, words), "--json") == 0
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_json_holds_everything(command: Command, capsys: pytest.CaptureFixture[str], village: Path) -> None:
    said = as_json(command, capsys, village)
    assert said.keys() >= KEYS
    assert (said["file"], said["rule"], said["budget"], said["spent"]) == (str(village), "greedy", 100, 100)
    assert said["winners"] == ["A", "C"]
    assert [(each["id"], each["votes"], each["selected"]) for each in said["standings"]] == [
        ("A", 3, True), ("B", 2, False), ("C", 2, True)]
    assert said["recorded"] == {"winners": ["A", "C"], "otherwise": []}


def test_several_files_are_one_line_each_and_a_bad_one_stops_no_other(
        command: Command, capsys: pytest.CaptureFixture[str], village: Path, tmp_path: Path) -> None:
    bad = put(tmp_path, file_of(projects=[*PROJECTS[:2], "B;0;Pier;0", "C;40;Sauna;1"]), "bad.pb")
    assert command("count", str(village), str(bad), str(tmp_path / "none.pb"), str(village), "--json") == 2
    said = capsys.readouterr()
    assert [json.loads(line)["winners"] for line in said.out.splitlines()] == [["A", "C"]] * 2
    first, second = [line for line in said.err.splitlines() if line]
    assert first == f"{bad}, line 12: project B costs 0, and a cost must be above 0."
    assert second.startswith(f"{tmp_path / 'none.pb'}: No such file")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("words", [
    ("--rule", "magic"), ("--ties", "mayor"), ("--ties", "votes,votes"), ("--utility", "x"), ("--threshold", "many"),
    ("--category-limit", "green"), ()])
def test_wrong_words_are_refused_with_a_sentence(command: Command, capsys: pytest.CaptureFixture[str], village: Path,
                                                 words: tuple[str, ...]) -> None:
    assert command("count", *([str(village)] if words else []), *words) == 2
    said = capsys.readouterr().err
    assert said
    assert "Traceback" not in said


def test_a_lot_needs_a_seed_and_ballots_must_fit_the_rule(command: Command, capsys: pytest.CaptureFixture[str],
                                                          village: Path) -> None:
    assert command("count", str(village), "--ties", "lot") == 2
    assert "seed" in capsys.readouterr().err
    assert command("count", str(village), "--rule", "schulze") == 2
    assert "schulze counts ranking ballots" in capsys.readouterr().err


def tied(tmp_path: Path) -> Path:
    """B and C have as many votes, and one of them fits."""
    return put(tmp_path, file_of({"budget": "50"}, ["project_id;cost", "A;60", "B;50", "C;40"]), "tied.pb")


def test_without_a_breaker_the_answer_is_a_tie(command: Command, capsys: pytest.CaptureFixture[str],
                                               tmp_path: Path) -> None:
    said = as_json(command, capsys, tied(tmp_path))
    assert said["winners"] == []
    assert said["decided"] is False
    assert sorted(said["possible"]) == [["B"], ["C"]]
    assert said["ties"] == [{"projects": ["B", "C"], "by": None, "first": None}]
    assert {each["id"]: each["verdict"] for each in said["standings"]} == {"A": "too_dear", "B": "tied", "C": "tied"}


@pytest.mark.parametrize("declared", [
    ("cost", "cost", "C"), ("earlier", "earlier", "B"), ("votes,earlier", "earlier", "B"),
    ("votes, COST", "cost", "C")])
def test_a_declared_breaker_parts_it_and_is_named(command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                  declared: tuple[str, str, str]) -> None:
    order, by, winner = declared
    said = as_json(command, capsys, tied(tmp_path), "--ties", order)
    assert said["winners"] == [winner]
    assert said["ties"] == [{"projects": ["B", "C"], "by": by, "first": winner}]


def test_a_lot_is_drawn_again_from_its_seed(command: Command, capsys: pytest.CaptureFixture[str],
                                            tmp_path: Path) -> None:
    seeds = [str(number) for number in range(8)]
    drawn = [as_json(command, capsys, tied(tmp_path), "--ties", "lot", "--seed", seed)["winners"] for seed in seeds]
    assert drawn == [as_json(command, capsys, tied(tmp_path), "--ties", "lot", "--seed", seed)["winners"]
                     for seed in seeds]
    assert sorted({winners[0] for winners in drawn}) == ["B", "C"]


APPROVED = file_of()
SINGLE = file_of(votes=["voter_id;vote", "1;A", "2;A", "3;A", "4;B"])
RANKED = file_of({"vote_type": "ordinal"})
SCORED = file_of({"vote_type": "scoring"},
                 votes=["voter_id;vote;points", "1;A,B;3,1", "2;A,C;2,1", "3;A;3", "4;C,B;3,2"])
GRADED = file_of({"vote_type": "grades", "grades": "bad,fair,good"},
                 votes=["voter_id;vote;points", "1;A,B;good,bad", "2;A;good", "3;C;fair", "4;A,B;fair,bad"])


@pytest.mark.parametrize("rule", list(ELECTION_RULES))
def test_every_rule_counts_the_ballots_that_it_reads(command: Command, capsys: pytest.CaptureFixture[str],
                                                     tmp_path: Path, rule: str) -> None:
    kinds = ELECTION_RULES[rule].kinds
    texts = {"grades": GRADED, "approval": SINGLE if rule == "plurality" else APPROVED,
             "ranking": RANKED, "points": SCORED}
    for kind, text in texts.items():
        if kind not in kinds:
            continue
        path = put(tmp_path, text)
        said = as_json(command, capsys, path, "--rule", rule)
        assert said["rule"] == rule
        assert said["winners"] or not said["decided"]
        assert command("count", str(path), "--rule", rule, "--language", "lv") == 0
        assert capsys.readouterr().out


def test_a_person_reads_who_won_and_why(command: Command, capsys: pytest.CaptureFixture[str],
                                        tmp_path: Path) -> None:
    path = put(tmp_path, file_of(votes=["voter_id;vote", "1;A,B", "2;A,B", "3;A", "4;C"]))
    assert command("count", str(path)) == 0
    said = capsys.readouterr().out
    assert "4 ballots, counted by the rule greedy." in said
    assert "The budget is 100; 100 are spent." in said
    assert "Winners, in order of selection: A, C." in said
    assert "Pier" in said
    assert "less money was left than it costs" in said
    assert "At a cost of 40, 10 lower" in said


def test_the_sentences_are_latvian_too(command: Command, capsys: pytest.CaptureFixture[str], village: Path) -> None:
    assert command("count", str(village)) == 0
    english = capsys.readouterr().out.splitlines()
    assert command("count", str(village), "--language", "lv") == 0
    latvian = capsys.readouterr().out.splitlines()
    assert len(english) == len(latvian)
    assert not {line for line in english if line.endswith(".")} & set(latvian)


def test_a_batch_that_decided_is_named(command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    votes = ["voter_id;vote;voting_method", "1;A;internet", "2;A;internet", "3;B;paper", "4;B;paper", "5;B;paper"]
    path = put(tmp_path, file_of({"budget": "60", "num_votes": "5"}, votes=votes))
    said = as_json(command, capsys, path, "--firm")
    assert said["winners"] == ["B"]
    firm = {next(iter((each.get("without") or each["by"]).values())): each for each in said["firm"]}
    assert (firm["paper"]["winners"], firm["paper"]["ballots"], firm["paper"]["same"]) == (["A"], 3, False)
    assert firm["internet"]["same"]
    assert firm["phragmen"]["winners"]
    assert command("count", str(path), "--firm") == 0
    text = capsys.readouterr().out
    assert "Without the 3 ballots of paper: not B, but A." in text
    assert "Without the 2 ballots of internet" not in text


def test_that_nothing_changes_is_said_once(command: Command, capsys: pytest.CaptureFixture[str],
                                           tmp_path: Path) -> None:
    votes = ["voter_id;vote;voting_method", "1;A;internet", "2;A;internet", "3;A;paper", "4;A;paper"]
    assert command("count", str(put(tmp_path, file_of({"budget": "60"}, votes=votes))), "--firm") == 0
    said = capsys.readouterr().out
    assert "No way of voting and no place decided this alone" in said
    assert "By every other rule the same win." in said


def test_every_verdict_has_a_sentence() -> None:
    assert set(_WHY) == set(Verdict)
    assert Words("lv").say.gettext("Nobody chose it.") != "Nobody chose it."


def test_a_city_that_decided_otherwise_is_told(command: Command, capsys: pytest.CaptureFixture[str],
                                               tmp_path: Path) -> None:
    rows = [PROJECTS[0], "A;60;Bridge;1", "B;50;Pier;0", "C;40;Sauna;0"]
    said = as_json(command, capsys, put(tmp_path, file_of(projects=rows)))
    assert any("a threshold above 2 and up to 3" in note for note in said["notes"])


def test_limits_budget_and_least_number(command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = ["project_id;cost;category", "A;60;green", "B;50;green", "C;40;art"]
    path = put(tmp_path, file_of(projects=rows))
    assert as_json(command, capsys, path, "--budget", "1000")["winners"] == ["A", "B", "C"]
    assert as_json(command, capsys, path, "--budget", "1000", "--category-limit", "green=100")["winners"] == ["A", "C"]
    said = as_json(command, capsys, path, "--min-projects", "2", "--budget", "95", "--ties", "cost")
    assert said["winners"] == ["C", "B"]        # A would leave too little for a second one


def test_rules_are_listed_with_their_source(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("rules") == 0
    said = capsys.readouterr().out
    assert all(name in said and rule.source in said for name, rule in ELECTION_RULES.items())
    assert command("rules", "--json") == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == list(ELECTION_RULES)


def test_a_bar_appears_when_it_takes_long(command: Command, capsys: pytest.CaptureFixture[str], village: Path,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.setenv("FORCE_COLOR", "1")      # as at a terminal
    counted, asked = module.counted, []

    def slowly(path: Path, options: dict[str, object]) -> object:
        asked.append(path)
        return counted(path, options)

    monkeypatch.setattr(module, "counted", slowly)
    assert command("count", *[str(village)] * 300, "--json") == 0
    said = capsys.readouterr()
    assert "Counting" in said.err
    assert len(said.out.splitlines()) == len(asked) == 300


def test_it_starts_without_the_server(village: Path) -> None:
    code = ("import sys; sys.argv = ['ideathon', 'count', sys.argv[1], '--json']\n"
            "from ideathon.__main__ import main\ncode = main()\n"
            "assert code == 0, code\nassert not {'gevent', 'flask', 'sqlalchemy'} & set(sys.modules), 'too much'")
    done = subprocess.run([sys.executable, "-c", code, str(village)], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["winners"] == ["A", "C"]


def test_what_takes_long_is_looked_for_only_so_far_and_a_note_says_it(
        command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    votes = ["voter_id;vote", *("1;A",) * 9, *("1;B",) * 4, *("1;C",) * 3, *("1;D",) * 2]
    projects = ["project_id;cost", "D;40", "C;40", "B;40", "A;40"]
    path = put(tmp_path, file_of({"budget": "40", "num_votes": "", "num_projects": ""}, projects, votes))

    def sought() -> list[str]:
        assert command("count", str(path)) == 0
        lines = [line for line in capsys.readouterr().out.splitlines() if line]
        return [lines[at - 2].split()[1] for at, line in enumerate(lines) if "more voters" in line] + lines[-1:]

    assert sought()[:-1] == ["B", "C", "D"]
    monkeypatch.setattr(changes_module, "EFFORT", 700)
    found = sought()
    assert found[0] == "B"                      # the nearest to winning, wherever it stands in the file
    assert found[-1].startswith("What would have carried them was not looked for to the end for ")
    monkeypatch.setattr(changes_module, "EFFORT", 100)
    assert sought() == ["What would have carried them was not looked for to the end for 3 projects that lost: the "
                        "recounts would take long. With --why it is."]
    assert command("count", str(path), "--why") == 0
    assert "recounts would" not in capsys.readouterr().out
