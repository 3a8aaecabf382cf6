"""What the regime of the day says may require detention comes first in the queue, and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.aftermath import open_restart, record_event
from cases.models import RestartReview
from screening import tasks
from screening.models import BackgroundCheck, CriminalRecord, EvidenceFile
from screening.monitoring import monitor
from screening.policies.release import release_shipped
from screening.urgency import judge_urgency
from tests.cases.workflow.cast import act, notice, person
from tests.screening.test_monitoring import closed_elsewhere, give

pytestmark = pytest.mark.django_db
Urgency = RestartReview.Urgency
UNDER_DOYLE = date(2025, 1, 10)
BEFORE_THE_ACT, THE_ACT = date(2025, 1, 28), date(2025, 1, 29)
TODAY = date(2025, 6, 2)
CLEAR_FINGERPRINTS = {"kind": "fingerprint", "result": "no-hit"}


@pytest.fixture(autouse=True)
def _policies(clerk):
    EvidenceFile.objects.create(name="file", sha256="0", received_by=clerk)
    for code in ("doyle-2", "post-2025"):
        release_shipped(code)


def closed(**given):
    return closed_elsewhere(**({"entry_manner": "without-admission"} | given))


def watch(on):
    monitor(on=on)
    return judge_urgency(on=on)


def record(case, **given):
    said = {"ncic": "2303", "family": "larceny", "arrested_on": date(2025, 1, 5)}
    return give(CriminalRecord, case, **({"severity": "misdemeanor"} | said | given))


def fingerprints(case, on):
    give(BackgroundCheck, case, **CLEAR_FINGERPRINTS, completed_on=on - timedelta(days=3))


@pytest.mark.parametrize(
    ("given", "on", "urgency"),
    [
        pytest.param({}, TODAY, Urgency.DETENTION, id="arrest for theft"),
        pytest.param(
            {"ncic": "2202", "family": "burglary"},
            TODAY,
            Urgency.DETENTION,
            id="arrest for burglary",
        ),
        pytest.param({"disposition": "pending"}, TODAY, Urgency.DETENTION, id="pending theft"),
        pytest.param({"disposition": "convicted"}, TODAY, Urgency.DETENTION, id="theft convicted"),
        pytest.param({}, THE_ACT, Urgency.DETENTION, id="on the first day of the Act"),
        pytest.param({}, BEFORE_THE_ACT, Urgency.NONE, id="on the day before the Act"),
        pytest.param({}, UNDER_DOYLE, Urgency.NONE, id="a regime without such a rule"),
        pytest.param(
            {"ncic": "1311", "family": "assault"}, TODAY, Urgency.DETENTION, id="of an officer"
        ),
        pytest.param(
            {"ncic": "1313", "family": "assault"}, TODAY, Urgency.NOT_KNOWN, id="of whom?"
        ),
        pytest.param({"ncic": "", "family": "other"}, TODAY, Urgency.NOT_KNOWN, id="not read"),
        pytest.param(
            {"ncic": "2902", "family": "damage"}, TODAY, Urgency.NONE, id="no offence of the Act"
        ),
    ],
)
def test_an_offence_is_urgent_by_the_law_of_the_day(given, on, urgency):
    case = closed()
    record(case, **given)
    fingerprints(case, on)
    watch(on)

    review = case.restart_reviews.get()
    assert (review.urgency, review.urgency_as_of) == (urgency, on)
    assert review.urgency_reason
    assert review.status == RestartReview.Status.OPEN


@pytest.mark.parametrize(
    ("manner", "urgency"),
    [
        ("without-admission", Urgency.DETENTION),
        ("admitted", Urgency.NONE),
        (None, Urgency.NOT_KNOWN),
    ],
)
def test_the_act_is_about_those_who_were_not_admitted(manner, urgency):
    case = closed(entry_manner=manner)
    record(case)
    fingerprints(case, TODAY)
    watch(TODAY)

    assert case.restart_reviews.get().urgency == urgency


def test_what_is_not_known_is_not_called_not_urgent():
    by = person("attorney")
    no_check, by_hand = closed(), closed()
    fingerprints(by_hand, TODAY)
    open_restart(no_check, act(by, on=TODAY))
    record_event(by_hand, notice(by_hand, "arrest"), act(by, on=TODAY))
    asked = list(RestartReview.objects.values_list("urgency", "urgency_as_of"))
    assert asked == [(Urgency.NOT_KNOWN, None)] * 2

    assert judge_urgency(on=TODAY) == 2

    first, second = RestartReview.objects.order_by("pk")
    assert (first.urgency, second.urgency) == (Urgency.NOT_KNOWN, Urgency.NOT_KNOWN)
    assert "INA 236(c)(1)(E)" in first.urgency_reason
    assert "without a record of the offence" in second.urgency_reason


def test_it_is_asked_once_a_day_and_again_when_something_is_noticed():
    case = closed()
    fingerprints(case, TODAY)
    open_restart(case, act(person("attorney"), on=TODAY))
    judge_urgency(on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        judge_urgency(on=TODAY)
    assert len(asked) <= 3
    assert case.restart_reviews.get().urgency == Urgency.NONE

    record(case)
    watch(TODAY)

    assert case.restart_reviews.get().urgency == Urgency.DETENTION


def test_a_review_that_ended_is_left_as_it_was():
    case = closed()
    record(case)
    open_restart(case, act(person("attorney"), on=TODAY))
    RestartReview.objects.filter(case=case).update(status="moot")

    assert judge_urgency(on=TODAY) == 0
    assert case.restart_reviews.get().urgency_as_of is None


def test_many_reviews_take_no_more_queries():
    def queries(cases):
        for _ in range(cases):
            case = closed()
            record(case)
            fingerprints(case, TODAY)
        monitor(on=TODAY)
        with CaptureQueriesContext(connection) as asked:
            assert judge_urgency(on=TODAY) == cases
        return len(asked)

    assert queries(5) <= queries(1)


def test_beat_asks_every_hour():
    case = closed()
    record(case)
    monitor(on=TODAY)
    (entry,) = [
        e for e in settings.CELERY_BEAT_SCHEDULE.values() if e["task"].endswith("what_is_urgent")
    ]

    assert (entry["task"], entry["schedule"]) == (tasks.say_what_is_urgent.name, 3600.0)
    assert (tasks.say_what_is_urgent(), tasks.say_what_is_urgent()) == (1, 0)
