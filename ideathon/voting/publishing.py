"""What a vote gives away beside its totals: how many ballots are like no other, whether the order of the ideas showed,
and, where that was chosen before the opening, the ballots themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from secrets import SystemRandom
from typing import Any

from sqlalchemy import select

from ideathon.core.tally.files import Table, Tables, written
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering

from . import board
from .models import Ballot, BoardEntry, Round

LEAST = 10              # of fewer ballots nothing is told that could show what somebody chose
FORM = "ideathon-openings-1"
VOTE_TYPES = {"ranking": "ordinal", "star": "cumulative"}       # what Pabulib calls them; all others are approvals
WITH_MONEY = ("budget", "star")
Choices = Any           # names, or {name: points}


def alike(choices: Iterable[Choices]) -> Counter[bytes]:
    """How often each whole ballot was cast."""
    return Counter(board.canonical(one) for one in choices)


def share_of_unique(choices: Sequence[Choices]) -> Fraction:
    """The part of the ballots whose choices no other ballot has, from 0 to 1; such a one could be recognised, or be
    ordered by a buyer. Of no ballots it is 0."""
    once = sum(1 for times in alike(choices).values() if times == 1)
    return Fraction(once, len(choices)) if choices else Fraction(0)


def by_third(rows: Iterable[tuple[Choices, Sequence[str] | None]]) -> dict[str, int] | None:
    """Of ballots with the order that their voters saw: how many choices stood in the first, middle and last third.

    Also of how many ballots, and how many places each third had. None under ten ballots.
    """
    shown = [(list(choices), list(order)) for choices, order in rows if order]
    if len(shown) < LEAST:
        return None
    found: Counter[str] = Counter(dict.fromkeys(THIRDS, 0))
    for choices, order in shown:
        found.update(third(order.index(ref), len(order)) for ref in choices if ref in order)
    length = len(shown[0][1])
    places = Counter(third(at, length) for at in range(length))
    return {"ballots": len(shown), **found, **{f"of_{name}": places[name] for name in THIRDS}}


THIRDS = ("first", "middle", "last")


def third(place: int, of: int) -> str:
    """In which third a place from 0 stands."""
    return THIRDS[place * 3 // of]


def figures(vote: Round) -> dict[str, Any]:
    """What the seal keeps of it: under ten ballots nothing."""
    rows = db.session.execute(select(Ballot.choices, Ballot.shown).where(
        Ballot.round_id == vote.id, Ballot.state == "cast")).all()
    if len(rows) < LEAST:
        return {}
    once = sum(1 for times in alike(row.choices for row in rows).values() if times == 1)
    unshown = sum(1 for row in rows if not row.shown)       # beside the totals the thirds tell of these too
    order = by_third((row.choices, row.shown) for row in rows) if not 0 < unshown < LEAST else None
    return {"unique": once, "unique_of": len(rows), **({"order": order} if order else {})}


def opened(vote: Round) -> list[dict[str, Any]] | None:
    """What the seal keeps to be published: for "totals" nothing, else every counted ballot with its nonce, shuffled.

    A nonce leads to a ballot's place on the board, and so to the box that it came from, to its slip's class, and to
    whether the slip was drawn after the opening: for somebody who came late, or by a one-time link. Where one box has
    fewer than ten ballots, or of one class so few, or of late slips, the nonces are held back.
    """
    if vote.publish != "full":
        return None
    rows = db.session.scalars(select(Ballot).where(Ballot.round_id == vote.id, Ballot.state == "cast")).all()
    drawn = db.session.scalars(select(BoardEntry.entry).where(
        BoardEntry.round_id == vote.id, BoardEntry.entry["kind"].as_string() == "slips"))
    late = {tag for entry in drawn for tag in entry["tags"]}
    boxes = Counter(("" if row.channel == "phone" else row.place, row.klass, row.tag in late) for row in rows)
    nonces = min(boxes.values(), default=0) >= LEAST
    made = [{"choices": row.choices, **({"nonce": row.nonce} if nonces else {})} for row in rows]
    SystemRandom().shuffle(made)
    return made if len(made) >= LEAST else []


def state(vote: Round) -> str:
    """What is published of the ballots: "" (totals alone), "full", "choices" (without nonces), "few" (nothing)."""
    if vote.publish != "full" or vote.told is None:
        return ""
    if not vote.told:
        return "few"
    return "full" if "nonce" in vote.told[0] else "choices"


def files(gathering: Gathering, vote: Round, ideas: Sequence[dict[str, Any]]) -> dict[str, bytes]:
    """The files of a full publication, by name; ``ideas`` as on the ballot, with title and cents."""
    found: dict[str, bytes] = {}
    if state(vote) == "full":
        found["openings.json"] = board.canonical({"form": FORM, "event": gathering.code, "round": vote.id,
                                                  "openings": vote.told or []})
    if state(vote) in ("full", "choices"):
        found[f"{gathering.code}.pb"] = pabulib(gathering, vote, ideas).encode()
    return found


def pabulib(gathering: Gathering, vote: Round, ideas: Sequence[dict[str, Any]]) -> str:
    """The ballots in Pabulib's form (pabulib.org/format). Neither class nor place of a ballot is there: of a small
    group it would show the choices, and of a large one it makes ballots easier to recognise."""
    ballots, points = vote.told or [], vote.method == "star"
    header = ("voter_id", "vote", "points") if points else ("voter_id", "vote")
    rows = [(str(number), *_row(one["choices"])) for number, one in enumerate(ballots, 1)]
    totals = (vote.kept or {})["totals"]
    projects = [(one["ref"], euros(max(1, one["cents"])), _name(one), str(totals.get(one["ref"], 0))) for one in ideas]
    return written(Tables(_meta(gathering, vote, ideas), Table(("project_id", "cost", "name", "votes"), projects),
                          Table(header, rows)), ".pb")


def _meta(gathering: Gathering, vote: Round, ideas: Sequence[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    ballots, project = vote.told or [], gathering.project
    cents = vote.budget_cents or gathering.envelope_cents or sum(max(1, one["cents"]) for one in ideas)
    rule = "greedy" if vote.method in WITH_MONEY else "borda" if vote.method == "ranking" else "approval"
    most = min(vote.max_choices, len(vote.options))
    return (("description", f"{_say(gathering.title)}: residents' vote"), ("country", gathering.territory.country),
            ("unit", _say(gathering.territory.name)), ("instance", str(gathering.held_on.year)),
            ("num_projects", str(len(ideas))), ("num_votes", str(len(ballots))), ("budget", euros(cents)),
            ("vote_type", VOTE_TYPES.get(vote.method, "approval")), ("rule", rule),
            ("date_begin", f"{gathering.held_on:%d.%m.%Y}"), ("date_end", f"{gathering.held_on:%d.%m.%Y}"),
            ("min_length", str(vote.min_choices)), ("max_length", str(most)), ("currency", project.currency),
            ("language", "lv"), ("comment", f"The head of the public board: {vote.head}"))


def _row(choices: Choices) -> tuple[str, ...]:
    if isinstance(choices, dict):
        return ",".join(choices), ",".join(map(str, choices.values()))
    return (",".join(choices),)


def _say(text: Any) -> str:
    return str(text.get("lv") or next(iter(text.values()), "")) if isinstance(text, dict) else str(text)


def _name(idea: dict[str, Any]) -> str:
    return " ".join(_say(idea["title"]).split()) or idea["ref"]


def euros(cents: int) -> str:
    """Cents as a number with a point."""
    return f"{cents // 100}.{cents % 100:02}" if cents % 100 else str(cents // 100)
