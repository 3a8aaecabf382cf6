"""What a code means depends on its column and its case type: formats of EOIR CASE, 1.4 and 1.5."""

from __future__ import annotations

import pytest

from cases.intake import codes
from cases.intake.codes import ChargeFamily, DecisionField, DecisionMeaning
from cases.intake.places import (
    COURT_NAMES,
    COURTS_WITHOUT_OFFICE,
    DISSOLVED,
    ISO_OF_NATIONALITY,
    NATIONALITIES,
    NO_COUNTRY,
    OFFICE_NAMES,
    OFFICE_OF_COURT,
)
from cases.models import Case

Entry, Status = Case.Entry, Case.Status


@pytest.mark.parametrize(
    ("code", "as_decision", "as_other_completion"),
    [
        ("A", "abandoned", "admin-closed"),
        ("B", "unknown", "admin-closed-failure-to-appear"),
        ("C", "conditional", "change-of-venue"),
        ("D", "denied", "unknown"),
        ("E", "removal-withholding", "unknown"),
        ("F", "unknown", "failure-to-prosecute"),
        ("G", "granted", "unknown"),
        ("H", "removal-cat-deferral", "haitian"),
        ("I", "pd-terminated", "pd-terminated"),
        ("J", "jurisdiction-to-board", "jurisdiction-to-board"),
        ("K", "revoked", "admin-closed"),
        ("L", "unknown", "unknown"),
        ("M", "unknown", "in-court-pd-admin-closed"),
        ("N", "recommend-final", "unknown"),
        ("O", "other", "other-administrative"),
        ("P", "unknown", "temporary-protected-status"),
        ("Q", "final-grant", "unknown"),
        ("R", "relief-granted", "unknown"),
        ("S", "sustained", "unknown"),
        ("T", "terminated", "transfer"),
        ("U", "dismissed", "unknown"),
        ("V", "voluntary-departure", "unknown"),
        ("W", "withdrawn", "unknown"),
        ("X", "removal", "unknown"),
        ("Y", "unknown", "pd-admin-closed"),
        ("Z", "removal-cat-withholding", "unknown"),
    ],
)
def test_a_letter_means_one_thing_in_each_field(code, as_decision, as_other_completion):
    assert codes.meaning("RMV", DecisionField.DEC_CODE, code) == as_decision
    assert codes.meaning("RMV", DecisionField.OTHER_COMP, code) == as_other_completion


def test_a_credible_fear_review_affirms_or_vacates():
    assert codes.decision("CFR", "A", "") is DecisionMeaning.AFFIRMED
    assert codes.decision("CFR", "V", "") is DecisionMeaning.VACATED
    assert codes.decision("AOC", "A", "") is DecisionMeaning.ABANDONED


def test_the_decision_of_the_case_prevails():
    assert codes.decision("RMV", "U", "C") is DecisionMeaning.DISMISSED
    assert codes.decision("RMV", "", "Y") is DecisionMeaning.PD_ADMIN_CLOSED
    assert codes.decision("RMV", "", "") is None


def test_dismissed_terminated_and_closed_are_three_things():
    found = {
        letters: codes.status(codes.decision("RMV", *letters))
        for letters in [("U", ""), ("T", ""), ("", "I"), ("", "A"), ("", "Y"), ("", "M"), ("", "T")]
    }

    assert found == {
        ("U", ""): Status.DISMISSED,
        ("T", ""): Status.TERMINATED,
        ("", "I"): Status.TERMINATED,
        ("", "A"): Status.ADMIN_CLOSED,
        ("", "Y"): Status.ADMIN_CLOSED,
        ("", "M"): Status.ADMIN_CLOSED,
        ("", "T"): Status.PENDING,
    }


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("237a02Aiii   ", ChargeFamily.CRIMINAL),
        ("212a02Ai  II", ChargeFamily.CRIMINAL),
        ("212a2G", ChargeFamily.CRIMINAL),
        ("241A02C", ChargeFamily.CRIMINAL),
        ("237(a)(02)(A)(i  )(I  )", ChargeFamily.CRIMINAL),
        ("(212)(a)(03)(E)(i  )(   )", ChargeFamily.SECURITY),
        ("237a04B", ChargeFamily.SECURITY),
        ("212a20", ChargeFamily.OTHER),  # a ground of before 1990, not paragraph 2
        ("212a33", ChargeFamily.OTHER),
        ("212a06Ai", ChargeFamily.OTHER),
        ("242f00", ChargeFamily.OTHER),
        ("", ChargeFamily.OTHER),
    ],
)
def test_a_charge_is_of_the_family_of_its_paragraph(code, family):
    assert codes.charge_family(code) is family


@pytest.mark.parametrize(
    ("charges", "entry"),
    [
        ([], None),
        (["212a06Ai     "], Entry.WITHOUT_ADMISSION),
        (["212a06i"], Entry.WITHOUT_ADMISSION),
        (["(212)(a)(06)(i)(   )(   )"], Entry.WITHOUT_ADMISSION),
        (["212a07Ai  I"], Entry.AT_PORT),
        (["212a07Ai  I", "212a06Ai"], Entry.WITHOUT_ADMISSION),
        (["212a06Ai", "237a01B"], Entry.ADMITTED),
        (["212a06Ci"], None),
        (["212a02Ai  I"], None),
    ],
)
def test_the_charges_state_the_manner_of_entry(charges, entry):
    assert codes.entry_manner(charges) == entry


def test_protection_under_the_convention_is_a_grant_of_its_own_application_only():
    assert codes.is_granted("WCAT", "L")
    assert not codes.is_granted("ASYL", "L")
    assert codes.is_granted("ASYL", "C")
    assert not codes.is_granted("ASYL", "")


def test_every_nationality_is_a_country_or_known_to_be_none():
    assert len(NATIONALITIES) == 262
    assert not set(ISO_OF_NATIONALITY) & (set(NO_COUNTRY) | set(DISSOLVED))
    assert (ISO_OF_NATIONALITY["ES"], ISO_OF_NATIONALITY["CH"]) == ("SV", "CN")
    assert (ISO_OF_NATIONALITY["KR"], ISO_OF_NATIONALITY["SF"]) == ("KI", "ZA")


def test_every_court_has_a_name_and_an_office_or_none_on_purpose():
    assert len(COURT_NAMES) == 91
    assert len(OFFICE_NAMES) == 25
    assert set(OFFICE_OF_COURT) | COURTS_WITHOUT_OFFICE == set(COURT_NAMES)
