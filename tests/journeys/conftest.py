"""Fixtures of the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.houses import Builder
from tests.journeys.evenings import Evenings
from tests.journeys.hall import Hall, Watch, program

expect.set_options(timeout=20_000)      # how soon is measured in benchmarks/, on a machine that does nothing else


@pytest.fixture(params=["sqlite", "postgres"])
def hall(
    request: pytest.FixtureRequest, browser: Browser, builder: Builder, evenings: Evenings, tmp_path: Path
) -> Iterator[Hall]:
    """The Engure day: on a laptop (SQLite, one process), and in a city (PostgreSQL, Valkey, two workers).

    ``@pytest.mark.at("vote")`` has the day stand at that stage, with all that led to it.
    """
    folder, mark = tmp_path / "data", request.node.get_closest_marker("at")
    at = mark.args[0] if mark else ""
    if request.param == "sqlite":
        database = str(folder / "ideathon.db")
        with program(folder, database, lambda data, _url: evenings.on_sqlite(at, data)) as (bases, links):
            yield from _watched(browser, bases, links)
        return
    redis_url, postgres = request.getfixturevalue("redis_url"), request.getfixturevalue("postgres")
    with (
        builder.postgres(postgres) as url,
        program(folder, url, lambda data, url: evenings.on_postgres(at, data, url), workers=2,
                redis_url=redis_url) as (bases, links),
    ):
        yield from _watched(browser, bases, links)


def _watched(browser: Browser, bases: list[str], links: dict[str, Any]) -> Iterator[Hall]:
    hall = Hall(bases, links, browser, Watch({urlsplit(base).netloc for base in bases}, logs=links["logs"]))
    yield hall
    hall.close()
    hall.watch.is_clean()
