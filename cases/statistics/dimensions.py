"""What the completions are counted by, and what its groups are called."""

from __future__ import annotations

from calendar import month_name
from enum import StrEnum

from django_countries import countries

from cases.intake.codes import CUSTODY
from cases.models import Court, Office
from cases.statistics.fiscal import MONTHS
from cases.statistics.kinds import DISCRETION, IN_WORDS, Completion

NOT_ON_RECORD = "not on record"


class By(StrEnum):
    """A dimension. The empty group is that of the cases of which nothing is on record."""

    FISCAL_YEAR = "fiscal-year"
    MONTH = "month"
    OFFICE = "office"
    COURT = "court"
    NATIONALITY = "nationality"
    REPRESENTATION = "representation"
    CUSTODY = "custody"
    CASE_TYPE = "case-type"
    ASYLUM = "asylum"
    PRIORITY = "priority"
    FORM = "form"
    RECORD = "record"


IN_TITLES = {
    By.FISCAL_YEAR: "fiscal year",
    By.MONTH: "month",
    By.OFFICE: "office",
    By.COURT: "court",
    By.NATIONALITY: "nationality",
    By.REPRESENTATION: "representation",
    By.CUSTODY: "custody at the order",
    By.CASE_TYPE: "case type",
    By.ASYLUM: "asylum application",
    By.PRIORITY: "priority docket",
    By.FORM: "form of discretion",
    By.RECORD: "record",
}
COLUMN = {
    By.COURT: "court",
    By.NATIONALITY: "nationality",
    By.REPRESENTATION: "representation",
    By.CUSTODY: "custody",
    By.CASE_TYPE: "case_type",
    By.ASYLUM: "asylum",
    By.PRIORITY: "priority",
    By.RECORD: "record",
}
"""Where a dimension has a column of its own in the summary table."""

FORMS = (*DISCRETION, Completion.DISMISSED.value)
"""Dismissal last: usually on a motion of the office, but the decision code does not say so."""

CASE_TYPES = {
    "RMV": "removal",
    "DEP": "deportation",
    "EXC": "exclusion",
    "AOC": "asylum only",
    "WHO": "withholding only",
    "CFR": "credible fear review",
    "RFR": "reasonable fear review",
    "CSR": "claimed status review",
    "CDR": "continued detention review",
    "NAC": "NACARA adjustment",
    "REC": "rescission",
    "DCC": "departure control",
    "DDC": "appeal of a district director's decision",
    "BND": "bond",
}
PRIORITIES = {
    "AWC/ATD": "adult with a child, alternatives to detention",
    "AWC/D": "adult with a child, detained",
    "CR": "credible fear",
    "RBC/D": "recent border crosser, detained",
    "UC": "unaccompanied child",
    "N/A": "none",
}
RECORDS = {
    "courts": "courts' data only",
    "both": "courts' data and our record",
    "office": "our record only",
}


def names(by: By) -> dict[str, str]:
    """Return the words for each group of a dimension that has words; others go by their code."""
    if by is By.MONTH:
        return {str(month): month_name[month] for month in MONTHS}
    if by is By.OFFICE:
        return dict(Office.objects.values_list("code", "name"))
    if by is By.COURT:
        return dict(Court.objects.exclude(name="").values_list("code", "name"))
    if by is By.NATIONALITY:
        return {code: str(name) for code, name in countries}
    return {
        By.REPRESENTATION: {"yes": "represented", "no": "unrepresented"},
        By.CUSTODY: CUSTODY,
        By.CASE_TYPE: CASE_TYPES,
        By.ASYLUM: {"yes": "asylum or withholding applied for", "no": "not applied for"},
        By.PRIORITY: PRIORITIES,
        By.FORM: IN_WORDS,
        By.RECORD: RECORDS,
    }.get(by, {})


def in_words(group: str, known: dict[str, str]) -> str:
    return known.get(group, group) or NOT_ON_RECORD
