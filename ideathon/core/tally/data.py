"""An outcome as plain JSON for sealing and recounting, and back again without loss."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ideathon.core.tally.outcome import Bar, Outcome, Standing, Step, StepKind, rounded
from ideathon.core.tally.settings import Blend, Breaker, CountError, Criterion, Missing, Number, Scope, Settings
from ideathon.core.tally.ties import audience

FORM = "ideathon-outcome-3"
"""What is sealed and published: of the jury no name, and only numbers that are nobody's own (`Settings.means_from`)."""
WHOLE_FORM = "ideathon-outcome-2"
"""Names in its steps who stood back or left a sheet incomplete. Earlier results lie sealed in it."""
FIRST_FORM = "ideathon-outcome-1"
"""Earlier results lie sealed in it. It knows points only, leaves incomplete sheets out and says no ballots."""
_OF_A_JUROR = frozenset({StepKind.JUROR_RECUSED, StepKind.SHEET_INCOMPLETE})
_EXACT = re.compile(r"-?[0-9]{1,400}/[1-9][0-9]{0,400}")


def to_data(outcome: Outcome) -> dict[str, Any]:
    """Plain JSON: an exact number is `{"exact": "2269/25", "shown": "90.76"}`; winner and reserve are for readers.

    Everything is in it that the outcome can be counted again from, and who stood back. Of a few sheets the means are as
    good as a juror's own points: for everybody there is `to_public`.
    """
    return {
        "form": WHOLE_FORM,
        "settings": _settings_data(outcome.settings),
        "ballots": outcome.ballots,
        "standings": [_standing_data(standing) for standing in outcome.standings],
        "steps": [{"kind": step.kind.value, "ideas": list(step.ideas), "by": str(step.by)} for step in outcome.steps],
        "winner": outcome.winner,
        "reserve": outcome.reserve,
        "audience": list(outcome.audience),
    }


def to_public(outcome: Outcome) -> dict[str, Any]:
    """The same for everybody: instead of the steps that name a juror each idea says how many stood back.

    What the settings hold back is not in the outcome, so that it can be counted again from this as from the whole.
    """
    data = to_data(outcome)
    recused = [{**item, "jurors_recused": one.jurors_recused}
               for item, one in zip(data["standings"], outcome.standings, strict=True)]
    return {**data, "form": FORM, "standings": recused,
            "settings": {**data["settings"], "means_from": outcome.settings.means_from},
            "steps": [step for step in data["steps"] if step["kind"] not in _OF_A_JUROR]}


def from_data(data: Mapping[str, Any]) -> Outcome:
    """The outcome that was written, in any of the three forms; from the public one without the steps of the jury.

    Raises `CountError` when the data are not one or name another winner, reserve or audience prize.
    """
    try:
        outcome = _outcome(data)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise CountError(f"this is not an outcome: {wrong}") from wrong
    if (data.get("winner"), data.get("reserve")) != (outcome.winner, outcome.reserve):
        raise CountError("the named winner or reserve does not follow from the standings")
    if outcome.audience != audience(outcome.settings, outcome.standings)[0]:
        raise CountError("the named audience prize does not follow from the standings")
    return outcome


def _outcome(data: Mapping[str, Any]) -> Outcome:
    form = data["form"]
    if form not in (FORM, WHOLE_FORM, FIRST_FORM):
        raise CountError(f"unknown form {form!r}")
    steps = tuple(Step(StepKind(item["kind"]), tuple(item["ideas"]), item["by"]) for item in data["steps"])
    if form == FIRST_FORM:
        return Outcome(_first_settings(data["settings"]), _first_standings(data["standings"], steps), steps)
    if form == FORM and not _OF_A_JUROR.isdisjoint(step.kind for step in steps):
        raise CountError("a step names a juror, and this form tells of none")
    return Outcome(
        settings=_public_settings(data["settings"]) if form == FORM else _settings(data["settings"]),
        standings=_public_standings(data["standings"]) if form == FORM else _whole_standings(data["standings"], steps),
        steps=steps,
        ballots=_whole_or_none(data["ballots"]),
        audience=tuple(data["audience"]),
    )


def _told(steps: Iterable[Step], kind: StepKind) -> Counter[str]:
    """How many steps of a kind each idea has."""
    return Counter(step.ideas[0] for step in steps if step.kind is kind)


def _first_standings(items: Iterable[Mapping[str, Any]], steps: Iterable[Step]) -> tuple[Standing, ...]:
    steps = tuple(steps)
    recused, incomplete = _told(steps, StepKind.JUROR_RECUSED), _told(steps, StepKind.SHEET_INCOMPLETE)
    return tuple(_first_standing(item, incomplete[item["idea"]], recused[item["idea"]]) for item in items)


def _whole_standings(items: Iterable[Mapping[str, Any]], steps: Iterable[Step]) -> tuple[Standing, ...]:
    recused = _told(steps, StepKind.JUROR_RECUSED)
    return tuple(_standing(item, recused[item["idea"]]) for item in items)


def _public_standings(items: Iterable[Mapping[str, Any]]) -> tuple[Standing, ...]:
    return tuple(_standing(item, _whole(item["jurors_recused"])) for item in items)


def _number_data(number: Number) -> dict[str, str]:
    exact = Fraction(number)
    return {"exact": f"{exact.numerator}/{exact.denominator}", "shown": rounded(exact)}


def _number(data: Mapping[str, str]) -> Fraction:
    """Read the exact part; what was shown must be that part rounded, or readers saw something else."""
    if not _EXACT.fullmatch(data["exact"]):
        raise CountError(f"{data['exact'][:80]!r} is not a fraction")
    exact = Fraction(data["exact"])
    if data["shown"] != rounded(exact):
        raise CountError(f"{data['shown'][:80]!r} is not {data['exact'][:80]} rounded")
    return exact


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise CountError(f"{value!r} is not a whole number")
    return value


def _whole_or_none(value: object) -> int | None:
    return None if value is None else _whole(value)


def _settings_data(settings: Settings) -> dict[str, Any]:
    return {
        "criteria": [_criterion_data(criterion) for criterion in settings.criteria],
        "jury_weight": _number_data(settings.jury_weight),
        "resident_weight": _number_data(settings.resident_weight),
        "threshold_jury": _number_data(settings.threshold_jury),
        "min_jurors": settings.min_jurors,
        "recusal_scope": settings.recusal_scope.value,
        "ties": [breaker.value for breaker in settings.ties],
        "seed": settings.seed,
        "blend": settings.blend.value,
        "threshold_votes": settings.threshold_votes,
        "quorum": settings.quorum,
        "missing": settings.missing.value,
        **({"per_ballot": settings.per_ballot} if settings.per_ballot != 1 else {}),
    }


def _settings(data: Mapping[str, Any]) -> Settings:
    return replace(
        _first_settings(data),
        blend=Blend(data["blend"]),
        threshold_votes=_whole(data["threshold_votes"]),
        quorum=_whole(data["quorum"]),
        missing=Missing(data["missing"]),
        per_ballot=_whole(data.get("per_ballot", 1)),
    )


def _public_settings(data: Mapping[str, Any]) -> Settings:
    return replace(_settings(data), means_from=_whole(data["means_from"]))


def _first_settings(data: Mapping[str, Any]) -> Settings:
    return Settings(
        criteria=tuple(_criterion(item) for item in data["criteria"]),
        jury_weight=_number(data["jury_weight"]),
        resident_weight=_number(data["resident_weight"]),
        threshold_jury=_number(data["threshold_jury"]),
        min_jurors=_whole(data["min_jurors"]),
        recusal_scope=Scope(data["recusal_scope"]),
        ties=tuple(Breaker(name) for name in data["ties"]),
        seed=data["seed"],
    )


def _criterion_data(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "weight": _number_data(criterion.weight),
        "scale_min": _number_data(criterion.scale_min),
        "scale_max": _number_data(criterion.scale_max),
        "step": _number_data(criterion.step),
        "eliminatory": criterion.eliminatory,
    }


def _criterion(data: Mapping[str, Any]) -> Criterion:
    return Criterion(
        id=data["id"],
        weight=_number(data["weight"]),
        scale_min=_number(data["scale_min"]),
        scale_max=_number(data["scale_max"]),
        step=_number(data["step"]),
        eliminatory=data["eliminatory"],
    )


def _standing_data(standing: Standing) -> dict[str, Any]:
    return {
        "idea": standing.idea,
        "place": standing.place,
        "jurors_counted": standing.jurors_counted,
        "criterion_means": [[criterion, _number_data(mean)] for criterion, mean in standing.criterion_means],
        "jury": _number_data(standing.jury),
        "votes": standing.votes,
        "residents": _number_data(standing.residents),
        "combined": _number_data(standing.combined),
        "bar": standing.bar and standing.bar.value,
        "eliminated_by": standing.eliminated_by,
        "jurors_missing": standing.jurors_missing,
        "jury_rank": None if standing.jury_rank is None else _number_data(standing.jury_rank),
        "cost": standing.cost,
        "order": standing.order,
    }


def _standing(data: Mapping[str, Any], recused: int) -> Standing:
    return replace(
        _first_standing(data, _whole(data["jurors_missing"]), recused),
        jury_rank=None if data["jury_rank"] is None else _number(data["jury_rank"]),
        cost=_whole_or_none(data["cost"]),
        order=_whole_or_none(data["order"]),
    )


def _first_standing(data: Mapping[str, Any], missing: int, recused: int) -> Standing:
    return Standing(
        idea=data["idea"],
        place=None if data["place"] is None else _whole(data["place"]),
        jurors_counted=_whole(data["jurors_counted"]),
        criterion_means=tuple((criterion, _number(mean)) for criterion, mean in data["criterion_means"]),
        jury=_number(data["jury"]),
        votes=_whole(data["votes"]),
        residents=_number(data["residents"]),
        combined=_number(data["combined"]),
        bar=None if data["bar"] is None else Bar(data["bar"]),
        eliminated_by=data["eliminated_by"],
        jurors_missing=missing,
        jurors_recused=recused,
    )
