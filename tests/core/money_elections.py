"""Small elections for the laws of the money rules, in which ties are common, and the rules in all their forms."""

from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election, Kind, Project, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Number

NAMES = "abcdef"
SHARES = {f"equal-shares {utility} {completion}": ("equal-shares", {"utility": utility, "completion": completion})
          for utility, completion in product(Utility, Completion)}
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "greedy": ("greedy", {}),
    "greedy stop": ("greedy", {"on_unaffordable": Unaffordable.STOP}),
    "greedy-per-cost": ("greedy-per-cost", {}),
    "knapsack": ("knapsack", {}),
    "phragmen": ("phragmen", {}),
    "phragmen stop": ("phragmen", {"on_unaffordable": Unaffordable.STOP}),
    **SHARES,
}
Ballot = dict[str, int]
COSTS = st.integers(1, 6)


def built(costs: dict[str, Number], ballots: list[Ballot], budget: Number, kind: Kind = Kind.APPROVAL,
          **facts: Any) -> Election:
    """Projects by cost; each ballot names projects with its marks, which only points look at."""
    projects = [Project(name, cost, **{key: value[name] for key, value in facts.items()})
                for name, cost in costs.items()]
    return election(projects, kind, ballots if kind is Kind.POINTS else [list(ballot) for ballot in ballots], budget,
                    places=3 if kind is Kind.RANKING else 0)


@st.composite
def elections(draw: st.DrawFn, kinds: tuple[Kind, ...] = (Kind.APPROVAL, Kind.POINTS, Kind.RANKING), *,
              most: int = 5) -> Election:
    """Two to five projects and up to eight ballots."""
    names = NAMES[:draw(st.integers(2, most))]
    costs = draw(st.fixed_dictionaries(dict.fromkeys(names, COSTS)))
    ballots = draw(st.lists(st.lists(st.sampled_from(names), unique=True, max_size=3), min_size=1, max_size=8))
    marks = draw(st.lists(st.integers(1, 3), min_size=24, max_size=24))
    marked = [dict(zip(ballot, marks[3 * place:], strict=False)) for place, ballot in enumerate(ballots)]
    category = {name: draw(st.sampled_from([(), ("x",), ("x", "y")])) for name in names}
    district = {name: draw(st.sampled_from(["", "N"])) for name in names}
    return built(costs, marked, draw(st.integers(1, 16)), draw(st.sampled_from(kinds)), categories=category,
                 district=district)


@st.composite
def limits(draw: st.DrawFn) -> dict[str, Any]:
    """Limits of categories and districts, a threshold and a least number of projects, each or none of them."""
    return {
        "category_budgets": draw(st.dictionaries(st.sampled_from("xy"), st.integers(0, 8))),
        "district_budgets": draw(st.dictionaries(st.just("N"), st.integers(0, 8))),
        "threshold": draw(st.sampled_from([0, 0, 2])),
        "min_projects": draw(st.sampled_from([0, 0, 2, 3])),
    }


def counted(given: Election, form: str, **settings: Any) -> Count:
    """The count by a rule in this form."""
    rule, own = FORMS[form]
    return count(given, ELECTION_RULES[rule], CountSettings(**{**own, **settings}))


def outcomes(found: Count) -> set[frozenset[str]]:
    """Every set of winners that ties allow."""
    return {frozenset(each) for each in found.possible}


def with_ballots(given: Election, ballots: list[Ballot], budget: Number | None = None) -> Election:
    """The same projects with these ballots."""
    made = election(given.projects, given.ballots.kind,
                    ballots if given.ballots.marks else [list(ballot) for ballot in ballots], given.budget,
                    places=given.ballots.places)
    return replace(made, budget=given.budget if budget is None else budget)


def written_out(given: Election) -> list[Ballot]:
    """One ballot a voter, with marks: 1, points or Borda points."""
    kept, found = given.ballots, []
    for place, choice in enumerate(kept.choices):
        borda = [kept.places - rank for rank in range(len(choice))]
        marks = kept.marks[place] if kept.marks else borda if kept.kind is Kind.RANKING else [1] * len(choice)
        found += [dict(zip(given.ids(choice), map(int, marks), strict=True))] * kept.counts[place]
    return found
