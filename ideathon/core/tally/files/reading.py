"""From the tables of a file to an election: exact costs, equal ballots once, and notes on what looks odd."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from ideathon.core.tally.election import Ballots, Election, Kind, Project, points, simple, votes
from ideathon.core.tally.files.tables import BadFile, Table, Tables, exact, listed
from ideathon.core.tally.settings import Number

KINDS = {"approval": Kind.APPROVAL, "choose-1": Kind.APPROVAL, "ordinal": Kind.RANKING, "cumulative": Kind.POINTS,
         "scoring": Kind.POINTS, "grades": Kind.GRADES}
"""What Pabulib calls the ways of voting; and grades in words, which it has not: META lists them as `grades`, the worst
first, and they stand in the column `points`."""
MARKED = (Kind.POINTS, Kind.GRADES)
ENOUGH = Fraction(9, 10)        # of the ballots that META promises; a file with fewer was cut off
Raw = tuple[str, str]           # the fields `vote` and `points` of a row
Pile = tuple[tuple[int, ...], tuple[Number, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """An election out of a file, and one sentence for each thing in it that looks odd but can be counted."""

    election: Election
    notes: tuple[str, ...]


def election_of(tables: Tables, rows: Iterable[int] | None = None) -> Read:
    """The election that the file describes, of all ballots or only of these rows of VOTES. Raises `BadFile`."""
    notes: list[str] = []
    kind = _kind(tables)
    budget = _budget(tables)
    projects = _projects(tables.projects)
    if not tables.votes.rows:
        raise BadFile(0, "there are no ballots under VOTES")
    _all_there(tables, notes)
    kept = tables.votes if rows is None else Table(tables.votes.header, [tables.votes.rows[row] for row in rows])
    ballots = _Votes(tables, kept, projects, notes).ballots(kind)
    given = Election(projects, ballots, budget)
    if ballots.kind is Kind.RANKING:
        given = _as_scored(tables.projects, given, notes)
    if rows is None:
        _sums_agree(tables.projects, given, notes)
    return Read(given, tuple(notes))


def _kind(tables: Tables) -> Kind:
    said = tables.facts.get("vote_type", "approval").lower()
    if said not in KINDS:
        raise BadFile(tables.meta_lines.get("vote_type", 0),
                      f"vote_type is {said!r}, and known are {', '.join(KINDS)}")
    if KINDS[said] is Kind.GRADES and len(set(listed(tables.facts.get("grades", "")))) < 2:
        raise BadFile(tables.meta_lines.get("vote_type", 0), "META lists no grades: add a line grades;WORST,…,BEST")
    return KINDS[said]


def _budget(tables: Tables) -> Number:
    line = tables.meta_lines.get("budget", 0)
    said = tables.facts.get("budget", "")
    if not said.strip():
        raise BadFile(line, "META gives no budget: add a line budget;AMOUNT")
    try:
        budget = exact(said)
    except ValueError as wrong:
        raise BadFile(line, f"the budget: {wrong}") from wrong
    if budget <= 0:
        raise BadFile(line, f"the budget is {said}, and must be above 0")
    return budget


def _projects(table: Table) -> tuple[Project, ...]:
    places = {name: table.column(name) for name in ("project_id", "cost", "name", "category", "categories", "district",
                                                    "neighborhood", "subunit")}
    if places["cost"] is None:
        raise BadFile(0, "PROJECTS has no column cost")
    if not table.rows:
        raise BadFile(0, "there are no projects under PROJECTS")
    found: dict[str, Project] = {}
    for number, row in enumerate(table.rows):
        said = {name: row[place].strip() for name, place in places.items() if place is not None}
        project = _project(said, table.line(number))
        if project.id in found:
            raise BadFile(table.line(number), f"project {project.id} stands a second time")
        found[project.id] = project
    return tuple(found.values())


def _project(said: dict[str, str], line: int) -> Project:
    name = said["project_id"]
    if not name:
        raise BadFile(line, "a project has no project_id")
    try:
        cost = exact(said["cost"])
    except ValueError as wrong:
        raise BadFile(line, f"the cost of project {name}: {wrong}") from wrong
    if cost <= 0:
        raise BadFile(line, f"project {name} costs {said['cost']}, and a cost must be above 0")
    groups = tuple(listed(said.get("category") or said.get("categories") or ""))
    place = said.get("neighborhood") or said.get("district") or said.get("subunit") or ""
    return Project(name, cost, said.get("name", ""), groups, place)


def _all_there(tables: Tables, notes: list[str]) -> None:
    """As many projects and ballots as META promises. Raises `BadFile` for a file that was cut off."""
    for key, table, word in (("num_projects", tables.projects, "projects"), ("num_votes", tables.votes, "ballots")):
        said = tables.facts.get(key, "")
        if not said.isdigit() or int(said) == len(table.rows):
            continue
        if len(table.rows) < int(said) * ENOUGH:
            raise BadFile(table.line(len(table.rows) - 1), f"META promises {said} {word}, and here end the "
                          f"{len(table.rows)} that the file has: it is cut off")
        notes.append(f"META promises {said} {word}, and the file has {len(table.rows)}.")


def _as_scored(table: Table, given: Election, notes: list[str]) -> Election:
    """Rankings as the file's own scores have them: some cities count a short ranking from its own length, 2, 1 for two.

    Only where `score` says so (Zürich); else the first of a ranking has as many points as there are places.
    """
    place = table.column("score")
    if place is None or all(_same(row[place], found) for row, found in zip(table.rows, points(given), strict=True)):
        return given
    kept = given.ballots
    marks: list[tuple[Number, ...]] = [tuple(range(len(choice), 0, -1)) for choice in kept.choices]
    piles = [_by_number(choice, mark) for choice, mark in zip(kept.choices, marks, strict=True)]
    scored = Election(given.projects, Ballots(Kind.POINTS, [choice for choice, _ in piles], kept.counts,
                                              [mark for _, mark in piles], places=kept.places), given.budget)
    if not all(_same(row[place], found) for row, found in zip(table.rows, points(scored), strict=True)):
        return given
    notes.append("The file's scores count a short ranking from its own length; so are they counted here.")
    return scored


def _sums_agree(table: Table, given: Election, notes: list[str]) -> None:
    """Compare with the sums that the file gives beside each project."""
    for name, add_up in (("votes", votes), ("score", points)):
        place = table.column(name)
        if place is None:
            continue
        sums = add_up(given)
        odd = [(given.projects[number].id, row[place], sums[number]) for number, row in enumerate(table.rows)
               if row[place].strip() and not _same(row[place], sums[number])]
        if odd:
            which = "; ".join(f"{project} {said}, counted {shown(found)}" for project, said, found in odd[:3])
            notes.append(f"The file's own {name} differ from its ballots at {len(odd)} of {len(table.rows)} projects "
                         f"({which}).")


def _same(said: str, found: Number) -> bool:
    try:
        return exact(said) == found
    except ValueError:
        return False


def shown(number: Number) -> str:
    """An exact number for a sentence."""
    return str(number) if isinstance(number, int) or number.denominator == 1 else f"{float(number):.2f}"


class _Votes:
    """The rows of VOTES made ballots; equal fields are read once."""

    def __init__(self, tables: Tables, table: Table, projects: Sequence[Project], notes: list[str]) -> None:
        self.facts, self.table, self.notes = tables.facts, table, notes
        self.numbers = {project.id: number for number, project in enumerate(projects)}
        self.vote = table.header.index("vote")
        self.points = table.column("points")
        self.repeated = 0
        self.grades = tuple(listed(tables.facts.get("grades", ""))) if _kind(tables) is Kind.GRADES else ()

    def ballots(self, kind: Kind) -> Ballots:
        """All ballots of that kind, equal ones once."""
        raw = self._raw(kind)
        if kind in MARKED and self.points is None:
            raise BadFile(0, "VOTES has no column points, and with this vote_type each vote gives points")
        piles: Counter[Pile] = Counter()
        read = self._approvals if kind is Kind.APPROVAL else partial(self._pile, kind)
        for fields, count in raw.items():
            piles[read(fields)] += count
        if self.repeated:
            self.notes.append(f"{self.repeated} ballots name a project twice; it is counted once.")
        places = self._places(piles)
        if kind is Kind.RANKING and self.points is not None and not self._places_say_all(piles, places):
            kind = Kind.POINTS
            self.notes.append("The points beside the rankings are not those of their places; the points are counted.")
        self._lengths(piles)
        return Ballots(kind, [choice for choice, _ in piles], list(piles.values()),
                       [marks for _, marks in piles] if kind in MARKED else (),
                       unnamed=self._default() if kind is Kind.POINTS else 0, places=places, grades=self.grades)

    def _raw(self, kind: Kind) -> Counter[Raw]:
        if self.points is None or kind is Kind.APPROVAL:
            place = self.vote
            return Counter((row[place], "") for row in self.table.rows)
        first, second = self.vote, self.points
        return Counter((row[first], row[second]) for row in self.table.rows)

    def _approvals(self, fields: Raw) -> Pile:
        """The short way for what most files hold: names between commas, without spaces, none twice."""
        try:
            named = sorted(map(self.numbers.__getitem__, fields[0].split(",")))
        except KeyError:
            return self._pile(Kind.APPROVAL, fields)
        return (tuple(named), ()) if len(set(named)) == len(named) else self._pile(Kind.APPROVAL, fields)

    def _pile(self, kind: Kind, fields: Raw) -> Pile:
        names = listed(fields[0])
        try:
            named = [self.numbers[name] for name in names]
        except KeyError as wrong:
            unknown = f"a vote for {wrong.args[0]!r}, which is not among the projects"
            raise BadFile(self._line(fields), unknown) from None
        if kind is Kind.APPROVAL:
            once = tuple(sorted(set(named)))
            self.repeated += len(once) < len(named)
            return once, ()
        marks = self._marks(fields, named)
        if len(set(named)) < len(named):
            self.repeated += 1
            first = {number: place for place, number in reversed(list(enumerate(named)))}
            keep = sorted(first.values())
            named, marks = [named[place] for place in keep], [marks[place] for place in keep] if marks else []
        return (tuple(named), tuple(marks)) if kind is Kind.RANKING else _by_number(named, marks)

    def _marks(self, fields: Raw, named: Sequence[int]) -> list[Number]:
        if self.points is None:
            return []
        try:
            marks = [self._mark(part) for part in listed(fields[1])]
        except ValueError as wrong:
            raise BadFile(self._line(fields), f"points: {wrong}") from wrong
        if len(marks) != len(named):
            raise BadFile(self._line(fields), f"{len(named)} projects and {len(marks)} points on one ballot")
        return marks

    def _mark(self, word: str) -> Number:
        if not self.grades:
            return exact(word)
        if word not in self.grades:
            raise ValueError(f"{word[:40]!r} is none of the grades")
        return self.grades.index(word)

    def _line(self, fields: Raw) -> int:
        """Where those fields stand first."""
        for number, row in enumerate(self.table.rows):
            if row[self.vote] == fields[0] and (not fields[1] or self.points is None or row[self.points] == fields[1]):
                return self.table.line(number)
        return 0

    def _default(self) -> Number:
        said = self.facts.get("default_score", "")
        return exact(said) if said.strip() else 0

    def _places(self, piles: Iterable[Pile]) -> int:
        """How many places a ranking has: as META says, at least as many as the longest one has."""
        said = self.facts.get("max_length", "")
        stated = int(said) if said.isdigit() else len(self.numbers)
        return max([stated, *(len(choice) for choice, _ in piles)])

    def _places_say_all(self, piles: Iterable[Pile], places: int) -> bool:
        return all(list(marks) == [places - place for place in range(len(choice))] for choice, marks in piles)

    def _lengths(self, piles: Counter[Pile]) -> None:
        """Ballots that are shorter or longer than META allows are counted as the file has them, and told."""
        for key, wrong, word in (("max_length", int.__gt__, "more"), ("min_length", int.__lt__, "fewer")):
            said = self.facts.get(key, "")
            if said.isdigit():
                limit = int(said)
                odd = sum(count for (choice, _), count in piles.items() if wrong(len(choice), limit))
                if odd:
                    self.notes.append(f"{odd} ballots name {word} than {said} projects ({key}); they are counted.")


def _by_number(named: Sequence[int], marks: Sequence[Number]) -> Pile:
    pairs = sorted(zip(named, marks, strict=True))
    return tuple(number for number, _ in pairs), tuple(simple(mark) for _, mark in pairs)
