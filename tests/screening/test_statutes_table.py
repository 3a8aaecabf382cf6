"""A table that contradicts itself, or leaves a code out, is refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening.statutes import STATUTES
from screening.statutes.categories import AGGRAVATED_FELONY, WORKED_OUT, Category, Confidence
from screening.statutes.document import StatutesRefused, read_offences
from screening.statutes.table import read

TEXT = Path("screening/statutes/statutes.yaml").read_text()


def refused(text: str) -> str:
    with pytest.raises(StatutesRefused) as caught:
        read(text, STATUTES.offences, name="statutes.yaml")
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def with_row(row: str) -> str:
    """Return the table with one more row of smuggling, the last of the categories."""
    return changed(
        "        note: The code may stand for smuggling.\n\nwithout_category",
        f"        note: The code may stand for smuggling.\n{row}\nwithout_category",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param(
            '      - {codes: "0303", confidence: by-code, note: Again.}',
            "smuggling, row 3, codes: 0303 repeats row 1",
            id="stated twice",
        ),
        pytest.param(
            '      - {codes: "0303", confidence: possible, note: Doubt.}',
            "smuggling, row 3, codes: 0303 contradicts row 1",
            id="contradicted",
        ),
        pytest.param(
            '      - {codes: "0303", confidence: likely, when: {weapon: true}, note: Armed.}',
            "smuggling, row 3, codes: 0303 makes no difference beside row 1",
            id="never reached",
        ),
        pytest.param(
            '      - {codes: "0304", confidence: likely, note: Nothing.}',
            "smuggling, row 3, codes: there is no code 0304",
            id="no such code",
        ),
        pytest.param(
            "      - {codes: 88xx, confidence: likely, note: Nothing.}",
            "smuggling, row 3, codes: there is no code 88xx",
            id="no such prefix",
        ),
        pytest.param(
            "      - {codes: 0302, confidence: likely, note: Without quotes.}",
            "smuggling, row 3, codes: Input should be a valid string",
            id="a code without quotes",
        ),
        pytest.param(
            '      - {codes: "0302", confidence: certain, note: Too sure.}',
            "smuggling, row 3, confidence: Input should be",
            id="unknown confidence",
        ),
        pytest.param(
            '      - {codes: "0302", confidence: likely}',
            "smuggling, row 3, note: Field required",
            id="no note",
        ),
        pytest.param(
            '      - {codes: "0302", confidence: likely, when: {sentence: 365}, note: Wrong key.}',
            "smuggling, row 3, when, sentence: Extra inputs are not permitted",
            id="unknown condition",
        ),
        pytest.param(
            '      - {codes: "0302", confidence: likely, section: somewhere, note: No law.}',
            "smuggling, row 3, section: String should match",
            id="no section of the law",
        ),
        pytest.param(
            '      - {codes: "5707", confidence: likely, note: Elsewhere.}',
            "without_category, codes: 5707 is in a row",
            id="said to be without category",
        ),
    ],
)
def test_a_wrong_row_is_named(row, said):
    message = refused(with_row(row))

    assert message.startswith("statutes.yaml: ")
    assert said in message


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            '      - {codes: "0302", confidence: likely, when: {weapon: true}, note: Armed.}\n'
            '      - {codes: "0302", confidence: possible, note: In any case.}',
            id="more certain on a condition",
        ),
        pytest.param(
            '      - {codes: "0302", confidence: possible, when: {weapon: true}, note: Armed.}\n'
            '      - {codes: "0302", confidence: possible, when: {victim_minor: true}, note: Age.}',
            id="one condition or another",
        ),
    ],
)
def test_rows_for_one_code_may_differ_in_their_conditions(row):
    table = read(with_row(row), STATUTES.offences)

    assert len(table.rows["0302"][Category.SMUGGLING]) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("5599 5707 5708", "5599 5708", "5707 (trespass) is neither", id="left out"),
        pytest.param("5599 5707 5708", "5599 5707 5707 5708", "5707 stands twice", id="twice"),
        pytest.param(
            "  smuggling:\n", "  smugling:\n", "smugling: Input should be", id="misspelt category"
        ),
        pytest.param(
            "  smuggling:\n",
            "  aggravated-felony-u:\n",
            "aggravated-felony-u: the category is worked out from the others; "
            "smuggling: the category is missing",
            id="worked out",
        ),
        pytest.param("  smuggling:\n", "  fraud:\n", "fraud stands twice", id="category twice"),
        pytest.param(
            "    over_sentence_days: 185",
            "    over_sentence_days: 180",
            "exceptions, petty_offence: Value error, over_sentence_days is not above",
            id="within and over",
        ),
        pytest.param("exceptions:\n", "exceptions: [\n", "line ", id="broken YAML"),
    ],
)
def test_a_wrong_table_is_refused(old, new, said):
    assert said in refused(changed(old, new))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("code,offence\n303,short\n", "line 2: not a code", id="three digits"),
        pytest.param("code,offence\n0303,\n", "line 2: not a code", id="no words"),
        pytest.param(
            "code,offence\n0303,a\n0303,b\n", "line 3: code 0303 stands twice", id="twice"
        ),
        pytest.param("code,offence\n", "no offence in it", id="empty"),
    ],
)
def test_wrong_offences_are_refused(text, said):
    with pytest.raises(StatutesRefused, match=said):
        read_offences(text)


def test_every_category_is_reached_by_some_code():
    assert {c for rows in STATUTES.rows.values() for c in rows} == set(Category)
    assert set(STATUTES.sections) == set(Category)


def test_attempts_and_serious_crimes_are_worked_out_from_the_felonies():
    for rows in STATUTES.rows.values():
        felony = any(rows.get(c) for c in AGGRAVATED_FELONY - WORKED_OUT)

        assert (Category.AGGRAVATED_FELONY_U in rows) is felony
        assert (Category.PARTICULARLY_SERIOUS in rows) is bool(rows)


def test_no_code_names_moral_turpitude_or_an_attempt():
    for category in (Category.MORAL_TURPITUDE, Category.AGGRAVATED_FELONY_U):
        rows = [row for of in STATUTES.rows.values() for row in of.get(category, ())]

        assert rows
        assert all(row.confidence is not Confidence.BY_CODE for row in rows)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("aggravated-felony-b", "controlled-substance-trafficking"),
        ("controlled-substance-trafficking", "controlled-substance"),
        ("aggravated-felony-c", "firearms"),
        ("aggravated-felony-d", "money-laundering"),
        ("aggravated-felony-n", "smuggling"),
        ("trafficking-in-persons", "moral-turpitude"),
        ("fraud", "moral-turpitude"),
        *((f"aggravated-felony-{letter}", "moral-turpitude") for letter in "abfghkmprs"),
    ],
)
def test_what_may_be_in_the_narrower_category_may_be_in_the_wider(narrow, wide):
    outside = [
        code for code, of in STATUTES.rows.items() if Category(narrow) in of and wide not in of
    ]

    assert outside == []
