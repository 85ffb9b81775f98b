"""A data folder of the test's own, and the command line inside this process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ideathon.cli import main
from tests.cli.program import UNSET


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the program uses."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IDEATHON_DATA", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    return folder


@pytest.fixture
def command(data: Path) -> Iterator[Callable[..., int]]:
    """The command line: command("demo", "load") gives the exit code."""
    umask = os.umask(0o022)
    yield lambda *words: main(list(words))
    os.umask(umask)
