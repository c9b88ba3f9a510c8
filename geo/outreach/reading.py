"""Reading a stranger's log: what can be used, what cannot and why, what is there already; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geo import crosswalk, layers, tables
from geo.errors import InputError
from geo.files import file_hash
from geo.names import fold
from geo.outreach import cells
from geo.outreach.columns import Columns, find_columns, personal
from geo.outreach.duplicates import duplicates
from geo.outreach.places import Finder

FIGURES = ("events", "people_reached", "women", "men", "children", "items")
TEXTS = ("team", "partner", "note")
LARGEST_FILE = 50 << 20
MOST_ROWS = 100_000
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
SHEETS = ("nhat ky", "log")
"""Names of the sheet with the log; without one of them the first sheet is read."""


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be used.

    Parameters
    ----------
    row
        Number of the row in the file.
    column
        Name of the column as the file has it.
    value
        What stands there.
    code
        ``log.…``, the code of the message.
    candidates
        What may have been meant.
    """

    row: int
    column: str
    value: str
    code: str
    candidates: tuple[str, ...] = ()

    def message(self, language: str = "vi") -> str:
        """Say what is wrong."""
        return self._error().message(language)

    def remedy(self, language: str = "vi") -> str:
        """Say what to do."""
        return self._error().remedy(language)

    def _error(self) -> InputError:
        return InputError(self.code, self.candidates, value=self.value, column=self.column)


@dataclass(frozen=True)
class LogReading:
    """What is in a file.

    Parameters
    ----------
    name, digest
        Name of the file without its folder, and its SHA-256.
    rows
        The rows that can be used, indexed by their number in the file (``row``), with the columns of
        ``outreach_activities`` but no identifier.
    faults
        Everything that keeps other rows out.
    duplicates
        Indexed by row: ``of_row`` (the row of the file it repeats) or ``of_activity`` (identifier in the log).
    table
        Every row of the file as it is written, indexed by row.
    ignored
        Headers of columns that the log does not know; their content is not taken over.
    months
        Rows that give only a month; they stand on its first day.
    converted
        Rows whose code or name of before July 2025 led to the commune in force.
    hidden
        Cells that say "fewer than"; they stay empty.
    vintage
        Whether the codes are in force (``current``), of before July 2025 (``old``) or ``mixed``.
    """

    name: str
    digest: str
    rows: pd.DataFrame
    faults: tuple[Fault, ...]
    duplicates: pd.DataFrame
    table: pd.DataFrame
    ignored: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    converted: int = 0
    hidden: int = 0
    vintage: str = "current"

    @property
    def faulty_rows(self) -> list[int]:
        """Numbers of the rows that cannot be used."""
        return sorted({fault.row for fault in self.faults})

    def to_keep(self, *, keep_duplicates: bool = False) -> pd.DataFrame:
        """Return the rows to take over, by default without those that are there already."""
        return self.rows if keep_duplicates else self.rows.drop(index=self.duplicates.index)

    def to_correct(self, language: str = "vi") -> pd.DataFrame:
        """Return the rows that cannot be used as they are written, with their number and what is to be done.

        The table can be corrected and read again: columns that only explain are passed over.
        """
        told: dict[int, list[str]] = {}
        for fault in self.faults:
            told.setdefault(fault.row, []).append(
                f"{fault.column}: {fault.message(language)} {fault.remedy(language)}".strip()
            )
        wrong = self.table.loc[self.faulty_rows]
        number, reason = ("Dòng", "Lỗi cần sửa") if language == "vi" else ("Row", "What to correct")
        explained = pd.DataFrame({number: wrong.index, reason: [" ".join(told[row]) for row in wrong.index]})
        return pd.concat([explained.set_axis(wrong.index), wrong], axis=1)

    def summary(self) -> dict[str, Any]:
        """Return what was found as plain values for JSON."""
        kept = self.rows
        return {
            "file": self.name,
            "sha256": self.digest,
            "rows": len(self.table),
            "usable": len(kept),
            "faulty": len(self.faulty_rows),
            "duplicates": len(self.duplicates),
            "communes": int(kept["commune_code"].nunique()),
            "first": str(kept["date"].min()) if len(kept) else None,
            "last": str(kept["date"].max()) if len(kept) else None,
            **{name: _total(kept[name]) for name in ("events", "people_reached")},
            "months_only": len(self.months),
            "converted": self.converted,
            "hidden": self.hidden,
            "codes": self.vintage,
            "ignored_columns": list(self.ignored),
            "faults": [
                {**vars(fault), "candidates": list(fault.candidates), "message": fault.message("en"),
                 "message_vi": fault.message("vi"), "remedy_vi": fault.remedy("vi")}
                for fault in self.faults
            ],
        }  # fmt: skip


def _total(values: pd.Series) -> float | None:
    total = values.sum(min_count=1)
    return None if pd.isna(total) else float(total)


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
        (:data:`geo.outreach.columns.HEADERS`). Needed are ``date``, ``type``, and ``commune`` or ``province``;
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
    lines: Sequence[tuple[int, list[str]]],
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
        As :func:`geo.tables.read_lines` returns them, the header among the first.
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
    columns, first = find_columns(lines, name)
    data = lines[first:]
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
        ignored=columns.ignored,
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


ALL = ("date", "commune_code", "commune", "district", "province", "type", *FIGURES, *TEXTS)


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
