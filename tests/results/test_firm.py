"""How firm a result is: sealed with it, without naming a juror or showing a choice; and said in plain sentences."""

from __future__ import annotations

from typing import Any

import flask_migrate
import pytest
from sqlalchemy import text

from ideathon.core import tally
from ideathon.demo import data
from ideathon.extensions import db, writing
from ideathon.results import firm_words, queries, service
from ideathon.results.models import SealedOutcome
from ideathon.results.pictures import picture
from ideathon.voting import queries as voting
from tests.houses import House
from tests.results import small_day
from tests.voting import papers

RESULT = "/e/ENGURE/result"
PLACES = [{"ref": ref, "title": {"en": title}} for ref, title in (("I01", "Soup"), ("I02", "Boat yard"))]
FIRM = {"winners": ["I01"], "jurors": {"tried": 5, "changes": []},
        "batches": [{"parts": [["phone", ""]], "ballots": 90, "winners": ["I01"]},
                    {"parts": [["paper", "Library"]], "ballots": 12, "winners": ["I01"]}],
        "blends": [{"blend": "rank", "winners": ["I01"]}]}


def paper(house: House, place: str, ballots: list[tuple[str, ...]], channel: str = "paper") -> None:
    with house.inside():
        for number, choices in enumerate(ballots):
            papers.boxed(house, f"{place[:3].upper()}-{channel[0]}{number}", place, list(choices), channel=channel)
        papers.add_up(house)


def day(house: House, halls: dict[str, list[tuple[str, ...]]], phones: list[tuple[str, ...]]) -> House:
    """Scored, voted by phone and on paper, ready to be sealed."""
    house.day("vote", ideas=3)
    small_day.score(house, small_day.flat(small_day.MARKS))
    small_day.vote(house, phones)
    for place, ballots in halls.items():
        paper(house, place, ballots)
    house.move_to("result")
    return house


def sealed_firmness(house: House) -> dict[str, Any]:
    with house.inside():
        return service.seal(small_day.desk(house)).outcome["firmness"]


def batches(house: House) -> list[voting.Batch]:
    with house.inside():
        return voting.batches(house.gathering().id)


def test_it_is_sealed_with_the_outcome_and_names_no_juror(house: House) -> None:
    phones = [("I01",)] * 12
    found = sealed_firmness(day(house, {"Hall": [("I02",)] * 14}, phones))
    assert found["winners"] == ["I01"]
    assert found["jurors"] == {"tried": 5, "changes": []}
    assert found["batches"] == [{"parts": [["phone", ""]], "ballots": 12, "winners": ["I02"]},
                                {"parts": [["paper", "Hall"]], "ballots": 14, "winners": ["I01"]}]
    assert {one["blend"]: one["winners"] for one in found["blends"]}.keys() == {"share", "rank", "separate"}
    with house.inside():
        row = queries.sealed(house.gathering().id)
        assert row.digest == service.digest(row.outcome)


def test_of_a_juror_who_decided_only_the_number_and_the_other_winner_are_sealed(house_sqlite: House) -> None:
    """I01 leads by 0.6 * 4 jury points, which is more than the 0.4 * 5 points of one vote of 20: through Juror 5."""
    house_sqlite.day("vote", ideas=3)
    sheets = small_day.flat({"I01": 4, "I02": 4, "I03": 2})
    sheets["Juror 5"]["I01"] = [5] * 5
    small_day.score(house_sqlite, sheets)
    small_day.vote(house_sqlite, [("I01", "I02")] * 19 + [("I02",)])
    house_sqlite.move_to("result")
    found = sealed_firmness(house_sqlite)
    assert found["winners"] == ["I01"]
    assert found["jurors"] == {"tried": 5, "changes": [{"winners": ["I02"], "jurors": 1}]}


def test_places_with_few_ballots_are_joined(house_sqlite: House) -> None:
    day(house_sqlite, {"Hall": [("I02",)] * 6, "Library": [("I01",)] * 5, "School": [("I03",)] * 10}, [("I01",)] * 11)
    found = batches(house_sqlite)
    assert [(one.parts, one.ballots) for one in found] == [
        ((("paper", "School"),), 10), ((("phone", ""),), 11), ((("paper", "Hall"), ("paper", "Library")), 11)]
    assert found[-1].votes == {"I02": 6, "I01": 5}


def test_what_stays_small_joins_the_smallest_of_the_others(house_sqlite: House) -> None:
    day(house_sqlite, {"Hall": [("I02",)] * 3, "School": [("I03",)] * 10}, [("I01",)] * 11)
    assert [(one.parts, one.ballots) for one in batches(house_sqlite)] == [
        ((("phone", ""),), 11), ((("paper", "Hall"), ("paper", "School")), 13)]


def test_a_place_holds_its_paper_and_its_helpers_together_and_a_void_ballot_is_in_no_batch(house_sqlite: House) -> None:
    house_sqlite.day("vote", ideas=3)
    small_day.vote(house_sqlite, [("I01",)] * 12)
    paper(house_sqlite, "Hall", [("I02",)] * 6)
    paper(house_sqlite, "Hall", [("I03",)] * 5, channel="assisted")
    with house_sqlite.inside():
        papers.boxed(house_sqlite, "X-1", "Hall", [], void_reason="blank")
    assert [(one.parts, one.ballots) for one in batches(house_sqlite)] == [
        ((("paper", "Hall"),), 11), ((("phone", ""),), 12)]


def test_a_vote_of_few_has_no_batches_to_leave_out(house_sqlite: House) -> None:
    assert sealed_firmness(small_day.voted(house_sqlite))["batches"] == []


def said(house: House, changes: dict[str, Any], lang: str = "en") -> list[str]:
    with house.app.test_request_context(f"/?lang={lang}"):
        return firm_words.firmness(FIRM | changes, PLACES)


def other(winners: list[str]) -> list[dict[str, Any]]:
    return [FIRM["batches"][0], FIRM["batches"][1] | {"winners": winners}]


@pytest.mark.parametrize(("changes", "sentence"), [
    ({}, "No single juror, paper batch or place decided this: without any one of them the winner is the same."),
    ({"batches": []}, "No single juror decided this: without any one of them the winner is the same."),
    ({"jurors": {"tried": 0, "changes": []}},
     "No single paper batch or place decided this: without any one of them the winner is the same."),
    ({"jurors": {"tried": 5, "changes": [{"winners": ["I02"], "jurors": 1}]}},
     "1 juror decided this: without that one “\u2068Boat yard\u2069” would have won."),
    ({"jurors": {"tried": 5, "changes": [{"winners": ["I02"], "jurors": 2}]}},
     "2 jurors decided this: without any one of them “\u2068Boat yard\u2069” would have won."),
    ({"jurors": {"tried": 1, "changes": [{"winners": [], "jurors": 1}]}},
     "1 juror decided this: without that one no idea could have won."),
    ({"batches": other(["I02"])},
     "One batch of votes decided this (on paper, Library): without it “\u2068Boat yard\u2069” would have won."),
    ({"batches": other(["I01", "I02"])},
     "One batch of votes decided this (on paper, Library): without it several ideas would share the first place."),
    ({}, "Counted by ranks, the winner would be the same."),
    ({"blends": [{"blend": "rank", "winners": ["I02"]}]}, "Counted by ranks, “\u2068Boat yard\u2069” would have won."),
    ({"blends": [{"blend": "rank", "winners": []}]}, "Counted by ranks, no idea could have won."),
], ids=str)
def test_one_plain_sentence_for_each_finding(house_sqlite: House, changes: dict[str, Any], sentence: str) -> None:
    assert sentence in said(house_sqlite, changes)


def test_what_decided_is_never_said_beside_that_nothing_did(house_sqlite: House) -> None:
    juror = {"jurors": {"tried": 5, "changes": [{"winners": ["I02"], "jurors": 1}]}}
    assert [one for one in said(house_sqlite, juror) if "single" in one] == [
        "No single paper batch or place decided this: without any one of them the winner is the same."]
    assert not [one for one in said(house_sqlite, juror | {"batches": other([])}) if "single" in one]


JOINED = {"parts": [["paper", "Hall"], ["paper", "School"]], "ballots": 11, "winners": ["I01"]}


@pytest.mark.parametrize(("changes", "sentence"), [
    ({},
     "No single juror and no single group of ballots decided this: without any one of them the winner is the same."),
    ({"jurors": {"tried": 5, "changes": [{"winners": ["I02"], "jurors": 1}]}},
     "No single group of ballots decided this: without any one of them the winner is the same."),
    ({"winners": ["I01", "I02"], "batches": [JOINED | {"winners": ["I01", "I02"]}]},
     "No single juror and no single group of ballots decided this: without any one of them no other comes first."),
], ids=str)
def test_of_places_that_were_only_tried_together_nothing_is_said_one_by_one(
        house_sqlite: House, changes: dict[str, Any], sentence: str) -> None:
    """One of the joined places alone might have changed the winner: "no single place" would not be known to be true."""
    told = said(house_sqlite, {"batches": [*FIRM["batches"], JOINED]} | changes)
    assert sentence in told
    assert not any("place decided" in one for one in told)
    with house_sqlite.app.test_request_context("/?lang=en"):
        said_of_it = firm_words.conditions(FIRM | {"batches": [*FIRM["batches"], JOINED]})
    assert "only together (on paper, Hall; on paper, School)" in said_of_it[0]
    assert "at least one of them has few ballots" in said_of_it[0]        # the school may have enough of its own


def conditions(house: House, changes: dict[str, Any]) -> list[str]:
    with house.app.test_request_context("/?lang=en"):
        return firm_words.conditions(FIRM | changes)


def test_what_the_rule_asks_for_in_a_recount_is_said(house_sqlite: House) -> None:
    juror = "Without a juror the rule asks for the sheets of one juror fewer, but of at least one."
    ballots = "Without some of the ballots the rule asks for as many ballots fewer."
    assert conditions(house_sqlite, {}) == [juror, ballots]
    assert conditions(house_sqlite, {"batches": []}) == [juror]
    assert conditions(house_sqlite, {"jurors": {"tried": 0, "changes": []}}) == [ballots]
    assert firm_words.conditions(None) == []


def test_where_nobody_won_nobody_is_said_to_have_stayed_the_winner(house_sqlite: House) -> None:
    nobody = {"winners": [], "batches": [one | {"winners": []} for one in FIRM["batches"]],
              "blends": [{"blend": "rank", "winners": []}]}
    assert said(house_sqlite, nobody) == [
        "No idea won, and without any one juror, or any one place or group of ballots, none would have won either.",
        "Counted by ranks, no idea would have won either."]
    assert said(house_sqlite, nobody | {"batches": [], "blends": []}) == [
        "No idea won, and without any one juror none would have won either."]
    assert said(house_sqlite, nobody | {"jurors": {"tried": 0, "changes": []}, "blends": []}) == [
        "No idea won, and without any one place or group of ballots none would have won either."]


def test_the_demo_names_its_places_as_people_do() -> None:
    assert {data.place_of(ballot) for ballot in data.paper_ballots()} == {"Tautas nams", "Bibliotēka"}


def test_nothing_is_left_unfilled_in_latvian(house_sqlite: House) -> None:
    blends = [{"blend": str(blend), "winners": ["I02"]} for blend in tally.Blend]
    found = said(house_sqlite, {"blends": blends, "batches": other([])}, "lv")
    assert len(set(found)) == 6
    assert not any("%(" in one for one in found)


def test_the_sheet_says_it_and_an_older_seal_says_nothing(house_sqlite: House) -> None:
    small_day.revealed(house_sqlite)
    visitor = house_sqlite.visitor()
    assert "How firm the result is" in visitor.get(RESULT).text
    assert "No single juror decided this" in visitor.get(RESULT).text
    with house_sqlite.inside():
        row = db.session.get(SealedOutcome, house_sqlite.gathering().id)
        row.outcome = {name: value for name, value in row.outcome.items() if name != "firmness"}
    page = visitor.get(RESULT).text
    assert "Place 1" in page
    assert "How firm" not in page


def test_a_seal_in_the_first_form_still_makes_the_whole_sheet(house_sqlite: House) -> None:
    small_day.revealed(house_sqlite)
    with house_sqlite.inside():
        row = db.session.get(SealedOutcome, house_sqlite.gathering().id)
        gone = {"ballots", "audience", "firmness"}
        old = {name: value for name, value in row.outcome.items() if name not in gone}
        rule = dict(list(old["settings"].items())[:8])
        ranked = [{name: value for name, value in one.items()
                   if name not in ("jurors_missing", "jury_rank", "cost", "order")} for one in old["standings"]]
        row.outcome = old | {"form": "ideathon-outcome-1", "settings": rule, "standings": ranked}
    page = house_sqlite.visitor().get(RESULT).text
    assert "Place 1" in page
    assert page.count('<figure class="line') == 3


def seen(bar: tally.Bar | None, **given: Any) -> dict[str, Any]:
    """The picture of idea A beside B, from a count by hand."""
    rubric = (tally.Criterion("K1", 1, 100, eliminatory=True),)
    rule = tally.Settings(**{"criteria": rubric, "ties": (), **given.pop("rule", {})})
    points = given.pop("points", {"A": 50, "B": 90})
    scores = [tally.Score("J1", idea, "K1", value) for idea, value in points.items()]
    outcome = tally.decide(rule, [tally.Idea("A"), tally.Idea("B")], scores, [], {"A": 2, "B": 4}, ballots=5,
                           jurors=("J1", "J2"))
    assert outcome.standing("A").bar == bar
    return picture(outcome, outcome.standing("A"))


@pytest.mark.parametrize(("bar", "given", "shown"), [
    (None, {}, ("points", "50.00", "94.00", False)),
    (None, {"points": {"A": 100, "B": 40}}, ("first", "80.00", "64.00", True)),
    (None, {"points": {"A": 50, "B": 0}}, ("first", "50.00", None, True)),
    ("below_threshold", {"rule": {"threshold_jury": 65}}, ("jury", "50.00", "65.00", False)),
    ("below_votes", {"rule": {"threshold_votes": 3}}, ("votes", "2", "3", False)),
    ("no_quorum", {"rule": {"quorum": 8}}, ("ballots", "5", "8", False)),
    ("too_few_jurors", {"rule": {"min_jurors": 2}}, ("sheets", "1", "2", False)),
    ("sheets_missing", {"rule": {"missing": tally.Missing.BAR}}, ("sheets", "1", "2", False)),
    ("eliminated", {"points": {"A": 0, "B": 9}}, ("condition", "0", "1", False)),
])
def test_every_idea_has_its_line(house_sqlite: House, bar: Any, given: dict[str, Any], shown: tuple[Any, ...]) -> None:
    found, (kind, had, line, passed) = seen(bar, **given), shown
    assert (found["kind"], found["had"], found["line"], found["passed"]) == shown
    assert 0 <= float(found["bar"]) <= 100
    assert line is None or (float(found["bar"]) >= float(found["mark"])) == passed
    with house_sqlite.app.test_request_context("/?lang=en"):
        words = firm_words.line(found)
    assert "%(" not in words
    assert kind == "condition" or had in words


def test_a_rule_that_stood_before_keeps_its_meaning(house: House) -> None:
    house.day("pitch", ideas=3)
    with house.app.app_context():
        flask_migrate.downgrade(revision="0012")
        flask_migrate.upgrade()
        db.session.remove()
        with writing(), db.engine.connect() as connection:
            rows = connection.execute(text("SELECT blend, threshold_votes, quorum, missing, threshold FROM formula"))
            assert [tuple(row) for row in rows] == [("points", 0, 0, "leave_out", 65)]
