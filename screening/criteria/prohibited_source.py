"""Derogatory information about a protected person that rests on a prohibited source.

Information from a spouse, parent, household member or alleged perpetrator is set aside, whatever
it says, and a person is told that something was. Law: 8 U.S.C. 1367(a)(1).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import PROHIBITED_SOURCES, CaseFacts, Indicator, Record
from screening.findings import Answer, Finding, clear, holds, unknown


class Params(KindParams):
    pass


def check(facts: CaseFacts, _params: Params) -> Finding:
    if facts.set_aside:
        return holds(
            f"{len(facts.set_aside)} item(s) from a prohibited source set aside.",
            tuple(item.key for item in facts.set_aside),
        )
    if facts.protected_1367 is None:
        items: tuple[Record | Indicator, ...] = (*facts.records, *facts.indicators)
        doubtful = tuple(item.key for item in items if item.relation in PROHIBITED_SOURCES)
        if doubtful:
            return Finding(
                Answer.UNKNOWN,
                "Information comes from a source that may be prohibited.",
                doubtful,
                None,
                "protection flag",
            )
        return unknown("Whether 8 U.S.C. 1367 protects is not on record.", "protection flag")
    return clear("Nothing rests on a prohibited source.")


KIND = Kind(
    code="prohibited-source",
    about=__doc__,
    params=Params,
    reads=("set_aside", "protected_1367", "records", "indicators"),
    check=check,
    example=Params(),
    words=Words(
        would_clear="a record of whether 8 U.S.C. 1367 protects this person, and nothing set aside",
        would_hold="a protected person, about whom information rests on a prohibited source alone",
        obtained_by="By the office, from the systems that carry the protection flag.",
    ),
)
