"""INA 101(a)(48)(A): an arrest is no conviction; a person finds out what became of it."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria.arrest_without_disposition import Params, check
from screening.criteria.search import FINGERPRINT
from screening.facts import Disposition, OffenceFamily, Record
from screening.findings import Answer, Finding
from tests.screening.examples import make_facts

FRESH_TO = date(2025, 4, 10)


def arrests(*days, disposition=None):
    return tuple(
        Record(id=n, family=OffenceFamily.FRAUD, arrested_on=day, disposition=disposition)
        for n, day in enumerate(days, start=1)
    )


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        pytest.param(
            arrests(date(2020, 5, 1)),
            Finding(Answer.HOLDS, "1 arrest(s) without a disposition.", ("c1",)),
            id="an arrest",
        ),
        pytest.param(
            arrests(None, None),
            Finding(Answer.HOLDS, "2 arrest(s) without a disposition.", ("c1", "c2")),
            id="arrests without a date",
        ),
        pytest.param(
            arrests(date(2020, 5, 1), disposition=Disposition.DISMISSED),
            Finding(Answer.CLEAR, "No arrest without a disposition.", (), FRESH_TO),
            id="a charge that was dismissed",
        ),
    ],
)
def test_arrest_without_disposition(records, finding):
    assert check(make_facts(records=records), Params(search=FINGERPRINT)) == finding


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        pytest.param(
            arrests(date(2014, 1, 15)),
            Finding(Answer.HOLDS, "1 arrest(s) without a disposition.", ("c1",)),
            id="ten years ago to the day",
        ),
        pytest.param(
            arrests(date(2014, 1, 16)),
            Finding(
                Answer.CLEAR,
                "No arrest without a disposition so old.",
                (),
                date(2024, 1, 16),
            ),
            id="ten years ago tomorrow",
        ),
        pytest.param(
            arrests(date(2016, 1, 16), date(2015, 1, 16)),
            Finding(Answer.CLEAR, "No arrest without a disposition so old.", (), date(2025, 1, 16)),
            id="the older of two comes first",
        ),
        pytest.param(
            arrests(date(2020, 1, 16)),
            Finding(Answer.CLEAR, "No arrest without a disposition so old.", (), FRESH_TO),
            id="the check expires before the years are over",
        ),
        pytest.param(
            arrests(None),
            Finding(Answer.CLEAR, "No arrest without a disposition.", (), FRESH_TO),
            id="an arrest without a date is not old",
        ),
        pytest.param(
            arrests(date(2013, 1, 1), None, date(2020, 1, 1)),
            Finding(Answer.HOLDS, "1 arrest(s) without a disposition.", ("c1",)),
            id="the old one counts",
        ),
    ],
)
def test_an_old_arrest_without_disposition(records, finding):
    params = Params(older_than_years=10, search=FINGERPRINT)

    assert check(make_facts(records=records), params) == finding


def test_without_a_check_it_is_unknown_until_an_arrest_is_old():
    params = Params(older_than_years=10, search=FINGERPRINT)
    facts = make_facts(records=arrests(date(2015, 1, 16)), checks={})

    assert check(facts, params) == Finding(
        Answer.UNKNOWN,
        "No fingerprint check is on record.",
        (),
        date(2025, 1, 16),
        "fingerprint check",
    )
