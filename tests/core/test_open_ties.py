"""Open ties: who wins in every way, who in some, and what is said when not every way was tried."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import comb

import pytest
from hypothesis import given as hypothesis_given, settings as hypothesis_settings

from ideathon.core.tally import ways
from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Verdict
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election, Kind, Project, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker, Number
from tests.core.contests import ranked, tally
from tests.core.money_elections import FORMS, built, counted, elections, outcomes

MANY = [f"p{number:02}" for number in range(20)]
POZNAN = CountSettings(on_unaffordable=Unaffordable.STOP, last_part=Fraction(4, 5))


def verdicts(found: Count) -> dict[str, Verdict]:
    return {each.id: each.verdict for each in found.standings}


def alone(costs: Mapping[str, Number], votes: Mapping[str, int], budget: Number) -> Election:
    """Each ballot names one project."""
    return built(dict(costs), [{name: 1} for name, many in votes.items() for _ in range(many)], budget)


@pytest.mark.parametrize("form", [form for form in FORMS if "add-one" not in form])
def test_of_equal_projects_with_room_for_some_none_is_sure(form: str) -> None:
    """Twenty that one voter wants, and money for ten: the first of the list have no better claim."""
    found = counted(built(dict.fromkeys(MANY, 1), [dict.fromkeys(MANY, 1)], 10), form)
    assert (found.winners, found.decided) == ((), False)
    assert set(verdicts(found).values()) == {Verdict.TIED}
    assert {len(each) for each in found.possible} == {10}
    assert len(found.possible) < comb(20, 10)
    assert not found.all_ways


def test_equal_ones_beside_others_are_exchanged_in_every_way() -> None:
    """Two of four that are alike; e, dearer and as popular, takes the room of two of them."""
    costs = {**dict.fromkeys("abcd", 1), "e": 2, "z": 1}
    found = counted(alone(costs, {**dict.fromkeys("abcde", 2), "z": 3}, 3), "greedy")
    pairs = {frozenset({"z", one, two}) for one in "abcd" for two in "abcd" if one < two}
    assert outcomes(found) == {*pairs, frozenset("ze")}
    assert (found.winners, found.all_ways, found.spent) == (("z",), True, 1)


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_a_late_tie_hides_no_early_one(names: str) -> None:
    """A and B are equal and one of them fits; eight small ones are equal and all fit, in some order."""
    small = [f"x{number}" for number in range(8)]
    ballots = [{names[0]: 1}] * 50 + [{names[1]: 1}] * 50 + [dict.fromkeys(small, 1)] * 3
    given = built({**dict.fromkeys(names, 100), **dict.fromkeys(small, 10)}, ballots, 180)
    found = counted(given, "phragmen")
    assert not found.decided
    assert set(found.winners) == set(small)
    assert outcomes(found) == {frozenset({name, *small}) for name in names}


def crowd() -> Election:
    """Nine equal ones of different costs after one that surely wins and one that surely does not."""
    costs = {"first": 5, "dear": 99, **{name: 10 + place for place, name in enumerate(MANY[:9])}}
    return alone(costs, {"first": 9, "dear": 8, **dict.fromkeys(MANY[:9], 2)}, 65)


def test_different_orders_that_meet_again_are_followed_once() -> None:
    """So many orders of nine projects as there are could not be tried."""
    found = counted(crowd(), "greedy")
    assert found.all_ways
    assert found.winners == ("first",)
    assert len(found.possible) > 50


def test_where_not_every_way_was_tried_only_what_is_proven_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "MOST_WAYS", 5)
    found = counted(crowd(), "greedy")
    assert (found.all_ways, found.decided, found.winners) == (False, False, ("first",))
    assert verdicts(found) == {"first": Verdict.WON, "dear": Verdict.TOO_DEAR, **dict.fromkeys(MANY[:9], Verdict.TIED)}


@pytest.mark.parametrize("form", FORMS)
@hypothesis_settings(deadline=None, max_examples=40)
@hypothesis_given(election=elections())
def test_who_is_sure_after_two_ways_is_sure_after_all(form: str, election: Election) -> None:
    every = counted(election, form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways, "MOST_WAYS", 2)
        few = counted(election, form)
    assert set(few.winners) <= set(every.winners)
    assert not few.decided or few.winners == every.winners
    out = {name for name, verdict in verdicts(few).items() if verdict not in (Verdict.WON, Verdict.TIED)}
    assert out <= {name for name, verdict in verdicts(every).items() if verdict not in (Verdict.WON, Verdict.TIED)}


def test_sixty_options_in_a_circle_are_no_endless_count() -> None:
    """Each is first once, and the next ones follow: whoever falls out, all the others stay equal."""
    names = "".join(map(chr, range(0x100, 0x100 + 24)))
    given = ranked(names, " ".join(f"1:{names[turn:]}{names[:turn]}" for turn in range(len(names))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways, "MOST_WORK", 100_000)
        found = tally(given, "irv")
    assert (found.winners, found.decided, found.all_ways) == ((), False, False)
    assert set(verdicts(found).values()) == {Verdict.TIED}


def last_part(ties: tuple[Breaker, ...], names: str) -> Count:
    """C leaves 80 of 100; of two others, equal, one at 100 and one at 90, the count takes the first and ends."""
    costs = {"C": 20, **{name: {"A": 100, "B": 90}[name] for name in names}}
    given = alone(costs, {"C": 2, "A": 1, "B": 1}, 100)
    return count(given, ELECTION_RULES["greedy"], replace(POZNAN, ties=ties))


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_the_last_one_that_only_partly_fits_is_parted_like_any_other(names: str) -> None:
    found = last_part((), names)
    assert (found.winners, found.decided) == (("C",), False)
    assert outcomes(found) == {frozenset("CA"), frozenset("CB")}
    parted = last_part((Breaker.COST,), names)
    assert (parted.winners, parted.decided) == (("C", "B"), True)
    assert [(set(tie.projects), tie.by, tie.first) for tie in parted.ties] == [({"A", "B"}, Breaker.COST, "B")]


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_the_last_raise_of_add_one_asks_the_breakers(names: str) -> None:
    """Five of six voters want both. With a unit more they can pay for A, which passes the budget, or for B."""
    costs = {"A": 6, "B": 5}
    given = built({name: costs[name] for name in names}, [{"A": 1, "B": 1}] * 5 + [{}], 5)
    found = counted(given, "equal-shares cost add-one")
    assert (found.winners, outcomes(found)) == ((), {frozenset(), frozenset("B")})
    assert [set(tie.projects) for tie in found.ties] == [{"A", "B"}]
    assert counted(given, "equal-shares cost add-one", ties=(Breaker.COST,)).winners == ("B",)


@pytest.mark.parametrize("ids", ["abc", "cba", "bca"])
def test_equal_ones_that_do_not_fit_are_told_the_same_wherever_they_stand(ids: str) -> None:
    projects = [Project(name, {"a": 4, "b": 4, "c": 5}[name]) for name in ids]
    given = election(projects, Kind.APPROVAL, [("a", "b", "c")], 3)
    stop = CountSettings(on_unaffordable=Unaffordable.STOP)
    counted = count(given, ELECTION_RULES["greedy"], stop)
    assert {each.verdict for each in counted.standings} == {Verdict.TOO_DEAR}
    parted = count(given, ELECTION_RULES["greedy"], replace(stop, ties=(Breaker.COST,)))
    assert {each.id: each.verdict for each in parted.standings} == {
        "a": Verdict.TOO_DEAR, "b": Verdict.TOO_DEAR, "c": Verdict.AFTER_THE_END}


@pytest.mark.parametrize("ids", ["ab", "ba"])
def test_who_wins_in_every_way_is_told_the_same_wherever_it_stands(ids: str) -> None:
    """One voter's share pays for either, and what is left over for the other."""
    costs = {"a": 2, "b": Fraction(5, 2)}
    given = election([Project(name, costs[name]) for name in ids], Kind.APPROVAL, [("a", "b"), ()], 7)
    found = count(given, ELECTION_RULES["equal-shares"], CountSettings(completion=Completion.GREEDY))
    assert found.decided
    assert {(each.points, each.place, each.verdict, each.open) for each in found.standings} == {
        (1, 1, Verdict.WON, True)}
    parted = count(given, ELECTION_RULES["equal-shares"], replace(
        CountSettings(completion=Completion.GREEDY), ties=(Breaker.COST,)))
    assert {each.id: (each.points, each.place, each.open) for each in parted.standings} == {
        "a": (1, 1, False), "b": (0, 2, False)}


def test_a_tie_that_a_breaker_parts_names_all_who_were_equal_in_any_order_of_the_list() -> None:
    costs = {"z": 6, "y": 6, "x": 5, "w": 10}
    votes = [("z", "y", "x"), ("z", "y", "x"), ("x", "y", "z"), ("w",)]
    told = set()
    for order in permutations(costs):
        given = built({name: costs[name] for name in order}, [dict.fromkeys(names, 1) for names in votes], 10)
        found = counted(given, "knapsack", ties=(Breaker.COST,))
        told |= {(frozenset(tie.projects), tie.by, tie.first) for tie in found.ties}
    assert told == {(frozenset("xyz"), Breaker.COST, "x")}
