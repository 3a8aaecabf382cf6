"""What staff fill in about closed cases, turned into what the functions of the record take."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User

from cases.aftermath import EventNotice, Filing
from cases.models import Case, ContactChange, OnwardFiling, PostClosureEvent, RestartReview, states
from cases.workflow import TRANSITIONS, Act
from cases.workflow.engine import LONG_ENOUGH
from cases.workflow.restart import FACTORS, tools_for

ANYTHING = "x" * LONG_ENOUGH


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Lines(forms.Textarea):
    def __init__(self, rows: int = 3) -> None:
        super().__init__({"rows": rows, "cols": 80})


class EventForm(forms.Form):
    kind = forms.ChoiceField(choices=PostClosureEvent.Kind.choices)
    happened_on = forms.DateField(
        required=False, widget=DayInput, help_text="Empty: the day is not on record."
    )
    source = forms.CharField(max_length=20)
    source_record = forms.CharField(max_length=80, help_text="The record's key at its source.")
    trust = forms.ChoiceField(choices=PostClosureEvent.Trust.choices, label="What vouches for it")
    disposition = forms.CharField(max_length=80, required=False)

    def notice(self, case: Case) -> EventNotice:
        return EventNotice(case_id=case.pk, **self.cleaned_data)


class FilingForm(forms.Form):
    form = forms.ChoiceField(choices=OnwardFiling.Form.choices)
    filed_on = forms.DateField(widget=DayInput)
    receipt = forms.CharField(
        max_length=20, required=False, help_text="Three letters and ten digits; empty: none yet."
    )
    proof_of_order = forms.BooleanField(
        required=False, label="With proof of the order that ended the case"
    )
    proof_of_prior_filing = forms.BooleanField(
        required=False, label="With proof of the application that was pending in court"
    )
    replaces = forms.ModelChoiceField(
        OnwardFiling.objects.none(), required=False, help_text="For a correction: what it replaces."
    )

    def __init__(self, given: Any, *, case: Case) -> None:
        super().__init__(given)
        replaced: Any = self.fields["replaces"]
        replaced.queryset = case.onward_filings.filter(superseded_at=None)

    def filing(self) -> Filing:
        return Filing(**self.cleaned_data)


class ContactForm(forms.Form):
    kind = forms.ChoiceField(choices=ContactChange.Kind.choices)
    text = forms.CharField(max_length=500, widget=Lines, label="What it is now")
    changed_on = forms.DateField(widget=DayInput)
    source = forms.CharField(max_length=20, help_text="EOIR-33, AR-11, E-28, letter …")


class ReturnedForm(forms.Form):
    returned_on = forms.DateField(widget=DayInput, label="Came back on")


class StepForm(forms.Form):
    """One move of a restart review: asks for what the transition asks for."""

    def __init__(self, given: Any, *, case: Case, name: str) -> None:
        super().__init__(given)
        asks = TRANSITIONS[states.RESTART.name][name].asks
        if "tool" in asks:
            tools = [(tool, RestartReview.Tool(tool).label) for tool in tools_for(case)]
            self.fields["tool"] = forms.ChoiceField(
                choices=tools, required=False, label="The way back"
            )
            self.fields["ground"] = forms.CharField(
                max_length=300,
                required=False,
                help_text="Beside the events: an arrest alone is no ground.",
            )
            if RestartReview.Tool.RECALENDAR in tools_for(case):
                for factor, label in FACTORS.items():
                    self.fields[factor] = forms.CharField(
                        label=label, widget=Lines(2), required=False, max_length=2000
                    )
                self.fields["authority"] = forms.CharField(
                    max_length=300, required=False, help_text="Where the standard is unsettled."
                )
        if "document" in asks:
            self.fields["document"] = forms.CharField(max_length=100, required=False)
            self.fields["actor"] = forms.CharField(
                max_length=60, required=False, label="Who acted, outside the office"
            )
        if "happened_on" in asks:
            self.fields["happened_on"] = forms.DateField(
                widget=DayInput, required=False, label="On the day"
            )
        self.fields["note"] = forms.CharField(
            widget=Lines, required=False, max_length=2000, label="Note, kept with the move"
        )

    def act(self, *, by: User, on: date) -> Act:
        given = dict(self.cleaned_data)
        factors = {name: given.pop(name) for name in FACTORS if name in given}
        return Act(by=by, on=on, factors=factors, **given)


def likely(case: Case, *, by: User, on: date) -> Act:
    """Return an act that has all that a form would ask for: what else blocks, blocks anyway."""
    return Act(
        by=by,
        on=on,
        note=ANYTHING,
        document=ANYTHING,
        actor=ANYTHING,
        happened_on=on,
        tool=next(iter(tools_for(case)), ""),
        factors=dict.fromkeys(FACTORS, ANYTHING),
        ground=ANYTHING,
        authority=ANYTHING,
    )
