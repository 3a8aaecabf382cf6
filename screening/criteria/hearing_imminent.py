"""An individual (merits) hearing within the coming days.

Counts the day of the screening and the last day of the window. A hearing already held with the
decision reserved does not show in the schedule and is not looked for.
"""

from __future__ import annotations

from datetime import timedelta

from pydantic import PositiveInt

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    days: PositiveInt


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.individual_hearings_on is None:
        return unknown("No hearing schedule is on record.", "hearing schedule")
    coming = [d for d in facts.individual_hearings_on if d >= facts.as_of]
    if not coming:
        return clear("No individual hearing is scheduled.")
    window_opens_on = min(coming) - timedelta(days=params.days)
    if window_opens_on <= facts.as_of:
        last = max(d for d in coming if d - timedelta(days=params.days) <= facts.as_of)
        return holds("An individual hearing is imminent.", valid_until=last + timedelta(days=1))
    return clear("No individual hearing is imminent.", window_opens_on)


KIND = Kind(
    code="hearing-imminent",
    about=__doc__,
    params=Params,
    reads=("individual_hearings_on",),
    check=check,
    example=Params(days=30),
    words=Words(
        would_clear="a hearing schedule without an individual hearing in the coming {days} days",
        would_hold="an individual hearing in the coming {days} days",
        obtained_by="By the office, from the schedule of the immigration court.",
        params={
            "days": "How many days ahead to look.",
        },
    ),
)
