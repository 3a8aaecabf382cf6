"""The lint of a draft's text: asked for, done by a worker, kept on record, and read by the guards.

It takes too long for a request, and is done once for a text, an engine and a set of golden cases.
"""

from __future__ import annotations

from functools import partial

from celery import current_app
from django.db import transaction

from screening.decide import ENGINE_VERSION
from screening.models import PolicyDraft, PolicyLint
from screening.policies.document import PolicyRefused
from screening.policies.golden_cases import shipped_sha256
from screening.policies.lint_report import in_words, report
from screening.policies.release import policy_of

TASK = "screening.tasks.lint_draft"
"""By name: the task calls this module, so this module does not import the task."""

ENDED = (PolicyDraft.Status.RELEASED, PolicyDraft.Status.WITHDRAWN)

NOT_YET = (
    "The check for dead, double and contradictory criteria has not run on this text yet; it takes "
    "a minute."
)


def lint_of(draft: PolicyDraft) -> PolicyLint | None:
    """Return what was found in the text as it stands; None: nobody has looked yet."""
    return PolicyLint.objects.filter(**_key(draft)).first()


def awaits_lint(draft: PolicyDraft) -> bool:
    """Return whether there is a text to lint: one that is going somewhere, and can be read."""
    return draft.status not in ENDED and _is_policy(draft) and lint_of(draft) is None


def queue(draft: PolicyDraft) -> bool:
    """Queue the lint of the text on commit, if it awaits one; one message too many does no harm.

    What cannot be queued can be asked for again, and does not undo what led to it.
    """
    if not awaits_lint(draft):
        return False
    message = partial(current_app.send_task, TASK, [str(draft.pk)])
    transaction.on_commit(message, robust=True)
    return True


def work(draft: PolicyDraft) -> bool:
    """Lint the text and keep what is found; return whether it awaited it. Twice is once."""
    if not awaits_lint(draft):
        return False
    problems = [
        {**problem, "example": in_words(problem)}
        for problem in report(policy_of(draft), draft.document)
    ]
    PolicyLint.objects.get_or_create(**_key(draft), defaults={"problems": problems})
    return True


def obstacles(draft: PolicyDraft) -> list[str]:
    """Return why the text goes no further: it is not linted yet, or the errors with their lines."""
    if not _is_policy(draft):
        return []  # which is told already, and is not the lint's to tell
    found = lint_of(draft)
    if found is None:
        return [NOT_YET]
    return [
        f"line {problem['line']}: {problem['sentence']}"
        for problem in found.problems
        if problem["severity"] == "error"
    ]


def _is_policy(draft: PolicyDraft) -> bool:
    try:
        policy_of(draft)
    except PolicyRefused:
        return False
    return True


def _key(draft: PolicyDraft) -> dict[str, str]:
    return {
        "sha256": draft.sha256,
        "engine_version": ENGINE_VERSION,
        "golden_sha256": shipped_sha256(),
    }
