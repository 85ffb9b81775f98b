"""Every door is guarded, forms carry their two keys, pages say their language, refusals have a sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ideathon import config, create_app
from ideathon.app import check_doors
from ideathon.clock import now
from ideathon.core.acts import READS, Act
from ideathon.core.permissions import Reason
from ideathon.errors import Misconfigured
from ideathon.extensions import db
from ideathon.live import events
from ideathon.live.wire import assert_every_event_has_a_rule, hears
from ideathon.people.models import Person
from ideathon.web.guard import requires
from ideathon.web.words import SENTENCES
from tests.houses import Builder, House
from tests.services import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OPEN_POSTS = {
    "web.choose_language",
    "people.sign_in",
    "people.sign_out",
    "people.use_link",
    "gatherings.enter_code",
    "voting.show",
    "voting_electorate.find",
}  # POSTs under a reading act, because the secret stays out of the address


@pytest.fixture(scope="module")
def app(builder: Builder) -> Flask:
    """The program; no database is touched."""
    return create_app(database=str(builder.folder / "doors.db"))


def test_every_route_has_a_rule(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert isinstance(app.view_functions[rule.endpoint].rule, Act), rule.endpoint  # type: ignore[attr-defined]


def test_a_door_without_a_rule_refuses_to_boot(app: Flask) -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(Misconfigured, match="open"):
        check_doors(bare)


def test_an_event_without_a_rule_refuses_to_boot(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_events", dict(events._events))
    hears("bare:event", rule=None, fields={})(lambda who, data: {})
    with pytest.raises(RuntimeError, match="bare:event"):
        assert_every_event_has_a_rule()


def test_a_post_writes_and_a_get_reads_or_shows_the_form_of_a_post(app: Flask) -> None:
    acts: dict[str, set[Act]] = {"GET": set(), "POST": set()}
    for rule in app.url_map.iter_rules():
        for method in acts.keys() & (rule.methods or set()):
            if rule.endpoint not in OPEN_POSTS:
                acts[method].add(app.view_functions[rule.endpoint].rule)  # type: ignore[attr-defined]
    assert not acts["POST"] & READS
    assert acts["GET"] - READS <= acts["POST"], "a GET stands under an act that no form carries out"


def test_what_a_get_writes_is_not_kept(house_sqlite: House) -> None:
    house_sqlite.day("mapping")

    @requires(Act.PUBLIC_SEE)
    def careless(_here: object) -> str:
        db.session.add(Person(display_name="Careless", created_at=now()))
        db.session.flush()
        return "done"

    house_sqlite.app.add_url_rule("/careless", "careless", careless)
    assert house_sqlite.visitor().get("/careless").text == "done"
    with house_sqlite.inside() as session:
        assert session.scalar(select(Person).where(Person.display_name == "Careless")) is None


def _without_token(app: Flask) -> set[str]:
    csrf = app.extensions["csrf"]
    return {rule.endpoint for rule in app.url_map.iter_rules()
            if any(rule.endpoint.startswith(f"{blueprint.name}.") for blueprint in csrf._exempt_blueprints)
            or _place(app.view_functions[rule.endpoint]) in csrf._exempt_views}


def _place(view: object) -> str:
    return f"{view.__module__}.{view.__name__}"  # type: ignore[attr-defined]  # as Flask-WTF names a view


def test_only_doors_at_which_nobody_is_known_are_exempt_from_csrf(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules() if not re.match(r"/(b|language)(/|$)", rule.rule)}
    nameless = {rule.endpoint for rule in app.url_map.iter_rules()} - known
    assert app.extensions["nameless"] == {"/b", "/language"}
    assert _without_token(app) == nameless
    assert nameless >= {"voting.knock", "voting.show", "voting.cast", "voting.done", "voting_link.use"}


@pytest.mark.parametrize("header", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Origin": ""},
                                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}], ids=str)
def test_without_a_token_another_sites_form_is_refused(app: Flask, header: dict[str, str]) -> None:
    posts = [rule.rule for rule in app.url_map.iter_rules()
             if rule.endpoint in _without_token(app) and "POST" in (rule.methods or ())]
    assert len(posts) >= 4
    for path in posts:
        theirs = app.test_client().post(path, data={"lang": "lv", "code": "x", "key": "k" * 32}, headers=header)
        assert (theirs.status_code, theirs.headers.getlist("Set-Cookie")) == (400, []), path
        own = app.test_client().post(path, data={"lang": "lv", "code": "x", "key": "k" * 32},
                                     headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"})
        assert own.status_code != 400, path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_forms_carry_their_keys_and_pages_their_language(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        if re.search(r'method="post"', form, re.IGNORECASE):
            assert re.search(r"form_keys\(|caller\(\)", form), f"a POST form without keys: {form[:120]}"
    if "<html" in text:
        assert 'lang="{{ lang }}"' in text
    if "<body" in text or "{% extends" in text:
        assert "<html" in text or "{% extends" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_templates_hold_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=", text), "an inline style"
    assert not re.search(r"\son[a-z]+=", text), "an inline handler"
    assert "|safe" not in text
    assert "javascript:" not in text
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "nonce" in script
    assert not re.search(r"""(?:src|href)=["']https?://""", re.sub(r"<a\b[^>]*>", "", text)), (
        "something from another site"
    )


def _codes() -> set[str]:
    """Every code that is raised anywhere in the package as Refused or one of its kin."""
    found: set[str] = set()
    kin = {"Refused", "NotFound", "Forbidden", "Unwell", "Busy", "Throttled"}
    for path in Path(config.PACKAGE).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kin and node.args:
                found |= {first.value for first in node.args[:1] if isinstance(first, ast.Constant)}
    return found


def test_every_refusal_has_a_sentence() -> None:
    assert {str(reason) for reason in Reason} | _codes() <= set(SENTENCES)
