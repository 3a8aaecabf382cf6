"""What the screening found: the outcome, the findings, and the facts they were made from."""

from __future__ import annotations

from collections.abc import Collection
from operator import itemgetter

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.functional import cached_property

from cases.models import Case
from cases.models.append_only import only_superseded
from screening.findings import Outcome
from screening.models.bulk import BulkReview
from screening.models.evidence import choices
from screening.models.policy import PolicyVersion


class FindingSet(models.Model):
    """What criteria that read the same facts found, unless it is clear; shared by all who have it.

    A few thousand sets serve millions of determinations: what differs from case to case (the
    evidence and the dates) stands on the determination, and so does which sets it has.
    """

    id = models.BigAutoField(primary_key=True)
    sha256 = models.CharField(max_length=64, unique=True)
    findings = models.JSONField(help_text="A list of {place, criterion, answer, reason, missing}.")
    holds = ArrayField(models.CharField(max_length=12))
    unknown = ArrayField(models.CharField(max_length=12))
    stale = ArrayField(models.CharField(max_length=12))

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="findings_are_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"findings {self.pk}"


class DeterminationQuerySet(models.QuerySet["Determination"]):
    def current(self) -> DeterminationQuerySet:
        return self.filter(superseded_at=None)


class Determination(models.Model):
    """The outcome and findings of one screening of one case: a proposal, never a decision.

    The keys carry no database constraint: six times the cost of writing, measured; `screen.py` is
    the only writer and takes case and policy from the tables it has just read.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(
        Case, models.PROTECT, db_constraint=False, db_index=False, related_name="determinations"
    )
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    engine_version = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12, choices=choices(Outcome))
    leading = models.CharField(
        "leading criterion",
        max_length=12,
        blank=True,
        help_text="The first criterion, in the policy's order, that the outcome rests on.",
    )
    finding_sets = ArrayField(
        models.BigIntegerField(),
        help_text="The sets of its findings that are not clear.",
    )
    evidence = ArrayField(
        models.CharField(max_length=24),
        help_text="What the findings rest on: c criminal record, t indicator, b check, and the id.",
    )
    facts = models.TextField(help_text="The facts it was made from; ids, codes and dates only.")
    as_of = models.DateField(help_text="The day the question was asked about.")
    known_at = models.DateTimeField(help_text="Evidence on record at this instant was used.")
    valid_until = models.DateField(
        null=True, blank=True, help_text="The day time alone could change an answer."
    )
    bulk_review = models.ForeignKey(
        BulkReview, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_constraint=False, db_index=False
    )
    determined_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "superseded_at"],
                nulls_distinct=False,
                name="one_current_determination_per_case",
            ),
        ]
        triggers = only_superseded("determination")

    def __str__(self) -> str:
        return f"determination {self.pk}"

    @cached_property
    def findings(self) -> list[dict[str, str]]:
        """The findings that are not clear, in the policy's order; see `load_findings`."""
        load_findings([self])
        return self.findings


def load_findings(determinations: Collection[Determination]) -> None:
    """Read the findings of many determinations by one query."""
    wanted = {number for d in determinations for number in d.finding_sets}
    sets = FindingSet.objects.in_bulk(wanted)
    for determination in determinations:
        found = [f for number in determination.finding_sets for f in sets[number].findings]
        determination.findings = [
            {name: value for name, value in finding.items() if name != "place"}
            for finding in sorted(found, key=itemgetter("place"))
        ]
