"""How firm a file's result is: counted again without each way of voting and each place, and under each other rule."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ideathon.core.tally.choosing import CountSettings, ElectionRule
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election
from ideathon.core.tally.files.tables import Tables
from ideathon.core.tally.files.votes import Pile, Votes
from ideathon.core.tally.settings import CountError

BATCHES = ("voting_method", "district", "neighborhood", "neighbourhood")
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


def without_each(tables: Tables, given: Election, rule: ElectionRule, found: Count) -> Iterator[Recount]:
    """Recount without each batch, with the same envelope and settings. `given` is the election that was read from all
    rows: how many places a ranking has and what its places are worth stays, whoever is left out."""
    ballot_of = _kept(tables, given)
    for column, value, rows in batches(tables):
        gone = Counter(ballot_of[row] for row in rows)
        left = [count - gone[at] for at, count in enumerate(given.ballots.counts)]
        if not any(left):
            continue
        try:
            yield _recount((column, value, len(rows)), found, count(_with(given, left), rule, found.settings))
        except CountError:      # such as a knapsack with more best sets than can be listed
            continue


def _kept(tables: Tables, given: Election) -> list[int]:
    """Which kept ballot each row of VOTES was read as."""
    votes = Votes(tables, tables.votes, given.projects)
    known: dict[Pile, int] = {}
    numbers = {fields: known.setdefault(votes.read(fields), len(known)) for fields in votes.raw}
    points = None if votes.approvals else votes.points
    return [numbers[row[votes.vote], "" if points is None else row[points]] for row in tables.votes.rows]


def _with(given: Election, counts: Sequence[int]) -> Election:
    """The same ballots, each cast so many times."""
    kept = [at for at, many in enumerate(counts) if many]
    ballots = replace(given.ballots, choices=[given.ballots.choices[at] for at in kept],
                      counts=[counts[at] for at in kept],
                      marks=[given.ballots.marks[at] for at in kept] if given.ballots.marks else ())
    return Election(given.projects, ballots, given.budget)


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
