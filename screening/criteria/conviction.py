"""A conviction of one of the listed offences.

Counts convictions only: an arrest, a charge without disposition, a dismissed charge, a juvenile
adjudication and a conviction vacated for a legal defect do not count. A conviction that would
count if its sentence or severity were on record makes the answer unknown. Whether an offence is
particularly serious in fact is for a person to judge. Law: INA 101(a)(48)(A).
"""

from __future__ import annotations

from collections.abc import Set

from pydantic import PositiveInt

from screening.criteria.dates import add_years
from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, OffenceFamily, Record, Severity
from screening.findings import Answer, Finding, holds
from screening.statutes import ANALYSIS, Category, Classified, Confidence, classify


class Offence(KindParams):
    """A description that a conviction answers to, does not, or cannot be held to.

    `categories` are those of the statutes; where only a lawyer could tell whether an offence is in
    one, it does not answer to the description: see the kind "needs analysis".
    """

    families: frozenset[OffenceFamily] | None = None
    categories: frozenset[Category] | None = None
    accept: Confidence = Confidence.BY_CODE
    foreign: bool | None = None
    victim_minor: bool | None = None
    severities: frozenset[Severity] | None = None
    min_sentence_days: PositiveInt | None = None
    weapon: bool | None = None

    def describes(self, record: Record) -> bool | None:
        """Return whether the record answers to this; None: what would tell is not on record."""
        if self.families is not None and record.family not in self.families:
            return False
        if self.foreign is not None and record.foreign is not self.foreign:
            return False
        answer: bool | None = True
        if self.categories is not None:
            found = _found_in(record, self.categories, self.accept)
            answer = _together(found)
            if answer is False or _only_a_lawyer_can_tell(found):
                return False
        if self.severities is not None and record.severity not in self.severities:
            if record.severity is not Severity.UNKNOWN:
                return False
            answer = None
        if self.min_sentence_days is not None:
            if record.sentence_days is None:
                answer = None
            elif record.sentence_days < self.min_sentence_days:
                return False
        for wanted, known in (
            (self.weapon, record.weapon),
            (self.victim_minor, record.victim_minor),
        ):
            if wanted is not None and known is not wanted:
                if known is not None:
                    return False
                answer = None
        return answer


def in_categories(record: Record, categories: Set[Category], accept: Confidence) -> bool | None:
    """Return whether the offence is in one of the categories; None: the record does not tell."""
    return _together(_found_in(record, categories, accept))


def _together(found: list[Classified]) -> bool | None:
    answers = [of.answer for of in found]
    return True if True in answers else None if None in answers else False


def _only_a_lawyer_can_tell(found: list[Classified]) -> bool:
    return not any(f.answer for f in found) and all(ANALYSIS in f.missing for f in found)


def _found_in(record: Record, categories: Set[Category], accept: Confidence) -> list[Classified]:
    # Few categories speak of an offence, and many may be listed.
    found = classify(record, accept=accept)
    return [of for category, of in found.items() if category in categories]


class Params(KindParams):
    offences: tuple[Offence, ...]
    min_count: PositiveInt = 1
    within_years: PositiveInt | None = None
    search: Search

    def describe(self, record: Record) -> bool | None:
        """Return whether the record answers to one of the offences; None: it may."""
        answer: bool | None = False
        for offence in self.offences:
            described = offence.describes(record)
            if described:
                return True
            if described is None:
                answer = None
        return answer


def check(facts: CaseFacts, params: Params) -> Finding:
    valid_until = None
    if facts.records:
        counted = []
        undecided = []
        for record in facts.records:
            if not record.is_conviction:
                continue
            described = params.describe(record)
            if params.within_years is not None and described is not False:
                if record.disposed_on is None:
                    described = None
                else:
                    lapses_on = add_years(record.disposed_on, params.within_years)
                    if lapses_on <= facts.as_of:
                        continue
                    valid_until = min(valid_until or lapses_on, lapses_on)
            if described:
                counted.append(record.key)
            elif described is None:
                undecided.append(record.key)
        if len(counted) >= params.min_count:
            return holds(
                f"{len(counted)} conviction(s) of a listed offence.", tuple(counted), valid_until
            )
        if len(counted) + len(undecided) >= params.min_count:
            return Finding(
                Answer.UNKNOWN,
                "A conviction may be of a listed offence; what would tell is not on record.",
                tuple(counted + undecided),
                valid_until,
                "certified disposition with statute, severity and sentence",
            )
    return params.search.found_nothing(facts, "No such conviction.")


KIND = Kind(
    code="conviction",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(
        offences=(
            Offence(families=frozenset({OffenceFamily.DRUG_TRAFFICKING})),
            Offence(families=frozenset({OffenceFamily.ASSAULT}), min_sentence_days=365),
        ),
        search=FINGERPRINT,
    ),
    words=Words(
        would_clear=(
            "fewer than {min_count} conviction(s) of a listed offence, where one that was "
            "dismissed, vacated for a legal defect or of another offence does not count, and a "
            "{search} that is on record, not expired and without an open hit"
        ),
        would_hold=(
            "{min_count} or more conviction(s) of a listed offence, not vacated for a legal defect"
        ),
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies a disposition, "
            "its severity and its sentence."
        ),
        params={
            "offences": (
                "The offences that count: a conviction counts if it answers to one of them."
            ),
            "families": "The kinds of offence it may be of.",
            "categories": "The categories of the statutes it may be in; left out, any or none.",
            "accept": "How sure the table of offences must be that an offence is in a category.",
            "foreign": "Whether it is of a court abroad; left out, either.",
            "victim_minor": "Whether the victim was a minor; left out, either.",
            "severities": "How severe it may be; left out, of any severity.",
            "min_sentence_days": "The least sentence, in days; left out, any sentence.",
            "weapon": "Whether a weapon was used; left out, either.",
            "min_count": "How many such convictions it takes.",
            "within_years": (
                "Counts only what was disposed of within so many years; left out, whatever its "
                "date."
            ),
        },
    ),
)
