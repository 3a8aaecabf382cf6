"""The command counts by every dimension, to date, and over a period of days."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Proceeding, Respondent
from cases.statistics import release, summary
from cases.statistics.dimensions import By
from tests.cases.statistics.dockets import make_docket

pytestmark = pytest.mark.django_db

PRIORITY_DOCKET = {
    # EOIR's unaccompanied-children priority docket, 18 July 2014 to 26 May 2015.
    "voluntary_departure": ("V", "", "N", 422),
    "terminated": ("T", "", "N", 1187),
    "removal_ordered": ("X", "", "N", 6248 - 5453),
    "removal_in_absentia": ("X", "", "Y", 5453),
    "relief_granted": ("R", "", "N", 6),
    "pd_termination": ("I", "", "N", 12),
    "other_decision": ("O", "", "N", 9),
    "pd_administrative_closure": ("", "Y", "N", 64),
    "other_administrative": ("", "O", "N", 36),
    "administrative_closure": ("", "A", "N", 2607),
}


def run(*arguments):
    out = StringIO()
    call_command("closure_statistics", *arguments, stdout=out)
    return out.getvalue()


def objects(*arguments):
    return [json.loads(line) for line in run(*arguments, "--json").splitlines()]


@pytest.mark.parametrize("by", list(By))
def test_every_dimension_adds_up_to_the_closures_of_the_year(by):
    make_docket(cases=300, seed=11)
    release.refresh()
    years = {year["fiscal_year"]: year for year in objects()}

    lines = objects("--by", by.value)

    for number, year in years.items():
        of_year = [line for line in lines if line["fiscal_year"] == number]
        closures = sum(line["closures"] for line in of_year)
        if by is By.FORM:
            closures += year["administrative_closure"] + year["terminated"]
        assert closures == year["closures"]
    assert f"{IN_TITLE.get(by, by.value)}" in run("--by", by.value)


IN_TITLE = {
    By.FISCAL_YEAR: "fiscal year",
    By.CASE_TYPE: "case type",
    By.FORM: "form of discretion",
}


def test_years_to_date_are_shorter_and_say_so():
    make_docket(cases=300, seed=12)
    release.refresh()

    whole, to_date = objects(), objects("--to-date=1")

    assert sum(y["completions"] for y in to_date) < sum(y["completions"] for y in whole)
    assert "October to month 1 of each" in run("--to-date=1")


def test_as_published_small_counts_are_withheld():
    make_docket(cases=30, seed=13)
    release.refresh()

    assert any(line["dismissed"] is None for line in objects("--published", "--by=court"))
    assert "withheld" in run("--published", "--by=court")
    with pytest.raises(CommandError, match="not published by office"):
        run("--published", "--by=office", "--to-date=1")
    with pytest.raises(CommandError, match="use --by asylum"):
        run("--published", "--asylum-only")


def test_the_last_years_are_years_and_not_lines():
    make_docket(cases=300, seed=14)
    release.refresh()

    assert {line["fiscal_year"] for line in objects("--by=court", "--last=2")} == {2023, 2024}


def test_the_priority_docket_of_unaccompanied_children_is_told_as_eoir_told_it():
    """The one official table that separates all these categories, from rows that encode it."""
    person = Respondent.objects.create()
    number = 0
    for *codes, times in PRIORITY_DOCKET.values():
        for priority, day in (("UC", "2014-07-18"), ("UC", "2015-05-26"), ("UC", "2015-05-27")):
            # Half of them on each of the first and last day; as many after, and of other dockets.
            share = times // 2 if day != "2015-05-26" else times - times // 2
            make(person, number, share, priority=priority, day=day, codes=codes)
            number += share
        make(person, number, 5, priority="AWC/ATD", day="2015-01-05", codes=codes)
        number += 5
    make(person, number, 7, priority="UC", day="2015-01-05", codes=("", "C", "N"))

    (told,) = objects("--since=2014-07-18", "--until=2015-05-26", "--priority=UC")

    assert {kind: n for kind, n in told.items() if n} == {
        **{kind: times for kind, (*_, times) in PRIORITY_DOCKET.items()},
        "completions": 10_591,
    }
    assert told["removal_ordered"] + told["removal_in_absentia"] == 6248
    assert "10,591" in run("--since=2014-07-18", "--until=2015-05-26", "--priority=UC")

    release.refresh()
    by_priority = summary.counts(By.PRIORITY)
    # The summary is by month: the day after is in May as well.
    later = sum(times // 2 for *_, times in PRIORITY_DOCKET.values())
    assert by_priority[2014, "UC"].total() + by_priority[2015, "UC"].total() == 10_591 + later


def make(person, first, times, *, priority, day, codes):
    decision_code, other, absentia = codes
    made = Case.objects.bulk_create(
        Case(idncase=n, respondent=person, case_type="RMV", priority_code=priority)
        for n in range(first, first + times)
    )
    Proceeding.objects.bulk_create(
        Proceeding(
            idnproceeding=case.idncase,
            case=case,
            case_type="RMV",
            decision_code=decision_code,
            other_completion=other,
            absentia=absentia,
            completed_on=day,
        )
        for case in made
    )
