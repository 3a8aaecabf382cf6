"""A background check: on record, not expired, with nothing in it that a person must read.

A check that ended in an error or an unclassifiable print, or that is still out, counts as not made.
Where the check is not required, only what one on record found counts. What the hit says is for the
other criteria, and for the person who reads it.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, OPEN_HITS, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, CheckResult
from screening.findings import Finding, clear, holds


class Params(KindParams):
    search: Search
    required: bool = True


TO_READ = OPEN_HITS | {CheckResult.IDENTICAL_DEROGATORY}


def check(facts: CaseFacts, params: Params) -> Finding:
    search = params.search
    made = facts.checks.get(search.check)
    if params.required:
        problem = search.missing_or_expired(facts)
        if problem is not None:
            return problem
    if made is None:
        return clear(f"No {search.label} is on record, and none is required.")
    valid_until = search.expires_on(made) if params.required else None
    if made.result in TO_READ:
        return holds(f"The {search.label} has a hit to read.", (made.key,), valid_until)
    return clear(f"The {search.label} is on record, with nothing to read.", valid_until)


KIND = Kind(
    code="check-freshness",
    about=__doc__,
    params=Params,
    reads=("checks",),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear=(
            "a {search} that is on record, not expired and without a hit to read, or, where the "
            "check is not required, one of any age without such a hit or none"
        ),
        would_hold="a {search} with a hit to read: open, withheld by its owner or derogatory",
        obtained_by="The office orders the check; a person reads what it found.",
        params={
            "required": "Whether the check must be on record and not expired.",
        },
    ),
)
