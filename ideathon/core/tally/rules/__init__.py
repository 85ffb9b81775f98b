"""One file, one rule: ways of turning ballots or score sheets into points."""

from ideathon.core.tally.choosing import ElectionRule
from ideathon.core.tally.outcome import Rule
from ideathon.core.tally.rules.approval import Approval, MostApproved
from ideathon.core.tally.rules.borda import Borda
from ideathon.core.tally.rules.equal_shares import EqualShares
from ideathon.core.tally.rules.greedy import Greedy, GreedyPerCost
from ideathon.core.tally.rules.irv import RankedChoice
from ideathon.core.tally.rules.knapsack import Knapsack
from ideathon.core.tally.rules.majority_judgement import MajorityJudgement
from ideathon.core.tally.rules.median import Median
from ideathon.core.tally.rules.phragmen import Phragmen
from ideathon.core.tally.rules.plurality import Plurality
from ideathon.core.tally.rules.ranked_pairs import RankedPairs
from ideathon.core.tally.rules.runoff import Runoff
from ideathon.core.tally.rules.schulze import Schulze
from ideathon.core.tally.rules.score import Score

RULES: dict[str, Rule] = {"approval": Approval()}
"""The rules that count an event's ballots, by the ballot's method."""

_ALL: tuple[ElectionRule, ...] = (
    Greedy(), GreedyPerCost(), Knapsack(), Phragmen(), EqualShares(),
    Plurality(), MostApproved(), Score(), Median(), MajorityJudgement(), Borda(), RankedChoice(), Runoff(), Schulze(),
    RankedPairs())

ELECTION_RULES: dict[str, ElectionRule] = {rule.name: rule for rule in _ALL}
"""The rules that choose winners of an election from a file, by the name that the command line takes."""
