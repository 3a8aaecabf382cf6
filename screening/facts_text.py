"""The facts of a case as one line of text: how they leave the database, and how they are kept.

The query in `gather.py` makes the line, `decode` turns it into a value, and the determination keeps
it as it was, so that it can be made again from what it was made from. Fields are parted by `|`, the
items of a list by `;`, the parts of an item by `,`; an empty field is: not on record.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TypeVar

from screening.facts import (
    PROHIBITED_SOURCES,
    CaseFacts,
    Check,
    CheckKind,
    CheckResult,
    Custody,
    Disposition,
    Entry,
    Indicator,
    IndicatorCategory,
    OffenceFamily,
    Record,
    Resolution,
    Severity,
    SourceRelation,
    Vacatur,
)

T = TypeVar("T")

FIELDS = (
    "court_status",
    "case_type",
    "asylum_filed_on",
    "entered_on",
    "manner_of_entry",
    "custody",
    "individual_hearings_on",
    "represented",
    "family_unreviewed",
    "prior_orders_known",
    "prior_removal_order_on",
    "born_from",
    "birth_precision",
    "protected_1367",
    "records",
    "indicators",
    "checks",
)

# The same few thousand days and codes come again and again; building them once is half the time.
_day = lru_cache(maxsize=100_000)(date.fromisoformat)
_CUSTODY = {c.value: c for c in Custody}
_ENTRY = {e.value: e for e in Entry}
_FLAG = {"t": True, "f": False, "": None}
_CHECK_KIND = {k.value: k for k in CheckKind}
_CHECK_RESULT = {r.value: r for r in CheckResult}


@lru_cache(maxsize=100_000)
def _days(text: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(d) for d in text[1:-1].split(",") if d)


@lru_cache(maxsize=100_000)
def _latest_birth(born_from: str, precision: str) -> date:
    """Return the last day the birth can have been."""
    first = date.fromisoformat(born_from)
    if precision == "day":
        return first
    if precision == "month":
        return first.replace(day=monthrange(first.year, first.month)[1])
    return date(first.year, 12, 31)


def _some(turn: Callable[[str], T], text: str) -> T | None:
    return turn(text) if text else None


def decode(line: str, as_of: date) -> CaseFacts:
    """Return the facts that a line states, as of the day it was gathered for."""
    (
        court_status,
        case_type,
        asylum_filed_on,
        entered_on,
        manner_of_entry,
        custody,
        hearings,
        represented,
        family_unreviewed,
        prior_orders_known,
        prior_removal_order_on,
        born_from,
        birth_precision,
        protected,
        record_items,
        indicator_items,
        check_items,
    ) = line.split("|")
    records: tuple[Record, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    set_aside: tuple[Record | Indicator, ...] = ()
    if record_items:
        records = tuple(map(_record, record_items.split(";")))
    if indicator_items:
        indicators = tuple(map(_indicator, indicator_items.split(";")))
    if protected == "t" and (records or indicators):
        derogatory: tuple[Record | Indicator, ...] = (*records, *indicators)
        set_aside = tuple(i for i in derogatory if i.relation in PROHIBITED_SOURCES)
        records = tuple(r for r in records if r.relation not in PROHIBITED_SOURCES)
        indicators = tuple(i for i in indicators if i.relation not in PROHIBITED_SOURCES)
    return CaseFacts(
        as_of=as_of,
        court_status=court_status or None,
        case_type=case_type or None,
        asylum_filed_on=_day(asylum_filed_on) if asylum_filed_on else None,
        entered_on=_day(entered_on) if entered_on else None,
        manner_of_entry=_ENTRY.get(manner_of_entry),
        custody=_CUSTODY.get(custody),
        individual_hearings_on=_days(hearings) if hearings else None,
        represented=_FLAG[represented],
        family_unreviewed=int(family_unreviewed) if family_unreviewed else None,
        prior_orders_known=prior_orders_known == "t",
        prior_removal_order_on=_day(prior_removal_order_on) if prior_removal_order_on else None,
        born_from=_day(born_from) if born_from else None,
        born_by=_latest_birth(born_from, birth_precision) if born_from else None,
        protected_1367=_FLAG[protected],
        records=records,
        indicators=indicators,
        set_aside=set_aside,
        checks=_checks(check_items) if check_items else {},
    )


def _record(item: str) -> Record:
    (
        key,
        family,
        severity,
        disposition,
        arrested_on,
        disposed_on,
        sentence_days,
        maximum_days,
        vacated,
        weapon,
        age_at_offence,
        foreign,
        relation,
    ) = item.split(",")
    return Record(
        id=int(key),
        family=OffenceFamily(family),
        severity=Severity(severity),
        disposition=_some(Disposition, disposition),
        arrested_on=_some(_day, arrested_on),
        disposed_on=_some(_day, disposed_on),
        sentence_days=_some(int, sentence_days),
        maximum_days=_some(int, maximum_days),
        vacated=_some(Vacatur, vacated),
        weapon=_FLAG[weapon],
        age_at_offence=_some(int, age_at_offence),
        foreign=foreign == "t",
        relation=SourceRelation(relation),
    )


def _indicator(item: str) -> Indicator:
    key, category, resolution, noted_on, relation = item.split(",")
    return Indicator(
        id=int(key),
        category=IndicatorCategory(category),
        resolution=Resolution(resolution),
        noted_on=_some(_day, noted_on),
        relation=SourceRelation(relation),
    )


def _checks(items: str) -> dict[CheckKind, Check]:
    """Return the latest usable check of each kind; of two on one day the one recorded later."""
    latest: dict[CheckKind, Check] = {}
    for item in items.split(";"):
        key, kind_text, completed_on, result, expires_on = item.split(",")
        kind = _CHECK_KIND[kind_text]
        check = Check(
            id=int(key),
            kind=kind,
            completed_on=_day(completed_on),
            result=_CHECK_RESULT[result],
            expires_on=_day(expires_on) if expires_on else None,
        )
        earlier = latest.get(kind)
        if earlier is None or (check.completed_on, check.id) > (earlier.completed_on, earlier.id):
            latest[kind] = check
    return latest
