"""A bulk review through a real worker: exact, resumable, and quiet when nothing changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
from django.conf import settings
from django.utils.timezone import now

from cases.models import Case
from screening import bulk
from screening.models import BulkReview, Determination
from screening.policies.release import release_shipped
from screening.screen import screen_case
from tests.screening.dockets import fresh_checks, give, line, make_case

AS_OF = date(2024, 1, 15)


@pytest.fixture
def docket(tmp_path, clerk):
    for number in range(1, 41):
        make_case(number, custody="D" if number % 4 == 0 else "N")
    checks = [c for number in range(1, 41) if number % 5 for c in fresh_checks(number)]
    give(tmp_path / "checks", checks, by=clerk)


def plan(screener, chunk_cases=10):
    return bulk.plan(
        version=release_shipped("doyle-2"), as_of=AS_OF, by=screener, chunk_cases=chunk_cases
    )


@pytest.mark.django_db
def test_chunks_cover_the_docket_once(docket, screener):
    review = plan(screener)
    while bulk.work(review):
        pass

    result = bulk.result(review)
    assert review.status == BulkReview.Status.COMPLETED
    assert review.chunks.count() == 4
    assert (result.cases, result.in_scope, result.written) == (40, 40, 40)
    assert result.outcomes == {"flagged": 24, "refer": 8, "insufficient": 8}
    assert [m.transition for m in review.moves.order_by("pk")] == ["start", "complete"]


@pytest.mark.django_db
def test_a_second_run_writes_nothing(docket, screener):
    for _ in range(2):
        review = plan(screener)
        while bulk.work(review):
            pass

    assert bulk.result(review).written == 0
    assert Determination.objects.count() == 40


@pytest.mark.django_db
def test_a_cancelled_review_stops_before_the_next_chunk(docket, screener):
    review = plan(screener)
    bulk.work(review)
    bulk.cancel(review, by=screener)

    assert bulk.work(review) is False
    assert bulk.progress(review).chunks_done == 1
    with pytest.raises(bulk.MoveRefused):
        bulk.advance(review, "complete", by=screener)


@pytest.mark.django_db
def test_an_empty_docket_completes_at_once(screener):
    review = plan(screener)

    assert review.status == BulkReview.Status.COMPLETED
    assert bulk.result(review).cases == 0


def start_worker() -> subprocess.Popen[bytes]:
    """Start a real worker on the test's own database, in a process group of its own."""
    parts = settings.DATABASES["default"]
    host = parts.get("OPTIONS", {}).get("host") or parts["HOST"]
    user = f"{parts['USER']}:{parts['PASSWORD']}" if parts.get("PASSWORD") else parts["USER"]
    url = f"postgresql://{user}@/{parts['NAME']}?host={host}"
    if parts["HOST"] and not parts["HOST"].startswith("/"):
        url = f"postgresql://{user}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "casemgmt", "worker", "--concurrency=2"),
            *("--queues=bulk", "--loglevel=WARNING", "--without-gossip", "--without-mingle"),
        ],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SECRET_KEY": settings.SECRET_KEY},
        start_new_session=True,
    )


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(docket, screener):
    review = plan(screener, chunk_cases=1)
    first = start_worker()
    deadline = time.monotonic() + 60
    while bulk.progress(review).chunks_done == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    done_at_death = bulk.progress(review).chunks_done

    second = start_worker()
    try:
        bulk.nudge(review)
        while review.status == BulkReview.Status.RUNNING and time.monotonic() < deadline + 60:
            time.sleep(0.1)
            bulk.finish_if_done(review)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()

    result = bulk.result(review)
    assert done_at_death >= 1
    assert review.status == BulkReview.Status.COMPLETED
    assert (result.cases, result.written) == (40, 40)
    assert Determination.objects.current().count() == Determination.objects.count() == 40


@pytest.mark.django_db
def test_a_review_whose_first_chunk_was_never_done_has_stalled(docket, screener):
    review = plan(screener)
    BulkReview.objects.update(requested_at=now() - 2 * bulk.STALLED_AFTER)

    assert list(bulk.stalled()) == [review]

    bulk.work(review)
    assert list(bulk.stalled()) == []


@pytest.mark.django_db
def test_a_late_chunk_does_not_unlearn_what_was_found_since(docket, tmp_path, clerk, screener):
    review = plan(screener)
    case = Case.objects.get(respondent__a_number="000000001")
    arrest = line("criminal_record", 1, "r1", ncic="1300")
    give(tmp_path / "later", [arrest], by=clerk)
    later = screen_case(case, version=review.policy_version, as_of=AS_OF, by=screener)

    while bulk.work(review):
        pass

    assert later.leading == "PS-12"
    assert Determination.objects.current().get(case=case) == later
