"""Where a case stands follows from the records of the courts, and changes with them."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Permission, User

from cases.intake.load import load
from cases.models import Case, RowChange
from cases.workflow.corrections import correct_order
from cases.workflow.court import Order, record_order
from tests.cases.workflow.cast import act, person
from tests.deliveries import case, counts, proceeding, row, write

pytestmark = pytest.mark.django_db

REMOVED = {"DEC_CODE": "X", "COMP_DATE": "2023-02-03 00:00:00.000"}


@pytest.mark.parametrize(
    ("proceedings", "appeal", "status"),
    [
        pytest.param([{}], {}, "pending", id="no decision"),
        pytest.param([REMOVED], {}, "removal-ordered", id="removal"),
        pytest.param([REMOVED, {}], {}, "pending", id="reopened"),
        pytest.param([{"OTHER_COMP": "C"}], {}, "pending", id="a change of venue ends nothing"),
        pytest.param([{"OTHER_COMP": "T"}], {}, "pending", id="a transfer ends nothing"),
        pytest.param([{"OTHER_COMP": "Y"}], {}, "admin-closed", id="closed by discretion"),
        pytest.param([{"OTHER_COMP": "K"}], {}, "admin-closed", id="the newer letter"),
        pytest.param([{"DEC_CODE": "L"}], {}, "other", id="a letter that no table explains"),
        pytest.param(
            [REMOVED], {"datAppealFiled": "2023-02-20 00:00:00.000"}, "on-appeal", id="appealed"
        ),
        pytest.param(
            [REMOVED],
            {"datAppealFiled": "2022-02-20 00:00:00.000"},
            "removal-ordered",
            id="an appeal before the decision",
        ),
        pytest.param(
            [REMOVED],
            {"datAppealFiled": "2023-02-20 00:00:00.000", "strAppealType": "Bond Appeal"},
            "removal-ordered",
            id="an appeal about bond",
        ),
        pytest.param(
            [REMOVED],
            {
                "datAppealFiled": "2023-02-20 00:00:00.000",
                "datBIADecision": "2023-09-01 00:00:00.000",
            },
            "removal-ordered",
            id="an appeal decided",
        ),
    ],
)
def test_a_status_is_that_of_the_latest_proceeding(tmp_path, clerk, proceedings, appeal, status):
    tables = {
        "A_TblCase": [case(101)],
        "B_TblProceeding": [proceeding(n, 101, **p) for n, p in enumerate(proceedings, 1)],
    }
    if appeal:
        given = {"idnAppeal": 1, "idncase": 101, "strAppealType": "Case Appeal"} | appeal
        tables["tblAppeal"] = [row("tblAppeal", **given)]

    load(write(tmp_path / "a", **tables), by=clerk)

    found = Case.objects.get()
    assert found.status == status
    assert found.removal_ordered_on == (date(2023, 2, 3) if REMOVED in proceedings else None)


def dismissed(tmp_path, clerk, *, on):
    """Take in a pending case, and record that it was dismissed."""
    first = write(tmp_path / "a", A_TblCase=[case(101)], B_TblProceeding=[proceeding(1, 101)])
    load(first, by=clerk)
    recorder = person("recorder", everywhere=True)
    recorder.user_permissions.add(Permission.objects.get(codename="view_protected"))
    given = act(User.objects.get(pk=recorder.pk), happened_on=on)
    return record_order(Case.objects.get(), Order(kind="dismiss"), given)


@pytest.mark.parametrize(
    ("recorded_on", "status", "completed_on"),
    [
        pytest.param(date(2023, 3, 1), "dismissed", date(2023, 3, 1), id="later than the courts'"),
        pytest.param(date(2023, 2, 3), "removal-ordered", date(2023, 2, 3), id="known to them"),
    ],
)
def test_a_recorded_order_stands_until_the_courts_know_a_later_act(
    tmp_path, clerk, recorded_on, status, completed_on
):
    dismissed(tmp_path, clerk, on=recorded_on)

    tables = {"A_TblCase": [case(101)], "B_TblProceeding": [proceeding(1, 101, **REMOVED)]}
    load(write(tmp_path / "b", **tables), by=clerk)

    found = Case.objects.get()
    assert (found.status, found.completed_on) == (status, completed_on)


EARLIER, THEIRS, LATER = date(2023, 1, 9), date(2023, 2, 3), date(2023, 9, 1)


@pytest.mark.parametrize(
    ("days", "stands"),
    [
        pytest.param(
            [LATER, EARLIER], ("removal-ordered", THEIRS), id="it was earlier than theirs"
        ),
        pytest.param([EARLIER, LATER], ("dismissed", LATER), id="it was later than theirs"),
        pytest.param([EARLIER, THEIRS, LATER], ("dismissed", LATER), id="corrected twice"),
    ],
)
def test_of_a_corrected_order_the_day_of_its_document_counts(tmp_path, clerk, days, stands):
    order = dismissed(tmp_path, clerk, on=days[0])
    for day in days[1:]:
        again = act(order.recorded_by, happened_on=day)
        order = correct_order(order, again, ground="", with_prejudice=False)

    tables = {"A_TblCase": [case(101)], "B_TblProceeding": [proceeding(1, 101, **REMOVED)]}
    load(write(tmp_path / "b", **tables), by=clerk)

    found = Case.objects.get()
    assert (found.status, found.completed_on) == stands


def test_a_decision_that_changes_is_recorded_with_what_follows(tmp_path, clerk):
    load(
        write(tmp_path / "a", A_TblCase=[case(101)], B_TblProceeding=[proceeding(1, 101)]), by=clerk
    )

    second, _ = load(
        write(
            tmp_path / "b",
            A_TblCase=[case(101)],
            B_TblProceeding=[proceeding(1, 101, **REMOVED)],
        ),
        by=clerk,
    )

    changes = {change.table: change for change in RowChange.objects.all()}
    assert changes["cases_proceeding"].before == {"decision_code": "", "completed_on": None}
    assert changes["cases_case"].after == {
        "status": "removal-ordered",
        "completed_on": "2023-02-03",
        "removal_ordered_on": "2023-02-03",
    }
    assert counts(second, "A_TblCase.csv") == {"read": 1, "unchanged": 1}  # its own row is the same
    assert counts(second, "B_TblProceeding.csv") == {"read": 1, "changed": 1}
