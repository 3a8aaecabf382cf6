"""The table of the statutes as it is asked: of every offence code, the rows that speak of it.

Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening.evidence.offences import family_of
from screening.facts import OffenceFamily
from screening.statutes.categories import AGGRAVATED_FELONY, Category, Confidence
from screening.statutes.document import Document, Exceptions, When, expanded, read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    category: Category
    section: str
    confidence: Confidence
    when: When
    needs: tuple[str, ...]
    note: str
    felony: bool
    """Whether it speaks of INA 101(a)(43), or follows from what does."""


@dataclass(frozen=True, slots=True)
class Statutes:
    offences: Mapping[str, str]
    """Every code, in words."""
    rows: Mapping[str, Mapping[Category, tuple[Row, ...]]]
    """For every code, the rows that speak of it."""
    codes_of: Mapping[OffenceFamily, tuple[str, ...]]
    """The codes that an offence of a family may have; none of OTHER, which may have any."""
    sections: Mapping[Category, str]
    exceptions: Exceptions


def read(text: str, offences: Mapping[str, str], *, name: str = "statutes.yaml") -> Statutes:
    """Return the table that the YAML text states for these offences.

    Raises StatutesRefused with every problem: the line of broken YAML, or the row and key.
    """
    return _compiled(read_document(text, offences, name=name), offences)


def _compiled(document: Document, offences: Mapping[str, str]) -> Statutes:
    rows: dict[str, dict[Category, tuple[Row, ...]]] = {code: {} for code in offences}
    for category, of in document.categories.items():
        for stated in of.rows:
            row = Row(
                category=category,
                section=stated.section or of.section,
                confidence=stated.confidence,
                when=stated.when,
                needs=stated.needs,
                note=stated.note,
                felony=category in AGGRAVATED_FELONY,
            )
            for code in expanded(stated.codes, offences):
                rows[code][category] = (*rows[code].get(category, ()), row)
    for of_code in rows.values():
        if of_code:
            felonies = [r for c in Category if c in AGGRAVATED_FELONY for r in of_code.get(c, ())]
            if felonies:
                attempts = tuple(_as_attempt(row) for row in felonies)
                of_code[Category.AGGRAVATED_FELONY_U] = attempts
            of_code[Category.PARTICULARLY_SERIOUS] = (
                *(_as_particularly_serious(row) for row in felonies),
                CASE_BY_CASE,
            )
    codes_of: dict[OffenceFamily, tuple[str, ...]] = {}
    for code in offences:
        family = family_of(code)
        if family is not OffenceFamily.OTHER:
            codes_of[family] = (*codes_of.get(family, ()), code)
    return Statutes(
        offences=offences,
        rows=rows,
        codes_of=codes_of,
        sections={
            Category.AGGRAVATED_FELONY_U: U_SECTION,
            Category.PARTICULARLY_SERIOUS: CASE_BY_CASE.section,
            **{category: of.section for category, of in document.categories.items()},
        },
        exceptions=document.exceptions,
    )


U_SECTION = "INA 101(a)(43)(U)"
CASE_BY_CASE = Row(
    category=Category.PARTICULARLY_SERIOUS,
    section="INA 208(b)(2)(A)(ii), 241(b)(3)(B)(ii)",
    confidence=Confidence.POSSIBLE,
    when=When(),
    needs=(),
    note="Case by case; Matter of Frentescu, 18 I&N Dec. 244 (BIA 1982).",
    felony=False,
)


def _as_attempt(row: Row) -> Row:
    """Return the row for an attempt or conspiracy: codes do not tell it from the completed act.

    The loss may be one that was intended (Matter of S-I-K-, 24 I&N Dec. 324 (BIA 2007)), so the
    loss on record is no limit.
    """
    return Row(
        category=Category.AGGRAVATED_FELONY_U,
        section=U_SECTION,
        confidence=Confidence.POSSIBLE,
        when=row.when.model_copy(update={"loss_over_dollars": None}),
        needs=(*row.needs, "whether it was an attempt or a conspiracy"),
        note=f"An attempt or conspiracy under {row.section}.",
        felony=True,
    )


def _as_particularly_serious(row: Row) -> Row:
    return Row(
        category=Category.PARTICULARLY_SERIOUS,
        section="INA 208(b)(2)(B)(i)",
        confidence=row.confidence,
        when=row.when,
        needs=row.needs,
        note=f"For asylum, as an aggravated felony under {row.section}.",
        felony=True,
    )
