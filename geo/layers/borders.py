"""The land border and the neighbouring countries, for distances and as the map's background."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import shapely

from geo.base import paths
from geo.base.errors import DataFault


@cache
def land_border_lines() -> gpd.GeoDataFrame:
    """Return the land border as lines, WGS 84, one row per ``neighbour`` (China, Laos, Cambodia)."""
    return _read(paths.LAND_BORDER)


@cache
def land_border() -> shapely.Geometry:
    """Return the whole land border as one multi-line, longitude and latitude in degrees."""
    return shapely.union_all(land_border_lines().geometry.to_numpy())


@cache
def neighbours() -> gpd.GeoDataFrame:
    """Return the surrounding countries as polygons, WGS 84: context on a map that has no tiles."""
    return _read(paths.NEIGHBOURS)


def _read(path: object) -> gpd.GeoDataFrame:
    try:
        return gpd.read_file(path)
    except Exception as error:
        raise DataFault("general.file_damaged", path=path, reason=type(error).__name__) from error
