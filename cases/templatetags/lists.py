"""What the form above a list needs to know of it."""

from __future__ import annotations

from django import template
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList

register = template.Library()


@register.filter
def kept(changelist: ChangeList) -> list[tuple[str, str]]:
    """Return the parameters that a new search or choice leaves as they are."""
    chosen_anew = {SEARCH_VAR, "p", *(f.parameter_name for f in changelist.filter_specs)}  # type: ignore[attr-defined]  # all are ours
    return [(k, v) for k, v in changelist.params.items() if k not in chosen_anew]
