"""The summary table: completions by month, court, person and kind, and how it is kept.

Counted anew as a whole by one statement, which tells nothing apart from what it counts; what is
the same is not written again. It is refreshed in the transaction of each delivery, so that the
numbers and the record are never of two states.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Sum

from cases.models import CompletionCount, Court
from cases.statistics.dimensions import COLUMN, By
from cases.statistics.fiscal import fiscal_year
from cases.statistics.kinds import IN_ABSENTIA, Completion, completion
from cases.statistics.plain import CODES

KEY = (
    *("month", "court", "nationality", "representation", "custody"),
    *("case_type", "asylum", "priority", "record", "completion"),
)

HASHING = "; ".join(f"SET LOCAL enable_{way} = off" for way in ("nestloop", "mergejoin", "sort"))
"""Of ten columns that are equal the planner expects next to no row, and would look up each; of a
million groups by nine columns it expects too many, and would sort them: twice the time."""

Counts = dict[tuple[int, str], Counter[str]]
"""By fiscal year and group: how many completions of each kind."""


def refresh() -> int:
    """Count anew, and write what differs; return the completions. Call it in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '256MB'; {HASHING}")
        _read_codes(cursor)
        _count(cursor)
        _write(cursor)
        cursor.execute("SELECT coalesce(sum(completions), 0) FROM counted")
        completions = int(cursor.fetchone()[0])
        cursor.execute(
            "DROP TABLE counted, kind_of; ANALYZE cases_completioncount;"
            f" SET LOCAL work_mem TO DEFAULT; {HASHING.replace('= off', 'TO DEFAULT')}"
        )
    return completions


def _read_codes(cursor: CursorWrapper) -> None:
    """Make `kind_of`: what each combination of codes on record stands for."""
    cursor.execute(
        "SELECT DISTINCT case_type, decision_code, other_completion FROM cases_proceeding"
        " WHERE completed_on IS NOT NULL"
    )
    of_the_courts = [(*codes, "") for codes in cursor.fetchall()]
    cursor.execute(
        "SELECT DISTINCT case_type, '', '', order_kind FROM cases_completingorder"
        " WHERE record = 'office'"
    )
    kinds = [
        (*codes, kind.value)
        for codes in (*of_the_courts, *cursor.fetchall())
        if (kind := completion(*codes))
    ]
    cursor.execute(
        "CREATE TEMPORARY TABLE kind_of ON COMMIT DROP AS SELECT * FROM unnest("  # noqa: S608  our own names
        "%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
        f" AS k ({', '.join(CODES)}, completion)",
        [[row[column] for row in kinds] for column in range(len(CODES) + 1)],
    )
    cursor.execute("ANALYZE kind_of")


def _count(cursor: CursorWrapper) -> None:
    """Make `counted`: the rows that the summary table shall have."""
    as_they_are = ", ".join(f"o.{name}" for name in KEY if name not in ("month", "completion"))
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
        SELECT date_trunc('month', o.ordered_on)::date AS month, {as_they_are},
               CASE WHEN k.completion = %(removal)s AND o.absentia = %(absent)s
                    THEN %(in_absentia)s ELSE k.completion END AS completion,
               count(*)::int AS completions
          FROM cases_completingorder o
          JOIN kind_of k USING ({", ".join(CODES)})
         GROUP BY {", ".join(str(place) for place in range(1, len(KEY) + 1))}
        """,  # noqa: S608  our own names
        {
            "removal": Completion.REMOVAL_ORDERED.value,
            "in_absentia": Completion.REMOVAL_IN_ABSENTIA.value,
            "absent": IN_ABSENTIA,
        },
    )
    cursor.execute("ANALYZE counted")


def _write(cursor: CursorWrapper) -> None:
    columns = ", ".join((*KEY, "completions"))
    same = " AND ".join(f"n.{name} = t.{name}" for name in (*KEY, "completions"))
    cursor.execute(
        "DELETE FROM cases_completioncount t"  # noqa: S608  our own names
        f" WHERE NOT EXISTS (SELECT FROM counted n WHERE {same})"
    )
    cursor.execute(
        f"INSERT INTO cases_completioncount ({columns}) SELECT {columns} FROM counted n"  # noqa: S608
        f" WHERE NOT EXISTS (SELECT FROM cases_completioncount t WHERE {same})"
    )


def counts(
    by: By,
    *,
    asylum_only: bool = False,
    priority: str | None = None,
    months: Collection[int] | None = None,
) -> Counts:
    """Return the completions of each fiscal year and group; exact, nothing is withheld.

    `months`: only those calendar months of each year.
    """
    rows = CompletionCount.objects.all()
    if asylum_only:
        rows = rows.filter(asylum="yes")
    if priority is not None:
        rows = rows.filter(priority=priority)
    if months is not None:
        rows = rows.filter(month__month__in=months)
    column = COLUMN.get(By.COURT if by is By.OFFICE else by)
    columns = ("month", "completion", *([column] if column else []))
    found = rows.values_list(*columns).annotate(n=Sum("completions")).order_by()
    offices = office_of_court() if by is By.OFFICE else {}
    totals: Counts = defaultdict(Counter)
    for month, kind, *rest in found:
        *groups, n = rest
        group = str(month.month) if by is By.MONTH else groups[0] if groups else ""
        if by is By.OFFICE:
            group = offices.get(group, "")
        totals[fiscal_year(month), group][kind] += n
    return dict(totals)


def office_of_court() -> dict[str, str]:
    """Return the code of the office that appears before each court; courts of none are left out."""
    return dict(Court.objects.exclude(office=None).values_list("code", "office__code"))
