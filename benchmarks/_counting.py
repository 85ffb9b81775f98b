"""One side of benchmarks/count.py in a process of its own: this project. Words in, one line of JSON out for each.

The first line out is how long the file took to read; then each word is a form of a rule, counted once.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility
from ideathon.core.tally.counting import count
from ideathon.core.tally.files import election_of, read
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker

SHARES = {f"equal-shares {utility}": {"utility": utility} for utility in Utility}
COMPLETED = {f"equal-shares cost {completion}": {"completion": completion}
             for completion in (Completion.GREEDY, Completion.PHRAGMEN, Completion.ADD_ONE)}
FORMS: dict[str, dict[str, Any]] = {
    "greedy": {}, "knapsack": {}, "phragmen": {"on_unaffordable": Unaffordable.STOP}, **SHARES, **COMPLETED}


def timed(act: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What it gave, how many seconds it took, and the most memory that the process ever had, in MB."""
    began = time.perf_counter()
    found = act()
    seconds = time.perf_counter() - began
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return found, {"seconds": seconds, "MB": int(status.split("VmHWM:")[1].split()[0]) / 1024}


def main() -> None:
    """Read the file that is named, then count whatever is asked."""
    given, told = timed(lambda: election_of(read(Path(sys.argv[1]))).election)
    print(json.dumps(told), flush=True)
    for line in sys.stdin:
        form = line.strip()
        rule, settings = ELECTION_RULES[form.split()[0]], CountSettings(ties=(Breaker.EARLIER,), **FORMS[form])
        found, told = timed(partial(count, given, rule, settings))
        print(json.dumps({**told, "winners": len(found.winners)}), flush=True)


if __name__ == "__main__":
    main()
