"""Code tables in any of their forms are read by their code."""

from __future__ import annotations

import pytest

from cases.intake.delivery import DeliveryRefused
from cases.intake.load import load
from cases.intake.lookups import read_lookup
from cases.models import CodeMeaning, IntakeNote
from tests.deliveries import case, write


@pytest.mark.parametrize(
    ("raw", "entries"),
    [
        pytest.param(
            b"idnAdjCode\tstrcode\tstrDesciption\r\n1\t01\tCounsel\r\n2\tNA\tNone\r\n",
            [("01", "", "Counsel"), ("NA", "", "None")],
            id="a row number is no code",
        ),
        pytest.param(
            b'code,description\nCH,"CHINA, PEOPLES REPUBLIC OF"\nN/A,Not Applicable\n',
            [("CH", "", "CHINA, PEOPLES REPUBLIC OF"), ("N/A", "", "Not Applicable")],
            id="commas",
        ),
        pytest.param(
            b"strCaseType\tstrDecCode\tstrDecDescription\tstrDecType\tblnActive\n"
            b"RMV\tT\tOld\tC\t0\nRMV\tT\tTerminated\tC\t1\nRMV\tT\tOlder\tC\t0\nRMV\tT\tTransfer\tO\t0\n",
            [("T", "RMV C", "Terminated"), ("T", "RMV O", "Transfer")],
            id="an active entry prevails",
        ),
        pytest.param(b"ID\tOutcome\n1\tX\n\n2\t \n", [("X", "", "")], id="no column says code"),
    ],
)
def test_a_code_table_is_read(raw, entries):
    assert read_lookup(raw, "tblLookup") == entries


def test_a_table_without_columns_is_refused():
    with pytest.raises(DeliveryRefused, match=r"tblLookup\.csv, line 1: no column can be the code"):
        read_lookup(b"", "tblLookup")


@pytest.mark.django_db
def test_a_code_that_the_delivered_table_lacks_is_kept_and_noted(tmp_path, clerk):
    delivery = write(tmp_path / "a", A_TblCase=[case(101, NAT="QQ", CUSTODY="N"), case(102)])
    (delivery / "Lookup").mkdir()
    (delivery / "Lookup" / "tblLookupAlienNat.csv").write_bytes(
        b"ID\tNAT_CODE\tNAT_NAME\r\n1\tES\tEL SALVADOR\r\n2\tNA\tNETHERLANDS ANTILLES\r\n"
    )

    loaded, _ = load(delivery, by=clerk)

    note = IntakeNote.objects.get()
    assert (note.kind, note.column, note.value, note.line) == ("unknown-code", "NAT", "QQ", 2)
    assert loaded.files.get().added == 2
    assert CodeMeaning.objects.get(code="NA").description == "NETHERLANDS ANTILLES"
