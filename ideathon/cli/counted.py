"""What a count says: as JSON for programs, and as a page of text for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ideathon.core.tally.choosing import CountSettings, Verdict
from ideathon.core.tally.counting import Count, Tallied
from ideathon.core.tally.election import Election
from ideathon.core.tally.files.firm import Recount
from ideathon.core.tally.files.stated import Recorded
from ideathon.core.tally.settings import Number

from .count_say import printable
from .count_words import Change, Words

BAR = 24                # characters of the longest bar
DIGITS = 15             # of a decimal number that a reader of JSON gets without loss


@dataclass(frozen=True)
class Counted:
    """A file, its election, what came out, and what the file itself says of it."""

    file: str
    election: Election
    count: Count
    notes: tuple[str, ...]
    recorded: Recorded | None
    changes: dict[str, Change]
    recounts: tuple[Recount, ...]


def number(value: Number) -> int | float | str:
    """An exact number for JSON: whole, or decimal where that loses nothing, else "3/7"."""
    if isinstance(value, int) or value.denominator == 1:
        return int(value)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    near = float(value)
    return near if rest == 1 and Fraction(repr(near)) == value else f"{value.numerator}/{value.denominator}"


def plain(value: Any) -> Any:
    """Facts of a step or setting as JSON has them."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | Fraction):
        return number(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence | frozenset | set):
        return [plain(each) for each in value]
    return str(value)


def settings_data(settings: CountSettings) -> dict[str, Any]:
    """Every setting by its name."""
    return {name: plain(getattr(settings, name)) for name in settings.__dataclass_fields__}


def as_data(found: Counted) -> dict[str, Any]:
    """The count as one JSON object."""
    counted = found.count
    data = {
        "file": found.file, "rule": counted.rule, "settings": settings_data(counted.settings),
        "budget": number(counted.budget) if counted.budget else None,       # a contest with one winner has none
        "spent": number(counted.spent), "winners": list(counted.winners),
        "standings": [_standing(each, found.changes.get(each.id)) for each in counted.standings],
        "ties": [{"projects": list(tie.projects), "by": tie.by and str(tie.by), "first": tie.first if tie.by else None}
                 for tie in counted.ties],
        "steps": [{"kind": step.kind, "project": step.project, **plain(step.facts)} for step in counted.steps],
        "decided": counted.decided, "possible": [list(each) for each in counted.possible],
        "all_ways": counted.all_ways, "ballots": found.election.ballots.cast, "notes": list(found.notes),
    }
    if found.recounts:
        data["firm"] = [{"without" if each.ballots else "by": {each.column: each.value}, "ballots": each.ballots,
                         "winners": list(each.winners), "decided": each.decided, "same": each.same}
                        for each in found.recounts]
    if found.recorded is not None:
        data["recorded"] = {"winners": sorted(found.recorded.winners), "otherwise": sorted(found.recorded.otherwise)}
    return data


def _standing(each: Tallied, change: Change | None) -> dict[str, Any]:
    more = {} if change is None else {"would_win_with": {
        **({"voters": plain(change.votes)} if change.voters_sought else {}),
        **({"cost": plain(change.cost)} if change.cost_sought else {})}}
    return {"id": each.id, "name": each.name, "cost": number(each.cost), "votes": each.votes,
            "points": number(each.points), "place": each.place, "selected": each.verdict is Verdict.WON,
            "verdict": str(each.verdict), **({"depends_on_tie": True} if each.open else {}), **more}


def as_text(found: Counted, language: str) -> str:
    """The count for a person: what was counted and how, then every project with its bar and its sentence."""
    words, counted = Words(language), found.count
    lines = [found.file, *words.head(counted, found.election), ""]
    changes = found.changes
    most = max((each.points for each in counted.standings), default=0)
    for each in counted.standings:
        mark = "*" if each.verdict is Verdict.WON else "?" if each.verdict is Verdict.TIED else " "
        bar = "█" * int(BAR * each.points / most) if most > 0 and each.points > 0 else ""
        lines.append(f"{mark} {each.place:>3}. {each.id} {each.name}".rstrip())
        lines.append(f"       {bar:<{BAR}} {words.measure(each, counted)}")
        lines.append(f"       {words.why(each, counted, changes.get(each.id))}")
    lines += ["", *words.ties(counted), *words.firm(counted, found.recounts), *map(words.told, found.notes)]
    return "\n".join(map(printable, lines)).rstrip() + "\n"


__all__ = ["Counted", "as_data", "as_text", "number", "plain", "settings_data"]
