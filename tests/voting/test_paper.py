"""Paper ballots and printed slips at the desk."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ideathon.voting import queries, service
from ideathon.voting.models import Slip
from tests.houses import House
from tests.voting import box, papers

DEMO = json.loads((Path(queries.__file__).parent.parent / "demo/engure.json").read_text())


def enter(house: House, serial: str, *choices: str, **more: str) -> Any:
    """One paper ballot, read by the host and by a helper."""
    first = papers.read(house.host(), serial, *choices, **more)
    return papers.read(house.helper(), serial, *choices, **more) if first.status_code == 303 else first


def test_paper_counts_and_its_list_tells_no_choice(house: House) -> None:
    box.vote_day(house)
    answer = enter(house, "p-001", "I02", "I03", channel="assisted")
    assert answer.status_code == 303
    page = house.host().get(answer.location)
    assert "P-001" in page.text
    assert "with a helper" in page.text
    assert "checked" not in re.sub(r'<input type="radio"[^>]*>', "", page.text)
    with house.inside():
        assert queries.votes(house.gathering().id) == {"I01": 0, "I02": 1, "I03": 1, "I04": 0, "I05": 0}
        assert queries.figures(house.gathering().id)["by_channel"] == {"assisted": 1}
    assert box.recount(house)[-1]["tag"] == "paper:P-001"


def test_a_serial_is_entered_once(house: House) -> None:
    box.vote_day(house)
    enter(house, "P1", "I01")
    answer = papers.read(house.helper(2), " p1 ", "I02")
    assert answer.status_code == 422
    assert "was entered already" in answer.text
    assert 'value="I02" checked' in answer.text
    with house.inside():
        assert queries.votes(house.gathering().id)["I02"] == 0


@pytest.mark.parametrize(("choices", "void", "words"), [
    (("I01", "I02", "I03", "I04"), "", "as void: too many choices"), ((), "", "as void: blank"),
    (("I01",), "blank", "not blank"), (("I01",), "too_many_choices", "not too many choices"),
    (("I09",), "", "one from the list"), (("I01",), "because", "one from the list")])
def test_a_paper_that_cannot_count_is_told_why(house: House, choices: tuple[str, ...], void: str, words: str) -> None:
    box.vote_day(house)
    answer = papers.read(house.host(), "P1", *choices, void=void)
    assert answer.status_code == 422
    assert words.lower() in answer.text.lower()
    assert len(box.recount(house)) == 1


@pytest.mark.parametrize("serial", ["", " ", "P 1", "<b>", "P" * 21, "ē", "P\x00"])
def test_a_serial_is_letters_digits_and_dashes(house: House, serial: str) -> None:
    box.vote_day(house)
    answer = papers.read(house.host(), serial, "I01")
    assert answer.status_code == (303 if serial == "P\x00" else 422)      # what nobody can see is taken away


def test_void_paper_is_cast_and_not_counted(house: House) -> None:
    box.vote_day(house)
    for n, (reason, choices) in enumerate([("too_many_choices", ("I01", "I02", "I03", "I04")), ("blank", ()),
                                           ("unreadable", ()), ("wrong_place", ("I01",)), ("copy", ("I01",))]):
        assert enter(house, f"V{n}", *choices, void=reason).status_code == 303
    with house.inside():
        figures = queries.figures(house.gathering().id)
        assert (figures["cast"], figures["counted"], figures["void"]) == (5, 0, 5)
        reasons = ("too_many_choices", "blank", "unreadable", "wrong_place", "copy")
        assert figures["void_reasons"] == dict.fromkeys(reasons, 1)
        assert set(queries.votes(house.gathering().id).values()) == {0}


def test_paper_comes_after_the_close_too_but_not_before_the_opening(house: House) -> None:
    house.day("pitch")
    assert enter(house, "P1", "I01").status_code == 409
    box.open_now(house)
    box.close_now(house)
    assert enter(house, "P1", "I01").status_code == 303
    assert [entry["kind"] for entry in box.recount(house)] == ["open", "close", "paper"]


@pytest.mark.parametrize("who", ["phone", "juror", "mentor", "admin", "visitor"])
def test_only_the_desk_enters_paper(house: House, who: str) -> None:
    box.vote_day(house)
    client = getattr(house, who)()
    assert client.get("/e/ENGURE/paper").status_code == 403
    assert papers.read(client, "P1", "I01").status_code == 403
    assert len(box.recount(house)) == 1


def test_slips_are_shown_once_and_each_can_vote(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    assert desk.get("/e/ENGURE/slips").status_code == 200
    key = "s" * 32
    sheet = desk.post("/e/ENGURE/slips", key=key, n="25").text
    printed = ["".join(found.split()) for found in re.findall(r'<code class="slip__code">([^<]+)</code>', sheet)]
    assert len(set(printed)) == sheet.count('class="qr"') == 25
    assert desk.post("/e/ENGURE/slips", key=key, n="25").status_code == 204      # sent twice, drawn once
    again = desk.get("/e/ENGURE/slips").text
    assert not any(code[:4] in again for code in printed)
    with house.inside() as session:
        assert queries.turnout(house.gathering().id)["issued"] == 25
        secret = house.app.secret_key or ""
        assert {service.codes.lock_of(1, code, secret) for code in printed} == set(session.scalars(select(Slip.short)))
    box.open_now(house)
    assert box.cast(house.visitor(), printed[7], "I01").status_code == 303


@pytest.mark.parametrize("n", ["0", "-1", "481", "x", "", "1e9"])
def test_a_senseless_number_of_slips_is_refused(house: House, n: str) -> None:
    house.day("pitch")
    answer = house.host().post("/e/ENGURE/slips", n=n)
    assert answer.status_code == 422
    assert "from 1 to 480" in answer.text
    with house.inside():
        assert queries.turnout(house.gathering().id)["issued"] == 0


def test_slips_drawn_during_the_vote_stand_on_the_board_and_after_it_there_are_none(house: House) -> None:
    box.vote_day(house)
    desk = house.host()
    assert desk.post("/e/ENGURE/slips", n="2").status_code == 200
    last = box.recount(house)[-1]
    assert (last["kind"], len(last["tags"])) == ("slips", 2)
    box.close_now(house)
    assert desk.post("/e/ENGURE/slips", n="2").status_code == 409
    assert house.phone().get("/e/ENGURE/slips").status_code == 403


def test_the_engure_box_to_the_last_ballot(house: House) -> None:
    last = {b["superseded_by"]: b["serial"] for b in DEMO["ballots"] if "superseded_by" in b}
    slips: dict[str, tuple[str, int]] = {}
    codes = box.vote_day(house, slips=DEMO["vote_round"]["credentials_issued"], ideas=12)
    with house.inside():
        here = box.host_here(house)
        vote = queries.round_of(here.gathering.id, lock=True)
        for one in DEMO["ballots"]:
            if one["channel"] == "phone":
                first = last.get(one["serial"], one["serial"])
                tag, seq = slips.get(first) or (service.codes.tag_of(vote.id, codes.pop()), 0)
                got = service.cast(here, vote, tag, one["choices"], key=one["serial"], expect=seq)
                slips[first] = tag, got.seq
            else:
                papers.boxed(house, one["serial"], one["collection_point"], one["choices"],
                             channel=one["channel"], void_reason=one.get("void_reason", ""))
    box.close_now(house)
    expected = DEMO["expected"]
    with house.inside():
        figures, gathering = queries.figures(house.gathering().id), house.gathering().id
        assert {name: figures[name] for name in ("cast", "counted", "superseded", "void")} == {
            name: expected["ballots"][name] for name in ("cast", "counted", "superseded", "void")}
        assert figures["by_channel"] == expected["ballots"]["counted_by_channel"]
        assert figures["by_place"] == expected["ballots"]["counted_by_point"]
        assert queries.votes(gathering) == {row["idea"]: row["votes"] for row in expected["ranking"]} | {}
        told = queries.turnout(gathering)
        assert (told["cast"], told["paper"]) == (91, 26)        # slips beside slips, paper beside them
    assert len(box.recount(house)) == 122
