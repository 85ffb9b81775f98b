"""What a file says of itself: the rule and its settings, the winners that were recorded, and what it leaves out."""

from dataclasses import dataclass, replace
from fractions import Fraction
from unicodedata import combining, normalize

from ideathon.core.tally.choosing import Completion, CountSettings, ElectionRule, Unaffordable, Utility
from ideathon.core.tally.counting import count
from ideathon.core.tally.election import Election, Kind, points
from ideathon.core.tally.files.tables import BadFile, Tables, exact, listed
from ideathon.core.tally.files.votes import kind_of
from ideathon.core.tally.remarks import Remark, gettext
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Number

POZNAN = Fraction(4, 5)     # the first that does not fit is still funded when so much of its cost is left
EXCLUSIVE = gettext("The file's rule lets one project shut out another, and the file does not say which: they are "
                    "counted by plain greedy.")
CUSTOM = gettext("The file's rule is a city's own, told at most in its comment: counted by plain greedy.")
COMPARED = gettext("The file's rule then compares with greedy and may take that result instead; this step is left out "
                   "here.")


LEFT_OPEN = {"greedy-exclusive": EXCLUSIVE, "greedy-custom": CUSTOM}
COMPARISON = "-comparison"
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
    """The rule by its name, its settings, and sentences on what the file leaves open."""

    rule: str
    settings: CountSettings
    notes: tuple[str, ...] = ()


def stated(tables: Tables) -> Stated:
    """How the file says that it was counted. Raises `BadFile` for settings that are no numbers.

    Source: Pabulib's `rule` and `min_project_score_threshold`; Poznań's own rule as its regulations have it.
    """
    facts, kind = tables.facts, kind_of(tables)
    said = facts.get("rule", "").strip()
    settings = CountSettings(threshold=_number(tables, "min_project_score_threshold"))
    name = _plain(said)
    base, _, form = name.removesuffix(COMPARISON).partition("/")
    rule = SPELT.get(base, base)
    limited = _limited(tables, settings)
    if rule not in ELECTION_RULES or kind not in ELECTION_RULES[rule].kinds:
        default = DEFAULT.get(kind, "greedy")
        return Stated(default, limited, (_not_followed(said, rule, default),))
    if rule == "equal-shares":
        completion = Completion.ADD_ONE if form.startswith("add1") else Completion.NONE
        notes = (COMPARED,) if name.endswith(COMPARISON) else ()
        return Stated(rule, replace(settings, utility=Utility.COST, completion=completion), notes)
    if name == "greedy-no-skip":
        return Stated(rule, replace(limited, on_unaffordable=Unaffordable.STOP))
    if name == "greedy-custom" and facts.get("unit") == "Poznań":
        return Stated(rule, replace(limited, on_unaffordable=Unaffordable.STOP, last_part=POZNAN))
    return Stated(rule, limited, (LEFT_OPEN[name],) if name in LEFT_OPEN else ())


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


def _limited(tables: Tables, settings: CountSettings) -> CountSettings:
    """Amsterdam's limits for categories and neighborhoods, and what it does with money left over."""
    categories = _shares(tables, "categories", "budget_per_category")
    districts = (_shares(tables, "neighborhoods", "budget_per_neighborhood")
                 or _shares(tables, "neighbourhoods", "budget_per_neighbourhood"))
    left_over = tables.facts.get("leftover_budget", "").lower()
    stop = Unaffordable.STOP if categories or districts or left_over else settings.on_unaffordable
    return replace(settings, category_budgets=categories, district_budgets=districts, on_unaffordable=stop,
                   fill=left_over.startswith("fund additional"))


def _shares(tables: Tables, names: str, sums: str) -> dict[str, Number]:
    """Two lists in the same order: names, and what each may cost."""
    keys, amounts = (listed(tables.facts.get(key, "").strip("[]")) for key in (names, sums))
    if not amounts:
        return {}
    line = tables.meta_lines.get(sums, 0)
    if len(keys) != len(amounts):
        raise BadFile(line, gettext(
            "%(sums)s and %(names)s are not equally long: %(amounts)s amounts, %(keys)s names", sums=sums, names=names,
            amounts=len(amounts), keys=len(keys)))
    try:
        return {name.strip("'\" "): exact(part) for name, part in zip(keys, amounts, strict=True)}
    except ValueError as wrong:
        raise BadFile(line, gettext("%(key)s: %(wrong)s", key=sums, wrong=wrong.args[0])) from wrong


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the city recorded: winners by the rule (`selected` 1), and projects funded otherwise (2 or 3)."""

    winners: frozenset[str]
    otherwise: frozenset[str]


def recorded(tables: Tables) -> Recorded | None:
    """The recorded winners; None when the file does not tell any."""
    table = tables.projects
    name, place = table.column("project_id"), table.column("selected")
    if name is None or place is None:
        return None
    said = {row[name].strip(): row[place].strip() for row in table.rows}
    winners = frozenset(project for project, mark in said.items() if mark == "1")
    return Recorded(winners, frozenset(project for project, mark in said.items() if mark not in ("", "0", "1")))


def left_out(given: Election, rule: ElectionRule, settings: CountSettings, wanted: frozenset[str]) -> tuple[str, ...]:
    """Which settings that the file does not state would give the recorded winners; each is tried by counting."""
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
    return (gettext("a threshold above %(low)s and up to %(least)s", low=low, least=least),)
