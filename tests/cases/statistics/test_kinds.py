"""Every order that ends a case has one column, and each legal act its own."""

from __future__ import annotations

import pytest

from cases.intake.codes import MOVES_THE_CASE, DecisionMeaning
from cases.statistics.kinds import (
    CLOSURES,
    DISCRETION,
    IN_WORDS,
    KIND_OF_MEANING,
    KINDS,
    MERITS,
    Completion,
    completion,
    in_absentia,
)


def test_every_meaning_has_a_column_or_moves_the_case():
    assert set(KIND_OF_MEANING) == set(DecisionMeaning) - MOVES_THE_CASE
    assert set(KIND_OF_MEANING.values()) | {Completion.REMOVAL_IN_ABSENTIA} == set(Completion)
    assert set(IN_WORDS) == set(KINDS)


def test_closures_merits_and_discretion_do_not_overlap():
    assert not set(CLOSURES) & set(MERITS)
    assert set(DISCRETION) < set(CLOSURES)
    assert "dismissed" not in DISCRETION


@pytest.mark.parametrize(
    ("case_type", "decision_code", "other", "kind"),
    [
        pytest.param("RMV", "T", "", "terminated", id="T as the decision"),
        pytest.param("RMV", "", "T", None, id="T as the other completion is a transfer"),
        pytest.param("RMV", "", "C", None, id="a change of venue"),
        pytest.param("RMV", "X", "", "removal_ordered", id="X is a removal"),
        pytest.param("RMV", "", "X", "other_decision", id="X in the other field is unknown"),
        pytest.param("RMV", "U", "", "dismissed", id="U stands apart"),
        pytest.param("RMV", "", "I", "pd_termination", id="I"),
        pytest.param("RMV", "I", "", "pd_termination", id="I as the decision, as in 2015"),
        pytest.param("RMV", "", "M", "in_court_pd_closure", id="M"),
        pytest.param("RMV", "", "Y", "pd_administrative_closure", id="Y"),
        pytest.param("RMV", "", "A", "administrative_closure", id="A as the other completion"),
        pytest.param("RMV", "", "B", "administrative_closure", id="B"),
        pytest.param("RMV", "", "F", "failure_to_prosecute", id="F is no discretion"),
        pytest.param("AOC", "A", "", "withdrawn_or_abandoned", id="A as the decision"),
        pytest.param("CFR", "A", "", "other_decision", id="A in a review: affirmed"),
        pytest.param("CFR", "V", "", "other_decision", id="V in a review: vacated"),
        pytest.param("RMV", "V", "", "voluntary_departure", id="V"),
        pytest.param("RMV", "U", "Y", "dismissed", id="the decision of the case prevails"),
        pytest.param("RMV", "", "", None, id="open"),
    ],
)
def test_a_letter_is_read_with_its_field_and_case_type(case_type, decision_code, other, kind):
    assert completion(case_type, decision_code, other) == kind


def test_only_a_removal_can_be_in_absentia():
    assert in_absentia(Completion.REMOVAL_ORDERED, "Y") is Completion.REMOVAL_IN_ABSENTIA
    assert in_absentia(Completion.REMOVAL_ORDERED, "N") is Completion.REMOVAL_ORDERED
    assert in_absentia(Completion.TERMINATED, "Y") is Completion.TERMINATED
