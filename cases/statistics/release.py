"""The published tables: one for each dimension, by fiscal year; small counts withheld.

They are a closed set, because a count can be computed from tables that are each harmless. For each
fiscal year there are the kinds of completion over the year, and the same by month, office, court,
nationality and so on; no two dimensions are crossed, and no years added. Whatever else is told
(sums of kinds, months to date, shares, changes, running totals, forms of discretion) is computed
from the cells that are shown, so that it adds nothing to them.

Withheld are counts of one to nine, and what they could be computed from:

1. A year in which hardly anything was completed is withheld whole.
2. A kind that is small over a whole year is withheld of every group of that year, together with
   the next smallest, until together they are not small. From then on they count as one column.
3. In each table the sums over the year are then known, so no table tells more of another than
   they do. What ties the cells within one, or the courts to their office, is in `linked_cells`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from time import monotonic
from typing import NamedTuple

from django.db import connection, transaction

from cases import linked_cells
from cases.linked_cells import Cell
from cases.models import ReleasedCount, StatisticsRefresh
from cases.small_cells import SMALLEST_SHOWN, is_small
from cases.statistics import summary
from cases.statistics.dimensions import COLUMN, By
from cases.statistics.kinds import KINDS

TOTAL = ""
"""In place of a kind: all completions of the group."""
TOGETHER = "together"
"""In place of a kind: the kinds that are withheld of every group of the year."""
GROUPED = {By.MONTH: "month", By.OFFICE: "office", **COLUMN}
DIMENSIONS = (By.FISCAL_YEAR, *GROUPED)
WEIGHT_OF_A_SUM = 3.0

Groups = Mapping[str, Mapping[str, int]]
"""Of one year and dimension: by group, how many completions of each kind."""
Tables = Mapping[By, Groups]
"""Of one year."""


class Key(NamedTuple):
    """A cell of the published tables of one year."""

    dimension: By
    group: str
    kind: str


@transaction.atomic
def refresh() -> StatisticsRefresh:
    """Count anew, decide what is withheld, and put both on record; all at once or not at all."""
    started = monotonic()
    with connection.cursor() as cursor:
        # Two refreshes at once would each miss what the other writes.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.statistics'))")
    completions = summary.refresh()
    withheld = _write(_tables_by_year(), summary.office_of_court())
    return StatisticsRefresh.objects.create(
        completions=completions, withheld=withheld, seconds=monotonic() - started
    )


def latest() -> StatisticsRefresh | None:
    """Return the last refresh; None where nothing was ever counted."""
    return StatisticsRefresh.objects.order_by("-pk").first()


# What is counted


def _tables_by_year() -> dict[int, Tables]:
    """Read the tables of every year from the summary table, in one pass over it."""
    names = list(GROUPED.values())
    sets = ", ".join(f"(year, completion, {name})" for name in names)
    found: dict[int, dict[By, dict[str, Counter[str]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT year, completion, sum(completions)::bigint,"  # noqa: S608  our own names
            f" grouping({', '.join(names)}), {', '.join(names)} FROM ("
            " SELECT extract(year FROM t.month + interval '3 months')::int AS year,"
            " extract(month FROM t.month)::int::text AS month, coalesce(o.code, '') AS office,"
            f" {', '.join(f't.{column}' for column in COLUMN.values())},"
            " t.completion, t.completions FROM cases_completioncount t"
            " LEFT JOIN cases_court c ON c.code = t.court"
            " LEFT JOIN cases_office o ON o.id = c.office_id) s"
            f" GROUP BY GROUPING SETS ({sets})"
        )
        # A bit of `grouping` is set for each column that was not grouped by, the first the highest.
        everything = 2 ** len(names) - 1
        place = {everything - 2 ** (len(names) - 1 - n): n for n in range(len(names))}
        dimensions = list(GROUPED)
        for year, kind, n, mask, *groups in cursor.fetchall():
            of_year = found.setdefault(year, {by: defaultdict(Counter) for by in DIMENSIONS})
            which = place[mask]
            of_year[dimensions[which]][groups[which]][kind] += n
            if dimensions[which] is By.MONTH:
                of_year[By.FISCAL_YEAR][""][kind] += n
    return dict(found)


# What is withheld


def to_withhold(tables: Tables, office_of: Mapping[str, str]) -> set[Key]:
    """Return the cells of the tables of one year that must not be shown, zeros among them."""
    totals = tables[By.FISCAL_YEAR].get("", {})
    together = _withheld_together(totals)
    if together is None:
        return {
            Key(by, group, kind)
            for by, groups in tables.items()
            for group, counts in groups.items()
            for kind in (*(k for k in KINDS if counts.get(k)), TOTAL)
        }
    hidden = {Key(By.FISCAL_YEAR, "", kind) for kind in together}
    for by, groups in tables.items():
        if by is By.FISCAL_YEAR:
            continue
        for group, counts in groups.items():
            if any(counts.get(kind) for kind in together):
                hidden |= {Key(by, group, kind) for kind in together}
        if by is not By.OFFICE:
            cells = _cells(by, groups, together, tables.get(By.OFFICE, {}), office_of)
            hidden |= {key for key in linked_cells.withheld(cells) if key.kind != TOGETHER}
    return hidden


def _withheld_together(totals: Mapping[str, int]) -> frozenset[str] | None:
    """Return the kinds to withhold of every group of a year; None: everything of that year."""
    by_size = sorted((n, kind) for kind, n in totals.items() if n)
    if not by_size or is_small(sum(n for n, _ in by_size)):
        return None
    chosen: list[tuple[int, str]] = [one for one in by_size if is_small(one[0])]
    waiting = by_size[len(chosen) :]
    while chosen:
        together = sum(n for n, _ in chosen)
        # As many ones as their sum could be nothing else.
        if len(chosen) > 1 and together >= SMALLEST_SHOWN and together > len(chosen):
            break
        if not waiting:
            return None
        chosen.append(waiting.pop(0))
    return frozenset(kind for _, kind in chosen)


def _cells(
    by: By,
    groups: Groups,
    together: frozenset[str],
    offices: Groups,
    office_of: Mapping[str, str],
) -> dict[Key, Cell]:
    """Return the cells of a table between its sums; of courts, their offices' cells as well."""
    alone = _columns(groups, together)
    cells: dict[Key, Cell] = {}
    if by is By.COURT:
        for office, counts in offices.items():
            total = sum(counts.values())
            source: Hashable = (By.OFFICE, office)
            cells[Key(By.OFFICE, office, TOTAL)] = Cell("year", source, total, WEIGHT_OF_A_SUM)
            for kind, n in _row(counts, alone, together):
                into = (By.OFFICE, office, kind)
                cells[Key(By.OFFICE, office, kind)] = Cell(into, kind, n, WEIGHT_OF_A_SUM)
    for group, counts in groups.items():
        office = office_of.get(group, "")
        above: Hashable = (By.OFFICE, office) if by is By.COURT else "year"
        row: Hashable = (by, group)
        total = sum(counts.values())
        cells[Key(by, group, TOTAL)] = Cell(above, row, total, WEIGHT_OF_A_SUM)
        for kind, n in _row(counts, alone, together):
            column: Hashable = (By.OFFICE, office, kind) if by is By.COURT else kind
            cells[Key(by, group, kind)] = Cell(row, column, n)
    return cells


def _columns(groups: Groups, together: frozenset[str]) -> list[str]:
    present = {kind for counts in groups.values() for kind, n in counts.items() if n}
    return [kind for kind in KINDS if kind in present and kind not in together]


def _row(
    counts: Mapping[str, int], alone: list[str], together: frozenset[str]
) -> Iterator[tuple[str, int]]:
    for kind in alone:
        yield kind, counts.get(kind, 0)
    if together:
        yield TOGETHER, sum(counts.get(kind, 0) for kind in together)


# Putting it on record


def _write(years: Mapping[int, Tables], office_of: Mapping[str, str]) -> int:
    """Write the published tables of the years that changed; return how many cells are withheld.

    Which courts are of which office can change what is withheld only through an office's counts.
    """
    before = _on_record()
    with connection.cursor() as cursor:
        changed = {
            year: tables
            for year, tables in years.items()
            if _counts(tables) != before.pop(year, {})
        }
        cursor.execute(
            "DELETE FROM cases_releasedcount WHERE fiscal_year = ANY (%s)",
            [[*changed, *before]],
        )
        with cursor.copy(
            'COPY cases_releasedcount (fiscal_year, dimension, "group", completion, count,'
            " withheld) FROM STDIN"
        ) as copy:
            for year, tables in sorted(changed.items()):
                hidden = to_withhold(tables, office_of)
                for key, n in _lines(tables, hidden):
                    copy.write_row((year, *key, n, key in hidden))
        cursor.execute("ANALYZE cases_releasedcount")
    return ReleasedCount.objects.filter(withheld=True).count()


def _on_record() -> dict[int, dict[Key, int]]:
    """Return the counts other than zero of every year as they were last released."""
    found: dict[int, dict[Key, int]] = defaultdict(dict)
    for year, by, group, kind, n in ReleasedCount.objects.exclude(count=0).values_list(
        "fiscal_year", "dimension", "group", "completion", "count"
    ):
        found[year][Key(By(by), group, kind)] = n
    return found


def _counts(tables: Tables) -> dict[Key, int]:
    return {key: n for key, n in _lines(tables, set()) if n}


def _lines(tables: Tables, hidden: set[Key]) -> Iterator[tuple[Key, int]]:
    for by, groups in tables.items():
        for group, counts in groups.items():
            yield Key(by, group, TOTAL), sum(counts.values())
            for kind in KINDS:
                key = Key(by, group, kind)
                if counts.get(kind) or key in hidden:
                    yield key, counts.get(kind, 0)


def read(by: By, *, exact: bool = False) -> dict[tuple[int, str], dict[str, int | None]]:
    """Return a published table: by fiscal year and group, the count of each kind and `TOTAL`.

    None is withheld. `exact` withholds nothing: only for who may see every case.
    """
    found: dict[tuple[int, str], dict[str, int | None]] = {}
    cells = ReleasedCount.objects.filter(dimension=by).values_list(
        "fiscal_year", "group", "completion", "count", "withheld"
    )
    for year, group, kind, n, withheld in cells:
        row = found.setdefault((year, group), dict.fromkeys(KINDS, 0))
        row[kind] = None if withheld and not exact else n
    return found
