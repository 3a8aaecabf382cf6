"""What the pages of bulk reviews and of simulations have in common: both are runs over chunks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin.pages import ReadOnly, badge, quiet


class RunAdmin(ReadOnly):
    """A list of runs, each with how far it is."""

    name: ClassVar[str]
    doing: ClassVar[str]
    """What is done to the cases, for who hears the progress bar."""

    def with_progress(self, runs: QuerySet[Any]) -> QuerySet[Any]:
        annotated: QuerySet[Any] = runs.annotate(
            all_cases=Sum("chunks__cases", default=0),
            cases_done=Sum("chunks__cases", filter=Q(chunks__done_at__isnull=False), default=0),
            chunk_count=Count("chunks"),
        )
        return annotated

    @admin.display(description="run")
    def number(self, run: Any) -> str:
        return f"{self.name} {run.pk}"

    @admin.display(description="status")
    def state(self, run: Any) -> SafeString:
        return badge(run.status)

    @admin.display(description="progress")
    def done(self, run: Any) -> SafeString:
        if not run.all_cases:
            return quiet("no cases")
        return format_html(
            '<progress max="{}" value="{}" aria-label="Cases {}"></progress> '
            '<span class="nowrap">{} of {}</span>',
            run.all_cases,
            run.cases_done,
            self.doing,
            f"{run.cases_done:,}",
            f"{run.all_cases:,}",
        )

    @admin.display(description="offices")
    def scope(self, run: Any) -> str:
        if run.office_ids is None:
            return "every office"
        count = len(run.office_ids)
        return f"{count} office{'s'[: count != 1]}"
