"""The sentences beside the result: how firm it is, and what each small picture shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ideathon.core.tally import Blend

from . import prize_words
from .words import Facts, points, quoted

Places = list[dict[str, Any]]

WAYS: dict[str, Any] = {
    Blend.POINTS: _l("by votes against the most votes"),
    Blend.SHARE: _l("by shares of the counted ballots"),
    Blend.RANK: _l("by ranks"),
    Blend.SEPARATE: _l("by the jury's points alone, with an audience prize apart"),
}


def firmness(found: Facts | None, places: Places) -> list[str]:
    """How firm the result is, sentence by sentence; nothing for a result that was sealed without it."""
    if not found:
        return []
    titles = {place["ref"]: place["title"] for place in places}
    said = [_blend(one, found["winners"], titles) for one in found["blends"]]
    return [*_left_out(found, titles), *said]


def conditions(found: Facts | None) -> list[str]:
    """What was tried only together, and what the rule asks for in a recount that leaves something out."""
    if not found:
        return []
    joined = [group_name(one) for one in found["batches"] if len(one["parts"]) > 1]
    said = [_("These were left out only together (%(batch)s), because at least one of them has few ballots and "
              "nobody's choice may show: what each of them alone would have changed was not tried.", batch=name)
            for name in joined]
    if found["jurors"]["tried"]:
        said.append(_("Without a juror the rule asks for the sheets of one juror fewer, but of at least one."))
    if found["batches"]:
        said.append(_("Without some of the ballots the rule asks for as many ballots fewer."))
    return said


def _left_out(found: Facts, titles: Mapping[str, Any]) -> list[str]:
    jurors, tried = found["jurors"]["changes"], found["jurors"]["tried"]
    batches = [one for one in found["batches"] if one["winners"] != found["winners"]]
    said = [_juror(one, titles) for one in jurors] + [_batch(one, titles) for one in batches]
    if "audience" in found:
        return prize_words.left_out(found, said, titles, group_name)
    kept = (bool(tried) and not jurors, bool(found["batches"]) and not batches)
    if not any(kept):
        return said
    if not found["winners"]:
        return [*said, _nobody(kept)]
    joined = any(len(one["parts"]) > 1 for one in found["batches"])
    return [*said, (_firm_joined if joined and kept[1] else _firm)(kept, len(found["winners"]) == 1)]


def _nobody(kept: tuple[bool, bool]) -> str:
    """As `_firm`, where no idea won."""
    if kept == (True, True):
        return _("No idea won, and without any one juror, or any one place or group of ballots, none would have won "
                 "either.")
    if kept[0]:
        return _("No idea won, and without any one juror none would have won either.")
    return _("No idea won, and without any one place or group of ballots none would have won either.")


def _firm_joined(kept: tuple[bool, bool], alone: bool) -> str:
    """As `_firm`, where some places were left out only together: of those nothing is said one by one."""
    if kept[0]:
        return (_("No single juror and no single group of ballots decided this: without any one of them the winner is "
                  "the same.") if alone else
                _("No single juror and no single group of ballots decided this: without any one of them no other comes "
                  "first."))
    return (_("No single group of ballots decided this: without any one of them the winner is the same.") if alone
            else _("No single group of ballots decided this: without any one of them no other comes first."))


def _firm(kept: tuple[bool, bool], alone: bool) -> str:
    """Neither, nor: (no juror, no batch) would have changed who comes first."""
    if kept == (True, True):
        return (_("No single juror, paper batch or place decided this: without any one of them the winner is the same.")
                if alone else
                _("No single juror, paper batch or place decided this: without any one of them no other comes first."))
    if kept[0]:
        return (_("No single juror decided this: without any one of them the winner is the same.") if alone else
                _("No single juror decided this: without any one of them no other comes first."))
    return (_("No single paper batch or place decided this: without any one of them the winner is the same.") if alone
            else _("No single paper batch or place decided this: without any one of them no other comes first."))


def _juror(change: Facts, titles: Mapping[str, Any]) -> str:
    number, winners = change["jurors"], change["winners"]
    if not winners:
        return ngettext("%(num)s juror decided this: without that one no idea could have won.",
                        "%(num)s jurors decided this: without any one of them no idea could have won.", number)
    if len(winners) > 1:
        return ngettext("%(num)s juror decided this: without that one several ideas would share the first place.",
                        "%(num)s jurors decided this: without any one of them several ideas would share the first "
                        "place.", number)
    return ngettext("%(num)s juror decided this: without that one “%(idea)s” would have won.",
                    "%(num)s jurors decided this: without any one of them “%(idea)s” would have won.", number,
                    idea=quoted(titles.get(winners[0])))


def group_name(batch: Facts) -> str:
    """Where the ballots of a group came from."""
    ways = {"paper": lambda place: _("on paper, %(place)s", place=place),
            "hands": lambda place: _("by show of hands, %(place)s", place=place)}
    return "; ".join(ways[kind](place) if kind in ways else _("by phone") for kind, place in batch["parts"])


def _batch(change: Facts, titles: Mapping[str, Any]) -> str:
    batch, winners = group_name(change), change["winners"]
    if not winners:
        return _("One batch of votes decided this (%(batch)s): without it no idea could have won.", batch=batch)
    if len(winners) > 1:
        return _("One batch of votes decided this (%(batch)s): without it several ideas would share the first place.",
                 batch=batch)
    return _("One batch of votes decided this (%(batch)s): without it “%(idea)s” would have won.", batch=batch,
             idea=quoted(titles.get(winners[0])))


def _blend(one: Facts, first: list[str], titles: Mapping[str, Any]) -> str:
    way, winners = str(WAYS[one["blend"]]), one["winners"]
    if not winners and not first:
        return _("Counted %(way)s, no idea would have won either.", way=way)
    if winners == first:
        return (_("Counted %(way)s, the winner would be the same.", way=way) if len(first) == 1 else
                _("Counted %(way)s, no other would come first.", way=way))
    if not winners:
        return _("Counted %(way)s, no idea could have won.", way=way)
    if len(winners) > 1:
        return _("Counted %(way)s, several ideas would share the first place.", way=way)
    return _("Counted %(way)s, “%(idea)s” would have won.", way=way, idea=quoted(titles.get(winners[0])))


def line(seen: Facts) -> str:
    """What a small picture shows, as words beside it."""
    kind, had, needed = seen["kind"], seen["had"], seen["line"]
    if kind in ("points", "first", "jury"):
        return _points(kind, points(had), points(needed) if needed else "")
    if kind == "votes":
        return _("Votes: %(had)s; needed: %(line)s", had=had, line=needed)
    if kind == "ballots":
        return _("Counted ballots: %(had)s; needed: %(line)s", had=had, line=needed)
    if kind == "sheets":
        return _("Complete score sheets: %(had)s; needed: %(line)s", had=had, line=needed)
    return _("The middle mark for the condition is 0; it must be above 0")


def _points(kind: str, had: str, needed: str) -> str:
    if kind == "jury":
        return _("Jury's points: %(had)s; needed: %(line)s", had=had, line=needed)
    if not needed:
        return _("Points: %(had)s; no other idea could win", had=had)
    if kind == "first":
        return _("Points: %(had)s; the next idea that can win has %(line)s", had=had, line=needed)
    return _("Points: %(had)s; the first idea that can win has %(line)s", had=had, line=needed)
