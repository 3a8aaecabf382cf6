"""Completions counted from the proceedings themselves, for any period of days.

What the summary table is held equal to, and what answers where a period is not one of months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.intake.codes import ASYLUM_APPLICATIONS
from cases.models import Application, Court, Proceeding
from cases.statistics.dimensions import By
from cases.statistics.kinds import IN_ABSENTIA, KINDS, Completion, completion, in_absentia


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


def narrowed(
    proceedings: QuerySet[Proceeding], by: By, group: str, *, kinds: Collection[str] = KINDS
) -> QuerySet[Proceeding]:
    """Return those of a group and of these kinds: the proceedings behind a figure."""
    of_kinds = proceedings.filter(_of_kinds(proceedings, kinds))
    if by is By.MONTH:
        return of_kinds.filter(completed_on__month=int(group))
    if by is By.ASYLUM:
        asked = Application.objects.filter(case=OuterRef("case"), code__in=ASYLUM_APPLICATIONS)
        return of_kinds.filter(Exists(asked) if group == "yes" else ~Exists(asked))
    return of_kinds.filter(_of_group(by, group))


def _of_group(by: By, group: str) -> Q:
    if by is By.COURT:
        known = Court.objects.values("code")
        return Q(base_city=group) if group else ~Q(base_city__in=known)
    if by is By.OFFICE:
        with_office = Court.objects.exclude(office=None)
        if not group:
            return ~Q(base_city__in=with_office.values("code"))
        return Q(base_city__in=with_office.filter(office__code=group).values("code"))
    if by is By.CUSTODY:
        return (~Q(custody="") & Q(custody=group)) | Q(custody="", case__custody=group)
    if by is By.REPRESENTATION:
        return Q(case__represented={"yes": True, "no": False}.get(group))
    if by is By.NATIONALITY:
        column = "case__respondent__nationality"
        return Q(**{column: group}) if group else Q(**{column: None}) | Q(**{column: ""})
    if by is By.CASE_TYPE:
        return Q(case_type=group)
    if by is By.PRIORITY:
        return Q(case__priority_code=group)
    return Q()  # the fiscal year as a whole; a form of discretion is a kind


def _of_kinds(proceedings: QuerySet[Proceeding], kinds: Collection[str]) -> Q:
    """Return the condition on the codes, from those that are on record."""
    columns = ("case_type", "decision_code", "other_completion")
    found = Q(pk__in=())
    for codes in proceedings.values_list(*columns).distinct().order_by():
        kind = completion(*codes)
        if kind is None:
            continue
        these = Q(**dict(zip(columns, codes, strict=True)))
        if in_absentia(kind, IN_ABSENTIA) is kind:
            found |= these if kind in kinds else Q()
            continue
        if kind in kinds:
            found |= these & ~Q(absentia=IN_ABSENTIA)
        if in_absentia(kind, IN_ABSENTIA) in kinds:
            found |= these & Q(absentia=IN_ABSENTIA)
    return found
