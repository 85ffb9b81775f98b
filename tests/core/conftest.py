"""The demo day as the counting core takes it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ideathon.core.tally import Breaker, Criterion, Idea, Outcome, Recusal, Scope, Score, Settings, decide
from ideathon.core.tally.rules import RULES

ENGURE = Path(__file__).parents[2] / "ideathon" / "demo" / "engure.json"


@dataclass(frozen=True)
class DemoDay:
    """The Engure data and what is counted from them."""

    data: dict[str, Any]
    settings: Settings
    ideas: tuple[Idea, ...]
    scores: tuple[Score, ...]
    recusals: tuple[Recusal, ...]
    votes: dict[str, int]

    def outcome(self) -> Outcome:
        return decide(self.settings, self.ideas, self.scores, self.recusals, self.votes)


@pytest.fixture(scope="session")
def engure() -> DemoDay:
    data = json.loads(ENGURE.read_text(encoding="utf-8"))
    ideas = tuple(Idea(idea["id"], idea["challenge"]) for idea in data["ideas"])
    counted = (ballot["choices"] for ballot in data["ballots"] if ballot["state"] == "counted")
    return DemoDay(
        data=data,
        settings=_settings(data),
        ideas=ideas,
        scores=tuple(Score(s["juror"], s["idea"], s["criterion"], s["points"]) for s in data["scores"]),
        recusals=tuple(Recusal(c["juror"], c["idea"]) for c in data["conflicts"]),
        votes=dict(RULES["approval"].count([idea.id for idea in ideas], counted)),
    )


def _settings(data: dict[str, Any]) -> Settings:
    rubric = tuple(
        Criterion(c["id"], c["weight"], c["scale_max"], c["scale_min"], c["step"], c["eliminatory"])
        for c in data["criteria"]
    )
    return Settings(
        criteria=rubric,
        threshold_jury=data["scoring_rule"]["threshold_jury"],
        min_jurors=data["scoring_rule"]["min_jurors_per_idea"],
        recusal_scope=Scope.IDEA,
        ties=(Breaker.JURY, Breaker.FIRST_CRITERION, Breaker.VOTES, Breaker.LOT),
        seed=data["meta"]["seed"],
    )
