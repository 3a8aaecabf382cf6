"""How proceedings end: the decision codes by case type and field, and how often each was used.

A code means different things in DEC_CODE (decision type C) and in OTHER_COMP (type O): U there is
a dismissal, I, M and Y here are the outcomes of prosecutorial discretion.
"""

from collections.abc import Iterable
from typing import NamedTuple

from cases.synthetic.days import day
from cases.synthetic.pools import pool

REMOVAL_DECISIONS = {
    "X": "Removal ordered",
    "R": "Relief granted",
    "T": "Terminated by the judge",
    "U": "Dismissed by the judge",
    "V": "Voluntary departure",
    "W": "Withdrawn",
    "E": "Removal ordered, withholding under the Act granted",
    "Z": "Removal ordered, CAT withholding granted",
    "O": "Other decision",
    "H": "Haitian class",
    "J": "Jurisdiction passed to the BIA",
    "N": "Suspension or cancellation recommended as final",
    "Q": "Suspension or cancellation finally granted",
    "C": "Conditional grant",
}
_ASYLUM_ONLY = {
    "G": "Asylum granted",
    "D": "Asylum denied",
    "A": "Abandoned",
    "W": "Withdrawn",
    "U": "Dismissed by the judge",
    "T": "Terminated by the judge",
    "O": "Other decision",
    "E": "Denied, withholding under the Act granted",
    "Z": "Denied, CAT withholding granted",
}
DECISIONS: dict[str, dict[str, str]] = {
    "RMV": REMOVAL_DECISIONS,
    "DEP": REMOVAL_DECISIONS | {"X": "Deportation ordered"},
    "EXC": REMOVAL_DECISIONS | {"X": "Exclusion ordered"},
    "AOC": _ASYLUM_ONLY,
    "WHO": _ASYLUM_ONLY | {"G": "Withholding granted", "D": "Withholding denied"},
    "CFR": {"A": "Finding of the asylum officer affirmed", "V": "Finding vacated", "O": "Other"},
    "RFR": {"A": "Finding of the asylum officer affirmed", "V": "Finding vacated", "O": "Other"},
    "CSR": {"A": "Expedited removal affirmed", "S": "Claim to status sustained", "O": "Other"},
    "CDR": {"D": "Continued detention denied", "G": "Continued detention granted", "O": "Other"},
    "NAC": {"G": "Adjustment granted", "D": "Adjustment denied", "W": "Withdrawn", "O": "Other"},
    "REC": {"K": "Status revoked", "T": "Terminated by the judge", "O": "Other", "W": "Withdrawn"},
    "DCC": {"S": "Departure order sustained", "T": "Terminated by the judge", "O": "Other"},
    "DDC": {"S": "Appeal sustained", "D": "Appeal denied", "O": "Other"},
}
OTHER_COMPLETIONS = {
    "A": "Administratively closed, other",
    "B": "Administratively closed after a failure to appear",
    "C": "Venue changed",
    "F": "Failure to prosecute",
    "H": "Haitian class",
    "I": "Prosecutorial discretion, terminated",
    "J": "Jurisdiction passed to the BIA",
    "M": "Prosecutorial discretion in court, administratively closed",
    "O": "Other administrative completion",
    "P": "Temporary protected status",
    "T": "Transferred",
    "Y": "Prosecutorial discretion, administratively closed",
}
WITHOUT_CLOSURE = frozenset({"CFR", "RFR", "CSR", "CDR"})
"""Reviews, which are moved or returned but not closed."""

REVIEW_COMPLETIONS = frozenset("CTJO")


def is_legal(*, case_type: str, field: str, code: str) -> bool:
    """Say whether the code may stand in DEC_CODE or OTHER_COMP of a case of this type."""
    if field == "DEC_CODE":
        return code in DECISIONS[case_type]
    if case_type in WITHOUT_CLOSURE:
        return code in REVIEW_COMPLETIONS
    return code in OTHER_COMPLETIONS


class Outcome(NamedTuple):
    """How a proceeding ends. `ends` names the family that other tables must agree with."""

    decision: str = ""
    other: str = ""
    absentia: bool = False
    ends: str = ""


OPEN = Outcome()
VENUE = Outcome(other="C", ends="moved")
TRANSFER = Outcome(other="T", ends="moved")
IN_ABSENTIA = Outcome(decision="X", absentia=True, ends="absentia")
REMOVED = Outcome(decision="X", ends="removal")
CLOSED = Outcome(other="A", ends="closed")
PD_CLOSED = Outcome(other="Y", ends="closed")

_OUTCOMES = {
    "X": REMOVED,
    "XA": IN_ABSENTIA,
    "R": Outcome("R", ends="relief"),
    "V": Outcome("V", ends="departure"),
    "T": Outcome("T", ends="dropped"),
    "U": Outcome("U", ends="dropped"),
    "W": Outcome("W", ends="withdrawn"),
    "E": Outcome("E", ends="withholding"),
    "Z": Outcome("Z", ends="cat"),
    "O": Outcome("O", ends="other"),
    "J": Outcome("J", ends="other"),
    "C": Outcome("C", ends="relief"),
    "N": Outcome("N", ends="relief"),
    "Q": Outcome("Q", ends="relief"),
    "oA": CLOSED,
    "oB": Outcome(other="B", ends="closed"),
    "oF": Outcome(other="F", ends="other"),
    "oH": Outcome(other="H", ends="closed"),
    "oI": Outcome(other="I", ends="dropped"),
    "oJ": Outcome(other="J", ends="other"),
    "oM": Outcome(other="M", ends="closed"),
    "oO": Outcome(other="O", ends="other"),
    "oP": Outcome(other="P", ends="closed"),
    "oY": PD_CLOSED,
}


def _mix(text: str) -> tuple[Outcome, ...]:
    entries: Iterable[list[str]] = (entry.split(":") for entry in text.split())
    return pool((_OUTCOMES[key], int(weight)) for key, weight in entries)


_REMOVAL_MIX: tuple[tuple[int, tuple[Outcome, ...]], ...] = (
    (
        day(2021, 10),
        _mix(
            "X:1600 XA:2000 R:1300 V:250 T:1600 W:200 U:1500 E:120 Z:50 O:100 J:3 C:2"
            " oA:200 oF:600 oI:120 oM:60 oY:180 oP:20 oO:10 oB:1"
        ),
    ),
    (
        day(2017, 10),
        _mix(
            "X:3300 XA:2900 R:1300 V:600 T:900 W:250 U:100 E:150 Z:60 O:120 J:3 C:2"
            " oA:40 oF:100 oI:1 oY:1 oP:10 oO:10"
        ),
    ),
    (
        day(2011, 10),
        _mix(
            "X:2100 XA:2000 R:1600 V:600 T:1100 W:200 U:80 E:120 Z:50 O:100 J:5 C:3"
            " oA:700 oF:20 oI:150 oM:120 oY:900 oP:30 oO:10 oB:5 oJ:2"
        ),
    ),
    (
        0,
        _mix(
            "X:3300 XA:2700 R:1300 V:1200 T:700 W:300 U:80 E:120 Z:40 O:100 J:10 C:20 N:3 Q:3"
            " oA:100 oB:60 oF:10 oH:5 oJ:10 oO:20 oP:20"
        ),
    ),
)
"""First day of the fiscal year from which the mix holds, latest first: prosecutorial discretion
in FY2012-2017, next to none of it in FY2018-2021, dismissals from FY2022."""

_GRANT = Outcome("G", ends="relief")
_DENIAL = Outcome("D", ends="removal")
_OTHER_TYPES: dict[str, tuple[Outcome, ...]] = {
    "AOC": (_GRANT,) * 35 + (_DENIAL,) * 45 + (Outcome("A", ends="absentia"),) * 10
    + (Outcome("W", ends="withdrawn"),) * 7 + (_OUTCOMES["T"],) * 2 + (CLOSED,),
    "WHO": (_GRANT,) * 14 + (_DENIAL,) * 70 + (Outcome("W", ends="withdrawn"),) * 10
    + (Outcome("Z", ends="cat"),) * 4 + (Outcome("A", ends="absentia"),) * 2,
    "CFR": (Outcome("A", ends="other"),) * 72 + (Outcome("V", ends="other"),) * 28,
    "RFR": (Outcome("A", ends="other"),) * 75 + (Outcome("V", ends="other"),) * 25,
    "CSR": (Outcome("A", ends="other"),) * 9 + (Outcome("S", ends="other"),),
    "CDR": (Outcome("G", ends="other"),) * 6 + (Outcome("D", ends="other"),) * 4,
    "NAC": (_GRANT,) * 8 + (_DENIAL,) * 2 + (Outcome("W", ends="withdrawn"),),
    "REC": (Outcome("K", ends="other"),) * 4 + (_OUTCOMES["T"],) * 5 + (CLOSED,),
    "DCC": (Outcome("S", ends="other"),) * 2 + (_OUTCOMES["T"],),
    "DDC": (Outcome("S", ends="other"),) + (_DENIAL,) * 3,
}  # fmt: skip


def outcomes_on(completed: int, *, case_type: str) -> tuple[Outcome, ...]:
    """Return the weighted outcomes of a case of this type that ends on this day."""
    if case_type in _OTHER_TYPES:
        return _OTHER_TYPES[case_type]
    return next(mix for since, mix in _REMOVAL_MIX if completed >= since)


def _answers(text: str) -> tuple[str, ...]:
    return pool((code.strip("_"), int(n)) for code, n in (e.split(":") for e in text.split()))


APPLICATION_DECISIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "relief": {
        "ASYL": _answers("G:70 F:10 I:10 P:1 C:1 M:4 O:4"),
        "ASYW": _answers("M:50 W:20 O:10 _:20"),
        "WCAT": _answers("M:50 W:20 O:10 _:20"),
        "": _answers("G:60 F:10 I:5 M:15 W:10"),
    },
    "withholding": {"ASYL": ("D",), "ASYW": ("G",), "WCAT": _answers("M:6 D:4"), "": ("D",)},
    "cat": {"ASYL": ("D",), "ASYW": ("D",), "WCAT": _answers("L:9 G:1"), "": ("D",)},
    "removal": {"": _answers("D:80 A:5 W:8 O:4 M:3")},
    "absentia": {"": _answers("A:75 O:10 W:5 _:10")},
    "departure": {"": _answers("W:60 D:25 O:10 M:5")},
    "withdrawn": {"": _answers("W:80 O:20")},
    "closed": {"": _answers("S:70 O:10 W:5 _:15")},
    "dropped": {"": _answers("M:35 W:30 O:25 _:10")},
    "moved": {"": _answers("T:8 _:2")},
    "other": {"": _answers("O:50 M:30 _:20")},
    "": {"": ("",)},
}
"""By how the proceeding ended and the application; an empty key stands for every other one."""
