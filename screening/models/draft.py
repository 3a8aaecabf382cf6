"""Drafts of policies: text in the making, and every move from the first word to the release."""

from __future__ import annotations

from hashlib import sha256

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from screening.models.policy import PolicyVersion


class PolicyDraft(models.Model):
    """A policy that is being written; once released, the version is the record and this its story.

    The database holds four eyes: nobody approves what they wrote or proposed, and text that is
    proposed or approved does not change; to change it, it goes back to draft, unapproved.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        PROPOSED = "proposed"
        APPROVED = "approved"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField("policy", max_length=40)
    copied_from = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    document = models.TextField(blank=True, help_text="The policy as YAML, exactly as written.")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    started_at = models.DateTimeField(default=now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_as = models.OneToOneField(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="draft"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("author")) & ~Q(approved_by=F("proposed_by"))),
                name="an_approver_is_neither_author_nor_proposer",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", proposed_by=None, approved_by=None)
                | Q(status="proposed", proposed_by__isnull=False, approved_by=None)
                | Q(
                    status__in=("approved", "released"),
                    proposed_by__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(status="withdrawn"),
                name="a_draft_has_who_its_status_needs",
            ),
            models.CheckConstraint(
                condition=Q(status="released", released_as__isnull=False)
                | (~Q(status="released") & Q(released_as=None)),
                name="a_released_draft_has_its_version",
            ),
        ]
        ordering = ("-id",)
        permissions = [
            ("draft_policy", "Can draft and propose policies"),
            ("approve_policy", "Can approve and release policies"),
        ]
        triggers = [
            pgtrigger.Protect(name="a_draft_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="where_a_draft_comes_from_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("code", "copied_from", "author", "started_at"),
            ),
            pgtrigger.Protect(
                name="text_under_review_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__document__df=pgtrigger.F("new__document"))
                & ~pgtrigger.Q(old__status="draft", new__status="draft"),
            ),
            pgtrigger.Protect(
                name="a_draft_that_ended_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=("released", "withdrawn")),
            ),
            # The check above knows the author and the proposer; the text may have had more hands.
            pgtrigger.Trigger(
                name="nobody_approves_what_they_wrote",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__approved_by__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM screening_policydraftmove
                         WHERE policy_draft_id = NEW.id AND by_id = NEW.approved_by_id
                           AND transition IN ('start', 'save', 'propose')
                    ) THEN
                        RAISE EXCEPTION 'who approves a policy has not written or proposed it';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.code}"

    @property
    def sha256(self) -> str:
        return sha256(self.document.encode()).hexdigest()


class PolicyDraftMove(models.Model):
    """One change of a draft: of its status, or of its text alone (`save`)."""

    policy_draft = models.ForeignKey(PolicyDraft, models.PROTECT, related_name="moves")
    transition = models.CharField(max_length=20)
    source = models.CharField(max_length=12, choices=PolicyDraft.Status)
    target = models.CharField(max_length=12, choices=PolicyDraft.Status)
    sha256 = models.CharField(max_length=64, help_text="Over the text that was moved.")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="policy_draft_moves_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"
