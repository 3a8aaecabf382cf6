"""The course of one case through the courts: its proceedings, hearings and custody."""

from dataclasses import dataclass
from typing import NamedTuple

from cases.synthetic.courts import DETAINED_COURTS, OPEN_COURTS, Court
from cases.synthetic.days import WORKDAY, day
from cases.synthetic.decisions import (
    CLOSED,
    IN_ABSENTIA,
    OPEN,
    PD_CLOSED,
    REMOVED,
    TRANSFER,
    VENUE,
    Outcome,
    outcomes_on,
)
from cases.synthetic.pools import Rand, between, pick, pool, words

FIRST_DAY = day(1996, 1, 2)
_YEARS = pool(
    [(year, 75 + 3 * (year - 1996)) for year in range(1996, 2009)]
    + [(year, 80) for year in range(2009, 2014)]
    + [(2014, 120), (2015, 110), (2016, 140), (2017, 170), (2018, 190), (2019, 310)]
    + [(2020, 160), (2021, 240), (2022, 620), (2023, 1000), (2024, 900), (2025, 500)]
    + [(year, 500) for year in range(2026, 2040)]
)
_STILL_PENDING = (97, 90, 74, 66, 60, 56, 53, 47, 40, 33, 26, 20, 14, 10, 8, 6, 4, 3, 2, 2)
"""Percent of the cases still pending, by whole years since they were filed."""

_PROCEEDINGS = (1,) * 76 + (2,) * 18 + (3,) * 5 + (4,)
_BREAKS = (
    ("venue",) * 52
    + ("transfer",) * 20
    + ("reopened",) * 18
    + ("recalendared",) * 6
    + ("remanded",) * 4
)
_TYPES = ("RMV",) * 962 + ("WHO",) * 12 + ("AOC",) * 10 + ("CFR",) * 8 + ("RFR",) * 5 + (
    "CSR", "NAC", "REC",
)  # fmt: skip
_SHORT_TYPES = frozenset({"CFR", "RFR", "CSR"})
_TIMES = ("0830",) * 5 + ("0900",) * 4 + ("1000",) * 3 + ("1300",) * 6 + ("1330", "1430", "0800")
_MASTER_REASONS = words("01 01 01 02 02 17 17 17 05 06 12 12 13 14 22 25 34 45 51 74 9A 10")
_MERITS_REASONS = words("02 03 12 13 13 24 25 34 36 37 38 41 45 64 9A 9A 18 54")
_PD_SINCE = day(2022, 4)
_FY2012, _FY2018 = day(2011, 10), day(2017, 10)
_FY1997 = day(1997, 4)


class Hearing(NamedTuple):
    on: int
    time: str
    calendar: str
    reason: str
    scheduled_on: int


@dataclass(slots=True)
class Proceeding:
    """`ended` is 0 while the proceeding is open."""

    started: int
    ended: int
    outcome: Outcome
    court: Court
    location: str
    judge: str
    hearings: list[Hearing]
    broken_by: str = ""


@dataclass(slots=True)
class Course:
    filed: int
    case_type: str
    custody: str
    detained_on: int
    released_on: int
    proceedings: list[Proceeding]
    severed_on: int = 0

    @property
    def pending(self) -> bool:
        return not self.proceedings[-1].ended


def filing_day(rand: Rand, until: int) -> int:
    """Return a day of filing; more of them in the years when filings rose."""
    while True:
        filed = day(pick(rand, _YEARS)) + int(rand() * 365)
        if filed <= until:
            return max(filed, FIRST_DAY)


def is_pending(rand: Rand, *, filed: int, until: int) -> bool:
    age = (until - filed) // 365
    return rand() * 100 < _STILL_PENDING[min(age, len(_STILL_PENDING) - 1)]


def _case_type(rand: Rand, filed: int, pending: bool) -> str:
    if filed < _FY1997:
        return "EXC" if rand() < 0.15 else "DEP"
    case_type = pick(rand, _TYPES)
    return "RMV" if pending and case_type in _SHORT_TYPES else case_type


def _custody(rand: Rand, case_type: str, filed: int, pending: bool, until: int) -> str:
    if case_type in _SHORT_TYPES:
        return "D"
    draw = rand()
    if draw < 0.10:
        return "D" if not pending or until - filed < 300 else "R"
    return "R" if draw < 0.36 else "N"


def _duration(rand: Rand, custody: str) -> int:
    if custody == "D":
        return between(rand, 8, 160)
    return int(90 + 1900 * rand() * rand() + 400 * rand())


def _hearings(
    rand: Rand, started: int, ended: int, *, outcome: Outcome, until: int
) -> list[Hearing]:
    """Return the hearings of a proceeding in order, the future ones of an open one included."""
    last = ended or until
    length = last - started
    hearings: list[Hearing] = []
    wanted = between(rand, 0 if outcome.ends == "moved" else 1, 3 + min(length // 250, 5))
    if not ended and length < 240:
        wanted = 0
    scheduled = started
    merits = False
    for number in range(wanted):
        on = WORKDAY[started + int(length * (number + 0.3 + 0.6 * rand()) / wanted)]
        final = ended and number == wanted - 1 and outcome.ends != "moved"
        if final:
            on = ended
        if on > last or on <= scheduled:
            continue
        merits = number > 0 and (merits or rand() < 0.5)
        if final:
            reason = "8A" if rand() < 0.15 else "8B"
        elif rand() < 0.02 and (on >= _PD_SINCE or _FY2012 <= on < _FY2018):
            reason = "PD"
        else:
            reason = pick(rand, _MERITS_REASONS if merits else _MASTER_REASONS)
        calendar = "I" if merits else "M"
        hearings.append(Hearing(on, pick(rand, _TIMES), calendar, reason, scheduled))
        scheduled = on
    if not ended and rand() < 0.74:
        hearings.append(_next_hearing(rand, until=until, scheduled=scheduled, merits=merits))
    return hearings


def _next_hearing(rand: Rand, *, until: int, scheduled: int, merits: bool) -> Hearing:
    calendar = "I" if merits or rand() < 0.35 else "M"
    draw = rand()
    ahead = between(rand, 1, 30) if draw < 0.07 else between(rand, 31, 400 if draw < 0.5 else 1440)
    return Hearing(WORKDAY[until + ahead], pick(rand, _TIMES), calendar, "", scheduled)


def _break_outcome(rand: Rand, ended: int, wanted: str) -> tuple[str, Outcome]:
    """Return why and how a proceeding ended that another one followed."""
    if wanted == "recalendared":
        if _FY2012 <= ended < _FY2018:
            return wanted, PD_CLOSED if rand() < 0.6 else CLOSED
        if ended < _FY2012:
            return wanted, CLOSED
        wanted = "venue"
    outcome = {"transfer": TRANSFER, "reopened": IN_ABSENTIA, "remanded": REMOVED}
    return wanted, outcome.get(wanted, VENUE)


def _proceedings(
    rand: Rand, *, course: Course, completed: int, until: int, detained: bool
) -> list[Proceeding]:
    start = min(course.filed + int(60 * rand() * rand()), completed or until)
    end = completed or until
    count = pick(rand, _PROCEEDINGS) if end - start > 200 else 1
    if course.case_type not in ("RMV", "DEP", "EXC"):
        count = 1
    court = pick(rand, DETAINED_COURTS if detained else OPEN_COURTS)
    cuts = sorted(start + int((end - start) * (0.05 + 0.85 * rand())) for _ in range(count - 1))
    proceedings: list[Proceeding] = []
    for cut in cuts:
        broken_by, outcome = _break_outcome(rand, cut, pick(rand, _BREAKS))
        proceedings.append(
            _proceeding(
                rand,
                started=start,
                ended=cut,
                outcome=outcome,
                court=court,
                until=until,
                broken_by=broken_by,
            )
        )
        gap = int((end - cut) * 0.3 * rand()) if broken_by not in ("venue", "transfer") else 0
        start = cut + gap
        if broken_by == "venue" or (broken_by == "transfer" and court.detained):
            court = pick(rand, OPEN_COURTS)
    outcome = pick(rand, outcomes_on(end, case_type=course.case_type)) if completed else OPEN
    proceedings.append(
        _proceeding(rand, started=start, ended=completed, outcome=outcome, court=court, until=until)
    )
    return proceedings


def _proceeding(
    rand: Rand,
    *,
    started: int,
    ended: int,
    outcome: Outcome,
    court: Court,
    until: int,
    broken_by: str = "",
) -> Proceeding:
    return Proceeding(
        started=started,
        ended=ended,
        outcome=outcome,
        court=court,
        location=pick(rand, court.locations) if rand() < 0.3 else court.locations[0],
        judge=pick(rand, court.judges),
        hearings=_hearings(rand, started, ended, outcome=outcome, until=until),
        broken_by=broken_by,
    )


def make_course(rand: Rand, *, filed: int, until: int, pending: bool) -> Course:
    case_type = _case_type(rand, filed, pending)
    custody = _custody(rand, case_type, filed, pending, until)
    available = until - filed
    completed = 0
    if not pending:
        length = _duration(rand, custody)
        completed = WORKDAY[filed + (length if length < available else int(available * rand()))]
        completed = min(completed, until)
    detained_on = released_on = 0
    if custody != "N":
        detained_on = filed - between(rand, 0, 20)
    if custody == "R":
        released_on = min(detained_on + between(rand, 1, 90), completed or until)
    course = Course(filed, case_type, custody, detained_on, released_on, [])
    course.proceedings = _proceedings(
        rand, course=course, completed=completed, until=until, detained=custody == "D"
    )
    return course


def earlier_filing(rand: Rand, filed: int) -> int:
    """Return the day on which an earlier case of the same person was filed; 0 if none could be."""
    latest = filed - 700
    return between(rand, max(FIRST_DAY, latest - 7000), latest) if latest > FIRST_DAY else 0


def make_earlier_course(rand: Rand, *, filed: int, before: int) -> Course:
    """Return a case that was over before the later one was filed, often by an order in absentia."""
    course = make_course(rand, filed=filed, until=before - 30, pending=False)
    last = course.proceedings[-1]
    if course.case_type in ("RMV", "DEP", "EXC") and rand() < 0.45:
        last.outcome = IN_ABSENTIA
    return course
