"""What others published is kept with its source; conflicts stay visible, ours stands beside."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import PublishedFigure
from cases.statistics import release
from cases.statistics.comparison import SUBJECTS, comparisons
from cases.statistics.published import days_of
from tests.cases.statistics.test_tables import decide

FIGURES = """measure,period,value,source
eoir_completions_total,FY2023,110,EOIR
trac_completions_total,FY2023,104.5,TRAC
trac_pd_closures,2022-10..2023-01,30,TRAC
trac_pd_closures,2022-10..2023-01-15,25,TRAC
trac_asylum_granted,FY2023,9,TRAC
cbp_encounters,FY2026ytd,7,CBP
"""


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("FY2003", date(2002, 10, 1), date(2003, 9, 30)),
        ("FY2001-FY2021", date(2000, 10, 1), date(2021, 9, 30)),
        ("FY2012..2015-02", date(2011, 10, 1), date(2015, 2, 28)),
        ("FY2026ytd", date(2025, 10, 1), None),
        ("2012-09", date(2012, 9, 1), date(2012, 9, 30)),
        ("2011-10..2012-03", date(2011, 10, 1), date(2012, 3, 31)),
        ("2011-10..2012-05-31", date(2011, 10, 1), date(2012, 5, 31)),
        ("2014-07-18..2015-05-26", date(2014, 7, 18), date(2015, 5, 26)),
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_a_period_is_read_as_its_source_writes_it(period, since, until):
    assert days_of(period) == (since, until)


@pytest.mark.parametrize("period", ["", "FY03", "2012-13", "2014-02-30..2014-03-01", "2012 Q1"])
def test_another_period_is_refused(period):
    with pytest.raises(ValueError, match=r"period|month|day"):
        days_of(period)


@pytest.fixture
def figures(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text(FIGURES)
    return path


def run(*arguments):
    out = StringIO()
    call_command("import_published", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_restated_figure_is_changed(figures):
    assert "6 added, 0 changed, 0 unchanged" in run(figures)
    assert "0 added, 0 changed, 6 unchanged" in run(figures)

    figures.write_text(FIGURES.replace("FY2023,110", "FY2023,112"))

    told = json.loads(run(figures, "--json"))
    assert told == {"file": "figures.csv", "added": 0, "changed": 1, "unchanged": 5}
    assert PublishedFigure.objects.get(measure="eoir_completions_total").value == 112


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("measure,value\n", "line 1: the header"),
        ("measure,period,value,source\na,FY2003,x,TRAC\n", "line 2: a value is not readable"),
        ("measure,period,value,source\na,FY2003,1,\n", "line 2: a figure needs its measure and"),
        ("measure,period,value,source\na,FY2003,1,T\na,1. half,1,T\n", "line 3: '1. half' is no"),
        ("measure,period,value,source\na,FY2003,1\n", "line 2: zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path, text, problem):
    path = tmp_path / "bad.csv"
    path.write_text(text)

    with pytest.raises(CommandError, match=r"Nothing was taken in") as refused:
        run(path)

    assert problem in str(refused.value)
    assert not PublishedFigure.objects.exists()
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "missing.csv")


@pytest.mark.django_db
def test_a_table_of_the_united_nations_becomes_figures(tmp_path):
    path = tmp_path / "unhcr.csv"
    path.write_text(
        "year,dec_level,dec_pc,dec_recognized,dec_other,dec_rejected,dec_closed,dec_total\n"
        "2012,EO,P,7,0,5,4,16\n2012,IN,C,1,2,3,4,10\n"
    )

    run(path)

    found = PublishedFigure.objects.get(measure="unhcr_eo_recognized")
    assert (found.value, found.period) == (7, "2012")
    assert found.source.endswith("persons")
    assert PublishedFigure.objects.get(measure="unhcr_in_total").source.endswith("cases")


@pytest.mark.django_db
def test_sources_that_differ_stand_side_by_side_with_ours(figures):
    run(figures)
    decide("2022-12-15", "pd_termination", 20)
    decide("2023-01-10", "pd_termination", 4)
    decide("2023-01-20", "pd_termination", 8)
    decide("2023-05-20", "removal_ordered", 60)
    release.refresh()

    exact = {(c.title, c.until): c for c in comparisons(exact=True)}
    told = {(c.title, c.until): c for c in comparisons()}

    completions = exact["Completions", date(2023, 9, 30)]
    assert [figure.value for figure in completions.figures] == [110, pytest.approx(104.5)]
    assert (completions.conflict, completions.ours) == (True, 92)
    discretion = "Closures by prosecutorial discretion"
    assert exact[discretion, date(2023, 1, 31)].ours == 32
    assert exact[discretion, date(2023, 1, 15)].ours == 24
    assert told[discretion, date(2023, 1, 31)].ours == 32
    cut = told[discretion, date(2023, 1, 15)]
    assert (cut.ours, cut.why_not) == (None, "no published table has this period")
    assert told["Asylum granted", date(2023, 9, 30)].why_not == "not counted here"
    assert not exact["cbp_encounters", None].conflict


@pytest.mark.django_db
def test_ours_is_withheld_where_it_is_small(figures):
    run(figures)
    decide("2022-12-15", "pd_termination", 4)
    decide("2022-12-20", "dismissed", 30)
    decide("2023-05-20", "removal_ordered", 60)
    release.refresh()

    told = {c.title: c for c in comparisons() if c.until == date(2023, 1, 31)}

    discretion = told["Closures by prosecutorial discretion"]
    assert (discretion.ours, discretion.why_not) == (None, "withheld")


def test_a_measure_is_about_one_subject():
    measures = [measure for subject in SUBJECTS for measure in subject.measures]

    assert len(measures) == len(set(measures))
