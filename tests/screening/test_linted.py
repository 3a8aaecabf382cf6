"""The lint of a draft's text: asked for, done once by a worker, in the way where it has errors."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from screening.models import PolicyDraft, PolicyLint
from screening.policies import lifecycle
from screening.policies import linted as lints
from screening.policies.lifecycle import MoveRefused, blockers, start_draft
from screening.policies.release import put_on_record
from screening.tasks import lint_draft
from tests.cast import linted, simulated, staff
from tests.screening.examples import SECOND, TEXT
from tests.screening.test_lint import DETAINED, policy

pytestmark = pytest.mark.django_db

ERROR = {
    "code": "never-holds",
    "severity": "error",
    "criterion": "PS-10",
    "line": 12,
    "sentence": "PS-10 (Recent) can never hold: no case meets its conditions.",
    "example": [],
}
WARNING = ERROR | {"severity": "warning", "line": 9, "sentence": "PS-11 never decides."}
TWICE = policy(DETAINED, DETAINED.replace("PR-01", "PR-02"))


@pytest.fixture
def author():
    return staff("draft_policy")


@pytest.fixture
def approver():
    return staff("approve_policy")


@pytest.fixture
def outsider():
    return staff()


@pytest.fixture
def draft(author):
    """A draft of which the text is sound, simulated, and not linted."""
    draft = start_draft(put_on_record(TEXT, name="sample"), by=author)
    lifecycle.save(draft, SECOND, by=author, seen=draft.sha256)
    simulated(draft, by=author)
    return draft


@pytest.fixture
def small(author):
    """A draft of a small policy that says the same twice."""
    draft = start_draft("small-1", by=author)
    lifecycle.save(draft, TWICE, by=author, seen=draft.sha256)
    return draft


def bring(draft, status, *, author, approver):
    """Bring the draft to a status past the guards, as one from before there was a lint."""
    values = {"proposed_by": author} if status != "draft" else {}
    if status == "approved":
        values["approved_by"] = approver
    PolicyDraft.objects.filter(pk=draft.pk).update(status=status, **values)
    draft.refresh_from_db()


def asked_for(callbacks):
    """Return the drafts whose lint was queued."""
    messages = [callback.args for callback in callbacks]
    assert all(task == lints.TASK == lint_draft.name for task, _ in messages)
    return [key for _, [key] in messages]


# What is in the way

every_move = pytest.mark.parametrize(
    ("status", "name"), [("draft", "propose"), ("proposed", "approve"), ("approved", "release")]
)


@every_move
def test_a_text_that_is_not_linted_goes_no_further(draft, author, approver, status, name):
    bring(draft, status, author=author, approver=approver)
    by = author if name == "propose" else approver

    with pytest.raises(MoveRefused) as refused:
        lifecycle.MOVES[name](draft, by=by, seen=draft.sha256)

    assert refused.value.reasons == [
        "The check for dead, double and contradictory criteria has not run on this text yet; it "
        "takes a minute."
    ]


@every_move
def test_a_text_with_errors_goes_no_further(draft, author, approver, status, name):
    linted(draft, ERROR, WARNING, ERROR | {"line": 7, "sentence": "Another."})
    bring(draft, status, author=author, approver=approver)
    by = author if name == "propose" else approver

    with pytest.raises(MoveRefused) as refused:
        lifecycle.MOVES[name](draft, by=by, seen=draft.sha256)

    assert refused.value.reasons == [
        "line 12: PS-10 (Recent) can never hold: no case meets its conditions.",
        "line 7: Another.",
    ]
    draft.refresh_from_db()
    assert draft.status == status


@every_move
def test_a_warning_is_not_in_the_way(draft, author, approver, status, name):
    linted(draft, WARNING)
    bring(draft, status, author=author, approver=approver)
    by = author if name == "propose" else approver

    assert blockers(draft, name, by=by) == []


@pytest.mark.parametrize("name", ["save", "withdraw"])
def test_without_a_lint_it_is_written_on_and_withdrawn(draft, author, name):
    assert blockers(draft, name, by=author) == []


@pytest.mark.parametrize("other", ["sha256", "engine_version", "golden_sha256"])
def test_the_lint_of_something_else_says_nothing(draft, author, other):
    key = {"sha256": draft.sha256, "engine_version": "1", "golden_sha256": "0"} | {other: "x"}
    PolicyLint.objects.create(**key, problems=[])

    assert blockers(draft, "propose", by=author) == [lints.NOT_YET]


# Asking for it


def test_a_draft_that_starts_with_a_text_has_it_linted(author, django_capture_on_commit_callbacks):
    first = put_on_record(TEXT, name="sample")
    with django_capture_on_commit_callbacks() as callbacks:
        draft = start_draft(first, by=author)
        start_draft("office-1", by=author)

    assert asked_for(callbacks) == [str(draft.pk)]


def test_a_text_that_is_saved_is_linted(draft, author, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        lifecycle.save(draft, SECOND + "# more\n", by=author, seen=draft.sha256)

    assert asked_for(callbacks) == [str(draft.pk)]


def test_a_text_that_cannot_be_read_is_not(draft, author, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        lifecycle.save(draft, "code: [", by=author, seen=draft.sha256)

    assert callbacks == []
    assert lints.obstacles(draft) == [], "that it cannot be read is told already"


def test_a_text_refused_for_want_of_it_is_linted(draft, author, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(MoveRefused):
        lifecycle.propose(draft, by=author, seen=draft.sha256)

    assert asked_for(callbacks) == [str(draft.pk)]


def test_a_text_that_was_linted_is_not_again(draft, author, django_capture_on_commit_callbacks):
    linted(draft, ERROR)
    with django_capture_on_commit_callbacks() as callbacks:
        with pytest.raises(MoveRefused):
            lifecycle.propose(draft, by=author, seen=draft.sha256)
        assert not lifecycle.ask_for_lint(draft, by=author)

    assert callbacks == []


def test_who_drafts_and_who_approves_ask_for_it_and_nobody_else(
    draft, author, approver, outsider, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        for by in (author, approver):
            assert lifecycle.ask_for_lint(draft, by=by)
        with pytest.raises(PermissionDenied):
            lifecycle.ask_for_lint(draft, by=outsider)

    assert asked_for(callbacks) == [str(draft.pk)] * 2


# Doing it


def test_the_worker_keeps_what_it_finds(small):
    lint_draft(str(small.pk))

    found = PolicyLint.objects.get()
    assert found.sha256 == small.sha256
    double = next(p for p in found.problems if p["code"] == "duplicate")
    line = next(n for n, text in enumerate(TWICE.splitlines(), 1) if "code: PR-02" in text)
    assert double == {
        "code": "duplicate",
        "severity": "error",
        "criterion": "PR-02",
        "line": line,
        "sentence": "PR-02 (The criterion PR-02) and PR-01 (The criterion PR-01) hold in the same "
        "cases and do the same: one of them is enough.",
        "example": ["custody: D"],
    }
    untested = [p["criterion"] for p in found.problems if p["code"] == "no-golden-case"]
    assert untested == ["PR-01", "PR-01", "PR-02", "PR-02"]
    assert f"line {line}: {double['sentence']}" in lints.obstacles(small)


def test_twice_is_once(small):
    assert lints.work(small)
    assert not lints.work(small)
    lint_draft(str(small.pk))

    assert PolicyLint.objects.count() == 1


@pytest.mark.parametrize("why", ["gone", "ended", "unreadable", "empty"])
def test_where_there_is_nothing_to_lint_nothing_is_done(draft, author, why):
    key = str(draft.pk)
    if why == "ended":
        lifecycle.withdraw(draft, by=author, seen=draft.sha256)
    elif why == "gone":
        key = "0"
    else:
        text = "code: [" if why == "unreadable" else ""
        lifecycle.save(draft, text, by=author, seen=draft.sha256)

    lint_draft(key)

    assert not PolicyLint.objects.exists()


# What the database holds


def test_what_was_found_is_never_changed(draft):
    found = linted(draft, ERROR)
    for change in (found.delete, lambda: PolicyLint.objects.update(problems=[])):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()
    same = {name: getattr(found, name) for name in ("sha256", "engine_version", "golden_sha256")}
    with pytest.raises(DatabaseError, match="a_text_is_linted_once"), transaction.atomic():
        PolicyLint.objects.create(**same, problems=[])
