"""R2: power cuts, simulated. What the program does to its files is recorded; then the current fails at any moment."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from ideathon.voting import board
from tests.houses import Builder, house_on
from tests.reliability.disk_of_ours import Disk, house_on_our_disk
from tests.reliability.hall import IDEAS, REFS
from tests.reliability.report import Tell
from tests.voting import box

SECTOR = 512
KEPT = (0.0, 0.5, 0.9)      # the chance of each sector that was written and not yet synced to be there afterwards


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    votes: int = 400
    cuts: int = 1000


@dataclass
class File:
    """One file as the disk holds it for sure, and what was done to it since the last sync."""

    sure: bytearray = field(default_factory=bytearray)
    open: list[tuple[Any, ...]] = field(default_factory=list)

    def synced(self) -> None:
        """All of it is there for sure."""
        for what in self.open:
            apply(self.sure, what)
        self.open.clear()

    def after_a_cut(self, kept: float, chance: random.Random) -> bytes:
        """What is found when the current is back: of the rest, each sector with that chance."""
        found = bytearray(self.sure)
        for what in self.open:
            for piece in sectors(what):
                if chance.random() < kept:
                    apply(found, piece)
        return bytes(found)


def apply(content: bytearray, what: tuple[Any, ...]) -> None:
    """A write, or a cutting off, is done to the content."""
    kind, _path, at, *data = what
    if kind == "cut":
        del content[at:]
        return
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at:at + len(data[0])] = data[0]


def sectors(what: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """A write in pieces, none over the edge of a sector."""
    kind, path, at, *data = what
    if kind == "cut":
        yield what
        return
    start, end = at, at + len(data[0])
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield kind, path, start, data[0][start - at:stop - at]
        start = stop


def recorded(builder: Builder, plan: Plan, **instead: Any) -> tuple[bytes, list[tuple[Any, ...]], str]:
    """The file before, and the log of an evening at the real ballot door: every write and sync, every answer."""
    chance = random.Random(2)   # noqa: S311  # a seed, so that a run can be had again
    with builder.sqlite() as path:
        with house_on(path) as house:
            codes = box.vote_day(house, slips=plan.votes, ideas=IDEAS)
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before, disk, held = Path(path).read_bytes(), Disk(), dict.fromkeys(codes, 0)
        with house_on_our_disk(Path(path), disk, **instead) as house:
            phone = house.visitor()
            for number in range(plan.votes):
                code = codes[chance.randrange(number + 1)] if chance.random() < 0.3 else codes[number]
                answer = box.cast(phone, code, *chance.sample(REFS, 2), expect=held[code])
                assert answer.status_code == 303, answer.text
                held[code] = int(answer.location.split("/")[-2])
                disk.log.append(("ok", held[code]))
        return before, disk.log, path


def _losses(folder: Path, acknowledged: int) -> int:
    """How many of the votes 1 … n that were answered "stored" are not there; a broken file raises."""
    with closing(sqlite3.connect(folder / "day.db")) as raw:
        ((said,),) = raw.execute("PRAGMA integrity_check").fetchall()
        assert said == "ok", said
        rows = raw.execute("SELECT seq, entry, digest FROM board_entry ORDER BY seq").fetchall()
        ((seq, head),) = raw.execute("SELECT seq, head FROM round").fetchall()
        ballots = dict(raw.execute("SELECT tag, seq FROM ballot").fetchall())
    found, last = "", {}
    for number, (place, entry, digest) in enumerate(rows):
        entry = json.loads(entry)   # noqa: PLW2901  # its text is of no use
        found = board.link(found, entry) if number else board.genesis(entry)
        assert (place, digest) == (number, found), (number, place)
        if entry["kind"] == "vote":
            last[entry["tag"]] = place
    assert (seq, head) == (len(rows) - 1, found), "the round's head is not the board's"
    assert last == ballots, "ballots that are not the last words on the board"
    return max(0, acknowledged - seq)


def cuts(before: bytes, log: list[tuple[Any, ...]], path: str, plan: Plan, folder: Path) -> Iterator[tuple[int, int]]:
    """Cut after cut, from the first vote to the end of the evening: (acknowledged, lost)."""
    chance = random.Random(3)   # noqa: S311  # as above
    told = [place + 1 for place, what in enumerate(log) if what[0] == "ok"]
    evening = list(pairwise(told))      # from each answer to the next one; no vote is likelier than another
    points = sorted(chance.randrange(*chance.choice(evening)) for _ in range(plan.cuts))
    files = {path: File(bytearray(before))}
    done = acknowledged = 0
    for point in points:
        for kind, *what in log[done:point]:
            if kind == "ok":
                acknowledged = what[0]
            elif kind == "sync":
                files[what[0]].synced()
            else:
                files.setdefault(what[0], File()).open.append((kind, *what))
        done, kept = point, chance.choice(KEPT)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, file in files.items():
            (folder / f"day.db{name.removeprefix(path)}").write_bytes(file.after_a_cut(kept, chance))
        yield acknowledged, _losses(folder, acknowledged)


def run(builder: Builder, plan: Plan, say: Tell) -> dict[str, Any]:
    """With the program's own pragmas nothing is lost; the control, with NORMAL, loses."""
    figures: dict[str, Any] = {"votes": plan.votes, "cuts": plan.cuts}
    for name, instead in (("FULL", {}), ("NORMAL", {"synchronous": 1})):
        before, log, path = recorded(builder, plan, **instead)
        lost: list[int] = []
        for _acknowledged, missing in cuts(before, log, path, plan, builder.folder / "cut"):
            lost.append(missing)
            if not len(lost) % 50 or len(lost) == plan.cuts:
                say(len(lost), plan.cuts, f"{name}: {sum(map(bool, lost))} cuts lose, {max(lost)} votes at most")
        figures |= {f"{name}: syncs": sum(what[0] == "sync" for what in log), f"{name}: worst loss": max(lost),
                    f"{name}: cuts that lose": sum(map(bool, lost)), f"{name}: corrupt": 0}
    assert figures["FULL: cuts that lose"] == 0, figures
    assert figures["NORMAL: cuts that lose"] >= 0.95 * plan.cuts, ("the cuts do not bite", figures)
    return figures
