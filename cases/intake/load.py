"""Loads a delivery: stage, check, merge, in one transaction, all or nothing.

A row that a newer delivery does not have stays on record: EOIR's tables only grow, and a partial
delivery is common. The same rows again write nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cases.intake import expressions, identities, people, standing
from cases.intake.delivery import Delivery as Files
from cases.intake.delivery import DeliveryRefused, find
from cases.intake.eoir import Rejected, open_table
from cases.intake.expressions import quoted, read
from cases.intake.lookups import load_lookups
from cases.intake.merge import add, change, merge
from cases.intake.staging import Staged, check, reject_duplicates, stage
from cases.intake.tables import CASES, CHILDREN, TABLES
from cases.models import DeliveredFile, Delivery, IntakeNote, QuarantinedRow
from cases.statistics import release

__all__ = ["DeliveryRefused", "load", "orphans"]

Tell = Callable[[str, float], None]
"""Hears of each step, and of the share of the work that is done."""

OF_THE_RESPONDENT = frozenset({"nationality_code", "language_code", "sex", "birth_date"})
CASE_COLUMNS = [c.name for c in CASES.stored if c.name not in OF_THE_RESPONDENT]
SHARE_OF_READING = 0.4


def load(path: Path, *, by: User, tell: Tell = lambda _step, _done: None) -> tuple[Delivery, bool]:
    """Load the delivery in a directory; return it, and whether it is new.

    Raises DeliveryRefused, and nothing is applied.
    """
    files = find(path)
    tell("hashing", 0.0)
    digest = files.sha256()
    known = Delivery.objects.filter(sha256=digest).first()
    if known is not None:
        return known, False
    started = monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        # Two deliveries at once would each miss what the other adds.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.intake'))")
        delivery = Delivery.objects.create(sha256=digest, received_by=by)
        # A table that the planner last saw empty would be scanned once per row that is added to
        # it, and by then it is full: hours instead of seconds.
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '256MB'")
        _load(cursor, files, delivery, tell)
        tell("counting", 1.0)
        release.refresh()
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT")
        delivery.seconds = monotonic() - started
        delivery.save(update_fields=["seconds"])
    return delivery, True


def orphans() -> dict[str, int]:
    """Return how many rows of each table hang on no case; the merge leaves none."""
    found = {}
    with connection.cursor() as cursor:
        for table in CHILDREN:
            missing = " OR ".join(
                f"NOT EXISTS (SELECT FROM cases_case c WHERE c.idncase = t.{column.name})"
                for column in table.cases
            )
            cursor.execute(f"SELECT count(*) FROM {table.db_table} t WHERE {missing}")  # noqa: S608
            (found[table.name],) = cursor.fetchone()
    return found


def _load(cursor: CursorWrapper, files: Files, delivery: Delivery, tell: Tell) -> None:
    announced = files.announced()
    lookups = load_lookups(files.lookups)
    opened = [open_table(files.tables[t.name], t) for t in TABLES if t.name in files.tables]
    expressions.create_tables(cursor)
    steps = _Steps(files, tell)
    staged = []
    for file in opened:
        steps.reading(file.path)
        staged.append(stage(cursor, file, advance=steps.advance))
        reject_duplicates(cursor, staged[-1])
    cases, *children = staged
    if not cases.file.rows:
        raise DeliveryRefused("the file has a header and no rows.", file=cases.file.path.name)
    key = quoted(CASES.key.header)
    cursor.execute(
        "CREATE TEMPORARY TABLE known_case (idncase bigint PRIMARY KEY) ON COMMIT DROP;"  # noqa: S608
        f" INSERT INTO known_case SELECT {key} FROM {cases.name} WHERE {key} IS NOT NULL"
        "; INSERT INTO known_case SELECT c.idncase FROM cases_case c WHERE c.idncase IS NOT NULL"
        f" AND NOT EXISTS (SELECT FROM {cases.name} s WHERE s.{key} = c.idncase);"
        " ANALYZE known_case"
    )
    # Python checks the identities one by one, and has nothing else to do while the server merges.
    with TemporaryFile() as text, ThreadPoolExecutor(max_workers=1) as reader:
        reading = reader.submit(people.read_identities, files.identities, text)
        for one in children:
            if reading.done():  # a file that is not ours is refused before more is merged
                reading.result()
            steps.merging(one.file.path)
            check(cursor, one, lookups, delivery_id=delivery.pk)
            merge(cursor, one, delivery_id=delivery.pk)
            _analyze_keys(cursor, one)
        if files.identities is not None:
            steps.merging(files.identities)
        persons = reading.result()
        people.stage_identities(cursor, persons, text)
    steps.merging(cases.file.path)
    check(cursor, cases, lookups, delivery_id=delivery.pk)
    _merge_cases(cursor, cases, children, persons, delivery_id=delivery.pk)
    for one in staged:
        _record(one, delivery, announced)
    _record_identities(persons, delivery, announced)
    _drop_temporary_tables(cursor)


class _Steps:
    """Says how far the loading has come, by the bytes of the files."""

    def __init__(self, files: Files, tell: Tell) -> None:
        paths = [*files.tables.values(), *([files.identities] if files.identities else [])]
        self.sizes = {path: path.stat().st_size for path in paths}
        self.total = sum(self.sizes.values()) or 1
        self.tell = tell
        self.step = ""
        self.read = self.merged = 0.0

    def reading(self, path: Path) -> None:
        self.step = f"reading {path.name}"
        self._say()

    def advance(self, size: int) -> None:
        self.read = min(self.read + size, self.total)
        self._say()

    def merging(self, path: Path) -> None:
        self.step, self.read = f"merging {path.name}", self.total
        self._say()
        self.merged += self.sizes[path]

    def _say(self) -> None:
        rest = 1 - SHARE_OF_READING
        done = SHARE_OF_READING * self.read / self.total + rest * self.merged / self.total
        self.tell(self.step, done)


def _analyze_keys(cursor: CursorWrapper, one: Staged) -> None:
    """Tell the planner of the rows just merged, as far as joining them needs; the rest can wait."""
    if one.added:
        names = [one.table.key.name, *(column.name for column in one.table.cases)]
        cursor.execute(f"ANALYZE {one.table.db_table} ({', '.join(names)})")


def _drop_temporary_tables(cursor: CursorWrapper) -> None:
    """Drop what was staged now, so that one transaction can load several deliveries."""
    cursor.execute(
        "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class"
        " WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
    )
    (names,) = cursor.fetchone()
    cursor.execute(f"DROP TABLE {names}")


def _merge_cases(
    cursor: CursorWrapper,
    cases: Staged,
    children: list[Staged],
    persons: people.StagedIdentities,
    *,
    delivery_id: int,
) -> None:
    """Derive where each case stands, and add or change the cases: each is written once."""
    reading = read(cases.name, (CASES.key, *CASES.stored))
    cursor.execute(
        "CREATE TEMPORARY TABLE incoming_case ON COMMIT DROP AS"  # noqa: S608
        f" SELECT {', '.join(f'{text} AS {name}' for name, text in reading.values.items())}"
        f" FROM {reading.source} WHERE s.{quoted(CASES.key.header)} IS NOT NULL;"
        " ANALYZE incoming_case"
    )
    cursor.execute(
        "SELECT EXISTS (SELECT FROM known_case k WHERE NOT EXISTS"
        " (SELECT FROM incoming_case i WHERE i.idncase = k.idncase))"
    )
    (others_on_record,) = cursor.fetchone()
    touched = ["SELECT idncase FROM incoming_case"]
    if others_on_record:
        touched.append("SELECT idncase FROM staged_identity")
        touched += [
            f"SELECT {quoted(column.header)} FROM {one.name}"  # noqa: S608
            for one in children
            for column in one.table.cases
        ]
    delivered = frozenset(one.table.name for one in [cases, *children]) | _delivered_before()
    standing.touch(cursor, touched, delivered=delivered)
    standing.create_courts(cursor)
    standing.derive(cursor, delivered=delivered)
    people.put_on_record(cursor, persons, delivery_id=delivery_id)
    given = ", ".join(f"i.{name}" for name in CASE_COLUMNS)
    derived = [f"d.{name}" for name in standing.DERIVED if name != "represented"]
    counsel = "{}.counsel_since IS NOT NULL OR d.represented AS represented"
    rows = (
        f"SELECT i.idncase, o.respondent_id, {given}, {', '.join(derived)},"  # noqa: S608
        f" {counsel.format('i')} FROM incoming_case i"
        " JOIN standing d USING (idncase) JOIN respondent_of o USING (idncase)"
    )
    columns = ["respondent_id", *CASE_COLUMNS, *standing.DERIVED]
    raise_version = ", version = t.version + 1, changed_at = now()"
    changed = change(
        cursor,
        "cases_case",
        "idncase",
        columns,
        rows,
        delivery_id=delivery_id,
        case_column="idncase",
        also_set=raise_version,
    )
    # Cases on record that this delivery has other rows of, but not the row of the case itself.
    changed += change(
        cursor,
        "cases_case",
        "idncase",
        ["respondent_id", *standing.DERIVED],
        "SELECT d.idncase, coalesce(o.respondent_id, c.respondent_id) AS respondent_id,"  # noqa: S608
        f" {', '.join(derived)}, {counsel.format('c')}"
        " FROM standing d JOIN cases_case c USING (idncase)"
        " LEFT JOIN respondent_of o USING (idncase)"
        " WHERE NOT EXISTS (SELECT FROM incoming_case i WHERE i.idncase = d.idncase)",
        delivery_id=delivery_id,
        case_column="idncase",
        also_set=raise_version,
    )
    cases.added = add(
        cursor,
        "cases_case",
        "idncase",
        ["idncase", *columns],
        rows,
        order="ORDER BY n.respondent_id",
    )
    cases.changed = _changed_rows(cursor, delivery_id)
    cursor.execute("ANALYZE cases_case; ANALYZE cases_respondent")


def _delivered_before() -> frozenset[str]:
    names = DeliveredFile.objects.values_list("name", flat=True).distinct()
    stems = {name.lower().removesuffix(".csv") for name in names}
    return frozenset(table.name for table in TABLES if table.name.lower() in stems)


def _changed_rows(cursor: CursorWrapper, delivery_id: int) -> int:
    """Return in how many rows of the cases' own file something changed: of the case or its person.

    What was derived from other files, or changed by an identity, is not a change of these rows.
    """
    cursor.execute(
        "SELECT count(DISTINCT c.idncase) FROM cases_rowchange c JOIN incoming_case USING (idncase)"
        " LEFT JOIN incoming_respondent n ON c.table = 'cases_respondent' AND n.id = c.key"
        " WHERE c.delivery_id = %s"
        " AND (c.table = 'cases_case' AND jsonb_exists_any(c.after, %s)"
        "  OR c.table = 'cases_respondent' AND jsonb_exists_any(c.after, %s)"
        "  OR c.table = 'cases_respondent' AND n.named_by IS NULL)",
        [delivery_id, CASE_COLUMNS, list(people.BY_COURT)],
    )
    return int(cursor.fetchone()[0])


def _record(one: Staged, delivery: Delivery, announced: dict[str, int]) -> None:
    """Keep the quarantined rows and the reader's notes of a file, and its numbers."""
    name = one.file.path.name
    by_line = {rejected.line: rejected for rejected in one.rejected}
    texts = dict(one.file.texts(by_line))
    _quarantine(delivery, name, ((row, texts[line]) for line, row in by_line.items()))
    IntakeNote.objects.bulk_create(
        [
            IntakeNote(
                delivery=delivery,
                kind=remark.kind,
                file=name,
                line=remark.line,
                column=remark.column,
                value=remark.value,
            )
            for remark in one.file.remarks
            if remark.line not in by_line
        ],
        batch_size=5_000,
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
        (
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
        ),
        batch_size=5_000,
    )


def _record_identities(
    persons: people.StagedIdentities, delivery: Delivery, announced: dict[str, int]
) -> None:
    if persons.path is None:
        return
    name = persons.path.name
    texts = identities.texts(persons.path, {row.line for row in persons.rejected})
    _quarantine(delivery, name, ((row, texts[row.line]) for row in persons.rejected))
    rejected = len(persons.rejected)
    DeliveredFile.objects.create(
        delivery=delivery,
        name=name,
        announced=announced.get(persons.path.stem.lower()),
        read=persons.rows,
        added=persons.added,
        changed=persons.changed,
        unchanged=persons.rows - rejected - persons.added - persons.changed,
        repaired=0,
        quarantined=rejected,
    )
