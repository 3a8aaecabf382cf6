"""Random dockets with everything that a completion is counted by. All plainly false."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.utils.timezone import now

from cases.accounts import machine_account
from cases.models import Application, Case, Court, CourtOrder, Office, Proceeding, Respondent

COURTS = {"NYC": "NYC", "NYV": "NYC", "LOS": "LOS", "ADL": "LOS", "BIA": None}
DECISIONS = ["", "", "X", "X", "X", "U", "U", "T", "R", "V", "W", "E", "O", "I", "L", "A", "D"]
OTHERS = ["", "", "Y", "Y", "A", "B", "M", "I", "C", "T", "F", "P", "K", "?"]


def make_docket(*, cases: int, seed: int, first: date = date(2021, 8, 1), days: int = 900) -> None:
    """Put cases on record with up to three proceedings each; every value may be missing."""
    chance = Random(seed)
    offices = {code: Office.objects.create(code=code, name=code) for code in ("NYC", "LOS")}
    courts = [
        Court.objects.create(code=code, office=offices.get(office or ""))
        for code, office in COURTS.items()
    ]
    people = Respondent.objects.bulk_create(
        Respondent(
            nationality=chance.choices(["HN", "VE", "CN", "AL", None], [9, 5, 3, 1, 1])[0],
            protected_1367=False,
        )
        for _ in range(cases)
    )
    made = Case.objects.bulk_create(
        Case(
            idncase=number,
            respondent=person,
            case_type=chance.choice(["RMV", "RMV", "AOC"]),
            custody=chance.choice(["N", "N", "R", "D", ""]),
            represented=chance.choice([True, True, False, None]),
            priority_code=chance.choice(["N/A", "N/A", "UC", ""]),
            office=offices["NYC"],
            court=chance.choice([*courts, None]),
        )
        for number, person in enumerate(people, 1)
    )
    Application.objects.bulk_create(
        Application(
            idnproceedingappln=case.idncase,
            case=case,
            idnproceeding=0,
            code=chance.choice(["ASYL", "ASYW", "VD"]),
        )
        for case in made
        if chance.random() < 0.7
    )
    proceedings = Proceeding.objects.bulk_create(
        Proceeding(
            idnproceeding=10 * case.idncase + n,
            case=case,
            case_type=chance.choice([case.case_type, case.case_type, "CFR"]),
            base_city=chance.choices([*COURTS, "", "12"], [8, 4, 3, 2, 1, 1, 1])[0],
            custody=chance.choice(["N", "D", ""]),
            decision_code=chance.choice(DECISIONS),
            other_completion=chance.choice(OTHERS),
            absentia=chance.choice(["Y", "N", ""]),
            completed_on=first + timedelta(days=chance.randrange(days))
            if chance.random() < 0.9
            else None,
        )
        for case in made
        for n in range(chance.randrange(4))
    )
    completed = [p for p in proceedings if p.completed_on is not None]
    known = [
        (p.case, p.completed_on + timedelta(days=chance.randint(-9, 9)))
        for p in chance.sample(completed, len(completed) // 4)
    ]
    not_yet = [
        (case, first + timedelta(days=chance.randrange(days)))
        for case in chance.sample(made, cases // 8)
    ]
    CourtOrder.objects.bulk_create(
        CourtOrder(
            case=case,
            kind=chance.choice(CourtOrder.Kind.values),
            ordered_on=ordered_on,
            ordered_by="Immigration judge",
            document=f"order {n}",
            recorded_by=machine_account("screening"),
            superseded_at=chance.choice([None, None, None, now()]),
        )
        for n, (case, ordered_on) in enumerate([*known, *not_yet])
    )
