"""From the tables of a file to an election: exact costs, equal ballots once, and notes on what looks odd."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ideathon.core.tally.election import Ballots, Election, Kind, Project, points, votes
from ideathon.core.tally.files.bounds import beyond, same_voters
from ideathon.core.tally.files.limits import GROUPS, groups
from ideathon.core.tally.files.tables import BadFile, Table, Tables, exact
from ideathon.core.tally.files.votes import Votes, by_number, kind_of
from ideathon.core.tally.remarks import Remark, gettext, ngettext, shown
from ideathon.core.tally.settings import Number

ENOUGH = Fraction(9, 10)        # of the ballots that META promises; a file with fewer was cut off
_LIKE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Read:
    """An election out of a file, and one sentence for each thing in it that looks odd but can be counted."""

    election: Election
    notes: tuple[Remark, ...]


def election_of(tables: Tables, rows: Iterable[int] | None = None) -> Read:
    """The election that the file describes, of all ballots or only of these rows of VOTES. Raises `BadFile`."""
    notes: list[Remark] = list(tables.odd if rows is None else ())
    kind_of(tables)
    budget = _budget(tables)
    projects = _projects(tables.projects)
    if not tables.votes.rows:
        raise BadFile(tables.votes.head, gettext("there are no ballots under VOTES"))
    _all_there(tables, notes)
    kept = tables.votes if rows is None else Table(tables.votes.header, [tables.votes.rows[row] for row in rows])
    read = Votes(tables, kept, projects)
    ballots = read.ballots(notes)
    given = Election(projects, ballots, budget)
    if rows is None:
        notes += [*beyond(tables, read, projects), *same_voters(kept)]
    if ballots.kind is Kind.RANKING:
        given = _as_scored(tables.projects, given, notes)
    if rows is None:
        if not _sums_agree(tables.projects, given, notes) and tables.open_end:
            notes.append(gettext("The file ends without a line end: nothing tells whether its last ballot (line "
                                 "%(line)s) is whole.", line=str(kept.line(len(kept.rows) - 1))))
        _like_thousands(tables, notes)
    return Read(given, tuple(notes))


def _budget(tables: Tables) -> Number:
    line = tables.line_of("budget")
    said = tables.facts.get("budget", "")
    if not said:
        raise BadFile(line, gettext("META gives no budget: add a line budget;AMOUNT"))
    try:
        budget = exact(said)
    except ValueError as wrong:
        raise BadFile(line, gettext("the budget: %(wrong)s", wrong=wrong.args[0])) from wrong
    if budget <= 0:
        raise BadFile(line, gettext("the budget is %(said)s, and must be above 0", said=said))
    return budget


def _projects(table: Table) -> tuple[Project, ...]:
    places = {name: table.column(name) for name in ("project_id", "cost", "name", *GROUPS)}
    if places["cost"] is None:
        raise BadFile(table.head, gettext("PROJECTS has no column cost"))
    if not table.rows:
        raise BadFile(table.head, gettext("there are no projects under PROJECTS"))
    found: dict[str, Project] = {}
    for number, row in enumerate(table.rows):
        said = {name: row[place].strip() for name, place in places.items() if place is not None}
        project = _project(said, table.line(number))
        if project.id in found:
            raise BadFile(table.line(number), gettext("project %(name)s stands a second time", name=project.id))
        found[project.id] = project
    return tuple(found.values())


def _project(said: dict[str, str], line: int) -> Project:
    name = said["project_id"]
    if not name:
        raise BadFile(line, gettext("a project has no project_id"))
    if "," in name:
        raise BadFile(line, gettext("the project_id '%(name)s' holds a comma, and commas part the projects of a vote: "
                                    "give it another", name=name))
    try:
        cost = exact(said["cost"])
    except ValueError as wrong:
        raise BadFile(line, gettext("the cost of project %(name)s: %(wrong)s", name=name,
                                    wrong=wrong.args[0])) from wrong
    if cost <= 0:
        raise BadFile(line, gettext("project %(name)s costs %(said)s, and a cost must be above 0", name=name,
                                    said=said["cost"]))
    return Project(name, cost, said.get("name", ""), *groups(said))


def _all_there(tables: Tables, notes: list[Remark]) -> None:
    """As many projects and ballots as META promises. Raises `BadFile` for a file that was cut off."""
    for key, table in (("num_projects", tables.projects), ("num_votes", tables.votes)):
        said, found = tables.whole(key), len(table.rows)
        if said is None or said == found:
            continue
        if found < said * ENOUGH:
            raise BadFile(table.line(found - 1), gettext(
                "META promises %(said)s (%(key)s), and here end the %(found)s that the file has: it is cut off",
                said=said, key=key, found=found))
        notes.append(gettext("META promises %(said)s (%(key)s), and the file has %(found)s.", said=said, key=key,
                             found=found))


def _like_thousands(tables: Tables, notes: list[Remark]) -> None:
    """Amounts such as 10.000: Pabulib's point parts decimals, and some people's parts thousands."""
    cost = tables.projects.column("cost")
    amounts = [(tables.facts["budget"], tables.line_of("budget"))]
    if cost is not None:
        amounts += [(row[cost], tables.projects.line(number)) for number, row in enumerate(tables.projects.rows)]
    odd = [(said.strip(), line) for said, line in amounts if _LIKE_THOUSANDS.fullmatch(said.strip())]
    if odd:
        said, line = odd[0]
        notes.append(ngettext(
            "%(num)s amount has a point before three digits (%(said)s, line %(line)s): they are read as decimals.",
            "%(num)s amounts have a point before three digits (%(said)s, first on line %(line)s): they are read as "
            "decimals.", len(odd), said=said, line=str(line)))


def _as_scored(table: Table, given: Election, notes: list[Remark]) -> Election:
    """Rankings as the file's own scores have them: some cities count a short ranking from its own length, 2, 1 for two.

    Only where `score` says so (Zürich); else the first of a ranking has as many points as there are places.
    """
    place = table.column("score")
    if place is None or all(_same(row[place], found) for row, found in zip(table.rows, points(given), strict=True)):
        return given
    kept = given.ballots
    marks: list[tuple[Number, ...]] = [tuple(range(len(choice), 0, -1)) for choice in kept.choices]
    piles = [by_number(choice, mark) for choice, mark in zip(kept.choices, marks, strict=True)]
    scored = Election(given.projects, Ballots(Kind.POINTS, [choice for choice, _ in piles], kept.counts,
                                              [mark for _, mark in piles], places=kept.places), given.budget)
    if not all(_same(row[place], found) for row, found in zip(table.rows, points(scored), strict=True)):
        return given
    notes.append(gettext("The file's scores count a short ranking from its own length; so are they counted here."))
    return scored


def _sums_agree(table: Table, given: Election, notes: list[Remark]) -> bool:
    """Compare with the sums that the file gives beside each project; whether it gives some, and all agree."""
    agree = []
    for name, add_up in (("votes", votes), ("score", points)):
        place = table.column(name)
        if place is None:
            continue
        sums = add_up(given)
        odd = [(given.projects[number].id, row[place].strip(), sums[number]) for number, row in enumerate(table.rows)
               if row[place].strip() and not _same(row[place], sums[number])]
        agree.append(not odd and all(row[place].strip() for row in table.rows))
        if odd:
            notes.append(gettext("The file's own %(column)s differ from its ballots at %(odd)s of %(all)s projects "
                                 "(%(which)s).", column=name, odd=len(odd), all=len(table.rows),
                                 which=_which(odd[:3])))
    return any(agree)


def _which(odd: list[tuple[str, str, Number]]) -> Remark:
    """Up to three projects, each with the file's sum and ours."""
    made = [gettext("%(project)s %(said)s, counted %(found)s", project=project, said=said, found=found)
            for project, said, found in odd]
    return made[0] if len(made) == 1 else gettext("%(first)s; %(more)s", first=made[0], more=_which(odd[1:]))


def _same(said: str, found: Number) -> bool:
    try:
        return exact(said) == found
    except ValueError:
        return False


__all__ = ["ENOUGH", "Read", "election_of", "shown"]
