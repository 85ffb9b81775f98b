"""A hall for journeys: the real program in processes of its own, its links, and browsers that are watched."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests import ready
from tests.ready import Born
from tests.services import ROOT, free_port

AXE = ROOT / "node_modules/axe-core/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_FINDS = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(found => found.violations)"""     # what is right is not written out, which takes longer than to find it
PHONE, DESK, SCREEN = (360, 740), (1440, 900), (1920, 1080)
PATIENCE = 120.0


@dataclass
class Watch:
    """What no page may do on the way: talk to another machine, complain on the console, throw."""

    allowed: set[str]
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """A request left a page."""
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc not in self.allowed:
            self.strangers.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        """A page said something on its console; Chromium's own note of an answer that a test provoked is not ours."""
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def follow(self, context: BrowserContext) -> None:
        """Watch every page of a browser."""
        context.on("request", self.request)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.complaints.append(f"thrown: {error.error}"))

    def is_clean(self) -> None:
        """Nothing was seen."""
        assert not self.strangers, self.strangers
        said = "".join(log.read_text()[-3000:] for log in self.logs if log.exists())
        assert not self.complaints, f"{self.complaints}\n{said}"


@dataclass
class Hall:
    """The running program: one address for each worker, and every link of the demo."""

    bases: list[str]
    links: dict[str, Any]
    browser: Browser
    watch: Watch
    contexts: list[BrowserContext] = field(default_factory=list)

    def seat(self, size: tuple[int, int], *, lang: str = "lv", worker: int = 0, **options: Any) -> Page:
        """A browser of its own on one of the workers; its page knows the worker's address as base_url."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale={"lv": "lv-LV", "en": "en-GB"}[lang],
            base_url=self.bases[worker % len(self.bases)],
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        self.watch.follow(context)
        self.contexts.append(context)
        return context.new_page()

    def phone(self, *, lang: str = "lv", worker: int = 0, **options: Any) -> Page:
        """A resident's phone."""
        return self.seat(PHONE, lang=lang, worker=worker, has_touch=True, is_mobile=True, **options)

    def path(self, link: str) -> str:
        """The path of a printed link, to be opened on any worker."""
        return urlsplit(link).path

    def close(self) -> None:
        """Every browser is closed."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def axe(page: Page, where: str = "") -> None:
    """The page has no violation of WCAG 2.2 A and AA that axe can see."""
    size = page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
    tall = page.evaluate("document.documentElement.scrollHeight")
    if tall > size["height"]:  # what a sticky bar half covers is no smaller for it: look at the page unrolled
        page.set_viewport_size({"width": size["width"], "height": min(tall, 8_000)})
    page.evaluate(AXE.read_text())
    found = page.evaluate(AXE_FINDS, AXE_TAGS)
    page.set_viewport_size(size)
    problems = [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found]
    assert not problems, (where or page.url, problems)


def environment(folder: Path, database: str, redis_url: str = "") -> dict[str, str]:
    """What a process of the program is started with."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL"}
    }
    made = {**kept, "IDEATHON_DATA": str(folder), "PYTHONPATH": str(ROOT), "DATABASE_URL": database}
    return {**made, "REDIS_URL": redis_url} if redis_url else made


def ideathon(*arguments: str, env: dict[str, str]) -> str:
    """Run a command to its end; gives what it printed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        code = ready.start(*arguments, env=env, out=out, err=err).wait(PATIENCE)
        out.seek(0)
        err.seek(0)
        printed = out.read()
        assert code == 0, printed + err.read()
    return printed


def _ready(base: str, process: Born | subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):  # noqa: S310  # our own server on loopback
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the program did not start: {log.read_text()[-3000:]}") from None
            time.sleep(0.1)


Load = Callable[[Path, str], dict[str, Any]]
"""Puts the demo day into a database, and its key and links into the data folder; gives what the load printed."""


@contextmanager
def program(
    folder: Path, database: str, load: Load, *, workers: int = 1, redis_url: str = ""
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """The demo loaded into a database and served by so many processes; gives their addresses and the links."""
    folder.mkdir(mode=0o700, exist_ok=True)
    env, links = environment(folder, database, redis_url), load(folder, database)
    started: list[tuple[Born | subprocess.Popen[bytes], str, Path]] = []
    try:
        for number in range(workers):
            port, log = free_port(), folder / f"worker{number}.log"
            with log.open("wb") as out:
                process = ready.start("run", "--host", "127.0.0.1", "--port", str(port), env=env, out=out, err=out)
            started.append((process, f"http://127.0.0.1:{port}", log))
        for process, base, log in started:
            _ready(base, process, log)
        links["logs"] = [log for _, _, log in started]
        yield [base for _, base, _ in started], links
    finally:
        for process, _, _ in started:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(20) for process, _, _ in started]
    assert codes == [0] * workers, codes
    for _, _, log in started:
        assert "Traceback" not in log.read_text(), log.read_text()[-3000:]
