"""What people type on the page of a review.

No field is required here: the workflow says what is missing, all of it, with its own reasons.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User

from cases.models import RespondentPosition, Review
from cases.workflow import Act, Transition
from cases.workflow.engine import LONG_ENOUGH
from cases.workflow.positions import Statement
from cases.workflow.ways import Choice

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
LONGEST_NOTE = 5000


def day(label: str, **given: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}), **given)


def lines(label: str, **given: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": 4, "maxlength": LONGEST_NOTE})
    return forms.CharField(
        label=label, widget=widget, required=False, max_length=LONGEST_NOTE, **given
    )


def line(label: str, longest: int, **given: Any) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget, **given)


class MoveForm(forms.Form):
    """What a transition asks for, and a note with any."""

    use_required_attribute = False

    def __init__(
        self, typed: Any = None, *, transition: Transition, review: Review, choices: list[Choice]
    ) -> None:
        super().__init__(typed, auto_id=f"{transition.machine.name}-{transition.name}-%s")
        self.choices = {choice.form.pk: choice for choice in choices}
        for name in (
            "form",
            "consequences",
            "note",
            "criteria",
            "document",
            "actor",
            "happened_on",
        ):
            if name in transition.asks:
                getattr(self, f"_ask_{name}")(review)
        if "note" not in transition.asks:
            self.fields["note"] = lines("Note, kept with the move")

    def _ask_note(self, _review: Review) -> None:
        self.fields["note"] = lines(
            "Reason", help_text=f"In your own words, at least {LONG_ENOUGH} characters."
        )

    def _ask_criteria(self, review: Review) -> None:
        holding = list(dict.fromkeys((*review.hits, *review.holds)))
        if holding:
            self.fields["held"] = forms.MultipleChoiceField(
                label="Criteria that it rests on, of those that hold",
                choices=[(code, code) for code in holding],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.fields["criteria"] = line(
            "Other criteria that it rests on" if holding else "Criteria that it rests on",
            300,
            help_text="Their codes, separated by commas, as MI-01, PS-11.",
        )

    def _ask_form(self, _review: Review) -> None:
        self.fields["form"] = forms.ChoiceField(
            label="Form of discretion, and its ground",
            required=False,
            choices=[("", "Choose one …"), *map(_with_grounds, self.choices.values())],
        )
        self.fields["authority"] = line(
            "Authority, cited by hand",
            300,
            help_text="Where it is unsettled in this circuit; see the table below.",
        )

    def _ask_consequences(self, _review: Review) -> None:
        self.fields["consequences_read"] = forms.BooleanField(
            label="I have read what it would mean for the respondent.", required=False
        )

    def _ask_document(self, _review: Review) -> None:
        self.fields["document"] = line(
            "Document", 100, help_text="The reference under which it is kept."
        )

    def _ask_actor(self, _review: Review) -> None:
        self.fields["actor"] = line("Who acted", 60)

    def _ask_happened_on(self, _review: Review) -> None:
        self.fields["happened_on"] = day("On which day", required=False)

    def clean_criteria(self) -> tuple[str, ...]:
        codes = [
            code for code in re.split(r"[\s,;]+", self.cleaned_data["criteria"].upper()) if code
        ]
        for code in codes:
            if not CODE.fullmatch(code):
                raise forms.ValidationError(f"“{code}” is not the code of a criterion.")
        return tuple(dict.fromkeys(codes))

    def act(self, *, by: User, on: date) -> Act:
        said = dict(self.cleaned_data)
        if "criteria" in said:
            said["criteria"] = tuple(dict.fromkeys((*said.pop("held", ()), *said["criteria"])))
        code, _, said["ground"] = said.pop("form", "").partition(":")
        chosen = self.choices.get(code)
        return Act(by=by, on=on, form=chosen.form if chosen else None, **said)


def _with_grounds(choice: Choice) -> tuple[str, Any]:
    """Return a form, or the group of its grounds, for the list to choose from."""
    form = choice.form
    if not form.grounds:
        return (f"{form.pk}:", form.name)
    return (
        form.name,
        [
            (f"{form.pk}:{ground['code']}", f"{form.name}: {ground['text']} ({ground['citation']})")
            for ground in form.grounds
        ],
    )


class PositionForm(forms.Form):
    use_required_attribute = False

    position = forms.ChoiceField(
        choices=[("", "Choose one …"), *RespondentPosition.Position.choices]
    )
    stated_on = day("Day of the statement, or of the notice")
    stated_by = forms.ChoiceField(
        choices=RespondentPosition.StatedBy.choices, initial="nobody", label="Stated by"
    )
    means = forms.ChoiceField(
        choices=RespondentPosition.Means.choices, initial="none", label="How it reached the office"
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        required=False,
        help_text="As a code: en, es …",
        widget=forms.TextInput({"size": 4, "autocomplete": "off"}),
    )
    interpreter = forms.NullBooleanField(
        required=False,
        label="With an interpreter",
        widget=forms.Select(
            choices=[("unknown", "not on record"), ("true", "yes"), ("false", "no")]
        ),
    )
    informed_of_consequences = forms.BooleanField(
        required=False, label="The respondent had been told what it would mean."
    )
    reasons = lines("Reasons of an opposition")

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, auto_id="position-%s")

    def statement(self) -> Statement:
        return Statement(**self.cleaned_data)


class StepForm(forms.Form):
    use_required_attribute = False

    note = lines("What was done, and what came of it")

    def __init__(self, typed: Any = None, *, step: str) -> None:
        super().__init__(typed, auto_id=f"{step}-%s")


def errors_of(form: forms.Form) -> list[str]:
    """Return what a form could not read, in sentences with the field's name."""
    return [
        f"{form[name].label if name in form.fields else 'The form'}: {reason}"
        for name, reasons in form.errors.items()
        for reason in reasons
    ]
