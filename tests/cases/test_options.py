"""What is open to a person after each closure: law with its sources, and no advice."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cases.aftermath import Filing, record_filing
from cases.models import Case, OnwardFiling, states
from cases.options import ENDED, OF_FORM, STANDINGS, _texts, options_sheet
from cases.workflow.court import record_act
from tests.cases.workflow.cast import ON, act, case_in_court, closed_case, person

pytestmark = pytest.mark.django_db
AFTER_2025 = date(2025, 9, 1)
OPEN_AFTER_END = {
    *("asylum", "asylum-original-date", "one-year-limit", "family", "provisional-waiver"),
    *("u-t-vawa", "special-immigrant-juvenile", "temporary-protected-status", "address"),
}
LOST_AFTER_END = {"cancellation", "withholding", "i-751-review", "work-permit"}
WAITS = {"asylum", "one-year-limit", "cancellation", "withholding", "i-751-review"}


def standing(case, on=ON):
    found = {}
    for option in options_sheet(case, on=on).options:
        found.setdefault(option.standing, set()).add(option.code)
    return found


def test_after_administrative_closure_what_is_before_the_judge_waits():
    found = standing(closed_case("close-administratively"))

    assert found["waits"] == WAITS
    assert "lost" not in found
    assert found["none"] == {"status"}


@pytest.mark.parametrize("how", ["dismiss", "terminate"])
def test_after_an_end_what_only_a_judge_can_give_is_lost(how):
    found = standing(closed_case(how))

    assert found["lost"] == LOST_AFTER_END
    assert found["open"] == OPEN_AFTER_END
    assert found["none"] == {"status"}


@pytest.mark.parametrize("status", sorted({*Case.Status.values} - {*states.CLOSED}))
def test_a_case_that_is_not_closed_has_no_options(status):
    sheet = options_sheet(case_in_court(status=status), on=ON)

    assert (sheet.options, sheet.warnings) == ((), ())
    assert "not closed" in sheet.stands


def test_what_depends_on_the_day_is_said_from_that_day():
    case = closed_case()

    assert "asylum-fees" not in standing(case, date(2025, 7, 21))["open"]
    assert "asylum-fees" in standing(case, date(2025, 7, 22))["open"]
    assert "asylum-original-date" not in standing(case, date(2023, 10, 15))["open"]


@pytest.mark.parametrize(
    ("given", "on", "warned"),
    [
        pytest.param({"entry_on": date(2024, 6, 1)}, AFTER_2025, True, id="under two years"),
        pytest.param({"entry_on": date(2019, 6, 1)}, AFTER_2025, False, id="over two years"),
        pytest.param({"entry_on": date(2023, 9, 1)}, AFTER_2025, False, id="two years that day"),
        pytest.param({"entry_on": date(2023, 9, 2)}, AFTER_2025, True, id="a day short"),
        pytest.param({"entry_on": None}, AFTER_2025, True, id="not on record"),
        pytest.param(
            {"entry_on": None, "entry_manner": "admitted"}, AFTER_2025, False, id="admitted"
        ),
        pytest.param({"entry_on": None}, date(2025, 1, 20), False, id="before it was widened"),
    ],
)
def test_exposure_to_expedited_removal_is_told(given, on, warned):
    sheet = options_sheet(closed_case("dismiss", **given), on=on)

    assert any("expedited removal is possible" in w.says for w in sheet.warnings) == warned


def test_while_a_case_is_pending_in_court_there_is_no_such_exposure():
    sheet = options_sheet(closed_case("close-administratively", entry_on=None), on=AFTER_2025)

    assert sheet.warnings == ()


def test_expedited_removal_is_only_told_as_the_act_of_another_agency():
    case = closed_case("dismiss", entry_on=date(2019, 6, 1))
    recorder = person("recorder")

    record_act(case, "begin-expedited-removal", act(recorder, actor="ICE officer 4"))

    (warned,) = options_sheet(case, on=AFTER_2025).warnings
    assert "Expedited removal was begun on 2024-08-15, as ICE officer 4 recorded it." in warned.says
    case.refresh_from_db()
    assert case.status == Case.Status.DISMISSED


def test_a_claim_that_began_with_uscis_is_told_of_the_new_notice():
    case = closed_case("terminate", filing_channel="affirmative")

    (warned,) = options_sheet(case, on=ON).warnings

    assert "new notice to appear" in warned.says


def test_what_was_filed_stands_beside_what_it_is_about():
    case = closed_case()
    made = record_filing(case, Filing(form="I-589", filed_on=ON), act(person("clerk")))

    options = {o.code: o for o in options_sheet(case, on=ON).options}

    assert options["asylum"].filed == (made,)
    assert options["family"].filed == ()


def test_every_text_is_plain_has_its_source_and_gives_no_advice():
    codes = set()
    for row in _texts():
        codes.add(row["code"])
        assert row["sources"]
        assert row.keys() & {"admin-closed", ENDED}
        for after in row.keys() & {"admin-closed", ENDED}:
            assert row[after]["standing"] in STANDINGS
            said = row[after]["says"]
            assert not re.search(r"\b(should|must|recommend|advise|better|you)\b", said, re.I), said
            assert max(len(s.split()) for s in re.split(r"[.;:]", said)) <= 32, said
    assert set(OF_FORM.values()) <= codes
    assert OF_FORM.keys() == set(OnwardFiling.Form)
