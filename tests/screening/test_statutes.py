"""INA 101(a)(43), 212(a)(2), 237(a)(2), 236(c)(1)(E): which categories an offence may fall in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.evidence.offences import family_of
from screening.facts import OffenceFamily, Record, Severity
from screening.statutes import (
    AGGRAVATED_FELONY,
    STATUTES,
    Category,
    Confidence,
    answer,
    answer_any,
    categories_of,
    falls_in,
    particularly_serious,
    petty_offence,
    youthful,
)

LIKELY = Confidence.LIKELY


def offence(ncic: str, **values) -> Record:
    return Record(**({"id": 1, "family": family_of(ncic), "ncic": ncic} | values))


def of_family(family: OffenceFamily, **values) -> Record:
    return Record(id=1, family=family, **values)


def subsection(letter: str) -> Category:
    return Category(f"aggravated-felony-{letter.lower()}")


@pytest.mark.parametrize(
    ("letter", "ncic", "values", "by_code", "if_likely"),
    [
        pytest.param("A", "1103", {}, True, True, id="rape"),
        pytest.param("A", "0911", {}, None, True, id="wilful killing"),
        pytest.param("A", "0909", {}, False, False, id="negligent manslaughter"),
        pytest.param("A", "3616", {}, None, True, id="lewd act with a minor"),
        pytest.param("A", "1116", {}, None, None, id="statutory rape without force"),
        pytest.param("A", "3605", {"victim_minor": True}, None, None, id="exposure to a minor"),
        pytest.param("A", "3605", {"victim_minor": False}, False, False, id="exposure to an adult"),
        pytest.param("A", "3605", {}, None, None, id="exposure, age unknown"),
        pytest.param("B", "3510", {}, True, True, id="heroin sale"),
        pytest.param("B", "3531", {}, True, True, id="cocaine smuggling"),
        pytest.param("B", "3503", {}, None, True, id="hallucinogen sale"),
        pytest.param("B", "3560", {}, None, True, id="marijuana sale"),
        pytest.param("B", "3512", {}, None, None, id="heroin possession"),
        pytest.param("B", "3513", {}, None, None, id="heroin, act not named"),
        pytest.param("B", "4104", {}, False, False, id="liquor possession"),
        pytest.param("C", "5217", {}, None, True, id="weapon trafficking"),
        pytest.param("C", "5212", {}, False, False, id="weapon possession"),
        pytest.param("D", "6300", {"loss_dollars": 50_000}, None, None, id="laundering, no amount"),
        pytest.param("E", "2005", {}, None, None, id="arson"),
        pytest.param("E", "5215", {}, None, True, id="bomb threat"),
        pytest.param("F", "1302", {"sentence_days": 365}, None, True, id="assault, a year"),
        pytest.param("F", "1302", {"sentence_days": 364}, False, False, id="assault, 364 days"),
        pytest.param("F", "1302", {}, None, None, id="assault, sentence unknown"),
        pytest.param("F", "1313", {"sentence_days": 365}, None, None, id="simple assault, a year"),
        pytest.param("F", "5404", {"sentence_days": 700}, False, False, id="drunk driving"),
        pytest.param("G", "2303", {"sentence_days": 365}, True, True, id="shoplifting, a year"),
        pytest.param("G", "2303", {"sentence_days": 364}, False, False, id="shoplifting, 364 days"),
        pytest.param("G", "2303", {}, None, None, id="shoplifting, sentence unknown"),
        pytest.param("G", "2202", {"sentence_days": 365}, True, True, id="burglary, a year"),
        pytest.param("G", "2803", {"sentence_days": 400}, True, True, id="receiving stolen goods"),
        pytest.param("G", "2701", {"sentence_days": 400}, None, None, id="embezzlement"),
        pytest.param("H", "1001", {}, True, True, id="kidnapping for ransom"),
        pytest.param("H", "1006", {}, None, None, id="kidnapping"),
        pytest.param("I", "6402", {}, True, True, id="photographs of a minor"),
        pytest.param("I", "3704", {}, None, None, id="obscene material"),
        pytest.param("J", "3901", {"maximum_days": 365}, None, None, id="bookmaking, up to a year"),
        pytest.param("J", "3901", {"maximum_days": 364}, False, False, id="bookmaking, 364 days"),
        pytest.param("J", "3920", {"maximum_days": 730}, None, None, id="wagers, first or second"),
        pytest.param("K", "4001", {}, None, True, id="keeping a house of prostitution"),
        pytest.param("K", "4006", {}, None, None, id="transport, advantage unknown"),
        pytest.param("L", "0103", {}, True, True, id="espionage"),
        pytest.param("L", "0104", {}, None, True, id="sabotage"),
        pytest.param("M", "2602", {"loss_dollars": 10_001}, True, True, id="fraud, $10,001"),
        pytest.param("M", "2602", {"loss_dollars": 10_000}, False, False, id="fraud, $10,000"),
        pytest.param("M", "2602", {}, None, None, id="fraud, loss unknown"),
        pytest.param("M", "6101", {"loss_dollars": 20_000}, None, True, id="income tax"),
        pytest.param("N", "0303", {}, None, None, id="smuggling, exception unknown"),
        pytest.param("O", "0301", {}, None, None, id="entry, earlier deportation unknown"),
        pytest.param("P", "2502", {"sentence_days": 365}, None, None, id="document, twelve months"),
        pytest.param("P", "2502", {"sentence_days": 364}, False, False, id="document, less"),
        pytest.param("Q", "5015", {}, None, None, id="failure to appear for a sentence"),
        pytest.param("R", "2503", {"sentence_days": 365}, True, True, id="counterfeiting, a year"),
        pytest.param("R", "2503", {"sentence_days": 364}, False, False, id="counterfeiting, less"),
        pytest.param("R", "5101", {"sentence_days": 365}, None, None, id="bribery, perhaps public"),
        pytest.param("S", "5003", {"sentence_days": 365}, True, True, id="perjury, a year"),
        pytest.param("S", "5003", {"sentence_days": 364}, False, False, id="perjury, less"),
        pytest.param("S", "4805", {"sentence_days": 365}, None, True, id="dissuading a witness"),
        pytest.param("T", "5015", {}, None, None, id="failure to appear before a court"),
        pytest.param("U", "2303", {"sentence_days": 365}, None, None, id="perhaps an attempt"),
        pytest.param("U", "2303", {"sentence_days": 364}, False, False, id="no attempt at less"),
        pytest.param("U", "2602", {"loss_dollars": 0}, None, None, id="attempt without loss"),
        pytest.param("U", "5707", {}, False, False, id="trespass"),
    ],
)
def test_aggravated_felonies(letter, ncic, values, by_code, if_likely):
    record = offence(ncic, **values)

    assert answer(record, subsection(letter)) is by_code
    assert answer(record, subsection(letter), accept=LIKELY) is if_likely


@pytest.mark.parametrize(
    ("category", "ncic", "values", "by_code", "if_likely"),
    [
        pytest.param("moral-turpitude", "2601", {}, None, True, id="fraud"),
        pytest.param("moral-turpitude", "2303", {}, None, True, id="shoplifting"),
        pytest.param("moral-turpitude", "1313", {}, None, None, id="simple assault"),
        pytest.param("moral-turpitude", "5404", {}, None, None, id="drunk driving"),
        pytest.param("moral-turpitude", "3560", {}, None, True, id="drug sale"),
        pytest.param("moral-turpitude", "3562", {}, None, None, id="drug possession"),
        pytest.param("moral-turpitude", "5707", {}, False, False, id="trespass"),
        pytest.param("controlled-substance", "3532", {}, True, True, id="cocaine possession"),
        pytest.param("controlled-substance", "3504", {}, None, True, id="hallucinogen possession"),
        pytest.param("controlled-substance", "3562", {}, None, None, id="marijuana, perhaps 30 g"),
        pytest.param("controlled-substance", "3560", {}, True, True, id="marijuana sale"),
        pytest.param("controlled-substance", "3550", {}, None, None, id="equipment"),
        pytest.param("controlled-substance", "4104", {}, False, False, id="liquor"),
        pytest.param("controlled-substance-trafficking", "3560", {}, True, True, id="sale"),
        pytest.param("controlled-substance-trafficking", "3562", {}, None, None, id="possession"),
        pytest.param("firearms", "1304", {}, None, True, id="assault with a gun"),
        pytest.param("firearms", "1305", {}, False, False, id="assault with another weapon"),
        pytest.param("firearms", "5212", {}, None, None, id="weapon possession"),
        pytest.param("firearms", "1299", {"weapon": True}, None, None, id="robbery with a weapon"),
        pytest.param("firearms", "1299", {"weapon": False}, False, False, id="robbery without"),
        pytest.param("firearms", "1299", {}, None, None, id="robbery, means unknown"),
        pytest.param("domestic-violence", "3802", {}, True, True, id="cruelty to a child"),
        pytest.param("domestic-violence", "1303", {}, None, True, id="assault of family"),
        pytest.param("domestic-violence", "1313", {}, None, None, id="simple assault"),
        pytest.param("domestic-violence", "5016", {}, None, None, id="violation of an order"),
        pytest.param("domestic-violence", "1316", {}, None, None, id="perhaps stalking"),
        pytest.param(
            "domestic-violence", "1312", {"victim_minor": False}, False, False, id="adult"
        ),
        pytest.param("domestic-violence", "2303", {}, False, False, id="shoplifting"),
        pytest.param("prostitution", "4002", {}, True, True, id="procuring"),
        pytest.param("prostitution", "4004", {}, None, True, id="prostitution"),
        pytest.param("prostitution", "4005", {}, None, None, id="visiting"),
        pytest.param("trafficking-in-persons", "4007", {}, None, True, id="procuring a minor"),
        pytest.param("trafficking-in-persons", "4008", {}, None, None, id="procuring an adult"),
        pytest.param("trafficking-in-persons", "0303", {}, False, False, id="smuggling"),
        pytest.param("money-laundering", "6300", {}, True, True, id="money laundering"),
        pytest.param("laken-riley", "2303", {}, True, True, id="shoplifting"),
        pytest.param("laken-riley", "2299", {}, True, True, id="burglary"),
        pytest.param("laken-riley", "1312", {}, True, True, id="assault of a police officer"),
        pytest.param("laken-riley", "0909", {}, True, True, id="death"),
        pytest.param("laken-riley", "1209", {}, None, True, id="robbery"),
        pytest.param("laken-riley", "5404", {}, None, None, id="perhaps injury"),
        pytest.param("laken-riley", "2501", {}, False, False, id="forgery"),
        pytest.param("violent", "1204", {}, True, True, id="robbery with a gun"),
        pytest.param("violent", "1313", {"severity": Severity.FELONY}, None, None, id="felony"),
        pytest.param(
            "violent", "1313", {"severity": Severity.MISDEMEANOR}, False, False, id="less"
        ),
        pytest.param("violent", "1313", {}, None, None, id="severity unknown"),
        pytest.param("violent", "2601", {}, False, False, id="fraud"),
        pytest.param("driving-under-influence", "5404", {}, True, True, id="alcohol"),
        pytest.param("driving-under-influence", "5403", {}, True, True, id="drugs"),
        pytest.param("driving-under-influence", "5401", {}, False, False, id="hit and run"),
        pytest.param("fraud", "2603", {}, True, True, id="mail fraud"),
        pytest.param("fraud", "2501", {}, None, True, id="forgery of cheques"),
        pytest.param("smuggling", "0303", {}, True, True, id="smuggling of persons"),
        pytest.param("smuggling", "5801", {}, False, False, id="smuggling of goods"),
        pytest.param("particularly-serious", "1103", {}, True, True, id="rape"),
        pytest.param("particularly-serious", "1313", {}, None, None, id="case by case"),
        pytest.param("particularly-serious", "5310", {}, False, False, id="flag"),
    ],
)
def test_other_categories(category, ncic, values, by_code, if_likely):
    record = offence(ncic, **values)

    assert answer(record, Category(category)) is by_code
    assert answer(record, Category(category), accept=LIKELY) is if_likely


def test_what_is_missing_is_named():
    theft = falls_in(offence("2303"), subsection("G"))
    tax = falls_in(offence("6101"), subsection("M"))
    exempt = falls_in(offence("3562"), Category.CONTROLLED_SUBSTANCE)
    outside = falls_in(offence("5707"), subsection("G"))

    assert (theft.answer, theft.confidence, theft.missing) == (
        None,
        Confidence.BY_CODE,
        ("sentence",),
    )
    assert tax.missing == ("loss amount", "categorical analysis by a lawyer")
    assert exempt.missing == ("amount of marijuana and whether it was one offence for own use",)
    assert (outside.answer, outside.section, outside.missing) == (False, "INA 101(a)(43)(G)", ())


def test_the_categories_of_an_offence_come_in_order_with_their_sections():
    found = categories_of(offence("2303", sentence_days=364))

    assert [(f.category, f.answer, f.section) for f in found] == [
        ("moral-turpitude", None, "INA 212(a)(2)(A)(i)(I), 237(a)(2)(A)(i)-(ii)"),
        ("particularly-serious", None, "INA 208(b)(2)(A)(ii), 241(b)(3)(B)(ii)"),
        ("laken-riley", True, "INA 236(c)(1)(E)(ii)"),
    ]
    assert all(f.note for f in found)


def test_violating_an_order_is_cited_by_its_own_clause():
    assert falls_in(offence("5016"), Category.DOMESTIC_VIOLENCE).section == "INA 237(a)(2)(E)(ii)"


def test_a_possible_row_is_never_accepted_as_yes():
    record = offence("1313", sentence_days=400)

    assert answer(record, subsection("F"), accept=Confidence.POSSIBLE) is None


def test_a_foreign_offence_waits_for_the_end_of_its_sentence():
    found = falls_in(offence("1103", foreign=True), subsection("A"))

    assert (found.answer, found.missing) == (None, ("when the sentence abroad ended",))
    assert answer(offence("2303", foreign=True), Category.LAKEN_RILEY) is True
    serious = falls_in(
        offence("1313", foreign=True, sentence_days=0), Category.PARTICULARLY_SERIOUS
    )
    assert serious.missing == ("categorical analysis by a lawyer",)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(offence("2303", sentence_days=365), True, id="one of them"),
        pytest.param(offence("2303"), None, id="open"),
        pytest.param(offence("2303", sentence_days=364), False, id="none"),
        pytest.param(offence("5707"), False, id="without category"),
    ],
)
def test_any_of_the_aggravated_felonies(record, expected):
    assert answer_any(record, AGGRAVATED_FELONY) is expected
    assert answer_any(record, ()) is False


@pytest.mark.parametrize(
    ("family", "category", "expected"),
    [
        pytest.param(OffenceFamily.ROBBERY, "violent", True, id="every code agrees: yes"),
        pytest.param(OffenceFamily.DRIVING_UNDER_INFLUENCE, "violent", False, id="no"),
        pytest.param(OffenceFamily.HOMICIDE, "laken-riley", None, id="most agree"),
        pytest.param(OffenceFamily.HOMICIDE, "aggravated-felony-a", None, id="some agree"),
        pytest.param(OffenceFamily.OTHER, "aggravated-felony-a", None, id="any offence"),
        pytest.param(OffenceFamily.OTHER, "prostitution", None, id="any category"),
    ],
)
def test_without_a_code_the_family_settles_what_all_its_codes_settle(family, category, expected):
    found = falls_in(of_family(family), Category(category))

    assert found.answer is expected
    if expected is None:
        assert found.missing[0] == "offence code"


def test_a_code_that_is_not_in_the_table_is_no_code():
    assert categories_of(offence("1250")) == categories_of(of_family(OffenceFamily.ROBBERY))
    assert len(categories_of(offence("9999"))) == len(Category)


THEFT = {"maximum_days": 365, "sentence_days": 30}


@pytest.mark.parametrize(
    ("values", "others", "expected", "missing"),
    [
        pytest.param({}, [], True, (), id="a year and thirty days"),
        pytest.param({"maximum_days": 364}, [], True, (), id="364 days"),
        pytest.param({"maximum_days": 366}, [], False, (), id="over a year"),
        pytest.param({"maximum_days": None}, [], None, ("maximum penalty",), id="maximum unknown"),
        pytest.param({"sentence_days": 180}, [], True, (), id="180 days"),
        pytest.param({"sentence_days": 181}, [], None, ("sentence in months",), id="181 days"),
        pytest.param({"sentence_days": 184}, [], None, ("sentence in months",), id="184 days"),
        pytest.param({"sentence_days": 185}, [], False, (), id="185 days"),
        pytest.param({"sentence_days": None}, [], None, ("sentence",), id="sentence unknown"),
        pytest.param({"sentence_days": 0}, [], True, (), id="fine only"),
        pytest.param(
            {"sentence_days": None, "maximum_days": 366}, [], False, (), id="one limb fails"
        ),
        pytest.param({}, [offence("5707")], True, (), id="beside a trespass"),
        pytest.param({}, [offence("2601")], False, (), id="beside a fraud"),
        pytest.param(
            {},
            [offence("1313")],
            None,
            ("whether another offence involves moral turpitude",),
            id="beside a simple assault",
        ),
    ],
)
def test_petty_offence(values, others, expected, missing):
    found = petty_offence(offence("2303", **(THEFT | values)), others, accept=LIKELY)

    assert (found.answer, found.missing) == (expected, missing)
    assert found.section == "INA 212(a)(2)(A)(ii)(II)"


def test_a_second_likely_offence_of_turpitude_is_not_certain_by_code():
    assert petty_offence(offence("2303", **THEFT), [offence("2601")]).answer is None


AS_OF = date(2024, 1, 15)
LONG_AGO = {"age_at_offence": 17, "disposed_on": date(2018, 6, 1), "sentence_days": 30}


@pytest.mark.parametrize(
    ("values", "others", "expected", "missing"),
    [
        pytest.param({}, [], True, (), id="seventeen, long ago"),
        pytest.param({"age_at_offence": 18}, [], False, (), id="eighteen"),
        pytest.param({"age_at_offence": None}, [], None, ("age at the offence",), id="age unknown"),
        pytest.param(
            {"disposed_on": date(2019, 1, 14), "sentence_days": 0}, [], True, (), id="over 5 years"
        ),
        pytest.param(
            {"disposed_on": date(2019, 1, 15), "sentence_days": 0},
            [],
            None,
            ("date of the offence", "date of release"),
            id="five years to the day",
        ),
        pytest.param({"sentence_days": 730}, [], None, ("date of release",), id="held for long"),
        pytest.param({"sentence_days": None}, [], None, ("date of release",), id="release unknown"),
        pytest.param(
            {"disposed_on": None, "arrested_on": date(2012, 2, 29)},
            [],
            None,
            ("date of release",),
            id="arrest known only",
        ),
        pytest.param(
            {"disposed_on": date(2023, 2, 1), "arrested_on": date(2012, 2, 29)},
            [],
            None,
            ("date of release",),
            id="tried late",
        ),
        pytest.param({}, [offence("2601")], False, (), id="beside a fraud"),
    ],
)
def test_youthful(values, others, expected, missing):
    found = youthful(offence("2303", **(LONG_AGO | values)), others, as_of=AS_OF, accept=LIKELY)

    assert (found.answer, found.missing) == (expected, missing)
    assert found.section == "INA 212(a)(2)(A)(ii)(I)"


@pytest.mark.parametrize(
    ("terms", "expected", "missing"),
    [
        pytest.param([1_825], True, set(), id="five years"),
        pytest.param([1_824], None, set(), id="a day less"),
        pytest.param([400, 1_000], None, set(), id="less together"),
        pytest.param(
            [1_000, 825], None, {"whether the sentences run concurrently"}, id="five years together"
        ),
        pytest.param([None], None, {"sentence"}, id="term unknown"),
        pytest.param([None, 1_825], True, set(), id="one suffices"),
    ],
)
def test_particularly_serious(terms, expected, missing):
    found = particularly_serious(offence("1103", sentence_days=days) for days in terms)

    assert found.answer is expected
    assert set(found.missing) - {"categorical analysis by a lawyer"} == missing


def test_only_offences_without_category_are_not_particularly_serious():
    assert particularly_serious([offence("5310", sentence_days=2_000)]).answer is False
    assert particularly_serious([]).answer is False
    assert particularly_serious([offence("5707"), offence("1313")]).answer is None


offences = st.builds(
    Record,
    id=st.just(1),
    family=st.sampled_from(OffenceFamily),
    severity=st.sampled_from(Severity),
    sentence_days=st.none() | st.sampled_from([0, 180, 364, 365, 366, 2_000]),
    maximum_days=st.none() | st.sampled_from([0, 364, 365, 366, 2_000]),
    weapon=st.none() | st.booleans(),
    loss_dollars=st.none() | st.sampled_from([0, 9_999, 10_000, 10_001, 10**6]),
    victim_minor=st.none() | st.booleans(),
    foreign=st.booleans(),
).flatmap(
    lambda record: st.sampled_from(
        [replace(record, ncic=code) for code in ("", *STATUTES.codes_of.get(record.family, ()))]
    )
)
"""An offence of any family, with a code of it or none."""

UNKNOWN = {
    "ncic": "",
    "severity": Severity.UNKNOWN,
    "sentence_days": None,
    "maximum_days": None,
    "weapon": None,
    "loss_dollars": None,
    "victim_minor": None,
}


@given(
    known=offences,
    hidden=st.sets(st.sampled_from(sorted(UNKNOWN))),
    accept=st.sampled_from(Confidence),
)
def test_more_information_settles_and_never_reverses(known, hidden, accept):
    less = replace(known, **{name: UNKNOWN[name] for name in hidden})

    for category in Category:
        before = answer(less, category, accept=accept)
        if before is not None:
            assert answer(known, category, accept=accept) is before


@given(known=offences, accept=st.sampled_from(Confidence))
def test_an_offence_known_by_its_family_only_is_never_outside_what_it_may_be_in(known, accept):
    bare = of_family(known.family)

    for category in Category:
        if answer(known, category, accept=accept) is not False:
            assert answer(bare, category, accept=accept) is not False


@given(known=offences)
def test_accepting_less_certain_rows_only_turns_open_answers_into_yes(known):
    for category in Category:
        strict, lenient = answer(known, category), answer(known, category, accept=LIKELY)

        assert strict is lenient or (strict is None and lenient is True)


@given(known=offences)
def test_every_answer_explains_itself(known):
    for found in categories_of(known):
        assert found.section
        assert (found.answer is None) is bool(found.missing)


@given(known=offences)
def test_an_aggravated_felony_is_particularly_serious(known):
    if any(answer(known, category) for category in AGGRAVATED_FELONY):
        assert answer(known, Category.PARTICULARLY_SERIOUS) is True
