"""NCIC offence codes to offence families: a table, never a legal conclusion.

The first two digits name the family; where a family lumps what the policies tell apart, the single
codes say it. A drug code that names no act is taken as possession, so that a lawyer sees it.
"""

from __future__ import annotations

from screening.facts import OffenceFamily as F

BY_PREFIX = {
    "01": F.SECURITY,
    "03": F.IMMIGRATION,
    "09": F.HOMICIDE,
    "10": F.KIDNAPPING,
    "11": F.SEXUAL_ASSAULT,
    "12": F.ROBBERY,
    "13": F.ASSAULT,
    "14": F.OTHER,
    "16": F.EXTORTION,  # threats, terroristic threats
    "20": F.ARSON,
    "21": F.EXTORTION,
    "22": F.BURGLARY,
    "23": F.LARCENY,
    "24": F.STOLEN_VEHICLE,
    "25": F.FORGERY,
    "26": F.FRAUD,
    "27": F.FRAUD,  # embezzlement
    "28": F.STOLEN_PROPERTY,
    "29": F.DAMAGE,
    "35": F.DRUG_POSSESSION,
    "36": F.SEX_OFFENCE,
    "37": F.OBSCENITY,
    "38": F.FAMILY_OFFENCE,
    "39": F.GAMBLING,
    "40": F.PROSTITUTION,
    "41": F.LIQUOR,
    "48": F.OBSTRUCTION,
    "49": F.OBSTRUCTION,  # flight, escape
    "50": F.OBSTRUCTION,
    "51": F.BRIBERY,
    "52": F.WEAPONS,
    "53": F.PUBLIC_ORDER,
    "54": F.TRAFFIC,
    "64": F.SEX_OFFENCE,
    "73": F.PUBLIC_ORDER,
    "81": F.OBSTRUCTION,
}

BY_CODE = {
    "0303": F.SMUGGLING,
    "5403": F.DRIVING_UNDER_INFLUENCE,
    "5404": F.DRIVING_UNDER_INFLUENCE,
    **dict.fromkeys(
        (  # manufacture, distribution, sale and smuggling
            *("3501", "3502", "3503", "3510", "3511", "3520", "3521", "3530", "3531"),
            *("3540", "3541", "3560", "3561", "3563", "3570", "3571", "3580", "3581"),
        ),
        F.DRUG_TRAFFICKING,
    ),
}


def family_of(ncic: str) -> F:
    """Return the family of a four-digit NCIC code; what the table does not know is OTHER."""
    return BY_CODE.get(ncic) or BY_PREFIX.get(ncic[:2], F.OTHER)
