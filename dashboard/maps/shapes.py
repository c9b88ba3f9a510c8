"""Geometry as the map fetches it: once, from a static file named after what is in it.

A shape is a list of polygons, a polygon a list of rings, a ring a flat list of whole numbers: the first point and
then differences, longitude before latitude, in ten-thousandths of a degree (11 m). Two neighbours are rounded to the
same grid, so that their common border stays common.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.base import paths
from geo.files.write import replace_file

SCALE = 10_000
FORMAT = "3"
"""Goes into every digest: files of an older form are not taken for new ones."""
FOLDER = "geometry"


def digest(*parts: object) -> str:
    """Return twelve hexadecimal digits that name a file after everything it was made of."""
    return hashlib.sha256("\n".join([FORMAT, *map(str, parts)]).encode()).hexdigest()[:12]


def publish(path: str, content: Mapping[str, Any]) -> str:
    """Write a static file unless it is there, and return its address as the map asks for it."""
    target = paths.STATIC / FOLDER / path
    if not target.exists():
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        with replace_file(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return address(path)


def address(path: str) -> str:
    """Return the address of a static geometry file, seen from the frame of the map."""
    return f"../../app/static/{FOLDER}/{path}"


def published(path: str) -> bool:
    """Say whether a static file has been written."""
    return (paths.STATIC / FOLDER / Path(path)).exists()


def encode(geometry: shapely.Geometry) -> list[list[list[int]]]:
    """Return one polygon, multipolygon or collection as a shape; what is smaller than the grid becomes a speck.

    Examples
    --------
    >>> encode(shapely.box(106, 20, 106.001, 20.001))
    [[[1060010, 200000, 0, 10, -10, 0, 0, -10]]]
    """
    parts = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if part.geom_type == "Polygon"]
    return [[_ring(part.exterior), *(_ring(hole) for hole in part.interiors)] for part in parts]


def encode_line(line: shapely.Geometry) -> list[list[int]]:
    """Return a line or several as flat lists of differences."""
    return [_deltas(np.round(shapely.get_coordinates(part) * SCALE).astype(int)) for part in shapely.get_parts(line)]


def _ring(ring: shapely.LinearRing) -> list[int]:
    grid = np.round(shapely.get_coordinates(ring)[:-1] * SCALE).astype(int)
    moved = np.any(grid != np.roll(grid, 1, axis=0), axis=1)
    grid = grid[moved]
    if len(grid) < 3:
        x, y = np.round(np.mean(shapely.get_coordinates(ring), axis=0) * SCALE).astype(int)
        grid = np.array([[x - 1, y - 1], [x + 1, y - 1], [x, y + 1]])
    return _deltas(grid)


def _deltas(grid: np.ndarray) -> list[int]:
    return np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=int)).ravel().tolist()


def communes(frame: gpd.GeoDataFrame, units: pd.DataFrame, provinces: pd.Series) -> dict[str, Any]:
    """Return the file of a province or of the nation.

    Parameters
    ----------
    frame
        Outlines indexed by ``commune_code``, WGS 84.
    units
        ``name, province_code, lat, lon`` by ``commune_code``.
    provinces
        Short names by ``province_code``.
    """
    known = units.loc[frame.index]
    return {
        "scale": SCALE,
        "codes": frame.index.tolist(),
        "names": known["name"].tolist(),
        "of": known["province_code"].map(provinces).tolist(),
        "centres": [[round(lat, 4), round(lon, 4)] for lat, lon in zip(known["lat"], known["lon"], strict=True)],
        "shapes": [encode(geometry) for geometry in frame.geometry],
    }


def context(
    outlines: Sequence[shapely.Geometry],
    neighbours: Sequence[shapely.Geometry],
    border: Sequence[shapely.Geometry],
    places: Sequence[Mapping[str, Any]],
    colours: Mapping[str, str],
) -> dict[str, Any]:
    """Return the file of everything under and around the coloured communes."""
    west, south, east, north = shapely.total_bounds(neighbours)
    return {
        "scale": SCALE,
        "extent": [round(float(side), 3) for side in (south, west, north, east)],
        "provinces": [encode(outline) for outline in outlines],
        "neighbours": [encode(country) for country in neighbours],
        "border": [line for part in border for line in encode_line(part)],
        "places": list(places),
        "colours": dict(colours),
    }


def bounds(frame: gpd.GeoDataFrame, far: Sequence[str] = ()) -> list[list[float]]:
    """Return the corners the map first shows, ``[[south, west], [north, east]]``, without communes far out at sea."""
    near = frame.drop(index=[code for code in far if code in frame.index])
    west, south, east, north = (near if len(near) else frame).total_bounds
    return [[round(south, 3), round(west, 3)], [round(north, 3), round(east, 3)]]


def province_outlines(frame: gpd.GeoDataFrame) -> list[shapely.Geometry]:
    """Return the outline of every province; where the communes are no exact coverage, the slow way is taken."""
    merged = []
    for _, part in frame.groupby("province_code", sort=True):
        polygons = part.geometry.to_numpy()
        if shapely.coverage_is_valid(polygons):
            merged.append(shapely.coverage_union_all(polygons))
        else:
            merged.append(shapely.union_all(polygons, grid_size=1 / SCALE))
    return merged
