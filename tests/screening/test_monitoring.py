"""Closed cases are watched: what is new is brought to a person, once, and brings nothing back."""

from __future__ import annotations

import json
import re
from datetime import date
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.aftermath import file_charge, recharge
from cases.models import Case, Move, PostClosureEvent, RestartReview
from cases.workflow.court import record_act
from screening import tasks
from screening.models import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    Determination,
    EvidenceFile,
    ThreatIndicator,
)
from screening.monitoring import monitor
from screening.policies.release import SHIPPED, put_on_record, release_shipped
from screening.screen import screen_case
from tests.cases.workflow.cast import ON, act, case_in_court, closed_case, person
from tests.cast import AS_OF, screened

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 1)
AFTER = date(2024, 9, 10)
BEFORE = date(2024, 1, 10)
KEYS = count(1)


@pytest.fixture(autouse=True)
def _file(clerk):
    EvidenceFile.objects.create(name="file", sha256="0", received_by=clerk)


def give(model: Any, case: Case, **given: Any) -> Any:
    said = {
        "respondent": case.respondent,
        "source": "TEST",
        "source_record": f"E{next(KEYS)}",
        "source_relation": "government",
        "received_in": EvidenceFile.objects.get(),
    }
    return model.objects.create(**(said | given))


def record(case: Case, **given: Any) -> CriminalRecord:
    said = {"family": "assault", "severity": "felony", "arrested_on": AFTER}
    return give(CriminalRecord, case, **(said | given))


def closed_elsewhere(**given: Any) -> Case:
    """Return a closed case as a delivery told of it: the office recorded no act."""
    return case_in_court(**({"status": "dismissed", "completed_on": ON} | given))


def events(case: Case) -> list[tuple[str, str]]:
    return list(case.events.order_by("pk").values_list("kind", "trust"))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        pytest.param({}, "arrest", id="arrest"),
        pytest.param({"charged_on": AFTER}, "charge", id="charged"),
        pytest.param({"disposition": "pending"}, "charge", id="pending"),
        pytest.param({"disposition": "diverted"}, "charge", id="diverted"),
        pytest.param({"disposition": "juvenile-adjudication"}, "charge", id="juvenile"),
        pytest.param({"disposition": "convicted"}, "conviction", id="convicted"),
        pytest.param(
            {"disposition": "convicted", "vacated": "rehabilitation"}, "conviction", id="expunged"
        ),
        pytest.param(
            {"disposition": "convicted", "vacated": "legal-defect"},
            "acquittal-or-dismissal",
            id="vacated",
        ),
        pytest.param({"disposition": "dismissed"}, "acquittal-or-dismissal", id="dismissed"),
        pytest.param({"disposition": "acquitted"}, "acquittal-or-dismissal", id="acquitted"),
        pytest.param({"disposition": "not-prosecuted"}, "acquittal-or-dismissal", id="dropped"),
    ],
)
def test_a_record_is_an_event_by_its_disposition(given, kind):
    case = closed_elsewhere()
    record(case, disposed_on=AFTER if "disposition" in given else None, **given)

    monitored = monitor(on=TODAY)

    assert (monitored.events, monitored.cases) == ({kind: 1}, 1)
    event = case.events.get()
    assert event.kind == kind
    assert event.disposition.startswith("assault")
    assert monitored.reviews == RestartReview.objects.count() == (kind != "acquittal-or-dismissal")
    case.refresh_from_db()
    assert case.status == Case.Status.DISMISSED


def test_doing_it_twice_does_it_once():
    case = closed_elsewhere()
    record(case)

    assert monitor(on=TODAY).reviews == 1
    again = monitor(on=TODAY)

    assert (again.events, again.reviews) == ({}, 0)
    assert PostClosureEvent.objects.count() == RestartReview.objects.count() == 1
    assert Move.objects.filter(machine="restart").count() == 1


def test_a_disposition_that_comes_later_is_another_event_of_the_same_review():
    case = closed_elsewhere()
    arrest = record(case)
    monitor(on=TODAY)
    CriminalRecord.objects.filter(pk=arrest.pk).update(superseded_at=arrest.recorded_at)
    record(
        case,
        source_record=arrest.source_record,
        disposition="convicted",
        disposed_on=AFTER,
    )

    monitored = monitor(on=TODAY)

    assert (monitored.events, monitored.reviews) == ({"conviction": 1}, 0)
    assert [kind for kind, _ in events(case)] == ["arrest", "conviction"]


@pytest.mark.parametrize(
    ("given", "new"),
    [
        pytest.param({"arrested_on": AFTER}, True, id="the day after"),
        pytest.param({"arrested_on": BEFORE}, False, id="an old day"),
        pytest.param({"arrested_on": ON}, False, id="the day of the closing"),
        pytest.param({"arrested_on": None}, True, id="no day on record"),
        pytest.param(
            {"arrested_on": AFTER, "superseded_at": "2024-09-11T00:00Z"}, False, id="gone"
        ),
    ],
)
def test_what_came_after_the_closing_is_new(given, new):
    case = closed_elsewhere()
    record(case, **given)

    assert bool(monitor(on=TODAY).events) == new


def test_where_the_office_recorded_the_closing_old_deeds_that_come_in_later_are_new():
    case = case_in_court()
    record(case, arrested_on=BEFORE)  # known when it was closed
    record(case, arrested_on=None)
    closed = closed_case()
    record(closed, arrested_on=BEFORE)
    Case.objects.filter(pk=case.pk).update(status="dismissed", completed_on=ON)
    Move.objects.create(
        machine="case",
        case=case,
        transition="dismiss",
        source="pending",
        target="dismissed",
        document="D",
        happened_on=ON,
        by=person("recorder"),
    )

    monitor(on=TODAY)

    assert events(case) == []
    assert events(closed) == [("arrest", "record")]


@pytest.mark.parametrize("status", ["pending", "on-appeal", "removal-ordered", "granted"])
def test_only_closed_cases_are_watched(status):
    record(closed_elsewhere(status=status))

    monitored = monitor(on=TODAY)

    assert (monitored.cases, monitored.events) == (0, {})


def test_a_case_that_another_follows_is_watched_no_more():
    case = closed_case()
    recorder = person("recorder")
    new = recharge(case, act(recorder))
    record(case)
    assert monitor(on=TODAY).events == {"arrest": 1}
    file_charge(new, act(recorder), idncase=920_001)
    record(case)

    monitored = monitor(on=TODAY)

    assert (monitored.cases, monitored.events) == (0, {})


@pytest.mark.parametrize(
    ("relation", "trust"),
    [
        ("court", "court"),
        ("government", "record"),
        ("spouse-or-parent", "tip"),
        ("other-private", "tip"),
        ("respondent", "tip"),
    ],
)
def test_trust_follows_from_who_said_it(relation, trust):
    case = closed_elsewhere()
    record(case, source_relation=relation)

    monitor(on=TODAY)

    assert events(case) == [("arrest", trust)]


@pytest.mark.parametrize("protected", [True, None])
def test_nothing_about_a_protected_person_rests_on_a_prohibited_source(protected):
    case = closed_elsewhere(protected=protected)
    record(case, source_relation="alleged-perpetrator")
    assert monitor(on=TODAY).events == {}

    record(case, source_relation="court")

    assert monitor(on=TODAY).events == {"arrest": 1}


@pytest.mark.parametrize(
    ("resolution", "category", "trust"),
    [
        ("unresolved", "terrorism", "tip"),
        ("withheld-by-owner", "terrorism", "tip"),
        ("identical-derogatory", "terrorism", "record"),
        ("identical-derogatory", "interpol-notice", "tip"),
        ("not-identical", "terrorism", None),
        ("identical-non-derogatory", "terrorism", None),
    ],
)
def test_an_indicator_counts_by_its_resolution(resolution, category, trust):
    case = closed_elsewhere()
    give(ThreatIndicator, case, category=category, resolution=resolution, noted_on=AFTER)

    monitor(on=TODAY)

    assert events(case) == ([("security-hit", trust)] if trust else [])


@pytest.mark.parametrize(
    ("result", "kind", "trust"),
    [
        ("hit-unresolved", "fingerprint", "tip"),
        ("identical-derogatory", "fingerprint", "fingerprint"),
        ("identical-derogatory", "state-court", "court"),
        ("identical-derogatory", "tecs", "record"),
        ("no-hit", "fingerprint", None),
        ("pending", "fingerprint", None),
    ],
)
def test_a_check_counts_by_its_result(result, kind, trust):
    case = closed_elsewhere()
    give(BackgroundCheck, case, kind=kind, result=result, completed_on=AFTER)

    monitor(on=TODAY)

    assert events(case) == ([("security-hit", trust)] if trust else [])


def test_a_hit_that_is_resolved_later_is_another_event():
    case = closed_elsewhere()
    key = {"source_record": "T1", "category": "terrorism", "noted_on": AFTER}
    first = give(ThreatIndicator, case, resolution="unresolved", **key)
    monitor(on=TODAY)
    ThreatIndicator.objects.filter(pk=first.pk).update(superseded_at=first.recorded_at)
    give(ThreatIndicator, case, resolution="identical-derogatory", resolved_on=AFTER, **key)

    monitor(on=TODAY)

    assert events(case) == [("security-hit", "tip"), ("security-hit", "record")]


def test_death_and_departure_are_noticed():
    case = closed_elsewhere()
    give(
        CompletedForm,
        case,
        form="file-review-1",
        present=["deceased", "departed", "relief-pending"],
        completed_on=AFTER,
    )

    assert monitor(on=TODAY).events == {"death": 1, "departure": 1}


# Re-screening


def closed_after_screening(by) -> Case:
    case = case_in_court()
    screened(case, by)
    Case.objects.filter(pk=case.pk).update(status="admin-closed", completed_on=ON)
    return Case.objects.get(pk=case.pk)


def exclude(case: Case) -> None:
    """Give what excludes the case, of a day long before it was closed."""
    record(
        case,
        family="drug-trafficking",
        ncic="3560",
        disposition="convicted",
        arrested_on=BEFORE,
        disposed_on=BEFORE,
    )


def test_what_screening_finds_anew_is_an_event_and_writes_no_determination(screener):
    case = closed_after_screening(screener)
    before = list(Determination.objects.values())
    assert monitor(on=TODAY).events == {}

    exclude(case)
    monitored = monitor(on=TODAY)

    assert monitored.events.keys() == {"screening"}
    assert monitored.reviews == 1
    found = set(case.events.values_list("source_record", flat=True))
    assert "doyle-2:2/PS-06" in found
    assert list(Determination.objects.values()) == before
    assert monitor(on=TODAY).events == {}


def test_what_held_when_it_was_closed_is_no_news(screener):
    case = case_in_court()
    exclude(case)
    screened(case, screener)
    Case.objects.filter(pk=case.pk).update(status="admin-closed", completed_on=ON)

    assert monitor(on=TODAY).events == {}


def test_a_case_that_left_the_scope_of_its_policy_is_not_asked(screener):
    text = (SHIPPED / "doyle-2.yaml").read_text().replace("code: doyle-2", "code: narrow", 1)
    narrow = put_on_record(re.sub("case_types: .*", "case_types: [RMV]", text), name="narrow")
    release_shipped("doyle-2")
    case = case_in_court()
    assert screen_case(case, version=narrow, as_of=AS_OF, by=screener)
    closed = Case.objects.filter(pk=case.pk)
    closed.update(status="admin-closed", completed_on=ON, case_type="AOC")
    exclude(case)

    assert monitor(on=TODAY).events == {}
    closed.update(case_type="RMV")
    assert monitor(on=TODAY).events.keys() == {"screening"}


def test_a_case_that_was_never_screened_is_not_screened_here(screener):
    closed_after_screening(screener)
    exclude(closed_elsewhere())

    assert monitor(on=TODAY).events == {}


# The edges


def test_many_cases_take_no_more_queries():
    record(closed_elsewhere())
    monitor(on=TODAY)
    record(closed_elsewhere())
    with CaptureQueriesContext(connection) as few:
        monitor(on=TODAY)
    for _ in range(5):
        record(closed_elsewhere())
    with CaptureQueriesContext(connection) as many:
        assert monitor(on=TODAY).reviews == 5

    assert len(many) <= len(few)


def test_the_command_says_what_it_found():
    record(closed_elsewhere())
    told, shown = StringIO(), StringIO()

    call_command("monitor_closed", "--as-of", "2024-10-01", "--json", stdout=told)
    call_command("monitor_closed", "--as-of", "2024-10-01", stdout=shown)

    assert json.loads(told.getvalue()) == {"cases": 1, "events": {"arrest": 1}, "reviews": 1}
    assert "1 closed cases are watched" in shown.getvalue()


def test_beat_fires_the_task_that_does_it():
    record(closed_elsewhere())
    (entry,) = [
        e for e in settings.CELERY_BEAT_SCHEDULE.values() if e["task"].endswith("closed_cases")
    ]

    assert entry["task"] == tasks.monitor_closed_cases.name
    assert tasks.monitor_closed_cases() == 1
    assert tasks.monitor_closed_cases() == 0


def test_expedited_removal_on_record_brings_nothing_back():
    case = closed_case()
    record_act(case, "begin-expedited-removal", act(person("recorder")))
    record(case)

    monitor(on=TODAY)

    case.refresh_from_db()
    assert case.status == Case.Status.DISMISSED
    assert RestartReview.objects.get().status == RestartReview.Status.OPEN
