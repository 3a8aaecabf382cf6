"""Parameters as a reader would write them."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria import entry_after
from screening.criteria.conviction import Offence
from screening.criteria.kind import KindParams
from screening.criteria.words import filled, in_words, phrase, phrases
from screening.facts import Entry, OffenceFamily, Severity


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(True, "yes", id="yes"),
        pytest.param(False, "no", id="no"),
        pytest.param(date(2020, 11, 1), "1 November 2020", id="a day"),
        pytest.param(Entry.WITHOUT_ADMISSION, "without admission", id="one of a list"),
        pytest.param(frozenset(), "none", id="none"),
        pytest.param(frozenset({"b"}), "b", id="one"),
        pytest.param(frozenset({"c", "a", "b"}), "a, b or c", id="several, in order"),
        pytest.param((1, 2), "1; or 2", id="one or the other"),
        pytest.param([1, 2], "1; or 2", id="a list"),
        pytest.param(1825, "1825", id="a number"),
    ],
)
def test_a_value_in_words(value, words):
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        pytest.param("min_sentence_days", 365, "sentence at least 365 days", id="at least"),
        pytest.param("max_loss", 10_000, "loss at most 10,000", id="at most, in thousands"),
        pytest.param("within_years", 5, "within 5 years", id="years"),
        pytest.param("within_years", 1, "within 1 year", id="one year"),
        pytest.param("older_than_months", 2, "older than 2 months", id="months"),
        pytest.param("weapon", True, "weapon: yes", id="yes is no number"),
        pytest.param("victim_minor", False, "victim minor: no", id="no is no number"),
        pytest.param("cutoff", date(2020, 11, 1), "cutoff: 1 November 2020", id="a day"),
        pytest.param("under", 18, "under 18", id="a bare number"),
    ],
)
def test_a_parameter_in_words(name, value, words):
    assert phrase(name, value) == words


def test_what_is_left_out_is_not_told():
    offence = Offence(
        families={OffenceFamily.ASSAULT}, severities={Severity.FELONY}, min_sentence_days=365
    )

    assert phrases(offence) == [
        "families: assault",
        "accept: by code",
        "severities: felony",
        "sentence at least 365 days",
    ]
    assert str(offence) == (
        "families: assault, accept: by code, severities: felony, sentence at least 365 days"
    )
    assert str(KindParams()) == ""


def test_a_sentence_is_filled_with_the_values():
    params = entry_after.Params(
        cutoff=date(2020, 11, 1), manners={Entry.AT_PORT, Entry.WITHOUT_ADMISSION}
    )

    assert filled("after {cutoff}, {manners}", params) == (
        "after 1 November 2020, at port or without admission"
    )
