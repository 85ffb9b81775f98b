"""The recount page and the newest form of a sealed result: what is held back, what stands under the fingerprint."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ideathon.core.tally import (
    Breaker,
    Criterion,
    Idea,
    Recusal,
    Score,
    Settings,
    Tried,
    firmness,
    from_data,
    to_data,
    to_public,
)
from ideathon.core.tally.stability import Material
from ideathon.results import recount
from tests.results.recounts import COUNT, Day, canonical, counted, days, material, sealed

CHECKS = "(texts) => Check.report(texts.map(Read.open)).checks.map((one) => one.what)"


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    path = tmp_path_factory.mktemp("recount") / "recount.html"
    path.write_bytes(recount.page())
    page = browser.new_page(locale="en-GB")
    page.goto(path.as_uri())
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def ask(opened: Page) -> Callable[[list[list[Any]]], list[Any]]:
    """Counts many things at once: each is a list of files that are opened together; a text stays as it is."""
    def texts(files: list[Any]) -> list[str]:
        return [one if isinstance(one, str) else json.dumps(one) for one in files]

    return lambda every: opened.evaluate(COUNT, [texts(files) for files in every])


def public(day: Day) -> dict[str, Any]:
    """As it is sealed, with all that the seal adds."""
    found = firmness(Material(**vars(day)))
    others = [one.winners for one in found.changes(Tried.JUROR)]
    firm = {"winners": list(found.winners), "batches": [],
            "jurors": {"tried": len(found.of(Tried.JUROR)),
                       "changes": [{"winners": list(one), "jurors": others.count(one)} for one in sorted(set(others))]},
            "blends": [{"blend": one.name, "winners": list(one.winners)} for one in found.of(Tried.BLEND)]}
    titles = {one.id: {"en": f"The idea {one.id}", "lv": f"Ideja {one.id}"} for one in day.ideas}
    return to_public(day.outcome()) | {
        "firmness": firm, "record": "a" * 64, "figures": {"counted": day.ballots},
        "names": {"event": {"code": "X", "title": {"en": "Day"}, "date": "2020-02-22"}, "titles": titles,
                  "criteria_titles": {}}}


def guarded(day: Day, means_from: int) -> Day:
    return replace(day, settings=replace(day.settings, means_from=means_from))


def with_means_from(day: Day) -> dict[str, Any]:
    """The material with the rule as it is sealed in the newest form."""
    return material(day, settings=to_public(day.outcome())["settings"])


def test_it_agrees_with_the_core_on_what_is_held_back(ask: Callable[[list[list[Any]]], list[Any]]) -> None:
    given = [guarded(day, 2 + at % 3) for at, day in enumerate(days(200, "held back"))]
    read = [counted(from_data(to_public(day.outcome()))) for day in given]
    assert ask([[sealed(public(day))] for day in given]) == read
    whole = [counted(day.outcome()) for day in given]
    assert ask([[with_means_from(day), sealed(public(day))] for day in given]) == whole
    held = [one for day in given for one in day.outcome().standings if one.jurors_counted and not one.criterion_means]
    assert {one.bar in {None, "below_threshold"} for one in held} == {True, False}


RUBRIC = (Criterion("K1", 1, 5), Criterion("K2", 3, 5))


def small(means_from: int = 3, of_b: int = 2) -> Day:
    """Two ideas with equal points; A was scored by three, B by fewer."""
    rule = Settings(RUBRIC, ties=(Breaker.FIRST_CRITERION, Breaker.LOT), seed="seed", means_from=means_from)
    scores = tuple(Score(j, i, k, 4) for n, j in enumerate("JKL") for i in "AB" for k in ("K1", "K2")
                   if i == "A" or n < of_b)
    recusals = tuple(Recusal(j, "B") for j in "JKL"[of_b:])
    return Day(rule, (Idea("A"), Idea("B")), scores, recusals, {"A": 3, "B": 3}, 6, ("J", "K", "L"))


Change = Callable[[dict[str, Any]], None]


def changed(change: Change, data: dict[str, Any] | None = None) -> dict[str, Any]:
    made = copy.deepcopy(data or public(small()))
    change(made)
    return made


def swap(data: dict[str, Any]) -> None:
    titles = data["names"]["titles"]
    titles["A"], titles["B"] = titles["B"], titles["A"]


NAMES: dict[str, Change] = {
    "titles": swap,
    "the event": lambda data: data["names"]["event"]["title"].update(en="Another day"),
    "the date": lambda data: data["names"]["event"].update(date="2024-05-05"),
    "criteria": lambda data: data["names"].update(criteria_titles={"K1": {"en": "Looks"}}),
    "the record": lambda data: data.update(record="b" * 64),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_name_is_another_result(ask: Callable[[list[list[Any]]], list[Any]], name: str) -> None:
    true = sealed(public(small()))
    found = ask([[true], [sealed(changed(NAMES[name]), true["digest"])]])
    assert [one["differs"] for one in found] == [[], ["digest"]]


def test_names_beside_the_result_are_not_read(opened: Page) -> None:
    bundle = sealed(public(small())) | {"titles": {"A": {"en": "Stranger"}}, "event": {"title": {"en": "Stranger"}}}
    opened.evaluate("(text) => { document.getElementById('text').value = text; }", json.dumps(bundle))
    opened.get_by_text("Paste the text instead").click()
    opened.get_by_role("button", name="Recount this text").click()
    expect(opened.locator("#verdict")).to_contain_text("agrees")
    expect(opened.locator("#report")).to_contain_text("The idea A (A)")
    assert "Stranger" not in opened.locator("main").inner_text()
    assert "not under" not in opened.locator("main").inner_text()
    opened.get_by_role("button", name="Recount another file").click()


def report(opened: Page, bundle: dict[str, Any]) -> str:
    opened.get_by_label("The text of the file").fill(json.dumps(bundle))
    opened.get_by_role("button", name="Recount this text").click()
    expect(opened.locator("#verdict")).to_be_focused()
    opened.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    text = opened.locator("main").inner_text()
    opened.get_by_role("button", name="Recount another file").click()
    return text


def test_what_an_earlier_form_does_not_cover_is_said(opened: Page) -> None:
    bundle = sealed(to_data(small(0).outcome())) | {"titles": {"A": {"en": "Soup"}}}
    said = report(opened, bundle)
    assert "Soup (A)" in said
    assert "The names, titles and the date are not under this result's fingerprint" in said


def test_what_few_sheets_hold_back_is_said_and_not_called_checked(opened: Page) -> None:
    said = report(opened, sealed(public(small())))
    assert "Fewer than 3 sheets are full, so the means are not told" in said
    assert "for the means to be told without telling a juror's own marks: The idea B (B)" in said
    said = report(opened, sealed(public(replace(small(), settings=replace(small().settings, min_jurors=3)))))
    assert "no points are told" in said


@pytest.mark.parametrize(("date", "told"), [("2020-13-45", "2020-13-45"), ("2020-02-30", "2020-02-30"),
                                            ("0000-00-00", "0000-00-00"), ("2020-02-29", "29 February 2020")])
def test_a_day_that_never_was_is_told_as_it_is_written(opened: Page, date: str, told: str) -> None:
    assert opened.evaluate("(day) => { Speak.language('en'); return Speak.day(day); }", date) == told


def test_one_text_has_one_reading(ask: Callable[[list[list[Any]]], list[Any]]) -> None:
    """A fingerprint is made over 38; a text that says 38.0, or says it twice, is not what was sealed."""
    true = canonical(sealed(public(small())))
    others = [true.replace('"votes":3}', f'"votes":{said}}}', 1) for said in ("3.0", "3e0", "30e-1", "3.00")]
    others += [true.replace('"votes":3}', '"votes":9,"votes":3}', 1), true.replace('"quorum":0', '"quorum":-0', 1)]
    assert len({true, *others}) == 7
    assert [one.get("refused") for one in ask([[text] for text in others])] == ["not_plain"] * 6
    same = [json.dumps(json.loads(true), indent=1), json.dumps(json.loads(true)), "\ufeff" + true + "\n"]
    assert [one.get("differs") for one in ask([[text] for text in same])] == [[], [], []]


def number(points: int) -> dict[str, str]:
    return {"exact": f"{points}/1", "shown": f"{points}.00"}


LIES: dict[str, tuple[Change, str]] = {
    "who would win otherwise": (lambda data: data["firmness"]["blends"][0].update(winners=["B"]), "firm"),
    "a way that was left out": (lambda data: data["firmness"]["blends"].pop(), "firm"),
    "how firm": (lambda data: data["firmness"].update(winners=["B"]), "firm"),
    "the turnout": (lambda data: data["figures"].update(counted=77), "turnout"),
    "points off the scale": (lambda data: data["standings"][1].update(jury=number(101)), "few"),
    "a step made up": (lambda data: data["steps"].append({"kind": "tie_stands", "ideas": ["A"], "by": ""}), "ties"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_told_with_the_material_as_without(ask: Callable[[list[list[Any]]], list[Any]], name: str) -> None:
    change, what = LIES[name]
    bundle = sealed(changed(change))
    alone, beside = ask([[bundle], [with_means_from(small()), bundle]])
    assert what in alone["differs"]
    assert what in beside["differs"]


def test_with_the_material_every_check_is_made_that_is_made_without(opened: Page) -> None:
    bundle, sheets = json.dumps(sealed(public(small()))), json.dumps(with_means_from(small()))
    alone, beside = opened.evaluate(CHECKS, [bundle]), opened.evaluate(CHECKS, [bundle, sheets])
    assert set(alone) < set(beside)
    assert {"firm_jurors", "single_means", "recusals"} <= set(beside) - set(alone)


MATERIAL: dict[str, tuple[Change, str]] = {
    "jurors who decided": (lambda data: data["firmness"]["jurors"].update(tried=4), "firm_jurors"),
    "a juror who decided": (lambda data: data["firmness"]["jurors"]["changes"].append({"winners": [], "jurors": 1}),
                            "firm_jurors"),
    "points of few sheets": (lambda data: data["standings"][1].update(jury=number(79)), "jury"),
    "who stood back": (lambda data: data["standings"][1].update(jurors_recused=0), "recusals"),
}


@pytest.mark.parametrize("name", MATERIAL)
def test_only_the_material_shows_this(ask: Callable[[list[list[Any]]], list[Any]], name: str) -> None:
    change, what = MATERIAL[name]
    bundle = sealed(changed(change))
    assert what in ask([[with_means_from(small()), bundle]])[0]["differs"]


@pytest.mark.parametrize("change", [
    lambda data: data["standings"][1].update(criterion_means=data["standings"][0]["criterion_means"]),
    lambda data: data["standings"][0].update(criterion_means=[]),
    lambda data: data["steps"].append({"kind": "juror_recused", "ideas": ["A"], "by": "9"}),
    lambda data: data["settings"].pop("means_from"),
])
def test_a_form_that_holds_what_it_must_not_is_refused(ask: Callable[[list[list[Any]]], list[Any]],
                                                       change: Change) -> None:
    assert ask([[sealed(changed(change))]])[0]["refused"] == "wrong"


def test_the_sum_of_few_sheets_is_exact(ask: Callable[[list[list[Any]]], list[Any]]) -> None:
    found = ask([[sealed(public(small()))]])[0]
    assert found["standings"][1][5] == str(Fraction(80)) + "/1"
    assert found["winner"] == "A"       # equal points; B's means are nobody's, so the first criterion is A's
