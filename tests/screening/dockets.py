"""Cases and evidence on record, for tests that need a database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from cases.models import Case, Court, Office, Respondent
from screening.evidence.ndjson import take_in
from screening.facts import Form


def make_case(number: int, **values: Any) -> Case:
    """Return a pending asylum case of a person of whom everything is known."""
    person = {
        name: values.pop(name)
        for name in ("protected_1367", "birth_date", "birth_precision")
        if name in values
    }
    respondent, _ = Respondent.objects.get_or_create(
        a_number=f"{number:09d}",
        defaults={
            "protected_1367": False,
            "birth_date": date(1984, 4, 9),
            "birth_precision": "day",
            **person,
        },
    )
    given = {
        "idncase": 1000 + number,
        "respondent": respondent,
        "office": Office.objects.get_or_create(code="NYC", name="New York City")[0],
        "case_type": "RMV",
        "custody": "N",
        "entry_on": date(2018, 5, 6),
        "entry_manner": "without-admission",
        "asylum_filed_on": date(2019, 6, 1),
        "represented": True,
        "individual_hearings_on": [],
        "family_links": 0,
        "other_applications": [],
        "court": Court.objects.get_or_create(code="NYC", defaults={"circuit": "2"})[0],
    }
    return Case.objects.create(**(given | values))


def line(kind_of: str, number: int, key: str, /, **values: Any) -> dict[str, Any]:
    return {
        "type": kind_of,
        "source": "TEST",
        "source_record": key,
        "source_relation": "government",
        "a_number": f"A{number:09d}",
        **values,
    }


def fresh_checks(number: int, completed_on: str = "2024-01-10") -> list[dict[str, Any]]:
    """Return fresh checks and completed forms, with nothing found."""
    return [
        line(
            "completed_form",
            number,
            f"{number}-{form}",
            form=form,
            completed_on=completed_on,
        )
        for form in Form
    ] + [
        line(
            "background_check",
            number,
            f"{number}-{kind}",
            kind=kind,
            completed_on=completed_on,
            result="no-hit",
        )
        for kind in ("fingerprint", "watchlist", "tecs")
    ]


def give(path: Path, lines: list[dict[str, Any] | str], *, by: User) -> Any:
    """Take in evidence lines as a file; a string is written as it is."""
    path.write_text("".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines))
    return take_in(path, by=by)
