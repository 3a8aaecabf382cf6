"""Why not: what each criterion read, and what would have to be on record instead."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from screening.birthdays import without_birth
from screening.explain import explain
from screening.facts import OffenceFamily
from screening.facts_words import LABELS, facts_read
from screening.policies.release import release_shipped
from screening.screen import screen_case
from tests.screening.dockets import fresh_checks, give, line, make_case
from tests.screening.examples import AS_OF, NOTHING, conviction, make_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def explained(tmp_path, clerk, screener):
    def of(number, lines=(), **values):
        case = make_case(number, **values)
        give(tmp_path / str(number), list(lines), by=clerk)
        version = release_shipped("doyle-2")
        return explain(screen_case(case, version=version, as_of=AS_OF, by=screener))

    return of


def criterion(explained, code):
    (found,) = [c for c in explained.criteria if c.code == code]
    return found


def test_what_holds_says_what_would_make_it_clear(explained):
    entry = {"entry_on": date(2021, 5, 6), "entry_manner": "without-admission"}

    found = criterion(explained(1, fresh_checks(1), **entry), "BS-01")

    assert found.near_miss == {
        "clear": "a date of entry on or before 1 November 2020, or another manner of entry than "
        "at port or without admission"
    }
    assert [(r.label, r.value) for r in found.reads] == [
        ("date of entry", "6 May 2021"),
        ("manner of entry", "without admission"),
    ]
    assert found.obtained_by == ""


def test_what_is_not_known_says_both_and_who_may_obtain_it(explained):
    found = criterion(explained(1, fresh_checks(1), entry_on=None), "BS-01")

    assert set(found.near_miss) == {"clear", "holds"}
    assert found.missing == "date of entry (I-213)"
    assert found.obtained_by.startswith("By the office, from the I-213")
    assert found.reads[0].value == "not on record"


def test_what_is_clear_says_what_would_make_it_hold(explained):
    found = criterion(explained(1, fresh_checks(1)), "PR-09A")

    assert list(found.near_miss) == ["holds"]
    assert [r.value for r in found.reads] == ["completed 10 January 2024, no hit"]


def test_the_sentences_say_what_it_takes_and_what_many_criteria_wait_for(explained):
    alone = explained(1, fresh_checks(1), custody="")
    together = explained(2, custody="N")

    assert (
        "If PR-01 (Detained) were clear, the outcome would be flagged. It takes a custody status "
        "other than detained. To obtain: custody record. By the office, from the custody record of "
        "the detaining agency and of the immigration court."
    ) in alone.what_would_change
    (waiting,) = [s for s in together.what_would_change if "To obtain: fingerprint check." in s]
    assert "26 criteria wait for it: PS-01, PS-01A, PS-02" in waiting


def test_every_criterion_reads_what_its_kind_reads_and_says_so(explained):
    made = explained(1)

    for found in made.criteria:
        assert found.reads, found.code
        assert found.near_miss, found.code
        assert found.answer not in found.near_miss
        assert bool(found.obtained_by) == bool(found.missing)
        json.dumps(made.as_dict())


def test_who_may_not_see_the_respondent_is_told_no_birth(explained, screener):
    made = explained(1)
    case = make_case(2)
    determination = screen_case(case, version=release_shipped("doyle-2"), as_of=AS_OF, by=screener)
    told = without_birth(explain(determination), determination)

    assert criterion(made, "MI-04").reads[0].value == "9 April 1984"
    assert criterion(told, "MI-04").reads == []
    assert "1984" not in str(told.as_dict())


def test_the_command_says_why_not(explained):
    made = explained(1, [line("criminal_record", 1, "r", ncic="3560", severity="felony")])
    printed = StringIO()
    call_command("explain", str(made.idncase), stdout=printed)

    said = " ".join(printed.getvalue().replace("│", " ").split())
    assert "Clear with" in said
    assert "Read: date of entry: 6 May 2018." in said
    assert "The office orders the check" in said


def test_facts_of_every_kind_are_told_in_words():
    facts = make_facts(
        records=(conviction(OffenceFamily.SECURITY, sentence_days=400),),
        individual_hearings_on=(date(2024, 2, 1), date(2024, 3, 1)),
    )

    said = {r.fact: r.value for r in facts_read(facts, LABELS)}
    nothing = {r.fact: r.value for r in facts_read(NOTHING, LABELS)}

    assert (
        said["records"] == "security, severity felony, convicted, 1 January 2020, sentence 400 days"
    )
    assert said["individual_hearings_on"] == "1 February 2024; 1 March 2024"
    assert said["manner_of_entry"] == "without admission"
    assert said["represented"] == "yes"
    assert said["indicators"] == "none"
    assert nothing["custody"] == nothing["checks.tecs"] == "not on record"
