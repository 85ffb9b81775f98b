"""Pages and facts travel compressed to those who can read it so, and plain to those who cannot."""

from __future__ import annotations

import gzip
import json

import pytest

from ideathon import config
from ideathon.errors import Misconfigured
from tests.houses import House

TAKES_IT = {"Accept-Encoding": "gzip, br, zstd"}


def test_a_page_travels_compressed(house_sqlite: House) -> None:
    asker = house_sqlite.app.test_client()
    plain, small = asker.get("/"), asker.get("/", headers=TAKES_IT)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert int(small.headers["Content-Length"]) < len(plain.data) / 2
    page = gzip.decompress(small.data).decode()
    assert "</html>" in page
    nonce = page.partition('nonce="')[2].partition('"')[0]
    assert f"'nonce-{nonce}'" in small.headers["Content-Security-Policy"]


def test_a_little_answer_is_left_alone(house_sqlite: House) -> None:
    answer = house_sqlite.app.test_client().get("/e/NOWHERE/news", headers={**TAKES_IT, "Accept": "application/json"})
    assert "Content-Encoding" not in answer.headers
    assert json.loads(answer.data)


@pytest.mark.parametrize("given", ["0", "-1", "many", "6e2", "²"])
def test_a_number_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCKETS_PER_ADDRESS", given)
    with pytest.raises(Misconfigured, match="SOCKETS_PER_ADDRESS"):
        config.settings()


def test_more_sockets_from_one_address_can_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCKETS_PER_ADDRESS", "2000")
    assert config.settings()["SOCKETS_PER_ADDRESS"] == 2000
