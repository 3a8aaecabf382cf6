"""Puts a file into a temporary table of text, and finds what in it cannot be loaded as it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from cases.intake.delivery import DeliveryRefused
from cases.intake.eoir import Rejected, Remark, TableFile
from cases.intake.expressions import quoted, valid
from cases.intake.tables import Table


@dataclass(slots=True, kw_only=True)
class Staged:
    """A file in its staging table, with what was found about its rows."""

    file: TableFile
    table: Table
    name: str
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    added: int = 0
    changed: int = 0


def stage(cursor: CursorWrapper, file: TableFile) -> Staged:
    """Copy a file into a new temporary table in which `line` is the number in the file."""
    name = f"staged_{file.table.db_table}"
    columns = ", ".join(f"{quoted(c.name)} text" for c in file.columns)
    cursor.execute(
        f"CREATE TEMPORARY TABLE {name} (line bigint GENERATED ALWAYS AS IDENTITY (START 2),"
        f" {columns}) ON COMMIT DROP"
    )
    listed = ", ".join(quoted(c.name) for c in file.columns)
    with cursor.copy(f"COPY {name} ({listed}) FROM STDIN (NULL '')") as copy:
        for block in file.blocks():
            copy.write(block)
    if not file.rows:
        raise DeliveryRefused("the file has a header and no rows.", file=file.path.name)
    joined = dict.fromkeys(quoted(c.header) for c in (file.table.key, *file.table.cases))
    cursor.execute(f"ANALYZE {name} ({', '.join(joined)})")
    return Staged(
        file=file,
        table=file.table,
        name=name,
        rejected=list(file.rejected),
        remarks=list(file.remarks),
    )


def reject_duplicates(cursor: CursorWrapper, staged: Staged) -> None:
    """Keep the first row of a key and reject the others."""
    key = quoted(staged.table.key.header)
    cursor.execute(
        f"DELETE FROM {staged.name} USING (SELECT line, row_number() OVER (PARTITION BY {key}"  # noqa: S608
        f" ORDER BY line) AS place FROM {staged.name} WHERE {key} IN (SELECT {key} FROM"
        f" {staged.name} WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1)) AS twice"
        f" WHERE {staged.name}.line = twice.line AND twice.place > 1 RETURNING twice.line"
    )
    _reject(
        staged, [line for (line,) in cursor.fetchall()], staged.table.key.header, "stands twice"
    )


def reject_without_case(cursor: CursorWrapper, staged: Staged, cases: str) -> None:
    """Reject rows whose case is neither on record nor in the delivery."""
    for column in staged.table.cases:
        header = quoted(column.header)
        cursor.execute(
            f"DELETE FROM {staged.name} s WHERE s.{header} IS NOT NULL"  # noqa: S608
            f" AND NOT EXISTS (SELECT FROM {cases} k WHERE k.idncase = s.{header}::bigint)"
            f" RETURNING s.line"
        )
        lines = [line for (line,) in cursor.fetchall()]
        _reject(staged, lines, column.header, "no such case is on record")


def _reject(staged: Staged, lines: list[int], column: str, reason: str) -> None:
    staged.rejected += [Rejected(line=line, column=column, reason=reason) for line in lines]


def remark_on_values(
    cursor: CursorWrapper, staged: Staged, lookups: dict[str, frozenset[str]]
) -> None:
    """Note the values that are left out, and the codes that the delivered lookups do not have."""
    tests: list[tuple[str, str, str]] = []
    arguments: list[list[str]] = []
    for column in staged.table.stored:
        text = f"s.{quoted(column.header)}"
        if condition := valid(column):
            tests.append((column.header, "bad-value", f"NOT ({condition})"))
            arguments.append([])
        if codes := lookups.get(column.lookup.lower()):
            tests.append((column.header, "unknown-code", f"{text} <> ALL (%s::text[])"))
            arguments.append(sorted(codes))
    if not tests:
        return
    values = ", ".join(
        f"('{header}', '{kind}', s.{quoted(header)}, {test})" for header, kind, test in tests
    )
    either = " OR ".join(test for *_, test in tests)
    given = [codes for codes in arguments if codes]
    cursor.execute(
        f"SELECT s.line, v.* FROM (SELECT * FROM {staged.name} s WHERE {either} OFFSET 0) s"  # noqa: S608
        f" CROSS JOIN LATERAL (VALUES {values}) AS v (header, kind, value, found) WHERE v.found",
        [*given, *given],
    )
    staged.remarks += [
        Remark(line=line, kind=kind, column=header, value=(value or "")[:200])
        for line, header, kind, value, _ in cursor.fetchall()
    ]


def remark_on_parents(cursor: CursorWrapper, staged: Staged) -> None:
    """Note the rows whose proceeding is not on record; they are loaded, since their case is."""
    if staged.table.parent is None:
        return
    header = quoted(staged.table.parent.header)
    cursor.execute(
        f"SELECT s.line, s.{header} FROM {staged.name} s WHERE s.{header} IS NOT NULL"  # noqa: S608
        f" AND NOT EXISTS (SELECT FROM cases_proceeding p"
        f" WHERE p.idnproceeding = s.{header}::bigint)"
    )
    column = staged.table.parent.header
    staged.remarks += [
        Remark(line=line, kind="missing-parent", column=column, value=value)
        for line, value in cursor.fetchall()
    ]
