"""Making a document: seen first, then put on record with its bytes."""

from __future__ import annotations

import hashlib
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cases import access
from cases.models import Notice, Review, states
from cases.notices.catalogue import Catalogue, NotTranslated, catalogue
from cases.notices.documents import DOCUMENTS, STYLE, Document, compose, version
from cases.notices.facts import Facts, gather
from cases.notices.pdf import render
from cases.workflow.engine import Act, TransitionRefused

Kind = Notice.Kind
ATTORNEY = "cases.review_case"
CLERK = "cases.open_review"
BEFORE_FILING = (states.Motion.DRAFT, states.Motion.SIGNED)


def preview(review: Review, kind: str, language: str, on: date) -> bytes:
    """Return the PDF as it would be made that day; nothing is stored.

    Raises TransitionRefused with what it lacks, and NotTranslated.
    """
    document, texts = _document(kind, language)
    return _render(document, texts, _complete(gather(review, document, texts, on), kind))


def objections(review: Review, kind: str, language: str, on: date) -> list[str]:
    """Return every reason why the document cannot be made; empty means that it can."""
    try:
        document, texts = _document(kind, language)
        facts = gather(review, document, texts, on)
    except NotTranslated as error:
        return [str(error)]
    return [*facts.missing, *_out_of_time(review, document, facts)]


@transaction.atomic
def make_notice(
    review: Review, kind: str, language: str, act: Act, *, sending_on: date | None = None
) -> Notice:
    """Make the document and put it on record, dated the day on which it is to be sent.

    The deadline in it counts from that day: by default that of the act. Raises PermissionDenied,
    TransitionRefused with every reason against it, and NotTranslated.
    """
    document, texts = _document(kind, language)
    check_permitted(act, review, document)
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    dated_on = sending_on or act.on
    facts = gather(review, document, texts, dated_on)
    reasons = [*facts.missing, *_out_of_time(review, document, facts)]
    if dated_on < act.on:
        reasons.append("It is to be sent on a day that has passed.")
    if reasons:
        raise TransitionRefused(kind, reasons)
    pdf = _render(document, texts, facts)
    return Notice.objects.create(
        review=review,
        motion=facts.motion,
        order=facts.order,
        form=facts.form,
        kind=kind,
        language=language,
        dated_on=dated_on,
        answer_due_on=facts.answer_due_on,
        template_version=version(document, texts),
        sha256=hashlib.sha256(pdf).hexdigest(),
        pdf=pdf,
        made_by=act.by,
    )


def check_permitted(act: Act, review: Review, document: Document) -> None:
    """Raise PermissionDenied unless who acts may handle this document of this case."""
    needed = (ATTORNEY,) if document.is_motion else (ATTORNEY, CLERK)
    if not any(act.by.has_perm(permission) for permission in needed):
        raise PermissionDenied(f"{document.kind} needs {' or '.join(needed)}.")
    if not Review.objects.visible_to(access.of_user(act.by)).filter(pk=review.pk).exists():
        raise PermissionDenied("The case is not of an office whose cases you may see.")


def _document(kind: str, language: str) -> tuple[Document, Catalogue]:
    document = DOCUMENTS[kind]
    if document.languages is not None and language not in document.languages:
        raise NotTranslated(language, f"the document {kind!r}, which is made only in English")
    return document, catalogue(language)


def _out_of_time(review: Review, document: Document, facts: Facts) -> list[str]:
    """A notice asks about what is decided and still open; a motion is drafted before filing."""
    if document.kind == Kind.CONSIDERATION and review.status not in states.DECIDED:
        return [
            f"The review is {review.get_status_display()}: "
            "the respondent is asked about what has been decided, before it is filed."
        ]
    if document.form and facts.motion and facts.motion.status not in BEFORE_FILING:
        return [f"The motion is {facts.motion.get_status_display().lower()}."]
    return []


def _complete(facts: Facts, kind: str) -> Facts:
    if facts.missing:
        raise TransitionRefused(kind, facts.missing)
    return facts


def _render(document: Document, texts: Catalogue, facts: Facts) -> bytes:
    return render(compose(document, texts, facts.values), STYLE)
