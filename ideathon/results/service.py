"""The verbs of the result: freeze the rule, seal the outcome, reveal it place by place. All hold the day alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import null, select

from ideathon import ledger
from ideathon.core import tally
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.ideas.models import Idea
from ideathon.jury import service as sheets
from ideathon.live.outbox import announce
from ideathon.voting import paper_count, queries as voting, sealing
from ideathon.voting.models import Round
from ideathon.web.guard import afterwards

from . import queries
from .material import Jury, entries, of_jury
from .models import AnnulledOutcome, Formula, SealedOutcome

MEANS_FROM = 3      # full sheets: of two a juror could take away the own points, and would hold the other's
"""From so many full sheets on an idea's means are sealed for everybody (docs/recount.md)."""


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
        _record(here, Act.STAGE_MOVE, "formula", **_facts(rule))
    return rule


def _facts(rule: Formula) -> dict[str, Any]:
    return {"jury": rule.jury_weight, "residents": rule.resident_weight, "threshold": rule.threshold,
            "min_jurors": rule.min_jurors, "recusals": rule.recusal_scope, "ties": list(rule.tie_order),
            "seed": rule.lot_seed, "blend": rule.blend, "votes": rule.threshold_votes, "quorum": rule.quorum,
            "missing": rule.missing}


def mark(rule: Formula) -> str:
    """A short name for the rule as it stands, which another hand's change makes another one."""
    return digest(_facts(rule))[:16]


def most_of_one(vote: Round) -> int:
    """How many votes one ballot can give an idea."""
    return 2 if vote.method == "star" else 1


def rule_digest(here: Here) -> str:
    """SHA-256 of the rule as it stands, for the vote's opening to name it.

    Raises:
        Refused: "star_share" when the rule asks for a share of ballots on which an idea may count double.
    """
    rule, vote = queries.formula(here.gathering.id), voting.round_of(here.gathering.id)
    if rule.blend == tally.Blend.SHARE and most_of_one(vote) > 1:
        raise Refused("star_share")
    return digest(_facts(rule))


def set_rule(here: Here, seen: str, wanted: Mapping[str, Any]) -> Formula:
    """The rule of the result is as its writer would have it. Exclusive lock; `wanted` names columns of `Formula`.

    Raises:
        Refused: "changed_since" when ``seen`` is not the mark of the rule that stands.
    """
    rule = queries.formula(here.gathering.id)
    if seen != mark(rule):
        raise Refused("changed_since")
    for name, value in wanted.items():
        setattr(rule, name, value)
    _record(here, Act.RULE_SET, "formula", **_facts(rule))
    return rule


def settings(rule: Formula, criteria: tuple[tally.Criterion, ...], per_ballot: int = 1) -> tally.Settings:
    """The frozen rule in the form that the count takes."""
    return tally.Settings(
        criteria=criteria, jury_weight=rule.jury_weight, resident_weight=rule.resident_weight,
        threshold_jury=rule.threshold, min_jurors=rule.min_jurors, recusal_scope=tally.Scope(rule.recusal_scope),
        ties=tuple(tally.Breaker(name) for name in rule.tie_order), seed=rule.lot_seed,
        blend=tally.Blend(rule.blend), threshold_votes=rule.threshold_votes, quorum=rule.quorum,
        missing=tally.Missing(rule.missing), means_from=MEANS_FROM,
        per_ballot=per_ballot)


def _jury(here: Here, refs: dict[str, str]) -> Jury:
    """What the jury said of the counted ideas ({ref: challenge}); a conflict with one that left reaches on."""
    scope = tally.Scope(freeze(here).recusal_scope)
    return of_jury(here.gathering.id, scope, refs, queries.challenges_of_ideas(here.gathering.id))


def _material(here: Here, ideas: list[Idea], ballots: int) -> tally.Material:
    """Everything that the count takes."""
    refs = {idea.ref: idea.challenge.ref for idea in ideas}
    left = _jury(here, refs)
    votes = {ref: count for ref, count in voting.votes(here.gathering.id).items() if ref in refs}
    rule = settings(freeze(here), left.criteria, most_of_one(voting.round_of(here.gathering.id)))
    return tally.Material(rule, entries(ideas), left.scores, left.recusals, votes, ballots, left.jurors)


def _count(here: Here, ideas: list[Idea]) -> dict[str, Any]:
    """The outcome as it is sealed, with the figures of the vote, how firm it is, and the names for its readers."""
    figures = voting.figures(here.gathering.id)
    batches = voting.batches(here.gathering.id)
    try:
        given = _material(here, ideas, figures["counted"])
        outcome = given.outcome()
        firm = tally.firmness(replace(given, batches=_by_number(batches, given.votes)))
    except tally.CountError as wrong:
        raise Refused("cannot_count") from wrong
    two_prizes = outcome.settings.blend is tally.Blend.SEPARATE
    return tally.to_public(outcome) | {"figures": figures, "firmness": _firmness(firm, batches, two_prizes),
                                       "names": queries.names(here.gathering, [idea.ref for idea in ideas])}


def _by_number(batches: list[voting.Batch], counted: Mapping[str, int]) -> dict[str, tally.Batch]:
    """The batches in the form that the count takes; a vote that came in one batch has none to leave out."""
    if len(batches) < 2:
        return {}
    return {str(number): ({ref: count for ref, count in batch.votes.items() if ref in counted}, batch.ballots)
            for number, batch in enumerate(batches)}


def _firmness(firm: tally.Firmness, batches: list[voting.Batch], two_prizes: bool) -> dict[str, Any]:
    """What is sealed of it: batches by name, of jurors only how many would have changed the winner, and to whom.

    With two prizes the same of the audience prize, under `audience`.
    """
    def changes(found: Iterable[tuple[str, ...]]) -> list[dict[str, Any]]:
        return [{"winners": list(winners), "jurors": n} for winners, n in sorted(Counter(found).items())]

    def prize(one: tally.Firmness | tally.Without) -> dict[str, Any]:
        return {"audience": list(one.audience)} if two_prizes else {}

    jurors = {"tried": len(firm.of(tally.Tried.JUROR)),
              "changes": changes(one.winners for one in firm.changes(tally.Tried.JUROR))}
    if two_prizes:
        jurors["audience"] = changes(one.audience for one in firm.audience_changes(tally.Tried.JUROR))
    return {
        "winners": list(firm.winners), **prize(firm), "jurors": jurors,
        "batches": [{"parts": [list(part) for part in batches[int(one.name)].parts],
                     "ballots": batches[int(one.name)].ballots, "winners": list(one.winners), **prize(one)}
                    for one in firm.of(tally.Tried.BATCH)],
        "blends": [{"blend": one.name, "winners": list(one.winners)} for one in firm.of(tally.Tried.BLEND)],
    }


def seal(here: Here) -> SealedOutcome:
    """The sheets are locked, everything is counted, the outcome and its digest stand, the record so far is chained.

    Exclusive lock. Counts what stood on the ballot and was not taken off it since.

    Raises:
        Refused: "already_sealed"; "vote_open" or "vote_not_open" before the end of the vote; "cannot_count"; as
            `voting.sealing.seal` while something of the paper is open.
    """
    gathering = here.gathering
    vote = queries.round_of(gathering.id)
    if queries.sealed(gathering.id) is not None:
        raise Refused("already_sealed")
    if vote is None or vote.state not in ("closed", "counted"):
        raise Refused("vote_open" if vote is not None and vote.state == "open" else "vote_not_open")
    ideas = queries.counted_ideas(gathering.id, list(vote.options))
    if not ideas:
        raise Refused("cannot_count")
    sheets.lock(here)
    if vote.state == "closed":                  # the host has not ended the paper: what is open there is refused
        paper_count.count(here)
    return _sealed(here, ideas, _count(here, ideas))


def _sealed(here: Here, ideas: list[Idea], data: dict[str, Any]) -> SealedOutcome:
    gathering = here.gathering
    # The end of the record so far is under the digest, and the next entry holds the digest: each stands in the other.
    data = data | {"record": ledger.seal(gathering.id)}
    mark = digest(data)
    vote = sealing.seal(here, mark)
    afterwards(sealing.scrub)
    for idea in ideas:
        idea.state = "ranked"
        announce(gathering.id, f"ideas.idea/{idea.ref}")
    _record(here, Act.RESULT_SEAL, "outcome", digest=mark, board=vote.head)
    row = SealedOutcome(gathering_id=gathering.id, outcome=data, digest=mark, sealed_at=here.now,
                        ledger_head=ledger.seal(gathering.id))
    db.session.add(row)
    db.session.flush()
    announce(gathering.id, "results.reveal")
    return row


def annul(here: Here) -> None:
    """The vote is annulled, and with it what was made of it: kept beside, out of force. Exclusive lock.

    Raises:
        Refused: "not_asked"; "second_person".
    """
    gathering, row = here.gathering, queries.sealed(here.gathering.id)
    vote = sealing.annul(here)
    afterwards(sealing.scrub)
    if row is None:
        return
    db.session.add(AnnulledOutcome(round_id=vote.id, outcome=row.outcome, digest=row.digest,
                                   ledger_head=row.ledger_head, sealed_at=row.sealed_at))
    db.session.delete(row)
    for idea in queries.counted_ideas(gathering.id, list(vote.options)):
        idea.state = "pitched"
        announce(gathering.id, f"ideas.idea/{idea.ref}")
    db.session.flush()
    announce(gathering.id, "results.reveal")


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
        sealing.publish(here)
    _record(here, Act.RESULT_REVEAL, f"step:{row.shown}", shown=row.shown, of=len(steps))
    db.session.flush()
    announce(here.gathering.id, "results.reveal")
    return queries.shown(here.gathering.id)


def finish_old(moment: datetime) -> int:
    """Ballots of votes that were sealed before a seal destroyed them are destroyed when their time has passed; gives of
    how many votes. Asked at each start."""
    due = db.session.scalars(
        select(Round).join(SealedOutcome, SealedOutcome.gathering_id == Round.gathering_id).where(
            Round.state == "closed", Round.kept.is_(null()),
            SealedOutcome.sealed_at < moment - timedelta(days=sealing.KEPT_DAYS))).all()
    for vote in due:
        sealing.leave_old(vote, moment)
    return len(due)
