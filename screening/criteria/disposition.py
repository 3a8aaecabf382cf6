"""A charge that ended, or stands, in one of the listed ways.

A pending charge is an accusation, and counts for nothing but the fact that a court will decide. A
juvenile adjudication is no conviction, whatever the act was. Whether a diversion is one depends on
a plea or an admission, which the record does not show. Law: INA 101(a)(48)(A); Matter of Devison,
22 I&N Dec. 1362 (BIA 2000).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, Disposition
from screening.findings import Finding, holds


class Params(KindParams):
    dispositions: frozenset[Disposition]
    search: Search

    @property
    def in_words(self) -> str:
        return " or ".join(sorted(self.dispositions)).replace("-", " ")


def check(facts: CaseFacts, params: Params) -> Finding:
    found = tuple(r.key for r in facts.records if r.disposition in params.dispositions)
    if found:
        return holds(f"{len(found)} charge(s): {params.in_words}.", found)
    return params.search.found_nothing(facts, f"No charge: {params.in_words}.")


KIND = Kind(
    code="disposition",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(dispositions=frozenset({Disposition.PENDING}), search=FINGERPRINT),
    words=Words(
        would_clear=(
            "no charge on record as {dispositions}, and a {search} that is on record, not expired"
            " and without an open hit"
        ),
        would_hold="a charge on record as {dispositions}",
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies a disposition."
        ),
        params={
            "dispositions": ("The ways in which a charge ended, or stands, that count."),
        },
    ),
)
