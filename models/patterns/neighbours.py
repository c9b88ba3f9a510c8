"""Neighbourhoods: which units lie side by side, for hot spots and spatial averages.

Neighbours are a sparse matrix units x units, 1 where two units touch and 0 elsewhere, diagonal included: what the
engine takes for imputing and :mod:`models.patterns.hotspots` for clusters.
"""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from geo.base.crs import METRIC
from geo.base.errors import InputError

Islands = Literal["none", "nearest"]


def touching(
    shapes: gpd.GeoSeries, *, gap_m: float = 50.0, islands: Islands = "none", k: int = 1
) -> sparse.csr_array:
    """Return which units touch, in a border or in a corner (queen contiguity).

    Parameters
    ----------
    shapes
        Outlines with a coordinate system, one per unit, shape (n,). A missing or empty outline touches nothing.
    gap_m
        Outlines that come within so many metres count as touching: borders drawn twice seldom meet exactly.
    islands
        What becomes of units that touch no other: ``none`` leaves them without neighbours, ``nearest`` gives them the
        ``k`` units nearest outline to outline. The neighbours of the others do not change, so the matrix is then
        not symmetric.
    k
        How many nearest units an island gets.

    Returns
    -------
    scipy.sparse.csr_array
        n x n, float, 1 where the unit of the column is a neighbour of the unit of the row.

    Raises
    ------
    InputError
        ``patterns.no_crs`` for outlines without a coordinate system; ``patterns.setting`` for a gap < 0 or a k < 1.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 9000)], crs="EPSG:32648")
    >>> touching(squares).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    >>> touching(squares, islands="nearest").toarray()[2].tolist()
    [0.0, 1.0, 0.0]
    """
    if shapes.crs is None:
        raise InputError("patterns.no_crs")
    for name, value, fits in (("gap_m", gap_m, gap_m >= 0), ("k", k, k >= 1)):
        if not fits:
            raise InputError("patterns.setting", setting=name, given=value)
    outlines = shapes.to_crs(METRIC).to_numpy()
    tree = shapely.STRtree(outlines)
    rows, columns = tree.query(outlines, predicate="dwithin", distance=gap_m)
    apart = rows != columns
    matrix = _binary(rows[apart], columns[apart], len(outlines))
    if islands == "nearest":
        matrix = _binary(*_with_nearest(matrix, outlines, k), len(outlines))
    return matrix


def nearest(points: NDArray[np.float64], k: int) -> sparse.csr_array:
    """Return the ``k`` nearest units of each: neighbours where there are no outlines.

    Parameters
    ----------
    points
        Positions in metres, shape (n, 2).
    k
        Neighbours of each unit, at most n - 1.

    Examples
    --------
    >>> nearest(np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 0.0]]), 1).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 1, 0]]
    """
    from scipy.spatial import cKDTree

    if not 1 <= k < len(points):
        raise InputError("patterns.setting", setting="k", given=k)
    columns = cKDTree(points).query(points, k + 1)[1]
    rows = np.repeat(np.arange(len(points)), k)
    own = columns == np.arange(len(points))[:, None]
    own[~own.any(axis=1), -1] = True  # of many units in one place, the unit itself may not be among those found
    return _binary(rows, columns[~own], len(points))


def _binary(rows: NDArray[np.intp], columns: NDArray[np.intp], size: int) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))


def _with_nearest(
    matrix: sparse.csr_array, outlines: NDArray[np.object_], k: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    drawn = ~(shapely.is_missing(outlines) | shapely.is_empty(outlines))
    rows, columns = [np.asarray(part, dtype=np.intp) for part in matrix.nonzero()]
    for island in np.flatnonzero((matrix.sum(axis=1) == 0) & drawn):
        others = np.flatnonzero(drawn & (np.arange(len(outlines)) != island))
        distance = shapely.distance(outlines[island], outlines[others])
        chosen = others[np.argsort(distance, kind="stable")[:k]]
        rows = np.append(rows, np.full(len(chosen), island))
        columns = np.append(columns, chosen)
    return rows, columns
