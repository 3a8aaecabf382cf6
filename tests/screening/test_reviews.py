"""What screening found reaches the people who decide, and what is new reaches them too."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import batches
from cases.batches import Wanted
from cases.models import Case, FormOfDiscretion, Office, Review
from cases.workflow import TransitionRefused, advance
from screening import bulk
from screening.models import CriminalRecord, Determination, EvidenceFile
from screening.policies.release import regime_on, release_shipped
from screening.reviews import open_reviews, screen_again, sweep
from tests.cases.workflow.cast import act, case_in_court, make_review, moves, person, proposing
from tests.cast import AS_OF, screened

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(screener):
    """Return three screened cases: the outcome of each is what their facts give."""
    return [screened(case_in_court(), screener) for _ in range(3)]


def opened(by, *, outcomes=("flagged", "refer", "insufficient", "not-flagged")):
    return open_reviews(Case.objects.all(), by=by, on=AS_OF, outcomes=outcomes)


def arrest(case: Case, by) -> None:
    file = EvidenceFile.objects.create(name="file", sha256=str(case.pk), received_by=by)
    CriminalRecord.objects.create(
        respondent=case.respondent,
        source="rap",
        source_record=f"R{case.pk}",
        source_relation="government",
        received_in=file,
        family="assault",
        severity="felony",
        arrested_on=AS_OF,
    )


def test_a_review_is_opened_once_with_what_was_found(found, screener):
    assert opened(screener) == 3
    assert opened(screener) == 0

    review = Review.objects.get(case=found[0].case)
    assert review.status == Review.Status.SCREENED
    assert review.determination == found[0].pk
    assert (review.outcome, review.screened_as_of) == (found[0].outcome, AS_OF)
    assert review.policy == "doyle-2:2"
    assert not review.stale
    assert moves(review) == ["open", "screen"]
    held = {f["criterion"] for f in found[0].findings if f["answer"] == "holds"}
    assert set(review.hits) <= held


def test_only_the_wanted_outcomes_of_pending_cases_are_opened(found, screener):
    Case.objects.filter(pk=found[0].case_id).update(status=Case.Status.DISMISSED)

    assert opened(screener, outcomes=("flagged",)) == 0
    assert opened(screener) == 2


def test_opening_many_takes_no_more_queries(found, screener):
    with CaptureQueriesContext(connection) as few:
        opened(screener)
    for _ in range(6):
        screened(case_in_court(), screener)
    with CaptureQueriesContext(connection) as many:
        opened(screener)

    assert len(many) <= len(few)


def test_new_evidence_makes_the_review_stale_below_the_orm(found, screener):
    opened(screener)
    case = found[0].case

    arrest(case, screener)

    stale = Review.objects.filter(stale=True)
    assert [r.case_id for r in stale] == [case.pk]


def test_evidence_that_came_before_the_review_was_opened_counts_too(found, screener):
    arrest(found[0].case, screener)

    opened(screener)

    assert Review.objects.get(case=found[0].case).stale
    assert not Review.objects.get(case=found[1].case).stale


def test_a_stale_review_is_screened_again_and_goes_on(found, screener):
    opened(screener)
    attorney = person("attorney")
    review = Review.objects.get(case=found[0].case)
    advance(review, "take-up", act(attorney))
    arrest(review.case, screener)
    with pytest.raises(TransitionRefused, match="new evidence"):
        advance(review, "propose", proposing(attorney, on=AS_OF))

    determination = screen_again(Review.objects.get(pk=review.pk), on=AS_OF, by=screener)

    review.refresh_from_db()
    assert review.determination == determination.pk
    if review.outcome == determination.outcome:
        assert (review.stale, review.status) == (False, Review.Status.ATTORNEY_REVIEW)


def test_what_is_in_hand_and_found_otherwise_is_suspended(found, screener):
    opened(screener)
    attorney = person("attorney")
    review = Review.objects.get(case=found[0].case)
    Review.objects.filter(pk=review.pk).update(outcome="flagged", determination=0)
    review.refresh_from_db()
    advance(review, "take-up", act(attorney, on=AS_OF))

    touched = sweep(on=AS_OF)

    review.refresh_from_db()
    assert touched == 1
    assert review.status == Review.Status.SUSPENDED
    advance(review, "resume", act(attorney, on=AS_OF))
    sweep(on=AS_OF)
    review.refresh_from_db()
    assert (review.status, review.outcome) == (Review.Status.SCREENED, found[0].outcome)


def test_the_regime_is_that_of_the_day(screener):
    for code in ("doyle-1", "doyle-2", "post-2025"):
        release_shipped(code)

    assert regime_on(date(2022, 5, 1)).code == "doyle-1"
    assert regime_on(date(2024, 1, 15)).code == "doyle-2"
    assert regime_on(date(2025, 1, 19)).code == "doyle-2"
    assert regime_on(date(2025, 1, 20)).code == "post-2025"
    assert regime_on(date(2000, 1, 1)) is None


def test_the_command_opens_reviews_of_one_office(found):
    out = StringIO()
    every = [f"--outcome={o}" for o in ("refer", "flagged", "insufficient", "not-flagged")]

    call_command("open_reviews", "--office=NYC", "--json", *every, stdout=out)

    assert json.loads(out.getvalue()) == {"opened": 3}
    with pytest.raises(CommandError, match="no office XX"):
        call_command("open_reviews", "--office=XX")


def test_a_bulk_review_is_followed_by_reviews_at_a_click(found, screener, client):
    user = person("clerk")
    seen = Permission.objects.filter(codename__in=["view_bulkreview", "view_all_offices"])
    user.user_permissions.add(*seen)
    client.force_login(User.objects.get(pk=user.pk))
    done = bulk.plan(version=found[0].policy_version, as_of=AS_OF, by=screener)
    bulk.work(done)

    url = reverse("admin:screening_bulkreview_open_reviews", args=[done.pk])
    page = client.post(url, follow=True).content.decode()

    flagged = Determination.objects.current().filter(outcome="flagged").count()
    assert f"{flagged} reviews opened" in page
    assert Review.objects.count() == flagged


def at_once(do, times=2):
    """Do it in threads of their own, each with its connection; return what each came to."""

    def alone(_number):
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_reviews_at_once_each_case_is_opened_by_one(screener):
    for _ in range(6):
        screened(case_in_court(), screener)

    opened_by_each = at_once(lambda: opened(screener))

    assert sum(opened_by_each) == 6
    assert Review.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_who_assemble_at_once_one_gets_the_cases():
    proposer = person("proposer")
    for _ in range(6):
        make_review()

    def assemble():
        wanted = Wanted(
            office=Office.objects.get(code="NYC"),
            title="At once",
            form=FormOfDiscretion.objects.get(pk="dismissal"),
            ground="7",
        )
        return batches.assemble(wanted, by=proposer, on=AS_OF).items.count()

    assert sorted(at_once(assemble)) == [0, 6]
