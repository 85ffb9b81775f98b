"""The sentences of funding: why an award is refused, what speaks against a body's deciding, states in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ideathon.core.tally import ShareCode, ShareProblem, rounded
from ideathon.errors import Refused
from ideathon.web.pages import money, num2
from ideathon.web.words import sentence

STATES: dict[str, Any] = {
    "planned": _l("planned"), "evidence_in": _l("evidence handed in"), "accepted": _l("accepted"), "late": _l("late"),
    "waived": _l("waived"),
}
SECTORS: dict[str, Any] = {
    "public": _l("Public sector"), "private": _l("Private sector"), "civil_society": _l("Civil society"),
}


def refusal(refused: Refused) -> str:
    """The sentence of a refusal, with its sum by the reader's custom."""
    cents = refused.facts.get("cents")
    sum_ = money(cents) if cents is not None else ""
    with_sums = {
        "over_envelope": _("The award cannot be above the event's envelope: at most %(sum)s.", sum=sum_),
        "over_remainder": _("The project has only %(sum)s left for awards.", sum=sum_),
        "milestones_over_award": _("The milestones together cannot be above the award: %(sum)s is left.", sum=sum_),
    }
    return with_sums.get(refused.code) or sentence(refused.code)


def problem(one: ShareProblem) -> str:
    """What speaks against the body's deciding about an idea."""
    if one.code is ShareCode.NO_QUORUM:
        return ngettext("No quorum: %(num)s juror may vote, and at least %(limit)s are needed.",
                        "No quorum: %(num)s jurors may vote, and at least %(limit)s are needed.",
                        int(one.have), limit=one.limit)
    share = num2(rounded(one.have))
    if one.code is ShareCode.NON_PUBLIC_UNDER:
        return _("Votes outside the public sector are %(share)s %%; at least %(limit)s %% are needed.", share=share,
                 limit=one.limit)
    sector = SECTORS.get(one.sector) or one.sector or _("Members without a sector")
    return _("%(sector)s holds %(share)s %% of the votes; at most %(limit)s %% are allowed.", sector=sector,
             share=share, limit=one.limit)


def milestone_state(state: str) -> str:
    """A milestone's state."""
    return str(STATES.get(state, state))
