"""The grid of risk terrain modelling: cells, what lies near them, and blocks to hold out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.base import crs
from geo.base.distance import Points
from geo.base.errors import InputError

Values = NDArray[np.float64]
MOST_CELLS = 200_000
FEWEST_CELLS = 100
DENSE = 2.0
"""Standard deviations above the mean density from which a cell counts as dense (Caplan and Kennedy)."""


@dataclass(frozen=True)
class Grid:
    """Square cells whose centres lie in the area.

    Parameters
    ----------
    side
        Metres.
    origin
        The lower left corner of cell (0, 0), metres in :data:`geo.base.crs.METRIC`.
    places
        Column and row of each cell, shape (cells, 2).
    """

    side: float
    origin: tuple[float, float]
    places: NDArray[np.intp]

    @property
    def centres(self) -> Values:
        """Return the centres, metres, shape (cells, 2)."""
        return np.asarray(self.origin) + (self.places + 0.5) * self.side

    def locate(self, points: Points) -> NDArray[np.intp]:
        """Return the cell of each point (longitude, latitude), -1 outside the grid."""
        finite = np.isfinite(points).all(axis=1)
        cells = np.full(len(points), -1, dtype=np.intp)
        metres = np.column_stack(_forward().transform(*points[finite].T))
        steps = np.floor((metres - self.origin) / self.side).astype(np.intp)
        width, height = self.places.max(axis=0) + 1
        table = np.full((width, height), -1, dtype=np.intp)
        table[tuple(self.places.T)] = np.arange(len(self.places))
        inside = ((steps >= 0) & (steps < [width, height])).all(axis=1)
        cells[np.flatnonzero(finite)[inside]] = table[tuple(steps[inside].T)]
        return cells

    def values_of(self, shapes: gpd.GeoDataFrame) -> Values:
        """Return the ``score`` of the shape each centre lies in, NaN in none."""
        if shapes.crs is None:
            raise InputError("patterns.no_crs")
        outlines = shapes.geometry.to_crs(crs.METRIC).to_numpy()
        cell, shape = shapely.STRtree(outlines).query(shapely.points(self.centres), predicate="within")
        scores = np.full(len(self.places), np.nan)
        scores[cell] = shapes["score"].to_numpy(float)[shape]
        return scores


@dataclass(frozen=True)
class Bands:
    """What lies near each cell.

    Parameters
    ----------
    columns
        Cells x bands, 1 inside the band and 0 outside.
    factor, kind, width
        By band: the layer, ``near`` or ``dense``, metres.
    distance
        Cells x factors, metres to the nearest place of each.
    names
        The factors.
    """

    columns: Values
    factor: tuple[str, ...]
    kind: tuple[str, ...]
    width: tuple[float, ...]
    distance: Values
    names: tuple[str, ...]

    def rows(self, chosen: NDArray[np.bool_]) -> Bands:
        """Return the bands of some cells."""
        return dataclasses.replace(self, columns=self.columns[chosen], distance=self.distance[chosen])


def grid(area: shapely.Geometry, side: float) -> Grid:
    """Lay square cells of ``side`` metres over an area given in longitude and latitude.

    Examples
    --------
    >>> len(grid(shapely.box(105.9, 20.9, 106.1, 21.1), 1000).places) in range(455, 465)
    True
    """
    outline = shapely.transform(area, lambda x, y: _forward().transform(x, y), interleaved=False)
    left, bottom, right, top = outline.bounds
    width, height = int(np.ceil((right - left) / side)), int(np.ceil((top - bottom) / side))
    if width * height > 4 * MOST_CELLS:
        raise InputError("terrain.too_many_cells", given=width * height, limit=MOST_CELLS)
    places = np.stack(np.meshgrid(np.arange(width), np.arange(height), indexing="ij"), axis=-1).reshape(-1, 2)
    whole = Grid(side, (left, bottom), places)
    shapely.prepare(outline)
    inside = shapely.contains_xy(outline, *whole.centres.T)
    if inside.sum() > MOST_CELLS:
        raise InputError("terrain.too_many_cells", given=int(inside.sum()), limit=MOST_CELLS)
    if inside.sum() < FEWEST_CELLS:
        raise InputError("terrain.too_few_cells", given=int(inside.sum()), needed=FEWEST_CELLS)
    return Grid(side, (left, bottom), places[inside])


def counts(cells: NDArray[np.intp], whole: Grid) -> Values:
    """Return how many incidents each cell has."""
    return np.bincount(cells, minlength=len(whole.places)).astype(float)


def bands(whole: Grid, factors: Mapping[str, gpd.GeoSeries], widths: tuple[float, ...]) -> Bands:
    """Return which cells are near each factor, or where it is dense, for each width in metres."""
    centres = whole.centres
    columns: list[Values] = []
    labels: list[tuple[str, str, float]] = []
    distances: dict[str, Values] = {}
    for name, layer in factors.items():
        if layer.crs is None:
            raise InputError("patterns.no_crs")
        shapes = layer.to_crs(crs.METRIC).to_numpy()
        shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        if not len(shapes):
            continue
        (cell, _), distance = shapely.STRtree(shapes).query_nearest(
            shapely.points(centres), return_distance=True, all_matches=False
        )
        distances[name] = distance[np.argsort(cell)]
        only_points = bool((shapely.get_type_id(shapes) == 0).all())
        for width in widths:
            columns.append((distances[name] <= width).astype(float))
            labels.append((name, "near", width))
            if only_points:
                density = _density(centres, shapely.get_coordinates(shapes), width)
                columns.append((density > density.mean() + DENSE * density.std()).astype(float))
                labels.append((name, "dense", width))
    if not distances:
        raise InputError("terrain.no_factors")
    table = np.column_stack(columns)
    table, first = np.unique(table, axis=1, return_index=True)
    order = np.argsort(first)
    names, kinds, band_widths = zip(*(labels[column] for column in first[order]), strict=True)
    return Bands(
        table[:, order], names, kinds, band_widths, np.column_stack(list(distances.values())), tuple(factors)
    )


def block_folds(whole: Grid, block: float, folds: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the square block of each cell and the round in which that block is held out."""
    corner = (whole.places * whole.side // block).astype(np.intp)
    _, blocks = np.unique(corner, axis=0, return_inverse=True)
    number = int(blocks.max()) + 1
    if number < folds:
        raise InputError("terrain.too_few_blocks", given=number, needed=folds)
    dealt = np.random.default_rng(seed).permutation(np.arange(number) % folds)
    return blocks, dealt[blocks]


def _density(centres: Values, places: Values, width: float) -> Values:
    """Sum Epanechnikov's kernel of the places within ``width`` metres of each cell."""
    from scipy.spatial import cKDTree

    near = cKDTree(centres).sparse_distance_matrix(cKDTree(places), width, output_type="coo_matrix")
    density = np.zeros(len(centres))
    np.add.at(density, near.row, 1 - (near.data / width) ** 2)
    return density


def _forward() -> Transformer:
    return Transformer.from_crs(crs.GEOGRAPHIC, crs.METRIC, always_xy=True)
