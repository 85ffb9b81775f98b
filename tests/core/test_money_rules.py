"""The rules that fund projects from a budget: against their definitions, tried in every way, and by known figures."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given as hypothesis_given, settings as hypothesis_settings, strategies as st

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility, Verdict
from ideathon.core.tally.counting import count
from ideathon.core.tally.election import Ballots, Election, Kind, Project
from ideathon.core.tally.packing import Item, Packing, _Bound, packing
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.rules.raising import Raising
from ideathon.core.tally.settings import Breaker, CountError
from tests.core.money_elections import built, counted, elections, limits, outcomes
from tests.core.naive_money import Naive, Outcomes

law = hypothesis_settings(deadline=None, max_examples=100)
each_utility = pytest.mark.parametrize("utility", Utility)


@pytest.mark.parametrize("stop", [False, True])
@pytest.mark.parametrize("per_cost", [False, True])
@law
@hypothesis_given(election=elections())
def test_greedy_is_every_order_of_equal_ones(per_cost: bool, stop: bool, election: Election) -> None:
    form = "greedy-per-cost" if per_cost else "greedy"
    found = counted(election, form, on_unaffordable=Unaffordable.STOP if stop else Unaffordable.SKIP)
    assert outcomes(found) == Naive(election).greedy(per_cost, stop)


@law
@hypothesis_given(election=elections())
def test_knapsack_is_every_best_set(election: Election) -> None:
    assert outcomes(counted(election, "knapsack")) == Naive(election).knapsack()


@law
@hypothesis_given(election=elections(), settings=limits())
def test_knapsack_is_every_best_set_that_keeps_the_limits(election: Election, settings: dict[str, Any]) -> None:
    naive = Naive(election)
    kept = [each for each in naive.sets() if all(naive.sums[name] >= settings["threshold"] for name in each) and all(
        sum(naive.cost[project.id] for project in election.projects if project.id in each and name in place(project))
        <= limit for key, place in (("category_budgets", lambda project: project.categories),
                                    ("district_budgets", lambda project: [project.district]))
        for name, limit in settings[key].items())]
    least = min(settings["min_projects"], max(map(len, kept)))
    worths = {each: sum(naive.sums[name] for name in each) for each in kept if len(each) >= least}
    assert outcomes(counted(election, "knapsack", **settings)) == {
        each for each, worth in worths.items() if worth == max(worths.values())}


@pytest.mark.parametrize("form", ["phragmen", "phragmen stop"])
@law
@hypothesis_given(election=elections())
def test_phragmen_is_what_growing_money_buys(form: str, election: Election) -> None:
    assert outcomes(counted(election, form)) == Naive(election).phragmen(stop=form.endswith("stop"))


@each_utility
@pytest.mark.parametrize("completion", [Completion.NONE, Completion.GREEDY, Completion.PHRAGMEN])
@law
@hypothesis_given(election=elections())
def test_equal_shares_is_what_voters_pay_for(completion: Completion, utility: Utility, election: Election) -> None:
    found: Outcomes = Naive(election).shares(utility, completion)
    assert outcomes(counted(election, f"equal-shares {utility} {completion}")) == found


@each_utility
@law
@hypothesis_given(election=elections())
def test_add_one_raises_unit_by_unit(utility: Utility, election: Election) -> None:
    naive = Naive(election, untie=lambda equal: equal[:1])
    found = counted(election, f"equal-shares {utility} add-one", ties=(Breaker.EARLIER,))
    assert set(found.winners) == naive.add_one(utility)


@each_utility
@law
@hypothesis_given(election=elections())
def test_leaving_out_raises_that_change_nothing_changes_nothing(utility: Utility, election: Election) -> None:
    jumping = counted(election, f"equal-shares {utility} add-one", ties=(Breaker.EARLIER,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Raising, "next_change", lambda *_: 1)
        stepping = counted(election, f"equal-shares {utility} add-one", ties=(Breaker.EARLIER,))
    assert (jumping.winners, jumping.steps, jumping.standings) == (stepping.winners, stepping.steps, stepping.standings)


@each_utility
@hypothesis_settings(deadline=None, max_examples=20)
@hypothesis_given(election=elections(most=4), unit=st.integers(5, 9))
def test_in_small_units_too_every_raise_is_looked_at(utility: Utility, election: Election, unit: int) -> None:
    """The same in a smaller unit of money: more raises between two that change something, also with open ties."""
    projects = tuple(replace(project, cost=unit * project.cost) for project in election.projects)
    given, form = replace(election, projects=projects, budget=unit * election.budget), f"equal-shares {utility} add-one"
    jumping, open_ties = counted(given, form, ties=(Breaker.EARLIER,)), counted(given, form)
    assert set(jumping.winners) == Naive(given, untie=lambda equal: equal[:1]).add_one(utility)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Raising, "next_change", lambda *_: 1)
        assert counted(given, form, ties=(Breaker.EARLIER,)) == jumping
        assert counted(given, form) == open_ties


def test_raises_that_change_nothing_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three voters with 10,000 each; what two of them lack comes after thousands of raises, some of which exchange the
    order of two purchases."""
    tried, try_it = [], Raising._at
    monkeypatch.setattr(Raising, "_at", lambda raising, more: tried.append(more) or try_it(raising, more))
    ballots = [{"a": 1, "b": 1, "c": 1}, {"a": 1, "c": 1, "d": 1}, {"b": 1, "d": 1}]
    given = built({"a": 14_001, "b": 13_007, "c": 12_011, "d": 19_003}, ballots, 45_100)
    found = counted(given, "equal-shares cost add-one", ties=(Breaker.EARLIER,))
    assert found.steps[0].facts["more"] > 1_000
    assert len(tried) < 100


def test_a_long_way_to_the_next_change_is_gone_at_once() -> None:
    """One of ten voters wants what costs 1,000,000 cents: a try for each cent would take minutes."""
    given = built({"a": 100, "b": 100_000_000}, [{"a": 1}] * 9 + [{"b": 1}], 200_000_000)
    found = counted(given, "equal-shares cost add-one")
    assert found.winners == ("a", "b")
    assert found.steps[0].facts == {"voters": 10, "each": 100_000_000, "more": 80_000_000}


def test_equal_shares_by_hand() -> None:
    """Ten voters have 10 each. Six pay 5 each for a; then three of them, with 5 left, and one with 10 pay for b; the
    other three want c with theirs, and lack 5."""
    ballots = [{"a": 1, "b": 1}] * 3 + [{"a": 1, "c": 1}] * 3 + [{"b": 1}] + [{}] * 3
    found = counted(built({"a": 30, "b": 24, "c": 20}, ballots, 100), "equal-shares cost none")
    shared, first, second, last = found.steps
    assert shared.facts == {"voters": 10, "each": 10, "more": 0}
    assert (first.project, second.project, last.project) == ("a", "b", "c")
    assert first.facts == {"cost": 30, "rho": Fraction(1, 6), "supporters": 6, "most": 5, "short": 0, "left": 100}
    assert second.facts == {"cost": 24, "rho": Fraction(3, 8), "supporters": 4, "most": 9, "short": 3, "left": 70}
    assert last.facts == {"cost": 20, "together": 15, "left": 46}
    assert {each.id: each.points for each in found.standings} == {"a": 6, "b": Fraction(8, 3), "c": 0}
    assert {each.id: each.verdict for each in found.standings}["c"] is Verdict.SUPPORTERS_TOO_POOR


def test_phragmen_by_hand() -> None:
    """Three pay 2 each for a at 2; then b's two supporters, of whom one has paid, have 6 together at 4."""
    given = built({"a": 6, "b": 6, "c": 30}, [{"a": 1, "b": 1}, {"a": 1}, {"a": 1, "c": 1}, {"b": 1}], 20)
    found = counted(given, "phragmen stop")
    assert [step.facts for step in found.steps] == [
        {"cost": 6, "time": 2, "supporters": 3, "most": 2, "left": 20},
        {"cost": 6, "time": 4, "supporters": 2, "most": 4, "left": 14},
        {"cost": 30, "time": 32, "left": 8},
    ]
    assert {each.id: each.points for each in found.standings} == {
        "a": Fraction(1, 2), "b": Fraction(1, 4), "c": Fraction(1, 32)}


def test_phragmen_ends_at_the_first_that_does_not_fit() -> None:
    given = built({"a": 6, "b": 5, "c": 3}, [{"a": 1}] * 6 + [{"b": 1}] * 3 + [{"c": 1}], 9)
    stopped, skipped = counted(given, "phragmen stop"), counted(given, "phragmen")
    assert (stopped.winners, skipped.winners) == (("a",), ("a", "c"))
    assert {each.id: each.verdict for each in stopped.standings} == {
        "a": Verdict.WON, "b": Verdict.TOO_DEAR, "c": Verdict.AFTER_THE_END}


def test_what_is_marked_without_being_named_counts() -> None:
    """Whoever does not name a project gives it 1 of 3 points."""
    ballots = Ballots(Kind.POINTS, [(0,), ()], [1, 1], [(3,), ()], unnamed=1)
    given = Election((Project("a", 4), Project("b", 4)), ballots, 8)
    found = count(given, ELECTION_RULES["equal-shares"], CountSettings(utility=Utility.CARDINALITY))
    bought = {step.project: (step.facts["rho"], step.facts["most"]) for step in found.steps if step.kind == "bought"}
    assert bought == {"a": (1, 3), "b": (3, 3)}


def test_fractions_of_money_and_of_points_are_exact() -> None:
    third, half = Fraction(1, 3), Fraction(1, 2)
    given = Election((Project("a", third), Project("b", half)),
                     Ballots(Kind.POINTS, [(0, 1), (1,)], [1, 1], [(third, half), (half,)]), Fraction(5, 6))
    for rule in ("knapsack", "phragmen", "equal-shares"):
        found = count(given, ELECTION_RULES[rule], CountSettings(completion=Completion.GREEDY))
        assert set(found.winners) == {"a", "b"}
        assert found.spent == Fraction(5, 6)


def test_knapsack_compares_equally_good_sets_by_their_best_projects() -> None:
    """{a} and {b, c} have 4 votes each; b is the cheapest."""
    given = built({"a": 4, "b": 1, "c": 3}, [{"a": 1}] * 4 + [{"b": 1}] * 2 + [{"c": 1}] * 2, 4)
    assert outcomes(counted(given, "knapsack")) == {frozenset("a"), frozenset("bc")}
    assert counted(given, "knapsack", ties=(Breaker.COST,)).winners == ("b", "c")
    assert counted(given, "knapsack", ties=(Breaker.VOTES,)).winners == ("a",)


@law
@hypothesis_given(election=elections(), settings=limits())
def test_best_sets_too_many_to_list_are_compared_one_project_after_the_other(election: Election,
                                                                            settings: dict[str, Any]) -> None:
    listed = counted(election, "knapsack", **settings, ties=(Breaker.EARLIER,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ideathon.core.tally.packing.FEW_STATES", 0)
        unlisted = counted(election, "knapsack", **settings, ties=(Breaker.EARLIER,))
    assert unlisted.winners == listed.winners


def test_equally_good_sets_without_number_ask_for_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    given = built({"a": 4, "b": 1, "c": 3}, [{"a": 1}] * 4 + [{"b": 1}] * 2 + [{"c": 1}] * 2, 4)
    monkeypatch.setattr("ideathon.core.tally.packing.FEW_STATES", 0)
    with pytest.raises(CountError, match="declare what parts equal ones"):
        counted(given, "knapsack")


def test_a_knapsack_that_nobody_could_wait_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ideathon.core.tally.packing.MOST_STATES", 50)
    items = [Item(number, 2 ** number + 5_000, 2 ** number + 5_000) for number in range(14)]
    with pytest.raises(CountError, match="almost equally good"):
        packing(items, 40_007).best()


def test_projects_that_are_alike_are_tried_in_every_way() -> None:
    """Three of six, and the one that is worth more in each of the sets."""
    costs = {**dict.fromkeys("abcdef", 2), "g": 3}
    found = counted(built(costs, [{name: 1} for name in costs] + [{"g": 1}], 9), "knapsack")
    assert found.winners == ("g",)
    assert outcomes(found) == {frozenset({"g", *three}) for three in combinations("abcdef", 3)}


@law
@hypothesis_given(costs=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=8),
                  room=st.integers(0, 30))
def test_what_packs_best_without_one_and_with_it_is_known_at_once(costs: list[tuple[int, int]], room: int) -> None:
    whole = packing([Item(number, cost, worth) for number, (cost, worth) in enumerate(costs)], room)
    before = 0
    for item in whole.items:
        without, within = whole.with_settled((), {item.number}), whole.with_settled({item.number}, ())
        most_without, most_within = _Bound(whole.items, room).besides(item, before, room)
        assert without
        assert (without.best() or (0,))[0] <= most_without <= without.bound()
        if within is None:
            assert most_within == -1
        else:
            assert (within.best() or (0,))[0] + item.worth <= most_within <= within.bound() + item.worth
        before += item.cost


def test_two_thousand_projects_are_packed_without_a_new_look_at_all_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [Item(number, 1_000 + number * 7_919 % 99_000, 1 + number * 31 % 60) for number in range(2_000)]
    looked, settle = [], Packing.with_settled
    monkeypatch.setattr(Packing, "with_settled", lambda *words: looked.append(1) or settle(*words))
    assert packing(items, 5_000_000).best()
    assert len(looked) < 10


def test_knapsack_with_limits_is_the_best_that_keeps_them() -> None:
    items = [Item(0, 5, 9, (0,)), Item(1, 4, 8, (0, 1)), Item(2, 3, 3, (1,)), Item(3, 2, 1)]
    assert packing(items, 10, [99, 99]).best() == (17, frozenset({0, 1}))
    assert packing(items, 10, [8, 4]).best() == (13, frozenset({0, 2, 3}))
    assert packing(items, 10, [8, 4], least=9).best() == (13, frozenset({0, 2, 3}))


@pytest.mark.parametrize("rule", ["knapsack", "phragmen", "equal-shares"])
def test_what_costs_nothing_cannot_be_bought(rule: str) -> None:
    given = built({"a": 0, "b": 1}, [{"a": 1}], 5)
    with pytest.raises(CountError, match="project a costs 0"):
        count(given, ELECTION_RULES[rule], CountSettings())


@pytest.mark.parametrize("rule", ["knapsack", "phragmen", "equal-shares"])
def test_without_ballots_nothing_wins(rule: str) -> None:
    found = count(built({"a": 1}, [], 5), ELECTION_RULES[rule], CountSettings())
    assert found.winners == ()
    assert found.standings[0].verdict is Verdict.NO_VOTES
