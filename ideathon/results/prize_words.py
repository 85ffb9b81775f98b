"""How firm a result with two prizes is: of each prize what decided it, and what would have left it where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _, ngettext

from .words import Facts, quoted

Titles = Mapping[str, Any]


def left_out(found: Facts, decided: list[str], titles: Titles, named: Callable[[Facts], str]) -> list[str]:
    """Both prizes, sentence by sentence; `decided` are those about what decided who won, `named` names a batch."""
    batches = [one for one in found["batches"] if one["audience"] != found["audience"]]
    jurors = found["jurors"]["audience"]
    said = [_juror(one, titles) for one in jurors] + [_batch(named(one), one["audience"], titles) for one in batches]
    others = any(one["winners"] != found["winners"] for one in found["batches"])
    winner = _without(found, bool(found["jurors"]["changes"]), others)
    prize = _without(found, bool(jurors), bool(batches))
    return [*decided, *([_same_winner(winner, len(found["winners"]))] if winner else []),
            *said, *([_same_prize(prize, len(found["audience"]))] if prize else [])]


def _without(found: Facts, by_juror: bool, by_batch: bool) -> str:
    """What was left out, one at a time, and changed nothing; "" for nothing. Joined places are tried only as one."""
    jurors = bool(found["jurors"]["tried"]) and not by_juror
    batches = bool(found["batches"]) and not by_batch
    joined = any(len(one["parts"]) > 1 for one in found["batches"])
    if jurors and batches:
        return (_("Without any one juror or any one group of ballots") if joined else
                _("Without any one juror, or any one place or group of ballots"))
    if batches:
        return (_("Without any one group of ballots") if joined else
                _("Without any one place or group of ballots"))
    return _("Without any one juror") if jurors else ""


def _same_winner(without: str, winners: int) -> str:
    if not winners:
        return _("%(without)s no idea would have won either.", without=without)
    return (_("%(without)s the winner is the same.", without=without) if winners == 1 else
            _("%(without)s no other comes first.", without=without))


def _same_prize(without: str, having: int) -> str:
    if not having:
        return _("%(without)s no idea would have the audience prize either.", without=without)
    return (_("%(without)s the audience prize goes to the same idea.", without=without) if having == 1 else
            _("%(without)s the same ideas share the audience prize.", without=without))


def _juror(change: Facts, titles: Titles) -> str:
    number, having = change["jurors"], change["winners"]
    if not having:
        return ngettext("%(num)s juror decided the audience prize: without that one no idea would have it.",
                        "%(num)s jurors decided the audience prize: without any one of them no idea would have it.",
                        number)
    if len(having) > 1:
        return ngettext("%(num)s juror decided the audience prize: without that one several ideas would share it.",
                        "%(num)s jurors decided the audience prize: without any one of them several ideas would share "
                        "it.", number)
    return ngettext("%(num)s juror decided the audience prize: without that one “%(idea)s” would have it.",
                    "%(num)s jurors decided the audience prize: without any one of them “%(idea)s” would have it.",
                    number, idea=quoted(titles.get(having[0])))


def _batch(batch: str, having: list[str], titles: Titles) -> str:
    if not having:
        return _("One batch of votes decided the audience prize (%(batch)s): without it no idea would have the prize.",
                 batch=batch)
    if len(having) > 1:
        return _("One batch of votes decided the audience prize (%(batch)s): without it several ideas would share the "
                 "prize.", batch=batch)
    return _("One batch of votes decided the audience prize (%(batch)s): without it “%(idea)s” would have the prize.",
             batch=batch, idea=quoted(titles.get(having[0])))
