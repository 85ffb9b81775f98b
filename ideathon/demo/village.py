"""What the mapping workshop before the day found in the village, put on the map: needs, resources, skills, values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ideathon.gatherings.doors import Here
from ideathon.mapping import service as mapping
from ideathon.mapping.models import Challenge, MapItem

from .data import Row, engure

UNITS = {"site": "vieta", "evenings/week": "vakari nedēļā", "workstations": "darba vietas", "boats": "laivas",
         "people": "cilvēki"}
"""A unit is written in one language, its writer's: the village's. The data have it in English."""


@dataclass
class Village:
    """What was found, by the names in the data: N1, R1, S1, W1 …; C1 …"""

    items: dict[str, MapItem]
    challenges: dict[str, Challenge]


def add_village(here: Here) -> Village:
    """The map holds the workshop's items, on paper and of its date, and the challenges built from them."""
    (workshop,) = (event for event in engure()["other_events"] if event["kind"] == "mapping_workshop")
    then = replace(here, now=datetime.fromisoformat(f"{workshop['date']}T12:00").replace(tzinfo=UTC))
    items = {row["id"]: _add_item(then, kind, row) for kind, row in _rows()}
    challenges = {row["id"]: mapping.build_challenge(then, row["text"], [items[n] for n in _behind(row)])
                  for row in engure()["challenges"]}
    return Village(items, challenges)


def _behind(challenge: Row) -> list[str]:
    return [*challenge["needs"], *challenge["assets"]]


def _rows() -> list[tuple[str, Row]]:
    needs = [("need", row) for row in engure()["needs"]]
    assets = [(row["kind"], row) for row in engure()["resources_and_skills"]]
    return [*needs, *assets, *(("value", row) for row in engure()["values"])]


def _add_item(here: Here, kind: str, row: Row) -> MapItem:
    item = mapping.add_item(here, kind, row["text"], row.get("theme", "other"), quantity=row.get("quantity"),
                            unit=UNITS[row["unit"]] if "unit" in row else "", channel="paper")
    item.backing = row.get("supporters", 0)
    return item
