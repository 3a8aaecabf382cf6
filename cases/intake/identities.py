"""Reads `respondents.csv`, the office's own extract: who the person of a case is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from cases.intake.delivery import DeliveryRefused
from cases.intake.eoir import Rejected

FLAGS = {"Y": True, "N": False, "": None}
SEXES = frozenset({"M", "F", "X", "U", ""})
BIRTH = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
LONGEST_NAME, LONGEST_ALIAS = 100, 200
LONGEST_FIN, LONGEST_FBI_NUMBER, LONGEST_STATE_ID = 20, 12, 20


class Identity(NamedTuple):
    """One row, checked; `line` is where it begins in the file. None means: not on record."""

    line: int
    idncase: int
    a_number: str
    family_name: str
    given_names: str
    aliases: list[str]
    birth_date: date | None
    birth_precision: str | None
    nationality: str | None
    sex: str
    fin: str
    fbi_number: str
    state_ids: list[str]
    protected_1367: bool | None
    juvenile: bool | None
    competency_indicia: bool | None


COLUMNS = tuple(n for n in Identity._fields if n not in ("line", "birth_precision"))


class _WrongError(Exception):
    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason


def nine_digits(given: str) -> str:
    """Return an A-number of seven to nine digits as nine; A, blanks and hyphens are dropped.

    Raises ValueError. No check digit exists: validity is only known by lookup.
    """
    if len(given) == 10 and given[0] == "A" and given[1:].isdecimal() and given.isascii():
        return given[1:]  # as nearly all of them are written
    digits = re.sub(r"[\s-]", "", given.upper()).removeprefix("A")
    if not re.fullmatch(r"[0-9]{7,9}", digits):
        raise ValueError("is not an A-number of seven to nine digits")
    return digits.zfill(9)


def read(path: Path) -> Iterator[Identity | Rejected]:
    """Yield each row as an identity, or as rejected with its place and the reason.

    Raises DeliveryRefused where the file is not ours.
    """
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.reader(_without_nul(file), strict=True)
        header = _header(next(rows, []), path)
        chosen = itemgetter(*(header.index(name) for name in COLUMNS))
        begins = rows.line_num + 1
        while True:
            line = begins
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                begins = rows.line_num + 1
                if "end of data" in str(error):
                    reason = "a quote opens here and is never closed."
                    raise DeliveryRefused(reason, file=path.name, line=line) from error
                yield Rejected(line=line, column="", reason="its quotes are not those of CSV")
                continue
            begins = rows.line_num + 1
            if not row:
                continue
            if len(row) != len(header):
                reason = f"{len(row)} fields where the header has {len(header)}"
                yield Rejected(line=line, column="", reason=reason)
                continue
            try:
                yield _identity(line, list(map(str.strip, chosen(row))))
            except _WrongError as wrong:
                yield Rejected(line=line, column=wrong.column, reason=wrong.reason)


def texts(path: Path, lines: set[int]) -> dict[int, str]:
    """Return the rows that begin at these lines, as they stand in the file."""
    found: dict[int, str] = {}
    row: list[str] = []

    def remembered(file: Iterable[str]) -> Iterator[str]:
        for text in _without_nul(file):
            row.append(text)
            yield text

    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.reader(remembered(file), strict=True)
        begins = 1
        while len(found) < len(lines):
            with suppress(csv.Error):
                if next(rows, None) is None:
                    break
            if begins in lines:
                found[begins] = "".join(row).rstrip("\r\n")
            row.clear()
            begins = rows.line_num + 1
    return found


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _header(first: list[str], path: Path) -> list[str]:
    header = [name.strip().lower() for name in first]
    for name in COLUMNS:
        if name not in header:
            raise DeliveryRefused("the header lacks it.", file=path.name, line=1, column=name)
    return header


def _identity(line: int, given: list[str]) -> Identity:
    idncase, a_number, family_name, given_names, aliases, birth, nationality, *rest = given
    sex, fin, fbi_number, state_ids, *flags = rest
    if not (idncase.isdecimal() and idncase.isascii() and len(idncase) <= 18):
        raise _WrongError("idncase", "is not a whole number" if idncase else "is missing")
    if not a_number:
        raise _WrongError("a_number", "is missing")
    try:
        number = nine_digits(a_number)
    except ValueError as error:
        raise _WrongError("a_number", str(error)) from error
    born, precision = _birth(birth)
    if not (nationality == "" or _is_country(nationality)):
        raise _WrongError("nationality", "is not an ISO 3166-1 code of two letters")
    if sex not in SEXES:
        raise _WrongError("sex", f"is none of {', '.join(sorted(SEXES - {''}))}")
    if len(family_name) > LONGEST_NAME:
        raise _WrongError("family_name", f"is longer than {LONGEST_NAME} characters")
    if len(given_names) > LONGEST_NAME:
        raise _WrongError("given_names", f"is longer than {LONGEST_NAME} characters")
    if len(fin) > LONGEST_FIN:
        raise _WrongError("fin", f"is longer than {LONGEST_FIN} characters")
    if len(fbi_number) > LONGEST_FBI_NUMBER:
        raise _WrongError("fbi_number", f"is longer than {LONGEST_FBI_NUMBER} characters")
    try:
        protected_1367, juvenile, competency_indicia = [FLAGS[flag] for flag in flags]
    except KeyError:
        wrong = next(i for i, flag in enumerate(flags) if flag not in FLAGS)
        raise _WrongError(COLUMNS[wrong - 3], "is not Y, N or blank") from None
    return Identity(
        line,
        int(idncase),
        number,
        family_name,
        given_names,
        _several(aliases, "aliases", LONGEST_ALIAS),
        born,
        precision,
        nationality or None,
        sex,
        fin,
        fbi_number,
        _several(state_ids, "state_ids", LONGEST_STATE_ID),
        protected_1367,
        juvenile,
        competency_indicia,
    )


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _several(text: str, column: str, most: int) -> list[str]:
    if not text:
        return []
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if any(len(part) > most for part in parts):
        raise _WrongError(column, f"has one longer than {most} characters")
    return parts


@cache  # there are some thirty thousand birthdays
def _birth(text: str) -> tuple[date | None, str | None]:
    if not text:
        return None, None
    found = BIRTH.fullmatch(text)
    if found is None:
        raise _WrongError("birth_date", "is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = found.groups()
    try:
        born = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise _WrongError("birth_date", "is not a day of the calendar") from error
    return born, "day" if day else "month" if month else "year"
