"""How a run tells how far it is, and where its figures are kept: in a folder that git ignores."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks._machine import machine
from tests.services import ROOT

FOLDER = ROOT / ".cache/reliability"


class Say:
    """One line that says how far a run is; a line of its own each time when nobody watches."""

    def __init__(self, name: str) -> None:
        self.name, self.began = name, time.monotonic()

    def __call__(self, done: int, of: int, words: str = "") -> None:
        end = "\r" if sys.stdout.isatty() and done < of else "\n"
        line = f"{self.name} {done}/{of} {100 * done // of:>3} % {time.monotonic() - self.began:5.0f} s  {words}"
        sys.stdout.write(f"{line:<100}{end}")
        sys.stdout.flush()


def quiet(_done: int, _of: int, _words: str = "") -> None:
    """Of a short form in the tests, pytest says enough."""


def keep(name: str, figures: dict[str, Any], seconds: float) -> None:
    """The figures of a run, beside the machine and the day."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    told = {"run": name, "seconds": round(seconds), "machine": machine(), "figures": figures}
    (FOLDER / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


Tell = Callable[[int, int, str], None]
