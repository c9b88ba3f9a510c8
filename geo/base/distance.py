"""Great-circle distances between many points at once."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

EARTH_RADIUS_KM = 6371.0088

Points = NDArray[np.float64]
"""Longitude and latitude in degrees, shape (n, 2)."""


def nearest(points: Points, targets: Points) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return, for each point, the great-circle distance in km to the nearest target and that target's position.

    Distances are on a sphere of mean radius: within 0.6 % of the geodesic. A missing coordinate gives a missing
    distance and position -1, as does an empty set of targets.

    Parameters
    ----------
    points, targets
        Longitude and latitude, degrees, shapes (n, 2) and (m, 2).

    Examples
    --------
    >>> distance, which = nearest(np.array([[106.0, 21.0]]), np.array([[106.0, 22.0], [108.0, 21.0]]))
    >>> round(float(distance[0]), 1), int(which[0])
    (111.2, 0)
    """
    distance = np.full(len(points), np.nan)
    which = np.full(len(points), -1, dtype=np.intp)
    located, there = _known(points), _known(targets)
    if located.any() and there.any():
        chord, indices = cKDTree(_on_sphere(targets[there])).query(_on_sphere(points[located]))
        distance[located] = _arc(chord)
        which[located] = np.flatnonzero(there)[indices]
    return distance, which


def within(points: Points, targets: Points, radius_km: float) -> list[tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """Return, for each point, the positions of the targets within ``radius_km`` and their distances in km."""
    located, there = _known(points), np.flatnonzero(_known(targets))
    if not len(there) or not len(points):
        return [(np.empty(0, dtype=np.intp), np.empty(0))] * len(points)
    places = _on_sphere(targets[there])
    tree = cKDTree(places)
    chord = 2 * np.sin(min(radius_km / EARTH_RADIUS_KM, np.pi) / 2)
    origins = _on_sphere(np.where(located[:, None], points, 0.0))
    inside = tree.query_ball_point(origins, chord, return_sorted=True)
    sizes = np.array([len(one) for one in inside], dtype=np.intp) * located
    positions = np.fromiter(chain.from_iterable(inside[located]), dtype=np.intp, count=sizes.sum())
    distances = _arc(np.linalg.norm(places[positions] - np.repeat(origins, sizes, axis=0), axis=1))
    ends = np.cumsum(sizes)[:-1]
    return list(zip(np.split(there[positions], ends), np.split(distances, ends), strict=True))


def _known(points: Points) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(points).all(axis=1))


def _on_sphere(points: Points) -> NDArray[np.float64]:
    longitude, latitude = np.radians(points).T
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )


def _arc(chord: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))
