"""Each legal act in its own column; letters read by their field (formats of EOIR CASE)."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from cases.intake.codes import DecisionField, DecisionMeaning, meaning
from cases.intake.load import load
from cases.statistics import closures_by_fiscal_year
from tests.deliveries import case, row, write


@pytest.mark.parametrize(
    ("field", "code", "expected"),
    [
        ("DEC_CODE", "T", DecisionMeaning.TERMINATED),
        ("OTHER_COMP", "T", DecisionMeaning.TRANSFER),
        ("DEC_CODE", "A", DecisionMeaning.ABANDONED),
        ("OTHER_COMP", "A", DecisionMeaning.ADMIN_CLOSED),
        ("DEC_CODE", "U", DecisionMeaning.DISMISSED),
        ("OTHER_COMP", "Y", DecisionMeaning.PD_ADMIN_CLOSED),
        ("OTHER_COMP", "M", DecisionMeaning.IN_COURT_PD_ADMIN_CLOSED),
        ("OTHER_COMP", "I", DecisionMeaning.PD_TERMINATED),
        ("DEC_CODE", "I", DecisionMeaning.PD_TERMINATED),
    ],
)
def test_a_letter_means_what_its_field_says(field, code, expected):
    assert meaning("RMV", DecisionField(field), code) == expected


@pytest.mark.django_db
def test_years_run_from_october_and_say_what_changed(tmp_path, clerk):
    decided = [
        ("2022-09-30", {"DEC_CODE": "U"}),
        ("2022-10-01", {"DEC_CODE": "U"}),
        ("2023-01-05", {"OTHER_COMP": "Y"}),
        ("2023-01-06", {"OTHER_COMP": "C"}),
        ("2023-01-07", {"DEC_CODE": "X"}),
    ]
    rows = [
        row(
            "B_TblProceeding",
            IDNPROCEEDING=number,
            IDNCASE=101,
            CASE_TYPE="RMV",
            COMP_DATE=f"{day} 00:00:00.000",
            **code,
        )
        for number, (day, code) in enumerate(decided, 1)
    ]
    load(write(tmp_path / "d", A_TblCase=[case(101)], B_TblProceeding=rows), by=clerk)

    first, second = closures_by_fiscal_year()

    assert (first.fiscal_year, first.closures, first.change) == (2022, 1, None)
    assert (second.fiscal_year, second.completions, second.closures) == (2023, 3, 2)
    assert (second.counts["dismissed"], second.counts["pd_administrative_closure"]) == (1, 1)
    assert (second.change, second.change_percent) == (1, 100.0)


@pytest.mark.django_db
def test_asylum_cases_can_be_counted_alone(tmp_path, clerk):
    closed = {"CASE_TYPE": "RMV", "COMP_DATE": "2023-02-03 00:00:00.000", "OTHER_COMP": "Y"}
    directory = write(
        tmp_path / "d",
        A_TblCase=[case(101), case(102)],
        B_TblProceeding=[
            row("B_TblProceeding", IDNPROCEEDING=number, IDNCASE=100 + number, **closed)
            for number in (1, 2)
        ],
        tbl_Court_Appln=[
            row(
                "tbl_Court_Appln",
                IDNPROCEEDINGAPPLN=1,
                IDNPROCEEDING=1,
                IDNCASE=101,
                APPL_CODE="ASYW",
            ),
            row(
                "tbl_Court_Appln",
                IDNPROCEEDINGAPPLN=2,
                IDNPROCEEDING=2,
                IDNCASE=102,
                APPL_CODE="VD",
            ),
        ],
    )
    load(directory, by=clerk)

    assert [year.closures for year in closures_by_fiscal_year()] == [2]
    assert [year.closures for year in closures_by_fiscal_year(asylum_only=True)] == [1]

    out = StringIO()
    call_command("closure_statistics", "--asylum-only", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "fiscal_year": 2023,
        "completions": 1,
        "administrative_closure": 0,
        "pd_administrative_closure": 1,
        "in_court_pd_closure": 0,
        "pd_termination": 0,
        "dismissed": 0,
        "terminated": 0,
        "closures": 1,
        "share_percent": 100.0,
        "change": None,
        "change_percent": None,
    }
