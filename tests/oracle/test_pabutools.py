"""pabutools (GPL, no part of this project) counts the same elections; docs/counting-oracle.md says where we differ.

It runs where the dependency group `oracle` is installed and Pabulib's files lie beside the project; ties are broken by
the order of the list on both sides.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility
from ideathon.core.tally.counting import count
from ideathon.core.tally.election import Election, Kind, points
from ideathon.core.tally.files import election_of, read
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker
from tests.services import ROOT

FILES = sorted((ROOT.parent / "shared" / "pabulib").glob("*.pb"))
pabutools_election: Any = pytest.importorskip("pabutools.election", reason="the group oracle is not installed")
pabutools_rules: Any = pytest.importorskip("pabutools.rules", reason="the group oracle is not installed")
pytestmark = pytest.mark.skipif(not FILES, reason="Pabulib's files are not beside the project")
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_utility = pytest.mark.parametrize("utility", Utility)
STOP = {"on_unaffordable": Unaffordable.STOP}


class Theirs:
    """The election as pabutools takes it. Projects are named by their number, so that lexical order is the list's."""

    def __init__(self, given: Election) -> None:
        made = pabutools_election
        self.projects = [made.Project(f"{number:04}", project.cost) for number, project in enumerate(given.projects)]
        self.instance = made.Instance(self.projects, budget_limit=given.budget)
        kept = given.ballots
        self.approvals = made.ApprovalMultiProfile(instance=self.instance)
        self.marks = made.CumulativeMultiProfile(instance=self.instance)
        self.approval = kept.kind is Kind.APPROVAL
        for place, choice in enumerate(kept.choices):
            borda = [kept.places - rank for rank in range(len(choice))]
            marks = kept.marks[place] if kept.marks else borda if kept.kind is Kind.RANKING else [1] * len(choice)
            marked = {self.projects[number]: mark for number, mark in zip(choice, marks, strict=True) if mark > 0}
            self.approvals[made.FrozenApprovalBallot(marked)] += kept.counts[place]
            if not self.approval:
                self.marks[made.FrozenCumulativeBallot(marked)] += kept.counts[place]

    def profile(self, utility: Utility) -> dict[str, Any]:
        """The ballots and what a voter gains."""
        if self.approval:
            gain = pabutools_election.Cost_Sat if utility is Utility.COST else pabutools_election.Cardinality_Sat
            return {"profile": self.approvals, "sat_class": gain}
        return {"profile": self.marks, "sat_class": MarkTimesCost if utility is Utility.COST
                else pabutools_election.Additive_Cardinal_Sat}

    def shares(self, utility: Utility, **more: Any) -> Any:
        return pabutools_rules.method_of_equal_shares(self.instance, **self.profile(utility), **more)

    def greedy(self, utility: Utility, **more: Any) -> Any:
        """By gain for each unit of cost, as theirs goes: by votes where the gain is the cost."""
        return pabutools_rules.greedy_utilitarian_welfare(self.instance, **self.profile(utility), **more)

    def phragmen(self) -> Any:
        return pabutools_rules.sequential_phragmen(self.instance, self.approvals)

    def phragmen_after(self, shares: Any) -> Any:
        """With the money that voters have left, voter by voter: alike approvals may have unlike marks, and money."""
        left = shares.details.iterations[-1].voters_budget
        profile = pabutools_election.ApprovalProfile(instance=self.instance)
        loads = []
        for (ballot, times), money in zip(self.kept(), left, strict=True):
            profile.extend([pabutools_election.ApprovalBallot(ballot)] * times)
            loads += [-money] * times
        return pabutools_rules.sequential_phragmen(self.instance, profile, initial_loads=loads,
                                                   initial_budget_allocation=shares)

    def kept(self) -> list[tuple[Any, int]]:
        profile = self.approvals if self.approval else self.marks
        return [(ballot, profile.multiplicity(ballot)) for ballot in profile]

    def chosen(self, projects: Iterable[Any]) -> set[int]:
        """By number; without what nobody voted for, which they fund from what is left at the end and we never do."""
        voted = {project for ballot in self.approvals for project in ballot}
        return {int(project.name) for project in projects if project in voted}


class MarkTimesCost(pabutools_election.AdditiveSatisfaction):      # type: ignore[misc]
    """The gain from a project is its mark times its cost."""

    def __init__(self, instance: Any, profile: Any, ballot: Any) -> None:
        super().__init__(instance, profile, ballot, lambda _instance, _profile, of, project, _known:
                         of.get(project, 0) * project.cost)


def loaded(path: Path) -> tuple[Election, Theirs]:
    given = election_of(read(path)).election
    return given, Theirs(given)


def ours(given: Election, rule: str, **settings: Any) -> set[int]:
    found = count(given, ELECTION_RULES[rule], CountSettings(**settings, ties=(Breaker.EARLIER,)))
    return {given.number(name) for name in found.winners}


@each_file
def test_greedy(path: Path) -> None:
    given, theirs = loaded(path)
    assert ours(given, "greedy") == theirs.chosen(theirs.greedy(Utility.COST))
    assert ours(given, "greedy-per-cost") == theirs.chosen(theirs.greedy(Utility.CARDINALITY))


@each_file
def test_knapsack(path: Path) -> None:
    """Their solver gives one of the best sets, so that the points are compared."""
    given, theirs = loaded(path)
    sums = points(given)
    best = theirs.chosen(pabutools_rules.max_additive_utilitarian_welfare(
        theirs.instance, **theirs.profile(Utility.CARDINALITY)))
    assert sum(sums[number] for number in ours(given, "knapsack")) == sum(sums[number] for number in best)


@each_file
def test_phragmen(path: Path) -> None:
    given, theirs = loaded(path)
    assert ours(given, "phragmen", **STOP) == theirs.chosen(theirs.phragmen())


@each_utility
@each_file
def test_equal_shares(path: Path, utility: Utility) -> None:
    given, theirs = loaded(path)
    assert ours(given, "equal-shares", utility=utility) == theirs.chosen(theirs.shares(utility))


@each_utility
@each_file
def test_equal_shares_completed_by_greedy(path: Path, utility: Utility) -> None:
    given, theirs = loaded(path)
    found = theirs.greedy(Utility.COST, initial_budget_allocation=theirs.shares(utility))
    assert ours(given, "equal-shares", utility=utility, completion=Completion.GREEDY) == theirs.chosen(found)


@each_utility
@each_file
def test_equal_shares_completed_by_phragmen(path: Path, utility: Utility) -> None:
    given, theirs = loaded(path)
    found = theirs.phragmen_after(theirs.shares(utility, analytics=True))
    assert ours(given, "equal-shares", utility=utility, completion=Completion.PHRAGMEN, **STOP) == theirs.chosen(found)


@each_utility
@each_file
def test_equal_shares_completed_by_add_one(path: Path, utility: Utility) -> None:
    given, theirs = loaded(path)
    found = theirs.chosen(theirs.shares(utility, voter_budget_increment=1))
    assert ours(given, "equal-shares", utility=utility, completion=Completion.ADD_ONE) == found
