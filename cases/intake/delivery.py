"""The files of a delivery, found by name wherever they lie in its directory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cases.intake.tables import CASES, TABLES

IDENTITIES = "respondents.csv"
COUNTS = "Count.txt"
LOOKUPS = "lookup"


class DeliveryRefused(Exception):
    """A delivery cannot be taken in, and nothing of it was. Carries where and why."""

    def __init__(
        self, reason: str, *, file: str, line: int | None = None, column: str = ""
    ) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, reason
        where = ", ".join(
            [file, *([f"line {line}"] if line else []), *([f"column {column}"] if column else [])]
        )
        super().__init__(f"{where}: {reason} Nothing was imported.")


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What lies in a delivery's directory, by table; lookups by the name of their file."""

    root: Path
    tables: dict[str, Path] = field(default_factory=dict)
    lookups: dict[str, Path] = field(default_factory=dict)
    identities: Path | None = None
    counts: Path | None = None

    def files(self) -> list[Path]:
        every = [*self.tables.values(), *self.lookups.values(), self.identities, self.counts]
        return sorted(path for path in every if path is not None)

    def sha256(self) -> str:
        """Return the hash over the names and contents of its files."""
        total = hashlib.sha256()
        for path in self.files():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(self.root)}\0{content}\n".encode())
        return total.hexdigest()

    def announced(self) -> dict[str, int]:
        """Return the rows per table according to Count.txt, by the table's name in lower case.

        Raises DeliveryRefused where a line is not a name, a TAB and a number.
        """
        if self.counts is None:
            return {}
        rows = {}
        for number, line in enumerate(self.counts.read_text("cp1252").splitlines(), 1):
            if not line.strip():
                continue
            name, _, count = (part.strip() for part in line.partition("\t"))
            count = count.replace(",", "")
            if not count.isdecimal():
                raise DeliveryRefused(
                    "this is not a table, a TAB and a number of rows.", file=COUNTS, line=number
                )
            rows[name.lower().removesuffix(".csv")] = int(count)
        return rows


def find(root: Path) -> Delivery:
    """Return the delivery in a directory.

    Raises DeliveryRefused where there are no cases, or two files for one table.
    """
    if not root.is_dir():
        raise DeliveryRefused("this is not a directory.", file=str(root))
    tables = {table.name.lower(): table.name for table in TABLES}
    found = Delivery(root=root)
    for path in sorted(root.rglob("*")):
        name = path.name.lower()
        if not path.is_file():
            continue
        if path.parent.name.lower() == LOOKUPS and path.suffix.lower() == ".csv":
            _only(found.lookups, path.stem, path)
        elif path.suffix.lower() == ".csv" and path.stem.lower() in tables:
            _only(found.tables, tables[path.stem.lower()], path)
        elif name == IDENTITIES:
            if found.identities is not None:
                raise _twice(found.identities, path)
            found.identities = path
        elif name == COUNTS.lower():
            found.counts = path
    if CASES.name not in found.tables:
        raise DeliveryRefused(f"there is no {CASES.name}.csv in it.", file=str(root))
    return found


def _only(files: dict[str, Path], name: str, path: Path) -> None:
    if name in files:
        raise _twice(files[name], path)
    files[name] = path


def _twice(first: Path, second: Path) -> DeliveryRefused:
    return DeliveryRefused(f"the same table is in {first} as well.", file=str(second))
