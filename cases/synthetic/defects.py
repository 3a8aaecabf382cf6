"""Real defects of the real files, planted at their real rates; a row has at most one."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cases.synthetic.pools import Rand, between, pick
from cases.synthetic.tables import TABLES

_HIGHEST_RATE = 0.05
Fields = list[str]
Spoil = Callable[[Rand, Fields], bool]
"""Spoil the fields of a row in place; return False, unchanged, where the row cannot have it."""


class Defect(NamedTuple):
    kind: str
    table: str
    rate: float
    spoil: Spoil


def _column(table: str, column: str) -> int:
    return TABLES[table].index(column)


def _replace(table: str, column: str, *values: str) -> Spoil:
    """Put one of the values where the field is not empty."""
    index = _column(table, column)

    def spoil(rand: Rand, fields: Fields) -> bool:
        if not fields[index].strip():
            return False
        fields[index] = pick(rand, values)
        return True

    return spoil


def _misplace(table: str, *places: tuple[str, str]) -> Spoil:
    """Put a value that belongs into another column."""

    def spoil(rand: Rand, fields: Fields) -> bool:
        column, value = pick(rand, places)
        fields[_column(table, column)] = value
        return True

    return spoil


def _impossible_date(table: str, *columns: str) -> Spoil:
    def spoil(rand: Rand, fields: Fields) -> bool:
        index = _column(table, pick(rand, columns))
        if not fields[index]:
            return False
        year = "1900-01-01" if rand() < 0.5 else f"29{fields[index][2:10]}"
        fields[index] = f"{year} 00:00:00.000"
        return True

    return spoil


def _stray_tab(*positions: int, junk: str = "") -> Spoil:
    """Insert an empty field; with junk, two more fields, and no reader can tell what to remove.

    The positions are followed by a typed field that is never empty, so that exactly one shift
    makes every column valid again.
    """

    def spoil(rand: Rand, fields: Fields) -> bool:
        at = pick(rand, positions)
        if not fields[at].strip() or not fields[at + 1].strip():
            return False
        fields.insert(at, "")
        if junk:
            fields.insert(at + 3, junk)
            fields.insert(at + 6, junk)
        return True

    return spoil


def _orphan(table: str, column: str, low: int) -> Spoil:
    """Point to a parent row that no delivery has: the ids start above."""
    index = _column(table, column)

    def spoil(rand: Rand, fields: Fields) -> bool:
        fields[index] = str(between(rand, low, low + 900_000))
        return True

    return spoil


def _blank_for_empty(rand: Rand, fields: Fields) -> bool:
    at = 1 + int(rand() * (len(fields) - 1))
    if fields[at]:
        return False
    fields[at] = " "
    return True


def _in_text(index: int, mark: str) -> Spoil:
    def spoil(rand: Rand, fields: Fields) -> bool:
        text = fields[index]
        if len(text) < 3:
            return False
        at = between(rand, 1, len(text) - 1)
        fields[index] = text[:at] + mark + text[at:]
        return True

    return spoil


_CASE, _PROCEEDING, _CHARGE = "A_TblCase", "B_TblProceeding", "B_TblProceedCharges"
_APPLICATION, _SCHEDULE, _CUSTODY = "tbl_Court_Appln", "tbl_schedule", "tbl_CustodyHistory"
_NATIONALITY_JUNK = ("ZZ", "Q1", "X9", "0", "EQ")

DEFECTS: tuple[Defect, ...] = (
    Defect("stray_tab_repairable", _CASE, 99 / 12.61e6, _stray_tab(2, 6, 14)),
    Defect("stray_tab_unrepairable", _CASE, 2 / 12.61e6, _stray_tab(6, junk="E")),
    Defect("nul_byte", _CASE, 2e-6, _in_text(1, "\x00")),
    Defect("lone_cr", _CASE, 3e-7, _in_text(1, "\r")),
    Defect("stray_quote", _CASE, 2e-5, _in_text(1, '"')),
    Defect("nationality_unlisted", _CASE, 2.2e-4, _replace(_CASE, "NAT", *_NATIONALITY_JUNK)),
    Defect(
        "impossible_date",
        _CASE,
        3e-5,
        _impossible_date(_CASE, "DATE_OF_ENTRY", "LATEST_HEARING", "DATE_DETAINED", "E_28_DATE"),
    ),
    Defect(
        "wrong_column",
        _CASE,
        2e-6,
        _misplace(
            _CASE,
            ("LATEST_HEARING", "PHI"),
            ("CUSTODY", "SP"),
            ("C_BIRTHDATE", "E"),
            ("ADDRESS_CHANGEDON", "10/1993"),
            ("UP_BOND_DATE", "ORL"),
            ("DETENTION_DATE", "F"),
            ("CASE_TYPE", "0"),
        ),
    ),
    Defect("blank_for_empty", _CASE, 2e-3, _blank_for_empty),
    Defect("stray_tab_repairable", _PROCEEDING, 69 / 16.47e6, _stray_tab(1, 5)),
    Defect("stray_tab_unrepairable", _PROCEEDING, 2 / 16.47e6, _stray_tab(5, junk="E")),
    Defect("nul_byte", _PROCEEDING, 1e-6, _in_text(5, "\x00")),
    Defect(
        "transfer_unlisted", _PROCEEDING, 1.9e-2, _replace(_PROCEEDING, "TRANSFER_TO", "ZZZ", "X1")
    ),
    Defect("judge_unlisted", _PROCEEDING, 1.9e-3, _replace(_PROCEEDING, "IJ_CODE", "0Z0", "V#1")),
    Defect("decision_unlisted", _PROCEEDING, 6e-5, _replace(_PROCEEDING, "DEC_CODE", "L")),
    Defect(
        "nationality_unlisted",
        _PROCEEDING,
        2.2e-4,
        _replace(_PROCEEDING, "NAT", *_NATIONALITY_JUNK),
    ),
    Defect("case_missing", _PROCEEDING, 271 / 16.5e6, _orphan(_PROCEEDING, "IDNCASE", 1_000_000)),
    Defect(
        "impossible_date",
        _PROCEEDING,
        2e-5,
        _impossible_date(_PROCEEDING, "HEARING_DATE", "TRANS_IN_DATE", "OSC_DATE"),
    ),
    Defect(
        "wrong_column",
        _PROCEEDING,
        1e-6,
        _misplace(_PROCEEDING, ("CUSTODY", "SP"), ("CASE_TYPE", "AOL"), ("COMP_DATE", "NYC")),
    ),
    Defect("blank_for_empty", _PROCEEDING, 2e-3, _blank_for_empty),
    Defect(
        "proceeding_missing",
        _CHARGE,
        12_213 / 18.9e6,
        _orphan(_CHARGE, "IDNPROCEEDING", 20_000_000),
    ),
    Defect("charge_unlisted", _CHARGE, 1e-4, _replace(_CHARGE, "CHARGE", "212z99       ")),
    Defect("stray_tab_repairable", _APPLICATION, 15 / 16.02e6, _stray_tab(3)),
    Defect(
        "application_unlisted",
        _APPLICATION,
        4.5e-3,
        _replace(_APPLICATION, "APPL_CODE", "AAL  ", "ZZ   ", "589  "),
    ),
    Defect(
        "answer_unlisted", _APPLICATION, 1e-3, _replace(_APPLICATION, "APPL_DEC", "X", "7", "Q")
    ),
    Defect(
        "impossible_date",
        _APPLICATION,
        1e-5,
        _impossible_date(_APPLICATION, "APPL_RECD_DATE"),
    ),
    Defect("impossible_date", _SCHEDULE, 1e-5, _impossible_date(_SCHEDULE, "ADJ_DATE")),
    Defect("adjournment_unlisted", _SCHEDULE, 1e-4, _replace(_SCHEDULE, "ADJ_RSN", "Z9", "0")),
    Defect("wrong_column", _CUSTODY, 1e-6, _misplace(_CUSTODY, ("CUSTODY", "SP"))),
)
_BARE_LF_RATE = 2e-6


def positions(rand: Rand, *, count: int, rate: float) -> Iterator[int]:
    """Yield where among count rows an event of this rate falls, at the cost of the events only."""
    if rate <= 0:
        return
    scale = math.log1p(-min(rate, _HIGHEST_RATE))
    at = -1
    while True:
        at += 1 + int(math.log(1 - rand()) / scale)
        if at >= count:
            return
        yield at


def plant(
    rand: Rand, rows: dict[str, list[str]], *, multiplier: float, planted: Counter[str]
) -> None:
    """Spoil rows in place and count what was done, as `table.kind`."""
    touched: dict[str, set[int]] = {table: set() for table in rows}
    for defect in DEFECTS:
        table = rows[defect.table]
        for at in positions(rand, count=len(table), rate=defect.rate * multiplier):
            if at in touched[defect.table]:
                continue
            fields = table[at].split("\t")
            if defect.spoil(rand, fields):
                table[at] = "\t".join(fields)
                touched[defect.table].add(at)
                planted[f"{defect.table}.{defect.kind}"] += 1


def join_lines(
    rand: Rand, table: str, rows: list[str], *, multiplier: float, planted: Counter[str]
) -> str:
    """Return the rows as lines that end in CRLF, but for the few that end in a bare LF."""
    bare = set(positions(rand, count=len(rows), rate=_BARE_LF_RATE * multiplier))
    if not bare:
        return "\r\n".join(rows) + "\r\n" if rows else ""
    planted[f"{table}.bare_lf"] += len(bare)
    return "".join(f"{row}\n" if at in bare else f"{row}\r\n" for at, row in enumerate(rows))
