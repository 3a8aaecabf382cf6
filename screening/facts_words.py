"""The facts of a case in words: what each criterion read, and found. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from screening.criteria.words import in_words
from screening.facts import CaseFacts, Check, CheckKind, Circumstance, Indicator, Record

NOT_ON_RECORD = "not on record"
LABELS = {
    "court_status": "status in court",
    "case_type": "case type",
    "asylum_filed_on": "I-589 received",
    "entered_on": "date of entry",
    "manner_of_entry": "manner of entry",
    "custody": "custody status",
    "individual_hearings_on": "individual hearings to come",
    "represented": "counsel on record",
    "family_unreviewed": "linked family cases not reviewed",
    "prior_removal_order_on": "earliest removal order",
    "prior_orders_known": "A-number to find earlier cases by",
    "born_from": "born on or after",
    "born_by": "born on or before",
    "protected_1367": "protected by 8 U.S.C. 1367",
    "applications": "applications on file besides asylum",
    "circuit": "federal circuit of the court",
    "circumstances": "circumstances asked about",
    "records": "charges on record",
    "indicators": "possible threats on record",
    "set_aside": "items from a prohibited source set aside",
    **{f"checks.{kind}": f"{kind.replace('-', ' ')} check" for kind in CheckKind},
}


@dataclass(frozen=True, slots=True)
class FactRead:
    """One fact that a criterion read, as it stood in the determination."""

    fact: str
    label: str
    value: str


def facts_read(facts: CaseFacts, reads: Collection[str]) -> list[FactRead]:
    """Return the facts of these attributes in words, in the order of the labels."""
    places = {name: place for place, name in enumerate(LABELS)}
    return [
        FactRead(name, label_of(name), _value(facts, name))
        for name in sorted(reads, key=lambda name: (places.get(name, len(places)), name))
    ]


def label_of(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").replace(".", " "))


def _value(facts: CaseFacts, name: str) -> str:
    if name.startswith("checks."):
        check = facts.checks.get(CheckKind(name.removeprefix("checks.")))
        return NOT_ON_RECORD if check is None else _said(check)
    value = getattr(facts, name)
    if value is None:
        return NOT_ON_RECORD
    if isinstance(value, Mapping):
        return _circumstances(value)
    if isinstance(value, tuple):
        return "; ".join(map(_said, value)) or "none"
    return _said(value)


def _circumstances(asked: Mapping[Circumstance, bool]) -> str:
    """Return what was found, then what was asked about and not found; nothing else is known."""
    if not asked:
        return NOT_ON_RECORD
    found, absent = (
        ", ".join(sorted(in_words(c) for c in asked if asked[c] is present)) or "none"
        for present in (True, False)
    )
    return f"found: {found}; asked about and not found: {absent}"


@singledispatch
def _said(value: Any) -> str:
    return in_words(value)


@_said.register
def _(record: Record) -> str:
    # Without the age at the offence, which with its date tells a birth year.
    end = "no disposition" if record.disposition is None else in_words(record.disposition)
    parts = [in_words(record.family), f"severity {in_words(record.severity)}", end]
    if record.disposed_on is not None:
        parts.append(in_words(record.disposed_on))
    if record.sentence_days is not None:
        parts.append(f"sentence {record.sentence_days:,} days")
    if record.vacated is not None:
        parts.append(f"vacated ({in_words(record.vacated)})")
    return ", ".join(parts)


@_said.register
def _(indicator: Indicator) -> str:
    return f"{in_words(indicator.category)}, {in_words(indicator.resolution)}"


@_said.register
def _(check: Check) -> str:
    until = f", expires {in_words(check.expires_on)}" if check.expires_on else ""
    return f"completed {in_words(check.completed_on)}, {in_words(check.result)}{until}"
