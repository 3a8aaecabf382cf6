"""What a document says of a case: the values of its variables, or every reason why it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.safestring import SafeString

from cases.models import (
    Case,
    CourtOrder,
    FormOfDiscretion,
    Motion,
    Notice,
    RespondentPosition,
    Review,
    states,
)
from cases.notices.catalogue import (
    CONSEQUENCES,
    Catalogue,
    FormText,
    MotionTexts,
    NotTranslated,
    catalogue,
    languages,
)
from cases.notices.documents import Document, headed, in_language, lines, paragraph
from cases.workflow.positions import answer_due

Kind = Notice.Kind
FORM_OF_ORDER = {
    CourtOrder.Kind.ADMIN_CLOSURE: "administrative-closure",
    CourtOrder.Kind.DISMISSAL: "dismissal",
    CourtOrder.Kind.TERMINATION: "termination",
}


@dataclass(slots=True)
class Facts:
    """The values of one document's variables, what it rests on, and what it lacks."""

    values: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """In sentences; while there are any, the values are not complete."""
    motion: Motion | None = None
    order: CourtOrder | None = None
    form: FormOfDiscretion | None = None
    answer_due_on: date | None = None

    def say(self, name: str, value: str, otherwise: str) -> None:
        """Set the variable, or note what to put right where there is nothing to say."""
        if value.strip():
            self.values[name] = value
        else:
            self.missing.append(otherwise)


def gather(review: Review, document: Document, texts: Catalogue, on: date) -> Facts:
    """Return what the document says, dated `on`. Raises NotTranslated."""
    facts = Facts()
    _of_anyone(facts, review.case, texts)
    if document.is_motion:
        _of_a_motion(facts, review, document, texts)
    else:
        _of_a_letter(facts, review.case, texts, on)
    if document.kind == Kind.CONSIDERATION:
        _of_the_decision(facts, review, texts, on)
    if document.kind == Kind.ORDER:
        _of_the_order(facts, review, texts)
    return facts


def _of_anyone(facts: Facts, case: Case, texts: Catalogue) -> None:
    respondent = case.respondent
    facts.values["language"] = texts.language
    name = f"{respondent.given_names} {respondent.family_name}"
    facts.say("respondent", name.strip(), "The respondent's name is not on record.")
    number = respondent.a_number or ""
    spaced = f"A {number[:3]} {number[3:6]} {number[6:]}" if number else ""
    facts.say("a_number", spaced, "The A-number is not on record.")
    office = case.office
    facts.say("office", office.name if office else "", "The case is of no office.")


def _of_a_letter(facts: Facts, case: Case, texts: Catalogue, on: date) -> None:
    facts.values["dated_on"] = texts.day(on)
    facts.say(
        "answer_to",
        lines(case.office.answer_to if case.office else ""),
        "The office has no address for answers: put it on record on the page of the office.",
    )
    known = {True: "yes", False: "no", None: "unknown"}[case.represented]
    facts.values["counsel"] = texts.counsel[known]
    others = [
        in_language(other, catalogue(other).also)
        for other in languages()
        if other != texts.language
    ]
    facts.values["other_languages"] = SafeString("\n".join(others))


def _of_the_decision(facts: Facts, review: Review, texts: Catalogue, on: date) -> None:
    if review.form is None:
        facts.missing.append("No form of discretion has been proposed.")
        return
    facts.form = review.form
    form = texts.form(review.form)
    facts.answer_due_on = answer_due(review, on)
    facts.values |= {
        "form": form.name,
        "what": form.what,
        "ground": _ground(review, texts),
        "decided_by": texts.decided_by[review.form.decided_by],
        "consequences": _consequences(form, texts),
        "answer_by": texts.day(facts.answer_due_on),
    }


def _ground(review: Review, texts: Catalogue) -> SafeString:
    """Return the ground that the motion will name; nothing where the form has none."""
    if review.form is None or not review.ground:
        return SafeString()
    return paragraph(f"{texts.ground} {texts.ground_of(review.form, review.ground)}")


def _consequences(form: FormText, texts: Catalogue) -> SafeString:
    return headed([(texts.headings[name], getattr(form, name)) for name in CONSEQUENCES])


def _of_the_order(facts: Facts, review: Review, texts: Catalogue) -> None:
    """The latest order in the case counts: after a remand nobody is told of the dismissal."""
    orders = CourtOrder.objects.filter(case=review.case_id, superseded_at=None)
    # Of two of one day the one that moved the case later; a correction may have a later id.
    order = orders.order_by("-ordered_on", F("move").desc(nulls_last=True), "-id").first()
    if order is None:
        facts.missing.append("No order is on record in this case.")
        return
    facts.order, facts.motion = order, order.motion
    said = texts.order(order.kind)
    means = f"{said.means} {texts.with_prejudice}" if order.with_prejudice else said.means
    facts.values |= {
        "ordered_on": texts.day(order.ordered_on),
        "ordered": said.ordered,
        "means": means,
        "consequences": SafeString(),
    }
    facts.say("ordered_by", order.ordered_by, "Who made the order is not on record.")
    _court(facts, review.case)
    code = FORM_OF_ORDER.get(CourtOrder.Kind(order.kind))
    if code is not None:
        facts.form = FormOfDiscretion.objects.get(pk=code)
        facts.values["consequences"] = _consequences(texts.form(facts.form), texts)


def _court(facts: Facts, case: Case) -> None:
    facts.say("court", str(case.court or ""), "The court is not on record.")


def _of_a_motion(facts: Facts, review: Review, document: Document, texts: Catalogue) -> None:
    if texts.motions is None:
        raise NotTranslated(texts.language, "motions")
    case = review.case
    _court(facts, case)
    custody = texts.motions.custody.get(case.custody, "")
    facts.say("custody", custody, "Whether the respondent is detained is not on record.")
    charged = texts.day(case.charged_on) if case.charged_on else ""
    facts.say("charged_on", charged, "The day of the charging document is not on record.")
    if document.form:
        _of_the_drafted(facts, review, document, texts.motions)
        return
    facts.values["moving"] = texts.motions.moving["dhs"]
    closed = case.completed_on if case.status == Case.Status.ADMIN_CLOSED else None
    day = texts.day(closed) if closed else ""
    facts.say(
        "closed_on", day, "The case is not administratively closed, or since when is unknown."
    )


def _of_the_drafted(facts: Facts, review: Review, document: Document, texts: MotionTexts) -> None:
    over = (states.Motion.WITHDRAWN, states.Motion.MOOT)
    motion = review.motions.filter(form=document.form).exclude(status__in=over).first()
    if motion is None:
        facts.missing.append("No such motion has been drafted in this review.")
        return
    facts.motion, facts.form = motion, motion.form
    facts.values["moving"] = texts.moving["joint" if motion.joint else "dhs"]
    position = RespondentPosition.objects.current().filter(review=review).first()
    stated = position.position if position else RespondentPosition.Position.NONE_SOUGHT
    facts.values["position"] = texts.positions[stated]
    facts.say("authority", motion.authority, "The motion cites no authority.")
    if "ground" in document.variables:
        grounds: list[dict[str, Any]] = motion.form.grounds
        ground = next((g for g in grounds if g["code"] == motion.ground), {})
        facts.say("ground", ground.get("text", ""), "The motion names no ground of its form.")
        facts.values["citation"] = ground.get("citation", "")
