"""Ways through the parameters of a criterion: what single values, lists and searches they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from screening.criteria.search import Search


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single value inside parameters, with the name it stands under."""
    if isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from leaves(getattr(value, field), field)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(key, name)
            yield from leaves(inner, name)
    elif isinstance(value, tuple | list | frozenset | set):
        for inner in value:
            yield from leaves(inner, name)
    elif value is not None:
        yield name, value


def empty_lists(value: Any, path: str = "params") -> Iterator[str]:
    """Yield where the author has written an empty list."""
    if isinstance(value, BaseModel):
        for name in sorted(value.model_fields_set):
            yield from empty_lists(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple | frozenset | list | dict):
        if not value:
            yield path
        for number, inner in enumerate(value if isinstance(value, tuple | list) else (), start=1):
            yield from empty_lists(inner, f"{path}.{number}")


def listed(value: Any, path: str = "params") -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield everything that stands in a list beside others: where, what, and the value without it
    and with nothing else; what is around comes before what is within."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            for where, what, without, alone in listed(getattr(value, name), f"{path}.{name}"):
                yield (
                    where,
                    what,
                    value.model_copy(update={name: without}),
                    value.model_copy(update={name: alone}),
                )
    elif isinstance(value, tuple | frozenset):
        items = list(value) if isinstance(value, tuple) else sorted(value, key=str)
        make = type(value)
        for number, item in enumerate(items):
            others = [*items[:number], *items[number + 1 :]]
            where = f"{path}.{number + 1}" if isinstance(value, tuple) else path
            if others:
                yield where, item, make(others), make([item])
            for inner, what, without, alone in listed(item, where):
                changed = [*items[:number], without, *items[number + 1 :]]
                yield inner, what, make(changed), make([alone])


def searches(value: Any) -> Iterator[Search]:
    """Yield the checks that parameters rest on or demand."""
    if isinstance(value, Search):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from searches(getattr(value, name))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from searches(inner)
