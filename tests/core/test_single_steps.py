"""The steps of the rules with one winner, gone through again by another way than the rules' own."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ideathon.core.tally.counting import every_way
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.rules import ELECTION_RULES, irv, ranked_pairs
from tests.core.contests import (
    EARLIER,
    FEW,
    PLAIN,
    RANKINGS,
    cast_of,
    of_kind,
    orders,
    place,
    possible,
    ranked,
    tally,
    wins_of,
)


@given(given=RANKINGS)
def test_the_rounds_of_ranked_choice_add_up(given):
    left = {each.id for each in given.projects if any(each.id in order for order, _ in orders(given))}
    counted = tally(given, "irv", EARLIER)
    for step in counted.steps:
        if step.kind == "round":
            now = {name: firsts(given, left, name) for name in left}
            assert step.facts["votes"] == now
            assert step.facts["resting"] == given.ballots.cast - sum(now.values())
        elif step.kind == "eliminated":
            assert step.facts["votes"] == now[step.project]
            left.remove(step.project)
        elif step.kind == "won":
            assert 2 * now[step.project] > sum(now.values())


def firsts(given: Election, left: set[str], name: str) -> int:
    return sum(number for order, number in orders(given) if next((x for x in order if x in left), None) == name)


def every_irv_winner(given: Election, left: frozenset[str]) -> set[str]:
    """Down to the last one, each of the equal last ones falling out once; never several at once."""
    if len(left) < 2:
        return set(left)
    now = {name: firsts(given, set(left), name) for name in left}
    last = [name for name in left if now[name] == min(now.values())]
    return {winner for name in last for winner in every_irv_winner(given, left - {name})}


@given(given=RANKINGS)
def test_ranked_choice_finds_every_winner_that_some_order_of_equal_ones_gives(given):
    listed = frozenset(each.id for each in given.projects if any(each.id in order for order, _ in orders(given)))
    assert possible(given, "irv") == every_irv_winner(given, listed)


@given(given=RANKINGS)
def test_ranked_choice_finds_the_same_winners_without_looking_ahead(given):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(irv, "MOST_STATES", 0)
        counted = tally(given, "irv")
    assert counted.all_ways
    assert {name for winners in counted.possible for name in winners} == possible(given, "irv")


def test_equal_last_ones_whose_order_decides_nothing_open_no_way():
    pairs = zip("CEGIKM", "DFHJLN", strict=True)
    small = " ".join(f"{many}:{one}A {many}:{two}A" for many, (one, two) in enumerate(pairs, 4))
    given = ranked("ABCDEFGHIJKLMN", f"20:A 60:B {small}")
    ways, all_ways = every_way(given, ELECTION_RULES["irv"].begin(given, PLAIN), PLAIN)
    assert (len(ways), all_ways, possible(given, "irv")) == (1, True, {"A"})
    assert [tie.projects for tie in ways[0][0].ties][:2] == [("C", "D"), ("E", "F")]


@given(given=RANKINGS)
def test_the_paths_of_schulze_add_up(given):
    wins, counted = wins_of(given), tally(given, "schulze", EARLIER)
    links = {pair: number for pair, number in wins.items() if number > wins[pair[::-1]]}
    strength = {}
    for step in counted.steps:
        if step.kind == "pair":
            pair = (step.project, step.facts["over"])
            assert (step.facts["for"], step.facts["against"]) == (wins[pair], wins[pair[::-1]])
        if step.kind == "path":
            pair = (step.project, step.facts["to"])
            for ends, said, route in ((pair, step.facts["strength"], step.facts["route"]),
                                      (pair[::-1], step.facts["strength_back"], step.facts["back"])):
                assert said == strongest(links, *ends, [each.id for each in given.projects])
                assert said == min(links.get(link, 0) for link in pairwise(route))
                assert (route[0], route[-1]) == ends
                strength[ends] = said
    for winner in counted.winners:
        assert all(number >= strength[pair[::-1]] for pair, number in strength.items() if pair[0] == winner)


def strongest(links: dict[tuple[str, str], int], one: str, other: str, names: list[str]) -> int:
    """Over every path without a repetition."""
    between = [name for name in names if name not in {one, other}]
    return max(min(links.get(link, 0) for link in zip((one, *way), (*way, other), strict=True))
               for many in range(len(between) + 1) for way in permutations(between, many))


def every_locking(given: Election) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """The unbeaten ones and the locks for every order of the equal pairs."""
    wins = wins_of(given)
    listed = {each.id for each in given.projects if any(each.id in order for order, _ in orders(given))}
    margins = {pair: number - wins[pair[::-1]] for pair, number in wins.items() if listed.issuperset(pair)}
    groups = [[pair for pair in margins if margins[pair] == size]
              for size in sorted({each for each in margins.values() if each > 0}, reverse=True)]
    for way in product(*(permutations(group) for group in groups)):
        locked: list[tuple[str, str]] = []
        for pair in (pair for group in way for pair in group):
            if not reaches(locked, pair[1], pair[0]):
                locked.append(pair)
        yield listed - {loser for _, loser in locked}, locked


def reaches(locked: list[tuple[str, str]], one: str, other: str) -> bool:
    return one == other or any(reaches(locked, two, other) for first, two in locked if first == one)


@FEW
@given(given=RANKINGS)
def test_ranked_pairs_finds_every_winner_that_some_order_of_equal_pairs_gives(given):
    assert possible(given, "ranked-pairs") == {name for sources, _ in every_locking(given) for name in sources}


@given(given=RANKINGS)
def test_the_locks_of_ranked_pairs_add_up(given):
    wins, counted = wins_of(given), tally(given, "ranked-pairs", EARLIER)
    locked: list[tuple[str, str]] = []
    before, seen = given.ballots.cast, []
    for step in (step for step in counted.steps if step.kind in {"locked", "skipped"}):
        pair = (step.project, step.facts["over"])
        assert 0 < step.facts["margin"] == wins[pair] - wins[pair[::-1]] <= before
        before = step.facts["margin"]
        seen.append(pair)
        if step.kind == "locked":
            assert not reaches(locked, pair[1], pair[0])
            locked.append(pair)
        else:
            path = step.facts["path"]
            assert (path[0], path[-1]) == pair[::-1]
            assert set(pairwise(path)) <= set(locked)
    assert sorted(seen) == sorted(pair for pair in wins if wins[pair] > wins[pair[::-1]] and "out" not in [
        step.kind for step in counted.steps if step.project in pair])
    assert not {loser for _, loser in locked} & set(counted.winners)


@given(given=RANKINGS)
def test_pair_after_pair_finds_the_same_winners_as_looking_at_every_order(given):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranked_pairs, "MOST_STATES", 0)
        counted = tally(given, "ranked-pairs")
    if counted.all_ways:
        assert {name for winners in counted.possible for name in winners} == possible(given, "ranked-pairs")


@given(given=RANKINGS)
def test_the_points_of_borda_add_up(given):
    counted = tally(given, "borda")
    listed = [each.id for each in given.projects if any(each.id in order for order, _ in orders(given))]
    rest = len(listed) - 1
    points = {step.project: step.facts for step in counted.steps if step.kind == "points"}
    for name, facts in points.items():
        assert facts["points"] == sum(facts["over"].values()) == sum(
            many * (rest - place(order, name) if name in order else Fraction(rest - len(order), 2))
            for order, many in orders(given))
    assert sum(facts["points"] for facts in points.values()) == Fraction(
        given.ballots.cast * len(listed) * (len(listed) - 1), 2)


@given(given=of_kind(Kind.POINTS))
def test_the_means_of_score_add_up(given):
    for step in tally(given, "score").steps:
        if step.kind == "mean":
            marks, facts = step.facts["marks"], step.facts
            assert sum(int(mark) * number for mark, number in marks.items()) == facts["sum"]
            assert (sum(marks.values()), facts["sum"]) == (facts["ballots"], facts["mean"] * facts["ballots"])


def removed_one_by_one(given: Election) -> set[str]:
    """The winners when medians are taken out of written lists of marks."""
    lists = {each.id: sorted(ballot.get(each.id, given.ballots.unnamed) for ballot in cast_of(given))
             for each in given.projects}
    left = {name for name, marks in lists.items() if any(marks)}
    for _ in range(given.ballots.cast):
        medians = {name: lists[name].pop((len(lists[name]) - 1) // 2) for name in left}
        left = {name for name in left if medians[name] == max(medians.values())}
    return left


@pytest.mark.parametrize(("rule", "kind"), [("median", Kind.POINTS), ("majority-judgement", Kind.GRADES)])
@given(data=st.data())
def test_medians_are_removed_one_by_one(rule, kind, data):
    given = data.draw(of_kind(kind))
    assert possible(given, rule) == removed_one_by_one(given)


@given(given=of_kind(Kind.POINTS, most=40))
def test_medians_of_many_different_marks_are_removed_one_by_one(given):
    assert possible(given, "median") == removed_one_by_one(given)


@pytest.mark.parametrize("kind", [Kind.RANKING, Kind.POINTS])
@given(data=st.data())
def test_the_run_off_adds_up(kind, data):
    given = data.draw(of_kind(kind))
    steps = tally(given, "runoff", EARLIER).steps
    first = next(step.facts["points"] for step in steps if step.kind == "first_round")
    two = [step.project for step in steps if step.kind == "finalist"]
    assert all(first[name] <= min(first[each] for each in two) for name in set(first) - set(two))
    for final in (step.facts for step in steps if step.kind == "final"):
        assert list(final["votes"]) == two
        above = [sum(stands(given, ballot, one) > stands(given, ballot, other) for ballot in cast_of(given))
                 for one, other in (two, two[::-1])]
        assert (list(final["votes"].values()), final["equal"]) == (above, given.ballots.cast - sum(above))
        assert max((final["votes"][name], first[name]) for name in two) == (
            final["votes"][steps[-1].project], first[steps[-1].project])


def stands(given: Election, ballot: Any, name: str) -> Any:
    return ballot.get(name, given.ballots.unnamed) if given.ballots.marks else -place(ballot, name)
