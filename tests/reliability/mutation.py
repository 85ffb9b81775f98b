"""R22: how many small faults in the rules of ballots, permissions, counting and sealing the tests notice.

`python -m tests.reliability.mutation [part of a module's path …] [--all]`; as one of the long forms: `./go soak R22`.
Each fault (mutants.py) meets the tests that come by its function (mutant_trial.py), those that come by its line first
and the quickest before the slow, until one fails. A test that takes far more than its usual time has failed, too.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.reliability.mutant_trial import ROOT, SURVIVED, Trial, source
from tests.reliability.mutants import Mutant, mutants

SEED, SAMPLE, LEAST = "ideathon", 60, 0.9      # of a longer list so many faults are drawn; the score that is asked for
KNOWN = Path(__file__).with_name("equivalents.json")        # module → fault → why no test can tell it
GROUPS = ("ballots", "permissions", "tally", "sealing")
CORE = ["--confcutdir=tests/core"]      # their own conftest is enough; the one above starts the whole program
_DECIDED = [f"tests/core/test_{name}.py" for name in (
    "tally_blend", "tally_data", "tally_edges", "tally_laws", "tally_public", "tally_rules", "tally_stability",
    "tally_ties", "stability_edges", "demo_result")]
_RULES = [f"tests/core/test_{name}.py" for name in (
    "whole_records", "single_steps", "single_winner", "single_laws", "money_rules", "money_laws", "stated_rules",
    "tally_rules", "open_ties", "why", "what_if", "ballot_forms")]
_SEALING = [f"tests/voting/test_{name}.py" for name in (
    "board_questions", "vote_edges", "after_the_vote", "casting", "cast_together", "sealing", "annul", "profiles",
    "publishing", "paper_count", "two_readers")]

# a name: the modules, the tests that concern them, pytest's further words
PARTS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "ballots": (["core/ballots", "core/ballot_forms", "core/ballot_kinds"],
                ["tests/core/test_ballots.py", "tests/core/test_ballot_forms.py"], CORE),
    "permissions": (["core/permissions", "core/stages"], ["tests/core/test_permissions.py"], CORE),
    "tally": ([f"core/tally/{name}" for name in (
        "deciding", "blend", "ties", "settings", "stability", "data", "outcome", "rules/jury")], _DECIDED, CORE),
    "tally: rules": (["core/tally/marks", *(f"core/tally/rules/{name}" for name in (
        "approval", "borda", "equal_shares", "greedy", "irv", "knapsack", "leftover", "majority_judgement", "median",
        "phragmen", "plurality", "raising", "ranked_pairs", "runoff", "schulze", "score"))], _RULES, CORE),
    "sealing": ([f"voting/{name}" for name in (
        "sealing", "board", "verifying", "service", "urn", "rounds")], _SEALING, []),
}


def _drawn(module: str, whole: bool) -> list[Mutant]:
    """The faults to try in a module: all, or as many as the seed draws."""
    found = mutants(source(module).read_text(encoding="utf-8"))
    if whole or len(found) <= SAMPLE:
        return found
    dice = random.Random(f"{SEED} {module}")    # noqa: S311  # a sample that anybody can draw again
    return [found[index] for index in sorted(dice.sample(range(len(found)), SAMPLE))]


def score(parts: dict[str, Sequence[str]], tell: Callable[[int, int, str], None], *,
          whole: bool = False) -> dict[str, Any]:
    """For each module how many faults were tried, noticed, and cannot be told; those that nobody noticed by name."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    rows: dict[str, dict[str, Any]] = defaultdict(lambda: {"tried": 0, "noticed": 0, "equivalent": 0, "left": []})
    for part, modules in parts.items():
        with tempfile.TemporaryDirectory(prefix="ideathon_mutation_") as folder:
            faults = [(module, mutant) for module in modules for mutant in _drawn(module, whole)]
            _, tests, words = PARTS[part]
            for module, name, code in Trial(faults, words, tests, Path(folder)).run(tell):
                row = rows[module]
                row["tried"] += 1
                row["noticed"] += code != SURVIVED
                row["equivalent"] += code == SURVIVED and name in known.get(module, {})
                if code == SURVIVED and name not in known.get(module, {}):
                    row["left"].append(name)
    return dict(rows)


def share(rows: Sequence[dict[str, Any]]) -> float:
    """Of the faults that can be told, the part that was noticed."""
    able = sum(row["tried"] - row["equivalent"] for row in rows)
    return sum(row["noticed"] for row in rows) / able if able else 1.0


def chosen(words: Sequence[str]) -> dict[str, Sequence[str]]:
    """The parts with those of their modules that a word names; without words all."""
    parts = {part: [module for module in modules if not words or any(word == part or word in module for word in words)]
             for part, (modules, _, _) in PARTS.items()}
    return {part: modules for part, modules in parts.items() if modules}


def run() -> dict[str, Any]:
    """The whole of it as a long form, in a process that has not imported the program; the figures by group."""
    with tempfile.TemporaryDirectory(prefix="ideathon_mutation_") as folder:
        kept = Path(folder) / "figures.json"
        subprocess.run([sys.executable, "-m", "tests.reliability.mutation", f"--json={kept}"], cwd=ROOT, check=False)
        rows = json.loads(kept.read_text(encoding="utf-8"))
    found = {group: share([rows[module] for part, (modules, _, _) in PARTS.items() if part.startswith(group)
                           for module in modules]) for group in GROUPS}
    left = [(module, row["left"]) for module, row in rows.items() if row["left"]]
    assert min(found.values()) >= LEAST, f"too many faults are not noticed: {found}; {left}"
    return {"faults": sum(row["tried"] for row in rows.values()), **{g: f"{part:.1%}" for g, part in found.items()}}


def main(words: list[str]) -> int:
    """Say how many are noticed in the modules that were asked for, and which are not."""
    def tell(done: int, of: int, what: str) -> None:
        print(f"{done}/{of} {what:<40}", end="\r", file=sys.stderr, flush=True)    # noqa: T201  # to whoever waits

    found = score(chosen([word for word in words if not word.startswith("--")]), tell, whole="--all" in words)
    for module, row in found.items():
        print(f"{module:<32}{row['noticed']:>5} of {row['tried']:>4} {share([row]):7.1%}  "     # noqa: T201
              f"equivalent {row['equivalent']}", *(f"\n    {name}" for name in row["left"]))
    for word in words:
        if word.startswith("--json="):
            Path(word.removeprefix("--json=")).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return share(list(found.values())) < LEAST


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
