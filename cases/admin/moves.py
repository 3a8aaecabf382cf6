"""Every move that was made: who, when, from where to where, and what was said."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from cases.access import Access
from cases.admin.pages import ChoiceFilter, ReadOnly, quiet, verbatim
from cases.models import Move, states
from cases.workflow import TRANSITIONS


class MachineFilter(ChoiceFilter):
    title = "what moved"
    parameter_name = "machine"
    column = "machine"
    choices_of = [(machine.name, machine.name) for machine in states.MACHINES]


@admin.register(Move)
class MoveAdmin(ReadOnly):
    about = "Every change of status of a case, a review, a motion or a batch. None is ever edited."
    list_display = ("__str__", "at", "machine", "what", "edge", "actor_here", "of_case")
    list_filter = (MachineFilter,)
    list_select_related = ("case", "by")
    fields = (
        *("at", "actor_here", "machine", "what", "edge", "of_case", "said", "criteria"),
        *("document", "actor", "happened_on", "policy", "engine"),
    )
    readonly_fields = ("what", "edge", "of_case", "said", "actor_here")

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        if access.sees_every_case:
            return rows
        of_batch = Q(case=None)
        if access.offices is not None:
            of_batch &= Q(batch__office__in=access.offices)
        return rows.filter(Q(access.condition("case__"), case__isnull=False) | of_batch)

    @admin.display(description="move")
    def what(self, move: Move) -> str:
        return TRANSITIONS[move.machine][move.transition].label

    @admin.display(description="from, to")
    def edge(self, move: Move) -> str:
        return f"{move.source or 'none'} → {move.target}"

    @admin.display(description="by")
    def actor_here(self, move: Move) -> str:
        return move.by.get_username()

    @admin.display(description="case")
    def of_case(self, move: Move) -> str:
        if move.case is None:
            return quiet("of a batch")
        number = move.case.idncase or move.case.uuid
        if move.review_id is None:
            return format_html(
                '<a href="{}">{}</a>',
                reverse("admin:cases_case_change", args=[move.case.pk]),
                number,
            )
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:cases_review_change", args=[move.review_id]),
            number,
        )

    @admin.display(description="what was said")
    def said(self, move: Move) -> str:
        return verbatim(move.note) if move.note else quiet("nothing")
