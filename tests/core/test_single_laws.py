"""What holds for every rule with one winner, whatever the ballots."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ideathon.core.tally.choosing import CountSettings, Verdict
from ideathon.core.tally.election import Election, Kind
from tests.core.contests import (
    CASES,
    CONDORCET,
    EARLIER,
    FEW,
    NAMES,
    RANKINGS,
    again,
    cast_of,
    elections,
    named,
    of_kind,
    orders,
    place,
    possible,
    tally,
    wins_of,
)

MONOTONE = [case for case in CASES if case not in {("irv", Kind.RANKING), ("runoff", Kind.RANKING)}]
"""Ranked choice and a run-off from rankings are not: test_single_winner.py holds an example for each."""


@pytest.mark.parametrize(("rule", "kind"), CASES)
@FEW
@given(data=st.data())
def test_the_order_of_voters_and_of_projects_changes_nothing(rule, kind, data):
    given, random = data.draw(elections(rule, kind)), data.draw(st.randoms())
    cast = cast_of(given)
    mixed = again(given, random.sample(cast, len(cast)), random.sample(given.projects, len(given.projects)))
    assert possible(mixed, rule) == possible(given, rule)


@pytest.mark.parametrize(("rule", "kind"), CASES)
@FEW
@given(data=st.data(), times=st.integers(2, 4))
def test_so_many_times_every_ballot_changes_nothing(rule, kind, data, times):
    given = data.draw(elections(rule, kind))
    assert possible(again(given, cast_of(given) * times), rule) == possible(given, rule)


def raised(draw: Any, given: Election, name: str) -> Election:
    """The election in which one voter thinks better of one project."""
    cast = cast_of(given)
    at = draw(st.integers(0, len(cast) - 1))
    ballot = cast[at]
    if given.ballots.kind is Kind.APPROVAL:
        cast[at] = tuple(dict.fromkeys([*ballot, name]))
    elif given.ballots.kind is Kind.RANKING:
        higher = draw(st.integers(0, place(ballot, name)))
        rest = [each for each in ballot if each != name]
        cast[at] = (*rest[:higher], name, *rest[higher:])
    else:
        top = 2 if given.ballots.kind is Kind.GRADES else 3
        cast[at] = {**ballot, name: draw(st.integers(ballot.get(name, given.ballots.unnamed), top))}
    return again(given, cast)


@pytest.mark.parametrize(("rule", "kind"), [case for case in MONOTONE if case != ("plurality", Kind.APPROVAL)])
@FEW
@given(data=st.data())
def test_more_support_does_no_harm(rule, kind, data):
    given = data.draw(elections(rule, kind))
    before = possible(given, rule)
    for name in before:
        after = possible(raised(data.draw, given, name), rule)
        assert name in after
        assert len(before) > 1 or after == before


@pytest.mark.parametrize("rule", CONDORCET)
@given(given=RANKINGS)
def test_who_beats_every_other_wins(rule, given):
    wins = wins_of(given)
    for one in given.projects:
        if all(wins[one.id, two.id] > wins[two.id, one.id] for two in given.projects if two != one):
            assert possible(given, rule) == {one.id}


@pytest.mark.parametrize("rule", ["borda", "irv", "runoff", *CONDORCET])
@given(given=RANKINGS)
def test_who_loses_to_every_other_never_wins(rule, given):
    wins = wins_of(given)
    for one in given.projects:
        if all(wins[one.id, two.id] < wins[two.id, one.id] for two in given.projects if two != one):
            assert one.id not in possible(given, rule)


@pytest.mark.parametrize("rule", ["plurality", "irv", "runoff", *CONDORCET])
@given(given=RANKINGS)
def test_who_is_first_for_more_than_half_wins(rule, given):
    for one in given.projects:
        firsts = sum(number for order, number in orders(given) if order[:1] == (one.id,))
        if 2 * firsts > given.ballots.cast:
            assert possible(given, rule) == {one.id}


@given(given=of_kind(Kind.GRADES))
def test_who_has_the_best_grade_from_more_than_half_loses_to_nobody_without(given):
    cast = cast_of(given)
    best = {each.id for each in given.projects if 2 * sum(ballot.get(each.id) == 2 for ballot in cast) > len(cast)}
    assert not best or possible(given, "majority-judgement") <= best


@pytest.mark.parametrize(("rule", "kind"), CASES)
@FEW
@given(data=st.data(), threshold=st.integers(0, 4))
def test_there_is_one_winner_or_an_open_tie_and_every_loser_knows_why(rule, kind, data, threshold):
    given = data.draw(elections(rule, kind))
    counted = tally(given, rule, CountSettings(threshold=threshold))
    verdicts = {each.id: each.verdict for each in counted.standings}
    may_win = {name for winners in counted.possible for name in winners}
    fit = [name for name, verdict in verdicts.items() if verdict not in {Verdict.NO_VOTES, Verdict.BELOW_THRESHOLD}]
    assert may_win <= set(fit)
    assert bool(may_win) == bool(fit)
    assert len(counted.winners) == (len(may_win) == 1)
    assert {name for name, verdict in verdicts.items() if verdict in {Verdict.WON, Verdict.TIED}} == may_win
    assert all(verdicts[name] is Verdict.BEATEN for name in set(fit) - may_win)
    if (rule, kind) != ("runoff", Kind.POINTS):     # a run-off from scores may be won by the second
        first = min((each.place for each in counted.standings if each.id in fit), default=1)
        # by the median, one that too few named may stand above the winner
        assert first == 1 or rule in {"median", "majority-judgement"}
        assert all(each.place == first for each in counted.standings if each.verdict is Verdict.WON)


@pytest.mark.parametrize(("rule", "kind"), CASES)
@FEW
@given(data=st.data())
def test_breakers_choose_among_those_who_may_win(rule, kind, data):
    given = data.draw(elections(rule, kind))
    counted = tally(given, rule, EARLIER)
    assert counted.decided
    assert set(counted.winners) <= possible(given, rule)
    assert bool(counted.winners) == bool(possible(given, rule))


def numbers(thing: Any) -> Iterator[Any]:
    """Every number in a step's facts."""
    if isinstance(thing, dict):
        for each in thing.values():
            yield from numbers(each)
    elif isinstance(thing, tuple):
        for each in thing:
            yield from numbers(each)
    elif not isinstance(thing, str):
        yield thing


@pytest.mark.parametrize(("rule", "kind"), CASES)
@FEW
@given(data=st.data())
def test_every_number_is_exact_and_the_last_step_names_the_winner(rule, kind, data):
    counted = tally(data.draw(elections(rule, kind)), rule, EARLIER)
    told = [each for step in counted.steps for each in numbers(dict(step.facts))]
    assert all(type(each) in {int, Fraction} for each in [*told, *(each.points for each in counted.standings)])
    last = counted.steps[-1]
    assert (last.kind, *([last.project] if last.project else [])) == (
        ("won", *counted.winners) if counted.winners else ("nobody",))


@given(given=RANKINGS, ranks=st.permutations(NAMES))
def test_who_is_beaten_by_a_copy_of_every_ballot_turned_round_is_not_the_only_schulze_winner(given, ranks):
    """Reversal symmetry (Schulze 2011): the one winner does not win again when every full ranking is turned round."""
    names = [each.id for each in given.projects]
    full = [(*ballot, *(name for name in ranks if name in names and name not in ballot)) for ballot in cast_of(given)]
    there, back = again(given, full), again(given, [ballot[::-1] for ballot in full])
    for rule in (*CONDORCET, "borda"):
        if len(found := possible(there, rule)) == 1:
            assert found != possible(back, rule)


@given(given=RANKINGS)
def test_a_project_that_nobody_names_changes_nothing(given):
    more = replace(given, projects=(*given.projects, *named("Z")))
    for rule in ("plurality", "borda", "irv", "runoff", *CONDORCET):
        assert possible(more, rule) == possible(given, rule)
