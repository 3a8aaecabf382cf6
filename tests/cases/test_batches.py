"""Closure batches: frozen, sampled, read blind, approved by another, and each item ends once."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from pypdf import PdfReader

from cases import batches
from cases.batches import BatchChanged, Wanted
from cases.certificates import as_pdf, certificate, digest
from cases.models import (
    BatchItem,
    ClosureBatch,
    FormOfDiscretion,
    Motion,
    Move,
    Review,
    SampleReading,
)
from cases.samples import errors_by_month
from cases.workflow import Act, TransitionRefused, advance
from tests.cases.workflow.cast import (
    NOTE,
    ON,
    act,
    case_in_court,
    joins,
    make_review,
    person,
    screened_with,
)
from tests.cast import office
from tests.screening.test_bulk import start_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposer(db):
    return person("proposer")


@pytest.fixture
def reader(db):
    return person("attorney")


@pytest.fixture
def approver(db):
    return person("supervisor")


def wanted(**given) -> Wanted:
    made = {
        "office": office(),
        "title": "Flagged in August",
        "form": FormOfDiscretion.objects.get(pk="dismissal"),
        "ground": "7",
    }
    return Wanted(**(made | given))


def assembled(proposer: User, count: int = 5, **given) -> ClosureBatch:
    for _ in range(count):
        make_review()
    return batches.assemble(wanted(**given), by=proposer, on=ON)


def frozen(proposer: User, count: int = 5, **given) -> ClosureBatch:
    batch = assembled(proposer, count, **given)
    batches.freeze(batch, seen=batches.manifest(batch), act=act(proposer))
    return batch


def read_all(batch: ClosureBatch, reader: User, *, would_close: bool = True) -> None:
    for item in batches.to_read(batch, by=reader):
        batches.read_item(item, would_close=would_close, act=act(reader))
    batch.refresh_from_db()


def passed(proposer: User, reader: User, count: int = 5, **given) -> ClosureBatch:
    batch = frozen(proposer, count, **given)
    batches.draw_sample(batch, act(proposer))
    read_all(batch, reader)
    return batch


def approved(proposer: User, reader: User, approver: User, count: int = 5) -> ClosureBatch:
    batch = passed(proposer, reader, count)
    batches.approve(batch, act(approver))
    return batch


def executed(batch: ClosureBatch, approver: User) -> ClosureBatch:
    batches.execute(batch, act(approver))
    while batches.work(batch, on=ON):
        pass
    batches.finish_if_done(batch, on=ON)
    batch.refresh_from_db()
    return batch


def test_a_batch_goes_from_the_filter_to_motions_ready_to_sign(proposer, reader, approver):
    batch = executed(approved(proposer, reader, approver), approver)

    assert batch.status == ClosureBatch.Status.COMPLETED
    assert batches.progress(batch) == {"waiting": 0, "done": 5, "dropped": 0, "rescinded": 0}
    for review in Review.objects.all():
        assert review.status == Review.Status.APPROVED
        assert (review.proposed_by, review.approved_by) == (proposer, approver)
        assert (review.form_id, review.ground) == ("dismissal", "7")
    assert set(Motion.objects.values_list("status", "authority")) == {("draft", "8 CFR 239.2(c)")}
    told = certificate(batch)
    assert told["sha256"] == digest(told)
    assert told["items"] == 5
    assert told["results"]["done"] == 5
    assert told["sample"]["errors"] == 0
    assert [m["transition"] for m in told["moves"]] == [
        *("assemble", "freeze", "draw", "pass", "approve", "execute", "complete"),
    ]


def test_a_motion_of_a_batch_is_signed_by_a_person_and_filed_one_by_one(proposer, reader, approver):
    executed(approved(proposer, reader, approver, 1), approver)
    attorney = person("attorney")
    review, motion = Review.objects.get(), Motion.objects.get()
    advance(review, "notify", act(attorney))
    joins(review, attorney)
    advance(review, "accept-position", act(attorney))
    advance(motion, "sign", act(attorney))
    advance(review, "file", act(attorney))

    assert review.status == Review.Status.MOTION_FILED


def test_only_flagged_reviews_of_the_office_that_wait_are_assembled(proposer):
    make_review()
    make_review(outcome="refer")
    make_review(stale=True)
    make_review(case_in_court(office=office("LOS")))
    make_review(case_in_court(protected=True))
    taken = make_review()
    advance(taken, "take-up", act(person("attorney")))

    batch = batches.assemble(wanted(), by=proposer, on=ON)

    assert batch.items.count() == 1
    assert batches.assemble(wanted(), by=proposer, on=ON).items.count() == 0


def test_a_filter_narrows_and_an_unknown_one_is_refused(proposer):
    make_review(case_in_court(represented=True))
    make_review(case_in_court(represented=False))

    batch = batches.assemble(wanted(filters={"represented": True}), by=proposer, on=ON)

    assert batch.items.count() == 1
    with pytest.raises(ValueError, match="no filter colour"):
        batches.assemble(wanted(filters={"colour": "red"}), by=proposer, on=ON)


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        pytest.param({"stale": True}, "there is new evidence", id="new evidence"),
        pytest.param({"determination": 0}, "the case was screened again", id="screened again"),
        pytest.param({"version": 99}, "the review has moved", id="moved"),
    ],
)
def test_what_moved_since_it_was_shown_is_not_frozen(proposer, moved, said):
    batch = assembled(proposer)
    seen = batches.manifest(batch)
    Review.objects.filter(pk=batch.items.get(number=2).review_id).update(**moved)

    with pytest.raises(BatchChanged) as changed:
        batches.freeze(batch, seen=seen, act=act(proposer))

    assert changed.value.changes == [f"Item 2: {said}."]
    assert batches.manifest(batch) != seen
    batch.refresh_from_db()
    assert batch.status == ClosureBatch.Status.ASSEMBLED


def test_each_thing_that_the_manifest_binds_moves_it(proposer):
    batch = assembled(proposer)
    seen = batches.manifest(batch)
    review = Review.objects.filter(pk=batch.items.first().review_id)

    for change in ({"version": 7}, {"determination": 1}, {"policy": "other:1"}, {"stale": True}):
        before = review.values(*change).get()
        review.update(**change)
        assert batches.manifest(batch) != seen, change
        review.update(**before)
    for change in ({"ground": "6"}, {"form_id": "termination"}):
        ClosureBatch.objects.filter(pk=batch.pk).update(**change)
        assert batches.manifest(ClosureBatch.objects.get(pk=batch.pk)) != seen, change
        ClosureBatch.objects.filter(pk=batch.pk).update(ground="7", form_id="dismissal")
    assert batches.manifest(ClosureBatch.objects.get(pk=batch.pk)) == seen


def test_a_frozen_batch_is_not_edited(proposer):
    batch = frozen(proposer)

    for change in ({"ground": "6"}, {"manifest_sha256": "0"}, {"tolerable_rate": "0.5"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ClosureBatch.objects.filter(pk=batch.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        batch.items.update(number=77)


def test_the_seed_is_committed_before_the_draw_and_anyone_can_draw_again(proposer):
    batch = frozen(proposer, 8)
    committed = Move.objects.get(batch=batch, transition="freeze").note

    drawn = batches.draw_sample(batch, act(proposer))

    assert batch.seed in committed
    assert batch.manifest_sha256 in committed
    assert drawn == batches.redraw(ClosureBatch.objects.get(pk=batch.pk))
    assert list(batch.items.filter(sampled=True).values_list("number", flat=True)) == drawn


def test_who_proposed_it_does_not_read_it(proposer):
    batch = frozen(proposer)
    batches.draw_sample(batch, act(proposer))
    proposer.user_permissions.add(*person("attorney").user_permissions.all())
    both = User.objects.get(pk=proposer.pk)
    item = batch.items.filter(sampled=True).first()

    assert not batches.to_read(batch, by=both)
    with pytest.raises(TransitionRefused, match="You proposed"):
        batches.read_item(item, would_close=True, act=act(both))
    with pytest.raises(DatabaseError, match="has not proposed"), transaction.atomic():
        SampleReading.objects.create(item=item, reader=both, would_close=True)


def test_who_read_it_or_proposed_it_does_not_approve_it(proposer, approver):
    reader = person("supervisor")
    reader.user_permissions.add(*person("attorney").user_permissions.all())
    reader = User.objects.get(pk=reader.pk)
    batch = passed(proposer, reader)

    with pytest.raises(TransitionRefused, match="You read its sample"):
        batches.approve(batch, act(reader))
    with pytest.raises(DatabaseError, match="has not read"), transaction.atomic():
        ClosureBatch.objects.filter(pk=batch.pk).update(approved_by=reader)
    with pytest.raises(IntegrityError, match="has_not_proposed"), transaction.atomic():
        ClosureBatch.objects.filter(pk=batch.pk).update(approved_by=proposer)
    with pytest.raises(PermissionDenied):
        batches.approve(batch, act(proposer))
    batches.approve(batch, act(approver))


def test_an_error_in_the_sample_stops_the_whole_batch(proposer, reader, approver):
    batch = frozen(proposer)
    batches.draw_sample(batch, act(proposer))
    first, *rest = batches.to_read(batch, by=reader)
    batches.read_item(first, would_close=False, act=act(reader))
    for item in rest:
        batches.read_item(item, would_close=True, act=act(reader))
    batch.refresh_from_db()

    assert batch.status == ClosureBatch.Status.STOPPED
    assert batches.progress(batch)["dropped"] == 5
    assert set(Review.objects.values_list("status", flat=True)) == {"screened"}
    with pytest.raises(TransitionRefused, match="stopped by its sample"):
        batches.approve(batch, act(approver))


def test_a_reader_who_would_not_close_says_why(proposer, reader):
    batch = frozen(proposer)
    batches.draw_sample(batch, act(proposer))

    with pytest.raises(TransitionRefused, match="Say why"):
        batches.read_item(
            batches.to_read(batch, by=reader)[0],
            would_close=False,
            act=replace(act(reader), note=""),
        )


def test_each_item_is_checked_again_and_drops_out_with_its_reason(proposer, reader, approver):
    batch = approved(proposer, reader, approver, 6)
    stale, moved, detained, minor, again, _ = [i.review for i in batch.items.order_by("number")]
    Review.objects.filter(pk=stale.pk).update(stale=True)
    advance(moved, "take-up", act(person("attorney")))
    type(detained.case).objects.filter(pk=detained.case_id).update(custody="D")
    minor.case.respondent.juvenile = True
    minor.case.respondent.save()
    screened_with(again)

    executed(batch, approver)

    assert batches.progress(batch) == {"waiting": 0, "done": 1, "dropped": 5, "rescinded": 0}
    assert batch.status == ClosureBatch.Status.COMPLETED
    reasons = dict(batch.items.values_list("review", "reasons"))
    assert "new evidence" in reasons[stale.pk][0]
    assert reasons[moved.pk] == ["It has changed since the batch was frozen."]
    assert "A supervisor must decide" in reasons[detained.pk][0]
    assert "A supervisor must decide" in " ".join(reasons[minor.pk])
    assert reasons[again.pk] == ["It has changed since the batch was frozen."]
    assert Motion.objects.count() == 1


def test_a_paused_batch_goes_on_where_it_stood(proposer, reader, approver):
    batch = approved(proposer, reader, approver)
    batches.execute(batch, act(approver))
    assert batches.work(batch, on=ON, items=2)
    batches.pause(batch, act(approver))

    assert not batches.work(batch, on=ON)
    assert batches.progress(batch)["done"] == 2
    executed(batch, approver)

    assert batches.progress(batch)["done"] == 5


def test_a_planned_day_is_waited_for(proposer, reader, approver):
    batch = passed(proposer, reader, planned_on=ON.replace(month=9))
    batches.approve(batch, act(approver))

    with pytest.raises(TransitionRefused, match="planned day"):
        batches.execute(batch, act(approver))
    batches.execute(batch, act(approver, on=ON.replace(month=9)))


def test_the_whole_is_taken_back_until_a_motion_is_filed(proposer, reader, approver):
    batch = executed(approved(proposer, reader, approver), approver)

    batches.rescind(batch, act(approver))

    assert batches.progress(batch)["rescinded"] == 5
    assert set(Review.objects.values_list("status", flat=True)) == {"rescinded"}
    assert set(Motion.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_it_is_not_taken_back_once_a_motion_is_filed(proposer, reader, approver):
    batch = executed(approved(proposer, reader, approver), approver)
    attorney = person("attorney")
    review = Review.objects.first()
    advance(review, "notify", act(attorney))
    joins(review, attorney)
    advance(review, "accept-position", act(attorney))
    advance(review.motions.get(), "sign", act(attorney))
    advance(review, "file", act(attorney))

    with pytest.raises(TransitionRefused, match="has been filed"):
        batches.rescind(batch, act(approver))

    assert batches.progress(batch)["done"] == 5


def test_a_cancelled_batch_leaves_its_reviews_to_be_taken_up(proposer, reader, approver):
    batch = approved(proposer, reader, approver)

    batches.cancel(batch, act(approver))

    assert batches.progress(batch)["dropped"] == 5
    assert set(Review.objects.values_list("status", flat=True)) == {"screened"}
    assert batches.assemble(wanted(), by=proposer, on=ON).items.count() == 5


def test_an_outsider_sees_and_moves_no_batch(proposer):
    batch = assembled(proposer)
    outsider = person("proposer", at="LOS")

    with pytest.raises(TransitionRefused, match="not of an office"):
        batches.freeze(batch, seen=batches.manifest(batch), act=act(outsider))


def test_executing_twice_does_it_once(proposer, reader, approver):
    batch = executed(approved(proposer, reader, approver), approver)

    assert not batches.work(batch, on=ON)
    assert Motion.objects.count() == 5
    assert Move.objects.filter(transition="approve-in-batch").count() == 5


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_every_item_to_end_exactly_once(monkeypatch):
    people = [person(role, everywhere=True) for role in ("proposer", "attorney", "supervisor")]
    proposer, reader, approver = people
    monkeypatch.setenv("CLOSURE_BATCH_CHUNK_ITEMS", "1")
    batch = approved(proposer, reader, approver, 40)
    Review.objects.update(valid_until=None)

    first = start_worker()
    batches.execute(batch, Act(by=approver, on=ON, note=NOTE))
    deadline = time.monotonic() + 60
    while batches.progress(batch)["waiting"] == 40 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    at_death = batches.progress(batch)

    second = start_worker()
    try:
        batches.nudge(batch)
        while batch.status != ClosureBatch.Status.COMPLETED and time.monotonic() < deadline + 60:
            time.sleep(0.1)
            batch.refresh_from_db()
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()

    assert 0 < at_death["waiting"] < 40
    assert batches.progress(batch) == {"waiting": 0, "done": 40, "dropped": 0, "rescinded": 0}
    assert Move.objects.filter(transition="approve-in-batch").count() == 40
    assert Motion.objects.count() == 40
    assert BatchItem.objects.filter(ended_at=None).count() == 0


def test_the_certificate_is_a_page_too(proposer, reader, approver):
    batch = executed(approved(proposer, reader, approver), approver)

    page = as_pdf(batch)

    text = " ".join(p.extract_text() for p in PdfReader(BytesIO(page)).pages)
    text = "".join(text.split())
    told = certificate(batch)
    for value in (told["manifest_sha256"], told["sample"]["seed"], told["sha256"], "5approved"):
        assert value in text
    assert page == as_pdf(batch)


def test_the_rate_of_errors_is_told_by_month(proposer, reader):
    batch = frozen(proposer, 4)
    batches.draw_sample(batch, act(proposer))
    first, *rest = batches.to_read(batch, by=reader)
    batches.read_item(first, would_close=False, act=act(reader))
    for item in rest:
        batches.read_item(item, would_close=True, act=act(reader))

    [month] = errors_by_month(SampleReading.objects.all())

    assert (month.read, month.errors, month.rate) == (4, 1, 0.25)
    assert month.low < 0.25 < month.high
