"""What others published: taken in with its source, and told beside our own, never mixed.

Sources count in their own ways and restate what they told: where they differ, both are shown. Ours
stands beside a figure only where it counts the same thing.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import now

from cases.models import CompletionCount, PublishedFigure
from cases.statistics import plain, release
from cases.statistics.dimensions import By
from cases.statistics.fiscal import MONTHS, end_of_month, first_day, fiscal_year, last_day, month_of
from cases.statistics.kinds import CLOSURES, DISCRETION, KINDS, Completion
from cases.statistics.release import TOTAL
from cases.statistics.tables import told

# Taking in


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


# Side by side


@dataclass(frozen=True, slots=True)
class Ours:
    """Which of our completions count the same as a measure of others."""

    kinds: tuple[str, ...]
    asylum_only: bool = False
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What measures of several sources are about; `ours` None: we count no such thing."""

    title: str
    measures: tuple[str, ...]
    ours: Ours | None = None


SUBJECTS = (
    Subject(
        "Closures by prosecutorial discretion",
        ("trac_pd_closures", "trac_pd_closures_first_count", "trac_pd_closures_revised"),
        Ours(DISCRETION),
    ),
    Subject(
        "Closures by prosecutorial discretion, asylum applicants",
        ("trac_pd_closures_asylum",),
        Ours(DISCRETION, asylum_only=True),
    ),
    Subject(
        "Completions",
        ("eoir_completions_total", "trac_completions_total", "trac_all_closures"),
        Ours(KINDS),
    ),
    Subject(
        "Asylum decisions",
        ("trac_asylum_decisions_total", "unhcr_eo_total"),
    ),
    Subject(
        "Asylum granted",
        ("trac_asylum_granted", "trrb_ij_asylum_grants", "unhcr_eo_recognized"),
    ),
    Subject(
        "Asylum denied",
        ("trac_asylum_denied", "trrb_ij_asylum_denials", "unhcr_eo_rejected"),
    ),
    Subject(
        "Asylum cases closed without a decision",
        ("unhcr_eo_closed",),
        Ours(CLOSURES, asylum_only=True),
    ),
    *(
        Subject(f"Unaccompanied children's docket: {words}", (f"eoir_uc_priority_{name}",), ours)
        for name, words, ours in (
            (name, words, Ours(tuple(kind.value for kind in kinds), priority="UC"))
            for name, words, kinds in (
                (
                    "voluntary_departure",
                    "voluntary departure",
                    (Completion.VOLUNTARY_DEPARTURE,),
                ),
                ("terminated", "terminated", (Completion.TERMINATED,)),
                (
                    "remove",
                    "removal",
                    (Completion.REMOVAL_ORDERED, Completion.REMOVAL_IN_ABSENTIA),
                ),
                (
                    "remove_absentia",
                    "removal in absentia",
                    (Completion.REMOVAL_IN_ABSENTIA,),
                ),
                ("relief", "relief", (Completion.RELIEF_GRANTED,)),
                ("pd_termination", "PD termination", (Completion.PD_TERMINATION,)),
                ("other", "other decision", (Completion.OTHER_DECISION,)),
                (
                    "pd_admin_closure",
                    "PD administrative closure",
                    (Completion.PD_ADMINISTRATIVE_CLOSURE,),
                ),
                (
                    "other_admin_completion",
                    "other administrative completion",
                    (Completion.OTHER_ADMINISTRATIVE,),
                ),
                (
                    "admin_closing_other",
                    "administrative closing, other",
                    (Completion.ADMINISTRATIVE_CLOSURE,),
                ),
                ("total", "total", tuple(Completion)),
            )
        )
    ),
)
SUBJECT_OF = {measure: subject for subject in SUBJECTS for measure in subject.measures}


@dataclass(slots=True)
class Comparison:
    """The figures of all sources about one subject and period, and ours.

    `ours` None: `why_not` says why there is none.
    """

    title: str
    since: date
    until: date | None
    figures: list[PublishedFigure] = field(default_factory=list)
    ours: int | None = None
    why_not: str = ""

    @property
    def conflict(self) -> bool:
        """Whether the sources differ."""
        return len({figure.value for figure in self.figures}) > 1


NOT_COUNTED = "not counted here"
WITHHELD = "withheld"
NOT_PUBLISHED = "no published table has this period"


def comparisons(*, exact: bool = False) -> list[Comparison]:
    """Return every published figure beside those of the same subject and period, and ours.

    `exact` only for who may see every case; otherwise ours follows from the published tables.
    """

    def about(figure: PublishedFigure) -> tuple[int, str, date, date]:
        subject = SUBJECT_OF.get(figure.measure)
        place = SUBJECTS.index(subject) if subject else len(SUBJECTS)
        title = subject.title if subject else figure.measure
        return place, title, figure.since, figure.until or date.max

    ours = _Exact() if exact else _Released()
    found = []
    for (_, title, since, _), figures in groupby(
        sorted(PublishedFigure.objects.all(), key=about), key=about
    ):
        listed = list(figures)
        until = listed[0].until
        told_by_others = Comparison(title, since, until, listed, why_not=NOT_COUNTED)
        subject = SUBJECT_OF.get(listed[0].measure)
        if subject is not None and subject.ours is not None and until is not None:
            told_by_others.ours, told_by_others.why_not = ours.count(subject.ours, since, until)
        found.append(told_by_others)
    return found


class _Exact:
    """Counts from the summary table, and from the proceedings where a period cuts a month."""

    def __init__(self) -> None:
        self.months: dict[tuple[date, str, str], Counter[str]] = defaultdict(Counter)
        rows = CompletionCount.objects.values_list("month", "asylum", "priority", "completion")
        for month, asylum, priority, kind, n in rows.annotate(n=Sum("completions")).order_by():
            self.months[month, asylum, priority][kind] += n
        self.periods: dict[tuple[date, date, bool, str | None], Counter[Completion]] = {}

    def count(self, ours: Ours, since: date, until: date) -> tuple[int | None, str]:
        if since.day != 1 or until != end_of_month(until):
            key = (since, until, ours.asylum_only, ours.priority)
            if key not in self.periods:
                these = plain.completed(
                    since=since,
                    until=until,
                    asylum_only=ours.asylum_only,
                    priority=ours.priority,
                )
                self.periods[key] = plain.count(these)
            return sum(self.periods[key][Completion(kind)] for kind in ours.kinds), ""
        return (
            sum(
                counts[kind]
                for (month, asylum, priority), counts in self.months.items()
                if since <= month <= until
                and (asylum == "yes" or not ours.asylum_only)
                and ours.priority in (None, priority)
                for kind in ours.kinds
            ),
            "",
        )


class _Released:
    """Adds up the cells of the published tables: whole years, and whole months of all cases."""

    def __init__(self) -> None:
        self.tables = {
            by: release.read(by) for by in (By.FISCAL_YEAR, By.MONTH, By.ASYLUM, By.PRIORITY)
        }

    def count(self, ours: Ours, since: date, until: date) -> tuple[int | None, str]:
        cells = list(self._cells(ours, since, until))
        if None in cells:
            return None, NOT_PUBLISHED
        nothing = dict.fromkeys((*KINDS, TOTAL), 0)
        parts = [
            told(self.tables[by].get(key, nothing), ours.kinds) for by, key in filter(None, cells)
        ]
        if None in parts:
            return None, WITHHELD
        return sum(part for part in parts if part is not None), ""

    def _cells(
        self, ours: Ours, since: date, until: date
    ) -> Iterator[tuple[By, tuple[int, str]] | None]:
        """Yield the rows that make up the period; None where there is no such row."""
        by, group = By.FISCAL_YEAR, ""
        if ours.asylum_only:
            by, group = By.ASYLUM, "yes"
        elif ours.priority is not None:
            by, group = By.PRIORITY, ours.priority
        for year in range(fiscal_year(since), fiscal_year(until) + 1):
            start, end = max(since, first_day(year)), min(until, last_day(year))
            if (start, end) == (first_day(year), last_day(year)):
                yield by, (year, group)
            elif by is By.FISCAL_YEAR and start.day == 1 and end == end_of_month(end):
                for month in MONTHS:
                    if start <= month_of(year, month) <= end:
                        yield By.MONTH, (year, str(month))
            else:
                yield None
