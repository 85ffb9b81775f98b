"""R21: a stolen laptop. What was chosen, from which address and by which browser stands in no file after the seal."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from ideathon.extensions import db
from ideathon.voting import codes as slip_codes
from ideathon.voting.models import Ballot, CastKey
from tests.houses import Builder, House
from tests.reliability.hall import KINDS, REFS, Site
from tests.results import small_day
from tests.voting import box

ADDRESS, BROWSER = "127.8.9.10", "Kanarijputns/7.3"
HIDDEN = re.compile(r'name="(csrf_token|key|expect)" value="([^"]*)"')
PAIRS = list(combinations(REFS, 2))


class Canary:
    """A browser with a name and an address of its own that nothing else in the house has."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, ""

    def ask(self, way: str, path: str, **fields: Any) -> tuple[int, str]:
        """Status and text of one request."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, source_address=(ADDRESS, 0), timeout=30)
        head = {"User-Agent": BROWSER, "Cookie": self.cookies, "Host": f"127.0.0.1:{self.port}"}
        if fields:
            head |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        line.request(way, path, urllib.parse.urlencode(fields, doseq=True), head)
        answer = line.getresponse()
        said = answer.read().decode()
        if given := answer.headers.get_all("Set-Cookie"):
            self.cookies = "; ".join(one.split(";")[0] for one in given)
        line.close()
        return answer.status, said

    def vote(self, code: str, choices: Iterable[str]) -> str:
        """The slip votes; gives the key of its press."""
        _, page = self.ask("GET", "/b")
        _, ballot = self.ask("POST", "/b", **dict(HIDDEN.findall(page)) | {"code": code})
        fields = dict(HIDDEN.findall(ballot))
        status, said = self.ask("POST", "/b/cast", **fields, code=code, choice=list(choices))
        assert status == 303, said
        return fields["key"]


def canaries(house: House, used: Iterable[str], codes: Iterable[str]) -> dict[str, list[str]]:
    """Everything that must be nowhere after the seal."""
    with house.inside() as session:
        rows = session.execute(select(Ballot.nonce, Ballot.choices)).all()
        kept = list(session.scalars(select(CastKey.key)))
    assert set(kept) == set(used)
    return {"nonces": [row.nonce for row in rows], "keys": kept,
            "choices": ['["' + '", "'.join(row.choices) + '"]' for row in rows],
            "codes": [word for code in codes for word in (code, slip_codes.short(code))],
            "address": [ADDRESS], "browser": [BROWSER]}


def everything(site: Site, folder: Path) -> str:
    """Every byte of the data folder: database, logs of writes, what the programs said; on PostgreSQL all rows too."""
    found = [part.read_bytes().decode("latin-1") for part in sorted(folder.rglob("*")) if part.is_file()]
    with site.house.inside():
        if db.engine.dialect.name == "postgresql":
            names = inspect(db.engine).get_table_names()
            found += [str(row) for name in names for row in db.session.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608
    return "\n".join(found).replace("'", '"')


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_knows_after_the_seal_what_was_chosen_where_or_with_what(
        kind: str, builder: Builder, postgres: str, redis_url: str) -> None:
    with KINDS[kind](builder, postgres, redis_url) as site:
        house = site.house
        small_day.score(house, small_day.flat(dict.fromkeys(REFS, 3) | {"I02": 4}))
        codes = box.draw(house, len(PAIRS))
        phone = Canary(site.ports[0])
        used = [phone.vote(code, pair) for code, pair in zip(codes, PAIRS, strict=True)]
        used.append(phone.vote(codes[0], PAIRS[-1]))        # a change of mind
        held = canaries(house, used, codes)
        before = everything(site, builder.folder)
        assert all(word in before for word in (*held["nonces"], *held["choices"], *held["keys"]))    # the search finds
        house.move_to("result")
        assert house.host().post("/e/ENGURE/seal").status_code == 303
        for worker in site.workers:
            worker.stop()
        after = everything(site, builder.folder)
        assert {name: word for name, words in held.items() for word in words if word in after} == {}
        assert [worker.said() for worker in site.workers if "vote" in worker.said() and ADDRESS in worker.said()] == []
