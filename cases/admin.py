"""Read-only pages of the record, each within what the reader may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.access import Access, of_user
from cases.models import DeliveredFile, Delivery, IntakeNote, QuarantinedRow

admin.site.site_header = "Case management"
admin.site.site_title = "Case management"
admin.site.index_title = "Record and judgement"
admin.site.index_template = "cases/read_only_index.html"


# Pieces of a page; everything put into them is escaped


def table(
    head: tuple[str, ...], rows: Any, *, numbers: int = 0, narrow: bool = False
) -> SafeString:
    """Return a table of as many columns as the head has, the last of which are numbers."""
    kinds = ["text"] * (len(head) - numbers) + ["number"] * numbers
    cells = format_html_join(
        "", '<th scope="col" class="{}">{}</th>', zip(kinds, head, strict=True)
    )
    line = '<tr><th scope="row">{}</th>' + "".join(f'<td class="{k}">{{}}</td>' for k in kinds[1:])
    body = format_html_join("", line + "</tr>", rows)
    return format_html(
        '<table class="data-table {}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        "narrow" if narrow else "",
        cells,
        body,
    )


def badge(value: str) -> SafeString:
    """Return a value of a short list as a word in a badge."""
    return format_html('<span class="badge {}">{}</span>', value, value.replace("-", " "))


def quiet(text: str) -> SafeString:
    return format_html('<span class="quiet">{}</span>', text)


def verbatim(text: str) -> SafeString:
    return format_html('<pre class="verbatim">{}</pre>', text)


# Pages


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anyone turns pages: no count over the docket."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:10_000].count())


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page on which nothing can be changed. A subclass says which rows an access may see."""

    actions = None
    ordering = ("-pk",)
    sortable_by = ()
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    change_form_template = "cases/read_only_page.html"
    change_list_template = "cases/read_only_list.html"
    hint = ""  # what fills an empty list

    class Media:
        css = {"all": ("cases/admin.css",)}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = str(self.opts.verbose_name_plural)
        own = {
            "title": name[0].upper() + name[1:],
            "nothing_listed": f"No {name} to show. A filter, a search term or what you "
            f"are permitted to see can leave nothing. {self.hint}",
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        """Return the rows that may be seen; unless said otherwise, only by who sees every case."""
        return rows if access.sees_every_case else rows.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.visible(super().get_queryset(request), of_user(request.user))

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("__str__", "received_at", "receiver", "took")
    list_select_related = ("received_by",)
    fields = ("received_at", "receiver", "took", "files", "checksum")
    readonly_fields = ("receiver", "took", "files", "checksum")
    hint = "The command import_docket takes in a delivery."

    @admin.display(description="received by")
    def receiver(self, delivery: Delivery) -> str:
        return delivery.received_by.get_username()

    @admin.display(description="time taken")
    def took(self, delivery: Delivery) -> str:
        return quiet("not finished") if delivery.seconds is None else f"{delivery.seconds:,.1f} s"

    @admin.display(description="files, and what became of their rows")
    def files(self, delivery: Delivery) -> str:
        return table(
            (
                "File",
                "Announced",
                "Read",
                "Added",
                "Changed",
                "Unchanged",
                "Repaired",
                "Quarantined",
            ),
            ((f.name, *self._counts(f)) for f in delivery.files.order_by("pk")),
            numbers=7,
        )

    def _counts(self, file: DeliveredFile) -> list[str]:
        counts = (
            file.announced,
            file.read,
            file.added,
            file.changed,
            file.unchanged,
            file.repaired,
        )
        shown = [quiet("not announced") if n is None else f"{n:,}" for n in counts]
        url = reverse("admin:cases_quarantinedrow_changelist")
        return [
            *shown,
            format_html(
                '<a href="{}?delivery={}&amp;file={}">{}</a>',
                url,
                file.delivery_id,
                file.name,
                f"{file.quarantined:,}",
            )
            if file.quarantined
            else "0",
        ]

    @admin.display(description="SHA-256 over the names and contents of the files")
    def checksum(self, delivery: Delivery) -> str:
        return delivery.sha256


@admin.register(QuarantinedRow)
class QuarantinedRowAdmin(ReadOnly):
    list_display = ("__str__", "delivery", "column", "reason")
    list_select_related = ("delivery",)
    fields = ("delivery", "file", "line", "column", "reason", "eoir_id", "text")
    readonly_fields = ("eoir_id", "text")
    hint = "A row is quarantined when it cannot be loaded as it was delivered."

    @admin.display(description="EOIR case id")
    def eoir_id(self, row: QuarantinedRow) -> str:
        return quiet("not readable") if row.idncase is None else str(row.idncase)

    @admin.display(description="the row as delivered")
    def text(self, row: QuarantinedRow) -> str:
        return verbatim(row.row_text)


@admin.register(IntakeNote)
class IntakeNoteAdmin(ReadOnly):
    list_display = ("__str__", "delivery", "column", "value")
    list_filter = ("kind",)
    list_select_related = ("delivery",)
    hint = "A note is made of a row that was loaded with something put right or left out."
