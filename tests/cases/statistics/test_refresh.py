"""The numbers are counted anew by a delivery, a command and a task."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from cases.intake.load import load
from cases.models import ReleasedCount, StatisticsRefresh
from cases.statistics import closures_by_fiscal_year, release
from cases.tasks import refresh_statistics
from screening.tasks import refresh_disparity
from tests.cases.statistics.dockets import make_docket
from tests.deliveries import case, proceeding, write

pytestmark = pytest.mark.django_db
CLOSED = {"COMP_DATE": "2023-02-03 00:00:00.000", "OTHER_COMP": "Y"}


def test_a_delivery_refreshes_the_numbers_with_the_record(tmp_path, clerk):
    first = write(
        tmp_path / "a", A_TblCase=[case(101)], B_TblProceeding=[proceeding(1, 101, **CLOSED)]
    )
    load(first, by=clerk)
    assert [year.closures for year in closures_by_fiscal_year()] == [1]

    second = write(
        tmp_path / "b", A_TblCase=[case(102)], B_TblProceeding=[proceeding(2, 102, **CLOSED)]
    )
    load(second, by=clerk)

    assert [year.closures for year in closures_by_fiscal_year()] == [2]
    assert StatisticsRefresh.objects.count() == 2


def test_a_years_tables_are_written_only_if_a_count_changed():
    make_docket(cases=300, seed=41)
    release.refresh()
    before = set(ReleasedCount.objects.values_list("pk", flat=True))

    release.refresh()
    assert set(ReleasedCount.objects.values_list("pk", flat=True)) == before

    ReleasedCount.objects.filter(fiscal_year=2023).first().delete()
    release.refresh()
    after = ReleasedCount.objects.filter(pk__in=before)
    assert {cell.fiscal_year for cell in after} == {2021, 2022, 2024}


def test_a_year_that_is_gone_leaves_no_table():
    ReleasedCount.objects.create(fiscal_year=1999, dimension="court", count=5, withheld=True)

    release.refresh()

    assert not ReleasedCount.objects.exists()


def test_the_command_and_the_tasks_count_as_well():
    make_docket(cases=50, seed=42)
    out = StringIO()

    call_command("refresh_statistics", "--json", stdout=out)
    call_command("refresh_statistics", stdout=out)

    first, *words = out.getvalue().splitlines()
    told = json.loads(first)
    assert told["completions"] > 0
    assert "cells are withheld" in " ".join(words)
    assert refresh_statistics() == told["completions"]
    assert refresh_disparity() == 0
