"""Puts a file into a temporary table, and finds what in it cannot be loaded as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from cases.intake.eoir import Rejected, TableFile
from cases.intake.expressions import has_rows, quoted, read
from cases.intake.tables import PROCEEDINGS, Table

NO_CASE = "no such case is on record"
TWICE = "stands twice"


@dataclass(slots=True, kw_only=True)
class Staged:
    """A file in its staging table, with what became of its rows."""

    file: TableFile
    name: str
    rejected: list[Rejected] = field(default_factory=list)
    added: int = 0
    changed: int = 0

    @property
    def table(self) -> Table:
        return self.file.table


def stage(
    cursor: CursorWrapper, file: TableFile, *, advance: Callable[[int], None] = lambda _bytes: None
) -> Staged:
    """Copy a file into a new temporary table in which `line` is the number in the file.

    Whole numbers that we store are numbers there, since the reader has seen them; all else is text.
    """
    name = f"staged_{file.table.db_table}"
    columns = ", ".join(
        f"{quoted(c.name)} {'bigint' if c.whole_number else 'text'}" for c in file.columns
    )
    cursor.execute(
        f"CREATE TEMPORARY TABLE {name} (line bigint GENERATED ALWAYS AS IDENTITY (START 2),"
        f" {columns}) ON COMMIT DROP"
    )
    listed = ", ".join(quoted(c.name) for c in file.columns)
    with cursor.copy(f"COPY {name} ({listed}) FROM STDIN (NULL '')") as copy:
        for block in file.blocks():
            copy.write(block)
            advance(len(block))
    return Staged(file=file, name=name, rejected=list(file.rejected))


def reject_duplicates(cursor: CursorWrapper, staged: Staged) -> None:
    """Keep the first row of a key and reject the others."""
    key = quoted(staged.table.key.header)
    # Counting first is three times as fast as grouping, and there are hardly ever any.
    cursor.execute(f"SELECT count({key}), count(DISTINCT {key}) FROM {staged.name}")  # noqa: S608
    rows, different = cursor.fetchone()
    if rows == different:
        return
    cursor.execute(
        f"DELETE FROM {staged.name} s USING (SELECT {key}, min(line) AS first"  # noqa: S608
        f" FROM {staged.name} WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1) twice"
        f" WHERE s.{key} = twice.{key} AND s.line > twice.first RETURNING s.line, {_case(staged)}"
    )
    staged.rejected += [
        Rejected(line=line, column=staged.table.key.header, reason=TWICE, idncase=idncase)
        for line, idncase in cursor.fetchall()
    ]


def _case(staged: Staged) -> str:
    """Return the column that says which case a row is of."""
    column = staged.table.cases[0] if staged.table.cases else staged.table.key
    return f"s.{quoted(column.header)}"


def check(
    cursor: CursorWrapper, staged: Staged, lookups: dict[str, frozenset[str]], *, delivery_id: int
) -> None:
    """Reject rows without their case, and note what is left out or unexplained in the others.

    One pass. A row of which the proceeding is missing is loaded, since its case is on record.
    """
    table = staged.table
    reading = read(staged.name, table.stored)
    source, missing = [reading.source], []
    found = [(header, "bad-value", test) for header, test in reading.left_out.items()]
    arguments: list[list[str]] = []
    for number, column in enumerate(table.cases):
        text = f"s.{quoted(column.header)}"
        source.append(f"LEFT JOIN known_case k{number} ON k{number}.idncase = {text}")
        missing.append((column.header, NO_CASE, f"k{number}.idncase IS NULL"))
    if table.parent is not None and has_rows(cursor, PROCEEDINGS.db_table):
        text = f"s.{quoted(table.parent.header)}"
        source.append(f"LEFT JOIN {PROCEEDINGS.db_table} p ON p.idnproceeding = {text}")
        test = f"{text} IS NOT NULL AND p.idnproceeding IS NULL"
        found.append((table.parent.header, "missing-parent", test))
    for column in table.stored:
        if codes := lookups.get(column.lookup.lower()):
            test = f"s.{quoted(column.header)} <> ALL (%s::text[])"
            found.append((column.header, "unknown-code", test))
            arguments.append(sorted(codes))
    every = [*missing, *found]
    if not every:
        return
    values = ", ".join(
        f"('{header}', '{kind}', s.{quoted(header)}::text, {test})" for header, kind, test in every
    )
    either = " OR ".join(f"({test})" for *_, test in every)
    cursor.execute(
        "CREATE TEMPORARY TABLE problem ON COMMIT DROP AS"  # noqa: S608
        f" SELECT s.line, {_case(staged)} AS idncase, v.header, v.kind, v.value"
        f" FROM {' '.join(source)} CROSS JOIN LATERAL (VALUES {values}) v"
        f" (header, kind, value, found) WHERE s.{quoted(table.key.header)} IS NOT NULL"
        f" AND ({either}) AND v.found",
        arguments * 2,
    )
    _reject_without_case(cursor, staged)
    cursor.execute(
        'INSERT INTO cases_intakenote (delivery_id, kind, file, line, "column", value)'
        " SELECT %s, kind, %s, line, header, coalesce(left(value, 200), '') FROM problem"
        " WHERE kind <> %s ORDER BY line",
        [delivery_id, staged.file.path.name, NO_CASE],
    )
    cursor.execute("DROP TABLE problem")


def _reject_without_case(cursor: CursorWrapper, staged: Staged) -> None:
    cursor.execute(
        "SELECT DISTINCT ON (line) line, header, idncase FROM problem WHERE kind = %s"
        " ORDER BY line, header",
        [NO_CASE],
    )
    staged.rejected += [
        Rejected(line=line, column=header, reason=NO_CASE, idncase=idncase)
        for line, header, idncase in cursor.fetchall()
    ]
    if cursor.rowcount:
        cursor.execute("ANALYZE problem")
        cursor.execute(
            f"WITH gone AS (DELETE FROM {staged.name} s USING problem p"  # noqa: S608
            " WHERE p.line = s.line AND p.kind = %s RETURNING s.line)"
            " DELETE FROM problem WHERE kind <> %s AND line IN (SELECT line FROM gone)",
            [NO_CASE, NO_CASE],
        )
