"""The tick: whole truths, dirty slices only, at most four a second, and the others go on when one fails."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest
from flask import Flask, has_app_context
from sqlalchemy import text

from ideathon.core.acts import Act
from ideathon.extensions import db
from ideathon.live.pulse import Pulse
from ideathon.live.rooms import room_of
from tests.live.phone import Hall

SEE, DESK = room_of(1, Act.GATHERING_SEE), room_of(1, Act.DESK_SEE)


class Ear:
    """Collects what a pulse says."""

    def __init__(self, app: Flask, interval: float = 0.1) -> None:
        self.said: list[tuple[float, str, dict[str, Any]]] = []
        self.crowd = 1
        self.pulse = Pulse(app, lambda room, payload: self.said.append((time.monotonic(), room, payload)),
                           lambda room: self.crowd, self.mark, interval)

    def mark(self, news: Any) -> None:
        self.pulse.mark(news)

    def slices(self) -> list[tuple[str, dict[str, Any]]]:
        return [(room, payload["slices"]) for _, room, payload in self.said]


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    """A pulse over a database of its own."""
    app = Flask("pulse")
    app.config.update(SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'a.db'}")
    db.init_app(app)
    yield Ear(app)
    with app.app_context():
        db.engine.dispose()


def test_one_event_for_each_room_with_every_dirty_slice_once(ear: Ear) -> None:
    asked: list[list[str]] = []

    def cards(gathering_id: int, keys: list[str]) -> dict[str, Any]:
        asked.append(keys)
        assert has_app_context()
        return {"ideas.card/a": {"title": "Pier"}, "ideas.card/b": None}
    ear.pulse.reads("ideas.card", cards, Act.GATHERING_SEE)
    ear.pulse.reads("voting.turnout", lambda gathering_id, keys: {keys[0]: 118}, Act.GATHERING_SEE)
    ear.pulse.reads("jury.progress", lambda gathering_id, keys: {keys[0]: 3}, Act.DESK_SEE)
    ear.pulse.position, ear.pulse.code = lambda gathering_id: 42, lambda gathering_id: "pine"
    ear.pulse.announce([(1, "ideas.card/a"), (1, "ideas.card/b"), (1, "ideas.card/gone"), (1, "ideas.card/a"),
                        (1, "voting.turnout"), (1, "jury.progress")])
    ear.pulse.flush()
    assert asked == [["ideas.card/a", "ideas.card/b", "ideas.card/gone"]]
    assert [(room, payload) for _, room, payload in ear.said] == [
        (SEE, {"g": "pine", "rev": 42, "slices": {
            "ideas.card/a": {"title": "Pier"}, "ideas.card/b": None, "ideas.card/gone": None, "voting.turnout": 118}}),
        (DESK, {"g": "pine", "rev": 42, "slices": {"jury.progress": 3}})]
    ear.pulse.flush()
    assert len(ear.said) == 2


def test_what_nobody_may_hear_is_not_read(ear: Ear) -> None:
    ear.pulse.reads("voting.turnout", lambda gathering_id, keys: pytest.fail("read for nobody"), Act.GATHERING_SEE)
    ear.crowd = 0
    ear.pulse.announce([(1, "voting.turnout")])
    ear.pulse.flush()
    assert ear.said == []


def test_the_position_is_never_newer_than_the_slices(ear: Ear) -> None:
    order: list[str] = []
    ear.pulse.position = lambda gathering_id: len(order.append("position") or order)  # type: ignore[func-returns-value]
    ear.pulse.reads("a.b", lambda gathering_id, keys: {keys[0]: order.append("slice")}, Act.GATHERING_SEE)
    ear.pulse.announce([(1, "a.b")])
    ear.pulse.flush()
    assert order == ["position", "slice"]


def test_a_failing_reader_is_tried_again_and_the_others_go_on(ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    tries: list[int] = []

    def fails_twice(gathering_id: int, keys: list[str]) -> dict[str, Any]:
        tries.append(1)
        if len(tries) < 3:
            db.session.execute(text("select secret from nowhere"))
        return {keys[0]: "well"}
    ear.pulse.reads("a.bad", fails_twice, Act.GATHERING_SEE)
    ear.pulse.reads("a.good", lambda gathering_id, keys: {
        keys[0]: db.session.execute(text("select 7")).scalar_one()}, Act.GATHERING_SEE)
    ear.pulse.announce([(1, "a.bad"), (1, "a.good")])
    ear.pulse.flush()
    assert ear.slices() == [(SEE, {"a.good": 7})]
    ear.pulse.flush()
    ear.pulse.flush()
    assert ear.slices()[1:] == [(SEE, {"a.bad": "well"})]
    assert "OperationalError" in caplog.text
    assert "secret" not in caplog.text


def test_a_failing_reader_recovers_by_itself_while_the_pulse_beats(ear: Ear) -> None:
    tries: list[int] = []

    def fails_twice(gathering_id: int, keys: list[str]) -> dict[str, Any]:
        tries.append(1)
        return {keys[0]: "well"} if len(tries) > 2 else 1 / 0  # type: ignore[return-value]
    ear.pulse.reads("a.bad", fails_twice, Act.GATHERING_SEE)
    ear.pulse.start()
    ear.pulse.announce([(1, "a.bad")])
    gevent.sleep(1)
    assert ear.slices() == [(SEE, {"a.bad": "well"})]


def test_quiet_then_at_once_busy_then_at_most_one_a_tick(ear: Ear) -> None:
    count = [0]
    ear.pulse.reads("voting.turnout", lambda gathering_id, keys: {keys[0]: count[0]}, Act.GATHERING_SEE)
    ear.pulse.start()
    began = time.monotonic()
    while time.monotonic() < began + 1.05:
        count[0] += 1
        ear.pulse.announce([(1, "voting.turnout")])
        gevent.sleep(0.01)
    gevent.sleep(0.3)
    times = [at - began for at, _, _ in ear.said]
    assert times[0] < 0.05
    assert all(later - earlier > 0.09 for earlier, later in itertools.pairwise(times))
    assert 4 <= len(times) <= 13
    assert ear.slices()[-1] == (SEE, {"voting.turnout": count[0]})


def test_gatherings_do_not_wait_for_each_other(ear: Ear) -> None:
    ear.pulse.reads("a.b", lambda gathering_id, keys: {keys[0]: gevent.sleep(0.3 if gathering_id == 1 else 0)},
                    Act.GATHERING_SEE)
    ear.pulse.start()
    began = time.monotonic()
    ear.pulse.announce([(1, "a.b"), (2, "a.b")])
    gevent.sleep(0.6)
    assert [room for _, room, _ in ear.said] == [room_of(2, Act.GATHERING_SEE), SEE]
    assert ear.said[0][0] - began < 0.2


def test_a_sum_follows_its_parts(ear: Ear) -> None:
    ear.pulse.reads("ideas.idea", lambda gathering_id, keys: {}, Act.GATHERING_SEE)
    ear.pulse.reads("hall.numbers", lambda gathering_id, keys: {keys[0]: 3}, Act.GATHERING_SEE)
    ear.pulse.follows("hall.numbers", "ideas.idea")
    ear.pulse.announce([(1, "ideas.idea/a")])
    ear.pulse.flush()
    assert ear.slices() == [(SEE, {"ideas.idea/a": None, "hall.numbers": 3})]


def test_two_readers_for_one_slice_are_a_mistake(ear: Ear) -> None:
    ear.pulse.reads("a.b", lambda gathering_id, keys: {}, Act.GATHERING_SEE)
    with pytest.raises(ValueError, match=r"a\.b"):
        ear.pulse.reads("a.b", lambda gathering_id, keys: {}, Act.DESK_SEE)


def test_votes_reach_a_phone_as_few_whole_truths(running_hall: Hall) -> None:
    phone = running_hall.phone(5)
    start = phone.emit("hello")["rev"]
    for _ in range(40):
        running_hall.ask("POST", "/vote")
    news = [phone.event("news")]
    while news[-1]["rev"] < start + 40:
        news.append(phone.event("news"))
    assert len(news) < 30
    assert news[-1] == {"g": "pine", "rev": start + 40, "slices": {"voting.turnout": start + 40}}
