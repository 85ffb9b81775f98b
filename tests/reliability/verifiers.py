"""R20: boards that were tampered with, and boards by chance, before the three programs that check them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests import services
from tests.reliability.report import Tell
from tests.voting import tampering, three

BATCH = 100


@dataclass(frozen=True)
class Plan:
    """The long form."""

    each: int = 50          # of every kind of tampering
    boards: int = 1000      # by chance


def run(plan: Plan, say: Tell) -> dict[str, Any]:
    """Every kind is caught by all three where a mark is held, and all three say the same of every board.

    Raises:
        AssertionError: two of them say different things of a board, or one got by.
    """
    kinds, sound = sorted(tampering.TAMPERINGS), 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(**services.chromium_launch_options())
        page = three.opened(browser, Path(folder))
        for at, kind in enumerate(kinds):
            assert three.missed(page, [kind], range(plan.each)) == []
            say(at + 1, len(kinds), kind)
        for first in range(0, plan.boards, BATCH):
            sound += three.by_chance(page, range(first, first + BATCH))[0]
            say(first + BATCH, plan.boards, "boards by chance")
        browser.close()
    return {"kinds of tampering": len(kinds), "each": plan.each, "caught by all three": len(kinds) * plan.each,
            "boards by chance, told alike": plan.boards, "of which hold": sound}
