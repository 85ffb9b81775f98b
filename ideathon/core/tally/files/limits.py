"""The limits that META states for categories and districts, matched with the groups that projects are in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ideathon.core.tally.files.tables import BadFile, Table, Tables, exact, listed
from ideathon.core.tally.remarks import Remark, gettext, ngettext
from ideathon.core.tally.settings import Number

CATEGORIES = ("category", "categories")
PLACES = ("neighborhood", "neighbourhood", "district", "subunit")
GROUPS = (*CATEGORIES, *PLACES)
"""The columns of PROJECTS that name groups; the first of each kind that is not empty counts."""
Shares = dict[str, Number]


@dataclass(frozen=True, slots=True)
class Limited:
    """What the projects of each category and each district may cost together, and what is odd about that."""

    categories: Shares = field(default_factory=dict)
    districts: Shares = field(default_factory=dict)
    notes: tuple[Remark, ...] = ()


def groups(said: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The categories of a project and its place, from the fields of its row by their columns."""
    kinds = next((said[name] for name in CATEGORIES if said.get(name)), "")
    return tuple(listed(kinds)), next((said[name] for name in PLACES if said.get(name)), "")


def limited(tables: Tables) -> Limited:
    """Amsterdam's limits. Raises `BadFile` for lists that do not fit together, and for a name that may mean several."""
    kinds, kinds_key = _shares(tables, ("categories",), ("budget_per_category",))
    places, places_key = _shares(tables, ("neighborhoods", "neighbourhoods"),
                                 ("budget_per_neighborhood", "budget_per_neighbourhood"))
    if not kinds and not places:
        return Limited()
    rows = _groups(tables.projects)
    notes: list[Remark] = []
    categories = _matched(kinds, [name for each, _ in rows for name in each], (kinds_key, tables), notes)
    districts = _matched(places, [place for _, place in rows], (places_key, tables), notes)
    _several(rows, categories, tables.projects, notes)
    return Limited(categories, districts, tuple(notes))


def _groups(table: Table) -> list[tuple[tuple[str, ...], str]]:
    places = {name: place for name in GROUPS if (place := table.column(name)) is not None}
    return [groups({name: row[place].strip() for name, place in places.items()}) for row in table.rows]


def _shares(tables: Tables, lists: Sequence[str], totals: Sequence[str]) -> tuple[Shares, str]:
    """Two lists in the same order, names and what each may cost; and the key of the amounts. Each in any spelling."""
    facts = tables.facts
    names = next((key for key in lists if facts.get(key)), lists[0])
    sums = next((key for key in totals if facts.get(key)), totals[0])
    keys, amounts = (listed(facts.get(key, "").strip("[]")) for key in (names, sums))
    if not amounts:
        return {}, sums
    line = tables.meta_lines.get(sums, 0)
    if len(keys) != len(amounts):
        raise BadFile(line, gettext(
            "%(sums)s and %(names)s are not equally long: %(amounts)s amounts, %(keys)s names", sums=sums, names=names,
            amounts=len(amounts), keys=len(keys)))
    found: Shares = {}
    for name, amount in zip((key.strip("'\" ") for key in keys), amounts, strict=True):
        try:
            limit = exact(amount)
        except ValueError as wrong:
            raise BadFile(line, gettext("%(key)s: %(wrong)s", key=sums, wrong=wrong.args[0])) from wrong
        if found.setdefault(name, limit) != limit:
            raise BadFile(line, gettext("%(key)s is given a second time, and differently", key=name))
    return found, sums


def _matched(said: Shares, named: Sequence[str], where: tuple[str, Tables], notes: list[Remark]) -> Shares:
    """The limits by the projects' own names: as they are written, else without regard to capitals and spaces."""
    known = [name for name in dict.fromkeys(named) if name]
    found = {name: limit for name, limit in said.items() if name in known}
    near: dict[str, list[str]] = {}
    for name in known:
        if name not in said:
            near.setdefault(_loosely(name), []).append(name)
    nothing = []
    line = where[1].line_of(where[0])
    for name, limit in said.items():
        meant = [] if name in known else near.get(_loosely(name), [])
        if len(meant) > 1 or (meant and meant[0] in found):
            raise BadFile(line, gettext("it cannot be told which projects the limit for '%(name)s' means: several "
                                        "names differ only in capitals or spaces", name=name))
        if meant:
            found[meant[0]] = limit
        elif name not in known:
            nothing.append(name)
    if nothing:
        notes.append(ngettext(
            "META has a limit for %(names)s (%(key)s, line %(line)s), and no project belongs there: it stops nothing.",
            "META has limits for %(names)s (%(key)s, line %(line)s), and no project belongs there: they stop nothing.",
            len(nothing), names=", ".join(nothing), key=where[0], line=str(line)))
    free = [name for name in known if name not in found]
    if free and found:
        notes.append(gettext("META has no limit for %(names)s (%(key)s, line %(line)s): only the budget limits these "
                             "projects.", names=", ".join(free), key=where[0], line=str(line)))
    return found


def _several(rows: Sequence[tuple[tuple[str, ...], str]], limits: Shares, table: Table, notes: list[Remark]) -> None:
    """Projects that count against several limits at once; a comma within one name would look the same."""
    odd = [number for number, (kinds, _) in enumerate(rows) if len({name for name in kinds if name in limits}) > 1]
    if odd:
        notes.append(ngettext(
            "%(num)s project is in several categories that have a limit (%(names)s; line %(line)s), for a comma parts "
            "categories: its cost counts against each.",
            "%(num)s projects are in several categories that have a limit (%(names)s; first on line %(line)s), for a "
            "comma parts categories: their costs count against each.", len(odd), names=", ".join(rows[odd[0]][0]),
            line=str(table.line(odd[0]))))


def _loosely(name: str) -> str:
    return " ".join(name.casefold().split())
