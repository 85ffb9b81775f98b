"""`ideathon verify`: a clerk's check of a bundle, with exit codes and sentences."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pyrage
import pytest

from ideathon.voting import verifying
from tests.voting import boards, tampering

Command = Callable[..., int]


@pytest.fixture
def verify(command: Command) -> Command:
    """The command; paths are words too."""
    return lambda *words: command("verify", *map(str, words))


@pytest.fixture
def given(tmp_path: Path) -> boards.Vote:
    """A vote whose board, older copy and openings lie in the folder; the openings also locked, with their key."""
    vote, key = boards.vote(3), pyrage.x25519.Identity.generate()
    opened = json.dumps(vote.openings).encode()
    for name, content in {"board.json": vote.board, "older.json": vote.older, "openings.json": vote.openings}.items():
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "openings.age").write_bytes(pyrage.encrypt(opened, [key.to_public()]))
    (tmp_path / "key.txt").write_text(f"# a witness's key\n{key}\n")
    (tmp_path / "other.txt").write_text(str(pyrage.x25519.Identity.generate()))
    return vote


def test_everything_that_can_be_held_holds(verify: Command, given: boards.Vote, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    spaced = " ".join(given.heads[1][at:at + 4] for at in range(0, 16, 4)).upper()      # as a receipt shows it
    assert verify(tmp_path / "board.json", "--head", given.heads[0], "--head", spaced, "--previous",
                   tmp_path / "older.json", "--openings", tmp_path / "openings.age", "--key", tmp_path / "key.txt",
                   "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["holds"]
    assert len(said["checks"]) == len(verifying.Question) == 13
    assert said["head"] == given.heads[1]
    assert said["slips"] == {"fixed": 12, "later": 1, "void": 1}


def test_what_was_not_asked_is_said(verify: Command, given: boards.Vote, tmp_path: Path,
                                    capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path / "board.json") == 0
    said = capsys.readouterr().out
    assert said.count("not checked:") == 4
    assert "--head" in said


def test_the_slips_are_told_in_numbers(verify: Command, given: boards.Vote, tmp_path: Path,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path / "board.json") == 0
    assert "holds: Slips fixed at the opening: 12, drawn later: 1, made void: 1; none twice." in capsys.readouterr().out


def test_a_wrong_mark_ends_with_one(verify: Command, given: boards.Vote, tmp_path: Path,
                                    capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path / "board.json", "--head", "0123456789abcdef") == 1
    assert "DOES NOT HOLD: Every mark that you gave is on this board." in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["change a ballot", "raise a total", "a paper over a vote", "a slip drawn again"])
def test_tampering_ends_with_one(verify: Command, given: boards.Vote, tmp_path: Path, kind: str) -> None:
    tampering.TAMPERINGS[kind](given, Random(1))  # noqa: S311  # a test's own chance
    (tmp_path / "board.json").write_text(json.dumps(given.board))
    (tmp_path / "openings.json").write_text(json.dumps(given.openings))
    assert verify(tmp_path / "board.json", "--openings", tmp_path / "openings.json", "--head",
                   given.heads[0]) == 1


@pytest.mark.parametrize(("content", "words"), [
    (b"", "not JSON"), (b"{", "not JSON"), (b"[]", "no board"), (b"{}", "no board"), (b"\xff\xfe", "not JSON"),
    (b'{"slips": [], "entries": []}', "no board"), (b'{"slips": [], "entries": [{}]}', "no board"),
    (b"[" * 100_000, "not JSON"), (b'{"slips": 1, "entries": 2}', "no board")])
def test_what_is_no_board_ends_with_two_and_a_sentence(verify: Command, tmp_path: Path, content: bytes, words: str,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    assert verify(file) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "odd.json" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("harm", [lambda whole: whole[:-9], lambda whole: whole[:60] + b"\xff" * 20 + whole[80:],
                                  lambda whole: whole.replace(b"PK\x01\x02", b"PK\x01\x02" + b"\x63" * 8)])
def test_a_damaged_bundle_ends_with_two_and_a_sentence(verify: Command, given: boards.Vote, tmp_path: Path,
                                                       harm: Callable[[bytes], bytes],
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vote.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("board.json", json.dumps(given.board))
    file.write_bytes(harm(file.read_bytes()))
    assert verify(file) == 2
    said = capsys.readouterr().err
    assert "vote.zip" in said
    assert "Traceback" not in said


def test_a_locked_file_needs_its_key(verify: Command, given: boards.Vote, tmp_path: Path,
                                     capsys: pytest.CaptureFixture[str]) -> None:
    asked = [tmp_path / "board.json", "--openings", tmp_path / "openings.age"]
    assert verify(*asked) == 2
    assert "--key" in capsys.readouterr().err
    for wrong in ("other.txt", "board.json"):
        assert verify(*asked, "--key", tmp_path / wrong) == 2
        assert "does not open" in capsys.readouterr().err


def test_a_changed_part_of_a_bundle_is_named(verify: Command, given: boards.Vote, tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vote.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("board.json", json.dumps(given.board))
        made.writestr("manifest.json", json.dumps({"files": {"board.json": "0" * 64, "gone.txt": "1" * 64}}))
    assert verify(file) == 2
    assert "board.json, gone.txt" in capsys.readouterr().err
