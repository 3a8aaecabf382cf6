"""What must hold for every kind of criterion, present and future."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Case
from screening.criteria import KINDS
from screening.decide import determine
from screening.facts import CaseFacts, Entry
from screening.findings import Answer, Outcome
from tests.screening.examples import DOYLE, NOTHING, any_facts, indicators, make_facts, records

every_kind = pytest.mark.parametrize("kind", [pytest.param(k, id=k.code) for k in KINDS.values()])


@every_kind
def test_knowing_nothing_is_never_clear(kind):
    finding = kind.check(NOTHING, kind.example)

    assert finding.answer in {Answer.UNKNOWN, Answer.STALE}
    assert finding.reason
    assert finding.missing


@every_kind
def test_every_kind_says_what_it_looks_for(kind):
    assert len(kind.about) > 60
    assert not any(c.isdigit() for c in kind.code.replace("1367", ""))


@every_kind
@given(facts=any_facts, extra=records | indicators)
def test_more_derogatory_evidence_never_helps(kind, facts, extra):
    name = "indicators" if hasattr(extra, "category") else "records"
    more = replace(facts, **{name: (*getattr(facts, name), extra)})

    before, after = kind.check(facts, kind.example), kind.check(more, kind.example)

    if kind.favourable:
        # It may hold of a conviction that is petty or old, but of no worse than a conviction.
        if after.answer is Answer.HOLDS and before.answer is not Answer.HOLDS:
            assert extra in more.convictions
        return
    if before.answer is Answer.HOLDS:
        assert after.answer is Answer.HOLDS
    if before.answer is not Answer.CLEAR:
        assert after.answer is not Answer.CLEAR


@given(facts=any_facts, extra=records | indicators)
def test_more_derogatory_evidence_never_leads_to_a_flag(facts, extra):
    name = "indicators" if hasattr(extra, "category") else "records"
    more = replace(facts, **{name: (*getattr(facts, name), extra)})

    before, after = determine(DOYLE, facts), determine(DOYLE, more)

    if before.outcome is not Outcome.FLAGGED:
        assert after.outcome is not Outcome.FLAGGED


@every_kind
@given(facts=any_facts, seed=st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(kind, facts, seed):
    shuffled = list(facts.records)
    seed.shuffle(shuffled)
    hearings = facts.individual_hearings_on
    other = replace(
        facts,
        records=tuple(shuffled),
        indicators=tuple(reversed(facts.indicators)),
        individual_hearings_on=None if hearings is None else (*hearings[::-1], *hearings),
    )

    one, two = kind.check(facts, kind.example), kind.check(other, kind.example)

    assert (one.answer, one.reason, one.valid_until) == (two.answer, two.reason, two.valid_until)
    assert set(one.evidence) == set(two.evidence)


@every_kind
@given(facts=any_facts, days=st.integers(1, 800))
def test_time_alone_changes_an_answer_only_from_the_day_said(kind, facts, days):
    finding = kind.check(facts, kind.example)
    later = facts.as_of + timedelta(days=days)

    if finding.valid_until is None or later < finding.valid_until:
        assert kind.check(replace(facts, as_of=later), kind.example).answer == finding.answer


def test_a_case_of_which_all_is_known_and_clear_is_flagged():
    made = determine(DOYLE, make_facts())

    assert (made.outcome, made.leading) == (Outcome.FLAGGED, "")
    assert made.valid_until is not None


@every_kind
@given(facts=any_facts)
def test_a_kind_reads_no_more_than_it_says(kind, facts):
    shown = CaseFacts(as_of=facts.as_of, **{name: getattr(facts, name) for name in kind.reads})

    assert kind.check(shown, kind.example) == kind.check(facts, kind.example)


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if "checks" in k.reads])
@given(facts=any_facts)
def test_of_the_checks_a_kind_reads_the_one_it_names(kind, facts):
    named = kind.example.search.check
    shown = replace(facts, checks={k: c for k, c in facts.checks.items() if k is named})

    assert kind.check(shown, kind.example) == kind.check(facts, kind.example)


def test_the_manners_of_entry_are_those_of_the_record():
    assert {e.value for e in Entry} == set(Case.Entry.values)
