"""What people type on the pages of closure batches."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from cases.access import Access
from cases.admin.pages import offices_of
from cases.admin.review_forms import day, line, lines
from cases.batches import Wanted
from cases.models import (
    FormOfDiscretion,
    Office,
)
from cases.workflow import Transition
from cases.workflow.engine import LONG_ENOUGH


class AssembleForm(forms.Form):
    """What a batch is made of, and what it proposes."""

    title = forms.CharField(max_length=100, help_text="What it will be called on lists.")
    office = forms.ModelChoiceField(Office.objects.none())
    form = forms.ChoiceField(label="Form of discretion, and its ground")
    authority = line(
        "Authority, cited by hand", 300, help_text="Only where it is unsettled in a circuit."
    )
    represented = forms.NullBooleanField(
        required=False,
        label="Counsel",
        widget=forms.Select(choices=[("unknown", "any"), ("true", "with"), ("false", "without")]),
    )
    courts = line("Courts", 200, help_text="Base city codes, separated by commas; empty: all.")
    nationalities = line("Nationalities", 200, help_text="Two letters each; empty: all.")
    filed_before = day("Asylum filed before", required=False)
    limit = forms.IntegerField(required=False, min_value=1, label="At most so many cases")
    confidence = forms.DecimalField(
        initial=Decimal("0.95"),
        min_value=Decimal("0.5"),
        max_value=Decimal("0.9999"),
        help_text="How sure the sample is to make us that no more are errors than tolerated.",
    )
    tolerable_rate = forms.DecimalField(
        initial=Decimal("0.02"),
        min_value=Decimal("0.0001"),
        max_value=Decimal("0.5"),
        label="Tolerable rate of errors",
    )
    planned_on = day("Not executed before", required=False)

    def __init__(self, typed: Any = None, *, access: Access) -> None:
        super().__init__(typed)
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)  # noqa: S101  declared above
        office.queryset = offices_of(access)
        form = self.fields["form"]
        assert isinstance(form, forms.ChoiceField)  # noqa: S101  declared above
        form.choices = [("", "Choose one …"), *_forms()]

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        code, _, ground = said["form"].partition(":")
        filters = {
            "courts": _codes(said["courts"]),
            "nationalities": _codes(said["nationalities"]),
            "represented": said["represented"],
            "filed_before": said["filed_before"] and said["filed_before"].isoformat(),
        }
        return Wanted(
            office=said["office"],
            title=said["title"],
            form=FormOfDiscretion.objects.get(pk=code),
            ground=ground,
            authority=said["authority"],
            filters={name: value for name, value in filters.items() if value not in (None, [], "")},
            limit=said["limit"],
            planned_on=said["planned_on"],
            confidence=float(said["confidence"]),
            tolerable_rate=float(said["tolerable_rate"]),
        )


def _codes(text: str) -> list[str]:
    return [code for code in text.upper().replace(",", " ").split() if code]


def _forms() -> Iterator[tuple[str, Any]]:
    for form in FormOfDiscretion.objects.filter(available_in__contains=["pending"]):
        if not form.motion_code:
            continue
        grounds = [(f"{form.pk}:{g['code']}", f"{form.name}: {g['text']}") for g in form.grounds]
        yield (form.name, grounds) if grounds else (f"{form.pk}:", form.name)


class SaidForm(forms.Form):
    """What a move of a batch asks for."""

    use_required_attribute = False

    def __init__(self, typed: Any = None, *, transition: Transition) -> None:
        super().__init__(typed, auto_id=f"{transition.name}-%s")
        if "note" in transition.asks:
            text = f"In your own words, at least {LONG_ENOUGH} characters."
            self.fields["note"] = lines("Reason", help_text=text)
        if "consequences" in transition.asks:
            self.fields["consequences_read"] = forms.BooleanField(
                required=False,
                label="I have read what it would mean for the respondents.",
            )


class ReadingForm(forms.Form):
    """What a reader found; nothing of what the screening or another found is shown before."""

    use_required_attribute = False

    would_close = forms.ChoiceField(
        label="Would you consider closing this case?",
        choices=[("", "Choose one …"), ("yes", "yes"), ("no", "no")],
    )
    note = lines("Why, if not")
