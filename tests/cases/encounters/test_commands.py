"""The commands say what was taken in and what stands, to a person and to a program."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import EncounterCount
from tests.cases.encounters.series import daily
from tests.cases.encounters.test_determine import JULY_7, put_on_record, record
from tests.cast import staff

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "july.csv"
    lines = [f"2024-07-{day:02},others,1,1000,synthetic,final" for day in range(1, 11)]
    lines += [f"2024-07-{day:02},children-contiguous,1,400,synthetic,final" for day in range(1, 11)]
    path.write_text("\n".join(["date,category,version,count,source,status", *lines]))
    return path


def test_the_import_ends_in_one_line_for_a_program(file):
    told = run("import_encounters", file, "--json")
    again = json.loads(run("import_encounters", file, "--json"))

    assert told.count("\n") == 1
    assert json.loads(told) == {
        "file": "july.csv",
        "basis": "daily",
        "read": 20,
        "added": 20,
        "revised": 0,
        "unchanged": 0,
        "fiscal_years": {"2024": {"southwest_between_ports": 14_000}},
    }
    assert (again["added"], again["unchanged"]) == (0, 20)
    assert EncounterCount.objects.first().recorded_by.username == "intake"


def test_the_import_tells_a_person_the_years(file):
    told = run("import_encounters", file)

    assert "20 lines read; counted on the day: 20 counts added, 0 revised" in told
    assert "14,000" in told


def test_a_refusal_is_one_sentence_with_the_place(file):
    file.write_text(file.read_text().replace("2024-07-03,others,1,1000", "2024-07-03,others,1,x"))

    with pytest.raises(CommandError, match=r"july\.csv, line 4, column count: 'x'"):
        run("import_encounters", file)


def test_the_suspension_on_a_day_for_a_program(file):
    run("import_encounters", file)
    record(by=staff("record_determination"))

    told = json.loads(run("suspension", "--on", "2024-07-10", "--json"))

    assert told["status"] == "in-effect"
    assert told["pending"] == {
        "kind": "stop",
        "determined_on": "2024-07-07",
        "effective_on": "2024-07-21",
    }
    assert told["seven_days"] == {
        "to": "2024-07-10",
        "sum": 9_800,
        "average": 1_400.0,
        "days_below": 4,
        "days_needed": 1,
    }
    assert told["last_below_1500"]["to"] == "2024-07-09"
    assert told["series"] == "daily"
    assert told["supports"] is None
    assert [(p["status"], p["begins"]) for p in told["periods"]] == [
        ("in-effect", "2024-06-05T00:01:00-04:00"),
        ("discontinued", "2024-07-21T00:01:00-04:00"),
        ("historical", "2025-01-21T00:01:00-05:00"),
    ]


def test_the_suspension_on_a_day_for_a_person(file):
    run("import_encounters", file)

    told = " ".join(run("suspension", "--on", "2024-07-10").split())

    assert "2024-07-10: The suspension of entry under Proclamation 10773 is in effect." in told
    assert "the seven days to 2024-07-10: 1,400.00 a day (9,800 in all)" in told
    assert "Last below 1,500 before 2024-07-10: 2024-07-09" in told
    assert "Without one nothing takes effect." in told


def test_a_revision_a_stay_and_what_is_pending_are_told(clerk):
    put_on_record(daily(*[1400] * 10), by=clerk)
    who = staff("record_determination")
    record(by=who)
    put_on_record(daily(*[1600] * 7), by=clerk, version=2)

    told = " ".join(run("suspension", "--on", "2024-07-08").split())

    assert "takes effect at 00:01 on 2024-07-21, New York time" in told
    assert "their sum was 9,800 and is 11,200" in told


def test_without_counts_the_command_says_what_fills_it():
    told = run("suspension", "--on", JULY_7)

    assert "No daily counts between ports of entry are on record" in told
    assert "import_encounters" in told


def test_after_20_january_2025_the_command_says_that_the_counter_is_history(file):
    run("import_encounters", file)

    told = json.loads(run("suspension", "--on", "2025-03-01", "--json"))

    assert told["status"] == "historical"
    assert "whether 10888 is in effect is not said here" in told["sentence"]
    assert told["supports"] is None


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="not a day"):
        run("suspension", "--on", "yesterday")


def test_both_readings_come_from_the_settings(clerk, settings):
    put_on_record(daily(*[1400] * 28, first=date(2024, 10, 4)), by=clerk)
    day = ("suspension", "--on", "2024-10-31", "--json")

    assert json.loads(run(*day))["supports"] is None
    settings.ENCOUNTER_READINGS = {**settings.ENCOUNTER_READINGS, "twenty_eight_days": "data"}
    assert json.loads(run(*day))["supports"] == "stop"
