"""The chart of seven-day averages: its places, worked out here and drawn as SVG by a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cases.encounters.trigger import LAST_DAY, ONE_DAY, Period, Reading, Status
from cases.models.encounters import STARTS_AT, STOPS_BELOW

WIDTH, HEIGHT = 960, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 832, 16, 284
DAYS_SHOWN = 400
STEPS = (500, 1_000, 2_000, 5_000, 10_000)
LINES_AT_MOST = 8
LABELS_AT_MOST = 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis, as SVG wants it, with its words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A time in which the suspension was in effect, as a rectangle."""

    x: str
    width: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn. `lines` are points of unbroken days; a day without an average breaks one."""

    first: date
    last: date
    lines: list[str]
    dots: list[tuple[str, str]]
    bands: list[Band]
    days: list[Mark]
    numbers: list[Mark]
    thresholds: list[Mark]


def chart_of(readings: Sequence[Reading], periods: Sequence[Period]) -> Chart | None:
    """Return the chart of the last days; None where no average is on record."""
    shown = list(readings[-DAYS_SHOWN:])
    if all(reading.sum7 is None for reading in shown):
        return None
    first, last = shown[0].day, shown[-1].day
    highest = max([3_000.0, *(r.average for r in shown if r.average is not None)])
    step = next((s for s in STEPS if highest / s <= LINES_AT_MOST), STEPS[-1])
    top = -(-highest // step) * step

    def x(day: date) -> float:
        share = (day - first) / max(last - first, ONE_DAY)
        return LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT)

    def y(number: float) -> float:
        return BOTTOM - number / top * (BOTTOM - TOP)

    runs: list[list[tuple[str, str]]] = [[]]
    for reading in shown:
        if reading.average is None:
            runs.append([])
        else:
            runs[-1].append((_at(x(reading.day)), _at(y(reading.average))))
    return Chart(
        first=first,
        last=last,
        lines=[" ".join(",".join(point) for point in run) for run in runs if len(run) > 1],
        dots=[run[0] for run in runs if len(run) == 1],
        bands=[
            Band(_at(x(begins)), _at(x(ends) - x(begins)), f"in effect {begins} to {ends}")
            for begins, ends in _in_effect(periods, last)
            if ends >= first and begins <= last
        ],
        days=[Mark(_at(x(day)), text) for day, text in _days(first, last)],
        numbers=[
            Mark(_at(y(number)), f"{number:,.0f}") for number in range(0, int(top) + 1, int(step))
        ],
        thresholds=[
            Mark(_at(y(STARTS_AT / 7)), "2,500: starts"),
            Mark(_at(y(STOPS_BELOW / 7)), "1,500: below, stops"),
        ],
    )


def _at(place: float) -> str:
    return f"{place:.1f}"


def _in_effect(periods: Sequence[Period], last: date) -> list[tuple[date, date]]:
    return [
        (p.begins.on, min(LAST_DAY, last) if p.ends is None else p.ends.on)
        for p in periods
        if p.status == Status.IN_EFFECT
    ]


def _days(first: date, last: date) -> list[tuple[date, str]]:
    """Return the first days of months to name: each, or where that is too many, fewer."""
    firsts = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    every = -(-len(firsts) // LABELS_AT_MOST) or 1
    return [(day, f"{day:%b %Y}") for day in firsts[::every]]
