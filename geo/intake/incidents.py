"""Incidents that an analyst supplies: read into memory, never written anywhere, never named one by one.

They question the index and never enter it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import units
from geo.base.errors import InputError
from geo.files import tables
from geo.intake.columns import commune_codes, day, named

Values = NDArray[np.float64]
HEADERS = {
    "date": ("date", "day", "ngay", "thoi gian", "ngay xay ra"),
    "lat": ("lat", "latitude", "vi do"),
    "lon": ("lon", "lng", "long", "longitude", "kinh do"),
    "commune": ("commune", "commune_code", "commune_name", "xa", "ma xa", "ten xa", "xa/phuong", "phuong/xa"),
    "province": ("province", "province_code", "tinh", "tinh/thanh", "ma tinh"),
}
LIMITS = {"lat": (7.0, 24.0), "lon": (102.0, 118.0)}
"""Degrees around Vietnam, its islands included."""
MOST = 200_000


@dataclass(frozen=True)
class Incidents:
    """Where and when something was recorded.

    Parameters
    ----------
    points
        Longitude and latitude, degrees, shape (n, 2).
    days
        Days since 1970-01-01, shape (n,); NaN where no day is given.
    by_commune
        Shape (n,): the place is no more than the official centre of the commune.
    """

    points: Values
    days: Values
    by_commune: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.points)

    def __repr__(self) -> str:
        return "Incidents(…)"


def read_incidents(path: str | Path, content: bytes | None = None) -> Incidents:
    """Read a table of incidents, one per row.

    Parameters
    ----------
    path
        CSV or XLSX. Columns, in English or Vietnamese: ``lat`` and ``lon`` (degrees, WGS 84) or ``commune`` (code or
        name, in force or of before July 2025; ``province`` helps with names that several provinces have), and if
        known ``date`` (2025-07-30 or 30/07/2025). A row with a commune needs no point: the centre of the commune
        stands for it. All other columns are left alone.
    content
        The bytes of an upload; ``path`` is then only its name.

    Raises
    ------
    InputError
        ``incidents.rows`` with every row that cannot be used (the header is row 1), which says the column and never
        what was in the cell; ``incidents.columns``, ``incidents.too_many``, ``tables.*``.

    Examples
    --------
    >>> read_incidents("a.csv", "Ngày,Vĩ độ,Kinh độ\\n30/07/2025,21.5,107.9\\n".encode()).points.tolist()
    [[107.9, 21.5]]
    """
    name = Path(path).name
    try:
        table = named(tables.read_table(path, content=content), HEADERS, (), name)
    except InputError as error:
        raise _without_cells(error, name) from None
    if "commune" not in table and not {"lat", "lon"} <= set(table):
        raise InputError("incidents.columns", path=name)
    if len(table) > MOST:
        raise InputError("incidents.too_many", path=name, limit=MOST)
    faults: set[tuple[int, str]] = set()
    places = {axis: _each(table, axis, lambda text, axis=axis: _degrees(text, axis), faults) for axis in LIMITS}  # type: ignore[misc]
    days = _each(table, "date", lambda text: float(np.datetime64(day(text), "D").astype(int)), faults)
    points = np.column_stack([places["lon"], places["lat"]])
    given = np.isfinite(points).all(axis=1)
    if "commune" in table:
        points[~given] = _centres(table[~given], faults)
    faults |= {(int(row), "lat, lon") for row in np.flatnonzero(~np.isfinite(points).all(axis=1))}
    if faults:
        rows = [f"{row + 2}: {column}" for row, column in sorted(faults)]
        raise InputError("incidents.rows", rows, path=name, count=len({row for row, _ in faults}))
    return Incidents(points, days, np.asarray(~given))


def _each(table: pd.DataFrame, name: str, read: Callable[[str], float], faults: set[tuple[int, str]]) -> Values:
    """Return a column as numbers, NaN where it is empty or not there."""
    values = np.full(len(table), np.nan)
    for row, text in enumerate(table.get(name, ())):
        try:
            values[row] = read(text) if text else np.nan
        except ValueError:
            faults.add((row, name))
    return values


def _degrees(text: str, axis: str) -> float:
    """Read degrees with a point or a comma before the decimals."""
    plain = text.replace(",", ".") if "." not in text else text
    if not tables.NUMBER.fullmatch(plain) or not LIMITS[axis][0] <= float(plain) <= LIMITS[axis][1]:
        raise ValueError(text)
    return float(plain)


def _centres(table: pd.DataFrame, faults: set[tuple[int, str]]) -> Values:
    """Return the centres of the communes named; NaN where there is none."""
    codes = commune_codes(table[table["commune"] != ""], [])
    centres = units.communes()[["lon", "lat"]].reindex(codes.to_numpy()).set_axis(codes.index)
    faults |= {(int(row), "commune") for row in codes.index[codes == ""]}
    return centres.reindex(table.index).to_numpy(dtype=float)


def _without_cells(error: InputError, name: str) -> InputError:
    """Return the error without anything that stood in a cell: a message may be logged or photographed."""
    rows = error.rows if error.code in ("tables.ragged", "tables.formula_not_computed") else ()
    return InputError(error.code, rows, **{**error.values, "path": name})
