"""Completions counted from the proceedings themselves, for any period of days.

What the summary table is held equal to, and what answers where a period is not one of months.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from cases.intake.codes import ASYLUM_APPLICATIONS
from cases.models import Application, Proceeding
from cases.statistics.kinds import Completion, completion, in_absentia


def completed(
    *,
    since: date | None = None,
    until: date | None = None,
    asylum_only: bool = False,
    priority: str | None = None,
) -> QuerySet[Proceeding]:
    """Return the proceedings completed from a day to a day, both inclusive."""
    found = Proceeding.objects.filter(completed_on__isnull=False)
    if since is not None:
        found = found.filter(completed_on__gte=since)
    if until is not None:
        found = found.filter(completed_on__lte=until)
    if priority is not None:
        found = found.filter(case__priority_code=priority)
    if asylum_only:
        asked = Application.objects.filter(case=OuterRef("case"), code__in=ASYLUM_APPLICATIONS)
        found = found.filter(Exists(asked))
    return found


def count(proceedings: QuerySet[Proceeding]) -> Counter[Completion]:
    """Count the orders that ended a case, by their kind."""
    groups = (
        proceedings.values_list("case_type", "decision_code", "other_completion", "absentia")
        .annotate(rows=Count("pk"))
        .order_by()
    )
    counted: Counter[Completion] = Counter()
    for case_type, decision_code, other_completion, absentia, rows in groups:
        kind = completion(case_type, decision_code, other_completion)
        if kind is not None:
            counted[in_absentia(kind, absentia)] += rows
    return counted
