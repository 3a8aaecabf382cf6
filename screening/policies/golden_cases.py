"""A golden case: facts, and what a lawyer expects policies to make of them. Pure: no database.

The cases are YAML files that lawyers own. Facts are stated over a named base under the attribute
names of `CaseFacts`, `Record`, `Indicator` and `Check`, so a field added there can be stated here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self, get_args, get_type_hints

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from screening.facts import (
    PROHIBITED_SOURCES,
    QUESTIONS,
    USABLE_RESULTS,
    CaseFacts,
    Check,
    CheckKind,
    Indicator,
    Record,
)
from screening.findings import Answer, Outcome
from screening.policies.document import Text

SHIPPED = Path(__file__).parent / "golden"
BASES = "bases.yaml"
OUT_OF_SCOPE = "out-of-scope"
AS_OF = "as_of"
"""For a date in facts: the day that is asked about."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class GoldenRefused(ValueError):
    """The files are not golden cases: `problems` names file, case and key of each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Model):
    """What one policy is expected to say; a criterion that is not listed is expected clear."""

    outcome: str
    leading: str = ""
    holds: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    reasons: dict[str, str] = Field(
        default_factory=dict, description="Words that the reason of a criterion must have."
    )
    valid_until: date | None = Field(
        default=None,
        description="The first day on which time alone could change an answer; left out: any.",
    )
    open: str = Field(
        default="", description="Why the service is known to say otherwise: still to be put right."
    )

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        outcomes = [*Outcome, OUT_OF_SCOPE]
        if self.outcome not in outcomes:
            raise ValueError(f"outcome {self.outcome!r} is none of {', '.join(outcomes)}")
        listed = [*self.holds, *self.unknown, *self.stale]
        if twice := sorted({code for code in listed if listed.count(code) > 1}):
            raise ValueError(f"{', '.join(twice)} stands under two answers")
        if self.outcome == OUT_OF_SCOPE and (listed or self.leading or self.valid_until):
            raise ValueError("out of scope is no answer to any criterion")
        if self.leading and self.leading not in listed:
            raise ValueError(f"leading {self.leading} is under none of holds, unknown, stale")
        return self

    def answer(self, criterion: str) -> Answer:
        for answer in (Answer.HOLDS, Answer.UNKNOWN, Answer.STALE):
            if criterion in getattr(self, answer.value):
                return answer
        return Answer.CLEAR


class CaseDocument(_Model):
    """One case as a lawyer writes it; day and base may stand once for the file."""

    case: Slug
    about: Text
    as_of: date | None = None
    base: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    expect: dict[str, Expectation] = Field(min_length=1)


class FileDocument(_Model):
    """A file of cases."""

    about: Text
    as_of: date | None = None
    base: str | None = None
    definitions: Any = Field(
        default=None, description="Anything named once with a YAML anchor and used below."
    )
    cases: list[Any] = Field(min_length=1)


class BaseDocument(_Model):
    """Facts that cases are stated over."""

    about: Text
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """Facts, and what each policy that is named is expected to make of them."""

    name: str
    about: str
    file: str
    facts: CaseFacts
    expect: Mapping[str, Expectation]


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is an error: the second would hide the first."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value} stands twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return node

    def day(self, node: yaml.ScalarNode) -> Any:
        """Return the date, or the text of one that there is not: its case and key come later."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.day)


@lru_cache(maxsize=1)
def shipped() -> tuple[GoldenCase, ...]:
    """Return the golden cases that come with the service."""
    return tuple(load(SHIPPED))


@lru_cache(maxsize=1)
def shipped_sha256() -> str:
    """Return a checksum over the files of the golden cases that come with the service."""
    paths = sorted(SHIPPED.glob("*.yaml"))
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def load(place: Path) -> list[GoldenCase]:
    """Return the golden cases of a file, or of all files of a directory.

    The bases are those beside the cases, or else those that come with the service. Raises
    GoldenRefused with every problem.
    """
    directory = place if place.is_dir() else place.parent
    paths = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    beside = directory / BASES
    problems: list[str] = []
    bases = _bases(beside if beside.exists() else SHIPPED / BASES, problems)
    cases: list[GoldenCase] = []
    for path in paths:
        if path.name != BASES:
            cases += _cases(path, bases, problems)
    first: dict[str, GoldenCase] = {}
    problems += [
        f"{case.file}: {case.name}: case: stands in {other.file} already"
        for case in cases
        if (other := first.setdefault(case.name, case)) is not case
    ]
    if not cases and not problems:
        problems.append(f"{place}: there are no golden cases here")
    if problems:
        raise GoldenRefused(problems)
    return cases


def _content(path: Path, problems: list[str]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}: " if mark else ""
        problems.append(f"{path.name}: {where}{error.problem}")
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(f"{path.name}: {error}")
    return None


def _problems(error: ValidationError, where: str, *, after: str = ": ") -> list[str]:
    """Return what pydantic says, each with its place."""
    return [
        f"{where}{after if e['loc'] else ''}{'.'.join(str(part) for part in e['loc'])}: "
        f"{e['msg'].removeprefix('Value error, ')}"
        for e in error.errors()
    ]


def _bases(path: Path, problems: list[str]) -> dict[str, dict[str, Any]]:
    content = _content(path, problems)
    try:
        documents = TypeAdapter(dict[str, BaseDocument]).validate_python(content or {})
    except ValidationError as error:
        problems += _problems(error, path.name)
        return {}
    return {name: document.facts for name, document in documents.items()}


def _cases(
    path: Path, bases: Mapping[str, dict[str, Any]], problems: list[str]
) -> Iterator[GoldenCase]:
    content = _content(path, problems)
    if content is None:
        return
    try:
        file = FileDocument.model_validate(content)
    except ValidationError as error:
        problems += _problems(error, path.name)
        return
    for place, item in enumerate(file.cases, 1):
        name = item.get("case") if isinstance(item, dict) else None
        where = f"{path.name}: {name or f'case {place}'}"
        try:
            document = CaseDocument.model_validate(item)
        except ValidationError as error:
            problems += _problems(error, where)
            continue
        as_of = document.as_of or file.as_of
        base = document.base or file.base or "clear"
        if as_of is None:
            problems.append(f"{where}: as_of: give the day that is asked about")
        elif base not in bases:
            problems.append(f"{where}: base: {base} is none of {', '.join(bases)}")
        else:
            stated = _over(bases[base], document.facts)
            facts = _facts(stated, as_of=as_of, where=where, problems=problems)
            if facts is not None:
                yield GoldenCase(document.case, document.about, path.name, facts, document.expect)


def _over(base: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a base with those stated instead; of some, item by item.

    A check stands instead of the base's check of its kind, a circumstance instead of the base's.
    A form that is null was not completed: nothing it asks about is known.
    """
    merged = base | stated
    absent, found = base.get("circumstances"), stated.get("circumstances")
    if isinstance(absent, dict) and isinstance(found, dict):
        unasked = {
            c for form, asked in QUESTIONS.items() if found.get(form, "") is None for c in asked
        }
        asked_about = {k: v for k, v in (absent | found).items() if k not in {*QUESTIONS, *unasked}}
        merged["circumstances"] = asked_about
    checks, replaced = base.get("checks"), stated.get("checks")
    if isinstance(checks, list) and isinstance(replaced, list) and replaced:
        kinds = {c.get("kind") for c in replaced if isinstance(c, dict)}
        merged["checks"] = [c for c in checks if c.get("kind") not in kinds] + replaced
    return merged


def _facts(
    stated: dict[str, Any], *, as_of: date, where: str, problems: list[str]
) -> CaseFacts | None:
    """Return the facts, or None with the problems noted."""
    found = len(problems)
    values: dict[str, Any] = {}
    hints = get_type_hints(CaseFacts)
    for name, value in stated.items():
        key = f"{where}: facts.{name}"
        if name not in hints or name == AS_OF:
            problems.append(f"{key}: there is no such fact to state")
        elif name == "set_aside":
            problems.append(f"{key}: follows from protected_1367 and the relation of each item")
        elif (kind := _kind_of_item(hints[name])) is None:
            values[name] = _value(hints[name], value, as_of=as_of, key=key, problems=problems)
        elif not isinstance(value, list):
            problems.append(f"{key}: give a list")
        else:
            values[name] = tuple(
                _item(kind, item, n, as_of=as_of, key=f"{key}.{n}", problems=problems)
                for n, item in enumerate(value, 1)
            )
    if len(problems) > found:
        return None
    values["checks"] = _latest(values.get("checks", ()), as_of)
    facts = CaseFacts(as_of=as_of, **values)
    if facts.born_from and facts.born_by and facts.born_by < facts.born_from:
        problems.append(f"{where}: facts.born_by: is before born_from")
        return None
    return _with_sources_set_aside(facts)


def _kind_of_item(hint: Any) -> Any:
    """Return of what a fact is a list; None: it is a single value."""
    return next((part for part in get_args(hint) if is_dataclass(part)), None)


def _item(kind: Any, value: Any, number: int, *, as_of: date, key: str, problems: list[str]) -> Any:
    """Return the record, indicator or check that a mapping states; None for a check not made."""
    if not isinstance(value, dict):
        problems.append(f"{key}: give a mapping")
        return None
    names = {f.name for f in fields(kind)}
    if unknown := sorted(str(name) for name in value if name not in names):
        problems += [f"{key}.{name}: a {kind.__name__} has no such key" for name in unknown]
        return None
    if kind is Check and value.get("completed_on", AS_OF) is None:
        return None
    numbered = {"id": number} if "id" in names else {}
    return _value(kind, numbered | value, as_of=as_of, key=key, problems=problems)


def _value(hint: Any, value: Any, *, as_of: date, key: str, problems: list[str]) -> Any:
    # By way of JSON, because only there does strict mean: a date or a code as text, but no number
    # for a date and no word for a yes.
    text = json.dumps(value, default=str).replace(f'"{AS_OF}"', f'"{as_of}"')
    try:
        return _adapter(hint).validate_json(text, strict=True)
    except ValidationError as error:
        problems += _problems(error, key, after=".")
        return None


@lru_cache(maxsize=100)
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint)


def _latest(checks: Iterable[Check | None], as_of: date) -> dict[CheckKind, Check]:
    """Return the latest completed check of each kind, as gathering does."""
    made = [c for c in checks if c is not None and c.result in USABLE_RESULTS]
    made = [c for c in made if c.completed_on <= as_of]
    return {c.kind: c for c in sorted(made, key=lambda c: c.completed_on)}


def _with_sources_set_aside(facts: CaseFacts) -> CaseFacts:
    """Return the facts without what only a prohibited source says of a protected person."""
    if not facts.protected_1367:
        return facts
    derogatory: tuple[Record | Indicator, ...] = (*facts.records, *facts.indicators)
    return replace(
        facts,
        records=tuple(r for r in facts.records if r.relation not in PROHIBITED_SOURCES),
        indicators=tuple(i for i in facts.indicators if i.relation not in PROHIBITED_SOURCES),
        set_aside=tuple(i for i in derogatory if i.relation in PROHIBITED_SOURCES),
    )
