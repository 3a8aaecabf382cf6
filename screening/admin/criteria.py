"""How criteria, answers and outcomes look on a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin.pages import ChoiceFilter
from screening.findings import Outcome
from screening.models import PolicyVersion
from screening.policies.release import policy_of


def criterion(code: str, label: str) -> SafeString:
    return format_html('<span class="code">{}</span> {}', code, label)


def labels_of(version: PolicyVersion) -> dict[str, str]:
    """Return the label of each criterion of a policy."""
    return {c.code: c.label for c in policy_of(version).criteria}


class OutcomeFilter(ChoiceFilter):
    title = "outcome"
    parameter_name = "outcome"
    column = "outcome"
    choices_of = [(o.value, o.value.replace("-", " ")) for o in Outcome]


class LeadingFilter(ChoiceFilter):
    title = "rests on"
    parameter_name = "leading"
    column = "leading"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        labels = {
            code: label
            for version in PolicyVersion.objects.order_by("pk")
            for code, label in labels_of(version).items()
        }
        return [(code, f"{code} {label}") for code, label in sorted(labels.items())]
