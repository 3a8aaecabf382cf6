"""The new case that follows an old one: charged anew by us, or delivered by the courts."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from cases.aftermath.record import filings_of, may_record
from cases.models import (
    Case,
    Court,
    OnwardFiling,
)
from cases.workflow import Act, TransitionRefused, begin
from cases.workflow.court import record_act
from cases.workflow.engine import ASKED
from cases.workflow.restart import UNDONE, Tool, follow, tools_for
from cases.workflow.reviews import RECORDER

Form = OnwardFiling.Form


@transaction.atomic
def recharge(case: Case, act: Act, *, court: Court | None = None, case_type: str = "RMV") -> Case:
    """Record that a new charging document was served: a new case, whose predecessor this one is.

    The old case stays as it ended. The clock of the application starts anew: from what was filed
    since, with its original day where USCIS kept that. Raises PermissionDenied, and
    TransitionRefused with every reason against it. Law: 8 CFR 239.1
    """
    may_record(case, act, RECORDER)
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if reasons := [*_missing(act), *_against_a_new_case(locked)]:
        raise TransitionRefused("recharge", reasons)
    at_court = court or locked.court
    filed = filings_of(locked).filter(form=Form.I_589).order_by("filed_on").first()
    new = Case.objects.create(
        respondent=locked.respondent,
        predecessor=locked,
        status=Case.Status.PRE_FILING,
        case_type=case_type,
        custody=locked.custody,
        entry_on=locked.entry_on,
        entry_manner=locked.entry_manner,
        filing_channel=Case.Channel.AFFIRMATIVE if filed else None,
        asylum_filed_on=(filed.original_filed_on or filed.filed_on) if filed else None,
        charged_on=act.happened_on,
        court=at_court,
        office=(at_court.office if at_court else None) or locked.office,
    )
    begin(new, "serve-nta", act)
    new.refresh_from_db()
    return new


@transaction.atomic
def file_charge(new: Case, act: Act, *, idncase: int) -> Case:
    """Record that the charging document was filed with the court: jurisdiction vests.

    Reviews of whether the old case goes back end with it. Raises PermissionDenied, and
    TransitionRefused with every reason against it. Law: 8 CFR 1003.14
    """
    if Case.objects.filter(idncase=idncase).exclude(pk=new.pk).exists():
        raise TransitionRefused(
            "file-nta", [f"The EOIR case {idncase} is on record: name it as the one that follows."]
        )
    record_act(new, "file-nta", act)
    Case.objects.filter(pk=new.pk).update(idncase=idncase)
    new.refresh_from_db()
    return new


@transaction.atomic
def name_successor(case: Case, new: Case, act: Act) -> Case:
    """Record that a case that the courts delivered follows this one.

    Reviews of whether the old case goes back end with it. Raises PermissionDenied, and
    TransitionRefused with every reason against it.
    """
    may_record(case, act, RECORDER)
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    reasons = [*_missing(act), *_against_a_new_case(locked)]
    if new.respondent_id != locked.respondent_id:
        reasons.append("The new case is of another person.")
    if new in line_of(locked):
        reasons.append("It is the same case, or came before it.")
    if new.predecessor_id is not None or new.status in UNDONE:
        reasons.append("The new case follows another already, or is not before a court.")
    if reasons:
        raise TransitionRefused("name-successor", reasons)
    Case.objects.filter(pk=new.pk).update(predecessor=locked)
    new.refresh_from_db()
    note = act.note.strip() or f"A new case follows, by {act.document.strip()}."
    follow(new, "file-nta", replace(act, note=note))
    return new


def _missing(act: Act) -> list[str]:
    asked = (ASKED[name] for name in ("document", "actor", "happened_on"))
    return [say for there, say in asked if not there(act)]


def _against_a_new_case(case: Case) -> list[str]:
    reasons = []
    if Tool.NEW_CHARGE not in tools_for(case):
        reasons.append(
            f"The case is {case.get_status_display()}: a new charging document follows a dismissal"
            " or termination without prejudice."
        )
    undone = (Case.Status.NTA_CANCELLED, Case.Status.NOT_FILED)
    if Case.objects.filter(predecessor=case).exclude(status__in=undone).exists():
        reasons.append("A new case follows it already.")
    return reasons


def line_of(case: Case) -> list[Case]:
    """Return the case with those before and after it, the first first: one person's whole story."""
    before: list[Case] = []
    earlier = case.predecessor
    while earlier is not None:
        before.insert(0, earlier)
        earlier = earlier.predecessor
    after: list[Case] = []
    later = [case.pk]
    while found := list(Case.objects.filter(predecessor__in=later).order_by("pk")):
        after += found
        later = [c.pk for c in found]
    return [*before, case, *after]
