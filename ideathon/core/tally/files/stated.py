"""What a file says of itself: the rule and its settings, the winners that were recorded, and what it leaves out."""

from dataclasses import dataclass, replace
from fractions import Fraction
from unicodedata import combining, normalize

from ideathon.core.tally.choosing import Completion, CountSettings, ElectionRule, Unaffordable, Utility
from ideathon.core.tally.counting import count
from ideathon.core.tally.election import Election, Kind, points
from ideathon.core.tally.files.limits import Limited, limited
from ideathon.core.tally.files.tables import BadFile, Tables, exact
from ideathon.core.tally.files.votes import kind_of
from ideathon.core.tally.remarks import Remark, gettext, ngettext
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Number

POZNAN = Fraction(4, 5)     # the first that does not fit is still funded when so much of its cost is left
EXCLUSIVE = gettext("The file's rule lets one project shut out another, and the file does not say which: they are "
                    "counted by plain greedy.")
CUSTOM = gettext("The file's rule is a city's own, told at most in its comment: counted by plain greedy.")
EXCLUSIVE_LIMITED = gettext("The file's rule lets one project shut out another, and the file does not say which: they "
                            "are counted by greedy, with what META states of limits and of money left over.")
CUSTOM_LIMITED = gettext("The file's rule is a city's own, told at most in its comment: counted by greedy, with what "
                         "META states of limits and of money left over.")
COMPARED = gettext("The file's rule then compares with greedy and may take that result instead; this step is left out "
                   "here.")


LEFT_OPEN = {"greedy-exclusive": (EXCLUSIVE, EXCLUSIVE_LIMITED), "greedy-custom": (CUSTOM, CUSTOM_LIMITED)}
FILLING = ("greedy", "greedy-per-cost")             # the rules that may give out what is left in a second pass
COMPARISON = "-comparison"
MARKS = {"": 0, "false": 0, "true": 1}
DEFAULT = {Kind.GRADES: "majority-judgement"}       # of ballots that greedy cannot read
SPELT = {
    **dict.fromkeys(("greedy-threshold", "greedy-no-skip", "greedy-exclusive", "greedy-custom", "greedy-av"), "greedy"),
    **dict.fromkeys(("equalshares", "mes", "method-of-equal-shares", "rule-x"), "equal-shares"),
    **dict.fromkeys(("sequential-phragmen", "seq-phragmen", "seqphragmen"), "phragmen"),
    **dict.fromkeys(("first-past-the-post", "fptp"), "plurality"), "approval-voting": "approval",
    **dict.fromkeys(("score-voting", "range", "range-voting"), "score"), "borda-count": "borda",
    **dict.fromkeys(("majority-judgment", "mj"), "majority-judgement"),
    **dict.fromkeys(("instant-runoff", "instant-run-off", "instant-runoff-voting", "ranked-choice",
                     "ranked-choice-voting", "rcv", "alternative-vote", "alternative-voting"), "irv"),
    **dict.fromkeys(("run-off", "star", "contingent-vote"), "runoff"),
    **dict.fromkeys(("schulze-method", "beatpath"), "schulze"), "tideman": "ranked-pairs",
    **dict.fromkeys(("greedy-by-cost", "greedy-cost"), "greedy-per-cost"),
}
"""Other spellings of our rules, as `_plain` leaves them."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The rule by its name, its settings, sentences on what the file leaves open, and such on its limits."""

    rule: str
    settings: CountSettings
    notes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()        # by whatever rule it is counted


def stated(tables: Tables) -> Stated:
    """How the file says that it was counted. Raises `BadFile` for settings that are no numbers.

    Source: Pabulib's `rule` and `min_project_score_threshold`; Poznań's own rule as its regulations have it.
    """
    found = limited(tables)
    settings = CountSettings(threshold=_number(tables, "min_project_score_threshold"))
    return replace(_by_rule(tables, settings, found), limits=found.notes)


def _by_rule(tables: Tables, settings: CountSettings, found: Limited) -> Stated:
    """The rule that the file names, and what it says of it."""
    facts, kind = tables.facts, kind_of(tables)
    said = facts.get("rule", "").strip()
    name = _plain(said)
    base, _, form = name.removesuffix(COMPARISON).partition("/")
    rule = SPELT.get(base, base)
    full = _limited(tables, settings, found)
    if rule not in ELECTION_RULES or kind not in ELECTION_RULES[rule].kinds:
        default = DEFAULT.get(kind, "greedy")
        return Stated(default, full, (_not_followed(said, rule, default),))
    notes = () if rule in FILLING or not full.fill else (gettext(
        "What the file says of money left over (leftover_budget) means nothing to the rule %(rule)s, and changed "
        "nothing.", rule=rule),)
    if rule == "equal-shares":
        shared = replace(settings, category_budgets=found.categories, district_budgets=found.districts,
                         utility=Utility.COST,
                         completion=Completion.ADD_ONE if form.startswith("add1") else Completion.NONE)
        return Stated(rule, shared, (*notes, *((COMPARED,) if name.endswith(COMPARISON) else ())))
    if name == "greedy-no-skip":
        return Stated(rule, replace(full, on_unaffordable=Unaffordable.STOP))
    if name == "greedy-custom" and facts.get("unit") == "Poznań":
        return Stated(rule, replace(full, on_unaffordable=Unaffordable.STOP, last_part=POZNAN))
    if name in LEFT_OPEN:
        return Stated(rule, full, (LEFT_OPEN[name][full != settings],))
    return Stated(rule, full, notes)


def _plain(said: str) -> str:
    """The name in small letters without accents, its words parted by hyphens."""
    letters = "".join(letter for letter in normalize("NFD", said.lower()) if not combining(letter))
    return "-".join(letters.replace("_", " ").replace("-", " ").split())


def _not_followed(said: str, rule: str, default: str) -> Remark:
    if rule in ("", "unknown"):
        return gettext("The file does not state its rule: counted by %(rule)s.", rule=default)
    if rule not in ELECTION_RULES:
        return gettext("The file states the rule '%(said)s', which is none that is known here: counted by %(rule)s.",
                       said=said, rule=default)
    return gettext("The file states the rule '%(said)s', which cannot read its ballots: counted by %(rule)s.",
                   said=said, rule=default)


def _number(tables: Tables, key: str) -> Number:
    found = tables.number(key) or 0
    if found < 0:
        raise BadFile(tables.line_of(key), gettext("%(key)s is %(said)s, and must not be below 0", key=key, said=found))
    return found


def _limited(tables: Tables, settings: CountSettings, found: Limited) -> CountSettings:
    """Amsterdam's limits for categories and neighborhoods, and what it does with money left over."""
    left_over = tables.facts.get("leftover_budget", "").lower()
    stop = Unaffordable.STOP if found.categories or found.districts or left_over else settings.on_unaffordable
    return replace(settings, category_budgets=found.categories, district_budgets=found.districts, on_unaffordable=stop,
                   fill=left_over.startswith("fund additional"))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the city recorded: winners by the rule (`selected` 1), and projects that are not held against it: funded
    otherwise (2 or 3), or marked in a way that nobody knows, which `notes` tell."""

    winners: frozenset[str]
    otherwise: frozenset[str]
    notes: tuple[Remark, ...] = ()


def recorded(tables: Tables) -> Recorded | None:
    """The recorded winners; None when the file does not tell any."""
    table = tables.projects
    name, place = table.column("project_id"), table.column("selected")
    if name is None or place is None:
        return None
    marks = {row[name].strip(): _mark(row[place]) for row in table.rows}
    odd = [number for number, row in enumerate(table.rows) if _mark(row[place]) is None]
    notes = () if not odd else (ngettext(
        "The column selected has %(num)s mark that is not known here ('%(said)s', line %(line)s): this project is not "
        "held against the rule.",
        "The column selected has %(num)s marks that are not known here ('%(said)s', first on line %(line)s): these "
        "projects are not held against the rule.", len(odd), said=table.rows[odd[0]][place].strip(),
        line=str(table.line(odd[0]))),)
    return Recorded(frozenset(project for project, mark in marks.items() if mark == 1),
                    frozenset(project for project, mark in marks.items() if mark not in (0, 1)), notes)


def _mark(said: str) -> int | None:
    """`selected` as 0 to 3; None for what is none of these."""
    word = said.strip().lower()
    if word in MARKS:
        return MARKS[word]
    try:
        value = exact(word)
    except ValueError:
        return None
    return int(value) if value in (0, 1, 2, 3) else None


def left_out(given: Election, rule: ElectionRule, settings: CountSettings, wanted: frozenset[str]) -> tuple[str, ...]:
    """Which settings that the file leaves out or states otherwise would give the recorded winners; each is tried."""
    if not wanted:
        return ()
    cost = sum(given.projects[given.numbers[name]].cost for name in wanted)
    stop = replace(settings, on_unaffordable=Unaffordable.STOP)
    guesses = [(gettext("an envelope of %(cost)s instead of %(budget)s", cost=cost, budget=given.budget), settings,
                cost)]
    if settings.on_unaffordable is Unaffordable.SKIP:
        guesses += [
            (gettext("a count that ends at the first project that no longer fits"), stop, given.budget),
            (gettext("a count that ends there and funds that project when four fifths of its cost are left"),
             replace(stop, last_part=POZNAN), given.budget)]
    found = [sentence for sentence, changed, envelope in guesses
             if _gives(Election(given.projects, given.ballots, envelope), rule, changed, wanted)]
    return (*_threshold(given, rule, settings, wanted), *found)


def _gives(given: Election, rule: ElectionRule, settings: CountSettings, wanted: frozenset[str]) -> bool:
    found = count(given, rule, settings)
    return found.decided and set(found.winners) == wanted


def _threshold(given: Election, rule: ElectionRule, settings: CountSettings, wanted: frozenset[str]) -> tuple[str, ...]:
    """From the least of the recorded winners down to where another project would win."""
    sums = points(given)
    least = min(sums[given.numbers[name]] for name in wanted)
    if not _gives(given, rule, replace(settings, threshold=least), wanted):
        return ()
    below = sorted({value for value in sums if 0 < value < least}, reverse=True)
    low = next((value for value in below if not _gives(given, rule, replace(settings, threshold=value), wanted)), 0)
    if settings.threshold:
        return (gettext("a threshold above %(low)s and up to %(least)s instead of %(said)s", low=low, least=least,
                        said=settings.threshold),)
    return (gettext("a threshold above %(low)s and up to %(least)s", low=low, least=least),)
