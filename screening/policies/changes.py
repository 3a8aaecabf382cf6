"""What changes for a case between a proposed policy (A) and the present one (B). Pure.

A case in the scope of A or of B is one of four, and `cases` is their sum:

- gained: flagged under A and not under B;
- lost: flagged under B and not under A;
- otherwise changed: flagged under neither, and of another outcome;
- unchanged: of the same outcome under both, whatever it rests on.

Besides, it newly needs review when A refers it or finds what is known insufficient, and under B it
was flagged or not flagged.

A change rests on the leading criterion of the policy that does not flag the case: of B where it is
gained, of A in every other change; outside the scope of that policy, on the scope. That is one for
each case. The criteria that answer otherwise under A than under B may be several, or none where
only an effect differs; a criterion that stands in one of the policies only is clear in the other.
"""

from __future__ import annotations

from enum import StrEnum

from screening.findings import Outcome

OUTSIDE = "outside-scope"
"""In place of an outcome, where a policy does not speak of the case."""
SCOPE = "scope"
"""In place of a criterion, where the case is outside the scope of one of the policies."""
DIMENSIONS = ("office", "nationality", "representation")
"""By what cases are counted, in the order in which `gather.GROUPS` reads it."""


class Change(StrEnum):
    GAINED = "gained"
    LOST = "lost"
    OTHERWISE = "otherwise-changed"
    UNCHANGED = "unchanged"


NEWLY = "newly-needs-review"
SETTLED = frozenset({Outcome.FLAGGED.value, Outcome.NOT_FLAGGED.value})
FOR_A_PERSON = frozenset({Outcome.REFER.value, Outcome.INSUFFICIENT.value})


def change_of(proposed: str, present: str) -> Change:
    """Return what changes for a case from its outcomes under the two policies."""
    if proposed == present:
        return Change.UNCHANGED
    if proposed == Outcome.FLAGGED:
        return Change.GAINED
    return Change.LOST if present == Outcome.FLAGGED else Change.OTHERWISE


def newly_needs_review(proposed: str, present: str) -> bool:
    return proposed in FOR_A_PERSON and present in SETTLED
