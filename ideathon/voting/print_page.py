"""A page of print: words measured and broken before they are drawn, square codes, lines to cut along."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno

from ideathon.config import house

if TYPE_CHECKING:
    from fpdf import FPDF

WIDE, HIGH, MARGIN = 210.0, 297.0, 8.0          # an A4 in millimetres, and what no printer prints
POINT = 25.4 / 72
LEADING = 1.22
MASK = 3                                        # any serves a code of chance; trying all eight takes most of the time
CUT = 170                                       # the grey of the lines to cut along


@dataclass(frozen=True, slots=True)
class Size:
    """How many slips stand on a page, and how large their words are, in points."""

    across: int
    down: int
    title: float
    text: float
    option: float
    small: float
    pad: float

    @property
    def each(self) -> int:
        """How many on a page."""
        return self.across * self.down

    @property
    def margin(self) -> float:
        """Round all of them."""
        return MARGIN

    @property
    def wide(self) -> float:
        """Of one slip."""
        return (WIDE - 2 * MARGIN) / self.across

    @property
    def high(self) -> float:
        """Of one slip."""
        return (HIGH - 2 * MARGIN) / self.down


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one size; ``box``: the first line has a box to mark before it; ``most`` lines at most, 0 for any."""

    text: str
    size: float
    bold: bool = False
    box: bool = False
    most: int = 0
    after: float = 0.6


class Page:
    """A PDF being made. Letters that the font lacks are printed as a question mark, never as an empty box."""

    def __init__(self) -> None:
        from fpdf import FPDF  # noqa: PLC0415  # it takes a second to load, and most days nobody prints

        self.pdf: FPDF = FPDF(format="A4", unit="mm")
        self.pdf.set_auto_page_break(False)
        for style, name in (("", "regular"), ("B", "bold")):
            self.pdf.add_font("house", style, house("static") / f"vendor/atkinson-hyperlegible-next-{name}.ttf")
        self.known = frozenset(self.pdf.fonts["house"].cmap)  # type: ignore[attr-defined]  # the file's own table
        self._broken: dict[tuple[Run, float], list[str]] = {}       # most words are the same on every slip

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_error: object) -> None:
        """The font's files are not held open."""
        for font in self.pdf.fonts.values():
            font.ttfont.close()  # type: ignore[attr-defined]  # both are fonts from files

    def plain(self, text: str) -> str:
        """The text in letters that there are."""
        return "".join(letter if ord(letter) in self.known else "?" for letter in text)

    def width(self, text: str, size: float, bold: bool) -> float:
        """How wide it is, in millimetres."""
        self.pdf.set_font("house", "B" if bold else "", size)
        return float(self.pdf.get_string_width(text))

    def lines(self, run: Run, wide: float) -> list[str]:
        """The words broken to the width; a word that is longer than a line is broken too."""
        if (run, wide) not in self._broken:
            self._broken[run, wide] = self._cut(self._break(run, wide), run, wide)
        return self._broken[run, wide]

    def _break(self, run: Run, wide: float) -> list[str]:
        found: list[str] = []
        line = ""
        for word in self._parts(run, wide):
            longer = f"{line} {word}".strip()
            if line and self.width(longer, run.size, run.bold) > wide:
                found.append(line)
                line = word
            else:
                line = longer
        return [*found, line]

    def _parts(self, run: Run, wide: float) -> Iterator[str]:
        for word in self.plain(run.text).split():
            if self.width(word, run.size, run.bold) <= wide:
                yield word
                continue
            part = ""
            for letter in word:
                if part and self.width(part + letter, run.size, run.bold) > wide:
                    yield part
                    part = ""
                part += letter
            yield part

    def _cut(self, found: list[str], run: Run, wide: float) -> list[str]:
        if not run.most or len(found) <= run.most:
            return found
        last = found[run.most - 1]
        while last and self.width(f"{last}…", run.size, run.bold) > wide:
            last = last[:-1]
        return [*found[:run.most - 1], f"{last}…"]

    def height(self, runs: Sequence[Run], wide: float) -> float:
        """How high the words stand under each other."""
        return sum(len(self.lines(run, wide - indent(run))) * line_of(run) + run.after for run in runs)

    def write(self, runs: Sequence[Run], x: float, y: float, wide: float) -> float:
        """The words under each other; gives where they end."""
        for run in runs:
            if run.box:
                side = 0.78 * run.size * POINT
                self.pdf.set_line_width(0.25)
                self.pdf.set_draw_color(0)
                self.pdf.rect(x, y + (line_of(run) - side) / 2, side, side)
            for line in self.lines(run, wide - indent(run)):
                self.pdf.set_font("house", "B" if run.bold else "", run.size)
                self.pdf.text(x + indent(run), y + 0.78 * line_of(run), line)
                y += line_of(run)
            y += run.after
        return y

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """The square code, as dark bars, so that it prints sharp at any size."""
        made = segno.make(text, error="m", micro=False, mask=MASK)
        rows = [bytes(row) for row in made.matrix]
        unit = side / len(rows)
        self.pdf.set_fill_color(0)
        for down, row in enumerate(rows):
            for begin, end in bars(row):
                self.pdf.rect(x + begin * unit, y + down * unit, (end - begin) * unit, unit, style="F")
        time.sleep(0)           # others first: a stack of slips takes seconds

    def cuts(self, size: Size) -> None:
        """Dashed lines round every slip."""
        self.pdf.set_draw_color(CUT)
        self.pdf.set_line_width(0.2)
        self.pdf.set_dash_pattern(dash=1.2, gap=1.2)
        for at in range(size.across + 1):
            x = MARGIN + at * size.wide
            self.pdf.line(x, MARGIN, x, HIGH - MARGIN)
        for at in range(size.down + 1):
            y = MARGIN + at * size.high
            self.pdf.line(MARGIN, y, WIDE - MARGIN, y)
        self.pdf.set_dash_pattern()


def line_of(run: Run) -> float:
    """The height of one line."""
    return run.size * POINT * LEADING


def indent(run: Run) -> float:
    """Where the words begin, beside their box."""
    return 1.25 * run.size * POINT if run.box else 0.0


def bars(row: bytes) -> Iterator[tuple[int, int]]:
    """Where the dark runs of a row begin and end."""
    begin = None
    for at, dark in enumerate(row + b"\0"):
        if dark and begin is None:
            begin = at
        elif not dark and begin is not None:
            yield begin, at
            begin = None
