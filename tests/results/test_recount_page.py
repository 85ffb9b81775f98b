"""The recount page as a reader meets it: the demo's own day saved through the doors and opened from a file."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ideathon.ideas.models import Idea
from tests.houses import Builder, House, house_on
from tests.journeys.hall import axe
from tests.results import small_day
from tests.results.recounts import bad_files, canonical, material, sealed
from tests.results.test_recount_counts import lot_day, tie

SIZES = {"phone": (360, 740), "wide": (1440, 900)}


@dataclass(frozen=True)
class Saved:
    """What somebody took home: the page, the sealed result, and what the result was."""

    page: Path
    result: Path

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.result.read_text(encoding="utf-8"))
        return found

    def changed(self, name: str, to: Callable[[dict[str, Any]], None]) -> Path:
        """The result with something changed, beside the true one."""
        data = copy.deepcopy(self.data)
        to(data)
        path = self.result.with_name(f"{name}.json")
        path.write_text(canonical(data), encoding="utf-8")
        return path


def _titles(house: House) -> None:
    with house.inside() as session:
        titles = {idea["id"]: idea["title"] for idea in small_day.DEMO["ideas"]}
        for idea in session.query(Idea):
            idea.title = titles[idea.ref]


@pytest.fixture(scope="module")
def saved(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """The demo's day, sealed and shown, and both files saved through their doors."""
    folder = tmp_path_factory.mktemp("home")
    with builder.sqlite() as url, house_on(url) as house:
        host = small_day.demo_day(house).host()
        _titles(house)
        assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
        for seen in range(12):
            assert host.post("/e/ENGURE/reveal", seen=seen).status_code == 303
        files = Saved(folder / "recount.html", folder / "ENGURE-result.json")
        files.page.write_bytes(house.visitor().get("/e/ENGURE/recount.html").data)
        files.result.write_bytes(house.visitor().get("/e/ENGURE/result.json").data)
        yield files


@pytest.fixture
def opened(browser: Browser, saved: Saved) -> Iterator[Callable[..., Page]]:
    """Opens the page from its file; nothing may be asked of any network, and nothing may go wrong unseen."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(locale: str = "en-GB", size: str = "phone", scheme: str = "light") -> Page:
        wide, high = SIZES[size]
        context = browser.new_context(locale=locale, viewport={"width": wide, "height": high},
                                      color_scheme="dark" if scheme == "dark" else "light")
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda one: complaints.append(one.url) if one.url != saved.page.as_uri() else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(saved.page.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def count(page: Page, *paths: Path) -> None:
    page.set_input_files("#file", list(paths))
    expect(page.locator("#verdict")).to_be_focused()


def test_the_demo_s_day_is_counted_again(opened: Callable[..., Page], saved: Saved) -> None:
    page, expected = opened(), small_day.DEMO["expected"]["ranking"]
    count(page, saved.result)
    expect(page.locator("#verdict")).to_have_text("✓Everything that can be counted again agrees")
    expect(page.locator(".verdict")).to_contain_text("Engure ideathon · 22 February 2020")
    expect(page.locator(".verdict")).to_contain_text("Winner: Fish table in the harbour (I01)")
    places = page.locator(".place")
    assert places.count() == len(expected)
    for at, row in enumerate(expected):
        numbers = places.nth(at).locator("dd.num").all_inner_texts()
        assert numbers == [row["jury_score"], row["resident_score"], row["combined"]], row["idea"]
        expect(places.nth(at)).to_contain_text(row["idea"])
    expect(page.locator(".print").first).to_have_text(saved.data["digest"])
    expect(page.locator(".check--bad")).to_have_count(0)


def test_it_speaks_both_languages_and_changes_in_the_middle(opened: Callable[..., Page], saved: Saved) -> None:
    page = opened("lv-LV")
    expect(page.locator("h1")).to_have_text("Pārskaitiet rezultātu paši")
    count(page, saved.result)
    expect(page.locator(".verdict")).to_contain_text("Uzvarētāja: Zivju galds ostā (I01)")
    expect(page.locator(".place").first).to_contain_text("90,76")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".place").first).to_contain_text("90.76")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")


def more_votes(data: dict[str, Any]) -> None:
    data["outcome"]["standings"][1]["votes"] += 3


def new_digest(data: dict[str, Any]) -> None:
    data["digest"] = hashlib.sha256(canonical(data["outcome"]).encode()).hexdigest()


def another_winner(data: dict[str, Any]) -> None:
    data["outcome"]["winner"] = "I03"


def test_changed_votes_are_told_with_both_numbers(opened: Callable[..., Page], saved: Saved) -> None:
    page = opened()
    count(page, saved.changed("votes", more_votes))
    expect(page.locator("#verdict")).to_have_text("✗7 things do not agree")
    expect(page.locator(".verdict")).to_contain_text("By the numbers in this file the winner would be")
    expect(page.locator(".verdict")).to_contain_text("The file names: Fish table in the harbour (I01)")
    told = page.locator(".check--bad").all_inner_texts()
    assert any("89.47 (1700/19)" in one and "97.37 (1850/19)" in one for one in told), told
    expect(page.locator(".place").first).to_contain_text("the file says Place 2, counted here: Place 1")


def test_a_changed_winner_is_told(opened: Callable[..., Page], saved: Saved) -> None:
    page = opened("lv-LV")
    count(page, saved.changed("winner", another_winner))
    expect(page.locator(".check--bad", has_text="Uzvarētāja")).to_contain_text(
        "failā: Engures grozs (I03); šeit: Zivju galds ostā (I01)")


def test_a_whole_new_result_is_told_by_the_fingerprint_that_was_written_down(opened: Callable[..., Page],
                                                                             saved: Saved) -> None:
    true = saved.data["digest"]
    page = opened()
    count(page, saved.result)
    for typed, answer in ((true, "The same"), (f"  {true[:32].upper()} {true[32:]}\n", "The same"),
                          (true[:20], "only a part"), ("0" * 64, "Not the same"), ("", "Not the same")):
        page.fill("#typed", typed)
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("form .note")).to_contain_text(answer)

    def rename(data: dict[str, Any]) -> None:
        data["outcome"]["names"]["event"]["title"]["en"] = "Another day"
        new_digest(data)

    def one_more(data: dict[str, Any]) -> None:
        data["outcome"]["figures"]["cast"] += 1
        new_digest(data)

    page.get_by_role("button", name="Recount another file").click()
    count(page, saved.changed("one more cast", one_more))
    expect(page.locator(".check--bad")).to_contain_text("the numbers of votes cast")
    page.get_by_role("button", name="Recount another file").click()
    count(page, saved.changed("renamed", rename))
    expect(page.locator("#verdict")).to_contain_text("agrees")      # its sums are whole: only the day's print tells
    page.fill("#typed", true)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("form .note")).to_contain_text("Not the same")


def test_what_is_not_a_result_gets_one_sentence(opened: Callable[..., Page], saved: Saved, tmp_path: Path) -> None:
    page = opened()
    for name, (path, words) in bad_files(tmp_path, saved.result.read_text(encoding="utf-8"), sealed(lot_day())).items():
        page.set_input_files("#file", str(path))
        said = page.locator("#said .note")
        expect(said, name).to_contain_text(words)
        assert page.locator("#said").inner_text().count("\n") == 0, name
        assert not re.search(r"\{\w+\}|undefined|null|NaN", said.inner_text()), name
    expect(page.locator("#start")).to_be_visible()
    count(page, saved.result)
    expect(page.locator("#said")).to_be_empty()


def test_names_in_a_file_are_words_and_never_markup(opened: Callable[..., Page], saved: Saved) -> None:
    def rename(data: dict[str, Any]) -> None:
        names = data["outcome"]["names"]
        names["titles"]["I01"] = {"en": "<img src=x onerror=alert(1)><b>bold</b>"}
        names["event"]["title"] = "<script>alert(1)</script>"

    page = opened()
    count(page, saved.changed("markup", rename))
    expect(page.locator(".place h3").first).to_contain_text("<b>bold</b>")
    assert page.locator("main img, main b, main script").count() == 0


def test_text_can_be_pasted_and_files_dropped(opened: Callable[..., Page], saved: Saved) -> None:
    page = opened()
    page.get_by_text("Paste the text instead").click()
    page.get_by_label("The text of the file").fill(saved.result.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Recount this text").click()
    expect(page.locator("#verdict")).to_contain_text("agrees")
    page.get_by_role("button", name="Recount another file").click()
    expect(page.locator("#file")).to_be_focused()
    dropped = page.evaluate_handle("""(text) => {
      const moved = new DataTransfer();
      moved.items.add(new File([text], "result.json"));
      return moved;
    }""", saved.result.read_text(encoding="utf-8"))
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.locator("#verdict")).to_contain_text("agrees")


def test_the_material_is_counted_alone_and_beside_its_result(opened: Callable[..., Page], tmp_path: Path) -> None:
    sheets, result = tmp_path / "material.json", tmp_path / "result.json"
    sheets.write_text(json.dumps(material(tie())))
    result.write_text(json.dumps(sealed(lot_day())))
    page = opened()
    count(page, sheets)
    expect(page.locator("#verdict")).to_have_text("Counted from the single sheets and votes")
    page.get_by_role("button", name="Recount another file").click()
    count(page, sheets, result)
    expect(page.locator("#verdict")).to_contain_text("agrees")
    expect(page.locator(".checks")).to_contain_text("The jury's means, from the single sheets")
    page.get_by_role("button", name="Recount another file").click()
    page.set_input_files("#file", [str(result), str(result)])
    expect(page.locator("#said")).to_contain_text("Choose one sealed result")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_can_be_read_by_everybody(opened: Callable[..., Page], saved: Saved, size: str, scheme: str) -> None:
    page = opened("lv-LV", size, scheme)
    states: list[Callable[[], object]] = [
        lambda: None, lambda: page.set_input_files("#file", str(saved.page)), lambda: count(page, saved.result),
        lambda: count(page, saved.changed("bad", more_votes))]
    for at, reach in enumerate(states):
        if at == 3:
            page.get_by_role("button", name="Pārskaitīt citu failu").click()
        reach()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        axe(page, f"{size} {scheme} {at}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (size, at)


def test_it_goes_by_keyboard_alone(opened: Callable[..., Page], saved: Saved) -> None:
    page = opened()
    page.on("filechooser", lambda chooser: chooser.set_files(str(saved.result)))   # listens well before the key
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="English")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#file")).to_be_focused()
    outline = page.locator("#file + label").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_browser_without_whole_numbers_is_told(browser: Browser, saved: Saved) -> None:
    context = browser.new_context(locale="lv-LV")
    context.add_init_script("delete globalThis.BigInt")
    page = context.new_page()
    page.goto(saved.page.as_uri())
    expect(page.locator("#said")).to_contain_text("par vecu precīzai skaitīšanai")
    expect(page.locator("#start")).to_be_hidden()
    context.close()
