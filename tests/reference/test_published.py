"""The published figures themselves, taken in and set side by side."""

from __future__ import annotations

import pytest

from cases.models import PublishedFigure
from cases.statistics.comparison import SUBJECT_OF, comparisons
from cases.statistics.published import load

pytestmark = [pytest.mark.reference, pytest.mark.django_db]


@pytest.fixture
def taken_in(data):
    files = ("published_totals.csv", "us_asylum_decisions_by_year.csv")
    return {name: load(data / "outcomes" / name) for name in files}


def test_every_figure_is_taken_in(taken_in):
    assert taken_in["published_totals.csv"]["added"] == 113
    assert taken_in["us_asylum_decisions_by_year.csv"]["added"] == 60 * 5
    assert set(SUBJECT_OF) <= set(
        PublishedFigure.objects.values_list("measure", flat=True).distinct()
    )


def test_conflicts_between_sources_stay_visible(taken_in):
    found = {(c.title, f.period): c for c in comparisons() for f in c.figures}

    completions = found["Completions", "FY2020"]
    assert completions.conflict
    assert {f.source[:4]: int(f.value) for f in completions.figures} == {
        "EOIR": 231_659,
        "trac": 243_226,
    }
    restated = found["Closures by prosecutorial discretion", "FY2012"]
    assert sorted(int(f.value) for f in restated.figures) == [9_616, 9_684]


def test_the_unaccompanied_childrens_docket_adds_up(taken_in):
    parts = PublishedFigure.objects.filter(measure__startswith="eoir_uc_priority").exclude(
        measure__in=("eoir_uc_priority_total", "eoir_uc_priority_remove_absentia")
    )

    assert sum(figure.value for figure in parts) == 10_591
