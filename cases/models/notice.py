"""The notices to respondents and the drafts of motions that were made, and what became of each."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from cases.models.law import FormOfDiscretion
from cases.models.review import CourtOrder, Motion, Review

if TYPE_CHECKING:
    from cases.access import Access

DELIVERY = {
    "sent": ("sent_on", "sent_means", "sent_recorded_by"),
    "delivered": ("delivered_on", "delivery_recorded_by"),
    "returned": ("returned_on", "return_reason", "return_recorded_by"),
}
"""What may be set of a notice after it was made: each group once, and together."""


def _person(**given: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **given)  # type: ignore[arg-type]


def _set_once(fact: str, names: tuple[str, ...]) -> pgtrigger.Trigger:
    changed = [pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in names]
    return pgtrigger.Protect(
        name=f"a_notice_is_{fact}_once",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(**{f"old__{names[0]}__isnull": False}) & reduce(or_, changed),
    )


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, access: Access) -> NoticeQuerySet:
        """Return the notices in the cases that this access may see."""
        return self.filter(access.condition("review__case__"))

    def without_pdf(self) -> NoticeQuerySet:
        return self.defer("pdf")


class Notice(models.Model):
    """One document as it was made, with its bytes; only what became of it is added, each once.

    The bytes are a column and not a file: what was sent is then backed up, kept and moved with the
    record of its sending, in one transaction. A notice has some thirty kilobytes.
    """

    class Kind(models.TextChoices):
        CONSIDERATION = "notice-of-consideration", "notice that closing is considered"
        ORDER = "notice-of-order", "notice of an order"
        DISMISS = "motion-to-dismiss", "motion to dismiss"
        CLOSE = "motion-to-close-administratively", "motion to close administratively"
        TERMINATE = "motion-to-terminate", "motion to terminate"
        RECALENDAR = "motion-to-recalendar", "motion to recalendar"

    class Means(models.TextChoices):
        MAIL = "mail"
        EMAIL = "e-mail"
        IN_PERSON = "in-person", "in person"
        PORTAL = "portal", "office portal"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="notices")
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    order = models.ForeignKey(
        CourtOrder, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    form = models.ForeignKey(
        FormOfDiscretion, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=40, choices=Kind)
    language = models.CharField(max_length=8, help_text="ISO 639-1: en, es …")
    dated_on = models.DateField(help_text="The day that it bears, on which it is to be sent.")
    answer_due_on = models.DateField(
        null=True, blank=True, help_text="The last day to answer, as it is printed."
    )
    template_version = models.CharField(
        max_length=64, help_text="SHA-256 over the template, the style and the catalogue."
    )
    sha256 = models.CharField("SHA-256 of the PDF", max_length=64)
    pdf = models.BinaryField("PDF")
    made_at = models.DateTimeField(default=now)
    made_by = _person()

    sent_on = models.DateField(null=True, blank=True)
    sent_means = models.CharField(max_length=10, choices=Means, null=True, blank=True)
    sent_recorded_by = _person(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    delivery_recorded_by = _person(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    return_reason = models.CharField(max_length=200, blank=True)
    return_recorded_by = _person(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on=None, sent_means=None, sent_recorded_by=None)
                | Q(
                    sent_on__isnull=False,
                    sent_means__isnull=False,
                    sent_recorded_by__isnull=False,
                ),
                name="a_sent_notice_has_its_day_means_and_sender",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on=None, delivery_recorded_by=None)
                | Q(
                    sent_on__isnull=False,
                    delivered_on__gte=F("sent_on"),
                    delivery_recorded_by__isnull=False,
                ),
                name="a_delivered_notice_was_sent_before",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None, return_reason="", return_recorded_by=None)
                | (
                    Q(
                        sent_on__isnull=False,
                        returned_on__gte=F("sent_on"),
                        return_recorded_by__isnull=False,
                    )
                    & ~Q(return_reason="")
                ),
                name="a_returned_notice_was_sent_before_and_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="notice-of-consideration") | Q(answer_due_on__isnull=False),
                name="a_notice_that_asks_has_its_deadline",
            ),
            models.CheckConstraint(
                condition=Q(kind__startswith="notice-") | Q(language="en"),
                name="a_motion_is_in_english",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_notice_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_notice_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=[name for names in DELIVERY.values() for name in names]
                ),
            ),
            *(_set_once(fact, names) for fact, names in DELIVERY.items()),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def asks(self) -> bool:
        """Whether it asks the respondent for an answer."""
        return self.answer_due_on is not None
