"""What real cities decided: the stated rule gives the recorded winners, or what the file leaves out is told."""

from pathlib import Path

import pytest

from ideathon.cli.count import counted, same
from ideathon.core.tally import files
from ideathon.core.tally.choosing import CountSettings, Unaffordable
from ideathon.core.tally.counting import count
from ideathon.core.tally.files import pabulib
from ideathon.core.tally.files.stated import POZNAN, left_out, recorded, stated
from ideathon.core.tally.rules import ELECTION_RULES
from tests.core.elections import FILES, file_of, needs_real

THRESHOLD = {       # the file states none; the cities' rules asked for 50, which later editions of these files state
    "poland_gdynia_2020_pogorze-small", "poland_gdynia_2020_wielki-kack-small",
    "poland_katowice_2020_janow-nikiszowiec",
    "poland_katowice_2020_piotrowice-ochojec", "poland_katowice_2021_osiedle-paderewskiego-muchowiec"}


@needs_real
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_city_s_recorded_winners_are_reproduced_or_the_gap_is_told(path: Path) -> None:
    found = counted(path, {})
    assert found.recorded
    assert same(found.count, found.recorded) == (path.stem not in THRESHOLD), found.notes
    if path.stem in THRESHOLD:
        assert any("a threshold above" in note for note in found.notes)
    assert found.count.spent <= found.count.budget


@needs_real
@pytest.mark.parametrize("path", [path for path in FILES if path.stem in THRESHOLD and "katowice" in path.stem],
                         ids=lambda path: path.stem)
def test_with_the_threshold_that_the_city_had_its_winners_are_reproduced(path: Path) -> None:
    found = counted(path, {"threshold": 50})
    assert found.recorded
    assert set(found.count.winners) == found.recorded.winners


@pytest.mark.parametrize(("meta", "rule", "settings"), [
    ({"rule": "greedy"}, "greedy", CountSettings()),
    ({"rule": "greedy-threshold", "min_project_score_threshold": "30"}, "greedy", CountSettings(threshold=30)),
    ({"rule": "greedy-no-skip"}, "greedy", CountSettings(on_unaffordable=Unaffordable.STOP)),
    ({"rule": "greedy-custom", "unit": "Poznań"}, "greedy",
     CountSettings(on_unaffordable=Unaffordable.STOP, last_part=POZNAN)),
])
def test_the_file_states_how_it_was_counted(meta: dict[str, str], rule: str, settings: CountSettings) -> None:
    said = stated(pabulib.parse(file_of(meta).encode()))
    assert (said.rule, said.settings, said.notes) == (rule, settings, ())


@pytest.mark.parametrize(("rule", "completion", "notes"), [
    ("equalshares", "none", 0), ("equalshares/add1", "add-one", 0), ("equalshares-comparison", "none", 1),
    ("equalshares/add1-comparison", "add-one", 1)])
def test_equal_shares_as_files_state_them(rule: str, completion: str, notes: int) -> None:
    said = stated(pabulib.parse(file_of({"rule": rule}).encode()))
    assert (said.rule, said.settings.completion, len(said.notes)) == ("equal-shares", completion, notes)
    assert said.settings.utility == "cost"


@pytest.mark.parametrize("rule", ["greedy-exclusive", "greedy-custom", "unknown", "by the mayor", ""])
def test_a_rule_that_the_file_does_not_state_is_told(rule: str) -> None:
    said = stated(pabulib.parse(file_of({"rule": rule}).encode()))
    assert said.rule == "greedy"
    assert len(said.notes) == 1


def winners(meta: dict[str, str], costs: dict[str, int], votes: dict[str, int], more: str = "") -> tuple[str, ...]:
    """Who wins by what the file states, when each project has so many ballots of its own."""
    column, *values = more.split(";") if more else ("name", *costs)
    projects = [f"project_id;cost;{column}", *(f"{name};{cost};{value}" for (name, cost), value in
                                               zip(costs.items(), values, strict=True))]
    ballots = [name for name, many in votes.items() for _ in range(many)]
    text = file_of({"num_projects": "", "num_votes": "", **meta}, projects,
                   ["voter_id;vote", *(f"{number};{name}" for number, name in enumerate(ballots))])
    tables = pabulib.parse(text.encode())
    said = stated(tables)
    return count(files.election_of(tables).election, ELECTION_RULES[said.rule], said.settings).winners


COSTS = {"A": 60, "B": 50, "C": 40, "D": 10}
VOTES = {"A": 5, "B": 4, "C": 3, "D": 0}


def test_greedy_passes_over_what_does_not_fit_and_never_funds_what_nobody_chose() -> None:
    assert winners({}, COSTS, VOTES) == ("A", "C")
    assert winners({"budget": "1000"}, COSTS, VOTES) == ("A", "B", "C")


def test_no_skip_ends_there_but_not_at_one_that_was_withdrawn() -> None:
    rule = {"rule": "greedy-no-skip"}
    assert winners(rule, COSTS, VOTES) == ("A",)
    assert winners(rule, COSTS | {"B": 999_999_999}, VOTES) == ("A", "C")
    assert winners({**rule, "min_project_score_threshold": "5"}, COSTS | {"B": 40}, VOTES) == ("A",)


def test_poznan_funds_the_last_one_when_four_fifths_are_left() -> None:
    rule = {"rule": "greedy-custom", "unit": "Poznań"}
    assert winners(rule, COSTS, VOTES) == ("A", "B")        # 40 of 50 are left
    assert winners(rule, COSTS | {"B": 51}, VOTES) == ("A",)


def test_amsterdam_ends_in_each_category_and_fills_what_is_left() -> None:
    meta = {"categories": "green,art", "budget_per_category": "60,40"}
    costs, votes = {"A": 50, "B": 20, "C": 5, "D": 30}, {"A": 5, "B": 4, "C": 3, "D": 2}
    kinds = "category;green;green;green;art"
    assert winners(meta, costs, votes, kinds) == ("A", "D")     # B passes 60, so green ends; C comes too late
    fill = {"leftover_budget": "Fund additional projects that fit within leftover budget ordered by score"}
    assert winners({**meta, **fill}, costs, votes, kinds) == ("A", "D", "B")
    near = {"neighborhoods": "north,south", "budget_per_neighborhood": "60,40"}
    assert winners(near, costs, votes, "neighborhood;north;north;north;south") == ("A", "D")


def test_what_the_file_leaves_out_is_found_by_counting() -> None:
    tables = pabulib.parse(file_of({"budget": "120"}).encode())
    given = files.election_of(tables).election
    rule, told = ELECTION_RULES["greedy"], recorded(tables)
    assert told
    assert told.winners == {"A", "C"}       # with 120, B would have gone before C
    assert left_out(given, rule, CountSettings(), told.winners) == ("an envelope of 100 instead of 120",)
    assert left_out(given, rule, CountSettings(), frozenset({"A"})) == (
        "a threshold above 2 and up to 3", "an envelope of 60 instead of 120")
    assert left_out(given, rule, CountSettings(), frozenset({"B"})) == ()
