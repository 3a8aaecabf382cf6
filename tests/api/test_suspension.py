"""What stood on a day, over the API: the same as the command tells."""

from __future__ import annotations

import pytest

from tests.cases.encounters.series import daily
from tests.cases.encounters.test_determine import put_on_record
from tests.cast import http, make_client

pytestmark = pytest.mark.django_db
URL = "/api/v1/suspension/"


@pytest.fixture
def counts(clerk):
    put_on_record(daily(*[1400] * 7), by=clerk)


def get(query: str = ""):
    return http(make_client("statistics:read")).get(f"{URL}{query}")


def test_it_says_what_stands_and_what_the_counts_would_support(counts):
    told = get("?on=2024-07-08").json()

    assert (told["status"], told["in_effect"]) == ("in-effect", True)
    assert told["seven_days"] == {
        "to": "2024-07-07",
        "sum": 9800,
        "average": 1400.0,
        "days_below": 1,
        "days_needed": 1,
    }
    assert told["supports"] == "stop"
    assert told["periods"][0]["by"] == "Proclamation 10773"


def test_before_the_proclamation_nothing_stood(counts):
    told = get("?on=2024-06-04").json()

    assert (told["status"], told["in_effect"]) == ("not-yet", False)


def test_what_is_no_day_is_refused():
    assert get("?on=yesterday").status_code == 400
