"""The sealed bundle and the recount page at their doors; the page is one file, loads nothing, its words are whole."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import select
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from ideathon.ideas.models import Idea
from ideathon.results import queries, recount
from tests.houses import House
from tests.results import small_day
from tests.results.recounts import canonical

PARTS = Path("static/recount")
DOORS = ("/e/ENGURE/result.json", "/e/ENGURE/recount.html")
LANGUAGES = ("en", "lv")


def test_both_files_wait_for_the_whole_reveal(house: House) -> None:
    host = small_day.voted(house).host()
    for seen in range(-1, 3):
        for door in DOORS:
            for who in (house.visitor(), host, house.juror()):
                assert who.get(door).status_code == house.visitor().get("/e/ENGURE/result").status_code == 409, door
        host.post("/e/ENGURE/seal") if seen < 0 else host.post("/e/ENGURE/reveal", seen=seen)
    for door in DOORS:
        answer = house.visitor().get(door)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert "script-src 'self' 'nonce-" in answer.headers["Content-Security-Policy"]     # no page's policy is weaker


def test_the_bundle_holds_the_very_bytes_of_the_digest(house: House) -> None:
    small_day.revealed(house, conflicts=[("Juror 3", "I02")])
    text = house.visitor().get(DOORS[0]).data.decode()
    data = json.loads(text)
    assert text == canonical(data)
    outcome = canonical(data["outcome"])
    assert outcome in text
    with house.inside():
        row = queries.sealed(house.gathering().id)
        assert hashlib.sha256(outcome.encode()).hexdigest() == data["digest"] == row.digest
        assert data["ledger_head"] == row.ledger_head
    names = data["outcome"]["names"]        # under the digest: whoever changes one changes the fingerprint
    assert names["event"] == {"code": "ENGURE", "date": "2020-02-22",
                              "title": {"en": "Engure ideathon", "lv": "Engures ideatons"}}
    assert names["titles"]["I02"] == {"en": "Idea 2", "lv": "Ideja 2"}
    assert set(names["criteria_titles"]) == {"K1", "K2", "K3", "K4", "K5"}
    assert "Juror" not in text


def test_an_idea_that_was_hidden_after_the_seal_keeps_its_name(house_sqlite: House) -> None:
    small_day.revealed(house_sqlite)
    with house_sqlite.inside() as session:
        session.query(Idea).filter_by(ref="I03").one().state = "hidden"
    sealed = json.loads(house_sqlite.visitor().get(DOORS[0]).data)["outcome"]
    assert sealed["names"]["titles"]["I03"]["en"] == "Idea 3"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_result_page_leads_to_both(house_sqlite: House, lang: str) -> None:
    small_day.revealed(house_sqlite)
    page = house_sqlite.visitor(lang).get("/e/ENGURE/result").text
    assert [door for door in DOORS if f'href="{door}" download' not in page] == []


class _Parts(HTMLParser):
    """Every element that could fetch something, and what stands inside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.fetching: list[tuple[str, str]] = []
        self.inside: list[tuple[str, str]] = []
        self.now = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.now = tag
        given = dict(attrs)
        self.fetching += [(tag, given[name]) for name in ("src", "href", "srcset", "action", "data") if name in given]

    def handle_endtag(self, tag: str) -> None:
        self.now = ""

    def handle_data(self, data: str) -> None:
        if self.now in ("script", "style"):
            self.inside.append((self.now, data))


def test_the_page_is_one_file_that_names_no_other() -> None:
    parser = _Parts()
    text = recount.page().decode()
    parser.feed(text)
    assert parser.fetching == [("link", "data:,"), ("a", "#main")]
    assert len([part for part in parser.inside if part[0] == "script"]) == len(list(PARTS.glob("*.js")))
    for tag, part in parser.inside:
        assert part.strip(), tag
        assert not re.search(r"url\(|@import|https?://", part), tag
    assert "FONTDIR" not in text
    assert len(recount.page()) < 180_000


@pytest.fixture
def kept(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """The page from a file, with a network that it could reach."""
    path = tmp_path / "recount.html"
    path.write_bytes(recount.page())
    page = browser.new_page()
    page.goto(path.as_uri())
    yield page
    page.context.close()


WAYS = [
    "fetch(to)", "new Image().src = to", "navigator.sendBeacon(to, 'x')", "new WebSocket(to.replace('http', 'ws'))",
    "document.head.append(Object.assign(document.createElement('script'), { src: to }))",
    "document.body.append(Object.assign(document.createElement('iframe'), { src: to }))",
    "document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: to }))",
]


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """Somebody who waits to be called."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def was_called(page: Any, door: socket.socket, way: str) -> bool:
    """Whether a word arrives when the page tries this way. (For a frame that it will not load a browser may knock.)"""
    page.evaluate(f"(to) => {{ try {{ void ({way}); }} catch (error) {{ /* refused at once */ }} }}",
                  f"http://127.0.0.1:{door.getsockname()[1]}/x")
    with contextlib.ExitStack() as open_:
        callers = [door]
        while ready := select.select(callers, [], [], 1)[0]:
            if door not in ready:
                return any(caller.recv(1) for caller in ready)
            callers.append(open_.enter_context(door.accept()[0]))
        return False


@pytest.mark.parametrize("way", WAYS)
def test_its_own_policy_lets_nothing_out_even_if_it_wanted(kept: Any, door: socket.socket, way: str) -> None:
    assert not was_called(kept, door, way)


@pytest.mark.parametrize("way", WAYS)
def test_without_the_policy_it_would_be_out(kept: Any, door: socket.socket, tmp_path: Path, way: str) -> None:
    free = tmp_path / "free.html"
    free.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", recount.page().decode()))
    kept.goto(free.as_uri())
    assert was_called(kept, door, way)


def test_a_script_that_somebody_adds_does_not_run(kept: Any) -> None:
    kept.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))")
    assert kept.evaluate("window.ran") is None


def words(page: Any) -> dict[str, dict[str, Any]]:
    """Every word of the page by language."""
    found: dict[str, dict[str, Any]] = page.evaluate("WORDS")
    return found


def test_the_words_are_whole_in_both_languages(kept: Any) -> None:
    found = words(kept)
    assert set(found) == set(LANGUAGES)
    assert set(found["en"]) == set(found["lv"])
    for key, english in found["en"].items():
        latvian = found["lv"][key]
        forms = [english] if isinstance(english, str) else english
        others = [latvian] if isinstance(latvian, str) else latvian
        assert (len(forms), len(others)) in {(1, 1), (2, 3)}, key
        for one in (*forms, *others):
            assert set(re.findall(r"\{\w+\}", one)) == set(re.findall(r"\{\w+\}", forms[0])), key
            assert one.strip() == one != "", key
        assert not any("“" in one or '"' in one or one.count("„") != one.count("”") for one in others), key


def test_every_word_is_used_and_every_code_has_one(kept: Any) -> None:
    known = set(words(kept)["en"])
    code = "\n".join(path.read_text(encoding="utf-8") for path in PARTS.iterdir()
                     if path.suffix in (".js", ".html") and not path.name.startswith("words"))
    made = {"bar", "bad", "need", "check", "by", "rule", "limit", "step", "print", "rule_blend",
            "ask", "more", "open"}      # a stem and a code
    plain = {key for key in known if key.split("_")[0] not in made}
    assert [key for key in sorted(plain) if f'"{key}"' not in code] == []
    ends = set(re.findall(r'"([a-z_]+)"', code)) | {"null"}
    stems = {key for key in known - plain if not any(key.endswith(f"_{end}") or key == end for end in ends)}
    assert stems == set()
    checks = [("check", rf'{name}\("(\w+)"') for name in ("finding", "compared", "single", "stepsCheck")]
    for stem, pattern in [("bad", r'new Unfit\("(\w+)"'), ("need", r'wrong\([^;]*?"(\w+)"\)'),
                          ("ask", r'\banswer\("(\w+)"'), ("more", r'\bline\("(\w+)"'), *checks]:
        codes = set(re.findall(pattern, code))
        assert codes, pattern
        assert {one for one in codes if f"{stem}_{one}" not in known} == set()


@pytest.mark.parametrize(("number", "said"), [(0, "0 balsu"), (1, "1 balss"), (2, "2 balsis"), (11, "11 balsu"),
                                              (21, "21 balss"), (111, "111 balsu"), (121, "121 balss")])
def test_latvian_votes_on_the_page(kept: Any, number: int, said: str) -> None:
    assert kept.evaluate("(n) => { Speak.language('lv'); return Speak.say('votes', { n }); }", number) == said
