"""Tables as CSV that a spreadsheet opens as text and numbers, never as formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

Cell = str | int | float

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet would compute, or hides such a beginning."""


def as_text(cell: Cell) -> Cell:
    """Return the cell, marked as text with an apostrophe where it would be a formula."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULAS):
        return f"'{cell}"
    return cell


def csv_text(head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> str:
    """Return the table as CSV (RFC 4180)."""
    written = StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return written.getvalue()
