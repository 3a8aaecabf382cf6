"""Notices and drafts of motions: what was made, what became of it, and the documents to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localdate

from cases import notices
from cases.access import Access, of_user
from cases.admin.pages import ChoiceFilter, ReadOnly, quiet
from cases.audit import record_read
from cases.models import Case, Notice, Review
from cases.workflow import Act, TransitionRefused

MAY_MAKE = ("cases.review_case", "cases.open_review")
MAY_READ = "cases.view_respondent"
"""A document names the respondent."""


class KindFilter(ChoiceFilter):
    title = "kind"
    parameter_name = "kind"
    column = "kind"
    choices_of = Notice.Kind.choices


class DeliveryFilter(ChoiceFilter):
    title = "delivery"
    parameter_name = "delivery"
    choices_of = (
        ("unsent", "not sent"),
        ("sent", "sent, not known delivered"),
        ("delivered", "delivered"),
        ("returned", "returned"),
    )

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        conditions: dict[str, dict[str, Any]] = {
            "unsent": {"sent_on": None},
            "sent": {"sent_on__isnull": False, "delivered_on": None, "returned_on": None},
            "delivered": {"delivered_on__isnull": False, "returned_on": None},
            "returned": {"returned_on__isnull": False},
        }
        return rows.filter(**conditions.get(self.value() or "", {}))


class WhichDocument(forms.Form):
    """Which document of which review."""

    review = forms.UUIDField(
        label="Review",
        help_text="Its id, a UUID: never a name or number.",
        widget=forms.TextInput(attrs={"size": 38, "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(choices=Notice.Kind.choices)
    language = forms.ChoiceField()
    sending_on = forms.DateField(
        label="To be sent on",
        help_text="The day that the document bears; a deadline in it counts from this day.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            choices=[(code, notices.name_of(code)) for code in notices.languages()]
        )


class Sending(forms.Form):
    sent_on = forms.DateField(label="Sent on", widget=forms.DateInput(attrs={"type": "date"}))
    means = forms.ChoiceField(choices=Notice.Means.choices)


class Arriving(forms.Form):
    delivered_on = forms.DateField(
        label="Delivered on", widget=forms.DateInput(attrs={"type": "date"})
    )


class Returning(forms.Form):
    returned_on = forms.DateField(
        label="Returned on", widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(max_length=200, help_text="As the carrier wrote it.")


RECORDED: dict[str, tuple[type[forms.Form], Any, str]] = {
    "sent": (Sending, notices.record_sent, "On record as sent."),
    "delivered": (Arriving, notices.record_delivered, "On record as delivered."),
    "returned": (Returning, notices.record_returned, "On record as returned."),
}


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    about = "Notices to respondents and drafts of motions, each as it was made and sent."
    hint = "Make a document"
    list_display = ("__str__", "language", "dated_on", "answer_due_on", "state", "made_at")
    list_filter = (KindFilter, DeliveryFilter)
    list_select_related = ("review__case", "made_by")
    search_fields = ("=uuid", "=review__uuid")
    search_help_text = "By the whole id of a notice or of its review"
    change_form_template = "cases/notice.html"
    change_list_template = "cases/notice_list.html"
    fields = (
        *("review_shown", "case_shown", "kind", "language", "dated_on", "answer_due_on"),
        *("state", "sent_on", "sent_means", "delivered_on", "returned_on", "return_reason"),
        *("made_at", "maker", "template_version", "sha256"),
    )
    readonly_fields = ("review_shown", "case_shown", "state", "maker")

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return rows.filter(access.condition("review__case__")).defer("pdf")

    @admin.display(description="state")
    def state(self, notice: Notice) -> str:
        if notice.returned_on:
            return format_html('<span class="badge">{}</span>', f"returned {notice.returned_on}")
        if notice.delivered_on:
            return f"delivered {notice.delivered_on}"
        if notice.sent_on:
            return f"sent {notice.sent_on}"
        return quiet("not sent")

    @admin.display(description="review")
    def review_shown(self, notice: Notice) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:cases_review_change", args=[notice.review_id]),
            notice.review.uuid,
        )

    @admin.display(description="case")
    def case_shown(self, notice: Notice) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:cases_case_change", args=[notice.review.case_id]),
            notice.review.case,
        )

    @admin.display(description="made by")
    def maker(self, notice: Notice) -> str:
        return str(notice.made_by.get_username())

    # The documents, and what is put on record of them

    def get_urls(self) -> list[Any]:
        site = self.admin_site
        own = [
            path("make/", site.admin_view(self.make), name="cases_notice_make"),
            path("preview/", site.admin_view(self.preview), name="cases_notice_preview"),
            path("<int:pk>/pdf/", site.admin_view(self.download), name="cases_notice_pdf"),
            path(
                "<int:pk>/<str:what>/record/",
                site.admin_view(self.record),
                name="cases_notice_record",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"may_make": _may_make(request)}
        return super().changelist_view(request, own | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        notice: Notice = context["original"]
        today = localdate()
        own = {
            "may_read": _may_read(request),
            "steps": [
                (what, form(initial={n: today for n in form.base_fields if n.endswith("_on")}))
                for what, (form, _, _) in RECORDED.items()
                if _may_make(request) and _may_follow(notice, what)
            ],
        }
        return super().render_change_form(request, context | own, *args, **kwargs)

    def make(self, request: HttpRequest) -> HttpResponse:
        """Ask for a document, and make it by the same function as everybody."""
        _require(request, reading=False)
        form = WhichDocument(
            request.POST or None,
            initial={
                "review": request.GET.get("review", ""),
                "language": "en",
                "sending_on": localdate(),
            },
        )
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            review = _review(request, given["review"])
            try:
                notice = notices.make_notice(
                    review,
                    given["kind"],
                    given["language"],
                    _act(request),
                    sending_on=given["sending_on"],
                )
            except (TransitionRefused, notices.NotTranslated) as refused:
                _say_why(form, refused)
            else:
                messages.success(request, "Made. It has not been sent.")
                return HttpResponseRedirect(reverse("admin:cases_notice_change", args=[notice.pk]))
        return self._ask(request, form)

    def _ask(self, request: HttpRequest, form: WhichDocument) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Make a document",
            "form": form,
            "may_make": _may_make(request),
            "may_read": _may_read(request),
        }
        return TemplateResponse(request, "cases/notice_make.html", context)

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Answer with the PDF as it would be made; nothing is stored but who looked."""
        _require(request, reading=True)
        form = WhichDocument(request.POST or None)
        if not form.is_valid():
            return self._ask(request, form)
        given = form.cleaned_data
        review = _review(request, given["review"])
        try:
            pdf = notices.preview(review, given["kind"], given["language"], given["sending_on"])
        except (TransitionRefused, notices.NotTranslated) as refused:
            _say_why(form, refused)
            return self._ask(request, form)
        return _answer(request, pdf, review.case, "preview.pdf")

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the PDF as it was made, and put on record who read it."""
        _require(request, reading=True)
        visible = Notice.objects.visible_to(of_user(request.user))
        notice = get_object_or_404(visible.select_related("review__case"), pk=pk)
        return _answer(request, bytes(notice.pdf), notice.review.case, f"{notice.uuid}.pdf")

    def record(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        """Put on record that the notice was sent, delivered or returned."""
        _require(request, reading=False)
        notice = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST" and what in RECORDED:
            kind, function, done = RECORDED[what]
            form = kind(request.POST)
            if form.is_valid():
                try:
                    function(notice, _act(request), **form.cleaned_data)
                    messages.success(request, done)
                except TransitionRefused as refused:
                    for reason in refused.reasons:
                        messages.error(request, reason)
            else:
                messages.error(request, "Give the day, and what else is asked for.")
        return HttpResponseRedirect(reverse("admin:cases_notice_change", args=[pk]))


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _may_make(request: HttpRequest) -> bool:
    return any(_user(request).has_perm(permission) for permission in MAY_MAKE)


def _may_read(request: HttpRequest) -> bool:
    return _user(request).has_perm(MAY_READ)


def _require(request: HttpRequest, *, reading: bool) -> None:
    may = _may_read(request) if reading else _may_make(request)
    if not (may and _user(request).has_perm("cases.view_notice")):
        raise PermissionDenied


def _review(request: HttpRequest, uuid: Any) -> Review:
    return get_object_or_404(Review.objects.visible_to(of_user(request.user)), uuid=uuid)


def _act(request: HttpRequest) -> Act:
    return Act(by=_user(request), on=localdate())


def _may_follow(notice: Notice, what: str) -> bool:
    if what == "sent":
        return notice.sent_on is None and not notices.DOCUMENTS[notice.kind].is_motion
    if notice.sent_on is None or notice.returned_on is not None:
        return False
    return what == "returned" or notice.delivered_on is None


def _say_why(form: forms.Form, refused: TransitionRefused | notices.NotTranslated) -> None:
    reasons = refused.reasons if isinstance(refused, TransitionRefused) else [str(refused)]
    for reason in reasons:
        form.add_error(None, reason)


def _answer(request: HttpRequest, pdf: bytes, case: Case, name: str) -> HttpResponse:
    record_read(case, user=_user(request), channel="admin")
    answer = HttpResponse(pdf, content_type="application/pdf")
    # To be opened by the reader's own program: the pages' policy lets no plug-in run in them.
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
