"""Ballots beyond what META allows are counted as the file has them, and told: how many, and where the first one stands.

The count follows what was recorded; whether such a ballot is valid is for the city to say, and no file says it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from operator import gt, lt

from ideathon.core.tally.election import Kind, Project
from ideathon.core.tally.files.tables import BadFile, Table, Tables
from ideathon.core.tally.files.votes import Pile, Votes
from ideathon.core.tally.remarks import Remark, gettext, ngettext
from ideathon.core.tally.settings import Number

Sentence = Callable[[int, Number, str], Remark]

SENTENCES: dict[str, Sentence] = {
    "max_length": lambda num, limit, line: ngettext(
        "%(num)s ballot names more than %(limit)s projects (max_length; line %(line)s); it is counted.",
        "%(num)s ballots name more than %(limit)s projects (max_length; first on line %(line)s); they are counted.",
        num, limit=limit, line=line),
    "min_length": lambda num, limit, line: ngettext(
        "%(num)s ballot names fewer than %(limit)s projects (min_length; line %(line)s); it is counted.",
        "%(num)s ballots name fewer than %(limit)s projects (min_length; first on line %(line)s); they are counted.",
        num, limit=limit, line=line),
    "vote_type": lambda num, _limit, line: ngettext(
        "%(num)s ballot names several projects, and META says choose-1 (line %(line)s); it is counted for each.",
        "%(num)s ballots name several projects, and META says choose-1 (first on line %(line)s); they are counted for "
        "each.", num, line=line),
    "max_points": lambda num, limit, line: ngettext(
        "%(num)s ballot gives a project more than %(limit)s points (max_points; line %(line)s); it is counted.",
        "%(num)s ballots give a project more than %(limit)s points (max_points; first on line %(line)s); they are "
        "counted.", num, limit=limit, line=line),
    "min_points": lambda num, limit, line: ngettext(
        "%(num)s ballot gives a project fewer than %(limit)s points (min_points; line %(line)s); it is counted.",
        "%(num)s ballots give a project fewer than %(limit)s points (min_points; first on line %(line)s); they are "
        "counted.", num, limit=limit, line=line),
    "max_sum_points": lambda num, limit, line: ngettext(
        "%(num)s ballot gives more than %(limit)s points in all (max_sum_points; line %(line)s); it is counted.",
        "%(num)s ballots give more than %(limit)s points in all (max_sum_points; first on line %(line)s); they are "
        "counted.", num, limit=limit, line=line),
    "min_sum_points": lambda num, limit, line: ngettext(
        "%(num)s ballot gives fewer than %(limit)s points in all (min_sum_points; line %(line)s); it is counted.",
        "%(num)s ballots give fewer than %(limit)s points in all (min_sum_points; first on line %(line)s); they are "
        "counted.", num, limit=limit, line=line),
    "max_sum_cost": lambda num, limit, line: ngettext(
        "%(num)s ballot names projects that cost more than %(limit)s together (max_sum_cost; line %(line)s); it is "
        "counted.",
        "%(num)s ballots name projects that cost more than %(limit)s together (max_sum_cost; first on line %(line)s); "
        "they are counted.", num, limit=limit, line=line),
    "min_sum_cost": lambda num, limit, line: ngettext(
        "%(num)s ballot names projects that cost less than %(limit)s together (min_sum_cost; line %(line)s); it is "
        "counted.",
        "%(num)s ballots name projects that cost less than %(limit)s together (min_sum_cost; first on line %(line)s); "
        "they are counted.", num, limit=limit, line=line),
}
"""What is said of the ballots that pass a bound, by META's key: how many, the bound, the line of the first."""


def beyond(tables: Tables, read: Votes, projects: Sequence[Project]) -> list[Remark]:
    """A sentence for every bound that ballots pass, and for every one that is no number."""
    one = tables.facts.get("vote_type", "").lower() == "choose-1"
    marked = read.kind is Kind.POINTS
    found: list[Remark] = []
    for key, sentence in SENTENCES.items():
        if (key == "max_length" and one) or (key == "vote_type" and not one) or ("points" in key and not marked):
            continue
        limit = 1 if key == "vote_type" else _limit(tables, key, found)
        if limit is None:
            continue
        odd = {pile for pile in read.piles if _passes(key, pile, limit, projects)}
        if odd:
            first = next(fields for fields in read.raw if read.read(fields) in odd)
            found.append(sentence(sum(read.piles[pile] for pile in odd), limit, str(read.line(first))))
    return found


def _limit(tables: Tables, key: str, notes: list[Remark]) -> Number | None:
    """The bound, if META states one that ballots can be compared with."""
    try:
        return tables.whole(key) if key.endswith("length") else tables.number(key)
    except BadFile:
        notes.append(gettext("%(key)s is '%(said)s' (line %(line)s), which is no bound that is known here: no ballot "
                             "is compared with it.", key=key, said=tables.facts[key], line=str(tables.line_of(key))))
        return None


def _passes(key: str, pile: Pile, limit: Number, projects: Sequence[Project]) -> bool:
    """Whether the ballot is beyond that bound."""
    choice, marks = pile
    wrong = lt if key.startswith("min") else gt
    if key.endswith("sum_cost"):
        return bool(wrong(sum(projects[number].cost for number in choice), limit))
    if key.endswith("sum_points"):
        return bool(wrong(sum(marks), limit))
    if key.endswith("points"):
        return any(wrong(mark, limit) for mark in marks)
    return bool(wrong(len(choice), limit))


def same_voters(table: Table) -> list[Remark]:
    """Voters with several ballots; ballots without a `voter_id` are nobody's."""
    place = table.column("voter_id")
    if place is None:
        return []
    ids = [row[place] for row in table.rows]
    if len(set(ids)) == len(ids):
        return []
    seen: Counter[str] = Counter()
    again = []
    for number, voter in enumerate(ids):
        seen[voter.strip()] += 1
        if voter.strip() and seen[voter.strip()] > 1:
            again.append(number)
    if not again:
        return []
    return [ngettext("%(num)s ballot has the voter_id of an earlier one (line %(line)s); both are counted.",
                     "%(num)s ballots have the voter_id of an earlier one (first on line %(line)s); all are counted.",
                     len(again), line=str(table.line(again[0])))]
