"""What the statutes' table speaks of: categories, how sure a code is, what a record is asked.

Pure: no database, no clock.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

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
