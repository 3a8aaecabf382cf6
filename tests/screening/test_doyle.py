"""doyle-2, case by case: Mayorkas 2021-09-30, Doyle 2022-04-03, as reinstated 2023-07-28."""

from __future__ import annotations

from datetime import date

import pytest

from screening.decide import determine
from screening.facts import (
    CheckKind,
    Custody,
    Disposition,
    Entry,
    Indicator,
    IndicatorCategory,
    OffenceFamily,
    Resolution,
    Severity,
    Vacatur,
)
from screening.policies.document import PolicyRefused, read
from tests.screening.examples import AS_OF, DOYLE, FRESH, check, conviction, make_facts

RECENT = {"entered_on": date(2020, 11, 2)}
LONG_AGO = {"entered_on": date(2004, 1, 1)}


def indicator(resolution, category=IndicatorCategory.TERRORISM):
    return (Indicator(id=1, category=category, resolution=resolution),)


@pytest.mark.parametrize(
    ("facts", "outcome", "leading"),
    [
        pytest.param({}, "flagged", "", id="everything known and clear"),
        pytest.param(RECENT, "not-flagged", "BS-01", id="entered the day after the cut-off"),
        pytest.param({"entered_on": date(2020, 11, 1)}, "flagged", "", id="entered on the cut-off"),
        pytest.param(
            RECENT | {"manner_of_entry": Entry.ADMITTED}, "flagged", "", id="admitted, then stayed"
        ),
        pytest.param(
            RECENT | {"manner_of_entry": None}, "refer", "BS-01", id="manner of entry not on record"
        ),
        pytest.param({"entered_on": None}, "refer", "BS-01", id="no date of entry"),
        pytest.param(
            {"records": (conviction(OffenceFamily.DRUG_TRAFFICKING),)},
            "not-flagged",
            "PS-06",
            id="convicted of trafficking",
        ),
        pytest.param(
            LONG_AGO | {"records": (conviction(OffenceFamily.DRUG_TRAFFICKING),)},
            "refer",
            "PS-06",
            id="convicted, with a mitigating factor",
        ),
        pytest.param(
            LONG_AGO | {"indicators": indicator(Resolution.IDENTICAL_DEROGATORY)},
            "not-flagged",
            "NS-01",
            id="national security is never upgraded",
        ),
        pytest.param(
            {
                "records": (
                    conviction(OffenceFamily.DRUG_TRAFFICKING, disposition=Disposition.DISMISSED),
                )
            },
            "flagged",
            "",
            id="a dismissed charge is no conviction",
        ),
        pytest.param(
            {
                "records": (
                    conviction(OffenceFamily.DRUG_TRAFFICKING, vacated=Vacatur.LEGAL_DEFECT),
                )
            },
            "flagged",
            "",
            id="vacated for a legal defect",
        ),
        pytest.param(
            {
                "records": (
                    conviction(OffenceFamily.DRUG_TRAFFICKING, vacated=Vacatur.REHABILITATION),
                )
            },
            "not-flagged",
            "PS-06",
            id="vacated for rehabilitation still counts",
        ),
        pytest.param(
            {
                "records": (
                    conviction(
                        OffenceFamily.SEXUAL_ASSAULT,
                        disposition=Disposition.JUVENILE_ADJUDICATION,
                    ),
                )
            },
            "flagged",
            "",
            id="a juvenile adjudication is no conviction",
        ),
        pytest.param(
            {"records": (conviction(OffenceFamily.ASSAULT, disposition=None),)},
            "refer",
            "PS-12",
            id="an arrest is for a person to look into",
        ),
        pytest.param(
            {"records": (conviction(OffenceFamily.LARCENY, disposition=Disposition.PENDING),)},
            "refer",
            "PS-11",
            id="a pending charge blocks",
        ),
        pytest.param(
            {
                "records": (
                    conviction(
                        OffenceFamily.LARCENY,
                        ncic="2303",
                        severity=Severity.MISDEMEANOR,
                        sentence_days=None,
                    ),
                )
            },
            "insufficient",
            "PS-01",
            id="a sentence not on record may make it an aggravated felony",
        ),
        pytest.param(
            {
                "records": (
                    conviction(
                        OffenceFamily.LARCENY,
                        ncic="2303",
                        severity=Severity.MISDEMEANOR,
                        sentence_days=364,
                    ),
                )
            },
            "refer",
            "PS-08",
            id="one day short of a year",
        ),
        pytest.param(
            {
                "records": (
                    conviction(
                        OffenceFamily.LARCENY,
                        ncic="2303",
                        severity=Severity.MISDEMEANOR,
                        sentence_days=365,
                    ),
                )
            },
            "not-flagged",
            "PS-01",
            id="a year",
        ),
        pytest.param(
            {
                "records": (
                    conviction(
                        OffenceFamily.DRIVING_UNDER_INFLUENCE, disposed_on=date(2019, 1, 16)
                    ),
                )
            },
            "refer",
            "PS-10",
            id="driving under the influence, a day inside five years",
        ),
        pytest.param(
            {
                "records": (
                    conviction(
                        OffenceFamily.DRIVING_UNDER_INFLUENCE, disposed_on=date(2019, 1, 15)
                    ),
                )
            },
            "flagged",
            "",
            id="driving under the influence, five years ago to the day",
        ),
        pytest.param(
            {"indicators": indicator(Resolution.UNRESOLVED)}, "refer", "NS-01", id="a raw name hit"
        ),
        pytest.param(
            {"indicators": indicator(Resolution.NOT_IDENTICAL)}, "flagged", "", id="another person"
        ),
        pytest.param(
            {"checks": {k: v for k, v in FRESH.items() if k is not CheckKind.FINGERPRINT}},
            "insufficient",
            "PS-01",
            id="no fingerprint check",
        ),
        pytest.param(
            {
                "checks": FRESH
                | {CheckKind.FINGERPRINT: check(CheckKind.FINGERPRINT, date(2022, 10, 16))}
            },
            "flagged",
            "",
            id="fingerprints on the last day of their fifteen months",
        ),
        pytest.param(
            {
                "checks": FRESH
                | {CheckKind.FINGERPRINT: check(CheckKind.FINGERPRINT, date(2022, 10, 15))}
            },
            "insufficient",
            "PS-01",
            id="fingerprints fifteen months old",
        ),
        pytest.param({"custody": Custody.DETAINED}, "refer", "PR-01", id="detained"),
        pytest.param({"custody": None}, "refer", "PR-01", id="custody not on record"),
        pytest.param(
            {"individual_hearings_on": (date(2024, 2, 14),)}, "refer", "PR-02", id="in 30 days"
        ),
        pytest.param(
            {"individual_hearings_on": (date(2024, 2, 15),)}, "flagged", "", id="in 31 days"
        ),
        pytest.param({"family_unreviewed": 2}, "refer", "PR-05", id="family not reviewed"),
        pytest.param(
            {"prior_removal_order_on": date(2009, 3, 1)}, "refer", "BS-04", id="earlier order"
        ),
        pytest.param(
            {"prior_orders_known": False}, "refer", "BS-04", id="no A-number to look under"
        ),
        pytest.param({"represented": False}, "flagged", "", id="unrepresented adds safeguards"),
        pytest.param({"protected_1367": True}, "flagged", "", id="protected"),
        pytest.param(
            {
                "protected_1367": True,
                "set_aside": (conviction(OffenceFamily.ASSAULT),),
            },
            "refer",
            "PR-13",
            id="a prohibited source is set aside and told",
        ),
    ],
)
def test_doyle(facts, outcome, leading):
    made = determine(DOYLE, make_facts(**facts))

    assert (made.outcome, made.leading) == (outcome, leading)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"court_status": "dismissed"}, id="no longer pending"),
        pytest.param({"case_type": "CFR"}, id="a credible fear review"),
        pytest.param({"asylum_filed_on": None}, id="no asylum application"),
        pytest.param({"asylum_filed_on": date(2024, 1, 16)}, id="filed after the day asked about"),
    ],
)
def test_the_policy_does_not_speak_of_every_case(facts):
    assert determine(DOYLE, make_facts(**facts)) is None


def test_a_policy_says_where_it_is_wrong():
    with pytest.raises(PolicyRefused) as refused:
        read("code: x\ncriteria:\n  - code: [", name="draft")
    assert "line 3" in str(refused.value)

    text = f"code: doyle-2\nversion: 1\neffective_from: {AS_OF}\n"
    with pytest.raises(PolicyRefused) as refused:
        read(text)
    assert "line 1, title: this key is missing" in refused.value.problems
