"""The golden cases once more, on record: from rows, through the one query, to the same answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace

import pytest
from django.utils.timezone import now

from cases.models import Case, Court, Respondent
from screening.facts import QUESTIONS, Indicator, Record
from screening.facts_text import FIELDS, decode, encode
from screening.gather import Selection, gather
from screening.management.commands.golden import shipped_policies
from screening.models import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    EvidenceFile,
    ThreatIndicator,
)
from screening.policies.golden import run, shipped

TABLES = {Record: CriminalRecord, Indicator: ThreatIndicator}


def put_on_record(number, golden, *, file):
    """Return the id of a case of which the facts of a golden case are on record."""
    facts = golden.facts
    precision = dict(zip(FIELDS, encode(facts).split("|"), strict=True))["birth_precision"]
    person = Respondent.objects.create(
        a_number=f"{number:09d}" if facts.prior_orders_known else None,
        birth_date=facts.born_from,
        birth_precision=precision or None,
        protected_1367=facts.protected_1367,
    )
    common = {"respondent": person, "received_in": file, "source": "GOLDEN"}
    for n, item in enumerate((*facts.records, *facts.indicators, *facts.set_aside)):
        values = {f.name: getattr(item, f.name) for f in fields(item)}
        values["source_relation"] = values.pop("relation")
        del values["id"]
        values = {k: v for k, v in values.items() if not (k == "ncic" and not v)}
        if values.pop("foreign", False):
            values["place"] = "FR"
        TABLES[type(item)].objects.create(**common, source_record=f"{number}-{n}", **values)
    for check in facts.checks.values():
        BackgroundCheck.objects.create(
            **common,
            source_record=f"{number}-{check.kind}",
            source_relation="government",
            kind=check.kind,
            completed_on=check.completed_on,
            result=check.result,
            expires_on=check.expires_on,
        )
    for form, asked in QUESTIONS.items():
        if asked <= facts.circumstances.keys():
            CompletedForm.objects.create(
                **common,
                source_record=f"{number}-{form}",
                source_relation="government",
                form=form,
                present=sorted(c for c in asked if facts.circumstances[c]),
                completed_on=facts.as_of,
            )
    court = None
    if facts.circuit is not None:
        court, _ = Court.objects.get_or_create(
            code=f"C{facts.circuit}", defaults={"circuit": facts.circuit}
        )
    return Case.objects.create(
        respondent=person,
        court=court,
        other_applications=None if facts.applications is None else sorted(facts.applications),
        status=facts.court_status or Case.Status.PENDING,
        case_type=facts.case_type or "",
        asylum_filed_on=facts.asylum_filed_on,
        entry_on=facts.entered_on,
        entry_manner=facts.manner_of_entry,
        custody=facts.custody or "",
        individual_hearings_on=(
            None if facts.individual_hearings_on is None else list(facts.individual_hearings_on)
        ),
        represented=facts.represented,
        family_links=facts.family_unreviewed,
        removal_ordered_on=facts.prior_removal_order_on,
    ).pk


@pytest.mark.django_db
def test_facts_on_record_are_answered_as_the_golden_cases_expect(clerk):
    file = EvidenceFile.objects.create(name="golden", sha256="golden", received_by=clerk)
    of_day = defaultdict(dict)
    for number, golden in enumerate(shipped()):
        of_day[golden.facts.as_of][put_on_record(number, golden, file=file)] = golden
    everyone = Selection(first=0, before=2**62)

    on_record = [
        replace(cases[case_id], facts=decode(line, as_of))
        for as_of, cases in of_day.items()
        for case_id, _, line in gather(everyone, as_of=as_of, known_at=now())
        if case_id in cases
    ]
    report = run(on_record, shipped_policies())

    assert len(on_record) == len(shipped())
    assert not report.failed, report.failed[0]
