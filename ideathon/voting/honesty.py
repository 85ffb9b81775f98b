"""What the vote does not protect from, in plain sentences: one list for the ballot's help, the slips and the desk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

_SCREEN = _l("Whoever sees your screen sees your vote.")
_VIRUS = _l("A phone with a virus can betray your vote, or change it.")
_SOLD = _l("A slip can be sold or lent.")

BY_LINK: Any = _l(
    "If you vote by a one-time link: whoever has the file of the links and can watch the database until the result "
    "is sealed can join your name, your slip and your choice. A slip from the desk stands in no such file.")
"""Also beside each link, and where links are made."""

POINTS: tuple[Any, ...] = (
    _SCREEN,
    _VIRUS,
    _l("While the vote is open, the person who runs the computer could read what a slip says, never whose slip it is, "
       "and could change it. Two witnesses with the locked ballots, or the ballots on paper, find a change. "
       "Nothing hinders the reading."),
    _SOLD,
    _l("Whoever finds your slip can vote with it. You notice it when you vote: go to the desk then."),
    _l("Those at the desk could hand out more slips than there are people. Only the ticks on the list show it."),
    _l("Where the address begins with http: and not with https:, others on the same network can read along."),
    _l("Where only a few vote, or all choose the same, the result tells how each of them voted."),
    _l("The page that you vote on comes from the organisers' computer, and you trust it while you vote."),
    BY_LINK,
)
"""The nine points of the design and the links' own one (docs/ballot-box.md), in its order."""

ON_PAPER: tuple[Any, ...] = (_SCREEN, _VIRUS, _SOLD)
"""The three shortest, for the back of a slip."""
