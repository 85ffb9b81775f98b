"""The law of news: an old snapshot and all news since then make the fresh snapshot, whatever was done in between."""

import random
from typing import Any

import pytest

from ideathon.core.acts import Role
from ideathon.gatherings.doors import here_for
from ideathon.live.pulse import pulse_of
from ideathon.stage.snapshot import snapshot
from tests.houses import House

DESK = "/e/ENGURE/desk"


class Ear:
    """A client that took a snapshot once and hears every payload since."""

    def __init__(self, house: House) -> None:
        self.house, self.pulse = house, pulse_of(house.app)
        self.pulse.flush()          # what led to this day is no news any more
        self.held = self.fresh()
        self.pulse.taps.append(self.hear)

    def fresh(self) -> dict[str, Any]:
        """A snapshot as the host sees it."""
        with self.house.inside():
            here = here_for(self.house.gathering(), self.house.person("host"))
            assert Role.HOST in here.seat.roles
            return dict(snapshot(here.gathering.id, here.seat)["slices"])

    def hear(self, _room: str, payload: dict[str, Any]) -> None:
        """What slices.js does with a payload."""
        for key, value in payload["slices"].items():
            if value is None:
                self.held.pop(key, None)
            else:
                self.held[key] = value


def acts(house: House) -> list[Any]:
    """Ways to change the hall; each is a request through a door."""
    host, phone = house.host(), house.phone("Anna")

    def seen() -> str:
        with house.inside():
            stage = house.gathering().current_stage
            return stage.ref if stage else ""

    return [
        lambda: host.post(f"{DESK}/next", seen=seen()), lambda: host.post(f"{DESK}/back", seen=seen()),
        lambda: host.post(f"{DESK}/time", minutes="5"), lambda: host.post(f"{DESK}/pause", wanted="paused"),
        lambda: host.post(f"{DESK}/pause", wanted="running"), lambda: host.post(f"{DESK}/screen", scene="black"),
        lambda: host.post(f"{DESK}/screen", scene="pitch", idea="I02"), lambda: house.phone("Another"),
        lambda: phone.post("/e/ENGURE/ideas/I01/comments", kind="comment", text="A word about it"),
        lambda: phone.post("/e/ENGURE/ideas/I02/support"),
        lambda: host.post("/e/ENGURE/ideas/I03/hide", reason="twice"),
        lambda: host.post("/e/ENGURE/ideas/I03/restore"),
        lambda: host.post("/e/ENGURE/ideas/I01/hide", reason="its comments go with it"),
        lambda: host.post("/e/ENGURE/ideas/I01/restore"),
        lambda: host.post("/e/ENGURE/map/N1/hide", reason="twice"), lambda: host.post("/e/ENGURE/map/N1/restore"),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_old_snapshot_and_news_are_the_fresh_snapshot(house: House, seed: int) -> None:
    house.day("mapping")
    ways, chance = acts(house), random.Random(seed)  # noqa: S311  # repeatable acts, no secret
    ear = Ear(house)
    for _ in range(25):
        chance.choice(ways)()
        if chance.random() < 0.5:
            ear.pulse.flush()
    ear.pulse.flush()
    assert ear.held == ear.fresh()


def test_stage_and_people_are_heard(house: House) -> None:
    house.day("ideas")
    ear = Ear(house)
    before = ear.held["people.count"]["n"]
    house.phone("Anna")
    house.host().post(f"{DESK}/pause", wanted="paused")
    ear.pulse.flush()
    assert ear.held["people.count"]["n"] == before + 1
    assert ear.held["gathering.stage"]["stage"]["state"] == "paused"


def test_a_refused_press_is_not_news(house: House) -> None:
    house.day("ideas")
    ear, told = Ear(house), []
    ear.pulse.taps.append(lambda _room, payload: told.append(payload))
    assert house.host().post(f"{DESK}/next", seen="another").status_code == 409
    ear.pulse.flush()
    assert told == []
