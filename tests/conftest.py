"""Fixtures for every test: the real services, and one way for Hypothesis to search."""
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests import services

services.use_installed_node()
settings.register_profile("here", deadline=None)  # a busy machine is slow, not wrong
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL: TEST_DATABASE_URL when set, else one started for this run."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with services.postgres() as url:
        yield url


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
