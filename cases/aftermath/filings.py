"""What the person filed after closure, and what follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import now

from cases.aftermath.record import filings_of, may_record
from cases.models import (
    Case,
    OnwardFiling,
    Respondent,
    states,
)
from cases.workflow import Act, TransitionRefused

Form = OnwardFiling.Form

RECEIPT = re.compile(r"[A-Z]{3}\d{10}")

ORIGINAL_DATE_KEPT_FROM = date(2023, 10, 16)
"""Since when USCIS has said that it keeps the day of an application that was pending in court."""
BEFORE_A_JUDGE = (Form.EOIR_42A, Form.EOIR_42B)
PROTECTED_BY_1367 = (Form.I_918, Form.I_914, Form.I_360_VAWA)
"""Whoever files one of these is protected from then on. Law: 8 U.S.C. 1367(a)(2)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What the person filed, as it came to the office's notice."""

    form: str
    filed_on: date
    receipt: str = ""
    proof_of_order: bool = False
    proof_of_prior_filing: bool = False
    replaces: OnwardFiling | None = None


@transaction.atomic
def record_filing(case: Case, filing: Filing, act: Act) -> OnwardFiling:
    """Put on record what the person filed after closure; a correction names what it replaces.

    The same filing twice is one. Who files for U, T or VAWA is protected from then on. Raises
    PermissionDenied, and TransitionRefused with every reason against it.
    """
    may_record(case, act)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    receipt = filing.receipt.strip().upper() or None
    same = filings_of(case).filter(
        form=filing.form,
        filed_on=filing.filed_on,
        receipt=receipt,
        proof_of_order=filing.proof_of_order,
        proof_of_prior_filing=filing.proof_of_prior_filing,
    )
    if (found := same.first()) is not None:
        return found
    replaced = filing.replaces
    if reasons := _against_filing(case, filing, receipt, act):
        raise TransitionRefused("record-filing", reasons)
    at = now()
    if replaced is not None:
        OnwardFiling.objects.filter(pk=replaced.pk).update(superseded_at=at)
    made = OnwardFiling.objects.create(
        case=case,
        form=filing.form,
        filed_on=filing.filed_on,
        receipt=receipt,
        proof_of_order=filing.proof_of_order,
        proof_of_prior_filing=filing.proof_of_prior_filing,
        original_filed_on=_original_day(case, filing),
        recorded_at=at,
        recorded_by=act.by,
    )
    if filing.form in PROTECTED_BY_1367:
        Respondent.objects.filter(pk=case.respondent_id).update(protected_1367=True)
    return made


def _against_filing(case: Case, filing: Filing, receipt: str | None, act: Act) -> list[str]:
    reasons = []
    if case.status not in states.CLOSED:
        reasons.append(f"The case is {case.get_status_display()}: onward filings follow a closure.")
    if filing.filed_on > act.on:
        reasons.append("The day of the filing is in the future.")
    if case.completed_on is not None and filing.filed_on < case.completed_on:
        reasons.append(f"It was filed before the case was closed on {case.completed_on}.")
    if receipt is not None and not RECEIPT.fullmatch(receipt):
        reasons.append("A receipt has three letters and ten digits.")
    replaced = filing.replaces
    one = (
        OnwardFiling.objects.filter(receipt=receipt)
        if receipt
        else OnwardFiling.objects.filter(
            case=case, form=filing.form, filed_on=filing.filed_on, receipt=None
        )
    )
    if one.filter(superseded_at=None).exclude(pk=replaced.pk if replaced else 0).exists():
        reasons.append("This filing is on record already: correct that one.")
    if replaced is not None and (replaced.case_id != case.pk or replaced.superseded_at is not None):
        reasons.append("What it replaces is of another case, or was replaced already.")
    return reasons


def _original_day(case: Case, filing: Filing) -> date | None:
    """Return the day that a refiled I-589 counts from, if that is the day of the one in court."""
    keeps = (
        filing.form == Form.I_589
        and case.status in {Case.Status.DISMISSED, Case.Status.TERMINATED}
        and filing.proof_of_order
        and filing.proof_of_prior_filing
        and filing.filed_on >= ORIGINAL_DATE_KEPT_FROM
    )
    return case.asylum_filed_on if keeps else None


def warnings_of(filing: OnwardFiling) -> list[str]:
    """Return what follows from a filing, in sentences; none is advice."""
    case, said = filing.case, []
    closed = case.status == Case.Status.ADMIN_CLOSED
    if filing.form in BEFORE_A_JUDGE:
        said.append(
            "Cancellation is for a judge: it rests until the case is recalendared."
            if closed
            else "Cancellation is for a judge: it cannot be heard without a new charging document."
        )
    if filing.form == Form.I_589 and closed:
        said.append(
            "The application in court is still pending: it cannot be heard until the case is"
            " recalendared, and this one is beside it."
        )
    elif filing.form == Form.I_589:
        if filing.original_filed_on is None:
            said.append(
                "It counts from the day of this filing: the original day is kept only with proof of"
                " the order and of the application that was pending in court."
            )
        if case.filing_channel == Case.Channel.AFFIRMATIVE:
            said.append(
                "The claim began with USCIS, and USCIS has said that it intends to issue a new"
                " notice to appear."
            )
    return said
