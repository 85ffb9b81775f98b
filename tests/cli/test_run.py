"""`ideathon run` as a process: the first start, the second, a second beside it, a clean end."""

import json
import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from ideathon.demo.browser import Browser
from tests.cli.program import Program, ask, serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "data"


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Program]:
    """The first start on an empty folder."""
    with serving(folder) as program:
        yield program


def use_link(program: Program, who: str) -> Browser:
    browser = Browser(program.url, "en")
    way = program.way(who)
    browser.send(browser.open(way), way)
    return browser


def test_the_box_shows_every_way_in(first: Program) -> None:
    assert first.way("Phones") == "/j/ENGURE"
    assert first.way("Projector").startswith("/s/")
    assert "█" in first.box
    for who in ("Host's desk", "Manager", "Administrator", r"A juror \(J1\)"):
        assert re.fullmatch(r"/i/\S{24}", first.way(who))


def test_files_are_their_owners_alone(first: Program, folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert {"secret.key", "links.json", "ideathon.db", "ideathon.db.lock"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_the_printed_links_open_their_doors(first: Program) -> None:
    assert use_link(first, "Host's desk").open("/e/ENGURE/desk").form("/desk/next")
    assert "Juror" in use_link(first, r"A juror \(J1\)").open("/e/ENGURE/jury").html
    assert "ENGURE" in use_link(first, "Manager").open("/manage").html
    assert "ENGURE" in Browser(first.url).open(first.way("Projector")).html


def test_the_pass_phrases_sign_in_and_are_kept_hashed(first: Program, folder: Path) -> None:
    for name in ("host", "manager", "admin"):
        phrase = re.search(rf"{name}\s+(\w{{4}}(?:-\w{{4}}){{3}})", first.box)
        assert phrase, first.box
        browser = Browser(first.url)
        browser.send(browser.open("/sign-in"), "/sign-in", name=name, password=phrase[1])
        assert phrase[1].encode() not in (folder / "ideathon.db").read_bytes()


def test_a_newcomer_finds_no_empty_page(first: Program) -> None:
    phone = Browser(first.url, "en")
    phone.send(phone.open("/j/ENGURE"), "/j/ENGURE", name="Newcomer", notice="y")
    page = phone.open("/e/ENGURE/map").html
    assert "Smoking and salting fish" in page
    assert "How can local fish and crafts be sold in Engure all year round?" in page


def test_a_second_process_on_the_same_database_is_refused_and_the_first_unharmed(first: Program, folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    second = ask(folder, "run", "--port", "0")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert second.returncode == 3
    assert f"Another ideathon (process {first.process.pid}) uses the database" in second.stderr
    assert "Traceback" not in second.stderr
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2.0   # seconds of work
    assert Browser(first.url).json("/healthz")["ok"]


def test_it_ends_cleanly_loses_nothing_and_starts_again_with_the_same_links(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as program:
        phone = Browser(program.url)
        phone.send(phone.open("/j/ENGURE"), "/j/ENGURE", name="Who stays", notice="y")
        ways = {who: program.way(who) for who in ("Projector", "Host's desk", "Manager")}
        assert program.stop() == 0
        assert "Traceback" not in program.log.read_text()
    with serving(data) as again:
        assert {who: again.way(who) for who in ways} == ways
        assert "Shown this once" not in again.box
        assert "links.json" in again.box
        desk = use_link(again, "Host's desk")
        assert desk.json("/e/ENGURE/news?want=people.count")["slices"]["people.count"]["n"] == 1
        phrases = json.loads((data / "links.json").read_text())["phrases"]
        assert phrases["host"] not in again.box
