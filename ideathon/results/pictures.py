"""The small picture beside each reason: what the idea had, and the line that it had to pass; as plain facts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ideathon.core import tally

HUNDRED = 100
POINTS = frozenset({"points", "first", "jury"})         # kinds that are out of a hundred; the others are counted


def picture(outcome: tally.Outcome, own: tally.Standing) -> dict[str, Any]:
    """Kind, what the idea had and the line (None: nothing to pass), with `bar` and `mark` in per cent of the width.

    An idea that cannot win is held against the condition that it lacks, the first against the next that can win, and
    every other against the first. Points are decimal strings, votes, ballots and sheets are whole numbers.
    """
    kind, had, line = _barred(outcome, own) if own.bar else _against(outcome, own)
    whole = Fraction(HUNDRED) if kind in POINTS else max(had, line or Fraction(1)) * Fraction(5, 4)
    return {"kind": kind, "had": _said(kind, had, line), "line": None if line is None else _said(kind, line, had),
            "passed": line is None or had >= line, "bar": _width(had, whole),
            "mark": None if line is None else _width(line, whole)}


def _against(outcome: tally.Outcome, own: tally.Standing) -> tuple[str, Fraction, Fraction | None]:
    able = [one for one in outcome.standings if one.eligible and one.idea != own.idea]
    first = own.idea in outcome.winners
    return "first" if first else "points", own.combined, able[0].combined if able else None


def _barred(outcome: tally.Outcome, own: tally.Standing) -> tuple[str, Fraction, Fraction | None]:
    rule, bar = outcome.settings, own.bar
    if bar is tally.Bar.TOO_FEW_JURORS:
        full = rule.full_sheets(own.jurors_counted, own.jurors_missing)
        return "sheets", Fraction(full), Fraction(rule.min_jurors)
    if bar is tally.Bar.SHEETS_MISSING:
        return "sheets", Fraction(own.jurors_counted), Fraction(own.jurors_counted + own.jurors_missing)
    if bar is tally.Bar.NO_QUORUM:
        return "ballots", Fraction(outcome.ballots or 0), Fraction(rule.quorum)
    if bar is tally.Bar.BELOW_VOTES:
        return "votes", Fraction(own.votes), Fraction(rule.threshold_votes)
    if bar is tally.Bar.BELOW_THRESHOLD:
        return "jury", own.jury, Fraction(rule.threshold_jury)
    return "condition", Fraction(0), Fraction(1)        # the median of the condition is 0, and must be above it


def _said(kind: str, value: Fraction, other: Fraction | None) -> str:
    """Two numbers that differ are told so that they do."""
    if kind not in POINTS:
        return tally.rounded(value, 0)
    return tally.rounded(value) if other is None else tally.apart(value, other)


def _width(value: Fraction, whole: Fraction) -> str:
    return tally.rounded(100 * value / whole)


def podium(places: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """So many places, best first, as fit on a screen; a winner and a prize are among them, whatever their place."""
    prized = [one["ref"] for one in places if one["won"] or one["audience"]]
    others = [one["ref"] for one in places if one["ref"] not in prized][:max(0, most - len(prized))]
    return [one for one in places if one["ref"] in prized or one["ref"] in others]
