"""The table of the statutes as its authors write it: what they may write, and what is refused.

Every error names the row and the key. Pure: no database, no clock.
"""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Annotated, Any, Self

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

from screening.facts import Severity
from screening.statutes.categories import WORKED_OUT, Category, Confidence, Seen


class StatutesRefused(ValueError):
    """The table cannot be used: `problems` says in which row and key, and why."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(problems))
        self.problems = tuple(problems)


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


def read_document(text: str, offences: Mapping[str, str], *, name: str) -> Document:
    """Return what the YAML text states of these offences.

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
    return document


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
            for code in expanded(row.codes, offences):
                numbers.setdefault(code, []).append(number)
        for code, spoken_of in numbers.items():
            for one, other in combinations(spoken_of, 2):
                if clash := _clash(of.rows[one - 1], of.rows[other - 1]):
                    yield f"{category}, row {other}, codes: {code} {clash} row {one}"
        named |= numbers.keys()
    place, without = "without_category, codes", document.without_category.codes
    yield from _unknown_codes(place, without, offences)
    unnamed = list(expanded(without, offences))
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


def expanded(codes: str, offences: Mapping[str, str]) -> Iterator[str]:
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
