"""The law of the news, for map, ideas and talk: the old snapshot and what was heard since are the fresh snapshot."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from ideathon.comments.models import Comment
from ideathon.extensions import db
from ideathon.ideas.models import Idea
from ideathon.live.pulse import pulse_of
from ideathon.mapping.models import MapItem
from tests.houses import Client, House

HERE = "/e/ENGURE"
NEWS = HERE + "/news?want=mapping.item,mapping.challenge,ideas.idea,comments.comment"
STEPS = 60


class Ear:
    """A client that took one snapshot and has only listened since."""

    def __init__(self, house: House, client: Client) -> None:
        self.pulse, self.client = pulse_of(house.app), client
        self.rev, self.state = 0, self.fresh()
        self.pulse.taps.append(self.hear)

    def fresh(self) -> dict[str, Any]:
        """The snapshot as it is now."""
        return dict(self.client.get(NEWS).json["slices"])

    def hear(self, room: str, payload: dict[str, Any]) -> None:
        """One piece of news for everybody in the hall, as it goes over the wire."""
        if not room.endswith(":gathering:see"):
            return
        assert payload["rev"] >= self.rev
        self.rev = payload["rev"]
        for key, value in json.loads(json.dumps(payload["slices"])).items():
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value

    def agrees(self) -> None:
        """The law."""
        self.pulse.flush()
        ours = {"mapping", "ideas", "comments"}
        heard = {key: value for key, value in self.state.items() if key.split(".")[0] in ours}
        assert heard == self.fresh()


class Day:
    """People who do whatever comes to mind."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.words = house, 0
        self.dice = random.Random(seed)  # noqa: S311  # a sequence to repeat, no secret
        self.residents = [house.phone("Anna"), house.phone("Bert")]
        self.host, self.mentor = house.host(), house.mentor()
        self.done: dict[str, int] = {}

    def refs(self, model: Any) -> list[str]:
        """Whatever was ever there, also what is gone."""
        with self.house.inside():
            return list(db.session.scalars(select(model.ref).order_by(model.id)))

    def one(self, model: Any) -> str:
        return self.dice.choice(self.refs(model) or ["nobody"])

    def text(self) -> str:
        self.words += 1
        return f"These are the words with the number {self.words}"

    def anybody(self) -> Client:
        return self.dice.choice([*self.residents, self.host, self.mentor])

    def idea(self) -> dict[str, str]:
        return {"challenge": "C1", "title": self.text(), "summary": self.text(), "costs-0-label": "Boat",
                "costs-0-amount": str(self.dice.randrange(5000))}

    def acts(self) -> list[Callable[[], tuple[Client, str, dict[str, str]]]]:
        """Everything that these rooms' doors do."""
        any_, host, one = self.anybody, self.host, self.one
        kinds, why = ("need", "resource", "skill", "value"), {"reason": "Not here."}
        return [
            lambda: (any_(), "/map", {"kind": self.dice.choice(kinds), "text": self.text(), "theme": "other",
                                      **({"private": "y"} if self.dice.random() < .4 else {})}),
            lambda: (any_(), f"/map/{one(MapItem)}/support", {}),
            lambda: (any_(), f"/map/{one(MapItem)}/withdraw", {}),
            lambda: (host, f"/map/{one(MapItem)}/hide", why),
            lambda: (host, f"/map/{one(MapItem)}/restore", {}),
            lambda: (host, "/challenges", {"text_en": self.text(), "items": one(MapItem)}),
            lambda: (any_(), "/ideas", self.idea()),
            lambda: (any_(), f"/ideas/{one(Idea)}/edit", {**self.idea(), "version": str(self.dice.randrange(1, 4))}),
            lambda: (any_(), f"/ideas/{one(Idea)}/support", {}),
            lambda: (any_(), f"/ideas/{one(Idea)}/team", {}),
            lambda: (any_(), f"/ideas/{one(Idea)}/withdraw", {}),
            lambda: (host, f"/ideas/{one(Idea)}/hide", why),
            lambda: (host, f"/ideas/{one(Idea)}/restore", {}),
            lambda: (any_(), f"/ideas/{one(Idea)}/comments", {"kind": "comment", "text": self.text()}),
            lambda: (any_(), f"/ideas/{one(Idea)}/comments", {"kind": "question", "text": self.text(),
                                                              "parent": one(Comment)}),
            lambda: (self.mentor, f"/ideas/{one(Idea)}/comments", {"kind": "advice", "text": self.text()}),
            lambda: (any_(), f"/comments/{one(Comment)}/withdraw", {}),
            lambda: (host, f"/comments/{one(Comment)}/hide", why),
            lambda: (host, f"/comments/{one(Comment)}/restore", {}),
        ]

    def step(self) -> None:
        """Somebody does something; whatever it is, the program does not fall over."""
        act = self.dice.choice(self.acts())
        client, path, fields = act()
        self.house.app.extensions.pop("paces", None)            # the pace of the sequence is not a person's
        status = client.post(HERE + path, **fields).status_code
        assert status in {303, 403, 404, 409, 422}, (path, status)
        name = path.split("/")[1] + "/" + path.split("/")[-1]
        self.done[name] = self.done.get(name, 0) + (status == 303)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_do_the_news_tell_the_whole_truth(house: House, seed: int) -> None:
    house.day("mapping", ideas=4)
    day = Day(house, seed)
    ear = Ear(house, house.phone("Listener"))
    for number in range(STEPS):
        if number == 15:
            house.move_to("ideas")                              # where ideas and talk are open, and "me too" still is
        day.step()
        ear.agrees()
    assert sum(day.done.values()) > STEPS / 4, day.done


def test_a_refused_act_is_no_news(house: House) -> None:
    house.day("ideas")
    anna, ear = house.phone("Anna"), Ear(house, house.phone("Listener"))
    ear.pulse.flush()
    before = (dict(ear.state), ear.rev)
    anna.post(HERE + "/ideas/I01/comments", kind="comment", text="")
    anna.post(HERE + "/ideas/I01/withdraw")
    anna.post(HERE + "/map", kind="need", text="Too late for the map", theme="other")
    ear.pulse.flush()
    assert (ear.state, ear.rev) == before
