"""One crime involving moral turpitude that the petty-offence exception covers.

Asks whether the table of offences takes it as such a crime, and whether maximum and sentence are
within the exception; what is not on record leaves it open, and so does a hit of the check that
nobody has resolved: the exception is for one crime only. Law: INA 212(a)(2)(A)(ii)(II).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Answer, Finding, clear, holds
from screening.statutes import Category, Confidence, answer, petty_offence


class Params(KindParams):
    accept: Confidence = Confidence.LIKELY
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    unsearched = params.search.missing_or_expired(facts)
    if unsearched is not None:
        return unsearched
    expires_on = params.search.expires_on(facts.checks[params.search.check])
    convictions = facts.convictions
    of_turpitude = [
        r for r in convictions if answer(r, Category.MORAL_TURPITUDE, accept=params.accept)
    ]
    if len(of_turpitude) != 1:
        return clear("Not one such crime alone.", expires_on)
    (only,) = of_turpitude
    others = [r for r in convictions if r is not only]
    covered = petty_offence(only, others, accept=params.accept)
    if covered.answer:
        return params.search.open_hit(facts) or holds(
            "The only such crime is a petty offence.", (only.key,), expires_on
        )
    if covered.answer is None:
        return Finding(
            Answer.UNKNOWN,
            "Whether the only such crime is a petty offence is not settled.",
            (only.key,),
            expires_on,
            "; ".join(covered.missing),
        )
    return clear("The only such crime is not a petty offence.", expires_on)


KIND = Kind(
    code="petty-offence",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear=(
            "no crime involving moral turpitude, more than one, or one beyond the petty-offence "
            "exception, and a {search} that is on record and not expired"
        ),
        would_hold=(
            "one crime involving moral turpitude, within the petty-offence exception, and a "
            "{search} that is on record, not expired and without an open hit"
        ),
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies a "
            "disposition, the maximum penalty and the sentence."
        ),
        params={
            "accept": ("How sure the table of offences must be that an offence is in a category."),
        },
    ),
    favourable=True,
)
