"""The API tells the published tables, with the same counts for every caller."""

from __future__ import annotations

from datetime import date

import pytest

from cases.models import Proceeding, PublishedFigure
from cases.statistics import release, tables
from cases.statistics.dimensions import By
from cases.statistics.kinds import KINDS
from screening import disparity
from tests.cases.statistics.dockets import make_docket
from tests.cases.statistics.test_tables import decide
from tests.cast import http, make_client, screened
from tests.cast import make_case as make_screened_case

pytestmark = pytest.mark.django_db
COMPLETIONS = "/api/v1/statistics/completions/"


@pytest.fixture
def caller():
    return http(make_client("statistics:read"))


@pytest.mark.parametrize("by", list(By))
def test_every_published_table_is_told(caller, by):
    make_docket(cases=200, seed=31)
    release.refresh()

    told = caller.get(COMPLETIONS, {"by": by.value}).json()

    lines = tables.published(by)
    assert told["withheld_below"] == 10
    assert len(told["results"]) == len(lines)
    for line, answer in zip(lines, told["results"], strict=True):
        assert answer["closures"] == line.closures
        assert answer["kinds"] == {kind: line.counts[kind] for kind in KINDS if kind in line.counts}
    assert any(n is None for answer in told["results"] for n in answer["kinds"].values())


def test_a_client_that_sees_everything_is_told_no_more(caller):
    make_docket(cases=100, seed=32)
    release.refresh()
    all_seeing = http(make_client(all_offices=True, sees_protected=True))

    assert all_seeing.get(COMPLETIONS).json() == caller.get(COMPLETIONS).json()


def test_a_year_and_months_to_date_narrow_it(caller):
    decide("2022-12-15", "dismissed", 20)
    decide("2023-03-15", "dismissed", 30)
    release.refresh()

    (line,) = caller.get(COMPLETIONS, {"fiscal_year": 2023, "to_month": 1}).json()["results"]
    whole = caller.get(COMPLETIONS, {"fiscal_year": 2023}).json()["results"][0]

    assert (line["completions"], whole["completions"]) == (20, 50)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"by": "judge"}, "by"),
        ({"by": "court", "to_month": 3}, "to_month"),
        ({"to_month": 13}, "to_month"),
        ({"office": "NYC"}, "office"),
    ],
)
def test_another_question_is_refused_by_name(caller, query, wrong):
    answer = caller.get(COMPLETIONS, query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == wrong


def test_before_anything_is_counted_nothing_is_told(caller):
    told = caller.get(COMPLETIONS).json()

    assert (told["counted_at"], told["results"]) == (None, [])


def test_published_figures_come_with_their_sources(caller):
    for source, value in (("EOIR", 231_659), ("TRAC", 243_226)):
        PublishedFigure.objects.create(
            measure=f"{source.lower()}_completions_total",
            period="FY2020",
            since=date(2019, 10, 1),
            until=date(2020, 9, 30),
            value=value,
            source=source,
        )
    Proceeding.objects.all().delete()

    (about,) = caller.get("/api/v1/statistics/published-figures/").json()["results"]

    assert (about["subject"], about["sources_differ"], about["ours"]) == ("Completions", True, 0)
    assert [f["value"] for f in about["figures"]] == [231_659, 243_226]


def test_rates_are_told_by_every_dimension(caller, screener):
    for _ in range(3):
        screened(make_screened_case(), screener)
    disparity.refresh(on=date(2024, 1, 15))

    told = caller.get("/api/v1/statistics/disparities/").json()

    assert [table["dimension"] for table in told["results"]] == list(disparity.OF_A_CASE)
    (group,) = told["results"][0]["groups"]
    assert (group["state"], group["cases"], group["rate"]) == ("too-few", None, None)
