"""Record what the Secretary determined, and what a court stays. Only a person records either."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from cases.encounters.counts import Series, counts_on_record, data_version, lock
from cases.encounters.trigger import (
    LAST_DAY,
    ONE_DAY,
    PROCLAIMED,
    WINDOW,
    Act,
    Kind,
    Reading,
    Readings,
    Standing,
    Status,
    read,
    standing,
)
from cases.models import FactualDetermination, LegalHold


class NotRecorded(Exception):
    """What was to be recorded does not fit what is on record; every reason why."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def acts_on_record() -> list[Act]:
    """Return the determinations on record, in the order in which they were made."""
    rows = FactualDetermination.objects.order_by("determined_on")
    return [Act(Kind(kind), day) for kind, day in rows.values_list("kind", "determined_on")]


@transaction.atomic
def determine(
    kind: Kind,
    *,
    determined_on: date,
    window_to: date,
    document: str,
    by: User,
    readings: Readings,
    today: date,
) -> FactualDetermination:
    """Record a determination with the sum, the window and the data that it rests on.

    Raises PermissionDenied if `by` may never record one, and NotRecorded if the daily counts on
    record do not support it or there is nothing that it would change.

    Law: Proclamation 10773, sec. 2.
    """
    _may(by, "cases.record_determination")
    lock()
    acts = acts_on_record()
    readings_of_days = read(counts_on_record(Series.DAILY), readings=readings)
    found = next((r for r in readings_of_days if r.day == window_to), None)
    reasons = [
        *_of_its_day(determined_on, window_to, acts, today=today),
        *_of_the_standing(kind, standing(acts, on=determined_on)),
        *_of_the_counts(kind, window_to, found),
        *([] if document.strip() else ["Say where the determination is published."]),
    ]
    if reasons or found is None or found.sum7 is None:
        raise NotRecorded(reasons)
    return FactualDetermination.objects.create(
        kind=kind,
        determined_on=determined_on,
        document=document.strip(),
        window_from=window_to - (WINDOW - 1) * ONE_DAY,
        window_to=window_to,
        sum7=found.sum7,
        days_below=found.run,
        days_needed=found.needed,
        data_version=data_version(),
        readings=asdict(readings),
        recorded_by=by,
    )


def _may(by: User, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied(f"This needs {permission}.")


def _of_its_day(determined_on: date, window_to: date, acts: list[Act], *, today: date) -> list[str]:
    reasons = []
    if not PROCLAIMED <= determined_on <= LAST_DAY:
        reasons.append(
            f"The counter ran from {PROCLAIMED} to {LAST_DAY}; then Proclamation 10888 suspended "
            "entry without a number."
        )
    if determined_on > today:
        reasons.append(f"{determined_on} has not come.")
    if window_to > determined_on:
        reasons.append("The seven days end after the day of the determination.")
    if acts and determined_on <= acts[-1].determined_on:
        reasons.append(
            f"One of {acts[-1].determined_on} is on record; they are recorded in their order."
        )
    return reasons


def _of_the_standing(kind: Kind, stands: Standing) -> list[str]:
    pending = stands.pending
    if kind == Kind.CANCEL:
        if pending is None or pending.kind != Kind.STOP:
            return ["No discontinuation is pending on that day."]
    elif pending is not None and kind == pending.kind:
        return [f"One is pending, and takes effect on {pending.effective_on}."]
    elif kind == Kind.STOP and stands.status == Status.DISCONTINUED and pending is None:
        return ["No suspension is in effect on that day."]
    elif kind == Kind.START and stands.status == Status.IN_EFFECT:
        if pending is None:
            return ["A suspension is in effect on that day, and goes on by itself."]
        return ["A discontinuation is pending on that day: record its cancellation."]
    return []


def _of_the_counts(kind: Kind, window_to: date, found: Reading | None) -> list[str]:
    if found is None or found.sum7 is None:
        return [f"Of the seven days to {window_to} not every daily count is on record."]
    said = f"The seven days to {window_to} sum to {found.sum7:,}"
    if kind != Kind.STOP:
        return [] if found.high else [f"{said}; at least 17,500 are needed."]
    if not found.low:
        return [f"{said}; fewer than 10,500 are needed."]
    if found.run < found.needed:
        return [
            f"The average has been below 1,500 for {found.run} day(s) in a row to {window_to}; "
            f"{found.needed} are needed."
        ]
    return []


@transaction.atomic
def hold(*, court: str, order: str, begins_on: date, by: User) -> LegalHold:
    """Record that a court stays the suspension from a day on."""
    _may(by, "cases.record_legal_hold")
    lock()
    if LegalHold.objects.current().filter(court=court, order=order).exists():
        raise NotRecorded(["This order is on record."])
    return LegalHold.objects.create(court=court, order=order, begins_on=begins_on, recorded_by=by)


@transaction.atomic
def end_hold(held: LegalHold, *, ends_on: date, by: User) -> LegalHold:
    """Record the day from which a stay no longer holds; the row before it is superseded."""
    _may(by, "cases.record_legal_hold")
    held = LegalHold.objects.select_for_update().get(pk=held.pk)
    if held.superseded_at is not None or held.ends_on is not None:
        raise NotRecorded(["The end of this stay is on record."])
    if ends_on <= held.begins_on:
        raise NotRecorded([f"The stay began on {held.begins_on}, not before its end."])
    held.superseded_at = now()
    held.save(update_fields=["superseded_at"])
    return LegalHold.objects.create(
        court=held.court,
        order=held.order,
        begins_on=held.begins_on,
        ends_on=ends_on,
        recorded_by=by,
    )
