"""One table: who may do what, and when. Asked by page, template, socket and news alike.

An act is allowed when the seat holds one of its roles and every one of its named predicates holds. The first
predicate that fails gives the Reason, which the page says in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .acts import Act, Role
from .stages import Kind, opens


class Reason(StrEnum):
    """Why an act is refused."""

    NOT_YOUR_ROLE = "not_your_role"
    JOIN_FIRST = "join_first"
    NOT_THIS_STAGE = "not_this_stage"
    PAUSED = "paused"
    NOT_YOURS = "not_yours"
    TOO_LATE_TO_TAKE_BACK = "too_late_to_take_back"
    DECLARE_FIRST = "declare_first"
    RECUSED = "recused"
    SCORES_LOCKED = "scores_locked"
    RULE_FROZEN = "rule_frozen"
    VOTE_NOT_OPEN = "vote_not_open"
    VOTE_CLOSED = "vote_closed"
    VOTE_OPEN = "vote_open"
    VOTE_FIXED = "vote_fixed"
    NOT_SEALED = "not_sealed"
    ALREADY_SEALED = "already_sealed"
    NOT_REVEALED = "not_revealed"
    DAY_OVER = "day_over"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Seat:
    """What the rules need to know of one actor at one moment; built by a door after it has locked.

    ``stage`` is the kind of the running stage (None before the first and after the last). The other facts are
    False where they do not apply to the thing at hand.
    """

    roles: frozenset[Role] = frozenset({Role.VISITOR})
    stage: Kind | None = None
    paused: bool = False
    over: bool = False              # the day has ended
    owns: bool = False              # the thing at hand is the actor's own
    fresh: bool = False             # it is young enough to be taken back (5 minutes, product.md 3.1)
    declared: bool = False          # the juror has declared about this idea
    recused: bool = False           # … and must not score it
    locked: bool = False            # the jury's sheets are locked
    frozen: bool = False            # the rule of the result stands
    round_open: bool = False        # the residents' round stands open
    in_time: bool = False           # … and its hour has not struck, by the server's clock
    round_over: bool = False        # the round has been closed
    sealed: bool = False            # the outcome is sealed
    revealed: bool = False          # every place has been shown
    decided: bool = False           # the funding decision is recorded


Predicate = Callable[[Act, Seat], Reason | None]


def stage_opens(act: Act, seat: Seat) -> Reason | None:
    """The running stage opens this act."""
    return None if opens(seat.stage, act) else Reason.NOT_THIS_STAGE


def not_paused(act: Act, seat: Seat) -> Reason | None:
    """The day is not paused."""
    return Reason.PAUSED if seat.paused else None


def is_own(act: Act, seat: Seat) -> Reason | None:
    """The thing is the actor's own; a host acts for the people without a phone."""
    return None if seat.owns or Role.HOST in seat.roles else Reason.NOT_YOURS


def is_own_strictly(act: Act, seat: Seat) -> Reason | None:
    """The thing is the actor's own, and nobody else's hand may take it back."""
    return None if seat.owns else Reason.NOT_YOURS


def is_fresh(act: Act, seat: Seat) -> Reason | None:
    """Own words can be taken back for five minutes."""
    return None if seat.fresh else Reason.TOO_LATE_TO_TAKE_BACK


def has_declared(act: Act, seat: Seat) -> Reason | None:
    """A juror declares a conflict of interest, or none, before any score (product.md 2.4)."""
    return None if seat.declared else Reason.DECLARE_FIRST


def not_recused(act: Act, seat: Seat) -> Reason | None:
    """A recused juror has no sheet for the idea."""
    return Reason.RECUSED if seat.recused else None


def sheets_open(act: Act, seat: Seat) -> Reason | None:
    """The host has not locked the sheets."""
    return Reason.SCORES_LOCKED if seat.locked else None


def rule_open(act: Act, seat: Seat) -> Reason | None:
    """The rule of the result changes no more once anybody may score."""
    return Reason.RULE_FROZEN if seat.frozen else None


def round_open(act: Act, seat: Seat) -> Reason | None:
    """The round stands open and its hour has not struck, by the server's clock alone."""
    if seat.round_over or (seat.round_open and not seat.in_time):
        return Reason.VOTE_CLOSED
    return None if seat.round_open else Reason.VOTE_NOT_OPEN


def round_touched(act: Act, seat: Seat) -> Reason | None:
    """Paper is entered while the round is open, and after it until the seal."""
    return None if seat.round_open or seat.round_over else Reason.VOTE_NOT_OPEN


def vote_ahead(act: Act, seat: Seat) -> Reason | None:
    """What the opening freezes can be set before it alone."""
    return Reason.VOTE_FIXED if seat.round_open or seat.round_over else None


def no_open_vote(act: Act, seat: Seat) -> Reason | None:
    """Nothing that goes back may touch an open vote."""
    return Reason.VOTE_OPEN if seat.round_open else None


def round_is_over(act: Act, seat: Seat) -> Reason | None:
    """Counting waits for the end of the vote."""
    if seat.round_open:
        return Reason.VOTE_OPEN
    return None if seat.round_over else Reason.VOTE_NOT_OPEN


def not_decided(act: Act, seat: Seat) -> Reason | None:
    """The money has not been promised to anybody yet."""
    return Reason.DECIDED if seat.decided else None


def is_sealed(act: Act, seat: Seat) -> Reason | None:
    """The outcome is sealed."""
    return None if seat.sealed else Reason.NOT_SEALED


def not_sealed(act: Act, seat: Seat) -> Reason | None:
    """Nothing counted changes after the seal."""
    return Reason.ALREADY_SEALED if seat.sealed else None


def stage_opens_or_over(act: Act, seat: Seat) -> Reason | None:
    """The running stage opens this act, or the day is over: what was sealed can still be shown."""
    return None if seat.over else stage_opens(act, seat)


def is_revealed(act: Act, seat: Seat) -> Reason | None:
    """Every place has been shown to the hall."""
    return None if seat.revealed else Reason.NOT_REVEALED


def not_over(act: Act, seat: Seat) -> Reason | None:
    """The day has not ended."""
    return Reason.DAY_OVER if seat.over else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    roles: frozenset[Role]
    when: tuple[Predicate, ...] = ()


_ANYBODY = frozenset(Role)
_STAFF = frozenset({Role.HOST, Role.MANAGER, Role.ADMIN})
_HOST = frozenset({Role.HOST})
_HALL = frozenset({Role.RESIDENT, Role.MENTOR, Role.HOST})
_INSIDE = frozenset(Role) - {Role.VISITOR, Role.VOTER}
_MONEY = frozenset({Role.MANAGER})
_PAPER = frozenset({Role.HOST, Role.MANAGER, Role.HELPER})

RULES: dict[Act, Rule] = {
    Act.PUBLIC_SEE: Rule(_ANYBODY),
    Act.SESSION_OPEN: Rule(_ANYBODY),
    Act.LINK_USE: Rule(_ANYBODY),
    Act.GATHERING_JOIN: Rule(_ANYBODY, (not_over,)),
    Act.GATHERING_SEE: Rule(_INSIDE),
    Act.MAP_ADD: Rule(_HALL, (stage_opens, not_paused)),
    Act.MAP_SUPPORT: Rule(_HALL, (stage_opens, not_paused)),
    Act.MAP_WITHDRAW: Rule(_HALL, (is_own_strictly,)),
    Act.MAP_HIDE: Rule(_HOST),
    Act.CHALLENGE_BUILD: Rule(_HOST, (stage_opens,)),
    Act.IDEA_ADD: Rule(_HALL, (stage_opens, not_paused)),
    Act.IDEA_EDIT: Rule(_HALL, (is_own, stage_opens, not_paused)),
    Act.IDEA_WITHDRAW: Rule(_HALL, (is_own_strictly, stage_opens)),
    Act.IDEA_SUPPORT: Rule(_HALL, (stage_opens, not_paused)),
    Act.IDEA_HIDE: Rule(_HOST, (not_sealed,)),
    Act.TEAM_JOIN: Rule(frozenset({Role.RESIDENT}), (stage_opens, not_paused)),
    Act.COMMENT_ADD: Rule(_HALL, (stage_opens, not_paused)),
    Act.COMMENT_ADVISE: Rule(frozenset({Role.MENTOR}), (stage_opens, not_paused)),
    Act.COMMENT_WITHDRAW: Rule(_HALL, (is_own_strictly, is_fresh)),
    Act.COMMENT_HIDE: Rule(_HOST),
    Act.JURY_SEE: Rule(frozenset({Role.JUROR})),
    Act.JURY_DECLARE: Rule(frozenset({Role.JUROR}), (sheets_open, stage_opens)),
    Act.JURY_SCORE: Rule(frozenset({Role.JUROR}), (sheets_open, stage_opens, has_declared, not_recused)),
    Act.JURY_PROGRESS: Rule(_STAFF),
    Act.JURY_LOCK: Rule(_HOST, (sheets_open,)),
    Act.BALLOT_SEE: Rule(frozenset({Role.VOTER})),
    Act.BALLOT_CAST: Rule(frozenset({Role.VOTER}), (round_open, not_paused)),
    Act.BALLOT_ENTER: Rule(_PAPER, (not_sealed, round_touched)),
    Act.PAPER_SETTLE: Rule(frozenset({Role.HOST, Role.MANAGER}), (not_sealed, round_touched)),
    Act.VOTE_COUNT: Rule(frozenset({Role.HOST, Role.MANAGER}), (not_sealed, round_is_over)),
    Act.SLIP_PRINT: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.SLIP_VOID: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.CLASS_SET: Rule(frozenset({Role.HOST, Role.MANAGER}), (vote_ahead,)),
    Act.VOTER_SEE: Rule(_PAPER),
    Act.VOTER_TICK: Rule(_PAPER),
    Act.VOTER_LIST: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.VOTER_INVITE: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.INVITATION_USE: Rule(frozenset({Role.VOTER}), (round_open, not_paused)),
    Act.PLAIN_ALLOW: Rule(_HOST, (vote_ahead,)),
    Act.VOTE_SET: Rule(frozenset({Role.HOST, Role.MANAGER}), (vote_ahead,)),
    Act.VOTE_REHEARSE: Rule(frozenset({Role.HOST, Role.MANAGER}), (vote_ahead,)),
    Act.WITNESS_SET: Rule(frozenset({Role.HOST, Role.MANAGER}), (vote_ahead,)),
    Act.OPENINGS_TAKE: Rule(_STAFF, (is_sealed,)),
    Act.SCREEN_SEE: Rule(frozenset({Role.SCREEN, Role.HOST, Role.MANAGER, Role.ADMIN})),
    Act.SCREEN_SET: Rule(_HOST),
    Act.DESK_SEE: Rule(_STAFF),
    Act.STAGE_MOVE: Rule(_HOST, (not_over,)),
    Act.STAGE_BACK: Rule(_HOST, (no_open_vote, not_sealed)),
    Act.STAGE_TIME: Rule(_HOST, (not_over,)),
    Act.STAGE_PAUSE: Rule(_HOST, (not_over,)),
    Act.VOTE_ANNUL: Rule(_STAFF, (round_is_over, not_decided)),
    Act.RULE_SET: Rule(frozenset({Role.HOST, Role.MANAGER}), (not_sealed, rule_open)),
    Act.RESULT_SEAL: Rule(_HOST, (not_sealed, round_is_over)),
    Act.RESULT_REVEAL: Rule(_HOST, (is_sealed, stage_opens_or_over)),
    Act.RESULT_SEE: Rule(_ANYBODY, (is_revealed,)),
    Act.COMPLAINT_MAKE: Rule(_ANYBODY, (is_sealed,)),
    Act.COMPLAINT_SEE: Rule(_STAFF),
    Act.COMPLAINT_ANSWER: Rule(_STAFF, (is_sealed,)),
    Act.AWARD_SEE: Rule(_STAFF),
    Act.AWARD_DECIDE: Rule(_MONEY, (is_sealed, is_revealed)),
    Act.MILESTONE_ADD: Rule(_MONEY, (is_sealed, is_revealed)),
    Act.LINK_RENEW: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.HELPER_ADD: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.HELPER_END: Rule(frozenset({Role.HOST, Role.MANAGER})),
    Act.LEDGER_SEE: Rule(_STAFF),
    Act.PROJECT_SEE: Rule(frozenset({Role.MANAGER, Role.ADMIN})),
}
"""The table. A word in acts.py without a line here fails a test and the start."""


def why_not(act: Act, seat: Seat) -> Reason | None:
    """None when the act is allowed, otherwise the first reason against it. Never raises for a known act."""
    rule = RULES[act]
    if not (rule.roles & seat.roles):
        joinable = Role.RESIDENT in rule.roles and seat.roles <= {Role.VISITOR, Role.VOTER}
        return Reason.JOIN_FIRST if joinable else Reason.NOT_YOUR_ROLE
    return next((reason for test in rule.when if (reason := test(act, seat))), None)


def may(act: Act, seat: Seat) -> bool:
    """Whether this seat may do this act now."""
    return why_not(act, seat) is None
