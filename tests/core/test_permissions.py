"""The permission table, cell by cell: role × kind of stage × act, against a plan written by hand in another form."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from ideathon.core.acts import MOVES, READS, Act, Lock, Role, lock_of
from ideathon.core.permissions import RULES, Reason, Seat, may, why_not
from ideathon.core.stages import KINDS, Effect, Kind, opens

ALL_STAGES = " ".join(Kind)
HALL = "resident mentor host"
EVERYBODY = " ".join(Role)

# act: (who may, in which kinds of stage; * is any, also none), for a seat that meets every other condition
PLAN: dict[str, tuple[str, str]] = {
    "public:see": (EVERYBODY, "*"),
    "session:open": (EVERYBODY, "*"),
    "link:use": (EVERYBODY, "*"),
    "gathering:join": (EVERYBODY, "*"),
    "gathering:see": ("resident mentor juror helper host manager admin screen", "*"),
    "map:add": (HALL, "mapping challenges"),
    "map:support": (HALL, "mapping challenges ideas"),
    "map:withdraw": (HALL, "*"),
    "map:hide": ("host", "*"),
    "challenge:build": ("host", "mapping challenges ideas"),
    "idea:add": (HALL, "ideas"),
    "idea:edit": (HALL, "ideas teams break work"),
    "idea:withdraw": (HALL, "ideas teams break work"),
    "idea:support": (HALL, "ideas teams break work pitch"),
    "idea:hide": ("host", "*"),
    "team:join": ("resident", "ideas teams break work"),
    "comment:add": (HALL, "ideas teams break work pitch result close"),
    "comment:advise": ("mentor", "ideas teams break work pitch result close"),
    "comment:withdraw": (HALL, "*"),
    "comment:hide": ("host", "*"),
    "jury:see": ("juror", "*"),
    "jury:declare": ("juror", "teams break work pitch jury vote count"),
    "jury:score": ("juror", "pitch jury vote count"),
    "jury:progress": ("host manager admin", "*"),
    "jury:lock": ("host", "*"),
    "ballot:see": ("voter", "*"),
    "ballot:cast": ("voter", "*"),
    "ballot:enter": ("host manager helper", "*"),
    "paper:settle": ("host manager", "*"),
    "vote:count": ("host manager", "*"),
    "slip:print": ("host manager", "*"),
    "slip:void": ("host manager", "*"),
    "class:set": ("host manager", "*"),
    "voter:see": ("host manager helper", "*"),
    "voter:tick": ("host manager helper", "*"),
    "voter:list": ("host manager", "*"),
    "voter:invite": ("host manager", "*"),
    "invitation:use": ("voter", "*"),
    "plain:allow": ("host", "*"),
    "screen:see": ("screen host manager admin", "*"),
    "screen:set": ("host", "*"),
    "desk:see": ("host manager admin", "*"),
    "stage:move": ("host", "*"),
    "stage:back": ("host", "*"),
    "stage:time": ("host", "*"),
    "stage:pause": ("host", "*"),
    "vote:set": ("host manager", "*"),
    "vote:rehearse": ("host manager", "*"),
    "witness:set": ("host manager", "*"),
    "openings:take": ("host manager admin", "*"),
    "vote:annul": ("host manager admin", "*"),
    "rule:set": ("host manager", "*"),
    "result:seal": ("host", "*"),
    "result:reveal": ("host", "result close"),
    "result:see": (EVERYBODY, "*"),
    "complaint:make": (EVERYBODY, "*"),
    "complaint:see": ("host manager admin", "*"),
    "complaint:answer": ("host manager admin", "*"),
    "award:see": ("host manager admin", "*"),
    "award:decide": ("manager", "*"),
    "milestone:add": ("manager", "*"),
    "link:renew": ("host manager", "*"),
    "helper:add": ("host manager", "*"),
    "helper:end": ("host manager", "*"),
    "ledger:see": ("host manager admin", "*"),
    "project:see": ("manager admin", "*"),
}

# what else must hold; every other act asks for role and stage alone
FACTS: dict[str, dict[str, bool]] = {
    "ballot:cast": {"round_open": True, "in_time": True},
    "invitation:use": {"round_open": True, "in_time": True},
    "ballot:enter": {"round_over": True},
    "paper:settle": {"round_over": True},
    "vote:count": {"round_over": True},
    "result:seal": {"round_over": True},
    "result:reveal": {"sealed": True},
    "vote:annul": {"round_over": True},
    "openings:take": {"sealed": True},
    "complaint:make": {"sealed": True},
    "complaint:answer": {"sealed": True},
    "award:decide": {"sealed": True, "revealed": True},
    "milestone:add": {"sealed": True, "revealed": True},
    "result:see": {"revealed": True},
}
BEST = {"owns": True, "fresh": True, "declared": True}


def best_seat(act: str, role: Role, stage: Kind | None) -> Seat:
    """A seat that meets every condition of the act but, perhaps, role and stage."""
    return Seat(roles=frozenset({role, Role.VISITOR}), stage=stage, **{**BEST, **FACTS.get(act, {})})


def test_every_act_has_a_line_and_a_plan() -> None:
    assert set(RULES) == set(Act)
    assert set(PLAN) == {str(act) for act in Act}


@pytest.mark.parametrize("act", list(Act), ids=str)
def test_each_cell_is_as_planned(act: Act) -> None:
    who, when = PLAN[act]
    for role, stage in itertools.product(Role, (None, *Kind)):
        planned = role in who.split() and (when == "*" or (stage is not None and stage in when.split()))
        if Role.VISITOR in who.split() and when == "*":
            planned = True  # a door for anybody stays open to those who hold more
        assert may(act, best_seat(act, role, stage)) is planned, (act, role, stage)


SINGLE_FACTS: list[tuple[str, dict[str, bool], Reason]] = [
    ("complaint:make", {"sealed": False}, Reason.NOT_SEALED),
    ("complaint:answer", {"sealed": False}, Reason.NOT_SEALED),
    ("map:add", {"paused": True}, Reason.PAUSED),
    ("idea:edit", {"owns": False}, Reason.NOT_YOURS),
    ("idea:withdraw", {"owns": False}, Reason.NOT_YOURS),
    ("map:withdraw", {"owns": False}, Reason.NOT_YOURS),
    ("comment:withdraw", {"fresh": False}, Reason.TOO_LATE_TO_TAKE_BACK),
    ("jury:score", {"declared": False}, Reason.DECLARE_FIRST),
    ("jury:score", {"recused": True}, Reason.RECUSED),
    ("jury:score", {"locked": True}, Reason.SCORES_LOCKED),
    ("jury:declare", {"locked": True}, Reason.SCORES_LOCKED),
    ("ballot:cast", {"round_open": False}, Reason.VOTE_NOT_OPEN),
    ("ballot:cast", {"in_time": False}, Reason.VOTE_CLOSED),
    ("ballot:cast", {"round_over": True}, Reason.VOTE_CLOSED),
    ("invitation:use", {"round_open": False}, Reason.VOTE_NOT_OPEN),
    ("invitation:use", {"in_time": False}, Reason.VOTE_CLOSED),
    ("invitation:use", {"paused": True}, Reason.PAUSED),
    ("class:set", {"round_open": True}, Reason.VOTE_FIXED),
    ("plain:allow", {"round_over": True}, Reason.VOTE_FIXED),
    ("ballot:enter", {"sealed": True}, Reason.ALREADY_SEALED),
    ("ballot:enter", {"round_over": False}, Reason.VOTE_NOT_OPEN),
    ("paper:settle", {"sealed": True}, Reason.ALREADY_SEALED),
    ("paper:settle", {"round_over": False}, Reason.VOTE_NOT_OPEN),
    ("vote:count", {"round_over": False, "round_open": True}, Reason.VOTE_OPEN),
    ("vote:count", {"sealed": True}, Reason.ALREADY_SEALED),
    ("stage:back", {"round_open": True}, Reason.VOTE_OPEN),
    ("stage:back", {"sealed": True}, Reason.ALREADY_SEALED),
    ("stage:move", {"over": True}, Reason.DAY_OVER),
    ("gathering:join", {"over": True}, Reason.DAY_OVER),
    ("vote:set", {"round_open": True}, Reason.VOTE_FIXED),
    ("vote:set", {"round_over": True}, Reason.VOTE_FIXED),
    ("vote:rehearse", {"round_open": True}, Reason.VOTE_FIXED),
    ("vote:rehearse", {"round_over": True}, Reason.VOTE_FIXED),
    ("witness:set", {"round_open": True}, Reason.VOTE_FIXED),
    ("witness:set", {"round_over": True}, Reason.VOTE_FIXED),
    ("openings:take", {"sealed": False}, Reason.NOT_SEALED),
    ("vote:annul", {"round_over": False, "round_open": True}, Reason.VOTE_OPEN),
    ("vote:annul", {"decided": True}, Reason.DECIDED),
    ("rule:set", {"frozen": True}, Reason.RULE_FROZEN),
    ("rule:set", {"sealed": True}, Reason.ALREADY_SEALED),
    ("result:seal", {"round_open": True, "round_over": False}, Reason.VOTE_OPEN),
    ("result:seal", {"sealed": True}, Reason.ALREADY_SEALED),
    ("result:reveal", {"sealed": False}, Reason.NOT_SEALED),
    ("result:see", {"revealed": False}, Reason.NOT_REVEALED),
    ("award:decide", {"revealed": False}, Reason.NOT_REVEALED),
]


@pytest.mark.parametrize(("act", "facts", "reason"), SINGLE_FACTS)
def test_one_missing_condition_is_the_reason_given(act: str, facts: dict[str, bool], reason: Reason) -> None:
    who, when = PLAN[act]
    role = Role("mentor") if "mentor" in who and "owns" in facts else Role(who.split()[0])
    seat = best_seat(act, role, Kind(when.split()[0]) if when != "*" else None)
    assert why_not(Act(act), seat) is None
    assert why_not(Act(act), replace(seat, **facts)) is reason


OPENED = "class:set plain:allow vote:set vote:rehearse witness:set"     # what the opening of the vote freezes
AFTER_THE_VOTE = "vote:count vote:annul result:seal"
# a fact about the seat: which acts mind it, of all that were possible without it, and what they say
MINDED: list[tuple[str, bool, Reason, str]] = [
    ("paused", True, Reason.PAUSED, "map:add map:support idea:add idea:edit idea:support team:join comment:add "
                                    "comment:advise ballot:cast invitation:use"),
    ("over", True, Reason.DAY_OVER, "gathering:join stage:move stage:time stage:pause"),
    ("owns", False, Reason.NOT_YOURS, "map:withdraw idea:edit idea:withdraw comment:withdraw"),
    ("fresh", False, Reason.TOO_LATE_TO_TAKE_BACK, "comment:withdraw"),
    ("declared", False, Reason.DECLARE_FIRST, "jury:score"),
    ("recused", True, Reason.RECUSED, "jury:score"),
    ("locked", True, Reason.SCORES_LOCKED, "jury:declare jury:score jury:lock"),
    ("frozen", True, Reason.RULE_FROZEN, "rule:set"),
    ("round_open", True, Reason.VOTE_FIXED, OPENED),
    ("round_open", True, Reason.VOTE_OPEN, f"{AFTER_THE_VOTE} stage:back"),
    ("round_open", False, Reason.VOTE_NOT_OPEN, "ballot:cast invitation:use"),
    ("in_time", False, Reason.VOTE_CLOSED, "ballot:cast invitation:use"),
    ("round_over", True, Reason.VOTE_FIXED, OPENED),
    ("round_over", True, Reason.VOTE_CLOSED, "ballot:cast invitation:use"),
    ("round_over", False, Reason.VOTE_NOT_OPEN, f"{AFTER_THE_VOTE} ballot:enter paper:settle"),
    ("sealed", True, Reason.ALREADY_SEALED, "idea:hide ballot:enter paper:settle vote:count stage:back rule:set "
                                            "result:seal"),
    ("sealed", False, Reason.NOT_SEALED, "openings:take result:reveal complaint:make complaint:answer award:decide "
                                         "milestone:add"),
    ("revealed", False, Reason.NOT_REVEALED, "result:see award:decide milestone:add"),
    ("decided", True, Reason.DECIDED, "vote:annul"),
]


@pytest.mark.parametrize(("fact", "value"), dict.fromkeys(row[:2] for row in MINDED))
def test_each_fact_is_minded_by_these_acts_and_no_other(fact: str, value: bool) -> None:
    said = {}
    for act, (who, when) in PLAN.items():
        before = best_seat(act, Role(who.split()[0]), Kind(when.split()[0]) if when != "*" else None)
        after = replace(before, **{fact: value})
        assert may(Act(act), before), act
        if not may(Act(act), after):
            said[act] = why_not(Act(act), after)
    assert said == {act: reason for *about, reason, acts in MINDED if about == [fact, value] for act in acts.split()}


def test_a_seat_of_which_nothing_is_said_is_a_visitors_and_nothing_has_happened() -> None:
    seat = Seat()
    assert (seat.roles, seat.stage) == ({Role.VISITOR}, None)
    assert not any(getattr(seat, name) for name in Seat.__slots__ if name not in {"roles", "stage"})


def test_what_was_sealed_can_be_shown_after_the_end_of_the_day() -> None:
    seat = Seat(roles=frozenset({Role.HOST}), stage=None, over=True, sealed=True)
    assert may(Act.RESULT_REVEAL, seat)
    assert why_not(Act.RESULT_REVEAL, replace(seat, over=False)) is Reason.NOT_THIS_STAGE


def test_nobody_votes_while_the_day_is_paused() -> None:
    seat = best_seat("ballot:cast", Role.VOTER, Kind.VOTE)
    assert why_not(Act.BALLOT_CAST, replace(seat, paused=True)) is Reason.PAUSED


def test_a_host_edits_for_those_without_a_phone_but_takes_nothing_back() -> None:
    seat = Seat(roles=frozenset({Role.HOST}), stage=Kind.IDEAS)
    assert may(Act.IDEA_EDIT, seat)
    assert not may(Act.IDEA_WITHDRAW, seat)


def test_a_visitor_is_told_to_join() -> None:
    assert why_not(Act.MAP_ADD, Seat(stage=Kind.MAPPING)) is Reason.JOIN_FIRST
    assert why_not(Act.DESK_SEE, Seat()) is Reason.NOT_YOUR_ROLE


@given(
    st.sampled_from(list(Act)),
    st.frozensets(st.sampled_from(list(Role)), min_size=1),
    st.sampled_from(list(Role)),
    st.sampled_from([None, *Kind]),
)
def test_another_role_never_takes_a_right_away(
    act: Act, roles: frozenset[Role], more: Role, stage: Kind | None
) -> None:
    seat = Seat(roles=roles, stage=stage, **{**BEST, **FACTS.get(act, {})})
    assert may(act, replace(seat, roles=roles | {more})) or not may(act, seat)


@given(st.sampled_from(list(Act)), st.data())
def test_the_table_answers_for_any_seat(act: Act, data: st.DataObject) -> None:
    flags = {name: data.draw(st.booleans()) for name in Seat.__slots__ if name not in {"roles", "stage"}}
    seat = Seat(
        roles=data.draw(st.frozensets(st.sampled_from(list(Role)))),
        stage=data.draw(st.sampled_from([None, *Kind])),
        **flags,
    )
    assert (why_not(act, seat) is None) is may(act, seat)


def test_locks() -> None:
    assert not READS & MOVES
    assert lock_of(Act.STAGE_MOVE) is Lock.EXCLUSIVE
    assert lock_of(Act.BALLOT_CAST) is Lock.SHARED
    assert lock_of(Act.GATHERING_SEE) is Lock.NONE
    assert {
        act for act in Act if str(act).startswith(("stage:", "result:", "award:")) and not str(act).endswith(":see")
    } <= MOVES


def test_every_kind_is_declared_and_opens_only_what_the_table_asks_about() -> None:
    assert set(KINDS) == set(Kind)
    assert [kind for kind in Kind if Effect.OPEN_ROUND in KINDS[kind].sets_going] == [Kind.VOTE]
    assert not any(opens(None, act) for act in Act)
