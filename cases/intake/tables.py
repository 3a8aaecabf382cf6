"""The files of a delivery: their columns, what each may hold, and where it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from django.db import models

from cases.intake.codes import CASE_TYPES
from cases.intake.places import NATIONALITIES
from cases.models import docket


class Kind(StrEnum):
    """What a column holds. The shift repair needs every column's kind, stored or not."""

    KEY = "key"  # a whole number, required
    REF = "ref"  # a whole number or blank
    DATE = "date"
    TIME = "time"
    TEXT = "text"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    NATIONALITY = "nationality"
    LANGUAGE = "language"
    CUSTODY = "custody"
    CASE_TYPE = "case-type"
    CODE = "code"
    LETTER = "letter"
    CHANNEL = "channel"
    FLAG = "flag"
    YES_NO = "yes-no"
    SEX = "sex"
    BIRTH = "birth"
    MONTH = "month"
    YEAR = "year"
    PRIORITY = "priority"


def _one_of(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))


_STATES = frozenset(
    [
        "AK",
        "AL",
        "AR",
        "AZ",
        "CA",
        "CN",
        "CO",
        "CT",
        "DC",
        "DE",
        "FA",
        "FL",
        "GA",
        "GU",
        "HI",
        "IA",
        "ID",
        "IL",
        "IN",
        "KS",
        "KY",
        "LA",
        "MA",
        "MD",
        "ME",
        "MI",
        "MN",
        "MO",
        "MP",
        "MS",
        "MT",
        "MX",
        "NC",
        "ND",
        "NE",
        "NH",
        "NJ",
        "NM",
        "NV",
        "NY",
        "OH",
        "OK",
        "OR",
        "PA",
        "PR",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VA",
        "VI",
        "VT",
        "WA",
        "WI",
        "WV",
        "WY",
    ]
)
# What a column may hold besides a blank, for telling which way a shifted row is put right.
PATTERNS = {
    kind: re.compile(pattern)
    for kind, pattern in {
        Kind.KEY: r"\d{1,18}",
        Kind.REF: r"\d{1,18}",
        Kind.DATE: r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,7})?)?",
        Kind.TIME: r"[0-2]\d[0-5]\d",
        Kind.TEXT: r".*",
        Kind.CITY: r"\D.*",
        Kind.STATE: _one_of(_STATES),
        Kind.ZIP: r"`?\d{3,5}(-?\d{4})?",
        Kind.NATIONALITY: _one_of(NATIONALITIES),
        Kind.LANGUAGE: r"[A-Z?]{2,3}",
        Kind.CUSTODY: r"[DNR]",
        Kind.CASE_TYPE: _one_of(CASE_TYPES),
        Kind.CODE: r"[A-Za-z0-9*?-]{1,5}",
        Kind.LETTER: r"[A-Z*]",
        Kind.CHANNEL: r"[A-Z]",
        Kind.FLAG: r"[01]",
        Kind.YES_NO: r"[YN]",
        Kind.SEX: r"[MF]",
        Kind.BIRTH: r"(0?[1-9]|1[0-2])/\d{4}",
        Kind.MONTH: r"0?\d|1[0-2]",
        Kind.YEAR: r"\d{4}|00",
        Kind.PRIORITY: r"AWC/ATD|AWC/D|CR|N/A|RBC/D|UC",
    }.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One column of ours and the column of the file that fills it."""

    name: str
    header: str
    kind: Kind
    lookup: str = ""
    max_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file. `cases` are the columns that hold the keys of its cases."""

    name: str
    model: type[models.Model]
    columns: dict[str, Kind]
    key: Stored
    cases: tuple[Stored, ...]
    parent: Stored | None = None
    stored: tuple[Stored, ...]

    @property
    def db_table(self) -> str:
        return self.model._meta.db_table

    @property
    def required(self) -> list[str]:
        """The columns without which the file is refused: a missing one would blank our own."""
        return [column.header for column in (self.key, *self.cases, *self.stored)]


def folded(header: str) -> str:
    """Return a header's name as it is compared: one release renames what another suffixes."""
    name = header.strip().upper().removesuffix("_REMOVE")
    return {"GENDER": "SEX"}.get(name, name)


def _table(
    name: str,
    model: type[models.Model],
    columns: str,
    *,
    key: str,
    stored: str,
    cases: str = "",
    parent: str = "",
) -> Table:
    """Return a table from words: `HEADER:kind` (no kind: a date), `ours=HEADER/lookup`."""
    kinds = {}
    for word in columns.split():
        header, _, kind = word.partition(":")
        kinds[header] = Kind(kind or "date")
    lengths = {
        form.column: getattr(form, "max_length", None)
        for one in (docket.Respondent, model)
        for form in one._meta.concrete_fields
    }

    def column(word: str) -> Stored:
        ours, _, rest = word.partition("=")
        header, _, lookup = rest.partition("/")
        return Stored(
            name=ours,
            header=header,
            kind=kinds[header],
            lookup=lookup,
            max_length=lengths.get(ours),
        )

    return Table(
        name=name,
        model=model,
        columns=kinds,
        key=column(key),
        cases=tuple(map(column, cases.split())),
        parent=column(parent) if parent else None,
        stored=tuple(map(column, stored.split())),
    )


CASES = _table(
    "A_TblCase",
    docket.Case,
    """
    IDNCASE:key ALIEN_CITY:city ALIEN_STATE:state ALIEN_ZIPCODE:zip UPDATED_ZIPCODE:zip
    UPDATED_CITY:city NAT:nationality LANG:language CUSTODY:custody SITE_TYPE:letter E_28_DATE
    ATTY_NBR:ref CASE_TYPE:case-type UPDATE_SITE:code LATEST_HEARING LATEST_TIME:time
    LATEST_CAL_TYPE:letter UP_BOND_DATE:text UP_BOND_RSN:text CORRECTIONAL_FAC:text
    RELEASE_MONTH:month RELEASE_YEAR:year INMATE_HOUSING:text DATE_OF_ENTRY C_ASY_TYPE:channel
    C_BIRTHDATE:birth C_RELEASE_DATE UPDATED_STATE:state ADDRESS_CHANGEDON ZBOND_MRG_FLAG:text
    Sex:sex DATE_DETAINED DATE_RELEASED LPR:flag DETENTION_DATE:text DETENTION_LOCATION:text
    DCO_LOCATION:text DETENTION_FACILITY_TYPE:text CASEPRIORITY_CODE:priority
    """,
    key="idncase=IDNCASE",
    stored="""
    case_type=CASE_TYPE/tblLookupCaseType custody=CUSTODY/tblLookupCustodyStatus
    entry_on=DATE_OF_ENTRY filing_channel=C_ASY_TYPE counsel_since=E_28_DATE
    latest_hearing_on=LATEST_HEARING priority_code=CASEPRIORITY_CODE/tblLookup_CasePriority
    update_site=UPDATE_SITE/tblLookupHloc
    nationality_code=NAT/tblLookupAlienNat language_code=LANG/tblLanguage sex=Sex
    birth_date=C_BIRTHDATE
    """,
)
PROCEEDINGS = _table(
    "B_TblProceeding",
    docket.Proceeding,
    """
    IDNPROCEEDING:key IDNCASE:key OSC_DATE INPUT_DATE BASE_CITY_CODE:code HEARING_LOC_CODE:code
    IJ_CODE:code TRANS_IN_DATE PREV_HEARING_LOC:code PREV_HEARING_BASE:code PREV_IJ_CODE:code
    TRANS_NBR:ref HEARING_DATE HEARING_TIME:time DEC_TYPE:letter DEC_CODE:letter
    DEPORTED_1:nationality DEPORTED_2:nationality OTHER_COMP:letter APPEAL_RSVD:letter
    APPEAL_NOT_FILED:letter COMP_DATE ABSENTIA:yes-no VENUE_CHG_GRANTED TRANSFER_TO:code
    DATE_APPEAL_DUE_STATUS TRANSFER_STATUS:letter CUSTODY:custody CASE_TYPE:case-type
    NAT:nationality LANG:language SCHEDULED_HEAR_LOC:code CORRECTIONAL_FAC:text CRIM_IND:yes-no
    IHP:text AGGRAVATE_FELON:ref DATE_DETAINED DATE_RELEASED
    """,
    key="idnproceeding=IDNPROCEEDING",
    cases="idncase=IDNCASE",
    stored="""
    case_type=CASE_TYPE/tblLookupCaseType charged_on=OSC_DATE opened_on=INPUT_DATE
    base_city=BASE_CITY_CODE/tblLookupBaseCity hearing_location=HEARING_LOC_CODE/tblLookupHloc
    judge_code=IJ_CODE/tblLookupJudge hearing_on=HEARING_DATE decision_type=DEC_TYPE/tblDecType
    decision_code=DEC_CODE/tblLookupCourtDecision
    other_completion=OTHER_COMP/tblLookupCourtDecision completed_on=COMP_DATE absentia=ABSENTIA
    venue_changed_on=VENUE_CHG_GRANTED transfer_to=TRANSFER_TO/tblLookupBaseCity
    appeal_reserved=APPEAL_RSVD custody=CUSTODY/tblLookupCustodyStatus criminal_indicator=CRIM_IND
    """,
)
CHARGES = _table(
    "B_TblProceedCharges",
    docket.Charge,
    "IDNPRCDCHG:key IDNCASE:key IDNPROCEEDING:key CHARGE:text CHG_STATUS:letter",
    key="idnprcdchg=IDNPRCDCHG",
    cases="idncase=IDNCASE",
    parent="idnproceeding=IDNPROCEEDING",
    stored="idnproceeding=IDNPROCEEDING code=CHARGE/tbllookupCharges status=CHG_STATUS",
)
APPLICATIONS = _table(
    "tbl_Court_Appln",
    docket.Application,
    "IDNPROCEEDINGAPPLN:key IDNPROCEEDING:key IDNCASE:key APPL_CODE:code APPL_RECD_DATE"
    " APPL_DEC:letter",
    key="idnproceedingappln=IDNPROCEEDINGAPPLN",
    cases="idncase=IDNCASE",
    parent="idnproceeding=IDNPROCEEDING",
    stored="idnproceeding=IDNPROCEEDING code=APPL_CODE/tblLookUp_Appln received_on=APPL_RECD_DATE"
    " decision=APPL_DEC/tblLookupCourtAppDecisions",
)
MOTIONS = _table(
    "tbl_Court_Motions",
    docket.CourtMotion,
    """
    IDNMOTION:key IDNPROCEEDING:key IDNCASE:key OSC_DATE REC_TYPE:code GENERATION:ref
    SUB_GENERATION:ref UPDATE_DATE UPDATE_TIME:time INPUT_DATE INPUT_TIME:time REJ_Remove:text
    BASE_CITY_CODE:code HEARING_LOC_CODE:code IJ_CODE:code IJ_NAME_Remove:text DEC:code COMP_DATE
    MOTION_RECD_DATE DATMOTIONDUE WU_MSG_Remove:text APPEAL_RSVD:letter APPEAL_NOT_FILED:letter
    RESP_DUE_DATE STAY_GRANT:letter JURISDICTION:code DATE_APPEAL_DUE DATE_TO_BIA
    DECISION_RENDERED_Remove:text DATE_MAILED_TO_IJ DATE_RECD_FROM_BIA
    DATE_TO_BIA_UPDATE_Remove:text STRFILINGPARTY:code STRFILINGMETHOD:code
    STRCERTOFSERVICECODE:code E_28_RECPTFLAG_Remove:text E_28_DATE O_CLOCK_OPTION:text
    SCHEDULED_HEAR_LOC_Remove:text BLNDELETED_Remove:text strDJScenario:text
    """,
    key="idnmotion=IDNMOTION",
    cases="idncase=IDNCASE",
    parent="idnproceeding=IDNPROCEEDING",
    stored="""
    idnproceeding=IDNPROCEEDING code=REC_TYPE/tblLookupMotionType received_on=MOTION_RECD_DATE
    due_on=DATMOTIONDUE response_due_on=RESP_DUE_DATE completed_on=COMP_DATE decision=DEC
    filing_party=STRFILINGPARTY filing_method=STRFILINGMETHOD/tblLookupFiling_Method
    """,
)
HEARINGS = _table(
    "tbl_schedule",
    docket.Hearing,
    """
    IDNSCHEDULE:key IDNPROCEEDING:key IDNCASE:key OSC_DATE GENERATION:ref SUB_GENERATION:ref
    REC_TYPE:letter LANG:language HEARING_LOC_CODE:code BASE_CITY_CODE:code IJ_CODE:code
    INTERPRETER_CODE:text INPUT_DATE INPUT_TIME:time UPDATE_DATE UPDATE_TIME:time
    ASSIGNMENT_PATH:letter CAL_TYPE:letter ADJ_DATE ADJ_TIME_START:time ADJ_TIME_STOP:time
    ADJ_RSN:code ADJ_MEDIUM:code ADJ_MSG:text ADJ_ELAP_DAYS:ref LNGSESSNID:ref SCHEDULE_TYPE:code
    NOTICE_CODE:code BLNCLOCKOVERRIDE:flag EOIRAttorneyID:text
    """,
    key="idnschedule=IDNSCHEDULE",
    cases="idncase=IDNCASE",
    parent="idnproceeding=IDNPROCEEDING",
    stored="""
    idnproceeding=IDNPROCEEDING calendar=CAL_TYPE/tbllookupCal_Type hearing_on=ADJ_DATE
    starts_at=ADJ_TIME_START adjournment_reason=ADJ_RSN/tblAdjournmentCodes
    base_city=BASE_CITY_CODE/tblLookupBaseCity hearing_location=HEARING_LOC_CODE/tblLookupHloc
    judge_code=IJ_CODE/tblLookupJudge schedule_type=SCHEDULE_TYPE/tbllookupSchedule_Type
    medium=ADJ_MEDIUM
    """,
)
REPRESENTATIONS = _table(
    "tbl_RepsAssigned",
    docket.Representation,
    "IDNREPSASSIGNED:key IDNCASE:key STRATTYLEVEL:code STRATTYTYPE:code PARENT_TABLE:text"
    " PARENT_IDN:ref BASE_CITY_CODE:code INS_TA_DATE_ASSIGNED E_27_DATE E_28_DATE"
    " BLNPRIMEATTY:flag",
    key="idnrepsassigned=IDNREPSASSIGNED",
    cases="idncase=IDNCASE",
    stored="level=STRATTYLEVEL side=STRATTYTYPE parent_table=PARENT_TABLE parent_key=PARENT_IDN"
    " e27_on=E_27_DATE e28_on=E_28_DATE is_primary=BLNPRIMEATTY",
)
CUSTODY_PERIODS = _table(
    "tbl_CustodyHistory",
    docket.CustodyPeriod,
    "IDNCUSTODY:key IDNCASE:key CUSTODY:custody DATDETAINED DATRELEASED",
    key="idncustody=IDNCUSTODY",
    cases="idncase=IDNCASE",
    stored="custody=CUSTODY/tblLookupCustodyStatus detained_on=DATDETAINED released_on=DATRELEASED",
)
FAMILY_LINKS = _table(
    "tbl_Lead_Rider",
    docket.FamilyLink,
    "idnLeadRider:key idnLeadCase:key idnRiderCase:key datCreatedOn datModifiedOn datSeveredOn"
    " idnLeadProceedingStart:ref idnLeadProceedingEnd:ref idnRiderProceedingStart:ref"
    " idnRiderProceedingEnd:ref blnActive:flag",
    key="idnleadrider=idnLeadRider",
    cases="lead_idncase=idnLeadCase rider_idncase=idnRiderCase",
    stored="linked_on=datCreatedOn severed_on=datSeveredOn active=blnActive",
)
APPEALS = _table(
    "tblAppeal",
    docket.Appeal,
    """
    idnAppeal:key idncase:key idnProceeding:ref strAppealCategory:code strAppealType:text
    datAppealFiled strFiledBy:letter datAttorneyE27 datBIADecision strBIADecision:code
    strBIADecisionType:code strCaseType:case-type strLang:language strNat:nationality
    strProceedingIHP:letter strCustody:custody strProbono:letter
    """,
    key="idnappeal=idnAppeal",
    cases="idncase=idncase",
    parent="idnproceeding=idnProceeding",
    stored="""
    idnproceeding=idnProceeding category=strAppealCategory/tblAppealCategory
    appeal_type=strAppealType/tbllookupAppealType filed_on=datAppealFiled
    filed_by=strFiledBy/tblLookupFiledBy decided_on=datBIADecision
    decision=strBIADecision/tblLookupBIADecision
    """,
)
# In the order in which they are merged: proceedings first, since the others refer to them.
CHILDREN = (
    PROCEEDINGS,
    CHARGES,
    APPLICATIONS,
    MOTIONS,
    HEARINGS,
    REPRESENTATIONS,
    CUSTODY_PERIODS,
    FAMILY_LINKS,
    APPEALS,
)
TABLES = (CASES, *CHILDREN)
