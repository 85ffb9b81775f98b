"""The whole day against a real server, by pages and sockets, on both databases; and two workers at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.cli.program import ask, serving

A_DAY = 600.0           # seconds; half a minute on a free machine
LOADED = "The Engure demo was loaded"


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    server = postgres.replace("+psycopg", "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute('DROP DATABASE IF EXISTS "play" WITH (FORCE)')
        connection.execute('CREATE DATABASE "play"')
        yield server.rsplit("/", 1)[0] + "/play"
        connection.execute('DROP DATABASE "play" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, empty database of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "day.db")
    return str(request.getfixturevalue("empty_postgres"))


def test_the_whole_day(database: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, "--database", database) as program:
        words = ["demo", "play", "--speed", "0", "--url", program.url]
        played = ask(data, *words, patience=A_DAY, DATABASE_URL=database)
        assert played.returncode == 0, played.stdout + played.stderr
        assert "its result is the expected one to the last digit" in played.stdout
        again = ask(data, *words, DATABASE_URL=database)
        assert (again.returncode, "has begun already" in again.stderr) == (1, True), again.stderr
        assert program.stop() == 0
        assert "Traceback" not in program.log.read_text()


def test_two_workers_that_start_at_once_load_one_demo(empty_postgres: str, tmp_path: Path) -> None:
    data = tmp_path / "data"

    def start() -> tuple[bool, list[str]]:
        with serving(data, "--database", empty_postgres) as worker:
            return LOADED in worker.box, [worker.way(who) for who in ("Projector", "Host's desk", "Manager")]

    with ThreadPoolExecutor(2) as both:
        started = [found.result() for found in [both.submit(start), both.submit(start)]]
    assert sorted(loaded for loaded, _ in started) == [False, True]
    assert started[0][1] == started[1][1]
