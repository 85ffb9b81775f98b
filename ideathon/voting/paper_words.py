"""What the paper desk says: where a ballot is, what is open before the count, what a reading holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _, ngettext

from .groups import marks
from .paper_queries import Open, Step

_CHECKS: dict[str, tuple[str, Callable[[Open], str]]] = {
    "paper_waiting": ("ballots", lambda one: ngettext(
        "%(num)s ballot waits for its second reader", "%(num)s ballots wait for their second reader", one.number)),
    "paper_differs": ("differences", lambda one: ngettext(
        "%(num)s ballot was read in two ways", "%(num)s ballots were read in two ways", one.number)),
    "hands_waiting": ("hands", lambda _one: _("A show of hands waits for its second counter")),
    "hands_differ": ("differences", lambda _one: _("Two counts of raised hands differ")),
    "account_missing": ("accounts", lambda _one: _("The account of the papers is missing")),
    "account_spoiled": ("accounts", lambda _one: _("Papers set aside are missing among the spoiled")),
    "account_unexplained": ("accounts", lambda _one: _("The papers do not add up, and it is not said why")),
    "recheck_open": ("recheck", lambda _one: _("Drawn ballots wait to be compared with their papers")),
}


def check(one: Open) -> dict[str, Any]:
    """A line of the list of what is open: its words, where, and the page on which it is done."""
    page, words = _CHECKS[one.code]
    where = "" if one.code == "recheck_open" else ", ".join(one.where[:6]) + (" …" if one.number > 6 else "")
    return {"page": page, "words": words(one), "where": where}


def entered(step: Step, name: str, mark: str = "") -> str:
    """What became of the reading that was just typed."""
    said = {
        Step.WAITING: _("%(name)s: your reading is stored. Another person must read it too.", name=name),
        Step.BOX: _("%(name)s: both readings say the same. It is in the box.", name=name),
        Step.DIFFERS: _("%(name)s: the two readings differ. It waits to be settled by looking at the paper.",
                        name=name),
        Step.ASIDE: _("%(name)s: set aside. Count it among the spoiled of its place.", name=name),
    }[step]
    return " ".join([said, _("Write %(mark)s on the paper.", mark=mark)]) if mark else said


def hands_counted(step: Step, place: str) -> str:
    """What became of the count that was just typed."""
    return {
        Step.WAITING: _("%(place)s: your count is stored. Another person must count too.", place=place),
        Step.BOX: _("%(place)s: both counts say the same. They count.", place=place),
        Step.DIFFERS: _("%(place)s: the two counts differ. They wait to be settled.", place=place),
    }[step]


def marked(choices: Any, titles: Mapping[str, str]) -> list[str]:
    """The ideas that a ballot marks, by their titles."""
    return [titles.get(ref, ref) + (" ★" if number == 2 else "") for ref, number in marks(choices).items()]


def draw_outcome(compared: int, differing: int) -> str:
    """What a comparison of ballots with their papers found."""
    if not differing:
        return ngettext("%(num)s ballot was compared with its paper: it agrees.",
                        "%(num)s ballots were compared with their papers: all agree.", compared)
    return ngettext("%(num)s of %(all)s ballots compared differs from its paper.",
                    "%(num)s of %(all)s ballots compared differ from their papers.", differing, all=compared)
