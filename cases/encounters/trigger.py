"""The trigger itself: from counts and determinations to what stands on a day. Pure.

It proposes, and a recorded determination of the Secretary decides; the proclamation alone began
the first suspension. Which of two readings is taken where the texts are silent comes in `Readings`.

Law: INA 212(f); Proclamation 10773, 89 FR 48487; Proclamation 10817, 89 FR 80351; 89 FR 81156.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cases.models.encounters import STARTS_AT, STOPS_BELOW, Category, FactualDetermination

Kind = FactualDetermination.Kind
Counts = Mapping[date, Mapping[Category, int]]
"""By day and category; what is not on record is not there, and is never zero."""

NEW_YORK = ZoneInfo("America/New_York")
ONE_DAY = timedelta(days=1)
WINDOW = 7
WAIT = timedelta(days=14)
"""Calendar days from the determination of a discontinuation to its effect."""
PROCLAIMED = date(2024, 6, 5)
"""In effect from 00:01 by the proclamation itself. Law: Proclamation 10773, sec. 1."""
LAST_DAY = date(2025, 1, 20)
"""Proclamation 10888 then suspended entry without a number; the counter is history from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The text in force from a day on; `days_below` averages in a row are needed to stop."""

    effective_from: date
    days_below: int
    every_child_counts: bool
    citation: str


RULES = (
    Rule(
        effective_from=PROCLAIMED,
        days_below=1,
        every_child_counts=False,
        citation="Proclamation 10773, sec. 2, 4 (89 FR 48487)",
    ),
    Rule(
        effective_from=date(2024, 10, 1),
        days_below=28,
        every_child_counts=True,
        citation="Proclamation 10817 (89 FR 80351)",
    ),
)


class TwentyEightDays(StrEnum):
    """Of what there must be 28 in a row: averages (34 days of data), or days of data."""

    AVERAGES = "averages"
    DATA = "data"


class AcrossAmendment(StrEnum):
    """Whether a run that reaches the amendment is counted again with every child, or goes on."""

    RECOMPUTED = "recomputed"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """How what the texts leave open is read."""

    twenty_eight_days: TwentyEightDays = TwentyEightDays.AVERAGES
    across_amendment: AcrossAmendment = AcrossAmendment.RECOMPUTED


DEFAULT = Readings()


def readings_named(names: Mapping[str, str]) -> Readings:
    """Return the readings that the settings name."""
    return Readings(
        twenty_eight_days=TwentyEightDays(names["twenty_eight_days"]),
        across_amendment=AcrossAmendment(names["across_amendment"]),
    )


# What the counts say


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the seven days to one day say; `sum7` None where one of them is not on record.

    `run` is how many days in a row, to this one, the average was below 1,500.
    """

    day: date
    sum7: int | None
    run: int
    needed: int

    @property
    def low(self) -> bool:
        return self.sum7 is not None and self.sum7 < STOPS_BELOW

    @property
    def high(self) -> bool:
        return self.sum7 is not None and self.sum7 >= STARTS_AT

    @property
    def average(self) -> float | None:
        """Return the average for a reader; nothing is compared with it."""
        return None if self.sum7 is None else self.sum7 / WINDOW


def rule_on(day: date, rules: Sequence[Rule] = RULES) -> Rule:
    """Return the rule of the day; days before the first are read by it."""
    return next((rule for rule in reversed(rules) if rule.effective_from <= day), rules[0])


def counted(counts: Counts, day: date, rule: Rule) -> int | None:
    """Return the encounters of the day that count; None unless every part is on record."""
    parts = [Category.OTHERS, Category.CHILDREN_CONTIGUOUS]
    if rule.every_child_counts:
        parts.append(Category.CHILDREN_ELSEWHERE)
    found = [counts.get(day, {}).get(part) for part in parts]
    return None if None in found else sum(n for n in found if n is not None)


def sum_of_seven(
    counts: Counts, last: date, *, rules: Sequence[Rule] = RULES, under: Rule | None = None
) -> int | None:
    """Return the sum of the days to `last`, each by the rule of its day, or all `under` one."""
    days = [last - n * ONE_DAY for n in range(WINDOW)]
    parts = [counted(counts, day, under or rule_on(day, rules)) for day in days]
    return None if None in parts else sum(n for n in parts if n is not None)


def needed(rule: Rule, readings: Readings) -> int:
    """Return how many averages in a row must be below 1,500."""
    if rule.days_below > WINDOW and readings.twenty_eight_days == TwentyEightDays.DATA:
        return rule.days_below - (WINDOW - 1)
    return rule.days_below


def read(
    counts: Counts, *, readings: Readings = DEFAULT, rules: Sequence[Rule] = RULES
) -> list[Reading]:
    """Return a reading of every calendar day from the first on record to the last."""
    if not counts:
        return []
    found: list[Reading] = []
    run, day, last = 0, min(counts), max(counts)
    while day <= last:
        rule = rule_on(day, rules)
        if readings.across_amendment == AcrossAmendment.RECOMPUTED and _is_amended_on(day, rules):
            run = _run_under(rule, counts, day - ONE_DAY)
        sum7 = sum_of_seven(counts, day, rules=rules)
        run = run + 1 if sum7 is not None and sum7 < STOPS_BELOW else 0
        found.append(Reading(day=day, sum7=sum7, run=run, needed=needed(rule, readings)))
        day += ONE_DAY
    return found


def _is_amended_on(day: date, rules: Sequence[Rule]) -> bool:
    return day in {rule.effective_from for rule in rules[1:]}


def _run_under(rule: Rule, counts: Counts, last: date) -> int:
    """Return the run that reaches `last` when past days too are counted by this rule."""
    run = 0
    while (n := sum_of_seven(counts, last - run * ONE_DAY, under=rule)) is not None:
        if n >= STOPS_BELOW:
            break
        run += 1
    return run


# What was determined, and what stands


class Status(StrEnum):
    NOT_YET = "not-yet"
    IN_EFFECT = "in-effect"
    DISCONTINUED = "discontinued"
    HISTORICAL = "historical"


@dataclass(frozen=True, slots=True)
class Act:
    """A determination: its kind and its day."""

    kind: Kind
    determined_on: date

    @property
    def effective_on(self) -> date:
        """Return the day at 00:01 of which it takes effect; of a cancellation, its own day."""
        waits = {Kind.START: ONE_DAY, Kind.STOP: WAIT, Kind.CANCEL: timedelta(0)}
        return self.determined_on + waits[self.kind]


@dataclass(frozen=True, slots=True)
class Change:
    """What stands from 00:01 of a day, New York time, and by which act; None: by proclamation."""

    on: date
    status: Status
    act: Act | None = None

    @property
    def at(self) -> datetime:
        """Return the instant. 00:01 exists on every day: clocks change at two."""
        return datetime.combine(self.on, time(0, 1), tzinfo=NEW_YORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time in which one thing stood; `ends` None while it stands."""

    begins: Change
    ends: Change | None

    @property
    def status(self) -> Status:
        return self.begins.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands at 00:01 of a day, and what was determined and is still to take effect."""

    status: Status
    since: Change | None
    pending: Act | None


def changes(acts: Iterable[Act]) -> list[Change]:
    """Return every change that takes or took effect, in order; an act may find none to make."""
    made = [Change(PROCLAIMED, Status.IN_EFFECT)]
    for act in sorted(acts, key=lambda act: act.determined_on):
        last = made[-1]
        stops = last.status == Status.DISCONTINUED
        if act.kind == Kind.STOP:
            if not stops:
                made.append(Change(act.effective_on, Status.DISCONTINUED, act))
        elif stops and act.determined_on < last.on:
            made.pop()  # at 2,500 the suspension continues: the discontinuation never takes effect
        elif stops and act.kind == Kind.START:
            made.append(Change(act.effective_on, Status.IN_EFFECT, act))
    return made


def periods(acts: Iterable[Act]) -> list[Period]:
    """Return the times of suspension and of none, ending in the time without a counter."""
    made = [change for change in changes(acts) if change.on <= LAST_DAY]
    made.append(Change(LAST_DAY + ONE_DAY, Status.HISTORICAL))
    ends: list[Change | None] = [*made[1:], None]
    return [Period(begins=a, ends=b) for a, b in zip(made, ends, strict=True)]


def standing(acts: Iterable[Act], *, on: date) -> Standing:
    """Return what stands on the day by the acts determined up to it."""
    if on > LAST_DAY:
        ended = Change(LAST_DAY + ONE_DAY, Status.HISTORICAL)
        return Standing(status=Status.HISTORICAL, since=ended, pending=None)
    made = changes(act for act in acts if act.determined_on <= on)
    past = [change for change in made if change.on <= on]
    if not past:
        return Standing(status=Status.NOT_YET, since=None, pending=None)
    pending = made[-1].act if made[-1].on > on else None
    return Standing(status=past[-1].status, since=past[-1], pending=pending)


def proposal(reading: Reading, stands: Standing) -> Kind | None:
    """Return what the seven days would support, where something stands to be determined.

    Between 1,500 and 2,500 there is nothing: what stands goes on. At 2,500 a suspension in effect
    goes on too; only one that is not, or that is to be discontinued, needs a determination.
    """
    if stands.status not in (Status.IN_EFFECT, Status.DISCONTINUED):
        return None
    pending = stands.pending.kind if stands.pending else None
    if reading.high:
        if pending == Kind.STOP:
            return Kind.CANCEL
        return Kind.START if stands.status == Status.DISCONTINUED and pending is None else None
    if stands.status == Status.IN_EFFECT and pending is None and reading.run >= reading.needed:
        return Kind.STOP
    return None
