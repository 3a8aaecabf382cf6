"""What others published beside our own, never mixed.

Sources count in their own ways and restate what they told: where they differ, both are shown. Ours
stands beside a figure only where it counts the same thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import Sum

from cases.models import CompletionCount, PublishedFigure
from cases.statistics import plain, release
from cases.statistics.dimensions import By
from cases.statistics.fiscal import MONTHS, end_of_month, first_day, fiscal_year, last_day, month_of
from cases.statistics.kinds import CLOSURES, DISCRETION, KINDS, Completion
from cases.statistics.release import TOTAL
from cases.statistics.tables import told


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
