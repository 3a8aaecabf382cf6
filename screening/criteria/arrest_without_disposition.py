"""An arrest or charge with no disposition on record.

An arrest is not a conviction: a person must find out what became of it. With `older_than_years`
only an arrest counts that lies so far back. Does not judge what the arrest was for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import PositiveInt

from screening.criteria.dates import add_years
from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, holds


class Params(KindParams):
    older_than_years: PositiveInt | None = None
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    undisposed = [r for r in facts.records if r.disposition is None]
    if params.older_than_years is not None:
        reached_on = {
            r.key: add_years(r.arrested_on, params.older_than_years)
            for r in undisposed
            if r.arrested_on is not None
        }
        undisposed = [r for r in undisposed if reached_on.get(r.key, date.max) <= facts.as_of]
        coming = [day for day in reached_on.values() if day > facts.as_of]
        if not undisposed and coming:
            found = params.search.found_nothing(facts, "No arrest without a disposition so old.")
            return replace(found, valid_until=min([*coming, found.valid_until or date.max]))
    if undisposed:
        return holds(
            f"{len(undisposed)} arrest(s) without a disposition.", tuple(r.key for r in undisposed)
        )
    return params.search.found_nothing(facts, "No arrest without a disposition.")


KIND = Kind(
    code="arrest-without-disposition",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear=(
            "a disposition on record for each arrest and charge, and a {search} that is on "
            "record, not expired and without an open hit"
        ),
        would_hold="an arrest or charge of which no disposition is on record",
        obtained_by=(
            "The office orders the check; the arresting agency, the prosecutor or the clerk of the "
            "criminal court says what became of an arrest."
        ),
        params={
            "older_than_years": (
                "Counts only an arrest that lies so many years back; left out, any, dated or not."
            ),
        },
    ),
)
