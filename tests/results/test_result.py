"""Sealing, revealing upward, the why-sheet: through the doors, on both databases."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ideathon import ledger
from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.core.permissions import Seat
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import seat_in
from ideathon.ideas.models import Idea
from ideathon.results import queries, service
from ideathon.results.models import SealedOutcome
from ideathon.stage.snapshot import SLICES, snapshot
from tests.houses import House
from tests.results import small_day

NUMBER = re.compile(r"[0-9]+\.[0-9]{2}|[0-9]+/[0-9]+")
SEAL, REVEAL, RESULT = "/e/ENGURE/seal", "/e/ENGURE/reveal", "/e/ENGURE/result"


def reveal_of(house: House) -> dict[str, Any]:
    with house.inside():
        return queries.reveal_slice(house.gathering().id, ["results.reveal"])["results.reveal"]


def test_the_demo_comes_out_to_the_last_digit(house: House) -> None:
    host = small_day.demo_day(house).host()
    assert host.post(SEAL).status_code == 303
    for seen in range(12):
        assert host.post(REVEAL, seen=seen).status_code == 303
    expected = small_day.DEMO["expected"]
    ours, theirs = (("place", "ref", "jury", "votes", "residents", "combined"),
                    ("place", "idea", "jury_score", "votes", "resident_score", "combined"))
    places = reveal_of(house)["places"]
    ranking = [[row[name] for name in theirs] for row in expected["ranking"]]
    assert [[one[name] for name in ours] for one in places] == ranking
    assert [one["bar"] is None for one in places] == [row["over_threshold"] for row in expected["ranking"]]
    with house.inside():
        row = queries.sealed(house.gathering().id)
        figures, firm = row.outcome["figures"], row.outcome["firmness"]
        assert row.digest == service.digest(row.outcome)
        assert (row.outcome["winner"], row.outcome["reserve"]) == ("I01", "I03")
    ballots = expected["ballots"]
    assert {name: figures[name] for name in ("cast", "counted", "superseded", "void")} == {
        name: ballots[name] for name in ("cast", "counted", "superseded", "void")}
    assert figures["by_channel"] == ballots["counted_by_channel"]
    assert figures["by_place"] == ballots["counted_by_point"]
    assert (firm["winners"], firm["jurors"]) == (["I01"], {"tried": 5, "changes": []})
    assert sum(one["ballots"] for one in firm["batches"]) == ballots["counted"]
    page = house.visitor("lv").get(RESULT).text
    assert page.count('<figure class="line') == 12
    assert "90,76" in page
    assert "88,35" in page


def test_the_seal_waits_for_the_end_of_the_vote_and_comes_once(house: House) -> None:
    house.day("vote", ideas=3)
    small_day.score(house, small_day.flat(small_day.MARKS))
    host = house.host()
    assert "The vote is open" in host.post(SEAL).text
    house.move_to("result")
    assert host.post(SEAL).status_code == 303
    assert "sealed" in host.post(SEAL).text
    assert host.page.status_code == 409


def test_sealing_locks_the_sheets_ranks_the_ideas_and_chains_the_record(house: House) -> None:
    house.day("vote", ideas=3)
    small_day.score(house, small_day.flat(small_day.MARKS))
    small_day.vote(house, small_day.BALLOTS)
    house.move_to("count")
    assert house.host().post(SEAL).status_code == 303
    with house.inside():
        gathering = house.gathering()
        seat = seat_in(gathering, frozenset({Role.JUROR}), now())
        assert (seat.locked, seat.sealed, seat.revealed) == (True, True, False)
        assert {idea.state for idea in db.session.query(Idea)} == {"ranked"}
        chained = [entry.digest for entry in ledger.entries(gathering.id)]
        assert queries.sealed(gathering.id).ledger_head == chained[-1]
        assert all(chained)
        assert ledger.first_break(gathering.id) is None


def test_an_idea_that_was_hidden_after_the_vote_opened_is_not_counted(house: House) -> None:
    house.day("vote", ideas=3)
    small_day.score(house, small_day.flat(small_day.MARKS))
    small_day.vote(house, small_day.BALLOTS)
    with house.inside():
        db.session.query(Idea).filter_by(ref="I02").one().state = "hidden"
    house.move_to("result")
    assert house.host().post(SEAL).status_code == 303
    with house.inside():
        outcome = queries.outcome(house.gathering().id)
        assert [standing.idea for standing in outcome.standings] == ["I01", "I03"]
        assert outcome.winner == "I01"


def test_places_come_upward_and_two_hosts_reveal_one(house: House) -> None:
    small_day.voted(house)
    first, second = house.host(), house.host("lv")
    assert first.post(REVEAL, seen=0).status_code == 409            # not sealed
    first.post(SEAL)
    assert reveal_of(house)["places"] == []
    assert first.post(REVEAL, seen=0).status_code == 303
    assert second.post(REVEAL, seen=0).status_code == 409           # the later of two is told
    assert [one["ref"] for one in reveal_of(house)["places"]] == ["I03"]
    first.post(REVEAL, seen=1)
    assert [one["ref"] for one in reveal_of(house)["places"]] == ["I02", "I03"]
    assert house.visitor().get(RESULT).status_code == 409
    first.post(REVEAL, seen=2)
    assert [(one["place"], one["ref"], one["won"], one["reserve"]) for one in reveal_of(house)["places"]] == [
        (1, "I01", True, False), (2, "I02", False, True), (3, "I03", False, False)]
    assert first.post(REVEAL, seen=3).status_code == 409
    assert house.visitor().get(RESULT).status_code == 200


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30, "1e1", "²"])
def test_a_broken_count_of_what_was_seen_reveals_nothing(house_sqlite: House, seen: str) -> None:
    host = small_day.voted(house_sqlite).host()
    host.post(SEAL)
    assert host.post(REVEAL, seen=seen).status_code == 409
    assert reveal_of(house_sqlite)["places"] == []


def test_only_the_host_seals_and_reveals(house_sqlite: House) -> None:
    small_day.voted(house_sqlite)
    for client in (house_sqlite.phone(), house_sqlite.juror(), house_sqlite.visitor(), house_sqlite.manager()):
        assert client.post(SEAL).status_code == 403
        assert client.post(REVEAL, seen=0).status_code == 403


def _numbers(standing: Any) -> set[str]:
    """What would betray a place: its marks as the sealed outcome writes them."""
    points = [standing.jury, standing.residents, standing.combined]
    shown = {service.tally.rounded(one) for one in points} | {f"{one.numerator}/{one.denominator}" for one in points}
    return {one for one in shown if one not in {"100.00", "100/1", "0.00", "0/1"}}


def test_nothing_of_an_unshown_place_is_in_any_payload(house: House) -> None:
    marks = {"I01": 5, "I02": 4, "I03": 3, "I04": 1}
    ballots = [("I02",)] * 7 + [("I01",)] * 6 + [("I03",)] * 3 + [("I04",)]
    host = small_day.voted(house, marks, ballots).host()
    host.post(SEAL)
    phone, juror = house.phone(), house.juror()
    with house.inside():
        gathering = house.gathering()
        outcome, key = queries.outcome(gathering.id), gathering.screen_key
    order = list(reversed(outcome.standings))
    doors = [(who, path) for who in (phone, juror, host) for path in ("/e/ENGURE", "/e/ENGURE/news", "/e/ENGURE/ideas")]
    doors += [(house.visitor(), f"/s/{key}"), (house.visitor(), f"/s/{key}/news"), (house.visitor(), "/events"),
              (house.visitor(), RESULT), (house.visitor(), "/e/ENGURE/winner"), (host, "/e/ENGURE/desk"),
              (house.manager(), "/e/ENGURE/award"), (host, "/e/ENGURE/ledger"), (host, "/e/ENGURE/ledger.csv")]
    for seen in range(4):
        hidden = set().union(*(_numbers(standing) for standing in order[seen:]))
        hidden -= set().union(set(), *(_numbers(standing) for standing in order[:seen]))
        assert hidden, "the canary must have something to find"
        for who, path in doors:
            page = who.get(path)
            assert page.status_code < 500, path
            found = set(NUMBER.findall(page.text.replace(",", ".")))
            assert not hidden & found, (path, seen)
        places = reveal_of(house)["places"]
        assert [one["ref"] for one in places] == [one.idea for one in reversed(order[:seen])]
        assert all(one["why"] is None or one["bar"] for one in places)      # a reason would measure against the first
        host.post(REVEAL, seen=seen)
    found = set(NUMBER.findall(phone.get("/e/ENGURE/news").text))     # and once shown, the same search finds each
    assert all(service.tally.rounded(standing.combined) in found for standing in order)


def test_the_slice_is_the_whole_truth_for_all_who_may_hear_it(house: House) -> None:
    host = small_day.voted(house).host()
    for seen in range(-1, 4):
        host.post(REVEAL, seen=seen) if seen >= 0 else host.post(SEAL)
        with house.inside():
            gathering = house.gathering()
            hears = snapshot(gathering.id, Seat(roles=frozenset({Role.SCREEN})), "results.reveal")["slices"]
            assert hears == queries.reveal_slice(gathering.id, ["results.reveal"])
            assert snapshot(gathering.id, Seat(), "results.reveal")["slices"] == {}
            assert json.loads(json.dumps(hears)) == hears
    assert SLICES["results.reveal"].keys(1, "") == ["results.reveal"]


def test_equal_places_are_shown_as_equal_and_what_parted_ties_is_said(house: House) -> None:
    marks = {"I01": 4, "I02": 4, "I03": 3}
    host = small_day.voted(house, marks, [("I01",), ("I02",), ("I03",)]).host()
    host.post(SEAL)
    for seen in range(3):
        host.post(REVEAL, seen=seen)
    page = house.visitor().get(RESULT).text
    assert re.search("Equal points: \u2068Idea [12]\u2069, \u2068Idea [12]\u2069. They are parted by a lot", page)


def test_a_tie_that_stands_shares_the_place(house_sqlite: House) -> None:
    house_sqlite.day("vote", ideas=3)
    with house_sqlite.inside():
        queries.formula(house_sqlite.gathering().id).tie_order = ["jury", "first_criterion", "votes"]
    small_day.score(house_sqlite, small_day.flat({"I01": 4, "I02": 4, "I03": 3}))
    small_day.vote(house_sqlite, [("I01",), ("I02",), ("I03",)])
    house_sqlite.move_to("result")
    host = house_sqlite.host()
    host.post(SEAL)
    for seen in range(2):
        assert host.post(REVEAL, seen=seen).status_code == 303
    places = reveal_of(house_sqlite)["places"]
    assert [(one["place"], one["equal"]) for one in places] == [(1, True), (1, True), (3, False)]
    assert not any(one["won"] for one in places)
    page = house_sqlite.visitor().get(RESULT).text
    assert page.count("Place 1, shared") == 2
    assert "no rule parts them" in page


def test_the_rule_is_frozen_once_and_before_any_score(house: House) -> None:
    house.day("pitch", ideas=3)
    with house.inside():
        rule = queries.formula(house.gathering().id)
        frozen = rule.frozen_at
        assert frozen is not None
        service.freeze(small_day.desk(house))
        assert rule.frozen_at == frozen


def test_a_recusal_is_counted_and_nobody_is_named(house: House) -> None:
    small_day.revealed(house, conflicts=[("Juror 3", "I02")])
    page = house.visitor().get(RESULT).text
    assert "Juror 3" not in page
    with house.inside():
        gathering = house.gathering().id
        assert queries.recusals(gathering) == 1
        assert {one["ref"]: one["jurors"] for one in queries.shown(gathering)} == {"I01": 5, "I02": 4, "I03": 5}


def test_an_altered_outcome_no_longer_fits_its_digest(house: House) -> None:
    small_day.revealed(house)
    with house.inside():
        row = db.session.get(SealedOutcome, house.gathering().id)
        assert service.digest(row.outcome) == row.digest
        assert service.digest(row.outcome | {"winner": "I02"}) != row.digest


def test_no_idea_on_the_ballot_cannot_be_sealed(house_sqlite: House) -> None:
    house_sqlite.day("vote", ideas=1)
    house_sqlite.move_to("result")
    with house_sqlite.inside():
        db.session.query(Idea).one().state = "hidden"
    with house_sqlite.inside(), pytest.raises(Refused, match="cannot_count"):
        service.seal(small_day.desk(house_sqlite))


def test_a_rule_without_a_lot_tells_no_number_for_one(house_sqlite: House) -> None:
    small_day.voted(house_sqlite)
    with house_sqlite.inside():
        rule = queries.formula(house_sqlite.gathering().id)
        rule.tie_order, rule.lot_seed = ["jury"], ""
    host = house_sqlite.host()
    host.post("/e/ENGURE/seal")
    for seen in range(4):
        host.post("/e/ENGURE/reveal", seen=seen)
    page = house_sqlite.visitor().get("/e/ENGURE/result").text
    assert "How the result is made" in page
    assert "The number for a lot" not in page
