"""Completions by federal fiscal year, from the decisions that the courts recorded.

Counted are orders that end a case: a case reopened and decided again counts again, as in EOIR's own
completions, initial and subsequent. Administrative closure, dismissal, termination, the forms of
prosecutorial discretion and the merits are separate legal acts and separate columns. A change of
venue or a transfer completes nothing.

    kinds        the columns                     summary    the table they are counted into
    dimensions   what they are counted by        release    what of it may be published
    plain        the same from the proceedings   tables     shares, changes, running totals
    published    what others published           comparison the same beside ours
    export       the tables as CSV and XLSX

Only what the courts recorded is here. What becomes of the office's own reviews and motions is to
stand beside it as a module of its own, with `tables.Line` to read it by.
"""

from __future__ import annotations

from cases.statistics import tables
from cases.statistics.dimensions import By
from cases.statistics.fiscal import fiscal_year
from cases.statistics.tables import Line

__all__ = ["closures_by_fiscal_year", "fiscal_year"]


def closures_by_fiscal_year(*, asylum_only: bool = False) -> list[Line]:
    """Return each fiscal year in which a case was completed, from the first to the last; exact."""
    return tables.counted(By.FISCAL_YEAR, asylum_only=asylum_only)
