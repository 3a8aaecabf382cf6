"""Words, numbers and links of the judgement on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import template
from django.contrib import admin
from django.contrib.auth.models import User
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from cases.access import of_user
from screening import bulk
from screening.access import visible_bulk_reviews
from screening.explain import EVIDENCE, EvidenceLine
from screening.findings import Outcome
from screening.models import BackgroundCheck, CompletedForm, CriminalRecord, ThreatIndicator
from screening.models.evidence import Evidence

register = template.Library()

WAYS_IN = {"admin": "admin", "api": "API"}
URLS = {
    str(model._meta.verbose_name): f"admin:screening_{model._meta.model_name}_change"
    for model in EVIDENCE.values()
}
GROUPS = {
    "Cases": ("Case", "Determination", "BulkReview"),
    "Statistics": ("CompletionCount", "PublishedFigure", "RateCount"),
    "Reviews": ("Review", "Notice", "Move", "FormOfDiscretion", "Authority"),
    "Policies": ("PolicyVersion", "PolicyDraft", "Simulation"),
    "Evidence": (
        "CriminalRecord",
        "ThreatIndicator",
        "CompletedForm",
        "BackgroundCheck",
        "EvidenceFile",
        "QuarantinedEvidence",
    ),
    "Deliveries of the courts": ("Delivery", "QuarantinedRow", "IntakeNote", "RowChange", "Court"),
    "The border": ("EncounterCount", "FactualDetermination", "LegalHold"),
    "Who works here": ("Office", "ApiClient", "User", "Group"),
}


@register.filter
def words(value: str) -> str:
    """Return a value of a list in words."""
    return value.replace("-", " ")


@register.filter
def thousands(number: float) -> str:
    return f"{number:,.0f}"


@register.filter
def or_not_on_record(value: Any) -> Any:
    """Return the value, a day as a day; null means not on record."""
    if value is None or value == "":
        return format_html('<span class="quiet">{}</span>', "not on record")
    return date_format(value) if hasattr(value, "year") else value


@register.filter
def way_in(channel: str) -> str:
    return WAYS_IN.get(channel, channel)


@register.filter
def evidence_url(line: EvidenceLine) -> str:
    return reverse(URLS[line.kind], args=[line.id])


@register.filter
def row_url(row: Evidence) -> str:
    return reverse(URLS[str(row._meta.verbose_name)], args=[row.pk])


@register.filter
def said(row: Evidence) -> str:
    """Return what a row of evidence says, in words that name no person."""
    if isinstance(row, CriminalRecord):
        end = row.get_disposition_display() or "no disposition on record"
        parts = [row.get_family_display(), row.get_severity_display(), end, row.disposed_on]
    elif isinstance(row, ThreatIndicator):
        parts = [row.get_category_display(), row.list_code, row.get_resolution_display()]
    elif isinstance(row, BackgroundCheck):
        done = f"completed {row.completed_on}" if row.completed_on else "not completed"
        parts = [row.get_kind_display(), done, row.get_result_display()]
    elif isinstance(row, CompletedForm):
        found = ", ".join(row.present) or "nothing it asks about"
        parts = [row.get_form_display(), f"completed {row.completed_on}", f"found {found}"]
    else:
        raise TypeError(type(row).__name__)
    return ", ".join(str(part) for part in parts if part)


@dataclass(slots=True)
class Group:
    """Pages of the admin that belong together."""

    name: str
    pages: list[dict[str, Any]] = field(default_factory=list)


@register.filter
def grouped(app_list: list[dict[str, Any]]) -> list[Group]:
    """Return the pages of the admin's index by what one does with them."""
    models = {m["object_name"]: m for app in app_list for m in app["models"]}
    placed = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "Else": tuple(name for name in models if name not in placed)}
    found = [
        Group(title, [_page(models[name]) for name in names if name in models])
        for title, names in groups.items()
    ]
    return [group for group in found if group.pages]


def _page(model: dict[str, Any]) -> dict[str, Any]:
    about = getattr(admin.site.get_model_admin(model["model"]), "about", "")
    return {"name": model["name"], "url": model["admin_url"], "about": about}


@register.simple_tag(takes_context=True)
def latest_bulk_review(context: Context) -> dict[str, Any] | None:
    """Return the latest bulk review that the reader may see; from its chunks, not the docket."""
    user = context["request"].user
    if not isinstance(user, User) or not user.has_perm("screening.view_bulkreview"):
        return None
    review = visible_bulk_reviews(of_user(user)).select_related("policy_version").first()
    if review is None:
        return None
    counts = bulk.result(review).outcomes
    most = max(counts.values(), default=0)
    return {
        "review": review,
        "outcomes": [
            (o.value, n, 100 * n / most if most else 0)
            for o in Outcome
            for n in [counts.get(o.value, 0)]
        ],
    }
