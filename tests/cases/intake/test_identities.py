"""Who the person of a case is: each row of the office's extract, and what becomes of it."""

from __future__ import annotations

from datetime import date

import pytest

from cases.intake.delivery import DeliveryRefused
from cases.intake.identities import Identity, nine_digits, read, texts
from cases.intake.load import load
from cases.models import Case, QuarantinedRow, Respondent, RowChange
from tests.deliveries import IDENTITY, case, identity, write


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("A000000101", "000000101"),
        ("a 000 000 101", "000000101"),
        ("000-000-101", "000000101"),
        ("0000101", "000000101"),
        ("A00000101", "000000101"),
    ],
)
def test_an_a_number_has_nine_digits_however_it_is_written(given, expected):
    assert nine_digits(given) == expected


def only(tmp_path, **values):
    path = tmp_path / "respondents.csv"
    row = {"idncase": "101", "a_number": "A000000101", **values}
    path.write_text(IDENTITY + "\n" + ",".join(row.get(n, "") for n in IDENTITY.split(",")))
    (found,) = read(path)
    return found


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("idncase", "", "is missing"),
        ("idncase", "12x", "is not a whole number"),
        ("a_number", "", "is missing"),
        ("a_number", "A123", "is not an A-number of seven to nine digits"),
        ("a_number", "A0000001011", "is not an A-number of seven to nine digits"),
        ("birth_date", "1999-02-30", "is not a day of the calendar"),
        ("birth_date", "4/1974", "is not YYYY, YYYY-MM or YYYY-MM-DD"),
        ("birth_date", "0000-00-00", "is not a day of the calendar"),
        ("nationality", "SLV", "is not an ISO 3166-1 code of two letters"),
        ("sex", "female", "is none of F, M, U, X"),
        ("protected_1367", "maybe", "is not Y, N or blank"),
        ("competency_indicia", "1", "is not Y, N or blank"),
        ("fbi_number", "1234567890123", "is longer than 12 characters"),
        ("state_ids", "CA:1;TX:" + "1" * 20, "has one longer than 20 characters"),
    ],
)
def test_a_row_that_cannot_be_believed_says_why(tmp_path, column, value, reason):
    rejected = only(tmp_path, **{column: value})

    assert (rejected.line, rejected.column, rejected.reason) == (2, column, reason)


@pytest.mark.parametrize(
    ("given", "born", "precision"),
    [
        ("1974-04-09", date(1974, 4, 9), "day"),
        ("1974-04", date(1974, 4, 1), "month"),
        ("1974", date(1974, 1, 1), "year"),
        ("", None, None),
    ],
)
def test_a_birth_date_is_as_precise_as_it_is_given(tmp_path, given, born, precision):
    found = only(tmp_path, birth_date=given)

    assert isinstance(found, Identity)
    assert (found.birth_date, found.birth_precision) == (born, precision)


def test_lists_are_parted_by_semicolons_and_blanks_are_unknown(tmp_path):
    found = only(tmp_path, aliases="Other Example; Third", state_ids="CA:1", juvenile="N")

    assert isinstance(found, Identity)
    assert (found.aliases, found.state_ids) == (["Other Example", "Third"], ["CA:1"])
    assert (found.juvenile, found.protected_1367) == (False, None)


def test_a_row_over_several_lines_is_kept_whole(tmp_path):
    path = tmp_path / "respondents.csv"
    rows = [
        identity(101, "A000000101", family_name='"Exa\nmple"'),
        identity(102, "wrong", family_name='"Exa\nmple, ""Two"""'),
        identity(103, "A000000103", family_name='"Exa"mple'),
        identity(104, "A000000104"),
    ]
    path.write_text("\n".join([IDENTITY, *rows]), encoding="utf-8")

    first, second, third, fourth = read(path)

    assert first.family_name == "Exa\nmple"
    assert (second.line, second.column) == (4, "a_number")
    assert (third.line, third.reason) == (6, "its quotes are not those of CSV")
    assert (fourth.line, fourth.idncase) == (7, 104)
    assert texts(path, {4, 6}) == {4: rows[1], 6: rows[2]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (IDENTITY.replace(",sex", ""), "line 1, column sex: the header lacks it"),
        ("", "line 1, column idncase: the header lacks it"),
        (IDENTITY + '\n101,"A000000101', "line 2: a quote opens here and is never closed"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, content, message):
    path = tmp_path / "respondents.csv"
    path.write_text(content)

    with pytest.raises(DeliveryRefused, match=message):
        list(read(path))


def deliver(directory, clerk, cases, *identities):
    tables = {"A_TblCase": cases} | ({"respondents": list(identities)} if identities else {})
    delivery, _ = load(write(directory, **tables), by=clerk)
    return delivery


def fate(delivery):
    file = delivery.files.get(name="respondents.csv")
    return file.added, file.changed, file.unchanged, file.quarantined


@pytest.mark.django_db
def test_an_identity_that_comes_later_fills_who_was_unknown(tmp_path, clerk):
    deliver(tmp_path / "a", clerk, [case(101, C_BIRTHDATE="4/1974", Sex="F")])
    unknown = Respondent.objects.get()

    second = deliver(
        tmp_path / "b",
        clerk,
        [case(101, C_BIRTHDATE="4/1974", Sex="F")],
        identity(101, "A000000101", family_name="Example", birth_date="1974-04-09"),
    )

    known = Case.objects.get().respondent
    assert known == unknown
    assert (known.a_number, known.family_name) == ("000000101", "Example")
    assert (known.birth_date, known.birth_precision) == (date(1974, 4, 9), "day")
    assert fate(second) == (1, 0, 0, 0)
    assert second.files.get(name="A_TblCase.csv").changed == 0
    change = RowChange.objects.get()
    assert (change.table, change.key, change.idncase) == ("cases_respondent", known.pk, 101)
    assert change.before["birth_precision"] == "month"


@pytest.mark.django_db
def test_an_identity_moves_the_case_to_whoever_has_the_number(tmp_path, clerk):
    deliver(
        tmp_path / "a", clerk, [case(101), case(102)], identity(101, "A000000101", fin="0000000001")
    )
    left_behind = Case.objects.get(idncase=102).respondent_id

    second = deliver(
        tmp_path / "b",
        clerk,
        [case(101), case(102)],
        identity(101, "A000000101", fin="0000000001"),
        identity(102, "A000000101", fin="0000000001"),
    )

    one, two = Case.objects.order_by("idncase")
    assert one.respondent == two.respondent
    assert fate(second) == (1, 0, 1, 0)
    change = RowChange.objects.get(table="cases_case")
    assert change.before == {"respondent_id": left_behind}
    assert two.version == 2
    assert not Respondent.objects.get(pk=left_behind).cases.exists()


@pytest.mark.django_db
def test_an_identity_reaches_a_case_of_an_earlier_delivery(tmp_path, clerk):
    deliver(tmp_path / "a", clerk, [case(101), case(102)])

    deliver(tmp_path / "b", clerk, [case(102)], identity(101, "A000000101"))

    assert Case.objects.get(idncase=101).respondent.a_number == "000000101"
    assert Case.objects.get(idncase=102).respondent.a_number is None


@pytest.mark.django_db
def test_a_case_number_is_never_taken_for_an_a_number(tmp_path, clerk):
    deliver(tmp_path / "a", clerk, [case(101), case(123456789)], identity(101, "A123456789"))

    assert Respondent.objects.count() == 2


@pytest.mark.django_db
def test_what_an_identity_said_outlasts_the_courts_row(tmp_path, clerk):
    said = identity(101, "A000000101", birth_date="1974-04-09", nationality="SV", sex="F")
    deliver(tmp_path / "a", clerk, [case(101)], said)

    second = deliver(tmp_path / "b", clerk, [case(101, NAT="GT", C_BIRTHDATE="5/1975", Sex="M")])

    person = Respondent.objects.get()
    assert (person.birth_date, person.nationality, person.sex) == (date(1974, 4, 9), "SV", "F")
    assert person.nationality_code == "GT"
    assert second.files.get(name="A_TblCase.csv").changed == 1


@pytest.mark.django_db
def test_a_newer_identity_supersedes_and_is_counted_as_changed(tmp_path, clerk):
    deliver(tmp_path / "a", clerk, [case(101)], identity(101, "A000000101", juvenile="Y"))

    second = deliver(tmp_path / "b", clerk, [case(101)], identity(101, "A000000101"))

    assert Respondent.objects.get().juvenile is None
    assert fate(second) == (0, 1, 0, 0)
    assert RowChange.objects.get().before == {"juvenile": True}


@pytest.mark.django_db
def test_an_identity_without_its_case_or_for_a_second_time_is_kept_whole(tmp_path, clerk):
    rows = [
        identity(101, "A000000101"),
        identity(101, "A000000101", family_name="Example"),
        identity(999, "A000000999"),
    ]

    delivery = deliver(tmp_path / "a", clerk, [case(101)], *rows)

    kept = {row.line: row for row in QuarantinedRow.objects.all()}
    assert {line: (row.reason, row.row_text) for line, row in kept.items()} == {
        3: ("stands twice for this case", rows[1]),
        4: ("no such case is on record", rows[2]),
    }
    assert fate(delivery) == (1, 0, 0, 2)
