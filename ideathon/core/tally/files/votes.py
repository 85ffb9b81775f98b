"""The rows of VOTES made ballots: equal fields are read once, and every name and number is checked."""

from collections import Counter
from collections.abc import Sequence

from ideathon.core.tally.election import Ballots, Kind, Project, simple
from ideathon.core.tally.files.tables import BadFile, Table, Tables, exact, listed
from ideathon.core.tally.remarks import Remark, gettext, ngettext
from ideathon.core.tally.settings import Number

KINDS = {"approval": Kind.APPROVAL, "choose-1": Kind.APPROVAL, "ordinal": Kind.RANKING, "cumulative": Kind.POINTS,
         "scoring": Kind.POINTS, "grades": Kind.GRADES}
"""What Pabulib calls the ways of voting; and grades in words, which it has not: META lists them as `grades`, the worst
first, and they stand in the column `points`."""
MARKED = (Kind.POINTS, Kind.GRADES)
Raw = tuple[str, str]           # the fields `vote` and `points` of a row
Pile = tuple[tuple[int, ...], tuple[Number, ...]]


def kind_of(tables: Tables) -> Kind:
    """The way of voting that META names. Raises `BadFile` for an unknown one, and for grades that are not listed."""
    said = tables.facts.get("vote_type", "approval").lower()
    if said not in KINDS:
        raise BadFile(tables.line_of("vote_type"), gettext("vote_type is '%(said)s', and known are %(known)s",
                                                           said=said, known=", ".join(KINDS)))
    if KINDS[said] is Kind.GRADES and len(set(listed(tables.facts.get("grades", "")))) < 2:
        raise BadFile(tables.line_of("vote_type"),
                      gettext("META lists no grades: add a line grades;WORST,…,BEST"))
    return KINDS[said]


class Votes:
    """The ballots of one table of votes, and what in them looks odd. Raises `BadFile` for what cannot be counted."""

    def __init__(self, tables: Tables, table: Table, projects: Sequence[Project]) -> None:
        self.tables, self.table = tables, table
        self.kind = kind_of(tables)
        self.approvals = self.kind is Kind.APPROVAL
        self.numbers = {project.id: number for number, project in enumerate(projects)}
        self.vote = table.names.index("vote")
        self.points = table.column("points")
        self.grades = tuple(listed(tables.facts.get("grades", ""))) if self.kind is Kind.GRADES else ()
        self.cumulative = tables.facts.get("vote_type", "").lower() == "cumulative" and not _below_0(tables)
        self.named_twice: list[Raw] = []
        self.open_lists: list[Raw] = []
        self.raw = self._raw()
        self.piles: Counter[Pile] = Counter()

    def ballots(self, notes: list[Remark]) -> Ballots:
        """All ballots of that kind, equal ones once; `notes` gets what looks odd."""
        kind = self.kind
        if kind in MARKED and self.points is None:
            raise BadFile(self.table.head, gettext("VOTES has no column points, and with this vote_type each vote "
                                                   "gives points"))
        read, found = self.read, self.piles
        for fields, count in self.raw.items():
            found[read(fields)] += count
        if self.named_twice:
            line = str(self.line(self.named_twice[0]))
            notes.append(ngettext("%(num)s ballot names a project twice (line %(line)s); it is counted once.",
                                  "%(num)s ballots name a project twice (first on line %(line)s); it is counted once.",
                                  sum(self.raw[fields] for fields in self.named_twice), line=line))
        if self.open_lists:
            notes.append(ngettext("%(num)s ballot ends with a comma (line %(line)s), after which no project is named.",
                                  "%(num)s ballots end with a comma (first on line %(line)s), after which no project "
                                  "is named.", sum(self.raw[fields] for fields in self.open_lists),
                                  line=str(self.line(self.open_lists[0]))))
        piles, places = self.piles, self._places()
        if kind is Kind.RANKING and self.points is not None and not self._places_say_all(places):
            kind = Kind.POINTS
            notes.append(gettext("The points beside the rankings are not those of their places; the points are "
                                 "counted."))
        return Ballots(kind, [choice for choice, _ in piles], list(piles.values()),
                       [marks for _, marks in piles] if kind in MARKED else (),
                       unnamed=(self.tables.number("default_score") or 0) if kind is Kind.POINTS else 0,
                       places=places, grades=self.grades)

    def read(self, fields: Raw) -> Pile:
        """One ballot. The short way is for what most files hold: names between commas, without spaces, none twice."""
        if not self.approvals:
            return self._pile(self.kind, fields)
        try:
            named = sorted(map(self.numbers.__getitem__, fields[0].split(",")))
        except KeyError:
            return self._pile(Kind.APPROVAL, fields)
        return (tuple(named), ()) if len(set(named)) == len(named) else self._pile(Kind.APPROVAL, fields)

    def line(self, fields: Raw) -> int:
        """Where those fields stand first."""
        for number, row in enumerate(self.table.rows):
            if row[self.vote] == fields[0] and (not fields[1] or self.points is None or row[self.points] == fields[1]):
                return self.table.line(number)
        return 0

    def _raw(self) -> Counter[Raw]:
        if self.points is None or self.kind is Kind.APPROVAL:
            place = self.vote
            return Counter((row[place], "") for row in self.table.rows)
        first, second = self.vote, self.points
        return Counter((row[first], row[second]) for row in self.table.rows)

    def _pile(self, kind: Kind, fields: Raw) -> Pile:
        names = listed(fields[0])
        if len(names) > 1 and not names[-1]:
            names.pop()
            self.open_lists.append(fields)
        if "" in names:
            raise BadFile(self.line(fields), gettext("this vote has a comma with no project before it"))
        try:
            named = [self.numbers[name] for name in names]
        except KeyError as wrong:
            raise BadFile(self.line(fields), gettext("a vote for '%(name)s', which is not among the projects",
                                                     name=wrong.args[0])) from None
        if kind is Kind.APPROVAL:
            once = tuple(sorted(set(named)))
            if len(once) < len(named):
                self.named_twice.append(fields)
            return once, ()
        marks = self._marks(fields, named)
        if len(set(named)) < len(named):
            self.named_twice.append(fields)
            first = {number: place for place, number in reversed(list(enumerate(named)))}
            keep = sorted(first.values())
            named, marks = [named[place] for place in keep], [marks[place] for place in keep] if marks else []
        return (tuple(named), tuple(marks)) if kind is Kind.RANKING else by_number(named, marks)

    def _marks(self, fields: Raw, named: Sequence[int]) -> list[Number]:
        if self.points is None:
            return []
        try:
            parts = listed(fields[1])
            if len(parts) == len(named) + 1 and not parts[-1]:
                parts.pop()         # both lists end with a comma, or this one does
            marks = [self._mark(part) for part in parts]
        except ValueError as wrong:
            raise BadFile(self.line(fields), gettext("points: %(wrong)s", wrong=wrong.args[0])) from wrong
        if len(marks) != len(named):
            raise BadFile(self.line(fields), gettext("%(projects)s projects and %(points)s points on one ballot: each "
                                                     "project needs its own", projects=len(named), points=len(marks)))
        if self.cumulative and "-" in fields[1] and min(marks) < 0:
            raise BadFile(self.line(fields), gettext(
                "a cumulative ballot shares points out, and this one takes some away (%(points)s)", points=min(marks)))
        return marks

    def _mark(self, word: str) -> Number:
        if not self.grades:
            return exact(word)
        if word not in self.grades:
            raise ValueError(gettext("'%(said)s' is none of the grades", said=word))
        return self.grades.index(word)

    def _places(self) -> int:
        """How many places a ranking has: as META says, at least as many as the longest one has."""
        if self.kind is not Kind.RANKING:
            return len(self.numbers)
        said = self.tables.whole("max_length")
        return max([len(self.numbers) if said is None else said, *(len(choice) for choice, _ in self.piles)])

    def _places_say_all(self, places: int) -> bool:
        return all(list(marks) == [places - place for place in range(len(choice))] for choice, marks in self.piles)


def _below_0(tables: Tables) -> bool:
    """Whether META allows points below 0."""
    try:
        return (tables.number("min_points") or 0) < 0
    except BadFile:         # a bound that is no number is told beside the others, and allows nothing
        return False


def by_number(named: Sequence[int], marks: Sequence[Number]) -> Pile:
    """Projects in the order of their numbers, each with its mark."""
    pairs = sorted(zip(named, marks, strict=True))
    return tuple(number for number, _ in pairs), tuple(simple(mark) for _, mark in pairs)


__all__ = ["KINDS", "MARKED", "Pile", "Raw", "Votes", "by_number", "kind_of"]
