"""The summary table is what the plain query finds, whatever is on record."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from cases.intake.codes import ASYLUM_APPLICATIONS
from cases.models import Application, Case, CompletionCount, Proceeding
from cases.statistics import plain, release, summary
from cases.statistics.dimensions import By
from cases.statistics.fiscal import first_day, fiscal_year, last_day
from cases.statistics.kinds import completion, in_absentia
from tests.cases.statistics.dockets import COURTS, make_docket

pytestmark = pytest.mark.django_db


def one_by_one():
    """Count the proceedings as objects, one after the other."""
    asked = set(
        Application.objects.filter(code__in=ASYLUM_APPLICATIONS).values_list("case_id", flat=True)
    )
    words = {True: "yes", False: "no", None: ""}
    counted = Counter()
    for p in Proceeding.objects.exclude(completed_on=None).select_related("case__respondent"):
        kind = completion(p.case_type, p.decision_code, p.other_completion)
        if kind is None:
            continue
        key = (
            p.completed_on.replace(day=1),
            p.base_city if p.base_city in COURTS else "",
            p.case.respondent.nationality or "",
            words[p.case.represented],
            p.custody or p.case.custody,
            p.case_type,
            words[p.case_id in asked],
            p.case.priority_code,
            in_absentia(kind, p.absentia).value,
        )
        counted[key] += 1
    return counted


def summed():
    rows = CompletionCount.objects.values_list(*summary.KEY, "completions")
    return {key: n for *key, n in ((*row[:-1], row[-1]) for row in rows) for key in [tuple(key)]}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_table_is_what_the_proceedings_say(seed):
    make_docket(cases=400, seed=seed)
    release.refresh()
    assert summed() == one_by_one()

    Case.objects.filter(idncase__lte=100).update(represented=True, custody="D")
    Proceeding.objects.filter(case__lte=50).update(decision_code="U")
    Proceeding.objects.filter(case__gt=350).delete()
    release.refresh()

    assert summed() == one_by_one()


def test_what_is_the_same_is_not_written_again():
    make_docket(cases=100, seed=4)
    release.refresh()
    before = set(CompletionCount.objects.values_list("pk", flat=True))

    Proceeding.objects.filter(idnproceeding=Proceeding.objects.first().pk).update(
        decision_code="U", completed_on=date(2030, 1, 1)
    )
    release.refresh()

    after = set(CompletionCount.objects.values_list("pk", flat=True))
    assert len(before - after) <= 2
    assert len(after - before) <= 2


@pytest.mark.parametrize("narrowed", [{}, {"asylum_only": True}, {"priority": "UC"}])
def test_fiscal_years_are_what_the_plain_query_finds(narrowed):
    make_docket(cases=400, seed=5)
    release.refresh()

    found = summary.counts(By.FISCAL_YEAR, **narrowed)

    assert len(found) >= 3
    for (year, _), counts in found.items():
        these = plain.completed(since=first_day(year), until=last_day(year), **narrowed)
        assert counts == {kind.value: n for kind, n in plain.count(these).items()}


def test_every_dimension_adds_up_to_the_years():
    make_docket(cases=400, seed=6)
    release.refresh()
    years = summary.counts(By.FISCAL_YEAR)

    for by in set(By) - {By.FORM}:
        totals: dict[int, Counter[str]] = {}
        for (year, _), counts in summary.counts(by).items():
            totals.setdefault(year, Counter()).update(counts)
        assert totals == {year: counts for (year, _), counts in years.items()}, by


def test_the_year_begins_in_october():
    assert fiscal_year(date(2023, 9, 30)) == 2023
    assert fiscal_year(date(2023, 10, 1)) == 2024
