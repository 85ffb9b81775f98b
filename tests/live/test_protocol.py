"""docs/live-protocol.md says what is true: every event with its fields, every slice with its act."""

import json
import re
from typing import Any

import ideathon.app
from ideathon.live.events import heard_events
from ideathon.stage.snapshot import SLICES
from tests.services import ROOT

PAGE = (ROOT / "docs/live-protocol.md").read_text()
SAID = re.compile(r'(?:emit\(|_tell\(|_tell, )(?:[a-z_.]+, )?"([a-z-]+)", ')


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema of the page by its heading, which is also its title."""
    found = re.findall(r"^### (\S+)\n(?:(?!#).*\n)*?```json\n((?:.|\n)*?)```", PAGE, re.MULTILINE)
    made = {heading: json.loads(words) for heading, words in found}
    assert all(schema["title"] == heading for heading, schema in made.items())
    return made


def test_every_event_that_is_heard_is_described_with_its_fields() -> None:
    assert ideathon.app.ROOMS                                # importing the whole program registers every event
    ours = {name: heard for name, heard in heard_events().items() if heard.handler.__module__.startswith("ideathon.")}
    assert {"hello", "comment:add"} <= set(ours)
    for name, heard in ours.items():
        assert set(schemas()[name]["properties"]) == set(heard.fields), name
        assert f"### {name}\n\nAct `{heard.rule}`." in PAGE, name


def test_every_event_that_is_said_is_described() -> None:
    said = {name for path in (ROOT / "ideathon/live").glob("*.py") for name in SAID.findall(path.read_text())}
    assert said == {"news", "welcome", "refused", "come-back", "resync"}
    assert said <= set(schemas())


def test_every_slice_is_described_with_the_act_that_hears_it() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)(?:/REF)?` \| `([a-z:]+)` \|", PAGE, re.MULTILINE))
    assert rows == {key: str(one.act) for key, one in SLICES.items()}
