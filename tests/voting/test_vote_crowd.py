"""A hall presses at once, on PostgreSQL with real threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from sqlalchemy import select

from ideathon.voting import queries
from ideathon.voting.models import Ballot
from tests.houses import House
from tests.voting import box

THREADS = 20


def test_sixty_at_once_are_sixty(house_postgres: House) -> None:
    house = house_postgres
    codes = box.vote_day(house, slips=60)
    with ThreadPoolExecutor(THREADS) as crowd:
        answers = list(crowd.map(lambda code: box.cast(house.visitor(), code, "I01", "I02").status_code, codes))
    assert answers == [303] * 60
    with house.inside():
        assert queries.votes(house.gathering().id)["I01"] == 60
        assert queries.turnout(house.gathering().id)["cast"] == 60
    assert [entry["kind"] for entry in box.recount(house)] == ["open", *["vote"] * 60]


def test_one_slip_from_many_phones_at_once_is_one_vote(house_postgres: House) -> None:
    house = house_postgres
    code, *_ = box.vote_day(house)
    with ThreadPoolExecutor(THREADS) as crowd:
        retries = list(crowd.map(lambda one: box.cast(house.visitor(), one, "I01", key="r" * 32), repeat(code, 20)))
        strangers = list(crowd.map(lambda one: box.cast(house.visitor(), one, "I02"), repeat(code, 20)))
    assert {(answer.status_code, answer.location) for answer in retries} == {(303, retries[0].location)}
    assert {answer.status_code for answer in strangers} == {412}
    with house.inside() as session:
        assert [ballot.choices for ballot in session.scalars(select(Ballot))] == [["I01"]]


def test_nobody_slips_past_a_closing_door(house_postgres: House) -> None:
    house = house_postgres
    codes = box.vote_day(house, slips=60)
    with ThreadPoolExecutor(THREADS) as crowd:
        answers = [crowd.submit(box.cast, house.visitor(), code, "I03") for code in codes[:30]]
        closing = crowd.submit(box.close_locked, house)
        answers += [crowd.submit(box.cast, house.visitor(), code, "I03") for code in codes[30:]]
        statuses = [answer.result().status_code for answer in answers]
        closing.result()
    taken = statuses.count(303)
    assert statuses.count(409) == 60 - taken
    assert [entry["kind"] for entry in box.recount(house)] == ["open", *["vote"] * taken, "close"]
    with house.inside():
        assert queries.votes(house.gathering().id)["I03"] == taken
