"""Files of counts: taken in whole or not at all, once, and never mixed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.accounts import machine_account
from cases.encounters.counts import (
    Series,
    counts_on_record,
    data_version,
    fullest_series,
    take_in,
)
from cases.encounters.files import CountsRefused, read_file
from cases.models import EncounterCount
from cases.models.encounters import Category

pytestmark = pytest.mark.django_db

HEAD = "date,category,version,count,source,status"
MONTHLY = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Demographic,"
    "Citizenship,Encounter Count"
)


def line(day="2024-07-01", category="others", version=1, count=1400, status="provisional"):
    return f"{day},{category},{version},{count},synthetic,{status}"


@pytest.fixture
def write(tmp_path):
    def written(*lines, name="counts.csv", head=HEAD):
        path = tmp_path / name
        path.write_text("\n".join([head, *lines]) + "\n")
        return path

    return written


def test_a_daily_file_is_on_record_with_its_version_and_source(write, clerk):
    taken = take_in(write(line(), line(category="children-contiguous", count=30)), by=clerk)

    assert (taken.added, taken.revised, taken.unchanged) == (2, 0, 0)
    row = EncounterCount.objects.get(category="others")
    assert (row.day, row.version, row.count, row.final) == (date(2024, 7, 1), 1, 1400, False)
    assert (row.basis, row.source, row.recorded_by) == ("daily", "synthetic", clerk)


def test_the_same_again_changes_nothing(write, clerk):
    path = write(line(), line(day="2024-07-02"))
    take_in(path, by=clerk)
    newest = data_version()

    again = take_in(path, by=clerk)

    assert (again.added, again.revised, again.unchanged) == (0, 0, 2)
    assert data_version() == newest


def test_a_revision_stands_beside_what_it_revises(write, clerk):
    take_in(write(line(count=1400)), by=clerk)
    before = data_version()

    taken = take_in(write(line(version=2, count=1650, status="final")), by=clerk)

    assert taken.revised == 1
    assert list(EncounterCount.objects.values_list("version", "count")) == [(2, 1650), (1, 1400)]
    day = date(2024, 7, 1)
    assert counts_on_record(Series.DAILY)[day][Category.OTHERS] == 1650
    assert counts_on_record(Series.DAILY, known_at=before)[day][Category.OTHERS] == 1400


def test_an_older_version_that_comes_later_is_not_the_current_one(write, clerk):
    take_in(write(line(version=2, count=1650)), by=clerk)

    take_in(write(line(version=1, count=1400)), by=clerk)

    counts = counts_on_record(Series.DAILY)
    assert counts[date(2024, 7, 1)] == {Category.OTHERS: 1650}


def test_another_count_of_the_same_version_is_refused(write, clerk):
    take_in(write(line(count=1400)), by=clerk)

    with pytest.raises(CountsRefused, match="on record with 1,400, not 1,500"):
        take_in(write(line(count=1500), line(day="2024-07-02")), by=clerk)

    assert EncounterCount.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (line(day="2024-02-30"), r"line 3, column date: '2024-02-30' is not a day"),
        (line(day="01/07/2024"), r"line 3, column date: '01/07/2024' is not a day"),
        (line(day="0202-07-01"), r"line 3, column date"),
        (line(category="adults"), r"line 3, column category: 'adults' is not one of others, "),
        (line(category="southwest"), r"line 3, column category"),
        (line(version=0), r"line 3, column version: '0' is not a number from 1"),
        (line(version=""), r"line 3, column version"),
        (line(count=-3), r"line 3, column count: '-3' is not a whole number from 0"),
        (line(count="1.5"), r"line 3, column count"),
        (line(count="\uff11\uff14"), r"line 3, column count"),
        (line(count=10**9), r"line 3, column count"),
        (line(count="1" * 5_000), r"line 3, column count"),
        (line(status="draft"), r"line 3, column status: 'draft' is not one of provisional, final"),
        ("2024-07-02,others,1,5,,final", r"line 3, column source"),
        ("2024-07-02,others", r"line 3: 2 columns where 6 are named"),
        (line(), r"line 3, column version: version 1 of others on 2024-07-01 stands"),
        ('2024-07-02,"others', r"line 3: unexpected end of data"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(write, clerk, wrong, reason):
    with pytest.raises(CountsRefused, match=rf"counts\.csv, {reason}") as refused:
        take_in(write(line(), wrong), by=clerk)

    assert "Nothing was taken." in str(refused.value)
    assert not EncounterCount.objects.exists()


def test_every_problem_is_told_up_to_twenty(write, clerk):
    with pytest.raises(CountsRefused) as refused:
        take_in(write(*[line(count="x")] * 25), by=clerk)

    assert str(refused.value).count("column count") == 20
    assert "... and 5 more." in str(refused.value)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("date,count", "line 1: the columns are neither"),
        (HEAD + ",date", "line 1: the columns are neither"),
        ("", "line 1: the columns are neither"),
    ],
)
def test_a_file_of_another_kind_is_refused(write, head, reason):
    with pytest.raises(CountsRefused, match=reason):
        read_file(write("1,2", head=head))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    (tmp_path / "latin.csv").write_bytes(f"{HEAD}\n".encode() + b"2024-07-01,caf\xe9")

    with pytest.raises(CountsRefused, match=r"none\.csv, line 1: No such file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(CountsRefused, match=r"latin\.csv, line 2: this is not text in UTF-8"):
        read_file(tmp_path / "latin.csv")


def test_a_file_without_counts_is_refused(write):
    with pytest.raises(CountsRefused, match="there is no count"):
        read_file(write())


# Months of CBP


def month(
    count,
    *,
    abbv="NOV",
    component="U.S. Border Patrol",
    region="Southwest Land Border",
    who="Single Adults",
    citizenship="MEXICO",
    year="2025 (FYTD)",
):
    return f'{year},FYTD,{abbv},{component},{region},{who},{citizenship},"{count}"'


def test_a_month_is_spread_over_its_days_in_the_right_calendar_year(write, clerk):
    path = write(month("46,612"), head=MONTHLY)

    taken = take_in(path, by=clerk)

    rows = EncounterCount.objects.filter(category="others")
    days = [row.day for row in rows]
    assert (min(days), max(days), len(days)) == (date(2024, 11, 1), date(2024, 11, 30), 30)
    assert sum(row.count for row in rows) == 46_612
    assert {row.basis for row in rows} == {"derived"}
    assert taken.file.totals == {2025: {"all_regions": 46_612, "southwest": 46_612}}


def test_only_the_border_patrol_in_the_south_west_is_between_ports(write, clerk):
    path = write(
        month("300"),
        month("30", who="UC / Single Minors"),
        month("60", who="UC / Single Minors", citizenship="GUATEMALA"),
        month("9,000", component="Office of Field Operations"),
        month("90", region="Northern Land Border"),
        month("60", region="Other"),
        head=MONTHLY,
    )

    taken = take_in(path, by=clerk)

    day = counts_on_record(Series.DERIVED)[date(2024, 11, 15)]
    assert day == {
        Category.OTHERS: 10,
        Category.CHILDREN_CONTIGUOUS: 1,
        Category.CHILDREN_ELSEWHERE: 2,
    }
    assert counts_on_record(Series.PUBLISHED)[date(2024, 11, 15)][Category.OTHERS] == 313
    assert taken.file.totals[2025] == {"all_regions": 9_540, "southwest": 9_390}


def test_without_the_component_nothing_is_taken_for_between_ports(write, clerk):
    head = MONTHLY.replace("Component,", "")
    lines = [month("300").replace("U.S. Border Patrol,", "")]

    take_in(write(*lines, head=head), by=clerk)

    assert counts_on_record(Series.DERIVED) == {}
    assert fullest_series() == Series.PUBLISHED
    assert sum(d[Category.OTHERS] for d in counts_on_record(Series.PUBLISHED).values()) == 300


def test_a_revised_month_is_a_version_of_the_days_that_change(write, clerk):
    take_in(write(month("3,000"), head=MONTHLY), by=clerk)

    taken = take_in(write(month("3,001"), head=MONTHLY), by=clerk)

    assert taken.revised == 3  # one day, in each of its three categories
    total = sum(d[Category.OTHERS] for d in counts_on_record(Series.DERIVED).values())
    assert total == 3_001


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (month("5", abbv="NOVEMBER"), r"line 3, column Month \(abbv\): 'NOVEMBER'"),
        (month("5", region="Southwest"), r"line 3, column Land Border Region"),
        (month("5", year="FY25"), r"line 3, column Fiscal Year"),
        (month("1,23"), r"line 3, column Encounter Count: '1,23'"),
        (month("5", component="USCG"), r"line 3, column Component"),
    ],
)
def test_a_wrong_line_of_a_month_is_refused_with_its_place(write, clerk, wrong, reason):
    with pytest.raises(CountsRefused, match=reason):
        take_in(write(month("5"), wrong, head=MONTHLY), by=clerk)

    assert not EncounterCount.objects.exists()


def test_daily_and_derived_days_are_never_mixed(write, clerk):
    take_in(write(month("45,000"), head=MONTHLY), by=clerk)
    take_in(write(line(day="2024-11-15", count=9)), by=clerk)

    assert counts_on_record(Series.DAILY) == {date(2024, 11, 15): {Category.OTHERS: 9}}
    assert counts_on_record(Series.DERIVED)[date(2024, 11, 15)][Category.OTHERS] == 1_500
    assert fullest_series() == Series.DAILY


# What the database refuses


@pytest.mark.parametrize("statement", ["UPDATE {} SET count = 0", "DELETE FROM {}"])
def test_a_count_is_never_edited_or_deleted(write, clerk, statement):
    take_in(write(line()), by=clerk)

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        connection.cursor().execute(statement.format("cases_encountercount"))

    assert EncounterCount.objects.get().count == 1400


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "a_version_of_a_count_is_on_record_once"),
        ({"category": "adults"}, "a_count_is_of_a_known_category"),
        ({"category": "southwest"}, "published_months_are_no_daily_counts"),
    ],
)
def test_a_count_that_is_double_or_unknown_is_refused(write, clerk, change, constraint):
    take_in(write(line()), by=clerk)
    row = EncounterCount.objects.get()
    row.pk = None
    row._state.adding = True
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()


LINES = st.dictionaries(
    st.tuples(
        st.dates(date(2024, 2, 25), date(2024, 3, 5)),
        st.sampled_from(["others", "children-contiguous", "children-elsewhere"]),
        st.integers(1, 3),
    ),
    st.integers(0, 5_000),
    min_size=1,
    max_size=25,
)


class TestOverAnyFile(TestCase):
    @settings(deadline=None, max_examples=50)
    @given(LINES)
    def test_importing_twice_is_importing_once(self, counts):
        by = machine_account("intake")
        with TemporaryDirectory() as directory:
            path = Path(directory) / "counts.csv"
            lines = [line(day, cat, v, n) for (day, cat, v), n in counts.items()]
            path.write_text("\n".join([HEAD, *lines]) + "\n")

            first, second = take_in(path, by=by), take_in(path, by=by)

        assert first.added + first.revised == len(counts)
        assert (second.added, second.revised, second.unchanged) == (0, 0, len(counts))
        on_record = counts_on_record(Series.DAILY)
        for day, category, _ in counts:
            highest = max(v for d, c, v in counts if (d, c) == (day, category))
            assert on_record[day][Category(category)] == counts[day, category, highest]
