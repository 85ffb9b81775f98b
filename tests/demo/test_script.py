"""The rehearsal's parts without a server: reading forms, pacing, the script, the verdict."""

import time
from collections import Counter
from copy import deepcopy
from typing import Any

import pytest
import requests

from ideathon.core.stages import Kind
from ideathon.demo import data, play
from ideathon.demo.actors import Actors
from ideathon.demo.browser import Form, Page, PlayFailed
from ideathon.demo.data import engure
from ideathon.demo.links import Links
from ideathon.demo.script import Doing, doings
from ideathon.demo.verdict import NUMBERS, of_figures, of_ranking

HTML = """
<template><form action="/never"><input name="x"></form></template>
<form method="post" action="/e/A/ideas?kind=need"><input type="hidden" name="key" value="k1">
 <input name="title" value="A &amp; B"><textarea name="summary">
two
lines</textarea><select name="theme"><option value="a">A</option><option value="b" selected>B</option></select>
 <input type="radio" name="kind" value="need" checked><input type="radio" name="kind" value="skill">
 <input type="checkbox" name="uses" value="R1"><input type="checkbox" name="uses" value="R2" checked>
 <input name="gone" value="x" disabled><button name="how" value="quick">Send</button></form>
<form action="/score"><input name="criterion" value="K1"></form>
<form action="/score"><input name="criterion" value="K2"></form>
<code>ABCD EFGH</code><dl><dt>Counted</dt><dd>113</dd></dl>
"""


def page(html: str = HTML) -> Page:
    answer = requests.Response()
    answer.url, answer.status_code, answer._content, answer.encoding = "http://hall/e/A", 200, html.encode(), "utf-8"
    return Page(answer)


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    assert page().form("/ideas").fields == [
        ("key", "k1"), ("title", "A & B"), ("summary", "two\nlines"), ("theme", "b"), ("kind", "need"), ("uses", "R2")]


def test_typed_values_replace_what_is_on_the_page() -> None:
    filled = page().form("/ideas").filled({"title": "New", "uses": ["R1", "R2"]})
    assert [value for name, value in filled if name == "uses"] == ["R1", "R2"]
    assert dict(filled) | {"uses": ""} == {
        "key": "k1", "title": "New", "summary": "two\nlines", "theme": "b", "kind": "need", "uses": ""}


def test_a_form_is_found_by_what_it_holds_and_a_missing_one_is_told() -> None:
    assert page().form("/score", criterion="K2") == Form("/score", "get", [("criterion", "K2")])
    with pytest.raises(PlayFailed, match="has no form for /never"):
        page().form("/never")
    assert page().codes == ["ABCD EFGH"]


def test_acts_are_spread_over_the_time_of_their_stage() -> None:
    seen: list[float] = []
    begun = time.monotonic()
    play.act([Doing("a", lambda: seen.append(time.monotonic() - begun)) for _ in range(4)], 0.4, lambda: None)
    assert time.monotonic() - begun >= 0.4
    assert all(at >= 0.1 * number for number, at in enumerate(seen))


def test_without_time_a_lane_keeps_its_order_and_a_failure_is_told() -> None:
    said: list[int] = []
    play.act([Doing("one", lambda n=n: said.append(n)) for n in range(50)], 0, lambda: None)
    assert said == list(range(50))

    def fail() -> None:
        raise PlayFailed("refused")

    with pytest.raises(PlayFailed):
        play.act([Doing("one", fail)], 0, lambda: None)


def test_the_script_holds_every_act_of_the_data() -> None:
    names = {"jurors": {row["id"]: row["id"] for row in engure()["jurors"]},
             "mentors": {row["id"]: row["id"] for row in engure()["mentors"]}}
    staff = {"host": "h", "manager": "m", "helper": "p"}
    actors = Actors("http://127.0.0.1:1", Links("ENGURE", "k", staff=staff, **names))
    counts = {kind: len(found) for kind in Kind if (found := doings(actors, kind))}
    assert counts == {Kind.REGISTRATION: 64 + 5 + 4 + 2, Kind.MAPPING: 64, Kind.IDEAS: 12, Kind.TEAMS: 46,
                      Kind.WORK: 18 + 5, Kind.PITCH: 12 + 59, Kind.VOTE: 94, Kind.COUNT: 52 + 2 + 1, Kind.RESULT: 12,
                      Kind.CLOSE: 1}


def test_three_slips_vote_twice() -> None:
    assert Counter(Counter(slip for slip, _ in data.phone_ballots()).values()) == {1: 88, 2: 3}


def places() -> dict[str, dict[str, Any]]:
    """The expected ranking as pages show it."""
    return {row["idea"]: {fact: row[name] for name, fact in NUMBERS.items()}
            | {"bar": None if row["over_threshold"] else "below_threshold"} for row in engure()["expected"]["ranking"]}


def test_the_expected_ranking_differs_in_nothing() -> None:
    assert list(of_ranking(places())) == []


@pytest.mark.parametrize(("idea", "fact", "value"), [
    ("I01", "combined", "90.75"), ("I03", "votes", 35), ("I06", "bar", None), ("I12", "place", 9)])
def test_one_digit_is_noticed(idea: str, fact: str, value: object) -> None:
    shown = deepcopy(places())
    shown[idea][fact] = value
    (line,) = of_ranking(shown)
    assert idea in line


def test_a_missing_place_and_wrong_figures_are_noticed() -> None:
    shown = places()
    del shown["I10"]
    assert "11 places are shown, not 12" in list(of_ranking(shown))
    assert "ballots counted: expected 114, found 113" in list(of_figures(page()))
