"""The sentences of the result: one plain sentence on every idea, and what parted equal ideas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale, gettext as _, lazy_gettext as _l, ngettext

from ideathon.core.tally import Breaker, Code
from ideathon.types import Text
from ideathon.web.language import say

Facts = Mapping[str, Any]

BREAKERS: dict[str, Any] = {
    Breaker.JURY: _l("more points from the jury"),
    Breaker.FIRST_CRITERION: _l("more points for the first criterion (none where fewer than three sheets are full)"),
    Breaker.VOTES: _l("more votes from residents"),
    Breaker.COST: _l("a lower sum asked for"),
    Breaker.EARLIER: _l("having been handed in earlier"),
    Breaker.LOT: _l("a lot drawn from the number that was published before the vote"),
}


def points(exact: str) -> str:
    """Points by the reader's custom, with all the decimals that they come with."""
    return str(format_decimal(Decimal(exact), format="0.00##########", locale=get_locale()))


def quoted(title: Text | None) -> str:
    """A title inside a sentence; marks that nobody sees keep its writing direction to itself."""
    return f"\u2068{say(title)}\u2069" if title else _("another idea")


def breaker(name: str) -> str:
    """What parted equal ideas."""
    return str(BREAKERS.get(name, name))


def _won_both(f: Facts, _other: str) -> str:
    if f.get("held_back"):
        return _("It won: residents gave it the most votes (%(votes)s), and the jury scored it highest of the ideas "
                 "that can win.", votes=f["votes"])
    return _("It won: residents gave it the most votes (%(votes)s), and the jury scored it highest.", votes=f["votes"])


def _won_most_votes(f: Facts, _other: str) -> str:
    if f.get("held_back"):
        return _("It won because residents gave it the most votes (%(votes)s); of the ideas that can win the jury put "
                 "none first alone.", votes=f["votes"])
    return _("It won because residents gave it the most votes (%(votes)s); the jury had no single favourite.",
             votes=f["votes"])


def _won_despite_jury(f: Facts, other: str) -> str:
    if f.get("held_back"):
        return _("It won because residents gave it the most votes (%(votes)s), although the jury scored “%(other)s” "
                 "highest of the ideas that can win.", votes=f["votes"], other=other)
    return _("It won because residents gave it the most votes (%(votes)s), "
             "although the jury scored “%(other)s” highest.", votes=f["votes"], other=other)


def _won_top_jury(f: Facts, _other: str) -> str:
    if f.get("held_back"):
        return _("It won because the jury scored it highest of the ideas that can win; no idea alone had the most "
                 "votes.")
    return _("It won because the jury scored it highest; no idea alone had the most votes.")


def _won_despite_votes(f: Facts, other: str) -> str:
    if f.get("held_back"):
        return _("It won because the jury scored it highest of the ideas that can win, although “%(other)s” had more "
                 "votes from residents.", other=other)
    return _("It won because the jury scored it highest, although “%(other)s” had more votes from residents.",
             other=other)


def _won_together(_f: Facts, _other: str) -> str:
    return _("It won because, of the ideas that can win, it has the most points from jury and residents together, "
             "though neither put it first alone.")


def _won_tie(f: Facts, other: str) -> str:
    return _("It had as many points as “%(other)s” and won by %(rule)s.", other=other, rule=breaker(f["by"]))


def _won_first_eligible(f: Facts, other: str) -> str:
    if f["have"] > 1:
        return ngettext("It won because %(num)s idea that stands before it does not meet the conditions.",
                        "It won because %(num)s ideas that stand before it do not meet the conditions.", f["have"])
    return _("It won because “%(other)s”, which stands before it, does not meet the conditions.", other=other)


def _won_alone(_f: Facts, _other: str) -> str:
    return _("It won because no other idea met the conditions.")


def _won_both_prizes(f: Facts, _other: str) -> str:
    if f.get("rival"):
        return _("It won both prizes: of the ideas that can win it has the most points from the jury. It had as many "
                 "votes as “%(rival)s” (%(votes)s) and went first by %(rule)s.", rival=f["rival"], votes=f["votes"],
                 rule=breaker(f["rival_by"]))
    return _("It won both prizes: of the ideas that can win it has the most points from the jury and the most votes "
             "(%(votes)s).", votes=f["votes"])


def _won_jury_prize(_f: Facts, _other: str) -> str:
    return _("It won: of the ideas that can win it has the most points from the jury.")


def _won_audience_prize(f: Facts, other: str) -> str:
    if f.get("rival"):
        votes = _("It has the audience prize: it had as many votes as “%(rival)s” (%(votes)s) and went first by "
                  "%(rule)s.", rival=f["rival"], votes=f["votes"], rule=breaker(f["rival_by"]))
    else:
        votes = _("It has the audience prize, with the most votes of the ideas that can win (%(votes)s).",
                  votes=f["votes"])
    if f.get("by"):
        return f"{votes} " + _("From the jury it had as many points as “%(other)s”, which went first by %(rule)s.",
                               other=other, rule=breaker(f["by"]))
    return f"{votes} " + _("It is %(points)s points of the jury behind “%(other)s”.", points=points(f["points"]),
                           other=other)


def _shares_audience_prize(f: Facts, other: str) -> str:
    return _("It shares the audience prize with “%(rival)s”, which has as many votes (%(votes)s): no rule parts them. "
             "It is %(points)s points of the jury behind “%(other)s”.", rival=f.get("rival", quoted(None)),
             votes=f["votes"], points=points(f["points"]), other=other)


def _behind_both_prizes(f: Facts, other: str) -> str:
    return ngettext("It is %(points)s points of the jury behind “%(other)s”, and %(num)s vote short of the audience "
                    "prize.",
                    "It is %(points)s points of the jury behind “%(other)s”, and %(num)s votes short of the audience "
                    "prize.", f["missing"], points=points(f["points"]), other=other)


def _with_more(f: Facts) -> str:
    """What would have put an idea first that is equal to the first; "" where no votes would have."""
    if f.get("missing") is None:
        return ""
    return " " + ngettext("With %(num)s more vote it would have won.", "With %(num)s more votes it would have won.",
                          f["missing"])


def _tied_for_first(f: Facts, other: str) -> str:
    if f.get("place", 1) > 1:
        return _("It shares place %(place)s, the first of an idea that can win, with “%(other)s”: no rule parts them, "
                 "so the deciding body chooses.", place=f["place"], other=other) + _with_more(f)
    return _("It shares the first place with “%(other)s”: no rule parts them, so the deciding body chooses.",
             other=other) + _with_more(f)


def _lost_tie(f: Facts, other: str) -> str:
    return _("It had as many points as “%(other)s”, which went first by %(rule)s.", other=other,
             rule=breaker(f["by"])) + _with_more(f)


def _missing_votes(f: Facts, _other: str) -> str:
    return ngettext("It was %(num)s vote short: with %(total)s in all it would have won.",
                    "It was %(num)s votes short: with %(total)s in all it would have won.",
                    f["missing"], total=f["votes"] + f["missing"])


def _behind(f: Facts, other: str) -> str:
    return _("It is %(points)s points behind “%(other)s”; with more votes alone it could not have won.",
             points=points(f["points"]), other=other)


def _below_threshold(f: Facts, _other: str) -> str:
    return _("It cannot win: the jury gave %(jury)s points, and at least %(threshold)s are needed.",
             jury=points(f["jury"]), threshold=points(f["threshold"]))


def _below_votes(f: Facts, _other: str) -> str:
    if f.get("missing") is None:
        return ngettext("It cannot win: it has %(num)s vote, and at least %(need)s are needed; more votes alone would "
                        "not have put it first.",
                        "It cannot win: it has %(num)s votes, and at least %(need)s are needed; more votes alone would "
                        "not have put it first.", f["have"], need=f["need"])
    return ngettext("It cannot win: it has %(num)s vote, and at least %(need)s are needed; with %(total)s in all it "
                    "would have won.",
                    "It cannot win: it has %(num)s votes, and at least %(need)s are needed; with %(total)s in all it "
                    "would have won.", f["have"], need=f["need"], total=f["votes"] + f["missing"])


def _no_quorum(f: Facts, _other: str) -> str:
    return ngettext("Too few voted for any idea to win: %(num)s ballot was counted, and at least %(need)s are "
                    "needed.",
                    "Too few voted for any idea to win: %(num)s ballots were counted, and at least %(need)s are "
                    "needed.", f["have"], need=f["need"])


def _sheets_missing(f: Facts, _other: str) -> str:
    return ngettext("It has no place: the sheet of %(num)s juror is not complete.",
                    "It has no place: the sheets of %(num)s jurors are not complete.", f["need"] - f["have"])


def _eliminated(_f: Facts, other: str) -> str:
    return _("It cannot win: the jury found that a condition is not met (%(criterion)s).", criterion=other)


def _too_few_jurors(f: Facts, _other: str) -> str:
    return ngettext("It has no place: %(num)s juror scored it in full, and at least %(need)s are needed.",
                    "It has no place: %(num)s jurors scored it in full, and at least %(need)s are needed.",
                    f["have"], need=f["need"])


SENTENCES: dict[str, Callable[[Facts, str], str]] = {
    Code.WON_BOTH: _won_both, Code.WON_MOST_VOTES: _won_most_votes,
    Code.WON_DESPITE_JURY_FIRST_OTHER: _won_despite_jury, Code.WON_TOP_JURY: _won_top_jury,
    Code.WON_DESPITE_VOTES_FIRST_OTHER: _won_despite_votes,
    Code.WON_TOGETHER: _won_together, Code.WON_TIE: _won_tie, Code.WON_FIRST_ELIGIBLE: _won_first_eligible,
    Code.WON_ALONE: _won_alone, Code.TIED_FOR_FIRST: _tied_for_first, Code.LOST_TIE: _lost_tie,
    Code.MISSING_VOTES: _missing_votes, Code.BEHIND: _behind, Code.BELOW_THRESHOLD: _below_threshold,
    Code.ELIMINATED: _eliminated, Code.TOO_FEW_JURORS: _too_few_jurors, Code.WON_BOTH_PRIZES: _won_both_prizes,
    Code.WON_JURY_PRIZE: _won_jury_prize, Code.WON_AUDIENCE_PRIZE: _won_audience_prize,
    Code.BEHIND_BOTH_PRIZES: _behind_both_prizes, Code.BELOW_VOTES: _below_votes, Code.NO_QUORUM: _no_quorum,
    Code.SHEETS_MISSING: _sheets_missing, Code.SHARES_AUDIENCE_PRIZE: _shares_audience_prize,
}
"""A sentence for every code of core.tally.why; a test holds that none is missing."""


def why(facts: Facts | None, places: list[dict[str, Any]], criteria: Mapping[str, Text] | None = None) -> str:
    """Why the idea won or did not, in a sentence or two; "" while that would tell of places not yet shown."""
    if not facts:
        return ""
    if facts["code"] == Code.ELIMINATED:
        return SENTENCES[facts["code"]](facts, say((criteria or {}).get(facts["criterion"])) or facts["criterion"])
    titles = {place["ref"]: place["title"] for place in places}
    if "rival" in facts:
        facts = {**facts, "rival": quoted(titles.get(facts["rival"]))}
    return SENTENCES[facts["code"]](facts, quoted(titles.get(facts.get("other", "")))) + _sharing(facts)


def _sharing(f: Facts) -> str:
    """With whom the idea shares the audience prize, where its own sentence does not say it."""
    if "rival" not in f or "rival_by" in f or f["code"] == Code.SHARES_AUDIENCE_PRIZE:
        return ""
    return " " + _("It shares the audience prize with “%(rival)s”, which has as many votes (%(votes)s): no rule parts "
                   "them.", rival=f["rival"], votes=f["votes"])


def parted(tie: Facts, places: list[dict[str, Any]]) -> str:
    """What happened to ideas with equal points, or equal votes for the audience prize."""
    titles = {place["ref"]: place["title"] for place in places}
    ideas = ", ".join(quoted(titles.get(ref)) for ref in tie["ideas"])
    if tie.get("audience"):
        if not tie["by"]:
            return _("Equally many votes for the audience prize, and they stay equal: %(ideas)s.", ideas=ideas)
        return _("Equally many votes for the audience prize: %(ideas)s. They are parted by %(rule)s.", ideas=ideas,
                 rule=breaker(tie["by"]))
    if not tie["by"]:
        return _("Equal points, and they stay equal: %(ideas)s.", ideas=ideas)
    return _("Equal points: %(ideas)s. They are parted by %(rule)s.", ideas=ideas, rule=breaker(tie["by"]))
