"""Loads a delivery: stage, check, merge, in one transaction, all or nothing.

A row that a newer delivery does not have stays on record: EOIR's tables only grow, and a partial
delivery is common. The same rows again write nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cases.intake import people, standing
from cases.intake.codes import FILING_CHANNEL
from cases.intake.delivery import IDENTITIES, DeliveryRefused, find
from cases.intake.delivery import Delivery as Files
from cases.intake.eoir import Rejected, decode, open_table
from cases.intake.expressions import quoted, value
from cases.intake.merge import change, merge
from cases.intake.staging import (
    Staged,
    reject_duplicates,
    reject_without_case,
    remark_on_parents,
    remark_on_values,
    stage,
)
from cases.intake.tables import CASES, TABLES
from cases.models import CodeMeaning, DeliveredFile, Delivery, QuarantinedRow

__all__ = ["DeliveryRefused", "load"]

OF_THE_RESPONDENT = frozenset({"nationality_code", "language_code", "sex", "birth_date"})
CASE_COLUMNS = [c.name for c in CASES.stored if c.name not in OF_THE_RESPONDENT]


def load(
    path: Path, *, by: User, tell: Callable[[str], None] = lambda _step: None
) -> tuple[Delivery, bool]:
    """Load the delivery in a directory; return it, and whether it is new.

    `tell` hears of each step. Raises DeliveryRefused, and nothing is applied.
    """
    files = find(path)
    tell("hashing")
    digest = files.sha256()
    known = Delivery.objects.filter(sha256=digest).first()
    if known is not None:
        return known, False
    started = monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        delivery = Delivery.objects.create(sha256=digest, received_by=by)
        _load(cursor, files, delivery, tell)
        delivery.seconds = monotonic() - started
        delivery.save(update_fields=["seconds"])
    return delivery, True


def _load(
    cursor: CursorWrapper, files: Files, delivery: Delivery, tell: Callable[[str], None]
) -> None:
    announced = files.announced()
    lookups = _load_lookups(files)
    opened = [open_table(files.tables[t.name], t) for t in TABLES if t.name in files.tables]
    staged = []
    for file in opened:
        tell(f"reading {file.path.name}")
        staged.append(stage(cursor, file))
    for one in staged:
        reject_duplicates(cursor, one)
    cases, *children = staged
    key = quoted(CASES.key.header)
    cursor.execute(
        "CREATE TEMPORARY TABLE known_case ON COMMIT DROP AS"  # noqa: S608
        f" SELECT {key}::bigint AS idncase FROM {cases.name} WHERE {key} IS NOT NULL"
        " UNION SELECT idncase FROM cases_case WHERE idncase IS NOT NULL"
    )
    cursor.execute("ANALYZE known_case")
    for one in children:
        tell(f"merging {one.file.path.name}")
        reject_without_case(cursor, one, "known_case")
        remark_on_values(cursor, one, lookups)
        merge(cursor, one, delivery.pk)
        remark_on_parents(cursor, one)
        cursor.execute(f"ANALYZE {one.table.db_table}")
    tell("merging cases")
    remark_on_values(cursor, cases, lookups)
    identities = people.stage_identities(cursor, files.identities)
    _merge_cases(cursor, cases, children, delivery.pk)
    tell("recording what was found")
    for one in staged:
        _record(cursor, one, delivery, announced)
    if files.identities is not None:
        _record_identities(delivery, *identities)
    _drop_temporary_tables(cursor)


def _drop_temporary_tables(cursor: CursorWrapper) -> None:
    """Drop what was staged now, so that one transaction can load several deliveries."""
    cursor.execute(
        "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class"
        " WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
    )
    (names,) = cursor.fetchone()
    cursor.execute(f"DROP TABLE {names}")


def _merge_cases(
    cursor: CursorWrapper, cases: Staged, children: list[Staged], delivery_id: int
) -> None:
    """Derive where each case stands, and add or change the cases: each is written once."""
    key = quoted(CASES.key.header)
    columns = ", ".join(f"{value(c)} AS {c.name}" for c in (CASES.key, *CASES.stored))
    cursor.execute(
        f"CREATE TEMPORARY TABLE incoming_case ON COMMIT DROP AS SELECT {columns}"  # noqa: S608
        f" FROM {cases.name} s WHERE s.{key} IS NOT NULL"
    )
    cursor.execute("ANALYZE incoming_case")
    others = "".join(
        f" UNION SELECT s.{quoted(column.header)}::bigint FROM {one.name} s"  # noqa: S608
        f" WHERE s.{quoted(column.header)} IS NOT NULL"
        for one in children
        for column in one.table.cases
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE touched ON COMMIT DROP AS"  # noqa: S608
        f" SELECT idncase FROM incoming_case{others}"
    )
    cursor.execute("ANALYZE touched")
    standing.create_courts(cursor)
    standing.derive(cursor)
    people.put_on_record(cursor)
    channel = " ".join(
        f"WHEN '{code}' THEN '{channel}'" for code, channel in FILING_CHANNEL.items()
    )
    given = ", ".join(
        f"CASE i.filing_channel {channel} END AS filing_channel"
        if name == "filing_channel"
        else f"i.{name}"
        for name in CASE_COLUMNS
    )
    derived = ", ".join(
        "d.represented OR i.counsel_since IS NOT NULL AS represented"
        if name == "represented"
        else f"d.{name}"
        for name in standing.DERIVED
    )
    rows = (
        f"SELECT i.idncase, o.respondent_id, {given}, {derived} FROM incoming_case i"  # noqa: S608
        " JOIN standing d USING (idncase) JOIN respondent_of o USING (idncase)"
    )
    columns_of_case = ["respondent_id", *CASE_COLUMNS, *standing.DERIVED]
    raise_version = ", version = t.version + 1, changed_at = now()"
    cases.changed = change(
        cursor,
        "cases_case",
        "idncase",
        columns_of_case,
        rows,
        delivery_id=delivery_id,
        case_column="idncase",
        also_set=raise_version,
    )
    own = [name for name in standing.DERIVED if name != "represented"]
    change(
        cursor,
        "cases_case",
        "idncase",
        own,
        "SELECT d.* FROM standing d WHERE NOT EXISTS"
        " (SELECT FROM incoming_case i WHERE i.idncase = d.idncase)",
        delivery_id=delivery_id,
        case_column="idncase",
        also_set=raise_version,
    )
    listed = ", ".join(["idncase", *columns_of_case])
    cursor.execute(
        f"INSERT INTO cases_case ({listed}) SELECT {listed} FROM ({rows}) n"  # noqa: S608
        " WHERE NOT EXISTS (SELECT FROM cases_case t WHERE t.idncase = n.idncase)"
        " ORDER BY respondent_id"
    )
    cases.added = cursor.rowcount
    cursor.execute("ANALYZE cases_case")
    cursor.execute("ANALYZE cases_respondent")


def _load_lookups(files: Files) -> dict[str, frozenset[str]]:
    """Put the delivered code tables on record; return their codes by table in lower case."""
    codes: dict[str, frozenset[str]] = {}
    meanings: dict[tuple[str, str, str], str] = {}
    for name, path in files.lookups.items():
        entries = read_lookup(path.read_bytes(), name)
        codes[name.lower()] = frozenset(code for code, _, _ in entries)
        for code, qualifier, description in entries:
            meanings[name[:60], code[:40], qualifier[:20]] = description[:300]
    CodeMeaning.objects.bulk_create(
        [
            CodeMeaning(table=table, code=code, qualifier=qualifier, description=description)
            for (table, code, qualifier), description in meanings.items()
        ],
        update_conflicts=True,
        unique_fields=["table", "code", "qualifier"],
        update_fields=["description"],
        batch_size=2_000,
    )
    return codes


def read_lookup(raw: bytes, name: str) -> list[tuple[str, str, str]]:
    """Return code, qualifier and description of each entry of a code table.

    TABs or commas; the first column named like a code is the code, so that `NA` stays a code.
    Raises DeliveryRefused where no column is.
    """
    text = decode(raw.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf"))
    tabs = "\t" in text.partition("\n")[0]
    rows = csv.reader(
        text.splitlines(),
        delimiter="\t" if tabs else ",",
        quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL,
    )
    header = [h.strip().lower() for h in next(rows, [])]
    code_at = next((i for i, h in enumerate(header) if "code" in h), None)
    if code_at is None:
        raise DeliveryRefused("no column is named like a code.", file=f"{name}.csv", line=1)
    text_at = next((i for i, h in enumerate(header) if "desc" in h or "name" in h), None)
    qualifiers = [i for i, h in enumerate(header) if h in {"strcasetype", "strdectype"}]

    def at(row: list[str], index: int | None) -> str:
        return row[index].strip() if index is not None and index < len(row) else ""

    return [
        (at(row, code_at), " ".join(at(row, i) for i in qualifiers), at(row, text_at))
        for row in rows
        if at(row, code_at)
    ]


def _record(
    cursor: CursorWrapper, one: Staged, delivery: Delivery, announced: dict[str, int]
) -> None:
    """Keep the quarantined rows and the notes of a file, and its numbers."""
    name = one.file.path.name
    by_line = {rejected.line: rejected for rejected in one.rejected}
    texts = dict(one.file.texts(by_line))
    _quarantine(
        delivery, name, ((rejected, texts.get(line, "")) for line, rejected in by_line.items())
    )
    columns = ("delivery_id", "kind", "file", "line", '"column"', "value")
    with cursor.copy(f"COPY cases_intakenote ({', '.join(columns)}) FROM STDIN") as copy:
        for remark in one.remarks:
            copy.write_row(
                (delivery.pk, remark.kind, name, remark.line, remark.column, remark.value)
            )
    loaded = one.file.rows - len(by_line)
    DeliveredFile.objects.create(
        delivery=delivery,
        name=name,
        announced=announced.get(one.table.name.lower()),
        read=one.file.rows,
        added=one.added,
        changed=one.changed,
        unchanged=loaded - one.added - one.changed,
        repaired=one.file.repaired,
        quarantined=len(by_line),
    )


def _quarantine(delivery: Delivery, name: str, rejected: Iterable[tuple[Rejected, str]]) -> None:
    QuarantinedRow.objects.bulk_create(
        [
            QuarantinedRow(
                delivery=delivery,
                file=name,
                line=row.line,
                column=row.column,
                reason=row.reason[:200],
                row_text=text,
                idncase=row.idncase,
            )
            for row, text in rejected
        ],
        batch_size=5_000,
    )


def _record_identities(delivery: Delivery, rows: int, rejected: list[tuple[Rejected, str]]) -> None:
    _quarantine(delivery, IDENTITIES, rejected)
    DeliveredFile.objects.create(
        delivery=delivery,
        name=IDENTITIES,
        read=rows,
        added=rows - len(rejected) if is_first(delivery) else 0,
        changed=0,
        unchanged=0 if is_first(delivery) else rows - len(rejected),
        repaired=0,
        quarantined=len(rejected),
    )


def is_first(delivery: Delivery) -> bool:
    return not Delivery.objects.exclude(pk=delivery.pk).exists()
