"""The docket: respondents, cases, and what the courts recorded of them.

Rows that come from EOIR keep EOIR's own keys as primary keys, and hang on the case by its
`idncase`, so that a delivery is merged set-based without looking up our ids. These keys carry no
database constraint: the merge is the only writer, inserts nothing without its case, and
`load.orphans()` checks it (a constraint on each table was measured at 1.5 times the whole import).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now

from cases.models.access import Office

if TYPE_CHECKING:
    from cases.access import Access


class Court(models.Model):
    """An immigration court, known by EOIR's base city code."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True)
    circuit = models.CharField(
        max_length=2, blank=True, help_text="The federal circuit whose law the court follows."
    )
    response_days = models.PositiveSmallIntegerField(
        default=10,
        db_default=10,
        null=True,
        blank=True,
        help_text="Days to answer a motion; empty: the court says so each time.",
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name or self.code


class Respondent(models.Model):
    """The person named in the charging document. Null means: not on record."""

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(
        unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False
    )
    a_number = models.CharField(
        max_length=9, unique=True, null=True, blank=True, help_text="Nine digits, without the A."
    )
    family_name = models.CharField(max_length=100, blank=True)
    given_names = models.CharField(max_length=100, blank=True)
    aliases = ArrayField(models.CharField(max_length=200), default=list, db_default=[], blank=True)
    birth_date = models.DateField(
        null=True, blank=True, help_text="The first day of what is known, see the precision."
    )
    birth_precision = models.CharField(max_length=5, choices=Precision, null=True, blank=True)
    nationality = models.CharField(max_length=2, null=True, blank=True, help_text="ISO 3166-1.")
    nationality_code = models.CharField(max_length=8, blank=True, help_text="As EOIR wrote it.")
    language_code = models.CharField(max_length=8, blank=True, help_text="As EOIR wrote it.")
    sex = models.CharField(max_length=1, blank=True)
    fin = models.CharField("FIN", max_length=20, blank=True)
    fbi_number = models.CharField("FBI number", max_length=12, blank=True)
    state_ids = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True)
    protected_1367 = models.BooleanField(
        "protected by 8 U.S.C. 1367", null=True, help_text="VAWA, T or U matters."
    )
    juvenile = models.BooleanField(null=True)
    competency_indicia = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(a_number__isnull=True) | models.Q(a_number__regex=r"^\d{9}$"),
                name="an_a_number_has_nine_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_date__isnull=True, birth_precision__isnull=True)
                | models.Q(birth_date__isnull=False, birth_precision__isnull=False),
                name="a_birth_date_has_a_precision",
            ),
        ]
        permissions = [("view_protected", "Can see cases that 8 U.S.C. 1367 protects")]

    def __str__(self) -> str:
        return f"respondent {self.pk}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, access: Access) -> CaseQuerySet:
        """Return the cases that this access may see at all; deny first."""
        return access.filter(self)


class Case(models.Model):
    """One respondent's matter, as EOIR's case record; one per charging document.

    The second half (from `court` on) is derived from the proceedings, hearings and the other
    records of the courts whenever a delivery changes one of them.
    """

    class Status(models.TextChoices):
        """Where the case stands in court; an outside fact that we record."""

        PRE_FILING = "pre-filing", "before filing"
        NTA_CANCELLED = "nta-cancelled", "charging document cancelled"
        NOT_FILED = "not-filed", "charging document not filed"
        PENDING = "pending", "pending"
        ADMIN_CLOSED = "admin-closed", "administratively closed"
        DISMISSED = "dismissed", "dismissed"
        TERMINATED = "terminated", "terminated"
        GRANTED = "granted", "relief granted"
        REMOVAL_ORDERED = "removal-ordered", "removal ordered"
        VOLUNTARY_DEPARTURE = "voluntary-departure", "voluntary departure"
        WITHHOLDING = "withholding", "withholding or CAT protection"
        WITHDRAWN = "withdrawn", "withdrawn"
        ABANDONED = "abandoned", "abandoned"
        ON_APPEAL = "on-appeal", "on appeal"
        OTHER = "other", "otherwise completed"

    class Channel(models.TextChoices):
        """How the asylum application came in: C_ASY_TYPE."""

        AFFIRMATIVE = "affirmative", "affirmative, referred by USCIS"
        DEFENSIVE = "defensive", "defensive, filed in court"
        OTHER = "other", "other"

    class Entry(models.TextChoices):
        """Manner of entry as the charges state it."""

        WITHOUT_ADMISSION = "without-admission", "present without admission (212(a)(6)(A)(i))"
        AT_PORT = "at-port", "arriving, without documents (212(a)(7))"
        ADMITTED = "admitted", "admitted (237(a))"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(
        unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False
    )
    idncase = models.BigIntegerField("EOIR case id", unique=True, null=True, blank=True)
    respondent = models.ForeignKey(
        Respondent, models.PROTECT, related_name="cases", db_constraint=False
    )
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    case_type = models.CharField(
        max_length=8, blank=True, help_text="RMV removal, AOC asylum only …"
    )
    custody = models.CharField(
        max_length=2, blank=True, help_text="D detained, R released, N never."
    )
    entry_on = models.DateField("date of entry", null=True, blank=True)
    filing_channel = models.CharField(max_length=12, choices=Channel, null=True, blank=True)
    counsel_since = models.DateField("E-28 on file since", null=True, blank=True)
    latest_hearing_on = models.DateField(null=True, blank=True)
    priority_code = models.CharField(max_length=8, blank=True)
    update_site = models.CharField("hearing location", max_length=8, blank=True)

    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, db_constraint=False)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="cases"
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    charged_on = models.DateField("charging document", null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    removal_ordered_on = models.DateField(
        null=True, blank=True, help_text="The first removal order in any proceeding of this case."
    )
    asylum_filed_on = models.DateField("I-589 received", null=True, blank=True)
    entry_manner = models.CharField(max_length=20, choices=Entry, null=True, blank=True)
    represented = models.BooleanField(null=True, blank=True)
    individual_hearings_on = ArrayField(
        models.DateField(),
        null=True,
        blank=True,
        help_text="Individual (merits) hearings on record; null when no schedule was delivered.",
    )
    other_applications = ArrayField(
        models.CharField(max_length=12),
        null=True,
        blank=True,
        help_text="Codes of what was applied for besides asylum; null when no list was delivered.",
    )
    family_links = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Active lead and rider links; null when no links were delivered.",
    )

    version = models.PositiveIntegerField(default=1, db_default=1)
    recorded_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "id"], name="cases_of_an_office")]
        permissions = [("view_all_offices", "Can see the cases of every office")]

    def __str__(self) -> str:
        return f"case {self.idncase or self.uuid}"


def case_key(related_name: str) -> models.ForeignKey[Case, Case]:
    """Return the column by which a record of the courts hangs on its case: EOIR's own key."""
    return models.ForeignKey(
        Case,
        models.PROTECT,
        to_field="idncase",
        db_column="idncase",
        db_constraint=False,
        related_name=related_name,
    )


class Proceeding(models.Model):
    """A proceeding within a case; a change of venue or a reopening starts another."""

    idnproceeding = models.BigIntegerField(primary_key=True)
    case = case_key("proceedings")
    case_type = models.CharField(max_length=8, blank=True)
    charged_on = models.DateField(
        null=True, blank=True, help_text="OSC_DATE: the charging document."
    )
    opened_on = models.DateField(null=True, blank=True, help_text="INPUT_DATE.")
    base_city = models.CharField(max_length=8, blank=True)
    hearing_location = models.CharField(max_length=8, blank=True)
    judge_code = models.CharField(max_length=8, blank=True)
    hearing_on = models.DateField(null=True, blank=True)
    decision_type = models.CharField(max_length=2, blank=True, help_text="O oral, W written.")
    decision_code = models.CharField(max_length=4, blank=True, help_text="DEC_CODE.")
    other_completion = models.CharField(max_length=4, blank=True, help_text="OTHER_COMP.")
    completed_on = models.DateField(null=True, blank=True, help_text="COMP_DATE.")
    absentia = models.CharField(max_length=2, blank=True)
    venue_changed_on = models.DateField(null=True, blank=True)
    transfer_to = models.CharField(max_length=8, blank=True)
    appeal_reserved = models.CharField(max_length=2, blank=True)
    custody = models.CharField(max_length=2, blank=True)
    criminal_indicator = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["completed_on"],
                name="completed_proceedings",
                condition=models.Q(completed_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"proceeding {self.pk}"


class Charge(models.Model):
    """A ground of removability charged in a proceeding."""

    idnprcdchg = models.BigIntegerField(primary_key=True)
    case = case_key("charges")
    idnproceeding = models.BigIntegerField()
    code = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=2, blank=True)

    def __str__(self) -> str:
        return f"charge {self.pk}"


class Application(models.Model):
    """An application for relief, with the court's decision on it."""

    idnproceedingappln = models.BigIntegerField(primary_key=True)
    case = case_key("applications")
    idnproceeding = models.BigIntegerField()
    code = models.CharField(max_length=8, blank=True)
    received_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=4, blank=True)

    def __str__(self) -> str:
        return f"application {self.pk}"


class CourtMotion(models.Model):
    """A motion as the courts recorded it."""

    idnmotion = models.BigIntegerField(primary_key=True)
    case = case_key("court_motions")
    idnproceeding = models.BigIntegerField()
    code = models.CharField(max_length=8, blank=True, help_text="REC_TYPE.")
    received_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    response_due_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=4, blank=True)
    filing_party = models.CharField(max_length=4, blank=True)
    filing_method = models.CharField(max_length=4, blank=True)

    def __str__(self) -> str:
        return f"court motion {self.pk}"


class Hearing(models.Model):
    """One scheduled sitting, and how it was put off."""

    idnschedule = models.BigIntegerField(primary_key=True)
    case = case_key("hearings")
    idnproceeding = models.BigIntegerField()
    calendar = models.CharField(max_length=4, blank=True, help_text="M master, I individual.")
    hearing_on = models.DateField(null=True, blank=True)
    starts_at = models.TimeField(null=True, blank=True)
    adjournment_reason = models.CharField(max_length=4, blank=True)
    base_city = models.CharField(max_length=8, blank=True)
    hearing_location = models.CharField(max_length=8, blank=True)
    judge_code = models.CharField(max_length=8, blank=True)
    schedule_type = models.CharField(max_length=4, blank=True)
    medium = models.CharField(max_length=4, blank=True)

    def __str__(self) -> str:
        return f"hearing {self.pk}"


class Representation(models.Model):
    """Counsel of one side, before a court or the Board."""

    idnrepsassigned = models.BigIntegerField(primary_key=True)
    case = case_key("representations")
    level = models.CharField(max_length=8, blank=True, help_text="COURT or BOARD.")
    side = models.CharField(max_length=8, blank=True, help_text="ALIEN or INS, as EOIR writes it.")
    parent_table = models.CharField(max_length=30, blank=True)
    parent_key = models.BigIntegerField(null=True, blank=True)
    e27_on = models.DateField(null=True, blank=True)
    e28_on = models.DateField(null=True, blank=True)
    is_primary = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return f"representation {self.pk}"


class CustodyPeriod(models.Model):
    """A period of detention, or the note that there was none."""

    idncustody = models.BigIntegerField(primary_key=True)
    case = case_key("custody_periods")
    custody = models.CharField(max_length=2, blank=True)
    detained_on = models.DateField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"custody period {self.pk}"


class FamilyLink(models.Model):
    """A rider attached to the case of a lead family member."""

    idnleadrider = models.BigIntegerField(primary_key=True)
    lead = models.ForeignKey(
        Case,
        models.PROTECT,
        to_field="idncase",
        db_column="lead_idncase",
        db_constraint=False,
        related_name="rider_links",
    )
    rider = models.ForeignKey(
        Case,
        models.PROTECT,
        to_field="idncase",
        db_column="rider_idncase",
        db_constraint=False,
        related_name="lead_links",
    )
    linked_on = models.DateField(null=True, blank=True)
    severed_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return f"family link {self.pk}"


class Appeal(models.Model):
    """An appeal to the Board of Immigration Appeals."""

    idnappeal = models.BigIntegerField(primary_key=True)
    case = case_key("appeals")
    idnproceeding = models.BigIntegerField(null=True, blank=True)
    category = models.CharField(max_length=4, blank=True)
    appeal_type = models.CharField(max_length=30, blank=True, help_text="Case Appeal, MTR BIA …")
    filed_on = models.DateField(null=True, blank=True)
    filed_by = models.CharField(max_length=4, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=8, blank=True)

    def __str__(self) -> str:
        return f"appeal {self.pk}"
