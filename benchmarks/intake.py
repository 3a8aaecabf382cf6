"""Taking in a delivery: ours, and the floor of hand-written plain SQL on the same files.

    python -m benchmarks.intake --cases 100000 [--json] [--repeat 3]

Ours is `cases.intake.load.load`, from the hashing of the files to the commit. The floor copies the
bytes of the ten tables into temporary tables of text and merges each with one INSERT ... SELECT
into an empty table with the same columns and indexes: the conversions of ours, an anti-join on the
key, and an EXISTS on the case. Both are one transaction on one connection.

The floor does much less. Its files are cleaned before its time begins: NULs, blanks at the ends of
fields, rows with a wrong number of fields or without their keys, and second rows of a key are gone.
It hashes nothing, reads neither lookups nor identities, writes no note, quarantine or numbers of a
file, compares no row with the one on record, derives nothing of where a case stands (court, status,
counsel, hearings, family, ...), and gathers no statistics for the planner. Each case gets a
respondent of its own, with what the case's row says of the person and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.scratch import scratch_database

if TYPE_CHECKING:
    from cases.intake.eoir import TableFile
    from cases.intake.tables import Stored, Table

BLOCK_BYTES = 1 << 20
BLANKS = re.compile(rb" +(?=\t|\Z)")
# COPY refuses the five bytes that Windows-1252 leaves undefined.
UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
OF_THE_DELIVERY = (
    "delivery",
    "deliveredfile",
    "intakenote",
    "quarantinedrow",
    "rowchange",
    "codemeaning",
)
STANDING = {"status": "'pending'"}  # of every case
UNNAMED = dict.fromkeys(("family_name", "given_names", "fin", "fbi_number"), "''")


def clean(file: TableFile, target: Path) -> int:
    """Write the rows of a file that plain SQL can take, without the header; return how many."""
    names = [column.name for column in file.columns]
    table = file.table
    whole = {c.header: c.kind == "key" for c in (table.key, *table.cases, *table.stored)}
    keys = [(i, whole[c.name]) for i, c in enumerate(file.columns) if c.whole_number]
    key_at = names.index(table.key.header)
    seen: set[bytes] = set()
    _, *lines = file.path.read_bytes().replace(b"\0", b"").replace(b"\r\n", b"\n").split(b"\n")
    with target.open("wb") as out:
        for line in lines:
            row = BLANKS.sub(b"", line)
            fields = row.split(b"\t")
            if file.spare and not any(fields[-file.spare :]):
                del fields[-file.spare :]
            if (
                len(fields) != len(names)
                or UNDEFINED.search(row)
                or fields[key_at] in seen
                or not all(fields[i].isdigit() or not (must or fields[i]) for i, must in keys)
            ):
                continue
            seen.add(fields[key_at])
            out.write(b"\t".join(fields).replace(b"\\", b"\\\\").replace(b"\r", b"\\r") + b"\n")
    return len(seen)


def converted(column: Stored) -> str:
    """Return our conversion; behind a date stands its time of day, since the bytes are raw."""
    from cases.intake.expressions import quoted, value

    text = f"s.{quoted(column.header)}"
    found = value(column)
    return found.replace(text, f"left({text}, 10)") if column.kind == "date" else found


def merges(table: Table) -> list[str]:
    """Return the statements that merge a staged table: for the cases the respondents as well."""
    from cases.intake.codes import FILING_CHANNEL
    from cases.intake.expressions import quoted
    from cases.intake.load import OF_THE_RESPONDENT
    from cases.intake.tables import CASES

    name, key = table.db_table, table.key
    source = (
        f" FROM staged_{name} s WHERE NOT EXISTS (SELECT FROM floor_{name} t"
        f" WHERE t.{key.name} = s.{quoted(key.header)}::bigint)"
    )
    values = {c.name: converted(c) for c in (key, *table.cases, *table.stored)}
    rows = [(name, values)]
    if table is CASES:
        person = {c: values.pop(c) for c in OF_THE_RESPONDENT}
        known = f"({person['birth_date']}) IS NOT NULL"
        person |= UNNAMED | {
            "id": "s.line",
            "birth_precision": f"CASE WHEN {known} THEN 'month' END",
        }
        channels = " ".join(f"WHEN '{a}' THEN '{b}'" for a, b in FILING_CHANNEL.items())
        values["filing_channel"] = f"CASE {values['filing_channel']} {channels} END"
        values |= STANDING | {"respondent_id": "s.line"}
        rows.insert(0, ("cases_respondent", person))
    for column in table.cases:
        source += (
            " AND EXISTS (SELECT FROM floor_cases_case k"
            f" WHERE k.idncase = s.{quoted(column.header)}::bigint)"
        )
    return [
        f"INSERT INTO floor_{into} ({', '.join(given)}) SELECT {', '.join(given.values())}{source}"
        for into, given in rows
    ]


def floor(files: list[tuple[TableFile, Path]]) -> tuple[float, dict[str, int]]:
    """Time the copying and the merging; return the rows by table too."""
    from django.db import connection, transaction

    from cases.intake.expressions import quoted

    names = ["cases_respondent", *(file.table.db_table for file, _ in files)]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TABLE IF EXISTS floor_{name}")
            cursor.execute(f"CREATE TABLE floor_{name} (LIKE {name} INCLUDING ALL)")
    loaded = {}
    started = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for file, path in files:
            headers = [quoted(column.name) for column in file.columns]
            staged = f"staged_{file.table.db_table}"
            cursor.execute(
                f"CREATE TEMPORARY TABLE {staged} (line bigint GENERATED ALWAYS AS IDENTITY,"
                f" {', '.join(f'{header} text' for header in headers)}) ON COMMIT DROP"
            )
            query = f"COPY {staged} ({', '.join(headers)}) FROM STDIN (ENCODING 'WIN1252', NULL '')"
            with path.open("rb") as raw, cursor.copy(query) as copy:
                while block := raw.read(BLOCK_BYTES):
                    copy.write(block)
        for file, _ in files:
            for statement in merges(file.table):
                cursor.execute(statement)
            loaded[file.table.db_table] = cursor.rowcount
    return perf_counter() - started, loaded


def ours(directory: Path) -> tuple[float, dict[str, int], dict[str, float]]:
    """Time a first import; return the rows by table and the seconds of each step too."""
    from django.db import connection

    from cases.accounts import machine_account
    from cases.intake.load import load
    from cases.intake.tables import TABLES

    account = machine_account("intake")
    tables = [f"cases_{name}" for name in (*OF_THE_DELIVERY, "court", "respondent")]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join([*tables, *(t.db_table for t in TABLES)])} CASCADE")
    told: list[tuple[str, float]] = []
    started = perf_counter()
    delivery, _ = load(directory, by=account, tell=lambda step: told.append((step, perf_counter())))
    ended = perf_counter()
    ends = [*(at for _, at in told[1:]), ended]
    steps = {step: end - at for (step, at), end in zip(told, ends, strict=True)}
    added = {file.name.partition(".")[0]: file.added for file in delivery.files.all()}
    return ended - started, {t.db_table: added[t.name] for t in TABLES}, steps


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    with scratch_database("bench_intake"), tempfile.TemporaryDirectory() as temporary:
        from django.core.management import call_command

        from cases.intake.delivery import find
        from cases.intake.eoir import open_table
        from cases.intake.tables import TABLES

        directory = Path(temporary) / "delivery"
        with open(os.devnull, "w") as quiet:  # noqa: PTH123
            call_command(
                "make_docket", directory, f"--cases={options.cases}", "--seed=1", stdout=quiet
            )
        found = find(directory).tables
        files = [
            (open_table(found[table.name], table), Path(temporary) / table.name) for table in TABLES
        ]
        cleaned = sum(clean(file, path) for file, path in files)
        floors, runs = [], []
        steps: dict[str, float] = {}
        for _ in range(options.repeat):
            seconds, plain = floor(files)
            floors.append(seconds)
            seconds, added, steps = ours(directory)
            runs.append(seconds)
            if not 0.98 * sum(added.values()) < sum(plain.values()) <= cleaned:
                raise SystemExit(f"The two did not load the same: {plain} and {added}.")
    timed = {"floor": statistics.median(floors), "ours": statistics.median(runs)}
    rows = sum(added.values())
    report = {
        "cases": options.cases,
        "rows": rows,
        "seconds": {k: round(v, 3) for k, v in timed.items()},
        "ratios": {"ours_to_floor": round(timed["ours"] / timed["floor"], 2)},
    }
    if not options.json:
        for step, value in steps.items():
            print(f"{value:8.2f} s {step}")
        for name, value in timed.items():
            print(f"{name:>6}: {value:8.2f} s, {rows / value:,.0f} rows a second")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
