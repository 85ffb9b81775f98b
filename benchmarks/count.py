"""How long does a city's count take, rule by rule?

`python benchmarks/count.py` makes an election with a fixed seed (90,000 ballots, 160 projects) and counts it by each
rule that funds projects; `--file` takes a `.pb` file instead. `--oracle PYTHON` names a Python that has pabutools,
which then counts the same file in turn: as it reads it, and with equal ballots taken together, which it can do and does
not by itself. Without a file the time's growth with ballots and with projects follows. MB are the most that the process
ever had. A dash is what took longer than `--patience`, or what pabutools cannot do so.
"""

import argparse
import contextlib
import json
import math
import random
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))           # so that it runs as a script

from benchmarks._counting import FORMS  # noqa: E402  after the line above
from benchmarks._machine import MOST_ROUNDS, Row, tell  # noqa: E402  as above

SEED = 20260101
LONGEST_BALLOT = 15         # projects
GROWING = ("phragmen", "equal-shares cost")
PARTS = (0.25, 0.5, 1)      # of the ballots, then of the projects


def write_election(path: Path, ballots: int, projects: int) -> None:
    """Costs from 10,000 to 2,000,000; a few projects are liked by very many. A fifth of all costs is the budget."""
    chance = random.Random(SEED)        # noqa: S311 - no secret
    costs = [int(10 ** chance.uniform(4, 6.3)) for _ in range(projects)]
    liked = list(accumulate(chance.paretovariate(1.2) for _ in range(projects)))
    meta = {"num_projects": projects, "num_votes": ballots, "budget": sum(costs) // 5, "vote_type": "approval",
            "rule": "greedy"}
    with path.open("w", encoding="utf-8") as file:
        file.write("META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in meta.items()))
        file.write("PROJECTS\nproject_id;cost\n" + "".join(f"{each};{cost}\n" for each, cost in enumerate(costs)))
        file.write("VOTES\nvoter_id;vote\n")
        for voter in range(ballots):
            size = chance.randint(1, min(projects, LONGEST_BALLOT))
            named = chance.choices(range(projects), cum_weights=liked, k=size)
            file.write(f"{voter};{','.join(map(str, dict.fromkeys(named)))}\n")


class Side:
    """A process that counts one file; it answers one word at a time, or is given up."""

    def __init__(self, words: list[str], patience: float) -> None:
        self.words, self.patience = words, patience
        self.process: subprocess.Popen[str] | None = None
        self.reading: dict[str, Any] = {}

    def begin(self) -> None:
        self.process = subprocess.Popen(self.words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reading = self._line() or {}
        if not self.reading:
            sys.exit(f"{self.words[0]} could not read the file")

    def ask(self, form: str) -> dict[str, Any] | None:
        """None when it took longer than anybody waits for, or cannot count so."""
        if self.process is None:
            self.begin()
        assert self.process is not None
        assert self.process.stdin is not None
        print(form, file=self.process.stdin, flush=True)
        return self._line()

    def _line(self) -> dict[str, Any] | None:
        assert self.process is not None
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], self.patience)[0]:
            self.end()
            return None
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.words)} ended")
        found: dict[str, Any] | None = json.loads(line)
        return found

    def end(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


@contextlib.contextmanager
def sides(file: Path, oracle: str | None, patience: float) -> Iterator[dict[str, Side]]:
    """This project, and pabutools in both ways where there is a Python for it."""
    found = {"ours": Side([sys.executable, "-m", "benchmarks._counting", str(file)], patience)}
    if oracle:
        words = [oracle, str(ROOT / "benchmarks" / "_count_pabutools.py"), str(file)]
        found |= {"pabutools": Side(words, patience), "together": Side([*words, "together"], patience)}
    try:
        for side in found.values():
            side.begin()
        yield found
    finally:
        for side in found.values():
            side.end()


def row(what: str, answers: dict[str, list[dict[str, Any]]]) -> Row:
    """The median milliseconds of each side, and how often ours go into the others'."""
    ours = 1000 * median(each["seconds"] for each in answers["ours"])
    made: dict[str, Any] = {"what": what, "ours": round(ours, 1), "MB": round(answers["ours"][-1]["MB"])}
    for name, found in answers.items():
        if name != "ours":
            theirs = 1000 * median(each["seconds"] for each in found) if found else None
            made |= {name: "-" if theirs is None else round(theirs, 1),
                     f"{name} / ours": "-" if theirs is None else round(theirs / ours, 1)}
    return made


def measured(file: Path, options: argparse.Namespace) -> list[Row]:
    """Reading, then each rule: ours, theirs, ours, theirs."""
    with sides(file, options.oracle, options.patience) as found:
        rows: list[Row] = [row("reading", {name: [side.reading] for name, side in found.items()})]
        for form in FORMS:
            answers: dict[str, list[dict[str, Any]]] = {name: [] for name in found}
            for number in range(options.rounds):
                for name, side in found.items():        # who was given up, or cannot, is not asked again
                    if len(answers[name]) == number and (answer := side.ask(form)):
                        answers[name].append(answer)
            rows.append(row(form, answers))
    return rows


def growth(folder: Path, options: argparse.Namespace) -> list[Row]:
    """Milliseconds for parts of the ballots and of the projects, and the exponent from the smallest to all."""
    rows = []
    for form in GROWING:
        for what in ("ballots", "projects"):
            took = {f"{part:g} of all": 1000 * _part(folder, form, options, what, part) for part in PARTS}
            least, *_, most = took.values()
            rows.append({"what": f"{form}, with {what}", **{part: round(each, 1) for part, each in took.items()},
                         "exponent": round(math.log(most / least) / math.log(PARTS[-1] / PARTS[0]), 2)})
    return rows


def _part(folder: Path, form: str, options: argparse.Namespace, what: str, part: float) -> float:
    ballots, projects = options.ballots, options.projects
    size = (math.ceil(part * ballots), projects) if what == "ballots" else (ballots, math.ceil(part * projects))
    file = folder / f"{size[0]}-{size[1]}.pb"
    if not file.exists():
        write_election(file, *size)
    with sides(file, None, options.patience) as found:
        return min(answer["seconds"] for _ in range(options.rounds) if (answer := found["ours"].ask(form)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, help="a .pb file instead of the election that is made")
    parser.add_argument("--ballots", type=int, default=90_000)
    parser.add_argument("--projects", type=int, default=160)
    parser.add_argument("--oracle", help="a Python that has pabutools")
    parser.add_argument("--patience", type=float, default=600, help="seconds after which one rule is given up")
    parser.add_argument("--rounds", type=int, default=2, choices=range(1, MOST_ROUNDS + 1))
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        file = options.file or Path(name) / "made.pb"
        if not options.file:
            write_election(file, options.ballots, options.projects)
        what = file.name if options.file else f"{options.ballots} ballots, {options.projects} projects, seed {SEED}"
        tell(f"Counting {what}: milliseconds, medians of {options.rounds} alternated rounds", measured(file, options),
             as_json=options.json)
        if not options.file:
            tell("Growth: milliseconds, the least of the rounds", growth(Path(name), options), as_json=options.json)


if __name__ == "__main__":
    main()
