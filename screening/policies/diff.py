"""What one policy says and another does not, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from screening.findings import Effect
from screening.policies.document import Criterion, Policy

EFFECT = {
    Effect.EXCLUDE: "an exclusion",
    Effect.REFER: "a referral",
    Effect.BLOCK: "a block",
    Effect.SAFEGUARD: "a safeguard",
    Effect.AGGRAVATE: "an aggravating factor",
    Effect.MITIGATE: "a mitigating factor",
}


def differences(old: Policy, new: Policy) -> list[str]:
    """Return how the new policy differs from the old one; empty where both say the same.

    The numbers of the versions are left out: they name what is compared.
    """
    return [
        *_value("The title", old.title, new.title),
        *_value("effective_from", old.effective_from, new.effective_from),
        *_value("effective_to", old.effective_to, new.effective_to),
        *_members("sources", old.sources, new.sources),
        *_params("scope", old.scope, new.scope),
        *_members("mitigation_upgrades", old.mitigation_upgrades, new.mitigation_upgrades),
        *_criteria(old, new),
        *_order(old, new),
    ]


def _criteria(old: Policy, new: Policy) -> Iterator[str]:
    before = {c.code: c for c in old.criteria}
    after = {c.code: c for c in new.criteria}
    for code, criterion in before.items():
        if code not in after:
            yield f"{code} is gone ({criterion.label}; it was {EFFECT[criterion.effect]})."
    for code, criterion in after.items():
        if code in before:
            yield from _criterion(before[code], criterion)
        else:
            yield f"{code} is new ({criterion.label}; it is {EFFECT[criterion.effect]})."


def _criterion(old: Criterion, new: Criterion) -> Iterator[str]:
    code = new.code
    if old.effect != new.effect:
        yield f"{code} was {EFFECT[old.effect]} and is {EFFECT[new.effect]}."
    for name in ("label", "kind", "group", "when_unknown", "citation"):
        yield from _value(f"{code} {name}", getattr(old, name), getattr(new, name))
    yield from _params(code, old.params, new.params)


def _params(name: str, old: BaseModel, new: BaseModel) -> Iterator[str]:
    before, after = dict(old), dict(new)
    for key in after | before:
        yield from _param(f"{name} {key}", before.get(key), after.get(key))


def _param(name: str, old: Any, new: Any) -> Iterator[str]:
    """Yield the difference where it is: a key, a member, a part of an item."""
    if isinstance(old, BaseModel) and isinstance(new, BaseModel):
        yield from _params(name, old, new)
    elif isinstance(old, frozenset) and isinstance(new, frozenset):
        yield from _members(name, sorted(old), sorted(new))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        if len(old) == len(new):
            for place, (was, becomes) in enumerate(zip(old, new, strict=True), start=1):
                yield from _param(f"{name} {place}", was, becomes)
        else:
            yield from _members(name, map(_words, old), map(_words, new))
    else:
        yield from _value(name, old, new)


def _value(name: str, old: Any, new: Any) -> Iterator[str]:
    if old != new:
        yield f"{name} was {_words(old)} and is {_words(new)}."


def _members(name: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    before, after = list(old), list(new)
    for member in sorted(set(after) - set(before), key=after.index):
        yield f"{name} gains {member}."
    for member in sorted(set(before) - set(after), key=before.index):
        yield f"{name} loses {member}."


def _order(old: Policy, new: Policy) -> Iterator[str]:
    """Yield the criteria that stand elsewhere: the first that decides is the one that is named."""
    before = [c.code for c in old.criteria]
    after = [c.code for c in new.criteria]
    both = set(before) & set(after)
    was, becomes = ([code for code in codes if code in both] for codes in (before, after))
    stayed = {
        code
        for block in SequenceMatcher(a=was, b=becomes, autojunk=False).get_matching_blocks()
        for code in was[block.a : block.a + block.size]
    }
    for code in becomes:
        if code not in stayed:
            yield f"{code} stood {_after(code, before)} and stands {_after(code, after)}."


def _after(code: str, codes: list[str]) -> str:
    place = codes.index(code)
    return f"after {codes[place - 1]}" if place else "first"


def _words(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        written = ((key, v) for key, v in value if key in value.model_fields_set)
        return "; ".join(f"{key} {_words(v)}" for key, v in written)
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, tuple):
        return " and ".join(f"({_words(v)})" for v in value)
    return str(value)
