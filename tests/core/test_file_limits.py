"""The limits that a file states for categories and districts: in either spelling, for the projects that they mean."""

import pytest

from ideathon.core.tally import files
from ideathon.core.tally.choosing import Verdict
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.files import pabulib
from ideathon.core.tally.files.stated import Recorded, Stated, left_out, recorded, stated
from ideathon.core.tally.rules import ELECTION_RULES
from tests.core.elections import file_of, line_of

BALLOTS = ["voter_id;vote", "1;A,B,C", "2;A,B", "3;A,B", "4;A"]
SUMS = {"budget": "10", "categories": "green,art", "budget_per_category": "3,6"}


def text_of(meta: dict[str, str], column: str, *groups: str) -> str:
    rows = [f'{name};3;"{group}"' for name, group in zip("ABC", groups, strict=True)]
    return file_of({"budget": "10", **meta}, [f"project_id;cost;{column}", *rows], BALLOTS)


def counted(text: str) -> tuple[Stated, Count]:
    tables = pabulib.parse(text.encode())
    said = stated(tables)
    return said, count(files.election_of(tables).election, ELECTION_RULES[said.rule], said.settings)


@pytest.mark.parametrize("column", ["neighborhood", "neighbourhood", "district", "subunit"])
@pytest.mark.parametrize("names", ["neighborhoods", "neighbourhoods"])
@pytest.mark.parametrize("sums", ["budget_per_neighborhood", "budget_per_neighbourhood"])
def test_a_limit_of_a_neighbourhood_holds_in_either_spelling(column: str, names: str, sums: str) -> None:
    said, found = counted(text_of({names: "north,south", sums: "3,6"}, column, "north", "north", "south"))
    assert said.limits == ()
    assert found.winners == ("A", "C")


@pytest.mark.parametrize("names", ["Green,Art", "green,art", " GREEN , art", "['Green', 'Art']"])
@pytest.mark.parametrize("rule", ["greedy", "equalshares", "phragmen", "knapsack"])
def test_a_limit_holds_for_a_name_in_other_letters_and_by_every_rule(names: str, rule: str) -> None:
    said, found = counted(text_of({**SUMS, "categories": names, "rule": rule}, "category", "green", "green", "art"))
    assert said.limits == ()
    assert said.settings.category_budgets == {"green": 3, "art": 6}
    assert not {"A", "B"} <= set(found.winners)


def test_a_limit_that_names_nothing_and_a_group_without_a_limit_are_told() -> None:
    text = text_of(SUMS, "category", "Green", "greens", "sea")
    said, found = counted(text)
    line = line_of(text, "budget_per_category")
    assert said.settings.category_budgets == {"Green": 3}
    assert [str(note) for note in said.limits] == [
        f"META has a limit for art (budget_per_category, line {line}), and no project belongs there: it stops nothing.",
        f"META has no limit for greens, sea (budget_per_category, line {line}): only the budget limits these projects."]
    assert found.winners == ("A", "B", "C")


def test_a_project_in_several_limited_categories_is_told() -> None:
    text = text_of(SUMS, "category", "green, art", "green", "art")
    said, found = counted(text)
    assert [str(note) for note in said.limits] == [
        f"1 project is in several categories that have a limit (green, art; line {line_of(text, 'A;3')}), for a comma "
        "parts categories: its cost counts against each."]
    assert found.winners == ("A", "C")


@pytest.mark.parametrize(("names", "groups"), [
    ("GREEN,art", ("green", "Green", "art")), ("Green,GREEN", ("green", "green", "art")),
    ("green,green", ("green", "green", "art"))])
def test_a_limit_that_may_mean_several_groups_is_refused(names: str, groups: tuple[str, ...]) -> None:
    text = text_of({**SUMS, "categories": names}, "category", *groups)
    with pytest.raises(files.BadFile) as wrong:
        stated(pabulib.parse(text.encode()))
    assert wrong.value.line == line_of(text, "budget_per_category")


def test_in_the_second_pass_every_project_has_its_turn() -> None:
    text = file_of({"rule": "greedy-custom", "budget": "10", "leftover_budget": "Fund additional projects that fit",
                    "num_projects": "4"}, ["project_id;cost", "A;6", "B;7", "C;5", "D;4"], [
        "voter_id;vote", "1;A,B,C,D", "2;A,B,C", "3;A,B", "4;A"])
    said, found = counted(text)
    assert {each.id: each.verdict for each in found.standings} == {
        "A": Verdict.WON, "B": Verdict.TOO_DEAR, "C": Verdict.TOO_DEAR, "D": Verdict.WON}
    assert [note.endswith("with what META states of limits and of money left over.") for note in said.notes] == [True]


def marked(*marks: str) -> Recorded | None:
    rows = [f"{name};3;{mark}" for name, mark in zip("ABC", marks, strict=True)]
    return recorded(pabulib.parse(file_of(projects=["project_id;cost;selected", *rows]).encode()))


@pytest.mark.parametrize(("marks", "winners", "otherwise", "notes"), [
    (("1.0", "True", "1"), "ABC", "", 0), (("0.0", "FALSE", ""), "", "", 0), (("1", "2", "3.0"), "A", "BC", 0),
    (("true", "maybe", "7"), "A", "BC", 1)])
def test_what_was_recorded_is_read_in_every_usual_writing(marks: tuple[str, ...], winners: str, otherwise: str,
                                                          notes: int) -> None:
    found = marked(*marks)
    assert found
    assert (found.winners, found.otherwise, len(found.notes)) == (frozenset(winners), frozenset(otherwise), notes)


def test_a_threshold_that_is_stated_is_not_called_left_out() -> None:
    tables = pabulib.parse(file_of({"min_project_score_threshold": "2,5"}).encode())
    said = stated(tables)
    guesses = left_out(files.election_of(tables).election, ELECTION_RULES["greedy"], said.settings,
                       frozenset({"A", "C"}))
    assert guesses == ("a threshold above 0 and up to 2 instead of 2.50",)
