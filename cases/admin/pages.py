"""What the admin's pages are made of: read-only lists and pages, tables, badges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.access import Access, of_user
from cases.models import Office

LISTED_AT_MOST = 5_000
"""Rows that can be reached by turning pages; nobody turns further, and counting costs seconds."""


# Pieces of a page; everything put into them is escaped


def table(
    head: tuple[str, ...], rows: Iterable[Iterable[Any]], *, numbers: int = 0, caption: str = ""
) -> SafeString:
    """Return a table of as many columns as the head has, the last of which are numbers.

    The first cell of a row is its heading.
    """
    kinds = ["text"] * (len(head) - numbers) + ["number"] * numbers
    heads = format_html_join(
        "", '<th scope="col" class="{}">{}</th>', zip(kinds, head, strict=True)
    )
    line = '<tr><th scope="row">{}</th>' + "".join(f'<td class="{k}">{{}}</td>' for k in kinds[1:])
    body = format_html_join("", line + "</tr>", rows)
    return format_html(
        '<div class="wide" tabindex="0" role="region" aria-label="{}"><table class="data-table">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        caption or head[0],
        heads,
        body,
    )


def badge(value: str, text: str = "") -> SafeString:
    """Return a value of a short list as a word in a badge; its colour adds nothing to the word."""
    return format_html('<span class="badge {}">{}</span>', value, text or value.replace("-", " "))


def quiet(text: str) -> SafeString:
    return format_html('<span class="quiet">{}</span>', text)


def verbatim(text: str) -> SafeString:
    return format_html('<pre class="verbatim" tabindex="0">{}</pre>', text)


# Pages


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than pages can be turned: no count over the docket."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:LISTED_AT_MOST].count())


class ChoiceFilter(admin.SimpleListFilter):
    """A choice above the list among fixed values of one column."""

    choices_of: Iterable[tuple[str, str]] = ()
    column = ""

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [(value, str(text)) for value, text in self.choices_of]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(**{self.column: self.value()}) if self.value() else rows


def offices_of(access: Access) -> QuerySet[Office]:
    """Return the offices whose cases the access may see."""
    offices = Office.objects.all()
    return offices if access.offices is None else offices.filter(pk__in=access.offices)


class OfficeFilter(admin.SimpleListFilter):
    """A choice among the offices whose cases the reader may see."""

    title = "office"
    parameter_name = "office"
    column = "office__code"

    def lookups(self, request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [(o.code, o.name) for o in offices_of(of_user(request.user))]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(**{self.column: self.value()}) if self.value() else rows


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page on which nothing can be changed. A subclass says which rows an access may see."""

    actions = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    sortable_by = ()
    list_per_page = 50
    list_max_show_all = 0
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # it counts every choice of every filter
    change_form_template = "cases/read_only_page.html"
    change_list_template = "cases/read_only_list.html"
    about = ""  # a sentence above the list
    hint = ""  # what fills an empty list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = str(self.opts.verbose_name_plural)
        own = {
            "title": name[0].upper() + name[1:],
            "about": self.about,
            "listed_at_most": LISTED_AT_MOST,
            "listed_first": "newest" if self.ordering == ("-pk",) else "first",
            "nothing_listed": f"No {name} to show. A filter, a search term or what you "
            "are permitted to see can leave nothing.",
            "hint": self.hint,
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        text = str(context["original"])
        own = {"title": text[0].upper() + text[1:], "subtitle": None}
        return super().render_change_form(request, context | own, *args, **kwargs)

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
