"""Only the listed moves exist: the list is a second statement of the process, on purpose."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases.models import (
    Case,
    ClosureBatch,
    FormOfDiscretion,
    Motion,
    Move,
    RestartReview,
    Review,
    states,
)
from cases.workflow import TRANSITIONS, blockers, transitions_of
from cases.workflow.court import ACTS
from tests.cases.workflow.cast import NOTE, ON, act, case_in_court, make_review, person
from tests.cast import office

ROOT = Path(__file__).parents[3]
MERITS = "appeal reopen"

MOVES: dict[str, dict[str, str]] = {
    "review": {
        "queued": "screen suspend",
        "screened": "take-up request-evidence approve-in-batch suspend",
        "awaiting-evidence": "evidence-arrived suspend",
        "attorney-review": (
            "request-evidence propose propose-against-screening decide decline propose-to-decline"
            " suspend"
        ),
        "supervisor-review": "approve approve-decline return suspend",
        "approved": "notify rescind suspend",
        "declined": "",
        "awaiting-position": "accept-position reconsider rescind suspend",
        "reconsider": "go-on rescind suspend",
        "ready-to-file": "file carry-out reconsider rescind suspend",
        "motion-filed": "granted denied moot withdraw-motion suspend",
        "carried-out": "",
        "granted": "",
        "denied": "",
        "moot": "",
        "withdrawn": "",
        "suspended": "resume close-suspended",
        "rescinded": "",
    },
    "motion": {
        "draft": "sign withdraw moot",
        "signed": "file withdraw moot",
        "filed": "open-response grant deny withdraw moot",
        "response-open": "grant deny withdraw moot",
        "ruled-granted": "",
        "ruled-denied": "",
        "withdrawn": "",
        "moot": "",
    },
    "batch": {
        "assembled": "freeze cancel",
        "frozen": "draw cancel",
        "reading": "pass stop cancel",
        "passed": "approve cancel",
        "stopped": "",
        "approved": "execute cancel",
        "executing": "pause complete",
        "paused": "execute cancel rescind",
        "completed": "rescind",
        "cancelled": "",
        "rescinded": "",
    },
    "case": {
        "pre-filing": "cancel-nta leave-unfiled file-nta",
        "nta-cancelled": "",
        "not-filed": "",
        "pending": (
            "hearing close-administratively dismiss terminate grant-relief order-removal"
            " grant-voluntary-departure grant-withholding withdraw-application find-abandoned"
            " deny-motion"
        ),
        "admin-closed": "recalendar refuse-to-recalendar",
        "dismissed": f"{MERITS} begin-expedited-removal",
        "terminated": MERITS,
        "granted": MERITS,
        "removal-ordered": MERITS,
        "voluntary-departure": MERITS,
        "withholding": MERITS,
        "withdrawn": MERITS,
        "abandoned": MERITS,
        "on-appeal": (
            "remand affirm-dismissed affirm-terminated affirm-granted affirm-removal-ordered"
            " affirm-voluntary-departure affirm-withholding affirm-withdrawn affirm-abandoned"
        ),
        "other": "",
    },
    "restart": {
        "open": "take-up close moot",
        "attorney-review": "propose close moot",
        "supervisor-review": "approve return withdraw moot",
        "approved": "file charge-anew return withdraw moot",
        "filed": "recalendared reopened refused withdraw moot",
        "recalendared": "",
        "reopened": "",
        "charged-anew": "",
        "refused": "",
        "no-action": "",
        "withdrawn": "",
        "moot": "",
    },
}
MODELS: dict[str, Any] = {
    "review": Review,
    "motion": Motion,
    "batch": ClosureBatch,
    "case": Case,
    "restart": RestartReview,
}
EVERY_STATUS = [(machine, status) for machine, listed in MOVES.items() for status in listed]


def test_the_list_names_every_machine_and_every_status():
    for machine, listed in MOVES.items():
        assert listed.keys() == set(MODELS[machine].Status.values), machine


@pytest.mark.parametrize(("machine", "status"), EVERY_STATUS)
def test_only_the_listed_moves_leave_from_a_status(machine, status):
    leaving = {t.name for t in transitions_of(MODELS[machine](status=status))}

    assert leaving == set(MOVES[machine][status].split())


def test_every_edge_has_its_transition():
    for machine in states.MACHINES:
        made = {edge.transition for edge in machine.edges}
        assert TRANSITIONS[machine.name].keys() | {"serve-nta"} == made | {"serve-nta"}
    assert ACTS.keys() == {edge.transition for edge in states.COURT.edges}


def thing(machine: str) -> Any:
    """Return one that has all that any status demands of it."""
    dismissal = FormOfDiscretion.objects.get(pk="dismissal")
    one, another = person("attorney"), person("supervisor")
    if machine == "batch":
        return ClosureBatch.objects.create(
            office=office(), title="A batch", form=dismissal, proposed_by=one, approved_by=another
        )
    if machine == "case":
        return case_in_court()
    if machine == "restart":
        return RestartReview.objects.create(
            case=case_in_court(status="admin-closed"),
            tool="recalendar",
            opened_by=one,
            proposed_by=one,
            approved_by=another,
        )
    review = make_review(form=dismissal, proposed_by=one, approved_by=another)
    if machine == "review":
        return review
    return Motion.objects.create(
        review=review,
        case=review.case,
        form=dismissal,
        authority="8 CFR 239.2(c)",
        filed_on=ON,
        proposed_by=one,
        approved_by=another,
        signed_by=another,
    )


def put(it: Any, status: str) -> None:
    """Let it stand there, whatever the triggers say of the way."""
    with pgtrigger.ignore():
        type(it).objects.filter(pk=it.pk).update(status=status)
    it.refresh_from_db()


@pytest.mark.django_db
@pytest.mark.parametrize("machine", MOVES)
def test_every_move_from_where_it_does_not_start_is_refused_in_words(machine):
    it = thing(machine)
    everyone = person("attorney")
    everyone.is_superuser = True
    everyone.save()

    for status, listed in MOVES[machine].items():
        put(it, status)
        for name in TRANSITIONS[machine].keys() - set(listed.split()):
            reasons = blockers(it, name, act(everyone))
            assert any(reason.startswith("The ") and " is " in reason for reason in reasons), name


@pytest.mark.django_db
@pytest.mark.parametrize("machine", ["review", "motion", "batch", "restart"])
def test_the_database_refuses_every_change_that_is_not_an_edge(machine):
    it = thing(machine)
    model = MODELS[machine]
    found = {m.name: m for m in states.MACHINES}[machine]
    allowed = set(found.steps())
    refused = 0

    for source in MOVES[machine]:
        put(it, source)
        for target in MOVES[machine].keys() - {source}:
            if (source, target) in allowed:
                continue
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.filter(pk=it.pk).update(status=target)
            refused += 1
    assert refused > 20


@pytest.mark.django_db
def test_the_database_keeps_no_move_that_is_not_an_edge_and_changes_none():
    review = make_review()
    move = Move.objects.filter(review=review).first()

    with pytest.raises(IntegrityError, match="a_move_follows_an_edge"), transaction.atomic():
        Move.objects.create(
            machine="review",
            case=review.case,
            review=review,
            transition="file",
            source="queued",
            target="motion-filed",
            by=review.opened_by,
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Move.objects.filter(pk=move.pk).update(note=NOTE)
    with pytest.raises(DatabaseError), transaction.atomic():
        move.delete()
    with pytest.raises(IntegrityError, match="document_and_day"), transaction.atomic():
        Move.objects.create(
            machine="case",
            case=review.case,
            transition="dismiss",
            source="pending",
            target="dismissed",
            happened_on=ON,
            by=review.opened_by,
        )


WRITES_STATUS = re.compile(r"\.status = (?!ANY)|\.update\([^()]*\bstatus=", re.DOTALL)
OF_OTHERS = {
    "screening/runs.py",  # bulk reviews and simulations have a machine of their own
    "screening/policies/lifecycle.py",  # and so have drafts
}


def test_only_the_workflow_writes_a_status():
    sources = [p for app in ("cases", "screening", "casemgmt") for p in (ROOT / app).rglob("*.py")]

    guilty = {
        str(path.relative_to(ROOT))
        for path in sources
        if "migrations" not in path.parts and WRITES_STATUS.search(path.read_text())
    }

    assert guilty - OF_OTHERS <= {"cases/workflow/engine.py", "cases/batches.py"}
