"""The office's review of a case: decisions, positions, safeguards, motions, orders, and moves."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from cases.models import states
from cases.models.append_only import only_superseded
from cases.models.docket import Case
from cases.models.law import FormOfDiscretion

if TYPE_CHECKING:
    from cases.access import Access

OUTCOMES = (
    ("flagged", "flagged"),
    ("not-flagged", "not flagged"),
    ("refer", "refer"),
    ("insufficient", "insufficient"),
)
"""As the screening writes them; the record keeps a copy of what a review was taken up with."""


def _person(**given: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **given)  # type: ignore[arg-type]


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, access: Access) -> ReviewQuerySet:
        """Return the reviews of the cases that this access may see."""
        return self.filter(access.condition("case__"))

    def open(self) -> ReviewQuerySet:
        return self.exclude(status__in=states.ENDED)

    def waiting_for_an_attorney(self) -> ReviewQuerySet:
        return self.filter(status=states.Review.SCREENED)

    def waiting_for_a_supervisor(self) -> ReviewQuerySet:
        return self.filter(status=states.Review.SUPERVISOR_REVIEW)


class Review(models.Model):
    """The office's consideration of closing one case; one at a time.

    What screening found is copied here when the review is screened, so that the guards of one
    review and of thousands read one table; `determination` names the record it came from.
    """

    Status = states.Review

    class Origin(models.TextChoices):
        BULK = "bulk", "bulk review"
        RESPONDENT = "respondent", "asked for by the respondent"
        ATTORNEY = "attorney", "opened by an attorney"
        SUPERVISOR = "supervisor", "opened by a supervisor"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=20, choices=states.Review, default=states.Review.QUEUED)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.BULK)

    determination = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, null=True, blank=True)
    policy = models.CharField(max_length=50, blank=True, help_text="Code and version, doyle-2:2.")
    engine = models.CharField(max_length=12, blank=True)
    hits = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        help_text="Criteria that exclude, refer or block, and hold.",
    )
    holds = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="Whatever holds."
    )
    screened_as_of = models.DateField(null=True, blank=True)
    valid_until = models.DateField(
        null=True, blank=True, help_text="The day time alone could change an answer."
    )
    case_version = models.PositiveIntegerField(null=True, blank=True)
    stale = models.BooleanField(
        default=False, help_text="There is new evidence since the last screening."
    )

    form = models.ForeignKey(
        FormOfDiscretion, models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    ground = models.CharField(max_length=12, blank=True)
    authority_cited = models.CharField(
        max_length=300, blank=True, help_text="By hand, where the authority is unsettled."
    )
    against_screening = models.BooleanField(default=False)

    opened_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    opened_by = _person()
    attorney = _person(null=True, blank=True)
    proposed_by = _person(null=True, blank=True)
    approved_by = _person(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(status__in=states.ENDED),
                name="one_open_review_per_case",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="who_approves_a_review_has_not_proposed_it",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=(
                        *states.DECIDED,
                        states.Review.MOTION_FILED,
                        states.Review.CARRIED_OUT,
                        states.Review.GRANTED,
                    )
                )
                | Q(form__isnull=False, proposed_by__isnull=False),
                name="a_decided_review_has_its_form_and_proposer",
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="reviews_by_status")]
        permissions = [
            ("open_review", "Can open reviews and take in evidence for them"),
            ("review_case", "Can review cases, propose and file, as an attorney"),
            ("approve_closure", "Can approve or decline what an attorney proposed"),
            ("record_court_act", "Can record orders and other acts of the courts"),
            ("record_screening", "Can record what the screening found (the service itself)"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="a_review_moves_as_allowed",
                field="status",
                transitions=states.REVIEW.steps(),
            ),
            pgtrigger.Protect(name="a_review_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class SafeguardStep(models.Model):
    """Something that must be done for this respondent before the review may go on."""

    class Why(models.TextChoices):
        MINOR = "minor", "a minor, or the age is not on record"
        COMPETENCY = "competency", "competency"
        UNREPRESENTED = "unrepresented", "unrepresented"

    class Before(models.TextChoices):
        APPROVAL = "approval"
        FILING = "filing"

    review = models.ForeignKey(Review, models.PROTECT, related_name="safeguards")
    why = models.CharField(max_length=15, choices=Why)
    step = models.CharField(max_length=30)
    before = models.CharField(max_length=10, choices=Before)
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = _person(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["review", "step"], name="a_safeguard_step_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_done_safeguard_has_who_and_when",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_done_safeguard_is_never_undone",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__done_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"safeguard {self.pk}"


class RespondentPositionQuerySet(models.QuerySet["RespondentPosition"]):
    def current(self) -> RespondentPositionQuerySet:
        return self.filter(superseded_at=None)


class RespondentPosition(models.Model):
    """What the respondent said about closing the case; appended to, never edited.

    Silence is not consent: no response, and a motion deemed unopposed, are not an affirmative
    non-opposition (8 CFR 1003.18(c)(3)).
    """

    class Position(models.TextChoices):
        NONE_SOUGHT = "none-sought", "not asked"
        NOTICE_SENT = "notice-sent", "notice sent"
        REQUESTED_PD = "requested-pd", "asked for it"
        JOINS = "joins", "joins"
        NON_OPPOSITION = "affirmative-non-opposition", "states that there is no opposition"
        OPPOSES = "opposes", "opposes"
        NO_RESPONSE = "no-response", "no response"
        DEEMED_UNOPPOSED = "deemed-unopposed", "deemed unopposed by the court"
        UNREACHABLE = "unreachable", "not reached"
        WITHDREW_CONSENT = "withdrew-consent", "withdrew consent"

    class StatedBy(models.TextChoices):
        SELF = "self", "the respondent"
        COUNSEL = "counsel", "attorney of record (EOIR-28)"
        GUARDIAN = "guardian", "guardian"
        NOBODY = "nobody", "nobody"

    class Means(models.TextChoices):
        LETTER = "letter"
        EMAIL = "e-mail"
        PHONE = "phone", "telephone"
        IN_PERSON = "in-person", "in person"
        IN_COURT = "in-court", "on the record in court"
        PORTAL = "portal", "office portal"
        NONE = "none", "no statement"

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(Review, models.PROTECT, related_name="positions")
    position = models.CharField(max_length=30, choices=Position)
    stated_on = models.DateField()
    stated_by = models.CharField(max_length=10, choices=StatedBy)
    means = models.CharField(max_length=10, choices=Means)
    language = models.CharField(max_length=8, blank=True, help_text="ISO 639-1: en, es …")
    interpreter = models.BooleanField(null=True, blank=True)
    informed_of_consequences = models.BooleanField()
    reasons = models.TextField(blank=True)
    answer_due_on = models.DateField(
        null=True, blank=True, help_text="Until when an answer is waited for."
    )
    recorded_at = models.DateTimeField(default=now)
    recorded_by = _person()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = RespondentPositionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(superseded_at=None),
                name="one_current_position_per_review",
            ),
            models.CheckConstraint(
                condition=~Q(position="opposes") | ~Q(reasons=""),
                name="opposition_has_reasons",
            ),
        ]
        triggers = only_superseded("position")

    def __str__(self) -> str:
        return f"position {self.pk}"


class Motion(models.Model):
    """A motion of the office: drafted, signed by a person, filed, ruled on by a judge."""

    Status = states.Motion

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="motions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="motions")
    form = models.ForeignKey(FormOfDiscretion, models.PROTECT, related_name="motions")
    status = models.CharField(max_length=15, choices=states.Motion, default=states.Motion.DRAFT)
    ground = models.CharField(max_length=12, blank=True)
    authority = models.CharField(max_length=300, help_text="What the motion rests on.")
    joint = models.BooleanField(default=False)
    oral = models.BooleanField(default=False)
    filed_on = models.DateField(null=True, blank=True)
    response_due_on = models.DateField(null=True, blank=True)
    ruled_on = models.DateField(null=True, blank=True)
    drafted_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    proposed_by = _person()
    approved_by = _person(null=True, blank=True)
    signed_by = _person(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=~Q(status__in=(states.Motion.WITHDRAWN, states.Motion.MOOT)),
                name="one_standing_motion_per_review",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(states.Motion.DRAFT, states.Motion.WITHDRAWN, "moot"))
                | Q(signed_by__isnull=False),
                name="a_motion_is_signed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None)
                | Q(approved_by__isnull=False)
                | ~Q(signed_by=F("proposed_by")),
                name="a_motion_has_had_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "signed", "withdrawn", "moot"))
                | Q(filed_on__isnull=False),
                name="a_filed_motion_has_its_day",
            ),
        ]
        permissions = [("sign_motion", "Can sign motions")]
        triggers = [
            pgtrigger.FSM(
                name="a_motion_moves_as_allowed",
                field="status",
                transitions=states.MOTION.steps(),
            ),
            pgtrigger.Protect(name="a_motion_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"motion {self.pk}"


class CourtOrder(models.Model):
    """An order of a judge or the Board, as its document says; a correction supersedes."""

    class Kind(models.TextChoices):
        ADMIN_CLOSURE = "close-administratively", "administrative closure granted"
        DISMISSAL = "dismiss", "dismissal granted"
        TERMINATION = "terminate", "termination"
        DENIAL = "deny-motion", "motion denied"
        RECALENDARED = "recalendar", "recalendared"
        NOT_RECALENDARED = "refuse-to-recalendar", "motion to recalendar denied"
        RELIEF = "grant-relief", "relief granted"
        REMOVAL = "order-removal", "removal ordered"
        VOLUNTARY_DEPARTURE = "grant-voluntary-departure", "voluntary departure granted"
        WITHHOLDING = "grant-withholding", "withholding or CAT protection granted"
        WITHDRAWN = "withdraw-application", "application withdrawn"
        ABANDONED = "find-abandoned", "application found abandoned"
        REMAND = "remand", "vacated and remanded"
        REOPENING = "reopen", "reopened"

    MAY_BE_WITH_PREJUDICE = (Kind.DISMISSAL, Kind.TERMINATION)

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="court_orders")
    motion = models.ForeignKey(Motion, models.PROTECT, null=True, blank=True, related_name="orders")
    move = models.ForeignKey(
        "cases.Move",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        help_text="What it did to the case; a correction has that of the first.",
    )
    kind = models.CharField(max_length=30, choices=Kind)
    ordered_on = models.DateField()
    ordered_by = models.CharField(max_length=60, help_text="Immigration judge, or the Board.")
    document = models.CharField(max_length=100, help_text="The reference of the order's document.")
    ground = models.CharField(max_length=300, blank=True)
    with_prejudice = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = _person()
    superseded_at = models.DateTimeField(null=True, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    why_corrected = models.TextField(blank=True, db_default="", default="")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["case", "document"],
                condition=Q(superseded_at=None),
                name="an_order_is_recorded_once",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="an_order_has_its_document"),
            models.CheckConstraint(
                condition=Q(with_prejudice=False) | Q(kind__in=("dismiss", "terminate")),
                name="only_what_ends_a_case_is_with_prejudice",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(why_corrected=""),
                name="a_correction_says_why",
            ),
        ]
        triggers = only_superseded("order")

    def __str__(self) -> str:
        return f"order {self.pk}"
