"""INA 101(a)(48), 101(a)(43): what counts as a conviction of a listed offence."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria.conviction import Offence, Params, check
from screening.criteria.search import FINGERPRINT
from screening.facts import Disposition, OffenceFamily, Severity, Vacatur
from screening.findings import Answer, Finding
from screening.statutes import Category, Confidence
from tests.screening.examples import conviction, make_facts

ASSAULT, LARCENY = OffenceFamily.ASSAULT, OffenceFamily.LARCENY
BURGLARY, ROBBERY = OffenceFamily.BURGLARY, OffenceFamily.ROBBERY
FRESH_TO = date(2025, 4, 10)
THEFT = frozenset({Category.AGGRAVATED_FELONY_G})


def params(*offences, **values):
    return Params(offences=offences, search=FINGERPRINT, **values)


def record(family=ASSAULT, **values):
    return conviction(family, **values)


def found(count, *keys, until=None):
    return Finding(Answer.HOLDS, f"{count} conviction(s) of a listed offence.", keys, until)


def perhaps(*keys, until=None):
    return Finding(
        Answer.UNKNOWN,
        "A conviction may be of a listed offence; what would tell is not on record.",
        keys,
        until,
        "certified disposition with statute, severity and sentence",
    )


NONE = Finding(Answer.CLEAR, "No such conviction.", (), FRESH_TO)


@pytest.mark.parametrize(
    ("offence", "of", "answer"),
    [
        pytest.param({"families": {ASSAULT}}, {}, True, id="of the family"),
        pytest.param({"families": {LARCENY}}, {}, False, id="of another family"),
        pytest.param({}, {}, True, id="any offence"),
        pytest.param({"foreign": False}, {"foreign": True}, False, id="abroad, where here counts"),
        pytest.param({"foreign": True}, {"foreign": True}, True, id="abroad, where that counts"),
        pytest.param({"foreign": True}, {"foreign": False}, False, id="here, where abroad counts"),
        pytest.param({"severities": {Severity.FELONY}}, {}, True, id="a felony"),
        pytest.param(
            {"severities": {Severity.FELONY}},
            {"severity": Severity.MISDEMEANOR},
            False,
            id="a misdemeanor",
        ),
        pytest.param(
            {"severities": {Severity.FELONY}},
            {"severity": Severity.UNKNOWN},
            None,
            id="severity not on record",
        ),
        pytest.param(
            {"severities": {Severity.FELONY}, "min_sentence_days": 365},
            {"severity": Severity.UNKNOWN, "sentence_days": 364},
            False,
            id="severity not on record, sentence too short",
        ),
        pytest.param(
            {"severities": {Severity.FELONY}, "min_sentence_days": 365},
            {"severity": Severity.UNKNOWN, "sentence_days": 365},
            None,
            id="severity not on record, sentence long enough",
        ),
        pytest.param({"min_sentence_days": 365}, {"sentence_days": 365}, True, id="a year imposed"),
        pytest.param({"min_sentence_days": 365}, {"sentence_days": 364}, False, id="a day short"),
        pytest.param({"min_sentence_days": 365}, {}, None, id="sentence not on record"),
        pytest.param({"weapon": True}, {"weapon": True}, True, id="with a weapon"),
        pytest.param({"weapon": True}, {"weapon": False}, False, id="without a weapon"),
        pytest.param({"weapon": True}, {}, None, id="weapon not on record"),
        pytest.param({"victim_minor": True}, {"victim_minor": True}, True, id="a child as victim"),
        pytest.param({"victim_minor": True}, {"victim_minor": False}, False, id="an adult"),
        pytest.param({"victim_minor": True}, {}, None, id="age of the victim not on record"),
        pytest.param(
            {"weapon": True, "victim_minor": True},
            {"weapon": None, "victim_minor": False},
            False,
            id="weapon not on record, and no child",
        ),
        pytest.param(
            {"categories": THEFT},
            {"ncic": "2303", "sentence_days": 365},
            True,
            id="theft with a year imposed",
        ),
        pytest.param(
            {"categories": THEFT},
            {"ncic": "2303", "sentence_days": 364},
            False,
            id="theft with a day less",
        ),
        pytest.param(
            {"categories": THEFT}, {"ncic": "2303"}, None, id="theft, sentence not on record"
        ),
        pytest.param(
            {"categories": {Category.AGGRAVATED_FELONY_F}},
            {"ncic": "1315", "sentence_days": 365},
            False,
            id="force is for a lawyer to find",
        ),
        pytest.param(
            {"categories": {Category.AGGRAVATED_FELONY_F}, "accept": Confidence.LIKELY},
            {"ncic": "1315", "sentence_days": 365},
            True,
            id="force as authority takes it",
        ),
        pytest.param(
            {"categories": {Category.AGGRAVATED_FELONY_F, Category.AGGRAVATED_FELONY_G}},
            {"ncic": "2202"},
            None,
            id="burglary: a sentence would tell of it, only a lawyer of force",
        ),
        pytest.param(
            {"categories": {Category.FRAUD}}, {"ncic": "2303"}, False, id="in no listed category"
        ),
        pytest.param(
            {"categories": THEFT, "severities": {Severity.FELONY}},
            {"ncic": "2303", "severity": Severity.FELONY},
            None,
            id="a felony, whether theft is open",
        ),
    ],
)
def test_a_record_answers_to_an_offence_does_not_or_may(offence, of, answer):
    assert Offence(**offence).describes(record(**of)) is answer


@pytest.mark.parametrize(
    ("asked", "records", "finding"),
    [
        pytest.param(params(Offence()), (), NONE, id="no record"),
        pytest.param(params(Offence()), (record(),), found(1, "c1"), id="convicted"),
        pytest.param(
            params(Offence()), (record(disposition=Disposition.DISMISSED),), NONE, id="dismissed"
        ),
        pytest.param(params(Offence()), (record(disposition=None),), NONE, id="arrest only"),
        pytest.param(
            params(Offence()), (record(vacated=Vacatur.LEGAL_DEFECT),), NONE, id="vacated"
        ),
        pytest.param(
            params(Offence()),
            (record(vacated=Vacatur.REHABILITATION),),
            found(1, "c1"),
            id="vacated for rehabilitation",
        ),
        pytest.param(
            params(Offence()),
            (record(id=1, disposition=None), record(id=2)),
            found(1, "c2"),
            id="an arrest before a conviction",
        ),
        pytest.param(
            params(Offence(families={LARCENY}), Offence(families={ASSAULT})),
            (record(),),
            found(1, "c1"),
            id="the second of two offences",
        ),
        pytest.param(
            params(Offence(weapon=True), Offence(families={ASSAULT})),
            (record(),),
            found(1, "c1"),
            id="the first is open, the second is met",
        ),
        pytest.param(
            params(Offence(weapon=True), Offence(families={LARCENY})),
            (record(),),
            perhaps("c1"),
            id="the first is open, the second is not met",
        ),
        pytest.param(
            params(Offence(), min_count=2),
            (record(id=1), record(id=2)),
            found(2, "c1", "c2"),
            id="two, where it takes two",
        ),
        pytest.param(
            params(Offence(), min_count=2), (record(),), NONE, id="one, where it takes two"
        ),
        pytest.param(
            params(Offence(weapon=True), min_count=2),
            (record(id=1, weapon=True), record(id=2)),
            perhaps("c1", "c2"),
            id="one, and one that may be the second",
        ),
        pytest.param(
            params(Offence(weapon=True), min_count=3),
            (record(id=1, weapon=True), record(id=2)),
            NONE,
            id="one, and one that may be, where it takes three",
        ),
        pytest.param(
            params(Offence(), within_years=5),
            (record(disposed_on=date(2019, 1, 16)),),
            found(1, "c1", until=date(2024, 1, 16)),
            id="five years ago tomorrow",
        ),
        pytest.param(
            params(Offence(), within_years=5),
            (record(disposed_on=date(2019, 1, 15)),),
            NONE,
            id="five years ago today",
        ),
        pytest.param(
            params(Offence(), within_years=5),
            (record(id=1, disposed_on=date(2019, 1, 15)), record(id=2)),
            found(1, "c2", until=date(2025, 1, 1)),
            id="an old one before a recent one",
        ),
        pytest.param(
            params(Offence(), within_years=5),
            (
                record(id=1, disposed_on=date(2022, 3, 1)),
                record(id=2, disposed_on=date(2020, 3, 1)),
                record(id=3, disposed_on=date(2021, 3, 1)),
            ),
            found(3, "c1", "c2", "c3", until=date(2025, 3, 1)),
            id="until the first of them lapses",
        ),
        pytest.param(
            params(Offence(), within_years=5),
            (record(disposed_on=None),),
            perhaps("c1"),
            id="without a date it may be recent",
        ),
        pytest.param(
            params(Offence(families={LARCENY}), within_years=5),
            (record(disposed_on=None),),
            NONE,
            id="of another family, without a date",
        ),
        pytest.param(
            params(Offence(weapon=True), within_years=5),
            (record(disposed_on=date(2020, 1, 1)),),
            perhaps("c1", until=date(2025, 1, 1)),
            id="recent, the weapon not on record",
        ),
    ],
)
def test_conviction(asked, records, finding):
    assert check(make_facts(records=records), asked) == finding
