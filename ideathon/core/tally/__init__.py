"""Counting in exact fractions: what comes in (settings), the rules, the outcome, why it is so, and its sealed form."""

from ideathon.core.tally.data import from_data, to_data
from ideathon.core.tally.deciding import decide
from ideathon.core.tally.outcome import Bar, Outcome, Standing, Step, StepKind, rounded
from ideathon.core.tally.rules import RULES
from ideathon.core.tally.settings import Breaker, CountError, Criterion, Idea, Recusal, Scope, Score, Settings
from ideathon.core.tally.shares import Member, ShareCode, ShareProblem, Shares, decision_problems, voting_shares
from ideathon.core.tally.why import Code, Reason, explain, votes_to_win

__all__ = [
    "RULES",
    "Bar",
    "Breaker",
    "Code",
    "CountError",
    "Criterion",
    "Idea",
    "Member",
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
    "decide",
    "decision_problems",
    "explain",
    "from_data",
    "rounded",
    "to_data",
    "votes_to_win",
    "voting_shares",
]
