"""The rule of the result in words: a plain sentence for every setting, which the room can read before the vote."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ideathon.core.tally import Blend, Missing, Scope

from .models import Formula
from .words import breaker

SIDES: dict[str, Any] = {
    Blend.POINTS: _l("Residents' points: the idea with the most votes gets 100, the others in proportion to their "
                     "votes."),
    Blend.SHARE: _l("Residents' points: how many of a hundred counted ballots name the idea."),
    Blend.RANK: _l("Jury and residents each put the ideas in an order: the first gets 100, the last 0, the others lie "
                   "evenly between, and equal ones share the average place."),
    Blend.SEPARATE: _l("The audience prize goes to the idea with the most votes among those that can win."),
}
BLENDS: dict[str, Any] = {
    Blend.POINTS: _l("By points: the idea with the most votes gets 100 from the residents"),
    Blend.SHARE: _l("By share: each idea gets from the residents the share of ballots that name it"),
    Blend.RANK: _l("By rank: each side puts the ideas in an order"),
    Blend.SEPARATE: _l("Two prizes: the jury chooses the winner, the residents an audience prize"),
}
RECUSALS: dict[str, Any] = {
    Scope.IDEA: _l("A juror with a conflict of interest does not score that idea."),
    Scope.CHALLENGE: _l("A juror with a conflict of interest scores no idea of the same challenge."),
    Scope.EVENT: _l("A juror with a conflict of interest scores no idea at all."),
}
MISSING: dict[str, Any] = {
    Missing.LEAVE_OUT: _l("A juror's sheet that is not complete does not count."),
    Missing.BAR: _l("An idea has no place when a juror who may score it left the sheet incomplete."),
    Missing.LOWEST: _l("Points that a juror left out count as the lowest of the scale."),
}


def formula(rule: Formula) -> list[str]:
    """How the result is made, sentence by sentence."""
    return [
        _weights(rule),
        _("Jury points are the mean of all jurors without a conflict of interest, weighed by criterion, out of 100."),
        str(SIDES[rule.blend]),
        _jury_needed(rule),
        *_votes_needed(rule),
        str(MISSING[rule.missing]),
        str(RECUSALS[rule.recusal_scope]),
        _ties(rule),
    ]


def _weights(rule: Formula) -> str:
    if rule.blend == Blend.SEPARATE:
        return _("There are two prizes: the jury's points choose the winner, the residents' votes an audience prize.")
    return _("The jury counts for %(jury)s %%, the residents' votes for %(residents)s %%.", jury=rule.jury_weight,
             residents=rule.resident_weight)


def _jury_needed(rule: Formula) -> str:
    if not rule.threshold:
        return ngettext("To win, an idea needs the sheets of at least %(num)s juror.",
                        "To win, an idea needs the sheets of at least %(num)s jurors.", rule.min_jurors)
    return ngettext("To win, an idea needs at least %(points)s jury points and the sheets of at least %(num)s juror.",
                    "To win, an idea needs at least %(points)s jury points and the sheets of at least %(num)s jurors.",
                    rule.min_jurors, points=rule.threshold)


def _votes_needed(rule: Formula) -> list[str]:
    said = []
    if rule.threshold_votes:
        said.append(ngettext("To win, an idea also needs at least %(num)s vote.",
                             "To win, an idea also needs at least %(num)s votes.", rule.threshold_votes))
    if rule.quorum:
        said.append(ngettext("No idea wins unless at least %(num)s ballot is counted.",
                             "No idea wins unless at least %(num)s ballots are counted.", rule.quorum))
    return said


def _ties(rule: Formula) -> str:
    if not rule.tie_order:
        return _("Ideas with equal points share the place.")
    order = ", ".join(breaker(name) for name in rule.tie_order)
    return _("Equal points are parted, in this order, by: %(order)s.", order=order)
