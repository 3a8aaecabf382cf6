"""A table as an XLSX workbook: one sheet of numbers, one that says what they are."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cases.csv_text import Cell, as_text

WIDTH_OF_A_NAME, WIDTH_OF_A_NUMBER = 32, 14


def workbook(
    head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], *, about: Iterable[str]
) -> bytes:
    """Return the workbook. Texts stay texts: what a spreadsheet would compute is marked as one."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Table")
    sheet.freeze_panes = "B2"
    for number in range(1, len(head) + 1):
        width = WIDTH_OF_A_NAME if number == 1 else WIDTH_OF_A_NUMBER
        sheet.column_dimensions[get_column_letter(number)].width = width
    heads = [WriteOnlyCell(sheet, value=name) for name in head]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    notes = book.create_sheet("About")
    notes.column_dimensions["A"].width = 110
    for note in about:
        notes.append([as_text(note)])
    written = BytesIO()
    book.save(written)
    return written.getvalue()
