"""Convictions all of which lie years back, with nothing pending or undisposed since.

The years are counted from the disposition. A conviction without a date of disposition leaves it
open, and so does a hit of the check that nobody has resolved: it may be something since. Whether
the person has changed is for a person to judge.
"""

from __future__ import annotations

from pydantic import PositiveInt

from screening.criteria.dates import add_years
from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, Disposition
from screening.findings import Answer, Finding, clear, holds


class Params(KindParams):
    years: PositiveInt
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    unsearched = params.search.missing_or_expired(facts)
    if unsearched is not None:
        return unsearched
    expires_on = params.search.expires_on(facts.checks[params.search.check])
    if any(r.disposition in {None, Disposition.PENDING} for r in facts.records):
        return clear("An arrest or charge has no disposition yet.", expires_on)
    if not facts.convictions:
        return clear("No conviction from which time could have passed.", expires_on)
    undated = tuple(r.key for r in facts.convictions if r.disposed_on is None)
    if undated:
        return Finding(
            Answer.UNKNOWN,
            "A conviction has no date of disposition.",
            undated,
            expires_on,
            "date of disposition",
        )
    last = max(r.disposed_on for r in facts.convictions if r.disposed_on is not None)
    passed_on = add_years(last, params.years)
    if passed_on <= facts.as_of:
        return params.search.open_hit(facts) or holds(
            f"No conviction within {params.years} years.",
            tuple(r.key for r in facts.convictions),
            expires_on,
        )
    return clear(f"A conviction within {params.years} years.", min(passed_on, expires_on))


KIND = Kind(
    code="time-since-offence",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(years=5, search=FINGERPRINT),
    words=Words(
        would_clear=(
            "a conviction within {years} years, no conviction at all, or a charge that is pending"
            " or has no disposition, and a {search} that is on record and not expired"
        ),
        would_hold=(
            "convictions all disposed of {years} or more years ago, no charge that is pending or "
            "has no disposition, and a {search} that is on record, not expired and without an open "
            "hit"
        ),
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies the date of a"
            " disposition."
        ),
        params={
            "years": ("How many years must have passed since the last disposition."),
        },
    ),
    favourable=True,
)
