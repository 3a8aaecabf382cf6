"""The released policies, as text and as a table with the law."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format

from cases.access import Access
from cases.admin.pages import LISTED_AT_MOST, ReadOnly, table, verbatim
from screening.admin.criteria import criterion
from screening.admin.policy_drafts import (
    VIEWS_DRAFTS,
    as_yaml,
    changed_lines,
    differences_of,
    may_draft,
)
from screening.models import PolicyDraft, PolicyVersion
from screening.policies import lifecycle
from screening.policies.release import policy_of, replaced_on


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
        ("effective_from", "effective_to", "replaced", "released_at"),
        "criteria",
        "text",
        "checksum",
    )
    readonly_fields = ("criteria", "checksum", "replaced", "text")
    change_form_template = "screening/policy_version.html"

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

    @admin.display(description="replaced by a later version from")
    def replaced(self, version: PolicyVersion) -> str:
        day = replaced_on(version)
        return date_format(day) if day else "not replaced"

    @admin.display(description="SHA-256 of the text")
    def checksum(self, version: PolicyVersion) -> str:
        return version.sha256

    @admin.display(description="the policy as released")
    def text(self, version: PolicyVersion) -> str:
        return verbatim(version.document)

    # One version: a draft from it, its text as a file; and any two beside each other

    def get_urls(self) -> list[Any]:
        def at(route: str, view: Any, name: str) -> Any:
            return path(
                route, self.admin_site.admin_view(view), name=f"screening_policyversion_{name}"
            )

        return [
            at("compare/", self.compare, "compare"),
            at("<path:object_id>/text/", self.download, "text"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        version = context["original"]
        own = {
            "name": f"{version.code}:{version.version}",
            "may_draft": may_draft(request),
            "start_url": reverse("admin:screening_policydraft_start"),
        }
        return super().render_change_form(request, context | own, *args, **kwargs)

    def download(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        version = get_object_or_404(PolicyVersion, pk=object_id)
        return as_yaml(version.document, name=f"{version.code}-{version.version}")

    def compare(self, request: HttpRequest) -> HttpResponse:
        """Show how two versions or drafts differ; drafts only to who may see them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        choices = [(f"{v.code}:{v.version}", str(v)) for v in PolicyVersion.objects.all()]
        if request.user.has_perm(VIEWS_DRAFTS):
            choices += [
                (f"draft:{d.pk}", str(d)) for d in PolicyDraft.objects.all()[:LISTED_AT_MOST]
            ]
        names = [request.GET.get(key, "") for key in ("old", "new")]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Compare two policies",
            "choices": choices,
            "old_name": names[0],
            "new_name": names[1],
        }
        if all(name in dict(choices) for name in names):
            old, new = (lifecycle.named(name) for name in names)
            context |= {
                "old": old,
                "new": new,
                "differences": differences_of(old, new),
                "lines": changed_lines(old, new),
            }
        elif all(names):
            messages.error(request, "Choose two of the policies listed.")
        return TemplateResponse(request, "screening/policy_compare.html", context)
