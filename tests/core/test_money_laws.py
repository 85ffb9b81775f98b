"""What holds for every rule that funds projects from a budget, whatever was voted."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import assume, given as hypothesis_given, settings as hypothesis_settings, strategies as st

from ideathon.core.tally.choosing import Completion, Verdict
from ideathon.core.tally.counting import Count
from ideathon.core.tally.election import Election, Kind, points, votes
from ideathon.core.tally.settings import Breaker
from tests.core.money_elections import FORMS, counted, elections, limits, outcomes, with_ballots, written_out

NOT_RAISED = [form for form in FORMS if not form.endswith(Completion.ADD_ONE)]
law = hypothesis_settings(deadline=None, max_examples=60)
each_form = pytest.mark.parametrize("form", FORMS)


@each_form
@law
@hypothesis_given(election=elections(), seed=st.integers(0, 99))
def test_the_order_of_voters_and_projects_says_nothing(form: str, election: Election, seed: int) -> None:
    ballots, projects = written_out(election), list(election.projects)
    random.Random(seed).shuffle(ballots)        # noqa: S311 - no secret
    random.Random(seed).shuffle(projects)       # noqa: S311 - no secret
    found = counted(election, form)
    other = counted(with_ballots(replace(election, projects=tuple(projects)), ballots), form)
    assume(found.all_ways and other.all_ways)
    assert outcomes(found) == outcomes(other)
    assert {each.id: each.votes for each in found.standings} == {each.id: each.votes for each in other.standings}


@pytest.mark.parametrize("form", NOT_RAISED)
@law
@hypothesis_given(election=elections())
def test_every_ballot_cast_twice_changes_nothing(form: str, election: Election) -> None:
    """Not so with add-one: a unit more for each of twice as many voters is twice the money."""
    twice = replace(election, ballots=replace(election.ballots, counts=[2 * each for each in election.ballots.counts]))
    assert outcomes(counted(twice, form)) == outcomes(counted(election, form))


@pytest.mark.parametrize("form", NOT_RAISED)
@law
@hypothesis_given(election=elections((Kind.APPROVAL, Kind.POINTS)), data=st.data())
def test_more_support_for_a_winner_keeps_it_winning(form: str, election: Election, data: st.DataObject) -> None:
    """Approvals or points more, and nothing less for others. Nobody shows this of add-one, where it may end the tries
    earlier; and in a ranking a better place is a worse one for others."""
    before = counted(election, form)
    assume(before.winners)
    winner = data.draw(st.sampled_from(before.winners))
    ballots = written_out(election)
    ballot = data.draw(st.sampled_from(range(len(ballots))))
    more = data.draw(st.integers(1, 3)) if election.ballots.kind is Kind.POINTS else 0
    ballots[ballot] = {**ballots[ballot], winner: ballots[ballot].get(winner, 0) + more}
    assert winner in counted(with_ballots(election, ballots), form).winners


@each_form
@law
@hypothesis_given(election=elections(), settings=limits(), broken=st.booleans())
def test_budget_limits_and_thresholds_hold(form: str, election: Election, settings: dict[str, Any],
                                           broken: bool) -> None:
    found = counted(election, form, **settings, ties=(Breaker.EARLIER,) if broken else ())
    sums, cost = points(election), {project.id: project.cost for project in election.projects}
    for winners in found.possible:
        assert sum(cost[name] for name in winners) <= election.budget
        assert all(sums[election.number(name)] >= max(1, settings["threshold"]) for name in winners)
        funded = [election.projects[election.number(name)] for name in winners]
        for key, limit in settings["category_budgets"].items():
            assert sum(each.cost for each in funded if key in each.categories) <= limit
        for key, limit in settings["district_budgets"].items():
            assert sum(each.cost for each in funded if key == each.district) <= limit


@each_form
@law
@hypothesis_given(election=elections(), settings=limits())
def test_steps_give_the_outcome_and_every_project_has_its_verdict(form: str, election: Election,
                                                                 settings: dict[str, Any]) -> None:
    found = counted(election, form, **settings, ties=(Breaker.EARLIER,))
    assert found.decided
    taken = [step for step in found.steps if step.kind in ("taken", "bought", "packed")]
    assert tuple(step.project for step in taken) == found.winners
    left = election.budget
    for step in taken:
        assert step.facts["left"] == left
        left -= step.facts["cost"]
    assert found.spent == election.budget - left
    _verdicts_fit(election, found, settings)


def _verdicts_fit(election: Election, found: Count, settings: dict[str, Any]) -> None:
    support, sums, left = votes(election), points(election), election.budget - found.spent
    assert {each.id for each in found.standings} == {each.id for each in election.projects}
    for each in found.standings:
        number = election.number(each.id)
        assert (each.verdict is Verdict.WON) == (each.id in found.winners)
        assert (each.verdict is Verdict.NO_VOTES) == (support[number] == 0)
        assert (each.verdict is Verdict.BELOW_THRESHOLD) == (0 < sums[number] < settings["threshold"])
        assert each.verdict is not Verdict.OVER_LIMIT or settings["category_budgets"] or settings["district_budgets"]
        assert each.verdict is not Verdict.KEPT_FOR_OTHERS or settings["min_projects"] > 1
        assert each.verdict is not Verdict.TOO_DEAR or each.cost > left
        assert each.verdict not in (Verdict.BEATEN, Verdict.TIED)


@each_form
@law
@hypothesis_given(election=elections())
def test_every_number_is_exact(form: str, election: Election) -> None:
    found = counted(election, form)
    facts = [value for step in found.steps for value in step.facts.values()]
    numbers = [found.spent, found.budget, *facts, *(each.points for each in found.standings)]
    assert all(type(number) in (int, Fraction) for number in numbers if not isinstance(number, str))


@each_form
@law
@hypothesis_given(election=elections(most=4))
def test_whatever_a_published_order_decides_is_possible(form: str, election: Election) -> None:
    possible = outcomes(counted(election, form))
    for order in permutations(range(len(election.projects))):
        placed = replace(election, projects=tuple(election.projects[number] for number in order))
        decided = counted(with_ballots(placed, written_out(election)), form, ties=(Breaker.EARLIER,))
        assert decided.decided
        assert outcomes(decided) <= possible


@pytest.mark.parametrize("form", ["greedy", "greedy-per-cost", "knapsack"])
@hypothesis_settings(deadline=None, max_examples=150)
@hypothesis_given(election=elections(), settings=limits(), least=st.integers(2, 5))
def test_the_least_number_is_funded_wherever_it_can_be(form: str, election: Election, settings: dict[str, Any],
                                                       least: int) -> None:
    """However limits of categories and districts overlap; and as many as there can be, where these are fewer."""
    keeps = {**settings, "min_projects": least}
    found = counted(election, form, **keeps)
    names, sums = [project.id for project in election.projects], points(election)
    able = [name for name in names if sums[election.number(name)] >= max(1, settings["threshold"])]
    most = max(size for size in range(len(able) + 1) for some in combinations(able, size)
               if _keeps_limits(election, some, settings))
    assert found.all_ways
    assert all(len(winners) >= min(least, most) for winners in found.possible)


def _keeps_limits(election: Election, names: tuple[str, ...], settings: dict[str, Any]) -> bool:
    funded = [election.projects[election.number(name)] for name in names]
    return sum(each.cost for each in funded) <= election.budget and all(
        sum(each.cost for each in funded if key in each.categories) <= limit
        for key, limit in settings["category_budgets"].items()) and all(
        sum(each.cost for each in funded if key == each.district) <= limit
        for key, limit in settings["district_budgets"].items())
