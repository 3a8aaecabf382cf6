"""What is noticed and filed after a closure, and where the person is reached."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.aftermath import (
    Filing,
    file_charge,
    line_of,
    open_restart,
    recharge,
    record_contact,
    record_event,
    record_events,
    record_filing,
    record_returned_mail,
    warnings_of,
)
from cases.models import ContactChange, OnwardFiling, PostClosureEvent, RestartReview
from cases.workflow import TransitionRefused
from tests.cases.workflow.cast import (
    ON,
    act,
    case_in_court,
    closed_case,
    moves,
    notice,
    person,
    reachable,
    service,
)

pytestmark = pytest.mark.django_db
RECEIPT = "IOE0000000001"
BOTH = {"proof_of_order": True, "proof_of_prior_filing": True}


@pytest.fixture
def clerk():
    return person("clerk")


@pytest.fixture
def recorder():
    return person("recorder")


def filed(case, by, form="I-589", **given):
    return record_filing(case, Filing(form=form, **({"filed_on": ON} | given)), act(by))


# Events


def test_an_event_opens_a_review_and_leaves_the_case_as_it_is(clerk):
    case = closed_case()

    event = record_event(case, notice(case, "arrest", trust="fingerprint"), act(clerk))

    review = RestartReview.objects.get(case=case)
    assert (event.kind, event.recorded_by, review.status) == ("arrest", clerk, "open")
    assert moves(review) == ["open"]
    case.refresh_from_db()
    assert case.status == "dismissed"


def test_a_notice_that_comes_twice_is_one_event(clerk):
    case = closed_case()
    same = notice(case, "arrest")

    first = record_event(case, same, act(clerk))

    assert record_event(case, same, act(clerk)) == first
    assert PostClosureEvent.objects.count() == RestartReview.objects.count() == 1
    another = notice(case, "conviction", source_record=same.source_record)
    assert record_event(case, another, act(clerk)) != first
    assert RestartReview.objects.count() == 1


def test_an_acquittal_opens_nothing(clerk):
    case = closed_case()

    record_event(case, notice(case, "acquittal-or-dismissal"), act(clerk))

    assert not RestartReview.objects.exists()


def test_an_event_is_never_edited_or_removed(clerk):
    case = closed_case()
    event = record_event(case, notice(case), act(clerk))

    with pytest.raises(DatabaseError), transaction.atomic():
        PostClosureEvent.objects.filter(pk=event.pk).update(kind="arrest")
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()
    assert str(event) == f"event {event.pk}"


def test_what_is_no_event_of_a_closed_case_is_refused(clerk):
    pending, closed = case_in_court(), closed_case()

    for case, given, said in (
        (pending, {}, "events are of closed cases"),
        (closed, {"source": " "}, "Name the source"),
        (closed, {"happened_on": date(2030, 1, 1)}, "in the future"),
    ):
        with pytest.raises(TransitionRefused, match=said):
            record_event(case, notice(case, **given), act(clerk))
    with pytest.raises(PermissionDenied):
        record_event(closed, notice(closed), act(person("recorder")))
    with pytest.raises(PermissionDenied, match="office"):
        record_event(closed, notice(closed), act(person("clerk", at="LOS")))


def test_many_notices_take_no_more_queries(recorder):
    by = act(service())
    cases = [closed_case(by=recorder) for _ in range(6)]
    with CaptureQueriesContext(connection) as few:
        one = record_events([notice(cases[0])], by)
    with CaptureQueriesContext(connection) as many:
        rest = record_events([notice(case) for case in cases], by)

    assert (one.events, one.reviews) == ({"conviction": 1}, 1)
    assert (rest.events, rest.reviews) == ({"conviction": 6}, 5)
    assert len(many) <= len(few)


def test_a_review_is_opened_by_hand_with_a_reason(clerk):
    case = closed_case()

    review = open_restart(case, act(clerk))

    assert open_restart(case, act(clerk)) == review
    with pytest.raises(TransitionRefused, match="Give the reason"):
        open_restart(case, act(clerk, note=""))
    with pytest.raises(TransitionRefused, match="has not been closed"):
        open_restart(case_in_court(), act(clerk))
    with pytest.raises(IntegrityError, match="one_open_restart_review"), transaction.atomic():
        RestartReview.objects.create(case=case, opened_by=clerk)


# The new case


def test_a_restarted_case_shows_its_whole_story(clerk, recorder):
    old = closed_case(filing_channel="affirmative", entry_on=date(2019, 5, 1))
    filed(old, clerk, receipt=RECEIPT, **BOTH)

    new = recharge(old, act(recorder))
    file_charge(new, act(recorder), idncase=910_001)

    old.refresh_from_db()
    assert old.status == "dismissed"
    assert old.court_orders.count() == 1
    assert (new.respondent, new.entry_on) == (old.respondent, old.entry_on)
    assert new.asylum_filed_on == old.asylum_filed_on
    assert new.represented is None
    assert line_of(new) == line_of(old) == [old, new]
    assert [c.court_orders.count() for c in line_of(new)] == [1, 0]
    with pytest.raises(TransitionRefused, match="A new case follows it: take it in there"):
        record_event(old, notice(old), act(clerk))
    with pytest.raises(TransitionRefused, match="A new case follows it"):
        open_restart(old, act(clerk))


def test_without_a_filing_the_new_case_has_no_date_of_one(recorder):
    new = recharge(closed_case(), act(recorder))

    assert (new.asylum_filed_on, new.filing_channel) == (None, None)


# Onward filings


@pytest.mark.parametrize(
    ("how", "given", "kept"),
    [
        pytest.param("dismiss", BOTH, True, id="both proofs"),
        pytest.param("terminate", BOTH, True, id="both proofs, terminated"),
        pytest.param("dismiss", {"proof_of_order": True}, False, id="order only"),
        pytest.param("dismiss", {"proof_of_prior_filing": True}, False, id="prior filing only"),
        pytest.param("dismiss", {}, False, id="neither"),
        pytest.param("close-administratively", BOTH, False, id="still pending in court"),
        pytest.param("dismiss", BOTH | {"form": "I-130"}, False, id="another form"),
    ],
)
def test_the_original_date_is_kept_on_both_proofs(clerk, how, given, kept):
    case = closed_case(how)

    made = filed(case, clerk, **given)

    assert made.keeps_original_date == kept
    assert made.original_filed_on == (case.asylum_filed_on if kept else None)


def test_before_the_guidance_nothing_is_kept(clerk):
    case = closed_case()
    type(case).objects.filter(pk=case.pk).update(completed_on=date(2023, 1, 1))
    case.refresh_from_db()

    assert not filed(case, clerk, filed_on=date(2023, 10, 15), **BOTH).keeps_original_date
    assert filed(case, clerk, filed_on=date(2023, 10, 16), **BOTH).keeps_original_date


def test_where_no_date_is_on_record_none_is_kept(clerk):
    assert not filed(closed_case(asylum_filed_on=None), clerk, **BOTH).keeps_original_date


@pytest.mark.parametrize(
    ("case", "form", "given", "said"),
    [
        (("dismiss", "affirmative"), "I-589", BOTH, ["intends to issue a new notice to appear"]),
        (("dismiss", "defensive"), "I-589", BOTH, []),
        (("dismiss", "defensive"), "I-589", {}, ["only with proof of the order"]),
        (("close-administratively", "affirmative"), "I-589", {}, ["still pending"]),
        (("dismiss", "defensive"), "42B", {}, ["cannot be heard without a new charging document"]),
        (("close-administratively", "defensive"), "42A", {}, ["rests until"]),
        (("terminate", "affirmative"), "I-130", {}, []),
    ],
)
def test_what_follows_from_a_filing_is_said(clerk, case, form, given, said):
    how, channel = case
    case = closed_case(how, filing_channel=channel)

    found = warnings_of(filed(case, clerk, form, **given))

    assert len(found) == len(said)
    assert all(part in text for part, text in zip(said, found, strict=True))


@pytest.mark.parametrize("form", ["I-918", "I-914", "I-360-VAWA"])
def test_who_files_as_a_victim_is_protected_from_then_on(clerk, form):
    case = closed_case()

    filed(case, clerk, form, receipt=RECEIPT)

    case.respondent.refresh_from_db()
    assert case.respondent.protected_1367 is True


def test_other_forms_protect_nobody(clerk):
    case = closed_case()

    filed(case, clerk, "I-360-SIJ")

    case.respondent.refresh_from_db()
    assert case.respondent.protected_1367 is False


def test_the_same_filing_twice_is_one_and_a_correction_supersedes(clerk):
    case = closed_case()
    first = filed(case, clerk, receipt=RECEIPT)

    assert filed(case, clerk, receipt=f" {RECEIPT.lower()} ") == first
    with pytest.raises(TransitionRefused, match="correct that one"):
        filed(case, clerk, receipt=RECEIPT, **BOTH)
    corrected = filed(case, clerk, receipt=RECEIPT, replaces=first, **BOTH)

    first.refresh_from_db()
    assert first.superseded_at == corrected.recorded_at
    assert corrected.keeps_original_date
    with pytest.raises(TransitionRefused, match="replaced already"):
        filed(case, clerk, receipt="IOE0000000002", replaces=first)
    with pytest.raises(TransitionRefused, match="correct that one"):
        filed(closed_case(), clerk, "I-130", receipt=RECEIPT)
    with pytest.raises(DatabaseError), transaction.atomic():
        OnwardFiling.objects.filter(pk=corrected.pk).update(filed_on=date(2024, 9, 1))


def test_a_filing_without_a_receipt_is_on_record_once(clerk):
    case = closed_case()
    first = filed(case, clerk)

    assert filed(case, clerk) == first
    with pytest.raises(TransitionRefused, match="correct that one"):
        filed(case, clerk, **BOTH)


@pytest.mark.parametrize("receipt", ["IOE123", "1OE0000000001", "IOE00000000012", "IOE-000000001"])
def test_a_receipt_has_three_letters_and_ten_digits(clerk, receipt):
    case = closed_case()

    with pytest.raises(TransitionRefused, match="three letters and ten digits"):
        filed(case, clerk, receipt=receipt)
    with pytest.raises(DatabaseError), transaction.atomic():
        OnwardFiling.objects.create(
            case=case, form="I-130", filed_on=ON, receipt=receipt, recorded_by=clerk
        )


def test_a_filing_follows_a_closure(clerk):
    with pytest.raises(TransitionRefused, match="follow a closure"):
        filed(case_in_court(), clerk)
    with pytest.raises(TransitionRefused, match="in the future"):
        filed(closed_case(), clerk, filed_on=date(2030, 1, 1))
    with pytest.raises(TransitionRefused, match="before the case was closed"):
        filed(closed_case(), clerk, filed_on=date(2020, 1, 1))


# Contact


def test_a_change_supersedes_the_one_before_and_is_kept_out_of_texts(clerk):
    case = closed_case()
    reachable(case)

    moved = record_contact(
        case, act(clerk), kind="address", text="2 False Street", changed_on=ON, source="AR-11"
    )
    record_contact(
        case, act(clerk), kind="telephone", text="555 0100", changed_on=ON, source="call"
    )

    current = ContactChange.objects.filter(superseded_at=None)
    assert sorted(current.values_list("kind", "text")) == [
        ("address", "2 False Street"),
        ("telephone", "555 0100"),
    ]
    assert ContactChange.objects.count() == 3
    assert "False" not in f"{moved!s} {moved!r}"
    assert "text" in ContactChange.sensitive


def test_returned_mail_is_noted_on_the_current_address(clerk):
    case = closed_case()
    with pytest.raises(TransitionRefused, match="No address"):
        record_returned_mail(case, act(clerk), returned_on=ON)
    reachable(case)
    with pytest.raises(TransitionRefused, match="before the address was in use"):
        record_returned_mail(case, act(clerk), returned_on=date(2024, 1, 1))

    back = record_returned_mail(case, act(clerk), returned_on=ON)

    assert (back.returned_on, back.superseded_at) == (ON, None)
    assert ContactChange.objects.get(superseded_at__isnull=False).returned_on is None


def test_what_is_no_change_is_refused(clerk):
    case = closed_case()
    reachable(case)

    for given, said in (
        ({"text": " "}, "Say what has changed"),
        ({"changed_on": date(2030, 1, 1)}, "in the future"),
        ({"changed_on": date(2020, 1, 1)}, "A later change"),
    ):
        change = {"kind": "address", "text": "x", "changed_on": ON, "source": "AR-11"} | given
        with pytest.raises(TransitionRefused, match=said):
            record_contact(case, act(clerk), **change)


def test_who_may_record_what_follows_may_open_a_review_by_it():
    by = person("clerk")
    by.user_permissions.set(Permission.objects.filter(codename="record_aftermath"))
    case = closed_case()

    record_event(case, notice(case, "arrest"), act(by))

    assert case.restart_reviews.get().status == RestartReview.Status.OPEN
