"""The review: what is asked of each of its moves, and what is in the way."""

from __future__ import annotations

from typing import Any

from cases.models import (
    Motion,
    states,
)
from cases.workflow import safeguards
from cases.workflow.engine import SERVICE, Act, Transition, add, advance_many, among
from cases.workflow.review_guards import (
    answer_may_still_come,
    authority_is_unsettled,
    consent_is_not_reliable,
    enough_is_known,
    family_is_undecided,
    form_is_not_available,
    ground_is_missing,
    motion_before_the_judge,
    motion_is_not_moot,
    motion_is_not_withdrawn,
    needs_a_motion,
    needs_a_supervisor,
    needs_no_motion,
    no_authority_supports_it,
    no_order_denying,
    no_order_granting,
    no_signed_motion,
    nobody_else_decided,
    not_flagged,
    not_reached,
    not_screened,
    not_screened_that_day,
    not_told_of_the_consequences,
    opposed_since,
    position_is_missing,
    proposed_to_decline,
    respondent_opposes,
    safeguards_before_approval,
    safeguards_before_filing,
    screening_did_not_flag_it,
    screening_excludes_nothing,
    screening_flagged_it,
    screening_is_stale,
    too_little_is_known,
    with_another_attorney,
    you_proposed_it,
)

INTAKE = "cases.open_review"
ATTORNEY = "cases.review_case"
SUPERVISOR = "cases.approve_closure"
RECORDER = "cases.record_court_act"
APPROVER = "cases.approve_batch"


# What a move sets besides the status, and what follows in the same transaction.


def _proposed(act: Act) -> dict[str, Any]:
    return {
        "form": act.form,
        "ground": act.ground,
        "authority_cited": act.authority.strip(),
        "proposed_by": act.by,
        "approved_by": None,
        "against_screening": False,
    }


def _against(act: Act) -> dict[str, Any]:
    return _proposed(act) | {"against_screening": True}


UNDECIDED: dict[str, Any] = {
    "form": None,
    "ground": "",
    "authority_cited": "",
    "proposed_by": None,
    "approved_by": None,
    "against_screening": False,
}


def _file_motions(ids: list[int], act: Act) -> None:
    filed = Motion.objects.filter(review__in=among(ids), status=Motion.Status.SIGNED)
    advance_many(filed, "file", act)


def _give_up_motions(ids: list[int], act: Act) -> None:
    """What was drafted for a decision that no longer stands is withdrawn with it."""
    unfiled = (Motion.Status.DRAFT, Motion.Status.SIGNED)
    drafts = Motion.objects.filter(review__in=among(ids), status__in=unfiled)
    if drafts.exists():
        advance_many(drafts, "withdraw", act)


def _review(name: str, label: str, *permissions: str, **more: Any) -> Transition:
    return Transition(
        machine=states.REVIEW, name=name, label=label, permissions=permissions, **more
    )


FRESH = (not_screened, screening_is_stale)
LAWFUL = (
    *(form_is_not_available, ground_is_missing, no_authority_supports_it, authority_is_unsettled),
)
ANSWERED = (
    *(position_is_missing, answer_may_still_come, not_told_of_the_consequences),
    *(not_reached, consent_is_not_reliable),
)
DECISION = ("note", "criteria")
PROPOSAL = (*DECISION, "form", "consequences")

add(
    _review("open", "Open", INTAKE, ATTORNEY, SUPERVISOR, SERVICE),
    _review("screen", "Screen", SERVICE, then=safeguards.open_safeguards),
    _review("take-up", "Take up", ATTORNEY, SUPERVISOR, sets=lambda act: {"attorney": act.by}),
    _review(
        "request-evidence",
        "Request evidence",
        *(ATTORNEY, INTAKE),
        guards=(enough_is_known,),
        asks=("note",),
    ),
    _review("evidence-arrived", "Evidence has arrived", INTAKE, ATTORNEY, SERVICE),
    _review(
        "propose",
        "Propose",
        ATTORNEY,
        guards=(
            *(*FRESH, with_another_attorney, too_little_is_known, screening_did_not_flag_it),
            *LAWFUL,
        ),
        asks=PROPOSAL,
        law="8 CFR 239.2(c), 1003.18(c)",
        sets=_proposed,
    ),
    _review(
        "propose-against-screening",
        "Propose against the screening",
        ATTORNEY,
        guards=(*FRESH, with_another_attorney, screening_excludes_nothing, *LAWFUL),
        asks=PROPOSAL,
        sets=_against,
        override=True,
    ),
    _review(
        "decide",
        "Decide",
        ATTORNEY,
        guards=(
            *(*FRESH, with_another_attorney, needs_a_supervisor, too_little_is_known),
            *(*LAWFUL, safeguards_before_approval),
        ),
        asks=PROPOSAL,
        sets=_proposed,
    ),
    _review(
        "decline",
        "Decline",
        *(ATTORNEY, SUPERVISOR),
        guards=(with_another_attorney, screening_flagged_it),
        asks=DECISION,
    ),
    _review(
        "propose-to-decline",
        "Propose to decline, against the screening",
        ATTORNEY,
        guards=(with_another_attorney, not_flagged),
        asks=DECISION,
        sets=lambda act: UNDECIDED | {"proposed_by": act.by, "against_screening": True},
        override=True,
    ),
    _review(
        "approve",
        "Approve",
        SUPERVISOR,
        guards=(
            *(you_proposed_it, proposed_to_decline, *FRESH, too_little_is_known, *LAWFUL),
            safeguards_before_approval,
        ),
        asks=DECISION,
        sets=lambda act: {"approved_by": act.by},
    ),
    _review(
        "approve-decline",
        "Decline",
        SUPERVISOR,
        guards=(you_proposed_it,),
        asks=DECISION,
        sets=lambda act: {"approved_by": act.by},
    ),
    _review(
        "return",
        "Return to the attorney",
        SUPERVISOR,
        asks=("note",),
        sets=lambda _act: UNDECIDED,
    ),
    _review(
        "approve-in-batch",
        "Approve in a batch",
        APPROVER,
        guards=(*FRESH, not_flagged, needs_a_supervisor, *LAWFUL, safeguards_before_approval),
        asks=(*DECISION, "form", "consequences", "proposer"),
        sets=lambda act: _proposed(act) | {"proposed_by": act.proposer, "approved_by": act.by},
    ),
    _review("notify", "Notify the respondent", ATTORNEY, SUPERVISOR, INTAKE),
    _review(
        "accept-position",
        "Go on with the position on record",
        *(ATTORNEY, SUPERVISOR),
        guards=(respondent_opposes, *ANSWERED),
    ),
    _review("reconsider", "Reconsider", ATTORNEY, SUPERVISOR, asks=("note",)),
    _review(
        "go-on",
        "Go on despite the position",
        SUPERVISOR,
        guards=(
            *(you_proposed_it, position_is_missing, answer_may_still_come),
            not_told_of_the_consequences,
        ),
        asks=DECISION,
        law="Matter of W-Y-U-, 27 I&N Dec. 17 (BIA 2017)",
    ),
    _review(
        "file",
        "File the motion",
        ATTORNEY,
        guards=(
            *(*FRESH, not_screened_that_day, too_little_is_known, needs_no_motion, *LAWFUL),
            *(safeguards_before_filing, opposed_since, *ANSWERED, family_is_undecided),
            no_signed_motion,
        ),
        asks=("document",),
        then=_file_motions,
    ),
    _review(
        "carry-out",
        "Carry out",
        *(ATTORNEY, SUPERVISOR),
        guards=(
            *(*FRESH, not_screened_that_day, too_little_is_known, needs_a_motion, *LAWFUL),
            *(safeguards_before_filing, opposed_since, *ANSWERED, family_is_undecided),
            nobody_else_decided,
        ),
        asks=("document", "happened_on"),
    ),
    _review("granted", "Granted", RECORDER, guards=(no_order_granting,)),
    _review("denied", "Denied", RECORDER, guards=(no_order_denying,)),
    _review("moot", "Moot", RECORDER, ATTORNEY, guards=(motion_is_not_moot,)),
    _review(
        "withdraw-motion",
        "Motion withdrawn",
        ATTORNEY,
        SUPERVISOR,
        guards=(motion_is_not_withdrawn,),
    ),
    _review("suspend", "Suspend", SERVICE, ATTORNEY, SUPERVISOR, asks=("note",)),
    _review(
        "resume",
        "Resume, to be screened again",
        *(ATTORNEY, SUPERVISOR),
        guards=(motion_before_the_judge,),
        asks=("note",),
        sets=lambda _act: UNDECIDED | {"attorney": None},
        then=_give_up_motions,
    ),
    _review(
        "close-suspended",
        "Close",
        *(ATTORNEY, SUPERVISOR),
        guards=(motion_before_the_judge,),
        asks=("note",),
        then=_give_up_motions,
    ),
    _review(
        "rescind",
        "Withdraw the decision",
        *(SUPERVISOR, APPROVER),
        asks=("note",),
        then=_give_up_motions,
    ),
)
