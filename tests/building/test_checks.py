"""The checks of ./go check are tests too: style of the whole tree, types of the core. (Imports: test_imports.py.)"""
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import ROOT


@pytest.mark.parametrize("words", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_nothing_to_mend(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_core_is_what_mypy_looks_at_and_strictly(tmp_path: Path) -> None:
    """A function with no types, put into a copy of the core, is found; else the check above says nothing."""
    shutil.copytree(ROOT / "ideathon/core", tmp_path / "ideathon/core")
    (tmp_path / "ideathon/__init__.py").touch()
    (tmp_path / "ideathon/core/offence.py").write_text("def untyped(x): return x\n")
    words = ["mypy", "--config-file", str(ROOT / "pyproject.toml")]
    done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "ideathon/core/offence.py:1: error: Function is missing a type annotation" in done.stdout
