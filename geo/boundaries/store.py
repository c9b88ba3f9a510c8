"""The geometry a user imported: one GeoParquet file in the home folder, replaced as a whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.base import paths
from geo.base.crs import GEOGRAPHIC
from geo.base.errors import DataFault, InputError
from geo.files.write import replace_file

LEVELS = {"full": "geometry", "50m": "geometry_50m", "200m": "geometry_200m"}
"""The column of each level of detail: as imported, and simplified to 50 m and 200 m with shared borders kept."""

FACTS = ("commune_code", "province_code", "source", "as_of", "digest")


def file() -> Path:
    """Return the path of the imported geometry."""
    return paths.home() / "boundaries" / "communes.parquet"


def exists() -> bool:
    """Tell whether anything was imported."""
    return file().exists()


def read(level: str = "full", province: str | None = None) -> gpd.GeoDataFrame:
    """Return imported communes indexed by ``commune_code``: the facts of their import and one level of geometry.

    Raises
    ------
    DataFault
        When the file is damaged.
    """
    column = LEVELS[level]
    chosen = [("province_code", "==", province)] if province is not None else None
    try:
        table = pq.read_table(file(), columns=[*FACTS, column], filters=chosen)
        frame: pd.DataFrame = table.select(FACTS).to_pandas()
        shapes = shapely.from_wkb(table.column(column).to_numpy())
    except (pa.ArrowException, OSError, KeyError, ValueError, shapely.errors.ShapelyError) as error:
        raise DataFault("boundaries.home_damaged", path=file(), reason=str(error)[:120]) from error
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=GEOGRAPHIC).set_index("commune_code")


def write(frame: gpd.GeoDataFrame) -> None:
    """Put ``frame`` in the place of everything imported before.

    Parameters
    ----------
    frame
        Indexed by ``commune_code``: ``province_code, source, as_of, digest``, and the three geometry columns of
        :data:`LEVELS` in WGS 84.

    Raises
    ------
    InputError
        When the home folder cannot be written or the disk is full; what was there before stays.
    """
    ordered = frame.sort_values(["province_code"], kind="stable").reset_index()
    try:
        with replace_file(file()) as temporary:
            ordered[[*FACTS, *LEVELS.values()]].to_parquet(temporary, compression="zstd", row_group_size=100)
    except OSError as error:
        raise InputError("boundaries.cannot_write", path=file(), reason=error.strerror or error) from error


def remove() -> bool:
    """Forget everything imported; return whether there was anything."""
    there = exists()
    file().unlink(missing_ok=True)
    return there


def digest(frame: gpd.GeoDataFrame) -> str:
    """Return a SHA-256 of codes and full geometry, the same for the same outlines in any order."""
    total = hashlib.sha256()
    ordered = frame.sort_index()
    for code, shape in zip(ordered.index, shapely.to_wkb(ordered.geometry.values), strict=True):
        total.update(str(code).encode())
        total.update(shape)
    return total.hexdigest()
