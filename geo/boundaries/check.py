"""Measures of a geometry: whether it is a coverage, and how near a reconstruction comes to official polygons."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.base.crs import EQUAL_AREA, METRIC

TOUCH = 60.0
"""Metres within which two official communes count as neighbours: their pieces do not fit exactly."""
SHARED = 200.0
"""Metres of common border from which two communes are neighbours."""


def coverage_faults(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the codes of communes that are empty, invalid, overlap a neighbour or leave a gap to it."""
    shapes = frame.geometry.to_numpy()
    bad = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
    edges = shapely.coverage_invalid_edges(np.where(bad, shapely.Polygon(), shapes))
    bad |= ~shapely.is_empty(edges)
    return sorted(frame.loc[bad, "commune_code"].astype(str))


@dataclass(frozen=True)
class Comparison:
    """How near a reconstruction is to official polygons; ``iou`` has a row per commune."""

    iou: pd.Series
    mean_iou: float
    median_iou: float
    share_above_half: float
    neighbours_kept: float
    """Share of the true pairs of neighbours that also touch in the reconstruction."""
    neighbours_false: float
    """Share of the reconstruction's pairs of neighbours that are none in truth."""
    area_error: float
    """Median absolute relative error of the area."""

    def figures(self) -> dict[str, float | int]:
        """Return the figures without the rows, rounded."""
        numbers = {key: value for key, value in asdict(self).items() if key != "iou"}
        return {"communes": len(self.iou)} | {key: round(float(value), 4) for key, value in numbers.items()}


def compare(reconstruction: gpd.GeoSeries, official: gpd.GeoSeries) -> Comparison:
    """Compare two geometries of the same communes, both indexed by ``commune_code``.

    Intersection over union is measured in an equal-area projection, per commune; a commune that only one side has
    counts 0. Neighbours share at least ``SHARED`` metres of border, where official pieces within ``TOUCH`` metres
    count as touching.
    """
    ours = reconstruction.to_crs(EQUAL_AREA)
    theirs = official.to_crs(EQUAL_AREA).buffer(0).reindex(ours.index)
    both = shapely.area(shapely.intersection(ours.to_numpy(), theirs.to_numpy()))
    either = shapely.area(ours.to_numpy()) + shapely.area(theirs.to_numpy()) - both
    iou = pd.Series(np.nan_to_num(both / either), index=ours.index, name="iou")
    true_pairs, our_pairs = neighbour_pairs(official, TOUCH), neighbour_pairs(reconstruction, 0.5)
    error = np.abs(ours.area / theirs.area - 1)
    return Comparison(
        iou=iou,
        mean_iou=float(iou.mean()),
        median_iou=float(iou.median()),
        share_above_half=float((iou > 0.5).mean()),
        neighbours_kept=len(true_pairs & our_pairs) / max(len(true_pairs), 1),
        neighbours_false=len(our_pairs - true_pairs) / max(len(our_pairs), 1),
        area_error=float(error.median()),
    )


def neighbour_pairs(shapes: gpd.GeoSeries, touch: float) -> set[tuple[str, str]]:
    """Return the pairs of codes (in order) that share at least ``SHARED`` metres of border.

    Examples
    --------
    >>> squares = [shapely.box(106, 10, 106.1, 10.1), shapely.box(106.1, 10, 106.2, 10.1)]
    >>> neighbour_pairs(gpd.GeoSeries(squares, ["a", "b"], "EPSG:4326"), 1.0)
    {('a', 'b')}
    """
    metric = shapes.to_crs(METRIC)
    borders = shapely.boundary(metric.to_numpy())
    near = shapely.buffer(metric.to_numpy(), touch, quad_segs=2)
    left, right = shapely.STRtree(near).query(metric.to_numpy(), predicate="intersects")
    left, right = left[left < right], right[left < right]
    length = shapely.length(shapely.intersection(borders[left], near[right]))
    codes = metric.index.to_numpy()
    return {
        tuple(sorted((codes[a], codes[b])))
        for a, b in zip(left[length >= SHARED], right[length >= SHARED], strict=True)
    }
