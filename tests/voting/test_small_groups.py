"""From everything that is told of a vote nobody can reckon what one to nine ballots say together."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, example, given, settings, strategies as st
from sqlalchemy import select, update

from ideathon.voting import codes, hands, paper, paper_queries, publishing, queries, service
from ideathon.voting.groups import LEAST_IN_BATCH, sums, tables
from ideathon.voting.models import Ballot, Round
from tests.houses import House
from tests.results import small_day
from tests.voting import derivations, papers

WAYS = [("phone", ""), ("paper", "Hall"), ("paper", "Pape")]
CLASSES = ["", "R1", "R2"]
LABELS = [{"ref": "R1", "label": {"lv": "Dzīvo šeit", "en": "Lives here"}},
          {"ref": "R2", "label": {"lv": "Vasaras viesis", "en": "Summer resident"}}]
Cells = dict[tuple[tuple[str, str], str], int]
COUNTS = st.dictionaries(st.tuples(st.sampled_from(WAYS), st.sampled_from(CLASSES)),
                         st.one_of(st.integers(1, 9), st.integers(8, 30)), min_size=1)
PHONE, HALL, PAPE = WAYS


def ballots_of(cells: Cells) -> list[Any]:
    return [(way, ("class", klass), ["I01"]) for (way, klass), n in cells.items() for _ in range(n)]


@settings(max_examples=300)
@given(COUNTS)
@example({(PHONE, "R1"): 40, (PHONE, "R2"): 12, (PAPE, "R1"): 11})         # 12 of R2, all by phone
@example({(PHONE, "R1"): 30, (PAPE, "R1"): 8, (PAPE, "R2"): 3})
@example({(PHONE, "R1"): 30, (PHONE, "R2"): 10, (PAPE, "R1"): 10, (PAPE, "R2"): 10})
def test_no_total_of_one_to_nine_ballots_follows_from_the_tables(cells: Cells) -> None:
    whole = sum(cells.values())
    ways, classes = tables(ballots_of(cells))
    assume(whole >= LEAST_IN_BATCH)             # of fewer in all the result itself is the total
    told = [[1] * len(cells)]
    told += [[int(way in one.parts) for way, _klass in cells] for one in ways]
    told += [[int(("class", klass) in one.parts) for _way, klass in cells] for one in classes or []]
    sizes = list(cells.values())
    assert derivations.reckoned(told, sizes, LEAST_IN_BATCH - 1) == []
    assert min(one.ballots for one in [*ways, *(classes or [])]) >= LEAST_IN_BATCH
    if min(sizes) >= LEAST_IN_BATCH:
        assert classes is not None              # nothing is held back that hides nobody


def test_the_brute_force_finds_what_is_there_to_be_found() -> None:
    whole, phone, home = [1, 1, 1], [1, 1, 0], [1, 0, 1]        # cells: phone home, phone summer, paper home
    assert derivations.reckoned([whole, phone, home], [20, 3, 15], 9) == [(1,)]
    assert derivations.reckoned([whole, phone], [20, 3, 15], 9) == []
    assert derivations.leaks({(5, 9), (4, 7)}, {"three": (1, 2), "one": (1, 0)}) == ["three"]


# ---- the same of a whole vote, from every page and file that a visitor can open

SCENES: dict[str, tuple[Cells, int]] = {        # ballots by way and class; hands in the hall
    "a class is small by phone": ({(PHONE, "R1"): 4, (PHONE, "R2"): 15, (PAPE, "R1"): 12}, 0),     # R1 less Pape: 4
    "little paper beside hands": ({(PHONE, "R1"): 12, (PAPE, ""): 4}, 13),
    "all are large": ({(PHONE, "R1"): 11, (PHONE, "R2"): 12, (PAPE, "R1"): 10, (PAPE, "R2"): 10}, 11),
}


def held(house: House, cells: Cells, raised: int, publish: str) -> dict[tuple[tuple[str, str], str], list[list[str]]]:
    """The vote was held, sealed and shown; gives what the ballots of each cell say."""
    house.day("pitch", ideas=5)
    small_day.score(house, small_day.flat({f"I0{n}": n % 5 + 1 for n in range(1, 6)}))
    with house.inside() as session:
        session.execute(update(Round).values(classes=LABELS, publish=publish))
    dice, said = random.Random(repr(cells)), {}  # noqa: S311  # the same ballots in every run, no secret
    with house.inside():
        vote = queries.round_of(house.gathering().id)
        slips = {cell: service.draw_slips(vote, n, papers.host_here(house), klass=cell[1]) for cell, n in cells.items()}
    house.move_to("vote")
    with house.inside():
        vote = queries.round_of(house.gathering().id)
        for cell in cells:
            said[cell] = [sorted(dice.sample(vote.options, dice.randint(1, 3))) for _ in slips[cell]]
            for code, choices in zip(slips[cell], said[cell], strict=True):
                _put(house, vote, cell, codes.tag_of(vote.id, code), choices)
        if raised:
            counts = dict(zip(vote.options, (raised, 7, 5, 3, 1), strict=True))
            for here in (papers.host_here(house), papers.helper_here(house)):
                hands.count_hands(here, "Square", raised, counts)
        papers.add_up(house)
    house.move_to("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
    for seen in range(6):
        host.post("/e/ENGURE/reveal", seen=seen)
    return said


def _put(house: House, vote: Round, cell: Any, tag: str, choices: list[str]) -> None:
    (channel, place), klass = cell
    if channel == "phone":
        service.cast(papers.host_here(house), vote, tag, choices, key=tag, expect=0)
        return
    reading = paper.Reading(place, choices)     # on the back of a slip, or a paper of no class
    tag = tag if klass else paper_queries.PAPER + tag[:12].upper()
    paper.enter(papers.host_here(house), tag, reading)
    paper.enter(papers.helper_here(house), tag, reading)


def everything_public(house: House) -> dict[str, Any]:
    """Whatever a visitor can open of this event, by address."""
    visitor, found = house.visitor(), {}
    for rule in house.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= {"code"} and "code" in rule.arguments:
            address = rule.rule.replace("<code>", "ENGURE")
            answer = visitor.get(address)
            if answer.status_code == 200:
                found[address] = answer
    return found


def told_of(house: House, options: list[str]) -> set[derivations.Votes]:
    """Every list of votes by idea that is told anywhere; the ballots that were published by choice are left out."""
    titles = {f"I0{n}": f"Idea {n}" for n in range(1, 6)}
    with house.inside():
        titles = {one["ref"]: next(iter(one["title"].values())) for one in
                  queries.options(queries.round_of(house.gathering().id))} or titles
    found: set[derivations.Votes] = set()
    for address, answer in everything_public(house).items():
        if answer.mimetype == "text/html":
            found |= set(derivations.columns(answer.text, [titles[ref] for ref in options]))
        elif answer.mimetype == "application/json":
            found |= set(derivations.vectors(json.loads(answer.data), options))
        elif address.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(answer.data)) as inside:
                for name in set(inside.namelist()) - {"openings.json"}:
                    if name.endswith(".json"):
                        found |= set(derivations.vectors(json.loads(inside.read(name)), options))
    return found


def votes_of(ballots: list[list[str]], options: list[str]) -> derivations.Votes:
    total = sums(ballots)
    return tuple(total[ref] for ref in options)


def small_sets(said: Mapping[Any, list[list[str]]], options: list[str]) -> dict[str, derivations.Votes]:
    """The totals of every few cells that have fewer than ten ballots together."""
    found = {}
    for n in range(1, len(said) + 1):
        for cells in combinations(said, n):
            ballots = [one for cell in cells for one in said[cell]]
            if len(ballots) < LEAST_IN_BATCH:
                found[repr(cells)] = votes_of(ballots, options)
    return found


@pytest.mark.parametrize("scene", list(SCENES))
def test_no_page_and_no_file_shows_what_a_few_chose(house: House, scene: str) -> None:
    cells, raised = SCENES[scene]
    said = held(house, cells, raised, "totals")
    options = [f"I0{n}" for n in range(1, 6)]
    told = told_of(house, options)
    everything = [one for ballots in said.values() for one in ballots]
    hand = (raised, 7, 5, 3, 1) if raised else (0,) * 5
    whole = tuple(a + b for a, b in zip(votes_of(everything, options), hand, strict=True))
    assert whole in told                        # the walk sees what there is to see
    assert not raised or hand in told
    assert derivations.leaks(told, small_sets(said, options)) == []
    plain = {votes_of([one for cell in said if cell[side] == part for one in said[cell]], options)
             for side in (0, 1) for part in {cell[side] for cell in said}} | {whole, hand}
    naive = derivations.leaks(plain, small_sets(said, options))
    assert bool(naive) == (scene != "all are large")            # each way and each class by itself would show them


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_the_page_says_why_classes_are_not_told(house_sqlite: House, lang: str) -> None:
    held(house_sqlite, *SCENES["a class is small by phone"], "totals")
    page = house_sqlite.visitor(lang).get("/e/ENGURE/result").text
    assert {"en": "not told by class", "lv": "pa iedzīvotāju grupām netiek"}[lang] in page
    assert {"en": "Summer resident", "lv": "Vasaras viesis"}[lang] not in page
    figures = json.loads(house_sqlite.visitor().get("/e/ENGURE/result.json").data)["outcome"]["figures"]
    assert (figures["classes"], figures["classes_held"]) == ([], True)


def test_large_classes_are_told_beside_the_places_and_hands_alone(house: House) -> None:
    cells, raised = SCENES["all are large"]
    held(house, cells, raised, "totals")
    figures = json.loads(house.visitor().get("/e/ENGURE/result.json").data)["outcome"]["figures"]
    assert sorted(one["ballots"] for one in figures["groups"]) == [raised, 20, 23]
    assert sorted(one["ballots"] for one in figures["classes"]) == [21, 22]
    assert "counted in the open" in house.visitor().get("/e/ENGURE/result").text


def test_hands_hide_no_paper_and_paper_no_hands(house: House) -> None:
    cells, raised = SCENES["little paper beside hands"]
    held(house, cells, raised, "totals")
    outcome = json.loads(house.visitor().get("/e/ENGURE/result.json").data)["outcome"]
    parts = sorted((one["parts"], one["ballots"]) for one in outcome["figures"]["groups"])
    assert parts == [([["hands", "Square"]], 13), ([["paper", "Pape"], ["phone", ""]], 16)]
    assert sorted(one["ballots"] for one in outcome["firmness"]["batches"]) == [13, 16]


def test_a_small_crossing_holds_the_nonces_back(house_sqlite: House) -> None:
    """Ten of each class and ten in each box, but three of them in both."""
    house = house_sqlite
    held(house, {(PHONE, "R1"): 20, (PHONE, "R2"): 9, (PAPE, "R1"): 10, (PAPE, "R2"): 3}, 0, "full")
    with zipfile.ZipFile(io.BytesIO(house.visitor().get("/e/ENGURE/vote.zip").data)) as inside:
        assert "openings.json" not in inside.namelist()
        assert "ENGURE.pb" in inside.namelist()


def test_the_order_is_not_told_where_a_few_saw_none(house_sqlite: House) -> None:
    house = house_sqlite
    house.day("vote", ideas=3)
    small_day.vote(house, [["I01"]] * 15)
    with house.inside() as session:
        every = list(session.scalars(select(Ballot)))
        vote = session.scalars(select(Round)).one()
        for number, order in ((15, True), (13, False), (0, False)):
            for at, ballot in enumerate(every):
                ballot.shown = ["I01", "I02", "I03"] if at < number else None
            session.flush()
            assert ("order" in publishing.figures(vote)) is order
        assert Counter(ballot.shown is None for ballot in every) == {True: 15}
