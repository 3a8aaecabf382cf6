"""A policy as a document: YAML in, a checked value out. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from screening.criteria import KINDS
from screening.facts import CaseFacts
from screening.findings import Effect, Finding, WhenUnknown

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{2}[A-Z]?$")]
Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]

DECIDES = frozenset({Effect.EXCLUDE, Effect.REFER, Effect.BLOCK})
"""The effects that move the outcome; the others add steps or are shown."""


class PolicyRefused(ValueError):
    """The text is not a policy: `problems` says where and why."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(problems))
        self.problems = problems


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(_Model):
    """Which cases the policy speaks of: known to be outside is outside, unknown is inside."""

    court_statuses: frozenset[str]
    case_types: frozenset[str]
    asylum_application: bool = True

    READS: ClassVar = ("court_status", "case_type", "asylum_filed_on")

    def covers(self, facts: CaseFacts) -> bool:
        if facts.court_status is not None and facts.court_status not in self.court_statuses:
            return False
        if facts.case_type is not None and facts.case_type not in self.case_types:
            return False
        return not self.asylum_application or (
            facts.asylum_filed_on is not None and facts.asylum_filed_on <= facts.as_of
        )


class CriterionDocument(_Model):
    """One criterion as the policy's author writes it."""

    code: Code
    kind: str
    label: Text
    effect: Effect
    group: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    when_unknown: WhenUnknown
    params: dict[str, Any] = Field(default_factory=dict)
    citation: Text
    noted_because: Text | None = Field(
        default=None, description="Why what decides may be unknown without changing the outcome."
    )

    @model_validator(mode="after")
    def means_something(self) -> Self:
        if self.kind not in KINDS:
            raise ValueError(f"there is no kind {self.kind!r}; the kinds are {', '.join(KINDS)}")
        if self.effect in DECIDES and self.when_unknown is WhenUnknown.NOTE:
            if self.effect is Effect.EXCLUDE or self.noted_because is None:
                raise ValueError(
                    f"an {self.effect} criterion cannot only note what it does not know: "
                    "choose insufficient or refer"
                    + ("" if self.effect is Effect.EXCLUDE else ", or say why in noted_because")
                )
        elif self.noted_because is not None:
            raise ValueError("noted_because is for a criterion that decides and notes")
        KINDS[self.kind].params.model_validate(self.params)
        return self


class PolicyDocument(_Model):
    """A policy as its author writes it."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,40}$")]
    version: Annotated[int, Field(ge=1)]
    title: Text
    effective_from: date
    effective_to: date | None = None
    sources: tuple[Text, ...]
    scope: Scope
    mitigation_upgrades: frozenset[str] = frozenset()
    definitions: dict[str, Any] = Field(
        default_factory=dict, description="Anything named once with a YAML anchor and used below."
    )
    criteria: tuple[CriterionDocument, ...]

    @model_validator(mode="after")
    def names_each_criterion_once(self) -> Self:
        codes = [c.code for c in self.criteria]
        if twice := sorted({c for c in codes if codes.count(c) > 1}):
            raise ValueError(f"criterion {', '.join(twice)} stands twice")
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise ValueError("effective_to is not after effective_from")
        return self


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, ready to be asked."""

    code: str
    kind: str
    label: str
    effect: Effect
    group: str
    when_unknown: WhenUnknown
    citation: str
    params: Any
    check: Callable[[CaseFacts, Any], Finding]
    reads: frozenset[str]
    """The attributes of the facts it reads; of the checks, each that it rests on."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy, ready to determine with; the same only as itself."""

    code: str
    version: int
    title: str
    effective_from: date
    effective_to: date | None
    scope: Scope
    mitigation_upgrades: frozenset[str]
    criteria: tuple[Criterion, ...]


def read(text: str, *, name: str = "policy") -> Policy:
    """Return the policy that the YAML text states.

    Raises PolicyRefused with every problem: the line of broken YAML, or the key of a wrong value.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise PolicyRefused(name, [f"{place}{error.problem}"]) from error
    try:
        document = PolicyDocument.model_validate(content)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in e['loc']) or 'document'}: {e['msg']}"
            for e in error.errors()
        ]
        raise PolicyRefused(name, problems) from error
    return _compiled(document)


def _compiled(document: PolicyDocument) -> Policy:
    return Policy(
        code=document.code,
        version=document.version,
        title=document.title,
        effective_from=document.effective_from,
        effective_to=document.effective_to,
        scope=document.scope,
        mitigation_upgrades=document.mitigation_upgrades,
        criteria=tuple(map(_ready, document.criteria)),
    )


def _ready(document: CriterionDocument) -> Criterion:
    kind = KINDS[document.kind]
    params = kind.params.model_validate(document.params)
    reads = frozenset(
        f"checks.{params.search.check}" if name == "checks" else name  # type: ignore[attr-defined]
        for name in kind.reads
    )
    return Criterion(
        code=document.code,
        kind=document.kind,
        label=document.label,
        effect=document.effect,
        group=document.group,
        when_unknown=document.when_unknown,
        citation=document.citation,
        params=params,
        reads=reads,
        check=kind.check,
    )
