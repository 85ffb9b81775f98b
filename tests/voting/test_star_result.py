"""A vote with stars from the first slip to the last check: sealed, published, and recounted by three programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyrage
from playwright.sync_api import Page, expect
from pyrage.x25519 import Identity

from ideathon.voting import rounds, service
from tests.houses import House
from tests.results import small_day
from tests.services import ROOT
from tests.voting import box
from tests.voting.homes import choose, words
from tests.voting.test_profiles import press


def test_votes_with_stars_are_sealed_and_every_program_agrees(
        house: House, tmp_path: Path, opened: Callable[..., Page]) -> None:
    house.day("pitch", ideas=3)
    keys = [Identity.generate() for _ in range(2)]
    with house.inside():
        here = box.host_here(house)
        rounds.set_rules(here, {"method": "star", "max_choices": 3, "budget_cents": 400_000})
        for number, key in enumerate(keys, 1):
            service.set_witness(here, number, str(key.to_public()))
    codes = box.draw(house, 6)
    small_day.score(house, small_day.flat({"I01": 4, "I02": 3, "I03": 3}))
    house.move_to("vote")
    for code, choices, star in zip(codes, (["I01"], ["I01", "I03"], ["I03"], ["I02"], ["I01"], ["I01", "I02"]),
                                   ("I01", "I01", "", "", "I01", ""), strict=True):
        assert press(house.visitor(), code, choices, star=star).status_code == 303
    house.move_to("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
    for seen in range(5):
        host.post("/e/ENGURE/reveal", seen=seen)
    (tmp_path / "vote.zip").write_bytes(house.visitor().get("/e/ENGURE/vote.zip").data)
    locked = host.get("/e/ENGURE/openings.age").data
    (tmp_path / "openings.json").write_bytes(pyrage.decrypt(locked, [keys[0]]))
    with zipfile.ZipFile(tmp_path / "vote.zip") as bundle:
        told = json.loads(bundle.read("board.json"))
        result = json.loads(bundle.read("result.json"))["outcome"]
    assert told["entries"][-1]["totals"] == {"I01": 7, "I02": 2, "I03": 2}
    assert result["settings"]["per_ballot"] == 2
    asked = ["vote.zip", "--openings", "openings.json"]
    for program in ([sys.executable, str(ROOT / "static/verify/verify.py")],
                    [sys.executable, "-m", "ideathon", "verify"]):
        done = subprocess.run([*program, *asked], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    page = opened("en")
    choose(page, tmp_path / "openings.json", tmp_path / "vote.zip")
    known = words(page)
    expect(page.locator("#verdict")).to_contain_text(known["vote_holds"])
