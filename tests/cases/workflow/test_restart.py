"""A closed case may go back: by a person, by the right way, and never on an arrest alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cases.aftermath import (
    file_charge,
    name_successor,
    open_restart,
    recharge,
    record_event,
    record_returned_mail,
)
from cases.models import Case, RestartReview, states
from cases.workflow import TransitionRefused, advance, blockers
from cases.workflow.court import Order, record_act, record_order
from cases.workflow.restart import FACTORS, TOOLS, tools_for
from tests.cases.workflow.cast import (
    ON,
    act,
    approved_restart,
    case_in_court,
    closed_case,
    going_back,
    moves,
    notice,
    noticed,
    person,
    reachable,
)
from tests.cast import make_case, office

pytestmark = pytest.mark.django_db
Status = RestartReview.Status


@pytest.fixture
def attorney():
    return person("attorney")


@pytest.fixture
def supervisor():
    return person("supervisor")


@pytest.fixture
def recorder():
    return person("recorder")


def taken_up(case: Case, by, kind="conviction", **given) -> RestartReview:
    review = noticed(case, kind, **given)
    advance(review, "take-up", act(by))
    return review


def refused(review, name, given) -> str:
    with pytest.raises(TransitionRefused) as error:
        advance(review, name, given)
    return " ".join(error.value.reasons)


def test_an_administratively_closed_case_is_recalendared_by_a_judge(attorney, supervisor, recorder):
    case = closed_case("close-administratively")
    review = approved_restart(case, "recalendar", by=attorney, supervisor=supervisor)
    reachable(case)
    advance(review, "file", act(attorney))
    case.refresh_from_db()
    assert case.status == Case.Status.ADMIN_CLOSED

    record_order(case, Order(kind="recalendar"), act(recorder))

    review.refresh_from_db()
    assert (case.status, review.status) == (Case.Status.PENDING, Status.RECALENDARED)
    assert moves(review) == ["open", "take-up", "propose", "approve", "file", "recalendared"]
    assert review.factors.keys() == FACTORS.keys()


def test_a_judge_who_refuses_ends_the_review_and_leaves_the_case_closed(
    attorney, supervisor, recorder
):
    case = closed_case("close-administratively")
    review = approved_restart(case, "recalendar", by=attorney, supervisor=supervisor)
    reachable(case)
    advance(review, "file", act(attorney))

    record_order(case, Order(kind="refuse-to-recalendar"), act(recorder))

    review.refresh_from_db()
    assert (case.status, review.status) == (Case.Status.ADMIN_CLOSED, Status.REFUSED)
    assert noticed(case).status == Status.OPEN


@pytest.mark.parametrize("how", ["dismiss", "terminate"])
def test_a_case_that_ended_is_charged_anew_in_a_new_case(how, attorney, supervisor, recorder):
    case = closed_case(how)
    stood = case.status
    review = approved_restart(case, "new-charging-document", by=attorney, supervisor=supervisor)

    new = recharge(case, act(recorder))
    review.refresh_from_db()
    assert (new.status, review.status) == (Case.Status.PRE_FILING, Status.APPROVED)
    file_charge(new, act(recorder), idncase=900_001)

    case.refresh_from_db()
    review.refresh_from_db()
    assert (new.predecessor, new.status, new.idncase) == (case, Case.Status.PENDING, 900_001)
    assert (case.status, review.status) == (stood, Status.CHARGED_ANEW)
    assert moves(new) == ["serve-nta", "file-nta"]


def test_a_case_that_ended_in_error_is_reopened(attorney, supervisor, recorder):
    case = closed_case("dismiss")
    review = approved_restart(case, "reopen", by=attorney, supervisor=supervisor)
    reachable(case)
    advance(review, "file", act(attorney))

    record_order(case, Order(kind="reopen"), act(recorder))

    review.refresh_from_db()
    assert (case.status, review.status) == (Case.Status.PENDING, Status.REOPENED)


def test_an_appeal_that_fails_ends_the_review(attorney, supervisor, recorder):
    case = closed_case("dismiss")
    review = approved_restart(case, "reopen", by=attorney, supervisor=supervisor)
    reachable(case)
    advance(review, "file", act(attorney))
    record_act(case, "appeal", act(recorder))

    record_act(case, "affirm-dismissed", act(recorder))

    review.refresh_from_db()
    assert (case.status, review.status) == (Case.Status.DISMISSED, Status.REFUSED)


def test_each_way_back_fits_only_where_the_case_stands(attorney):
    for how, fitting in (
        ("close-administratively", {"recalendar"}),
        ("dismiss", {"new-charging-document", "reopen"}),
        ("terminate", {"new-charging-document", "reopen"}),
    ):
        case = closed_case(how)
        review = taken_up(case, attorney)
        assert set(tools_for(case)) == fitting
        for tool in RestartReview.Tool.values:
            reasons = blockers(review, "propose", going_back(attorney, tool))
            assert (not reasons) == (tool in fitting), (how, tool, reasons)
            if reasons:
                assert "The way back does not fit" in reasons[0]


def test_every_status_has_its_ways_back_or_none():
    assert TOOLS.keys() == {*states.CLOSED, *states.MERITS}
    assert tools_for(case_in_court()) == ()
    assert tools_for(case_in_court(status="removal-ordered")) == ("reopen",)


def test_a_dismissal_with_prejudice_cannot_be_charged_anew(attorney, recorder):
    case = closed_case("dismiss", with_prejudice=True)
    review = taken_up(case, attorney)

    assert tools_for(case) == ("reopen",)
    assert "with prejudice" in refused(
        review, "propose", going_back(attorney, "new-charging-document")
    )
    with pytest.raises(TransitionRefused, match="without prejudice"):
        recharge(case, act(recorder))


@pytest.mark.parametrize("kind", ["arrest", "charge", "screening"])
def test_an_arrest_alone_never_does_more_than_a_review(attorney, kind):
    review = taken_up(closed_case(), attorney, kind)

    said = refused(review, "propose", going_back(attorney, "new-charging-document"))

    assert said == "An arrest alone is no ground: wait for the disposition or name another ground."
    named = going_back(attorney, "new-charging-document", ground="The person asks for it.")
    advance(review, "propose", named)
    assert review.ground == "The person asks for it."


def test_a_tip_is_no_ground_whatever_it_says(attorney):
    review = taken_up(closed_case(), attorney, "conviction", trust="tip")

    assert "An arrest alone" in refused(
        review, "propose", going_back(attorney, "new-charging-document")
    )


def test_a_conviction_that_was_undone_is_none(attorney):
    case = closed_case()
    review = taken_up(case, attorney, source_record="R1")
    assert not blockers(review, "propose", going_back(attorney, "new-charging-document"))

    undone = notice(case, "acquittal-or-dismissal", source_record="R1")
    record_event(case, undone, act(person("clerk")))

    assert "An arrest alone" in refused(
        review, "propose", going_back(attorney, "new-charging-document")
    )


def test_a_review_that_nothing_opened_names_its_ground(attorney):
    review = open_restart(closed_case(), act(attorney))
    advance(review, "take-up", act(attorney))

    assert "name the ground" in refused(
        review, "propose", going_back(attorney, "new-charging-document")
    )


def test_recalendaring_weighs_all_eight_factors(attorney):
    review = taken_up(closed_case("close-administratively"), attorney)
    seven = dict.fromkeys([*FACTORS][1:], "Weighed.")

    assert len(FACTORS) == 8
    for factors in ({}, seven, seven | {"reason": "  "}):
        assert "eight factors" in refused(
            review, "propose", going_back(attorney, "recalendar", factors=factors)
        )


def test_the_authority_is_cited_by_hand_where_the_standard_is_unsettled(attorney):
    review = taken_up(closed_case("close-administratively"), attorney)
    after = ON.replace(year=2026, month=9)

    assert "unsettled" in refused(review, "propose", going_back(attorney, "recalendar", on=after))
    cited = going_back(attorney, "recalendar", on=after, authority="Matter of Avetisyan")
    advance(review, "propose", cited)
    assert review.authority_cited == "Matter of Avetisyan"


def test_who_proposed_it_does_not_approve_it(supervisor):
    review = taken_up(closed_case(), supervisor)
    advance(review, "propose", going_back(supervisor, "new-charging-document"))

    assert "You proposed this" in refused(review, "approve", act(supervisor))
    with (
        pytest.raises(IntegrityError, match="who_approves_a_restart_has_not_proposed_it"),
        transaction.atomic(),
    ):
        RestartReview.objects.filter(pk=review.pk).update(approved_by=supervisor)


def test_only_a_supervisor_approves(attorney):
    review = taken_up(closed_case(), attorney)
    advance(review, "propose", going_back(attorney, "new-charging-document"))

    with pytest.raises(PermissionDenied):
        advance(review, "approve", act(person("attorney")))


def test_another_attorney_leaves_it_alone(attorney):
    review = taken_up(closed_case(), attorney)

    for name in ("propose", "close"):
        given = going_back(person("attorney"), "new-charging-document")
        assert "Another attorney" in refused(review, name, given)


def test_an_outsider_moves_nothing(attorney):
    review = noticed(closed_case())

    elsewhere = person("attorney", at="LOS")

    assert "office" in refused(review, "take-up", act(elsewhere))


def test_it_is_closed_without_action_with_a_reason(attorney):
    review = taken_up(closed_case(), attorney, "arrest")

    assert "Give the reason" in refused(review, "close", act(attorney, note=""))
    advance(review, "close", act(attorney))
    assert review.status == Status.NO_ACTION


def test_a_returned_proposal_begins_again(attorney, supervisor):
    review = approved_restart(
        closed_case("close-administratively"), "recalendar", by=attorney, supervisor=supervisor
    )

    advance(review, "return", act(supervisor))

    assert (review.status, review.tool, review.factors) == (Status.ATTORNEY_REVIEW, "", {})
    assert (review.proposed_by, review.approved_by) == (None, None)


@pytest.mark.parametrize(("until", "name"), [("propose", "approve"), ("approve", "file")])
def test_what_is_noticed_meanwhile_returns_it(attorney, supervisor, until, name):
    case = closed_case("close-administratively")
    reachable(case)
    review = taken_up(case, attorney)
    advance(review, "propose", going_back(attorney, "recalendar"))
    if until == "approve":
        advance(review, "approve", act(supervisor))
    record_event(case, notice(case, "acquittal-or-dismissal"), act(person("clerk")))

    by = supervisor if name == "approve" else attorney

    assert "Something has been noticed" in refused(review, name, act(by))
    advance(review, "return", act(supervisor))


def test_no_notice_of_recalendaring_before_the_address_is_current(attorney, supervisor):
    case = closed_case("close-administratively")
    review = approved_restart(case, "recalendar", by=attorney, supervisor=supervisor)

    assert "No address is on record" in refused(review, "file", act(attorney))
    reachable(case)
    record_returned_mail(case, act(attorney), returned_on=ON)
    assert "Mail came back" in refused(review, "file", act(attorney))
    reachable(case)
    advance(review, "file", act(attorney))
    assert review.status == Status.FILED


def test_filing_asks_for_the_document_and_its_day(attorney, supervisor):
    case = closed_case("close-administratively")
    review = approved_restart(case, "recalendar", by=attorney, supervisor=supervisor)
    reachable(case)

    said = refused(review, "file", act(attorney, document="", happened_on=None))

    assert "Name the document" in said
    assert "Give the day" in said


def test_a_charging_document_is_no_motion(attorney, supervisor, recorder):
    case = closed_case()
    review = approved_restart(case, "new-charging-document", by=attorney, supervisor=supervisor)

    assert "no motion" in refused(review, "file", act(attorney))
    assert "No new case" in refused(review, "charge-anew", act(recorder))


def test_no_court_order_is_claimed_that_is_not_on_record(attorney, supervisor, recorder):
    case = closed_case("close-administratively")
    review = approved_restart(case, "recalendar", by=attorney, supervisor=supervisor)
    reachable(case)
    advance(review, "file", act(attorney))

    for name in ("recalendared", "reopened", "refused"):
        assert "on record" in refused(review, name, act(recorder))
    assert "still closed" in refused(review, "moot", act(recorder))


def test_an_order_in_another_matter_makes_the_review_moot(attorney, recorder):
    case = closed_case("close-administratively")
    review = taken_up(case, attorney)

    record_order(case, Order(kind="recalendar"), act(recorder))

    review.refresh_from_db()
    assert review.status == Status.MOOT


def test_it_is_withdrawn_unless_a_new_document_is_served(attorney, supervisor, recorder):
    case = closed_case()
    review = approved_restart(case, "new-charging-document", by=attorney, supervisor=supervisor)
    new = recharge(case, act(recorder))

    assert "is served" in refused(review, "withdraw", act(attorney))
    record_act(new, "cancel-nta", act(recorder))
    advance(review, "withdraw", act(attorney))
    assert review.status == Status.WITHDRAWN


def test_a_new_case_is_charged_once_and_only_after_an_end(recorder):
    for status in ("pending", "admin-closed", "removal-ordered"):
        with pytest.raises(TransitionRefused, match="new charging document follows"):
            recharge(case_in_court(status=status), act(recorder))
    case = closed_case()
    recharge(case, act(recorder))
    with pytest.raises(TransitionRefused, match="follows it already"):
        recharge(case, act(recorder))
    with pytest.raises(TransitionRefused, match="Name the document"):
        recharge(closed_case(), act(recorder, document="", actor="", happened_on=None))


def test_only_a_recorder_who_sees_the_case_records_a_new_one(attorney):
    with pytest.raises(PermissionDenied, match="record_court_act"):
        recharge(closed_case(), act(attorney))
    with pytest.raises(PermissionDenied, match="office"):
        recharge(closed_case(), act(person("recorder", at="LOS")))


def test_a_case_that_the_courts_delivered_is_named_as_the_one_that_follows(
    attorney, supervisor, recorder
):
    case = closed_case()
    review = approved_restart(case, "new-charging-document", by=attorney, supervisor=supervisor)
    delivered = make_case(office=office())
    served = recharge(closed_case(), act(recorder))
    with pytest.raises(TransitionRefused, match="is on record"):
        file_charge(served, act(recorder), idncase=delivered.idncase)
    with pytest.raises(TransitionRefused, match="another person"):
        name_successor(case, delivered, act(recorder))
    Case.objects.filter(pk=delivered.pk).update(respondent=case.respondent)
    delivered.refresh_from_db()

    with pytest.raises(TransitionRefused, match="Name the document"):
        name_successor(case, delivered, act(recorder, document=""))
    name_successor(case, delivered, act(recorder))

    review.refresh_from_db()
    assert (delivered.predecessor, review.status) == (case, Status.CHARGED_ANEW)
    with pytest.raises(TransitionRefused, match="came before it"):
        name_successor(case, case, act(recorder))
    with pytest.raises(TransitionRefused, match="follows another already"):
        name_successor(closed_case(), delivered, act(recorder))


def test_one_who_does_not_see_the_old_case_leaves_its_review_to_another(
    attorney, supervisor, recorder
):
    case = closed_case()
    review = approved_restart(case, "new-charging-document", by=attorney, supervisor=supervisor)
    new = recharge(case, act(recorder))
    Case.objects.filter(pk=new.pk).update(office=office("LOS"))

    file_charge(new, act(person("recorder", at="LOS")), idncase=900_002)

    review.refresh_from_db()
    assert review.status == Status.APPROVED
    advance(review, "charge-anew", act(recorder))
    assert review.status == Status.CHARGED_ANEW
