"""Shares, changes and totals say no more than the cells that they are computed from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.models import Case, Proceeding, Respondent
from cases.statistics import release, tables
from cases.statistics.dimensions import FORMS, By
from cases.statistics.fiscal import up_to
from cases.statistics.kinds import CLOSURES, KINDS
from cases.statistics.release import TOTAL
from tests.cases.statistics.dockets import make_docket

CODES = {"dismissed": ("U", ""), "removal_ordered": ("X", ""), "pd_termination": ("", "I")}


def decide(day: str, kind: str, times: int) -> None:
    """Put so many cases on record that ended so on this day."""
    decision_code, other = CODES[kind]
    person = Respondent.objects.create(nationality="HN")
    first = Proceeding.objects.count() + 1
    numbers = range(first, first + times)
    made = Case.objects.bulk_create(
        Case(idncase=n, respondent=person, case_type="RMV", custody="N") for n in numbers
    )
    Proceeding.objects.bulk_create(
        Proceeding(
            idnproceeding=case.idncase,
            case=case,
            case_type="RMV",
            decision_code=decision_code,
            other_completion=other,
            completed_on=date.fromisoformat(day),
        )
        for case in made
    )


@pytest.mark.django_db
def test_years_to_date_hold_the_same_months_of_each_year():
    decide("2022-10-01", "dismissed", 20)
    decide("2023-02-28", "dismissed", 30)
    decide("2023-03-01", "dismissed", 40)
    decide("2023-12-31", "dismissed", 50)
    decide("2024-02-29", "removal_ordered", 25)
    release.refresh()

    lines = tables.published(By.FISCAL_YEAR, to_month=2)

    assert [(line.fiscal_year, line.completions, line.closures) for line in lines] == [
        (2023, 50, 50),
        (2024, 75, 50),
    ]
    assert (lines[1].change, lines[1].change_percent, lines[1].running) == (0, 0.0, 100)
    assert round(lines[1].share_percent) == 67


@pytest.mark.django_db
def test_months_run_from_october_and_add_up_within_the_year():
    decide("2022-12-15", "dismissed", 20)
    decide("2023-01-15", "dismissed", 30)
    decide("2024-01-15", "dismissed", 45)
    release.refresh()

    lines = tables.published(By.MONTH)

    assert [(line.name, line.closures, line.running) for line in lines] == [
        ("December", 20, 20),
        ("January", 30, 50),
        ("January", 45, 45),
    ]
    assert (lines[2].change, lines[2].change_percent) == (15, 50.0)


@pytest.mark.django_db
def test_a_group_without_a_case_the_year_before_had_none():
    decide("2022-12-15", "dismissed", 20)
    decide("2024-01-15", "pd_termination", 45)
    release.refresh()
    Case.objects.filter(proceedings__other_completion="I").update(priority_code="UC")
    release.refresh()

    lines = {(line.fiscal_year, line.group): line for line in tables.published(By.PRIORITY)}

    assert lines[2023, ""].change is None  # no year before is on record
    assert (lines[2024, "UC"].change, lines[2024, "UC"].change_percent) == (45, None)


@pytest.mark.django_db
def test_forms_of_discretion_have_lines_of_their_own_and_dismissal_is_apart():
    decide("2023-01-15", "dismissed", 20)
    decide("2023-01-15", "pd_termination", 30)
    decide("2023-01-15", "removal_ordered", 50)
    release.refresh()

    lines = {line.group: line for line in tables.published(By.FORM)}

    assert tuple(lines) == FORMS
    assert (lines["pd_termination"].closures, lines["pd_termination"].share_percent) == (30, 30.0)
    assert (lines["dismissed"].closures, lines["dismissed"].discretion) == (20, 0)


@pytest.mark.django_db
def test_what_is_withheld_takes_along_what_would_tell_it():
    decide("2023-01-15", "dismissed", 3)
    decide("2023-01-15", "pd_termination", 20)
    decide("2023-02-15", "removal_ordered", 50)
    release.refresh()

    (line,) = tables.published(By.FISCAL_YEAR)
    (exact,) = tables.published(By.FISCAL_YEAR, exact=True)

    # All closures together are what the rest leaves: shown, so told.
    assert (line.counts["dismissed"], line.counts["pd_termination"]) == (None, None)
    assert (line.closures, line.discretion) == (23, None)
    assert (exact.counts["dismissed"], exact.discretion) == (3, 20)


@pytest.mark.django_db
@pytest.mark.parametrize("to_month", [None, *range(1, 13)])
def test_every_number_told_is_the_number(to_month):
    make_docket(cases=600, seed=8)
    release.refresh()

    for by in By:
        if to_month is not None and by not in (By.FISCAL_YEAR, By.MONTH, By.FORM):
            continue
        exact = {
            (line.fiscal_year, line.group): line for line in tables.counted(by, to_month=to_month)
        }
        lines = tables.published(by, to_month=to_month)
        assert lines
        for line in lines:
            real = exact.get((line.fiscal_year, line.group))
            if real is None:  # a year without a case in these months
                assert line.completions in (0, None)
                continue
            for name in ("completions", "closures", "discretion", "merits", "running"):
                assert getattr(line, name) in (getattr(real, name), None), name


def test_months_to_date_never_split_what_is_withheld():
    """What the sum up to a month leaves unknown is nothing, or all that is withheld of the year."""
    months = {month: None if month in (11, 2) else 20 for month in up_to(9)}

    told = {
        month: tables._to_date(
            [months[m] for m in up_to(month)],
            [months[m] for m in up_to(9) if m not in up_to(month)],
            260,
        )
        for month in months
    }

    assert told == {
        10: 20,
        **dict.fromkeys((11, 12, 1)),
        2: 120,
        **{month: 120 + 20 * n for n, month in enumerate(range(3, 10), 1)},
    }


def test_a_sum_is_told_where_it_follows_and_withheld_where_not():
    counts = dict.fromkeys(KINDS, 10) | {TOTAL: 160}

    assert tables.told(counts, CLOSURES) == 60
    assert tables.told(counts | {"dismissed": None}, CLOSURES) == 60
    assert tables.told(counts | {"dismissed": None, "denied": None}, CLOSURES) is None
    assert tables.told(counts | {"dismissed": None, TOTAL: None}, CLOSURES) is None


def test_a_day_counts_in_the_month_it_falls_in():
    assert up_to(10) == (10,)
    assert up_to(1) == (10, 11, 12, 1)
    assert len(up_to(9)) == 12
    assert date(2023, 9, 30) + timedelta(days=1) == date(2023, 10, 1)
