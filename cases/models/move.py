"""Every move of every machine: one append-only row each, from which all else is counted."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from cases.models import states
from cases.models.aftermath import RestartReview
from cases.models.closure import ClosureBatch
from cases.models.docket import Case
from cases.models.review import Motion, Review


def _an_edge() -> Q:
    allowed = Q()
    for machine in states.MACHINES:
        for transition, source, target in machine.edges:
            allowed |= Q(machine=machine.name, transition=transition, source=source, target=target)
    return allowed


class Move(models.Model):
    """One change of status that happened; who, when, why, and by which policy and document."""

    id = models.BigAutoField(primary_key=True)
    machine = models.CharField(max_length=8, choices=[(m.name, m.name) for m in states.MACHINES])
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="moves", db_constraint=False
    )
    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, related_name="moves", db_constraint=False
    )
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="moves", db_constraint=False
    )
    batch = models.ForeignKey(
        ClosureBatch, models.PROTECT, null=True, blank=True, related_name="moves"
    )
    restart = models.ForeignKey(
        RestartReview, models.PROTECT, null=True, blank=True, related_name="moves"
    )
    transition = models.CharField(max_length=30)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    criteria = ArrayField(models.CharField(max_length=12), default=list, db_default=[])
    document = models.CharField(max_length=100, blank=True, help_text="The act's document.")
    actor = models.CharField(max_length=60, blank=True, help_text="Who acted, outside the office.")
    happened_on = models.DateField(null=True, blank=True, help_text="The day of an outside act.")
    policy = models.CharField(max_length=50, blank=True)
    engine = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=_an_edge(), name="a_move_follows_an_edge"),
            models.CheckConstraint(
                condition=Q(machine="case", case__isnull=False, review=None, motion=None)
                | Q(machine="review", case__isnull=False, review__isnull=False, motion=None)
                | Q(machine="motion", case__isnull=False, motion__isnull=False)
                | Q(machine="batch", batch__isnull=False, case=None, review=None, motion=None)
                | Q(machine="restart", case__isnull=False, review=None, motion=None),
                name="a_move_names_what_moved",
            ),
            models.CheckConstraint(
                condition=Q(machine="restart", restart__isnull=False)
                | (~Q(machine="restart") & Q(restart=None)),
                name="a_move_of_a_restart_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(machine="case") | (~Q(document="") & Q(happened_on__isnull=False)),
                name="an_outside_act_has_its_document_and_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["case", "id"], condition=Q(machine="case"), name="acts_of_the_courts"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="moves_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"
