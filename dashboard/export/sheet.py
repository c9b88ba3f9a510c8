"""Rows of a table in a sheet: figures and days as a spreadsheet knows them, written as its user has set it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

DIGITS = 4
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAYS = {"vi": "DD/MM/YYYY", "en": r"D\ MMM\ YYYY"}
"""How a spreadsheet shows a day, by language; the marks of numbers are those its user has set."""


def put_rows(sheet: Worksheet, rows: Iterable[Sequence[object]], language: str) -> None:
    """Append rows; a text that is a whole day becomes a day, numbers get thousands marks and few decimals."""
    for row in rows:
        sheet.append([typed(value) for value in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell, Cell):
                cell.number_format = number_format(cell.value, language)


def typed(value: object) -> object:
    """Return a value as a spreadsheet holds it.

    Examples
    --------
    >>> typed("2026-04-30"), typed(0.123456), typed("06712")
    (datetime.date(2026, 4, 30), 0.1235, '06712')
    """
    if isinstance(value, float):
        return round(value, DIGITS)
    return dt.date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else value


def number_format(value: object, language: str) -> str:
    """Return the format of a cell: days as in the language, whole numbers without decimals, shares with four.

    Examples
    --------
    >>> [number_format(value, "vi") for value in (1200, 1200.5, 0.25, "06712", dt.date(2026, 4, 30))]
    ['#,##0', '#,##0.0', '0.0000', 'General', 'DD/MM/YYYY']
    """
    if isinstance(value, dt.date):
        return DAYS[language]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "General"
    if value == int(value):
        return "#,##0"
    return "#,##0.0" if abs(value) >= 1 else "0.0000"
