"""The program as people start it: a process of its own, the words it prints, its end."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.services import ROOT, running

PATIENCE = 120.0        # seconds; a busy machine is slow, not wrong
LAST_LINE = "Ctrl-C ends it"
UNSET = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY", "HOST", "PORT", "TRUSTED_HOSTS", "IDEATHON_DATA")


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of somebody with this data folder and nothing else set."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "IDEATHON_DATA": str(data), "COLUMNS": "200", **more}


class Program:
    """A serving process and what it printed when it was ready."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log
        self.box = ""
        end = time.monotonic() + PATIENCE
        for line in process.stdout or ():
            self.box += line
            if LAST_LINE in line:
                break
            assert time.monotonic() < end, f"not ready in {PATIENCE} s: {self.box}"
        assert LAST_LINE in self.box, f"{self.box}\n{log.read_text()}"
        found = re.search(r"http://[^/:\s]+:(\d+)/", self.box)
        assert found, self.box
        self.port = int(found[1])

    @property
    def url(self) -> str:
        """Where this machine reaches it."""
        return f"http://127.0.0.1:{self.port}"

    def addresses(self) -> list[str]:
        """Every address in the box."""
        return re.findall(r"http://\S+", self.box)

    def way(self, who: str) -> str:
        """The path printed for somebody."""
        found = re.search(rf"{who}\s+http://[^/\s]+(/\S*)", self.box)
        assert found, f"{who} is not in {self.box}"
        return found[1]

    def stop(self) -> int:
        """End it politely; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def serving(data: Path, *words: str, **env: str) -> Iterator[Program]:
    """`ideathon run` on a free port of every address; warnings are errors."""
    log = data.with_name(f"{data.name}.{time.monotonic_ns()}.log")
    command = [sys.executable, "-W", "error", "-m", "ideathon", "run", "--port", "0", *words]
    with log.open("w") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(data, **env), stdout=subprocess.PIPE,
                                   stderr=errors, text=True)
        assert process.stdout
        with process.stdout, running(process, signal.SIGTERM):  # type: ignore[arg-type]  # text or bytes, it only ends it
            yield Program(process, log)


def ask(data: Path, *words: str, patience: float = PATIENCE, **env: str) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    return subprocess.run([sys.executable, "-m", "ideathon", *words], cwd=ROOT, env=environment(data, **env),
                          capture_output=True, text=True, check=False, timeout=patience)
