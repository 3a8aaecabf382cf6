"""Completions counted from the orders themselves, for any period of days.

What the summary table is held equal to, and what answers where a period is not one of months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet

from cases.models import CompletingOrder
from cases.statistics.dimensions import COLUMN, By
from cases.statistics.kinds import IN_ABSENTIA, KINDS, Completion, completion, in_absentia

CODES = ("case_type", "decision_code", "other_completion", "order_kind")


def completed(
    *,
    since: date | None = None,
    until: date | None = None,
    asylum_only: bool = False,
    priority: str | None = None,
) -> QuerySet[CompletingOrder]:
    """Return the orders from a day to a day, both inclusive."""
    found = CompletingOrder.objects.all()
    if since is not None:
        found = found.filter(ordered_on__gte=since)
    if until is not None:
        found = found.filter(ordered_on__lte=until)
    if priority is not None:
        found = found.filter(priority=priority)
    if asylum_only:
        found = found.filter(asylum="yes")
    return found


def count(orders: QuerySet[CompletingOrder]) -> Counter[Completion]:
    """Count the orders that ended a case, by their kind."""
    groups = orders.values_list(*CODES, "absentia").annotate(rows=Count("pk")).order_by()
    counted: Counter[Completion] = Counter()
    for *codes, absentia, rows in groups:
        kind = completion(*codes)
        if kind is not None:
            counted[in_absentia(kind, absentia)] += rows
    return counted


def narrowed(
    orders: QuerySet[CompletingOrder], by: By, group: str, *, kinds: Collection[str] = KINDS
) -> QuerySet[CompletingOrder]:
    """Return those of a group and of these kinds: the orders behind a figure.

    The fiscal year as a whole has no groups; a form of discretion is a kind.
    """
    of_kinds = orders.filter(_of_kinds(orders, kinds))
    if by is By.MONTH:
        return of_kinds.filter(ordered_on__month=int(group))
    if by is By.OFFICE:
        return of_kinds.filter(office=group)
    return of_kinds.filter(**{COLUMN[by]: group}) if by in COLUMN else of_kinds


def _of_kinds(orders: QuerySet[CompletingOrder], kinds: Collection[str]) -> Q:
    """Return the condition on the codes, from those that are on record."""
    found = Q(pk__in=())
    for codes in orders.values_list(*CODES).distinct().order_by():
        kind = completion(*codes)
        if kind is None:
            continue
        these = Q(**dict(zip(CODES, codes, strict=True)))
        if in_absentia(kind, IN_ABSENTIA) is kind:
            found |= these if kind in kinds else Q()
            continue
        if kind in kinds:
            found |= these & ~Q(absentia=IN_ABSENTIA)
        if in_absentia(kind, IN_ABSENTIA) in kinds:
            found |= these & Q(absentia=IN_ABSENTIA)
    return found
