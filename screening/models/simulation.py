"""Simulations: what a docket would come to under a proposed policy, against the present one."""

from __future__ import annotations

import pgtrigger
from django.db import models

from screening.models.policy import PolicyVersion
from screening.models.runs import Chunk, Move, Run

FILLED_IN = ["status", "ended_at", "totals", "examples"]
"""What is not known when a simulation is asked for."""


def document(name: str) -> models.TextField[str, str]:
    return models.TextField(help_text=f"The {name} policy as YAML, exactly as it was simulated.")


def version(name: str) -> models.ForeignKey[PolicyVersion | None, PolicyVersion | None]:
    return models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=f"Null: the {name} policy is a draft.",
    )


class Simulation(Run):
    """One comparison of two policies over a docket; nothing about any case is changed by it.

    A policy without a version is a draft: its text is on record here alone.
    """

    proposed_code = models.CharField(max_length=40)
    proposed_number = models.PositiveIntegerField(help_text="The version that the text states.")
    proposed_version = version("proposed")
    proposed_document = document("proposed")
    proposed_sha256 = models.CharField(max_length=64, help_text="Over the document.")
    present_code = models.CharField(max_length=40)
    present_number = models.PositiveIntegerField(help_text="The version that the text states.")
    present_version = version("present")
    present_document = document("present")
    present_sha256 = models.CharField(max_length=64, help_text="Over the document.")
    totals = models.JSONField(
        null=True, blank=True, help_text="What it came to, small counts withheld."
    )
    examples = models.JSONField(
        default=dict, blank=True, help_text="Ids of cases by what changes for them."
    )

    class Meta:
        ordering = ("-id",)
        permissions = [("simulate_policy", "Can simulate a policy over the docket")]
        triggers = [
            pgtrigger.Protect(name="simulations_are_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_a_simulation_asks_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=FILLED_IN),
            ),
            pgtrigger.Protect(
                name="a_completed_simulation_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=Run.Status.COMPLETED),
            ),
        ]

    def __str__(self) -> str:
        return f"simulation {self.uuid}"

    @property
    def proposed(self) -> str:
        """Return the name of the proposed policy."""
        return _name(self.proposed_code, self.proposed_number, self.proposed_version_id)

    @property
    def present(self) -> str:
        """Return the name of the present policy."""
        return _name(self.present_code, self.present_number, self.present_version_id)


def _name(code: str, number: int, version_id: int | None) -> str:
    return f"{code} version {number}" + ("" if version_id else " (draft)")


class SimulationChunk(Chunk):
    """A chunk of a simulation; its counts are exact, and only their sum is ever shown."""

    simulation = models.ForeignKey(Simulation, models.PROTECT, related_name="chunks")
    counts = models.JSONField(default=dict, help_text="Numbers of cases, by table.")
    examples = models.JSONField(default=dict, help_text="Ids of cases by what changes for them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["simulation", "first"], name="chunks_of_a_simulation_do_not_overlap"
            ),
        ]
        indexes = [
            models.Index(
                fields=["simulation", "id"],
                condition=models.Q(done_at=None),
                name="simulation_chunks_to_do",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_chunk_that_is_done_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__done_at__isnull=False),
            )
        ]


class SimulationMove(Move):
    """One change of a simulation's status."""

    simulation = models.ForeignKey(Simulation, models.PROTECT, related_name="moves")

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="simulation_moves_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]
