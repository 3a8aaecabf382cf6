"""A place and a time in which no authority supports the motion, or in which that is unsettled.

Each period names the circuits it covers (all, if none is named), from its first day to the day it
ends. The circuit is that of the court on record; a change of venue changes it. Whether a motion
would be granted is not asked.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Answer, Finding, clear, holds


class Period(KindParams):
    since: date
    until: date | None = None
    circuits: frozenset[str] | None = None
    authority: str

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.since:
            raise ValueError("until is not after since")
        return self


class Params(KindParams):
    periods: tuple[Period, ...]


def check(facts: CaseFacts, params: Params) -> Finding:
    days = {p.since for p in params.periods} | {p.until for p in params.periods if p.until}
    valid_until = min((day for day in days if day > facts.as_of), default=None)
    current = [
        p
        for p in params.periods
        if p.since <= facts.as_of and (p.until is None or facts.as_of < p.until)
    ]
    for period in current:
        if period.circuits is None or facts.circuit in period.circuits:
            return holds(f"No settled authority: {period.authority}.", valid_until=valid_until)
    if current and facts.circuit is None:
        return Finding(
            Answer.UNKNOWN,
            "The circuit of the court is not on record.",
            valid_until=valid_until,
            missing="court",
        )
    return clear("Nothing on that day stands against the motion.", valid_until)


KIND = Kind(
    code="motion-authority",
    about=__doc__,
    params=Params,
    reads=("circuit",),
    check=check,
    example=Params(
        periods=(
            Period(
                since=date(2018, 5, 17),
                circuits=frozenset({"6"}),
                authority="Matter of Castro-Tum",
            ),
        )
    ),
    words=Words(
        would_clear=(
            "a court in a circuit that no listed period covers on the day of the screening"
        ),
        would_hold=("a court in a circuit that a listed period covers on the day of the screening"),
        obtained_by="By the office, from the record of the immigration court.",
        params={
            "periods": ("The times and places in which no settled authority supports the motion."),
            "since": "The first day of the period.",
            "until": ("The day on which the period has ended; left out, it has not."),
            "circuits": ("The numbers of the federal circuits it covers; left out, all."),
            "authority": "The decision or rule that makes it so.",
        },
    ),
)
