"""Known cases, run against the released policies as live ones are."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from screening import tasks
from screening.facts_text import decode, encode
from screening.models import PolicyVersion
from screening.policies.canaries import run_canaries
from screening.policies.golden import canaries, shipped
from screening.policies.release import release_shipped
from tests.screening.examples import DOYLE

TEXT = Path("screening/policies/doyle-2.yaml").read_text()


def release(text, *, version):
    return PolicyVersion.objects.create(
        code="doyle-2",
        version=version,
        title="A later version",
        document=text.replace("version: 2", f"version: {version}"),
        sha256=f"{version:064d}",
        effective_from=date(2023, 7, 28),
    )


def test_each_criterion_has_a_case_where_it_holds_and_one_where_it_is_clear():
    chosen, lacking = canaries(shipped(), DOYLE)

    assert lacking == []
    for criterion in DOYLE.criteria:
        answers = {c.expect["doyle-2"].answer(criterion.code).value for c in chosen}
        assert answers >= {"unknown" if criterion.code == "PR-14" else "holds", "clear"}


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in shipped()])
def test_facts_go_through_their_line_of_text_unchanged(case):
    assert decode(encode(case.facts), case.facts.as_of) == case.facts


@pytest.mark.django_db
def test_a_released_policy_answers_its_canaries():
    release_shipped("doyle-2")

    report = run_canaries()

    assert (report.failed, report.lacking) == ((), ())
    assert report.canaries > 20
    assert tasks.run_canaries() == 0


@pytest.mark.django_db
def test_a_released_policy_that_answers_otherwise_is_logged_in_codes(caplog):
    release_shipped("doyle-2")
    release(TEXT.replace("cutoff: 2020-11-01", "cutoff: 2030-11-01"), version=3)

    with caplog.at_level(logging.WARNING):
        report = run_canaries()

    (failure,) = report.failed
    assert failure.case == "entry-day-after-cut-off"
    assert failure.differences[0] == "outcome: expected not-flagged, is flagged"
    (logged,) = [r for r in caplog.records if "canary failed" in r.getMessage()]
    assert logged.levelno == logging.ERROR
    assert "entry-day-after-cut-off" in logged.getMessage()
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 canary case\(s\) failed"):
        call_command("canaries", stdout=out)
    assert "doyle-2, entry-day-after-cut-off:" in out.getvalue()
    assert tasks.run_canaries() == 1


@pytest.mark.django_db
def test_a_criterion_without_a_canary_is_told():
    release(TEXT.replace("code: PR-13", "code: PR-99"), version=1)
    without = [
        replace(c, expect={k: e for k, e in c.expect.items() if "PR-13" not in e.unknown | e.holds})
        for c in shipped()
    ]

    report = run_canaries(without)

    assert report.failed == ()
    assert report.lacking == ("doyle-2 PR-99 holds",)


@pytest.mark.django_db
def test_the_command_ends_with_the_numbers():
    release_shipped("doyle-2")
    out = StringIO()

    call_command("canaries", "--json", stdout=out)

    numbers = json.loads(out.getvalue())
    assert (numbers["failed"], numbers["lacking"]) == (0, 0)
    assert numbers["canaries"] > 20


@pytest.mark.django_db
def test_without_a_released_policy_there_is_nothing_to_trust():
    with pytest.raises(CommandError, match="no policy is released"):
        call_command("canaries")


def test_beat_runs_the_canaries_every_hour():
    entry = settings.CELERY_BEAT_SCHEDULE["every hour"]

    assert entry["task"] == tasks.run_canaries.name
    assert entry["schedule"] == 3600
