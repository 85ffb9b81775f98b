"""The vote at its edges: who is refused what and when, what stands on the board, what the hall and the record hear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from ideathon import ledger
from ideathon.clock import now
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import here_for
from ideathon.live.pulse import pulse_of
from ideathon.voting import board, codes, queries, rounds, sealing, service, slips, urn
from ideathon.voting.models import Ballot, BoardEntry, CastKey, Round, Slip
from tests.houses import House
from tests.voting import box
from tests.voting.box import refused, standing, told

WHY = "The slips lay open."


def test_before_and_after_the_vote_these_are_refused(house: House) -> None:
    house.day("pitch", ideas=2)

    def draw(here: Any, **more: Any) -> list[str]:
        return service.draw_slips(standing(house), 1, here, **more)

    assert refused(house, lambda here: draw(here, test=True)) == "no_rehearsal"
    assert refused(house, lambda here: draw(here, klass="nobody")) == "no_such_class"
    with house.inside():
        service.set_witness(box.host_here(house), 1, "age1abc")
        assert draw(box.host_here(house))
        assert rounds.is_ahead(box.host_here(house))
        assert told(house, Act.SLIP_PRINT)[-1] == {"drawn": 1}
        assert told(house, Act.WITNESS_SET) == [{"recipient": "age1abc"}]
        rounds.rehearse(box.host_here(house))
        assert rounds.is_ahead(box.host_here(house))
        assert draw(box.host_here(house), test=True)
        assert told(house, Act.SLIP_PRINT)[-1] == {"drawn": 1, "test": True}
        service.set_witness(box.host_here(house), 2, "age1xyz")
        assert told(house, Act.WITNESS_SET)[-1] == {"recipient": "age1xyz"}
    box.open_now(house)
    with house.inside():
        assert not rounds.is_ahead(box.host_here(house))
    frozen = {"rules": lambda here: rounds.set_rules(here, {"age": 16}), "rehearsal": rounds.rehearse,
              "witness": lambda here: service.set_witness(here, 2, "age1abc")}
    assert {what: refused(house, verb) for what, verb in frozen.items()} == dict.fromkeys(frozen, "vote_fixed")
    assert refused(house, lambda here: draw(here, test=True)) == "no_rehearsal"
    head = box.close_now(house)
    assert {what: refused(house, verb) for what, verb in frozen.items()} == dict.fromkeys(frozen, "vote_fixed")
    assert refused(house, lambda here: rounds.open_round(here, None)) == "vote_over"
    assert refused(house, draw) == "no_more_slips"
    with house.inside():
        assert (standing(house).head, standing(house).age) == (head, 0)


def test_an_event_without_a_vote_gets_one_and_keeps_it(house: House) -> None:
    house.day("pitch", ideas=2)
    with house.inside() as session:
        session.execute(delete(Round))
        here = box.host_here(house)
        rounds.follow_clock(here)
        assert session.scalars(select(Round)).all() == []
        made = rounds.round_for(here)
        assert (made.state, made.gathering_id) == ("draft", here.gathering.id)
        assert rounds.round_for(here).id == made.id == standing(house).id


def test_the_opening_entry_says_exactly_this(house: House) -> None:
    house.day("pitch", ideas=2)
    box.draw(house, 2)
    with house.inside() as session:
        service.set_witness(box.host_here(house), 1, "age1abc")
        vote = rounds.open_round(box.host_here(house), None, "ab" * 32)
        tags = session.scalars(select(Slip.tag)).all()
        listed = {"count": 2, "list": board.list_hash(tags)}
        entry = session.scalars(select(BoardEntry)).one()
        assert entry.entry == {
            "kind": "open", "form": "ideathon-board-2", "event": "ENGURE", "round": vote.id, "method": "approval",
            "min_choices": 1, "max_choices": 3, "options": ["I01", "I02"], "slips": listed, "witnesses": ["age1abc"],
            "profile": "room", "formula": "ab" * 32}
        assert (entry.seq, vote.seq, entry.digest) == (0, 0, vote.rules_hash)
        assert vote.head == vote.rules_hash == board.genesis(entry.entry)
        assert (vote.state, vote.opened_at is not None, vote.costs) == ("open", True, [])
        assert told(house, Act.STAGE_MOVE)[-1] == {"state": "open", "rules": vote.rules_hash}
        again = rounds.open_round(box.host_here(house), now() + timedelta(minutes=1), "cd" * 32)
        assert (again.head, again.closes_at is not None) == (entry.digest, True)


def test_whatever_is_not_as_by_default_is_in_the_opening_entry(house: House) -> None:
    house.day("pitch", ideas=2)
    asked = {"age": 16, "revote": False, "shuffled": True, "publish": "full", "overrides": ["few_slips"],
             "classes": [{"ref": "a", "name": "A"}]}
    with house.inside() as session:
        here = box.host_here(house)
        rounds.set_rules(here, asked)
        service.draw_slips(standing(house), 2, here, klass="a")
        void, *_ = service.draw_slips(standing(house), 1, here)
        session.execute(update(Slip).where(Slip.tag == codes.tag_of(standing(house).id, void)).values(state="void"))
        vote = rounds.open_round(here, None)
        of_a = session.scalars(select(Slip.tag).where(Slip.klass == "a")).all()
        entries = session.scalars(select(BoardEntry.entry).order_by(BoardEntry.seq)).all()
        said = {name: value for name, value in asked.items() if name not in {"overrides", "classes"}}
        assert entries[0].items() >= said.items()
        assert entries[0]["classes"] == {"a": {"count": 2, "list": board.list_hash(of_a)}}
        assert entries[1:] == [{"kind": "void", "tag": codes.tag_of(vote.id, void)},
                               {"kind": "override", "what": "few_slips", "by": "host"}]
        late = [[codes.tag_of(vote.id, code) for code in service.draw_slips(vote, 2, here, klass=klass)]
                for klass in ("a", "")]
        last = session.scalars(select(BoardEntry.entry).order_by(BoardEntry.seq)).all()[-2:]
        assert last == [{"kind": "slips", "tags": sorted(late[0]), "class": "a"},
                        {"kind": "slips", "tags": sorted(late[1])}]


@pytest.mark.parametrize("method", ["budget", "star"])
def test_where_money_is_shared_out_the_costs_are_frozen(house: House, method: str) -> None:
    house.day("pitch", ideas=2)
    with house.inside() as session:
        rounds.set_rules(box.host_here(house), {"method": method, "budget_cents": 600_000})
        opening = rounds.open_round(box.host_here(house), None)
        entry = session.scalars(select(BoardEntry.entry)).one()
        costs = [int(one["cents"]) for one in queries.options(opening)]
        assert (entry["costs"], entry["budget"]) == (costs, 600_000)
        assert opening.costs == costs
        assert min(costs) > 0


def test_a_rehearsal_is_wiped_whole_and_the_slips_of_the_vote_stay(house: House) -> None:
    house.day("pitch", ideas=2)
    (good,) = box.draw(house, 1)
    with house.inside() as session:
        here = box.host_here(house)
        assert rounds.rehearse(here).state == "rehearsal"
        (test,) = service.draw_slips(standing(house), 1, here, test=True)
        vote = standing(house)
        service.cast(here, vote, codes.tag_of(vote.id, test), ["I01"], key="k", expect=0)
        assert session.scalar(select(BoardEntry.entry).where(BoardEntry.seq == 0))["test"] is True
        assert [session.scalar(select(func.count()).select_from(model)) for model in (Ballot, CastKey)] == [1, 1]
    with house.inside() as session:
        rounds.open_round(box.host_here(house), None)
        assert [session.scalar(select(func.count()).select_from(model)) for model in (Ballot, CastKey)] == [0, 0]
        assert session.scalars(select(Slip.tag)).all() == [codes.tag_of(standing(house).id, good)]
        (entry,) = session.scalars(select(BoardEntry)).all()
        assert (entry.seq, "test" in entry.entry, standing(house).seq) == (0, False, 0)


def test_what_a_vote_leaves_is_of_this_length(house: House) -> None:
    code, other, *_ = box.vote_day(house)
    with house.inside() as session:
        here, vote = box.host_here(house), standing(house)
        got = service.cast(here, vote, codes.tag_of(vote.id, code), ["I02", "I01"], key="k", expect=0)
        assert (got.seq, got.mark) == (vote.seq, vote.head[:16]) == (1, vote.head[:16])
        ballot = session.scalars(select(Ballot)).one()
        entry = session.scalars(select(BoardEntry.entry).where(BoardEntry.seq == 1)).one()
        assert (len(bytes.fromhex(ballot.nonce)), ballot.choices, ballot.shown) == (32, ["I01", "I02"], None)
        assert (ballot.channel, ballot.place, ballot.state, ballot.void_reason) == ("phone", "online", "cast", "")
        assert entry == {"kind": "vote", "tag": ballot.tag,
                         "commit": board.commitment(ballot.nonce, b'["I01","I02"]')}
        assert session.scalars(select(CastKey.seq)).all() == [1]
        with pytest.raises(urn.NotABallot) as said:
            service.cast(here, vote, codes.tag_of(vote.id, other), ["I99"], key="k", expect=0)
        assert [problem.option for problem in said.value.problems] == ["I99"]
        vote.state = "closed"
        with pytest.raises(Refused, match="vote_closed"):
            service.cast(here, vote, codes.tag_of(vote.id, other), ["I01"], key="k", expect=0)
        assert slips.TAKING == ("open", "rehearsal")


def test_a_change_of_mind_is_written_over_whole_and_over_its_own_slip_alone(house: House) -> None:
    house.day("pitch", ideas=4)
    with house.inside() as session:
        here = box.host_here(house)
        rounds.set_rules(here, {"shuffled": True, "classes": [{"ref": "a", "name": "A"}, {"ref": "b", "name": "B"}]})
        drawn = {klass: service.draw_slips(standing(house), 1, here, klass=klass)[0] for klass in ("a", "b", "")}
        vote = rounds.open_round(here, None)
        tags = {klass: codes.tag_of(vote.id, code) for klass, code in drawn.items()}
        for klass, tag in tags.items():
            service.cast(here, vote, tag, ["I01"], key="first", expect=0)
            assert session.get_one(Ballot, (vote.id, tag)).klass == klass
    with house.inside() as session:
        here, vote = box.host_here(house), standing(house)
        before = {tag: row.nonce for tag in tags.values() if (row := session.get_one(Ballot, (vote.id, tag)))}
        service.cast(here, vote, tags["a"], ["I02", "I03"], key="second", expect=1)
    with house.inside() as session:
        rows = {tag: session.get_one(Ballot, (standing(house).id, tag)) for tag in tags.values()}
        said = {klass: (rows[tag].choices, rows[tag].seq, rows[tag].klass) for klass, tag in tags.items()}
        assert said == {"a": (["I02", "I03"], 4, "a"), "b": (["I01"], 2, "b"), "": (["I01"], 3, "")}
        assert [rows[tag].nonce != before[tag] for tag in tags.values()] == [True, False, False]
        assert all(sorted(row.shown) == ["I01", "I02", "I03", "I04"] for row in rows.values())
        assert (standing(house).seq, standing(house).voted) == (4, 3)


def test_the_clock_moves_an_open_vote_in_its_own_stage_alone(house: House) -> None:
    house.day("pitch", ideas=2)
    end = datetime(2031, 5, 1, 12, tzinfo=UTC)
    with house.inside():
        here = box.host_here(house)
        here.gathering.current_stage.ends_at = end
        rounds.open_round(here, None)
        rounds.follow_clock(here)
        assert standing(house).closes_at is None
        here.gathering.current_stage.kind = "vote"
        rounds.follow_clock(here)
        assert standing(house).closes_at == end
        rounds.close_round(here)
        here.gathering.current_stage.ends_at = None
        rounds.follow_clock(here)
        assert standing(house).closes_at == end
        assert told(house, Act.STAGE_MOVE)[-1] == {"state": "closed", "head": standing(house).head}
        assert standing(house).closed_at is not None


def test_the_hall_hears_of_every_step_of_the_vote(house: House) -> None:
    house.day("pitch", ideas=2)
    pulse, heard = pulse_of(house.app), []
    pulse.taps.append(lambda room, payload: heard.extend(payload["slices"]))

    def tells(verb: Callable[[Any], object]) -> bool:
        pulse.flush()
        heard.clear()
        with house.inside():
            verb(box.host_here(house))
        pulse.flush()
        return "voting.turnout" in heard

    def at_the_vote(here: Any) -> None:
        here.gathering.current_stage.kind = "vote"

    steps: list[Callable[[Any], object]] = [
        rounds.rehearse, lambda here: service.draw_slips(standing(house), 1, here),
        lambda here: rounds.open_round(here, None), rounds.follow_clock, rounds.close_round,
        lambda here: service.ask_annul(here, WHY)]
    with house.inside():
        at_the_vote(box.host_here(house))
    assert [tells(step) for step in steps] == [True] * 5 + [False]
    assert tells(lambda here: sealing.annul(here_for(here.gathering, house.person("manager"))))


def test_the_record_says_who_set_the_vote_and_drew_its_slips(house: House) -> None:
    house.day("pitch", ideas=2)
    with house.inside():
        rounds.set_rules(box.host_here(house), {"age": 16})
        service.draw_slips(standing(house), 2, box.host_here(house))
        service.draw_slips(standing(house), 1)
        said = [(entry.actor_role, entry.actor_id, entry.facts) for entry in ledger.entries(house.gathering().id)
                if entry.act in {str(Act.VOTE_SET), str(Act.SLIP_PRINT)}]
        host = house.person("host").id
        assert said == [("host", host, {"age": 16}), ("host", host, {"drawn": 2}), ("", None, {"drawn": 1})]


def test_a_slip_counts_once_among_those_that_voted(house: House) -> None:
    one, two, *_ = box.vote_day(house)
    phone, seen = house.visitor(), []
    for code, choice, expect in ((one, "I01", 0), (one, "I02", 1), (two, "I01", 0)):
        assert box.cast(phone, code, choice, expect=expect).status_code == 303
        with house.inside():
            seen.append(standing(house).voted)
    assert seen == [1, 1, 2]


def test_times_are_told_to_the_minute_and_nobody_is_nobody() -> None:
    assert service.minute(datetime(2031, 5, 1, 12, 34, 56, 789, UTC)) == datetime(2031, 5, 1, 12, 34, tzinfo=UTC)
    assert service.actor(None) is None
