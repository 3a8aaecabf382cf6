"""What is open to a person after closure, in plain words with sources; law, never advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cases.days import years_before
from cases.models import Case, Move, OnwardFiling, states

TEXTS = Path(__file__).parent / "law" / "options.yaml"
STANDINGS = ("open", "waits", "lost", "none")
ENDED = "ended"

WIDENED_ON = date(2025, 1, 21)
"""Since when expedited removal reaches whoever cannot show two years of presence, anywhere."""
EXPOSURE = (
    "Without a case in court, expedited removal is possible for a person who came in without"
    " inspection or on parole and cannot show two years of presence in the United States. There is"
    " no hearing before a judge; whoever fears to return is heard by an asylum officer. Courts are"
    " still deciding how far this reaches."
)
EXPOSURE_SOURCES = ("INA 235(b)(1)", "DHS notice of 2025-01-21, widening expedited removal")
NEW_NOTICE = (
    "This claim began with USCIS. USCIS has said that, where such a person files for asylum again,"
    " it intends to issue a new notice to appear before the immigration court."
)
NEW_NOTICE_SOURCES = ("USCIS instructions of 2023-10-16, revised 2024-02-12",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing: whether it is open, waits, is lost, or was never given, and why."""

    code: str
    name: str
    standing: str
    says: str
    sources: tuple[str, ...]
    to_confirm: bool = False
    filed: tuple[OnwardFiling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsSheet:
    """What is open to the person of one case on one day; empty where the case is not closed."""

    case: Case
    on: date
    stands: str
    options: tuple[Option, ...]
    warnings: tuple[Warned, ...]


OF_FORM = {
    OnwardFiling.Form.I_589: "asylum",
    OnwardFiling.Form.I_130: "family",
    OnwardFiling.Form.I_485: "family",
    OnwardFiling.Form.I_918: "u-t-vawa",
    OnwardFiling.Form.I_914: "u-t-vawa",
    OnwardFiling.Form.I_360_VAWA: "u-t-vawa",
    OnwardFiling.Form.I_360_SIJ: "special-immigrant-juvenile",
    OnwardFiling.Form.I_821: "temporary-protected-status",
    OnwardFiling.Form.EOIR_42A: "cancellation",
    OnwardFiling.Form.EOIR_42B: "cancellation",
}
STANDS = {
    Case.Status.ADMIN_CLOSED: (
        "The case is administratively closed: it is still pending, and off the calendar for the"
        " time being."
    ),
    Case.Status.DISMISSED: "The case was dismissed: there is no case in court any more.",
    Case.Status.TERMINATED: "The case was terminated: there is no case in court any more.",
}


def options_sheet(case: Case, *, on: date) -> OptionsSheet:
    """Return what is open to the person, by where the case stands on that day."""
    if case.status not in states.CLOSED:
        return OptionsSheet(
            case=case,
            on=on,
            stands=f"The case is not closed; in court it stands at: {case.get_status_display()}.",
            options=(),
            warnings=(),
        )
    filed: dict[str, list[OnwardFiling]] = {}
    for filing in case.onward_filings.filter(superseded_at=None):
        filed.setdefault(OF_FORM[OnwardFiling.Form(filing.form)], []).append(filing)
    after = ENDED if case.status != Case.Status.ADMIN_CLOSED else str(case.status)
    return OptionsSheet(
        case=case,
        on=on,
        stands=STANDS[Case.Status(case.status)],
        options=tuple(
            Option(
                code=row["code"],
                name=row["name"],
                standing=row[after]["standing"],
                says=row[after]["says"],
                sources=tuple(row["sources"]),
                to_confirm=row.get("to_confirm", False),
                filed=tuple(filed.get(row["code"], ())),
            )
            for row in _texts()
            if after in row and _speaks(row, on)
        ),
        warnings=tuple(_warnings(case, on)),
    )


@cache
def _texts() -> list[dict[str, Any]]:
    return yaml.safe_load(TEXTS.read_text())  # type: ignore[no-any-return]


def _speaks(row: dict[str, Any], on: date) -> bool:
    first: date = row.get("effective_from", date.min)
    ended: date = row.get("effective_to", date.max)
    return first <= on < ended


def _warnings(case: Case, on: date) -> Iterator[Warned]:
    if case.status == Case.Status.ADMIN_CLOSED:
        return
    begun = Move.objects.filter(case=case, machine="case", transition="begin-expedited-removal")
    if (act := begun.order_by("-id").first()) is not None:
        yield Warned(
            says=f"Expedited removal was begun on {act.happened_on}, as {act.actor} recorded it.",
            sources=(act.document,),
        )
    if exposed(case, on):
        yield Warned(says=EXPOSURE, sources=EXPOSURE_SOURCES)
    if case.filing_channel == Case.Channel.AFFIRMATIVE:
        yield Warned(says=NEW_NOTICE, sources=NEW_NOTICE_SOURCES)


def exposed(case: Case, on: date) -> bool:
    """Return whether expedited removal may reach the person that day; unknown counts as may.

    Law: INA 235(b)(1)(A)(iii)
    """
    if on < WIDENED_ON or case.status not in {Case.Status.DISMISSED, Case.Status.TERMINATED}:
        return False
    if case.entry_manner == Case.Entry.ADMITTED:
        return False
    return case.entry_on is None or case.entry_on > years_before(on, 2)
