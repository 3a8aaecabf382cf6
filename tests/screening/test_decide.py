"""What the findings of a policy come to: every effect, beside every other."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from screening.decide import (
    NOWHERE,
    Weight,
    determine,
    evidence_text,
    finding_key,
    outcome_by,
    outcome_of,
    weigh,
)
from screening.findings import Answer, Effect, Finding, Outcome, WhenUnknown
from screening.policies.document import read
from tests.screening.examples import DOYLE, make_facts

HOLDS, UNKNOWN, STALE = Answer.HOLDS, Answer.UNKNOWN, Answer.STALE


class Asked(NamedTuple):
    """As much of a criterion as the outcome looks at."""

    code: str
    effect: Effect
    group: str
    when_unknown: WhenUnknown


EXCLUDES_PS = Asked("PS-01", Effect.EXCLUDE, "PS", WhenUnknown.INSUFFICIENT)
EXCLUDES_NS = Asked("NS-01", Effect.EXCLUDE, "NS", WhenUnknown.REFER)
REFERS = Asked("PR-01", Effect.REFER, "PR", WhenUnknown.REFER)
BLOCKS = Asked("PR-09", Effect.BLOCK, "PR", WhenUnknown.INSUFFICIENT)
NOTES = Asked("PR-03", Effect.REFER, "PR", WhenUnknown.NOTE)
SAFEGUARDS = Asked("PR-06", Effect.SAFEGUARD, "PR", WhenUnknown.NOTE)
AGGRAVATES = Asked("PS-15", Effect.AGGRAVATE, "PS", WhenUnknown.NOTE)
MITIGATES = Asked("MI-01", Effect.MITIGATE, "MI", WhenUnknown.NOTE)
MITIGATES_PS = Asked("PS-17", Effect.MITIGATE, "PS", WhenUnknown.NOTE)


@pytest.mark.parametrize(
    ("said", "outcome", "leading"),
    [
        pytest.param([], Outcome.FLAGGED, "", id="everything clear"),
        pytest.param([(REFERS, HOLDS)], Outcome.REFER, "PR-01", id="refers"),
        pytest.param([(BLOCKS, HOLDS)], Outcome.REFER, "PR-09", id="blocks"),
        pytest.param([(EXCLUDES_PS, HOLDS)], Outcome.NOT_FLAGGED, "PS-01", id="excludes"),
        pytest.param([(SAFEGUARDS, HOLDS)], Outcome.FLAGGED, "", id="a safeguard decides nothing"),
        pytest.param([(AGGRAVATES, HOLDS)], Outcome.FLAGGED, "", id="nor what aggravates"),
        pytest.param([(MITIGATES, HOLDS)], Outcome.FLAGGED, "", id="nor what mitigates"),
        pytest.param([(BLOCKS, UNKNOWN)], Outcome.INSUFFICIENT, "PR-09", id="too little known"),
        pytest.param([(BLOCKS, STALE)], Outcome.INSUFFICIENT, "PR-09", id="too old"),
        pytest.param([(EXCLUDES_NS, UNKNOWN)], Outcome.REFER, "NS-01", id="unknown, for a person"),
        pytest.param([(NOTES, UNKNOWN)], Outcome.FLAGGED, "", id="unknown, and only noted"),
        pytest.param([(NOTES, HOLDS)], Outcome.REFER, "PR-03", id="noted while unknown, holds"),
        pytest.param(
            [(EXCLUDES_PS, HOLDS), (MITIGATES, HOLDS)],
            Outcome.REFER,
            "PS-01",
            id="excludes, and something mitigates",
        ),
        pytest.param(
            [(EXCLUDES_PS, HOLDS), (MITIGATES_PS, HOLDS)],
            Outcome.NOT_FLAGGED,
            "PS-01",
            id="what is good about a record does not outweigh it",
        ),
        pytest.param(
            [(EXCLUDES_PS, HOLDS), (MITIGATES, UNKNOWN)],
            Outcome.NOT_FLAGGED,
            "PS-01",
            id="excludes, and what mitigates is not known",
        ),
        pytest.param(
            [(EXCLUDES_NS, HOLDS), (MITIGATES, HOLDS)],
            Outcome.NOT_FLAGGED,
            "NS-01",
            id="national security is never upgraded",
        ),
        pytest.param(
            [(EXCLUDES_PS, HOLDS), (EXCLUDES_NS, HOLDS), (MITIGATES, HOLDS)],
            Outcome.NOT_FLAGGED,
            "NS-01",
            id="it leads before what would be upgraded",
        ),
        pytest.param(
            [(BLOCKS, UNKNOWN), (EXCLUDES_PS, HOLDS)],
            Outcome.NOT_FLAGGED,
            "PS-01",
            id="excluded, whatever else is not known",
        ),
        pytest.param(
            [(REFERS, HOLDS), (BLOCKS, UNKNOWN)],
            Outcome.INSUFFICIENT,
            "PR-09",
            id="too little known for a person to look at",
        ),
        pytest.param(
            [(NOTES, HOLDS), (REFERS, HOLDS)],
            Outcome.REFER,
            "PR-03",
            id="the first of two leads",
        ),
    ],
)
def test_what_findings_come_to(said, outcome, leading):
    unclear = [(criterion, Finding(answer, "")) for criterion, answer in said]

    assert DOYLE.mitigation_upgrades == {"PS", "BS"}
    assert outcome_of(DOYLE, unclear) == (outcome, leading)


def test_a_weight_has_the_first_place_of_each_thing_that_decides():
    said = [
        (7, REFERS, HOLDS),
        (3, NOTES, HOLDS),
        (9, BLOCKS, UNKNOWN),
        (4, EXCLUDES_PS, HOLDS),
        (6, EXCLUDES_NS, HOLDS),
        (8, MITIGATES, HOLDS),
    ]

    assert weigh(DOYLE, said) == Weight(
        excluded_for_good=6, excluded=4, insufficient=9, referred=3, mitigated=8
    )
    assert weigh(DOYLE, []) == Weight(*[NOWHERE] * 5)
    assert Weight() == (1_000_000,) * 5


def test_an_outcome_rests_on_a_place_or_nowhere():
    assert outcome_by(Weight()) == (Outcome.FLAGGED, NOWHERE)
    assert outcome_by(Weight(excluded=0)) == (Outcome.NOT_FLAGGED, 0)
    assert outcome_by(Weight(excluded=4, mitigated=0)) == (Outcome.REFER, 4)
    assert outcome_by(Weight(insufficient=0, referred=0)) == (Outcome.INSUFFICIENT, 0)
    assert outcome_by(Weight(referred=2)) == (Outcome.REFER, 2)


def test_a_finding_key_says_what_the_findings_say_without_evidence_and_dates():
    unclear = [
        (REFERS, Finding(HOLDS, "It does.", ("c1",), date(2024, 1, 15))),
        (BLOCKS, Finding(STALE, "Too old.", ("b:tecs",), None, "a new check")),
    ]

    assert finding_key(unclear) == (
        ("PR-01", "holds", "It does.", ""),
        ("PR-09", "stale", "Too old.", "a new check"),
    )


def test_evidence_is_each_row_once_in_order_a_check_by_its_id():
    row_ids = {"b:tecs": "b7", "p:interview-1": "p9"}

    assert evidence_text(["t2", "c1", "b:tecs", "c1"], row_ids) == "{b7,c1,t2}"
    assert evidence_text([], row_ids) == "{}"


SMALL = read(
    """
code: small-1
version: 1
title: A small policy
effective_from: 2023-07-28
sources: [Office policy]
scope: {court_statuses: [pending], case_types: [RMV]}
criteria:
  - {code: MI-01, kind: presence, label: Presence, effect: mitigate, group: MI,
     when_unknown: note, params: {years: 10}, citation: Office policy}
  - {code: PR-02, kind: hearing-imminent, label: Hearing, effect: refer, group: PR,
     when_unknown: refer, params: {days: 30}, citation: Office policy}
  - {code: PR-08, kind: representation, label: Counsel, effect: safeguard, group: PR,
     when_unknown: note, citation: Office policy}
"""
)


def test_a_determination_has_every_finding_and_the_first_day_one_may_change():
    facts = make_facts(
        entered_on=date(2018, 5, 6), individual_hearings_on=(date(2024, 1, 20),), represented=None
    )

    made = determine(SMALL, facts)

    assert (made.outcome, made.leading) == (Outcome.REFER, "PR-02")
    assert [f.answer for f in made.findings] == [Answer.CLEAR, HOLDS, UNKNOWN]
    assert [c.code for c, _ in made.unclear] == ["PR-02", "PR-08"]
    assert [f for _, f in made.unclear] == list(made.findings[1:])
    assert made.valid_until == date(2024, 1, 21)


def test_what_time_cannot_change_is_valid_for_good():
    made = determine(SMALL, make_facts(entered_on=date(2004, 5, 6)))

    assert (made.outcome, made.leading, made.valid_until) == (Outcome.FLAGGED, "", None)


def test_of_a_case_out_of_scope_nothing_is_determined():
    assert determine(SMALL, make_facts(court_status="dismissed")) is None
