"""What a ballot can ask: a star, a sum, an age, one word for ever, an order of one's own; set before the vote alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select

from ideathon.ideas.models import CostLine, Idea
from ideathon.results import service as results
from ideathon.voting import board, codes as slip_codes, public, queries, rounds, verifying
from ideathon.voting.models import Ballot, BoardEntry, Round
from ideathon.voting.profiles import PROFILES, columns
from tests.houses import Client, House
from tests.voting import box

EXPECT = re.compile(r'name="expect" value="(\d+)"')


def ahead(house: House, slips: int = 3, ideas: int = 5) -> list[str]:
    """A day before its vote, with drawn slips; gives their codes."""
    house.day("pitch", ideas=ideas)
    return box.draw(house, slips)


def ask(house: House, **wanted: Any) -> None:
    """The vote asks this."""
    with house.inside():
        rounds.set_rules(box.host_here(house), wanted)


def press(phone: Client, code: str, choices: Sequence[str], **more: str) -> Any:
    """A slip is scanned, ideas ticked, and the ballot sent."""
    page = phone.post("/b", code=code).text
    return phone.post("/b/cast", code=code, expect=EXPECT.findall(page)[0], choice=list(choices), **more)


def stored(house: House) -> list[Any]:
    """What the ballots say."""
    with house.inside() as session:
        return list(session.scalars(select(Ballot.choices)))


def opened(house: House) -> Any:
    """The opening entry."""
    with house.inside() as session:
        return session.scalars(select(BoardEntry.entry).where(BoardEntry.seq == 0)).one()


@pytest.mark.parametrize("ref", PROFILES)
def test_each_profile_makes_a_vote_that_can_be_held(house: House, ref: str) -> None:
    code, *_ = ahead(house)
    host = house.host()
    assert host.post("/e/ENGURE/vote/profile", profile=ref).status_code == 303
    box.open_now(house)
    assert press(house.visitor(), code, ["I01"], sure="y").status_code == 303
    entry = opened(house)
    assert entry["profile"] == ref
    assert entry.get("age", 0) == PROFILES[ref].age
    assert verifying.form_of(entry).method == PROFILES[ref].method


def test_a_star_counts_double_and_a_star_alone_is_a_choice(house: House) -> None:
    codes = ahead(house)
    ask(house, method="star", max_choices=3)
    box.open_now(house)
    for code, choices, star in zip(codes, (["I01", "I02"], ["I03"], []), ("I02", "", "I01"), strict=True):
        assert press(house.visitor(), code, choices, star=star).status_code == 303
    assert sorted(stored(house), key=str) == sorted([{"I01": 1, "I02": 2}, {"I03": 1}, {"I01": 2}], key=str)
    with house.inside():
        vote = queries.round_of(house.gathering().id)
        assert queries.votes(vote.gathering_id) == {"I01": 3, "I02": 2, "I03": 1, "I04": 0, "I05": 0}
    page = house.visitor().post("/b", code=codes[0]).text
    assert re.search(r'name="star" value="I02" checked', page)


def test_what_costs_more_than_the_sum_is_refused_and_kept(house: House) -> None:
    code, *_ = ahead(house)              # idea n costs n thousand euros
    ask(house, method="budget", max_choices=99, budget_cents=500_000)
    box.open_now(house)
    answer = press(house.visitor(), code, ["I02", "I04"])
    assert answer.status_code == 422
    assert "€6,000.00" in answer.text
    assert "€5,000.00" in answer.text
    assert re.findall(r'value="(I0\d)" checked', answer.text) == ["I02", "I04"]
    assert stored(house) == []
    assert press(house.visitor(), code, ["I02", "I03"]).status_code == 303
    assert (opened(house)["costs"], opened(house)["budget"]) == ([100_000 * n for n in range(1, 6)], 500_000)


def test_a_sum_is_not_voted_on_where_an_idea_has_no_cost(house: House) -> None:
    ahead(house)
    ask(house, method="budget", max_choices=99, budget_cents=500_000)
    with house.inside() as session:
        idea = session.scalars(select(Idea).where(Idea.ref == "I03")).one()
        session.execute(delete(CostLine).where(CostLine.idea_id == idea.id))
    host = house.host()
    answer = host.post("/e/ENGURE/rehearsal")
    assert answer.status_code == 409
    assert "I03" in answer.text


def test_where_a_vote_cannot_be_changed_the_first_one_stays(house: House) -> None:
    code, *_ = ahead(house)
    ask(house, revote=False)
    box.open_now(house)
    phone = house.visitor()
    assert press(phone, code, ["I01"]).status_code == 303
    again = phone.post("/b/cast", code=code, expect="1", choice=["I02"])
    assert again.status_code == 409
    assert "is not changed" in again.text
    assert stored(house) == [["I01"]]
    assert 'form="ballot"' not in phone.post("/b", code=code).text


def test_the_age_is_ticked_by_the_voter_and_kept_nowhere(house: House) -> None:
    code, *_ = ahead(house)
    ask(house, age=16)
    box.open_now(house)
    refused = press(house.visitor(), code, ["I02"])
    assert refused.status_code == 422
    assert "at least 16" in refused.text
    assert re.findall(r'value="(I0\d)" checked', refused.text) == ["I02"]
    assert press(house.visitor(), code, ["I02"], sure="y").status_code == 303


def test_every_slip_has_an_order_of_its_own_and_keeps_it(house: House) -> None:
    codes = ahead(house, slips=12, ideas=6)
    ask(house, shuffled=True)
    box.open_now(house)
    seen = {}
    for code in codes:
        orders = {tuple(re.findall(r'name="choice" value="(I0\d)"', house.visitor().post("/b", code=code).text))
                  for _time in range(2)}
        assert len(orders) == 1
        seen[code] = orders.pop()
        assert sorted(seen[code]) == [f"I0{n}" for n in range(1, 7)]
        assert press(house.visitor(), code, [seen[code][0]]).status_code == 303
    assert len(set(seen.values())) > 8              # 12 draws of 720 orders: two alike are rare, five impossible
    with house.inside() as session:
        kept = list(session.scalars(select(Ballot.shown)))
    assert sorted(map(tuple, kept)) == sorted(seen.values())


def test_twelve_letters_lead_to_the_ballot_while_the_vote_is_open_and_no_longer(house: House) -> None:
    code, *_ = ahead(house)
    typed = "-".join(slip_codes.groups(slip_codes.short(code))).lower()
    assert len(typed.replace("-", "")) == 12
    assert house.visitor().post("/b", code=typed).status_code == 403
    box.open_now(house)
    assert press(house.visitor(), typed, ["I03"]).status_code == 303
    assert press(house.visitor(), code, ["I01"]).status_code == 303     # the same slip by its QR
    assert stored(house) == [["I01"]]
    box.close_now(house)
    assert house.visitor().post("/b", code=typed).status_code == 403
    assert house.visitor().post("/b", code=code).status_code == 200


def test_a_rehearsal_takes_test_slips_and_leaves_nothing(house: House) -> None:
    real, *_ = ahead(house)
    host = house.host()
    assert host.post("/e/ENGURE/rehearsal").status_code == 303
    sheet = host.post("/e/ENGURE/rehearsal/slips", n="2").text
    assert "TEST" in sheet
    test, other = ("".join(one.split()) for one in re.findall(r'slip__code">([^<]+)<', sheet))
    assert press(house.visitor(), test, ["I01"]).status_code == 303
    assert press(house.visitor(), test, ["I02"]).status_code == 303
    waiting = house.visitor().post("/b", code=real)
    assert "being rehearsed" in waiting.text
    assert house.visitor().post("/b/cast", code=real, expect="0", choice=["I01"]).status_code == 409
    assert re.search(r"Idea 2</bdi></td><td class=\"num\">1<", host.get("/e/ENGURE/rehearsal").text)
    box.open_now(house)
    assert stored(house) == []
    assert house.visitor().post("/b", code=test).status_code == 403
    assert house.visitor().post("/b", code=other).status_code == 403
    assert press(house.visitor(), real, ["I03"]).status_code == 303
    with house.inside() as session:
        entries = list(session.scalars(select(BoardEntry.entry).order_by(BoardEntry.seq)))
        vote = queries.round_of(house.gathering().id)
        assert [entry["kind"] for entry in entries] == ["open", "vote"]
        assert "test" not in entries[0]
        assert entries[0]["slips"]["count"] == 3
        assert vote.head == board.link(board.genesis(entries[0]), entries[1])
        assert len(public.public_board(vote)["slips"]) == 3
    assert host.post("/e/ENGURE/rehearsal").status_code == 409
    assert host.post("/e/ENGURE/rehearsal/slips", n="2").status_code == 409


def test_saving_in_a_rehearsal_begins_it_anew_and_its_slips_stay_good(house: House) -> None:
    ahead(house)
    host = house.host()
    host.post("/e/ENGURE/rehearsal")
    test = "".join(re.findall(r'slip__code">([^<]+)<', host.post("/e/ENGURE/rehearsal/slips", n="1").text)[0].split())
    assert press(house.visitor(), test, ["I01", "I02"]).status_code == 303
    fields = {"method": "approval", "least": "1", "most": "1", "budget": "", "age": "0", "publish": "totals",
              "revote": "y"}
    assert host.post("/e/ENGURE/vote", **fields).status_code == 303
    assert stored(house) == []
    assert press(house.visitor(), test, ["I01", "I02"]).status_code == 422
    assert press(house.visitor(), test, ["I02"]).status_code == 303


@pytest.mark.parametrize(("wrong", "words"), [
    ({"least": "3", "most": "2"}, "must not be less"), ({"method": "budget", "budget": ""}, "have to fit in"),
    ({"age": "hundred"}, "from 0 to 99"), ({"most": "0"}, "from 1 to 99"), ({"budget": "a lot"}, "sum"),
    ({"method": "guess"}, "Choose one"), ({"publish": "names"}, "Choose one")])
def test_what_makes_no_ballot_is_told_and_kept(house: House, wrong: dict[str, str], words: str) -> None:
    ahead(house)
    fields = {"method": "approval", "least": "1", "most": "3", "budget": "12 000,00", "age": "0", "publish": "totals"}
    answer = house.host().post("/e/ENGURE/vote", **(fields | wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{(fields | wrong)["budget"]}"' in answer.text
    with house.inside():
        assert queries.round_of(house.gathering().id).profile == "room"


def test_nothing_of_the_ballot_changes_once_it_was_opened(house: House) -> None:
    ahead(house)
    box.open_now(house)
    host, before = house.host(), opened(house)
    assert host.post("/e/ENGURE/vote/profile", profile="is").status_code == 409
    assert host.post("/e/ENGURE/vote", method="star").status_code == 409
    assert host.get("/e/ENGURE/vote").status_code == 200
    assert opened(house) == before
    with house.inside() as session:
        assert session.scalars(select(Round.profile)).one() == "room"


def test_the_formula_of_the_result_is_named_at_the_opening(house: House) -> None:
    house.day("vote", ideas=3)
    with house.inside():
        assert opened(house)["formula"] == results.rule_digest(box.host_here(house))


def test_a_profile_is_no_more_than_columns_of_a_round() -> None:
    for ref in PROFILES:
        assert set(columns(ref, 100)) <= set(Round.__table__.columns.keys())


def test_a_star_and_a_share_of_the_ballots_do_not_open_together(house: House) -> None:
    ahead(house)
    ask(house, method="star")
    with house.inside():
        results.queries.formula(house.gathering().id).blend = "share"
        running = house.gathering().current_stage.ref
    answer = house.host().post("/e/ENGURE/desk/next", seen=running)
    assert answer.status_code == 409
    assert "no share of the ballots" in answer.text
    with house.inside():
        assert queries.round_of(house.gathering().id).state == "draft"


def test_on_a_shared_tablet_no_page_tells_the_next_person_what_a_slip_said(house: House) -> None:
    code, *_ = ahead(house)
    box.open_now(house)
    tablet = house.visitor()
    assert 'name="tablet" value="1"' in tablet.get("/b?tablet=1").text
    page = tablet.post("/b", code=code, tablet="1").text
    answer = tablet.post("/b/cast", code=code, expect="0", choice=["I02"], tablet="1")
    assert answer.location.endswith("?tablet=1")
    done = tablet.get(answer.location).text
    assert 'href="/b?tablet=1"' in done
    assert "data-heads" not in done        # a phone keeps the marks of its owner; a tablet has none
    again = tablet.post("/b", code=code, tablet="1").text
    assert "number 1" in again
    assert not re.search(r'name="choice"[^>]* checked', page + again)
    assert re.search(r'name="choice" value="I02" checked', house.visitor().post("/b", code=code).text)


def test_a_ballot_that_nobody_could_fill_in_is_not_opened(house: House) -> None:
    ahead(house, ideas=3)
    ask(house, min_choices=4, max_choices=5)
    refused = house.host().post("/e/ENGURE/rehearsal")
    assert refused.status_code == 409
    assert "can hold (3)" in refused.text
    ask(house, method="budget", min_choices=3, max_choices=99, budget_cents=500_000)   # of 1, 2 and 3 thousand
    assert "can hold (2)" in house.host().post("/e/ENGURE/rehearsal").text
    ask(house, min_choices=2)
    assert house.host().post("/e/ENGURE/rehearsal").status_code == 303


def test_witnesses_make_their_keys_in_a_rehearsal_too_and_no_mark_of_it_is_shown(house: House) -> None:
    ahead(house)
    host = house.host()
    assert host.post("/e/ENGURE/rehearsal").status_code == 303
    assert host.post("/e/ENGURE/witnesses", number="1").status_code == 200
    with house.inside():
        assert public.marks(house.gathering().id) == {}
        assert public.witness_numbers(queries.round_of(house.gathering().id)) == [1]


def test_a_test_slip_made_void_is_gone_with_its_rehearsal(house: House) -> None:
    ahead(house)
    host = house.host()
    host.post("/e/ENGURE/rehearsal")
    test = "".join(re.findall(r'slip__code">([^<]+)<', host.post("/e/ENGURE/rehearsal/slips", n="1").text)[0].split())
    assert host.post("/e/ENGURE/slips/void", code=test).status_code == 303
    box.open_now(house)
    assert opened(house)["slips"]["count"] == 3
