"""Offences that the generator draws from, with the NCIC code that a rap sheet would carry."""

from typing import NamedTuple

from cases.synthetic.pools import pool


class Offence(NamedTuple):
    """`felonies` is the share charged as a felony, in percent."""

    ncic: str
    felonies: int
    armed: bool
    maximum_days: int


_TABLE = """
5404 180 5 0 1095; 1313 120 2 0 730; 2303 80 3 0 730; 3562 60 5 0 365; 0301 120 15 0 730;
3532 40 60 0 1825; 5311 55 0 0 90; 4801 40 5 0 365; 5707 30 2 0 180; 2607 20 60 0 1825;
1399 40 20 0 1825; 1303 20 80 0 3650; 1315 20 95 1 3650; 1314 5 100 1 5475; 1206 12 95 0 3650;
1204 4 100 1 7300; 2202 20 90 0 3650; 2205 10 70 0 1825; 2404 15 80 0 1825; 2399 30 30 0 1095;
5202 12 40 1 1095; 5212 10 60 1 1825; 3530 15 95 0 5475; 3560 12 85 0 3650; 3599 20 50 0 1825;
1199 5 90 0 7300; 3616 4 95 0 5475; 3618 3 95 0 5475; 0999 2 100 0 7300; 0911 1 100 1 7300;
2501 8 60 0 1825; 2503 4 80 0 3650; 2604 15 50 0 1095; 5015 25 5 0 365; 5012 20 20 0 730;
5499 60 1 0 180; 3806 8 20 0 1095; 3803 30 20 0 1095; 5016 12 10 0 365; 6300 1 100 0 7300;
0303 8 90 0 3650; 1099 2 95 0 7300; 5003 1 90 0 1825; 4004 8 0 0 180; 2902 20 15 0 1095;
1316 12 20 0 1095; 2605 8 60 0 1825; 2803 10 50 0 1825; 8004 4 50 0 730; 5309 6 5 0 365
"""

OFFENCES: tuple[Offence, ...] = pool(
    (Offence(ncic, int(felonies), armed == "1", int(maximum)), int(weight))
    for ncic, weight, felonies, armed, maximum in (
        entry.split() for entry in _TABLE.replace("\n", " ").split(";")
    )
)

CRIMINAL_CHARGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("237a02Ai", ("1313", "2399", "2303")),
    ("237a02Aii", ("2399", "2202")),
    ("237a02Aiii", ("3530", "1315", "2202")),
    ("237a02Bi", ("3532", "3562", "3599")),
    ("237a02C", ("5212", "5202")),
    ("237a02Ei", ("3803", "3806")),
    ("212a02Ai  I", ("1399", "2404", "2604")),
    ("212a02Ai  II", ("3532", "3560")),
)
"""Charge of removability and the offences whose conviction would support it."""

OFFENCE_OF: dict[str, Offence] = {offence.ncic: offence for offence in OFFENCES}
