"""Counting in exact fractions: what comes in (settings), the rules, the outcome, why it is so, and its sealed form."""

from ideathon.core.tally.chances import votes_to_audience, votes_to_win
from ideathon.core.tally.data import FORM, from_data, to_data, to_public
from ideathon.core.tally.deciding import decide, recount
from ideathon.core.tally.outcome import NO_PLACE, Bar, Outcome, Standing, Step, StepKind, apart, rounded
from ideathon.core.tally.rules import RULES
from ideathon.core.tally.rules.jury import recused_jurors
from ideathon.core.tally.settings import (
    Blend,
    Breaker,
    CountError,
    Criterion,
    Idea,
    Missing,
    Number,
    Recusal,
    Scope,
    Score,
    Settings,
)
from ideathon.core.tally.shares import Member, ShareCode, ShareProblem, Shares, decision_problems, voting_shares
from ideathon.core.tally.stability import Batch, Firmness, Material, Tried, Without, firmness
from ideathon.core.tally.why import Code, Reason, explain

__all__ = [
    "FORM",
    "NO_PLACE",
    "RULES",
    "Bar",
    "Batch",
    "Blend",
    "Breaker",
    "Code",
    "CountError",
    "Criterion",
    "Firmness",
    "Idea",
    "Material",
    "Member",
    "Missing",
    "Number",
    "Outcome",
    "Reason",
    "Recusal",
    "Scope",
    "Score",
    "Settings",
    "ShareCode",
    "ShareProblem",
    "Shares",
    "Standing",
    "Step",
    "StepKind",
    "Tried",
    "Without",
    "apart",
    "decide",
    "decision_problems",
    "explain",
    "firmness",
    "from_data",
    "recount",
    "recused_jurors",
    "rounded",
    "to_data",
    "to_public",
    "votes_to_audience",
    "votes_to_win",
    "voting_shares",
]
