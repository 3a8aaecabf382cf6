"""An application of one of the listed kinds on file with the court.

Some relief only a judge can give: who had applied for it loses it when the case ends. Reads the
courts' own codes of applications. Does not look at whether the application has merit.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    codes: frozenset[str]


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.applications is None:
        return unknown("No list of applications is on record.", "applications on file")
    listed = sorted(facts.applications & params.codes)
    if listed:
        return holds(f"On file: {', '.join(listed)}.")
    return clear("No listed application is on file.")


KIND = Kind(
    code="application-on-file",
    about=__doc__,
    params=Params,
    reads=("applications",),
    check=check,
    example=Params(codes=frozenset({"42A", "42B"})),
    words=Words(
        would_clear=("a list of the applications on file that has none of {codes}"),
        would_hold="an application of {codes} on file with the court",
        obtained_by="By the office, from the record of the immigration court.",
        params={
            "codes": "The courts' codes of the applications that count.",
        },
    ),
)
