"""A file is read as it stands: every defect of the real files, and the line it is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.intake import eoir
from cases.intake.delivery import DeliveryRefused
from cases.intake.eoir import open_table
from cases.intake.expressions import quoted
from cases.intake.staging import stage
from cases.intake.tables import CASES, CHARGES, MOTIONS
from tests.deliveries import COLUMNS, case, row

HEADER = "\t".join(CHARGES.columns).encode()


def read(path: Path, content: bytes, table=CHARGES):
    path.write_bytes(content)
    file = open_table(path, table)
    copied = b"".join(file.blocks()).decode().split("\n")
    return file, [line.split("\t") for line in copied[:-1]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "B_TblProceedCharges.csv"


@pytest.mark.parametrize(
    ("raw", "charge"),
    [
        pytest.param(b"212a06Ai     ", "212a06Ai", id="padded"),
        pytest.param(b" ", "", id="a blank for nothing"),
        pytest.param(b"NA", "NA", id="NA is a code"),
        pytest.param(b'"212a', '"212a', id="a quote is data"),
        pytest.param(b"2\x0012a", "212a", id="NUL"),
        pytest.param(b"21\r2a", r"21\r2a", id="a lone CR stays in its field"),
        pytest.param(b"21\\2a", r"21\\2a", id="a backslash is no escape"),
        pytest.param(b"\xa7 212", "§ 212", id="Windows-1252"),
        pytest.param(b"\x93212\x94", "“212”", id="Windows-1252 quotes"),
        pytest.param(b"\x81\x8d", "\x81\x8d", id="bytes that Windows-1252 leaves undefined"),
        pytest.param(b"2019-03-04 00:00:00.000", "2019-03-04", id="a date"),
        pytest.param(b"2019-03-04 10:12:13.457", "2019-03-04", id="a date with its time"),
    ],
)
def test_a_field_is_read_for_what_it_says(path, raw, charge):
    _, rows = read(path, HEADER + b"\r\n1\t101\t7\t" + raw + b"\tO\r\n")

    assert rows == [["1", "101", "7", charge, "O"]]


def test_every_line_counts_whatever_it_ends_in(path):
    lines = [
        b"1\t101\t7\tA\tO\r\n",
        b"2\t101\t7\tB\tO\n",
        b"\r\n",
        b"x\t101\t7\tC\tO\r\n",
        b"4\t101\t\tD\tO\r\n",
        b"5\t101\t7\tE\rF\0G\tO\r\r\n",
        b"too few\tfields\n",
        b"7\t101\t7\tH\tO",
    ]

    file, rows = read(path, HEADER + b"\r\n" + b"".join(lines))

    assert [(r.line, r.column, r.reason) for r in file.rejected] == [
        (5, "IDNPRCDCHG", "is not a whole number"),
        (6, "IDNPROCEEDING", "is missing"),
        (8, "", "2 fields where the header has 5"),
    ]
    assert dict(file.texts([5, 7, 8])) == {
        5: "x\t101\t7\tC\tO",
        7: "5\t101\t7\tE\rFG\tO",
        8: "too few\tfields",
    }
    assert file.rows == 7
    assert len(rows) == len(lines)  # an empty row stands for each that is not loaded
    assert rows[7][0] == "7"


def test_lines_are_counted_across_blocks(path, monkeypatch):
    monkeypatch.setattr(eoir, "BLOCK_BYTES", 64)
    good = [f"{key}\t101\t7\t212a\tO\r\n".encode() for key in range(1, 200)]
    good[150] = b"bad\t101\t7\t212a\tO\n"

    file, rows = read(path, HEADER + b"\n" + b"".join(good))

    assert [r.line for r in file.rejected] == [152]
    assert dict(file.texts([2, 152, 200])) == {
        2: "1\t101\t7\t212a\tO",
        152: "bad\t101\t7\t212a\tO",
        200: "199\t101\t7\t212a\tO",
    }
    assert len(rows) == 199


def test_a_shifted_row_is_put_right_where_one_way_fits(tmp_path):
    whole = case(101, ALIEN_CITY="BROOKLYN", ALIEN_STATE="NY", ALIEN_ZIPCODE="11209", LPR="0")
    shifted = whole.replace("BROOKLYN\t", "BROOK\tLYN\t")
    content = "\n".join(["\t".join(COLUMNS["A_TblCase"]), shifted]).encode()

    file, rows = read(tmp_path / "A_TblCase.csv", content, CASES)

    assert rows == [whole.split("\t")]
    assert (file.repaired, file.rejected) == (1, [])
    assert [(r.line, r.kind, r.column) for r in file.remarks] == [(2, "repaired", "ALIEN_CITY")]


def test_a_shifted_row_is_kept_apart_where_several_ways_fit(path):
    file, rows = read(path, HEADER + b"\n1\t101\t7\t212\t237\tO\n1\t101\t7\t212\t237\tO\tO\tO\n")

    assert [r.reason for r in file.rejected] == [
        # The case may be 1017, the proceeding 7212, the charge 212237 …
        "6 fields where the header has 5, and 4 ways to put that right",
        "8 fields where the header has 5",
    ]
    assert rows == [[""] * 5] * 2


def test_blank_fields_beyond_the_header_are_no_shift(tmp_path):
    header = "\t".join(MOTIONS.columns)
    motion = row("tbl_Court_Motions", IDNMOTION=1, IDNPROCEEDING=7, IDNCASE=101, DEC="G")
    last = row("tbl_Court_Motions", IDNMOTION=2, IDNPROCEEDING=7, IDNCASE=101, strDJScenario="x")
    content = "\r\n".join([header, motion + "\t", motion + "\t", motion, last]).encode()

    file, rows = read(tmp_path / "tbl_Court_Motions.csv", content, MOTIONS)

    assert rows == [motion.split("\t")] * 3 + [last.split("\t")]
    assert (file.repaired, file.rejected, file.remarks) == (0, [], [])


def test_columns_are_known_by_name_in_any_order_and_release(path):
    header = b"charge\tIDNCASE\tnew column\tIDNPRCDCHG \tCHG_STATUS_Remove\tidnproceeding"

    file, rows = read(path, b"\xef\xbb\xbf" + header + b"\n212a\t101\tx\t1\tO\t7\n")

    assert [column.name for column in file.columns] == [
        *("CHARGE", "IDNCASE", "column 3", "IDNPRCDCHG", "CHG_STATUS", "IDNPROCEEDING")
    ]
    assert rows == [["212a", "101", "x", "1", "O", "7"]]


def test_the_former_name_of_a_column_is_known(tmp_path):
    content = "\t".join(COLUMNS["A_TblCase"]).replace("Sex", "GENDER").encode() + b"\n"
    path = tmp_path / "A_TblCase.csv"
    path.write_bytes(content)

    file = open_table(path, CASES)

    assert "Sex" in [column.name for column in file.columns]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "line 1: the file is empty", id="empty"),
        pytest.param(b"IDNPRCDCHG,IDNCASE\n1,101\n", "line 1: the header has no TAB", id="commas"),
        pytest.param(
            HEADER.replace(b"CHARGE", b"CHRG"),
            "line 1, column CHARGE: the header lacks it",
            id="gap",
        ),
        pytest.param(HEADER + b"\tCharge", "column CHARGE: the header has it twice", id="twice"),
    ],
)
def test_a_header_of_another_kind_is_refused(path, content, message):
    path.write_bytes(content)

    with pytest.raises(DeliveryRefused, match=message) as refused:
        open_table(path, CHARGES)

    assert refused.value.file == path.name


# Whatever a field may hold; what a file cannot tell apart is left out: a TAB or a line end inside
# it, blanks at its end, and a time of day behind a date, which we drop.
TEXTS = st.text(
    st.sampled_from([c for c in eoir.CHARACTERS if c not in "\0\t\n"]), max_size=12
).filter(lambda text: not text.endswith((" ", "\r")) and ":" not in text)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(1, 10**18 - 1), TEXTS, TEXTS), min_size=1, max_size=30),
    ends=st.lists(st.sampled_from(["\n", "\r\n"]), min_size=31, max_size=31),
    block=st.sampled_from([16, 100, 1 << 18]),
)
def test_what_was_written_is_what_is_staged(path, monkeypatch, rows, ends, block):
    monkeypatch.setattr(eoir, "BLOCK_BYTES", block)
    lines = ["\t".join(CHARGES.columns)]
    lines += [f"{key}\t101\t7\t{charge}\t{status}" for key, charge, status in rows]
    content = "".join(line + end for line, end in zip(lines, ends, strict=False))
    byte_of = {character: byte for byte, character in enumerate(eoir.CHARACTERS)}
    path.write_bytes(bytes(byte_of[character] for character in content))

    with connection.cursor() as cursor:
        staged = stage(cursor, open_table(path, CHARGES))
        listed = ", ".join(quoted(name) for name in ("IDNPRCDCHG", "CHARGE", "CHG_STATUS"))
        cursor.execute(f"SELECT line, {listed} FROM {staged.name} ORDER BY line")  # noqa: S608
        found = cursor.fetchall()
        cursor.execute(f"DROP TABLE {staged.name}")

    assert found == [
        (line, key, charge or None, status or None)
        for line, (key, charge, status) in enumerate(rows, 2)
    ]
