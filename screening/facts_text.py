"""The facts of a case as one line of text: how they leave the database, and how they are kept.

The query in `gather.py` makes the line, `decode` turns it into a value, and the determination keeps
it as it was, so that it can be made again from what it was made from. Fields are parted by `|`, the
items of a list by `;`, the parts of an item by `,`; an empty field is: not on record. Items stand
in the order in which they were recorded.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from screening.facts import (
    PROHIBITED_SOURCES,
    QUESTIONS,
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

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

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
    "applications",
    "circuit",
    "records",
    "indicators",
    "forms",
    "checks",
)

PLACES = {
    name: place
    for place, name in enumerate((*FIELDS[:-1], *(f"checks.{kind}" for kind in CheckKind)))
}
"""Where a text stands that `split` returns; in place of all checks, the latest of each kind."""
_FORMS = PLACES["forms"]
_CHECK_PLACES = {kind.value: PLACES[f"checks.{kind}"] for kind in CheckKind}
_NO_CHECKS = [""] * len(CheckKind)


def split(line: str) -> list[str]:
    """Return the texts of a line by their places; of the forms and checks without the ids.

    Without them, many people have the same text.
    """
    texts = line.split("|")
    if texts[_FORMS]:
        texts[_FORMS] = ";".join([item.partition(",")[2] for item in texts[_FORMS].split(";")])
    items = texts.pop()
    texts += _NO_CHECKS
    if items:
        for item in items.split(";"):
            _, kind, check = item.split(",", 2)
            place = _CHECK_PLACES[kind]
            other = texts[place]
            if not other or check[:10] >= other[:10]:  # of two on one day the one recorded later
                texts[place] = check
    return texts


def row_ids(line: str) -> dict[str, str]:
    """Return the ids of the checks and forms that count, by what findings call them."""
    _, forms, checks = line.rsplit("|", 2)
    ids = {}
    for item in filter(None, forms.split(";")):
        key, form, _ = item.split(",")
        ids[f"p:{form}"] = f"p{key}"
    latest: dict[str, str] = {}
    for item in filter(None, checks.split(";")):
        key, kind, check = item.split(",", 2)
        if check[:10] >= latest.get(kind, ""):
            latest[kind] = check[:10]
            ids[f"b:{kind}"] = f"b{key}"
    return ids


class Reader:
    """Reads some attributes of case after case; the rest is as if not on record.

    `checks.fingerprint` stands for the fingerprint check alone. It is always the same facts that
    are returned, with other values in them: whoever keeps them reads with another reader. To make
    them anew for each case was measured at three times this.
    """

    def __init__(self, as_of: date, attributes: Iterable[str]) -> None:
        self._facts = CaseFacts(as_of=as_of)
        given = [(name, *_ATTRIBUTES[name]) for name in attributes]
        self._given = [g for g in given if not g[0].startswith("checks.")]
        self._checks = [g for g in given if g[0].startswith("checks.")]

    def read(self, texts: Sequence[str]) -> CaseFacts:
        facts, give = self._facts, object.__setattr__
        for name, turn, places in self._given:
            give(facts, name, turn(*[texts[place] for place in places]))
        if self._checks:
            found = [turn(texts[place]) for _, turn, (place,) in self._checks]
            give(facts, "checks", {check.kind: check for check in found if check is not None})
        return facts


def decode(line: str, as_of: date) -> CaseFacts:
    """Return the facts that a line states, as of the day it was gathered for."""
    return Reader(as_of, _ATTRIBUTES).read(split(line))


def _by_value(members: type[E]) -> dict[str, E]:
    """Return the members by their texts; a call of the enumeration is ten times as slow."""
    return {member.value: member for member in members}


_FAMILY = _by_value(OffenceFamily)
_SEVERITY = _by_value(Severity)
_DISPOSITION = _by_value(Disposition)
_VACATUR = _by_value(Vacatur)
_RELATION = _by_value(SourceRelation)
_CATEGORY = _by_value(IndicatorCategory)
_RESOLUTION = _by_value(Resolution)
_RESULT = _by_value(CheckResult)
PROTECTED = "t"
_FLAG = {PROTECTED: True, "f": False, "": None}
# The same few thousand days come again and again.
_day = lru_cache(maxsize=100_000)(date.fromisoformat)


def _some(turn: Callable[[str], T], text: str) -> T | None:
    return turn(text) if text else None


def _optional(turn: Callable[[str], T]) -> Callable[[str], T | None]:
    return lambda text: turn(text) if text else None


def _days(text: str) -> tuple[date, ...]:
    return tuple(_day(d) for d in text[1:-1].split(",") if d)


def _latest_birth(born_from: str, precision: str) -> date | None:
    """Return the last day the birth can have been."""
    if not born_from:
        return None
    first = _day(born_from)
    if precision == "day":
        return first
    if precision == "month":
        return first.replace(day=monthrange(first.year, first.month)[1])
    return date(first.year, 12, 31)


def _applications(text: str) -> frozenset[str] | None:
    return frozenset(filter(None, text[1:-1].split(","))) if text else None


@lru_cache(maxsize=10_000)
def _circumstances(text: str) -> Mapping[Circumstance, bool]:
    """Return what the forms say; of two of one form the later counts."""
    found: dict[Circumstance, bool] = {}
    for item in filter(None, text.split(";")):
        form, present = item.split(",")
        named = present.split("+")
        found |= {asked: asked in named for asked in QUESTIONS[Form(form)]}
    return MappingProxyType(found)


def _items(turn: Callable[[str], T], text: str) -> tuple[T, ...]:
    return tuple(map(turn, text.split(";"))) if text else ()


def _records(text: str, protected: str) -> tuple[Record, ...]:
    records = _items(_record, text)
    if protected != PROTECTED:
        return records
    return tuple(r for r in records if r.relation not in PROHIBITED_SOURCES)


def _indicators(text: str, protected: str) -> tuple[Indicator, ...]:
    indicators = _items(_indicator, text)
    if protected != PROTECTED:
        return indicators
    return tuple(i for i in indicators if i.relation not in PROHIBITED_SOURCES)


def _set_aside(records: str, indicators: str, protected: str) -> tuple[Record | Indicator, ...]:
    if protected != PROTECTED:
        return ()
    derogatory: tuple[Record | Indicator, ...] = (
        *_items(_record, records),
        *_items(_indicator, indicators),
    )
    return tuple(item for item in derogatory if item.relation in PROHIBITED_SOURCES)


# Several criteria of one case read the same records.
@lru_cache(maxsize=64)
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
        ncic,
        loss_dollars,
        victim_minor,
        relation,
    ) = item.split(",")
    return Record(
        id=int(key),
        family=_FAMILY[family],
        severity=_SEVERITY[severity],
        disposition=_DISPOSITION.get(disposition),
        arrested_on=_some(_day, arrested_on),
        disposed_on=_some(_day, disposed_on),
        sentence_days=_some(int, sentence_days),
        maximum_days=_some(int, maximum_days),
        vacated=_VACATUR.get(vacated),
        weapon=_FLAG[weapon],
        age_at_offence=_some(int, age_at_offence),
        foreign=foreign == "t",
        ncic=ncic,
        loss_dollars=_some(int, loss_dollars),
        victim_minor=_FLAG[victim_minor],
        relation=_RELATION[relation],
    )


@lru_cache(maxsize=64)
def _indicator(item: str) -> Indicator:
    key, category, resolution, noted_on, relation = item.split(",")
    return Indicator(
        id=int(key),
        category=_CATEGORY[category],
        resolution=_RESOLUTION[resolution],
        noted_on=_some(_day, noted_on),
        relation=_RELATION[relation],
    )


def _check(kind: CheckKind) -> Callable[[str], Check | None]:
    def check(text: str) -> Check | None:
        if not text:
            return None
        completed_on, result, expires_on = text.split(",")
        return Check(
            kind=kind,
            completed_on=_day(completed_on),
            result=_RESULT[result],
            expires_on=_some(_day, expires_on),
        )

    return check


def _made_by(turn: Callable[..., Any], *fields: str) -> tuple[Callable[..., Any], tuple[int, ...]]:
    return turn, tuple(PLACES[field] for field in fields)


_ATTRIBUTES = {
    "court_status": _made_by(_optional(str), "court_status"),
    "case_type": _made_by(_optional(str), "case_type"),
    "asylum_filed_on": _made_by(_optional(_day), "asylum_filed_on"),
    "entered_on": _made_by(_optional(_day), "entered_on"),
    "manner_of_entry": _made_by(_by_value(Entry).get, "manner_of_entry"),
    "custody": _made_by(_by_value(Custody).get, "custody"),
    "individual_hearings_on": _made_by(_optional(_days), "individual_hearings_on"),
    "represented": _made_by(_FLAG.__getitem__, "represented"),
    "family_unreviewed": _made_by(_optional(int), "family_unreviewed"),
    "prior_orders_known": _made_by("t".__eq__, "prior_orders_known"),
    "prior_removal_order_on": _made_by(_optional(_day), "prior_removal_order_on"),
    "born_from": _made_by(_optional(_day), "born_from"),
    "born_by": _made_by(_latest_birth, "born_from", "birth_precision"),
    "protected_1367": _made_by(_FLAG.__getitem__, "protected_1367"),
    "applications": _made_by(_applications, "applications"),
    "circuit": _made_by(_optional(str), "circuit"),
    "circumstances": _made_by(_circumstances, "forms"),
    "records": _made_by(_records, "records", "protected_1367"),
    "indicators": _made_by(_indicators, "indicators", "protected_1367"),
    "set_aside": _made_by(_set_aside, "records", "indicators", "protected_1367"),
    **{f"checks.{kind}": _made_by(_check(kind), f"checks.{kind}") for kind in CheckKind},
}


def places_of(attributes: Iterable[str]) -> tuple[int, ...]:
    """Return the places of the texts that these attributes are made from."""
    return tuple(sorted({place for name in attributes for place in _ATTRIBUTES[name][1]}))


def encode(facts: CaseFacts) -> str:
    """Return the line that `decode` turns into these facts."""
    derogatory = sorted((*facts.records, *facts.indicators, *facts.set_aside), key=lambda i: i.id)
    of_other_shape = {
        "birth_precision": _precision(facts),
        "records": _joined(i for i in derogatory if isinstance(i, Record)),
        "indicators": _joined(i for i in derogatory if isinstance(i, Indicator)),
        "applications": _array(facts.applications),
        "forms": ";".join(
            f"{number},{form},{'+'.join(sorted(c for c in asked if facts.circumstances.get(c)))}"
            for number, (form, asked) in enumerate(QUESTIONS.items(), 1)
            if asked <= facts.circumstances.keys()
        ),
        "checks": ";".join(
            f"{number},{_written(check)}" for number, check in enumerate(facts.checks.values(), 1)
        ),
    }
    return "|".join(
        of_other_shape[name] if name in of_other_shape else _text(getattr(facts, name))
        for name in FIELDS
    )


def _precision(facts: CaseFacts) -> str:
    if facts.born_from is None or facts.born_by is None:
        return ""
    if facts.born_from == facts.born_by:
        return "day"
    return "month" if facts.born_from.month == facts.born_by.month else "year"


def _array(values: frozenset[str] | None) -> str:
    return "" if values is None else "{" + ",".join(sorted(values)) + "}"


def _joined(items: Iterable[Record | Indicator]) -> str:
    return ";".join(map(_written, items))


def _written(item: Record | Indicator | Check) -> str:
    """Return an item's fields in the order of its class."""
    return ",".join(_text(getattr(item, f.name)) for f in fields(item))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, tuple):
        return "{" + ",".join(_text(v) for v in value) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)
