"""The end of the paper: places add up, hands are counted by two, ballots are compared, and nothing open is sealed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ideathon.errors import Refused
from ideathon.voting import codes, electorate, hands, paper_count, paper_queries, queries, slips, verifying
from ideathon.voting.paper_models import PaperEntry
from tests.houses import House
from tests.results import small_day
from tests.voting import box, papers


def opened(house: House) -> list[str]:
    """What is open before the count; inside `inside()`."""
    return [one.code for one in paper_queries.still_open(queries.round_of(house.gathering().id))]


def test_nothing_is_sealed_while_something_of_the_paper_is_open(house: House) -> None:
    small_day.voted(house)
    host = house.host()
    papers.read(host, "P1", "I01")
    papers.read(house.helper(), "P1", "I02")
    papers.read(host, "P2", "I01")
    with house.inside():
        hands.count_hands(papers.host_here(house), "Barn", 3, {"I01": 3})
        assert opened(house) == ["paper_waiting", "paper_differs", "hands_waiting"]
    refused = host.post("/e/ENGURE/seal")
    assert refused.status_code == 409
    assert "second reader" in refused.text
    assert "The paper is not done yet" in host.get("/e/ENGURE/desk").text
    host.post("/e/ENGURE/paper/settle", tag="paper:P1", take="1")
    papers.read(house.helper(), "P2", "I01")
    with house.inside():
        hands.count_hands(papers.helper_here(house), "Barn", 3, {"I01": 2, "I02": 1})
        assert opened(house) == ["hands_differ", "account_missing"]
        hands.settle_hands(papers.host_here(house), "barn".title(), 3, {"I01": 3})
        paper_count.set_account(papers.host_here(house), "Hall", issued=4)
        assert opened(house) == ["account_unexplained"]
        paper_count.set_account(papers.host_here(house), "Hall", issued=4, unused=1, why="one was carried away")
        assert opened(house) == []
    assert host.post("/e/ENGURE/paper/count").status_code == 303
    assert papers.read(host, "P3", "I01").status_code == 409
    assert host.post("/e/ENGURE/seal").status_code == 303
    check_sealed(house)


def check_sealed(house: House) -> None:
    entries = box.recount(house)
    assert [one for one in entries if one["kind"] == "account"] == [
        {"kind": "account", "place": "Hall", "issued": 4, "cast": 2, "spoiled": 0, "unused": 1,
         "why": "one was carried away"}]
    assert entries[-1]["totals"] == {"I01": 3 + 2 + 3, "I02": 4, "I03": 1}
    assert entries[-1]["ballots"] == len(small_day.BALLOTS) + 2 + 3
    with house.inside() as session:
        figures = queries.figures(house.gathering().id)
        assert (figures["by_channel"]["hands"], figures["by_place"]["Barn"]) == (3, 3)
        assert figures["cast"] == figures["counted"] + figures["void"] + figures["superseded"]
        assert figures["accounts"][0]["why"] == "one was carried away"
        assert session.scalars(select(PaperEntry)).all() == []
        board = {"form": verifying.FORM, "entries": entries, "slips": sorted(slips.tags(
            queries.round_of(house.gathering().id)))}
    later = {tag for one in entries if one["kind"] == "slips" for tag in one["tags"]}
    board["slips"] = [tag for tag in board["slips"] if tag not in later]
    assert all(holds for _, holds in verifying.answers(board))


def test_the_paper_of_a_slip_that_was_made_void_meanwhile_is_never_in_the_box(house: House) -> None:
    """Its two readings differed: settling them would be a word by no good slip on the board."""
    code = box.vote_day(house)[0]
    papers.read(house.host(), code, "I01")
    papers.read(house.helper(), code, "I02")
    with house.inside():
        electorate.void_slip(papers.host_here(house), code)
        tag = codes.tag_of(queries.round_of(house.gathering().id).id, code)
    assert house.host().post("/e/ENGURE/paper/settle", tag=tag, take="1").status_code == 409
    assert [one["kind"] for one in box.recount(house)].count("paper") == 0
    assert house.host().post("/e/ENGURE/paper/drop", tag=tag).status_code == 303
    with house.inside():
        assert opened(house) == []


@pytest.mark.parametrize(("present", "totals", "wrong"), [
    (0, {"I01": 0}, "too_many_on_one"), (3, {"I01": 4}, "too_many_on_one"), (3, {"I01": -1}, "too_many_on_one"),
    (2, {"I01": 2, "I02": 2, "I03": 2, "I04": 1}, "too_many_hands"), (3, {"I01": 2}, "too_few_hands"),
    (3, {"I09": 3}, "no_show_of_hands")])
def test_hands_that_cannot_be_are_refused(house_sqlite: House, present: int, totals: dict[str, int],
                                          wrong: str) -> None:
    box.vote_day(house_sqlite)
    with house_sqlite.inside(), pytest.raises(Refused, match=wrong):
        hands.count_hands(papers.host_here(house_sqlite), "Barn", present, totals)


def test_hands_are_counted_by_two_people_through_the_doors(house: House) -> None:
    box.vote_day(house)
    host, helper = house.host(), house.helper()
    sheet = {"place": "Barn", "present": "4", **{f"n-I0{n}": "0" for n in range(1, 6)}, "n-I02": "4"}
    assert host.post("/e/ENGURE/paper/hands", **sheet).status_code == 303
    assert host.post("/e/ENGURE/paper/hands", **sheet).status_code == 422
    assert helper.post("/e/ENGURE/paper/hands", **{**sheet, "n-I02": ""}).status_code == 422
    assert helper.post("/e/ENGURE/paper/hands", **sheet).status_code == 303
    assert box.recount(house)[-1] == {"kind": "hands", "place": "Barn", "present": 4,
                                      "totals": {"I01": 0, "I02": 4, "I03": 0, "I04": 0, "I05": 0}}
    with house.inside():
        assert queries.votes(house.gathering().id)["I02"] == 4


def test_ballots_are_drawn_and_compared_and_a_difference_stands_on_the_board(house: House) -> None:
    box.vote_day(house)
    host = house.host()
    with house.inside():
        for n in range(1, 7):
            papers.boxed(house, f"P{n}", "Hall", ["I01"])
        papers.boxed(house, "V1", "Hall", [], void_reason="blank")
        papers.add_up(house)
    assert host.post("/e/ENGURE/paper/recheck", n="3").status_code == 409
    box.close_now(house)
    assert host.post("/e/ENGURE/paper/recheck", n="0").status_code == 422
    assert host.post("/e/ENGURE/paper/recheck", n="3").status_code == 303
    assert host.post("/e/ENGURE/paper/count").status_code == 409
    with house.inside():
        drawn = paper_queries.rechecks(1)[0].tags
    assert len(set(drawn)) == 3
    assert "paper:V1" not in drawn
    assert "Idea 1" in host.get("/e/ENGURE/paper/recheck?big=1").text
    assert host.post("/e/ENGURE/paper/recheck/done", **{drawn[0]: "agrees"}).status_code == 422
    answers = {drawn[0]: "agrees", drawn[1]: "differs", drawn[2]: "agrees"}
    assert host.post("/e/ENGURE/paper/recheck/done", **answers).status_code == 303
    last = box.recount(house)[-1]
    assert last == {"kind": "override", "what": "differs_from_paper", "tag": drawn[1], "by": "host"}
    assert "1 of 3 ballots compared differs" in host.get("/e/ENGURE/paper/recheck").text
    with house.inside():
        assert queries.figures(house.gathering().id)["recheck"] == {"compared": 3, "differing": 1}
    assert host.post("/e/ENGURE/paper/count").status_code == 303
    assert house.helper().get("/e/ENGURE/paper/recheck").status_code == 403
