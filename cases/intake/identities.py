"""Reads `respondents.csv`, the office's own extract: who the person of a case is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cases.intake.delivery import DeliveryRefused
from cases.intake.eoir import Rejected

COLUMNS = (
    *("idncase", "a_number", "family_name", "given_names", "aliases", "birth_date", "nationality"),
    *("sex", "fin", "fbi_number", "state_ids", "protected_1367", "juvenile", "competency_indicia"),
)
FLAGS = {"Y": True, "N": False, "": None}
BIRTH = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One row, checked; `line` is where it begins in the file."""

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


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason


def nine_digits(given: str) -> str:
    """Return an A-number of seven to nine digits as nine; A, blanks and hyphens are dropped.

    Raises ValueError. No check digit exists: validity is only known by lookup.
    """
    digits = re.sub(r"[\s-]", "", given.upper()).removeprefix("A")
    if not re.fullmatch(r"\d{7,9}", digits):
        raise ValueError("is not an A-number of seven to nine digits")
    return digits.zfill(9)


def read(path: Path) -> Iterator[Identity | tuple[Rejected, str]]:
    """Yield each row as an identity, or as rejected with its text.

    Raises DeliveryRefused where the file is not ours.
    """
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        if missing := [name for name in COLUMNS if name not in header]:
            raise DeliveryRefused("the header lacks it.", file=path.name, line=1, column=missing[0])
        begins = 2
        for row in rows:
            line, begins = begins, rows.line_num + 1
            if not row:
                continue
            text = ",".join(row)
            if len(row) != len(header):
                reason = f"{len(row)} fields where the header has {len(header)}"
                yield Rejected(line=line, column="", reason=reason), text
                continue
            given = {name: value.strip() for name, value in zip(header, row, strict=True)}
            try:
                yield _identity(line, given)
            except _Wrong as wrong:
                yield Rejected(line=line, column=wrong.column, reason=wrong.reason), text


def _identity(line: int, given: dict[str, str]) -> Identity:
    if not re.fullmatch(r"\d{1,18}", given["idncase"]):
        raise _Wrong("idncase", "is not a whole number")
    try:
        a_number = nine_digits(given["a_number"])
    except ValueError as error:
        raise _Wrong("a_number", str(error)) from error
    for column in ("protected_1367", "juvenile", "competency_indicia"):
        if given[column] not in FLAGS:
            raise _Wrong(column, "is not Y, N or blank")
    if not re.fullmatch(r"([A-Z]{2})?", given["nationality"]):
        raise _Wrong("nationality", "is not an ISO 3166-1 code of two letters")
    for column, most in (("family_name", 100), ("given_names", 100), ("sex", 1), ("fin", 20)):
        if len(given[column]) > most:
            raise _Wrong(column, f"is longer than {most} characters")
    born, precision = _birth(given["birth_date"])
    return Identity(
        line=line,
        idncase=int(given["idncase"]),
        a_number=a_number,
        family_name=given["family_name"],
        given_names=given["given_names"],
        aliases=_several(given["aliases"]),
        birth_date=born,
        birth_precision=precision,
        nationality=given["nationality"] or None,
        sex=given["sex"],
        fin=given["fin"],
        fbi_number=given["fbi_number"][:12],
        state_ids=_several(given["state_ids"]),
        protected_1367=FLAGS[given["protected_1367"]],
        juvenile=FLAGS[given["juvenile"]],
        competency_indicia=FLAGS[given["competency_indicia"]],
    )


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _birth(text: str) -> tuple[date | None, str | None]:
    if not text:
        return None, None
    found = BIRTH.fullmatch(text)
    if found is None:
        raise _Wrong("birth_date", "is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = found.groups()
    try:
        born = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise _Wrong("birth_date", "is not a day of the calendar") from error
    return born, "day" if day else "month" if month else "year"
