"""Our reading of the monthly files that CBP publishes, held to its own totals."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum

from cases.encounters.counts import Series, counts_on_record
from cases.encounters.trigger import read
from cases.models import EncounterCount

pytestmark = [pytest.mark.reference, pytest.mark.django_db]

TOTALS = {
    "2020": {"all_regions": 646_822, "southwest": 458_088},
    "2021": {"all_regions": 1_956_519, "southwest": 1_734_686},
    "2022": {"all_regions": 2_766_582, "southwest": 2_378_944},
}


@pytest.fixture
def told(data):
    out = StringIO()
    file = data / "encounters" / "cbp_nationwide_fy20_fy22.csv"
    call_command("import_encounters", str(file), "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_fiscal_years_are_what_cbp_says(told):
    assert told["fiscal_years"] == TOTALS
    assert (told["read"], told["revised"]) == (29_103, 0)


def test_the_days_of_each_month_sum_to_the_month(told):
    for year, total in TOTALS.items():
        days = EncounterCount.objects.filter(
            day__gte=date(int(year) - 1, 10, 1), day__lte=date(int(year), 9, 30)
        )
        for category, name in (("all-regions", "all_regions"), ("southwest", "southwest")):
            assert days.filter(category=category).aggregate(n=Sum("count"))["n"] == total[name]
    assert set(EncounterCount.objects.values_list("basis", flat=True)) == {"derived"}


def test_published_months_cross_2500_in_january_2021_and_say_nothing_between_ports(told):
    days = {r.day: r for r in read(counts_on_record(Series.PUBLISHED))}

    assert not days[date(2020, 12, 31)].high  # 73,994 in 31 days
    assert days[date(2021, 1, 31)].high  # 78,414
    assert counts_on_record(Series.DERIVED) == {}
