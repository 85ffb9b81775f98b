"""The pictures of the README can be made at any time, and show something."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import pictures
from tests.journeys.hall import Hall


@pytest.mark.at("ideas")
@pytest.mark.parametrize("hall", ["sqlite"], indirect=True)
def test_the_pictures_are_made(hall: Hall, tmp_path: Path) -> None:
    pictures.take(hall, tmp_path)
    sizes = {path.stem: path.stat().st_size for path in tmp_path.glob("*.png")}
    assert set(sizes) == {"screen", "desk", "phone", "hall"}
    assert min(sizes.values()) > 20_000, sizes
