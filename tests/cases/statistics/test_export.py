"""Tables are taken away as text and numbers, small counts withheld."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from cases.spreadsheet import workbook
from cases.statistics import export, plain, release, summary, tables
from cases.statistics.dimensions import By
from cases.statistics.fiscal import first_day, last_day
from cases.statistics.kinds import CLOSURES, KINDS
from tests.cases.statistics.dockets import make_docket


def plainly(cell: object) -> object:
    """Return a cell as both formats have it: numbers as such, nothing as an empty text."""
    if cell is None:
        return ""
    try:
        return float(str(cell))
    except ValueError:
        return cell


@pytest.mark.django_db
@pytest.mark.parametrize("by", list(By))
def test_both_formats_hold_the_same_cells(by):
    make_docket(cases=150, seed=21)
    release.refresh()
    sheet = export.of_lines(by, tables.published(by))

    read = list(csv.reader(StringIO(sheet.csv())))
    rows = list(load_workbook(BytesIO(sheet.xlsx()))["Table"].values)

    assert tuple(read[0]) == rows[0] == sheet.head
    assert len(read) == len(rows) == len(sheet.rows) + 1
    told = [[plainly(cell) for cell in row] for row in read[1:]]
    assert [[plainly(cell) for cell in row] for row in rows[1:]] == told
    assert "withheld" in sheet.csv()


def test_a_workbook_computes_nothing_and_says_what_it_is():
    book = load_workbook(
        BytesIO(workbook(("name", "n"), [("=1+1", 3), ("+x", 2.5)], about=["Counted are orders."]))
    )

    cells = [cell for row in book["Table"].iter_rows(min_row=2) for cell in row]
    assert [cell.value for cell in cells] == ["'=1+1", 3, "'+x", 2.5]
    assert all(cell.data_type != "f" for cell in cells)
    assert book["About"]["A1"].value == "Counted are orders."


@pytest.mark.django_db
@pytest.mark.parametrize("by", sorted(set(By) - {By.FORM}))
def test_behind_every_figure_are_as_many_orders(by):
    make_docket(cases=200, seed=22)
    release.refresh()

    for (year, group), counts in summary.counts(by).items():
        these = plain.completed(since=first_day(year), until=last_day(year))
        for kinds in ((), KINDS, CLOSURES, ("removal_ordered",), ("removal_in_absentia",)):
            behind = plain.narrowed(these, by, group, kinds=kinds)
            assert behind.count() == sum(counts[kind] for kind in kinds)
