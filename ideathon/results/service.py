"""The verbs of the result: freeze the rule, seal the outcome, reveal it place by place. All hold the day alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ideathon import ledger
from ideathon.core import tally
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.ideas.models import Idea
from ideathon.jury import queries as jury, service as sheets
from ideathon.live.outbox import announce
from ideathon.voting import queries as voting

from . import queries
from .models import Formula, SealedOutcome


@dataclass(frozen=True)
class Jury:
    """What the jury left behind, with what the count needs of it."""

    scores: tuple[tally.Score, ...]
    recusals: tuple[tally.Recusal, ...]
    criteria: tuple[tally.Criterion, ...]


def canonical(data: Mapping[str, Any]) -> bytes:
    """The one form over which a digest is made: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, as hexadecimal."""
    return hashlib.sha256(canonical(data)).hexdigest()


def _record(here: Here, act: Act, thing: str, **facts: Any) -> None:
    ledger.record(act, here.gathering.id, thing, role=here.role, actor=here.person.id if here.person else None,
                  now=here.now, **facts)


def freeze(here: Here) -> Formula:
    """The rule of the result stands in the record and changes no more; again changes nothing. Exclusive lock."""
    rule = queries.formula(here.gathering.id)
    if rule.frozen_at is None:
        rule.frozen_at = here.now
        _record(here, Act.STAGE_MOVE, "formula", jury=rule.jury_weight, residents=rule.resident_weight,
                threshold=rule.threshold, min_jurors=rule.min_jurors, recusals=rule.recusal_scope,
                ties=list(rule.tie_order), seed=rule.lot_seed)
    return rule


def settings(rule: Formula, criteria: tuple[tally.Criterion, ...]) -> tally.Settings:
    """The frozen rule in the form that the count takes."""
    return tally.Settings(
        criteria=criteria, jury_weight=rule.jury_weight, resident_weight=rule.resident_weight,
        threshold_jury=rule.threshold, min_jurors=rule.min_jurors, recusal_scope=tally.Scope(rule.recusal_scope),
        ties=tuple(tally.Breaker(name) for name in rule.tie_order), seed=rule.lot_seed)


def _jury(here: Here, refs: dict[str, str]) -> Jury:
    """What the jury said of the counted ideas ({ref: challenge}); a conflict with one that left reaches on."""
    scores, recusals, criteria, _jurors = jury.material(here.gathering.id)
    scope = tally.Scope(freeze(here).recusal_scope)
    left = queries.challenges_of_ideas(here.gathering.id)
    reached = [each for recusal in recusals for each in _reach(recusal, scope, refs, left)]
    return Jury(tuple(score for score in scores if score.idea in refs), tuple(dict.fromkeys(reached)), tuple(criteria))


def _reach(recusal: tally.Recusal, scope: tally.Scope, refs: dict[str, str],
           left: dict[str, str]) -> list[tally.Recusal]:
    if recusal.idea is None or recusal.idea in refs:
        return [recusal]
    if scope is tally.Scope.EVENT:
        return [tally.Recusal(recusal.juror, None)]
    same = [ref for ref, challenge in refs.items() if challenge == left.get(recusal.idea)]
    return [tally.Recusal(recusal.juror, ref) for ref in same] if scope is tally.Scope.CHALLENGE else []


def _count(here: Here, ideas: list[Idea]) -> tally.Outcome:
    refs = {idea.ref: idea.challenge.ref for idea in ideas}
    material = _jury(here, refs)
    votes = {ref: count for ref, count in voting.votes(here.gathering.id).items() if ref in refs}
    entries = [tally.Idea(idea.ref, idea.challenge.ref) for idea in ideas]
    try:
        rule = settings(freeze(here), material.criteria)
        return tally.decide(rule, entries, material.scores, material.recusals, votes)
    except tally.CountError as wrong:
        raise Refused("cannot_count") from wrong


def seal(here: Here) -> SealedOutcome:
    """The sheets are locked, everything is counted, the outcome and its digest stand, the record so far is chained.

    Exclusive lock. Counts what stood on the ballot and was not taken off it since.

    Raises:
        Refused: "already_sealed"; "vote_open" or "vote_not_open" before the end of the vote; "cannot_count".
    """
    gathering = here.gathering
    vote = queries.round_of(gathering.id)
    if queries.sealed(gathering.id) is not None:
        raise Refused("already_sealed")
    if vote is None or vote.state != "closed":
        raise Refused("vote_open" if vote is not None and vote.state == "open" else "vote_not_open")
    ideas = queries.counted_ideas(gathering.id, list(vote.options))
    if not ideas:
        raise Refused("cannot_count")
    sheets.lock(here)
    data = tally.to_data(_count(here, ideas)) | {"figures": voting.figures(gathering.id)}
    return _sealed(here, ideas, data)


def _sealed(here: Here, ideas: list[Idea], data: dict[str, Any]) -> SealedOutcome:
    gathering, mark = here.gathering, digest(data)
    for idea in ideas:
        idea.state = "ranked"
        announce(gathering.id, f"ideas.idea/{idea.ref}")
    _record(here, Act.RESULT_SEAL, "outcome", digest=mark)
    row = SealedOutcome(gathering_id=gathering.id, outcome=data, digest=mark, sealed_at=here.now,
                        ledger_head=ledger.seal(gathering.id))
    db.session.add(row)
    db.session.flush()
    announce(gathering.id, "results.reveal")
    return row


def reveal_next(here: Here, seen: int) -> list[dict[str, Any]]:
    """The hall sees one place more, from the last upward; ideas that share a place come together. Exclusive lock.

    ``seen`` is how many steps the host had seen shown: two hosts that press together reveal one. Gives what is shown.

    Raises:
        Refused: "not_sealed"; "already_shown".
    """
    row = queries.sealed(here.gathering.id)
    if row is None:
        raise Refused("not_sealed")
    steps = queries.reading(row).steps
    if row.shown != seen or row.shown >= len(steps):
        raise Refused("already_shown")
    row.shown += 1
    if row.shown == len(steps):
        row.revealed_at = here.now
    _record(here, Act.RESULT_REVEAL, f"step:{row.shown}", shown=row.shown, of=len(steps))
    db.session.flush()
    announce(here.gathering.id, "results.reveal")
    return queries.shown(here.gathering.id)
