"""A synthetic docket has the courts' format and proportions, and is the same for the same seed."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from pydantic import ValidationError

from cases.intake.eoir import open_table
from cases.intake.tables import CASES, PATTERNS, TABLES
from cases.synthetic.block import Plan
from cases.synthetic.days import day
from cases.synthetic.decisions import is_legal
from cases.synthetic.write import write_delivery
from screening.evidence.ndjson import LINE

UNTIL = day(2024, 1, 15)
CASE_COUNT = 5_200
"""More than one block."""


def written(root: Path, *, seed: int = 7, processes: int = 1) -> Path:
    plan = Plan(cases=CASE_COUNT, seed=seed, until=UNTIL, defects=0)
    write_delivery(root, plan, processes=processes)
    return root


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoiled")


@pytest.fixture(scope="module")
def planted(spoiled: Path) -> dict[str, int]:
    """What was planted in the spoiled docket, by kind."""
    plan = Plan(cases=CASE_COUNT, seed=7, until=UNTIL, defects=400)
    return write_delivery(spoiled, plan, processes=1).defects


def rows(root: Path, table: str) -> list[dict[str, str]]:
    lines = (root / "EOIR Case Data" / f"{table}.csv").read_bytes().decode("cp1252").split("\r\n")
    header = lines[0].split("\t")
    fields = [line.split("\t") for line in lines[1:-1]]
    return [
        dict(zip(header, values, strict=True)) for values in fields if len(values) == len(header)
    ]


def identities(root: Path) -> list[dict[str, str]]:
    with (root / "respondents.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def evidence(root: Path) -> list[str]:
    files = sorted((root / "evidence").iterdir())
    return [line for file in files for line in file.read_text().splitlines()]


def digests(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_two_processes_write_the_bytes_that_one_writes(clean: Path, tmp_path: Path) -> None:
    assert digests(written(tmp_path, processes=2)) == digests(clean)


def test_another_seed_gives_another_docket(clean: Path, tmp_path: Path) -> None:
    other = digests(written(tmp_path, seed=8))
    assert other["EOIR Case Data/A_TblCase.csv"] != digests(clean)["EOIR Case Data/A_TblCase.csv"]


def test_headers_and_counts_are_those_of_the_courts(clean: Path) -> None:
    counts = dict(line.split("\t") for line in (clean / "Count.txt").read_text().splitlines())
    assert set(counts) > {table.name for table in TABLES}
    for table in TABLES:
        lines = (clean / "EOIR Case Data" / f"{table.name}.csv").read_bytes().split(b"\r\n")
        assert lines[0].decode().split("\t") == list(table.columns)
        assert len(lines) - 2 == int(counts[table.name])
        assert {line.count(b"\t") for line in lines[:-1]} == {len(table.columns) - 1}


def test_every_field_is_what_its_column_may_hold(clean: Path) -> None:
    for table in TABLES:
        for row in rows(clean, table.name):
            for header, raw in row.items():
                kind = table.columns[header]
                # The courts write the status of a charge in either case.
                value = raw.upper() if header == "CHG_STATUS" else raw
                assert not value or PATTERNS[kind].fullmatch(value.rstrip()), (header, value)


def test_rows_hang_together(clean: Path) -> None:
    cases = {row["IDNCASE"] for row in rows(clean, "A_TblCase")}
    case_of = {row["IDNPROCEEDING"]: row["IDNCASE"] for row in rows(clean, "B_TblProceeding")}
    assert set(case_of.values()) == cases
    for table in TABLES[2:6]:
        keys = [row[table.key.header] for row in rows(clean, table.name)]
        assert len(keys) == len(set(keys))
        for row in rows(clean, table.name):
            assert case_of[row["IDNPROCEEDING"]] == row["IDNCASE"]
    for row in rows(clean, "B_TblProceeding"):
        for field in ("DEC_CODE", "OTHER_COMP"):
            assert not row[field] or is_legal(
                case_type=row["CASE_TYPE"], field=field, code=row[field]
            )


def test_proportions_are_plausible(clean: Path) -> None:
    per_case = {t.name: len(rows(clean, t.name)) / CASE_COUNT for t in TABLES}
    assert 1.1 < per_case["B_TblProceeding"] < 1.5
    assert 2.5 < per_case["tbl_schedule"] < 4.5
    assert 0.9 < per_case["tbl_Court_Appln"] < 1.6
    assert 0.1 < per_case["tbl_Lead_Rider"] < 0.3
    people = identities(clean)
    assert 0.975 < len(people) / CASE_COUNT < 0.995
    cases_of = Counter(row["a_number"] for row in people)
    assert 0.04 < sum(n == 2 for n in cases_of.values()) / len(cases_of) < 0.08
    assert max(cases_of.values()) == 2
    assert all(row["family_name"].startswith("Example-") for row in people)
    assert 0.01 < sum(row["protected_1367"] == "Y" for row in people) / len(people) < 0.03


def test_evidence_is_in_our_own_format_and_about_people_on_record(clean: Path) -> None:
    known = {row["a_number"] for row in identities(clean)}
    lines = evidence(clean)
    keys = set()
    for line in lines:
        read = LINE.validate_json(line)
        assert read.a_number in known
        keys.add((read.type, read.source, read.source_record))
    assert len(keys) == len(lines)
    prints = [
        check
        for check in map(json.loads, lines)
        if check.get("kind") == "fingerprint" and "completed_on" in check
    ]
    assert 0.04 < sum(check["completed_on"] < "2022-10-15" for check in prints) / len(prints) < 0.13


def test_defects_are_planted_and_counted(spoiled: Path, planted: dict[str, int]) -> None:
    file = open_table(spoiled / "EOIR Case Data" / "A_TblCase.csv", CASES)
    for _ in file.blocks():
        pass
    assert file.repaired == planted["A_TblCase.stray_tab_repairable"] > 0
    assert len(file.rejected) == planted.get("A_TblCase.stray_tab_unrepairable", 0)
    assert file.path.read_bytes().count(b"\0") == planted["A_TblCase.nul_byte"] > 0
    known = {row["IDNPROCEEDING"] for row in rows(spoiled, "B_TblProceeding")}
    orphans = [
        row
        for row in rows(spoiled, "B_TblProceedCharges")
        if row["IDNPROCEEDING"] not in known and int(row["IDNPROCEEDING"]) < 30_000_000
    ]
    assert len(orphans) == planted["B_TblProceedCharges.proceeding_missing"] > 0
    for kind in (
        "A_TblCase.impossible_date",
        "A_TblCase.nationality_unlisted",
        "B_TblProceeding.case_missing",
        "tbl_Court_Appln.application_unlisted",
        "respondents.malformed_a_number",
    ):
        assert planted[kind] > 0


def test_spoiled_evidence_is_refused(spoiled: Path, planted: dict[str, int]) -> None:
    refused = strangers = 0
    for line in evidence(spoiled):
        try:
            strangers += LINE.validate_json(line).a_number.startswith("A0999")
        except ValidationError:
            refused += 1
    assert refused == sum(
        count
        for kind, count in planted.items()
        if kind.endswith((".not_json", ".unknown_disposition"))
    )
    assert strangers == sum(n for kind, n in planted.items() if kind.endswith("unknown_a_number"))
    assert refused > 0
    assert strangers > 0


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_docket", str(tmp_path), "--cases=50", "--processes=1", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["rows"]["A_TblCase"] == 50
