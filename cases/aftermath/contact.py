"""Where the person can be reached after closure, and mail that came back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.timezone import now

from cases.aftermath.record import may_record
from cases.models import (
    Case,
    ContactChange,
)
from cases.workflow import Act, TransitionRefused


@transaction.atomic
def record_contact(
    case: Case, act: Act, *, kind: str, text: str, changed_on: date, source: str
) -> ContactChange:
    """Put an address, counsel or a telephone number on record, in place of the one before.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    may_record(case, act)
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
    may_record(case, act)
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
