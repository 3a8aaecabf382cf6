"""What is withheld follows from nothing that is published, over all tables at once."""

from __future__ import annotations

import pytest

from cases.models import ReleasedCount
from cases.small_cells import SMALLEST_SHOWN, is_small
from cases.statistics import release, summary
from cases.statistics.dimensions import By
from cases.statistics.fiscal import MONTHS, up_to
from cases.statistics.kinds import CLOSURES, DISCRETION, KINDS, MERITS
from cases.statistics.tables import published
from tests.cases.statistics.attack import recovered
from tests.cases.statistics.dockets import make_docket

SIZES = [
    pytest.param(3, 1, id="a handful"),
    pytest.param(30, 2, id="few"),
    pytest.param(150, 3, id="some"),
    pytest.param(600, 4, id="many"),
    pytest.param(2500, 5, id="more"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("cases", "seed"), SIZES)
def test_nothing_withheld_can_be_recovered(cases, seed):
    make_docket(cases=cases, seed=seed)
    release.refresh()
    tables = {by: release.read(by) for by in release.DIMENSIONS}
    exact = {by: release.read(by, exact=True) for by in release.DIMENSIONS}

    found = recovered(tables, summary.office_of_court(), also=told_besides())

    assert {
        cell: n
        for cell, n in found.items()
        if is_small(exact[cell[1]][cell[0], cell[2]][cell[3]] or 0)
    } == {}


def told_besides():
    """Yield every sum that the tables tell beside their cells, with the cells that it adds."""
    for by in release.DIMENSIONS:
        for line in published(by):
            for kinds, come_to in (
                (CLOSURES, line.closures),
                (DISCRETION, line.discretion),
                (MERITS, line.merits),
            ):
                if come_to is not None:
                    yield [(line.fiscal_year, by, line.group, kind) for kind in kinds], come_to
    for month in MONTHS:
        for line in published(By.FISCAL_YEAR, to_month=month):
            for kind, come_to in line.counts.items():
                if come_to is not None:
                    cells = [(line.fiscal_year, By.MONTH, str(m), kind) for m in up_to(month)]
                    yield cells, come_to
            if line.closures is not None:
                cells = [
                    (line.fiscal_year, By.MONTH, str(m), kind)
                    for m in up_to(month)
                    for kind in CLOSURES
                ]
                yield cells, line.closures


@pytest.mark.django_db
@pytest.mark.parametrize(("cases", "seed"), SIZES)
def test_no_small_count_is_shown_and_the_rest_is_the_count(cases, seed):
    make_docket(cases=cases, seed=seed)
    release.refresh()

    for by in release.DIMENSIONS:
        exact = release.read(by, exact=True)
        for key, counts in release.read(by).items():
            for kind, n in counts.items():
                assert n is None or n == exact[key][kind]
                assert n is None or not is_small(n)


@pytest.mark.django_db
def test_most_of_what_is_not_small_is_shown():
    make_docket(cases=2500, seed=5)
    release.refresh()

    large = ReleasedCount.objects.filter(count__gte=SMALLEST_SHOWN)

    assert large.filter(withheld=True).count() < large.count() / 4


def test_a_kind_that_is_small_over_a_year_takes_the_next_with_it():
    totals = {"dismissed": 3, "terminated": 40, "denied": 500}
    tables = {By.FISCAL_YEAR: {"": totals}, By.CUSTODY: {"N": totals}}

    hidden = release.to_withhold(tables, {})

    assert hidden == {
        release.Key(by, group, kind)
        for by, group in ((By.FISCAL_YEAR, ""), (By.CUSTODY, "N"))
        for kind in ("dismissed", "terminated")
    }


def test_a_year_with_hardly_a_completion_is_withheld_whole():
    totals = {"dismissed": 3, "terminated": 4}
    tables = {By.FISCAL_YEAR: {"": totals}, By.CUSTODY: {"N": totals}}

    hidden = release.to_withhold(tables, {})

    assert {key.kind for key in hidden} == {"dismissed", "terminated", release.TOTAL}


def test_an_office_does_not_tell_its_only_court():
    kinds = {"dismissed": 50, "denied": 60}
    courts = {
        "NYC": {"dismissed": 3, "denied": 30},
        "LOS": {"dismissed": 30, "denied": 20},
        "SFR": {"dismissed": 17, "denied": 10},
    }
    offices = {"east": courts["NYC"], "west": {"dismissed": 47, "denied": 30}}
    tables = {By.FISCAL_YEAR: {"": kinds}, By.OFFICE: offices, By.COURT: courts}

    hidden = release.to_withhold(tables, {"NYC": "east", "LOS": "west", "SFR": "west"})

    assert release.Key(By.COURT, "NYC", "dismissed") in hidden
    assert release.Key(By.OFFICE, "east", "dismissed") in hidden
    assert release.Key(By.OFFICE, "west", "dismissed") in hidden


def test_the_attack_finds_what_a_careless_table_gives_away():
    nothing = dict.fromkeys(KINDS, 0)
    tables = {
        By.FISCAL_YEAR: {(2023, ""): nothing | {"dismissed": 50, "denied": 60, "": 110}},
        By.CUSTODY: {
            (2023, "D"): nothing | {"dismissed": None, "denied": 20, "": 23},
            (2023, "N"): nothing | {"dismissed": 47, "denied": 40, "": 87},
        },
    }

    assert recovered(tables, {}) == {(2023, By.CUSTODY, "D", "dismissed"): 3}
