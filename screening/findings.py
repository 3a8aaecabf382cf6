"""What a criterion answers, and what the answers of a policy come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache


class Answer(StrEnum):
    HOLDS = "holds"
    CLEAR = "clear"
    UNKNOWN = "unknown"
    STALE = "stale"


class Effect(StrEnum):
    """What a criterion does to the outcome where it holds."""

    EXCLUDE = "exclude"
    REFER = "refer"
    BLOCK = "block"
    SAFEGUARD = "safeguard"
    AGGRAVATE = "aggravate"
    MITIGATE = "mitigate"


class WhenUnknown(StrEnum):
    """What not knowing does to the outcome; `note` is for what never decides."""

    INSUFFICIENT = "insufficient"
    REFER = "refer"
    NOTE = "note"


class Outcome(StrEnum):
    """`FLAGGED` means that a person may consider closing the case, nothing more."""

    FLAGGED = "flagged"
    NOT_FLAGGED = "not-flagged"
    REFER = "refer"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion's answer for one case.

    `reason` is a sentence with counts but without dates, ids or names, so that equal findings are
    equal text. `evidence` names what it rests on (c, t or b and the id). `valid_until` is the first
    day on which time alone could change the answer; None: time alone cannot.
    """

    answer: Answer
    reason: str
    evidence: tuple[str, ...] = ()
    valid_until: date | None = None
    missing: str = ""


# The same few answers are given for almost every case: sharing them is a quarter of the time.
@lru_cache(maxsize=50_000)
def clear(reason: str, valid_until: date | None = None) -> Finding:
    """Return that the criterion does not hold, and that enough is known to say so."""
    return Finding(Answer.CLEAR, reason, (), valid_until)


@lru_cache(maxsize=1_000)
def unknown(reason: str, missing: str) -> Finding:
    """Return that what is on record does not settle it; `missing` names what would."""
    return Finding(Answer.UNKNOWN, reason, (), None, missing)


def holds(reason: str, evidence: tuple[str, ...] = (), valid_until: date | None = None) -> Finding:
    """Return that the criterion holds."""
    return Finding(Answer.HOLDS, reason, evidence, valid_until)


def stale(reason: str, evidence: tuple[str, ...], missing: str) -> Finding:
    """Return that what settled it once is too old to settle it now."""
    return Finding(Answer.STALE, reason, evidence, None, missing)
