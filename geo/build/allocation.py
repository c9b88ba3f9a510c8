"""Which commune each cell of the grid belongs to: the one whose parts and centre fit it best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.build.grid import OUTSIDE, Grid, draw, signed_distance

SCALE = 4000.0
"""Half-extent in metres at which a box's edge has cost 1."""


@dataclass(frozen=True)
class CostSettings:
    """How the evidence is weighed; a handful of numbers for the whole country."""

    power: float = 3.0
    """Cost in a box grows with this power of the distance from its centre in half-extents."""
    size: float = 0.85
    """Distances are scaled by the half-extent to this power: below 1 bigger boxes also reach farther."""
    beyond: float = 10.0
    """Extra cost per kilometre beyond a believable box."""
    doubted: float = 1.5
    """Factor on the cost of parts without a believable box."""
    centre: float = 0.25
    """Weight of the squared distance from the commune's centre in radii."""
    centre_size: float = 0.7
    smallest: float = 200.0
    """Half-extents below this (metres) count as this."""
    outline: float = 1.2
    """Cost of being outside, on the outline."""
    outline_slope: float = 0.3
    """How much dearer being outside is for every kilometre inland."""
    island: float = 1000.0
    """Believable boxes centred farther than this outside the outlines (metres) are islands that it lacks."""


def land(grid: Grid, outline: shapely.Geometry, parts: pd.DataFrame, settings: CostSettings) -> np.ndarray:
    """Return the mask of land: the outline, and an ellipse in each believable box far outside of it."""
    mask = np.zeros(grid.shape, bool)
    draw(grid, outline, mask, True)
    points = shapely.points(parts["x"], parts["y"])
    shapely.prepare(outline)
    offshore = ~parts["doubted"].to_numpy() & (shapely.distance(points, outline) > settings.island)
    for part in parts[offshore].itertuples():
        draw(grid, ellipse(part.x, part.y, part.half_x, part.half_y), mask, True)
    return mask


def ellipse(x: float, y: float, half_x: float, half_y: float) -> shapely.Polygon:
    """Return an ellipse of 32 points, metres."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    return shapely.Polygon(np.stack([x + half_x * np.cos(turn), y + half_y * np.sin(turn)], axis=1))


def allocate(
    grid: Grid, parts: pd.DataFrame, centres: pd.DataFrame, land_mask: np.ndarray, settings: CostSettings
) -> np.ndarray:
    """Return the position in ``centres`` of the cheapest commune for each cell, or ``OUTSIDE``.

    Parameters
    ----------
    parts
        From :func:`geo.build.sites.parts`.
    centres
        Indexed by commune: ``x, y, radius`` (metres) and ``trust`` (0 to 1).
    land_mask
        Where land is by the outlines; its edge is evidence, not a rule: a box may reach across it.
    """
    inland = signed_distance(land_mask, grid.cell) / 1000
    lowest = np.clip(settings.outline + settings.outline_slope * inland, -20, 20).astype(np.float32)
    labels = np.full(grid.shape, OUTSIDE, np.int16)
    known = dict(iter(parts[~parts["lost"]].groupby("commune_code")))
    for label, centre in enumerate(centres.itertuples()):
        window, cost = commune_cost(grid, known.get(centre.Index), centre, settings)
        better = cost < lowest[window]
        lowest[window][better] = cost[better]
        labels[window][better] = label
    return labels


def commune_cost(
    grid: Grid, parts: pd.DataFrame | None, centre: object, settings: CostSettings
) -> tuple[tuple[slice, slice], np.ndarray]:
    """Return a window of the grid and there the cost of each cell for one commune: lower fits better."""
    x, y, radius, trust = (float(getattr(centre, name)) for name in ("x", "y", "radius", "trust"))
    reach = 2 * radius
    bounds = (x - reach, y - reach, x + reach, y + reach)
    if parts is not None:
        bounds = _around(bounds, parts)
    window = grid.window(bounds)
    east, north = grid.x[window[1]], grid.y[window[0]]
    near = _plus(((north - y) / radius) ** 2, ((east - x) / radius) ** 2)
    near *= (radius / SCALE) ** (2 * (1 - settings.centre_size))
    if parts is None:
        return window, near
    cheapest = np.minimum.reduce([part_cost(part, east, north, settings) for part in parts.itertuples()])
    return window, cheapest + np.float32(settings.centre * trust) * near


def _around(bounds: tuple[float, float, float, float], parts: pd.DataFrame) -> tuple[float, float, float, float]:
    reach_x, reach_y = 1.5 * parts["half_x"] + 700, 1.5 * parts["half_y"] + 700
    west, south, east, north = bounds
    return (
        min(west, float((parts["x"] - reach_x).min())),
        min(south, float((parts["y"] - reach_y).min())),
        max(east, float((parts["x"] + reach_x).max())),
        max(north, float((parts["y"] + reach_y).max())),
    )


def part_cost(part: object, east: np.ndarray, north: np.ndarray, settings: CostSettings) -> np.ndarray:
    """Return the cost of cells for one part, shape (north, east)."""
    x, y, half_x, half_y = (float(getattr(part, name)) for name in ("x", "y", "half_x", "half_y"))
    doubted = bool(part.doubted)  # type: ignore[attr-defined]

    def along(distance: np.ndarray, half: float) -> np.ndarray:
        half = max(half, settings.smallest)
        ratio = np.abs(distance) / half
        cost = ratio**settings.power * (half / SCALE) ** (2 * (1 - settings.size))
        return cost if doubted else cost + settings.beyond / 1000 * half * np.maximum(ratio - 1, 0)

    cost = _plus(along(north - y, half_y), along(east - x, half_x))
    return cost * np.float32(settings.doubted) if doubted else cost


def _plus(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return (rows[:, None] + columns[None, :]).astype(np.float32)
