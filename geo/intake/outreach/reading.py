"""Reading a stranger's log: what can be used, what cannot and why, what is there already; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geo import layers
from geo.base.errors import InputError
from geo.files import tables
from geo.files.write import file_hash
from geo.intake.outreach import cells
from geo.intake.outreach.columns import Columns, find_columns, is_total, personal
from geo.intake.outreach.duplicates import duplicates
from geo.intake.outreach.fonts import from_tcvn3
from geo.intake.outreach.found import Fault, LogReading
from geo.intake.outreach.places import Finder
from geo.units import crosswalk
from geo.units.names import fold

FIGURES = ("events", "people_reached", "women", "men", "children", "items")
TEXTS = ("team", "partner", "note")
LISTS = ("audience", "topic")
"""Columns that hold words of a closed list."""
LARGEST_FILE = 50 << 20
MOST_ROWS = 100_000
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
SHEETS = ("nhat ky", "log")
"""Names of the sheet with the log; without one of them the first sheet is read."""


Lines = Sequence[tuple[int, list[str]]]


@dataclass
class _Notes:
    """What is noticed row by row."""

    faults: list[Fault] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    converted: int = 0
    hidden: int = 0


def read_log(
    path: str | Path,
    *,
    log: pd.DataFrame | None = None,
    province: str | None = None,
    today: dt.date | None = None,
    name: str | None = None,
) -> LogReading:
    """Read a log of activities and say what of it can be used; nothing is written.

    Parameters
    ----------
    path
        CSV or XLSX with one activity per row; the header may stand below titles, in English or Vietnamese
        (:data:`geo.intake.outreach.columns.HEADERS`). Needed are ``date``, ``type``, and ``commune`` or ``province``;
        an empty figure means that nobody counted.
    log
        The log in force, to find what it has already.
    province
        Code of a province in which names are looked for first where a row names none.
    today
        Later days are faults; today by default.
    name
        What the file is called, if not as ``path``.

    Raises
    ------
    InputError
        When the file as a whole cannot be used: no table, columns missing, columns about single persons, too large.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "log.csv"
    >>> text = "Ngày,Xã,Loại\\n30/07/2025,Móng Cái 1,Tờ rơi\\n31/02/2025,06712,Tờ rơi\\n"
    >>> _ = file.write_text(text, encoding="utf-8")
    >>> reading = read_log(file)
    >>> len(reading.rows), [(fault.row, fault.code) for fault in reading.faults]
    (1, [(3, 'log.date')])
    """
    path = Path(path)
    shown = name or path.name
    grouped = path.suffix.lower() not in tables.SPREADSHEETS
    lines = _lines(path, shown)
    return read_rows(
        lines, name=shown, digest=file_hash(path), grouped=grouped, log=log, province=province, today=today
    )


def read_rows(
    lines: Lines,
    *,
    name: str,
    digest: str = "",
    grouped: bool = True,
    log: pd.DataFrame | None = None,
    province: str | None = None,
    today: dt.date | None = None,
) -> LogReading:
    """Read a log that is in memory, such as what was entered in a form; see :func:`read_log`.

    Parameters
    ----------
    lines
        As :func:`geo.files.tables.read_lines` returns them, the header among the first.
    name, digest
        What the source is called, and its SHA-256.
    grouped
        Whether points, commas or spaces may part thousands.

    Examples
    --------
    >>> header, row = ["date", "commune", "type"], ["30/7/2025", "06712", "panel"]
    >>> read_rows([(1, header), (2, row)], name="form").rows["province_code"].tolist()
    ['22']
    """
    lines, columns, first, font = _header(lines, name)
    totals = tuple(line for line, row in lines[first:] if is_total(row))
    data = [(line, row) for line, row in lines[first:] if line not in totals]
    if not data:
        raise InputError("tables.empty", path=name)
    if found := personal(columns, [row for _, row in data]):
        raise InputError("log.personal_columns", found, path=name)
    table, faults = _table(columns, data)
    notes = _Notes(faults)
    broken = sorted({fault.row for fault in faults})
    rows, vintage = _rows(columns, table.drop(index=broken), notes, today or dt.date.today(), province, grouped)
    wrong = {fault.row for fault in notes.faults}
    rows = rows[~rows.index.isin(wrong)].assign(quality="reported", source=name)
    notes.faults.sort(key=lambda fault: fault.row)
    return LogReading(
        name=name,
        digest=digest,
        rows=rows,
        faults=tuple(notes.faults),
        duplicates=duplicates(rows, log),
        table=table,
        ignored=columns.ignored + _nameless(columns, data),
        totals=totals,
        font=font,
        months=tuple(row for row in notes.months if row not in wrong),
        converted=notes.converted,
        hidden=notes.hidden,
        vintage=vintage,
    )


def _lines(path: Path, shown: str) -> list[tuple[int, list[str]]]:
    if path.suffix.lower() not in ENDINGS:
        raise InputError("log.ending", path=shown, known=", ".join(ENDINGS))
    if path.is_file() and path.stat().st_size > LARGEST_FILE:
        raise InputError("log.too_large", path=shown, limit=LARGEST_FILE >> 20)
    try:
        sheet = (
            next((one for one in tables.sheet_names(path) if fold(one) in SHEETS), None) if path.is_file() else None
        )
        lines = tables.read_lines(path, sheet=sheet)
    except InputError as error:
        raise InputError(error.code, error.rows, **{**error.values, "path": shown}) from error
    if len(lines) > MOST_ROWS:
        raise InputError("log.too_many", path=shown, limit=MOST_ROWS, count=len(lines))
    return lines


def _header(lines: Lines, name: str) -> tuple[Lines, Columns, int, str]:
    """Find the header; if there is none, see whether the file is in an old font."""
    try:
        return lines, *find_columns(lines, name), ""
    except InputError as error:
        if error.code != "log.columns_missing":
            raise
        converted = from_tcvn3(lines)
        try:
            return converted, *find_columns(converted, name), "TCVN3"
        except InputError:
            raise error from None


def _nameless(columns: Columns, data: Lines) -> tuple[str, ...]:
    """Return the columns that hold something and have no header, by their letter."""
    width = range(len(columns.names))
    found = (
        place
        for place in width
        if not columns.names[place] and any("".join(row[place : place + 1]) for _, row in data)
    )
    return tuple(f"({chr(65 + place)})" if place < 26 else f"({place + 1})" for place in found)


def _table(columns: Columns, data: Iterable[tuple[int, list[str]]]) -> tuple[pd.DataFrame, list[Fault]]:
    """Return every row in the width of the header; rows that are wider or much shorter are faults."""
    width = len(columns.names)
    names = [name or f"column {place}" for place, name in enumerate(columns.names, start=1)]
    faults, rows = [], {}
    for line, row in data:
        if any(row[width:]):
            faults.append(Fault(line, "", " | ".join(filter(None, row[width:])), "log.ragged"))
        rows[line] = [*map(_unguarded, row[:width]), *[""] * (width - len(row))]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=names, dtype=object)
    return table.rename_axis("row"), faults


def _unguarded(text: str) -> str:
    """Take off the apostrophe that our own exports put before what a spreadsheet would run."""
    return text[1:] if text.startswith("'") and text[1:].startswith(tables.FORMULA_STARTS) else text


def _rows(
    columns: Columns, table: pd.DataFrame, notes: _Notes, today: dt.date, province: str | None, grouped: bool
) -> tuple[pd.DataFrame, str]:
    """Read every row; where a cell cannot be used, a fault is noted."""
    header = {name: columns.names[place] for name, place in columns.places.items()}
    empty = pd.Series("", index=table.index)
    cell = {name: table.iloc[:, columns.places[name]] if name in columns.places else empty for name in ALL}
    finder = Finder(pd.concat([cell["commune_code"], cell["commune"]]), province)
    read: list[dict[str, Any]] = []
    for row, *values in zip(table.index, *(cell[name] for name in ALL), strict=True):
        read.append(_row(int(row), dict(zip(ALL, values, strict=True)), header, finder, notes, today, grouped))
    frame = pd.DataFrame(read, index=table.index, columns=[*layers.outreach_columns()[1:-2]])
    area = crosswalk.main_old_province()
    frame["old_province_code"] = frame["commune_code"].map(area).fillna(frame["old_province_code"])
    return frame.astype(dict.fromkeys(FIGURES, float)), finder.vintage


ALL = ("date", "commune_code", "commune", "district", "province", "type", *FIGURES, *TEXTS, *LISTS)


def _row(
    row: int,
    cell: dict[str, str],
    header: dict[str, str],
    finder: Finder,
    notes: _Notes,
    today: dt.date,
    grouped: bool,
) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def fault(column: str, code: str, candidates: tuple[str, ...] = ()) -> None:
        notes.faults.append(Fault(row, header.get(column, column), cell.get(column, ""), code, candidates))

    try:
        found["date"], only_month = cells.day(cell["date"], today)
        notes.months += [row] if only_month else []
    except cells.Unusable as error:
        fault("date", str(error))
    try:
        found["type"] = cells.kind(cell["type"])
    except cells.Unusable as error:
        fault("type", str(error))
    for name in FIGURES:
        try:
            found[name], hidden = cells.figure(cell[name], grouped=grouped)
            notes.hidden += hidden
        except cells.Unusable as error:
            fault(name, str(error))
    for name in TEXTS:
        try:
            found[name] = cells.words(cell[name])
        except cells.Unusable as error:
            fault(name, str(error))
    for name in LISTS:
        try:
            found[name] = cells.listed(cell[name], name)
        except cells.Unusable as error:
            fault(name, str(error), cells.choices(name))
    place = finder.find(cell["commune_code"], cell["commune"], cell["district"], cell["province"])
    if place.fault:
        about = "province" if place.fault == "log.province" else "commune" if cell["commune"] else "commune_code"
        fault(about if about in header else "commune", place.fault, place.candidates)
    notes.converted += place.converted
    found |= {"commune_code": place.commune, "province_code": place.province, "old_province_code": place.old_province}
    _sums(found, fault)
    return found


def _sums(found: dict[str, Any], fault: Any) -> None:
    """Women and men cannot be more than all; children, who are counted as girls or boys too, neither."""
    people, women, men, children = (found.get(name) for name in ("people_reached", "women", "men", "children"))
    if people is None:
        return
    if (women or 0) + (men or 0) > people:
        fault("people_reached", "log.parts_exceed")
    if children is not None and children > people:
        fault("children", "log.children_exceed")
