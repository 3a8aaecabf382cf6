"""What the codes of the courts mean, as our own tables.

A letter alone means nothing: `T` is terminated as DEC_CODE and transfer as OTHER_COMP, and `A`
depends on the case type as well. EOIR's tblDecCode is not used: it knows no `U`, so dismissals
would vanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from cases.models import Case

Status = Case.Status


class DecisionField(StrEnum):
    """Where a decision code stands: the decision of the case, or of the judge about it."""

    DEC_CODE = "DEC_CODE"
    OTHER_COMP = "OTHER_COMP"


class DecisionMeaning(StrEnum):
    """What a judge ordered."""

    ABANDONED = "abandoned"
    ADMIN_CLOSED = "admin-closed"
    ADMIN_CLOSED_NO_SHOW = "admin-closed-failure-to-appear"
    AFFIRMED = "affirmed"
    CHANGE_OF_VENUE = "change-of-venue"
    CONDITIONAL = "conditional"
    DENIED = "denied"
    DISMISSED = "dismissed"
    FAILURE_TO_PROSECUTE = "failure-to-prosecute"
    FINAL_GRANT = "final-grant"
    GRANTED = "granted"
    HAITIAN = "haitian"
    IN_COURT_PD_ADMIN_CLOSED = "in-court-pd-admin-closed"
    JURISDICTION_TO_BOARD = "jurisdiction-to-board"
    OTHER = "other"
    OTHER_ADMINISTRATIVE = "other-administrative"
    PD_ADMIN_CLOSED = "pd-admin-closed"
    PD_TERMINATED = "pd-terminated"
    RECOMMENDED = "recommend-final"
    RELIEF_GRANTED = "relief-granted"
    REMOVAL = "removal"
    REMOVAL_CAT_DEFERRAL = "removal-cat-deferral"
    REMOVAL_CAT_WITHHOLDING = "removal-cat-withholding"
    REMOVAL_WITHHOLDING = "removal-withholding"
    REVOKED = "revoked"
    SUSTAINED = "sustained"
    TEMPORARY_PROTECTED_STATUS = "temporary-protected-status"
    TERMINATED = "terminated"
    TRANSFER = "transfer"
    UNKNOWN = "unknown"
    VACATED = "vacated"
    VOLUNTARY_DEPARTURE = "voluntary-departure"
    WITHDRAWN = "withdrawn"


Meaning = DecisionMeaning

AS_DECISION = {
    "A": Meaning.ABANDONED,
    "C": Meaning.CONDITIONAL,
    "D": Meaning.DENIED,
    "E": Meaning.REMOVAL_WITHHOLDING,
    "G": Meaning.GRANTED,
    "H": Meaning.REMOVAL_CAT_DEFERRAL,
    # The lookup has it as OTHER_COMP; EOIR's own report of 2015 counts it among the decisions.
    "I": Meaning.PD_TERMINATED,
    "J": Meaning.JURISDICTION_TO_BOARD,
    "K": Meaning.REVOKED,
    "N": Meaning.RECOMMENDED,
    "O": Meaning.OTHER,
    "Q": Meaning.FINAL_GRANT,
    "R": Meaning.RELIEF_GRANTED,
    "S": Meaning.SUSTAINED,
    "T": Meaning.TERMINATED,
    "U": Meaning.DISMISSED,
    "V": Meaning.VOLUNTARY_DEPARTURE,
    "W": Meaning.WITHDRAWN,
    "X": Meaning.REMOVAL,
    "Z": Meaning.REMOVAL_CAT_WITHHOLDING,
}
AS_OTHER_COMPLETION = {
    "A": Meaning.ADMIN_CLOSED,
    "B": Meaning.ADMIN_CLOSED_NO_SHOW,
    "C": Meaning.CHANGE_OF_VENUE,
    "F": Meaning.FAILURE_TO_PROSECUTE,
    "H": Meaning.HAITIAN,
    "I": Meaning.PD_TERMINATED,
    "J": Meaning.JURISDICTION_TO_BOARD,
    "K": Meaning.ADMIN_CLOSED,  # newer than the published lookup
    "M": Meaning.IN_COURT_PD_ADMIN_CLOSED,
    "O": Meaning.OTHER_ADMINISTRATIVE,
    "P": Meaning.TEMPORARY_PROTECTED_STATUS,
    "T": Meaning.TRANSFER,
    "Y": Meaning.PD_ADMIN_CLOSED,
}
# A credible fear review ends in affirming or vacating what the asylum officer found.
AS_DECISION_IN_REVIEW = {"A": Meaning.AFFIRMED, "V": Meaning.VACATED}
REVIEW_CASE_TYPES = frozenset({"CFR"})

STATUS_OF_MEANING = {
    Meaning.ABANDONED: Status.ABANDONED,
    Meaning.ADMIN_CLOSED: Status.ADMIN_CLOSED,
    Meaning.ADMIN_CLOSED_NO_SHOW: Status.ADMIN_CLOSED,
    Meaning.DISMISSED: Status.DISMISSED,
    Meaning.FINAL_GRANT: Status.GRANTED,
    Meaning.GRANTED: Status.GRANTED,
    Meaning.IN_COURT_PD_ADMIN_CLOSED: Status.ADMIN_CLOSED,
    Meaning.PD_ADMIN_CLOSED: Status.ADMIN_CLOSED,
    Meaning.PD_TERMINATED: Status.TERMINATED,
    Meaning.RELIEF_GRANTED: Status.GRANTED,
    Meaning.REMOVAL: Status.REMOVAL_ORDERED,
    Meaning.REMOVAL_CAT_DEFERRAL: Status.WITHHOLDING,
    Meaning.REMOVAL_CAT_WITHHOLDING: Status.WITHHOLDING,
    Meaning.REMOVAL_WITHHOLDING: Status.WITHHOLDING,
    Meaning.TERMINATED: Status.TERMINATED,
    Meaning.VOLUNTARY_DEPARTURE: Status.VOLUNTARY_DEPARTURE,
    Meaning.WITHDRAWN: Status.WITHDRAWN,
}
# The case goes on, in another court or under another judge.
MOVES_THE_CASE = frozenset({Meaning.CHANGE_OF_VENUE, Meaning.TRANSFER})


def meaning(case_type: str, field: DecisionField, code: str) -> DecisionMeaning | None:
    """Return what a code means in a field of a proceeding of that type; None for a blank."""
    if not code:
        return None
    if field is DecisionField.OTHER_COMP:
        return AS_OTHER_COMPLETION.get(code, Meaning.UNKNOWN)
    if case_type in REVIEW_CASE_TYPES and code in AS_DECISION_IN_REVIEW:
        return AS_DECISION_IN_REVIEW[code]
    return AS_DECISION.get(code, Meaning.UNKNOWN)


def decision(case_type: str, dec_code: str, other_comp: str) -> DecisionMeaning | None:
    """Return what ended the proceeding; None while open. The decision of the case prevails."""
    return meaning(case_type, DecisionField.DEC_CODE, dec_code) or meaning(
        case_type, DecisionField.OTHER_COMP, other_comp
    )


def ends_the_case(ordered: DecisionMeaning | None) -> bool:
    """Say whether the courts have completed the case by this order."""
    return ordered is not None and ordered not in MOVES_THE_CASE


def status(ordered: DecisionMeaning | None) -> Case.Status:
    """Return where a case stands whose latest proceeding ended so, before any appeal."""
    if ordered is None or ordered in MOVES_THE_CASE:
        return Status.PENDING
    return STATUS_OF_MEANING.get(ordered, Status.OTHER)


REMOVAL_ORDER = "X"
DETAINED, NEVER_DETAINED, RELEASED = "D", "N", "R"
CUSTODY = {DETAINED: "detained", NEVER_DETAINED: "never detained", RELEASED: "released"}
CASE_TYPES = frozenset(
    [
        "AOC",
        "BND",
        "CDR",
        "CFR",
        "CSR",
        "DCC",
        "DDC",
        "DEP",
        "EXC",
        "NAC",
        "REC",
        "RFR",
        "RMV",
        "WHO",
    ]
)

FILING_CHANNEL = {
    "I": Case.Channel.AFFIRMATIVE,
    "E": Case.Channel.DEFENSIVE,
    "J": Case.Channel.OTHER,
}

ASYLUM_APPLICATIONS = frozenset({"ASYL", "ASYW"})
CONVENTION_AGAINST_TORTURE = "WCAT"
APPLICATIONS = frozenset(
    [
        "202",
        "209c",
        "2129",
        "212a",
        "212c",
        "212d",
        "212g",
        "212h",
        "212i",
        "212k",
        "212L",
        "216",
        "237H",
        "241a",
        "241f",
        "245",
        "249",
        "42A",
        "42B",
        "A",
        "ASYL",
        "ASYW",
        "B",
        "BCA",
        "BSP",
        "BUA",
        "CI",
        "CII",
        "CIII",
        "CPC",
        "d11",
        "I881",
        "PRMF",
        "SUSP",
        "UNK",
        "VD",
        "WAIV",
        "WCAT",
        "WD",
        "WDL",
    ]
)
APPLICATION_DECISIONS = {
    "A": "abandoned",
    "C": "granted conditionally",
    "D": "denied",
    "F": "granted in full",
    "G": "granted",
    "I": "granted, stipulated in court",
    "L": "withholding granted under the Convention Against Torture",
    "M": "not adjudicated",
    "O": "other",
    "P": "granted, stipulated on paper",
    "R": "reserved",
    "S": "administratively closed",
    "T": "venue changed or transferred",
    "W": "withdrawn",
}
APPLICATION_GRANTS = frozenset("CFGIP")
CAT_GRANTS = APPLICATION_GRANTS | {"L"}


def is_granted(application: str, decision_code: str) -> bool:
    """Say whether the court granted an application for relief of that code."""
    grants = CAT_GRANTS if application == CONVENTION_AGAINST_TORTURE else APPLICATION_GRANTS
    return decision_code in grants


class ChargeFamily(StrEnum):
    """What a ground of removability is about."""

    CRIMINAL = "criminal"
    SECURITY = "security"  # with terrorism and persecution
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground as INA section and paragraph of its subsection (a), and what follows."""

    section: int
    paragraph: int
    rest: str


FAMILY_OF_PARAGRAPH = {
    (212, 2): ChargeFamily.CRIMINAL,
    (237, 2): ChargeFamily.CRIMINAL,
    (241, 2): ChargeFamily.CRIMINAL,
    (212, 3): ChargeFamily.SECURITY,
    (237, 4): ChargeFamily.SECURITY,
    (241, 4): ChargeFamily.SECURITY,
}
# Two digits are one number: 212a20 is a ground of before 1990, not paragraph 2.
GROUND = re.compile(r"(212|237|241)a(\d{1,2})(?!\d)([a-z]*)")


def normal_charge(code: str) -> str:
    """Return a charge code in lower case, without the blanks and parentheses of its many forms."""
    return re.sub(r"[^a-z0-9<>]", "", code.lower())


def ground(code: str) -> Ground | None:
    """Return the ground that a charge code names, or None for one of another shape."""
    found = GROUND.match(normal_charge(code))
    if found is None:
        return None
    section, paragraph, rest = found.groups()
    return Ground(section=int(section), paragraph=int(paragraph), rest=rest)


def charge_family(code: str) -> ChargeFamily:
    """Return the family of a charge; whatever is neither criminal nor security is other."""
    charged = ground(code)
    if charged is None:
        return ChargeFamily.OTHER
    return FAMILY_OF_PARAGRAPH.get((charged.section, charged.paragraph), ChargeFamily.OTHER)


def entry_rank(code: str) -> int | None:
    """Return the place in ENTRY_BY_RANK of the entry that a charge alleges; the lowest prevails."""
    charged = ground(code)
    if charged is None:
        return None
    if charged.section == 237:
        return 0
    # 212(a)(6)(A)(i) is also written without its capital letter.
    if charged.section == 212 and charged.paragraph == 6 and charged.rest in ("ai", "i"):
        return 1
    if charged.section == 212 and charged.paragraph == 7:
        return 2
    return None


ENTRY_BY_RANK = (Case.Entry.ADMITTED, Case.Entry.WITHOUT_ADMISSION, Case.Entry.AT_PORT)


def entry_manner(codes: list[str]) -> Case.Entry | None:
    """Return the manner of entry that the charges of a case state together."""
    ranks = [rank for rank in map(entry_rank, codes) if rank is not None]
    return ENTRY_BY_RANK[min(ranks)] if ranks else None
