"""Files of counts: our daily format, and the monthly files that CBP publishes. No database.

A monthly file says nothing of a day. Its months are spread over their days, and those days are
labelled as derived; they stand beside daily counts and are never mixed with them.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from cases.models.encounters import Basis, Category
from cases.statistics import fiscal_year

DAILY_COLUMNS = ("date", "category", "version", "count", "source", "status")
MONTHLY_COLUMNS = (
    *("Fiscal Year", "Month Grouping", "Month (abbv)", "Land Border Region"),
    *("Demographic", "Citizenship", "Encounter Count"),
)
MONTHS = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
REGIONS = ("Northern Land Border", "Southwest Land Border", "Other")
SOUTHWEST = REGIONS[1]
BORDER_PATROL = "U.S. Border Patrol"
COMPONENTS = (BORDER_PATROL, "Office of Field Operations")
CONTIGUOUS = ("MEXICO", "CANADA")
CHILDREN = "UC / Single Minors"
FISCAL_YEAR = re.compile(r"(20\d{2})(?: \(FYTD\))?", re.ASCII)
DAY = re.compile(r"20\d{2}-\d{2}-\d{2}", re.ASCII)
DAILY_CATEGORIES = (
    Category.OTHERS,
    Category.CHILDREN_CONTIGUOUS,
    Category.CHILDREN_ELSEWHERE,
)
PROBLEMS_TOLD = 20
DIGITS = re.compile(r"[0-9]{1,9}")
LARGEST = 1_000_000
"""No day and no line of a month ever had as many; a larger number is a slip."""


class CountsRefused(Exception):
    """A file that cannot be read; every problem says where it stands. Nothing was taken in."""

    def __init__(self, name: str, problems: list[str]) -> None:
        self.problems = problems
        told = problems[:PROBLEMS_TOLD]
        more = len(problems) - len(told)
        rest = [f"... and {more} more."] if more else []
        super().__init__("\n".join([*(f"{name}, {p}" for p in told), *rest, "Nothing was taken."]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One count as a file states it; `version` None where its publisher numbers none."""

    day: date
    category: Category
    basis: Basis
    version: int | None
    count: int
    final: bool
    source: str


@dataclass(slots=True, kw_only=True)
class CountsFile:
    """What a file says; `totals` by fiscal year and region."""

    name: str
    basis: Basis
    read: int
    lines: list[Line]
    totals: dict[int, dict[str, int]] = field(default_factory=dict)


def read_file(path: Path) -> CountsFile:
    """Return what the file says; its first line tells which format it has.

    Raises CountsRefused with every problem found.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CountsRefused(path.name, [f"line 1: {error.strerror}."]) from error
    try:
        # The mark that spreadsheets put at the beginning is no part of the first name.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CountsRefused(path.name, [f"line {line}: this is not text in UTF-8."]) from error
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        head = [name.strip() for name in next(rows, [])]
        if sorted(head) == sorted(DAILY_COLUMNS):
            return _daily(path.name, head, rows)
        if set(MONTHLY_COLUMNS) <= set(head):
            return _monthly(path.name, head, rows)
    except csv.Error as error:
        raise CountsRefused(path.name, [f"line {rows.line_num}: {error}."]) from error
    raise CountsRefused(
        path.name,
        [
            "line 1: the columns are neither those of daily counts "
            f"({', '.join(DAILY_COLUMNS)}) nor those of a monthly file of CBP "
            f"({', '.join(MONTHLY_COLUMNS)})."
        ],
    )


# Values


class _WrongValue(Exception):
    def __init__(self, column: str, value: str, wanted: str) -> None:
        super().__init__(f"column {column}: {value!r} is not {wanted}.")


def _whole(row: dict[str, str], column: str, *, commas: bool = False) -> int:
    value = row[column].strip()
    plain = value
    if commas and re.fullmatch(r"\d{1,3}(,\d{3})+", value):
        plain = value.replace(",", "")
    if not DIGITS.fullmatch(plain) or int(plain) > LARGEST:
        raise _WrongValue(column, value, f"a whole number from 0 to {LARGEST:,}")
    return int(plain)


def _one_of(row: dict[str, str], column: str, values: tuple[str, ...]) -> str:
    value = row[column].strip()
    if value not in values:
        raise _WrongValue(column, value, f"one of {', '.join(values)}")
    return value


def _day(row: dict[str, str], column: str) -> date:
    value = row[column].strip()
    try:
        if DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _WrongValue(column, value, "a day, as in 2024-07-01")


def _rows(head: list[str], rows: Any, problems: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the values of each line; note those of another length."""
    for row in rows:
        if row and len(row) != len(head):
            problems.append(
                f"line {rows.line_num}: {len(row)} columns where {len(head)} are named."
            )
        elif row:
            yield rows.line_num, dict(zip(head, row, strict=True))


# Daily counts


def _daily(name: str, head: list[str], rows: Any) -> CountsFile:
    problems: list[str] = []
    lines: dict[tuple[date, str, int], Line] = {}
    read = 0
    totals: Counter[int] = Counter()
    for number, row in _rows(head, rows, problems):
        read += 1
        try:
            line = _daily_line(row)
        except _WrongValue as wrong:
            problems.append(f"line {number}, {wrong}")
            continue
        key = (line.day, line.category, line.version or 0)
        if key in lines:
            problems.append(
                f"line {number}, column version: version {line.version} of {line.category} on "
                f"{line.day} stands in the file already."
            )
        lines[key] = line
    if not read:
        problems.append("line 2: there is no count.")
    if problems:
        raise CountsRefused(name, problems)
    newest: dict[tuple[date, str], Line] = {}
    for line in sorted(lines.values(), key=lambda line: line.version or 0):
        newest[line.day, line.category] = line
    for line in newest.values():
        totals[fiscal_year(line.day)] += line.count
    return CountsFile(
        name=name,
        basis=Basis.DAILY,
        read=read,
        lines=list(lines.values()),
        totals={year: {"southwest_between_ports": n} for year, n in sorted(totals.items())},
    )


def _daily_line(row: dict[str, str]) -> Line:
    day = _day(row, "date")
    category = Category(_one_of(row, "category", DAILY_CATEGORIES))
    version = _whole(row, "version")
    if not version:
        raise _WrongValue("version", row["version"], "a number from 1")
    count = _whole(row, "count")
    source = row["source"].strip()
    if not (0 < len(source) <= 80 and source.isprintable()):
        raise _WrongValue("source", source, "a name of up to 80 characters")
    return Line(
        day=day,
        category=category,
        basis=Basis.DAILY,
        version=version,
        count=count,
        final=_one_of(row, "status", ("provisional", "final")) == "final",
        source=source,
    )


# Months of CBP


def _monthly(name: str, head: list[str], rows: Any) -> CountsFile:
    problems: list[str] = []
    months: dict[tuple[int, int], Counter[Category]] = {}
    read = 0
    for number, row in _rows(head, rows, problems):
        read += 1
        try:
            of_month, categories, count = _monthly_line(row)
        except _WrongValue as wrong:
            problems.append(f"line {number}, {wrong}")
            continue
        for category in categories:
            months.setdefault(of_month, Counter())[category] += count
    if not read:
        problems.append("line 2: there is no count.")
    if problems:
        raise CountsRefused(name, problems)
    # Only a file by component can tell what was found between ports of entry.
    of_file = [Category.SOUTHWEST, Category.ALL_REGIONS]
    if "Component" in head:
        of_file += DAILY_CATEGORIES
    totals: dict[int, dict[str, int]] = {}
    for (year, month), by_category in sorted(months.items()):
        total = totals.setdefault(
            fiscal_year(date(year, month, 1)), {"all_regions": 0, "southwest": 0}
        )
        total["all_regions"] += by_category[Category.ALL_REGIONS]
        total["southwest"] += by_category[Category.SOUTHWEST]
    return CountsFile(
        name=name,
        basis=Basis.DERIVED,
        read=read,
        lines=[
            Line(
                day=day,
                category=category,
                basis=Basis.DERIVED,
                version=None,
                count=count,
                final=False,  # CBP revises months for years
                source="CBP monthly file",
            )
            for (year, month), by_category in sorted(months.items())
            for category in of_file
            for day, count in spread(year, month, by_category[category])
        ],
        totals=totals,
    )


def _monthly_line(row: dict[str, str]) -> tuple[tuple[int, int], list[Category], int]:
    fiscal = FISCAL_YEAR.fullmatch(row["Fiscal Year"].strip())
    if fiscal is None:
        raise _WrongValue("Fiscal Year", row["Fiscal Year"], "a year, as in 2022 or 2025 (FYTD)")
    month = MONTHS.index(_one_of(row, "Month (abbv)", MONTHS)) + 1
    _one_of(row, "Month Grouping", ("FYTD", "Remaining"))
    region = _one_of(row, "Land Border Region", REGIONS)
    count = _whole(row, "Encounter Count", commas=True)
    categories = [Category.ALL_REGIONS]
    if region == SOUTHWEST:
        categories.append(Category.SOUTHWEST)
        if "Component" in row and _one_of(row, "Component", COMPONENTS) == BORDER_PATROL:
            categories.append(_between_ports(row))
    # October to December stand in the year before the fiscal year's.
    return (int(fiscal[1]) - (month >= 10), month), categories, count


def _between_ports(row: dict[str, str]) -> Category:
    if row["Demographic"].strip() != CHILDREN:
        return Category.OTHERS
    at_the_border = row["Citizenship"].strip() in CONTIGUOUS
    return Category.CHILDREN_CONTIGUOUS if at_the_border else Category.CHILDREN_ELSEWHERE


def spread(year: int, month: int, total: int) -> Iterator[tuple[date, int]]:
    """Yield a count for each day of the month: whole, as even as can be, of this sum."""
    days = monthrange(year, month)[1]
    for n in range(days):
        yield date(year, month, n + 1), total * (n + 1) // days - total * n // days
