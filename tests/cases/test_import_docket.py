"""The command says what became of every row, and refuses with one sentence."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import Delivery
from tests.deliveries import case, identity, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(tmp_path):
    cases = [case(number) for number in range(101, 109)]
    directory = write(tmp_path / "d", A_TblCase=[*cases, "bad\trow"], respondents=[])
    (directory / "Count.txt").write_text("A_TblCase\t15\r\nD_TblAssociatedBond\t7\r\n")
    return directory


def run(*arguments):
    out = StringIO()
    call_command("import_docket", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_table_marks_what_was_announced_otherwise(delivery):
    told = run(delivery)

    (line,) = [line for line in told.splitlines() if "A_TblCase" in line]
    assert [word for word in line.split() if word.isdecimal()] == [
        *("15", "9", "8", "0", "0", "0", "1")
    ]
    assert "15 ≠" in line
    assert "more than 5 rows from what Count.txt announces" in told
    assert Delivery.objects.get().received_by.username == "intake"


def test_a_few_rows_more_or_less_are_no_mark(delivery):
    (delivery / "Count.txt").write_text("A_TblCase\t14\r\n")

    assert "≠" not in run(delivery)


def test_a_program_reads_one_line(delivery):
    told = json.loads(run(delivery, "--json"))
    again = json.loads(run(delivery, "--json"))

    assert (told["new"], again["new"]) == (True, False)
    assert told["files"]["A_TblCase.csv"] == {
        "announced": 15,
        "read": 9,
        "added": 8,
        "changed": 0,
        "unchanged": 0,
        "repaired": 0,
        "quarantined": 1,
    }
    assert again["files"]["A_TblCase.csv"] | {"announced": 15} == told["files"]["A_TblCase.csv"] | {
        "added": 0,
        "unchanged": 8,
    }


def test_a_refusal_names_the_file_and_the_line(delivery):
    (delivery / "tblAppeal.csv").write_bytes(b"")

    with pytest.raises(CommandError, match=r"tblAppeal\.csv, line 1: the file is empty\. Nothing"):
        run(delivery)

    assert not Delivery.objects.exists()


def test_nothing_told_names_a_person(delivery, tmp_path):
    (delivery / "respondents.csv").unlink()
    write(
        delivery,
        respondents=[
            identity(101, "A000000101", family_name="Example", birth_date="1974-04-09"),
            identity(102, "A123", family_name="Example"),
        ],
    )

    told = run(delivery)

    assert "quarantined" in told.lower()
    assert not any(word in told for word in ("Example", "000000101", "A123", "1974"))
