"""The whole day in real browsers: three phones, a juror, a host, a manager and a projector, from scan to award."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys import actors
from tests.journeys.hall import DESK, PHONE, Hall, axe


def test_from_scan_to_award(hall: Hall) -> None:
    host, projector = actors.host(hall, worker=0), actors.screen(hall, worker=1)
    ilze = actors.resident(hall, "Ilze no ostas", worker=0)
    janis = actors.resident(hall, "Jānis", worker=1)
    guest = actors.resident(hall, "Guest 🐟", lang="en", worker=1)
    juror = actors.with_link(hall, hall.links["jurors"]["J1"], PHONE, worker=1)
    everybody = [host, projector, ilze, janis, guest, juror]
    expect(host.locator("[data-slice='people.count']").first).to_contain_text("3")
    for page in everybody:
        axe(page)

    _stages_are_followed(host, projector, ilze, guest)
    actors.start_until(host, "Vajadzības")
    _needs_reach_the_wall(ilze, janis, projector)
    actors.start_until(host, "Ideju")
    idea, other = _ideas_and_talk(ilze, janis, guest, projector, host)
    actors.start_until(host, "Prezentācijas")
    _jury_scores(juror, [idea, other], host)
    _more_jurors(hall, [idea, other])
    actors.start_until(host, "balsošana")
    _votes(hall, host, projector, idea, other)
    _result(host, projector, ilze)
    _award(hall, guest)


def _stages_are_followed(host: Page, projector: Page, ilze: Page, guest: Page) -> None:
    """Every device follows the desk, with the same time left."""
    title = actors.start_next(host)
    for page in (ilze, guest, projector):
        expect(page.locator("[data-timer]").first).to_be_visible()
    expect(ilze.locator("[data-region=stagebar]")).to_contain_text(title)
    for _ in range(20):
        ends = [time.monotonic() + _seconds(page) for page in (host, ilze, guest, projector)]  # each at its moment
        if max(ends) - min(ends) < 2:
            break
        guest.wait_for_timeout(500)
    assert max(ends) - min(ends) < 2, ends
    host.locator("button[name=minutes][value='5']").click()
    expect(host.locator(".current [data-timer]").first).to_contain_text(re.compile("3[45]:"))
    expect(ilze.locator("[data-timer]").first).to_contain_text(re.compile("3[45]:"))


def _seconds(page: Page) -> int:
    found = re.search(r"(\d+):(\d\d)", page.locator("[data-timer]").first.inner_text())
    assert found
    return int(found.group(1)) * 60 + int(found.group(2))


def _needs_reach_the_wall(ilze: Page, janis: Page, projector: Page) -> None:
    actors.add_to_map(ilze, "need", "Ostā vajag soliņu, kur pasēdēt")
    axe(ilze)
    expect(projector.locator("main")).to_contain_text("Ostā vajag soliņu")
    ilze.goto("/e/ENGURE/map")
    actors.add_to_map(janis, "skill", "Protu lāpīt tīklus")
    expect(ilze.locator("main")).to_contain_text("Protu lāpīt tīklus")


def _ideas_and_talk(ilze: Page, janis: Page, guest: Page, projector: Page, host: Page) -> tuple[str, str]:
    guest.goto("/e/ENGURE/ideas/new")
    axe(guest)
    actors.write_idea(
        ilze,
        "Soliņi gar jūru",
        "Desmit soliņi no veciem laivu dēļiem, ko kopā taisa skola un seniori.",
        [("Dēļi un skrūves", "850,00 EUR"), ("Krāsa", "1 200.50EUR")],
    )
    axe(ilze)
    expect(ilze.locator("main")).to_contain_text("2\xa0050,50")
    expect(projector.locator("main")).to_contain_text("Soliņi gar jūru")
    ref = ilze.url.rstrip("/").rsplit("/", 1)[1].split("?")[0]
    actors.write_idea(
        janis,
        "Zivju zupas vakari",
        "Katru piektdienu tautas namā vāra zupu no dienas loma un runājas.",
        [("Katls", "240")],
    )
    other = janis.url.rstrip("/").rsplit("/", 1)[1].split("?")[0]

    for page in (janis, guest):
        page.goto(f"/e/ENGURE/ideas/{ref}")
        expect(page.locator("[data-live-state]").first).to_be_hidden()
    actors.comment(janis, "Vai soliņi stāvēs arī ziemā?")
    for page in (ilze, guest):
        expect(page.locator("#talk")).to_contain_text("Vai soliņi stāvēs arī ziemā?")
    axe(guest)
    _host_hides(host, guest, "Vai soliņi stāvēs arī ziemā?")
    return ref, other


def _host_hides(host: Page, guest: Page, words: str) -> None:
    said = host.locator("form[action*='/hide']").first
    expect(host.locator("main")).to_contain_text(words)
    host.locator("details:has(form[action*='/hide'])").first.locator("summary").click()
    said.locator("[name=reason]").fill("Pārbaude")
    actors.send(said)
    expect(guest.locator("#talk")).not_to_contain_text(words)
    axe(host)


def _jury_scores(juror: Page, refs: list[str], host: Page) -> None:
    juror.goto(f"/e/ENGURE/jury/{refs[0]}")
    expect(juror.locator("form.criterion")).to_have_count(0)  # nothing to score before the declaration
    juror.goto("/e/ENGURE/jury/declare")
    axe(juror)
    actors.declare_none(juror)
    for points, ref in enumerate(refs, 4):
        actors.score(juror, ref, points)
    axe(juror)
    expect(host.locator("main")).to_contain_text("2")
    assert juror.locator("input[name=points]:checked").count() == 5


def _votes(hall: Hall, host: Page, projector: Page, idea: str, other: str) -> None:
    slips = iter(hall.links["slips"])
    receipt = actors.vote(hall, next(slips), [idea], worker=0)
    axe(receipt)
    again = actors.vote(hall, next(slips), [other], worker=1)
    actors.vote(hall, next(slips), [idea, other], worker=1, lang="en")
    expect(projector.locator("[data-slice='voting.turnout'] [data-show=few]").last).to_have_text("0–4")  # in fives
    axe(projector)
    late = hall.phone(worker=0)
    late.goto(f"/b#{next(slips)}")
    late.locator(f"#ballot input[value='{idea}']").check(force=True)
    axe(late)
    actors.start_next(host)  # the vote closes
    actors.send(late.locator("#ballot"))
    expect(late.locator("[data-error-sentence]").first).to_be_visible()
    expect(projector.locator("[data-slice='voting.turnout'] [data-f=cast]")).to_have_text("3")
    expect(projector.locator("main")).not_to_contain_text("Soliņi gar jūru · ")
    again.close()


def _result(host: Page, projector: Page, ilze: Page) -> None:
    _sure(host, "/seal")
    actors.start_next(host)
    places = host.locator("form[action$='/reveal'] button")
    while places.count():
        shown = host.locator("[data-again='results.reveal']").first.get_attribute("data-held")
        places.first.click()
        expect(host.locator("[data-again='results.reveal']").first).not_to_have_attribute("data-held", shown or "")
    expect(projector.locator("main")).to_contain_text("Soliņi gar jūru")
    expect(projector.locator("main")).to_contain_text("Zivju zupas vakari")
    axe(projector)
    ilze.goto("/e/ENGURE/result")
    expect(ilze.locator("main")).to_contain_text("Soliņi gar jūru")
    axe(ilze)


def _sure(page: Page, action: str) -> None:
    """Press a button that asks once more."""
    form = page.locator(f"form[action$='{action}']").first
    ask = page.locator(f"details:has(form[action$='{action}']) > summary").first
    if ask.count():
        ask.click()
    form.locator("button:not([type=button])").last.click()
    expect(page.locator(f"form[action$='{action}']")).to_have_count(0)


def _more_jurors(hall: Hall, refs: list[str]) -> None:
    """Three jurors are needed for an idea to be ranked."""
    for name, points in (("J2", 3), ("J3", 5)):
        page = actors.with_link(hall, hall.links["jurors"][name], PHONE)
        actors.declare_none(page)
        for ref in refs:
            actors.score(page, ref, points)


def _award(hall: Hall, guest: Page) -> None:
    """The manager records the decision; anybody can read who got what, and why."""
    manager = actors.with_link(hall, hall.links["manager"], DESK, worker=1)
    axe(manager)
    manager.goto("/e/ENGURE/award")
    axe(manager)
    form = manager.locator("form[action$='/award']")
    winner = form.locator("input[name=idea]:checked")
    expect(winner).to_have_count(1)
    form.locator("[name=body]").fill("Partnerības padome")
    form.locator("[name=milestone_title]").fill("Dēļi sagādāti")
    form.locator("[name=milestone_due]").fill("2020-06-30")
    actors.send(form)
    expect(manager.locator("main .card--won")).to_contain_text("Partnerības padome")
    axe(manager)
    for path in ("/e/ENGURE/winner", "/projects", "/e/ENGURE/result"):
        guest.goto(path)
        axe(guest)
        expect(guest.locator("body")).to_contain_text("19-00-F043.0443-000001")
    manager.goto("/e/ENGURE/ledger")
    axe(manager)
