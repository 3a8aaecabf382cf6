"""Convictions of several offences whose sentences to confinement add up.

Counts the sentence imposed, suspended or not, of every conviction; with fewer than two there is
nothing to add. A sentence not on record leaves it open. Law: INA 212(a)(2)(B), 101(a)(48)(B).
"""

from __future__ import annotations

from pydantic import PositiveInt

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Answer, Finding, holds

SEVERAL = 2


class Params(KindParams):
    days: PositiveInt
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    convictions = facts.convictions
    if len(convictions) >= SEVERAL:
        keys = tuple(r.key for r in convictions)
        if sum(r.sentence_days or 0 for r in convictions) >= params.days:
            return holds("Sentences that add up to the limit or more.", keys)
        if any(r.sentence_days is None for r in convictions):
            return Finding(
                Answer.UNKNOWN,
                "Of several convictions a sentence is not on record.",
                keys,
                missing="certified disposition with sentence",
            )
    return params.search.found_nothing(facts, "No sentences that add up to the limit.")


KIND = Kind(
    code="aggregate-sentence",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(days=1825, search=FINGERPRINT),
    words=Words(
        would_clear=(
            "sentences to confinement of less than {days} days together, each on record, or fewer"
            " than two convictions, and a {search} that is on record, not expired and without an "
            "open hit"
        ),
        would_hold=(
            "two or more convictions whose sentences to confinement add up to {days} days or more"
        ),
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies a disposition"
            " and its sentence."
        ),
        params={
            "days": ("The days of confinement, of all sentences together, from which it holds."),
        },
    ),
)
