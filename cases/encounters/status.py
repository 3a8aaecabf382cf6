"""What stands on a day, from the record: for a command, a page, and the date of an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.encounters.counts import LABELS, Series, counts_on_record
from cases.encounters.determine import acts_on_record
from cases.encounters.trigger import (
    LAST_DAY,
    Kind,
    Period,
    Reading,
    Readings,
    Standing,
    Status,
    periods,
    proposal,
    read,
    standing,
    sum_of_seven,
)
from cases.models import FactualDetermination, LegalHold

SENTENCES = {
    Status.NOT_YET: "Proclamation 10773 was not yet in effect.",
    Status.IN_EFFECT: "The suspension of entry under Proclamation 10773 is in effect.",
    Status.DISCONTINUED: "The suspension of entry under Proclamation 10773 is discontinued.",
    Status.HISTORICAL: (
        "Proclamation 10888 of 2025-01-20 suspended entry without a number. The counter of "
        "Proclamation 10773 is history since; whether 10888 is in effect is not said here."
    ),
}
STAYED = "A court stays the suspension of entry under Proclamation 10773, which would be in effect."


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that is asked of one day.

    `reading` is the latest on or before the day; `last_below` the latest day before it on which
    the average of seven days stood below 1,500. None: there is none on record.
    """

    on: date
    series: Series
    standing: Standing
    holds: list[LegalHold]
    readings: list[Reading]
    reading: Reading | None
    proposal: Kind | None
    last_below: Reading | None
    periods: list[Period]
    alerts: list[str]

    @property
    def sentence(self) -> str:
        return STAYED if self.stayed else SENTENCES[self.standing.status]

    @property
    def label(self) -> str:
        return LABELS[self.series]

    @property
    def stayed(self) -> bool:
        return bool(self.holds) and self.standing.status == Status.IN_EFFECT

    @property
    def in_effect(self) -> bool:
        """Return whether it is in effect, what a court stays left out."""
        return self.standing.status == Status.IN_EFFECT and not self.stayed


def state_on(day: date, *, readings: Readings, series: Series = Series.DAILY) -> State:
    """Return what stands on the day by what is on record now.

    Only daily counts propose: what is derived from months says nothing of seven days.
    """
    acts = acts_on_record()
    stands = standing(acts, on=day)
    days = [r for r in read(counts_on_record(series), readings=readings) if r.day <= day]
    latest = days[-1] if days else None
    proposed = proposal(latest, stands) if latest and series == Series.DAILY else None
    return State(
        on=day,
        series=series,
        standing=stands,
        holds=holds_on(day),
        readings=days,
        reading=latest,
        proposal=proposed,
        last_below=next((r for r in reversed(days) if r.low and r.day < day), None),
        periods=periods(acts),
        alerts=revised_since(),
    )


def holds_on(day: date) -> list[LegalHold]:
    return [hold for hold in LegalHold.objects.current() if hold.holds_on(day)]


def revised_since() -> list[str]:
    """Return a sentence for each determination whose seven days have been revised since.

    It is never undone: it rested on what was known.
    """
    counts = counts_on_record(Series.DAILY)
    found = []
    for row in FactualDetermination.objects.order_by("determined_on"):
        sum7 = sum_of_seven(counts, row.window_to)
        if sum7 != row.sum7:
            found.append(
                f"The counts of {row.window_from} to {row.window_to} were revised after the "
                f"determination of {row.determined_on}: their sum was {row.sum7:,} and is "
                f"{'not on record' if sum7 is None else f'{sum7:,}'}. The determination stands; "
                "a person should look at it."
            )
    return found


def entered_during(day: date) -> str:
    """Return whether a day of entry fell in a suspension, as a sentence for information only.

    What stands at 00:01 of a day is taken for the whole of it.
    """
    stands = standing(acts_on_record(), on=day)
    if stands.status == Status.NOT_YET:
        return "before the suspension of Proclamation 10773"
    if stands.status == Status.DISCONTINUED:
        return "while no suspension under Proclamation 10773 was in effect"
    if stands.status == Status.HISTORICAL:
        return f"after {LAST_DAY}, when Proclamation 10888 suspended entry without a number"
    stay = ", which a court had stayed" if holds_on(day) else ""
    return f"in a suspension period of Proclamation 10773{stay}"
