"""Convictions that may be of a particularly serious crime.

Holds where aggravated felonies by their code carry a term that the statute takes as particularly
serious. Of another conviction that is or may be an aggravated felony, or is of violence, it is not
known: a lawyer looks at the facts of the case. Of any other it is not asked.
Law: INA 208(b)(2)(B)(i), 241(b)(3)(B); Matter of N-A-M-, 24 I&N Dec. 336 (BIA 2007).
"""

from __future__ import annotations

from screening.criteria.conviction import in_categories
from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Answer, Finding, holds
from screening.statutes import AGGRAVATED_FELONY, Category, Confidence, particularly_serious

GRAVE = AGGRAVATED_FELONY | {Category.VIOLENT}


class Params(KindParams):
    accept: Confidence = Confidence.BY_CODE
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    grave = [r for r in facts.convictions if in_categories(r, GRAVE, params.accept) is not False]
    if grave:
        found = particularly_serious(grave, accept=params.accept)
        keys = tuple(r.key for r in grave)
        if found.answer:
            return holds("Aggravated felonies with a term of five years or more.", keys)
        if found.answer is None:
            return Finding(
                Answer.UNKNOWN,
                "Whether the crime is particularly serious is decided case by case.",
                keys,
                missing="; ".join(found.missing),
            )
    return params.search.found_nothing(facts, "No conviction of that kind.")


KIND = Kind(
    code="particularly-serious",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear=(
            "no conviction that is or may be an aggravated felony or is of violence, and a "
            "{search} that is on record, not expired and without an open hit"
        ),
        would_hold=(
            "aggravated felonies with a term that the statute takes as particularly serious"
        ),
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies a disposition"
            " and its sentence; a lawyer of the office looks at the facts."
        ),
        params={
            "accept": ("How sure the table of offences must be that an offence is in a category."),
        },
    ),
)
