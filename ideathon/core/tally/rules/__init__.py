"""One file, one rule: ways of turning ballots or score sheets into points."""

from ideathon.core.tally.outcome import Rule
from ideathon.core.tally.rules.approval import Approval

RULES: dict[str, Rule] = {"approval": Approval()}
"""The rules that count ballots, by the ballot's method."""
