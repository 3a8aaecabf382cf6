"""The released policies, as text and as a table with the law."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from cases.access import Access
from cases.admin.pages import ReadOnly, table, verbatim
from screening.admin.criteria import criterion
from screening.models import PolicyVersion
from screening.policies.release import policy_of


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnly):
    about = (
        "Which cases may be proposed, and what a person must look at first. "
        "Released text never changes."
    )
    hint = "manage.py bulk_review --policy doyle-2"
    list_display = ("__str__", "title", "effective_from", "effective_to", "released_at")
    fields = (
        "title",
        ("effective_from", "effective_to", "released_at"),
        "criteria",
        "text",
        "checksum",
    )
    readonly_fields = ("criteria", "checksum", "text")

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows  # a policy says nothing of any case

    @admin.display(description="criteria")
    def criteria(self, version: PolicyVersion) -> str:
        return table(
            ("Criterion", "Kind", "Where it holds", "Where it is not known", "Law"),
            (
                (criterion(c.code, c.label), c.kind, c.effect, c.when_unknown, c.citation)
                for c in policy_of(version).criteria
            ),
            caption="Criteria of the policy",
        )

    @admin.display(description="SHA-256 of the text")
    def checksum(self, version: PolicyVersion) -> str:
        return version.sha256

    @admin.display(description="the policy as released")
    def text(self, version: PolicyVersion) -> str:
        return verbatim(version.document)
