"""The table of the statutes, flattened for `doyle_2.sql`: what it says of an offence as bits.

Read from the lawyers' files and worked out here once more, so that the statement owes nothing to
the engine. To the statement it is what an index is: made before the clock starts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from django.db import connection

from screening.evidence.offences import family_of

STATUTES = Path("screening/statutes")

YES, OPEN, LAWYER = "yes", "open", "lawyer"
"""It is in the category; what would tell is not on record; only a lawyer can tell."""

State = Mapping[str, int]
"""What a record says where it matters: 0 nothing, 1 not what the law asks, 2 what it asks."""

ASKED = {
    "min_sentence_days": ("sentence", 365),
    "min_maximum_days": ("maximum", 365),
    "loss_over_dollars": ("loss", 10_000),
    "severities": ("felony", ["felony"]),
    "weapon": ("weapon", True),
    "victim_minor": ("minor", True),
}
"""What the table may ask of a record; the limits stand in the statement as well."""
AXES = (*[axis for axis, _ in ASKED.values()], "abroad")

FELONIES = tuple(f"aggravated-felony-{letter}" for letter in "abcdefghijklmnopqrst")
ATTEMPT = "aggravated-felony-u"
SINGLE = {7: "aggravated-felony-i", 8: "domestic-violence", 9: "controlled-substance-trafficking"}
"""By the criterion's bit the category that it asks about."""

TABLE = f"""
DROP TABLE IF EXISTS offence_answer;
CREATE TABLE offence_answer (offence varchar(24) PRIMARY KEY, bits int[] NOT NULL,
    {", ".join(f"{axis} int NOT NULL" for axis in AXES)})"""


def fill_offences() -> None:
    """Make the table of which the statement takes the bits of an offence, by code or family.

    The place in `bits` is one plus, for each axis, what the record says there times the column.
    """
    names = ", ".join(("offence", "bits", *AXES))
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.executemany(
            f"INSERT INTO offence_answer ({names}) VALUES (%s, %s{', %s' * len(AXES)})",
            list(flattened()),
        )
        cursor.execute("ANALYZE offence_answer")


def flattened() -> Iterator[tuple[Any, ...]]:
    """Yield for every code and every family its bits in each state, and the step of each axis."""
    with (STATUTES / "ncic.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    rows = rows_of(codes)
    families: dict[str, list[str]] = {}
    for code in codes:
        families.setdefault(family_of(code).value, []).append(code)
    families["other"] = []  # which may be anything
    for code in codes:
        yield code, *spread(rows, [code], lambda found: found[0])
    for family, members in families.items():
        yield family, *spread(rows, members, of_family)


def rows_of(codes: list[str]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return for every code the rows that speak of it, each with its category."""
    document = yaml.safe_load((STATUTES / "statutes.yaml").read_text(encoding="utf-8"))
    rows: dict[str, list[tuple[str, dict[str, Any]]]] = {code: [] for code in codes}
    for category, of in document["categories"].items():
        for row in of["rows"]:
            for asked, limit in row.get("when", {}).items():
                if ASKED[asked][1] != limit:
                    raise ValueError(f"{category}: the statement knows no {asked} of {limit}")
            for part in row["codes"].split(" "):
                first, _, last = part.replace("xx", "00").partition("-")
                last = last or part.replace("xx", "99")
                for code in codes:
                    if first <= code <= last:
                        rows[code].append((category, row))
    return rows


def spread(
    rows: Mapping[str, list[tuple[str, dict[str, Any]]]], codes: list[str], together: Any
) -> tuple[Any, ...]:
    """Return the bits in every state of the axes that matter, and the step of each axis."""
    whens = [row.get("when", {}) for code in codes for _, row in rows[code]]
    asked = {ASKED[key][0] for when in whens for key in when}
    sizes = {axis: 3 if axis in asked else 1 for axis in AXES} | {"abroad": 2}
    bits = []
    for values in product(*[range(size) for size in sizes.values()]):
        state = dict(zip(sizes, values, strict=True))
        found = together([judged(rows[code], state) for code in codes])
        bits.append(bits_of(found, abroad=bool(state["abroad"])))
    steps = {}
    step = 1
    for axis in reversed(AXES):
        steps[axis] = step if sizes[axis] > 1 else 0
        step *= sizes[axis]
    return bits, *[steps[axis] for axis in AXES]


def judged(rows: Iterable[tuple[str, dict[str, Any]]], state: State) -> dict[str, str]:
    """Return how an offence of a known code stands to the categories it is not outside of."""
    found: dict[str, str] = {}
    for category, row in rows:
        when = [state[ASKED[key][0]] for key in row.get("when", ())]
        if category in FELONIES and not any(
            state[ASKED[key][0]] == 1 for key in row.get("when", ()) if key != "loss_over_dollars"
        ):
            # An attempt at it, whatever the loss was; codes never tell.
            found[ATTEMPT] = LAWYER
        if 1 in when:
            continue
        accepted = ("by-code", "likely") if category == "moral-turpitude" else ("by-code",)
        if row["confidence"] not in accepted:
            says = LAWYER
        elif 0 in when or row.get("needs") or (category in FELONIES and state["abroad"]):
            says = OPEN
        else:
            says = YES
        found[category] = strongest(says, found.get(category, says))
    return found


def strongest(*says: str) -> str:
    """Return what the rows of one category say together."""
    return next(one for one in (YES, LAWYER, OPEN) if one in says)


def of_family(codes: list[dict[str, str]]) -> dict[str, str]:
    """Return how an offence stands of which only the family is known, from what its codes say."""
    if not codes:
        every = (*FELONIES, ATTEMPT, *SINGLE.values(), "moral-turpitude", "violent")
        return dict.fromkeys(every, OPEN)
    found = {}
    for category in {category for of in codes for category in of}:
        says = [of[category] for of in codes if category in of]
        if len(says) == len(codes) and set(says) == {YES}:
            found[category] = YES
        else:
            found[category] = LAWYER if LAWYER in says else OPEN
    return found


def bits_of(found: Mapping[str, str], *, abroad: bool) -> int:
    """Return what holds of the offence as bits at the criteria's places, what is open 16 higher.

    Of PS-02 (5) the open bit says that the offence is grave, of PS-08A (13) both bits say whether
    it is of turpitude, wherever it was done.
    """
    holds: set[int] = set()
    unknown: set[int] = set()
    felonies = [found[c] for c in (*FELONIES, ATTEMPT) if c in found]
    if YES not in felonies and LAWYER in felonies:
        holds.add(4)
    if felonies or "violent" in found:
        unknown.add(5)
    turpitude = found.get("moral-turpitude")
    if turpitude is not None:
        (holds if turpitude == YES else unknown).add(13)
    if not abroad:
        asked = {3: felonies, 12: [turpitude]}
        asked |= {bit: [found.get(category)] for bit, category in SINGLE.items()}
        for bit, says in asked.items():
            if YES in says:
                holds.add(bit)
            elif OPEN in says:
                unknown.add(bit)
    return sum(1 << bit for bit in holds) | sum(1 << (bit + 16) for bit in unknown)
