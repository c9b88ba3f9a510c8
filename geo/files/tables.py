"""Tables of strangers, read as text first: nothing is guessed to be a number, a date or missing.

Codes stay text (``01`` is not ``1``), an empty cell is missing, any other mark of a missing value has to be declared,
and text among numbers is an error that names the rows.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from geo.files.archives import ArchiveLimits, members

SPREADSHEETS = (".xlsx", ".xlsm")
WORKBOOK = ArchiveLimits(entries=2_000, entry_bytes=200 << 20, total_bytes=400 << 20, ratio=400)
MOST_UPLOADED = 20 << 20
"""Bytes of an upload."""
MOST_CELLS = 6_000_000
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs text that begins with one of these; our exports put an apostrophe before it."""
DELIMITERS = ",;\t|"
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
COMMAS = str.maketrans({",": ".", ".": ","})
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = set("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")


def read_table(
    path: str | Path,
    unit: str | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    content: bytes | None = None,
) -> pd.DataFrame:
    """Read a CSV or XLSX file as text.

    Parameters
    ----------
    path
        A file ending in .csv, .tsv, .txt (comma, semicolon, tab or bar between the cells) or .xlsx.
    unit
        The column that names the units; it becomes the index and must be complete and without duplicates.
    encoding
        Of a CSV file; without it UTF-8, UTF-16 with a mark, Windows-1258 and Windows-1252 are told apart.
    sheet
        Of an XLSX file; the first one by default.
    content
        The bytes of an upload: nothing is then read from or written to a disk, and ``path`` is only its name.

    Returns
    -------
    DataFrame
        Cells as ``str``, stripped and in Unicode form NFC; an empty cell is ``""``. Empty rows are left out.

    Raises
    ------
    InputError
        ``tables.*``: no such file, not a table, too large, doubled columns, rows of another length, unit column
        missing, incomplete or doubled; ``archives.*`` for an XLSX that would unpack to something else than a table.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("code;value\\n01;2.5\\n02;\\n", encoding="utf-8")
    >>> read_table(path, "code").to_dict("index")
    {'01': {'value': '2.5'}, '02': {'value': ''}}
    """
    path = Path(path)
    frame = _frame(path, read_lines(path, encoding=encoding, sheet=sheet, content=content))
    return frame if unit is None else index_by(frame, unit, path=path)


def read_lines(
    path: str | Path, *, encoding: str | None = None, sheet: str | None = None, content: bytes | None = None
) -> list[tuple[int, list[str]]]:
    """Read the rows of a CSV or XLSX file as text, whatever they are; see :func:`read_table`.

    Returns
    -------
    list
        Number of the row in the file (from 1) and its cells, stripped and in Unicode form NFC; empty rows are left
        out. Rows of a CSV file may differ in length.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("a,b\\n\\n1,2\\n", encoding="utf-8")
    >>> read_lines(path)
    [(1, ['a', 'b']), (3, ['1', '2'])]
    """
    path = Path(path)
    content = _content(path) if content is None else _limited(path, content)
    spreadsheet = path.suffix.lower() in SPREADSHEETS
    rows = _sheet_rows(path, content, sheet) if spreadsheet else _text_rows(path, content, encoding)
    lines = ((line, [_clean(cell) for cell in row]) for line, row in enumerate(rows, start=1))
    return [(line, row) for line, row in lines if any(row)]


def sheet_names(path: str | Path) -> list[str]:
    """Return the names of the sheets of an XLSX file; none for a text file.

    Raises
    ------
    InputError
        ``archives.*`` for a file that unpacks too large, ``tables.not_a_table`` for one that is no workbook.
    """
    import openpyxl

    path = Path(path)
    if path.suffix.lower() not in SPREADSHEETS:
        return []
    content = _content(path)
    _parts(path, content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except Exception as reason:  # whatever the library makes of a damaged or hostile workbook
        raise InputError("tables.not_a_table", path=path, reason=type(reason).__name__) from reason
    names = list(book.sheetnames)
    book.close()
    return names


def index_by(table: pd.DataFrame, unit: str, *, path: object = "") -> pd.DataFrame:
    """Return ``table`` indexed by the text column ``unit``, which must name every row once.

    Raises
    ------
    InputError
        ``tables.column_missing``, ``tables.unit_empty``, ``tables.unit_doubled``.
    """
    require_columns(table, [unit], path=path)
    units = table[unit]
    empty = np.flatnonzero((units == "").to_numpy())
    if len(empty):
        raise InputError("tables.unit_empty", [f"#{row + 1}" for row in empty], path=path, column=unit)
    doubled = sorted(set(units[units.duplicated()]))
    if doubled:
        raise InputError("tables.unit_doubled", doubled, path=path, column=unit)
    return table.set_index(unit)


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, path: object = "") -> None:
    """Raise ``tables.column_missing``, with the columns that exist, unless ``table`` has all of ``columns``."""
    names = [str(column) for column in table.columns]
    missing = [column for column in columns if column not in names]
    if missing:
        near = [name for column in missing for name in difflib.get_close_matches(column, names, n=1, cutoff=0.6)]
        suggestions = ", ".join([*dict.fromkeys(near), *(name for name in names if name not in near)])
        raise InputError("tables.column_missing", path=path, column=", ".join(missing), columns=suggestions)


def numbers(
    table: pd.DataFrame,
    columns: Sequence[str] | None = None,
    *,
    missing: Iterable[str] = (),
    decimal: str = ".",
    path: object = "",
) -> pd.DataFrame:
    """Turn text columns into float columns; empty cells and the marks declared in ``missing`` become NaN.

    Parameters
    ----------
    table
        Of text, units x columns, as :func:`read_table` returns it.
    columns
        The columns wanted; all by default.
    missing
        Marks that mean "no value here", such as ``x``, ``..``, ``NA``: compared exactly, after stripping.
    decimal
        ``.`` or ``,``: the one decimal mark of the table; the other is then no part of a number.

    Raises
    ------
    InputError
        ``tables.column_missing``; ``tables.not_numbers`` with unit, column and text of each cell that is no number
        (thousands separators, the other decimal mark, ``inf`` and ``nan`` are no numbers).

    Examples
    --------
    >>> table = pd.DataFrame({"gdp": ["1.5", "", "x"]}, index=["a", "b", "c"])
    >>> numbers(table, missing=["x"])["gdp"].tolist()
    [1.5, nan, nan]
    """
    columns = [str(column) for column in table.columns] if columns is None else list(columns)
    require_columns(table, columns, path=path)
    absent = {"", *(mark.strip() for mark in missing)}
    values = np.full((len(table), len(columns)), np.nan)
    wrong: list[str] = []
    for position, column in enumerate(columns):
        for row, text in enumerate(table[column].to_numpy(dtype=object)):
            if text in absent:
                continue
            plain = text if decimal == "." else text.translate(COMMAS)
            value = float(plain) if NUMBER.fullmatch(plain) else np.inf
            if np.isinf(value):
                wrong.append(f"{table.index[row]} · {column}: {text!r}")
            else:
                values[row, position] = value
    if wrong:
        raise InputError("tables.not_numbers", wrong, path=path, count=len(wrong))
    return pd.DataFrame(values, index=table.index, columns=columns)


def decode(data: bytes, encoding: str | None = None) -> str:
    """Decode the bytes of a text file: UTF-8 or UTF-16 if they fit, else Windows-1258 or Windows-1252.

    Windows-1258 writes most Vietnamese tones as marks of their own; it is taken when every such mark follows a
    Vietnamese vowel. The result is in Unicode form NFC.

    Examples
    --------
    >>> decode("Hà Nội".encode("utf-8-sig"))
    'Hà Nội'
    >>> decode("Côte d'Ivoire".encode("latin-1"))
    "Côte d'Ivoire"
    """
    if encoding is not None:
        return unicodedata.normalize("NFC", data.decode(encoding))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return unicodedata.normalize("NFC", data.decode("utf-16"))
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    vietnamese = data.decode("cp1258", errors="replace")
    marks = [position for position, letter in enumerate(vietnamese) if letter in _TONES]
    if marks and "\ufffd" not in vietnamese and all(vietnamese[position - 1] in _VOWELS for position in marks):
        return unicodedata.normalize("NFC", vietnamese)
    try:
        return unicodedata.normalize("NFC", data.decode("cp1252"))
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", data.decode("latin-1"))


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise InputError("tables.file_missing", path=path)
    return path.read_bytes()


def _limited(path: Path, content: bytes) -> bytes:
    if len(content) > MOST_UPLOADED:
        size, limit = len(content) / 2**20, MOST_UPLOADED >> 20
        raise InputError("tables.too_large", path=path, size=f"{size:.0f}", limit=limit)
    return content


def _text_rows(path: Path, content: bytes, encoding: str | None) -> list[list[str]]:
    try:
        text = decode(content, encoding)
    except (UnicodeDecodeError, LookupError) as reason:
        raise InputError("tables.not_a_table", path=path, reason=reason) from reason
    if "\x00" in text:
        raise InputError("tables.not_a_table", path=path, reason="NUL")
    header = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as reason:
        raise InputError("tables.not_a_table", path=path, reason=reason) from reason


def _sheet_rows(path: Path, content: bytes, sheet: str | None) -> list[list[str]]:
    import openpyxl

    parts = _parts(path, content)
    try:
        values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = _has_formulas(content, parts)
        written = openpyxl.load_workbook(io.BytesIO(content), read_only=True) if formulas else values
        try:
            name = sheet or values.sheetnames[0]
            if name not in values.sheetnames:
                raise InputError("tables.sheet_missing", path=path, sheet=name, sheets=", ".join(values.sheetnames))
            rows = _cells(path, values[name])
            if formulas:
                _require_computed(path, values[name], written[name])
            return rows
        finally:
            values.close()
            written.close()
    except InputError:
        raise
    except Exception as reason:  # whatever the library makes of a damaged or hostile workbook
        raise InputError("tables.not_a_table", path=path, reason=type(reason).__name__) from reason


def _cells(path: Path, sheet: Any) -> list[list[str]]:
    """Return the texts of a sheet; what it says of its own size is not believed."""
    rows: list[list[str]] = []
    count = 0
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        count += max(len(row), 1)
        if count > MOST_CELLS:
            raise InputError("tables.too_many_cells", path=path, limit=MOST_CELLS)
        rows.append([_cell_text(cell) for cell in row])
    width = max(map(len, rows), default=0)
    if width * sum(map(any, rows)) > MOST_CELLS:
        raise InputError("tables.too_many_cells", path=path, limit=MOST_CELLS)
    return [row + [""] * (width - len(row)) if any(row) else [] for row in rows]


def _parts(path: Path, content: bytes) -> list[zipfile.ZipInfo]:
    """Return the parts of a workbook that is neither damaged nor a bomb."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise InputError("tables.not_a_table", path=path, reason="XLSX?")
    try:
        return members(io.BytesIO(content), path.name, WORKBOOK)
    except InputError as error:
        if error.code == "archives.damaged":
            raise InputError("tables.not_a_table", path=path, reason="zip") from error
        raise


def _has_formulas(content: bytes, parts: list[zipfile.ZipInfo]) -> bool:
    """Say whether any sheet of a workbook holds a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
        return any(FORMULA.search(archive.read(part)) for part in sheets)


def _require_computed(path: Path, seen: Any, written: Any) -> None:
    written.reset_dimensions()
    unknown = [
        cell.coordinate
        for values, formulas in zip(seen.iter_rows(), written.iter_rows(), strict=True)
        for cell, formula in zip(values, formulas, strict=True)
        if _not_computed(cell, formula)
    ]
    if unknown:
        raise InputError("tables.formula_not_computed", unknown, path=path)


def _not_computed(seen: Any, written: Any) -> bool:
    return seen.value is None and isinstance(written.value, str) and written.value.startswith("=")


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        if value == int(value):
            zeros = re.fullmatch(r"0+", str(cell.number_format))
            return f"{int(value):0{len(cell.number_format)}d}" if zeros else str(int(value))
        return repr(float(value))
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()[:10] if not getattr(value, "hour", 0) else value.isoformat()
    return str(value)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().strip("\ufeff")


def _frame(path: Path, lines: list[tuple[int, list[str]]]) -> pd.DataFrame:
    if len(lines) < 2:
        raise InputError("tables.empty", path=path)
    header = lines[0][1]
    while header and not header[-1]:
        header = header[:-1]
    header = [name or f"column {position}" for position, name in enumerate(header, start=1)]
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise InputError("tables.columns_doubled", doubled, path=path)
    width = len(header)
    ragged = [str(line) for line, row in lines[1:] if len(row) < width or any(row[width:])]
    if ragged:
        raise InputError("tables.ragged", ragged, path=path, width=width)
    cells = np.array([row[:width] for _, row in lines[1:]], dtype=object)
    return pd.DataFrame({name: pd.Series(cells[:, column], dtype=object) for column, name in enumerate(header)})
