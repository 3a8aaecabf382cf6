"""Completions by federal fiscal year, from the decisions of the courts' data and our own record.

Counted are orders that end a case: a case reopened and decided again counts again, as in EOIR's own
completions, initial and subsequent. Administrative closure, dismissal, termination, the forms of
prosecutorial discretion and the merits are separate legal acts and separate columns. A change of
venue or a transfer completes nothing.

    kinds        the columns                     summary    the table they are counted into
    dimensions   what they are counted by        release    what of it may be published
    plain        the same from the orders        tables     shares, changes, running totals
    published    what others published           comparison the same beside ours
    export       the tables as CSV and XLSX

An order that the office recorded itself counts from that day, and once: where the courts' data has
a completion of the case within seven days of it, that is the completion. By record the tables tell
which is which. Both are read from one view, `CompletingOrder`.
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
