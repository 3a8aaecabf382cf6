"""Each legal act in its own column; letters read by their field (formats of EOIR CASE)."""

from __future__ import annotations

import pytest

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
