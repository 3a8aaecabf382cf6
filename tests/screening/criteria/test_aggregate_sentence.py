"""INA 212(a)(2)(B): two or more offences with five years of confinement imposed in all."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria.aggregate_sentence import Params, check
from screening.criteria.search import FINGERPRINT
from screening.facts import OffenceFamily, Vacatur
from screening.findings import Answer, Finding
from tests.screening.examples import conviction, make_facts

PARAMS = Params(days=1825, search=FINGERPRINT)
NONE = Finding(Answer.CLEAR, "No sentences that add up to the limit.", (), date(2025, 4, 10))
ADD_UP = Finding(Answer.HOLDS, "Sentences that add up to the limit or more.", ("c1", "c2"))
OPEN = Finding(
    Answer.UNKNOWN,
    "Of several convictions a sentence is not on record.",
    ("c1", "c2"),
    None,
    "certified disposition with sentence",
)


@pytest.mark.parametrize(
    ("sentences", "finding"),
    [
        pytest.param([], NONE, id="no conviction"),
        pytest.param([1825], NONE, id="five years for one offence"),
        pytest.param([None], NONE, id="one offence, its sentence not on record"),
        pytest.param([912, 913], ADD_UP, id="five years to the day"),
        pytest.param([912, 912], NONE, id="one day short"),
        pytest.param([1825, None], ADD_UP, id="enough without the one that is not on record"),
        pytest.param([1824, None], OPEN, id="the one not on record decides"),
        pytest.param([0, 0], NONE, id="no confinement"),
    ],
)
def test_aggregate_sentence(sentences, finding):
    records = tuple(
        conviction(OffenceFamily.FRAUD, id=n, sentence_days=days)
        for n, days in enumerate(sentences, start=1)
    )

    assert check(make_facts(records=records), PARAMS) == finding


def test_a_conviction_vacated_for_a_legal_defect_is_not_added():
    records = (
        conviction(OffenceFamily.FRAUD, id=1, sentence_days=1824),
        conviction(OffenceFamily.FRAUD, id=2, sentence_days=1, vacated=Vacatur.LEGAL_DEFECT),
    )

    assert check(make_facts(records=records), PARAMS) == NONE
