"""A regular grid in metres, and polygons drawn on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import ndimage

OUTSIDE = -1
"""The label of cells that belong to no commune: sea and other countries."""


@dataclass(frozen=True)
class Grid:
    """Square cells of ``cell`` metres; row 0 is the southernmost, column 0 the westernmost."""

    west: float
    south: float
    columns: int
    rows: int
    cell: float

    @property
    def x(self) -> np.ndarray:
        """Eastings of the cell centres, shape (columns,)."""
        return self.west + (np.arange(self.columns) + 0.5) * self.cell

    @property
    def y(self) -> np.ndarray:
        """Northings of the cell centres, shape (rows,)."""
        return self.south + (np.arange(self.rows) + 0.5) * self.cell

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    def with_cell(self, cell: float) -> Grid:
        """Return a grid of the same extent with other cells."""
        columns, rows = round(self.columns * self.cell / cell), round(self.rows * self.cell / cell)
        return Grid(self.west, self.south, columns, rows, cell)

    def window(self, bounds: tuple[float, float, float, float]) -> tuple[slice, slice]:
        """Return the rows and columns that cover ``west, south, east, north`` (metres), cut at the grid's edge."""
        west, south, east, north = bounds
        first_column, last_column = self._span(west, east, self.west, self.columns)
        first_row, last_row = self._span(south, north, self.south, self.rows)
        return slice(first_row, last_row), slice(first_column, last_column)

    def _span(self, low: float, high: float, origin: float, count: int) -> tuple[int, int]:
        first = min(max(int(np.floor((low - origin) / self.cell)), 0), count)
        return first, min(max(int(np.ceil((high - origin) / self.cell)), first), count)


def draw(grid: Grid, shape: shapely.Geometry, onto: np.ndarray, value: int | bool) -> None:
    """Set the cells whose centre lies in a polygon (metres) to ``value``, in place; holes stay as they are.

    Examples
    --------
    >>> grid = Grid(0, 0, 4, 3, 10)
    >>> cells = np.zeros(grid.shape, int)
    >>> draw(grid, shapely.box(0, 0, 20, 30), cells, 1)
    >>> cells.tolist()
    [[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]]
    """
    for part in shapely.get_parts(shape):
        for row, first, last in zip(*_runs(grid, part), strict=True):
            onto[row, first:last] = value


def _runs(grid: Grid, polygon: shapely.Polygon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and column spans inside a polygon: where each row's centre line crosses its rings, pair by pair."""
    crossings, rows = [], []
    for ring in shapely.get_rings(polygon):
        points = shapely.get_coordinates(ring)
        (ax, ay), (bx, by) = points[:-1].T, points[1:].T
        first = np.ceil((np.minimum(ay, by) - grid.south) / grid.cell - 0.5).astype(int)
        count = np.ceil((np.maximum(ay, by) - grid.south) / grid.cell - 0.5).astype(int) - first
        edge = np.repeat(np.arange(len(count)), count)
        row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[edge]
        along = (grid.south + (row + 0.5) * grid.cell - ay[edge]) / (by[edge] - ay[edge])
        crossings.append(ax[edge] + along * (bx[edge] - ax[edge]))
        rows.append(row)
    x, row = np.concatenate(crossings), np.concatenate(rows)
    order = np.lexsort((x, row))
    column = np.clip(np.ceil((x[order] - grid.west) / grid.cell - 0.5).astype(int), 0, grid.columns)
    row, first, last = row[order][::2], column[::2], column[1::2]
    inside = (row >= 0) & (row < grid.rows) & (last > first)
    return row[inside], first[inside], last[inside]


def signed_distance(inside: np.ndarray, cell: float) -> np.ndarray:
    """Return the distance to the edge of a mask in metres, positive inside and negative outside."""
    within = ndimage.distance_transform_edt(inside)
    without = ndimage.distance_transform_edt(~inside)
    return ((within - without) * cell).astype(np.float32)
