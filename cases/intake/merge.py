"""Merges a staged table into the record: what differs is changed and noted, the new is added."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

from cases.intake.expressions import has_rows, quoted, read
from cases.intake.staging import Staged


def merge(cursor: CursorWrapper, staged: Staged, *, delivery_id: int) -> None:
    """Merge the rows of a table of the courts; a row that is the same writes nothing."""
    table = staged.table
    stored = {c.name: c for c in (table.key, *table.cases, *table.stored)}
    reading = read(staged.name, stored.values())
    rows = (
        f"SELECT {', '.join(f'{text} AS {name}' for name, text in reading.values.items())}"  # noqa: S608
        f" FROM {reading.source} WHERE s.{quoted(table.key.header)} IS NOT NULL"
    )
    staged.changed = change(
        cursor,
        table.db_table,
        table.key.name,
        [name for name in stored if name != table.key.name],
        rows,
        delivery_id=delivery_id,
        case_column=table.cases[0].name,
    )
    staged.added = add(cursor, table.db_table, table.key.name, list(stored), rows)


def add(
    cursor: CursorWrapper, target: str, key: str, columns: list[str], rows: str, *, order: str = ""
) -> int:
    """Insert the rows of a query whose key is not in a table yet; return how many."""
    listed = ", ".join(columns)
    new = f"WHERE NOT EXISTS (SELECT FROM {target} t WHERE t.{key} = n.{key})"
    cursor.execute(
        f"INSERT INTO {target} ({listed}) SELECT {listed} FROM ({rows}) n"  # noqa: S608
        f" {new if has_rows(cursor, target) else ''} {order}"
    )
    return int(cursor.rowcount)


def change(
    cursor: CursorWrapper,
    target: str,
    key: str,
    columns: list[str],
    rows: str,
    *,
    delivery_id: int,
    case_column: str,
    also_set: str = "",
) -> int:
    """Change the rows of a table that differ from a query's, and record what changed in each."""
    if not has_rows(cursor, target):
        return 0
    cursor.execute(
        f"CREATE TEMPORARY TABLE changing ON COMMIT DROP AS SELECT n.* FROM ({rows}) n"  # noqa: S608
        f" JOIN {target} t ON t.{key} = n.{key}"
        f" WHERE ({', '.join(f't.{c}' for c in columns)})"
        f" IS DISTINCT FROM ({', '.join(f'n.{c}' for c in columns)})"
    )
    changed = int(cursor.rowcount)
    if changed:
        cursor.execute("ANALYZE changing")
        compared = ", ".join(f"('{c}', to_jsonb(t.{c}), to_jsonb(n.{c}))" for c in columns)
        cursor.execute(
            'INSERT INTO cases_rowchange (delivery_id, "table", key, idncase, before, after)'  # noqa: S608
            f" SELECT %s, %s, t.{key}, n.{case_column}, c.before, c.after"
            f" FROM changing n JOIN {target} t ON t.{key} = n.{key} CROSS JOIN LATERAL ("
            " SELECT jsonb_object_agg(name, old) AS before, jsonb_object_agg(name, new) AS after"
            f" FROM (VALUES {compared}) AS v (name, old, new)"
            " WHERE old IS DISTINCT FROM new) c",
            [delivery_id, target],
        )
        settings = ", ".join(f"{c} = n.{c}" for c in columns)
        cursor.execute(
            f"UPDATE {target} t SET {settings}{also_set} FROM changing n WHERE t.{key} = n.{key}"  # noqa: S608
        )
    cursor.execute("DROP TABLE changing")
    return changed
