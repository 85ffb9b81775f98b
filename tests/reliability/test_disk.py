"""R3, short: a full disk, a system that refuses to write, and the n-th write that fails."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.houses import Builder
from tests.reliability import disk
from tests.reliability.report import quiet

SHORT = disk.Plan(times=1, voters=15, casts=90)


@pytest.mark.parametrize("how", [disk.nth_write, disk.limited, disk.filled])
def test_without_room_votes_wait_and_nothing_is_lost(how: Callable[..., dict[str, Any]], builder: Builder) -> None:
    how(builder, SHORT, quiet)
