"""Our table of offence codes, held to the published one."""

from __future__ import annotations

import csv

import pytest

from screening.statutes import STATUTES, Category

pytestmark = pytest.mark.reference


@pytest.fixture
def published(data) -> dict[str, str]:
    with (data / "criminal" / "codes" / "ncic_off_codes_niem1.csv").open() as file:
        return {row["code"]: row["description"] for row in csv.DictReader(file)}


def test_every_published_code_has_a_row_or_is_without_category(published):
    assert set(STATUTES.offences) == set(published)
    assert set(STATUTES.rows) == set(published)


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("RAPE", Category.AGGRAVATED_FELONY_A),
        ("BURGL", Category.LAKEN_RILEY),
        ("LARC", Category.LAKEN_RILEY),
        ("THEFT", Category.AGGRAVATED_FELONY_G),
        ("ROBBERY", Category.VIOLENT),
        ("HEROIN", Category.CONTROLLED_SUBSTANCE),
        ("MARIJUANA", Category.CONTROLLED_SUBSTANCE),
        ("GUN", Category.FIREARMS),
        ("FRAUD", Category.AGGRAVATED_FELONY_M),
        ("EXPLOITATION OF MINOR", Category.AGGRAVATED_FELONY_I),
        ("CHILD", Category.DOMESTIC_VIOLENCE),
        ("COUNTERFEIT", Category.AGGRAVATED_FELONY_R),
        ("PERJURY", Category.AGGRAVATED_FELONY_S),
        ("KIDNAP", Category.AGGRAVATED_FELONY_F),
        ("HOMICIDE", Category.LAKEN_RILEY),
        ("DRIVING UNDER INFLUENCE", Category.DRIVING_UNDER_INFLUENCE),
    ],
)
def test_what_a_published_description_names_is_in_its_category(published, words, category):
    named = [code for code, description in published.items() if words in description]

    assert named
    assert [code for code in named if category not in STATUTES.rows[code]] == []
