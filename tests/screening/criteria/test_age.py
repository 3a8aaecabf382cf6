"""A child, or a person of advanced age; a birth known to the month or year is a span."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria.age import Params, check
from screening.findings import Answer, Finding
from tests.screening.examples import make_facts

PARAMS = Params(under=18, at_least=65)
BETWEEN = "Between the two ages."
OPEN = "The birth date on record leaves open on which side of an age limit the person is."


@pytest.mark.parametrize(
    ("born", "finding"),
    [
        pytest.param(
            (date(2006, 1, 16), date(2006, 1, 16)),
            Finding(Answer.HOLDS, "Under 18 years of age.", (), date(2024, 1, 16)),
            id="eighteen tomorrow",
        ),
        pytest.param(
            (date(2006, 1, 15), date(2006, 1, 15)),
            Finding(Answer.CLEAR, BETWEEN, (), date(2071, 1, 15)),
            id="eighteen today",
        ),
        pytest.param(
            (date(1959, 1, 16), date(1959, 1, 16)),
            Finding(Answer.CLEAR, BETWEEN, (), date(2024, 1, 16)),
            id="sixty-five tomorrow",
        ),
        pytest.param(
            (date(1959, 1, 15), date(1959, 1, 15)),
            Finding(Answer.HOLDS, "At least 65 years of age."),
            id="sixty-five today",
        ),
        pytest.param(
            (date(2006, 1, 1), date(2006, 1, 31)),
            Finding(Answer.UNKNOWN, OPEN, (), date(2024, 1, 31), "full date of birth"),
            id="eighteen some day of this month",
        ),
        pytest.param(
            (date(2006, 1, 16), date(2006, 12, 31)),
            Finding(Answer.HOLDS, "Under 18 years of age.", (), date(2024, 1, 16)),
            id="a child on every day of the span",
        ),
        pytest.param(
            (date(2005, 1, 16), date(2006, 1, 15)),
            Finding(Answer.CLEAR, BETWEEN, (), date(2070, 1, 16)),
            id="eighteen today at the latest",
        ),
        pytest.param(
            (date(1959, 1, 1), date(1959, 12, 31)),
            Finding(Answer.UNKNOWN, OPEN, (), date(2024, 12, 31), "full date of birth"),
            id="sixty-five some day of this year",
        ),
        pytest.param(
            (date(1958, 1, 1), date(1959, 1, 15)),
            Finding(Answer.HOLDS, "At least 65 years of age."),
            id="sixty-five today at the latest",
        ),
        pytest.param(
            (date(1950, 1, 1), date(2006, 1, 15)),
            Finding(Answer.UNKNOWN, OPEN, (), date(2071, 1, 15), "full date of birth"),
            id="no child any more, and perhaps of any age",
        ),
        pytest.param(
            (None, date(1984, 1, 1)),
            Finding(Answer.UNKNOWN, "No date of birth is on record.", missing="birth record"),
            id="no first day of birth",
        ),
        pytest.param(
            (date(1984, 1, 1), None),
            Finding(Answer.UNKNOWN, "No date of birth is on record.", missing="birth record"),
            id="no last day of birth",
        ),
    ],
)
def test_age(born, finding):
    assert check(make_facts(born_from=born[0], born_by=born[1]), PARAMS) == finding
