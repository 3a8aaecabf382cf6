"""Drafts of policies: written, checked, approved by another person and released, on one page."""

from __future__ import annotations

import re
from difflib import unified_diff
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString

from cases.access import Access, of_user
from cases.admin.pages import ChoiceFilter, ReadOnly, badge
from screening.access import visible_simulations
from screening.admin.simulations import may_simulate
from screening.models import PolicyDraft, PolicyVersion
from screening.policies import lifecycle
from screening.policies.diff import differences
from screening.policies.document import POLICY_CODE, PolicyRefused
from screening.policies.release import policy_of, released

LONGEST = 200_000
"""Characters of a text; the longest policy there is has some 12,000."""
LABELS = {
    "propose": ("Propose", "Asks another to approve it. The text stays as it is from here on."),
    "approve": ("Approve", "You have read this text, and had no hand in it."),
    "release": ("Release", "Puts it on record as the next version, which never changes."),
    "send-back": ("Send back", "Makes it a draft again, to be written on. Say why in the note."),
    "withdraw": ("Withdraw", "Ends the draft for good, unreleased."),
}


class TextForm(forms.Form):
    """A text as it was typed, or a file as it is; line ends of a browser become plain ones."""

    document = forms.CharField(strip=False, required=False, max_length=LONGEST)
    file = forms.FileField(required=False, max_length=200)
    seen = forms.CharField(max_length=64)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if file := given.get("file"):
            try:
                given["document"] = file.read(4 * LONGEST).decode()
            except UnicodeDecodeError as error:
                raise forms.ValidationError("The file is not text in UTF-8.") from error
            if "\0" in given["document"] or len(given["document"]) > LONGEST:
                raise forms.ValidationError("The file is not a policy.")
        else:
            given["document"] = given.get("document", "").replace("\r\n", "\n")
        return given


class StartForm(forms.Form):
    """Where a draft begins: a released version, or the code of a policy that is new."""

    version = forms.ModelChoiceField(PolicyVersion.objects.all(), required=False)
    code = forms.RegexField(POLICY_CODE, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("version") and not given.get("code"):
            raise forms.ValidationError(
                "Choose a version to copy, or give the code of a new policy: 3 to 40 lower-case "
                "letters, digits and hyphens."
            )
        return given


class StatusFilter(ChoiceFilter):
    title = "status"
    parameter_name = "status"
    column = "status"
    choices_of = PolicyDraft.Status.choices


@admin.register(PolicyDraft)
class PolicyDraftAdmin(ReadOnly):
    about = (
        "Policies that are being written. One person proposes a text, another approves it, "
        "and it is released as the next version."
    )
    list_display = ("__str__", "state", "copied_from", "author", "started_at", "released_as")
    list_filter = (StatusFilter,)
    list_select_related = ("copied_from", "author", "released_as")
    change_list_template = "screening/policy_draft_list.html"

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows  # a policy says nothing of any case

    @admin.display(description="status")
    def state(self, draft: PolicyDraft) -> SafeString:
        return badge(draft.status)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {
            "may_draft": may_draft(request),
            "start_url": reverse("admin:screening_policydraft_start"),
            "versions": PolicyVersion.objects.all(),
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        def at(route: str, view: Any, name: str) -> Any:
            return path(
                route, self.admin_site.admin_view(view), name=f"screening_policydraft_{name}"
            )

        moves = [
            at(f"<path:object_id>/{name}/", partial(self.move, name=name), name)
            for name in lifecycle.MOVES
        ]
        return [
            at("start/", self.start, "start"),
            at("<path:object_id>/save/", self.save, "save"),
            at("<path:object_id>/text/", self.text, "text"),
            *moves,
            *super().get_urls(),
        ]

    def start(self, request: HttpRequest) -> HttpResponse:
        by = self._reader(request)
        given = StartForm(request.POST)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:screening_policydraft_changelist"))
        if not given.is_valid():
            for reason in _reasons(given):
                messages.error(request, reason)
            return HttpResponseRedirect(reverse("admin:screening_policydraft_changelist"))
        draft = lifecycle.start_draft(
            given.cleaned_data["version"] or given.cleaned_data["code"], by=by
        )
        return _to(draft)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        draft = self.get_object(request, object_id)
        if draft is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return self._page(request, draft, by=self._reader(request))

    def save(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Save the text; where that is refused, the page keeps what was typed."""
        draft, by = self._asked(request, object_id)
        if request.method != "POST":
            return _to(draft)
        given = TextForm(request.POST, request.FILES)
        typed = request.POST.get("document", "")
        if not given.is_valid():
            return self._page(request, draft, by=by, typed=typed, refused=_reasons(given))
        text = given.cleaned_data["document"]
        try:
            lifecycle.save(draft, text, by=by, seen=given.cleaned_data["seen"])
        except lifecycle.MoveRefused as error:
            return self._page(request, draft, by=by, typed=text, refused=error.reasons)
        messages.success(request, "Saved.")
        return _to(draft)

    def move(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        draft, by = self._asked(request, object_id)
        if request.method == "POST":
            note, seen = request.POST.get("note", ""), request.POST.get("seen", "")
            try:
                lifecycle.MOVES[name](draft, by=by, seen=seen, note=note)
                messages.success(request, f"The draft is {draft.get_status_display().lower()}.")
            except lifecycle.MoveRefused as error:
                for reason in error.reasons:
                    messages.error(request, reason)
        return _to(draft)

    def text(self, request: HttpRequest, object_id: str) -> HttpResponse:
        draft, _ = self._asked(request, object_id)
        return as_yaml(draft.document, name=f"{draft.code}-draft-{draft.pk}")

    def _reader(self, request: HttpRequest) -> User:
        if not isinstance(request.user, User) or not self.has_view_permission(request):
            raise PermissionDenied
        return request.user

    def _asked(self, request: HttpRequest, object_id: str) -> tuple[PolicyDraft, User]:
        by = self._reader(request)
        if not object_id.isdecimal():
            raise Http404
        return get_object_or_404(self.get_queryset(request), pk=object_id), by

    def _page(
        self,
        request: HttpRequest,
        draft: PolicyDraft,
        *,
        by: User,
        typed: str | None = None,
        refused: list[str] | None = None,
    ) -> HttpResponse:
        """Answer with the draft; with what was typed and why it is not saved, if it was refused."""
        base = _compared_with(draft)
        possible = [
            name for name in lifecycle.MOVES if draft.status in lifecycle.TRANSITIONS[name].sources
        ]
        problems = lifecycle.text_is_sound(draft, by) if possible else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Draft {draft.pk} of {draft.code}",
            "draft": draft,
            "typed": draft.document if typed is None else typed,
            "refused": refused or [],
            "may_save": not lifecycle.blockers(draft, "save", by=by),
            "ended": not possible,
            "problems": [_with_its_line(problem, draft) for problem in problems],
            "simulations": visible_simulations(of_user(by)).filter(proposed_sha256=draft.sha256),
            "may_simulate": may_simulate(request),
            "base": base,
            "differences": differences_of(base, draft) if base else None,
            "lines": changed_lines(base, draft) if base else [],
            "transitions": [
                (name, *LABELS[name], _beside(lifecycle.blockers(draft, name, by=by), problems))
                for name in possible
            ],
            "moves": draft.moves.select_related("by").order_by("pk"),
        }
        status = 409 if refused else 200
        return TemplateResponse(request, "screening/policy_draft.html", context, status=status)


def may_draft(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.has_perms((lifecycle.DRAFTS, VIEWS_DRAFTS))


VIEWS_DRAFTS = "screening.view_policydraft"


def as_yaml(text: str, *, name: str) -> HttpResponse:
    """Answer with a text as a file, to the last character."""
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return answer


def differences_of(
    old: PolicyVersion | PolicyDraft, new: PolicyVersion | PolicyDraft
) -> list[str] | None:
    """Return how two policies differ, in sentences; None where one cannot be read."""
    try:
        return differences(policy_of(old), policy_of(new))
    except PolicyRefused:
        return None


def changed_lines(
    old: PolicyVersion | PolicyDraft, new: PolicyVersion | PolicyDraft
) -> list[tuple[str, str]]:
    """Return the lines that changed and two around them, each with what it is: + - or nothing."""
    lines = unified_diff(old.document.splitlines(), new.document.splitlines(), lineterm="", n=2)
    kinds = {"+": "added", "-": "gone", "@": "place"}
    return [(kinds.get(line[:1], ""), line) for line in list(lines)[2:]]


def _compared_with(draft: PolicyDraft) -> PolicyVersion | None:
    """Return what the draft is to replace: what it was copied from, or the latest released."""
    if draft.copied_from is not None:
        return draft.copied_from
    try:
        return released(draft.code)
    except PolicyVersion.DoesNotExist:
        return None


def _beside(reasons: list[str], problems: list[str]) -> list[str]:
    """Return the reasons to show beside a button; the problems of the text are listed below it."""
    others = [reason for reason in reasons if reason not in problems]
    return others + ["The problems below are in the way."] * (len(others) < len(reasons))


def _with_its_line(problem: str, draft: PolicyDraft) -> tuple[str, str, str]:
    """Return the number of the line that a problem names, the rest, and the line itself."""
    named = re.match(r"line (\d+)(.*)", problem, re.DOTALL)
    lines = draft.document.splitlines()
    if named is None:
        return "", problem, ""
    number = int(named[1])
    return named[1], named[2], lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _reasons(given: forms.Form) -> list[str]:
    return [str(reason) for reasons in given.errors.values() for reason in reasons]


def _to(draft: PolicyDraft) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:screening_policydraft_change", args=[draft.pk]))
