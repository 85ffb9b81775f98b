"""The rooms import down only: the contracts of pyproject.toml hold, and each was seen to fail when broken."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import ROOT

DOWN = "Rooms import down only"
CORE = "Core needs only the standard library"
LIVE = "Only live speaks Socket.IO"
ROOM = "Inside a room: views, forms or service, queries, models"
CIRCLES = "No circles"
BREAKS = {  # what somebody might write: the file, its import, the contract that must fail
    "a room below imports one above": ("people/offence.py", "import ideathon.voting", DOWN),
    "a room imports its neighbour": ("jury/offence.py", "import ideathon.comments", DOWN),
    "live imports the ledger beside it": ("live/offence.py", "import ideathon.ledger", DOWN),
    "core imports a room": ("core/offence.py", "import ideathon.ideas", DOWN),
    "a room imports the application": ("stage/offence.py", "from ideathon import app", DOWN),
    "an import hides in a function": ("people/offence.py", "def late():\n    import ideathon.voting", DOWN),
    "a room that nobody has placed": ("attic/offence.py", "", DOWN),
    "core imports Flask": ("core/offence.py", "from flask import g", CORE),
    "core imports SQLAlchemy by a detour": ("core/offence.py", "import ideathon.types", CORE),
    "a room speaks Socket.IO": ("comments/offence.py", "from flask_socketio import emit", LIVE),
    "a client library outside the rehearsal": ("reports/offence.py", "import socketio", LIVE),
    "a model imports its service": ("ideas/models.py", "import ideathon.ideas.service", ROOM),
    "a query imports a form": ("ideas/queries.py", "import ideathon.ideas.forms", ROOM),
    "a service imports the forms beside it": ("ideas/service.py", "import ideathon.ideas.forms", ROOM),
    "two files of a room in a circle": ("web/offence.py", "import ideathon.web.second", CIRCLES),
}
NEEDED = ["voting/__init__.py", "comments/__init__.py", "ideas/__init__.py", "ideas/service.py", "ideas/forms.py",
          "live/__init__.py", "ledger.py", "types.py", "app.py"]  # what the offences import, where not there yet


def broken(root: Path) -> set[str]:
    """The names of the contracts that fail for the package below `root`."""
    words = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"]
    said = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: .*)?$", said.stdout, re.MULTILINE))
    assert set(verdicts) == {DOWN, CORE, LIVE, ROOM, CIRCLES}, said.stdout + said.stderr
    names = {name for name, verdict in verdicts.items() if verdict == "BROKEN"}
    assert bool(names) == bool(said.returncode)
    return names


def add(package: Path, name: str, text: str) -> None:
    """Write a line into a file of the package, with the folders and packages that lead to it."""
    path = package / name
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.touch()
    path.write_text(f"{path.read_text()}\n{text}\n")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package that may be spoilt."""
    shutil.copytree(ROOT / "ideathon", tmp_path / "ideathon", ignore=shutil.ignore_patterns("__pycache__"))
    for name in NEEDED:
        add(tmp_path / "ideathon", name, "")
    return tmp_path


def test_every_contract_holds() -> None:
    assert broken(ROOT) == set()


@pytest.mark.parametrize("offence", BREAKS)
def test_a_contract_fails_when_it_is_broken(house: Path, offence: str) -> None:
    name, line, contract = BREAKS[offence]
    add(house / "ideathon", "web/second.py", "import ideathon.web.offence" if contract == CIRCLES else "")
    add(house / "ideathon", name, line)
    assert contract in broken(house)


def test_the_untouched_copy_breaks_nothing(house: Path) -> None:
    """The cases above mean something: it was the added line that failed."""
    assert broken(house) == set()
