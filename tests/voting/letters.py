"""Letters with one-time links: made at the desk, used at home."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from tests.houses import Client, House

LINKS = "/e/ENGURE/links"


def links(desk: Client, **how: str) -> list[list[str]]:
    """The rows of the file that making links gives once."""
    answer = desk.post(LINKS, kind="csv", **how)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head == ["Name", "Address", "Link"]
    return rows


def tokens(rows: list[list[str]]) -> list[str]:
    """What stands in each link."""
    return [row[2].split("/b/link#")[1] for row in rows]


def made(house: House, n: int = 1) -> list[str]:
    """Tokens of a day at its pitch."""
    house.day("pitch")
    return tokens(links(house.host(), n=str(n)))


def code_on(page: Any) -> str:
    """The slip that a link has become."""
    found = re.search(r'name="code" value="(\w{26})"', page.text)
    assert found, page.text
    return found[1]
