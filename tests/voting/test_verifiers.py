"""Two programs check a board, written apart: the one that anybody can read aloud, and our own. They never disagree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ideathon.voting import verifying
from tests.services import ROOT
from tests.voting import boards, tampering
from tests.voting.three import ALOUD, VERIFY

EACH = 50


def both(given: boards.Vote, **held: Any) -> bool:
    """What both say of it."""
    said: list[str] = []
    theirs = VERIFY(given.board, say=said.append, **held)
    ours = all(holds for _, holds in verifying.answers(given.board, **held))
    assert theirs == ours, said
    return ours


def test_it_is_short_enough_to_be_read_aloud() -> None:
    lines = ALOUD.read_text().splitlines()
    assert len(lines) < 100
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("method", sorted(boards.METHODS))
def test_an_honest_vote_holds_with_everything_that_can_be_held(method: str) -> None:
    for seed in range(EACH):
        given = boards.vote(seed, method)
        assert both(given)
        assert both(given, held=given.heads, previous=given.older, openings=given.openings)


def test_an_honest_vote_of_any_kind_holds() -> None:
    """Later slips, void ones, papers by slip and by serial, single votes, hands: whatever an honest house may write."""
    kinds: Counter[str] = Counter()
    for seed in range(EACH * 10):
        given = boards.any_vote(seed)
        assert both(given, held=given.heads, previous=given.older, openings=given.openings), seed
        kinds.update({entry["kind"] for entry in given.board["entries"]})
        kinds["once"] += given.board["entries"][0].get("revote") is False
    assert min(kinds.values()) > EACH
    assert set(kinds) == verifying.KINDS | {"once"}


@pytest.mark.parametrize("kind", tampering.TAMPERINGS)
def test_every_tampering_is_caught_with_a_held_head_and_the_openings(kind: str) -> None:
    for seed in range(EACH):
        method = sorted(boards.METHODS)[seed % 3]
        given = boards.vote(seed, method)
        before = json.dumps([given.board, given.openings], sort_keys=True)
        tampering.TAMPERINGS[kind](given, Random(1000 + seed))  # noqa: S311  # a test's own chance
        assert json.dumps([given.board, given.openings], sort_keys=True) != before
        assert not both(given, held=given.heads, openings=given.openings), (kind, seed)


@pytest.mark.parametrize("kind", tampering.FORGERIES)
def test_a_coherent_forgery_is_noticed_by_its_rule_alone(kind: str) -> None:
    """Nobody holds a mark, and all marks were made anew: what cannot be is caught all the same, and by nothing else."""
    forge, minded = tampering.FORGERIES[kind]
    for seed in range(EACH):
        given = boards.vote(seed, sorted(boards.METHODS)[seed % 3])
        forge(given, Random(1000 + seed))  # noqa: S311
        assert not both(given, openings=given.openings)
        found = verifying.answers(given.board, openings=given.openings)
        assert {question for question, holds in found if not holds} == minded, seed


def test_at_least_so_many_kinds_are_tried() -> None:
    assert len(tampering.TAMPERINGS) == 36
    assert len(tampering.FORGERIES) == 19


def test_without_a_held_head_a_coherent_rewriting_is_not_seen() -> None:
    """Why heads are shown in the hall: the chain alone is worth nothing (and this test has teeth)."""
    for seed in range(EACH):
        given = boards.vote(seed)
        tampering.rewrite_it_all(given, Random(seed))  # noqa: S311
        assert both(given, openings=given.openings)
        assert not both(given, held=given.heads, openings=given.openings)


@pytest.mark.parametrize(("change", "code"), [(None, 0), (tampering.raise_the_turnout, 1), ("{", 2)])
def test_at_the_command_line(tmp_path: Path, change: Any, code: int) -> None:
    given = boards.vote(7)
    if callable(change):
        change(given, Random(7))  # noqa: S311
    file, opened = tmp_path / "board.json", tmp_path / "openings.json"
    file.write_text(change if isinstance(change, str) else json.dumps(given.board))
    opened.write_text(json.dumps(given.openings))
    ran = subprocess.run([sys.executable, "-I", ALOUD, file, "--openings", opened, "--head", given.heads[0][:16]],
                         capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert ("DOES NOT HOLD" in ran.stdout) == (code == 1)


@pytest.mark.parametrize("sealed", [False, True])
def test_an_annulled_vote_is_told_in_plain_words(tmp_path: Path, sealed: bool) -> None:
    why = "A box was left open\x1b[2J."
    for method in sorted(boards.METHODS):
        given = boards.vote(3, method)
        entries = given.board["entries"]
        given.board["entries"] = [*(entries if sealed else entries[:-1]), {"kind": "annul", "why": why}]
        assert not both(given)
        assert verifying.annulled(given.board) == [why]
        assert dict(verifying.answers(given.board))[verifying.Question.SHAPE] is False
    file = tmp_path / "board.json"
    file.write_text(json.dumps(given.board))
    for program in ([sys.executable, "-I", str(ALOUD)], [sys.executable, "-m", "ideathon", "verify"]):
        ran = subprocess.run([*program, str(file)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
        assert ran.returncode == 1, ran.stderr
        assert "This vote was annulled" in ran.stdout
        assert "A box was left open" in ran.stdout
        assert "\x1b" not in ran.stdout
