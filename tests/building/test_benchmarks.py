"""Each benchmark runs, in a tiny size, and prints its table. How fast it was is no test's business."""
import math
import os
import subprocess
import sys

import pytest

from benchmarks import _machine
from tests.journeys.evenings import Evenings
from tests.services import ROOT

PATIENCE = 400.0        # seconds; each loads the demo and starts the program, and the machine may be busy
TINY = {
    "votes": (["-n", "5", "--seconds", "1"],
              ["raw sqlite3", "raw psycopg", "Flask alone", "5 taps in 1 s", "5 voters in 1 s"]),
    "talk": (["-n", "6", "--seconds", "2", "--rate", "2"], ["raw relay", "program"]),
    "joining": (["-n", "5", "--seconds", "1"], ["raw sockets", "program"]),
    "pages": (["-n", "13", "--seconds", "0.5"], ["static bytes", "13 ideas", "now", "join", "first page in all"]),
    "fanout": (["-n", "5", "--seconds", "2"], ["wire", "stock", "raw"]),
    "count": (["--ballots", "60", "--projects", "8"], ["reading", "knapsack", "equal-shares cost add-one", "exponent"]),
}


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_runs_and_prints_its_table(name: str, evenings: Evenings) -> None:
    words, rows = TINY[name]
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL")}
    kept["EVENINGS"] = str(evenings.folder)
    ran = subprocess.run([sys.executable, f"benchmarks/{name}.py", *words, "--rounds", "1"], cwd=ROOT, env=kept,
                         capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr[-3000:]
    for row in rows:
        assert row in ran.stdout, f"{row} is not in\n{ran.stdout}"
    if name in ("talk", "joining", "votes"):
        assert failures(ran.stdout) == {"0"}, f"{ran.stdout}\n{ran.stderr[-3000:]}"


def failures(printed: str) -> set[str]:
    """Every number in the column "failed"."""
    head, *lines = printed.splitlines()[1:]
    end = head.index("failed") + len("failed")
    return {line[:end].split()[-1] for line in lines if line[end - 6:end].strip().isdigit()}


def test_failures_are_found_in_a_table() -> None:
    rows = [{"what": "floor", "p50": 1.5}, {"what": "program", "p50": 2, "failed": 3, "lost": 0}]
    assert failures("title\n" + _machine.table(rows)) == {"3"}


def test_percentiles_are_values_that_were_measured() -> None:
    late = [number / 1000 for number in range(1, 101)]
    assert _machine.spread(late) == {"p50": 50, "p95": 95, "p99": 99, "max": 100}
    assert _machine.percentile([7.0], 1) == 7.0
    assert math.isnan(_machine.percentile([], 50))


def test_rounds_become_medians_and_what_was_lost_is_summed() -> None:
    rounds = [{"what": "x", "p50": value, "lost": 1, "failed": 0} for value in (1.0, 9.0, 2.0)]
    assert _machine.medians(rounds) == {"what": "x", "p50": 2.0, "lost": 3, "failed": 0}


@pytest.mark.parametrize("as_json", [True, False])
def test_a_loss_is_an_error(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2 lost"):
        _machine.tell("votes", [{"what": "program", "lost": 2}], as_json=as_json)
    assert "program" in capsys.readouterr().out
