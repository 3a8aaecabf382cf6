"""Rates by group are counted from the current determinations, and judged against all."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from cases.models import Case as CourtCase
from cases.models import Court, RateCount, Respondent, Review
from cases.rates import State
from cases.workflow import advance
from screening import disparity
from screening.models import Determination
from screening.policies.release import release_shipped
from tests.cases.workflow.cast import act, approved, make_review, person, proposing

pytestmark = pytest.mark.django_db
ON = date(2024, 1, 15)
NUMBERS = count(10_001)


@pytest.fixture
def version():
    return release_shipped("doyle-2")


def determine(version, by, *, times, flagged, superseded=False, **given):
    """Put so many cases on record of which some are flagged."""
    respondent = {k: v for k, v in given.items() if k in ("nationality", "sex", "birth_date")}
    if "birth_date" in respondent:
        respondent["birth_precision"] = "day"
    case = {k: v for k, v in given.items() if k not in respondent}
    made = []
    for _ in range(times):
        person = Respondent.objects.create(**respondent)
        made.append(CourtCase(idncase=next(NUMBERS), respondent=person, **case))
    made = CourtCase.objects.bulk_create(made)
    Determination.objects.bulk_create(
        Determination(
            case=one,
            policy_version=version,
            engine_version="1",
            outcome="flagged" if n < flagged else "refer",
            finding_sets=[],
            evidence=[],
            facts="",
            as_of=ON,
            known_at="2024-01-15T00:00:00Z",
            requested_by=by,
            superseded_at="2024-01-16T00:00:00Z" if superseded else None,
        )
        for n, one in enumerate(made)
    )


def lines(dimension, **asked):
    (table,) = [t for t in disparity.tables(disparity.FLAGGED, **asked) if t.dimension == dimension]
    return {line.group: line for line in table.groups}


def test_only_current_determinations_count_and_every_case_is_in_every_dimension(version, screener):
    determine(version, screener, times=40, flagged=20, nationality="HN", sex="F")
    determine(version, screener, times=60, flagged=20, nationality="VE", represented=True)
    determine(version, screener, times=9, flagged=9, nationality="VE", superseded=True)

    disparity.refresh(on=ON)

    for table in disparity.tables(disparity.FLAGGED, exact=True):
        assert sum(line.rate.group.cases for line in table.groups) == 100
        assert sum(line.rate.group.events for line in table.groups) == 40
    rate = lines("nationality", exact=True)["HN"].rate
    assert (rate.group.cases, rate.group.events, rate.ratio) == (40, 20, pytest.approx(1.25))
    assert set(lines("representation", exact=True)) == {"", "yes"}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2006, 1, 16), "under 18"),
        (date(2006, 1, 15), "18-24"),
        (date(1999, 1, 16), "18-24"),
        (date(1999, 1, 15), "25-34"),
        (date(1959, 1, 16), "55-64"),
        (date(1959, 1, 15), "65+"),
        (None, ""),
    ],
)
def test_an_age_is_that_of_the_day(version, screener, born, band):
    given = {} if born is None else {"birth_date": born}
    determine(version, screener, times=1, flagged=0, **given)

    disparity.refresh(on=ON)

    assert set(lines("age", exact=True)) == {band}


def test_a_court_far_from_the_others_is_an_alert(version, screener):
    courts = {code: Court.objects.create(code=code, name=code) for code in ("NYC", "LOS", "SFR")}
    determine(version, screener, times=200, flagged=120, court=courts["NYC"])
    determine(version, screener, times=200, flagged=40, court=courts["LOS"])
    determine(version, screener, times=200, flagged=80, court=courts["SFR"])

    disparity.refresh(on=ON)

    states = {court: line.state for court, line in lines("court").items()}
    assert states == {"NYC": State.ALERT, "LOS": State.ALERT, "SFR": State.WITHIN}
    out = StringIO()
    call_command("disparity", "--alerts", "--json", stdout=out)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {(t["by"], t["group"]) for t in told} == {("court", "NYC"), ("court", "LOS")}


def test_small_counts_take_their_rate_with_them_but_not_their_state(version, screener):
    determine(version, screener, times=200, flagged=100, nationality="HN")
    determine(version, screener, times=300, flagged=150, nationality="VE")
    determine(version, screener, times=100, flagged=3, nationality="AL")

    disparity.refresh(on=ON)

    told = lines("nationality")
    # Another group goes along: with it alone unknown, the rest would tell it.
    assert {g: line.rate is None for g, line in told.items()} == {
        "AL": True,
        "HN": True,
        "VE": False,
    }
    assert told["AL"].state is State.ALERT
    assert lines("nationality", exact=True)["AL"].rate.group.events == 3


def test_counting_again_replaces_what_was_counted(version, screener):
    determine(version, screener, times=10, flagged=5)
    disparity.refresh(on=ON)
    before = RateCount.objects.count()

    disparity.refresh(on=ON)

    assert RateCount.objects.count() == before
    assert disparity.overall(disparity.FLAGGED).cases == 10


def test_the_command_counts_and_tells(version, screener):
    out = StringIO()
    call_command("disparity", stdout=out)
    assert "Nothing to tell" in out.getvalue()

    determine(version, screener, times=10, flagged=5, nationality="HN")
    call_command("disparity", "--refresh", stdout=out)

    assert "Honduras" in out.getvalue()
    assert "too few" in out.getvalue()


def of(code):
    return next(m for m in disparity.MEASURES if m.code == code)


def test_decisions_are_counted_by_group_and_by_who_decided():
    attorney, supervisor = person("attorney"), person("supervisor")
    approved(make_review(), by=attorney, supervisor=supervisor)
    excluded = make_review(outcome="not-flagged")
    advance(excluded, "take-up", act(attorney))
    advance(excluded, "propose-against-screening", proposing(attorney))
    advance(excluded, "approve", act(supervisor))
    declined = make_review(outcome="refer")
    advance(declined, "take-up", act(attorney))
    advance(declined, "decline", act(attorney))
    Review.objects.filter(pk=declined.pk).update(opened_at=now() - timedelta(days=31))
    make_review()  # nobody has decided this one

    disparity.refresh(on=ON)

    def counted(code, dimension):
        rows = RateCount.objects.filter(measure=code, dimension=dimension)
        return {row.group: (row.cases, row.events) for row in rows}

    who = {str(supervisor.pk): (2, 2), str(attorney.pk): (1, 0)}
    assert counted("approved", "reviewer") == who
    assert counted("against-screening", "custody") == {"N": (3, 1)}
    assert counted("late", "custody") == {"N": (3, 1)}
    assert disparity.overall(of("approved")).cases == 3
    assert {t.dimension for t in disparity.tables(of("late"))} == set(disparity.DIMENSIONS)


def test_who_decided_is_no_dimension_of_the_screening():
    assert {t.dimension for t in disparity.tables(disparity.FLAGGED)} == set(disparity.OF_A_CASE)
