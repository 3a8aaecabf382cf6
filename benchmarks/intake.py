"""Taking in a delivery: ours, and the floor of hand-written plain SQL on the same files.

    python -m benchmarks.intake --cases 350000 [--json] [--repeat 3]

Ours is `cases.intake.load.load`, from the hashing of the files to the commit. The floor copies the
same files into temporary tables of text and fills tables with the same columns and indexes: one
validating INSERT ... SELECT for each, and `intake_floor.sql` for the respondents and for the cases
with all that is derived of them. Both are one transaction on one connection, and both are held to
the same result, column by column.

The floor does less. Its files are cleaned before its time begins: NULs, blanks at the ends of
fields, rows with a wrong number of fields or without their keys, and second rows of a key are gone.
It hashes nothing, reads no lookups, writes no notes, quarantine or numbers of a file, and compares
no row with one on record.
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
    from django.db.backends.utils import CursorWrapper

    from cases.intake.eoir import TableFile
    from cases.intake.tables import Stored, Table

FLOOR = Path(__file__).parent / "intake_floor.sql"
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
    "completioncount",
    "releasedcount",
    "statisticsrefresh",
)
COMPARED = (
    "case_type, custody, entry_on, filing_channel, counsel_since, latest_hearing_on,"
    " priority_code, update_site, status, charged_on, completed_on, removal_ordered_on,"
    " asylum_filed_on, entry_manner, represented, individual_hearings_on, family_links,"
    " other_applications"
)
OF_A_PERSON = (
    "a_number, family_name, given_names, aliases, birth_date, birth_precision, nationality,"
    " nationality_code, language_code, sex, fin, fbi_number, state_ids, protected_1367, juvenile,"
    " competency_indicia"
)


def clean(file: TableFile, target: Path) -> None:
    """Write the rows of a file that plain SQL can take, without the header."""
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


def merge(table: Table) -> str:
    """Return the statement that checks and merges a staged table of the courts."""
    from cases.intake.expressions import quoted

    sources = [f"staged_{table.db_table} s"]

    def read(number: int, column: Stored) -> str:
        text = f"s.{quoted(column.header)}"
        if column.kind in ("date", "time"):
            key = f"left({text}, 10)" if column.kind == "date" else text
            sources.append(f"LEFT JOIN {column.kind.replace('date', 'day')}_of v{number}")
            sources.append(f"ON v{number}.text = {key}")
            return f"v{number}.value"
        if column.kind in ("key", "ref"):
            return f"{text}::bigint"
        if column.kind == "flag":
            return f"CASE {text} WHEN '1' THEN true WHEN '0' THEN false END"
        return f"coalesce({text}, '')"

    columns = (table.key, *table.cases, *table.stored)
    values = {column.name: read(number, column) for number, column in enumerate(columns)}
    known = " AND ".join(
        f'EXISTS (SELECT FROM staged_cases_case k WHERE k."IDNCASE" = s.{quoted(column.header)})'
        for column in table.cases
    )
    return (
        f"INSERT INTO floor_{table.db_table} ({', '.join(values)})"
        f" SELECT {', '.join(values.values())} FROM {' '.join(sources)} WHERE {known}"
    )


def floor(files: list[tuple[TableFile, Path]], identities: Path) -> float:
    """Time the copying and the merging."""
    from django.db import connection, transaction

    from cases.intake.expressions import quoted
    from cases.intake.places import (
        CIRCUIT_OF_COURT,
        ISO_OF_NATIONALITY,
        OFFICE_NAMES,
        OFFICE_OF_COURT,
    )

    children = [file.table for file, _ in files[1:]]
    with connection.cursor() as cursor:
        for name in ("cases_court", "cases_respondent", *(f.table.db_table for f, _ in files)):
            cursor.execute(f"DROP TABLE IF EXISTS floor_{name}")
            cursor.execute(f"CREATE TABLE floor_{name} (LIKE {name} INCLUDING ALL)")
    before, after = FLOOR.read_text().split("-- children")
    started = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(before)
        cursor.execute("CREATE TEMPORARY TABLE iso_of (code text, iso text) ON COMMIT DROP")
        cursor.execute(
            "INSERT INTO iso_of SELECT * FROM unnest(%s::text[], %s::text[])",
            [list(ISO_OF_NATIONALITY), list(ISO_OF_NATIONALITY.values())],
        )
        numbers = {code: number for number, code in enumerate(OFFICE_NAMES, 1)}
        cursor.execute(
            "CREATE TEMPORARY TABLE office_of (code text, id bigint, circuit text) ON COMMIT DROP"
        )
        cursor.execute(
            "INSERT INTO office_of SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[])",
            [
                list(OFFICE_OF_COURT),
                [numbers[office] for office in OFFICE_OF_COURT.values()],
                [CIRCUIT_OF_COURT.get(court) for court in OFFICE_OF_COURT],
            ],
        )
        for file, path in files:
            headers = [quoted(column.name) for column in file.columns]
            staged = f"staged_{file.table.db_table}"
            copy_into(cursor, staged, headers, path, "ENCODING 'WIN1252', NULL ''")
            cursor.execute(f"ANALYZE {staged} ({quoted(file.table.key.header)})")
        with identities.open() as text:
            headers = text.readline().strip().split(",")
        copy_into(cursor, "staged_identity", headers, identities, "FORMAT csv, HEADER")
        cursor.execute("ANALYZE staged_identity (idncase)")
        for table in children:
            cursor.execute(merge(table))
            keys = ", ".join(column.name for column in (table.key, *table.cases))
            cursor.execute(f"ANALYZE floor_{table.db_table} ({keys})")
        cursor.execute(after)
    return perf_counter() - started


def copy_into(
    cursor: CursorWrapper, table: str, columns: list[str], path: Path, options: str
) -> None:
    texts = ", ".join(f"{column} text" for column in columns)
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({texts}) ON COMMIT DROP")
    with path.open("rb") as raw, cursor.copy(f"COPY {table} FROM STDIN ({options})") as copy:
        while block := raw.read(BLOCK_BYTES):
            copy.write(block)


def ours(directory: Path) -> tuple[float, int, dict[str, float]]:
    """Time a first import; return the rows and the seconds of each step too."""
    from django.db import connection

    from cases.accounts import machine_account
    from cases.intake.load import load
    from cases.intake.tables import TABLES

    account = machine_account("intake")
    tables = [f"cases_{name}" for name in (*OF_THE_DELIVERY, "court", "respondent")]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join([*tables, *(t.db_table for t in TABLES)])} CASCADE")
    told: dict[str, float] = {}
    started = perf_counter()
    delivery, _ = load(
        directory, by=account, tell=lambda step, _done: told.setdefault(step, perf_counter())
    )
    ended = perf_counter()
    ends = [*list(told.values())[1:], ended]
    steps = {step: end - at for (step, at), end in zip(told.items(), ends, strict=True)}
    return ended - started, sum(file.added for file in delivery.files.all()), steps


def differences() -> dict[str, int]:
    """Return how many rows of ours the floor has not just so, by table.

    Rows that were repaired are ours alone: the floor's files were cleaned of them.
    """
    from django.db import connection

    from cases.intake.tables import CHILDREN

    compared = {
        "cases": ("cases_case", f"idncase, {COMPARED}"),
        "persons": (
            "cases_case c JOIN cases_respondent r ON r.id = c.respondent_id",
            f"idncase, {OF_A_PERSON}",
        ),
    } | {
        table.name: (
            table.db_table,
            ", ".join(column.name for column in (table.key, *table.cases, *table.stored)),
        )
        for table in CHILDREN
    }
    found = {}
    with connection.cursor() as cursor:
        for name, (table, columns) in compared.items():
            plain = re.sub(r"\bcases_", "floor_cases_", table)
            cursor.execute(
                f"SELECT count(*) FROM (SELECT {columns} FROM {table}"
                f" EXCEPT ALL SELECT {columns} FROM {plain}) d"
            )
            (found[name],) = cursor.fetchone()
    return {name: count for name, count in found.items() if count}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    with scratch_database("casemgmt_bench"), tempfile.TemporaryDirectory() as temporary:
        from django.core.management import call_command

        from cases.intake.delivery import find
        from cases.intake.eoir import open_table
        from cases.intake.tables import TABLES

        directory = Path(temporary) / "delivery"
        with open(os.devnull, "w") as quiet:  # noqa: PTH123
            call_command(
                "make_docket", directory, f"--cases={options.cases}", "--seed=1", stdout=quiet
            )
        found = find(directory)
        assert found.identities is not None
        files = [
            (open_table(found.tables[table.name], table), Path(temporary) / table.name)
            for table in TABLES
        ]
        for file, path in files:
            clean(file, path)
        floors, runs = [], []
        steps: dict[str, float] = {}
        for _ in range(options.repeat):
            floors.append(floor(files, found.identities))
            seconds, rows, steps = ours(directory)
            runs.append(seconds)
        different = differences()
        if sum(different.values()) > rows / 10_000:
            raise SystemExit(f"The two did not load the same: {different} rows differ.")
    timed = {"floor": statistics.median(floors), "ours": statistics.median(runs)}
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
        print(f"rows that differ: {different or 'none'}")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
