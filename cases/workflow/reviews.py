"""The review: what is asked of each of its moves, and what is in the way."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases.models import (
    Authority,
    FormOfDiscretion,
    Motion,
    Move,
    RespondentPosition,
    Review,
    SafeguardStep,
    states,
)
from cases.workflow import conditions, safeguards
from cases.workflow.conditions import AGAINST, CONSENT, Position, only_if, stated
from cases.workflow.engine import SERVICE, Act, Transition, add, advance_many, among

Reviews = QuerySet[Review]
Standing = Authority.Standing

INTAKE = "cases.open_review"
ATTORNEY = "cases.review_case"
SUPERVISOR = "cases.approve_closure"
RECORDER = "cases.record_court_act"
APPROVER = "cases.approve_batch"


# What is in the way: each finds the reviews that may not move, and its docstring says why.


def not_screened(reviews: Reviews, _act: Act) -> Reviews:
    """The case has not been screened for this review."""
    return reviews.filter(outcome=None)


def screening_is_stale(reviews: Reviews, act: Act) -> Reviews:
    """There is new evidence, a change of the case, or an expired check since the last screening."""
    return reviews.filter(
        Q(stale=True)
        | Q(valid_until__lte=act.on)
        | ~Q(case_version=F("case__version"))
        | Q(case_version=None)
    )


def not_screened_that_day(reviews: Reviews, act: Act) -> Reviews:
    """It was last screened on another day; screen it again before filing."""
    return reviews.exclude(screened_as_of=act.on)


def too_little_is_known(reviews: Reviews, _act: Act) -> Reviews:
    """Too little is known: request what is missing, and screen again."""
    return reviews.filter(outcome="insufficient")


def enough_is_known(reviews: Reviews, _act: Act) -> Reviews:
    """The screening misses nothing; say what evidence is wanted, from the attorney's review."""
    return reviews.filter(status=states.Review.SCREENED).exclude(outcome="insufficient")


def screening_did_not_flag_it(reviews: Reviews, _act: Act) -> Reviews:
    """The screening found what excludes it: propose it against the screening."""
    return reviews.filter(outcome="not-flagged")


def screening_excludes_nothing(reviews: Reviews, _act: Act) -> Reviews:
    """The screening excludes nothing: no override is needed."""
    return reviews.exclude(outcome="not-flagged")


def screening_flagged_it(reviews: Reviews, _act: Act) -> Reviews:
    """The screening flagged it: to decline it goes against the screening, and to a supervisor."""
    return reviews.filter(outcome="flagged")


def not_flagged(reviews: Reviews, _act: Act) -> Reviews:
    """The screening did not flag it."""
    return reviews.exclude(outcome="flagged")


def needs_a_supervisor(reviews: Reviews, act: Act) -> Reviews:
    """A supervisor must decide: a criterion excludes or refers, or the respondent may be a minor,
    is detained, has no counsel and opposes, or competency is in question.
    """
    return reviews.filter(
        ~Q(outcome="flagged")
        | ~Q(hits=[])
        | Q(case__custody="D")
        | conditions.is_a_minor(act.on)
        | conditions.competency_in_question()
        | (conditions.unrepresented() & Q(stated(*AGAINST)))
    )


def you_proposed_it(reviews: Reviews, act: Act) -> Reviews:
    """You proposed this; someone else must decide."""
    return reviews.filter(proposed_by=act.by)


def with_another_attorney(reviews: Reviews, act: Act) -> Reviews:
    """Another attorney has taken it up."""
    return reviews.exclude(Q(attorney=act.by) | Q(attorney=None))


def proposed_to_decline(reviews: Reviews, _act: Act) -> Reviews:
    """The proposal is to decline."""
    return reviews.filter(form=None)


def safeguards_before_approval(reviews: Reviews, _act: Act) -> Reviews:
    """A safeguard that comes before approval has not been done."""
    return reviews.filter(_open_steps(SafeguardStep.Before.APPROVAL))


def safeguards_before_filing(reviews: Reviews, _act: Act) -> Reviews:
    """A safeguard has not been done."""
    return reviews.filter(_open_steps(*SafeguardStep.Before.values))


def _open_steps(*before: str) -> Exists:
    steps = SafeguardStep.objects.filter(done_at=None, before__in=before)
    return Exists(steps.filter(review=OuterRef("pk")))


def form_is_not_available(reviews: Reviews, act: Act) -> Reviews:
    """The form of discretion is not available where the case stands, or not on that day."""
    allowed = Q(pk__in=())
    for form in _forms(reviews, act):
        if form.effective_from <= act.on and not (
            form.effective_to and form.effective_to <= act.on
        ):
            allowed |= _with(form, act) & Q(case__status__in=form.available_in)
    return _chosen(reviews, act).exclude(allowed)


def ground_is_missing(reviews: Reviews, act: Act) -> Reviews:
    """The form needs one of its grounds."""
    wrong = Q(pk__in=())
    for form in _forms(reviews, act):
        grounds = [ground["code"] for ground in form.grounds]
        if not grounds:
            continue
        wrong |= _with(form, act) & (
            ~Q(ground__in=grounds) if act.form is None else only_if(act.ground not in grounds)
        )
    return reviews.filter(wrong)


def no_authority_supports_it(reviews: Reviews, act: Act) -> Reviews:
    """No authority supports this motion, on that day and in the circuit of the court."""
    allowed = Q(pk__in=())
    for form in _forms(reviews, act):
        if not form.motion_code:
            allowed |= _with(form, act)
            continue
        by_standing = conditions.circuits(form, act.on)
        possible = by_standing[Standing.SUPPORTS] | by_standing[Standing.UNSETTLED]
        allowed |= _with(form, act) & _in_circuits(possible)
    return _chosen(reviews, act).exclude(allowed)


def authority_is_unsettled(reviews: Reviews, act: Act) -> Reviews:
    """Which authority supports this motion is unsettled: cite the ground by hand."""
    wrong = Q(pk__in=())
    for form in _forms(reviews, act):
        unsettled = conditions.circuits(form, act.on)[Standing.UNSETTLED]
        if not form.motion_code or not unsettled:
            continue
        cited = Q(authority_cited="") if act.form is None else only_if(not act.authority.strip())
        wrong |= _with(form, act) & _in_circuits(unsettled) & cited
    return reviews.filter(wrong)


def _chosen(reviews: Reviews, act: Act) -> Reviews:
    """Leave out those for which no form is chosen: that is a reason of its own."""
    return reviews if act.form is not None else reviews.exclude(form=None)


def _forms(reviews: Reviews, act: Act) -> list[FormOfDiscretion]:
    """Return the forms that are asked about: that of the act, or those proposed before."""
    if act.form is not None:
        return [act.form]
    return conditions.forms_of(reviews)


def _with(form: FormOfDiscretion, act: Act) -> Q:
    return ~Q(pk__in=()) if act.form is not None else Q(form=form)


def _in_circuits(circuits: set[str]) -> Q:
    inside = Q(case__court__circuit__in=circuits)
    return inside | Q(case__court=None) if "" in circuits else inside


def position_is_missing(reviews: Reviews, _act: Act) -> Reviews:
    """The respondent's position is not on record."""
    return reviews.exclude(
        stated(
            *(*CONSENT, *AGAINST, Position.NO_RESPONSE, Position.DEEMED_UNOPPOSED),
            Position.UNREACHABLE,
        )
    )


def respondent_opposes(reviews: Reviews, _act: Act) -> Reviews:
    """The respondent opposes or has withdrawn consent: reconsider it, with a supervisor."""
    return reviews.filter(stated(*AGAINST))


def opposed_since(reviews: Reviews, _act: Act) -> Reviews:
    """The respondent opposes, and no supervisor has gone on with it since."""
    return reviews.filter(stated(*AGAINST)).exclude(_gone_on_since())


def not_reached(reviews: Reviews, _act: Act) -> Reviews:
    """The respondent has not been reached; a supervisor must look at it."""
    return reviews.filter(stated(Position.UNREACHABLE)).exclude(_gone_on_since())


def consent_is_not_reliable(reviews: Reviews, act: Act) -> Reviews:
    """Without counsel, the consent of a minor or of one whose competency is in question is not
    enough.
    """
    doubtful = conditions.is_a_minor(act.on) | conditions.competency_in_question()
    return reviews.filter(stated(*CONSENT), conditions.unrepresented() & doubtful).exclude(
        _gone_on_since()
    )


def not_told_of_the_consequences(reviews: Reviews, _act: Act) -> Reviews:
    """The respondent has not been told what it would mean."""
    current = RespondentPosition.objects.current().filter(
        review=OuterRef("pk"), position__in=CONSENT, informed_of_consequences=False
    )
    return reviews.filter(Exists(current))


def answer_may_still_come(reviews: Reviews, act: Act) -> Reviews:
    """The time to answer has not run out."""
    waiting = RespondentPosition.objects.current().filter(
        review=OuterRef("pk"),
        position__in=(Position.NO_RESPONSE, Position.NOTICE_SENT),
        answer_due_on__gte=act.on,
    )
    return reviews.filter(Exists(waiting))


def _gone_on_since() -> Exists:
    """Whether a supervisor let it go on after the current position was recorded."""
    current = RespondentPosition.objects.current().filter(review=OuterRef("review"))
    return Exists(
        Move.objects.filter(
            review=OuterRef("pk"),
            machine=states.REVIEW.name,
            transition="go-on",
            at__gte=current.values("recorded_at")[:1],
        )
    )


def family_is_undecided(reviews: Reviews, _act: Act) -> Reviews:
    """A case of the family has no decision: families are closed together or not at all."""
    return reviews.filter(conditions.family_undecided())


def no_signed_motion(reviews: Reviews, _act: Act) -> Reviews:
    """No motion has been signed."""
    return reviews.exclude(_motion(Motion.Status.SIGNED))


def needs_no_motion(reviews: Reviews, _act: Act) -> Reviews:
    """The office decides this form itself; there is no motion to file."""
    return reviews.filter(form__decided_by=FormOfDiscretion.DecidedBy.OFFICE)


def needs_a_motion(reviews: Reviews, _act: Act) -> Reviews:
    """A judge decides this form: file the motion."""
    return reviews.exclude(form__decided_by=FormOfDiscretion.DecidedBy.OFFICE)


def no_order_granting(reviews: Reviews, _act: Act) -> Reviews:
    """No order that grants the motion is on record."""
    return reviews.exclude(_motion(Motion.Status.RULED_GRANTED))


def no_order_denying(reviews: Reviews, _act: Act) -> Reviews:
    """No order that denies the motion is on record."""
    return reviews.exclude(_motion(Motion.Status.RULED_DENIED))


def motion_is_not_moot(reviews: Reviews, _act: Act) -> Reviews:
    """The motion has not become moot on record."""
    return reviews.exclude(_motion(Motion.Status.MOOT))


def motion_is_not_withdrawn(reviews: Reviews, _act: Act) -> Reviews:
    """The motion has not been withdrawn on record."""
    return reviews.exclude(_motion(Motion.Status.WITHDRAWN))


def motion_before_the_judge(reviews: Reviews, _act: Act) -> Reviews:
    """A motion is still before the judge: withdraw it, or wait for the ruling."""
    return reviews.filter(_motion(Motion.Status.FILED, Motion.Status.RESPONSE_OPEN))


def _motion(*standing: str) -> Exists:
    return Exists(Motion.objects.filter(review=OuterRef("pk"), status__in=standing))


def nobody_else_decided(reviews: Reviews, act: Act) -> Reviews:
    """Only you have decided it: someone else must carry it out."""
    return reviews.filter(approved_by=None, proposed_by=act.by)


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
