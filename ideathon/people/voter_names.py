"""The list of names at the desk: who may vote, and that something was handed out; joined to no slip, no link, no time.

A tick counts on the gathering's shared lock and holds its name's row; what changes the list, on the exclusive one.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db

from .models import VoterName
from .voter_lines import MOST, Line

BY_HAND = ("slip", "paper")     # what a tick can say; "link" is said where links are made
SHOWN = 30                      # names on the page for one search


@dataclass(frozen=True, slots=True)
class By:
    """Who acts at the desk, for the record."""

    role: str
    person_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the lines: how many are new, and the numbers of those that are not added."""

    n: int
    twice: list[int]            # the same name and address stand there already
    served: list[int]           # this name, with whatever address, was given something already


def add(gathering_id: int, lines: Iterable[Line], by: By) -> Added:
    """The names stand in the list, but for those that are there, and those that got something. Exclusive lock.

    A name that got something and comes again with another address would be waiting for a second link.

    Raises:
        Refused: "list_full".
    """
    rows = db.session.execute(select(VoterName.name, VoterName.address, VoterName.given).where(
        VoterName.gathering_id == gathering_id)).all()
    there, served = {_same(row.name, row.address) for row in rows}, {folded(row.name) for row in rows if row.given}
    fresh, made = [], Added(0, [], [])
    before = len(there)
    for line in lines:
        same = _same(line.name, line.address)
        if same in there:
            made.twice.append(line.number)
        elif folded(line.name) in served:
            made.served.append(line.number)
        else:
            there.add(same)
            fresh.append({"gathering_id": gathering_id, "name": line.name, "address": line.address,
                          "klass": line.klass, "given": ""})
    if before + len(fresh) > MOST:
        raise Refused("list_full", most=MOST)
    if fresh:
        db.session.execute(insert(VoterName), fresh)
        _record(Act.VOTER_LIST, gathering_id, by, added=len(fresh))
    return replace(made, n=len(fresh))


def _same(name: str, address: str) -> tuple[str, str]:
    return folded(name), folded(address)


def folded(text: str) -> str:
    """Small letters without their marks, so that "berzins" finds Bērziņš."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def tick(gathering_id: int, number: int, what: str, by: By) -> VoterName:
    """Something was handed out to this name. Shared lock, then the name's row.

    Raises:
        NotFound: no such name.  Refused: "already_given".
    """
    if what not in BY_HAND:
        raise Refused("already_given")
    held = _held(gathering_id, number)
    if held.given:
        raise Refused("already_given")
    held.given = what
    _record(Act.VOTER_TICK, gathering_id, by, given=what)
    return held


def untick(gathering_id: int, number: int, by: By) -> VoterName:
    """It was ticked by mistake: the name got nothing. Shared lock, then the name's row.

    Raises:
        NotFound: no such name.  Refused: "link_given": a link that was sent cannot be taken back here.
    """
    held = _held(gathering_id, number)
    if held.given == "link":
        raise Refused("link_given")
    if held.given:
        _record(Act.VOTER_TICK, gathering_id, by, taken_back=held.given)
        held.given = ""
    return held


def _held(gathering_id: int, number: int) -> VoterName:
    found = db.session.scalar(
        select(VoterName).where(VoterName.id == number, VoterName.gathering_id == gathering_id)
        .with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound("no_such_name")
    return found


def give_links(gathering_id: int) -> list[Line]:
    """Every name with an address that got nothing yet gets a link; gives them by name. Exclusive lock."""
    waiting = (VoterName.gathering_id == gathering_id, VoterName.given == "", VoterName.address != "")
    rows = db.session.execute(select(VoterName.name, VoterName.address, VoterName.klass).where(*waiting)).all()
    db.session.execute(update(VoterName).where(*waiting).values(given="link"))
    return sorted((Line(0, *row) for row in rows), key=lambda line: (folded(line.name), line.address))


def take_links_back(gathering_id: int) -> None:
    """No name got a link. Exclusive lock; the caller knows that no link was used."""
    _set_back(gathering_id, "link")


def start_over(gathering_id: int) -> None:
    """No name got anything: another vote is held. Exclusive lock."""
    _set_back(gathering_id, *BY_HAND, "link")


def _set_back(gathering_id: int, *given: str) -> None:
    db.session.execute(update(VoterName).where(VoterName.gathering_id == gathering_id, VoterName.given.in_(given))
                       .values(given=""))


def forget(gathering_id: int, by: By) -> int:
    """The list is gone; gives how many names it had. Exclusive lock, or nobody there any more."""
    gone = db.session.execute(delete(VoterName).where(VoterName.gathering_id == gathering_id)).rowcount
    if gone:
        _record(Act.VOTER_LIST, gathering_id, by, deleted=gone)
    return int(gone)


def _record(act: Act, gathering_id: int, by: By, **facts: object) -> None:
    """That it was done and how often; never whose name. To the minute, as everything beside the vote."""
    db.session.flush()
    ledger.record(act, gathering_id, "voters", role=by.role, actor=by.person_id,
                  now=by.now.replace(second=0, microsecond=0), **facts)


# ---- reading

def find(gathering_id: int, wanted: str) -> tuple[list[VoterName], int]:
    """Names in which every wanted word stands, the first of them, by name; and how many there are in all."""
    parts = folded(wanted).split()
    if not parts:
        return [], 0
    rows = db.session.execute(select(VoterName.id, VoterName.name).where(VoterName.gathering_id == gathering_id))
    hits = sorted((fold, number) for number, fold in ((row.id, folded(row.name)) for row in rows)
                  if all(part in fold for part in parts))
    shown = [number for _fold, number in hits[:SHOWN]]
    held = {one.id: one for one in db.session.scalars(select(VoterName).where(VoterName.id.in_(shown)))}
    return [held[number] for number in shown if number in held], len(hits)


def counts(gathering_id: int) -> list[dict[str, object]]:
    """How many of how many got what, in all and by class: rows with klass (None for all), n, slip, paper, link."""
    query = (select(VoterName.klass, VoterName.given, func.count()).where(VoterName.gathering_id == gathering_id)
             .group_by(VoterName.klass, VoterName.given))
    by_class: dict[str, Counter[str]] = {}
    for klass, given, n in db.session.execute(query):
        by_class.setdefault(klass, Counter())[given] += n
    whole: Counter[str] = Counter()
    for each in by_class.values():
        whole.update(each)
    rows: list[tuple[str | None, Counter[str]]] = [(None, whole)]
    if set(by_class) - {""}:
        rows += sorted(by_class.items(), key=lambda row: (not row[0], row[0]))
    return [{"klass": klass, "n": one.total(), "given": one.total() - one[""],
             **{kind: one[kind] for kind in (*BY_HAND, "link")}} for klass, one in rows]


def waiting(gathering_id: int) -> int:
    """How many names with an address got nothing yet."""
    query = select(func.count()).where(VoterName.gathering_id == gathering_id, VoterName.given == "",
                                       VoterName.address != "")
    return db.session.scalar(query) or 0


def served(gathering_id: int) -> bool:
    """Whether a name of the list was given something."""
    query = select(VoterName.id).where(VoterName.gathering_id == gathering_id, VoterName.given != "").limit(1)
    return db.session.scalar(query) is not None


def has_class(gathering_id: int, klass: str) -> bool:
    """Whether a name is of this class."""
    query = select(VoterName.id).where(VoterName.gathering_id == gathering_id, VoterName.klass == klass).limit(1)
    return db.session.scalar(query) is not None


def lists() -> list[int]:
    """Gatherings that keep a list of names."""
    return list(db.session.scalars(select(VoterName.gathering_id).distinct()))
