"""Screening through the database: one case, what changed, what was known when."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from screening.explain import differs, explain
from screening.gather import Selection, facts_of
from screening.models import CriminalRecord, Determination, QuarantinedEvidence
from screening.policies.release import policy_of, release_shipped
from screening.screen import screen_case
from tests.screening.dockets import fresh_checks, give, line, make_case

pytestmark = pytest.mark.django_db
AS_OF = date(2024, 1, 15)


@pytest.fixture
def version(db):
    return release_shipped("doyle-2")


def trafficking(number, **values):
    given = {"ncic": "3560", "severity": "felony", "disposition": "convicted"}
    return line("criminal_record", number, f"r{number}", **(given | values))


def test_new_evidence_replaces_the_determination_and_keeps_the_old(
    tmp_path, clerk, screener, version
):
    case = make_case(1)
    give(tmp_path / "a", fresh_checks(1), by=clerk)
    first = screen_case(case, version=version, as_of=AS_OF, by=screener)
    give(tmp_path / "b", [trafficking(1)], by=clerk)

    second = screen_case(case, version=version, as_of=AS_OF, by=screener)

    assert (first.outcome, second.outcome) == ("flagged", "not-flagged")
    assert second.evidence == [f"c{CriminalRecord.objects.get().pk}"]
    assert list(Determination.objects.current()) == [second]
    assert case.determinations.count() == 2


def test_screening_again_writes_nothing(tmp_path, clerk, screener, version):
    case = make_case(1)
    give(tmp_path / "a", fresh_checks(1), by=clerk)

    once = screen_case(case, version=version, as_of=AS_OF, by=screener)
    twice = screen_case(case, version=version, as_of=AS_OF, by=screener)

    assert once == twice
    assert Determination.objects.count() == 1


def test_a_case_that_leaves_the_scope_has_no_current_determination(screener, version):
    case = make_case(1)
    screen_case(case, version=version, as_of=AS_OF, by=screener)
    case.status = case.Status.DISMISSED
    case.save()

    assert screen_case(case, version=version, as_of=AS_OF, by=screener) is None
    assert case.determinations.count() == 1


def test_what_was_known_at_an_instant_stays_known(tmp_path, clerk):
    case = make_case(1)
    give(tmp_path / "a", [trafficking(1)], by=clerk)
    CriminalRecord.objects.update(superseded_at=now())
    then = CriminalRecord.objects.get().recorded_at
    selection = Selection(first=case.respondent_id, before=case.respondent_id + 1)

    (known_then,) = facts_of(selection, as_of=AS_OF, known_at=then)
    (known_now,) = facts_of(selection, as_of=AS_OF, known_at=now())

    assert len(known_then.records) == 1
    assert known_now.records == ()


def test_evidence_is_superseded_and_never_edited(tmp_path, clerk):
    make_case(1)
    give(tmp_path / "a", [trafficking(1)], by=clerk)
    give(tmp_path / "b", [trafficking(1, disposition="dismissed")], by=clerk)

    old, new = CriminalRecord.objects.order_by("pk")
    assert (old.disposition, old.superseded_at is None) == ("convicted", False)
    assert (new.disposition, new.superseded_at) == ("dismissed", None)
    for change in ({"disposition": "acquitted"}, {"superseded_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CriminalRecord.objects.filter(pk=old.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        new.delete()


def test_a_bad_line_is_kept_and_the_others_are_taken(tmp_path, clerk):
    make_case(1)

    taken = give(
        tmp_path / "a",
        [
            trafficking(1),
            "{not json\n",
            trafficking(1, source_record="x", disposition="guilty"),
            trafficking(2),
        ],
        by=clerk,
    )

    assert (taken.read, taken.added, taken.quarantined) == (4, 1, 3)
    kept = {q.line: (q.column, q.reason) for q in QuarantinedEvidence.objects.all()}
    assert kept[3][0] == "disposition"
    assert kept[4] == ("a_number", "No respondent has this A-number.")


def test_a_protected_persons_prohibited_source_is_set_aside(tmp_path, clerk, screener, version):
    case = make_case(1, protected_1367=True)
    source = {"source_relation": "household-member"}
    give(tmp_path / "a", [*fresh_checks(1), trafficking(1, **source)], by=clerk)

    made = screen_case(case, version=version, as_of=AS_OF, by=screener)

    assert (made.outcome, made.leading) == ("refer", "PR-13")


def test_an_explanation_names_evidence_law_and_what_would_change_it(
    tmp_path, clerk, screener, version
):
    case = make_case(1)
    give(tmp_path / "a", [*fresh_checks(1), trafficking(1)], by=clerk)

    explained = explain(screen_case(case, version=version, as_of=AS_OF, by=screener))

    (line_,) = [c for c in explained.criteria if c.code == "PS-06"]
    assert (line_.answer, line_.would_change) == ("holds", {"clear": "refer"})
    assert line_.evidence[0].summary == "drug-trafficking, felony, convicted"
    assert "INA" in line_.citation
    assert [c.code for c in explained.criteria] == [c.code for c in policy_of(version).criteria]
    assert "000000001" not in str(explained.as_dict())


def test_a_replay_is_equal_and_finds_what_is_not(screener, version):
    made = screen_case(make_case(1), version=version, as_of=AS_OF, by=screener)

    assert differs(made) is None
    made.outcome = "flagged"
    assert differs(made) == "outcome"
