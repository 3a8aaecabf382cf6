"""Facts from model objects, as one would write it without the set-based query."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from cases.models import Case
from screening.facts import (
    PROHIBITED_SOURCES,
    QUESTIONS,
    USABLE_RESULTS,
    CaseFacts,
    Check,
    CheckKind,
    CheckResult,
    Circumstance,
    Custody,
    Disposition,
    Entry,
    Form,
    Indicator,
    IndicatorCategory,
    OffenceFamily,
    Record,
    Resolution,
    Severity,
    SourceRelation,
    Vacatur,
)


def facts_from_objects(
    case: Case, grouped: dict[str, dict[int, list[Any]]], orders: dict[int, date], as_of: date
) -> CaseFacts:
    """Return the facts of a case from its objects."""
    person = case.respondent
    records = tuple(
        Record(
            id=row.pk,
            family=OffenceFamily(row.family),
            severity=Severity(row.severity),
            disposition=Disposition(row.disposition) if row.disposition else None,
            disposed_on=row.disposed_on,
            sentence_days=row.sentence_days,
            vacated=Vacatur(row.vacated) if row.vacated else None,
            weapon=row.weapon,
            arrested_on=row.arrested_on,
            maximum_days=row.maximum_days,
            age_at_offence=row.age_at_offence,
            foreign=row.place != "" and not row.place.startswith("US"),
            ncic=row.ncic,
            loss_dollars=row.loss_dollars,
            victim_minor=row.victim_minor,
            relation=SourceRelation(row.source_relation),
        )
        for row in grouped["r"].get(person.pk, [])
    )
    indicators = tuple(
        Indicator(
            id=row.pk,
            category=IndicatorCategory(row.category),
            resolution=Resolution(row.resolution),
            relation=SourceRelation(row.source_relation),
        )
        for row in grouped["t"].get(person.pk, [])
    )
    set_aside = (
        tuple(x for x in (*records, *indicators) if x.relation in PROHIBITED_SOURCES)
        if person.protected_1367
        else ()
    )
    circumstances: dict[Circumstance, bool] = {}
    for row in grouped["p"].get(person.pk, []):
        if row.completed_on <= as_of:
            circumstances |= {asked: asked in row.present for asked in QUESTIONS[Form(row.form)]}
    checks: dict[CheckKind, Check] = {}
    for row in grouped["b"].get(person.pk, []):
        if row.completed_on and row.completed_on <= as_of and row.result in USABLE_RESULTS:
            check = Check(
                kind=CheckKind(row.kind),
                completed_on=row.completed_on,
                result=CheckResult(row.result),
                expires_on=row.expires_on,
            )
            known = checks.get(check.kind)
            if known is None or check.completed_on > known.completed_on:
                checks[check.kind] = check
    born = person.birth_date
    born_by = born
    if born and person.birth_precision == "month":
        born_by = born.replace(day=monthrange(born.year, born.month)[1])
    elif born and person.birth_precision == "year":
        born_by = date(born.year, 12, 31)
    return CaseFacts(
        as_of=as_of,
        court_status=case.status,
        case_type=case.case_type or None,
        asylum_filed_on=case.asylum_filed_on,
        entered_on=case.entry_on,
        manner_of_entry=Entry(case.entry_manner) if case.entry_manner else None,
        custody=Custody(case.custody) if case.custody in {"D", "R", "N"} else None,
        individual_hearings_on=None
        if case.individual_hearings_on is None
        else tuple(case.individual_hearings_on),
        represented=case.represented,
        family_unreviewed=case.family_links,
        prior_orders_known=person.a_number is not None,
        prior_removal_order_on=orders.get(person.pk),
        born_from=born,
        born_by=born_by,
        protected_1367=person.protected_1367,
        applications=None
        if case.other_applications is None
        else frozenset(case.other_applications),
        circuit=(case.court.circuit or None) if case.court else None,
        circumstances=circumstances,
        records=tuple(r for r in records if r not in set_aside),
        indicators=tuple(i for i in indicators if i not in set_aside),
        set_aside=set_aside,
        checks=checks,
    )
