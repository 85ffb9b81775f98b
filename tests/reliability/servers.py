"""PostgreSQL and Valkey that may be killed, frozen and started again at the same address."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from tests.services import ping, unprivileged, wait_until_ready


def _command(pid: int) -> tuple[list[str], dict[str, str], str]:
    """How a running process was started: its words, its environment, its folder."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]
    pairs = [pair.decode().partition("=") for pair in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if pair]
    return [word.decode() for word in words], {name: value for name, _, value in pairs}, os.readlink(f"/proc/{pid}/cwd")


class Server:
    """A service that somebody else started; from the first kill on it is started again by us."""

    def __init__(self, pid: int, address: str) -> None:
        self.pid, self.port = pid, urlsplit(address).port or 0
        self._words, self._env, self._folder = _command(pid)
        self._ours: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """SIGKILL, as when the machine's memory ran out."""
        os.kill(self.pid, signal.SIGKILL)
        self._gone()

    def freeze(self) -> None:
        """It answers nobody, and its lines stay open."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        os.kill(self.pid, signal.SIGCONT)

    def _gone(self) -> None:
        """Nothing is left of it, not even its number: PostgreSQL looks whether its number still lives."""
        if self._ours is not None:
            self._ours.wait()
        else:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)

    def start(self) -> None:
        """It answers when this returns, at the address of before."""
        end = time.monotonic() + 60
        while True:
            log = Path(self._folder) / "again.log"
            with log.open("ab") as out:
                self._ours = subprocess.Popen(self._words, env=self._env, cwd=self._folder, stdout=out, stderr=out,
                                              **self.whose())
            self.pid = self._ours.pid
            try:
                wait_until_ready(self._ours, self.asked, self._words[0], log)
                return
            except RuntimeError:        # what is left of the old one still holds its memory
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def whose(self) -> dict[str, object]:
        """Whom to run it as."""
        return {}

    def asked(self) -> None:
        """It answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """What we started is ended."""
        if self._ours is not None:
            self._ours.send_signal(signal.SIGINT)
            self._ours.wait()


class Postgres(Server):
    """Found by its own word for where its files are."""

    def __init__(self, url: str) -> None:
        self.address = url.replace("+psycopg", "")
        with psycopg.connect(self.address) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        super().__init__(int((Path(row[0]) / "postmaster.pid").read_text().split()[0]), self.address)

    def restart(self) -> None:
        """Stopped in the fast way, as an update does it, and started again."""
        os.kill(self.pid, signal.SIGINT)
        self._gone()
        self.start()

    def whose(self) -> dict[str, object]:
        """It refuses root."""
        return unprivileged()

    def asked(self) -> None:
        """It answers."""
        psycopg.connect(self.address, connect_timeout=2).close()


class Valkey(Server):
    """Found by its own word for its process."""

    def __init__(self, url: str) -> None:
        with redis.Redis.from_url(url) as client:
            pid = int(client.info("server")["process_id"])
        super().__init__(pid, url)
        program = os.readlink(f"/proc/{pid}/exe")       # it writes other words over those that it was started with
        self._words = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]

    def flush(self) -> None:
        """Everything that it holds is gone."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def asked(self) -> None:
        """It answers."""
        ping(self.port)
