"""Outcomes by federal fiscal year, from the decisions that the courts recorded.

Administrative closure, dismissal, termination and the forms of prosecutorial discretion are
separate legal acts and separate columns. A change of venue or a transfer completes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import ExtractMonth, ExtractYear

from cases.intake.codes import ASYLUM_APPLICATIONS, DecisionMeaning, decision, ends_the_case
from cases.models import Application, Proceeding

Meaning = DecisionMeaning
COLUMNS: dict[str, frozenset[DecisionMeaning]] = {
    "administrative_closure": frozenset({Meaning.ADMIN_CLOSED, Meaning.ADMIN_CLOSED_NO_SHOW}),
    "pd_administrative_closure": frozenset({Meaning.PD_ADMIN_CLOSED}),
    "in_court_pd_closure": frozenset({Meaning.IN_COURT_PD_ADMIN_CLOSED}),
    "pd_termination": frozenset({Meaning.PD_TERMINATED}),
    "dismissed": frozenset({Meaning.DISMISSED}),
    "terminated": frozenset({Meaning.TERMINATED}),
}


@dataclass(slots=True)
class Year:
    """One fiscal year; `change` is of all closures on the year before, None for the first."""

    fiscal_year: int
    completions: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))
    change: int | None = None
    change_percent: float | None = None

    @property
    def closures(self) -> int:
        return sum(self.counts.values())

    @property
    def share_percent(self) -> float:
        return 100 * self.closures / self.completions if self.completions else 0.0


def fiscal_year(day: date) -> int:
    """Return the federal fiscal year: October to September, named for its end."""
    return day.year + (day.month >= 10)


def closures_by_fiscal_year(*, asylum_only: bool = False) -> list[Year]:
    """Return each fiscal year in which a proceeding was completed, from the first to the last."""
    proceedings = Proceeding.objects.filter(completed_on__isnull=False)
    if asylum_only:
        asked = Application.objects.filter(case=OuterRef("case"), code__in=ASYLUM_APPLICATIONS)
        proceedings = proceedings.filter(Exists(asked))
    years: dict[int, Year] = {}
    groups = (
        proceedings.values(
            "case_type",
            "decision_code",
            "other_completion",
            year=ExtractYear("completed_on"),
            month=ExtractMonth("completed_on"),
        )
        .annotate(rows=Count("pk"))
        .order_by()
    )
    totals: dict[tuple[int, DecisionMeaning], int] = defaultdict(int)
    for group in groups:
        ordered = decision(group["case_type"], group["decision_code"], group["other_completion"])
        if ordered is not None and ends_the_case(ordered):
            totals[fiscal_year(date(group["year"], group["month"], 1)), ordered] += group["rows"]
    for (number, ordered), rows in totals.items():
        year = years.setdefault(number, Year(number))
        year.completions += rows
        for name, meanings in COLUMNS.items():
            if ordered in meanings:
                year.counts[name] += rows
    in_order = [years[number] for number in sorted(years)]
    for earlier, year in pairwise(in_order):
        if earlier.fiscal_year == year.fiscal_year - 1:
            year.change = year.closures - earlier.closures
            if earlier.closures:
                year.change_percent = 100 * year.change / earlier.closures
    return in_order
