"""Bulk reviews: a policy applied to many cases, in chunks that any worker may take."""

from __future__ import annotations

import pgtrigger
from django.db import models

from screening.models.policy import PolicyVersion
from screening.models.runs import Chunk, Move, Run


class BulkReview(Run):
    """One screening of a docket, or of the cases of some offices."""

    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="bulk_reviews")

    class Meta:
        ordering = ("-id",)
        permissions = [("start_bulk_review", "Can start a bulk review")]

    def __str__(self) -> str:
        return f"bulk review {self.uuid}"


class BulkReviewChunk(Chunk):
    """A chunk of a bulk review, and what it came to."""

    bulk_review = models.ForeignKey(BulkReview, models.PROTECT, related_name="chunks")
    written = models.PositiveIntegerField(default=0, help_text="New determinations.")
    outcomes = models.JSONField(default=dict, help_text="Cases by outcome.")
    leading = models.JSONField(default=dict, help_text="Cases by outcome and leading criterion.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_review", "first"], name="chunks_of_a_review_do_not_overlap"
            ),
        ]
        indexes = [
            models.Index(
                fields=["bulk_review", "id"],
                condition=models.Q(done_at=None),
                name="chunks_to_do",
            )
        ]


class BulkReviewMove(Move):
    """One change of a bulk review's status."""

    bulk_review = models.ForeignKey(BulkReview, models.PROTECT, related_name="moves")

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="bulk_review_moves_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]
