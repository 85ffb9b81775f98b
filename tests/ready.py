"""The program in processes of its own, for tests whose business is not its start: born of one that has imported it.

What runs is `python -m ideathon …`, with the environment, the folder and the files it is given; only that imports take
1.3 s of processor time, and this takes 0.03. That it starts from nothing, the tests of cli, demo and reliability see.

Run as a program, this file is that process: it forks for each request that comes by its standard input. Between it and
the program stands one that waits for the program's end and tells it.
"""

from __future__ import annotations

import _socket
import atexit
import functools
import gc
import importlib
import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
MOST = 1 << 17          # bytes of a request
BEFORE = ("ideathon.app", "ideathon.cli.run", "ideathon.cli.hall", "ideathon.cli.demo_load", "flask_migrate",
          "alembic.command", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg")
"""What the program imports when it starts, loads the demo or serves."""


class Born:
    """A running program, as `subprocess.Popen` would give it."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.returncode = line, None
        self.pid = int(line.recv(64))

    returncode: int | None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, or the signal that ended it, below 0. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self.line.settimeout(timeout)
            try:
                said = self.line.recv(64)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(f"the program {self.pid}", timeout or 0) from None
            self.returncode = os.waitstatus_to_exitcode(int(said))
            self.line.close()
        return self.returncode

    def poll(self) -> int | None:
        """The same, None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing when it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def start(*words: str, env: dict[str, str], out: IO[Any], err: IO[Any]) -> Born | subprocess.Popen[bytes]:
    """`python -m ideathon` with these words, in the project's folder. From nothing where there are no such sockets."""
    if sys.platform != "linux":
        return subprocess.Popen([sys.executable, "-m", "ideathon", *words], env=env, cwd=ROOT, stdout=out, stderr=err)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        request = json.dumps({"words": words, "env": env}).encode()
        socket.send_fds(_mother(), [request], [theirs.fileno(), out.fileno(), err.fileno()])
    return Born(ours)


@functools.cache
def _mother() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen([sys.executable, "-m", "tests.ready"], cwd=ROOT, stdin=theirs)

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _next(fork: Any, wait: Any) -> dict[str, Any] | None:
    """In each new process what it is to do; None in the first one, at its end."""
    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, 0)      # gevent's would start its loop
    while True:
        said, found, *_ = socket.recv_fds(line, MOST, 3)        # type: ignore[arg-type]
        if not said:
            _reaps(wait)
            return None
        if not fork():
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            return _waits(json.loads(said), found, fork, wait)
        for each in found:
            os.close(each)
        _reaps(wait)


def _waits(request: dict[str, Any], files: list[int], fork: Any, wait: Any) -> dict[str, Any]:
    """The program is the child; who waits for it ends here."""
    line, out, err = files
    if not (child := fork()):
        for given, number in ((out, 1), (err, 2)):
            os.dup2(given, number)
        for given in files:
            os.close(given)
        return request
    os.close(out)
    os.close(err)
    os.write(line, str(child).encode())
    os.write(line, str(wait(child, 0)[1]).encode())
    os._exit(0)


def _reaps(wait: Any) -> None:
    try:
        while wait(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main() -> None:
    """Import the program, then be it as often as asked."""
    fork, wait = os.fork, os.waitpid        # before gevent has its own
    monkey = importlib.import_module("gevent.monkey")
    monkey.patch_all()
    for name in BEFORE:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    asked = _next(fork, wait)
    if asked is None:
        return
    os.environ.clear()
    os.environ.update(asked["env"])
    random.seed()
    sys.argv = ["ideathon", *asked["words"]]
    runpy.run_module("ideathon", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
