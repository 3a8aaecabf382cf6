"""Steps that must be done for minors, for those without counsel, or where competency is in doubt.

Law: 8 USC 1232; Matter of M-A-M-, 25 I&N Dec. 474 (BIA 2011); Matter of W-Y-U-, 27 I&N Dec. 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import now

from cases.models import Review, SafeguardStep
from cases.workflow.conditions import competency_in_question, is_a_minor, unrepresented
from cases.workflow.engine import Act, TransitionRefused, among

Why = SafeguardStep.Why
Before = SafeguardStep.Before


@dataclass(frozen=True, slots=True)
class Step:
    why: str
    before: str
    text: str


STEPS = {
    "best-interest-note": Step(
        Why.MINOR, Before.APPROVAL, "Write a note on what is in the best interest of the child."
    ),
    "counsel-or-guardian": Step(Why.MINOR, Before.APPROVAL, "Speak with counsel or the guardian."),
    "competency-note": Step(
        Why.COMPETENCY,
        Before.APPROVAL,
        "Note the indicia, and which safeguards were considered (Matter of M-A-M-).",
    ),
    "plain-notice": Step(
        Why.UNREPRESENTED,
        Before.FILING,
        "Deliver the plain-language notice in the respondent's best language.",
    ),
    "help-list": Step(
        Why.UNREPRESENTED, Before.FILING, "Give the list of those who help without a fee."
    ),
}


def open_safeguards(ids: list[int], act: Act) -> None:
    """Add the steps that these reviews need and do not have. Set-based; may run twice."""
    with connection.cursor() as cursor:
        for why, condition in _who(act.on).items():
            needing = Review.objects.filter(condition, pk__in=among(ids))
            steps = {name: step.before for name, step in STEPS.items() if step.why == why}
            cursor.execute(
                "INSERT INTO cases_safeguardstep (review_id, why, step, before, note, opened_at)"
                " SELECT review, %s, step, before, '', %s FROM unnest(%s::bigint[]) review"
                " CROSS JOIN unnest(%s::text[], %s::text[]) AS s (step, before)"
                " ON CONFLICT DO NOTHING",
                [
                    why,
                    now(),
                    list(needing.values_list("pk", flat=True)),
                    [*steps],
                    [*steps.values()],
                ],
            )


def _who(on: date) -> dict[str, Q]:
    return {
        Why.MINOR: is_a_minor(on),
        Why.COMPETENCY: competency_in_question(),
        Why.UNREPRESENTED: unrepresented(),
    }


@transaction.atomic
def do_step(step: SafeguardStep, *, by: User, note: str) -> None:
    """Put on record that the step was done, and what came of it.

    Raises PermissionDenied, and TransitionRefused where it was done already or says nothing.
    """
    if not by.has_perm("cases.review_case"):
        raise PermissionDenied("Doing a safeguard step needs cases.review_case.")
    locked = SafeguardStep.objects.select_for_update().get(pk=step.pk)
    reasons = []
    if locked.done_at is not None:
        reasons.append("It was done already.")
    if not note.strip():
        reasons.append("Say what was done.")
    if reasons:
        raise TransitionRefused(step.step, reasons)
    locked.done_at, locked.done_by, locked.note = now(), by, note.strip()
    locked.save(update_fields=["done_at", "done_by", "note"])
    step.refresh_from_db()
