"""A policy as a document: YAML in, a checked value out. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from screening.criteria import KINDS
from screening.criteria.kind import KindParams
from screening.facts import CaseFacts
from screening.findings import Effect, Finding, WhenUnknown
from screening.policies.text import Places, Unreadable, parse

POLICY_CODE = r"^[a-z0-9-]{3,40}$"
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{2}[A-Z]?$")]
Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]

# The record's own words, written again so that this module needs no database; a test compares them.
CourtStatus = Literal[
    "pre-filing",
    "nta-cancelled",
    "not-filed",
    "pending",
    "admin-closed",
    "dismissed",
    "terminated",
    "granted",
    "removal-ordered",
    "voluntary-departure",
    "withholding",
    "withdrawn",
    "abandoned",
    "on-appeal",
    "other",
]
CaseType = Literal[
    "AOC",
    "BND",
    "CDR",
    "CFR",
    "CSR",
    "DCC",
    "DDC",
    "DEP",
    "EXC",
    "NAC",
    "REC",
    "RFR",
    "RMV",
    "WHO",
]

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

    court_statuses: frozenset[CourtStatus]
    case_types: frozenset[CaseType]
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
    noted_because: Text | None = Field(
        default=None, description="Why what decides may be unknown without changing the outcome."
    )
    when_unknown: WhenUnknown
    params: Any = Field(default_factory=dict, validate_default=True)
    citation: Text

    @field_validator("kind")
    @classmethod
    def is_a_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"there is no kind {kind!r}; the kinds are {', '.join(KINDS)}")
        return kind

    @field_validator("when_unknown")
    @classmethod
    def decides_what_is_unknown(cls, given: WhenUnknown, info: ValidationInfo) -> WhenUnknown:
        effect, because = info.data.get("effect"), info.data.get("noted_because")
        if effect in DECIDES and given is WhenUnknown.NOTE:
            if effect is Effect.EXCLUDE or because is None:
                raise ValueError(
                    f"a criterion that may {effect} cannot only note what it does not know: "
                    "choose insufficient or refer"
                    + ("" if effect is Effect.EXCLUDE else ", or say why in noted_because")
                )
        elif because is not None:
            raise ValueError("noted_because is for a criterion that decides and notes")
        return given

    @field_validator("params")
    @classmethod
    def are_those_of_the_kind(cls, params: Any, info: ValidationInfo) -> KindParams | None:
        kind = KINDS.get(info.data.get("kind", ""))
        return kind.params.model_validate(params) if kind else None


class PolicyDocument(_Model):
    """A policy as its author writes it."""

    code: Annotated[str, StringConstraints(pattern=POLICY_CODE)]
    version: Annotated[int, Field(ge=1)]
    title: Annotated[Text, StringConstraints(max_length=200)]
    effective_from: date
    effective_to: date | None = None
    sources: tuple[Text, ...]
    scope: Scope
    mitigation_upgrades: frozenset[str] = frozenset()
    definitions: dict[str, Any] = Field(
        default_factory=dict, description="Anything named once with a YAML anchor and used below."
    )
    criteria: tuple[CriterionDocument, ...]

    @field_validator("effective_to")
    @classmethod
    def ends_after_it_begins(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        begins_on = info.data.get("effective_from")
        if ends_on is not None and begins_on is not None and ends_on <= begins_on:
            raise ValueError("effective_to is not after effective_from")
        return ends_on

    @field_validator("criteria")
    @classmethod
    def stand_once(cls, criteria: tuple[CriterionDocument, ...]) -> tuple[CriterionDocument, ...]:
        codes = [c.code for c in criteria]
        twice = [i for i, code in enumerate(codes) if code in codes[:i]]
        if twice:
            error = PydanticCustomError("twice", "a criterion of this code stands above")
            raise ValidationError.from_exception_data(
                "criteria",
                [InitErrorDetails(type=error, loc=(i, "code"), input=codes[i]) for i in twice],
            )
        return criteria


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
    noted_because: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy, ready to determine with; the same only as itself."""

    code: str
    version: int
    title: str
    effective_from: date
    effective_to: date | None
    sources: tuple[str, ...]
    scope: Scope
    mitigation_upgrades: frozenset[str]
    criteria: tuple[Criterion, ...]


def read(text: str, *, name: str = "policy") -> Policy:
    """Return the policy that the YAML text states.

    Raises PolicyRefused with every problem, each with its line and key.
    """
    try:
        content, places = parse(text)
    except Unreadable as error:
        raise PolicyRefused(name, error.problems) from error
    try:
        document = PolicyDocument.model_validate(content)
    except ValidationError as error:
        raise PolicyRefused(name, _told(error, places)) from error
    return _compiled(document)


def _told(error: ValidationError, places: Places) -> list[str]:
    """Return the errors with their places; what is wrong once and used often is told once."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for e in error.errors():
        place, message = places.name(e["loc"]), _in_words(e)
        line = place.partition(",")[0]
        told.setdefault((line, str(e["loc"][-1:]), message), []).append(place)
    return [
        f"{first}: {message}" + (f" (and where it is used {len(more)} times more)" if more else "")
        for (_, _, message), (first, *more) in told.items()
    ]


IN_WORDS = {"extra_forbidden": "there is no such key here", "missing": "this key is missing"}


def _in_words(error: ErrorDetails) -> str:
    message = IN_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
    if message.startswith("Input should") and isinstance(error["input"], str | int | float):
        message += f"; it is {error['input']!r}"
    return message


def _compiled(document: PolicyDocument) -> Policy:
    return Policy(
        code=document.code,
        version=document.version,
        title=document.title,
        effective_from=document.effective_from,
        effective_to=document.effective_to,
        sources=document.sources,
        scope=document.scope,
        mitigation_upgrades=document.mitigation_upgrades,
        criteria=tuple(map(_ready, document.criteria)),
    )


def _ready(document: CriterionDocument) -> Criterion:
    kind = KINDS[document.kind]
    params = document.params
    reads = frozenset(
        f"checks.{params.search.check}" if name == "checks" else name for name in kind.reads
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
        noted_because=document.noted_because,
    )
