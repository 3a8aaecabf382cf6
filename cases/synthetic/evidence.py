"""What other agencies hold on the people whose cases are pending, in our own evidence format."""

import json
from typing import Any

from cases.synthetic.days import ISO, YEAR
from cases.synthetic.evidence_codes import CRIMINAL_CHARGES, OFFENCE_OF, OFFENCES, Offence
from cases.synthetic.nationalities import NATIONALITIES
from cases.synthetic.people import Person, give_record_numbers
from cases.synthetic.pools import Rand, between, pick, pool, words

CRIMINAL, THREATS, CHECKS = "criminal_records", "threat_indicators", "background_checks"
FORMS = "completed_forms"
FILES = (CRIMINAL, THREATS, CHECKS, FORMS)

FIFTEEN_MONTHS = 456
_CHARGES = pool([(1, 55), (2, 22), (3, 11), (4, 6), (5, 4), (6, 2)])
_DISPOSITIONS = pool(
    {
        "convicted": 27, "dismissed": 29, "not-prosecuted": 15, "acquitted": 4, "diverted": 7,
        "pending": 10, "": 8,
    }.items()
)  # fmt: skip
_STATES = words("CA TX FL NY NJ IL GA MD VA MA WA AZ NC CO")
_CATEGORIES = pool(
    {
        "gang": 45, "terrorism": 20, "interpol-notice": 15, "human-rights": 8, "espionage": 2,
        "other-security": 10,
    }.items()
)  # fmt: skip
_RESOLUTIONS = pool(
    {
        "not-identical": 56, "unresolved": 28, "identical-non-derogatory": 8,
        "identical-derogatory": 5, "withheld-by-owner": 3,
    }.items()
)  # fmt: skip
_LISTS = words("EXAMPLE-1 EXAMPLE-2 EXAMPLE-3")
_NO_RECORD = pool(
    {
        "no-hit": 960, "not-identical": 15, "unclassifiable-print": 12, "error": 3, "pending": 10,
    }.items()
)  # fmt: skip
_NAME_CHECK = pool({"no-hit": 975, "not-identical": 15, "error": 4, "pending": 6}.items())


class Evidence:
    """The lines of one block, by file."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {name: [] for name in FILES}


def choose_criminal_charge(rand: Rand, person: Person) -> None:
    """Have one adult in a hundred charged with a conviction as a ground of removal."""
    if not person.child and rand() < 0.011:
        person.criminal_charge = pick(rand, CRIMINAL_CHARGES)
        give_record_numbers(rand, person)


def write_evidence(rand: Rand, evidence: Evidence, person: Person, *, until: int) -> None:
    """Write what is held on a person with a pending case; who was arrested gets numbers for it."""
    if not person.pending:
        return
    lines = evidence.lines
    arrested = person.criminal_charge is not None
    if not arrested and not person.child and rand() < 0.095:
        arrested = True
        give_record_numbers(rand, person)
    convicted = arrested and _criminal_records(rand, lines[CRIMINAL], person, until)
    resolution = ""
    if rand() < 0.012:
        for number in range(2 if rand() < 0.1 else 1):
            resolution = _threat_indicator(rand, lines[THREATS], person, until, number)
    result = ""
    if arrested and rand() < 0.97:
        result = "identical-derogatory" if convicted else "identical-non-derogatory"
    _checks(rand, lines[CHECKS], person, until, prints=result, resolution=resolution)
    _forms(rand, lines[FORMS], person, until)


def _line(
    line_type: str, person: Person, *, source: str, record: str, relation: str, **values: Any
) -> str:
    """Return one line of JSON; what is not known is left out."""
    line = {
        "type": line_type,
        "source": source,
        "source_record": f"{record}-{person.a_number[1:]}",
        "source_relation": relation,
        "a_number": person.a_number,
    }
    line.update((name, value) for name, value in values.items() if value is not None)
    return json.dumps(line)


def _relation(rand: Rand) -> str:
    draw = rand()
    if draw < 0.003:
        return "household-member"
    return "court" if draw < 0.03 else "government"


def _criminal_records(rand: Rand, lines: list[str], person: Person, until: int) -> bool:
    """Add one to six charges; say whether one of them ended in a conviction."""
    convicted = False
    for number in range(pick(rand, _CHARGES)):
        disposition = pick(rand, _DISPOSITIONS)
        offence = pick(rand, OFFENCES)
        if number == 0 and person.criminal_charge:
            offence, disposition = OFFENCE_OF[pick(rand, person.criminal_charge[1])], "convicted"
        convicted = convicted or disposition == "convicted"
        lines.append(_criminal_record(rand, person, until, number, offence, disposition))
    return convicted


def _criminal_record(  # noqa: PLR0917 - the values of one line, in one place
    rand: Rand, person: Person, until: int, number: int, offence: Offence, disposition: str
) -> str:
    earliest = max(person.born + 15 * 366, person.arrived, until - 5500)
    arrested = between(rand, min(earliest, until - 20), until - 20)
    age = (arrested - person.born) * 100 // 36525
    if age < 18 and disposition == "convicted":
        disposition = "juvenile-adjudication"
    disposed = 0
    if disposition not in ("", "pending"):
        disposed = min(until, arrested + between(rand, 10, 500))
    felony = rand() * 100 < offence.felonies
    severity = "felony" if felony else "misdemeanor"
    if offence.maximum_days <= 90:
        severity = "violation"
    elif rand() < 0.03:
        severity = "unknown"
    maximum = offence.maximum_days if felony else min(offence.maximum_days, 365)
    sentenced = disposition == "convicted" and rand() < 0.85
    vacated = None
    if disposition == "convicted" and rand() < 0.03:
        vacated = "legal-defect" if rand() < 0.4 else "rehabilitation"
    place = f"US-{pick(rand, _STATES)}"
    if rand() < 0.02:
        place = NATIONALITIES[person.nationality][0] or place
    known = rand() < 0.97
    return _line(
        "criminal_record",
        person,
        source="NCIC",
        record=f"C{number}",
        relation=_relation(rand),
        recorded_on=ISO[disposed or arrested],
        ncic=offence.ncic if known else None,
        family=None if known else "other",
        severity=severity,
        place=place,
        arrested_on=ISO[arrested],
        charged_on=ISO[min(until, arrested + between(rand, 0, 10))] if rand() < 0.8 else None,
        disposition=disposition or None,
        disposed_on=ISO[disposed] if disposed else None,
        sentence_days=int(maximum * rand() * rand()) if sentenced else None,
        maximum_days=maximum if rand() < 0.6 else None,
        vacated=vacated,
        weapon=True if offence.armed else (False if rand() < 0.5 else None),
        age_at_offence=age if rand() < 0.7 else None,
    )


def _threat_indicator(rand: Rand, lines: list[str], person: Person, until: int, number: int) -> str:
    resolution = pick(rand, _RESOLUTIONS)
    noted = until - between(rand, 1, 900)
    resolved = None
    if resolution != "unresolved":
        resolved = ISO[min(until, noted + between(rand, 1, 60))]
    lines.append(
        _line(
            "threat_indicator",
            person,
            source="WATCHLIST",
            record=f"T{number}",
            relation=_relation(rand),
            recorded_on=ISO[noted],
            category=pick(rand, _CATEGORIES),
            list=pick(rand, _LISTS),
            resolution=resolution,
            noted_on=ISO[noted],
            resolved_on=resolved,
        )
    )
    return resolution


def _checks(
    rand: Rand, lines: list[str], person: Person, until: int, *, prints: str, resolution: str
) -> None:
    if rand() < 0.93:
        age = between(rand, 3, FIFTEEN_MONTHS - 6)
        if rand() < 0.08:
            age = between(rand, FIFTEEN_MONTHS + 10, 1600)
        result = prints or pick(rand, _NO_RECORD)
        lines.append(_check(rand, person, until, "fingerprint", age, result))
    if rand() < 0.92:
        age = between(rand, 16, 150) if rand() < 0.06 else between(rand, 0, 14)
        result = pick(rand, _NAME_CHECK)
        if resolution:
            result = "hit-unresolved" if resolution == "unresolved" else resolution
        lines.append(_check(rand, person, until, "watchlist", age, result))
    if rand() < 0.90:
        lines.append(
            _check(rand, person, until, "tecs", between(rand, 0, 179), pick(rand, _NAME_CHECK))
        )
    if rand() < 0.22:
        lines.append(
            _check(rand, person, until, "fbi-name", between(rand, 5, 500), pick(rand, _NAME_CHECK))
        )


# Of a hundred people, on the forms that ask about it.
_FOUND = {
    "interview-1": {
        "citizen-family": 18, "caregiver": 6, "service": 0.4, "health": 7, "pregnancy": 1,
        "rehabilitation": 3, "opposes": 4, "competency": 0.8,
    },
    "file-review-1": {
        "victim-or-witness": 5, "relief-pending": 14, "unaccompanied-child": 3,
        "special-juvenile": 1, "deceased": 0.2, "departed": 1, "citizenship-claim": 0.1,
        "fraud-finding": 0.6, "smuggling-finding": 0.4, "trafficker-belief": 0.1,
    },
}  # fmt: skip
_OF_CHILDREN = {"unaccompanied-child", "special-juvenile"}


def _forms(rand: Rand, lines: list[str], person: Person, until: int) -> None:
    for form, share, source in (("interview-1", 0.70, "INTAKE"), ("file-review-1", 0.88, "FILE")):
        if rand() >= share:
            continue
        found = [c for c, of in _FOUND[form].items() if rand() * 100 < of]
        if not person.child:
            found = [circumstance for circumstance in found if circumstance not in _OF_CHILDREN]
        completed = until - between(rand, 1, 300)
        lines.append(
            _line(
                "completed_form",
                person,
                source=source,
                record=form,
                relation="respondent" if form == "interview-1" else "government",
                recorded_on=ISO[completed],
                form=form,
                present=found,
                completed_on=ISO[completed],
            )
        )


def _check(  # noqa: PLR0917 - the values of one line, in one place
    rand: Rand, person: Person, until: int, kind: str, age: int, result: str
) -> str:
    completed = until - age
    ordered = ISO[completed - between(rand, 0, 20)]
    done = result != "pending"
    prints = kind == "fingerprint"
    return _line(
        "background_check",
        person,
        source={"fingerprint": "NGI", "watchlist": "WATCHLIST", "tecs": "TECS"}.get(kind, "FBI"),
        record=f"{kind[0].upper()}{YEAR[completed]}",
        relation="government",
        recorded_on=ISO[completed] if done else ordered,
        kind=kind,
        ordered_on=ordered,
        completed_on=ISO[completed] if done else None,
        result=result,
        expires_on=ISO[completed + FIFTEEN_MONTHS] if prints and done else None,
    )
