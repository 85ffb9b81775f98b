"""Fixtures for every test: the real services, and one way for Hypothesis to search."""
import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests import databases, houses, services
from tests.journeys.evenings import Evenings

services.keep_files_in_memory()
services.use_installed_node()
settings.register_profile("here", deadline=None)  # a busy machine is slow, not wrong
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_finish() -> None:
    """What is imported by now stays: to look for garbage in it again and again took a tenth of all tests' time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL: TEST_DATABASE_URL when set, else one started for this run."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with services.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Builder]:
    """Makes fresh databases; the program's own data folder is one of the test's."""
    folder = tmp_path_factory.mktemp("house")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDEATHON_DATA", str(folder))
        for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY"):
            patch.delenv(name, raising=False)
        yield databases.Builder(folder)


@pytest.fixture(scope="session")
def evenings(tmp_path_factory: pytest.TempPathFactory) -> Evenings:
    """Demo days that were loaded once, for all workers of the run."""
    own = tmp_path_factory.getbasetemp()
    return Evenings((own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "evenings")


@pytest.fixture
def house_sqlite(builder: databases.Builder) -> Iterator[houses.House]:
    """The program on a fresh SQLite file."""
    with builder.sqlite() as url, houses.house_on(url) as house:
        yield house


@pytest.fixture
def house_postgres(builder: databases.Builder, postgres: str) -> Iterator[houses.House]:
    """The program on a fresh PostgreSQL database."""
    with builder.postgres(postgres) as url, houses.house_on(url) as house:
        yield house


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest) -> houses.House:
    """The program on a fresh database, once on each kind."""
    found: houses.House = request.getfixturevalue(f"house_{request.param}")
    return found


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a real Valkey: TEST_REDIS_URL when set. Ask for it before the application, which must stop first."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with services.valkey() as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """What pytest-playwright starts Chromium with."""
    return {**browser_type_launch_args, **services.chromium_launch_options()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name whole addresses. (The browser plugin's own fixture of this name warns, and warnings are errors.)"""
