"""Cells of a CSV file that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FORMULA = frozenset({"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"})


def guarded(cell: str) -> str:
    """The cell, with a mark before it when a spreadsheet would calculate it."""
    return f"'{cell}" if cell[:1] in FORMULA else cell


def sheet(rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV with a byte-order mark, so that spreadsheets read Latvian; every cell guarded."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()
