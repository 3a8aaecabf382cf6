"""The values that a policy can tell apart, by the types of facts and by what it asks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from functools import cache
from itertools import chain, product
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from screening.criteria.dates import add_months
from screening.evidence.offences import family_of
from screening.facts import OffenceFamily, Record
from screening.policies.params import leaves
from screening.statutes import STATUTES
from screening.statutes.categories import AGGRAVATED_FELONY, Category, Confidence
from screening.statutes.table import Row

MAY_LIE_AHEAD = frozenset({"asylum_filed_on", "individual_hearings_on", "expires_on"})
"""The dates that may be later than the day asked about; every other date has happened."""

FAR = 1_500
"""Months: a longer time, or more days than it has, is no date of a life."""

Asked = Sequence[tuple[str, Any]]
"""The single values in parameters that belong together, each with the name it stands under."""


def parts(value: Any) -> Iterator[Asked]:
    """Yield what each part of parameters asks, and each row of the statutes that they name."""
    if isinstance(value, BaseModel):
        yield [*leaves(value)]
        fields_of = type(value).model_fields
        types = {t for field in fields_of.values() for t in _types_in(field.annotation)}
        if Confidence in types and Category not in types:
            # What asks how sure the table is, but not for a category, asks for an exception in it.
            yield from _exceptions()
        for field in fields_of:
            yield from parts(getattr(value, field))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from parts(inner)
    elif isinstance(value, frozenset | set):
        for inner in sorted(value, key=str):
            yield from parts(inner)
    elif isinstance(value, Category):
        yield from _rows_of(value)


def _types_in(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _types_in(inner)


@cache
def _rows_of(category: Category) -> tuple[Asked, ...]:
    """Return what each row of a category asks, of its codes the first, and a code outside it."""
    first: dict[Row, str] = {}
    outside = None
    for code, of in sorted(STATUTES.rows.items()):
        if category not in of:
            outside = outside or code
        for row in of.get(category, ()):
            first.setdefault(row, code)
    rows = ([("ncic", code), *leaves(row.when)] for row, code in first.items())
    return (*rows, [("ncic", outside)] if outside else [])


@cache
def unlike_codes_of(family: OffenceFamily) -> Asked:
    """Return codes of a family: one for each set of categories that an offence may be in."""
    codes = {frozenset(STATUTES.rows[c]): c for c in reversed(STATUTES.codes_of.get(family, ()))}
    return [("ncic", code) for code in codes.values()]


@cache
def _exceptions() -> tuple[Asked, ...]:
    """Return what each exception of the statutes asks, with codes of what it is an exception to."""
    rules = STATUTES.exceptions
    turpitude = _codes_of([Category.MORAL_TURPITUDE])
    aggravated = _codes_of(sorted(AGGRAVATED_FELONY))
    return (
        [*turpitude, *leaves(rules.petty_offence)],
        [*turpitude, *leaves(rules.youthful)],
        [*aggravated, *leaves(rules.particularly_serious)],
    )


def _codes_of(categories: Iterable[Category]) -> Asked:
    """Return for each category the first code that is surely in it."""
    codes = {
        category: code
        for category in categories
        for code, of in sorted(STATUTES.rows.items(), reverse=True)
        for row in of.get(category, ())
        if row.confidence is not Confidence.POSSIBLE and not row.needs
    }
    return [("ncic", code) for code in dict.fromkeys(codes.values())]


def suiting(item: Any, asked: Asked) -> list[Any]:
    """Return the item with all that is asked about, as a criterion may want it.

    Of a number that goes by a like name the one above and the one below, of yes and no both, of
    other values those that are named. What is asked for comes first.
    """
    wanted: dict[str, list[Any]] = {}
    for name, annotation in hints(item.__class__).items():
        options = {a for a in (annotation, *get_args(annotation)) if isinstance(a, type)}
        alike = [v for n, v in asked if not _words(n).isdisjoint(_words(name))]
        if bool in options:
            wanted[name] = [False, True] if False in alike else [True, False]
        elif int in options:
            wanted[name] = sorted({v + d for v in alike if _is_whole(v) for d in (1, -1)})[::-1]
        else:
            wanted[name] = sorted({v for _, v in asked if type(v) in options}, key=str)
    if all(not values or isinstance(values[0], bool) for values in wanted.values()):
        return [item]
    chosen = [[(name, v) for v in values] for name, values in wanted.items() if values]
    return [altered(item, dict(values)) for values in product(*chosen)]


def altered(item: Any, changes: Mapping[str, Any]) -> Any:
    """Return the item so changed; an offence's code and its family go together."""
    if isinstance(item, Record):
        code = changes.get("ncic", "")
        if code in STATUTES.offences:
            return replace(item, **{**changes, "family": family_of(code)})
        if "family" in changes and "ncic" not in changes:
            return replace(item, **changes, ncic="")
    return replace(item, **changes)


def _words(name: str) -> set[str]:
    return set(name.split("_"))


class Values:
    """The interesting values of every type of fact, for what is asked on one day.

    Of a date or number that is asked about they are the one before it, itself and the one after.
    """

    def __init__(self, asked: Sequence[Asked], as_of: date) -> None:
        self.as_of = as_of
        self.days = _days(asked, as_of)
        whole = [(n, v) for n, v in chain.from_iterable(asked) if _is_whole(v)]
        around = {v + d for _, v in whole for d in (-1, 0, 1)} | {0, 1}
        self.numbers = sorted(n for n in around if n >= 0)
        counts = {v + d for n, v in whole if "count" in n and v > 1 for d in (-1, 0, 1)}
        self.counts = sorted(n for n in counts if 1 < n <= 12)
        """How many alike there may have to be, other than one."""
        texts = {v for _, v in chain.from_iterable(asked) if type(v) is str}
        self.texts = [*sorted(texts), "another"]

    def of(self, annotation: Any, name: str = "") -> list[Any]:
        """Return the values of a type; None comes last. Of a type it does not know, none."""
        origin: Any = get_origin(annotation)
        args = get_args(annotation)
        if origin in (Union, UnionType):
            options = sorted(args, key=lambda a: a is NoneType)
            return [v for option in options for v in self.of(option, name)]
        if origin in (tuple, frozenset):
            return [origin(), *(origin([v]) for v in self.of(args[0], name) if v is not None)]
        if annotation is NoneType:
            return [None]
        if annotation is bool:
            return [False, True]
        if annotation is date:
            return [d for d in self.days if d <= self.as_of or name in MAY_LIE_AHEAD]
        if annotation is int:
            return self.numbers
        if annotation is str:
            return self.texts
        if is_enum(annotation):
            return [*annotation]
        if is_dataclass(annotation):
            return self.items(annotation)
        return []

    def items(self, kind: Any, key: Any = None) -> list[Any]:
        """Return the plainest item of a type, and it with one field changed."""
        return self.changed(self.plainest(kind, key), fixed=type(key))

    def plainest(self, kind: Any, key: Any = None) -> Any:
        """Return an item of which only what must be is on record; `key`: what it is filed under."""
        given = {}
        for name, annotation in hints(kind).items():
            if annotation is type(key):
                given[name] = key
            elif name == "id":
                given[name] = 1
            elif name in _required(kind):
                given[name] = self.of(annotation, name)[0]
        return kind(**given)

    def changes(self, item: Any, *, fixed: Any = None) -> Iterator[tuple[str, Any]]:
        """Yield the changes of one field of an item; a field of the type `fixed` is not changed."""
        for name, annotation in hints(item.__class__).items():
            if name != "id" and annotation is not fixed:
                for value in self.of(annotation, name):
                    yield name, value

    def changed(self, item: Any, *, fixed: Any = None) -> list[Any]:
        """Return the item, and the item with each of these changes, each once."""
        return list(dict.fromkeys(self.changed_lazily(item, fixed=fixed)))

    def changed_lazily(self, item: Any, *, fixed: Any = None) -> Iterator[Any]:
        """Yield the same as they are asked for; one may come twice."""
        yield item
        for name, value in self.changes(item, fixed=fixed):
            yield altered(item, {name: value})


def is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def is_small(value: Any) -> bool:
    """Return whether it is one of a few values, without a boundary between them."""
    return value is None or value == () or isinstance(value, bool | Enum)


@cache
def hints(kind: Any) -> dict[str, Any]:
    """Return the type of each field of a dataclass."""
    types = get_type_hints(kind)
    return {f.name: types[f.name] for f in fields(kind)}


@cache
def _required(kind: Any) -> frozenset[str]:
    return frozenset(
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _days(asked: Sequence[Asked], as_of: date) -> list[date]:
    """Return each boundary with the day before and after it, those nearest to `as_of` first."""
    marks = {as_of}
    for together in asked:
        dates = {v for _, v in together if isinstance(v, date)}
        marks |= dates
        for name, number in together:
            if _is_whole(number):
                for day in dates | {as_of}:
                    marks |= _away(day, name, number)
    around = {m + timedelta(days=d) for m in marks for d in (-1, 0, 1)}
    return sorted(around, key=lambda d: (abs(d - as_of), d))


def _away(day: date, name: str, number: int) -> set[date]:
    """Return the days so far before and after a day; the parameter's name carries the unit."""
    if "count" in name:
        return set()
    if "day" in name:
        if number > 30 * FAR:
            return set()
        return {day - timedelta(days=number), day + timedelta(days=number)}
    months = number if "month" in name else 12 * number
    if months > FAR:
        return set()
    before = add_months(day, -months)
    # Months differ in length, so several days may end in one day: the last of them is the boundary.
    while add_months(before + timedelta(days=1), months) <= day:
        before += timedelta(days=1)
    return {before, add_months(day, months)}
