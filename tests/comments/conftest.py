"""One house and one running server for the tests of the talk, on each kind of database."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete

from ideathon.comments.models import Comment
from tests.houses import Builder, House, house_on
from tests.services import ROOT, running


@contextmanager
def serving(house: House) -> Iterator[int]:
    """The port of the program on the same database."""
    words = [sys.executable, "-W", "error", "-m", "tests.comments.serve", house.url]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with running(process, signal.SIGTERM), process.stdout or sys.stdin as said:
        yield int(said.readline())


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def hall(request: pytest.FixtureRequest, builder: Builder) -> Iterator[tuple[House, int]]:
    """One house and one server on its database for all tests here."""
    fresh = builder.sqlite() if request.param == "sqlite" else builder.postgres(request.getfixturevalue("postgres"))
    with fresh as url, house_on(url) as house:
        house.day("ideas")
        with serving(house) as port:
            yield house, port


@pytest.fixture
def quiet_house(hall: tuple[House, int]) -> House:
    """The house with the running server, its talk empty."""
    with hall[0].inside() as session:
        session.execute(delete(Comment))
    return hall[0]
