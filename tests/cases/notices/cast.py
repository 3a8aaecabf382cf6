"""Reviews that a document can be made of, and what is read in the PDF. All plainly false."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

from django.contrib.auth.models import User
from pypdf import PdfReader

from cases.models import CourtOrder, Motion, Notice, Office, Review
from cases.notices import make_notice, record_sent
from cases.workflow import advance
from cases.workflow.motions import draft_motion
from tests.cases.workflow.cast import (
    ON,
    act,
    case_in_court,
    joins,
    make_review,
    ordered,
    person,
    proposing,
)
from tests.cast import office

FOOT = re.compile(r"A \d{3} \d{3} \d{3} \d+ / \d+")
WHERE = "1 False Street, Room 2\nNowhere, NY 00000\nanswers@example.gov"
FORM_OF = {
    "motion-to-dismiss": "dismissal",
    "motion-to-close-administratively": "administrative-closure",
    "motion-to-terminate": "termination",
}
GROUND_OF = {"dismissal": "7", "termination": "relief"}


def office_with_address() -> None:
    Office.objects.filter(pk=office().pk).update(answer_to=WHERE)


def decided(form: str = "dismissal", **of_the_case: Any) -> Review:
    """Return a review whose proposal a supervisor has approved."""
    office_with_address()
    review = make_review(case_in_court(**of_the_case))
    attorney, supervisor = person("attorney"), person("supervisor")
    advance(review, "take-up", act(attorney))
    advance(review, "propose", proposing(attorney, form, GROUND_OF.get(form, "")))
    advance(review, "approve", act(supervisor))
    review.refresh_from_db()
    return review


def drafted(kind: str) -> Motion:
    return draft_motion(decided(FORM_OF[kind]), act(person("attorney")))


def closed(kind: str = "close-administratively", form: str = "administrative-closure") -> Review:
    """Return a review that an order has ended."""
    attorney, review = person("attorney"), decided(form)
    advance(review, "notify", act(attorney))
    joins(review, attorney)
    advance(review, "accept-position", act(attorney))
    motion = draft_motion(review, act(attorney))
    advance(motion, "sign", act(attorney))
    advance(review, "file", act(attorney))
    motion.refresh_from_db()
    ordered(motion, kind, by=person("recorder"))
    review.refresh_from_db()
    return review


def with_order(kind: str, **given: Any) -> Review:
    """Return a review in whose case an order of any kind is on record."""
    review = decided()
    said: dict[str, Any] = {
        "ordered_on": ON,
        "ordered_by": "Immigration judge 12",
        "document": f"ORDER-{review.pk}",
        "recorded_by": person("recorder"),
    }
    CourtOrder.objects.create(case=review.case, kind=kind, **(said | given))
    return review


def sent(review: Review, by: User, language: str = "es", on: date = ON) -> Notice:
    notice = make_notice(review, "notice-of-consideration", language, act(by, on))
    return record_sent(notice, act(by, on), sent_on=on, means="mail")


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without the feet of its pages, every run of white space as one."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return words(FOOT.sub(" ", words("\n".join(pages))))


def words(text: str) -> str:
    return " ".join(text.split())
