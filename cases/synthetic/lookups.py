"""The Lookup directory: the code tables in the courts' own file format and column names."""

from collections.abc import Iterable
from typing import NamedTuple

from cases.synthetic import lookup_tables as tables
from cases.synthetic.courts import COURTS
from cases.synthetic.decisions import (
    DECISIONS,
    OTHER_COMPLETIONS,
    REVIEW_COMPLETIONS,
    WITHOUT_CLOSURE,
)
from cases.synthetic.nationalities import NATIONALITIES
from cases.synthetic.pools import words

_CREATED = "2004-05-14 00:00:00.000"
_MODIFIED = "2019-03-01 00:00:00.000"


class Lookup(NamedTuple):
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def _simple(
    columns: str, entries: Iterable[tuple[str, str]], *, active_last: bool = False
) -> Lookup:
    """Return a table of id, code, meaning, the active flag and two dates, in one of two orders."""
    rows: list[tuple[str, ...]] = []
    for number, (code, meaning) in enumerate(entries, start=1):
        tail = (_CREATED, _MODIFIED, "1") if active_last else ("1", _CREATED, _MODIFIED)
        rows.append((str(number), code, meaning, *tail))
    return Lookup(words(columns), rows)


def _court_decisions() -> Lookup:
    rows: list[tuple[str, ...]] = []

    def add(case_type: str, code: str, meaning: str, *, kind: str, active: str = "1") -> None:
        final = "N" if kind == "O" and code in "CT" else "Y"
        number = str(len(rows) + 1)
        rows.append((number, case_type, code, meaning, kind, final, active, _CREATED, _MODIFIED))

    for case_type, decisions in DECISIONS.items():
        for code, meaning in decisions.items():
            if code in "VW":
                add(case_type, code, f"{meaning} (old text)", kind="C", active="0")
            add(case_type, code, meaning, kind="C")
    for case_type in DECISIONS:
        for code, meaning in OTHER_COMPLETIONS.items():
            if case_type in WITHOUT_CLOSURE and code not in REVIEW_COMPLETIONS:
                continue
            if code in "BH":
                add(case_type, code, meaning, kind="O", active="0")
                continue
            add(case_type, code, meaning, kind="O")
    return Lookup(
        words(
            "idnCourtDecision strCaseType strDecCode strDecDescription strDecType"
            " strFinalDisposition blnActive datCreatedOn datModifiedOn"
        ),
        rows,
    )


def _base_cities() -> Lookup:
    return Lookup(
        words(
            "idnBaseCity BASE_CITY_CODE BASE_CITY_NAME BaseAutomated BASE_ST_ADDRESS BASE_CITY"
            " BASE_STATE BASE_ZIP_1 datCreatedOn datModifiedOn blnActive"
        ),
        [
            (
                *(str(n), c.code, c.name.upper(), "Y", "", c.city, c.state),
                *(f"{c.zip_prefix}01", _CREATED, _MODIFIED, "1"),
            )
            for n, c in enumerate(COURTS, start=1)
        ],
    )


def _hearing_locations() -> Lookup:
    names: dict[str, tuple[str, str, str]] = {}
    for court in COURTS:
        for location in court.locations:
            if location not in names:
                suffix = "" if location == court.code else f", ROOM {location}"
                names[location] = (f"{court.name.upper()}{suffix}", court.city, court.state)
    return Lookup(
        words(
            "idnHearingLocation HEARING_LOC_CODE HEARING_LOC_NAME HEARING_ST_ADDRESS1"
            " HEARING_ST_ADDRESS2 HEARING_CITY HEARING_STATE datCreatedOn datModifiedOn blnActive"
        ),
        [
            (str(n), code, name, "", "", city, state, _CREATED, _MODIFIED, "1")
            for n, (code, (name, city, state)) in enumerate(sorted(names.items()), start=1)
        ],
    )


def _judges() -> Lookup:
    codes = [code for court in COURTS for code in court.judges]
    return _simple(
        "idnJudge JUDGE_CODE JUDGE_NAME datCreatedOn datModifiedOn blnActive",
        ((code, f"JUDGE {code}") for code in codes),
        active_last=True,
    )


def _case_priorities() -> Lookup:
    return Lookup(
        words(
            "idnCasePriority strCode strDescription strDays DATCREATEDON DATMODIFIEDON blnActive"
            " blnBypasscal"
        ),
        [
            (str(n), code, meaning, "", _CREATED, _MODIFIED, "1", "0")
            for n, (code, meaning) in enumerate(tables.PRIORITIES.items(), start=1)
        ],
    )


def _charges() -> Lookup:
    return Lookup(
        words(
            "idnCharges strCode strCodeString strCodeDescription applicable_case_type1"
            " criminal_flag aggravate_felon DatCreatedOn DatModifiedOn blnActive"
        ),
        [
            (
                *(str(n), f"{code:<13}", code, meaning, "DEP" if code < "212" else "RMV"),
                *("Y" if code[4:6] == "02" else "N", "1" if "Aiii" in code else "0"),
                *(_CREATED, _MODIFIED, "1"),
            )
            for n, (code, meaning) in enumerate(tables.CHARGES.items(), start=1)
        ],
    )


def lookups() -> dict[str, Lookup]:
    """Return every code table by its file name, without the suffix."""
    names = ((code, name.upper()) for code, (_, name) in NATIONALITIES.items())
    return {
        "tblLookupBaseCity": _base_cities(),
        "tblLookupHloc": _hearing_locations(),
        "tblLookupJudge": _judges(),
        "tblLookupCourtDecision": _court_decisions(),
        "tblLookupCaseType": _simple(
            "idnCaseType strCode strDescription blnActive datCreatedOn datModifiedOn",
            tables.CASE_TYPES.items(),
        ),
        "tblLookupCustodyStatus": _simple(
            "idnCustodyStatus strCode strDescription blnActive datCreatedOn datModifiedOn",
            tables.CUSTODY.items(),
        ),
        "tblLookupAlienNat": _simple(
            "ID NAT_CODE NAT_NAME datCreatedOn datModifiedOn blnActive", names, active_last=True
        ),
        "tblLanguage": _simple(
            "idnLang strCode strDescription datCreatedOn datModifiedOn blnActive",
            tables.LANGUAGES.items(),
            active_last=True,
        ),
        "tbllookupCharges": _charges(),
        "tblLookUp_Appln": _simple(
            "idnAppln strcode strdescription datCreatedOn datModifiedOn blnActive",
            ((f"{code:<5}", meaning) for code, meaning in tables.APPLICATIONS.items()),
            active_last=True,
        ),
        "tblLookupCourtAppDecisions": _simple(
            "idnCourtAppDecision strCourtApplnDecCode strCourtApplnDecDesc blnActive datCreatedOn"
            " datModifiedOn",
            tables.APPLICATION_DECISIONS.items(),
        ),
        "tblLookupMotionType": _simple(
            "idnMotionType strMotionCode strMotionDesc blnActive datCreatedOn datModifiedOn",
            tables.MOTIONS.items(),
        ),
        "tbllookupCal_Type": _simple(
            "idnCalType strCalTypeCode strCalTypeDescription blnActive datCreatedOn datModifiedOn",
            tables.CALENDARS.items(),
        ),
        "tblAdjournmentCodes": _simple(
            "idnAdjCode strcode strDesciption blnActive datCreatedOn datModifiedOn",
            tables.ADJOURNMENTS.items(),
        ),
        "tblLookup_CasePriority": _case_priorities(),
        "tblLookupBIADecision": _simple(
            "idnBIAdec strCode strDescription blnActive datCreatedOn datModifiedOn",
            tables.BIA_DECISIONS.items(),
        ),
    }


def render(lookup: Lookup) -> bytes:
    lines = ["\t".join(lookup.columns), *("\t".join(row) for row in lookup.rows)]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")
