"""Writing a frame with geometry as CSV, GeoJSON, GeoPackage or GeoParquet, by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.base.errors import InputError
from geo.files.tables import FORMULA_STARTS
from geo.files.write import replace_file

COORDINATE_DIGITS = 6


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with an apostrophe before texts that a spreadsheet would run as a formula.

    Numbers, negative ones too, stay as they are.

    Examples
    --------
    >>> guarded(pd.DataFrame({"name": ["=1+1", "Hạ Long"], "x": [-1, 2]})).to_dict("list")
    {'name': ["'=1+1", 'Hạ Long'], 'x': [-1, 2]}
    """

    def guard(value: object) -> object:
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

    texts = [column for column in frame.columns if not pd.api.types.is_numeric_dtype(frame[column])]
    return frame.assign(**{column: frame[column].map(guard, na_action="ignore") for column in texts})


def _csv(frame: gpd.GeoDataFrame, path: Path, layer: str, encoding: str = "utf-8") -> None:
    table = guarded(pd.DataFrame(frame.drop(columns=frame.geometry.name)))
    table.to_csv(path, index=False, lineterminator="\n", encoding=encoding, float_format="%.6g")


def _csv_for_spreadsheets(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    _csv(frame, path, layer, "utf-8-sig")


def _geojson(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    precision = {"COORDINATE_PRECISION": COORDINATE_DIGITS, "RFC7946": "YES"}
    frame.to_file(path, driver="GeoJSON", engine="pyogrio", layer=layer, **precision)


def _geopackage(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    frame.to_file(path, driver="GPKG", engine="pyogrio", layer="communes")


def _geoparquet(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    frame.to_parquet(path, index=False)


Writer = Callable[[gpd.GeoDataFrame, Path, str], None]
"""Writes a frame to a path, which is a temporary one: the layer's own name comes beside it."""

WRITERS: Mapping[str, Writer] = {
    ".csv": _csv,
    ".geojson": _geojson,
    ".gpkg": _geopackage,
    ".parquet": _geoparquet,
    ".geoparquet": _geoparquet,
}


def check_ending(path: str | Path, known: Collection[str] = WRITERS) -> Path:
    """Return the path if its ending names a format that can be written, before any work is done."""
    target = Path(path)
    if target.suffix.lower() not in known:
        raise InputError("export.unknown_format", path=target.name, known=", ".join(known))
    if not target.absolute().parent.is_dir():
        raise InputError("export.no_folder", path=target.absolute().parent)
    return target


def write_frame(frame: gpd.GeoDataFrame, path: str | Path, *, for_spreadsheets: bool = False) -> None:
    """Write the frame in the format its ending names: the whole file or, on any failure, nothing.

    Parameters
    ----------
    frame
        What to write.
    path
        Where; the ending chooses the format.
    for_spreadsheets
        Whether a CSV begins with a byte-order mark, without which Excel garbles Vietnamese names; programs read it
        more easily without.
    """
    target = check_ending(path)
    ending = target.suffix.lower()
    writer = _csv_for_spreadsheets if for_spreadsheets and ending == ".csv" else WRITERS[ending]
    try:
        with replace_file(target) as temporary:
            writer(frame, temporary, target.stem)
    except OSError as error:
        raise InputError("export.not_written", path=target, reason=error.strerror or error) from error
