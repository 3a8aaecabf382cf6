"""A review from the screening to a judge's order, and every way it may stop on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from cases.models import Case, FamilyLink, Motion, Move, RespondentPosition, Review
from cases.workflow import TransitionRefused, advance, blockers
from cases.workflow.court import Order, record_act, record_order
from cases.workflow.motions import draft_motion
from cases.workflow.positions import Statement, record_position
from cases.workflow.safeguards import do_step
from tests.cases.workflow.cast import (
    ON,
    act,
    approved,
    case_in_court,
    court,
    filed,
    joins,
    make_review,
    moves,
    ordered,
    person,
    proposing,
    ready,
    screened_with,
)

pytestmark = pytest.mark.django_db
STATUS_AFTER = {
    "dismiss": Case.Status.DISMISSED,
    "close-administratively": Case.Status.ADMIN_CLOSED,
    "terminate": Case.Status.TERMINATED,
}


@pytest.fixture
def attorney():
    return person("attorney")


@pytest.fixture
def supervisor():
    return person("supervisor")


@pytest.fixture
def recorder():
    return person("recorder")


@pytest.mark.parametrize(
    ("form", "ground", "kind"),
    [
        ("dismissal", "7", "dismiss"),
        ("administrative-closure", "", "close-administratively"),
        ("termination", "relief", "terminate"),
    ],
)
def test_a_case_is_followed_to_an_order_of_each_kind(form, ground, kind):
    attorney, supervisor, recorder = map(person, ("attorney", "supervisor", "recorder"))
    review = make_review()
    advance(review, "take-up", act(attorney))
    advance(review, "propose", proposing(attorney, form, ground))
    advance(review, "approve", act(supervisor))
    advance(review, "notify", act(attorney))
    joins(review, attorney)
    advance(review, "accept-position", act(attorney))
    motion = draft_motion(review, act(attorney))
    advance(motion, "sign", act(attorney))
    advance(review, "file", act(attorney))
    motion.refresh_from_db()
    case = ordered(motion, kind, by=recorder)

    review.refresh_from_db()
    motion.refresh_from_db()
    assert case.status == STATUS_AFTER[kind]
    assert (review.status, motion.status) == (Review.Status.GRANTED, Motion.Status.RULED_GRANTED)
    assert motion.joint
    assert motion.response_due_on == date(2024, 8, 26)  # ten days would end on a Sunday
    assert moves(review) == [
        *("open", "screen", "take-up", "propose", "approve", "notify", "accept-position"),
        *("file", "granted"),
    ]
    assert moves(motion) == ["draft", "sign", "file", "grant"]
    assert moves(case) == [kind]
    assert case.court_orders.get().document == Move.objects.get(machine="case").document
    proposed = Move.objects.get(machine="review", transition="propose")
    assert (proposed.policy, proposed.criteria) == ("doyle-2:2", ["MI-01"])


def test_a_denied_motion_leaves_the_case_pending(attorney, supervisor, recorder):
    review = make_review()

    case = ordered(filed(review, by=attorney, supervisor=supervisor), "deny-motion", by=recorder)

    review.refresh_from_db()
    assert (case.status, review.status) == (Case.Status.PENDING, Review.Status.DENIED)
    assert make_review(case).status == Review.Status.SCREENED


def test_a_decision_on_the_merits_makes_the_motion_moot(attorney, supervisor, recorder):
    review = make_review()
    motion = filed(review, by=attorney, supervisor=supervisor)
    case = Case.objects.get(pk=review.case_id)

    record_order(case, Order(kind="grant-relief"), act(recorder))

    review.refresh_from_db()
    motion.refresh_from_db()
    assert (motion.status, review.status) == (Motion.Status.MOOT, Review.Status.MOOT)
    assert case.status == Case.Status.GRANTED


def test_an_order_is_recorded_once_and_is_never_edited(attorney, supervisor, recorder):
    case = case_in_court()
    said = act(recorder)
    order = record_order(case, Order(kind="dismiss"), said)

    with pytest.raises(TransitionRefused, match="on record already"):
        record_order(case, Order(kind="dismiss"), said)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(order).objects.filter(pk=order.pk).update(document="another")


def test_an_appeal_is_affirmed_only_to_where_the_case_stood(recorder):
    case = case_in_court()
    record_order(case, Order(kind="dismiss"), act(recorder))
    record_act(case, "appeal", act(recorder))

    with pytest.raises(TransitionRefused, match="not terminated"):
        record_act(case, "affirm-terminated", act(recorder))
    record_act(case, "affirm-dismissed", act(recorder))

    assert case.status == Case.Status.DISMISSED


def test_an_outside_act_needs_its_document_actor_and_day(recorder):
    case = case_in_court()

    with pytest.raises(TransitionRefused) as refused:
        record_order(
            case,
            Order(kind="dismiss"),
            act(recorder, document=" ", actor="", happened_on=ON + timedelta(days=1)),
        )

    assert refused.value.reasons == [
        "Name the document of the act.",
        "Name who acted.",
        "Give the day of the act; it is not in the future.",
    ]


def test_the_approver_has_not_proposed_it(attorney, supervisor):
    review = make_review()
    advance(review, "take-up", act(supervisor))
    advance(review, "propose", proposing(supervisor))

    with pytest.raises(TransitionRefused, match="someone else must decide"):
        advance(review, "approve", act(supervisor))
    with pytest.raises(IntegrityError, match="has_not_proposed"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(status="approved", approved_by=supervisor)

    advance(review, "approve", act(person("supervisor")))
    assert review.status == Review.Status.APPROVED


def test_who_decides_alone_does_not_sign_alone(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))
    advance(review, "decide", proposing(attorney))
    motion = draft_motion(review, act(attorney))

    with pytest.raises(TransitionRefused, match="someone else must sign"):
        advance(motion, "sign", act(attorney))
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Motion.objects.filter(pk=motion.pk).update(signed_by=attorney, status="signed")

    advance(motion, "sign", act(person("attorney")))
    assert motion.status == Motion.Status.SIGNED


@pytest.mark.parametrize(
    ("about", "outcome"),
    [
        pytest.param({}, "refer", id="a criterion refers"),
        pytest.param({"custody": "D"}, "flagged", id="detained"),
        pytest.param({"born": date(2010, 5, 5)}, "flagged", id="a minor"),
    ],
)
def test_a_supervisor_is_needed(attorney, about, outcome):
    review = make_review(case_in_court(**about), outcome=outcome)
    advance(review, "take-up", act(attorney))

    reasons = blockers(review, "decide", proposing(attorney))

    assert any("A supervisor must decide" in reason for reason in reasons)


def test_an_adult_is_one_from_the_birthday_on(attorney):
    eighteen_today = make_review(case_in_court(born=date(2006, 8, 15)))
    tomorrow = make_review(case_in_court(born=date(2006, 8, 16)))
    for review in (eighteen_today, tomorrow):
        advance(review, "take-up", act(attorney))

    assert not blockers(eighteen_today, "decide", proposing(attorney))
    assert blockers(tomorrow, "decide", proposing(attorney))


def test_unknown_is_never_clear(attorney):
    review = make_review(outcome="insufficient")
    advance(review, "take-up", act(attorney))

    for move in ("propose", "decide"):
        with pytest.raises(TransitionRefused, match="Too little is known"):
            advance(review, move, proposing(attorney))


def test_going_against_the_screening_is_a_move_of_its_own(attorney, supervisor):
    excluded = make_review(outcome="not-flagged")
    flagged = make_review()
    for review in (excluded, flagged):
        advance(review, "take-up", act(attorney))

    with pytest.raises(TransitionRefused, match="propose it against the screening"):
        advance(excluded, "propose", proposing(attorney))
    with pytest.raises(TransitionRefused, match="goes against the screening"):
        advance(flagged, "decline", act(attorney))
    advance(excluded, "propose-against-screening", proposing(attorney))
    advance(flagged, "propose-to-decline", act(attorney))
    with pytest.raises(TransitionRefused, match="The proposal is to decline"):
        advance(flagged, "approve", act(supervisor))
    advance(excluded, "approve", act(supervisor))
    advance(flagged, "approve-decline", act(supervisor))

    assert excluded.against_screening
    assert (excluded.status, flagged.status) == ("approved", "declined")


def test_every_decision_needs_a_reason_criteria_and_the_consequences_read(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))

    reasons = blockers(
        review,
        "propose",
        act(attorney, note="too short", criteria=(), consequences_read=False),
    )

    assert len([r for r in reasons if r.startswith(("Give", "Name", "Choose", "Read"))]) == 4


@pytest.mark.parametrize(
    ("form", "circuit", "on", "said"),
    [
        pytest.param("administrative-closure", "6", date(2022, 1, 3), "No authority", id="6th"),
        pytest.param("administrative-closure", "2", date(2022, 1, 3), None, id="Cruz-Valdez"),
        pytest.param("administrative-closure", "9", date(2019, 1, 3), "No authority", id="barred"),
        pytest.param("administrative-closure", "4", date(2019, 9, 3), None, id="Romero"),
        pytest.param("administrative-closure", "6", date(2024, 7, 29), None, id="the rule"),
        pytest.param("administrative-closure", "2", date(2026, 6, 22), "by hand", id="vacated"),
        pytest.param("dismissal", "6", date(2026, 6, 22), None, id="dismissal"),
    ],
)
def test_the_authority_is_that_of_the_circuit_and_the_day(attorney, form, circuit, on, said):
    case = case_in_court(court=court(circuit))
    review = make_review(case)
    screened_with(review, on=on)
    Review.objects.filter(pk=review.pk).update(valid_until=None)
    advance(review, "take-up", act(attorney))

    reasons = blockers(review, "propose", proposing(attorney, form, on=on))

    assert [r for r in reasons if "authority" in r] == reasons
    assert (said in reasons[0]) if said else not reasons
    if said == "by hand":
        assert not blockers(
            review, "propose", proposing(attorney, form, on=on, authority="Matter of Avetisyan")
        )


def test_the_form_fits_where_the_case_stands(attorney):
    review = make_review(case_in_court(status=Case.Status.PRE_FILING))
    advance(review, "take-up", act(attorney))

    with pytest.raises(TransitionRefused, match="not available where the case stands"):
        advance(review, "propose", proposing(attorney, "dismissal"))
    advance(review, "propose", proposing(attorney, "nta-not-filed"))


def test_a_dismissal_names_its_ground(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))

    with pytest.raises(TransitionRefused, match="one of its grounds"):
        advance(review, "propose", proposing(attorney, ground="8"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"stale": True}, "new evidence", id="new evidence"),
        pytest.param({"valid_until": ON}, "expired check", id="an expired check"),
        pytest.param({"screened_as_of": ON - timedelta(days=1)}, "another day", id="yesterday"),
        pytest.param({"outcome": "insufficient"}, "Too little", id="something is missing now"),
    ],
)
def test_freshness_is_checked_at_filing(attorney, supervisor, change, said):
    review = make_review()
    ready(review, by=attorney, supervisor=supervisor)
    Review.objects.filter(pk=review.pk).update(**change)

    with pytest.raises(TransitionRefused, match=said):
        advance(review, "file", act(attorney))

    review.refresh_from_db()
    assert review.status == Review.Status.READY_TO_FILE


def test_a_changed_case_is_stale(attorney, supervisor):
    review = make_review()
    ready(review, by=attorney, supervisor=supervisor)
    Case.objects.filter(pk=review.case_id).update(version=9)

    with pytest.raises(TransitionRefused, match="a change of the case"):
        advance(review, "file", act(attorney))


def test_an_opposing_respondent_ends_with_the_supervisor(attorney, supervisor):
    review = make_review()
    ready(review, by=attorney, supervisor=supervisor)
    record_position(
        review,
        Statement(
            position="withdrew-consent",
            stated_on=ON,
            stated_by="self",
            means="in-person",
            informed_of_consequences=True,
        ),
        act(attorney),
    )

    with pytest.raises(TransitionRefused, match="no supervisor has gone on"):
        advance(review, "file", act(attorney))
    advance(review, "reconsider", act(attorney))
    with pytest.raises(PermissionDenied):
        advance(review, "go-on", act(attorney))
    advance(review, "go-on", act(supervisor))
    advance(review, "file", act(attorney))

    assert review.status == Review.Status.MOTION_FILED


def notice(review, by):
    record_position(review, Statement(position="notice-sent", stated_on=ON), act(by))


def test_silence_is_not_consent(attorney, supervisor):
    review = make_review()
    approved(review, by=attorney, supervisor=supervisor)
    advance(review, "notify", act(attorney))
    notice(review, attorney)
    due = RespondentPosition.objects.current().get(review=review).answer_due_on

    with pytest.raises(TransitionRefused, match="position is not on record"):
        advance(review, "accept-position", act(attorney))
    silence = Statement(position="no-response", stated_on=ON)
    with pytest.raises(TransitionRefused, match="runs until 2024-09-16"):
        record_position(review, silence, act(attorney))
    record_position(review, silence, act(attorney, on=due + timedelta(days=1)))
    advance(review, "accept-position", act(attorney, on=due + timedelta(days=1)))

    current = RespondentPosition.objects.current().get(review=review)
    assert current.position == "no-response"
    assert not draft_motion(review, act(attorney)).joint


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({"position": "joins"}, "Say who stated it"),
        ({"position": "opposes", "stated_by": "self"}, "Give the reasons"),
        ({"position": "withdrew-consent", "stated_by": "self"}, "cannot follow no position"),
        ({"position": "deemed-unopposed"}, "cannot follow no position"),
        ({"position": "notice-sent", "stated_by": "self"}, "nobody's statement"),
        ({"position": "notice-sent", "stated_on": ON + timedelta(days=1)}, "in the future"),
    ],
)
def test_a_position_that_does_not_hold_together_is_refused(attorney, statement, said):
    review = make_review()

    with pytest.raises(TransitionRefused, match=said):
        record_position(review, Statement(**({"stated_on": ON} | statement)), act(attorney))

    assert not review.positions.exists()


def test_a_minors_consent_without_counsel_is_not_enough(attorney, supervisor):
    review = make_review(case_in_court(born=date(2010, 5, 5), represented=False))
    advance(review, "take-up", act(attorney))
    advance(review, "propose", proposing(attorney))
    with pytest.raises(TransitionRefused, match="A safeguard that comes before approval"):
        advance(review, "approve", act(supervisor))
    for step in review.safeguards.filter(before="approval"):
        do_step(step, by=attorney, note="Done, and written down.")
    advance(review, "approve", act(supervisor))
    advance(review, "notify", act(attorney))
    joins(review, attorney, stated_by="guardian")

    with pytest.raises(TransitionRefused, match="is not enough"):
        advance(review, "accept-position", act(attorney))
    advance(review, "reconsider", act(attorney))
    advance(review, "go-on", act(supervisor))
    motion = draft_motion(review, act(attorney))
    advance(motion, "sign", act(supervisor))
    with pytest.raises(TransitionRefused, match="A safeguard has not been done"):
        advance(review, "file", act(attorney))
    for step in review.safeguards.filter(done_at=None):
        do_step(step, by=attorney, note="Done, and written down.")
    advance(review, "file", act(attorney))

    assert set(review.safeguards.values_list("step", flat=True)) == {
        *("best-interest-note", "counsel-or-guardian", "plain-notice", "help-list"),
    }


def test_a_done_safeguard_stays_done(attorney):
    review = make_review(case_in_court(represented=False))
    step = review.safeguards.first()
    do_step(step, by=attorney, note="Delivered by hand.")

    with pytest.raises(TransitionRefused, match="done already"):
        do_step(step, by=attorney, note="Again.")
    with pytest.raises(DatabaseError), transaction.atomic():
        review.safeguards.filter(pk=step.pk).update(done_at=None, done_by=None)


def test_families_are_closed_together_or_not_at_all(attorney, supervisor):
    lead, rider = case_in_court(), case_in_court()
    FamilyLink.objects.create(idnleadrider=1, lead=lead, rider=rider, active=True)
    review, other = make_review(lead), make_review(rider)
    ready(review, by=attorney, supervisor=supervisor)

    with pytest.raises(TransitionRefused, match="closed together or not at all"):
        advance(review, "file", act(attorney))
    approved(other, by=attorney, supervisor=supervisor)
    advance(review, "file", act(attorney))

    assert review.status == Review.Status.MOTION_FILED


def test_a_suspended_review_is_resumed_by_a_person_from_the_start(attorney, supervisor):
    review = make_review()
    motion = ready(review, by=attorney, supervisor=supervisor)
    advance(review, "suspend", act(attorney))
    advance(review, "resume", act(attorney))

    motion.refresh_from_db()
    assert motion.status == Motion.Status.WITHDRAWN
    assert (review.status, review.form, review.proposed_by) == (Review.Status.QUEUED, None, None)


def test_a_review_with_a_motion_before_the_judge_is_not_resumed(attorney, supervisor):
    review = make_review()
    motion = filed(review, by=attorney, supervisor=supervisor)
    advance(review, "suspend", act(attorney))

    with pytest.raises(TransitionRefused, match="still before the judge"):
        advance(review, "resume", act(attorney))
    advance(motion, "withdraw", act(attorney))
    advance(review, "resume", act(attorney))


def test_a_decision_is_withdrawn_by_a_supervisor_before_filing(attorney, supervisor):
    review = make_review()
    motion = ready(review, by=attorney, supervisor=supervisor)
    with pytest.raises(PermissionDenied):
        advance(review, "rescind", act(attorney))
    advance(review, "rescind", act(supervisor))

    motion.refresh_from_db()
    assert (review.status, motion.status) == ("rescinded", "withdrawn")


def test_what_the_office_decides_itself_needs_no_motion(attorney, supervisor):
    review = make_review(case_in_court(status=Case.Status.PRE_FILING))
    approved(review, by=attorney, supervisor=supervisor, form="nta-not-filed")
    advance(review, "notify", act(attorney))
    joins(review, attorney)
    advance(review, "accept-position", act(attorney))

    with pytest.raises(TransitionRefused, match="no motion to file"):
        advance(review, "file", act(attorney))
    with pytest.raises(TransitionRefused, match="needs a motion"):
        draft_motion(review, act(attorney))
    advance(review, "carry-out", act(attorney))

    assert review.status == Review.Status.CARRIED_OUT


def test_one_review_of_a_case_at_a_time():
    review = make_review()

    with pytest.raises(IntegrityError, match="one_open_review"):
        Review.objects.create(case=review.case, opened_by=review.opened_by)


def test_nobody_reviews_the_cases_of_another_office():
    review = make_review()
    outsider = person("attorney", at="LOS")

    assert blockers(review, "take-up", act(outsider)) == [
        "It is not of an office whose cases you may see."
    ]


def test_a_case_that_8_usc_1367_protects_is_reviewed_only_with_the_permission():
    review = make_review(case_in_court(protected=True))

    assert blockers(review, "take-up", act(person("attorney")))
