"""Small elections for the laws of the money rules, in which ties are common, and the rules in all their forms."""

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election, Kind, Project, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Number
from tests.core.contests import ballots_of, marks_of

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


def built(costs: dict[str, Number], ballots: list[Ballot], budget: Number, kind: Kind = Kind.APPROVAL,
          **facts: Any) -> Election:
    """Projects by cost; each ballot names projects with its marks, which only points look at."""
    projects = [Project(name, cost, **{key: value[name] for key, value in facts.items()})
                for name, cost in costs.items()]
    return election(projects, kind, ballots if kind is Kind.POINTS else [list(ballot) for ballot in ballots], budget,
                    places=3 if kind is Kind.RANKING else 0)


BUDGETS = st.integers(1, 16)
SIZES_UP_TO = {most: st.integers(2, most) for most in (4, 5)}
FACTS = st.sampled_from(list(product(range(1, 7), [(), ("x",), ("x", "y")], ["", "N"])))
"""What a project costs, its categories and its district."""


@cache
def one_of(kinds: tuple[Kind, ...]) -> st.SearchStrategy[Kind]:
    """Built once: a strategy that is built at every draw takes longer than the draw."""
    return st.sampled_from(kinds)


@cache
@st.composite
def elections(draw: st.DrawFn, kinds: tuple[Kind, ...] = (Kind.APPROVAL, Kind.POINTS, Kind.RANKING), *,
              most: int = 5) -> Election:
    """Two to five projects and up to eight ballots."""
    names, kind = NAMES[:draw(SIZES_UP_TO[most])], draw(one_of(kinds))
    cost, category, district = (dict(zip(names, of_each, strict=True))
                                for of_each in zip(*(draw(FACTS) for _ in names), strict=True))
    ballots = draw(ballots_of(names, 3, 8))
    marked = [dict(zip(ballot, draw(marks_of(1, 3, len(ballot))) if kind is Kind.POINTS else (1, 1, 1), strict=False))
              for ballot in ballots]
    return built(cost, marked, draw(BUDGETS), kind, categories=category, district=district)


def limits() -> st.SearchStrategy[dict[str, Any]]:
    """Limits of categories and districts, a threshold and a least number of projects, each or none of them."""
    return st.fixed_dictionaries({
        "category_budgets": st.dictionaries(st.sampled_from("xy"), st.integers(0, 8)),
        "district_budgets": st.dictionaries(st.just("N"), st.integers(0, 8)),
        "threshold": st.sampled_from([0, 0, 2]),
        "min_projects": st.sampled_from([0, 0, 2, 3]),
    })


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
