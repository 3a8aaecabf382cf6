"""Our reading of EOIR's files, held to real rows and to the published code tables."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest

from cases.intake import codes
from cases.intake.load import load
from cases.intake.lookups import read_lookup
from cases.intake.places import DISSOLVED, ISO_OF_NATIONALITY, NO_COUNTRY
from cases.intake.tables import TABLES, folded
from cases.models import Case, IntakeNote
from screening.evidence.offences import family_of
from screening.facts import OffenceFamily

pytestmark = pytest.mark.reference


@pytest.mark.django_db
def test_the_real_shifted_row_is_put_right(data, tmp_path, clerk):
    raw = (data / "eoir" / "real_shifted_row.tsv").read_bytes()
    (tmp_path / "A_TblCase.csv").write_bytes(raw)

    load(tmp_path, by=clerk)

    case = Case.objects.get()
    assert case.idncase == 7375924
    assert (case.case_type, case.custody, case.update_site) == ("RMV", "N", "NYC")
    assert (case.entry_on, case.latest_hearing_on) == (date(1998, 12, 6), date(2014, 12, 2))
    assert case.counsel_since == date(2024, 9, 12)
    assert (case.filing_channel, case.priority_code) == (Case.Channel.AFFIRMATIVE, "N/A")
    person = case.respondent
    assert (person.nationality, person.nationality_code, person.language_code) == ("EG", "EG", "AR")
    assert (person.birth_date, person.birth_precision) == (date(1974, 4, 1), "month")
    assert person.sex == "F"
    assert IntakeNote.objects.get().kind == IntakeNote.Kind.REPAIRED


def test_every_lookup_is_read_and_na_stays_a_code(data):
    found = {p.stem: p.read_bytes() for p in (data / "eoir" / "lookups").glob("*.csv")}
    read = {name: read_lookup(raw, name) for name, raw in found.items()}

    assert len(read) == 71
    for name, raw in found.items():
        rows = list(csv.DictReader(raw.decode("utf-8", "replace").splitlines()))
        listed = dict.fromkeys(r["code"].strip() for r in rows if r["code"].strip())
        assert [c for c, _, _ in read[name]] == list(listed)
    assert "NA" in {code for code, _, _ in read["tblLookupAlienNat"]}


def test_our_code_tables_have_what_the_lookups_have(data):
    def listed(name):
        raw = (data / "eoir" / "lookups" / f"{name}.csv").read_bytes()
        return {code for code, _, _ in read_lookup(raw, name)}

    known = set(codes.AS_DECISION) | set(codes.AS_OTHER_COMPLETION)
    assert listed("tblLookupCourtDecision") <= known
    assert listed("tblLookupCustodyStatus") == set(codes.CUSTODY)
    assert listed("tblLookupCaseType") <= codes.CASE_TYPES
    assert listed("tblLookUp_Appln") <= codes.APPLICATIONS | {"212c"}


def test_nationality_is_never_taken_for_iso(data):
    with (data / "countries" / "eoir_nat_to_iso2.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    expected = {r["eoir_code"]: r["iso2"] for r in rows if r["iso2"]}
    without = {r["eoir_code"] for r in rows if not r["iso2"]}

    assert len(rows) == 262
    assert expected == ISO_OF_NATIONALITY
    assert without == set(NO_COUNTRY) | set(DISSOLVED)


def test_charges_fall_into_their_families(data):
    names = {"criminal": "criminal", "security_terror": "security"}
    with (data / "eoir" / "charge_codes_flagged.csv").open(encoding="utf-8") as file:
        wrong = [
            row["code_raw"]
            for row in csv.DictReader(file)
            if codes.charge_family(row["code_raw"]) != names.get(row["family"], "other")
        ]

    assert wrong == []


def test_every_column_of_the_published_dictionary_is_known(data):
    for table in TABLES:
        published = json.loads((data / "eoir" / "dtypes" / f"{table.name}.json").read_text())
        ours = {folded(name) for name in table.columns}

        assert {folded(name) for name in published} <= ours, table.name


def test_every_ncic_code_has_a_family(data):
    with (data / "criminal" / "codes" / "ncic_off_codes_niem1.csv").open() as file:
        rows = {row["code"]: row["description"] for row in csv.DictReader(file)}

    assert len(rows) == 458
    for code, description in rows.items():
        if "HOMICIDE" in description:
            assert family_of(code) is OffenceFamily.HOMICIDE
        acts = ("- SELL", "- SMUGGL", "- MFR", "- DISTRIB")
        if code.startswith("35") and description.endswith(acts):
            assert family_of(code) is OffenceFamily.DRUG_TRAFFICKING
        if code.startswith("35") and description.endswith("- POSSESS"):
            assert family_of(code) is OffenceFamily.DRUG_POSSESSION
