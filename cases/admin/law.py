"""Forms of discretion and authorities: kept by the office's lawyers, read by all who decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from cases.models import Authority, Case, FormOfDiscretion
from cases.workflow.conditions import CIRCUITS

PART = " | "
LONGEST_CODE = 12


class Grounds(forms.CharField):
    """Grounds as a lawyer writes them: a line each, code, text and citation between bars."""

    widget = forms.Textarea({"rows": 8, "class": "vLargeTextField"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(PART.join((g["code"], g["text"], g["citation"])) for g in value)
        return value

    def to_python(self, value: Any) -> Any:
        written = [line for line in (super().to_python(value) or "").splitlines() if line.strip()]
        grounds = [self._ground(number, line) for number, line in enumerate(written, 1)]
        if len({ground["code"] for ground in grounds}) < len(grounds):
            raise forms.ValidationError("Two grounds have the same code.")
        return grounds

    def _ground(self, number: int, line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not all(parts):
            raise forms.ValidationError(
                f"Ground {number} needs a code, a text and a citation, with | between them."
            )
        if len(parts[0]) > LONGEST_CODE or ":" in parts[0]:
            raise forms.ValidationError(
                f"The code of ground {number} has up to {LONGEST_CODE} characters, and no colon."
            )
        return dict(zip(("code", "text", "citation"), parts, strict=True))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class FormOfDiscretionForm(forms.ModelForm):  # type: ignore[type-arg]
    available_in = forms.MultipleChoiceField(
        choices=Case.Status.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where a case must stand in court for this form.",
    )
    grounds = Grounds(
        required=False,
        help_text="One on each line: code | text | citation. None: the form needs no ground.",
    )


class AuthorityForm(forms.ModelForm):  # type: ignore[type-arg]
    circuits = forms.MultipleChoiceField(
        choices=[(circuit, circuit) for circuit in CIRCUITS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None chosen: every circuit.",
    )


class Kept(admin.ModelAdmin):  # type: ignore[type-arg]
    """Changed by those with the permission, never deleted: an end is given as its day."""

    actions = None
    # The admin's own calendar styles itself in its markup, which the content policy refuses.
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput({"type": "date"}, "%Y-%m-%d")}
    }
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "cases/plain_list.html"
    change_form_template = "cases/plain_form.html"

    def has_delete_permission(
        self, _request: HttpRequest, _obj: models.Model | None = None
    ) -> bool:
        return False


@admin.register(FormOfDiscretion)
class FormOfDiscretionAdmin(Kept):
    about = "What may be asked for, when, and what it means for the respondent."
    form = FormOfDiscretionForm
    list_display = ("name", "decided_by", "effective_from", "effective_to")
    fields = (
        *("code", "name", "legal_basis", "effective_from", "effective_to", "decided_by"),
        *("motion_code", "available_in", "grounds"),
        *("ends", "survives", "work_permit", "refiling", "exposure"),
    )
    search_fields = ("name", "code")

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        return ("code",) if obj else ()  # reviews and motions name it


@admin.register(Authority)
class AuthorityAdmin(Kept):
    about = "What decisions and rules say of each motion, by circuit and date."
    form = AuthorityForm
    list_display = ("citation", "form", "standing", "where", "effective_from", "effective_to")
    list_filter = ("form", "standing", "to_confirm")
    list_select_related = ("form",)
    search_fields = ("citation", "holding")

    @admin.display(description="circuits")
    def where(self, authority: Authority) -> str:
        return ", ".join(authority.circuits) or "every"
