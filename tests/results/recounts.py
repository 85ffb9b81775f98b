"""Counts for the recount page: random days full of ties, and every form in which the page takes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from ideathon.core.tally import (
    Blend,
    Breaker,
    Criterion,
    Idea,
    Missing,
    Outcome,
    Recusal,
    Scope,
    Score,
    Settings,
    decide,
    to_data,
)

# By code points the fish, which takes two of a browser's letters, comes after the last letter that takes one.
IDEAS = ("I01", "I02", "I10", "Āzis", "a", "🐟", "\ufffd")
JURORS = ("J1", "J2", "J3", "J4")
WEIGHTS = (0, 1, 40, 60, Fraction(1, 3))


@dataclass(frozen=True)
class Day:
    """Everything that `decide` takes."""

    settings: Settings
    ideas: tuple[Idea, ...]
    scores: tuple[Score, ...]
    recusals: tuple[Recusal, ...]
    votes: dict[str, int]
    ballots: int | None
    jurors: tuple[str, ...]

    def outcome(self) -> Outcome:
        return decide(self.settings, self.ideas, self.scores, self.recusals, self.votes, ballots=self.ballots,
                      jurors=self.jurors)


def _settings(random: Random) -> Settings:
    jury, residents = random.choice([pair for pair in ((a, b) for a in WEIGHTS for b in WEIGHTS) if any(pair)])
    scales = (Criterion("K1", 25, 2, eliminatory=random.random() < .5), Criterion("K2", 1, 5, 1, Fraction(1, 2)),
              Criterion("K3", Fraction(20, 3), 3, eliminatory=random.random() < .3))
    return Settings(
        criteria=scales[: random.randint(1, 3)], jury_weight=jury, resident_weight=residents,
        threshold_jury=random.choice([0, 0, 25, 50, Fraction(200, 3)]), min_jurors=random.randint(1, 3),
        recusal_scope=random.choice(list(Scope)), ties=tuple(random.sample(list(Breaker), random.randint(0, 6))),
        seed=random.choice(["seed", "sēkla|2020"]), blend=random.choice(list(Blend)),
        threshold_votes=random.choice([0, 0, 2]), quorum=random.choice([0, 0, 6]),
        missing=random.choice(list(Missing)))


def _points(random: Random, criterion: Criterion) -> Fraction:
    steps = (Fraction(criterion.scale_max) - criterion.scale_min) / criterion.step
    return criterion.scale_min + random.randint(0, int(steps)) * Fraction(criterion.step)


def day(random: Random) -> Day:
    """One day; few different numbers, so that ties are common."""
    rule, listed = _settings(random), random.sample(IDEAS, random.randint(0, len(IDEAS)))
    ideas = tuple(Idea(name, random.choice(["", "C1"]), random.randint(0, 2), random.randint(0, 2)) for name in listed)
    same = [_points(random, criterion) for criterion in rule.criteria]
    scores = tuple(
        Score(juror, idea, criterion.id, points if random.random() < .4 else _points(random, criterion))
        for juror in JURORS for idea in listed for criterion, points in zip(rule.criteria, same, strict=True)
        if random.random() < .95)
    recusals = tuple(Recusal(random.choice(JURORS), random.choice([None, *listed]))
                     for _ in range(random.choice([0, 0, 1, 2])))
    votes = {idea: random.randint(0, 3) for idea in listed}
    ballots = max(votes.values(), default=0) + random.randint(0, 5)
    return Day(rule, ideas, scores, recusals, votes, ballots, JURORS)


def days(count: int, seed: str) -> Iterator[Day]:
    """So many days, the same ones in every run; some have no ballots said or no jurors listed where none are asked."""
    random = Random(seed)  # noqa: S311  # not a secret: the same days in every run
    for _ in range(count):
        made = day(random)
        if random.random() < .2 and not made.settings.needs_ballots:
            made = replace(made, ballots=None)
        if random.random() < .2 and made.settings.missing is Missing.LEAVE_OUT:
            made = replace(made, jurors=())
        yield made


def canonical(data: Any) -> str:
    """Sorted keys, no spaces, written here a second time on purpose: the form is a promise to people outside."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sealed(outcome: dict[str, Any], digest: str | None = None) -> dict[str, Any]:
    """The bundle of an outcome's data, with its own digest or another."""
    return {"form": "ideathon-sealed-1", "event": {"code": "X", "title": {"en": "Day"}, "date": "2020-02-22"},
            "titles": {}, "criteria_titles": {}, "ledger_head": "0" * 64, "outcome": outcome,
            "digest": digest or hashlib.sha256(canonical(outcome).encode()).hexdigest()}


def first_form(outcome: dict[str, Any]) -> dict[str, Any]:
    """The data as the first form said them; for a day that uses nothing that came later."""
    later = {"settings": {"blend", "threshold_votes", "quorum", "missing"},
             "standings": {"jurors_missing", "jury_rank", "cost", "order"}}
    rule = {name: value for name, value in outcome["settings"].items() if name not in later["settings"]}
    standings = [{name: value for name, value in one.items() if name not in later["standings"]}
                 for one in outcome["standings"]]
    plain = {name: value for name, value in outcome.items() if name not in ("ballots", "audience")}
    return plain | {"form": "ideathon-outcome-1", "settings": rule, "standings": standings}


def _number(value: int | Fraction) -> int | str:
    exact = Fraction(value)
    return int(exact) if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"


def material(day: Day, **more: Any) -> dict[str, Any]:
    """Everything of a day: every sheet, every recusal, the votes."""
    rule = to_data(Outcome(day.settings, (), ()))["settings"]
    return {
        "form": "ideathon-material-1", "settings": rule,
        "ideas": [{"id": one.id, "challenge": one.challenge, "cost": one.cost, "order": one.order}
                  for one in day.ideas],
        "scores": [{"juror": one.juror, "idea": one.idea, "criterion": one.criterion, "points": _number(one.points)}
                   for one in day.scores],
        "recusals": [{"juror": one.juror, "idea": one.idea} for one in day.recusals],
        "votes": day.votes, "ballots": day.ballots, "jurors": list(day.jurors)} | more


def counted(outcome: Outcome) -> dict[str, Any]:
    """What the core counted, as the page tells it: no rounded numbers, and not the settings that were given."""
    data = to_data(outcome)

    def exact(number: Any) -> Any:
        return number and number["exact"]

    standings = [[one["idea"], one["place"], one["jurors_counted"], one["jurors_missing"],
                  [[criterion, exact(mean)] for criterion, mean in one["criterion_means"]], exact(one["jury"]),
                  exact(one["jury_rank"]), one["votes"], exact(one["residents"]), exact(one["combined"]), one["bar"],
                  one["eliminated_by"]] for one in data["standings"]]
    return {"standings": standings, "steps": [[one["kind"], one["ideas"], one["by"]] for one in data["steps"]],
            "winner": data["winner"], "reserve": data["reserve"], "audience": data["audience"], "differs": []}


def bad_files(folder: Path, whole: str, small: dict[str, Any]) -> dict[str, tuple[Path, str]]:
    """What people choose by mistake and what somebody may send on purpose, with what the page says to it."""
    vote, outcome = json.loads(whole), small["outcome"]
    vote["outcome"]["standings"][3]["votes"] = "38"
    made: dict[str, tuple[Any, str]] = {
        "empty": ("", "There is nothing in it"),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "some other kind of file"),
        "page": ("<!doctype html><p>hello", "some other kind of file"),
        "cut": (whole[: len(whole) // 2], "The end of the file is missing"),
        "list": ("[1, 2]", "no sealed result"), "number": ("7", "no sealed result"),
        "other": ('{"type": "FeatureCollection"}', "no sealed result"),
        "newer": ('{"form": "ideathon-sealed-9"}', "does not know the form “ideathon-sealed-9”"),
        "newer outcome": (json.dumps(sealed({"form": "ideathon-outcome-9"})), "“ideathon-outcome-9”"),
        "bare": ('{"form": "ideathon-sealed-1"}', "outcome is missing"),
        "vote": (json.dumps(vote), "outcome.standings[3].votes should be a whole number"),
        "deep": ('{"form": "ideathon-outcome-2", "x": ' + "[" * 9000 + "]" * 9000 + "}", "settings is missing"),
        "deep result": (json.dumps(sealed(outcome | {"x": json.loads("[" * 80 + "]" * 80)})), "cannot be counted"),
        "half": (json.dumps(sealed(outcome | {"x": 0.5})), "cannot be counted"),
        "markup": (json.dumps(sealed({"form": "ideathon-outcome-<img src=x onerror=alert(1)>"})), "<img src=x"),
        "proto": ('{"__proto__": {"form": "ideathon-sealed-1"}}', "no sealed result"),
    }
    paths = {}
    for name, (content, words) in made.items():
        path = folder / f"{name}.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths[name] = (path, words)
    large = folder / "large.json"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    return paths | {"large": (large, "larger than 64 MB")}


COUNT = """(texts) => texts.map((text) => {
  const exact = (number) => (number === null ? null : Exact.text(number));
  try {
    const made = Check.report([].concat(text).map(Read.open)), { result } = made;
    return { differs: Check.differs(made).map((one) => one.what), winner: result.winner, reserve: result.reserve,
      audience: result.audience, steps: result.steps.map((one) => [one.kind, one.ideas, one.by]),
      standings: result.standings.map((one) => [one.idea, one.place, one.jurors, one.lacking,
        one.means.map(([criterion, mean]) => [criterion, exact(mean)]), exact(one.jury), exact(one.juryRank), one.votes,
        exact(one.residents), exact(one.combined), one.bar, one.out]) };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { refused: error.code, path: error.facts.path || "" };
  }
})"""
"""Run in the page on many texts at once: what it counts, or why it refuses."""

__all__ = ["COUNT", "Day", "bad_files", "canonical", "counted", "day", "days", "first_form", "material", "sealed"]
