"""Reads one file of EOIR CASE: tab-separated, Windows-1252, and not always whole.

The file is cleaned in large blocks of bytes, ready for COPY; a row is taken apart field by field
only where its number of fields or a key is wrong. Every line of the file, even an empty or a
rejected one, becomes one row of the staging table, so that its number there is its line number.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cases.intake.delivery import DeliveryRefused
from cases.intake.tables import PATTERNS, Kind, Table, folded

BLOCK_BYTES = 1 << 18  # little enough for a socket, so that the server works meanwhile
LONGEST_LINE = 1 << 24
MOST_EXTRA_TABS = 2
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# The five bytes that Windows-1252 leaves undefined are the control characters of Latin-1, as the
# WHATWG has it: the row is kept, and so is the byte.
CHARACTERS = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte)  # "ignore" leaves nothing of those five
    for byte in range(256)
)
TIME_OF_DAY = re.compile(rb" \d\d:\d\d:\d\d(?:\.\d{1,7})?(?=[\t\n])")


def decode(raw: bytes) -> str:
    """Return what the bytes say in Windows-1252; no byte is an error."""
    return codecs.charmap_decode(raw, "strict", CHARACTERS)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that cannot be loaded, and why. `column` is blank where it is the row as a whole."""

    line: int
    column: str
    reason: str
    idncase: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A row that was loaded with something put right or left out."""

    line: int
    kind: str
    column: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the file: its known name, or one of our making for a column we do not know."""

    name: str
    kind: Kind
    whole_number: bool


@dataclass(slots=True, kw_only=True)
class TableFile:
    """A file with its header read: take its `blocks` once, then ask what became of its rows.

    `spare` is the number of blank fields that most rows have after those of the header, as the
    motions do in some releases.
    """

    path: Path
    table: Table
    columns: tuple[Column, ...]
    spare: int = 0
    rows: int = 0
    repaired: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _first_lines: list[int] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)

    def blocks(self) -> Iterator[bytes]:
        """Yield the rows as COPY text in UTF-8: a line per line of the file after its header.

        Empty fields are NULL, blanks at the end of a field and times of day behind a date are
        gone. The first row is line 2.
        """
        tabs = len(self.columns) - 1
        keys_match = self._keys().match
        spare = b"\t" * self.spare
        line = 2
        with self.path.open("rb") as file:
            header = file.readline()
            for offset, raw in _whole_lines(file, len(header), self.path.name):
                self._first_lines.append(line)
                self._offsets.append(offset)
                lines = _lines(raw)
                if self.spare:
                    lines = [row.removesuffix(spare) for row in lines]
                odd = [
                    index
                    for index, row in enumerate(lines)
                    if row.count(b"\t") != tabs or not keys_match(row)
                ]
                self.rows += len(lines)
                for index in odd:
                    lines[index] = self._put_right(lines[index], line + index)
                line += len(lines)
                lines.append(b"")
                yield _copy_text(b"\n".join(lines))
        self._first_lines.append(line)

    def texts(self, wanted: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield the lines of these numbers, as they stand in the file save for NUL bytes."""
        by_block: dict[int, list[int]] = {}
        for line in sorted(set(wanted)):
            by_block.setdefault(bisect_right(self._first_lines, line) - 1, []).append(line)
        with self.path.open("rb") as file:
            for block, numbers in by_block.items():
                file.seek(self._offsets[block])
                end = self._offsets[block + 1] if block + 1 < len(self._offsets) else None
                raw = file.read(-1 if end is None else end - self._offsets[block])
                lines = _lines(raw)
                for number in numbers:
                    yield number, decode(lines[number - self._first_lines[block]])

    def _keys(self) -> re.Pattern[bytes]:
        """Return the pattern of a row up to the last whole number that we store."""
        last = max(i for i, column in enumerate(self.columns) if column.whole_number)
        parts = [
            (rb"\d{1,18}" if column.kind is Kind.KEY else rb"\d{0,18}")
            if column.whole_number
            else rb"[^\t]*"
            for column in self.columns[: last + 1]
        ]
        return re.compile(rb"\t".join(parts) + rb"(?:\t|\Z)")

    def _put_right(self, row: bytes, line: int) -> bytes:
        """Return an odd row as it can be loaded, or an empty one, with a note of what was done."""
        nothing = b"\t" * (len(self.columns) - 1)
        if not row.strip():
            self.rows -= 1
            return nothing
        fields = tuple(part.rstrip(b" ") for part in row.split(b"\t"))
        if 0 < len(self.columns) - len(fields) <= self.spare:
            # A row without spare fields: the blanks cut off were its own.
            fields += (b"",) * (len(self.columns) - len(fields))
        if len(fields) != len(self.columns):
            repairs = self._repairs(fields)
            if len(repairs) != 1:
                ways = f", and {len(repairs)} ways to put that right" if repairs else ""
                self._reject(
                    line, "", f"{len(fields)} fields where the header has {len(self.columns)}{ways}"
                )
                return nothing
            ((fields, position),) = repairs.items()
            self.repaired += 1
            column = self.columns[position].name
            self.remarks.append(Remark(line=line, kind="repaired", column=column))
        for index, of in enumerate(self.columns):
            if not of.whole_number or re.fullmatch(rb"\d{1,18}", fields[index]):
                continue
            if of.kind is Kind.KEY:
                reason = "is not a whole number" if fields[index] else "is missing"
                self._reject(line, of.name, reason)
                return nothing
            if fields[index]:
                value = decode(fields[index])[:200]
                self.remarks.append(
                    Remark(line=line, kind="bad-value", column=of.name, value=value)
                )
                fields = (*fields[:index], b"", *fields[index + 1 :])
        return b"\t".join(fields)

    def _reject(self, line: int, column: str, reason: str) -> None:
        self.rejected.append(Rejected(line=line, column=column, reason=reason))

    def _repairs(self, fields: tuple[bytes, ...]) -> dict[tuple[bytes, ...], int]:
        """Return the different rows that removing tabs can give, each with the place of its first.

        A row counts only if every field of it is what its column may hold.
        """
        extra = len(fields) - len(self.columns)
        if not 0 < extra <= MOST_EXTRA_TABS:
            return {}
        found = {fields: len(fields)}
        for _ in range(extra):
            shorter: dict[tuple[bytes, ...], int] = {}
            for row, first in found.items():
                for at in range(len(row) - 1):
                    joined = (*row[:at], row[at] + row[at + 1], *row[at + 2 :])
                    shorter[joined] = min(shorter.get(joined, at), at, first)
            found = shorter
        return {row: first for row, first in found.items() if self._fits(row)}

    def _fits(self, row: tuple[bytes, ...]) -> bool:
        return all(
            PATTERNS[column.kind].fullmatch(decode(value)) if value else column.kind is not Kind.KEY
            for column, value in zip(self.columns, row, strict=True)
        )


def open_table(path: Path, table: Table) -> TableFile:
    """Return a file of which the header has been read.

    Raises DeliveryRefused where the header is not that of the table.
    """
    with path.open("rb") as file:
        header = file.readline(LONGEST_LINE).removeprefix(BYTE_ORDER_MARK).replace(b"\0", b"")
    names = [decode(name).strip() for name in header.rstrip(b"\r\n").split(b"\t")]
    if not header.strip():
        raise DeliveryRefused("the file is empty.", file=path.name, line=1)
    if len(names) == 1:
        raise DeliveryRefused(
            "the header has no TAB; the columns are to be separated by TABs.",
            file=path.name,
            line=1,
        )
    known = {folded(name): name for name in table.columns}
    whole = {
        column.header
        for column in (table.key, *table.cases, *table.stored)
        if column.kind in (Kind.KEY, Kind.REF)
    }
    columns: list[Column] = []
    for number, header_name in enumerate(names, 1):
        name = known.get(folded(header_name), f"column {number}")
        if any(column.name == name for column in columns):
            raise DeliveryRefused("the header has it twice.", file=path.name, line=1, column=name)
        kind = table.columns.get(name, Kind.TEXT)
        columns.append(Column(name=name, kind=kind, whole_number=name in whole))
    present = {column.name for column in columns}
    for name in table.required:
        if name not in present:
            raise DeliveryRefused("the header lacks it.", file=path.name, line=1, column=name)
    return TableFile(
        path=path, table=table, columns=tuple(columns), spare=_spare_fields(path, len(columns))
    )


def _spare_fields(path: Path, columns: int) -> int:
    """Return how many blank fields most of the first rows have after those of the header."""
    with path.open("rb") as file:
        header = file.readline()
        _, first = next(_whole_lines(file, len(header), path.name), (0, b""))
    rows = [row.split(b"\t") for row in _lines(first) if row.strip()]
    longer = Counter(
        len(row) - columns
        for row in rows
        if len(row) > columns and not b"".join(row[columns:]).strip()
    )
    spare, times = longer.most_common(1)[0] if longer else (0, 0)
    return spare if times > len(rows) / 2 else 0


def _whole_lines(file: BinaryIO, offset: int, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the rest of a file in blocks of whole lines, each with where it begins."""
    rest = b""
    while chunk := file.read(BLOCK_BYTES):
        cut = chunk.rfind(b"\n") + 1
        if cut == 0:
            rest += chunk
            if len(rest) > LONGEST_LINE:
                raise DeliveryRefused("a line is longer than 16 MB.", file=name)
            continue
        block = rest + chunk[:cut]
        yield offset, block
        offset += len(block)
        rest = chunk[cut:]
    if rest:
        yield offset, rest + b"\n"


def _lines(raw: bytes) -> list[bytes]:
    """Return whole lines without their ends, CRLF or LF, and without NULs; a lone CR stays data."""
    if b"\0" in raw:
        raw = raw.replace(b"\0", b"")
    lines = raw.split(b"\r\n")
    # Counting single bytes is the fastest way to see that no line ends otherwise.
    if not raw.count(b"\n") == raw.count(b"\r") == len(lines) - 1:
        while b"\r\n" in raw:
            raw = raw.replace(b"\r\n", b"\n")
        lines = raw.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _copy_text(block: bytes) -> bytes:
    """Return rows in the text format of COPY, each field cut to what it means."""
    block = block.replace(b" 00:00:00.000", b"")
    for end in (b"\t", b"\n"):
        while b" " + end in block:
            for blanks in (8, 4, 2, 1):
                block = block.replace(b" " * blanks + end, end)
    if b":" in block:
        block = TIME_OF_DAY.sub(b"", block)
    if b"\\" in block:
        block = block.replace(b"\\", b"\\\\")
    if b"\r" in block:
        block = block.replace(b"\r", b"\\r")
    return block if block.isascii() else decode(block).encode()
