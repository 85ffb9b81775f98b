"""Who may vote: the list of names at the desk, classes of residents, slips made void, the tick about plain http."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import func, inspect, select, text

from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.errors import Refused
from ideathon.ledger import Entry
from ideathon.people import service as people, voter_lines, voter_names
from ideathon.people.models import VoterName
from ideathon.stage import service as stage
from ideathon.voting import codes, electorate, queries, rounds, sealing
from ideathon.voting.models import Openings, Round, Slip
from ideathon.web import address
from ideathon.web.models import DoneRequest
from tests.houses import Client, House
from tests.voting import box

LIST, TICK, FIND = "/e/ENGURE/voters", "/e/ENGURE/voters/tick", "/e/ENGURE/voters/find"
CLASSES = {"class-1-lv": "Dzīvo šeit", "class-1-en": "Lives here", "class-2-lv": "Strādā šeit"}


def number_of(house: House, name: str) -> int:
    with house.inside() as session:
        return int(session.scalars(select(VoterName.id).where(VoterName.name == name)).one())


def given_to(house: House, name: str) -> str:
    with house.inside() as session:
        return str(session.scalars(select(VoterName.given).where(VoterName.name == name)).one())


def helper(house: House) -> Client:
    """A helper's browser."""
    with house.inside() as session:
        person = people.new_person("Helper", "en", now())
        people.grant(person, Role.HELPER, "gathering", house.gathering().id, now())
        session.flush()
        found = person.id
    return Client(house).sign_in_as(found)


# ---- reading a list

def test_a_list_is_read_with_semicolons_tabs_or_commas() -> None:
    pasted = ("Vārds;Adrese;Grupa\r\nAnna Bērziņa; Jūras iela 1, Engure; dzīvo ŠEIT\nJānis\tj@example.org\n\n"
              '"Ozols, Ilze",i@x.lv\n')
    lines, bad = voter_lines.read(pasted, {"dzīvo šeit": "R1"})
    assert bad == []
    assert [(one.number, one.name, one.address, one.klass) for one in lines] == [
        (2, "Anna Bērziņa", "Jūras iela 1, Engure", "R1"), (3, "Jānis", "j@example.org", ""),
        (5, "Ozols, Ilze", "i@x.lv", "")]


def test_each_bad_line_is_told_by_the_number_an_editor_shows() -> None:
    pasted = "Anna\n; only an address\n" + "x" * 81 + "\nB;" + "a" * 121 + "\nC;a;Unknown\nD;a;;e\n" + "y" * 300_000
    lines, bad = voter_lines.read(pasted, {})
    assert [one.name for one in lines] == ["Anna"]
    assert [(one.number, one.why) for one in bad] == [
        (2, "no_name"), (3, "long_name"), (4, "long_address"), (5, "class"), (6, "columns"), (7, "long_name")]


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_whatever_is_pasted_is_names_or_bad_lines(pasted: str) -> None:
    lines, bad = voter_lines.read(pasted, {"a": "R1"})
    numbers = [one.number for one in (*lines, *bad)]
    assert len(numbers) == len(set(numbers))
    assert all(0 < number <= len(voter_lines.lines_of(pasted)) for number in numbers)
    assert all(one.name and len(one.name) <= voter_lines.NAME and len(one.address) <= voter_lines.ADDRESS
               for one in lines)


# ---- the list at the desk

def test_names_are_added_and_what_is_wrong_keeps_what_was_typed(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    wrong = desk.post(LIST, names="Anna Bērziņa\n;lost\nJānis Kalns")
    assert wrong.status_code == 422
    assert "Line 2 has no name" in wrong.text
    assert "Jānis Kalns" in wrong.text
    assert desk.post(LIST, names="Anna Bērziņa\nJānis Kalns\nAnna Berzina", follow=False).status_code == 303
    told = desk.get(LIST).text
    assert "2 names added" in told
    assert "lines 3" in told            # the same name, whatever its marks
    with house.inside() as session:
        assert session.scalars(select(VoterName.name).order_by(VoterName.name)).all() == ["Anna Bērziņa", "Jānis Kalns"]


def test_a_file_is_taken_and_one_that_is_not_utf_8_refused(house_sqlite: House) -> None:
    house_sqlite.day("pitch")
    desk = house_sqlite.host()

    def send(raw: bytes) -> Any:
        return desk.post(LIST, names="", file=(io.BytesIO(raw), "names.csv"))

    assert send("\ufeffAnna Bērziņa;a@x.lv\n".encode()).status_code == 303
    told = send("Jānis Kalniņš".encode("cp1257"))
    assert told.status_code == 422
    assert "not in UTF-8" in told.text


def test_five_thousand_names_are_taken_and_not_one_more(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    assert desk.post(LIST, names="\n".join(f"Name {n}; n{n}@example.org" for n in range(5000))).status_code == 303
    answer = desk.post(LIST, names="One more")
    assert answer.status_code == 409
    assert "at most 5000" in answer.text
    found = desk.post(FIND, q="name 499")
    assert "15 names found" in found.text
    assert house.visitor().post("/language", lang="e" * 70_000).status_code == 413     # other doors take no more


def test_the_search_wants_no_marks_and_stands_in_no_address(house_sqlite: House) -> None:
    house_sqlite.day("pitch")
    desk = house_sqlite.host()
    desk.post(LIST, names="Anna Bērziņa\nPēteris Bērziņš\nIlze Ozola")
    page = desk.post(FIND, q="BERZ an")
    assert "Anna Bērziņa" in page.text
    assert "Pēteris" not in page.text
    assert house_sqlite.visitor().get(FIND).status_code == 405


def test_a_name_gets_one_thing_and_a_mistake_is_taken_back_with_one_tap(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post(LIST, names="Anna Bērziņa\nIlze Ozola")
    anna = str(number_of(house, "Anna Bērziņa"))
    page = desk.post(TICK, voter=anna, what="slip", q="anna")
    assert page.status_code == 200
    assert "a slip" in page.text
    second = helper(house).post(TICK, voter=anna, what="paper", q="anna")
    assert second.status_code == 409
    assert "has been given something already" in second.text
    assert given_to(house, "Anna Bērziņa") == "slip"
    assert desk.post(TICK, voter=anna, q="anna").status_code == 200
    assert given_to(house, "Anna Bērziņa") == ""
    assert desk.post(TICK, voter=anna, what="paper", q="anna").status_code == 200
    assert desk.post(TICK, voter="999999", what="slip", q="").status_code == 404
    assert desk.post(TICK, voter="x", what="slip", q="").status_code == 404
    assert desk.post(TICK, voter=anna, what="link", q="").status_code == 409


def test_two_helpers_at_once_cannot_give_two(house: House) -> None:
    house.day("pitch")
    house.host().post(LIST, names="\n".join(f"Name {n}" for n in range(12)))
    with house.inside() as session:
        numbers = list(session.scalars(select(VoterName.id)))
    desks = [house.host(), house.manager(), helper(house)]
    got: list[tuple[int, int]] = []

    def tap(desk: Client, number: int, start: threading.Barrier) -> None:
        start.wait()
        got.append((number, desk.post(TICK, voter=str(number), what="slip", q="").status_code))

    for number in numbers:
        start = threading.Barrier(len(desks))
        taps = [threading.Thread(target=tap, args=(desk, number, start)) for desk in desks]
        for one in taps:
            one.start()
        for one in taps:
            one.join()
    for number in numbers:
        assert sorted(status for at, status in got if at == number) == [200, 409, 409]
    with house.inside() as session:
        ticks = select(func.count()).where(Entry.act == "voter:tick")
        assert session.scalar(ticks) == len(numbers)


def test_nothing_joins_a_name_with_a_time_an_order_or_a_slip(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post(LIST, names="Anna Canary; canary@example.org\nIlze Ozola")
    desk.post(FIND, q="canary")
    desk.post(TICK, voter=str(number_of(house, "Anna Canary")), what="slip", q="canary")
    with house.inside() as session:
        looked = inspect(session.connection())
        columns = {column["name"] for column in looked.get_columns("voter_name")}
        assert columns == {"id", "gathering_id", "name", "address", "klass", "given"}
        for entry in session.scalars(select(Entry).where(Entry.act.like("voter:%"))):
            assert entry.thing == "voters"
            assert set(entry.facts) <= {"added", "given", "taken_back", "deleted"}
            assert (entry.at.second, entry.at.microsecond) == (0, 0)
        kept = " ".join(str(tuple(row)) for table in looked.get_table_names() if table != "voter_name"
                        for row in session.execute(text(f'SELECT * FROM "{table}"')))  # noqa: S608  # our own tables
        assert "anary" not in kept
        assert {row.answer for row in session.scalars(select(DoneRequest))} <= {"", LIST}


def test_the_page_counts_by_kind_and_class_beside_the_slips(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post("/e/ENGURE/slips/classes", **CLASSES)
    desk.post(LIST, names="Anna;;Lives here\nIlze;;strādā šeit\nPēteris;;R2\nZane")
    desk.post("/e/ENGURE/slips", n="7", kind="page", klass="R1")
    desk.post(TICK, voter=str(number_of(house, "Ilze")), what="paper", q="")
    with house.inside():
        rows = voter_names.counts(house.gathering().id)
    assert [(row["klass"], row["n"], row["given"], row["paper"]) for row in rows] == [
        (None, 4, 1, 1), ("R1", 1, 0, 0), ("R2", 2, 1, 1), ("", 1, 0, 0)]
    page = desk.get(LIST).text
    assert "1 of 4" in page
    assert "Lives here" in page


@pytest.mark.parametrize("stage", ["pitch", "vote"])
def test_a_list_that_somebody_was_served_from_stays_until_the_close(house: House, stage: str) -> None:
    """Deleted and pasted anew it would give the same people a second slip, or a second link."""
    house.day("pitch")
    desk = house.host()
    desk.post(LIST, names="Anna Bērziņa\nJānis Kalns; j@example.org")
    house.move_to(stage)
    number = number_of(house, "Anna Bērziņa")
    desk.post(TICK, voter=number, what="slip")
    assert f'action="{LIST}/delete"' not in desk.get(LIST).text
    told = desk.post(f"{LIST}/delete")
    assert told.status_code == 409
    assert "given a second one" in told.text
    assert given_to(house, "Anna Bērziņa") == "slip"
    desk.post(TICK, voter=number, what="")                              # a mistake: nobody has anything
    assert desk.post(f"{LIST}/delete").status_code == 303


def test_a_served_list_goes_after_the_close(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post(LIST, names="Anna Bērziņa; a@example.org")
    assert desk.post("/e/ENGURE/links", kind="csv", names="1").status_code == 200
    assert desk.post(f"{LIST}/delete").status_code == 409
    house.move_to("vote")
    house.move_to("result")
    assert f'action="{LIST}/delete"' in desk.get(LIST).text
    assert desk.post(f"{LIST}/delete").status_code == 303


@pytest.mark.parametrize(("lang", "told"), [("en", "given a slip, a paper or a link already: lines 1, 2"),
                                            ("lv", "jau izsniegta karte, papīra biļetens vai saite: rindas 1, 2")])
def test_a_name_that_was_served_is_not_added_with_another_address(house: House, lang: str, told: str) -> None:
    house.day("pitch")
    desk = house.host(lang)
    desk.post(LIST, names="Anna Bērziņa; anna@example.org\nJānis Kalns; j@example.org\nZane")
    assert desk.post("/e/ENGURE/links", kind="csv", names="1").status_code == 200
    again = ("  ANNA   be\u0304rzin\u0327a ; other@example.org\nJānis Kalns\nZane; z@example.org\n"
             "Anna Bērziņa (Pape); a@x.lv")
    assert desk.post(LIST, names=again).status_code == 303
    assert told in desk.get(LIST).text
    with house.inside() as session:
        names = session.scalars(select(VoterName.name).where(VoterName.given == "").order_by(VoterName.id)).all()
    assert names == ["Zane", "Zane", "Anna Bērziņa (Pape)"]            # one more Zane: the first one got nothing yet


def test_a_helper_ticks_and_neither_adds_nor_deletes(house_sqlite: House) -> None:
    house_sqlite.day("pitch")
    house_sqlite.host().post(LIST, names="Anna")
    aide = helper(house_sqlite)
    assert aide.get(LIST).status_code == 200
    assert "Add names" not in aide.text()
    assert aide.post(LIST, names="More").status_code == 403
    assert aide.post(f"{LIST}/delete").status_code == 403
    for path in ("/e/ENGURE/slips", "/e/ENGURE/links"):
        assert aide.get(path).status_code == 403
    for stranger in (house_sqlite.phone(), house_sqlite.juror(), house_sqlite.visitor()):
        assert stranger.get(LIST).status_code in (302, 403)


def test_the_list_goes_by_hand_and_thirty_days_after_the_seal(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post(LIST, names="Anna")
    assert desk.post(f"{LIST}/delete").status_code == 303
    desk.post(LIST, names="Anna\nIlze")
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        vote.state, vote.closed_at, vote.scrubbed = "sealed", now(), True
        session.add(Openings(round_id=vote.id, locked=b"x", keep_until=now().date() + timedelta(days=30)))
    with house.inside() as session:
        assert electorate.forget_old(now() + timedelta(days=30)) == 0
        assert sealing.destroy_old(now() + timedelta(days=31)) == 1
        assert session.scalar(select(func.count()).select_from(VoterName)) == 0
        assert not session.scalars(select(Round)).one().scrubbed


def test_an_annulled_vote_starts_the_ticks_over(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post(LIST, names="Anna")
    desk.post(TICK, voter=str(number_of(house, "Anna")), what="slip", q="")
    with house.inside():
        voter_names.start_over(house.gathering().id)
    assert given_to(house, "Anna") == ""


# ---- classes

def test_slips_are_drawn_for_a_class_and_a_class_in_use_stays(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    assert desk.post("/e/ENGURE/slips/classes", **CLASSES).status_code == 303
    sheet = desk.post("/e/ENGURE/slips", n="3", kind="page", klass="R1").text
    assert sheet.count("Lives here") == 3
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        assert vote.classes == [{"ref": "R1", "label": {"lv": "Dzīvo šeit", "en": "Lives here"}},
                                {"ref": "R2", "label": {"lv": "Strādā šeit", "en": "Strādā šeit"}}]
        assert set(session.scalars(select(Slip.klass))) == {"R1"}
    gone = desk.post("/e/ENGURE/slips/classes", **{"class-2-en": "Works here"})
    assert gone.status_code == 409
    assert desk.post("/e/ENGURE/slips/classes", **{**CLASSES, "class-2-lv": ""}).status_code == 303
    assert desk.post("/e/ENGURE/slips", n="3", kind="page", klass="R9").status_code == 409
    same = desk.post("/e/ENGURE/slips/classes", **{**CLASSES, "class-3-en": "lives HERE"})
    assert same.status_code == 422
    assert "lives HERE" in same.text


def test_classes_stand_once_the_vote_is_open(house_sqlite: House) -> None:
    box.vote_day(house_sqlite)
    assert house_sqlite.host().post("/e/ENGURE/slips/classes", **CLASSES).status_code == 409


# ---- slips made void

def test_a_slip_is_void_by_its_long_or_short_code_and_stands_on_the_board(house: House) -> None:
    first, second, third = box.vote_day(house)
    desk = house.host()
    assert desk.post("/e/ENGURE/slips/void", code=f"http://x/b#{first}").status_code == 303
    typed = " ".join(codes.groups(codes.short(second))).lower()
    assert desk.post("/e/ENGURE/slips/void", code=typed).status_code == 303
    assert [entry["kind"] for entry in box.recount(house)] == ["open", "void", "void"]
    assert box.cast(house.visitor(), first, "I01").status_code == 403
    again = desk.post("/e/ENGURE/slips/void", code=first)
    assert again.status_code == 403
    assert "not valid" in again.text
    box.cast(house.visitor(), third, "I01")
    voted = desk.post("/e/ENGURE/slips/void", code=third)
    assert voted.status_code == 409
    assert "has voted" in voted.text
    box.close_now(house)
    assert desk.post("/e/ENGURE/slips/void", code=third).status_code == 409


def test_a_slip_made_void_before_the_opening_is_void_on_the_board_from_the_start(house: House) -> None:
    house.day("pitch")
    first, *_ = box.draw(house, 3)
    house.host().post("/e/ENGURE/slips/void", code=first)
    house.move_to("vote")
    opening, *more = box.recount(house)
    assert opening["slips"]["count"] == 3
    assert [entry["kind"] for entry in more] == ["void"]
    with house.inside():
        assert queries.turnout(house.gathering().id)["issued"] == 2     # type: ignore[index]


# ---- plain http

def test_over_plain_http_the_vote_opens_only_after_the_tick(house: House) -> None:
    house.day("pitch")
    with house.inside():
        with pytest.raises(Refused, match="http_not_ticked"):
            stage.advance(box.host_here(house), seen(house), plain=True)
        electorate.allow_plain(box.host_here(house), True)
        stage.advance(box.host_here(house), seen(house), plain=True)
    assert [entry for entry in box.recount(house) if entry["kind"] == "override"] == [
        {"kind": "override", "what": "plain_http", "by": "host"}]


def seen(house: House) -> str:
    return str(house.gathering().current_stage.ref)      # type: ignore[union-attr]


def test_the_desk_leads_to_the_warning_and_on_this_machine_asks_nothing(house_sqlite: House) -> None:
    house_sqlite.day("pitch")
    desk = house_sqlite.host()
    house_sqlite.app.config["PUBLIC_URL"] = "http://192.168.8.2:8000"
    with house_sqlite.inside():
        before = seen(house_sqlite)
    answer = desk.post("/e/ENGURE/desk/next", seen=before)
    assert answer.status_code == 303
    assert answer.location == "/e/ENGURE/vote/warning"
    assert "others can read along" in desk.get(answer.location).text
    assert desk.post("/e/ENGURE/vote/warning", known="on").status_code == 303
    assert desk.post("/e/ENGURE/desk/next", seen=before).location == "/e/ENGURE/desk"
    with house_sqlite.inside() as session:
        assert session.scalars(select(Round)).one().state == "open"
        with pytest.raises(Refused, match="vote_fixed"):
            electorate.allow_plain(box.host_here(house_sqlite), False)


@pytest.mark.parametrize(("public", "host", "plain"), [
    ("", "localhost", False), ("", "127.0.0.1:8000", False), ("", "192.168.8.2", True),
    ("https://vote.example.org", "192.168.8.2", False), ("http://vote.example.org", "localhost", True),
    ("http://localhost:9", "192.168.8.2", False)])
def test_what_is_a_plain_address(house_sqlite: House, public: str, host: str, plain: bool) -> None:
    house_sqlite.app.config["PUBLIC_URL"] = public
    with house_sqlite.app.test_request_context(base_url=f"http://{host}"):
        assert address.is_plain() is plain


def test_the_tick_changes_nothing_after_the_opening(house_sqlite: House) -> None:
    box.vote_day(house_sqlite)
    with house_sqlite.inside():
        assert rounds.is_ahead(box.host_here(house_sqlite)) is False
        electorate.check_plain(box.host_here(house_sqlite))


@pytest.mark.parametrize(("lang", "told"), [("en", "named before the first rehearsal"),
                                            ("lv", "nosauc pirms pirmā mēģinājuma")])
def test_classes_are_refused_in_a_rehearsal_with_its_reason(house: House, lang: str, told: str) -> None:
    house.day("pitch")
    with house.inside():
        rounds.rehearse(box.host_here(house))
    answer = house.host(lang).post("/e/ENGURE/slips/classes", **CLASSES)
    assert answer.status_code == 409
    assert told in answer.text
    with house.inside():
        assert queries.round_of(house.gathering().id).classes == []
