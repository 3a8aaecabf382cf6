"""Facts and records that tests state only what matters of."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from screening.facts import (
    CaseFacts,
    Check,
    CheckKind,
    CheckResult,
    Circumstance,
    Custody,
    Disposition,
    Entry,
    Indicator,
    IndicatorCategory,
    OffenceFamily,
    Record,
    Resolution,
    Severity,
    SourceRelation,
    Vacatur,
)
from screening.policies.document import read

AS_OF = date(2024, 1, 15)
DOYLE = read((Path("screening/policies/doyle-2.yaml")).read_text())
TEXT = Path("tests/screening/policy.yaml").read_text(encoding="utf-8")
"""A policy for tests of texts and of machinery: the shipped one changes, and this one stays."""
SAMPLE = read(TEXT)
SECOND = TEXT.replace("version: 1", "version: 2").replace(
    "effective_from: 2023-07-28", "effective_from: 2024-03-01"
)
"""Its next version, in force from a later day."""


def check(kind: CheckKind, completed_on: date, **values: Any) -> Check:
    given = {"result": CheckResult.NO_HIT} | values
    return Check(kind=kind, completed_on=completed_on, **given)


FRESH = {
    kind: check(kind, date(2024, 1, 10))
    for kind in (CheckKind.FINGERPRINT, CheckKind.WATCHLIST, CheckKind.TECS)
}


def make_facts(**values: Any) -> CaseFacts:
    """Return facts of which every criterion of doyle-2 that decides is clear."""
    given: dict[str, Any] = {
        "as_of": AS_OF,
        "court_status": "pending",
        "case_type": "RMV",
        "asylum_filed_on": date(2019, 6, 1),
        "entered_on": date(2018, 5, 6),
        "manner_of_entry": Entry.WITHOUT_ADMISSION,
        "custody": Custody.NEVER,
        "individual_hearings_on": (),
        "represented": True,
        "family_unreviewed": 0,
        "prior_orders_known": True,
        "born_from": date(1984, 4, 9),
        "born_by": date(1984, 4, 9),
        "protected_1367": False,
        "applications": frozenset(),
        "circuit": "2",
        "circumstances": dict.fromkeys(Circumstance, False),
        "checks": FRESH,
    }
    return CaseFacts(**(given | values))


NOTHING = CaseFacts(as_of=AS_OF)


def conviction(family: OffenceFamily, **values: Any) -> Record:
    given: dict[str, Any] = {
        "id": 1,
        "disposition": Disposition.CONVICTED,
        "disposed_on": date(2020, 1, 1),
        "severity": Severity.FELONY,
    }
    return Record(family=family, **(given | values))


days = st.dates(date(1990, 1, 1), date(2025, 12, 31))
records = st.builds(
    Record,
    id=st.integers(1, 10**6),
    family=st.sampled_from(OffenceFamily),
    severity=st.sampled_from(Severity),
    disposition=st.none() | st.sampled_from(Disposition),
    disposed_on=st.none() | days,
    sentence_days=st.none() | st.integers(0, 2_000),
    vacated=st.none() | st.sampled_from(Vacatur),
    weapon=st.none() | st.booleans(),
    arrested_on=st.none() | days,
    maximum_days=st.none() | st.sampled_from([180, 365, 366]),
    ncic=st.sampled_from(["", "1315", "2303", "2202", "3530", "3562", "0999", "5404", "9999"]),
    loss_dollars=st.none() | st.sampled_from([10_000, 10_001]),
    victim_minor=st.none() | st.booleans(),
    foreign=st.booleans(),
    relation=st.sampled_from(SourceRelation),
)
indicators = st.builds(
    Indicator,
    id=st.integers(1, 10**6),
    category=st.sampled_from(IndicatorCategory),
    resolution=st.sampled_from(Resolution),
    relation=st.sampled_from(SourceRelation),
)
check_maps = st.dictionaries(
    st.sampled_from(CheckKind),
    st.builds(
        Check,
        kind=st.just(CheckKind.FINGERPRINT),
        completed_on=st.dates(date(2022, 1, 1), AS_OF),
        result=st.sampled_from([CheckResult.NO_HIT, CheckResult.HIT_UNRESOLVED]),
        expires_on=st.none() | days,
    ),
)
any_facts = st.builds(
    make_facts,
    court_status=st.just("pending"),
    entered_on=st.none() | days,
    manner_of_entry=st.none() | st.sampled_from(Entry),
    custody=st.none() | st.sampled_from(Custody),
    individual_hearings_on=st.none() | st.lists(days, max_size=3).map(tuple),
    represented=st.none() | st.booleans(),
    family_unreviewed=st.none() | st.integers(0, 3),
    prior_orders_known=st.booleans(),
    prior_removal_order_on=st.none() | days,
    protected_1367=st.none() | st.booleans(),
    applications=st.none() | st.frozensets(st.sampled_from(["42A", "42B", "WCAT"])),
    circuit=st.none() | st.sampled_from(["2", "6", "9"]),
    circumstances=st.dictionaries(st.sampled_from(Circumstance), st.booleans()),
    records=st.lists(records, max_size=4).map(tuple),
    indicators=st.lists(indicators, max_size=3).map(tuple),
    checks=check_maps,
)
