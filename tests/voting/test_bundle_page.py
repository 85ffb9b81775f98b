"""The bundle of a sealed vote in the recount page, as a reader meets it: dropped, asked, read in both languages."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ideathon.voting import verifying
from tests.journeys.hall import axe
from tests.voting.homes import LOCALES, SIZES, Home, Json, checks, choose, look_for, spelled, words, zipped
from tests.voting.three import ALONE

OF_BUNDLE = ["bundle", "outcome", "votes", "turnout"]
OPEN = {"held", "older", "openings", "result", "persons", "page"}


@pytest.mark.parametrize("lang", LOCALES)
def test_every_sentence_is_said(opened: Callable[..., Page], home: Home, lang: str) -> None:
    page = opened(lang)
    known = words(page)
    known["ask_slips"] = known["ask_slips"].format(**verifying.slips_told(home.board))
    choose(page, home.save("ENGURE-vote.zip", home.bundle))
    asked = [question.value for question in verifying.Question]
    assert checks(page) == [f"{known['holds']}: {known[f'ask_{one}']}" for one in [*asked[:ALONE], *OF_BUNDLE]]
    expect(page.locator("#verdict")).to_contain_text(known["vote_holds"])
    said = page.locator("main").inner_text()
    assert {name for name in OPEN if known[f"open_{name}"] in said} == OPEN - {"result"}
    assert "ideathon verify ENGURE-vote.zip --openings ENGURE-openings.age --key KEY.txt" in said
    choose(page, home.save("openings.json", home.openings), home.older(), home.folder / "ENGURE-vote.zip")
    look_for(page, home.heads[3][:16], home.heads[-1])
    assert checks(page) == [f"{known['holds']}: {known[f'ask_{one}']}" for one in [*asked, *OF_BUNDLE]]
    said = page.locator("main").inner_text()
    assert {name for name in OPEN if known[f"open_{name}"] in said} == {"persons", "page"}
    assert not re.search(r"\{\w+\}|undefined|NaN", said)


def test_the_totals_have_titles_and_the_last_mark_stands_there(opened: Callable[..., Page], home: Home) -> None:
    page = opened()
    choose(page, home.save("ENGURE-vote.zip", home.bundle))
    names = page.locator(".totals dt").all_inner_texts()
    assert list(zip(names, page.locator(".totals dd").all_inner_texts(), strict=True)) == [
        ("Idea 2 (I02)", "4 votes"), ("Idea 1 (I01)", "3 votes"), ("I03", "1 vote")]      # I03 was taken back
    expect(page.locator(".card", has_text="The last mark").locator(".print")).to_have_text(home.heads[-1])
    expect(page.locator(".verdict").first).to_contain_text("Engure ideathon · 22 February 2020")
    expect(page.locator(".verdict").first).to_contain_text("Winner: Idea 1 (I01)")
    expect(page.locator(".place")).to_have_count(2)       # the result is counted again on the same page
    expect(page.locator(".verdict").nth(1)).to_contain_text("agrees")
    choose(page, home.save("board.json", home.parts["board.json"]))
    expect(page.locator(".verdict")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(words(page)["open_result"])
    assert page.locator(".totals dt").all_inner_texts() == ["I02", "I01", "I03"]


def test_an_unpacked_bundle_is_taken_too(opened: Callable[..., Page], home: Home) -> None:
    page, apart = opened(), home.folder / "apart"
    apart.mkdir()
    for name, content in home.parts.items():
        (apart / name).write_bytes(content)
    choose(page, *apart.iterdir())
    assert len(checks(page)) == ALONE + len(OF_BUNDLE)
    expect(page.locator("#verdict")).to_contain_text("holds")
    choose(page, apart / "board.json", apart / "result.json")
    assert len(checks(page)) == ALONE + len(OF_BUNDLE) - 1
    (apart / "verify.py").write_text("print('holds')")
    choose(page, *apart.iterdir())
    expect(page.locator(".check--bad")).to_contain_text("verify.py was changed")


def test_it_can_be_dropped(opened: Callable[..., Page], home: Home) -> None:
    page = opened()
    dropped = page.evaluate_handle("""(bytes) => {
      const moved = new DataTransfer();
      moved.items.add(new File([new Uint8Array(bytes)], "ENGURE-vote.zip"));
      return moved;
    }""", list(home.bundle))
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.locator("#verdict")).to_contain_text("Everything that can be checked holds")


def test_marks_are_looked_for_and_stay_in_the_other_language(opened: Callable[..., Page], home: Home) -> None:
    page, mark = opened(), home.heads[2][:16].upper()
    choose(page, home.save("ENGURE-vote.zip", home.bundle))
    look_for(page, " ".join(mark[at: at + 4] for at in range(0, 16, 4)))
    expect(page.locator("#marks-answer")).to_contain_text(f"{mark.lower()}: number 2 of the board")
    look_for(page, mark, "f" * 16, "ab")
    expect(page.locator("#marks-answer")).to_contain_text("Not every mark is on this board")
    expect(page.locator("#verdict")).to_contain_text("1 thing does not hold")
    page.get_by_role("button", name="Latviešu").click()
    expect(page.locator("#marks-answer")).to_contain_text("ab: zīmē ir vismaz 8 rakstzīmes")
    expect(page.locator("#marks")).to_have_value(f"{mark}\n{'f' * 16}\nab")
    page.locator("#marks").fill(" ")
    page.locator("form:has(#marks) button").click()
    expect(page.locator("#marks-answer")).to_have_text(words(page)["marks_none"])


def raise_a_total(board: Json) -> None:
    board["entries"][-1]["totals"]["I02"] += 1


def lose_an_account(board: Json) -> None:
    board["entries"].insert(-2, {"kind": "account", "place": "Pape", "issued": 9, "cast": 1, "spoiled": 0, "unused": 2,
                                 "why": ""})


def accounts_that_cannot_be(board: Json) -> None:
    account = {"kind": "account", "place": "Pape", "issued": -1, "cast": 0, "spoiled": 0, "unused": -1, "why": ""}
    board["entries"][-1:-1] = [account, account, {"kind": "paper", "tag": "paper:N1", "place": "Nowhere"}]


def hands_that_cannot_be(board: Json) -> None:
    shows = [{"kind": "hands", "place": "Pape", "present": people, "totals": {"I02": 3}} for people in (1, 2)]
    board["entries"][-1:-1] = shows


def stranger(board: Json) -> None:
    board["entries"].insert(-1, {"kind": "vote", "tag": "f" * 64, "commit": "0" * 64})
    board["entries"][-1]["totals"]["I09"] = 1


def annul(board: Json) -> None:
    board["entries"].append({"kind": "annul", "why": "The box was left open."})


def more_ballots(result: Json) -> None:
    result["outcome"]["ballots"] += 1


def other_list(manifest: Json) -> None:
    manifest.update(event="OTHER", head="0" * 64)
    manifest["files"]["gone.txt"] = "0" * 64


CHANGES = {"total": (raise_a_total, "board.json"), "account": (lose_an_account, "board.json"),
           "accounts": (accounts_that_cannot_be, "board.json"), "hands": (hands_that_cannot_be, "board.json"),
           "stranger": (stranger, "board.json"), "annulled": (annul, "board.json"),
           "ballots": (more_ballots, "result.json"),
           "list": (other_list, "manifest.json")}


@pytest.mark.parametrize("lang", LOCALES)
def test_every_line_that_tells_more_is_said(opened: Callable[..., Page], home: Home, lang: str) -> None:
    page, lines = opened(lang), []
    known = words(page)
    opening = json.loads(home.openings)
    opening["openings"].pop()
    opening["openings"][0]["choices"] = ["I09"]
    other = home.save("openings.json", spelled(opening))
    for name, (change, part) in CHANGES.items():
        choose(page, home.changed(name, change, part), other)
        look_for(page, home.heads[0], "f" * 16, "a")
        expect(page.locator("#verdict")).to_contain_text("✗")
        assert any(one.startswith(f"{known['holds_not']}: ") for one in checks(page))
        lines += page.locator(".report").first.locator(".check li").all_inner_texts()
    assert not [one for one in lines if re.search(r"\{\w+\}|undefined|\bnull\b|NaN", one)]    # "annulled" is a word
    more = {key: [each] if isinstance(each, str) else each for key, each in known.items() if key.startswith("more_")}
    for key, forms in more.items():
        shape = "|".join(re.sub(r"\\\{\w+\\\}", ".*", re.escape(form)) for form in forms)
        assert any(re.fullmatch(shape, one) for one in lines), key


def test_a_result_that_was_made_anew_is_not_the_board_s(opened: Callable[..., Page], home: Home) -> None:
    """With a new fingerprint, a new list, and sums that fit: only the board's last entry tells."""
    result = json.loads(home.parts["result.json"])
    result["outcome"]["names"]["titles"]["I01"] = {"en": "Another idea"}
    result["digest"] = hashlib.sha256(spelled(result["outcome"])).hexdigest()
    manifest = json.loads(home.parts["manifest.json"])
    manifest["files"]["result.json"] = hashlib.sha256(spelled(result)).hexdigest()
    made = home.parts | {"result.json": spelled(result), "manifest.json": spelled(manifest)}
    page = opened()
    choose(page, home.save("anew.zip", zipped(made)))
    expect(page.locator("#verdict")).to_contain_text("1 thing does not hold")
    expect(page.locator(".check--bad")).to_contain_text(words(page)["ask_outcome"])
    expect(page.locator(".verdict").first).to_contain_text("By the numbers in this file the winner would be")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_can_be_read_by_everybody(opened: Callable[..., Page], home: Home, size: str, scheme: str) -> None:
    page = opened("lv", size, scheme)
    good = home.save("ENGURE-vote.zip", home.bundle)
    states: list[Callable[[], object]] = [
        lambda: page.set_input_files("#file", str(home.save("ENGURE-openings.age", home.locked))),
        lambda: choose(page, good, home.older(), home.save("openings.json", home.openings)),
        lambda: look_for(page, home.heads[-1]), lambda: look_for(page, "f" * 64),
        lambda: choose(page, home.changed("bad", stranger))]
    for at, reach in enumerate(states):
        reach()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        axe(page, f"{size} {scheme} {at}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (size, at)
