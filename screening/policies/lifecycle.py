"""A draft's way to its release: who may make which move, and what is in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from screening.models import PolicyDraft, PolicyDraftMove, PolicyVersion, Simulation
from screening.policies import golden
from screening.policies.document import Policy, PolicyRefused
from screening.policies.release import policy_of, put_on_record, released

Status = PolicyDraft.Status
Guard = Callable[[PolicyDraft, User], list[str]]

DRAFTS = "screening.draft_policy"
APPROVES = "screening.approve_policy"
MAY = {DRAFTS: "draft policies", APPROVES: "approve policies"}
WRITES = ("start", "save", "propose")
"""The moves after which one does not approve; the database holds the same list."""


class MoveRefused(Exception):
    """The draft cannot make this move now: `reasons` says why."""

    def __init__(self, transition: str, reasons: list[str]) -> None:
        super().__init__(f"{transition}: " + " ".join(reasons))
        self.transition = transition
        self.reasons = reasons


# What is in the way. A guard returns its reasons, in sentences.


def text_is_sound(draft: PolicyDraft, _by: User) -> list[str]:
    try:
        return objections(policy_of(draft), draft)
    except PolicyRefused as refused:
        return refused.problems


def objections(policy: Policy, draft: PolicyDraft) -> list[str]:
    """Return what keeps a readable policy from being proposed, approved and released."""
    reasons = []
    if policy.code != draft.code:
        reasons.append(f"The text is of {policy.code}, and the draft of {draft.code}.")
        return reasons
    try:
        latest = released(policy.code)
    except PolicyVersion.DoesNotExist:
        latest = None
    follows = latest.version + 1 if latest else 1
    if policy.version != follows:
        reasons.append(f"The text says version {policy.version}; the next is version {follows}.")
    if latest and policy.effective_from < latest.effective_from:
        reasons.append(
            f"effective_from is {policy.effective_from}, and must not be before that of {latest}, "
            f"{latest.effective_from}."
        )
    return [*reasons, *golden_failures(policy)]


@lru_cache(maxsize=64)
def golden_failures(policy: Policy) -> tuple[str, ...]:
    """Return which golden cases of its code the policy does not answer as expected, and how."""
    report = golden.run(golden.shipped(), {policy.code: policy})
    return tuple(
        f"Golden case {f.case} ({f.file}): {'; '.join(f.differences)}." for f in report.failed
    )


def effect_is_simulated(draft: PolicyDraft, _by: User) -> list[str]:
    """Want a completed simulation of this very text against a released version.

    Against one of its own policy; of a policy that is new, against any; where none is released
    there is nothing to compare it with, and none is wanted.
    """
    versions = PolicyVersion.objects.all()
    if of_its_own := versions.filter(code=draft.code):
        against, versions = f"the released version of {draft.code}", of_its_own
    elif versions:
        against = "any released version"
    else:
        return []
    if Simulation.objects.filter(
        status=Simulation.Status.COMPLETED,
        proposed_sha256=draft.sha256,
        present_version__in=versions,
    ).exists():
        return []
    return [
        f"There is no completed simulation of this text against {against}. Run one under "
        "Simulations: Simulate a policy, with this text as the proposed draft."
    ]


def approver_has_not_written(draft: PolicyDraft, by: User) -> list[str]:
    if draft.moves.filter(by=by, transition__in=WRITES).exists():
        return ["You wrote or proposed this text; someone else must approve it."]
    return []


@dataclass(frozen=True, slots=True)
class Transition:
    """A permitted move; any one of the permissions is enough for it."""

    sources: frozenset[str]
    target: str
    permissions: tuple[str, ...]
    guards: tuple[Guard, ...] = ()


TRANSITIONS: dict[str, Transition] = {
    "save": Transition(frozenset({Status.DRAFT}), Status.DRAFT, (DRAFTS,)),
    "propose": Transition(frozenset({Status.DRAFT}), Status.PROPOSED, (DRAFTS,), (text_is_sound,)),
    "approve": Transition(
        frozenset({Status.PROPOSED}),
        Status.APPROVED,
        (APPROVES,),
        (approver_has_not_written, text_is_sound, effect_is_simulated),
    ),
    # The text is looked at again: another draft of the same policy may have been released since.
    "release": Transition(
        frozenset({Status.APPROVED}),
        Status.RELEASED,
        (APPROVES,),
        (text_is_sound, effect_is_simulated),
    ),
    "send-back": Transition(
        frozenset({Status.PROPOSED, Status.APPROVED}), Status.DRAFT, (DRAFTS, APPROVES)
    ),
    "withdraw": Transition(
        frozenset({Status.DRAFT, Status.PROPOSED, Status.APPROVED}), Status.WITHDRAWN, (DRAFTS,)
    ),
}


def blockers(draft: PolicyDraft, name: str, *, by: User) -> list[str]:
    """Return every reason why the draft cannot make this move now; empty means it can."""
    transition = TRANSITIONS[name]
    if draft.status not in transition.sources:
        return [f"The draft is {draft.get_status_display().lower()}."]
    reasons = [reason for guard in transition.guards for reason in guard(draft, by)]
    if not _permitted(transition, by):
        may = " or ".join(MAY[permission] for permission in transition.permissions)
        reasons.insert(0, f"You are not permitted to {may}.")
    return reasons


def _permitted(transition: Transition, by: User) -> bool:
    return any(by.has_perm(permission) for permission in transition.permissions)


def named(name: str) -> PolicyVersion | PolicyDraft:
    """Return the version or the draft of a name: `doyle-2:1`, or `draft:7`.

    Raises LookupError.
    """
    code, _, number = name.strip().partition(":")
    if number.isdecimal() and len(number) < 10:
        if code == "draft":
            found: Any = PolicyDraft.objects.filter(pk=int(number))
        else:
            found = PolicyVersion.objects.filter(code=code, version=int(number))
        if policy := found.first():
            return policy  # type: ignore[no-any-return]  # of either table
    raise LookupError(f"There is no {name}; write a version as doyle-2:1, a draft as draft:7.")


# The moves. `seen` is the checksum of the text that the mover has read: a click on a page that is
# no longer what stands there approves nothing.


@transaction.atomic
def start_draft(source: PolicyVersion | str, *, by: User) -> PolicyDraft:
    """Begin a draft with the text of a released version, or an empty one of a policy's code.

    Raises PermissionDenied.
    """
    if not by.has_perm(DRAFTS):
        raise PermissionDenied(f"Starting a draft needs {DRAFTS}.")
    if isinstance(source, PolicyVersion):
        draft = PolicyDraft(code=source.code, copied_from=source, document=source.document)
    else:
        draft = PolicyDraft(code=source)
    draft.author = by
    draft.save()
    _record(draft, "start", source=draft.status, by=by)
    return draft


@transaction.atomic
def save(draft: PolicyDraft, document: str, *, by: User, seen: str, note: str = "") -> None:
    """Replace the text, exactly as given; broken text may be saved, and goes no further."""
    _check(draft, "save", by=by, seen=seen)
    _move(draft, "save", by=by, note=note, document=document)


@transaction.atomic
def propose(draft: PolicyDraft, *, by: User, seen: str, note: str = "") -> None:
    """Ask another to approve the text, which stays as it is from here on."""
    _check(draft, "propose", by=by, seen=seen)
    _move(draft, "propose", by=by, note=note, proposed_by=by)


@transaction.atomic
def approve(draft: PolicyDraft, *, by: User, seen: str, note: str = "") -> None:
    _check(draft, "approve", by=by, seen=seen)
    _move(draft, "approve", by=by, note=note, approved_by=by)


@transaction.atomic
def release(draft: PolicyDraft, *, by: User, seen: str, note: str = "") -> None:
    """Put the text on record as the next version, in force from its effective_from."""
    _check(draft, "release", by=by, seen=seen)
    version = put_on_record(draft.document, name=str(draft))
    _move(draft, "release", by=by, note=note, released_as=version)


@transaction.atomic
def send_back(draft: PolicyDraft, *, by: User, seen: str, note: str = "") -> None:
    """Make it a draft again, to be written on; who proposed and approved is cleared."""
    _check(draft, "send-back", by=by, seen=seen)
    _move(draft, "send-back", by=by, note=note, proposed_by=None, approved_by=None)


@transaction.atomic
def withdraw(draft: PolicyDraft, *, by: User, seen: str, note: str = "") -> None:
    """End the draft for good, unreleased."""
    _check(draft, "withdraw", by=by, seen=seen)
    _move(draft, "withdraw", by=by, note=note)


MOVES = {
    "propose": propose,
    "approve": approve,
    "release": release,
    "send-back": send_back,
    "withdraw": withdraw,
}


def _check(draft: PolicyDraft, name: str, *, by: User, seen: str) -> None:
    """Lock the draft, read it again, and refuse what is not permitted or is blocked.

    Every draft of the policy is locked: of two that would be the same next version one is refused.
    Raises PermissionDenied and MoveRefused; nothing has changed then.
    """
    transition = TRANSITIONS[name]
    if not _permitted(transition, by):
        raise PermissionDenied(f"{name} needs {' or '.join(transition.permissions)}.")
    same_policy = PolicyDraft.objects.filter(code=draft.code).order_by("pk")
    list(same_policy.select_for_update().values_list("pk"))
    draft.refresh_from_db()
    reasons = blockers(draft, name, by=by)
    if draft.sha256 != seen:
        reasons.insert(0, "The text has changed since you read it; read it again.")
    if reasons:
        raise MoveRefused(name, reasons)


def _move(draft: PolicyDraft, name: str, *, by: User, note: str, **changed: Any) -> None:
    source, draft.status = draft.status, TRANSITIONS[name].target
    for field, value in changed.items():
        setattr(draft, field, value)
    draft.save(update_fields=["status", *changed])
    _record(draft, name, source=source, by=by, note=note)


def _record(draft: PolicyDraft, name: str, *, source: str, by: User, note: str = "") -> None:
    PolicyDraftMove.objects.create(
        policy_draft=draft,
        transition=name,
        source=source,
        target=draft.status,
        sha256=draft.sha256,
        note=note[:300],
        by=by,
    )
