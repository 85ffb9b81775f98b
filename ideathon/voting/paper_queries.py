"""Reading the paper: what was entered once, what differs, what is still open before the count; accounts and hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from ideathon.extensions import db
from ideathon.people.models import Person

from .models import Ballot, Round
from .paper_models import HandsCount, PaperAccount, PaperEntry, PaperRecheck

PAPER = "paper:"
BY_PHONE = "voted_by_phone"     # the paper of a slip that voted by phone: in no box, spoiled in its place's account
TAKES = ("open", "closed")      # the states of a vote in which paper is entered


class Step(StrEnum):
    """Where a paper is on its way into the box."""

    WAITING = "waiting"     # read by one person
    DIFFERS = "differs"     # two readings that say different things
    BOX = "box"             # counted, or void
    ASIDE = "aside"         # its slip voted by phone


@dataclass(frozen=True, slots=True)
class Paper:
    """One ballot on paper and the readings of it, in the order in which they came."""

    tag: str
    step: Step
    readings: tuple[PaperEntry, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that must be done before the count: what, how many of it, and where (places or serials)."""

    code: str
    number: int
    where: tuple[str, ...] = ()


def label(tag: str) -> str:
    """What stands on the paper: its serial, or the mark that the desk wrote on the back of a slip."""
    return tag.removeprefix(PAPER) if tag.startswith(PAPER) else tag[:6].upper()


def channel_of(vote: Round, tag: str) -> str | None:
    """By which way the tag's ballot came into the box: phone, paper, assisted; None when there is none."""
    return db.session.scalar(select(Ballot.channel).where(Ballot.round_id == vote.id, Ballot.tag == tag))


def entries(vote: Round, tag: str | None = None) -> list[PaperEntry]:
    """Every reading, or those of one paper, first readings before second ones."""
    query = select(PaperEntry).where(PaperEntry.round_id == vote.id).order_by(PaperEntry.tag, PaperEntry.number)
    return list(db.session.scalars(query if tag is None else query.where(PaperEntry.tag == tag)))


def papers(vote: Round) -> list[Paper]:
    """Every paper that anybody entered, by its serial."""
    found: dict[str, list[PaperEntry]] = {}
    for entry in entries(vote):
        found.setdefault(entry.tag, []).append(entry)
    query = select(Ballot.tag).where(Ballot.round_id == vote.id, Ballot.channel != "phone")
    box = set(db.session.scalars(query))
    return sorted((Paper(tag, _step(tag in box, read), tuple(read)) for tag, read in found.items()),
                  key=lambda one: label(one.tag))


def _step(in_box: bool, readings: Sequence[PaperEntry]) -> Step:
    if in_box:
        return Step.BOX
    if len(readings) < 2:
        return Step.WAITING
    return Step.ASIDE if all(one.void_reason == BY_PHONE for one in readings) else Step.DIFFERS


def in_step(found: Iterable[Paper], step: Step) -> list[Paper]:
    """Those of the papers that are so far."""
    return [one for one in found if one.step is step]


def people(ids: Iterable[int]) -> dict[int, str]:
    """Names of the people at the desk."""
    query = select(Person.id, Person.display_name).where(Person.id.in_(set(ids)))
    return dict(db.session.execute(query).all())


def boxed(vote: Round) -> list[dict[str, Any]]:
    """The paper ballots in the box by serial: their state, never their choices."""
    if vote.kept:
        return list(vote.kept["papers"])
    query = (select(Ballot.tag, Ballot.channel, Ballot.place, Ballot.state, Ballot.void_reason)
             .where(Ballot.round_id == vote.id, Ballot.channel != "phone").order_by(Ballot.tag))
    return [{**row._mapping, "serial": label(row.tag)} for row in db.session.execute(query)]


def cast_by_place(vote_id: int) -> Counter[str]:
    """How many paper ballots are in the box from each place, void ones too."""
    query = select(Ballot.place, func.count()).where(Ballot.round_id == vote_id, Ballot.channel != "phone")
    return Counter(dict(db.session.execute(query.group_by(Ballot.place)).all()))


def aside_by_place(found: Iterable[Paper]) -> Counter[str]:
    """How many papers lie aside in each place, since their slips voted by phone."""
    return Counter(one.readings[0].place for one in in_step(found, Step.ASIDE))


def places(vote: Round) -> list[str]:
    """Every place that somebody has named, as it was first written."""
    named = (select(model.place).where(model.round_id == vote.id)     # type: ignore[attr-defined]  # all four have one
             for model in (PaperEntry, PaperAccount, HandsCount))
    found = {place for query in named for place in db.session.scalars(query)}
    return sorted(found | set(cast_by_place(vote.id)))


def spelled(vote: Round, place: str) -> str:
    """The place as it was written before, when only the case of its letters differs."""
    return next((known for known in places(vote) if known.casefold() == place.casefold()), place)


def accounts(vote_id: int) -> dict[str, PaperAccount]:
    """What was typed of the papers of each place."""
    query = select(PaperAccount).where(PaperAccount.round_id == vote_id).order_by(PaperAccount.place)
    return {one.place: one for one in db.session.scalars(query)}


def told(vote_id: int) -> list[dict[str, Any]]:
    """The account of each place, whole, as the board and the figures hold it."""
    cast = cast_by_place(vote_id)
    return [{"place": place, "issued": one.issued, "cast": cast[place], "spoiled": one.spoiled, "unused": one.unused,
             "why": one.why} for place, one in accounts(vote_id).items()]


def missing(account: dict[str, Any]) -> int:
    """How many papers of a place are told nowhere; below zero when there are too many."""
    return int(account["issued"] - account["cast"] - account["spoiled"] - account["unused"])


def hands(vote_id: int) -> dict[str, list[HandsCount]]:
    """What was counted of raised hands in each place, by one person or by two."""
    query = select(HandsCount).where(HandsCount.round_id == vote_id).order_by(HandsCount.place, HandsCount.number)
    found: dict[str, list[HandsCount]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.place, []).append(one)
    return found


def hands_that_count(vote_id: int) -> list[HandsCount]:
    """Of each show of hands the count that stands on the board."""
    query = select(HandsCount).where(HandsCount.round_id == vote_id, HandsCount.counts).order_by(HandsCount.place)
    return list(db.session.scalars(query))


def hand_totals(vote_id: int) -> Counter[str]:
    """Hands by idea, of every place."""
    return sum((Counter(one.totals) for one in hands_that_count(vote_id)), Counter())


def rechecks(vote_id: int) -> list[PaperRecheck]:
    """Every draw of ballots to be compared with their papers."""
    return list(db.session.scalars(select(PaperRecheck).where(PaperRecheck.round_id == vote_id).order_by(
        PaperRecheck.id)))


def rechecked(vote_id: int) -> dict[str, int]:
    """How many ballots were compared with their papers, and how many differ; a ballot drawn twice is one."""
    done = [one for one in rechecks(vote_id) if one.differing is not None]
    return {"compared": len({tag for one in done for tag in one.tags}),
            "differing": len({tag for one in done for tag in one.differing or ()})}


def countable(vote_id: int) -> list[str]:
    """Tags of the paper ballots that count."""
    return list(db.session.scalars(select(Ballot.tag).where(
        Ballot.round_id == vote_id, Ballot.channel != "phone", Ballot.state == "cast").order_by(Ballot.tag)))


def drawn(vote: Round, recheck: PaperRecheck) -> list[Any]:
    """The drawn ballots as rows: what is recorded of each."""
    query = select(Ballot.tag, Ballot.place, Ballot.choices).where(Ballot.round_id == vote.id,
                                                                  Ballot.tag.in_(recheck.tags))
    found = {row.tag: row for row in db.session.execute(query)}
    return [found[tag] for tag in recheck.tags]


def still_open(vote: Round) -> list[Open]:
    """Everything that stands between the paper and the count, in the order in which it is done."""
    found, counted, typed = papers(vote), hands(vote.id), told(vote.id)
    where = {
        "paper_waiting": [label(one.tag) for one in in_step(found, Step.WAITING)],
        "paper_differs": [label(one.tag) for one in in_step(found, Step.DIFFERS)],
        "hands_waiting": [place for place, rows in counted.items() if len(rows) == 1],
        "hands_differ": [place for place, rows in counted.items() if len(rows) == 2 and not rows[1].counts],
        "account_missing": _without_account(vote, found),
        "account_spoiled": _too_few_spoiled(vote, found),
        "account_unexplained": [one["place"] for one in typed if missing(one) and not one["why"]],
        "recheck_open": [str(len(one.tags)) for one in rechecks(vote.id) if one.differing is None],
    }
    return [Open(code, len(at), tuple(at)) for code, at in where.items() if at]


def _without_account(vote: Round, found: Sequence[Paper]) -> list[str]:
    there = set(cast_by_place(vote.id)) | set(aside_by_place(found))
    return sorted(there - set(accounts(vote.id)))


def _too_few_spoiled(vote: Round, found: Sequence[Paper]) -> list[str]:
    """A paper that lies aside is one of the spoiled."""
    aside, typed = aside_by_place(found), accounts(vote.id)
    return [place for place, number in sorted(aside.items()) if place in typed and typed[place].spoiled < number]
