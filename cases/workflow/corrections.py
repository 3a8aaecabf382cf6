"""What was recorded of an order by mistake: the document stands, what we wrote of it is put right.

Another kind of order is another act of the court, and no correction of this one.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from cases.models import Case, CourtOrder, Motion, states
from cases.workflow.court import NO_PREJUDICE
from cases.workflow.engine import ASKED, NOT_VISIBLE, Act, TransitionRefused, hidden_from
from cases.workflow.reviews import RECORDER

NEEDED = ("note", "document", "actor", "happened_on")


def objections(order: CourtOrder, act: Act, *, ground: str, with_prejudice: bool) -> list[str]:
    """Return every reason why the order cannot be corrected so; empty means that it can."""
    reasons = [said for there, said in (ASKED[name] for name in NEEDED) if not there(act)]
    if hidden_from(act.by, order.case):
        reasons.append(NOT_VISIBLE)
    if order.superseded_at is not None:
        reasons.append("The order has been corrected since.")
    if with_prejudice and order.kind not in CourtOrder.MAY_BE_WITH_PREJUDICE:
        reasons.append(NO_PREJUDICE)
    document = act.document.strip()
    others = CourtOrder.objects.filter(case=order.case_id, document=document, superseded_at=None)
    if others.exclude(pk=order.pk).exists():
        reasons.append("An order with this document is on record already.")
    given = (act.happened_on, act.actor.strip(), document, ground.strip(), with_prejudice)
    if given == (
        *(order.ordered_on, order.ordered_by, order.document, order.ground, order.with_prejudice),
    ):
        reasons.append("Nothing differs from what is on record.")
    return reasons


@transaction.atomic
def correct_order(order: CourtOrder, act: Act, *, ground: str, with_prejudice: bool) -> CourtOrder:
    """Put the order on record anew, as its document says; the days that follow from it follow.

    The note of the act says why. What was recorded first stays, as superseded. Raises
    PermissionDenied, and TransitionRefused with every reason against it.
    """
    if not act.by.has_perm(RECORDER):
        raise PermissionDenied("Correcting an order needs the permission to record one.")
    case = Case.objects.select_for_update(of=("self",)).get(pk=order.case_id)
    order = CourtOrder.objects.select_related("case").get(pk=order.pk)
    if reasons := objections(order, act, ground=ground, with_prejudice=with_prejudice):
        raise TransitionRefused("correct-order", reasons)
    at = now()
    CourtOrder.objects.filter(pk=order.pk).update(superseded_at=at)
    made = CourtOrder.objects.create(
        case=case,
        motion=order.motion,
        move=order.move,
        kind=order.kind,
        ordered_on=act.happened_on or act.on,
        ordered_by=act.actor.strip(),
        document=act.document.strip(),
        ground=ground.strip(),
        with_prejudice=with_prejudice,
        recorded_at=at,
        recorded_by=act.by,
        corrects=order,
        why_corrected=act.note.strip(),
    )
    _move_days(order, made)
    return made


def _move_days(was: CourtOrder, made: CourtOrder) -> None:
    """Move the days of the case and the motion that are those of the order.

    The case is another than was read, whether its day moves or not: what may follow rests on what
    the order says too.
    """
    changed = {"version": F("version") + 1, "changed_at": made.recorded_at}
    case = Case.objects.filter(pk=was.case_id)
    case.update(**changed)
    sources, target = states.COURT.of(was.kind)
    if target not in sources:  # an order that leaves the case where it stood gave it no day
        case.filter(status=target, completed_on=was.ordered_on).update(completed_on=made.ordered_on)
    if was.motion is not None:
        Motion.objects.filter(pk=was.motion.pk, ruled_on=was.ordered_on).update(
            ruled_on=made.ordered_on, **changed
        )
