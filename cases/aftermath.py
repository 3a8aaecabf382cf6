"""After closure: events, the new case that follows an old one, onward filings, contact.

What is noticed opens a review for a person; nothing here brings a case back by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from cases.models import (
    Case,
    ContactChange,
    Court,
    OnwardFiling,
    PostClosureEvent,
    Respondent,
    RestartReview,
    states,
)
from cases.workflow import Act, TransitionRefused, begin, begin_many
from cases.workflow.court import record_act
from cases.workflow.engine import ASKED, NOT_VISIBLE, SERVICE, hidden_from
from cases.workflow.restart import UNDONE, Tool, follow, tools_for
from cases.workflow.reviews import ATTORNEY, INTAKE, RECORDER, SUPERVISOR

Kind = PostClosureEvent.Kind
Form = OnwardFiling.Form

RECORDING = "cases.record_aftermath"
WHO_RECORDS = (RECORDING, INTAKE, ATTORNEY, SUPERVISOR, SERVICE)
RECEIPT = re.compile(r"[A-Z]{3}\d{10}")

ORIGINAL_DATE_KEPT_FROM = date(2023, 10, 16)
"""Since when USCIS has said that it keeps the day of an application that was pending in court."""
BEFORE_A_JUDGE = (Form.EOIR_42A, Form.EOIR_42B)
PROTECTED_BY_1367 = (Form.I_918, Form.I_914, Form.I_360_VAWA)
"""Whoever files one of these is protected from then on. Law: 8 U.S.C. 1367(a)(2)"""


def _may_record(case: Case, act: Act, *permissions: str) -> None:
    """Raise PermissionDenied unless they may record what becomes of this case."""
    if not any(act.by.has_perm(permission) for permission in permissions or WHO_RECORDS):
        raise PermissionDenied(f"This needs {' or '.join(permissions or WHO_RECORDS)}.")
    if hidden_from(act.by, case):
        raise PermissionDenied(NOT_VISIBLE)


# Events


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNotice:
    """What came in about the person of a closed case. `happened_on` None: not on record."""

    case_id: int
    kind: str
    source: str
    source_record: str
    trust: str
    happened_on: date | None = None
    disposition: str = ""


@transaction.atomic
def record_event(case: Case, notice: EventNotice, act: Act) -> PostClosureEvent:
    """Put an event on record and open a review for a person; a notice that came before is that one.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    _may_record(case, act)
    notice = replace(
        notice, source=notice.source.strip(), source_record=notice.source_record.strip()
    )
    reasons = []
    if case.status not in states.CLOSED:
        reasons.append(f"The case is {case.get_status_display()}: events are of closed cases.")
    if _followed(case):
        reasons.append("A new case follows it: take it in there.")
    if not notice.source or not notice.source_record:
        reasons.append("Name the source, and the record's key there.")
    if notice.happened_on is not None and notice.happened_on > act.on:
        reasons.append("The day of the event is in the future.")
    if reasons:
        raise TransitionRefused("record-event", reasons)
    record_events([replace(notice, case_id=case.pk)], act)
    return PostClosureEvent.objects.get(
        case=case, source=notice.source, source_record=notice.source_record, kind=notice.kind
    )


@dataclass(frozen=True, slots=True)
class Noticed:
    """What came of notices: those that were new, by kind, and the reviews they opened."""

    events: dict[str, int]
    reviews: int


@transaction.atomic
def record_events(notices: Iterable[EventNotice], act: Act) -> Noticed:
    """Put events on record and open the reviews they call for. Set-based; twice is once."""
    given = list(notices)
    with connection.cursor() as cursor:
        cursor.execute(
            EVENTS,
            {
                "cases": [n.case_id for n in given],
                "kinds": [str(n.kind) for n in given],
                "days": [n.happened_on for n in given],
                "sources": [n.source for n in given],
                "records": [n.source_record for n in given],
                "trusts": [str(n.trust) for n in given],
                "dispositions": [n.disposition for n in given],
                "at": now(),
                "by": act.by.pk,
            },
        )
        new = cursor.fetchall()
    counts: dict[str, int] = {}
    for _, kind in new:
        counts[kind] = counts.get(kind, 0) + 1
    # What ends an accusation gives nothing to restart; it is seen where a review is open.
    wanting = {case for case, kind in new if kind != Kind.ACQUITTAL}
    return Noticed(counts, open_restarts(wanting, act))


EVENTS = """
INSERT INTO cases_postclosureevent (uuid, case_id, kind, happened_on, source, source_record, trust,
                                    disposition, noticed_at, recorded_by_id)
SELECT gen_random_uuid(), n.case_id, n.kind, n.day, n.source, n.record, n.trust, n.disposition,
       %(at)s, %(by)s
  FROM unnest(%(cases)s::bigint[], %(kinds)s::text[], %(days)s::date[], %(sources)s::text[],
              %(records)s::text[], %(trusts)s::text[], %(dispositions)s::text[]) WITH ORDINALITY
         AS n (case_id, kind, day, source, record, trust, disposition, place)
 ORDER BY n.place
    ON CONFLICT DO NOTHING
RETURNING case_id, kind
"""


@transaction.atomic
def open_restarts(cases: Iterable[int], act: Act) -> int:
    """Open a review of each of these closed cases that has none open; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN,
            {
                "cases": sorted(cases),
                "closed": [str(status) for status in states.CLOSED],
                "ended": [str(status) for status in states.RESTART_ENDED],
                "undone": [str(status) for status in UNDONE],
                "at": now(),
                "by": act.by.pk,
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    if ids:
        note = act.note.strip() or "Something was noticed after the closure."
        begin_many(states.RESTART.name, "open", ids, replace(act, note=note))
    return len(ids)


OPEN = """
INSERT INTO cases_restartreview (uuid, case_id, status, tool, factors, ground, authority_cited,
                                 opened_at, changed_at, version, opened_by_id)
SELECT gen_random_uuid(), c.id, 'open', '', '{}', '', '', %(at)s, %(at)s, 1, %(by)s
  FROM cases_case c
 WHERE c.id = ANY (%(cases)s) AND c.status = ANY (%(closed)s)
   AND NOT EXISTS (SELECT FROM cases_restartreview r
                    WHERE r.case_id = c.id AND r.status <> ALL (%(ended)s))
   AND NOT EXISTS (SELECT FROM cases_case n
                    WHERE n.predecessor_id = c.id AND n.status <> ALL (%(undone)s))
 ORDER BY c.id
    ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def open_restart(case: Case, act: Act) -> RestartReview:
    """Open a review of a closed case by hand, with the reason. Returns the one that is open.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    _may_record(case, act)
    there, say = ASKED["note"]
    reasons = [] if there(act) else [say]
    if case.status not in states.CLOSED:
        reasons.append(f"The case is {case.get_status_display()}: it has not been closed.")
    if _followed(case):
        reasons.append("A new case follows it.")
    if reasons:
        raise TransitionRefused("open", reasons)
    open_restarts([case.pk], act)
    return RestartReview.objects.open().get(case=case)


# A new case that follows the old one


def _followed(case: Case) -> bool:
    return Case.objects.filter(predecessor=case).exclude(status__in=UNDONE).exists()


@transaction.atomic
def recharge(case: Case, act: Act, *, court: Court | None = None, case_type: str = "RMV") -> Case:
    """Record that a new charging document was served: a new case, whose predecessor this one is.

    The old case stays as it ended. The clock of the application starts anew: from what was filed
    since, with its original day where USCIS kept that. Raises PermissionDenied, and
    TransitionRefused with every reason against it. Law: 8 CFR 239.1
    """
    _may_record(case, act, RECORDER)
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if reasons := [*_missing(act), *_against_a_new_case(locked)]:
        raise TransitionRefused("recharge", reasons)
    at_court = court or locked.court
    filed = _filings(locked).filter(form=Form.I_589).order_by("filed_on").first()
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
    _may_record(case, act, RECORDER)
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


# Onward filings


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
    _may_record(case, act)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    receipt = filing.receipt.strip().upper() or None
    same = _filings(case).filter(
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


def _filings(case: Case) -> QuerySet[OnwardFiling]:
    return OnwardFiling.objects.filter(case=case, superseded_at=None)


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


# Contact


@transaction.atomic
def record_contact(
    case: Case, act: Act, *, kind: str, text: str, changed_on: date, source: str
) -> ContactChange:
    """Put an address, counsel or a telephone number on record, in place of the one before.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    _may_record(case, act)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    current = ContactChange.objects.filter(case=case, kind=kind, superseded_at=None)
    reasons = []
    if not text.strip() or not source.strip():
        reasons.append("Say what has changed, and by what it came.")
    if changed_on > act.on:
        reasons.append("The day of the change is in the future.")
    if current.filter(changed_on__gt=changed_on).exists():
        reasons.append("A later change is on record.")
    if reasons:
        raise TransitionRefused("record-contact", reasons)
    return _replace_contact(
        ContactChange(
            case=case,
            kind=kind,
            text=text.strip(),
            changed_on=changed_on,
            source=source.strip(),
            recorded_by=act.by,
        )
    )


@transaction.atomic
def record_returned_mail(case: Case, act: Act, *, returned_on: date) -> ContactChange:
    """Put on record that mail to the current address came back.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    _may_record(case, act)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    current = ContactChange.objects.filter(
        case=case, kind=ContactChange.Kind.ADDRESS, superseded_at=None
    ).first()
    if current is None:
        raise TransitionRefused("returned-mail", ["No address is on record since the closure."])
    if not current.changed_on <= returned_on <= act.on:
        raise TransitionRefused(
            "returned-mail", ["It came back before the address was in use, or in the future."]
        )
    return _replace_contact(
        ContactChange(
            case=case,
            kind=current.kind,
            text=current.text,
            changed_on=current.changed_on,
            source=current.source,
            returned_on=returned_on,
            recorded_by=act.by,
        )
    )


def _replace_contact(change: ContactChange) -> ContactChange:
    change.recorded_at = now()
    current = ContactChange.objects.filter(case=change.case, kind=change.kind, superseded_at=None)
    current.update(superseded_at=change.recorded_at)
    change.save(force_insert=True)
    return change
