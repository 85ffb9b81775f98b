"""A stranger saves the vote's bundle from the event's page, goes home, and recounts it without a network."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.hall import DESK, Hall, axe


def saved(page: Page, folder: Path) -> Path:
    """The bundle, by the link on the page of the result."""
    page.goto("/e/ENGURE/result")
    with page.expect_download() as coming:
        page.locator("a[href$='.zip'][download]").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


@pytest.mark.at("close")
def test_a_stranger_recounts_at_home(hall: Hall, tmp_path: Path) -> None:
    bundle = saved(hall.seat(DESK, lang="en"), tmp_path)
    apart = tmp_path / "home"
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(apart)
        names = set(packed.namelist())
    assert {"board.json", "verify.py", "recount.html"} <= names

    page = hall.seat(DESK, lang="en", offline=True)
    page.goto((apart / "recount.html").as_uri())
    page.locator("#file").set_input_files(bundle)
    expect(page.locator("#verdict")).to_be_visible()
    expect(page.locator(".check--bad")).to_have_count(0)
    assert page.locator(".check").count() >= 8
    axe(page)
    told = recounted(apart)
    assert told.returncode == 0, told.stdout + told.stderr
    mark = told.stdout.strip().rsplit(" ", 1)[1]        # as the big screen showed it
    board = json.loads((apart / "board.json").read_text(encoding="utf-8"))
    cast = next(one for one in board["entries"] if one["kind"] == "vote")
    cast["commitment"] = "0" * 64
    (apart / "board.json").write_text(json.dumps(board), encoding="utf-8")
    told = recounted(apart, "--head", mark)
    assert told.returncode != 0, told.stdout


def recounted(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The short program, by a Python without a package or a setting."""
    words = [sys.executable, "-I", "-S", "verify.py", "board.json", *more]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
