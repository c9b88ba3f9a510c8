"""Spatial features of communes: how near, how many, how strong. Every function takes points and returns an array.

Points are the official centres of the communes, so that features do not depend on which outlines are drawn.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from geo.base import crs
from geo.base.distance import Points, nearest, within

Values = NDArray[np.float64]


def decay(distance_km: ArrayLike, half_distance_km: float) -> Values:
    """Return ``0.5 ** (distance / half_distance)``: 1 at the place, one half at the half-distance; missing stays.

    Examples
    --------
    >>> decay([0, 20, 40], 20).tolist()
    [1.0, 0.5, 0.25]
    """
    return np.power(0.5, np.asarray(distance_km, dtype=float) / half_distance_km)


def proximity(points: Points, targets: Points, half_distance_km: float) -> Values:
    """Return the decayed nearness of the nearest target, 0-1.

    Parameters
    ----------
    points, targets
        Longitude and latitude, degrees, shapes (n, 2) and (m, 2).
    half_distance_km
        The distance at which nearness is one half.
    """
    return decay(nearest(points, targets)[0], half_distance_km)


def density(points: Points, targets: Points, radius_km: float) -> Values:
    """Return the number of targets within the radius, each counted ``1 - (d / radius)^2`` (Epanechnikov's kernel).

    Examples
    --------
    >>> here = np.array([[106.0, 21.0]])
    >>> density(here, here, 50).tolist(), density(here, here + 5, 50).tolist()
    ([1.0], [0.0])
    """
    counted = [float(np.sum(1 - (distance / radius_km) ** 2)) for _, distance in within(points, targets, radius_km)]
    return np.where(np.isfinite(points).all(axis=1), counted, np.nan)


def gravity(
    points: Points, targets: Points, mass: ArrayLike, half_distance_km: float, reach_km: float = 150
) -> Values:
    """Return the sum of the targets' masses, each decayed by its distance, out to ``reach_km``.

    Targets with a missing mass are left out: give them an estimate first if they should count.

    Parameters
    ----------
    mass
        One number per target, for example hectares, shape (m,).
    """
    weight = np.nan_to_num(np.asarray(mass, dtype=float), nan=0.0)
    in_reach = within(points, targets, reach_km)
    pulled = [float(np.sum(weight[which] * decay(distance, half_distance_km))) for which, distance in in_reach]
    return np.where(np.isfinite(points).all(axis=1), pulled, np.nan)


def line_distance(points: Points, lines: shapely.Geometry) -> Values:
    """Return the distance in km from each point to the nearest part of ``lines`` (WGS 84), measured in METRIC.

    Examples
    --------
    >>> border = shapely.LineString([(106, 20), (106, 22)])
    >>> line_distance(np.array([[106.0, 21.0]]), border).round(3).tolist()
    [0.0]
    """
    forward = Transformer.from_crs(crs.GEOGRAPHIC, crs.METRIC, always_xy=True)
    segments = shapely.get_parts(lines)
    pieces: list[shapely.Geometry] = []
    for line in segments:
        x, y = forward.transform(*shapely.get_coordinates(line).T)
        ends = np.column_stack([x, y])
        pieces.extend(shapely.linestrings(np.stack([ends[:-1], ends[1:]], axis=1)))
    located = np.isfinite(points).all(axis=1)
    metric = shapely.points(np.column_stack(forward.transform(*points[located].T)))
    kilometres = np.full(len(points), np.nan)
    if pieces and located.any():
        (order, _), distance = shapely.STRtree(pieces).query_nearest(metric, return_distance=True, all_matches=False)
        kilometres[np.flatnonzero(located)[order]] = distance / 1000
    return kilometres
