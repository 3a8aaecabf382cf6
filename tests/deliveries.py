"""Small deliveries in the courts' own format, written by the tests that need them."""

from __future__ import annotations

from pathlib import Path

from cases.intake.tables import TABLES
from cases.models import Delivery

COLUMNS = {table.name: list(table.columns) for table in TABLES}
IDENTITY = (
    "idncase,a_number,family_name,given_names,aliases,birth_date,nationality,sex,fin,fbi_number,"
    "state_ids,protected_1367,juvenile,competency_indicia"
)


def row(table: str, **values: object) -> str:
    """Return one row of a table, blank but for what is given."""
    columns = COLUMNS[table]
    assert set(values) <= set(columns), set(values) - set(columns)
    return "\t".join(str(values.get(name, "")) for name in columns)


def case(idncase: int, **values: object) -> str:
    given = {
        "CASE_TYPE": "RMV",
        "CUSTODY": "N",
        "NAT": "ES",
        "LANG": "SP",
        "CASEPRIORITY_CODE": "N/A",
    }
    return row("A_TblCase", **{"IDNCASE": idncase, **given, **values})


def write(directory: Path, *, ending: str = "\r\n", **tables: list[str]) -> Path:
    """Write a delivery: table name to rows; `respondents` to the rows of the identities."""
    directory.mkdir(exist_ok=True)
    for name, rows in tables.items():
        if name == "respondents":
            text = "\n".join([IDENTITY, *rows]) + "\n"
            (directory / "respondents.csv").write_text(text, encoding="utf-8")
        else:
            lines = ["\t".join(COLUMNS[name]), *rows]
            content = "".join(line + ending for line in lines)
            (directory / f"{name}.csv").write_bytes(content.encode("cp1252"))
    return directory


def identity(idncase: int, a_number: str, **values: str) -> str:
    names = IDENTITY.split(",")
    given = {"idncase": str(idncase), "a_number": a_number, "protected_1367": "N", **values}
    return ",".join(given.get(name, "") for name in names)


def counts(delivery: Delivery, name: str) -> dict[str, int]:
    file = delivery.files.get(name=name)
    names = ("read", "added", "changed", "unchanged", "repaired", "quarantined")
    return {n: getattr(file, n) for n in names if getattr(file, n)}


def proceeding(key: int, idncase: int, **values: object) -> str:
    given = {"OSC_DATE": "2019-03-01 00:00:00.000", "BASE_CITY_CODE": "NYC", "CASE_TYPE": "RMV"}
    return row("B_TblProceeding", IDNPROCEEDING=key, IDNCASE=idncase, **(given | values))
