"""Sheets to print as PDF: slips with their ballot on the back, and letters with one-time links. Made in memory only.

Everything is measured before it is drawn: as many slips stand on an A4 as have room for the whole ballot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ideathon.errors import Refused

from .print_page import Page, Run, Size

SIZES = (Size(3, 8, 8, 6.2, 7, 6, 2), Size(2, 6, 10, 8, 9, 7, 3.5), Size(2, 3, 13, 10.5, 11, 8.5, 5),
         Size(2, 2, 15, 12, 12, 9.5, 6), Size(1, 2, 15, 12, 12, 9.5, 8), Size(1, 1, 15, 12, 12, 9.5, 8))
LARGE = (Size(2, 2, 20, 14, 18, 14, 5), Size(1, 2, 20, 14, 18, 14, 5), Size(1, 1, 20, 14, 18, 14, 8))
CARD = Size(2, 2, 15, 12, 12, 9.5, 8)
LEAST = 0.8             # so much smaller the words beside the QR may be
LONGEST_CLASS = 30      # letters of the name of a class


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on every slip, in the reader's language; ``options`` is empty while there are no ideas."""

    title: str
    phrase: str
    address: str
    scan: str
    how: str = ""
    options: tuple[str, ...] = ()
    honest: tuple[str, ...] = ()
    klass: str = ""


@dataclass(frozen=True, slots=True)
class One:
    """One slip or letter: what its QR says, the code to type, and whom it is for."""

    qr: str
    groups: tuple[str, ...]
    to: tuple[str, ...] = ()


def front(words: Words, one: One, size: Size, scale: float = 1.0) -> list[Run]:
    """What stands beside the QR."""
    title, text = size.title * scale, size.text * scale
    to = [Run(line, size.text, bold=True, most=2) for line in one.to]
    klass = [Run(words.klass, text, most=2)] if words.klass else []
    return [*to, Run(words.title, title, bold=True, most=2), Run(words.scan, text), Run(words.address, text),
            Run(" ".join(one.groups), title, bold=True), *klass, Run(words.phrase, title, bold=True)]


def back(words: Words, size: Size) -> tuple[list[Run], list[Run]]:
    """The ballot of a slip, and what stands at its foot."""
    ideas = [Run(option, size.option, box=True) for option in words.options]
    how = [Run(words.how, min(size.option, size.title - 1), bold=True, after=0.8)] if ideas else []
    return how + ideas, [Run(line, size.small, after=0.2) for line in words.honest]


def _room(size: Size) -> tuple[float, float]:
    return size.wide - 2 * size.pad, size.high - 2 * size.pad


def _beside(size: Size) -> bool:
    return size.wide > 1.3 * size.high


def _square(size: Size) -> float:
    wide, high = _room(size)
    return min(high, 0.4 * wide) if _beside(size) else min(wide, 0.42 * high)


def _front_room(size: Size) -> tuple[float, float]:
    wide, high = _room(size)
    return (wide - _square(size) - _gap(size), high) if _beside(size) else (wide, high - _square(size) - _gap(size))


def _gap(size: Size) -> float:
    """White beside the square code: a camera needs four of its points."""
    return 0.12 * _square(size)


def _scale(page: Page, words: Words, one: One, size: Size, least: float) -> float | None:
    """How much smaller the front's words must be to fit; None when they do not."""
    wide, high = _front_room(size)
    return next((scale for scale in (1.0, 0.93, 0.86, 0.8) if scale >= least
                 and page.height(front(words, one, size, scale), wide) <= high), None)


def fitting(words: Words, *, large: bool = False) -> Size:
    """The most slips on an A4 that have room for all of this.

    Raises:
        Refused: "ballot_too_long" when a whole page has not.
    """
    return _fitting(replace(words, klass=""), large)


@lru_cache(maxsize=64)
def _fitting(words: Words, large: bool) -> Size:
    sample, least = One("", ("8888", "8888", "8888")), 1.0 if large else LEAST
    with Page() as page:
        for size in LARGE if large else SIZES:
            wide, high = _room(size)
            ballot, foot = back(words, size)
            need = page.height(ballot, wide) + page.height(foot, wide) + 1.0
            if need <= high and _scale(page, replace(words, klass="8" * LONGEST_CLASS), sample, size, least):
                return size
    raise Refused("ballot_too_long")


def slips(words: Words, every: Sequence[One], *, large: bool = False) -> bytes:
    """The slips, and on every second page their ballots, so that both sides meet when the sheet turns on its long edge.

    Raises:
        Refused: as `fitting`.
    """
    size = fitting(words, large=large)
    with Page() as page:
        _about(page, words)
        for first in range(0, len(every), size.each):
            part = every[first:first + size.each]
            _fronts(page, words, part, size)
            page.pdf.add_page()
            for at in range(len(part)):
                _put_back(page, words, size, _corner(size, size.across - 1 - at % size.across, at // size.across))
        return bytes(page.pdf.output())


def letters(words: Words, every: Sequence[One]) -> bytes:
    """Cards with one-time links, four on an A4, each to be cut out and put in an envelope."""
    with Page() as page:
        _about(page, words)
        for first in range(0, len(every), CARD.each):
            _fronts(page, words, every[first:first + CARD.each], CARD)
        return bytes(page.pdf.output())


def _fronts(page: Page, words: Words, part: Sequence[One], size: Size) -> None:
    page.pdf.add_page()
    page.cuts(size)
    for at, one in enumerate(part):
        _put_front(page, words, one, size, _corner(size, at % size.across, at // size.across))


def _about(page: Page, words: Words) -> None:
    page.pdf.set_title(words.title)
    page.pdf.set_producer("Ideathon")


def _corner(size: Size, column: int, row: int) -> tuple[float, float]:
    return size.margin + column * size.wide, size.margin + row * size.high


def _put_front(page: Page, words: Words, one: One, size: Size, corner: tuple[float, float]) -> None:
    (x, y), (wide, high) = corner, _front_room(size)
    side = _square(size)
    runs = front(words, one, size, _scale(page, words, one, size, LEAST) or LEAST)
    if _beside(size):
        page.qr(one.qr, x + size.pad, y + (size.high - side) / 2, side)
        page.write(runs, x + size.pad + side + _gap(size), y + size.pad + (high - page.height(runs, wide)) / 2, wide)
    else:
        page.qr(one.qr, x + (size.wide - side) / 2, y + size.pad, side)
        page.write(runs, x + size.pad, y + size.pad + side + _gap(size), wide)


def _put_back(page: Page, words: Words, size: Size, corner: tuple[float, float]) -> None:
    (x, y), (wide, _high) = corner, _room(size)
    ballot, foot = back(words, size)
    page.write(ballot, x + size.pad, y + size.pad, wide)
    page.write(foot, x + size.pad, y + size.high - size.pad - page.height(foot, wide), wide)
