"""How firm a result with two prizes is: each prize is recounted, sealed, said, and checked in the recount page."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from ideathon.core.tally import Blend, Criterion, Idea, Score, Settings
from ideathon.results import firm_words, queries
from tests.houses import House
from tests.results.recounts import Day, sealed
from tests.results.test_firm import FIRM, PLACES, day, sealed_firmness
from tests.results.test_recount_seal import ask, opened, public, report, with_means_from

__all__ = ["ask", "opened"]

APART = FIRM | {"audience": ["I02"], "jurors": FIRM["jurors"] | {"audience": []},
                "batches": [one | {"audience": ["I02"]} for one in FIRM["batches"]], "blends": []}
HALL = {"parts": [["paper", "Hall"], ["paper", "School"]], "ballots": 12, "winners": ["I01"], "audience": ["I02"]}


def two_prizes(house: House) -> dict[str, Any]:
    """I01 has the jury's prize, I02 the audience's: by the 14 votes of one hall alone."""
    day(house, {"Hall": [("I02",)] * 14}, [("I01",)] * 12)
    with house.inside():
        queries.formula(house.gathering().id).blend = "separate"
    return sealed_firmness(house)


def test_it_is_sealed_for_both_prizes(house_sqlite: House) -> None:
    found = two_prizes(house_sqlite)
    assert (found["winners"], found["audience"]) == (["I01"], ["I02"])
    assert found["jurors"] == {"tried": 5, "changes": [], "audience": []}
    assert [(one["winners"], one["audience"]) for one in found["batches"]] == [(["I01"], ["I02"]), (["I01"], ["I01"])]
    with house_sqlite.app.test_request_context("/?lang=en"):
        said = firm_words.firmness(found, PLACES)
    assert said[:3] == [
        "Without any one juror, or any one place or group of ballots the winner is the same.",
        "One batch of votes decided the audience prize (on paper, Hall): without it “\u2068Soup\u2069” would have the "
        "prize.",
        "Without any one juror the audience prize goes to the same idea."]


@pytest.mark.parametrize(("changes", "sentence"), [
    ({}, "Without any one juror, or any one place or group of ballots the audience prize goes to the same idea."),
    ({"batches": []}, "Without any one juror the audience prize goes to the same idea."),
    ({"batches": [HALL]}, "Without any one juror or any one group of ballots the winner is the same."),
    ({"jurors": {"tried": 0, "changes": [], "audience": []}},
     "Without any one place or group of ballots the audience prize goes to the same idea."),
    ({"audience": [], "batches": []}, "Without any one juror no idea would have the audience prize either."),
    ({"audience": ["I01", "I02"], "batches": []}, "Without any one juror the same ideas share the audience prize."),
    ({"jurors": {"tried": 5, "changes": [], "audience": [{"winners": ["I01"], "jurors": 2}]}},
     "2 jurors decided the audience prize: without any one of them “\u2068Soup\u2069” would have it."),
    ({"jurors": {"tried": 5, "changes": [], "audience": [{"winners": [], "jurors": 1}]}},
     "1 juror decided the audience prize: without that one no idea would have it."),
    ({"batches": [HALL | {"audience": ["I01", "I02"]}]},
     "One batch of votes decided the audience prize (on paper, Hall; on paper, School): without it several ideas would "
     "share the prize."),
], ids=str)
def test_one_plain_sentence_for_each_finding(house_sqlite: House, changes: dict[str, Any], sentence: str) -> None:
    with house_sqlite.app.test_request_context("/?lang=en"):
        said = firm_words.firmness(APART | changes, PLACES)
    assert sentence in said
    assert not any("decided this" in one for one in said)
    with house_sqlite.app.test_request_context("/?lang=lv"):
        assert not any("%(" in one or "prize" in one for one in firm_words.firmness(APART | changes, PLACES))


def votes_apart() -> Day:
    """A has the jury's prize; B the audience's, and without juror L it would not reach the threshold."""
    rule = Settings((Criterion("K", 1, 5),), blend=Blend.SEPARATE, ties=(), threshold_jury=50, means_from=3)
    points = {"J": (5, 2), "K": (5, 2), "L": (5, 4)}
    scores = tuple(Score(juror, idea, "K", given) for juror, both in points.items()
                   for idea, given in zip("AB", both, strict=True))
    return Day(rule, (Idea("A"), Idea("B")), scores, (), {"A": 2, "B": 5}, 7, tuple(points))


def with_prize(day_: Day) -> dict[str, Any]:
    """As `public`, with the audience prize."""
    data = public(day_)
    data["firmness"]["audience"] = ["B"]
    data["firmness"]["jurors"]["audience"] = [{"winners": ["A"], "jurors": 1}]
    return data


def test_the_recount_page_checks_it(ask: Callable[[list[list[Any]]], list[Any]]) -> None:
    true, sheets = with_prize(votes_apart()), with_means_from(votes_apart())
    other, silent = copy.deepcopy(true), copy.deepcopy(true)
    other["firmness"]["audience"] = ["A"]
    silent["firmness"]["jurors"]["audience"] = []
    found = ask([[sealed(true)], [sheets, sealed(true)], [sealed(other)], [sheets, sealed(silent)]])
    assert [one["differs"] for one in found] == [[], [], ["firm"], ["firm_jurors_audience"]]


def test_with_two_prizes_the_recount_page_shows_no_points_together(opened: Page) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    said = report(opened, sealed(with_prize(votes_apart())))
    assert "Together" not in said
    assert "Audience prize" in said
    assert "esidents' prize" not in said
    blended = replace(votes_apart(), settings=replace(votes_apart().settings, blend=Blend.POINTS))
    assert "Together" in report(opened, sealed(public(blended)))


FIGURES = {"cast": 10, "counted": 7, "void": 1, "superseded": 2, "by_channel": {"phone": 5, "paper": 2},
           "by_place": {"": 5, "Hall": 2}, "void_reasons": {"blank": 1}}


@pytest.mark.parametrize("changed", [
    {}, {"cast": 11}, {"void": 2}, {"superseded": 1}, {"by_channel": {"phone": 5}}, {"by_place": {"Hall": 2}},
    {"void_reasons": {}}, {"cast": 11, "void": 2}], ids=str)
def test_figures_that_do_not_fit_together_are_told(ask: Callable[[list[list[Any]]], list[Any]],
                                                  changed: dict[str, Any]) -> None:
    data = public(votes_apart()) | {"figures": FIGURES | changed}
    alone, beside = ask([[sealed(data)], [with_means_from(votes_apart()), sealed(data)]])
    assert alone["differs"] == beside["differs"] == (["figures"] if changed else [])


def test_batches_are_all_counted_ballots_and_what_no_figure_shows_is_said(
        ask: Callable[[list[list[Any]]], list[Any]], opened: Page) -> None:
    data = public(votes_apart()) | {"figures": FIGURES}
    for ballots, wrong in ((5, []), (6, ["figures"])):
        data["firmness"]["batches"] = [{"parts": [], "ballots": each, "winners": ["A"]} for each in (ballots, 2)]
        assert ask([[sealed(data)]])[0]["differs"] == wrong
    opened.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert "only whether these numbers fit together" in report(opened, sealed(data))
