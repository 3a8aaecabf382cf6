"""A record of any stage - arrest, charge or conviction - in one of the listed categories.

For laws that attach a consequence to a charge or an arrest itself. It says nothing about guilt. A
charge dismissed or not prosecuted, or of which the person was acquitted, counts too, because the
law asks only whether there was one; a juvenile adjudication does not. Where the law asks for
inadmissibility too, it goes by the manner of entry as charged: fraud by a person who was admitted,
INA 212(a)(6)(C), is not looked at. Law: INA 236(c)(1)(E).
"""

from __future__ import annotations

from datetime import date

from screening.criteria.conviction import in_categories
from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, Disposition, Entry
from screening.findings import Answer, Finding, clear, holds
from screening.statutes import Category, Confidence


class Params(KindParams):
    categories: frozenset[Category]
    accept: Confidence = Confidence.BY_CODE
    manners: frozenset[Entry] | None = None
    since: date | None = None
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    if params.since is not None and facts.as_of < params.since:
        return clear("The law is not in force yet.", params.since)
    entry = facts.manner_of_entry
    if params.manners is not None and entry is not None and entry not in params.manners:
        return clear("The charges state another manner of entry.")
    counted, undecided = [], []
    for record in facts.records:
        if record.disposition is Disposition.JUVENILE_ADJUDICATION:
            continue
        falls = in_categories(record, params.categories, params.accept)
        if falls:
            counted.append(record.key)
        elif falls is None:
            undecided.append(record.key)
    if counted and params.manners is not None and entry is None:
        return Finding(
            Answer.UNKNOWN,
            "A record is in a listed category; the manner of entry is not on record.",
            tuple(counted),
            missing="manner of entry (I-213, charges)",
        )
    if counted:
        return holds(f"{len(counted)} record(s) in a listed category.", tuple(counted))
    if undecided:
        return Finding(
            Answer.UNKNOWN,
            "Whether a record is in a listed category is not settled.",
            tuple(undecided),
            missing="charging document; a lawyer's analysis of the statute",
        )
    return params.search.found_nothing(facts, "No record in a listed category.")


KIND = Kind(
    code="record-in-category",
    about=__doc__,
    params=Params,
    reads=("manner_of_entry", "records", "checks"),
    check=check,
    example=Params(
        categories=frozenset({Category.LAKEN_RILEY}),
        manners=frozenset({Entry.WITHOUT_ADMISSION, Entry.AT_PORT}),
        search=FINGERPRINT,
    ),
    words=Words(
        would_clear=(
            "no arrest, charge or conviction in a listed category, and a {search} that is on "
            "record, not expired and without an open hit, or a manner of entry that does not "
            "count, or a day of screening on which the law is not yet in force"
        ),
        would_hold=(
            "an arrest, charge or conviction in a listed category, of a person whose manner of "
            "entry counts, once the law is in force"
        ),
        obtained_by=(
            "The office orders the check, and has the manner of entry from the I-213 and the "
            "charges; the criminal court has the charging document; a lawyer of the office "
            "analyses the statute."
        ),
        params={
            "categories": "The categories of the statutes that count.",
            "accept": ("How sure the table of offences must be that an offence is in a category."),
            "manners": (
                "The manners of entry, as the charges state them, that count; left out, any."
            ),
            "since": ("The first day on which the law is in force; left out, it always is."),
        },
    ),
)
