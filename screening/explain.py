"""Why a determination is what it is, criterion by criterion, and what would change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from screening.criteria import KINDS
from screening.criteria.words import filled
from screening.decide import (
    ENGINE_VERSION,
    Determined,
    determine,
    evidence_text,
    finding_key,
    outcome_of,
)
from screening.facts_text import FIELDS, decode, row_ids
from screening.facts_words import FactRead, facts_read
from screening.findings import Answer, Effect, Finding
from screening.models import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    Determination,
    ThreatIndicator,
)
from screening.models.evidence import Evidence
from screening.policies.document import DECIDES, Criterion, Policy
from screening.policies.release import policy_of

EVIDENCE: dict[str, type[Evidence]] = {
    "c": CriminalRecord,
    "t": ThreatIndicator,
    "b": BackgroundCheck,
    "p": CompletedForm,
}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One row of evidence, in words that name no person."""

    kind: str
    id: int
    source: str
    source_record: str
    summary: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion's answer.

    `would_change` has the outcome that another answer would lead to, `near_miss` what would have to
    be on record for that answer.
    """

    code: str
    label: str
    kind: str
    effect: str
    group: str
    answer: str
    reason: str
    evidence: list[EvidenceLine]
    missing: str
    citation: str
    valid_until: date | None
    would_change: dict[str, str]
    near_miss: dict[str, str]
    reads: list[FactRead]
    obtained_by: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a determination rests on."""

    case: str
    idncase: int | None
    policy: dict[str, Any]
    engine_version: str
    as_of: date
    known_at: str
    valid_until: date | None
    outcome: str
    leading: str
    criteria: list[CriterionLine]
    facts: dict[str, str]
    what_would_change: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation in types that JSON has."""
        return _plain(asdict(self))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def remake(determination: Determination) -> Determined:
    """Return what the stored facts and policy come to with the present engine."""
    policy = policy_of(determination.policy_version)
    made = determine(policy, decode(determination.facts, determination.as_of))
    if made is None:
        raise LookupError(f"{determination} lies outside the scope of its policy")
    return made


def explain(determination: Determination) -> Explanation:
    """Return every criterion with its answer, and what single answer would alter the outcome."""
    version = determination.policy_version
    policy = policy_of(version)
    made = remake(determination)
    facts = decode(determination.facts, determination.as_of)
    ids = row_ids(determination.facts)
    rows = _evidence_rows(ids.get(key, key) for f in made.findings for key in f.evidence)
    lines = [
        CriterionLine(
            code=c.code,
            label=c.label,
            kind=c.kind,
            effect=c.effect.value,
            group=c.group,
            answer=f.answer.value,
            reason=f.reason,
            evidence=[rows[row] for key in f.evidence if (row := ids.get(key, key)) in rows],
            missing=f.missing,
            citation=c.citation,
            valid_until=f.valid_until,
            would_change=_alternatives(policy, made, position),
            near_miss=_near_miss(c, f),
            reads=facts_read(facts, c.reads),
            obtained_by=KINDS[c.kind].words.obtained_by if f.missing else "",
        )
        for position, (c, f) in enumerate(zip(policy.criteria, made.findings, strict=True))
    ]
    return Explanation(
        case=str(determination.case.uuid),
        idncase=determination.case.idncase,
        policy={"code": version.code, "version": version.version, "title": version.title},
        engine_version=determination.engine_version,
        as_of=determination.as_of,
        known_at=determination.known_at.isoformat(),
        valid_until=made.valid_until,
        outcome=made.outcome.value,
        leading=made.leading,
        criteria=lines,
        facts={
            name: value
            for name, value in zip(FIELDS, determination.facts.split("|"), strict=True)
            if value
        },
        what_would_change=_sentences(lines, made),
    )


def _alternatives(policy: Policy, made: Determined, position: int) -> dict[str, str]:
    """Return the other answers of one criterion that alone lead to another outcome."""
    changes = {}
    for answer in (Answer.CLEAR, Answer.HOLDS):
        if answer is made.findings[position].answer:
            continue
        findings = list(zip(policy.criteria, made.findings, strict=True))
        findings[position] = (policy.criteria[position], Finding(answer, "what if"))
        unclear = [(c, f) for c, f in findings if f.answer is not Answer.CLEAR]
        outcome, _ = outcome_of(policy, unclear)
        if outcome is not made.outcome:
            changes[answer.value] = outcome.value
    return changes


def _near_miss(criterion: Criterion, finding: Finding) -> dict[str, str]:
    """Return, by answer, what would have to be on record for the criterion to answer otherwise."""
    words = KINDS[criterion.kind].words
    needed = {Answer.CLEAR: words.would_clear, Answer.HOLDS: words.would_hold}
    return {
        answer.value: filled(template, criterion.params)
        for answer, template in needed.items()
        if answer is not finding.answer
    }


def _sentences(lines: list[CriterionLine], made: Determined) -> list[str]:
    sentences = [
        f"If {line.code} ({line.label}) were clear, the outcome would be {better}. "
        f"It takes {line.near_miss['clear']}."
        + (f" To obtain: {line.missing}. {line.obtained_by}" if line.missing else "")
        for line in lines
        if (better := line.would_change.get("clear"))
    ]
    if not sentences and made.leading:
        weighing = ", ".join(
            x.code for x in lines if x.answer != "clear" and Effect(x.effect) in DECIDES
        )
        sentences.append(f"No single answer would change the outcome; it rests on {weighing}.")
    waiting: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.missing:
            waiting[line.missing].append(line.code)
    sentences += [
        f"To obtain: {missing}. {len(codes)} criteria wait for it: {', '.join(codes)}."
        for missing, codes in waiting.items()
        if len(codes) > 1
    ]
    if not made.leading:
        sentences.append("Any one exclusion, referral or block that holds would end the flag.")
    if made.valid_until:
        sentences.append(f"Time alone can change an answer on {made.valid_until}.")
    return sentences


def _evidence_rows(keys: Iterable[str]) -> dict[str, EvidenceLine]:
    """Return the named rows of evidence; one query for each table."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        wanted[key[0]].add(int(key[1:]))
    return {
        f"{letter}{row.pk}": EvidenceLine(
            kind=str(row._meta.verbose_name),
            id=row.pk,
            source=row.source,
            source_record=row.source_record,
            summary=_summary(row),
        )
        for letter, ids in wanted.items()
        for row in EVIDENCE[letter]._default_manager.filter(pk__in=ids)
    }


def _summary(row: Evidence) -> str:
    if isinstance(row, CriminalRecord):
        end = f"{row.disposition or 'no disposition'} {row.disposed_on or ''}"
        return f"{row.family}, {row.severity}, {end}".strip()
    if isinstance(row, ThreatIndicator):
        return f"{row.category} on {row.list_code or 'a list'}, {row.resolution}"
    if isinstance(row, BackgroundCheck):
        return f"{row.kind}, completed {row.completed_on}, {row.result}"
    if isinstance(row, CompletedForm):
        found = ", ".join(row.present) or "nothing it asks about"
        return f"{row.form}, completed {row.completed_on}, found {found}"
    raise TypeError(type(row).__name__)


def stated(made: Determined, facts: str) -> dict[str, Any]:
    """Return all that a determination of facts states, in the form in which it is kept."""
    return {
        "outcome": made.outcome.value,
        "leading": made.leading,
        "findings": [
            {"criterion": code, "answer": answer, "reason": reason, "missing": missing}
            for code, answer, reason, missing in finding_key(made.unclear)
        ],
        "evidence": evidence_text(
            (key for _, finding in made.unclear for key in finding.evidence), row_ids(facts)
        ),
        "valid_until": made.valid_until,
    }


def differs(determination: Determination) -> str | None:
    """Return what a replay of the determination gives that it does not say, or None.

    Compares bytes: outcome, leading criterion, every finding that is not clear with its reason,
    evidence and validity. Only determinations of the present engine are held to it.
    """
    if determination.engine_version != ENGINE_VERSION:
        return None
    policy = policy_of(determination.policy_version)
    made = determine(policy, decode(determination.facts, determination.as_of))
    if made is None:
        return "is out of scope"
    again = stated(made, determination.facts)
    stored = {
        "outcome": determination.outcome,
        "leading": determination.leading,
        "findings": determination.findings,
        "evidence": "{" + ",".join(determination.evidence) + "}",
        "valid_until": determination.valid_until,
    }
    return next((name for name in again if again[name] != stored[name]), None)
