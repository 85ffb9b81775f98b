"""How firm a file's result is: counted again without each way of voting and each place, and under each other rule."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ideathon.core.tally.choosing import CountSettings, ElectionRule
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election
from ideathon.core.tally.files.reading import election_of
from ideathon.core.tally.files.tables import BadFile, Tables
from ideathon.core.tally.settings import CountError

BATCHES = ("voting_method", "district", "neighborhood")
MOST_BATCHES = 100          # values of one column; a column with more tells people apart rather than batches


@dataclass(frozen=True, slots=True)
class Recount:
    """One recount: without which ballots (a column of VOTES and its value) or by which other rule; what came out."""

    column: str
    value: str
    ballots: int                # how many were left out; 0 for another rule
    winners: tuple[str, ...]
    decided: bool
    same: bool                  # whether exactly the same projects surely win


def batches(tables: Tables) -> Iterator[tuple[str, str, list[int]]]:
    """Column, value and rows of VOTES of each batch; a column with one value for all tells nothing and is left out."""
    for name in BATCHES:
        place = tables.votes.column(name)
        if place is None:
            continue
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(tables.votes.rows):
            rows[row[place].strip()].append(number)
        if 1 < len(rows) <= MOST_BATCHES:
            yield from ((name, value, found) for value, found in sorted(rows.items()))


def without_each(tables: Tables, rule: ElectionRule, found: Count) -> Iterator[Recount]:
    """Recount without each batch, with the same envelope and settings."""
    every = range(len(tables.votes.rows))
    for column, value, rows in batches(tables):
        gone = set(rows)
        try:
            given = election_of(tables, [row for row in every if row not in gone]).election
        except BadFile:         # nothing would be left
            continue
        given = Election(given.projects, given.ballots, found.budget)
        yield _recount((column, value, len(rows)), found, count(given, rule, found.settings))


def by_each_rule(given: Election, rules: Mapping[str, ElectionRule], found: Count) -> Iterator[Recount]:
    """Recount under every other rule of the same kind that can read these ballots."""
    several = rules[found.rule].shares_money
    for name, rule in rules.items():
        if name == found.rule or rule.shares_money is not several or given.ballots.kind not in rule.kinds:
            continue
        try:
            yield _recount(("rule", name, 0), found, count(given, rule, _plain(found.settings)))
        except CountError:      # such as plurality on ballots with several names
            continue


def _plain(settings: CountSettings) -> CountSettings:
    """What every rule understands: ties, threshold and limits stay."""
    return CountSettings(ties=settings.ties, seed=settings.seed, threshold=settings.threshold,
                         min_projects=settings.min_projects, category_budgets=settings.category_budgets,
                         district_budgets=settings.district_budgets)


def _recount(what: tuple[str, str, int], found: Count, again: Count) -> Recount:
    column, value, ballots = what
    same = again.decided == found.decided and set(again.winners) == set(found.winners)
    return Recount(column, value, ballots, again.winners, again.decided, same)
