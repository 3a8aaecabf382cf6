"""Reviews, and the people of an office that take them up. All plainly false."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Permission, User

from cases.accounts import machine_account
from cases.aftermath import EventNotice, record_contact, record_event
from cases.models import Case, Court, FormOfDiscretion, Motion, Move, RestartReview, Review
from cases.workflow import Act, advance, begin
from cases.workflow.court import Order, record_order
from cases.workflow.motions import draft_motion
from cases.workflow.positions import Statement, record_position
from cases.workflow.restart import FACTORS
from tests.cast import NUMBERS, make_case, office

ON = date(2024, 8, 15)
NOTE = "A reason that is long enough to be one."
ROLES = {
    "clerk": ("open_review",),
    "attorney": ("open_review", "review_case", "sign_motion", "read_sample"),
    "supervisor": ("approve_closure", "approve_batch", "review_case", "sign_motion"),
    "recorder": ("record_court_act",),
    "proposer": ("propose_batch", "open_review"),
    "service": ("record_screening",),
}


def person(role: str, *, at: str = "NYC", everywhere: bool = False) -> User:
    """Return someone new who may do what the role may, in one office."""
    user = User.objects.create_user(f"{role} {next(NUMBERS)}", is_staff=True)
    names = [*ROLES[role], *(["view_all_offices"] if everywhere else [])]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    office(at).staff.add(user)
    return user


def service() -> User:
    user = machine_account("screening")
    user.user_permissions.set(Permission.objects.filter(codename="record_screening"))
    return user


def court(circuit: str = "2") -> Court:
    return Court.objects.get_or_create(
        code=f"C{circuit}", defaults={"circuit": circuit, "office": office()}
    )[0]


def case_in_court(**given: Any) -> Case:
    """Return a pending case of an adult with counsel, who is not detained."""
    made: dict[str, Any] = {"court": court(), "custody": "N", "represented": True}
    case = make_case(**(made | given))
    case.refresh_from_db()
    return case


def make_review(case: Case | None = None, *, outcome: str = "flagged", **given: Any) -> Review:
    """Return a review that has been screened, and waits for an attorney."""
    case = case or case_in_court()
    by = service()
    review = Review.objects.create(case=case, opened_by=by)
    begin(review, "open", Act(by=by, on=ON))
    screened_with(review, outcome=outcome)
    advance(review, "screen", Act(by=by, on=ON))
    if given:
        Review.objects.filter(pk=review.pk).update(**given)
        review.refresh_from_db()
    return review


def screened_with(review: Review, *, outcome: str = "flagged", on: date = ON) -> None:
    """Give the review what a screening found, as `screening.reviews` does."""
    case = Case.objects.get(pk=review.case_id)
    Review.objects.filter(pk=review.pk).update(
        determination=next(NUMBERS),
        outcome=outcome,
        policy="doyle-2:2",
        engine="1",
        hits=[] if outcome == "flagged" else ["PS-11"],
        screened_as_of=on,
        valid_until=date(2025, 1, 1),
        case_version=case.version,
        stale=False,
    )
    review.refresh_from_db()


def act(by: User, on: date = ON, **given: Any) -> Act:
    """Return an act that has all that any move asks for."""
    said: dict[str, Any] = {
        "note": NOTE,
        "criteria": ("MI-01",),
        "consequences_read": True,
        "document": f"DOC-{next(NUMBERS)}",
        "actor": "Immigration judge 12",
        "happened_on": on,
    }
    return Act(by=by, on=on, **(said | given))


def proposing(by: User, form: str = "dismissal", ground: str = "7", **given: Any) -> Act:
    chosen = FormOfDiscretion.objects.get(pk=form)
    return act(by, form=chosen, ground=ground if chosen.grounds else "", **given)


def joins(review: Review, by: User, **given: Any) -> None:
    stated: dict[str, Any] = {
        "position": "joins",
        "stated_on": ON,
        "stated_by": "counsel",
        "means": "letter",
        "language": "es",
        "informed_of_consequences": True,
    }
    record_position(review, Statement(**(stated | given)), act(by))


def approved(review: Review, *, by: User, supervisor: User, form: str = "dismissal") -> Review:
    advance(review, "take-up", act(by))
    advance(review, "propose", proposing(by, form))
    advance(review, "approve", act(supervisor))
    return review


def ready(review: Review, *, by: User, supervisor: User, form: str = "dismissal") -> Motion:
    """Bring a screened review to where its signed motion can be filed."""
    approved(review, by=by, supervisor=supervisor, form=form)
    advance(review, "notify", act(by))
    joins(review, by)
    advance(review, "accept-position", act(by))
    motion = draft_motion(review, act(by))
    advance(motion, "sign", act(supervisor))
    review.refresh_from_db()
    return motion


def filed(review: Review, *, by: User, supervisor: User, form: str = "dismissal") -> Motion:
    motion = ready(review, by=by, supervisor=supervisor, form=form)
    advance(review, "file", act(by))
    motion.refresh_from_db()
    return motion


def ordered(motion: Motion, kind: str, *, by: User, **given: Any) -> Case:
    case = Case.objects.get(pk=motion.case_id)
    record_order(case, Order(kind=kind, motion=motion, **given), act(by))
    case.refresh_from_db()
    return case


def moves(thing: Any) -> list[str]:
    name = {Review: "review", Motion: "motion", Case: "case", RestartReview: "restart"}[type(thing)]
    found = Move.objects.filter(**{name: thing}, machine=name)
    return list(found.values_list("transition", flat=True))


def closed_case(how: str = "dismiss", *, by: User | None = None, **given: Any) -> Case:
    """Return a case that a judge closed, by an order on record."""
    kept = {name: given.pop(name) for name in ("with_prejudice",) if name in given}
    case = case_in_court(**given)
    record_order(case, Order(kind=how, **kept), act(by or person("recorder", everywhere=True)))
    case.refresh_from_db()
    return case


def notice(case: Case, kind: str = "conviction", **given: Any) -> EventNotice:
    said: dict[str, Any] = {
        "source": "state-court",
        "source_record": f"R-{next(NUMBERS)}",
        "trust": "court",
        "happened_on": ON,
    }
    return EventNotice(case_id=case.pk, kind=kind, **(said | given))


def noticed(case: Case, kind: str = "conviction", **given: Any) -> RestartReview:
    """Let an event be noticed, and return the review that it opened."""
    record_event(case, notice(case, kind, **given), act(person("clerk")))
    return RestartReview.objects.open().get(case=case)


def going_back(by: User, tool: str, **given: Any) -> Act:
    factors = dict.fromkeys(FACTORS, "Weighed.") if tool == "recalendar" else {}
    return act(by, **({"tool": tool, "factors": factors} | given))


def approved_restart(case: Case, tool: str, *, by: User, supervisor: User) -> RestartReview:
    review = noticed(case)
    advance(review, "take-up", act(by))
    advance(review, "propose", going_back(by, tool))
    advance(review, "approve", act(supervisor))
    return review


def reachable(case: Case) -> None:
    record_contact(
        case,
        act(person("clerk")),
        kind="address",
        text="1 False Street, Nowhere",
        changed_on=ON,
        source="EOIR-33",
    )
