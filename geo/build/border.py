"""The land border: where Natural Earth is off as a whole, and the outer edge of the schematic communes.

At 1:10m Natural Earth draws Vietnam's land border, and only that, some 2.8 km too far west and 0.8 km too far south
throughout; its coasts are not shifted. The gates of ``border_crossings.csv`` whose point was surveyed stand on the
border: they lie 2.0 km from it as drawn and 0.85 km from it when it is moved by :data:`SHIFT`, the best of all moves
(90 % interval by resampling gates: 2.5-3.4 km east, 0.6-1.2 km north). The moved border is what the outline of the
country is given before communes are drawn in it.

The border that ships is then the outer edge of the communes between the two points where it reaches the sea: so it
runs outside every commune, cuts none, and distances to it fit the outlines they are shown with.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely

from geo.base.crs import METRIC
from geo.base.errors import DataFault

SHIFT = (2800.0, 800.0)
"""Metres east and north by which Natural Earth's land border is moved."""

STEP = 250.0
"""Metres between the points by which an edge is followed."""

TOLERANCE = 80.0
"""Metres by which the simplified border may leave the edge of the communes."""

BESIDE = 5000.0
"""Metres along the border within which a neighbour's background reaches up to the communes."""

SPECK = 2.5e7
"""Square metres below which a piece of background is left out."""

Ring = np.ndarray
"""Points of a line in metres, shape (n, 2)."""


def moved(lines: gpd.GeoDataFrame, shift: tuple[float, float] = SHIFT) -> gpd.GeoDataFrame:
    """Return border lines moved by so many metres east and north, in their own coordinates."""
    metric = lines.to_crs(METRIC)
    return metric.set_geometry(metric.geometry.translate(*shift)).to_crs(lines.crs)


def country_within(country: shapely.Geometry, lines: gpd.GeoDataFrame) -> shapely.Geometry:
    """Return the country with its mainland's land border replaced by other lines.

    Parameters
    ----------
    country
        Polygons in metres (METRIC): mainland and islands.
    lines
        The border to have, one row per neighbour, any coordinates; together one line from sea to sea.
    """
    parts = list(shapely.get_parts(country))
    largest = int(np.argmax([part.area for part in parts]))
    line = whole(lines)
    points = shapely.get_coordinates(line)
    _, coast = split(parts[largest], line)
    if np.hypot(*(points[-1] - coast[0])) > np.hypot(*(points[0] - coast[0])):
        points = points[::-1]
    mainland = shapely.make_valid(shapely.Polygon(np.vstack([points, coast])))
    parts[largest] = max(shapely.get_parts(mainland), key=lambda part: part.area)
    return shapely.union_all(parts)


def outer_edge(communes: shapely.Geometry, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the outer edge of the communes along the land border: ``neighbour, geometry``, METRIC.

    Parameters
    ----------
    communes
        All communes together, in metres (METRIC).
    lines
        Roughly where the border is, one row per neighbour: its ends say where the edge becomes coast, and each piece
        of the edge belongs to the neighbour whose line is nearest.
    """
    line, rows = whole(lines), lines.to_crs(METRIC)
    mainland = max(shapely.get_parts(communes), key=lambda part: part.area)
    edge, _ = split(mainland, line)
    apart = np.array([shapely.distance(shapely.points(edge), shape) for shape in rows.geometry])
    order = np.argsort([np.median(np.flatnonzero(apart.argmin(axis=0) == row)) for row in range(len(rows))])
    cuts = [0, *_cuts(apart[order].argmin(axis=0), len(rows)), len(edge) - 1]
    pieces = [
        shapely.simplify(shapely.LineString(edge[first : last + 1]), TOLERANCE) for first, last in pairwise(cuts)
    ]
    frame = gpd.GeoDataFrame({"neighbour": rows["neighbour"].to_numpy()[order]}, geometry=pieces, crs=METRIC)
    return frame.set_index("neighbour").loc[rows["neighbour"]].reset_index()


def backgrounds(countries: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, communes: shapely.Geometry) -> gpd.GeoDataFrame:
    """Let the background of each land neighbour reach up to the communes, so that no gap shows along the border."""
    metric = countries.to_crs(METRIC)
    strip = shapely.buffer(
        shapely.line_merge(shapely.union_all(lines.to_crs(METRIC).geometry)), BESIDE, cap_style="flat"
    )
    for neighbour, line in zip(lines["neighbour"], lines.to_crs(METRIC).geometry, strict=True):
        here = metric["name"] == neighbour
        beside = shapely.intersection(shapely.buffer(line, BESIDE), strip)
        filled = shapely.union_all([*metric.geometry[here], beside])
        others = shapely.union_all([*metric.geometry[~here], communes])
        kept = [part for part in shapely.get_parts(shapely.difference(filled, others)) if part.area > SPECK]
        metric.loc[here, "geometry"] = shapely.simplify(shapely.union_all(kept), TOLERANCE)
    return metric.to_crs(countries.crs)


def whole(lines: gpd.GeoDataFrame) -> shapely.LineString:
    """Return border lines as one line from sea to sea, in metres.

    Raises
    ------
    DataFault
        When they do not join.
    """
    line = shapely.line_merge(shapely.union_all(lines.to_crs(METRIC).geometry.to_numpy()))
    if line.geom_type != "LineString":
        raise DataFault("geometry.border_broken", pieces=len(shapely.get_parts(line)))
    return line


def split(mainland: shapely.Polygon, line: shapely.LineString) -> tuple[Ring, Ring]:
    """Split the edge of a mainland where a border reaches the sea: the part along the border, and the coast.

    The two cuts are the points of the edge nearest to the ends of the line; of the two parts the one nearer to the
    line on average is the border.
    """
    ring = shapely.get_coordinates(shapely.segmentize(mainland.exterior, STEP))[:-1]
    ends = shapely.get_coordinates(line)[[0, -1]]
    first, last = sorted(int(np.argmin(np.hypot(*(ring - end).T))) for end in ends)
    parts = ring[first : last + 1], np.vstack([ring[last:], ring[: first + 1]])
    away = [float(np.mean(shapely.distance(shapely.points(part), line))) for part in parts]
    return parts if away[0] < away[1] else parts[::-1]


def _cuts(nearest: np.ndarray, count: int) -> list[int]:
    """Where a sequence of numbers, mostly rising 0, 1, 2, should be cut so that most pieces are of one number.

    Examples
    --------
    >>> _cuts(np.array([0, 0, 1, 0, 0, 1, 1, 1, 2, 2]), 3)
    [5, 8]
    """
    return [int(np.argmax(np.cumsum(np.where(nearest <= row, 1, -1)))) + 1 for row in range(count - 1)]
