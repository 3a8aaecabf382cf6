"""A delivery is taken in whole or not at all, and every row of it is accounted for."""

from __future__ import annotations

from datetime import date

import pytest

from cases.intake.load import DeliveryRefused, load, orphans
from cases.models import (
    Case,
    Delivery,
    IntakeNote,
    Proceeding,
    QuarantinedRow,
    Respondent,
    RowChange,
)
from tests.deliveries import case, counts, identity, proceeding, row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(tmp_path):
    return write(
        tmp_path / "first",
        A_TblCase=[
            case(101, DATE_OF_ENTRY="2018-05-06 00:00:00.000", C_BIRTHDATE="4/1974", Sex="F"),
            case(102, E_28_DATE="2020-01-01 00:00:00.000", NAT="NA"),
        ],
        B_TblProceeding=[
            proceeding(1, 101),
            proceeding(2, 102, DEC_CODE="U", COMP_DATE="2023-02-03 00:00:00.000"),
        ],
        B_TblProceedCharges=[
            row(
                "B_TblProceedCharges",
                IDNPRCDCHG=1,
                IDNCASE=101,
                IDNPROCEEDING=1,
                CHARGE="212a06Ai     ",
            )
        ],
        tbl_Court_Appln=[
            row(
                "tbl_Court_Appln",
                IDNPROCEEDINGAPPLN=1,
                IDNPROCEEDING=1,
                IDNCASE=101,
                APPL_CODE="ASYL ",
                APPL_RECD_DATE="2019-06-01 00:00:00.000",
            )
        ],
        tbl_schedule=[
            row(
                "tbl_schedule",
                IDNSCHEDULE=1,
                IDNPROCEEDING=1,
                IDNCASE=101,
                CAL_TYPE="I",
                ADJ_DATE="2024-02-01 00:00:00.000",
                ADJ_TIME_START="0930",
            )
        ],
        tbl_Lead_Rider=[
            row("tbl_Lead_Rider", idnLeadRider=1, idnLeadCase=101, idnRiderCase=102, blnActive=1)
        ],
        respondents=[identity(101, "A000000101", family_name="Example", birth_date="1974-04-09")],
    )


def test_a_case_stands_where_its_records_say(delivery, clerk):
    load(delivery, by=clerk)

    pending, dismissed = Case.objects.order_by("idncase")
    assert pending.status == Case.Status.PENDING
    assert pending.court.code == "NYC"
    assert pending.office.name == "New York City"
    assert pending.charged_on == date(2019, 3, 1)
    assert pending.asylum_filed_on == date(2019, 6, 1)
    assert pending.entry_manner == Case.Entry.WITHOUT_ADMISSION
    assert pending.individual_hearings_on == [date(2024, 2, 1)]
    assert pending.family_links == 1
    assert pending.represented is None  # the table of representatives was never delivered
    assert (dismissed.status, dismissed.completed_on) == (Case.Status.DISMISSED, date(2023, 2, 3))
    assert dismissed.represented is True


def test_a_person_is_known_by_the_identity_and_else_by_the_courts(delivery, clerk):
    load(delivery, by=clerk)

    named = Respondent.objects.get(a_number="000000101")
    unnamed = Respondent.objects.get(a_number=None)
    assert (named.birth_date, named.birth_precision) == (date(1974, 4, 9), "day")
    assert named.nationality == "SV"  # EOIR's ES is El Salvador
    assert (unnamed.nationality, unnamed.nationality_code) == (None, "NA")  # dissolved, kept raw


def test_the_same_delivery_again_changes_nothing(delivery, clerk):
    first, is_new = load(delivery, by=clerk)
    again, is_new_again = load(delivery, by=clerk)

    assert (is_new, is_new_again) == (True, False)
    assert again == first
    assert counts(first, "A_TblCase.csv") == {"read": 2, "added": 2}


def test_a_newer_delivery_supersedes_and_records_what_changed(delivery, clerk, tmp_path):
    load(delivery, by=clerk)
    newer = write(
        tmp_path / "newer",
        A_TblCase=[
            case(101, DATE_OF_ENTRY="2018-05-06 00:00:00.000", C_BIRTHDATE="4/1974", CUSTODY="D"),
        ],
        B_TblProceeding=[
            proceeding(1, 101),
            proceeding(2, 102, DEC_CODE="U", COMP_DATE="2023-02-03 00:00:00.000"),
        ],
    )

    second, _ = load(newer, by=clerk)

    assert counts(second, "A_TblCase.csv") == {"read": 1, "changed": 1}
    assert counts(second, "B_TblProceeding.csv") == {"read": 2, "unchanged": 2}
    change = RowChange.objects.get()
    assert (change.before, change.after) == ({"custody": "N"}, {"custody": "D"})
    changed = Case.objects.get(idncase=101)
    assert (changed.custody, changed.version) == ("D", 2)
    assert changed.asylum_filed_on == date(2019, 6, 1)  # a row not delivered again stays
    assert changed.respondent.a_number == "000000101"


def test_rows_that_cannot_be_loaded_are_kept_with_their_place(tmp_path, clerk):
    delivery = write(
        tmp_path / "defects",
        A_TblCase=[
            case(101),
            case(101, CUSTODY="D"),
            "not\ta\tcase",
            case(103, ALIEN_CITY="A\0B\rC"),
            case("FC"),
        ],
        B_TblProceeding=[proceeding(1, 101), proceeding(2, 999)],
    )

    loaded, _ = load(delivery, by=clerk)

    kept = {(r.file, r.line): r for r in QuarantinedRow.objects.all()}
    assert set(kept) == {
        ("A_TblCase.csv", 3),
        ("A_TblCase.csv", 4),
        ("A_TblCase.csv", 6),
        ("B_TblProceeding.csv", 3),
    }
    assert kept["A_TblCase.csv", 4].row_text == "not\ta\tcase"
    assert kept["A_TblCase.csv", 6].column == "IDNCASE"
    assert kept["B_TblProceeding.csv", 3].reason == "no such case is on record"
    assert counts(loaded, "A_TblCase.csv") == {"read": 5, "added": 2, "quarantined": 3}


def test_a_shifted_row_is_repaired_when_one_way_alone_makes_sense(tmp_path, clerk):
    whole = case(101, ALIEN_CITY="BROOKLYN", ALIEN_STATE="NY", ALIEN_ZIPCODE="11209")
    shifted = whole.replace("BROOKLYN\t", "BROOKLYN\t\t")
    delivery = write(tmp_path / "shifted", A_TblCase=[shifted])

    loaded, _ = load(delivery, by=clerk)

    assert counts(loaded, "A_TblCase.csv") == {"read": 1, "added": 1, "repaired": 1}
    assert Case.objects.get().case_type == "RMV"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("1900-01-01 00:00:00.000", id="the day that stands for none"),
        pytest.param("2925-01-01 00:00:00.000", id="far future"),
        pytest.param("2023-02-29 00:00:00.000", id="no leap year"),
        pytest.param("PHI", id="another column's value"),
    ],
)
def test_an_impossible_date_is_left_out_and_noted(tmp_path, clerk, value):
    delivery = write(tmp_path / "dates", A_TblCase=[case(101, DATE_OF_ENTRY=value)])

    load(delivery, by=clerk)

    assert Case.objects.get().entry_on is None
    note = IntakeNote.objects.get()
    assert (note.kind, note.column, note.line) == ("bad-value", "DATE_OF_ENTRY", 2)


def test_a_bad_file_leaves_nothing_behind(delivery, clerk):
    (delivery / "tblAppeal.csv").write_text("idnAppeal,idncase\n1,101\n")

    with pytest.raises(DeliveryRefused, match=r"tblAppeal.csv, line 1: the header has no TAB"):
        load(delivery, by=clerk)

    assert not Case.objects.exists()
    assert not Proceeding.objects.exists()
    assert not Delivery.objects.exists()


def test_an_identity_may_come_later_and_find_its_person(tmp_path, clerk):
    load(write(tmp_path / "a", A_TblCase=[case(101)]), by=clerk)
    load(
        write(
            tmp_path / "b",
            A_TblCase=[case(101), case(102)],
            respondents=[identity(101, "101"), identity(102, "000-000-101")],
        ),
        by=clerk,
    )

    kept = QuarantinedRow.objects.get()
    assert (kept.file, kept.line, kept.column) == ("respondents.csv", 2, "a_number")
    one, two = Case.objects.order_by("idncase")
    assert one.respondent.a_number is None
    assert two.respondent.a_number == "000000101"


def test_an_identity_never_renames_a_person(tmp_path, clerk):
    load(
        write(tmp_path / "a", A_TblCase=[case(101)], respondents=[identity(101, "A000000101")]),
        by=clerk,
    )
    load(
        write(tmp_path / "b", A_TblCase=[case(101)], respondents=[identity(101, "A000000202")]),
        by=clerk,
    )

    assert Case.objects.get().respondent.a_number == "000000101"
    reason = QuarantinedRow.objects.get().reason
    assert reason == "names another A-number than the one on record"


def test_two_cases_of_one_a_number_are_one_person(tmp_path, clerk):
    load(
        write(
            tmp_path / "a",
            A_TblCase=[case(101), case(102)],
            respondents=[identity(101, "A000000101"), identity(102, "000000101")],
        ),
        by=clerk,
    )

    assert Respondent.objects.get().cases.count() == 2


def test_the_same_rows_in_another_delivery_write_nothing(delivery, clerk, tmp_path):
    load(delivery, by=clerk)
    before = list(Case.objects.order_by("pk").values())
    again = tmp_path / "again"
    delivery.rename(again)
    (again / "Count.txt").write_text("A_TblCase\t2\r\n")

    second, is_new = load(again, by=clerk)

    assert is_new
    assert list(Case.objects.order_by("pk").values()) == before
    assert not RowChange.objects.exists()
    for file in second.files.all():
        assert (file.added, file.changed, file.unchanged) == (0, 0, file.read), file.name


def test_a_table_may_have_no_rows_yet(tmp_path, clerk):
    delivery = write(tmp_path / "a", A_TblCase=[case(101)], tbl_schedule=[], tbl_Lead_Rider=[])

    load(delivery, by=clerk)

    found = Case.objects.get()
    assert (found.individual_hearings_on, found.family_links) == ([], 0)


def test_what_was_never_delivered_is_not_known(tmp_path, clerk):
    load(write(tmp_path / "a", A_TblCase=[case(101), case(102)]), by=clerk)
    before = list(Case.objects.values_list("individual_hearings_on", "family_links", "represented"))

    load(
        write(tmp_path / "b", A_TblCase=[case(101)], tbl_schedule=[], tbl_RepsAssigned=[]), by=clerk
    )

    assert before == [(None, None, None)] * 2
    known = Case.objects.values_list("individual_hearings_on", "family_links", "represented")
    assert list(known) == [([], None, False)] * 2  # the case not delivered again as well


def test_no_cases_at_all_are_refused(tmp_path, clerk):
    with pytest.raises(DeliveryRefused, match=r"there is no A_TblCase\.csv in it"):
        load(write(tmp_path / "none", tbl_schedule=[]), by=clerk)
    with pytest.raises(DeliveryRefused, match="the file has a header and no rows"):
        load(write(tmp_path / "empty", A_TblCase=[]), by=clerk)


def test_a_row_without_its_proceeding_is_loaded_and_noted(tmp_path, clerk):
    hearing = row(
        "tbl_schedule", IDNSCHEDULE=1, IDNPROCEEDING=9, IDNCASE=101, ADJ_TIME_START="0000"
    )
    delivery = write(
        tmp_path / "a",
        A_TblCase=[case(101)],
        B_TblProceeding=[proceeding(1, 101)],
        tbl_schedule=[hearing],
    )

    load(delivery, by=clerk)

    note = IntakeNote.objects.get()
    assert (note.kind, note.file, note.line) == ("missing-parent", "tbl_schedule.csv", 2)
    assert (note.column, note.value) == ("IDNPROCEEDING", "9")
    assert Case.objects.get().hearings.get().starts_at is None  # midnight stands for none
    assert not any(orphans().values())


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("CUSTODY", "SAN", "custody"),
        ("C_ASY_TYPE", "Q", "filing_channel"),
        ("LATEST_HEARING", "PHI", "latest_hearing_on"),
        ("E_28_DATE", "2925-04-01 00:00:00.000", "counsel_since"),
    ],
)
def test_a_value_of_another_column_is_left_out_and_noted(tmp_path, clerk, column, value, field):
    load(write(tmp_path / "a", A_TblCase=[case(101, **{column: value})]), by=clerk)

    assert not getattr(Case.objects.get(), field)
    note = IntakeNote.objects.get()
    assert (note.kind, note.column, note.line) == ("bad-value", column, 2)
    assert note.value == value.removesuffix(" 00:00:00.000")
