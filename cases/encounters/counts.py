"""Counts of encounters on record: taken in from a file, and read again by day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Max

from cases.encounters.files import CountsFile, CountsRefused, Line, read_file
from cases.encounters.trigger import Counts
from cases.models import EncounterCount
from cases.models.encounters import Basis, Category


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a file: how many counts were new, revise one on record, or were known."""

    file: CountsFile
    added: int
    revised: int
    unchanged: int


def take_in(path: Path, *, by: User) -> TakenIn:
    """Take in a file of counts whole, or nothing of it. May run twice: what is known stays.

    Raises CountsRefused.
    """
    file = read_file(path)
    with transaction.atomic():
        lock()
        on_record = _on_record(file)
        problems: list[str] = []
        new = [row for line in file.lines for row in _new(line, on_record, problems)]
        if problems:
            raise CountsRefused(file.name, problems)
        revised = sum(1 for row in new if row.version > 1)
        for row in new:
            row.recorded_by = by
        EncounterCount.objects.bulk_create(new, batch_size=5_000)
    return TakenIn(
        file=file,
        added=len(new) - revised,
        revised=revised,
        unchanged=len(file.lines) - len(new),
    )


def lock() -> None:
    """Let counts and determinations be recorded one after the other, so that ids tell the order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.encounters'))")


def _on_record(file: CountsFile) -> dict[tuple[date, str], dict[int, int]]:
    """Return the count of each version on record, by day and category."""
    found: dict[tuple[date, str], dict[int, int]] = defaultdict(dict)
    rows = EncounterCount.objects.filter(
        basis=file.basis,
        day__gte=min(line.day for line in file.lines),
        day__lte=max(line.day for line in file.lines),
    ).order_by("version")
    for day, category, version, count in rows.values_list("day", "category", "version", "count"):
        found[day, category][version] = count
    return found


def _new(
    line: Line, on_record: dict[tuple[date, str], dict[int, int]], problems: list[str]
) -> list[EncounterCount]:
    """Return the row that the line adds, or none where it is known."""
    known = on_record[line.day, line.category]
    if line.version is None:
        newest = max(known, default=0)
        if newest and known[newest] == line.count:
            return []
        version = newest + 1
    elif line.version in known:
        if known[line.version] != line.count:
            problems.append(
                f"column count: version {line.version} of {line.category} on {line.day} is on "
                f"record with {known[line.version]:,}, not {line.count:,}; what is revised comes "
                "with a higher version."
            )
        return []
    else:
        version = line.version
    return [
        EncounterCount(
            day=line.day,
            category=line.category,
            basis=line.basis,
            version=version,
            count=line.count,
            final=line.final,
            source=line.source,
        )
    ]


class Series(StrEnum):
    """Counts that belong together. Only the daily ones are what the proclamation speaks of."""

    DAILY = "daily"
    DERIVED = "derived"
    PUBLISHED = "published"


LABELS = {
    Series.DAILY: "daily counts between ports of entry",
    Series.DERIVED: "days derived from months, between ports of entry",
    Series.PUBLISHED: (
        "days derived from months, ports of entry included, which the proclamation does not count"
    ),
}


def fullest_series() -> Series:
    """Return daily counts where there are any, else the nearest to them on record."""
    rows = EncounterCount.objects.all()
    if rows.filter(basis=Basis.DAILY).exists():
        return Series.DAILY
    between_ports = rows.filter(basis=Basis.DERIVED, category=Category.OTHERS)
    published = rows.filter(category=Category.SOUTHWEST)
    if published.exists() and not between_ports.exists():
        return Series.PUBLISHED
    return Series.DERIVED if between_ports.exists() else Series.DAILY


def counts_on_record(series: Series, *, known_at: int | None = None) -> Counts:
    """Return the counts of the series by day, in their highest version.

    `known_at` asks for what was on record when the count of that id was the newest.
    """
    basis = Basis.DAILY if series == Series.DAILY else Basis.DERIVED
    published = (Category.SOUTHWEST, Category.ALL_REGIONS)
    rows = EncounterCount.objects.filter(basis=basis)
    if series == Series.PUBLISHED:
        rows = rows.filter(category=Category.SOUTHWEST)
    else:
        rows = rows.exclude(category__in=published)
    if known_at is not None:
        rows = rows.known_at(known_at)
    found: dict[date, dict[Category, int]] = defaultdict(dict)
    for day, category, count in rows.current().values_list("day", "category", "count"):
        found[day][Category(category)] = count
    if series == Series.PUBLISHED:  # one number, in which everyone is
        return {
            day: dict.fromkeys(Category, 0) | {Category.OTHERS: of_day[Category.SOUTHWEST]}
            for day, of_day in found.items()
        }
    return dict(found)


def data_version() -> int:
    """Return the id of the newest count on record; 0 where there is none."""
    return EncounterCount.objects.aggregate(newest=Max("pk"))["newest"] or 0
