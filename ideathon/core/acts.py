"""The vocabulary: who can act (Role), what can be done (Act) and how hard it holds the gathering (Lock)."""

from __future__ import annotations

from enum import Enum, StrEnum


class Role(StrEnum):
    """What a person (or a screen, or a slip) is in one scope. A person may hold several."""

    VISITOR = "visitor"      # anybody at all, also without joining
    RESIDENT = "resident"    # joined with the code and a display name
    VOTER = "voter"          # holds a slip; the system knows no name for it
    MENTOR = "mentor"
    JUROR = "juror"
    HELPER = "helper"        # enters paper and ticks names at the desk
    HOST = "host"            # the facilitator
    MANAGER = "manager"      # answers for the project's money
    ADMIN = "admin"
    SCREEN = "screen"        # a projector opened with its key


class Act(StrEnum):
    """Everything that can be asked of the permission table, as ``resource:action``."""

    PUBLIC_SEE = "public:see"
    SESSION_OPEN = "session:open"            # sign in, sign out
    LINK_USE = "link:use"                    # a juror's or mentor's personal link
    GATHERING_JOIN = "gathering:join"
    GATHERING_SEE = "gathering:see"
    MAP_ADD = "map:add"
    MAP_SUPPORT = "map:support"
    MAP_WITHDRAW = "map:withdraw"
    MAP_HIDE = "map:hide"
    CHALLENGE_BUILD = "challenge:build"
    IDEA_ADD = "idea:add"
    IDEA_EDIT = "idea:edit"
    IDEA_WITHDRAW = "idea:withdraw"
    IDEA_SUPPORT = "idea:support"
    IDEA_HIDE = "idea:hide"
    TEAM_JOIN = "team:join"
    COMMENT_ADD = "comment:add"
    COMMENT_ADVISE = "comment:advise"
    COMMENT_WITHDRAW = "comment:withdraw"
    COMMENT_HIDE = "comment:hide"
    JURY_SEE = "jury:see"
    JURY_DECLARE = "jury:declare"
    JURY_SCORE = "jury:score"
    JURY_PROGRESS = "jury:progress"
    JURY_LOCK = "jury:lock"
    BALLOT_SEE = "ballot:see"
    BALLOT_CAST = "ballot:cast"
    BALLOT_ENTER = "ballot:enter"            # a paper ballot, at the desk
    PAPER_SETTLE = "paper:settle"            # … where two readings differ; and ballots are compared with their papers
    VOTE_COUNT = "vote:count"                # the paper is done
    SLIP_PRINT = "slip:print"
    SLIP_VOID = "slip:void"                  # it was lost or left over, and votes no more
    CLASS_SET = "class:set"                  # the classes of residents: lives here, works here
    VOTER_SEE = "voter:see"                  # the list of names at the desk
    VOTER_TICK = "voter:tick"                # a name got something, or it was a mistake
    VOTER_LIST = "voter:list"                # names are added, or the whole list deleted
    VOTER_INVITE = "voter:invite"            # one-time links are made
    INVITATION_USE = "invitation:use"        # … and one becomes a slip
    PLAIN_ALLOW = "plain:allow"              # a vote over plain http, knowing what that means
    VOTE_SET = "vote:set"                    # what the ballot asks, before the opening
    VOTE_REHEARSE = "vote:rehearse"
    WITNESS_SET = "witness:set"              # who can open the ballots after the seal
    OPENINGS_TAKE = "openings:take"          # … and the locked file for them
    SCREEN_SEE = "screen:see"
    SCREEN_SET = "screen:set"
    DESK_SEE = "desk:see"
    STAGE_MOVE = "stage:move"
    STAGE_BACK = "stage:back"
    STAGE_TIME = "stage:time"
    STAGE_PAUSE = "stage:pause"
    VOTE_ANNUL = "vote:annul"                # asked by one, confirmed by another
    RULE_SET = "rule:set"                    # how jury and residents become one result
    RESULT_SEAL = "result:seal"
    RESULT_REVEAL = "result:reveal"
    RESULT_SEE = "result:see"
    COMPLAINT_MAKE = "complaint:make"        # about a sealed vote, within its time
    COMPLAINT_SEE = "complaint:see"
    COMPLAINT_ANSWER = "complaint:answer"
    AWARD_SEE = "award:see"
    AWARD_DECIDE = "award:decide"
    MILESTONE_ADD = "milestone:add"
    LINK_RENEW = "link:renew"
    HELPER_ADD = "helper:add"                # somebody more at the desk, let in by a personal link
    HELPER_END = "helper:end"                # … and no more
    LEDGER_SEE = "ledger:see"
    PROJECT_SEE = "project:see"              # the management page


class Lock(Enum):
    """How an act holds its gathering: not at all, beside others of its kind, or alone."""

    NONE = "none"
    SHARED = "shared"
    EXCLUSIVE = "exclusive"


READS = frozenset({
    Act.PUBLIC_SEE, Act.GATHERING_SEE, Act.JURY_SEE, Act.JURY_PROGRESS, Act.BALLOT_SEE, Act.SCREEN_SEE,
    Act.DESK_SEE, Act.RESULT_SEE, Act.AWARD_SEE, Act.LEDGER_SEE, Act.PROJECT_SEE, Act.OPENINGS_TAKE,
    Act.VOTER_SEE,
    Act.SESSION_OPEN, Act.LINK_USE, Act.COMPLAINT_SEE,
})
"""Acts that change nothing in a gathering."""

MOVES = frozenset({
    Act.CLASS_SET, Act.VOTER_LIST, Act.VOTER_INVITE, Act.PLAIN_ALLOW,
    Act.STAGE_MOVE, Act.STAGE_BACK, Act.STAGE_TIME, Act.STAGE_PAUSE, Act.SCREEN_SET, Act.JURY_LOCK, Act.RULE_SET,
    Act.VOTE_ANNUL, Act.VOTE_SET, Act.VOTE_REHEARSE, Act.WITNESS_SET,
    Act.RESULT_SEAL, Act.RESULT_REVEAL, Act.AWARD_DECIDE, Act.MILESTONE_ADD, Act.CHALLENGE_BUILD, Act.BALLOT_ENTER,
    Act.PAPER_SETTLE, Act.VOTE_COUNT, Act.HELPER_END,
})
"""Acts that move the game: they hold the gathering alone, so that none of the many can slip past a closing door."""


def lock_of(act: Act) -> Lock:
    """The lock that a door takes before it asks the permission table (architecture.md, "Locks")."""
    if act in READS:
        return Lock.NONE
    return Lock.EXCLUSIVE if act in MOVES else Lock.SHARED
