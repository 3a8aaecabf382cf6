"""What stands on a day, as plain values: what the command prints and the API answers."""

from __future__ import annotations

from typing import Any

from cases.encounters.status import State
from cases.encounters.trigger import Change, Period, Reading


def by(change: Change) -> str:
    """Return by what a change came about."""
    if change.act is not None:
        return f"determination of {change.act.determined_on}"
    return "Proclamation 10773" if change.status == "in-effect" else "Proclamation 10888"


def as_dict(state: State) -> dict[str, Any]:
    stands = state.standing
    return {
        "on": state.on.isoformat(),
        "status": stands.status,
        "in_effect": state.in_effect,
        "sentence": state.sentence,
        "since": stands.since.at.isoformat() if stands.since else None,
        "pending": None
        if stands.pending is None
        else {
            "kind": stands.pending.kind,
            "determined_on": stands.pending.determined_on.isoformat(),
            "effective_on": stands.pending.effective_on.isoformat(),
        },
        "stayed_by": [f"{hold.court}, {hold.order}" for hold in state.holds],
        "series": state.series,
        "seven_days": _reading(state.reading),
        "last_below_1500": _reading(state.last_below),
        "supports": state.proposal,
        "alerts": state.alerts,
        "periods": [_period(period) for period in state.periods],
    }


def _reading(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    return {
        "to": reading.day.isoformat(),
        "sum": reading.sum7,
        "average": None if reading.average is None else round(reading.average, 2),
        "days_below": reading.run,
        "days_needed": reading.needed,
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "status": period.status,
        "begins": period.begins.at.isoformat(),
        "ends": None if period.ends is None else period.ends.at.isoformat(),
        "by": by(period.begins),
    }
