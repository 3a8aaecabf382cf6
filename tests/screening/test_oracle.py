"""Whole dockets are screened as a policy written by hand in SQL says, case by case."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils.timezone import now

from cases.models import Case, Respondent
from screening.decide import determine, evidence_text, finding_key
from screening.facts import (
    CheckKind,
    CheckResult,
    Disposition,
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
from screening.models import BackgroundCheck, CriminalRecord, EvidenceFile, ThreatIndicator
from tests.screening.examples import AS_OF, CORE

ORACLE = Path("benchmarks/doyle_2.sql").read_text()


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
            )
        common = {"respondent": person, "received_in": file, "source": "TEST"}
        for n in range(r.choice([0, 0, 1, 2])):
            CriminalRecord.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation=r.choice(list(SourceRelation)),
                family=r.choice(list(OffenceFamily)),
                severity=r.choice(list(Severity)),
                disposition=maybe(["convicted", "convicted", *Disposition]),
                disposed_on=maybe([near()]),
                sentence_days=maybe([364, 365]),
                vacated=maybe([None, None, *Vacatur]),
                weapon=maybe([True, False]),
            )
        for n in range(r.choice([0, 0, 0, 1, 2])):
            ThreatIndicator.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation=r.choice(list(SourceRelation)),
                category=r.choice(list(IndicatorCategory)),
                resolution=r.choice(list(Resolution)),
            )
        for n in range(r.choice([0, 3, 4, 6])):
            kind = list(CheckKind)[n % 4]
            BackgroundCheck.objects.create(
                **common,
                source_record=f"{seed}-{number}-{n}",
                source_relation="government",
                kind=kind,
                completed_on=maybe([near(), AS_OF]),
                result=r.choice(["no-hit", "no-hit", *CheckResult]),
                expires_on=maybe([None, None, AS_OF, AS_OF + timedelta(1)]),
            )


def by_oracle() -> dict[int, tuple[str, frozenset[str], frozenset[str], frozenset[str]]]:
    codes = [c.code for c in CORE.criteria]

    def named(mask: int) -> frozenset[str]:
        return frozenset(code for bit, code in enumerate(codes) if mask >> bit & 1)

    with connection.cursor() as cursor:
        cursor.execute(ORACLE, {"as_of": AS_OF})
        return {
            case: (outcome, named(h), named(u), named(s))
            for case, outcome, h, u, s, _ in cursor.fetchall()
        }


def by_engine(known_at) -> dict[int, tuple[str, frozenset[str], frozenset[str], frozenset[str]]]:
    found = {}
    for case, _, line in gather(Selection(first=0, before=2**62), as_of=AS_OF, known_at=known_at):
        made = determine(CORE, decode(line, AS_OF))
        if made is not None:
            answers = {
                answer: frozenset(
                    c.code
                    for c, f in zip(CORE.criteria, made.findings, strict=True)
                    if f.answer is answer
                )
                for answer in (Answer.HOLDS, Answer.UNKNOWN, Answer.STALE)
            }
            found[case] = (made.outcome.value, *answers.values())
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_docket_is_screened_as_the_sql_oracle_says(seed, screener):
    random_docket(seed, 150, by=screener)

    expected = by_oracle()
    found = by_engine(known_at=now())

    assert len(expected) > 40
    assert found == expected


@pytest.mark.django_db
@pytest.mark.parametrize("remembered", [0, 20_000])
def test_what_is_remembered_is_what_is_said_of_each_case_alone(screener, monkeypatch, remembered):
    monkeypatch.setattr("screening.memo.REMEMBERED", remembered)
    random_docket(4, 300, by=screener)
    everything = Selection(first=0, before=2**62)
    memo = Memo(CORE, AS_OF)

    for _, _, line in gather(everything, as_of=AS_OF, known_at=now()):
        made, judged = determine(CORE, decode(line, AS_OF)), memo.judge(line)

        if made is None:
            assert judged is None
            continue
        keys = [key for _, finding in made.unclear for key in finding.evidence]
        assert (judged.outcome, judged.leading) == (made.outcome, made.leading)
        assert memo.findings()[judged.findings] == finding_key(made.unclear)
        assert judged.evidence == evidence_text(keys, row_ids(line))
        assert judged.valid_until == (made.valid_until.isoformat() if made.valid_until else "")
