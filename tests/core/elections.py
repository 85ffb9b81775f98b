"""Small elections written out, and the real ones that lie beside the project."""

from pathlib import Path

import pytest

from tests.services import ROOT

REAL = ROOT.parent / "shared" / "pabulib"
FILES = sorted(REAL.glob("*.pb"))
needs_real = pytest.mark.skipif(not FILES, reason="the real elections (shared/pabulib) are not beside the project")

META = {"description": "A village", "num_projects": "3", "num_votes": "4", "budget": "100", "vote_type": "approval",
        "rule": "greedy"}
PROJECTS = ["project_id;cost;name;selected", "A;60;Bridge;1", "B;50;Pier;0", "C;40;Sauna;1"]
VOTES = ["voter_id;vote", "1;A,B", "2;A,C", "3;A", "4;C,B"]


def file_of(meta: dict[str, str] | None = None, projects: list[str] | None = None,
            votes: list[str] | None = None) -> str:
    """A `.pb` file: the village's, with other words where they are given; a value of "" takes a key away."""
    facts = {key: value for key, value in {**META, **(meta or {})}.items() if value}
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in facts.items()),
             "PROJECTS", *(projects or PROJECTS), "VOTES", *(votes or VOTES)]
    return "\n".join(lines) + "\n"


def line_of(text: str, words: str) -> int:
    """The line on which those words stand first."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def put(folder: Path, text: str | bytes, name: str = "village.pb") -> Path:
    """The file in that folder."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
