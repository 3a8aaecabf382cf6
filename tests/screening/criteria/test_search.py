"""Whether someone looked: a clean record counts only while the check behind it is fresh."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from screening.criteria.check_freshness import Params, check
from screening.criteria.search import FINGERPRINT, WATCHLIST, Search
from screening.facts import Check, CheckKind, CheckResult
from screening.findings import Answer, Finding
from tests.screening.examples import make_facts

NOT_MADE = Finding(
    Answer.UNKNOWN, "No fingerprint check is on record.", missing="fingerprint check"
)
EXPIRED = Finding(
    Answer.STALE,
    "The fingerprint check has expired.",
    ("b:fingerprint",),
    None,
    "new fingerprint check",
)


def on_record(completed_on, result=CheckResult.NO_HIT, expires_on=None):
    made = Check(
        kind=CheckKind.FINGERPRINT, completed_on=completed_on, result=result, expires_on=expires_on
    )
    return make_facts(checks={CheckKind.FINGERPRINT: made})


def open_hit(until):
    return Finding(
        Answer.UNKNOWN,
        "The fingerprint check has an open hit.",
        ("b:fingerprint",),
        until,
        "resolution of the fingerprint check",
    )


def nothing(until):
    return Finding(Answer.CLEAR, "Nothing.", (), until)


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(make_facts(checks={}), NOT_MADE, id="never made"),
        pytest.param(
            on_record(date(2022, 10, 16)), nothing(date(2024, 1, 16)), id="fifteen months tomorrow"
        ),
        pytest.param(on_record(date(2022, 10, 15)), EXPIRED, id="fifteen months today"),
        pytest.param(
            on_record(date(2024, 1, 10), expires_on=date(2024, 1, 15)),
            EXPIRED,
            id="its source says that it expired today",
        ),
        pytest.param(
            on_record(date(2024, 1, 10), expires_on=date(2024, 1, 16)),
            nothing(date(2024, 1, 16)),
            id="its source says until tomorrow",
        ),
        pytest.param(
            on_record(date(2022, 10, 15), expires_on=date(2030, 1, 1)),
            EXPIRED,
            id="its source cannot extend it",
        ),
        pytest.param(
            on_record(date(2024, 1, 10), CheckResult.HIT_UNRESOLVED),
            open_hit(date(2025, 4, 10)),
            id="a hit that nobody has resolved",
        ),
        pytest.param(
            on_record(date(2024, 1, 10), CheckResult.WITHHELD_BY_OWNER),
            open_hit(date(2025, 4, 10)),
            id="a hit that its owner withholds",
        ),
        pytest.param(
            on_record(date(2024, 1, 10), CheckResult.NOT_IDENTICAL),
            nothing(date(2025, 4, 10)),
            id="another person",
        ),
        pytest.param(
            on_record(date(2022, 10, 15), CheckResult.HIT_UNRESOLVED),
            EXPIRED,
            id="an old hit takes a new check first",
        ),
    ],
)
def test_nothing_found_counts_while_the_check_is_fresh(facts, finding):
    assert FINGERPRINT.found_nothing(facts, "Nothing.") == finding


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(make_facts(checks={}), NOT_MADE, id="never made"),
        pytest.param(on_record(date(2022, 10, 15)), EXPIRED, id="fifteen months today"),
        pytest.param(on_record(date(2022, 10, 16)), None, id="fifteen months tomorrow"),
        pytest.param(
            on_record(date(2024, 1, 10), CheckResult.HIT_UNRESOLVED), None, id="an open hit"
        ),
    ],
)
def test_a_check_is_missing_expired_or_neither(facts, finding):
    assert FINGERPRINT.missing_or_expired(facts) == finding


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(on_record(date(2024, 1, 10)), None, id="no hit"),
        pytest.param(on_record(date(2024, 1, 10), CheckResult.NOT_IDENTICAL), None, id="closed"),
        pytest.param(
            on_record(date(2024, 1, 10), CheckResult.HIT_UNRESOLVED),
            open_hit(date(2025, 4, 10)),
            id="open",
        ),
    ],
)
def test_a_hit_is_open_or_not(facts, finding):
    assert FINGERPRINT.open_hit(facts) == finding


TO_READ = "The fingerprint check has a hit to read."
READ = "The fingerprint check is on record, with nothing to read."


@pytest.mark.parametrize(
    ("facts", "required", "finding"),
    [
        pytest.param(make_facts(checks={}), True, NOT_MADE, id="required, and never made"),
        pytest.param(on_record(date(2022, 10, 15)), True, EXPIRED, id="required, and expired"),
        pytest.param(
            on_record(date(2024, 1, 10)),
            True,
            Finding(Answer.CLEAR, READ, (), date(2025, 4, 10)),
            id="required, without a hit",
        ),
        pytest.param(
            on_record(date(2024, 1, 10), CheckResult.IDENTICAL_DEROGATORY),
            True,
            Finding(Answer.HOLDS, TO_READ, ("b:fingerprint",), date(2025, 4, 10)),
            id="required, with a derogatory record",
        ),
        pytest.param(
            make_facts(checks={}),
            False,
            Finding(Answer.CLEAR, "No fingerprint check is on record, and none is required."),
            id="not required, and never made",
        ),
        pytest.param(
            on_record(date(2010, 1, 10)),
            False,
            Finding(Answer.CLEAR, READ),
            id="not required, of any age",
        ),
        pytest.param(
            on_record(date(2010, 1, 10), CheckResult.HIT_UNRESOLVED),
            False,
            Finding(Answer.HOLDS, TO_READ, ("b:fingerprint",)),
            id="not required, with an open hit",
        ),
    ],
)
def test_check_freshness(facts, required, finding):
    assert check(facts, Params(search=FINGERPRINT, required=required)) == finding


def test_a_check_is_required_unless_the_policy_says_otherwise():
    assert Params(search=FINGERPRINT).required


def test_days_are_counted_as_days():
    made = Check(
        kind=CheckKind.WATCHLIST, completed_on=date(2024, 2, 20), result=CheckResult.NO_HIT
    )

    assert WATCHLIST.expires_on(made) == date(2024, 3, 6)


def test_a_check_is_named_with_how_long_it_may_be_used():
    assert str(FINGERPRINT) == "fingerprint check (used for 15 months)"
    assert str(Search(check=CheckKind.FBI_NAME, days=180)) == "fbi name check (used for 180 days)"


@pytest.mark.parametrize(
    "validity",
    [pytest.param({}, id="neither"), pytest.param({"months": 1, "days": 30}, id="both")],
)
def test_the_validity_is_in_months_or_in_days(validity):
    with pytest.raises(
        ValidationError, match="give the validity in months or in days, one of them"
    ):
        Search(check=CheckKind.TECS, **validity)
