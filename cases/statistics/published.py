"""What others published, taken in with its source; see `comparison` for ours beside it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from django.utils.timezone import now

from cases.models import PublishedFigure
from cases.statistics.fiscal import end_of_month, first_day, last_day


class FiguresRefused(Exception):
    """The file cannot be taken in; nothing of it was."""

    def __init__(self, problem: str, *, file: str, line: int) -> None:
        super().__init__(f"{file}, line {line}: {problem} Nothing was taken in.")


@dataclass(frozen=True, slots=True)
class Figure:
    measure: str
    period: str
    since: date
    until: date | None
    value: Decimal
    source: str


HEADER = ("measure", "period", "value", "source")
UNHCR_HEADER = (
    *("year", "dec_level", "dec_pc", "dec_recognized", "dec_other"),
    *("dec_rejected", "dec_closed", "dec_total"),
)
UNHCR = "UNHCR refugee data (R package refugees), decisions on {}"
COUNTED_IN = {"P": "persons", "C": "cases"}

MONTH = r"(\d{4})-(\d{2})"
PERIODS = (
    ("year", re.compile(r"FY(\d{4})")),
    ("years", re.compile(r"FY(\d{4})-FY(\d{4})")),
    ("year to month", re.compile(rf"FY(\d{{4}})\.\.{MONTH}")),
    ("year to date", re.compile(r"FY(\d{4})ytd")),
    ("month", re.compile(MONTH)),
    ("months", re.compile(rf"{MONTH}\.\.{MONTH}")),
    ("month to day", re.compile(rf"{MONTH}\.\.(\d{{4}}-\d{{2}}-\d{{2}})")),
    ("days", re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")),
    ("calendar year", re.compile(r"(\d{4})")),
)


def days_of(period: str) -> tuple[date, date | None]:
    """Return the first and the last day of a period, None for one told to some date.

    Raises ValueError. A bare year is taken for a calendar year: UNHCR does not say which it is.
    """
    for shape, pattern in PERIODS:
        found = pattern.fullmatch(period)
        if found is None:
            continue
        parts = found.groups()
        if shape == "year":
            return first_day(int(parts[0])), last_day(int(parts[0]))
        if shape == "years":
            return first_day(int(parts[0])), last_day(int(parts[1]))
        if shape == "year to month":
            until = end_of_month(date(int(parts[1]), int(parts[2]), 1))
            return first_day(int(parts[0])), until
        if shape == "year to date":
            return first_day(int(parts[0])), None
        if shape == "days":
            return date.fromisoformat(parts[0]), date.fromisoformat(parts[1])
        if shape == "calendar year":
            return date(int(parts[0]), 1, 1), date(int(parts[0]), 12, 31)
        since = date(int(parts[0]), int(parts[1]), 1)
        if shape == "month to day":
            return since, date.fromisoformat(parts[2])
        last = since if shape == "month" else date(int(parts[2]), int(parts[3]), 1)
        return since, end_of_month(last)
    raise ValueError(f"{period!r} is no period that is known here.")


def read(path: Path) -> list[Figure]:
    """Read a file of figures, ours or UNHCR's by its header. Raises FiguresRefused."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    header = tuple(rows[0]) if rows else ()
    if header not in (HEADER, UNHCR_HEADER):
        raise FiguresRefused(
            f"the header is neither {','.join(HEADER)} nor {','.join(UNHCR_HEADER)}.",
            file=path.name,
            line=1,
        )
    figures: list[Figure] = []
    for line, row in enumerate(rows[1:], 2):
        try:
            cells = dict(zip(header, row, strict=True))
            figures += [_figure(cells)] if header == HEADER else _unhcr(cells)
        except (ValueError, InvalidOperation, KeyError) as error:
            problem = str(error) if isinstance(error, ValueError) else "a value is not readable."
            raise FiguresRefused(problem, file=path.name, line=line) from error
    return figures


def _figure(cells: dict[str, str]) -> Figure:
    since, until = days_of(cells["period"])
    if not cells["measure"] or not cells["source"]:
        raise ValueError("a figure needs its measure and its source.")
    value = Decimal(cells["value"])
    return Figure(cells["measure"], cells["period"], since, until, value, cells["source"])


def _unhcr(cells: dict[str, str]) -> list[Figure]:
    since, until = days_of(cells["year"])
    level = cells["dec_level"].lower()
    return [
        Figure(
            measure=f"unhcr_{level}_{column.removeprefix('dec_')}",
            period=cells["year"],
            since=since,
            until=until,
            value=Decimal(cells[column]),
            source=UNHCR.format(COUNTED_IN[cells["dec_pc"]]),
        )
        for column in UNHCR_HEADER[3:]
    ]


@transaction.atomic
def load(path: Path) -> Counter[str]:
    """Take a file in, whole or not at all; return how many were added, changed and unchanged.

    A source's figure that is on record with another value is changed: that source restated it.
    """
    figures = read(path)
    known = {
        (figure.measure, figure.period, figure.source): figure
        for figure in PublishedFigure.objects.select_for_update()
    }
    done: Counter[str] = Counter()
    for figure in figures:
        key = (figure.measure, figure.period, figure.source)
        row = known.get(key)
        if row is not None and row.value == figure.value:
            done["unchanged"] += 1
            continue
        done["added" if row is None else "changed"] += 1
        row = row or PublishedFigure(
            measure=figure.measure, period=figure.period, source=figure.source
        )
        row.since, row.until, row.value = figure.since, figure.until, figure.value
        row.file, row.recorded_at = path.name[:80], now()
        row.save()
        known[key] = row
    return done
