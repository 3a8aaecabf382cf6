"""What is in the way of a review: each guard finds those that may not move, and says why.

A guard is one condition for one review and for thousands; its docstring is what people read.
"""

from __future__ import annotations

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
from cases.workflow import conditions
from cases.workflow.conditions import AGAINST, CONSENT, Position, only_if, stated
from cases.workflow.engine import Act

Reviews = QuerySet[Review]
Standing = Authority.Standing


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
