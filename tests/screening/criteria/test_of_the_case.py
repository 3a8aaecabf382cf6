"""What the record says of the case itself: a fact that is there, another, or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from screening.criteria import (
    application_on_file,
    case_type,
    custody,
    entry_after,
    entry_within,
    family_unreviewed,
    hearing_imminent,
    presence,
    prior_removal_order,
    protected_1367,
    representation,
)
from screening.facts import Custody, Entry
from screening.findings import Answer, Finding
from tests.screening.examples import AS_OF, make_facts

RELIEF = application_on_file.Params(codes=frozenset({"42A", "42B"}))
DETAINED = custody.Params(values=frozenset({Custody.DETAINED}))
UNLAWFUL = frozenset({Entry.WITHOUT_ADMISSION, Entry.AT_PORT})
AFTER = entry_after.Params(cutoff=date(2020, 11, 1), manners=UNLAWFUL)
MANNER = entry_after.Params(manners=frozenset({Entry.AT_PORT}))
WITHIN = entry_within.Params(years=2, manners=UNLAWFUL)
HEARING = hearing_imminent.Params(days=30)
OTHER_MANNER = Finding(Answer.CLEAR, "The charges state another manner of entry.")
NO_ENTRY = Finding(
    Answer.UNKNOWN, "No date of entry is on record.", missing="date of entry (I-213)"
)
FLAG = "Whether 8 U.S.C. 1367 protects is not on record."


def in_days(*days):
    return tuple(AS_OF + timedelta(days=n) for n in days)


@pytest.mark.parametrize(
    ("kind", "params", "facts", "finding"),
    [
        pytest.param(
            application_on_file,
            RELIEF,
            {"applications": frozenset({"42B", "WCAT", "42A"})},
            Finding(Answer.HOLDS, "On file: 42A, 42B."),
            id="cancellation of removal on file",
        ),
        pytest.param(
            application_on_file,
            RELIEF,
            {"applications": frozenset({"WCAT"})},
            Finding(Answer.CLEAR, "No listed application is on file."),
            id="withholding on file",
        ),
        pytest.param(
            application_on_file,
            RELIEF,
            {"applications": None},
            Finding(
                Answer.UNKNOWN,
                "No list of applications is on record.",
                missing="applications on file",
            ),
            id="applications not on record",
        ),
        pytest.param(
            case_type,
            case_type.Params(),
            {},
            Finding(Answer.CLEAR, "The case type is on record."),
            id="removal proceedings",
        ),
        pytest.param(
            case_type,
            case_type.Params(),
            {"case_type": None},
            Finding(Answer.UNKNOWN, "No case type is on record.", missing="case type"),
            id="case type not on record",
        ),
        pytest.param(
            custody,
            DETAINED,
            {"custody": Custody.DETAINED},
            Finding(Answer.HOLDS, "Custody status detained."),
            id="detained",
        ),
        pytest.param(
            custody,
            DETAINED,
            {"custody": Custody.RELEASED},
            Finding(Answer.CLEAR, "Another custody status."),
            id="released",
        ),
        pytest.param(
            custody,
            DETAINED,
            {"custody": None},
            Finding(Answer.UNKNOWN, "No custody status is on record.", missing="custody record"),
            id="custody not on record",
        ),
        pytest.param(
            entry_after,
            AFTER,
            {"entered_on": date(2020, 11, 2)},
            Finding(Answer.HOLDS, "Entered after the cut-off date in a listed manner."),
            id="entered the day after the cut-off",
        ),
        pytest.param(
            entry_after,
            AFTER,
            {"entered_on": date(2020, 11, 1)},
            Finding(Answer.CLEAR, "Entered on or before the cut-off date."),
            id="entered on the cut-off",
        ),
        pytest.param(
            entry_after,
            AFTER,
            {"entered_on": date(2021, 5, 1), "manner_of_entry": Entry.ADMITTED},
            OTHER_MANNER,
            id="admitted after the cut-off",
        ),
        pytest.param(entry_after, AFTER, {"entered_on": None}, NO_ENTRY, id="no date of entry"),
        pytest.param(
            entry_after,
            AFTER,
            {"entered_on": date(2021, 5, 1), "manner_of_entry": None},
            Finding(
                Answer.UNKNOWN,
                "Entered after the cut-off date; the manner of entry is not on record.",
                missing="manner of entry (I-213, charges)",
            ),
            id="after the cut-off in a manner not on record",
        ),
        pytest.param(
            entry_after,
            AFTER,
            {"entered_on": date(2020, 11, 1), "manner_of_entry": None},
            Finding(Answer.CLEAR, "Entered on or before the cut-off date."),
            id="before the cut-off in whatever manner",
        ),
        pytest.param(
            entry_after,
            MANNER,
            {"manner_of_entry": Entry.AT_PORT, "entered_on": None},
            Finding(Answer.HOLDS, "Entered in a listed manner."),
            id="at a port, whatever the date",
        ),
        pytest.param(
            entry_after,
            MANNER,
            {"manner_of_entry": Entry.WITHOUT_ADMISSION},
            OTHER_MANNER,
            id="not at a port",
        ),
        pytest.param(
            entry_after,
            MANNER,
            {"manner_of_entry": None},
            Finding(
                Answer.UNKNOWN,
                "The manner of entry is not on record.",
                missing="manner of entry (I-213, charges)",
            ),
            id="at a port or not is not on record",
        ),
        pytest.param(
            entry_within,
            WITHIN,
            {"entered_on": date(2022, 1, 16)},
            Finding(
                Answer.HOLDS,
                "Entered less than 2 years ago in a listed manner.",
                (),
                date(2024, 1, 16),
            ),
            id="two years are complete tomorrow",
        ),
        pytest.param(
            entry_within,
            WITHIN,
            {"entered_on": date(2022, 1, 15)},
            Finding(Answer.CLEAR, "Entered 2 years ago or earlier."),
            id="two years are complete today",
        ),
        pytest.param(
            entry_within,
            WITHIN,
            {"entered_on": date(2023, 1, 15), "manner_of_entry": Entry.ADMITTED},
            OTHER_MANNER,
            id="admitted lately",
        ),
        pytest.param(
            entry_within,
            WITHIN,
            {"entered_on": date(2023, 1, 15), "manner_of_entry": None},
            Finding(
                Answer.UNKNOWN,
                "Entered less than 2 years ago; the manner of entry is not on record.",
                (),
                date(2025, 1, 15),
                "manner of entry (I-213, charges)",
            ),
            id="lately in a manner not on record",
        ),
        pytest.param(entry_within, WITHIN, {"entered_on": None}, NO_ENTRY, id="no entry known"),
        pytest.param(
            family_unreviewed,
            family_unreviewed.Params(),
            {"family_unreviewed": 2},
            Finding(Answer.HOLDS, "2 linked family case(s) not reviewed."),
            id="two riders not reviewed",
        ),
        pytest.param(
            family_unreviewed,
            family_unreviewed.Params(),
            {"family_unreviewed": 0},
            Finding(Answer.CLEAR, "No linked family case is unreviewed."),
            id="the family is reviewed",
        ),
        pytest.param(
            family_unreviewed,
            family_unreviewed.Params(),
            {"family_unreviewed": None},
            Finding(
                Answer.UNKNOWN,
                "No lead and rider links are on record.",
                missing="lead and rider links",
            ),
            id="links not on record",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": in_days(30)},
            Finding(Answer.HOLDS, "An individual hearing is imminent.", (), *in_days(31)),
            id="a hearing in thirty days",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": in_days(31)},
            Finding(Answer.CLEAR, "No individual hearing is imminent.", (), *in_days(1)),
            id="a hearing in thirty-one days",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": in_days(0)},
            Finding(Answer.HOLDS, "An individual hearing is imminent.", (), *in_days(1)),
            id="a hearing today",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": in_days(-1)},
            Finding(Answer.CLEAR, "No individual hearing is scheduled."),
            id="a hearing yesterday",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": in_days(-3, 20, 5, 60)},
            Finding(Answer.HOLDS, "An individual hearing is imminent.", (), *in_days(21)),
            id="to the last hearing that is imminent",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": in_days(90, 60)},
            Finding(Answer.CLEAR, "No individual hearing is imminent.", (), *in_days(30)),
            id="until the first comes near",
        ),
        pytest.param(
            hearing_imminent,
            HEARING,
            {"individual_hearings_on": None},
            Finding(
                Answer.UNKNOWN, "No hearing schedule is on record.", missing="hearing schedule"
            ),
            id="schedule not on record",
        ),
        pytest.param(
            presence,
            presence.Params(years=10),
            {"entered_on": date(2014, 1, 15)},
            Finding(Answer.HOLDS, "Present for 10 years or more."),
            id="ten years today",
        ),
        pytest.param(
            presence,
            presence.Params(years=10),
            {"entered_on": date(2014, 1, 16)},
            Finding(Answer.CLEAR, "Present for less than 10 years.", (), date(2024, 1, 16)),
            id="ten years tomorrow",
        ),
        pytest.param(
            presence,
            presence.Params(years=10),
            {"entered_on": None},
            Finding(Answer.UNKNOWN, "No date of entry is on record.", missing="entry evidence"),
            id="presence not on record",
        ),
        pytest.param(
            prior_removal_order,
            prior_removal_order.Params(),
            {"prior_removal_order_on": date(2009, 3, 1), "prior_orders_known": False},
            Finding(Answer.HOLDS, "A removal order is on record."),
            id="an earlier order",
        ),
        pytest.param(
            prior_removal_order,
            prior_removal_order.Params(),
            {"prior_orders_known": True},
            Finding(Answer.CLEAR, "No removal order is on record."),
            id="no earlier order",
        ),
        pytest.param(
            prior_removal_order,
            prior_removal_order.Params(),
            {"prior_orders_known": False},
            Finding(
                Answer.UNKNOWN,
                "Earlier cases cannot be found without an A-number.",
                missing="A-number",
            ),
            id="no A-number to look by",
        ),
        pytest.param(
            protected_1367,
            protected_1367.Params(),
            {"protected_1367": True},
            Finding(Answer.HOLDS, "Protected by 8 U.S.C. 1367."),
            id="a protected person",
        ),
        pytest.param(
            protected_1367,
            protected_1367.Params(),
            {"protected_1367": False},
            Finding(Answer.CLEAR, "Not protected by 8 U.S.C. 1367."),
            id="a person not protected",
        ),
        pytest.param(
            protected_1367,
            protected_1367.Params(),
            {"protected_1367": None},
            Finding(Answer.UNKNOWN, FLAG, missing="protection flag"),
            id="protection not on record",
        ),
        pytest.param(
            representation,
            representation.Params(),
            {"represented": False},
            Finding(Answer.HOLDS, "No counsel is on record."),
            id="without counsel",
        ),
        pytest.param(
            representation,
            representation.Params(),
            {"represented": True},
            Finding(Answer.CLEAR, "Counsel is on record."),
            id="with counsel",
        ),
        pytest.param(
            representation,
            representation.Params(),
            {"represented": None},
            Finding(Answer.UNKNOWN, "Whether there is counsel is not on record.", missing="E-28"),
            id="counsel not on record",
        ),
    ],
)
def test_what_the_record_says_of_the_case(kind, params, facts, finding):
    assert kind.check(make_facts(**facts), params) == finding
