"""Paper of votes with a sum of money or a star: read by two people, refused with a sentence, void, and counted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from ideathon.voting import queries, rounds
from ideathon.voting.models import Ballot
from ideathon.voting.paper_models import PaperEntry
from tests.houses import Client, House
from tests.results import small_day
from tests.voting import box

STAR = {"method": "star", "max_choices": 3, "budget_cents": 0}
BUDGET = {"method": "budget", "max_choices": 5, "budget_cents": 400_000}      # ideas cost one to five thousand


def opened(house: House, rule: dict[str, Any]) -> list[Client]:
    """The vote is open under this rule; gives the two people at the desk."""
    house.day("pitch", ideas=5)
    with house.inside():
        rounds.set_rules(box.host_here(house), rule)
    small_day.score(house, small_day.flat({f"I0{n}": n for n in range(1, 6)}))
    house.move_to("vote")
    return [house.host(), house.helper()]


def read(desk: Client, serial: str, *choices: str, star: str = "", void: str = "") -> Any:
    return desk.post("/e/ENGURE/paper", serial=serial, place="Hall", channel="paper", choices=list(choices), star=star,
                     void_reason=void)


def ticked(page: Any) -> set[str]:
    """The ideas that the form shows as marked."""
    return {ref for ref, more in re.findall(r'name="choices" value="(\w+)"([^>]*)>', page.text) if "checked" in more}


def box_of(house: House) -> dict[str, tuple[Any, str]]:
    with house.inside() as session:
        return {one.tag: (one.choices, one.void_reason) for one in session.scalars(select(Ballot))}


def test_papers_with_a_star_are_read_by_two_and_counted(house: House) -> None:
    desks = opened(house, STAR)
    for desk in desks:
        assert read(desk, "P-1", "I01", "I02", star="I02").status_code == 303
        assert read(desk, "P-2", "I02").status_code == 303
        assert read(desk, "P-3", "I01", "I03", star="*", void="too_many_choices").status_code == 303
        assert read(desk, "P-4", "I01", "I02", "I03", "I04", star="I01", void="too_many_choices").status_code == 303
    assert box_of(house) == {"paper:P-1": ({"I01": 1, "I02": 2}, ""), "paper:P-2": ({"I02": 1}, ""),
                             "paper:P-3": ([], "too_many_choices"), "paper:P-4": ([], "too_many_choices")}
    sealed(house, desks[0], {"I01": 1, "I02": 3, "I03": 0, "I04": 0, "I05": 0})


def test_papers_within_the_sum_are_read_by_two_and_counted(house: House) -> None:
    desks = opened(house, BUDGET)
    for desk in desks:
        assert read(desk, "P-1", "I01", "I03").status_code == 303           # one and three thousand: just within
        assert read(desk, "P-2", "I03", "I02", void="too_many_choices").status_code == 303      # five thousand
    assert box_of(house) == {"paper:P-1": (["I01", "I03"], ""), "paper:P-2": ([], "too_many_choices")}
    sealed(house, desks[0], {"I01": 1, "I02": 0, "I03": 1, "I04": 0, "I05": 0})


def sealed(house: House, host: Client, totals: dict[str, int]) -> None:
    """The accounts add up, the result is sealed, and these are its totals."""
    box.close_now(house)
    cast = len(box_of(house))
    assert host.post("/e/ENGURE/paper/accounts", place="Hall", issued=str(cast), spoiled="0", unused="0",
                     why="").status_code == 303
    house.move_to("result")
    assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
    with house.inside():
        vote = queries.round_of(house.gathering().id)
        assert (vote.kept or {})["totals"] == totals
    assert box.recount(house)[-1]["totals"] == totals


@pytest.mark.parametrize(("rule", "choices", "star", "told"), [
    (BUDGET, ("I02", "I03"), "", "The marked ideas cost"),
    (STAR, ("I01", "I02"), "*", "Only one idea may have the star. Enter this ballot as void"),
    (STAR, ("I01", "I02", "I03", "I04"), "I01", "More ideas are marked than count"),
    (STAR, ("I01",), "I02", "The star stands on an idea that is not marked"),
])
def test_a_paper_that_says_too_much_is_refused_and_what_was_typed_stays(
        house: House, rule: dict[str, Any], choices: tuple[str, ...], star: str, told: str) -> None:
    desk, _second = opened(house, rule)
    page = read(desk, "P-1", *choices, star=star)
    assert page.status_code == 422
    assert told in page.text
    assert ticked(page) == set(choices)
    assert 'value="P-1"' in page.text
    assert not star or f'<option selected value="{star}">' in page.text
    assert "send again" not in page.text                # nobody takes a mark away from a paper
    with house.inside() as session:
        assert session.scalars(select(PaperEntry)).all() == []


@pytest.mark.parametrize(("rule", "choices", "star"), [(BUDGET, ("I01", "I03"), ""), (STAR, ("I01",), "I01"),
                                                       ({"method": "approval", "max_choices": 2}, ("I01", "I02"), "")])
def test_void_for_too_many_is_refused_where_the_marks_are_few_enough(
        house: House, rule: dict[str, Any], choices: tuple[str, ...], star: str) -> None:
    desk, _second = opened(house, rule)
    page = read(desk, "P-1", *choices, star=star, void="too_many_choices")
    assert page.status_code == 422
    assert "There are not too many choices on this ballot." in page.text
    assert ticked(page) == set(choices)


def test_two_that_see_other_stars_are_settled_with_the_paper_in_hand(house: House) -> None:
    host, helper = opened(house, STAR)
    read(host, "P-1", "I01", "I02", star="I01")
    read(helper, "P-1", "I01", "I02", star="I02")
    assert box_of(house) == {}
    fields = {"tag": "paper:P-1", "place": "Hall", "channel": "paper", "choices": ["I01", "I02"]}
    page = host.post("/e/ENGURE/paper/settle", **fields, star="*", void_reason="")
    assert page.status_code == 422
    assert "Only one idea may have the star" in page.text
    assert host.post("/e/ENGURE/paper/settle", **fields, star="I02", void_reason="").status_code == 303
    assert box_of(house) == {"paper:P-1": ({"I01": 1, "I02": 2}, "")}


def test_the_desk_reads_the_sentence_in_latvian(house_sqlite: House) -> None:
    opened(house_sqlite, BUDGET)
    page = read(house_sqlite.host("lv"), "P-1", "I02", "I03")
    assert "Atzīmētās idejas maksā" in page.text
    assert "atzīmēts par daudz ideju" in page.text


def test_a_paper_with_fewer_ideas_than_count_is_void_for_that(house: House) -> None:
    desk, second = opened(house, {"method": "approval", "min_choices": 2, "max_choices": 3})
    page = read(desk, "P-1", "I01")
    assert page.status_code == 422
    assert "Fewer ideas are marked than count. Enter this ballot as void: too few choices." in page.text
    assert ticked(page) == {"I01"}
    page = read(desk, "P-1", "I01", "I02", void="too_few_choices")
    assert "There are not too few choices on this ballot." in page.text
    for reader in (desk, second):
        assert read(reader, "P-1", "I01", void="too_few_choices").status_code == 303
    assert box_of(house) == {"paper:P-1": ([], "too_few_choices")}


def test_a_copy_with_two_stars_is_void_for_being_a_copy(house_sqlite: House) -> None:
    for reader in opened(house_sqlite, STAR):
        assert read(reader, "P-1", "I01", "I02", star="*", void="copy").status_code == 303
    assert box_of(house_sqlite) == {"paper:P-1": ([], "copy")}
