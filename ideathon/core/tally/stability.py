"""How firm an outcome is: counted again without each juror, without each batch of ballots, and under each other blend.

Source: the sensitivity that every published ranking should state (OECD and JRC, Handbook on Constructing Composite
Indicators, 2008, step 7), in the plainest form: one thing left out at a time, and who would have won.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ideathon.core.tally.deciding import decide, recount
from ideathon.core.tally.outcome import Outcome
from ideathon.core.tally.settings import Blend, CountError, Idea, Missing, Recusal, Score, Settings

Batch = tuple[Mapping[str, int], int]
"""Some of the ballots, such as those of one place: their votes by idea, and how many ballots they are."""


class Tried(StrEnum):
    """What was left out or changed."""

    JUROR = "juror"
    BATCH = "batch"
    BLEND = "blend"


@dataclass(frozen=True)
class Without:
    """One recount: without this juror or batch, or under this other blend, and the ideas that then come first.

    One idea is the winner, several share the first place, none means that no idea could win. `audience` has the
    audience prize, in the same words, where the recount gives one apart from the jury's.
    """

    kind: Tried
    name: str
    winners: tuple[str, ...]
    audience: tuple[str, ...] = ()


@dataclass(frozen=True)
class Firmness:
    """Who won, in the same words, and every recount: jurors and batches by name, blends in their own order."""

    winners: tuple[str, ...]
    recounts: tuple[Without, ...]
    audience: tuple[str, ...] = ()

    def of(self, kind: Tried) -> tuple[Without, ...]:
        """The recounts of one kind."""
        return tuple(one for one in self.recounts if one.kind is kind)

    def changes(self, kind: Tried) -> tuple[Without, ...]:
        """The recounts of one kind that others would have won."""
        return tuple(one for one in self.of(kind) if one.winners != self.winners)

    def audience_changes(self, kind: Tried) -> tuple[Without, ...]:
        """The recounts of one kind, under the rule's own blend, in which others would have the audience prize."""
        return tuple(one for one in self.of(kind) if kind is not Tried.BLEND and one.audience != self.audience)


@dataclass(frozen=True)
class Material:
    """Everything that `decide` takes, and the batches that its ballots fall into (they need not be all of them)."""

    settings: Settings
    ideas: tuple[Idea, ...]
    scores: tuple[Score, ...]
    recusals: tuple[Recusal, ...]
    votes: Mapping[str, int]
    ballots: int | None = None
    jurors: Collection[str] = ()
    batches: Mapping[str, Batch] | None = None

    def outcome(self) -> Outcome:
        """The count itself. Raises `CountError` for material that does not fit."""
        return decide(self.settings, self.ideas, self.scores, self.recusals, self.votes, ballots=self.ballots,
                      jurors=self.jurors)


def firmness(given: Material) -> Firmness:
    """Count again with one thing left out at a time; every recount is a whole count under the same rule.

    The numbers of sheets that are asked for and the quorum step back by what is left out: they ask whether the day
    counts at all, and here the question is who wins. All other thresholds stay. Raises `CountError` as `decide` does,
    and for a batch that has more votes or ballots than there are. A juror is whoever gave points or should have; a
    blend that needs what is not there (the number of ballots, or a rubric) is passed over.
    """
    outcome = given.outcome()
    jurors = sorted({score.juror for score in given.scores} | set(given.jurors))
    recounts = [_told(Tried.JUROR, juror, _without_juror(given, juror)) for juror in jurors]
    for name, batch in sorted((given.batches or {}).items()):
        recounts.append(_told(Tried.BATCH, name, _without_batch(given, name, batch)))
    return Firmness(outcome.winners, (*recounts, *_other_blends(outcome)), outcome.audience)


def _told(kind: Tried, name: str, found: Outcome) -> Without:
    return Without(kind, name, found.winners, found.audience)


def _without_juror(given: Material, juror: str) -> Outcome:
    rule = given.settings
    jurors = tuple(one for one in given.jurors if one != juror)
    # With the last juror gone nobody is left whose sheet could be missing.
    missing = rule.missing if jurors else Missing.LEAVE_OUT
    left = replace(
        given,
        settings=replace(rule, missing=missing, min_jurors=max(min(rule.min_jurors, 1), rule.min_jurors - 1),
                         means_from=max(0, rule.means_from - 1)),
        scores=tuple(score for score in given.scores if score.juror != juror),
        recusals=tuple(recusal for recusal in given.recusals if recusal.juror != juror),
        jurors=jurors,
    )
    return left.outcome()


def _without_batch(given: Material, name: str, batch: Batch) -> Outcome:
    votes, ballots = batch
    if any(count > given.votes.get(idea, 0) for idea, count in votes.items()) or min(votes.values(), default=0) < 0:
        raise CountError(f"batch {name} has votes that were not counted")
    if given.ballots is not None and not (
            max(votes.values(), default=0) <= ballots * given.settings.per_ballot and ballots <= given.ballots):
        raise CountError(f"batch {name} has ballots that were not counted")
    rule = given.settings
    left = replace(
        given,
        settings=replace(rule, quorum=max(0, rule.quorum - ballots)),
        votes={idea: count - votes.get(idea, 0) for idea, count in given.votes.items()},
        ballots=None if given.ballots is None else given.ballots - ballots,
    )
    return left.outcome()


def _other_blends(outcome: Outcome) -> Iterable[Without]:
    for blend in Blend:
        if blend is outcome.settings.blend:
            continue
        try:
            found = recount(outcome, replace(outcome.settings, blend=blend))
        except CountError:
            continue
        yield _told(Tried.BLEND, blend.value, found)
