"""Threats, circumstances and sources: what a person found, and what nobody has looked into."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from screening.criteria import (
    circumstance,
    motion_authority,
    prohibited_source,
    threat_indicator,
    unresolved_indicator,
)
from screening.criteria.search import WATCHLIST
from screening.facts import (
    Circumstance,
    Indicator,
    IndicatorCategory,
    OffenceFamily,
    Record,
    Resolution,
    SourceRelation,
)
from screening.findings import Answer, Finding
from tests.screening.examples import make_facts

FRESH_TO = date(2024, 1, 25)
TERRORISM, GANG = IndicatorCategory.TERRORISM, IndicatorCategory.GANG


def indicator(resolution, *, id=1, category=TERRORISM, **values):  # noqa: A002 - as on record
    return Indicator(id=id, category=category, resolution=resolution, **values)


LISTED = threat_indicator.Params(categories={TERRORISM}, search=WATCHLIST)


@pytest.mark.parametrize(
    ("indicators", "finding"),
    [
        pytest.param(
            (indicator(Resolution.IDENTICAL_DEROGATORY),),
            Finding(Answer.HOLDS, "1 resolved indicator(s) of a listed category.", ("t1",)),
            id="resolved to this person",
        ),
        pytest.param(
            (
                indicator(Resolution.UNRESOLVED, id=1),
                indicator(Resolution.IDENTICAL_DEROGATORY, id=2),
            ),
            Finding(Answer.HOLDS, "1 resolved indicator(s) of a listed category.", ("t2",)),
            id="one resolved beside one that is not",
        ),
        pytest.param(
            (
                indicator(Resolution.NOT_IDENTICAL, id=1),
                indicator(Resolution.WITHHELD_BY_OWNER, id=2),
            ),
            Finding(
                Answer.UNKNOWN,
                "A possible match of a listed category is not resolved.",
                ("t2",),
                None,
                "resolution by a vetting officer",
            ),
            id="withheld by the owner of the list",
        ),
        pytest.param(
            (indicator(Resolution.NOT_IDENTICAL),),
            Finding(Answer.CLEAR, "No such indicator.", (), FRESH_TO),
            id="another person",
        ),
        pytest.param(
            (indicator(Resolution.IDENTICAL_DEROGATORY, category=GANG),),
            Finding(Answer.CLEAR, "No such indicator.", (), FRESH_TO),
            id="of another category",
        ),
        pytest.param(
            (), Finding(Answer.CLEAR, "No such indicator.", (), FRESH_TO), id="no indicator"
        ),
    ],
)
def test_threat_indicator(indicators, finding):
    assert threat_indicator.check(make_facts(indicators=indicators), LISTED) == finding


@pytest.mark.parametrize(
    ("indicators", "finding"),
    [
        pytest.param(
            (
                indicator(Resolution.UNRESOLVED, id=1, category=GANG),
                indicator(Resolution.IDENTICAL_DEROGATORY, id=2),
            ),
            Finding(Answer.HOLDS, "1 possible match(es) not resolved.", ("t1",)),
            id="one of any category",
        ),
        pytest.param(
            (indicator(Resolution.IDENTICAL_DEROGATORY),),
            Finding(Answer.CLEAR, "Every possible match is resolved.", (), FRESH_TO),
            id="resolved, however gravely",
        ),
        pytest.param(
            (),
            Finding(Answer.CLEAR, "Every possible match is resolved.", (), FRESH_TO),
            id="no indicator",
        ),
    ],
)
def test_unresolved_indicator(indicators, finding):
    params = unresolved_indicator.Params(search=WATCHLIST)

    assert unresolved_indicator.check(make_facts(indicators=indicators), params) == finding


HEALTH, VICTIM = Circumstance.HEALTH, Circumstance.VICTIM_OR_WITNESS


@pytest.mark.parametrize(
    ("known", "finding"),
    [
        pytest.param(
            {HEALTH: True, VICTIM: True},
            Finding(
                Answer.HOLDS,
                "On record: health, victim or witness.",
                ("p:file-review-1", "p:interview-1"),
            ),
            id="both, each on its form",
        ),
        pytest.param(
            {HEALTH: True},
            Finding(Answer.HOLDS, "On record: health.", ("p:interview-1",)),
            id="one is enough, though nobody asked about the other",
        ),
        pytest.param(
            {HEALTH: False, VICTIM: False},
            Finding(Answer.CLEAR, "Asked about, and not found."),
            id="neither",
        ),
        pytest.param(
            {HEALTH: False},
            Finding(Answer.UNKNOWN, "Not asked about.", missing="file review"),
            id="the file is not reviewed",
        ),
        pytest.param(
            {},
            Finding(Answer.UNKNOWN, "Not asked about.", missing="file review and interview"),
            id="nobody asked",
        ),
    ],
)
def test_circumstance(known, finding):
    params = circumstance.Params(any_of={HEALTH, VICTIM})

    assert circumstance.check(make_facts(circumstances=known), params) == finding


FROM_SPOUSE = Record(id=3, family=OffenceFamily.ASSAULT, relation=SourceRelation.SPOUSE_OR_PARENT)
TIP = indicator(Resolution.UNRESOLVED, id=4, relation=SourceRelation.ALLEGED_PERPETRATOR)


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(
            {"protected_1367": True, "set_aside": (FROM_SPOUSE, TIP)},
            Finding(Answer.HOLDS, "2 item(s) from a prohibited source set aside.", ("c3", "t4")),
            id="protected, and set aside",
        ),
        pytest.param(
            {"protected_1367": True},
            Finding(Answer.CLEAR, "Nothing rests on a prohibited source."),
            id="protected, nothing set aside",
        ),
        pytest.param(
            {"protected_1367": False, "records": (FROM_SPOUSE,)},
            Finding(Answer.CLEAR, "Nothing rests on a prohibited source."),
            id="not protected, so nothing is prohibited",
        ),
        pytest.param(
            {"protected_1367": None, "records": (FROM_SPOUSE,), "indicators": (TIP,)},
            Finding(
                Answer.UNKNOWN,
                "Information comes from a source that may be prohibited.",
                ("c3", "t4"),
                None,
                "protection flag",
            ),
            id="whether it is prohibited is not on record",
        ),
        pytest.param(
            {"protected_1367": None, "indicators": (indicator(Resolution.UNRESOLVED),)},
            Finding(
                Answer.UNKNOWN,
                "Whether 8 U.S.C. 1367 protects is not on record.",
                missing="protection flag",
            ),
            id="protection not on record, from a lawful source",
        ),
    ],
)
def test_prohibited_source(facts, finding):
    assert prohibited_source.check(make_facts(**facts), prohibited_source.Params()) == finding


SIXTH = {"since": date(2020, 11, 24), "until": date(2024, 7, 29), "circuits": {"6"}}
PERIODS = motion_authority.Params(
    periods=(
        motion_authority.Period(authority="Hernandez-Serrano", **SIXTH),
        motion_authority.Period(authority="the rule is vacated", since=date(2026, 6, 22)),
    )
)
NOTHING_AGAINST = "Nothing on that day stands against the motion."
RULE, VACATUR = date(2024, 7, 29), date(2026, 6, 22)


@pytest.mark.parametrize(
    ("as_of", "circuit", "finding"),
    [
        pytest.param(
            date(2020, 11, 23),
            "6",
            Finding(Answer.CLEAR, NOTHING_AGAINST, (), date(2020, 11, 24)),
            id="the day before the decision",
        ),
        pytest.param(
            date(2020, 11, 24),
            "6",
            Finding(Answer.HOLDS, "No settled authority: Hernandez-Serrano.", (), RULE),
            id="from the day of the decision",
        ),
        pytest.param(
            date(2024, 7, 28),
            "6",
            Finding(Answer.HOLDS, "No settled authority: Hernandez-Serrano.", (), RULE),
            id="to the day before the rule",
        ),
        pytest.param(
            RULE,
            "6",
            Finding(Answer.CLEAR, NOTHING_AGAINST, (), VACATUR),
            id="from the day of the rule",
        ),
        pytest.param(
            date(2024, 1, 15),
            "2",
            Finding(Answer.CLEAR, NOTHING_AGAINST, (), RULE),
            id="in another circuit",
        ),
        pytest.param(
            date(2024, 1, 15),
            None,
            Finding(
                Answer.UNKNOWN, "The circuit of the court is not on record.", (), RULE, "court"
            ),
            id="the circuit is not on record, and decides",
        ),
        pytest.param(
            RULE,
            None,
            Finding(Answer.CLEAR, NOTHING_AGAINST, (), VACATUR),
            id="the circuit is not on record, and does not matter",
        ),
        pytest.param(
            VACATUR,
            None,
            Finding(Answer.HOLDS, "No settled authority: the rule is vacated."),
            id="everywhere, without an end",
        ),
    ],
)
def test_motion_authority(as_of, circuit, finding):
    assert motion_authority.check(make_facts(as_of=as_of, circuit=circuit), PERIODS) == finding


def test_a_period_ends_after_it_begins():
    with pytest.raises(ValidationError, match="until is not after since"):
        motion_authority.Period(since=RULE, until=RULE, authority="A decision")
    assert motion_authority.Period(since=RULE, until=VACATUR, authority="A decision").until
