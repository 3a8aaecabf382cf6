"""Proclamation 10773, sec. 2: nothing takes effect until a person records a determination."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from cases.encounters.counts import Series, counts_on_record, data_version
from cases.encounters.determine import NotRecorded, determine, end_hold, hold
from cases.encounters.status import entered_during, state_on
from cases.encounters.trigger import DEFAULT, Kind, Status, sum_of_seven
from cases.models import EncounterCount, FactualDetermination, LegalHold
from tests.cases.encounters.series import START, daily
from tests.cast import staff

pytestmark = pytest.mark.django_db

JULY_7 = date(2024, 7, 7)


@pytest.fixture
def recorder(db):
    """Who may record what the Secretary determined, and what a court stays."""
    return staff("record_determination", "record_legal_hold")


def put_on_record(counts, *, by, version=1):
    EncounterCount.objects.bulk_create(
        EncounterCount(
            day=day,
            category=category,
            basis="daily",
            version=version,
            count=count,
            final=False,
            source="synthetic",
            recorded_by=by,
        )
        for day, of_day in counts.items()
        for category, count in of_day.items()
    )


@pytest.fixture
def counts(clerk):
    """1,400 a day in July and August 2024."""
    put_on_record(daily(*[1400] * 62), by=clerk)


def record(kind=Kind.STOP, *, by, on=JULY_7, to=JULY_7, document="89 FR 0", today=None):
    return determine(
        kind,
        determined_on=on,
        window_to=to,
        document=document,
        by=by,
        readings=DEFAULT,
        today=today or date(2024, 9, 1),
    )


def test_a_determination_says_who_when_on_what_and_as_it_was_known(counts, recorder):
    made = record(by=recorder, on=date(2024, 7, 9))

    assert (made.kind, made.determined_on) == ("stop", date(2024, 7, 9))
    assert (made.window_from, made.window_to) == (date(2024, 7, 1), JULY_7)
    assert (made.sum7, made.days_below, made.days_needed) == (9_800, 1, 1)
    assert (made.recorded_by, made.data_version) == (recorder, data_version())
    assert made.readings == {"twenty_eight_days": "averages", "across_amendment": "recomputed"}


def test_it_takes_effect_fourteen_days_after_it_was_made(counts, recorder):
    record(by=recorder, on=date(2024, 7, 9))

    waiting = state_on(date(2024, 7, 22), readings=DEFAULT)
    after = state_on(date(2024, 7, 23), readings=DEFAULT)

    assert waiting.standing.status == Status.IN_EFFECT
    assert waiting.standing.pending.effective_on == date(2024, 7, 23)
    assert after.standing.status == Status.DISCONTINUED
    assert after.standing.since.at.isoformat() == "2024-07-23T00:01:00-04:00"


def test_the_counts_only_propose(counts):
    state = state_on(date(2024, 8, 31), readings=DEFAULT)

    assert state.proposal == Kind.STOP
    assert state.standing.status == Status.IN_EFFECT
    assert not FactualDetermination.objects.exists()


@pytest.mark.parametrize("permissions", [(), ("record_legal_hold",)])
def test_without_the_permission_nobody_records_one(counts, permissions):
    with pytest.raises(PermissionDenied, match="record_determination"):
        record(by=staff(*permissions))

    assert not FactualDetermination.objects.exists()


def test_a_machine_records_none(counts, clerk):
    with pytest.raises(PermissionDenied):
        record(by=clerk)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"kind": Kind.START, "on": date(2024, 7, 20)}, "goes on by itself"),
        ({"kind": Kind.CANCEL}, "No discontinuation is pending"),
        ({"to": date(2024, 7, 6)}, "not every daily count is on record"),
        ({"on": date(2024, 9, 3), "to": date(2024, 9, 3)}, "has not come"),
        ({"on": date(2024, 7, 8), "to": date(2024, 7, 9)}, "end after the day"),
        ({"on": date(2024, 6, 4)}, "The counter ran from 2024-06-05 to 2025-01-20"),
        (
            {"on": date(2025, 1, 21), "today": date(2026, 1, 1)},
            "Proclamation 10888 suspended entry without a number",
        ),
        ({"document": " "}, "Say where"),
    ],
)
def test_what_does_not_fit_the_record_is_refused_with_its_reason(counts, recorder, given, reason):
    with pytest.raises(NotRecorded, match=reason):
        record(**given, by=recorder)

    assert not FactualDetermination.objects.exists()


def test_1500_exactly_is_refused(clerk, recorder):
    put_on_record(daily(*[1500] * 10), by=clerk)

    with pytest.raises(NotRecorded, match="sum to 10,500; fewer than 10,500 are needed"):
        record(by=recorder)


def test_from_october_one_average_is_not_enough(clerk, recorder):
    put_on_record(daily(*[1400] * 40, first=date(2024, 10, 4)), by=clerk)
    day = date(2024, 11, 5)

    with pytest.raises(NotRecorded, match=r"27 day\(s\) in a row .*; 28 are needed"):
        record(by=recorder, on=day, to=day, today=date(2024, 12, 1))
    day += timedelta(days=1)
    assert record(by=recorder, on=day, to=day, today=date(2024, 12, 1)).days_below == 28


def test_one_that_is_pending_is_cancelled_at_2500_and_not_below(clerk, recorder):
    put_on_record(daily(*[1400] * 7, *[2600] * 14), by=clerk)
    record(by=recorder)

    with pytest.raises(NotRecorded, match="sum to 17,000; at least 17,500"):
        record(Kind.CANCEL, by=recorder, on=date(2024, 7, 13), to=date(2024, 7, 13))
    with pytest.raises(NotRecorded, match="record its cancellation"):
        record(Kind.START, by=recorder, on=date(2024, 7, 14), to=date(2024, 7, 14))
    assert state_on(date(2024, 7, 14), readings=DEFAULT).proposal == Kind.CANCEL
    record(Kind.CANCEL, by=recorder, on=date(2024, 7, 14), to=date(2024, 7, 14))

    later = state_on(date(2024, 8, 1), readings=DEFAULT)
    assert (later.standing.status, later.standing.pending) == (Status.IN_EFFECT, None)
    assert [p.status for p in later.periods] == [Status.IN_EFFECT, Status.HISTORICAL]


def test_they_are_recorded_in_their_order_and_once(counts, recorder):
    record(by=recorder, on=date(2024, 7, 9))

    with pytest.raises(NotRecorded, match="recorded in their order"):
        record(by=recorder, on=date(2024, 7, 8))
    with pytest.raises(NotRecorded, match="One is pending, and takes effect on 2024-07-23"):
        record(by=recorder, on=date(2024, 7, 10))
    with pytest.raises(NotRecorded, match="No suspension is in effect"):
        record(by=recorder, on=date(2024, 7, 30))


def test_a_revision_undoes_nothing_and_is_shown(counts, clerk, recorder):
    made = record(by=recorder)
    assert state_on(JULY_7, readings=DEFAULT).alerts == []

    put_on_record(daily(*[1600] * 7), by=clerk, version=2)

    state = state_on(date(2024, 7, 25), readings=DEFAULT)
    assert state.standing.status == Status.DISCONTINUED
    (alert,) = state.alerts
    assert "their sum was 9,800 and is 11,200" in alert
    as_known = counts_on_record(Series.DAILY, known_at=made.data_version)
    assert sum_of_seven(as_known, made.window_to) == made.sum7


# What the database refuses


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET determined_on = '2024-07-08'", "DELETE FROM {}"]
)
def test_a_determination_is_never_edited_or_deleted(counts, recorder, statement):
    record(by=recorder)

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        connection.cursor().execute(statement.format("cases_factualdetermination"))

    assert FactualDetermination.objects.get().determined_on == JULY_7


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"sum7": 10_500}, "a_determination_rests_on_its_sum"),
        ({"days_needed": 28}, "a_determination_rests_on_its_sum"),
        ({"kind": "start"}, "a_determination_rests_on_its_sum"),
        ({"kind": "cancel", "sum7": 17_499}, "a_determination_rests_on_its_sum"),
        ({"kind": "lift"}, "a_determination_rests_on_its_sum"),
        ({"window_from": START - timedelta(days=1)}, "on_seven_days_gone_by"),
        ({"determined_on": date(2024, 7, 6)}, "on_seven_days_gone_by"),
        ({"document": ""}, "a_determination_has_its_document"),
        ({"determined_on": JULY_7}, "determined_on"),
    ],
)
def test_the_database_refuses_what_does_not_rest_on_its_counts(
    counts, recorder, change, constraint
):
    row = record(by=recorder)
    row.pk, row._state.adding = None, True
    row.determined_on = date(2024, 7, 10)
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()


# A court's stay


def test_while_a_court_stays_it_the_counter_runs_on(counts, recorder):
    held = hold(court="D.D.C.", order="24-cv-1702", begins_on=date(2024, 7, 3), by=recorder)

    record(by=recorder)

    during = state_on(date(2024, 7, 10), readings=DEFAULT)
    assert (during.stayed, during.standing.status) == (True, Status.IN_EFFECT)
    assert during.standing.pending.effective_on == date(2024, 7, 21)
    assert during.sentence.startswith("A court stays the suspension")
    assert not during.in_effect
    end_hold(held, ends_on=date(2024, 7, 10), by=recorder)
    assert not state_on(date(2024, 7, 10), readings=DEFAULT).stayed
    assert state_on(date(2024, 7, 9), readings=DEFAULT).stayed
    assert LegalHold.objects.count() == 2


def test_a_stay_is_recorded_once_by_who_may_and_ended_once(recorder):
    given = {"court": "D.D.C.", "order": "24-cv-1702", "begins_on": date(2024, 7, 3)}
    with pytest.raises(PermissionDenied):
        hold(**given, by=staff("record_determination"))
    held = hold(**given, by=recorder)

    with pytest.raises(NotRecorded, match="is on record"):
        hold(**given, by=recorder)
    with pytest.raises(PermissionDenied):
        end_hold(held, ends_on=date(2024, 8, 1), by=staff())
    with pytest.raises(NotRecorded, match="began on 2024-07-03"):
        end_hold(held, ends_on=date(2024, 7, 3), by=recorder)
    ended = end_hold(held, ends_on=date(2024, 8, 1), by=recorder)
    for one in (held, ended):
        with pytest.raises(NotRecorded, match="end of this stay is on record"):
            end_hold(one, ends_on=date(2024, 8, 2), by=recorder)


def test_a_stay_is_never_edited(recorder):
    hold(court="D.D.C.", order="24-cv-1702", begins_on=date(2024, 7, 3), by=recorder)

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        LegalHold.objects.update(begins_on=date(2024, 7, 4))


# The date of an entry


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 6, 4), "before the suspension of Proclamation 10773"),
        (date(2024, 6, 5), "in a suspension period of Proclamation 10773"),
        (date(2024, 7, 2), "in a suspension period of Proclamation 10773"),
        (date(2024, 7, 20), "in a suspension period of Proclamation 10773"),
        (date(2024, 7, 21), "while no suspension under Proclamation 10773 was in effect"),
        (date(2025, 1, 20), "while no suspension under Proclamation 10773 was in effect"),
        (date(2025, 1, 21), "after 2025-01-20, when Proclamation 10888"),
    ],
)
def test_a_day_of_entry_is_told_against_the_periods(counts, recorder, day, said):
    record(by=recorder)

    assert entered_during(day).startswith(said)


def test_a_day_of_entry_under_a_stay_says_so(recorder):
    hold(court="D.D.C.", order="24-cv-1702", begins_on=date(2024, 7, 3), by=recorder)

    assert entered_during(date(2024, 7, 4)).endswith(", which a court had stayed")
