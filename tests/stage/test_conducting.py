"""The hand that moves the day: what begins and ends with a stage, time, pauses, two hosts at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from ideathon.extensions import db
from ideathon.jury import queries as jury
from ideathon.results.models import Formula
from ideathon.voting.models import Round
from tests.houses import Client, House

DESK = "/e/ENGURE/desk"


def running(house: House) -> str:
    """The ref of the running stage, "" for none."""
    with house.inside():
        stage = house.gathering().current_stage
        return stage.ref if stage else ""


def facts(house: House) -> dict[str, Any]:
    """Kind, state and end of the running stage, and the round beside it."""
    with house.inside() as session:
        stage, vote = house.gathering().current_stage, session.scalars(select(Round)).one()
        return {"kind": stage.kind if stage else None, "state": stage.state if stage else None,
                "ends": stage.ends_at if stage else None, "minutes": stage.minutes if stage else None,
                "round": vote.state, "closes": vote.closes_at}


def press_next(house: House, host: Client) -> Any:
    """The amber button, as the host sees it now."""
    return host.post(f"{DESK}/next", seen=running(house))


def test_the_day_runs_from_first_to_last_stage_and_ends(house: House) -> None:
    house.day(stage=None)
    host, kinds = house.host(), []
    while press_next(house, host).status_code == 303:
        kinds.append(facts(house)["kind"])
    assert kinds == ["registration", "intro", "mapping", "ideas", "teams", "break", "work", "pitch", "vote", "count",
                     "result", "close", None]
    assert "This event has ended" in host.get("/e/ENGURE").text


def test_the_vote_opens_and_closes_with_its_stage(house: House) -> None:
    house.day("pitch")
    host = house.host()
    assert facts(house)["round"] == "draft"
    press_next(house, host)
    at = facts(house)
    assert (at["round"], at["closes"]) == ("open", at["ends"])
    press_next(house, host)
    assert facts(house)["round"] == "closed"


def test_the_rule_is_frozen_before_scores_and_sheets_are_locked_at_the_result(house: House) -> None:
    house.day("work")
    host = house.host()
    with house.inside() as session:
        assert session.scalars(select(Formula)).one().frozen_at is None
    press_next(house, host)
    with house.inside() as session:
        assert session.scalars(select(Formula)).one().frozen_at is not None
        assert not jury.is_locked(house.gathering().id)
    for _ in ("vote", "count", "result"):
        press_next(house, host)
    with house.inside():
        assert jury.is_locked(house.gathering().id)


def test_more_minutes_and_a_pause_carry_the_vote_along(house: House) -> None:
    house.day("vote")
    host, before = house.host(), facts(house)
    host.post(f"{DESK}/time", minutes="5")
    longer = facts(house)
    assert (longer["closes"] - before["closes"]).total_seconds() == 300
    assert longer["minutes"] == before["minutes"] + 5
    host.post(f"{DESK}/pause", wanted="paused")
    assert (facts(house)["state"], facts(house)["closes"]) == ("paused", None)
    host.post(f"{DESK}/pause", wanted="running")
    assert facts(house)["closes"] == facts(house)["ends"] is not None


def test_two_hosts_who_want_a_pause_get_one(house: House) -> None:
    house.day()
    one, other = house.host(), house.host()
    one.post(f"{DESK}/pause", wanted="paused")
    other.post(f"{DESK}/pause", wanted="paused")
    assert facts(house)["state"] == "paused"


@pytest.mark.parametrize("minutes", ["", "abc", "61", "-61", "1e3", "5.5", "99999999999999999999"])
def test_minutes_that_are_none_move_nothing(house: House, minutes: str) -> None:
    house.day()
    before = facts(house)
    assert house.host().post(f"{DESK}/time", minutes=minutes).status_code == 400
    assert facts(house) == before


def test_fewer_minutes_than_are_left_end_the_stage_now_and_not_in_the_past(house: House) -> None:
    house.day()
    with house.inside():
        started = house.gathering().current_stage.started_at
    house.host().post(f"{DESK}/time", minutes="-60")
    assert facts(house)["ends"] >= started


@pytest.mark.parametrize(("lang", "words"), [("en", "Already started"), ("lv", 'data-flash="error"')])
def test_the_later_of_two_hosts_is_told_and_sees_what_is_on(house: House, lang: str, words: str) -> None:
    house.day("ideas")
    seen, one, other = running(house), house.host(), house.host(lang)
    assert one.post(f"{DESK}/next", seen=seen).status_code == 303
    late = other.post(f"{DESK}/next", seen=seen)
    assert late.status_code == 409
    assert words in late.text
    assert f'name="seen" value="{running(house)}"' in late.text
    assert facts(house)["kind"] == "teams"


def test_two_hosts_who_press_in_the_same_moment_move_once(house: House) -> None:
    house.day("ideas")
    seen, hosts, gate = running(house), [house.host(), house.host()], Barrier(2)

    def press(host: Client) -> int:
        gate.wait(10)
        return int(host.post(f"{DESK}/next", seen=seen).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, hosts)) == [303, 409]
    assert facts(house)["kind"] == "teams"


def test_the_same_press_sent_twice_moves_once(house: House) -> None:
    house.day("ideas")
    host, seen = house.host(), running(house)
    for _ in range(2):
        assert host.post(f"{DESK}/next", seen=seen, key="one and the same").status_code == 303
    assert facts(house)["kind"] == "teams"


def test_going_back_starts_the_stage_before_again(house: House) -> None:
    house.day("teams")
    assert house.host().post(f"{DESK}/back", seen=running(house)).status_code == 303
    assert (facts(house)["kind"], facts(house)["state"]) == ("ideas", "running")


def test_going_back_out_of_an_open_vote_is_refused(house: House) -> None:
    house.day("vote")
    answer = house.host().post(f"{DESK}/back", seen=running(house))
    assert answer.status_code == 409
    assert "The vote is open" in answer.text
    assert (facts(house)["kind"], facts(house)["round"]) == ("vote", "open")


def test_going_back_into_a_closed_vote_is_refused(house: House) -> None:
    house.day("count")
    assert house.host().post(f"{DESK}/back", seen=running(house)).status_code == 409
    assert (facts(house)["kind"], facts(house)["round"]) == ("count", "closed")


def test_every_move_stands_in_the_record(house: House) -> None:
    house.day("ideas")
    host = house.host()
    host.post(f"{DESK}/time", minutes="5")
    host.post(f"{DESK}/pause", wanted="paused")
    host.post(f"{DESK}/screen", scene="black")
    with house.inside():
        acts = db.session.execute(db.text("SELECT act FROM ledger ORDER BY id DESC LIMIT 3")).scalars().all()
    assert acts == ["screen:set", "stage:pause", "stage:time"]
