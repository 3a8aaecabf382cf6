"""Whether someone looked: a clean record counts only while the check behind it is fresh."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Self

from pydantic import PositiveInt, model_validator

from screening.criteria.dates import add_months
from screening.criteria.kind import KindParams
from screening.facts import CaseFacts, Check, CheckKind, CheckResult
from screening.findings import Answer, Finding, clear, stale, unknown

OPEN_HITS = frozenset({CheckResult.HIT_UNRESOLVED, CheckResult.WITHHELD_BY_OWNER})
"""Someone may be on a list or have a record: nobody has told whether it is this person."""


class Search(KindParams):
    """A kind of check, and how long its result may be used (calendar months, or days)."""

    check: CheckKind
    """The kind of check that must have been made."""
    months: PositiveInt | None = None
    """Calendar months from its completion in which it may be used; or else `days`."""
    days: PositiveInt | None = None
    """Days from its completion in which it may be used; or else `months`."""

    def __str__(self) -> str:
        used_for = f"{self.months} months" if self.months is not None else f"{self.days} days"
        return f"{self.label} (used for {used_for})"

    @model_validator(mode="after")
    def has_one_validity(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("give the validity in months or in days, one of them")
        return self

    @cached_property
    def label(self) -> str:
        return self.check.value.replace("-", " ") + " check"

    def expires_on(self, check: Check) -> date:
        """Return the first day on which the check may no longer be used: by its source or by us."""
        ends_on = _ends_on(check.completed_on, self.months, self.days)
        by_source = check.expires_on
        return ends_on if by_source is None or ends_on < by_source else by_source

    def missing_or_expired(self, facts: CaseFacts) -> Finding | None:
        """Return why the check settles nothing today, or None if it is on record and fresh."""
        check = facts.checks.get(self.check)
        if check is None:
            return unknown(f"No {self.label} is on record.", self.label)
        return self._expired(check) if self.expires_on(check) <= facts.as_of else None

    def found_nothing(self, facts: CaseFacts, reason: str) -> Finding:
        """Return that nothing was found, if someone looked, looked lately, and no hit is open."""
        check = facts.checks.get(self.check)
        if check is None:
            return unknown(f"No {self.label} is on record.", self.label)
        expires_on = self.expires_on(check)
        if expires_on <= facts.as_of:
            return self._expired(check)
        if check.result in OPEN_HITS:
            return self._open_hit(check, expires_on)
        return clear(reason, expires_on)

    def open_hit(self, facts: CaseFacts) -> Finding | None:
        """Return that a hit of the check on record is open, or None if none is."""
        check = facts.checks[self.check]
        if check.result not in OPEN_HITS:
            return None
        return self._open_hit(check, self.expires_on(check))

    def _open_hit(self, check: Check, expires_on: date) -> Finding:
        return Finding(
            Answer.UNKNOWN,
            f"The {self.label} has an open hit.",
            (check.key,),
            expires_on,
            f"resolution of the {self.label}",
        )

    def _expired(self, check: Check) -> Finding:
        return stale(f"The {self.label} has expired.", (check.key,), f"new {self.label}")


# Asked sixteen times a case, about the same few days.
@lru_cache(maxsize=100_000)
def _ends_on(completed_on: date, months: int | None, days: int | None) -> date:
    if months is not None:
        return add_months(completed_on, months)
    return completed_on + timedelta(days=days or 0)


FINGERPRINT = Search(check=CheckKind.FINGERPRINT, months=15)
"""For examples; policies state their own."""
WATCHLIST = Search(check=CheckKind.WATCHLIST, days=15)
