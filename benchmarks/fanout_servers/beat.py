"""What every compared server says, how often, and how it tells its port."""

import os
import sys
import time
from typing import Any

TICK = 0.25
PAD = "x" * 230             # with the rest, about 300 bytes, as a real piece of news
MOST_CLIENTS = 5000


def news(number: int) -> dict[str, Any]:
    """One event; t is the moment of sending on the clock that all processes of a machine share."""
    return {"seq": number, "t": time.monotonic_ns(), "pad": PAD}


def ready(port: int) -> None:
    """Keep to the core that the parent chose, and tell it the port."""
    os.sched_setaffinity(0, {int(sys.argv[1])})
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
