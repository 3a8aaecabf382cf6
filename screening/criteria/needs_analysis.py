"""A conviction that may be in a category of the statutes, where only a lawyer can tell.

The table of offences names the category as likely or possible: whether the elements of the state's
offence match needs the categorical approach, which no table decides. Law: Taylor v. United States,
495 U.S. 575 (1990); Mathis v. United States, 579 U.S. 500 (2016).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, Record
from screening.findings import Finding, holds
from screening.statutes import ANALYSIS, Category, Confidence, classify


class Params(KindParams):
    categories: frozenset[Category]
    accept: Confidence = Confidence.BY_CODE
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    found = tuple(r.key for r in facts.convictions if _needs_analysis(r, params))
    if found:
        return holds(f"{len(found)} conviction(s) that only a lawyer can classify.", found)
    return params.search.found_nothing(facts, "No conviction that needs a lawyer to classify it.")


def _needs_analysis(record: Record, params: Params) -> bool:
    found = classify(record, accept=params.accept)
    of_interest = [of for category, of in found.items() if category in params.categories]
    return not any(f.answer for f in of_interest) and any(
        ANALYSIS in f.missing for f in of_interest
    )


KIND = Kind(
    code="needs-analysis",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(categories=frozenset({Category.AGGRAVATED_FELONY_F}), search=FINGERPRINT),
    words=Words(
        would_clear=(
            "no conviction of which only a lawyer can tell whether it is in a listed category, "
            "and a {search} that is on record, not expired and without an open hit"
        ),
        would_hold=(
            "a conviction of which only a lawyer can tell whether it is in a listed category"
        ),
        obtained_by=(
            "The office orders the check; a lawyer of the office analyses the statute of "
            "conviction."
        ),
        params={
            "categories": "The categories of the statutes that count.",
            "accept": ("How sure the table of offences must be that an offence is in a category."),
        },
    ),
)
