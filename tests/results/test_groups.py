"""Votes by place, way and class of residents: told where a group has ten ballots, and joined where it has not."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select, update

from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.voting import queries, rounds, service
from ideathon.voting.groups import LEAST_IN_BATCH, joined
from ideathon.voting.models import BoardEntry, Round
from tests.houses import House
from tests.results import small_day
from tests.voting import box

CLASSES = [{"ref": "home", "label": {"lv": "Dzīvo šeit", "en": "Lives here"}},
           {"ref": "work", "label": {"lv": "Strādā šeit", "en": "Works here"}},
           {"ref": "summer", "label": {"lv": "Vasaras viesis", "en": "Summer resident"}}]


@given(st.dictionaries(st.tuples(st.sampled_from(["phone", "paper"]), st.text("abc", max_size=2)),
                       st.lists(st.sampled_from(["I01", "I02"]), min_size=1, max_size=25)))
def test_no_group_is_small_where_there_are_enough_and_nothing_is_lost(found: dict[tuple[str, str], list[str]]) -> None:
    groups = joined({part: (Counter(votes), len(votes)) for part, votes in found.items()})
    assert sorted(part for one in groups for part in one.parts) == sorted(found)
    assert sum((Counter(one.votes) for one in groups), Counter()) == Counter(chain(*found.values()))
    whole = sum(len(votes) for votes in found.values())
    assert all(one.ballots >= min(LEAST_IN_BATCH, whole) for one in groups)


def test_each_class_has_totals_of_its_own_and_a_small_one_none(house: House) -> None:
    house.day("pitch", ideas=2)
    with house.inside() as session:
        session.execute(update(Round).values(classes=CLASSES))
    small_day.score(house, small_day.flat({"I01": 4, "I02": 3}))
    with house.inside():
        here = box.host_here(house)
        vote = queries.round_of(here.gathering.id)
        slips = {ref: service.draw_slips(vote, n, here, klass=ref)
                 for ref, n in (("home", 12), ("work", 11), ("summer", 2))}
    house.move_to("vote")
    with house.inside():
        here = box.host_here(house)
        vote = queries.round_of(here.gathering.id)
        for ref, choice in (("home", "I01"), ("work", "I02"), ("summer", "I01")):
            for code in slips[ref]:
                service.cast(here, vote, service.codes.tag_of(vote.id, code), [choice], key=code, expect=0)
    house.move_to("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303
    for seen in range(2):
        host.post("/e/ENGURE/reveal", seen=seen)
    with house.inside():
        told = queries.figures(house.gathering().id)
    # two summer residents are told together with the smallest class that is large enough
    assert [(sorted(one["en"] for one in group["classes"]), group["ballots"], group["votes"])
            for group in told["classes"]] == [(["Lives here"], 12, {"I01": 12}),
                                              (["Summer resident", "Works here"], 13, {"I01": 2, "I02": 11})]
    page = house.visitor("lv").get("/e/ENGURE/result").text
    assert re.search(r'class="num">Strādā šeit, Vasaras viesis|class="num">Vasaras viesis, Strādā šeit', page)
    assert "Dzīvo šeit" in page


def test_a_slip_of_an_unknown_class_is_not_drawn(house: House) -> None:
    house.day("pitch")
    with house.inside():
        here = box.host_here(house)
        with pytest.raises(Refused, match="no_such_class"):
            service.draw_slips(queries.round_of(here.gathering.id), 1, here, klass="nobody")


def test_the_opening_names_the_slips_of_every_class(house: House) -> None:
    house.day("pitch")
    with house.inside() as session:
        session.execute(update(Round).values(classes=CLASSES))
    with house.inside():
        here = box.host_here(house)
        service.draw_slips(queries.round_of(here.gathering.id), 4, here, klass="work")
        rounds.open_round(here, None)
        told = db.session.scalars(select(BoardEntry.entry)).one()["classes"]
    assert {ref: one["count"] for ref, one in told.items()} == {"home": 0, "work": 4, "summer": 0}
