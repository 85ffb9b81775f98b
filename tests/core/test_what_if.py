"""What would have made a loser win: by counting every number one after the other, and by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings, strategies as st

from ideathon.core.tally import ways, what_if as module
from ideathon.core.tally.choosing import CountSettings
from ideathon.core.tally.counting import count
from ideathon.core.tally.election import Election, Kind, Project, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker, CountError
from ideathon.core.tally.what_if import Bound, Effort, SpentError, highest_cost, voters_needed, what_if, work
from tests.core.contests import PLAIN, again, cast_of, graded, of_kind, ranked, scored

CASES = [(name, kind) for name, rule in sorted(ELECTION_RULES.items()) for kind in sorted(rule.kinds)
         if (name, kind) != ("plurality", Kind.APPROVAL)]
LOT = CountSettings(ties=(Breaker.LOT,), seed="seed")
CHEAPER = CountSettings(ties=(Breaker.COST, Breaker.LOT), seed="seed")

COSTS, BUDGETS = st.integers(1, 9), st.integers(4, 14)


@st.composite
def lost(draw, kind: Kind, rule: str, how: CountSettings) -> tuple[Election, str]:
    """A small election that shares out money, and a project that does not surely win."""
    given = draw(of_kind(kind, voters=5))
    projects = [replace(project, cost=draw(COSTS)) for project in given.projects]
    given = replace(given, projects=tuple(projects), budget=draw(BUDGETS))
    counted = count(given, ELECTION_RULES[rule], how)
    assume(counted.all_ways)
    losers = [project.id for project in projects if project.id not in counted.winners]
    assume(losers)
    return given, draw(st.sampled_from(losers))


def sure(given: Election, rule: str, how: CountSettings, name: str) -> bool:
    counted = count(given, ELECTION_RULES[rule], how)
    return counted.all_ways and name in counted.winners


def with_more(given: Election, name: str, more: int) -> Election:
    """Ballots cast one by one after the others."""
    marks = [mark for every in given.ballots.marks for mark in every if mark > 0]
    best = 2 if given.ballots.kind is Kind.GRADES else max(marks, default=1)
    ballot = {name: best} if given.ballots.kind in {Kind.POINTS, Kind.GRADES} else (name,)
    return replace(again(given, [*cast_of(given), *[ballot] * more]), budget=given.budget)


def at_cost(given: Election, name: str, cost: int) -> Election:
    return replace(given, projects=tuple(
        replace(project, cost=cost) if project.id == name else project for project in given.projects))


@pytest.mark.parametrize(("rule", "kind"), CASES)
@settings(max_examples=25)
@given(data=st.data(), how=st.sampled_from([PLAIN, LOT, CHEAPER]))
def test_the_answers_are_those_of_counting_every_number(rule, kind, data, how):
    given, name = data.draw(lost(kind, rule, how))
    found = what_if(given, ELECTION_RULES[rule], how, name)
    most = 4 * given.ballots.cast
    voters = next((more for more in range(1, most + 1) if sure(with_more(given, name, more), rule, how, name)), None)
    assert found.voters == Bound(voters, True)
    own = given.projects[given.number(name)].cost
    cost = next((cost for cost in range(own - 1, 0, -1) if sure(at_cost(given, name, cost), rule, how, name)), None)
    assert found.cost == Bound(cost, True)


@pytest.mark.parametrize(("rule", "kind"), CASES)
@settings(max_examples=25)
@given(data=st.data())
def test_without_looking_at_what_lies_between_both_sides_still_hold(rule, kind, data):
    given, name = data.draw(lost(kind, rule, LOT))
    voters = voters_needed(given, ELECTION_RULES[rule], LOT, name, recounts=0).number
    if voters is not None:
        assert sure(with_more(given, name, voters), rule, LOT, name)
        assert not sure(with_more(given, name, voters - 1), rule, LOT, name)
    cost = highest_cost(given, ELECTION_RULES[rule], LOT, name, recounts=0).number
    if cost is not None:
        assert sure(at_cost(given, name, cost), rule, LOT, name)
        assert not sure(at_cost(given, name, cost + 1), rule, LOT, name)


def village(*costs: int, budget: int = 100) -> Election:
    """Five for the bridge, three for the pier, two for the sauna."""
    projects = [Project(name, cost) for name, cost in zip("BPS", costs, strict=True)]
    return election(projects, Kind.APPROVAL, [*["B"] * 5, *["P"] * 3, *["S"] * 2], budget)


def test_a_project_too_dear_for_what_was_left():
    found = what_if(village(60, 50, 40), ELECTION_RULES["greedy"], PLAIN, "P")
    assert (found.voters, found.cost) == (Bound(3, True), Bound(40, True))      # with six it comes before the bridge


def test_without_a_declared_breaker_an_equal_number_is_not_enough():
    early = CountSettings(ties=(Breaker.EARLIER,))
    assert voters_needed(ranked("BA", "3:A 1:B"), ELECTION_RULES["plurality"], PLAIN, "B").number == 3
    assert voters_needed(ranked("BA", "3:A 1:B"), ELECTION_RULES["plurality"], early, "B").number == 2


@pytest.mark.parametrize(("rule", "given", "voters"), [
    ("irv", ranked("ABC", "4:ABC 3:BCA 2:CBA"), 2),      # with 3 C is equal to B; with 4 B falls out first
    ("majority-judgement", graded(("p", "f", "g"), {"A": {"f": 3}, "C": {"p": 3}}), 3),   # medians p, p; then f, g
    ("score", scored("AC", [(2, {"A": 5}), (1, {"A": 4, "C": 1})]), 3),
    ("borda", ranked("ABC", "2:ABC"), 3),
    ("approval", election([Project("A"), Project("C")], Kind.APPROVAL, ["A"] * 7), 8),
])
def test_so_many_voters_by_hand(rule, given, voters):
    assert voters_needed(given, ELECTION_RULES[rule], PLAIN, "C").number == voters


def test_what_is_not_known_for_every_way_of_a_tie_is_not_sure(monkeypatch):
    monkeypatch.setattr(ways, "MOST_WAYS", 1)      # the one way that is tried has B first
    assert voters_needed(ranked("BA", "3:A 3:B"), ELECTION_RULES["plurality"], PLAIN, "B").number == 1


def test_the_most_that_a_ballot_gives_can_be_said():
    given = scored("AC", [(3, {"A": 2})])
    assert voters_needed(given, ELECTION_RULES["score"], PLAIN, "C").number == 4
    assert voters_needed(given, ELECTION_RULES["score"], PLAIN, "C", most=10).number == 1


def test_four_times_all_ballots_is_the_most_that_is_tried():
    how = CountSettings(threshold=9)
    assert voters_needed(ranked("AB", "2:A"), ELECTION_RULES["plurality"], how, "B") == Bound(None, True)
    assert voters_needed(ranked("AB", "2:A"), ELECTION_RULES["plurality"], CountSettings(threshold=8), "B").number == 8
    assert voters_needed(ranked("AB", ""), ELECTION_RULES["plurality"], PLAIN, "B").number == 1


def test_cost_means_nothing_where_neither_rule_nor_breaker_looks_at_it():
    assert highest_cost(ranked("AB", "2:A"), ELECTION_RULES["plurality"], PLAIN, "B") == Bound(None, True)
    given = at_cost(at_cost(ranked("AB", "1:A 1:B"), "A", 5), "B", 7)
    assert highest_cost(given, ELECTION_RULES["plurality"], CountSettings(ties=(Breaker.COST,)), "B").number == 4


def test_costs_are_looked_for_in_whole_units():
    given = village(6000, 5050, 4000, budget=10_050)
    assert highest_cost(given, ELECTION_RULES["greedy"], PLAIN, "P").number == 4050
    assert highest_cost(given, ELECTION_RULES["greedy"], PLAIN, "P", unit=100).number == 4000
    exact = at_cost(given, "P", Fraction(8101, 2))
    assert highest_cost(exact, ELECTION_RULES["greedy"], PLAIN, "P").number == 4050


def test_a_large_election_is_recounted_few_times(monkeypatch):
    counted = []
    monkeypatch.setattr(module, "count", lambda *asked: counted.append(1) or count(*asked))
    given = election([Project("A"), Project("B")], Kind.APPROVAL, [*["A"] * 60_000, *["B"] * 12_345])
    found = voters_needed(given, ELECTION_RULES["approval"], PLAIN, "B", recounts=0)
    assert found == Bound(60_000 - 12_345 + 1, False)
    assert len(counted) < 40
    monkeypatch.setattr(module, "MOST_WORK", 20)
    assert voters_needed(given, ELECTION_RULES["approval"], PLAIN, "B") == found


def test_who_has_won_or_does_not_stand_is_not_asked_about():
    for question in (what_if, voters_needed, highest_cost):
        with pytest.raises(CountError, match="has won"):
            question(village(60, 50, 40), ELECTION_RULES["greedy"], PLAIN, "B")
        with pytest.raises(CountError, match="not on the list"):
            question(village(60, 50, 40), ELECTION_RULES["greedy"], PLAIN, "X")


def test_an_effort_bounds_the_search_by_work_and_is_the_same_everywhere():
    given = village(60, 50, 40)
    rule = ELECTION_RULES["greedy"]
    counted = count(given, rule, PLAIN)
    enough = Effort(counted, 100 * work(given, counted))
    assert voters_needed(given, rule, PLAIN, "P", effort=enough).number == 3
    assert highest_cost(given, rule, PLAIN, "P", recounts=0, effort=enough).number == 40
    with pytest.raises(SpentError):
        voters_needed(given, rule, PLAIN, "P", effort=Effort(counted, 2 * work(given, counted)))
    with pytest.raises(CountError, match="has won"):
        voters_needed(given, rule, PLAIN, "B", effort=enough)
    pairs = ranked("ABC", "2:ABC")
    assert work(pairs, count(pairs, ELECTION_RULES["ranked-pairs"], PLAIN)) > 50
