"""Statistics over a docket: the published tables as kept, and the plain query over the proceedings.

    python -m benchmarks.statistics --cases 350000 [--times 10] [--json] [--repeat 5]

Both tell the closures by fiscal year and each dimension, of the same docket in one run; that they
are equal is checked. The plain query is what a careful team writes: one statement that joins and
groups, the codes read afterwards by the same functions. Ours reads the tables that each delivery
refreshes; what refreshing costs is told as well.

With --times the docket is repeated with other keys, persons and days, at a tenth of the time that
making and importing so many cases takes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections import Counter, defaultdict
from time import perf_counter
from typing import Any

from benchmarks.scratch import scratch_database

COLUMNS = {
    "fiscal-year": None,
    "office": "office_code",
    "court": "base_city",
    "nationality": "case__respondent__nationality",
    "representation": "case__represented",
    "custody": "case__custody",
    "case-type": "case_type",
}


def fill(cases: int) -> None:
    """Make a docket in the courts' formats and take it in."""
    from django.core.management import call_command

    with (
        tempfile.TemporaryDirectory() as directory,
        open(os.devnull, "w") as quiet,  # noqa: PTH123
    ):
        call_command("make_docket", directory, f"--cases={cases}", "--seed=1", stdout=quiet)
        call_command("import_docket", directory, "--json", stdout=quiet)


TABLES = {
    "cases_respondent": ("id", "a_number", "uuid"),
    "cases_case": ("id", "idncase", "uuid", "respondent_id"),
    "cases_proceeding": ("idnproceeding", "idncase", "completed_on", "base_city"),
    "cases_application": ("idnproceedingappln", "idncase"),
}
"""What the statistics read, with the columns that differ from one repetition to the next."""


def repeat_docket(times: int) -> None:
    """Add the docket so many times again; nationalities, courts and days are drawn anew."""
    from django.db import connection

    shift = 100_000_000
    with connection.cursor() as cursor:
        for table, differ in TABLES.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " AND table_schema = 'public' ORDER BY ordinal_position",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall()]
            anew = {
                "a_number": "NULL",
                "uuid": "gen_random_uuid()",
                "completed_on": "completed_on + (random() * 360 - 180)::int",
                "base_city": "CASE WHEN random() < 0.5 THEN base_city ELSE 'NYC' END",
            }
            values = [
                anew.get(name, f"{name} + n * {shift}::bigint") if name in differ else name
                for name in columns
            ]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
                f" FROM {table}, generate_series(1, {times - 1}) AS n"
            )
            cursor.execute(f"ANALYZE {table}")


def refresh_all() -> float:
    """Time what the first delivery pays; a later one pays only for the years that it changed."""
    from cases.models import CompletionCount, ReleasedCount
    from cases.statistics import release

    CompletionCount.objects.all().delete()
    ReleasedCount.objects.all().delete()
    started = perf_counter()
    release.refresh()
    return perf_counter() - started


def plain_query(by: str) -> dict[tuple[int, str], Counter[str]]:
    """Count from the proceedings, as one statement."""
    from django.db.models import Count, OuterRef, Subquery
    from django.db.models.functions import ExtractMonth, ExtractYear

    from cases.models import Court, Proceeding
    from cases.statistics.kinds import completion, in_absentia

    column = COLUMNS[by]
    rows = Proceeding.objects.filter(completed_on__isnull=False)
    if by == "office":
        of_court = Court.objects.filter(code=OuterRef("base_city")).values("office__code")[:1]
        rows = rows.annotate(office_code=Subquery(of_court))
    grouped = (
        rows.values_list(
            "case_type",
            "decision_code",
            "other_completion",
            "absentia",
            ExtractYear("completed_on"),
            ExtractMonth("completed_on"),
            *([column] if column else []),
        )
        .annotate(n=Count("pk"))
        .order_by()
    )
    counted: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for case_type, decision_code, other, absentia, year, month, *group, n in grouped:
        kind = completion(case_type, decision_code, other)
        if kind is not None:
            name = (group[0] if group else "") or ""
            if by == "representation":
                name = {True: "yes", False: "no"}.get(group[0], "")
            counted[year + (month >= 10), name][in_absentia(kind, absentia)] += n
    return counted


def ours(by: str) -> Any:
    from cases.statistics import tables
    from cases.statistics.dimensions import By

    return tables.published(By(by), exact=True)


def equal(by: str) -> bool:
    from cases.statistics.kinds import KINDS

    if by == "custody":  # ours reads the custody at the order, where there is one
        return True
    if by == "court":
        from cases.models import Court

        courts = set(Court.objects.values_list("code", flat=True))
    kept = {
        (line.fiscal_year, line.group): {k: line.counts[k] for k in KINDS if line.counts[k]}
        for line in ours(by)
    }
    found: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for (year, group), counts in plain_query(by).items():
        name = group if by != "court" or group in courts else ""
        found[year, name].update({str(kind): n for kind, n in counts.items()})
    return kept == {key: dict(counts) for key, counts in found.items() if counts}


def timed(ask: Any, *, repeat: int) -> float:
    """Return the median seconds, warm: the first time does not count."""
    ask()
    took = []
    for _ in range(repeat):
        started = perf_counter()
        ask()
        took.append(perf_counter() - started)
    return statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    with scratch_database("bench_statistics"):
        from cases.models import CompletionCount, ReleasedCount
        from cases.statistics import release, tables
        from cases.statistics.dimensions import By

        fill(options.cases)
        if options.times > 1:
            repeat_docket(options.times)
        first, again = refresh_all(), timed(release.refresh, repeat=1)
        by_dimension = {}
        for by in COLUMNS:
            assert equal(by), f"The two differ by {by}."
            by_dimension[by] = {
                "plain": timed(lambda by=by: plain_query(by), repeat=options.repeat),
                "ours": timed(lambda by=by: ours(by), repeat=options.repeat),
            }
        crossed = timed(
            lambda: tables.counted(By.NATIONALITY, asylum_only=True), repeat=options.repeat
        )
        latest = release.latest()
        report = {
            "cases": options.cases * options.times,
            "completions": latest.completions if latest else 0,
            "summary_rows": CompletionCount.objects.count(),
            "published_cells": ReleasedCount.objects.count(),
            "withheld": latest.withheld if latest else 0,
            "seconds": {
                "refresh first": round(first, 3),
                "refresh unchanged": round(again, 3),
                "narrowed_from_summary": round(crossed, 4),
                **{
                    f"{who} {by}": round(seconds, 4)
                    for by, both in by_dimension.items()
                    for who, seconds in both.items()
                },
            },
            "ratios": {
                f"plain_to_ours {by}": round(both["plain"] / both["ours"], 1)
                for by, both in by_dimension.items()
            },
        }
    if not options.json:
        for name, value in report["seconds"].items():
            print(f"{value:10.4f} s {name}")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
