"""Our own evidence format: one JSON object a line, checked, kept whole where it is refused.

`docs/formats.md` describes it. Each line names its source and its key there: the same line again
changes nothing, another line under the same key supersedes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, Self

from django.contrib.auth.models import User
from django.db import connection, transaction
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from cases.models import Respondent
from screening.evidence.offences import family_of
from screening.facts import (
    QUESTIONS,
    CheckKind,
    CheckResult,
    Circumstance,
    Disposition,
    Form,
    IndicatorCategory,
    OffenceFamily,
    Resolution,
    Severity,
    SourceRelation,
    Vacatur,
)
from screening.models import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    EvidenceFile,
    QuarantinedEvidence,
    ThreatIndicator,
)
from screening.models.evidence import Evidence

BATCH = 20_000

ANumber = Annotated[str, StringConstraints(pattern=r"^A?\d{7,9}$")]
Days = Annotated[int, Field(ge=0, le=60_000)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    source_record: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    source_relation: SourceRelation
    a_number: ANumber
    recorded_on: date | None = None


class CriminalRecordLine(_Line):
    type: Literal["criminal_record"]
    ncic: Annotated[str, StringConstraints(pattern=r"^\d{4}$")] | None = None
    family: OffenceFamily | None = None
    severity: Severity = Severity.UNKNOWN
    place: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z]{2})?$")] | None = None
    arrested_on: date | None = None
    charged_on: date | None = None
    disposition: Disposition | None = None
    disposed_on: date | None = None
    sentence_days: Days | None = None
    maximum_days: Days | None = None
    vacated: Vacatur | None = None
    weapon: bool | None = None
    age_at_offence: Annotated[int, Field(ge=0, le=120)] | None = None
    loss_dollars: Annotated[int, Field(ge=0, le=10**15)] | None = None
    victim_minor: bool | None = None


class ThreatIndicatorLine(_Line):
    type: Literal["threat_indicator"]
    category: IndicatorCategory
    list: Annotated[str, StringConstraints(max_length=20)] = ""
    resolution: Resolution
    noted_on: date | None = None
    resolved_on: date | None = None


class BackgroundCheckLine(_Line):
    type: Literal["background_check"]
    kind: CheckKind
    ordered_on: date | None = None
    completed_on: date | None = None
    result: CheckResult
    expires_on: date | None = None


class CompletedFormLine(_Line):
    type: Literal["completed_form"]
    form: Form
    present: tuple[Circumstance, ...] = ()
    completed_on: date

    @model_validator(mode="after")
    def answers_its_questions(self) -> Self:
        if others := sorted(set(self.present) - QUESTIONS[self.form]):
            raise ValueError(f"{self.form} does not ask about {', '.join(others)}")
        return self

    @model_validator(mode="after")
    def states_findings_not_allegations(self) -> Self:
        if FINDINGS & set(self.present) and self.source_relation not in FINDERS:
            raise ValueError("a finding comes from the government or a court")
        return self


AnyLine = CriminalRecordLine | ThreatIndicatorLine | BackgroundCheckLine | CompletedFormLine
LINE: TypeAdapter[AnyLine] = TypeAdapter(Annotated[AnyLine, Field(discriminator="type")])

FINDINGS = {
    Circumstance.FRAUD_FINDING,
    Circumstance.SMUGGLING_FINDING,
    Circumstance.TRAFFICKER_BELIEF,
}
FINDERS = {SourceRelation.GOVERNMENT, SourceRelation.COURT}

PROVENANCE = ("source", "source_record", "source_relation")
TABLES: dict[str, tuple[type[Evidence], tuple[str, ...]]] = {
    "criminal_record": (
        CriminalRecord,
        (
            *("ncic", "family", "severity", "place", "arrested_on", "charged_on", "disposition"),
            *("disposed_on", "sentence_days", "maximum_days", "vacated", "weapon"),
            *("age_at_offence", "loss_dollars", "victim_minor"),
        ),
    ),
    "threat_indicator": (
        ThreatIndicator,
        ("category", "list_code", "resolution", "noted_on", "resolved_on"),
    ),
    "completed_form": (CompletedForm, ("form", "present", "completed_on")),
    "background_check": (
        BackgroundCheck,
        ("kind", "ordered_on", "completed_on", "result", "expires_on"),
    ),
}


@dataclass(slots=True)
class Counts:
    """What became of the lines of a file."""

    read: int = 0
    added: int = 0
    superseded: int = 0
    unchanged: int = 0
    quarantined: int = 0
    refused: list[QuarantinedEvidence] = field(default_factory=list)


@transaction.atomic
def take_in(path: Path, *, by: User) -> EvidenceFile:
    """Take in one NDJSON file, all or nothing; return what became of its lines.

    A line that cannot be read, or whose A-number is not on record, is kept in quarantine. A file
    already taken in is recognised, and changes nothing.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    known = EvidenceFile.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    taken = EvidenceFile.objects.create(name=path.name, sha256=digest, received_by=by)
    counts = Counts()
    with path.open("rb") as file:
        numbered = ((n, raw) for n, raw in enumerate(file, 1) if raw.strip())
        while batch := list(islice(numbered, BATCH)):
            _take_batch(batch, taken, counts)
    QuarantinedEvidence.objects.bulk_create(counts.refused, batch_size=5_000)
    taken.read, taken.added, taken.superseded = counts.read, counts.added, counts.superseded
    taken.unchanged, taken.quarantined = counts.unchanged, len(counts.refused)
    taken.save()
    return taken


def _take_batch(batch: list[tuple[int, bytes]], taken: EvidenceFile, counts: Counts) -> None:
    counts.read += len(batch)
    lines: list[tuple[int, bytes, AnyLine]] = []
    for number, raw in batch:
        try:
            lines.append((number, raw, LINE.validate_json(raw)))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            column = ".".join(str(part) for part in first["loc"][1:])
            counts.refused.append(_refused(taken, number, column, first["msg"], raw))
    people = dict(
        Respondent.objects.filter(
            a_number__in={_nine_digits(line.a_number) for _, _, line in lines}
        ).values_list("a_number", "pk")
    )
    by_table: dict[str, dict[tuple[str, str], tuple[int, AnyLine]]] = {name: {} for name in TABLES}
    for number, raw, line in lines:
        person = people.get(_nine_digits(line.a_number))
        if person is None:
            counts.refused.append(
                _refused(taken, number, "a_number", "No respondent has this A-number.", raw)
            )
            continue
        key = (line.source, line.source_record)
        if key in by_table[line.type]:
            counts.unchanged += 1  # the later line of a batch is the one that counts
        by_table[line.type][key] = (person, line)
    for name, rows in by_table.items():
        if rows:
            _merge(name, rows, taken, counts)


def _refused(
    taken: EvidenceFile, number: int, column: str, reason: str, raw: bytes
) -> QuarantinedEvidence:
    return QuarantinedEvidence(
        received_in=taken,
        line=number,
        column=column[:60],
        reason=reason[:300],
        line_text=raw.decode("utf-8", "replace").rstrip("\r\n").replace("\0", ""),
    )


def _nine_digits(a_number: str) -> str:
    return a_number.removeprefix("A").zfill(9)


def _values(line: AnyLine, columns: tuple[str, ...]) -> Iterator[object]:
    for column in columns:
        if column == "family" and isinstance(line, CriminalRecordLine):
            yield line.family or (family_of(line.ncic) if line.ncic else OffenceFamily.OTHER)
        elif column == "list_code" and isinstance(line, ThreatIndicatorLine):
            yield line.list
        elif column == "present" and isinstance(line, CompletedFormLine):
            yield sorted(line.present)
        elif column in {"ncic", "place"}:
            yield getattr(line, column) or ""
        else:
            yield getattr(line, column)


def _merge(
    name: str,
    rows: dict[tuple[str, str], tuple[int, AnyLine]],
    taken: EvidenceFile,
    counts: Counts,
) -> None:
    """Stage the rows, supersede what differs, and add what is new: two statements."""
    model, own = TABLES[name]
    table = model._meta.db_table
    columns = ("respondent_id", *PROVENANCE, *own)
    listed = ", ".join(columns)
    staged = f"staged_{name}"
    differ = ", ".join(f"e.{c}" for c in columns), ", ".join(f"s.{c}" for c in columns)
    with connection.cursor() as cursor:
        if _exists(staged):
            cursor.execute(f"TRUNCATE {staged}")
        else:
            empty = f"SELECT {listed} FROM {table} LIMIT 0"  # noqa: S608  names of our own
            cursor.execute(f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS {empty}")
        with cursor.copy(f"COPY {staged} ({listed}) FROM STDIN") as copy:
            for person, line in rows.values():
                copy.write_row(
                    (person, *(getattr(line, c) for c in PROVENANCE), *_values(line, own))
                )
        cursor.execute(f"ANALYZE {staged}")
        cursor.execute(
            f"UPDATE {table} e SET superseded_at = now() FROM {staged} s"  # noqa: S608
            f" WHERE e.superseded_at IS NULL AND e.source = s.source"
            f" AND e.source_record = s.source_record"
            f" AND ({differ[0]}) IS DISTINCT FROM ({differ[1]})"
        )
        superseded = cursor.rowcount
        cursor.execute(
            f"INSERT INTO {table} ({listed}, received_in_id, recorded_at)"  # noqa: S608
            f" SELECT {listed}, %s, now() FROM {staged} s WHERE NOT EXISTS (SELECT FROM {table} e"
            f" WHERE e.superseded_at IS NULL AND e.source = s.source"
            f" AND e.source_record = s.source_record)",
            [taken.pk],
        )
        written = cursor.rowcount
    counts.superseded += superseded
    counts.added += written - superseded
    counts.unchanged += len(rows) - written


def _exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"pg_temp.{table}"])
        return bool(cursor.fetchone()[0])


def as_json(taken: EvidenceFile) -> str:
    """Return what became of a file's lines as JSON."""
    names = ("name", "read", "added", "superseded", "unchanged", "quarantined")
    return json.dumps({name: getattr(taken, name) for name in names})
