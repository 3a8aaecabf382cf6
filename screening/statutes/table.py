"""The table of the statutes: what its authors may write, and how it is read.

Every error names the row and the key. Pure: no database, no clock.
"""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Any, NamedTuple, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from screening.evidence.offences import family_of
from screening.facts import OffenceFamily, Severity


class Category(StrEnum):
    """What the statutes, and the memoranda under them, attach consequences to."""

    AGGRAVATED_FELONY_A = "aggravated-felony-a"  # murder, rape, sexual abuse of a minor
    AGGRAVATED_FELONY_B = "aggravated-felony-b"  # drug trafficking
    AGGRAVATED_FELONY_C = "aggravated-felony-c"  # firearms trafficking
    AGGRAVATED_FELONY_D = "aggravated-felony-d"  # money laundering
    AGGRAVATED_FELONY_E = "aggravated-felony-e"  # explosives and firearms
    AGGRAVATED_FELONY_F = "aggravated-felony-f"  # crime of violence
    AGGRAVATED_FELONY_G = "aggravated-felony-g"  # theft, burglary
    AGGRAVATED_FELONY_H = "aggravated-felony-h"  # ransom
    AGGRAVATED_FELONY_I = "aggravated-felony-i"  # child pornography
    AGGRAVATED_FELONY_J = "aggravated-felony-j"  # racketeering, gambling
    AGGRAVATED_FELONY_K = "aggravated-felony-k"  # prostitution business, trafficking in persons
    AGGRAVATED_FELONY_L = "aggravated-felony-l"  # treason, espionage, sabotage
    AGGRAVATED_FELONY_M = "aggravated-felony-m"  # fraud, tax evasion
    AGGRAVATED_FELONY_N = "aggravated-felony-n"  # alien smuggling
    AGGRAVATED_FELONY_O = "aggravated-felony-o"  # entry after deportation
    AGGRAVATED_FELONY_P = "aggravated-felony-p"  # document fraud
    AGGRAVATED_FELONY_Q = "aggravated-felony-q"  # failure to appear for a sentence
    AGGRAVATED_FELONY_R = "aggravated-felony-r"  # forgery, counterfeiting, commercial bribery
    AGGRAVATED_FELONY_S = "aggravated-felony-s"  # obstruction, perjury, bribery of a witness
    AGGRAVATED_FELONY_T = "aggravated-felony-t"  # failure to appear before a court
    AGGRAVATED_FELONY_U = "aggravated-felony-u"  # attempt, conspiracy
    MORAL_TURPITUDE = "moral-turpitude"
    CONTROLLED_SUBSTANCE = "controlled-substance"
    CONTROLLED_SUBSTANCE_TRAFFICKING = "controlled-substance-trafficking"
    FIREARMS = "firearms"
    DOMESTIC_VIOLENCE = "domestic-violence"
    PROSTITUTION = "prostitution"
    TRAFFICKING_IN_PERSONS = "trafficking-in-persons"
    MONEY_LAUNDERING = "money-laundering"
    PARTICULARLY_SERIOUS = "particularly-serious"
    LAKEN_RILEY = "laken-riley"
    VIOLENT = "violent"
    DRIVING_UNDER_INFLUENCE = "driving-under-influence"
    FRAUD = "fraud"
    SMUGGLING = "smuggling"


AGGRAVATED_FELONY = frozenset(c for c in Category if c.startswith("aggravated-felony-"))
"""Any of the subsections of INA 101(a)(43)."""

WORKED_OUT = frozenset({Category.AGGRAVATED_FELONY_U, Category.PARTICULARLY_SERIOUS})
"""The categories that follow from the others' rows and have none of their own."""


class Confidence(StrEnum):
    """How far the code of an offence settles that the statute speaks of it."""

    BY_CODE = "by-code"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """Its place among the others, the most certain first."""
        return _RANKS[self]


_RANKS = {c: place for place, c in enumerate(Confidence)}


class Seen(NamedTuple):
    """What is read of a record: two records alike in this fall in the same categories."""

    ncic: str
    family: OffenceFamily
    severity: Severity
    sentence_days: int | None
    maximum_days: int | None
    weapon: bool | None
    loss_dollars: int | None
    victim_minor: bool | None
    foreign: bool


class StatutesRefused(ValueError):
    """The table cannot be used: `problems` says in which row and key, and why."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(problems))
        self.problems = tuple(problems)


# The table as its authors write it.

Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
Section = Annotated[str, StringConstraints(pattern=r"^(INA \d+|Mayorkas memorandum, part )")]
Codes = Annotated[
    str,
    StringConstraints(pattern=r"^(\d{4}(-\d{4})?|\d{2}xx)( (\d{4}(-\d{4})?|\d{2}xx))*$"),
]


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for place, (key, _) in enumerate(node.value):
            if key.value in keys[:place]:
                raise yaml.constructor.ConstructorError(
                    problem=f"{key.value} stands twice", problem_mark=key.start_mark
                )
        return super().construct_mapping(node, deep)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Model):
    """What the law asks of the record besides the offence itself."""

    min_sentence_days: PositiveInt | None = None
    min_maximum_days: PositiveInt | None = None
    loss_over_dollars: NonNegativeInt | None = None
    severities: frozenset[Severity] | None = Field(default=None, min_length=1)
    weapon: bool | None = None
    victim_minor: bool | None = None

    def open_questions(self, seen: Seen) -> tuple[str, ...] | None:
        """Return what is not on record; empty: all of this is met; None: some of it is not."""
        asked = []
        for name, limit, known in (
            ("sentence", self.min_sentence_days, seen.sentence_days),
            ("maximum penalty", self.min_maximum_days, seen.maximum_days),
            (
                "loss amount",
                None if self.loss_over_dollars is None else self.loss_over_dollars + 1,
                seen.loss_dollars,
            ),
        ):
            if limit is not None:
                if known is None:
                    asked.append(name)
                elif known < limit:
                    return None
        if self.severities is not None and seen.severity not in self.severities:
            if seen.severity is not Severity.UNKNOWN:
                return None
            asked.append("severity")
        for name, wanted, said in (
            ("weapon", self.weapon, seen.weapon),
            ("age of the victim", self.victim_minor, seen.victim_minor),
        ):
            if wanted is not None and said is not wanted:
                if said is not None:
                    return None
                asked.append(name)
        return tuple(asked)


class RowDocument(_Model):
    codes: Codes
    confidence: Confidence
    when: When = When()
    needs: tuple[Text, ...] = ()
    section: Section | None = None
    note: Text


class CategoryDocument(_Model):
    section: Section
    rows: tuple[RowDocument, ...] = Field(min_length=1)


class PettyOffence(_Model):
    section: Section
    max_maximum_days: PositiveInt
    within_sentence_days: PositiveInt
    over_sentence_days: PositiveInt

    @model_validator(mode="after")
    def is_within_or_over(self) -> Self:
        if self.over_sentence_days <= self.within_sentence_days:
            raise ValueError("over_sentence_days is not above within_sentence_days")
        return self


class Youthful(_Model):
    section: Section
    under: PositiveInt
    years: PositiveInt


class ParticularlySerious(_Model):
    section: Section
    aggregate_days: PositiveInt


class Exceptions(_Model):
    petty_offence: PettyOffence
    youthful: Youthful
    particularly_serious: ParticularlySerious


class WithoutCategory(_Model):
    codes: Codes


class Document(_Model):
    exceptions: Exceptions
    categories: dict[Category, CategoryDocument]
    without_category: WithoutCategory


# The table as it is asked.


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


def read_offences(text: str, *, name: str = "ncic.csv") -> dict[str, str]:
    """Return the offence codes in words. Raises StatutesRefused with every problem."""
    offences: dict[str, str] = {}
    problems = []
    for line, row in enumerate(csv.reader(text.splitlines()), start=1):
        if line == 1 and row == ["code", "offence"]:
            continue
        if len(row) != 2 or not (len(row[0]) == 4 and row[0].isdecimal()) or not row[1].strip():
            problems.append(f"line {line}: not a code of four digits and its words")
        elif row[0] in offences:
            problems.append(f"line {line}: code {row[0]} stands twice")
        else:
            offences[row[0]] = row[1]
    if problems or not offences:
        raise StatutesRefused(name, problems or ["no offence in it"])
    return offences


def read(text: str, offences: Mapping[str, str], *, name: str = "statutes.yaml") -> Statutes:
    """Return the table that the YAML text states for these offences.

    Raises StatutesRefused with every problem: the line of broken YAML, or the row and key.
    """
    try:
        content = _Loader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise StatutesRefused(name, [f"{place}{error.problem}"]) from error
    try:
        document = Document.model_validate(content)
    except ValidationError as error:
        problems = [f"{_place(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise StatutesRefused(name, problems) from error
    if problems := list(_problems(document, offences)):
        raise StatutesRefused(name, problems)
    return _compiled(document, offences)


def _place(loc: tuple[int | str, ...]) -> str:
    """Return a place in the document in words, rows counted from one."""
    parts = [
        f"row {part + 1}" if isinstance(part, int) else part
        for part in loc
        if part not in {"categories", "rows", "[key]"}
    ]
    return ", ".join(parts) or "document"


def _problems(document: Document, offences: Mapping[str, str]) -> Iterator[str]:
    """Yield what no single key shows: categories and codes left out, unknown or stated twice."""
    for category in Category:
        if (category in document.categories) is (category in WORKED_OUT):
            why = "is worked out from the others" if category in WORKED_OUT else "is missing"
            yield f"{category}: the category {why}"
    named: set[str] = set()
    for category, of in document.categories.items():
        numbers: dict[str, list[int]] = {}
        for number, row in enumerate(of.rows, start=1):
            place = f"{category}, row {number}, codes"
            yield from _unknown_codes(place, row.codes, offences)
            for code in _expanded(row.codes, offences):
                numbers.setdefault(code, []).append(number)
        for code, spoken_of in numbers.items():
            for one, other in combinations(spoken_of, 2):
                if clash := _clash(of.rows[one - 1], of.rows[other - 1]):
                    yield f"{category}, row {other}, codes: {code} {clash} row {one}"
        named |= numbers.keys()
    place, without = "without_category, codes", document.without_category.codes
    yield from _unknown_codes(place, without, offences)
    unnamed = list(_expanded(without, offences))
    for code, words in offences.items():
        if unnamed.count(code) > 1:
            yield f"{place}: {code} stands twice"
        if code in named and code in unnamed:
            yield f"{place}: {code} is in a row"
        if code not in named and code not in unnamed:
            yield f"{place}: {code} ({words}) is neither here nor in a row"


def _codes_of(part: str, offences: Mapping[str, str]) -> list[str]:
    """Return the known codes that a code, a run of codes or a prefix stands for."""
    if part.endswith("xx"):
        return [code for code in offences if code.startswith(part[:2])]
    first, _, last = part.partition("-")
    return [code for code in offences if first <= code <= (last or first)]


def _expanded(codes: str, offences: Mapping[str, str]) -> Iterator[str]:
    for part in codes.split(" "):
        yield from _codes_of(part, offences)


def _unknown_codes(place: str, codes: str, offences: Mapping[str, str]) -> Iterator[str]:
    for part in codes.split(" "):
        if not _codes_of(part, offences):
            yield f"{place}: there is no code {part}"


def _clash(one: RowDocument, other: RowDocument) -> str | None:
    """Return how the later row cannot stand beside the earlier for one code, if it cannot."""
    if one.when == other.when:
        return "repeats" if one.confidence is other.confidence else "contradicts"
    general, special = (one, other) if one.when == When() else (other, one)
    covers = general.when == When() and not general.needs
    if covers and general.confidence.rank <= special.confidence.rank:
        return "makes no difference beside"
    return None


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
            for code in _expanded(stated.codes, offences):
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
