"""The motion: drafted for a decided review, signed by a person, filed, ruled on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from cases.days import due
from cases.models import Motion, Review, states
from cases.workflow import conditions
from cases.workflow.engine import (
    Act,
    Transition,
    TransitionRefused,
    add,
    advance_many,
    among,
    begin_many,
)
from cases.workflow.reviews import APPROVER, ATTORNEY, RECORDER, SUPERVISOR

Motions = QuerySet[Motion]
SIGNER = "cases.sign_motion"
JOINT = conditions.Position.JOINS


def nobody_else_decided(motions: Motions, act: Act) -> Motions:
    """Only you have decided it: someone else must sign."""
    return motions.filter(approved_by=None, proposed_by=act.by)


def review_is_not_ready(motions: Motions, _act: Act) -> Motions:
    """Its review is not ready for filing; file it from the review."""
    return motions.exclude(review__status=states.Review.MOTION_FILED)


def decision_no_longer_stands(motions: Motions, _act: Act) -> Motions:
    """The decision that it was drafted for no longer stands."""
    return motions.exclude(review__status__in=states.DECIDED)


def no_order_on_record(motions: Motions, _act: Act) -> Motions:
    """No order on it is on record."""
    return motions.filter(orders=None)


def _when_filed(act: Act) -> dict[str, Any]:
    return {"filed_on": act.happened_on or act.on}


def _open_for_response(ids: list[int], _act: Act) -> None:
    """Set until when the other side may answer; where it is detained the court says so itself."""
    filed = Motion.objects.filter(pk__in=among(ids)).exclude(case__custody="D")
    periods = filed.order_by().values_list("case__court__response_days", "filed_on").distinct()
    for days, on in periods:
        if days is not None and on is not None:
            of_court = filed.filter(case__court__response_days=days, filed_on=on)
            of_court.update(response_due_on=due(on, days))


def _end_review(name: str) -> Any:
    def then(ids: list[int], act: Act) -> None:
        reviews = Review.objects.filter(motions__in=among(ids), status=states.Review.MOTION_FILED)
        ended = Review.objects.filter(pk__in=among(reviews.values_list("pk", flat=True)))
        if ended.exists():
            advance_many(ended, name, act)

    return then


def _motion(name: str, label: str, *permissions: str, **more: Any) -> Transition:
    return Transition(
        machine=states.MOTION, name=name, label=label, permissions=permissions, **more
    )


add(
    _motion("draft", "Draft", ATTORNEY, SUPERVISOR, APPROVER),
    _motion(
        "sign",
        "Sign",
        SIGNER,
        guards=(nobody_else_decided, decision_no_longer_stands),
        sets=lambda act: {"signed_by": act.by},
        law="8 CFR 1003.102(t)",
    ),
    _motion(
        "file",
        "File",
        ATTORNEY,
        guards=(review_is_not_ready,),
        asks=("document",),
        sets=_when_filed,
        then=_open_for_response,
    ),
    _motion("open-response", "Open for a response", ATTORNEY, RECORDER),
    _motion(
        "grant",
        "Granted",
        RECORDER,
        guards=(no_order_on_record,),
        asks=("document", "happened_on"),
        sets=lambda act: {"ruled_on": act.happened_on},
        then=_end_review("granted"),
    ),
    _motion(
        "deny",
        "Denied",
        RECORDER,
        guards=(no_order_on_record,),
        asks=("document", "happened_on"),
        sets=lambda act: {"ruled_on": act.happened_on},
        then=_end_review("denied"),
    ),
    _motion(
        "withdraw",
        "Withdraw",
        *(ATTORNEY, SUPERVISOR, APPROVER),
        asks=("note",),
        then=_end_review("withdraw-motion"),
    ),
    _motion("moot", "Moot", RECORDER, ATTORNEY, asks=("note",), then=_end_review("moot")),
)


def draft_motion(review: Review, act: Act) -> Motion:
    """Draft the motion of a decided review. Raises TransitionRefused, PermissionDenied."""
    drafted = draft_motions(Review.objects.filter(pk=review.pk), act)
    if not drafted:
        raise TransitionRefused(
            "draft", ["The review has no decision that needs a motion, or has one already."]
        )
    return Motion.objects.get(pk=drafted[0])


@transaction.atomic
def draft_motions(reviews: QuerySet[Review], act: Act) -> list[int]:
    """Draft the motions of those decided reviews that need one and have none; return their ids.

    Set-based. The authority is the one that governs in the circuit that day, or the one cited by
    hand where that is unsettled.
    """
    wanting = reviews.filter(status__in=states.DECIDED, form__decided_by="judge").exclude(
        Exists(Motion.objects.filter(review=OuterRef("pk"), status__in=_standing()))
    )
    governing = [
        (form.pk, circuit, authority.citation)
        for form in conditions.forms_of(wanting)
        for circuit, authority in conditions.standing_by_circuit(form, act.on).items()
    ]
    joining = wanting.filter(conditions.stated(JOINT))
    with connection.cursor() as cursor:
        cursor.execute(
            DRAFT,
            {
                "ids": list(wanting.values_list("pk", flat=True)),
                "joining": list(joining.values_list("pk", flat=True)),
                "forms": [form for form, _, _ in governing],
                "circuits": [circuit for _, circuit, _ in governing],
                "citations": [citation for _, _, citation in governing],
                "at": now(),
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    begin_many(states.MOTION.name, "draft", ids, act)
    return ids


DRAFT = """
INSERT INTO cases_motion (uuid, review_id, case_id, form_id, status, ground, authority, joint, oral,
                          drafted_at, changed_at, version, proposed_by_id, approved_by_id)
SELECT gen_random_uuid(), r.id, r.case_id, r.form_id, 'draft', r.ground,
       coalesce(nullif(r.authority_cited, ''), g.citation, ''), r.id = ANY (%(joining)s), false,
       %(at)s, %(at)s, 1, r.proposed_by_id, r.approved_by_id
  FROM cases_review r
  JOIN cases_case c ON c.id = r.case_id
  LEFT JOIN cases_court k ON k.id = c.court_id
  LEFT JOIN unnest(%(forms)s::text[], %(circuits)s::text[], %(citations)s::text[])
         AS g (form, circuit, citation)
    ON g.form = r.form_id AND g.circuit = coalesce(k.circuit, '')
 WHERE r.id = ANY (%(ids)s)
 ORDER BY r.id
RETURNING id
"""


def _standing() -> list[str]:
    over = {states.Motion.WITHDRAWN, states.Motion.MOOT}
    return [status for status in states.Motion.values if status not in over]


def overdue(motions: Motions, on: date) -> Motions:
    """Return the motions whose time for a response has run out."""
    waiting = (states.Motion.FILED, states.Motion.RESPONSE_OPEN)
    return motions.filter(Q(response_due_on__lt=on), status__in=waiting)
