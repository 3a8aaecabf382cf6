"""Whole dockets are screened as a policy written by hand in SQL says, case by case."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils.timezone import now

from benchmarks.offences import fill_offences
from cases.models import Case, Court, Respondent
from screening.decide import determine, evidence_text, finding_key
from screening.facts import (
    QUESTIONS,
    CheckKind,
    CheckResult,
    Disposition,
    Form,
    IndicatorCategory,
    OffenceFamily,
    Resolution,
    Severity,
    SourceRelation,
    Vacatur,
)
from screening.facts_text import decode, row_ids
from screening.findings import Answer
from screening.gather import Selection, gather
from screening.memo import Memo
from screening.models import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    EvidenceFile,
    ThreatIndicator,
)
from screening.statutes import STATUTES
from tests.screening.examples import AS_OF, DOYLE

ORACLE = Path("benchmarks/doyle_2.sql").read_text()
CODES = sorted(STATUTES.offences)
TELLING = (
    *(
        "0303",
        "0913",
        "1101",
        "1313",
        "2202",
        "2303",
        "2601",
        "3530",
        "3540",
        "3562",
        "3605",
        "3707",
    ),
    *(
        "3802",
        "3920",
        "4001",
        "5015",
        "5201",
        "5404",
        "6300",
        "6401",
        "6404",
        "1701",
        "9998",
        "99",
        "",
    ),
)
"""Codes that differ in what the statutes ask of the record, and unknown ones."""


FREQUENT = [OffenceFamily.DRIVING_UNDER_INFLUENCE] * 8
SENTENCES = [0, 180, 181, 184, 185, 364, 365, 912, 913, 1824, 1825]


def random_docket(seed: int, people: int, *, by) -> None:
    """Put random cases and evidence on record, with everything that can be missing missing."""
    r = random.Random(seed)
    maybe = lambda values: r.choice([None, *values])  # noqa: E731
    near = lambda: r.choice(  # noqa: E731
        [
            AS_OF - timedelta(days=r.choice([0, 1, 14, 15, 16, 179, 180, 181])),
            date(2022, 10, r.randint(13, 18)),
            date(2019, 1, r.randint(13, 18)),
            date(2000, 1, 1) + timedelta(days=r.randint(0, 9_000)),
        ]
    )
    courts = [
        None,
        *[
            Court.objects.get_or_create(code=f"T{circuit}", defaults={"circuit": circuit})[0]
            for circuit in ("2", "6", "")
        ],
    ]
    file = EvidenceFile.objects.create(name=str(seed), sha256=str(seed), received_by=by)
    for number in range(people):
        born = maybe([date(1958, 12, 1), date(1959, 1, 15), date(2006, 1, 1), date(1990, 5, 1)])
        person = Respondent.objects.create(
            a_number=maybe([f"{seed * 1000 + number:09d}"]),
            birth_date=born,
            birth_precision=born and r.choice(["day", "month", "year"]),
            protected_1367=maybe([True, False]),
        )
        for _ in range(r.choice([1, 1, 2])):
            Case.objects.create(
                respondent=person,
                case_type=r.choice(["RMV", "RMV", "CFR", ""]),
                status=r.choice(["pending", "pending", "dismissed"]),
                custody=r.choice(["D", "R", "N", "N", "", "SP"]),
                entry_on=maybe([date(2020, 11, 1), date(2020, 11, 2), date(2014, 1, 15), near()]),
                entry_manner=maybe(["without-admission", "at-port", "admitted"]),
                asylum_filed_on=r.choice([None, AS_OF, AS_OF + timedelta(1), date(2019, 1, 1)]),
                individual_hearings_on=maybe(
                    [[], [AS_OF], [AS_OF + timedelta(30)], [AS_OF + timedelta(31)]]
                ),
                represented=maybe([True, False]),
                family_links=maybe([0, 2]),
                removal_ordered_on=maybe([None, date(2009, 1, 1)]),
                other_applications=maybe([[], ["WCAT"], ["WCAT", "42B"], ["216"], ["SUSP", "42A"]]),
                court=r.choice(courts),
            )
        common = {"respondent": person, "received_in": file, "source": "TEST"}
        # One person in four of whom the records say what matters, the others at random.
        careful = r.random() < 0.25
        for n in range(r.choice([0, 0, 1, 2, 3, 4])):
            CriminalRecord.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation=r.choice(list(SourceRelation)),
                ncic=r.choice([r.choice(CODES), r.choice(TELLING)]),
                family=r.choice([*OffenceFamily, *FREQUENT]),
                severity=r.choice(list(Severity)),
                disposition=maybe(["convicted", "convicted", "convicted", *Disposition]),
                arrested_on=maybe([near(), date(2014, 1, r.randint(13, 17))]),
                disposed_on=near() if careful else maybe([near()]),
                sentence_days=(r.choice if careful else maybe)(SENTENCES),
                maximum_days=r.choice([364, 365, 366]) if careful else maybe([364, 365, 366]),
                vacated=maybe([None, None, *Vacatur]),
                weapon=maybe([True, False]),
                place=r.choice(["", "US-CA", "US", "US-NY", "GT", "MX"]),
                loss_dollars=maybe([0, 10_000, 10_001]),
                victim_minor=maybe([True, False]),
            )
        for n in range(r.choice([0, 0, 0, 1, 2])):
            ThreatIndicator.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation=r.choice(list(SourceRelation)),
                category=r.choice(list(IndicatorCategory)),
                resolution=r.choice(list(Resolution)),
            )
        for n in range(r.choice([0, 1, 2, 2, 3])):
            form = r.choice(list(Form))
            asked = sorted(QUESTIONS[form])
            CompletedForm.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation="government",
                form=form,
                present=r.choice([[], [], [r.choice(asked)], r.sample(asked, 3)]),
                completed_on=r.choice([near(), AS_OF, AS_OF + timedelta(1)]),
            )
        for n in range(r.choice([0, 3, 4, 6, 7, 10])):
            kind = list(CheckKind)[n % 5]
            BackgroundCheck.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation="government",
                kind=kind,
                completed_on=maybe([near(), AS_OF]),
                result=r.choice(["no-hit", "no-hit", *CheckResult]),
                expires_on=maybe([None, None, AS_OF, AS_OF + timedelta(1)]),
            )


Said = tuple[str, frozenset[str], frozenset[str], frozenset[str]]
"""An outcome, and the criteria that hold, that are unknown and that are stale."""


def by_oracle(as_of: date) -> dict[int, Said]:
    codes = [c.code for c in DOYLE.criteria]

    def named(mask: int) -> frozenset[str]:
        return frozenset(code for bit, code in enumerate(codes) if mask >> bit & 1)

    with connection.cursor() as cursor:
        cursor.execute(ORACLE, {"as_of": as_of})
        return {
            case: (outcome, named(h), named(u), named(s))
            for case, outcome, h, u, s, _ in cursor.fetchall()
        }


def by_engine(as_of: date) -> dict[int, Said]:
    found = {}
    for case, _, line in gather(Selection(first=0, before=2**62), as_of=as_of, known_at=now()):
        made = determine(DOYLE, decode(line, as_of))
        if made is not None:
            answers = {
                answer: frozenset(
                    c.code
                    for c, f in zip(DOYLE.criteria, made.findings, strict=True)
                    if f.answer is answer
                )
                for answer in (Answer.HOLDS, Answer.UNKNOWN, Answer.STALE)
            }
            found[case] = (made.outcome.value, *answers.values())
    return found


DAYS = [AS_OF, date(2024, 7, 28), date(2024, 7, 29)]
"""On the last of them Hernandez-Serrano is superseded by the rule of 2024."""


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_docket_is_screened_as_the_sql_oracle_says(seed, screener):
    random_docket(seed, 250, by=screener)
    fill_offences()

    for as_of in DAYS:
        expected = by_oracle(as_of)
        found = by_engine(as_of)

        assert len(expected) > 40
        assert found == expected


@pytest.mark.django_db
@pytest.mark.parametrize("remembered", [0, 20_000])
def test_what_is_remembered_is_what_is_said_of_each_case_alone(screener, monkeypatch, remembered):
    monkeypatch.setattr("screening.memo.REMEMBERED", remembered)
    random_docket(4, 300, by=screener)
    everything = Selection(first=0, before=2**62)
    memo = Memo(DOYLE, AS_OF)

    for _, _, line in gather(everything, as_of=AS_OF, known_at=now()):
        made, judged = determine(DOYLE, decode(line, AS_OF)), memo.judge(line)

        if made is None:
            assert judged is None
            continue
        keys = [key for _, finding in made.unclear for key in finding.evidence]
        assert (judged.outcome, judged.leading) == (made.outcome, made.leading)
        said = sorted(f for key in memo.findings(judged.findings).values() for f in key)
        assert tuple(finding for _, *finding in said) == tuple(map(list, finding_key(made.unclear)))
        assert judged.evidence == evidence_text(keys, row_ids(line))
        assert judged.valid_until == (made.valid_until.isoformat() if made.valid_until else "")
