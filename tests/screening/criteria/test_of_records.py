"""What a criminal history shows besides a conviction of a listed offence."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria import (
    disposition,
    needs_analysis,
    particularly_serious,
    petty_offence,
    record_in_category,
    time_since_offence,
    vacated_conviction,
)
from screening.criteria.search import FINGERPRINT
from screening.facts import CheckKind, CheckResult, Disposition, Entry, OffenceFamily, Vacatur
from screening.findings import Answer, Finding
from screening.statutes import Category, Confidence
from tests.screening.examples import check as check_of
from tests.screening.examples import conviction, make_facts

FRESH_TO = date(2025, 4, 10)
OPEN_HIT = {
    CheckKind.FINGERPRINT: check_of(
        CheckKind.FINGERPRINT, date(2024, 1, 10), result=CheckResult.HIT_UNRESOLVED
    )
}
HIT = Finding(
    Answer.UNKNOWN,
    "The fingerprint check has an open hit.",
    ("b:fingerprint",),
    FRESH_TO,
    "resolution of the fingerprint check",
)
NOT_SEARCHED = Finding(
    Answer.UNKNOWN, "No fingerprint check is on record.", missing="fingerprint check"
)


def record(ncic="2303", *, family=OffenceFamily.LARCENY, **values):
    return conviction(family, ncic=ncic, **values)


def clear(reason, until=FRESH_TO):
    return Finding(Answer.CLEAR, reason, (), until)


CHARGED = disposition.Params(
    dispositions={Disposition.PENDING, Disposition.JUVENILE_ADJUDICATION}, search=FINGERPRINT
)


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        pytest.param(
            (record(disposition=Disposition.PENDING),),
            Finding(Answer.HOLDS, "1 charge(s): juvenile adjudication or pending.", ("c1",)),
            id="a pending charge",
        ),
        pytest.param(
            (record(id=1, disposition=Disposition.DISMISSED), record(id=2)),
            clear("No charge: juvenile adjudication or pending."),
            id="a dismissed charge and a conviction",
        ),
    ],
)
def test_disposition(records, finding):
    assert disposition.check(make_facts(records=records), CHARGED) == finding


VACATED = vacated_conviction.Params(reasons={Vacatur.LEGAL_DEFECT}, search=FINGERPRINT)


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        pytest.param(
            (record(vacated=Vacatur.LEGAL_DEFECT),),
            Finding(Answer.HOLDS, "1 conviction(s) vacated.", ("c1",)),
            id="for a legal defect",
        ),
        pytest.param(
            (record(vacated=Vacatur.REHABILITATION),),
            clear("No vacated conviction."),
            id="for a reason that is not listed",
        ),
        pytest.param((record(),), clear("No vacated conviction."), id="not vacated"),
        pytest.param(
            (record(vacated=Vacatur.LEGAL_DEFECT, disposition=Disposition.DISMISSED),),
            clear("No vacated conviction."),
            id="no conviction that could be vacated",
        ),
    ],
)
def test_vacated_conviction(records, finding):
    assert vacated_conviction.check(make_facts(records=records), VACATED) == finding


LAWYER = needs_analysis.Params(
    categories={Category.AGGRAVATED_FELONY_F, Category.AGGRAVATED_FELONY_G}, search=FINGERPRINT
)


@pytest.mark.parametrize(
    ("params", "records", "finding"),
    [
        pytest.param(
            LAWYER,
            (record("1315", sentence_days=365),),
            Finding(Answer.HOLDS, "1 conviction(s) that only a lawyer can classify.", ("c1",)),
            id="whether force is an element",
        ),
        pytest.param(
            LAWYER.model_copy(update={"accept": Confidence.LIKELY}),
            (record("1315", sentence_days=365),),
            clear("No conviction that needs a lawyer to classify it."),
            id="force as authority takes it",
        ),
        pytest.param(
            LAWYER,
            (record("2303", sentence_days=365),),
            clear("No conviction that needs a lawyer to classify it."),
            id="theft by its code",
        ),
        pytest.param(
            LAWYER,
            (record("2303"),),
            clear("No conviction that needs a lawyer to classify it."),
            id="theft, where the court must tell the sentence",
        ),
        pytest.param(
            LAWYER,
            (record("5402"),),
            clear("No conviction that needs a lawyer to classify it."),
            id="an offence of neither category",
        ),
        pytest.param(
            LAWYER,
            (record("2202", sentence_days=365),),
            clear("No conviction that needs a lawyer to classify it."),
            id="burglary by its code, whatever force it took",
        ),
        pytest.param(
            LAWYER,
            (record("1315", sentence_days=365, disposition=Disposition.DISMISSED),),
            clear("No conviction that needs a lawyer to classify it."),
            id="a dismissed charge",
        ),
    ],
)
def test_needs_analysis(params, records, finding):
    assert needs_analysis.check(make_facts(records=records), params) == finding


SERIOUS = particularly_serious.Params(search=FINGERPRINT)
CASE_BY_CASE = "Whether the crime is particularly serious is decided case by case."


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        pytest.param((), clear("No conviction of that kind."), id="no conviction"),
        pytest.param(
            (record("5402", family=OffenceFamily.TRAFFIC),),
            clear("No conviction of that kind."),
            id="neither grave nor violent",
        ),
        pytest.param(
            (record("2299", sentence_days=1825),),
            Finding(
                Answer.HOLDS, "Aggravated felonies with a term of five years or more.", ("c1",)
            ),
            id="burglary with five years",
        ),
        pytest.param(
            (record("2299", sentence_days=1824),),
            Finding(
                Answer.UNKNOWN, CASE_BY_CASE, ("c1",), None, "categorical analysis by a lawyer"
            ),
            id="burglary with a day less",
        ),
        pytest.param(
            (
                record("2299", id=1, sentence_days=912),
                record("2299", id=2, sentence_days=913),
                record("5402", id=3),
            ),
            Finding(
                Answer.UNKNOWN,
                CASE_BY_CASE,
                ("c1", "c2"),
                None,
                "categorical analysis by a lawyer; whether the sentences run concurrently",
            ),
            id="two terms, five years together",
        ),
        pytest.param(
            (record("1004", sentence_days=30),),
            Finding(
                Answer.UNKNOWN, CASE_BY_CASE, ("c1",), None, "categorical analysis by a lawyer"
            ),
            id="violence with a short term",
        ),
        pytest.param(
            (record("1315", sentence_days=1825),),
            Finding(
                Answer.UNKNOWN, CASE_BY_CASE, ("c1",), None, "categorical analysis by a lawyer"
            ),
            id="five years for what only a lawyer calls an aggravated felony",
        ),
    ],
)
def test_particularly_serious(records, finding):
    assert particularly_serious.check(make_facts(records=records), SERIOUS) == finding


def test_particularly_serious_as_authority_takes_the_offence():
    params = SERIOUS.model_copy(update={"accept": Confidence.LIKELY})
    records = (record("1315", sentence_days=1825),)

    finding = particularly_serious.check(make_facts(records=records), params)

    assert finding.answer is Answer.HOLDS


PETTY = petty_offence.Params(search=FINGERPRINT)
SHOPLIFTING = {"sentence_days": 180, "maximum_days": 365}


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(
            {"records": (record(**SHOPLIFTING),)},
            Finding(Answer.HOLDS, "The only such crime is a petty offence.", ("c1",), FRESH_TO),
            id="180 days of at most a year",
        ),
        pytest.param(
            {"records": (record(**SHOPLIFTING),), "checks": OPEN_HIT},
            HIT,
            id="another may hide behind an open hit",
        ),
        pytest.param(
            {"records": (record(**SHOPLIFTING),), "checks": {}}, NOT_SEARCHED, id="no search"
        ),
        pytest.param(
            {"records": (record(**SHOPLIFTING | {"sentence_days": 185}),)},
            clear("The only such crime is not a petty offence."),
            id="185 days",
        ),
        pytest.param(
            {"records": (record(sentence_days=None, maximum_days=None),)},
            Finding(
                Answer.UNKNOWN,
                "Whether the only such crime is a petty offence is not settled.",
                ("c1",),
                FRESH_TO,
                "maximum penalty; sentence",
            ),
            id="neither maximum nor sentence on record",
        ),
        pytest.param(
            {"records": (record(id=1, **SHOPLIFTING), record(id=2, **SHOPLIFTING))},
            clear("Not one such crime alone."),
            id="two thefts",
        ),
        pytest.param(
            {"records": (record("5402", **SHOPLIFTING),)},
            clear("Not one such crime alone."),
            id="no crime of turpitude",
        ),
        pytest.param(
            {
                "records": (
                    record("5402", id=1, **SHOPLIFTING),
                    record(id=2, **SHOPLIFTING),
                )
            },
            Finding(Answer.HOLDS, "The only such crime is a petty offence.", ("c2",), FRESH_TO),
            id="beside an offence without turpitude",
        ),
        pytest.param(
            {
                "records": (
                    record(id=1, **SHOPLIFTING),
                    record("", id=2, family=OffenceFamily.OTHER),
                )
            },
            Finding(
                Answer.UNKNOWN,
                "Whether the only such crime is a petty offence is not settled.",
                ("c1",),
                FRESH_TO,
                "whether another offence involves moral turpitude",
            ),
            id="beside an offence of which nobody knows",
        ),
    ],
)
def test_petty_offence(facts, finding):
    assert petty_offence.check(make_facts(**facts), PETTY) == finding


def test_turpitude_only_by_its_code_is_no_theft():
    params = petty_offence.Params(search=FINGERPRINT, accept=Confidence.BY_CODE)
    facts = make_facts(records=(record(**SHOPLIFTING),))

    assert petty_offence.check(facts, params) == clear("Not one such crime alone.")


ACT = record_in_category.Params(
    categories={Category.LAKEN_RILEY},
    manners={Entry.WITHOUT_ADMISSION, Entry.AT_PORT},
    since=date(2024, 1, 15),
    search=FINGERPRINT,
)
NO_SUCH = clear("No record in a listed category.")
LISTED = "1 record(s) in a listed category."


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(
            {"records": (record(disposition=Disposition.DISMISSED),)},
            Finding(Answer.HOLDS, LISTED, ("c1",)),
            id="a dismissed charge of theft, on the first day",
        ),
        pytest.param(
            {"records": (record(),), "as_of": date(2024, 1, 14)},
            clear("The law is not in force yet.", date(2024, 1, 15)),
            id="the day before",
        ),
        pytest.param(
            {"records": (record(),), "manner_of_entry": Entry.AT_PORT},
            Finding(Answer.HOLDS, LISTED, ("c1",)),
            id="at a port",
        ),
        pytest.param(
            {"records": (record(),), "manner_of_entry": Entry.ADMITTED},
            Finding(Answer.CLEAR, "The charges state another manner of entry."),
            id="admitted",
        ),
        pytest.param(
            {"records": (record(),), "manner_of_entry": None},
            Finding(
                Answer.UNKNOWN,
                "A record is in a listed category; the manner of entry is not on record.",
                ("c1",),
                None,
                "manner of entry (I-213, charges)",
            ),
            id="manner of entry not on record",
        ),
        pytest.param({"manner_of_entry": None}, NO_SUCH, id="no record, manner not on record"),
        pytest.param(
            {"records": (record("1315"),), "manner_of_entry": None},
            Finding(
                Answer.UNKNOWN,
                "Whether a record is in a listed category is not settled.",
                ("c1",),
                None,
                "charging document; a lawyer's analysis of the statute",
            ),
            id="only if serious injury resulted",
        ),
        pytest.param(
            {"records": (record("1315", id=1), record(id=2))},
            Finding(Answer.HOLDS, LISTED, ("c2",)),
            id="one is listed, whatever the other is",
        ),
        pytest.param(
            {
                "records": (
                    record(id=1, disposition=Disposition.JUVENILE_ADJUDICATION),
                    record(id=2),
                )
            },
            Finding(Answer.HOLDS, LISTED, ("c2",)),
            id="a juvenile adjudication does not count, what follows does",
        ),
        pytest.param({"records": (record("2902"),)}, NO_SUCH, id="damage is not listed"),
    ],
)
def test_record_in_category(facts, finding):
    assert record_in_category.check(make_facts(**facts), ACT) == finding


def test_a_law_without_a_day_or_a_manner_is_for_everybody():
    params = record_in_category.Params(categories={Category.LAKEN_RILEY}, search=FINGERPRINT)

    for manner in (None, *Entry):
        facts = make_facts(records=(record(),), manner_of_entry=manner)
        assert record_in_category.check(facts, params) == Finding(Answer.HOLDS, LISTED, ("c1",))


def test_how_sure_the_table_must_be_is_for_the_policy():
    records = (record("1202"),)
    params = ACT.model_copy(update={"accept": Confidence.LIKELY})

    assert record_in_category.check(make_facts(records=records), ACT).answer is Answer.UNKNOWN
    assert record_in_category.check(make_facts(records=records), params).answer is Answer.HOLDS


YEARS = time_since_offence.Params(years=5, search=FINGERPRINT)
UNDISPOSED = clear("An arrest or charge has no disposition yet.")


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        pytest.param(
            {"records": (record(disposed_on=date(2019, 1, 15)),)},
            Finding(Answer.HOLDS, "No conviction within 5 years.", ("c1",), FRESH_TO),
            id="five years ago today",
        ),
        pytest.param(
            {"records": (record(disposed_on=date(2019, 1, 15)),), "checks": OPEN_HIT},
            HIT,
            id="something since may hide behind an open hit",
        ),
        pytest.param(
            {"records": (record(disposed_on=date(2019, 1, 15)),), "checks": {}},
            NOT_SEARCHED,
            id="no search",
        ),
        pytest.param(
            {"records": (record(disposed_on=date(2019, 1, 16)),)},
            clear("A conviction within 5 years.", date(2024, 1, 16)),
            id="five years ago tomorrow",
        ),
        pytest.param(
            {"records": (record(disposed_on=date(2023, 1, 1)),)},
            clear("A conviction within 5 years."),
            id="the check expires before the years are over",
        ),
        pytest.param(
            {
                "records": (
                    record(id=1, disposed_on=date(2010, 1, 1)),
                    record(id=2, disposed_on=date(2019, 1, 16)),
                    record(id=3, disposed_on=date(2012, 1, 1)),
                )
            },
            clear("A conviction within 5 years.", date(2024, 1, 16)),
            id="the last one counts",
        ),
        pytest.param(
            {
                "records": (
                    record(id=1, disposed_on=date(2010, 1, 1)),
                    record(id=2, disposition=None),
                )
            },
            UNDISPOSED,
            id="an arrest since",
        ),
        pytest.param(
            {
                "records": (
                    record(id=1, disposed_on=date(2010, 1, 1)),
                    record(id=2, disposition=Disposition.PENDING),
                )
            },
            UNDISPOSED,
            id="a charge pending",
        ),
        pytest.param({}, clear("No conviction from which time could have passed."), id="no record"),
        pytest.param(
            {
                "records": (
                    record(id=1, disposed_on=None),
                    record(id=2, disposed_on=date(2010, 1, 1)),
                )
            },
            Finding(
                Answer.UNKNOWN,
                "A conviction has no date of disposition.",
                ("c1",),
                FRESH_TO,
                "date of disposition",
            ),
            id="a conviction without a date",
        ),
    ],
)
def test_time_since_offence(facts, finding):
    assert time_since_offence.check(make_facts(**facts), YEARS) == finding
