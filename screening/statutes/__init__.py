"""Which categories of the immigration statutes an offence may fall in, by `statutes.yaml`.

It sorts offences; whether there is a conviction is not asked here, and nothing it answers is a
legal conclusion. True means that the code of the offence names what the statute names and that the
record meets what else the law asks; None, that the record does not tell, and `missing` says what
would tell. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from screening.facts import Record
from screening.statutes.categories import AGGRAVATED_FELONY, Category, Confidence, Seen
from screening.statutes.document import read_offences
from screening.statutes.table import Row, read

__all__ = [
    "AGGRAVATED_FELONY",
    "ANALYSIS",
    "Category",
    "Classified",
    "Confidence",
    "Qualified",
    "answer",
    "answer_any",
    "categories_of",
    "classify",
    "falls_in",
    "particularly_serious",
    "petty_offence",
    "youthful",
]

ANALYSIS = "categorical analysis by a lawyer"
OFFENCE_CODE = "offence code"
ENDED_ABROAD = "when the sentence abroad ended"
"""A foreign offence is an aggravated felony for fifteen years from then; INA 101(a)(43), end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """How an offence stands to one category, by the most certain row that speaks of it.

    `answer` None: not to be told from the record; `missing` is what would tell.
    """

    category: Category
    answer: bool | None
    section: str
    confidence: Confidence | None = None
    note: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified:
    """Whether an exception or an aggregate applies; None as in `Classified`."""

    answer: bool | None
    section: str
    missing: tuple[str, ...] = ()


_HERE = Path(__file__).parent
STATUTES = read(
    (_HERE / "statutes.yaml").read_text(encoding="utf-8"),
    read_offences((_HERE / "ncic.csv").read_text(encoding="utf-8")),
)


def answer(
    record: Record, category: Category, *, accept: Confidence = Confidence.BY_CODE
) -> bool | None:
    """Return whether the offence falls in the category; None: not to be told here.

    `accept` is the least certain row that counts as yes; a possible one never does.
    """
    found = classify(record, accept=accept).get(category)
    return False if found is None else found.answer


def answer_any(
    record: Record, categories: Iterable[Category], *, accept: Confidence = Confidence.BY_CODE
) -> bool | None:
    """Return whether the offence falls in any of the categories; None as in `answer`."""
    found = classify(record, accept=accept)
    answers = {found[category].answer for category in categories if category in found}
    return True if True in answers else None if answers else False


def falls_in(
    record: Record, category: Category, *, accept: Confidence = Confidence.BY_CODE
) -> Classified:
    """Return how the offence stands to the category, and what is missing to tell."""
    found = classify(record, accept=accept).get(category)
    return found or Classified(category=category, answer=False, section=STATUTES.sections[category])


def categories_of(
    record: Record, *, accept: Confidence = Confidence.BY_CODE
) -> tuple[Classified, ...]:
    """Return the categories that the offence falls or may fall in, in the order of `Category`."""
    return tuple(classify(record, accept=accept).values())


@lru_cache(maxsize=1_024)  # a dozen criteria ask of one record after the other
def classify(record: Record, *, accept: Confidence) -> Mapping[Category, Classified]:
    """Return what `categories_of` does, by category."""
    seen = Seen(
        record.ncic,
        record.family,
        record.severity,
        record.sentence_days,
        record.maximum_days,
        record.weapon,
        record.loss_dollars,
        record.victim_minor,
        record.foreign,
    )
    return _classified(seen, accept)


# A docket has millions of records, but few that differ in these fields. A known code is more exact
# than the family, which speaks only where there is none.
@lru_cache(maxsize=65_536)
def _classified(seen: Seen, accept: Confidence) -> Mapping[Category, Classified]:
    if seen.ncic in STATUTES.rows:
        return _by_code(seen.ncic, seen, accept)
    return _by_family(seen, accept)


def _by_code(code: str, seen: Seen, accept: Confidence) -> dict[Category, Classified]:
    rows = STATUTES.rows[code]
    judged = ((c, _judged(rows[c], seen, accept)) for c in Category if c in rows)
    return {category: found for category, found in judged if found is not None}


def _by_family(seen: Seen, accept: Confidence) -> dict[Category, Classified]:
    """Judge an offence without a known code: settled only where all codes of its family agree."""
    by_code = [_by_code(c, seen, accept) for c in STATUTES.codes_of.get(seen.family, ())]
    result = {}
    for category in Category:
        found = [f for of in by_code if (f := of.get(category)) is not None]
        if by_code and not found:
            continue
        if found and len(found) == len(by_code) and all(f.answer for f in found):
            result[category] = found[0]
            continue
        missing = dict.fromkeys([OFFENCE_CODE, *(m for f in found for m in f.missing)])
        result[category] = Classified(
            category=category,
            answer=None,
            section=STATUTES.sections[category],
            confidence=Confidence.POSSIBLE,
            missing=tuple(missing),
        )
    return result


def _judged(rows: tuple[Row, ...], seen: Seen, accept: Confidence) -> Classified | None:
    """Return what the rows of one category say together; None: the offence is outside it."""
    settled: list[Row] = []
    undecided: list[tuple[Row, tuple[str, ...]]] = []
    for row in rows:
        asked = row.when.open_questions(seen)
        if asked is None:
            continue
        missing = [*asked, *row.needs]
        if seen.foreign and row.felony:
            missing.append(ENDED_ABROAD)
        if not _suffices(row.confidence, accept):
            missing.append(ANALYSIS)
        if missing:
            undecided.append((row, tuple(missing)))
        else:
            settled.append(row)
    if not settled and not undecided:
        return None
    first = min(settled or [row for row, _ in undecided], key=lambda row: row.confidence.rank)
    return Classified(
        category=first.category,
        answer=True if settled else None,
        section=first.section,
        confidence=first.confidence,
        note=first.note,
        missing=() if settled else tuple(dict.fromkeys(m for _, asked in undecided for m in asked)),
    )


def _suffices(confidence: Confidence, accept: Confidence) -> bool:
    return confidence is not Confidence.POSSIBLE and confidence.rank <= accept.rank


def petty_offence(
    record: Record, others: Iterable[Record] = (), *, accept: Confidence = Confidence.BY_CODE
) -> Qualified:
    """Return whether the petty-offence exception covers the offence, if it is one of turpitude.

    `others` are the other offences of the person that count: the exception is for who committed
    one crime of turpitude only (Matter of Garcia-Hernandez, 23 I&N Dec. 590 (BIA 2003)).
    """
    rule = STATUTES.exceptions.petty_offence
    limbs = [_only_one(others, accept)]
    maximum = record.maximum_days
    limbs.append((None if maximum is None else maximum <= rule.max_maximum_days, "maximum penalty"))
    sentence = record.sentence_days
    if sentence is None:
        limbs.append((None, "sentence"))
    elif rule.within_sentence_days < sentence < rule.over_sentence_days:
        limbs.append((None, "sentence in months"))
    else:
        limbs.append((sentence <= rule.within_sentence_days, "sentence"))
    return _all_of(limbs, rule.section)


def youthful(
    record: Record,
    others: Iterable[Record] = (),
    *,
    as_of: date,
    accept: Confidence = Confidence.BY_CODE,
) -> Qualified:
    """Return whether the exception for an act under eighteen covers the offence, if of turpitude.

    `as_of` is the day of the application for admission. The act is no later than the arrest or the
    disposition, and release no later than the disposition and the whole sentence together; that
    someone was arrested within the years does not say that the act was.
    """
    rule = STATUTES.exceptions.youthful
    age = record.age_at_offence
    limbs = [
        _only_one(others, accept),
        (None if age is None else age < rule.under, "age at the offence"),
        (_more_than_years_ago(_done_by(record), rule.years, as_of), "date of the offence"),
        (_more_than_years_ago(_released_by(record), rule.years, as_of), "date of release"),
    ]
    return _all_of(limbs, rule.section)


def particularly_serious(
    records: Iterable[Record], *, accept: Confidence = Confidence.BY_CODE
) -> Qualified:
    """Return whether aggravated felonies with an aggregate of five years are among the offences.

    Never no unless no offence falls in any category: shorter terms are judged case by case. Terms
    of several offences are not added up to a yes, because they may run concurrently.
    """
    rule = STATUTES.exceptions.particularly_serious
    found = [(record, classify(record, accept=accept)) for record in records]
    terms = [
        record.sentence_days
        for record, of in found
        if any(of[category].answer for category in of if category in AGGRAVATED_FELONY)
    ]
    known = [term for term in terms if term is not None]
    if any(term >= rule.aggregate_days for term in known):
        return Qualified(answer=True, section=rule.section)
    if not any(of for _, of in found):
        return Qualified(answer=False, section=rule.section)
    missing = [ANALYSIS]
    if len(known) < len(terms):
        missing.append("sentence")
    if sum(known) >= rule.aggregate_days:
        missing.append("whether the sentences run concurrently")
    return Qualified(answer=None, section=rule.section, missing=tuple(missing))


def _only_one(others: Iterable[Record], accept: Confidence) -> tuple[bool | None, str]:
    """Return whether none of the other offences involves moral turpitude."""
    answers = {answer(other, Category.MORAL_TURPITUDE, accept=accept) for other in others}
    only = False if True in answers else None if None in answers else True
    return only, "whether another offence involves moral turpitude"


def _all_of(limbs: Iterable[tuple[bool | None, str]], section: str) -> Qualified:
    limbs = list(limbs)
    if any(met is False for met, _ in limbs):
        return Qualified(answer=False, section=section)
    missing = tuple(name for met, name in limbs if met is None)
    return Qualified(answer=None if missing else True, section=section, missing=missing)


def _done_by(record: Record) -> date | None:
    """Return the first day on record by which the act had been done."""
    known = [day for day in (record.arrested_on, record.disposed_on) if day is not None]
    return min(known, default=None)


def _released_by(record: Record) -> date | None:
    if record.disposed_on is None or record.sentence_days is None:
        return None
    return record.disposed_on + timedelta(days=record.sentence_days)


def _more_than_years_ago(day: date | None, years: int, as_of: date) -> bool | None:
    """Return True if it was; None if it was not or is not known, as the day is a latest one."""
    if day is None:
        return None
    try:
        after = day.replace(year=day.year + years)
    except ValueError:  # 29 February
        after = date(day.year + years, 3, 1)
    return True if after < as_of else None
