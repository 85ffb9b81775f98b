"""The other side of benchmarks/count.py: pabutools, run by a Python that has it. The same words in and lines out.

With `together` it gets equal ballots as one, which it does not do by itself.
"""

import json
import sys
import time
from importlib.metadata import version

from pabutools import election as made, rules
from pabutools.election.pabulib import parse_pabulib


class MarkTimesCost(made.AdditiveSatisfaction):
    """The gain from a project is its mark times its cost."""

    def __init__(self, instance, profile, ballot):
        super().__init__(instance, profile, ballot, lambda _instance, _profile, of, project, _known:
                         of.get(project, 0) * project.cost)


class Loaded:
    """The file's election; ordinal ballots become marks, as the places of the longest one."""

    def __init__(self, path, together):
        self.together = together
        self.instance, profile = parse_pabulib(path)
        self.approval = isinstance(profile, made.ApprovalProfile)
        if isinstance(profile, made.OrdinalProfile):
            places = max(len(ballot) for ballot in profile)
            profile = made.CumulativeProfile(
                [made.CumulativeBallot({project: places - rank for rank, project in enumerate(ballot)})
                 for ballot in profile], instance=self.instance)
        approvals = profile if self.approval else made.ApprovalProfile(
            [made.ApprovalBallot(project for project in ballot if ballot[project] > 0) for ballot in profile],
            instance=self.instance)
        self.profile = profile.as_multiprofile() if together else profile
        self.approvals = approvals.as_multiprofile() if together else approvals

    def gain(self, of_cost):
        if self.approval:
            return made.Cost_Sat if of_cost else made.Cardinality_Sat
        return MarkTimesCost if of_cost else made.Additive_Cardinal_Sat

    def count(self, form):
        if form == "phragmen":
            return rules.sequential_phragmen(self.instance, self.approvals)
        if form == "greedy":
            return rules.greedy_utilitarian_welfare(self.instance, self.profile, sat_class=self.gain(True))
        if form == "knapsack":
            return rules.max_additive_utilitarian_welfare(self.instance, self.profile, sat_class=self.gain(False))
        _, utility, completion = f"{form} none".split()[:3]
        return self.shares(self.gain(utility == "cost"), completion)

    def shares(self, gain, completion):
        more = {"voter_budget_increment": 1} if completion == "add-one" else {}
        phragmen = completion == "phragmen"
        found = rules.method_of_equal_shares(self.instance, self.profile, sat_class=gain, analytics=phragmen, **more)
        if completion == "greedy":
            return rules.greedy_utilitarian_welfare(self.instance, self.profile, sat_class=self.gain(True),
                                                    initial_budget_allocation=found)
        if phragmen and not self.approval and self.together:
            raise NotImplementedError("alike approvals have unlike money here")
        if phragmen:
            loads = [-left for left in found.details.iterations[-1].voters_budget]
            return rules.sequential_phragmen(self.instance, self.approvals, initial_loads=loads,
                                             initial_budget_allocation=found)
        return found


def told(began, **more):
    print(json.dumps({"seconds": time.perf_counter() - began, **more}), flush=True)


def main():
    sys.setrecursionlimit(100_000)      # it takes each project in a call within the last
    began = time.perf_counter()
    loaded = Loaded(sys.argv[1], "together" in sys.argv[2:])
    told(began, version=version("pabutools"))
    for line in sys.stdin:
        began = time.perf_counter()
        try:
            found = loaded.count(line.strip())
        except NotImplementedError:
            print("null", flush=True)
        else:
            told(began, winners=len(found))


if __name__ == "__main__":
    main()
