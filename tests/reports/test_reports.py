"""The winner's public page, the events, the record of the day: checkable, without a name, safe to open anywhere."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import delete, update

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.extensions import db
from ideathon.mapping.models import MapItem
from ideathon.reports import queries, words
from tests.houses import House
from tests.results import small_day

AWARD, WINNER, LEDGER = "/e/ENGURE/award", "/e/ENGURE/winner", "/e/ENGURE/ledger"
DECISION = {"idea": "I01", "body": "Jury of the day", "amount": "1000", "milestone_title": "Stall bought",
            "milestone_due": "2020-04-30", "milestone_amount": "600"}


def test_the_golden_thread_from_need_to_money(house: House) -> None:
    visitor = small_day.revealed(house).visitor()
    before = visitor.get(WINNER).text
    assert "still to be taken" in before
    assert house.manager().post(AWARD, **DECISION).status_code == 303
    page = visitor.get(WINNER).text
    for words_ in ("Idea 1", "There is nowhere to sell fish.", "Smoking fish", "How to sell all year?", "Jury 100.00",
                   "3 votes of 6 ballots", "Jury of the day", "€1,000.00", "€600.00", "Stall bought",
                   "19-00-F043.0443-000001", "The project is paid for by the fund."):
        assert words_ in page, words_
    with house.inside():
        row = queries.results.sealed(house.gathering().id)
        shown = page.replace(" ", "")
        assert row.digest[:16] in shown
        assert row.ledger_head[:16] in shown


def test_hidden_and_private_things_of_the_map_stay_out_of_the_thread(house: House) -> None:
    small_day.revealed(house)
    with house.inside():
        db.session.query(MapItem).filter_by(ref="N1").one().state = "hidden"
        db.session.query(MapItem).filter_by(ref="S1").one().private = True
    page = house.visitor().get(WINNER).text
    assert "nowhere to sell fish" not in page
    assert "Smoking fish" not in page


def test_a_day_without_a_winner_says_so(house_sqlite: House) -> None:
    small_day.voted(house_sqlite, {"I01": 1, "I02": 1}, [("I01",)])
    host = house_sqlite.host()
    host.post("/e/ENGURE/seal")
    for seen in range(2):
        host.post("/e/ENGURE/reveal", seen=seen)
    page = house_sqlite.visitor().get(WINNER)
    assert page.status_code == 200
    assert "No idea has won" in page.text
    assert house_sqlite.visitor().get("/e/ENGURE/result").status_code == 200
    assert house_sqlite.manager().get(AWARD).status_code == 200


def test_events_lead_to_result_and_winner_after_the_reveal(house: House) -> None:
    small_day.voted(house)
    assert WINNER not in house.visitor().get("/events").text
    host = house.host()
    host.post("/e/ENGURE/seal")
    for seen in range(3):
        host.post("/e/ENGURE/reveal", seen=seen)
    assert WINNER in house.visitor().get("/events").text
    assert WINNER in house.visitor().get("/projects/19-00-F043.0443-000001").text


def test_the_record_holds_until_a_row_is_altered(house: House) -> None:
    small_day.revealed(house)
    host = house.host()
    assert "The chain holds." in host.get(LEDGER).text
    with house.inside():
        entry = ledger.entries(house.gathering().id)[4]
        db.session.execute(update(ledger.Entry).where(ledger.Entry.id == entry.id).values(thing="idea:OTHER"))
    page = host.get(LEDGER).text
    assert "The chain does not hold." in page
    assert "Entry 5 was changed" in page


@pytest.mark.parametrize("how", ["wiped", "all wiped", "deleted", "facts"])
def test_every_way_of_altering_the_record_is_found(house: House, how: str) -> None:
    small_day.revealed(house)
    with house.inside():
        gathering = house.gathering().id
        entry, mine = ledger.entries(gathering)[4], ledger.Entry.gathering_id == gathering
        one = ledger.Entry.id == entry.id
        db.session.execute({
            "wiped": update(ledger.Entry).where(one).values(digest="", thing="other"),
            "all wiped": update(ledger.Entry).where(mine).values(digest=""),
            "deleted": delete(ledger.Entry).where(one),
            "facts": update(ledger.Entry).where(one).values(facts={"kept": 1}),
        }[how])
        assert queries.chain(gathering)["broken_at"] is not None


def test_the_record_names_no_person_and_its_file_holds_the_same(house: House) -> None:
    house.day("mapping")
    house.phone("Zaiga Canary").post("/e/ENGURE/map", kind="need", text="Something we need here", theme="economy")
    host = house.host()
    page = host.get(LEDGER).text
    assert "added to the map" in page
    assert "Canary" not in page
    assert "Something we need" not in page
    text = host.get(f"{LEDGER}.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    with house.inside():
        assert len(rows) - 1 == len(ledger.entries(house.gathering().id)) == page.count("<tr><td")
    assert "Canary" not in text
    for client in (house.phone("Other"), house.juror(), house.visitor()):
        assert client.get(LEDGER).status_code in {302, 403}
        assert client.get(f"{LEDGER}.csv").status_code in {302, 403}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert words.guarded(cell) == f"'{cell}"
    assert words.guarded("idea:I01") == "idea:I01"


def test_the_record_is_paged_and_odd_pages_are_not_found(house: House) -> None:
    house.day("ideas")
    with house.inside():
        gathering = house.gathering().id
        for number in range(230):
            ledger.record(Act.SCREEN_SET, gathering, f"scene:{number}", role="host")
    host = house.host()
    assert "Page 2 of 3" in host.get(f"{LEDGER}?page=2").text
    assert "scene:150" in host.text()
    assert host.text().count("<tr><td") == 100
    for odd in ("0", "4", "-1", "x", "9" * 30, "²", ""):
        assert host.get(f"{LEDGER}?page={odd}").status_code == 404
