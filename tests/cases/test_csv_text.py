"""What a table as CSV does to a spreadsheet: nothing."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from cases.csv_text import as_text, csv_text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("a=1", "a=1"),
        ("", ""),
        (-1, -1),
        (12, 12),
    ],
)
def test_what_would_be_a_formula_is_text(cell, written):
    assert as_text(cell) == written


def test_it_reads_back_as_it_was():
    text = csv_text(("name", "cases"), [('a "b", c', 3), ("two\nlines", 0)])

    assert list(csv.reader(StringIO(text, newline=""))) == [
        ["name", "cases"],
        ['a "b", c', "3"],
        ["two\nlines", "0"],
    ]
