"""After closure: what is noticed, whether a case goes back, what is filed, where mail goes."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from cases.models import states
from cases.models.append_only import only_superseded
from cases.models.docket import Case


def _person(**given: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **given)  # type: ignore[arg-type]


class PostClosureEvent(models.Model):
    """Something noticed about the person of a closed case; a notice that comes twice is one event.

    An event is no finding: it opens a review for a person, never a restart.
    """

    class Kind(models.TextChoices):
        ARREST = "arrest", "arrest"
        CHARGE = "charge", "criminal charge"
        CONVICTION = "conviction", "conviction"
        ACQUITTAL = "acquittal-or-dismissal", "acquittal, or charge dismissed"
        WARRANT = "warrant", "warrant"
        SECURITY_HIT = "security-hit", "security hit"
        RELIEF_GRANTED = "relief-granted", "relief granted"
        DEPARTURE = "departure", "departure"
        DEATH = "death", "death"
        SCREENING = "screening", "found by screening"

    class Trust(models.TextChoices):
        """What vouches for it: the last is the lowest, and nothing rests on it alone."""

        FINGERPRINT = "fingerprint", "matched by fingerprint"
        COURT = "court", "a court's record"
        RECORD = "record", "an agency's record"
        ENCOUNTER = "encounter", "an encounter with an officer"
        TIP = "tip", "a tip, or nothing resolved"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24, choices=Kind)
    happened_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20)
    source_record = models.CharField(max_length=80, help_text="The record's key at its source.")
    trust = models.CharField(max_length=12, choices=Trust)
    disposition = models.CharField(max_length=80, blank=True)
    noticed_at = models.DateTimeField(default=now)
    recorded_by = _person()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["case", "source", "source_record", "kind"],
                name="a_notice_that_comes_twice_is_one_event",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(source_record=""), name="an_event_has_its_source"
            ),
        ]
        permissions = [("record_aftermath", "Can record what becomes of closed cases")]
        triggers = [
            pgtrigger.Protect(
                name="events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"


class RestartReviewQuerySet(models.QuerySet["RestartReview"]):
    def open(self) -> RestartReviewQuerySet:
        return self.exclude(status__in=states.RESTART_ENDED)


class RestartReview(models.Model):
    """The office's consideration of bringing one closed case back; one at a time."""

    Status = states.Restart

    class Tool(models.TextChoices):
        RECALENDAR = "recalendar", "motion to recalendar"
        NEW_CHARGE = "new-charging-document", "new charging document"
        REOPEN = "reopen", "appeal, or motion to reopen or reconsider"

    class Urgency(models.IntegerChoices):
        """How soon someone should look; the order of the queue, see `screening.urgency`."""

        DETENTION = 1, "the law may require detention"
        NOT_KNOWN = 2, "not known"
        NONE = 3, "not urgent"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="restart_reviews")
    status = models.CharField(max_length=20, choices=states.Restart, default=states.Restart.OPEN)

    tool = models.CharField(max_length=24, choices=Tool, blank=True)
    factors = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="What was weighed, by factor."
    )
    ground = models.CharField(
        max_length=300, blank=True, help_text="What it rests on, beside the events."
    )
    authority_cited = models.CharField(
        max_length=300, blank=True, help_text="By hand, where the standard is unsettled."
    )

    urgency = models.PositiveSmallIntegerField(
        choices=Urgency, default=Urgency.NOT_KNOWN, db_default=Urgency.NOT_KNOWN
    )
    urgency_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    urgency_as_of = models.DateField(null=True, blank=True)
    urgency_known_at = models.DateTimeField(null=True, blank=True)

    opened_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    opened_by = _person()
    attorney = _person(null=True, blank=True)
    proposed_by = _person(null=True, blank=True)
    approved_by = _person(null=True, blank=True)

    objects = RestartReviewQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(status__in=states.RESTART_ENDED),
                name="one_open_restart_review_per_case",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="who_approves_a_restart_has_not_proposed_it",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=(
                        *(states.Restart.APPROVED, states.Restart.FILED),
                        *(states.Restart.RECALENDARED, states.Restart.REOPENED),
                        *(states.Restart.CHARGED_ANEW, states.Restart.REFUSED),
                    )
                )
                | (~Q(tool="") & Q(proposed_by__isnull=False, approved_by__isnull=False)),
                name="a_restart_has_its_tool_and_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="restart_reviews_by_status"),
            models.Index(fields=["urgency", "id"], name="restart_reviews_by_urgency"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="a_restart_review_moves_as_allowed",
                field="status",
                transitions=states.RESTART.steps(),
            ),
            pgtrigger.Protect(name="a_restart_review_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"restart review {self.pk}"


class OnwardFiling(models.Model):
    """What the person filed after closure; a correction supersedes."""

    class Form(models.TextChoices):
        I_589 = "I-589", "I-589, asylum and withholding"
        I_130 = "I-130", "I-130, petition for a relative"
        I_485 = "I-485", "I-485, adjustment of status"
        I_918 = "I-918", "I-918, U status"
        I_914 = "I-914", "I-914, T status"
        I_360_VAWA = "I-360-VAWA", "I-360, VAWA self-petition"
        I_360_SIJ = "I-360-SIJ", "I-360, special immigrant juvenile"
        I_821 = "I-821", "I-821, temporary protected status"
        EOIR_42A = "42A", "EOIR-42A, cancellation for permanent residents"
        EOIR_42B = "42B", "EOIR-42B, cancellation and adjustment"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="onward_filings")
    form = models.CharField(max_length=12, choices=Form)
    filed_on = models.DateField()
    receipt = models.CharField(
        max_length=13, null=True, blank=True, help_text="USCIS: three letters and ten digits."
    )
    proof_of_order = models.BooleanField(
        default=False, help_text="With proof of the order that ended the case."
    )
    proof_of_prior_filing = models.BooleanField(
        default=False, help_text="With proof of the application that was pending in court."
    )
    original_filed_on = models.DateField(
        null=True, blank=True, help_text="The day it counts from, where the original day is kept."
    )
    recorded_at = models.DateTimeField(default=now)
    recorded_by = _person()
    superseded_at = models.DateTimeField(null=True, blank=True)

    sensitive: ClassVar[tuple[str, ...]] = ("receipt",)

    class Meta:
        ordering = ("-filed_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(superseded_at=None),
                name="one_current_filing_per_receipt",
            ),
            models.UniqueConstraint(
                fields=["case", "form", "filed_on"],
                condition=Q(superseded_at=None, receipt=None),
                name="a_filing_without_receipt_is_on_record_once",
            ),
            models.CheckConstraint(
                condition=Q(receipt=None) | Q(receipt__regex=r"^[A-Z]{3}\d{10}$"),
                name="a_receipt_has_three_letters_and_ten_digits",
            ),
            models.CheckConstraint(
                condition=Q(original_filed_on=None)
                | Q(form="I-589", proof_of_order=True, proof_of_prior_filing=True),
                name="the_original_day_is_kept_on_both_proofs",
            ),
        ]
        triggers = only_superseded("onward_filing")

    def __str__(self) -> str:
        return f"onward filing {self.pk}"

    @property
    def keeps_original_date(self) -> bool:
        return self.original_filed_on is not None


class ContactChange(models.Model):
    """Where the person can be reached after closure; the newest of a kind is the current one.

    `text` is personal data. Law: 8 CFR 1003.15(d), 1003.18
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", "address"
        COUNSEL = "counsel", "counsel"
        TELEPHONE = "telephone", "telephone"

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="contact_changes")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(max_length=500)
    changed_on = models.DateField()
    source = models.CharField(max_length=20, help_text="EOIR-33, AR-11, E-28, mail …")
    returned_on = models.DateField(
        null=True, blank=True, help_text="The day on which mail to this address came back."
    )
    recorded_at = models.DateTimeField(default=now)
    recorded_by = _person()
    superseded_at = models.DateTimeField(null=True, blank=True)

    sensitive: ClassVar[tuple[str, ...]] = ("text",)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(superseded_at=None),
                name="one_current_contact_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(kind="address", returned_on__gte=F("changed_on")),
                name="only_mail_to_an_address_comes_back",
            ),
        ]
        triggers = only_superseded("contact_change")

    def __str__(self) -> str:
        return f"contact change {self.pk}"
