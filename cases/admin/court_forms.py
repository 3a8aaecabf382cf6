"""What is recorded of a court or an agency on the page of a review: orders, corrections, acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User

from cases.admin.review_forms import day, line, lines
from cases.models import CourtOrder, Motion
from cases.workflow import Act, Transition
from cases.workflow.court import Order
from cases.workflow.engine import LONG_ENOUGH


class MotionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Motion) -> str:
        when = f" {obj.filed_on}" if obj.filed_on else ""
        return f"{obj.form.name}, {obj.get_status_display()}{when}"


class OrderForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(
        choices=[("", "Choose one …"), *CourtOrder.Kind.choices], label="What is ordered"
    )
    motion = MotionField(
        Motion.objects.none(), required=False, empty_label="none of ours", label="On which motion"
    )
    ordered_on = day("Day of the order", required=False)
    ordered_by = line("Ordered by", 60, help_text="The immigration judge, or the Board.")
    document = line("Document", 100, help_text="The reference of the order's document.")
    ground = line("Ground, as the order gives it", 300)
    with_prejudice = forms.BooleanField(required=False, label="With prejudice")
    note = lines("Note (not needed)")

    def __init__(self, typed: Any = None, *, motions: Any) -> None:
        super().__init__(typed, auto_id="order-%s")
        field = self.fields["motion"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = motions.select_related("form")
        standing = motions.filter(status__in=("filed", "response-open")).first()
        self.initial["motion"] = standing and standing.pk

    def order(self) -> Order:
        return Order(
            **{
                name: self.cleaned_data[name]
                for name in ("kind", "motion", "ground", "with_prejudice")
            }
        )

    def act(self, *, by: User, on: date) -> Act:
        said = self.cleaned_data
        return Act(
            by=by,
            on=on,
            note=said["note"],
            document=said["document"],
            actor=said["ordered_by"],
            happened_on=said["ordered_on"],
        )


class CorrectionForm(forms.Form):
    """What an order's document says, where something else was recorded of it."""

    use_required_attribute = False

    happened_on = day("Day of the order", required=False)
    actor = line("Ordered by", 60)
    document = line("Document", 100)
    ground = line("Ground, as the order gives it", 300)
    with_prejudice = forms.BooleanField(required=False, label="With prejudice")
    note = lines(
        "What was wrong", help_text=f"In your own words, at least {LONG_ENOUGH} characters."
    )

    def __init__(self, typed: Any = None, *, order: CourtOrder) -> None:
        recorded = {
            "happened_on": order.ordered_on,
            "actor": order.ordered_by,
            "document": order.document,
            "ground": order.ground,
            "with_prejudice": order.with_prejudice,
        }
        super().__init__(typed, auto_id=f"correct-{order.pk}-%s", initial=recorded)

    def act(self, *, by: User, on: date) -> Act:
        said = self.cleaned_data
        return Act(
            by=by, on=on, **{n: said[n] for n in ("happened_on", "actor", "document", "note")}
        )


class CourtActForm(forms.Form):
    use_required_attribute = False

    transition = forms.ChoiceField(label="What was done")
    happened_on = day("Day of the act", required=False)
    actor = line(
        "Who acted", 60, help_text="The court, the Board, a party, or an agency with its office."
    )
    document = line("Document", 100, help_text="The reference of its document.")
    note = lines("Note (not needed)")

    def __init__(self, typed: Any = None, *, acts: Iterable[Transition]) -> None:
        super().__init__(typed, auto_id="act-%s")
        field = self.fields["transition"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", "Choose one …"), *((act.name, act.label) for act in acts)]

    def act(self, *, by: User, on: date) -> Act:
        said = {name: self.cleaned_data[name] for name in self.fields if name != "transition"}
        return Act(by=by, on=on, **said)
