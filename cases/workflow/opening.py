"""Opening the review of one case: who asks for it, and what is in the way."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cases import access
from cases.models import Case, FormOfDiscretion, Review
from cases.workflow.engine import TRANSITIONS, Act, TransitionRefused, begin
from cases.workflow.reviews import ATTORNEY, SUPERVISOR

Origin = Review.Origin
ASKS: dict[str, tuple[str, ...]] = {
    Origin.RESPONDENT: TRANSITIONS["review"]["open"].permissions,
    Origin.ATTORNEY: (ATTORNEY,),
    Origin.SUPERVISOR: (SUPERVISOR,),
}
"""At whose word one review is opened, and who may do so; bulk reviews open theirs in bulk."""


def origins_of(by: User) -> list[str]:
    """Return at whose word this person or client may open a review."""
    return [origin for origin, needed in ASKS.items() if any(map(by.has_perm, needed))]


def objections(case: Case, act: Act) -> list[str]:
    """Return every reason why no review of the case can be opened now; empty means that it can."""
    reasons = []
    if not access.of_user(act.by).filter(Case.objects.filter(pk=case.pk)).exists():
        reasons.append("It is not of an office whose cases you may see.")
    if Review.objects.open().filter(case=case).exists():
        reasons.append("A review of this case is open already.")
    if not FormOfDiscretion.objects.filter(available_in__contains=[case.status]).exists():
        reasons.append(
            f"No form of discretion is available: the case is {case.get_status_display()}."
        )
    return reasons


@transaction.atomic
def open_review(case: Case, origin: str, act: Act) -> Review:
    """Open a review of the case, which then waits to be screened.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    if origin not in origins_of(act.by):
        raise PermissionDenied(f"You may not open a review at the word of: {origin}.")
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if reasons := objections(locked, act):
        raise TransitionRefused("open", reasons)
    review = Review.objects.create(case=locked, origin=origin, opened_by=act.by)
    begin(review, "open", act)
    return review
