"""The kinds of criterion and the policies as one document, for readers of the law.

Everything comes from the kinds and from the policies; nothing here names one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from screening.criteria import KINDS
from screening.criteria.kind import Kind
from screening.criteria.words import in_words, phrase
from screening.facts import CaseFacts, Check, CheckKind, CheckResult
from screening.facts_words import label_of
from screening.findings import Answer, Effect, Finding, Outcome, WhenUnknown
from screening.policies.document import Criterion, Policy

ANSWERS = {
    Answer.HOLDS: "What the criterion looks for is on record.",
    Answer.CLEAR: "Enough is on record to say that it does not hold.",
    Answer.UNKNOWN: "What is on record does not settle it. Never counts as clear.",
    Answer.STALE: "What settled it once is too old to settle it now. Never counts as clear.",
}
EFFECTS = {
    Effect.EXCLUDE: "the case is not flagged",
    Effect.REFER: "a person must look at the case before anything is proposed",
    Effect.BLOCK: "the case cannot go on until this is resolved; it goes to a person",
    Effect.SAFEGUARD: "a step is added for the person who handles the case; the outcome stays",
    Effect.AGGRAVATE: "it is shown to the person who weighs the case; the outcome stays",
    Effect.MITIGATE: "it is shown; it sends a case excluded for another group to a person where "
    "the policy says so",
}
WHEN_UNKNOWN = {
    WhenUnknown.INSUFFICIENT: "too little is known; what is missing must be obtained first",
    WhenUnknown.REFER: "a person must look at the case",
    WhenUnknown.NOTE: "it is noted; the outcome stays",
}
OUTCOMES = (
    (
        Outcome.NOT_FLAGGED,
        "A criterion that excludes holds, and either no mitigating factor holds that may weigh or "
        "the policy lets none weigh against its group.",
    ),
    (
        Outcome.REFER,
        "Every criterion that excludes is of a group that the policy lets mitigating factors weigh "
        "against, and one of a group that is not among these holds.",
    ),
    (
        Outcome.INSUFFICIENT,
        "A criterion is not known, and the policy says that too little is known without it.",
    ),
    (
        Outcome.REFER,
        "A criterion that refers or blocks holds, or is not known and the policy then refers.",
    ),
    (
        Outcome.FLAGGED,
        "None of these. A person may consider closing the case, nothing more.",
    ),
)
# So long ago that no check of that day is fresh.
LONG_AGO, TODAY = date(1950, 1, 1), date(2024, 1, 1)
NOTHING_KNOWN = CaseFacts(as_of=TODAY)
ALL_EXPIRED = CaseFacts(
    as_of=TODAY,
    checks={
        kind: Check(kind=kind, completed_on=LONG_AGO, result=CheckResult.NO_HIT)
        for kind in CheckKind
    },
)


def describe(policies: Sequence[Policy]) -> str:
    """Return the document as Markdown, the policies by the day they took effect."""
    in_order = sorted(policies, key=lambda p: (p.effective_from, p.code))
    parts = [
        *_head(),
        "## Kinds of criterion",
        "A policy gives a kind its parameters, an effect and a citation.",
        *(part for kind in KINDS.values() for part in _kind(kind, in_order)),
        *_shared_parameters(),
        "## The policies side by side",
        *_side_by_side(in_order),
        *(part for policy in in_order for part in _policy(policy)),
    ]
    return "\n\n".join(parts) + "\n"


def _head() -> Iterator[str]:
    yield "# Criteria and policies"
    yield (
        "Written by `manage.py criteria` from the code and from the policies that come with the "
        "service; `make docs` writes it again."
    )
    yield (
        "Screening proposes and decides nothing: a person decides, a judge rules. Every criterion "
        "is asked of every case in the scope of the policy, and nothing is summed into a score."
    )
    yield "## Answers, effects and outcomes"
    yield "Each criterion gives one answer."
    yield _table(("Answer", "Means"), ANSWERS.items())
    yield "The policy says what an answer does to the outcome, where the criterion holds:"
    yield _table(("Effect", "Where it holds"), EFFECTS.items())
    yield "and where its answer is unknown or stale:"
    yield _table(("When not known", "Then"), WHEN_UNKNOWN.items())
    yield "The first of these that applies is the outcome."
    yield _table(("Outcome", "When"), OUTCOMES)


# One kind


def _kind(kind: Kind, policies: Iterable[Policy]) -> Iterator[str]:
    yield f"### {kind.code}"
    yield kind.about.strip()
    named = {name: f"*{name.replace('_', ' ')}*" for name in kind.params.model_fields}
    facts = [
        "the check that `search` names" if name == "checks" else label_of(name)
        for name in kind.reads
    ]
    unknown, expired = (kind.check(facts, kind.example) for facts in (NOTHING_KNOWN, ALL_EXPIRED))
    stale = expired.answer is Answer.STALE
    lines = [
        ("Reads", ", ".join(facts)),
        ("Clear with", kind.words.would_clear.format_map(named)),
        ("Holds with", kind.words.would_hold.format_map(named)),
        ("With nothing on record", _finding(unknown)),
        ("Stale", _finding(expired) if stale else "never: it rests on nothing that expires."),
        ("Who may obtain what is missing", kind.words.obtained_by),
        ("Used by", _users(kind, policies)),
    ]
    yield "\n".join(f"- **{name}**: {text}" for name, text in lines)
    yield from _parameters(kind)


def _finding(finding: Finding) -> str:
    obtain = f" To obtain: {finding.missing}." if finding.missing else ""
    return f"{finding.answer}. {finding.reason}{obtain}"


def _users(kind: Kind, policies: Iterable[Policy]) -> str:
    uses = {p.code: [c.code for c in p.criteria if c.kind == kind.code] for p in policies}
    return "; ".join(f"{code} ({', '.join(cs)})" for code, cs in uses.items() if cs) or "no policy"


def _parameters(kind: Kind) -> Iterator[str]:
    """Yield the table of the parameters, and of those descriptions that only this kind has."""
    schema = kind.params.model_json_schema()
    if not kind.params.model_fields:
        yield "It has no parameters."
        return
    yield "Parameters:"
    yield _fields(kind.params, schema, schema.get("$defs", {}), kind.words.params)
    for model in _nested(kind.params):
        if len(_kinds_with(model)) == 1:
            yield from _description(model, kind.words.params)


def _shared_parameters() -> Iterator[str]:
    nested = [model for kind in KINDS.values() for model in _nested(kind.params)]
    shared = [model for model in dict.fromkeys(nested) if len(_kinds_with(model)) > 1]
    if shared:
        yield "### Parameters of several kinds"
    for model in shared:
        yield from _description(model, {})


def _kinds_with(model: type[BaseModel]) -> list[str]:
    return [kind.code for kind in KINDS.values() if model in _nested(kind.params)]


def _description(model: type[BaseModel], meanings: Mapping[str, str]) -> Iterator[str]:
    schema = model.model_json_schema()
    yield f"*{model.__name__}*: {schema.get('description', '').strip()}"
    yield _fields(model, schema, schema.get("$defs", {}), meanings)


def _fields(
    model: type[BaseModel],
    schema: dict[str, Any],
    definitions: dict[str, Any],
    meanings: Mapping[str, str],
) -> str:
    rows = []
    for name, field in model.model_fields.items():
        given = schema["properties"][name]
        default = "required" if field.is_required() else _default(field.default)
        meaning = meanings.get(name) or field.description or _of_reference(given, definitions)
        rows.append((f"`{name}`", _type(given, definitions), default, meaning))
    return _table(("Parameter", "What it is", "Default", "Meaning"), rows)


def _default(value: Any) -> str:
    return "left out" if value is None else in_words(value)


def _of_reference(given: dict[str, Any], definitions: dict[str, Any]) -> str:
    found = definitions.get(given.get("$ref", "").rpartition("/")[2], {})
    return str(found.get("description", "")).strip() if "properties" in found else ""


def _nested(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Return the models that the fields of a model are made of, however deep, each once."""
    found: list[type[BaseModel]] = []
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            found += [part, *_nested(part)]
    return list(dict.fromkeys(found))


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _parts(argument)


TYPES = {"string": "a text", "boolean": "yes or no", "number": "a number", "object": "a table"}


def _type(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Return what a value may be, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _type(definitions[name], definitions) if "enum" in definitions[name] else f"*{name}*"
    if "anyOf" in schema:
        options = [s for s in schema["anyOf"] if s.get("type") != "null"]
        return ", or ".join(_type(s, definitions) for s in options)
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return "any of: " + _type(schema.get("items", {}), definitions).removeprefix("one of ")
    if schema.get("type") == "integer":
        least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        return f"a whole number, at least {least}" if least else "a whole number"
    if schema.get("format") == "date":
        return "a date"
    return TYPES.get(schema.get("type", ""), "a value")


# The policies


def _side_by_side(policies: Sequence[Policy]) -> Iterator[str]:
    yield (
        "What each criterion does where it holds, with its numbers and dates, and what not knowing "
        "does. A dash: the policy does not have it."
    )
    columns = [{(c.code, c.kind): c for c in p.criteria} for p in policies]
    first = {key: c for column in reversed(columns) for key, c in column.items()}
    groups = list(dict.fromkeys(c.group for column in columns for c in column.values()))
    rows = [
        (f"**{code}** {first[code, kind].label}", f"[{kind}](#{kind})", *cells)
        for code, kind in sorted(first, key=lambda key: (groups.index(first[key].group), key))
        for cells in [[_cell(column.get((code, kind))) for column in columns]]
    ]
    yield _table(("Criterion", "Kind", *(p.code for p in policies)), rows)


def _cell(criterion: Criterion | None) -> str:
    if criterion is None:
        return "—"
    numbers = [phrase(n, v) for n, v in criterion.params if isinstance(v, int | date)]
    return "; ".join([f"**{criterion.effect}**", *numbers, f"not known: {criterion.when_unknown}"])


def _policy(policy: Policy) -> Iterator[str]:
    yield f"## {policy.code}: {policy.title}"
    end = f" to {in_words(policy.effective_to)}" if policy.effective_to else ""
    yield f"Version {policy.version}, in force from {in_words(policy.effective_from)}{end}."
    yield "Sources:"
    yield "\n".join(f"- {source}" for source in policy.sources)
    scope = policy.scope
    asylum = " with an asylum application on record" if scope.asylum_application else ""
    yield (
        f"Speaks of cases{asylum} whose status in court is {in_words(scope.court_statuses)} and "
        f"whose case type is {in_words(scope.case_types)}; a status or type that is not on record "
        "does not put a case outside."
    )
    if policy.mitigation_upgrades:
        yield (
            "With a mitigating factor of another group on record, exclusions of these groups go to "
            f"a person: {', '.join(sorted(policy.mitigation_upgrades))}. A mitigating factor of "
            "one of these groups is shown and does not weigh."
        )
    for criterion in policy.criteria:
        mitigated = (
            criterion.effect is Effect.EXCLUDE and criterion.group in policy.mitigation_upgrades
        )
        yield from _criterion(
            criterion,
            "; with a mitigating factor of another group it goes to a person" if mitigated else "",
        )


def _criterion(criterion: Criterion, but: str) -> Iterator[str]:
    yield f"### {criterion.code} {criterion.label}"
    lines = [
        ("Kind", f"[{criterion.kind}](#{criterion.kind}), group {criterion.group}"),
        ("Where it holds", f"**{criterion.effect}**: {EFFECTS[criterion.effect]}{but}"),
        (
            "Where it is not known",
            f"**{criterion.when_unknown}**: {WHEN_UNKNOWN[criterion.when_unknown]}",
        ),
        *([("Noted because", criterion.noted_because)] if criterion.noted_because else []),
        *_values(criterion.params),
        ("Law", criterion.citation),
    ]
    yield "\n".join(f"- **{name}**: {text}" for name, text in lines)


def _values(params: BaseModel) -> Iterator[tuple[str, str]]:
    given = [(name, value) for name, value in params if value is not None]
    plain = [phrase(name, value) for name, value in given if not _is_list(value)]
    if plain:
        yield "Parameters", "; ".join(plain)
    for name, value in given:
        if _is_list(value):
            items = "".join(f"\n    - {item}" for item in value)
            yield name.replace("_", " ").capitalize(), f"any of{items}"


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell_text, line))} |" for line in lines)


def _cell_text(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
