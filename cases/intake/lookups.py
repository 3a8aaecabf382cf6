"""Reads the delivered code tables and puts them on record."""

from __future__ import annotations

import csv
from pathlib import Path

from cases.intake.delivery import DeliveryRefused
from cases.intake.eoir import BYTE_ORDER_MARK, decode
from cases.models import CodeMeaning

Entry = tuple[str, str, str]
"""Code, qualifier and description."""


def load_lookups(files: dict[str, Path]) -> dict[str, frozenset[str]]:
    """Put code tables on record; return their codes, by the name of the table in lower case."""
    codes: dict[str, frozenset[str]] = {}
    meanings: dict[Entry, str] = {}
    for name, path in files.items():
        entries = read_lookup(path.read_bytes(), name)
        codes[name.lower()] = frozenset(code for code, _, _ in entries)
        for code, qualifier, description in entries:
            meanings[name[:60], code[:40], qualifier[:20]] = description[:300]
    known = {
        (m.table, m.code, m.qualifier): m.description
        for m in CodeMeaning.objects.filter(table__in=list(files))
    }
    CodeMeaning.objects.bulk_create(
        [
            CodeMeaning(table=table, code=code, qualifier=qualifier, description=description)
            for (table, code, qualifier), description in meanings.items()
            if known.get((table, code, qualifier)) != description
        ],
        update_conflicts=True,
        unique_fields=["table", "code", "qualifier"],
        update_fields=["description"],
        batch_size=2_000,
    )
    return codes


def read_lookup(raw: bytes, name: str) -> list[Entry]:
    """Return the entries of a code table, separated by TABs or by commas.

    The first column named like a code, else the first that is no row number, is the code, as text:
    `NA` stays a code. Of a code that stands there twice the active entry counts, else the last.
    Raises DeliveryRefused where there is no column at all.
    """
    raw = raw.replace(b"\0", b"").removeprefix(BYTE_ORDER_MARK)
    tabs = b"\t" in raw.partition(b"\n")[0]
    rows = csv.reader(
        (decode(raw) if tabs else _text(raw)).splitlines(),
        delimiter="\t" if tabs else ",",
        quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL,
    )
    header = [cell.strip().lower() for cell in next(rows, [])]
    columns = [i for i, h in enumerate(header) if h and h != "id" and not h.startswith("idn")]
    if not columns:
        raise DeliveryRefused("no column can be the code.", file=f"{name}.csv", line=1)
    code_at = next((i for i in columns if "code" in header[i]), columns[0])
    text_at = next((i for i in columns if "desc" in header[i] or "name" in header[i]), None)
    active_at = next((i for i in columns if header[i] == "blnactive"), None)
    qualifiers = [i for i in columns if header[i] in {"strcasetype", "strdectype"} and i != code_at]

    def at(row: list[str], index: int | None) -> str:
        return row[index].strip() if index is not None and index < len(row) else ""

    entries: dict[tuple[str, str], Entry] = {}
    active: set[tuple[str, str]] = set()
    for row in rows:
        code, qualifier = at(row, code_at), " ".join(at(row, i) for i in qualifiers)
        if not code:
            continue
        is_active = at(row, active_at).lower() in {"1", "true", "y"}
        if is_active or (code, qualifier) not in active:
            entries[code, qualifier] = (code, qualifier, at(row, text_at))
        if is_active:
            active.add((code, qualifier))
    return list(entries.values())


def _text(raw: bytes) -> str:
    """Return the text of a table that somebody has converted, as a rule to UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return decode(raw)
