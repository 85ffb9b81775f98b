"""R3: no room on the disk. Votes are answered 503 with Retry-After, pages still open, and it goes on by itself."""

from __future__ import annotations

import contextlib
import random
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from tests.houses import Builder, House, house_on
from tests.reliability.book import Book, Press, audit
from tests.reliability.crowd import Crowd, Lane
from tests.reliability.disk_of_ours import BROKEN, FULL, Disk, house_on_our_disk
from tests.reliability.hall import IDEAS, REFS, Site, site
from tests.reliability.report import Tell
from tests.voting import box

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
MOUNT_MB = 24
LOG = 400           # votes that still fit into the log's file, at most: it keeps its size


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    times: int = 10             # that the disk gets full, and has room again
    voters: int = 60            # before, during and after each
    casts: int = 600            # under which a write is made to fail, each time a later one


class Limit:
    """A running process may write no file past its first page: the system refuses, as a full disk does."""

    def __init__(self, hall: Site) -> None:
        self.hall = hall

    def full(self) -> None:
        """From now on."""
        resource.prlimit(self.hall.workers[0].pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def room(self) -> None:
        """No longer."""
        resource.prlimit(self.hall.workers[0].pid, resource.RLIMIT_FSIZE, UNLIMITED)


class Filled:
    """A small file system of its own, filled up by another file, which is then taken away."""

    def __init__(self, folder: Path) -> None:
        self.other = folder / "photographs"

    def full(self) -> None:
        """Not a byte is free."""
        with self.other.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\xff" * 4096):
                pass

    def room(self) -> None:
        """Somebody has tidied up."""
        self.other.unlink()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of a few megabytes; None where this user may not mount one."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={MOUNT_MB}m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607  # where it is, the system knows


async def _while_full(hall: Site, book: Book, codes: list[str], most: int, chance: random.Random) -> int:
    """Until ``most`` people are told to come again in a moment, and see the page; gives how many were.

    What still fits into the file of the log is stored.
    """
    lane, told = Lane(hall.ports[0]), 0
    await lane.phone.get("/b")
    for code in codes:
        press = book.write(Press(code, f"{chance.getrandbits(128):032x}", tuple(chance.sample(REFS, 2)), 0))
        status = await lane.cast(press)
        if status == 303:                               # a page of the log that was there already took it
            press.outcome, press.seq = "ok", int(lane.phone.place().split("/")[-2])
            continue
        assert status == 503, (status, hall.workers[0].said()[-2000:])
        assert "retry-after: " in lane.phone.headers
        told += 1
        assert await lane.held(code) == 0, "the ballot is not shown while the disk is full"
        if told == most:
            break
    lane.phone.close()
    return told


async def _again(hall: Site, book: Book) -> None:
    """The same presses are sent once more, as the phones do by themselves."""
    lane = Lane(hall.ports[0])
    for press in [press for press in book.all() if press.outcome == "unknown"]:
        assert await lane.cast(press) == 303, (lane.phone.status, hall.workers[0].said()[-2000:])
        press.outcome, press.seq = "ok", int(lane.phone.place().split("/")[-2])
    lane.phone.close()


async def _once(hall: Site, disk: Limit | Filled, plan: Plan, chance: random.Random) -> tuple[Book, int]:
    codes = hall.fresh(3 * plan.voters + LOG)
    crowd = Crowd(hall.ports, chance=chance)
    await crowd.vote(codes[:plan.voters])
    disk.full()
    try:
        told = await _while_full(hall, crowd.book, codes[plan.voters:-plan.voters], plan.voters, chance)
    finally:
        disk.room()
    await _again(hall, crowd.book)
    await crowd.vote(codes[-plan.voters:])
    return crowd.book, told


def _times(hall: Site, disk: Limit | Filled, plan: Plan, say: Tell, how: str) -> dict[str, int]:
    chance, refused, ok = random.Random(3), 0, 0        # noqa: S311  # a seed, so that a run can be had again
    pid = hall.workers[0].pid
    for number in range(1, plan.times + 1):
        book, told = uvloop.run(_once(hall, disk, plan, chance))
        assert told, "the disk was not full"
        audit(hall.house, book).stands()
        assert hall.integrity() == "ok"
        refused, ok = refused + told, ok + book.count("ok")
        say(number, plan.times, f"{how}: {refused} told to come again, {ok} stored, lost 0")
    assert hall.workers[0].pid == pid
    hall.workers[0].asked()
    return {f"{how}: times": plan.times, f"{how}: answered 503": refused, f"{how}: stored": ok, f"{how}: lost": 0}


def limited(builder: Builder, plan: Plan, say: Tell) -> dict[str, int]:
    """The system refuses the process its writes."""
    with builder.sqlite() as url, site(builder, url) as hall:
        return _times(hall, Limit(hall), plan, say, "limit")


def filled(builder: Builder, plan: Plan, say: Tell) -> dict[str, int]:
    """A file system is really full; {} where none may be mounted."""
    with small_disk(builder.folder / "small") as folder, builder.sqlite() as url:
        if folder is None:
            return {}
        path = shutil.copy(url, folder / "day.db")
        with site(builder, str(path)) as hall:
            return _times(hall, Filled(folder), plan, say, "full")


def _cast(phone: Any, press: Press) -> Any:
    press.times += 1
    answer = box.cast(phone, press.code, *press.choices, expect=press.expect, key=press.key)
    if answer.status_code == 303:
        press.outcome, press.seq = "ok", int(answer.location.split("/")[-2])
    return answer


def _nth(house: House, disk: Disk, codes: list[str], say: Tell) -> tuple[Book, int]:
    """Under each cast a later write fails, once or for as long as it is tried; then the same press is sent again."""
    book, phone, chance, met = Book(), house.visitor(), random.Random(4), 0      # noqa: S311  # as above
    phone.get("/b")
    for number, code in enumerate(codes, 1):
        press = book.write(Press(code, f"{number:032}", tuple(chance.sample(REFS, 2)), 0))
        before, disk.how, disk.stays = disk.failed, (FULL, BROKEN)[number % 2], chance.random() < 0.5
        disk.fails = 1 + number % 30 if chance.random() < 0.8 else 30 + chance.randrange(2000)
        answer = _cast(phone, press)
        disk.fails = None
        if disk.failed > before and press.outcome != "ok":
            met += 1
            assert answer.status_code == 503, (answer.status_code, answer.text[:500])
            assert int(answer.headers["Retry-After"]) >= 1
            assert _cast(phone, press).status_code == 303
        assert press.outcome == "ok", answer.text[:500]
        if not number % 100:
            say(number, len(codes), f"{disk.failed} writes failed, {met} votes told to come again, lost 0")
    return book, met


def nth_write(builder: Builder, plan: Plan, say: Tell) -> dict[str, int]:
    """The n-th write or sync fails, for every n that a vote has, and those of clearing the log into the file."""
    with builder.sqlite() as path:
        with house_on(path) as house:
            codes = box.vote_day(house, slips=plan.casts, ideas=IDEAS)
        disk = Disk()
        with house_on_our_disk(Path(path), disk) as house:
            book, met = _nth(house, disk, codes, say)
        assert met > len(codes) // 10, "the writes that failed were nobody's"
        with house_on(path) as house:
            audit(house, book).stands()
        with closing(sqlite3.connect(path)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return {"n-th write: casts": plan.casts, "n-th write: failed writes": disk.failed, "n-th write: answered 503": met,
            "n-th write: lost": 0}


def run(builder: Builder, plan: Plan, say: Tell) -> dict[str, Any]:
    """All three."""
    return {**nth_write(builder, plan, say), **limited(builder, plan, say), **filled(builder, plan, say)}
