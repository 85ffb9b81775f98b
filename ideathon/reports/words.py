"""The record's acts and roles in words, and its download safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _, lazy_gettext as _l

from ideathon.core.acts import Act, Role
from ideathon.web.cells import guarded

ACTS: dict[str, Any] = {
    Act.GATHERING_JOIN: _l("joined the event"),
    Act.MAP_ADD: _l("added to the map"),
    Act.MAP_SUPPORT: _l("backed an item of the map, or no longer"),
    Act.MAP_WITHDRAW: _l("took an item of the map back"),
    Act.MAP_HIDE: _l("hid an item of the map, or brought it back"),
    Act.CHALLENGE_BUILD: _l("built a challenge"),
    Act.IDEA_ADD: _l("submitted an idea"),
    Act.IDEA_EDIT: _l("changed an idea"),
    Act.IDEA_WITHDRAW: _l("withdrew an idea"),
    Act.IDEA_SUPPORT: _l("backed an idea, or no longer"),
    Act.IDEA_HIDE: _l("hid an idea, or brought it back"),
    Act.TEAM_JOIN: _l("joined or left a team"),
    Act.COMMENT_ADD: _l("wrote a comment"),
    Act.COMMENT_ADVISE: _l("gave advice"),
    Act.COMMENT_WITHDRAW: _l("took a comment back"),
    Act.COMMENT_HIDE: _l("hid a comment, or brought it back"),
    Act.JURY_DECLARE: _l("declared about conflicts of interest"),
    Act.JURY_SCORE: _l("scored"),
    Act.JURY_LOCK: _l("locked the jury's sheets"),
    Act.COMPLAINT_MAKE: _l("somebody complained about the vote"),
    Act.COMPLAINT_ANSWER: _l("answered a complaint"),
    Act.BALLOT_CAST: _l("ballots were cast"),
    Act.BALLOT_ENTER: _l("read a paper ballot, counted hands or papers"),
    Act.PAPER_SETTLE: _l("settled or compared paper ballots"),
    Act.VOTE_COUNT: _l("ended the entry of paper"),
    Act.SLIP_PRINT: _l("printed voting slips"),
    Act.SLIP_VOID: _l("made a voting slip void"),
    Act.CLASS_SET: _l("named the classes of residents"),
    Act.VOTER_TICK: _l("ticked a name at the desk, or took a tick back"),
    Act.VOTER_LIST: _l("added to the list of names, or deleted it"),
    Act.VOTER_INVITE: _l("made one-time links, or withdrew them"),
    Act.PLAIN_ALLOW: _l("allowed the vote on an open network, or no longer"),
    Act.VOTE_ANNUL: _l("annulled the vote, or asked for it"),
    Act.VOTE_SET: _l("set what the ballot asks"),
    Act.VOTE_REHEARSE: _l("rehearsed the vote"),
    Act.WITNESS_SET: _l("gave a witness a key"),
    Act.SCREEN_SET: _l("chose what the screen shows"),
    Act.RULE_SET: _l("set the rule of the result"),
    Act.STAGE_MOVE: _l("moved the day on"),
    Act.STAGE_BACK: _l("moved the day back"),
    Act.STAGE_TIME: _l("changed the time of a stage"),
    Act.STAGE_PAUSE: _l("paused the day, or let it go on"),
    Act.RESULT_SEAL: _l("sealed the result"),
    Act.RESULT_REVEAL: _l("showed one place more"),
    Act.AWARD_DECIDE: _l("recorded the funding decision or the award"),
    Act.MILESTONE_ADD: _l("added a milestone"),
    Act.LINK_RENEW: _l("renewed a personal link"),
    Act.HELPER_ADD: _l("gave a helper a link"),
    Act.HELPER_END: _l("let a helper go"),
}
ROLES: dict[str, Any] = {
    Role.VISITOR: _l("visitor"), Role.RESIDENT: _l("resident"), Role.VOTER: _l("voter"), Role.MENTOR: _l("mentor"),
    Role.JUROR: _l("juror"), Role.HELPER: _l("helper"),
    Role.HOST: _l("host"), Role.MANAGER: _l("manager"), Role.ADMIN: _l("administrator"),
    Role.SCREEN: _l("screen"), "staff": _l("staff"),
}


def act(name: str) -> str:
    """What was done."""
    return str(ACTS.get(name, name))


def role(name: str) -> str:
    """By whom; the system itself has no role."""
    return str(ROLES.get(name, name)) if name else ""


def download(entries: Iterable[dict[str, Any]], zone: str) -> str:
    """The record as CSV with a byte-order mark, so that spreadsheets read Latvian; times in the event's zone."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_("No."), _("Time"), _("Act"), _("In words"), _("Thing"), _("Role"), _("Numbers"), _("Chain")])
    for one in entries:
        numbers = " ".join(f"{name}={value}" for name, value in one["numbers"].items())
        row = [str(one["n"]), one["at"].astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"), one["act"],
               act(one["act"]), one["thing"], role(one["role"]), numbers, one["digest"]]
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue()
