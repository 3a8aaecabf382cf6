"""Who may record what becomes of a closed case, and what is on record of it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from cases.models import (
    Case,
    OnwardFiling,
)
from cases.workflow import Act
from cases.workflow.engine import NOT_VISIBLE, SERVICE, hidden_from
from cases.workflow.restart import RECORDING, UNDONE
from cases.workflow.reviews import ATTORNEY, INTAKE, SUPERVISOR

WHO_RECORDS = (RECORDING, INTAKE, ATTORNEY, SUPERVISOR, SERVICE)


def may_record(case: Case, act: Act, *permissions: str) -> None:
    """Raise PermissionDenied unless they may record what becomes of this case."""
    if not any(act.by.has_perm(permission) for permission in permissions or WHO_RECORDS):
        raise PermissionDenied(f"This needs {' or '.join(permissions or WHO_RECORDS)}.")
    if hidden_from(act.by, case):
        raise PermissionDenied(NOT_VISIBLE)


def followed(case: Case) -> bool:
    return Case.objects.filter(predecessor=case).exclude(status__in=UNDONE).exists()


def filings_of(case: Case) -> QuerySet[OnwardFiling]:
    return OnwardFiling.objects.filter(case=case, superseded_at=None)
