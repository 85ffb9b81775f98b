"""News leaves after the outermost commit and never without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ideathon import live
from ideathon.extensions import bind_engine, db
from ideathon.live.outbox import announce

News = list[tuple[int, str]]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application with one table."""
    app = Flask("outbox")
    app.config.update(SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'a.db'}")
    db.init_app(app)
    live.init_app(app)
    with app.app_context():
        bind_engine(db.engine)
        db.session.execute(text("create table thing (id integer primary key)"))
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> News:
    """What reaches the pulse."""
    heard: News = []
    monkeypatch.setattr(app.extensions["pulse"], "announce", heard.extend)
    return heard


def add(number: int) -> None:
    db.session.execute(text("insert into thing values (:id)"), {"id": number})


def add_in_savepoint(number: int) -> None:
    with db.session.begin_nested():
        announce(1, "ideas.card/second")
        add(number)


def test_news_leaves_with_the_commit_each_once(heard: News) -> None:
    add(1)
    announce(1, "ideas.card/abc")
    announce(1, "ideas.card/abc")
    announce(1, "voting.turnout")
    assert heard == []
    db.session.commit()
    assert heard == [(1, "ideas.card/abc"), (1, "voting.turnout")]
    db.session.commit()
    assert len(heard) == 2


def test_a_rollback_forgets(heard: News) -> None:
    add(1)
    announce(1, "voting.turnout")
    db.session.rollback()
    add(2)
    db.session.commit()
    assert heard == []


def test_a_closed_session_forgets(heard: News) -> None:
    add(1)
    announce(1, "voting.turnout")
    db.session.close()
    add(2)
    db.session.commit()
    assert heard == []


def test_the_release_of_a_savepoint_is_not_the_commit(heard: News) -> None:
    with db.session.begin_nested():
        add(1)
        announce(1, "voting.turnout")
    assert heard == []
    db.session.commit()
    assert heard == [(1, "voting.turnout")]


def test_a_rollback_to_a_savepoint_forgets_only_what_came_since(heard: News) -> None:
    add(1)
    announce(1, "ideas.card/kept")
    outer = db.session.begin_nested()
    announce(1, "ideas.card/kept-too")
    inner = db.session.begin_nested()
    announce(1, "ideas.card/gone")
    inner.rollback()
    outer.commit()
    announce(1, "ideas.card/last")
    db.session.commit()
    assert heard == [(1, "ideas.card/kept"), (1, "ideas.card/kept-too"), (1, "ideas.card/last")]


def test_a_duplicate_inside_a_savepoint_takes_only_its_own_news(heard: News) -> None:
    add(1)
    announce(1, "ideas.card/first")
    with pytest.raises(IntegrityError):
        add_in_savepoint(1)
    db.session.commit()
    assert heard == [(1, "ideas.card/first")]


def test_a_failing_hand_over_leaves_the_act_saved(
        app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(news: News) -> None:
        raise ConnectionError("secret")
    monkeypatch.setattr(app.extensions["pulse"], "announce", fail)
    add(1)
    announce(1, "voting.turnout")
    db.session.commit()
    assert db.session.execute(text("select count(*) from thing")).scalar_one() == 1
    assert "ConnectionError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("name", ["", "voting", "Voting.turnout", "voting.turnout/", "voting.turnout/a/b", "a.b/ c"])
def test_a_slice_is_named_room_dot_slice(app: Flask, name: str) -> None:
    with pytest.raises(ValueError, match="slice"):
        announce(1, name)
