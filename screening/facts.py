"""All that a criterion may see of one case on one day. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class OffenceFamily(StrEnum):
    """What kind of offence: the first two digits of the NCIC code, and what those digits lump."""

    SECURITY = "security"
    IMMIGRATION = "immigration"
    SMUGGLING = "smuggling"
    HOMICIDE = "homicide"
    KIDNAPPING = "kidnapping"
    SEXUAL_ASSAULT = "sexual-assault"
    ROBBERY = "robbery"
    ASSAULT = "assault"
    ARSON = "arson"
    EXTORTION = "extortion"
    BURGLARY = "burglary"
    LARCENY = "larceny"
    STOLEN_VEHICLE = "stolen-vehicle"
    FORGERY = "forgery"
    FRAUD = "fraud"
    STOLEN_PROPERTY = "stolen-property"
    DAMAGE = "damage"
    DRUG_TRAFFICKING = "drug-trafficking"
    DRUG_POSSESSION = "drug-possession"
    SEX_OFFENCE = "sex-offence"
    OBSCENITY = "obscenity"
    FAMILY_OFFENCE = "family-offence"
    GAMBLING = "gambling"
    PROSTITUTION = "prostitution"
    LIQUOR = "liquor"
    DRIVING_UNDER_INFLUENCE = "driving-under-influence"
    OBSTRUCTION = "obstruction"
    BRIBERY = "bribery"
    WEAPONS = "weapons"
    PUBLIC_ORDER = "public-order"
    TRAFFIC = "traffic"
    OTHER = "other"


class Severity(StrEnum):
    FELONY = "felony"
    MISDEMEANOR = "misdemeanor"
    VIOLATION = "violation"
    UNKNOWN = "unknown"


class Disposition(StrEnum):
    """What became of a charge; no disposition on record is None, not a member."""

    CONVICTED = "convicted"
    DISMISSED = "dismissed"
    ACQUITTED = "acquitted"
    NOT_PROSECUTED = "not-prosecuted"
    DIVERTED = "diverted"
    JUVENILE_ADJUDICATION = "juvenile-adjudication"
    PENDING = "pending"


class Vacatur(StrEnum):
    """Why a conviction was vacated: only a legal defect undoes it (Matter of Pickering)."""

    LEGAL_DEFECT = "legal-defect"
    REHABILITATION = "rehabilitation"


class SourceRelation(StrEnum):
    """Who a piece of information comes from, as 8 U.S.C. 1367(a)(1) asks."""

    GOVERNMENT = "government"
    COURT = "court"
    RESPONDENT = "respondent"
    SPOUSE_OR_PARENT = "spouse-or-parent"
    HOUSEHOLD_MEMBER = "household-member"
    ALLEGED_PERPETRATOR = "alleged-perpetrator"
    OTHER_PRIVATE = "other-private"


PROHIBITED_SOURCES = frozenset(
    {
        SourceRelation.SPOUSE_OR_PARENT,
        SourceRelation.HOUSEHOLD_MEMBER,
        SourceRelation.ALLEGED_PERPETRATOR,
    }
)
"""Nothing adverse may rest solely on these about a protected person. Law: 8 U.S.C. 1367(a)(1)."""


class IndicatorCategory(StrEnum):
    TERRORISM = "terrorism"
    ESPIONAGE = "espionage"
    HUMAN_RIGHTS = "human-rights"
    GANG = "gang"
    INTERPOL_NOTICE = "interpol-notice"
    OTHER_SECURITY = "other-security"


class Resolution(StrEnum):
    """Whether a person has found a possible match to be this person, and what it then means."""

    UNRESOLVED = "unresolved"
    NOT_IDENTICAL = "not-identical"
    IDENTICAL_NON_DEROGATORY = "identical-non-derogatory"
    IDENTICAL_DEROGATORY = "identical-derogatory"
    WITHHELD_BY_OWNER = "withheld-by-owner"


class CheckKind(StrEnum):
    FINGERPRINT = "fingerprint"
    FBI_NAME = "fbi-name"
    TECS = "tecs"
    WATCHLIST = "watchlist"
    STATE_COURT = "state-court"


class CheckResult(StrEnum):
    NO_HIT = "no-hit"
    HIT_UNRESOLVED = "hit-unresolved"
    NOT_IDENTICAL = "not-identical"
    IDENTICAL_NON_DEROGATORY = "identical-non-derogatory"
    IDENTICAL_DEROGATORY = "identical-derogatory"
    WITHHELD_BY_OWNER = "withheld-by-owner"
    UNCLASSIFIABLE_PRINT = "unclassifiable-print"
    ERROR = "error"
    PENDING = "pending"


USABLE_RESULTS = frozenset(
    {
        CheckResult.NO_HIT,
        CheckResult.HIT_UNRESOLVED,
        CheckResult.NOT_IDENTICAL,
        CheckResult.IDENTICAL_NON_DEROGATORY,
        CheckResult.IDENTICAL_DEROGATORY,
        CheckResult.WITHHELD_BY_OWNER,
    }
)
"""A check with another result told nothing: it counts as not made."""


class Circumstance(StrEnum):
    """What a person who reviews a case asks about, beside records and checks."""

    CITIZEN_FAMILY = "citizen-family"  # a citizen or resident as spouse, child or parent
    CAREGIVER = "caregiver"
    SERVICE = "service"  # military or other public service, own or of immediate family
    HEALTH = "health"
    PREGNANCY = "pregnancy"
    REHABILITATION = "rehabilitation"
    OPPOSES = "opposes"
    COMPETENCY = "competency"  # indicia of incompetency, Matter of M-A-M-
    VICTIM_OR_WITNESS = "victim-or-witness"
    RELIEF_PENDING = "relief-pending"
    UNACCOMPANIED_CHILD = "unaccompanied-child"
    SPECIAL_JUVENILE = "special-juvenile"
    DECEASED = "deceased"
    DEPARTED = "departed"
    CITIZENSHIP_CLAIM = "citizenship-claim"
    FRAUD_FINDING = "fraud-finding"
    SMUGGLING_FINDING = "smuggling-finding"
    TRAFFICKER_BELIEF = "trafficker-belief"  # reason to believe, INA 212(a)(2)(C)


class Form(StrEnum):
    """A list of questions; what a completed form does not name as present was found absent.

    A form whose questions change is another form.
    """

    INTERVIEW = "interview-1"
    FILE_REVIEW = "file-review-1"


QUESTIONS = {
    Form.INTERVIEW: frozenset(
        {
            Circumstance.CITIZEN_FAMILY,
            Circumstance.CAREGIVER,
            Circumstance.SERVICE,
            Circumstance.HEALTH,
            Circumstance.PREGNANCY,
            Circumstance.REHABILITATION,
            Circumstance.OPPOSES,
            Circumstance.COMPETENCY,
        }
    ),
    Form.FILE_REVIEW: frozenset(
        {
            Circumstance.VICTIM_OR_WITNESS,
            Circumstance.RELIEF_PENDING,
            Circumstance.UNACCOMPANIED_CHILD,
            Circumstance.SPECIAL_JUVENILE,
            Circumstance.DECEASED,
            Circumstance.DEPARTED,
            Circumstance.CITIZENSHIP_CLAIM,
            Circumstance.FRAUD_FINDING,
            Circumstance.SMUGGLING_FINDING,
            Circumstance.TRAFFICKER_BELIEF,
        }
    ),
}
FORM_OF = {circumstance: form for form, asked in QUESTIONS.items() for circumstance in asked}


class Entry(StrEnum):
    """Manner of entry, as the charges state it."""

    WITHOUT_ADMISSION = "without-admission"
    AT_PORT = "at-port"
    ADMITTED = "admitted"


class Custody(StrEnum):
    DETAINED = "D"
    RELEASED = "R"
    NEVER = "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One charge of a criminal history."""

    id: int
    family: OffenceFamily
    severity: Severity = Severity.UNKNOWN
    disposition: Disposition | None = None
    arrested_on: date | None = None
    disposed_on: date | None = None
    sentence_days: int | None = None
    maximum_days: int | None = None
    vacated: Vacatur | None = None
    weapon: bool | None = None
    age_at_offence: int | None = None
    foreign: bool = False
    ncic: str = ""
    loss_dollars: int | None = None
    victim_minor: bool | None = None
    relation: SourceRelation = SourceRelation.GOVERNMENT

    def __hash__(self) -> int:
        # Looked up a dozen times a case: of what is known of it, what tells most records apart.
        return hash(
            (
                *(self.id, self.ncic, self.family, self.severity, self.disposition),
                *(self.sentence_days, self.maximum_days, self.disposed_on, self.arrested_on),
                *(self.weapon, self.victim_minor, self.loss_dollars, self.relation),
            )
        )

    @property
    def is_conviction(self) -> bool:
        """Whether it counts as a conviction. Law: INA 101(a)(48); Matter of Pickering."""
        return (
            self.disposition is Disposition.CONVICTED and self.vacated is not Vacatur.LEGAL_DEFECT
        )

    @property
    def key(self) -> str:
        return f"c{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A possible threat noted somewhere, and what a person found about it."""

    id: int
    category: IndicatorCategory
    resolution: Resolution
    noted_on: date | None = None
    relation: SourceRelation = SourceRelation.GOVERNMENT

    @property
    def key(self) -> str:
        return f"t{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The latest completed check of a kind; a case has one of a kind, so the kind names it."""

    kind: CheckKind
    completed_on: date
    result: CheckResult
    expires_on: date | None = None

    @property
    def key(self) -> str:
        return f"b:{self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What was known about one case on one day. None means: not on record.

    Dates are calendar dates; born_from and born_by are the first and the last day the birth can
    have been, equal where the day is known. `applications` are the courts' codes of what was
    applied for besides asylum, `circuit` the number of the federal circuit; `circumstances` has
    those that someone asked about, whether present. `records` and `indicators` leave out what
    `set_aside` holds: what is known about a protected person only from a prohibited source.
    """

    as_of: date
    court_status: str | None = None
    case_type: str | None = None
    asylum_filed_on: date | None = None
    entered_on: date | None = None
    manner_of_entry: Entry | None = None
    custody: Custody | None = None
    individual_hearings_on: tuple[date, ...] | None = None
    represented: bool | None = None
    family_unreviewed: int | None = None
    prior_orders_known: bool = False
    prior_removal_order_on: date | None = None
    born_from: date | None = None
    born_by: date | None = None
    protected_1367: bool | None = None
    applications: frozenset[str] | None = None
    circuit: str | None = None
    circumstances: Mapping[Circumstance, bool] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    set_aside: tuple[Record | Indicator, ...] = ()
    checks: dict[CheckKind, Check] = field(default_factory=dict)

    @property
    def convictions(self) -> tuple[Record, ...]:
        return tuple(r for r in self.records if r.is_conviction)
