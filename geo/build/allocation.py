"""Which commune each cell of the grid belongs to: the one whose parts, centre and area fit it best.

Each part of a commune has a cost that grows from the middle of its box to its edges and steeply beyond; a cell goes
to the part with the lowest cost, or to the sea or another country where being outside costs less. The costs are then
corrected step by step, so that parts reach the sides of their boxes and communes have their centroid and area, as
far as these facts can be believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely

from geo.build.grid import OUTSIDE, Grid, draw, signed_distance

EAST, WEST, NORTH, SOUTH = range(4)


@dataclass(frozen=True)
class CostSettings:
    """How the evidence is weighed; a handful of numbers for the whole country."""

    power: float = 2.5
    """Cost in a box is this power of the distance from its middle in half-extents."""
    beyond: float = 10.0
    """Extra cost per kilometre beyond a believable box."""
    doubted: float = 0.5
    """Factor on the cost of parts without a believable box."""
    point: float = 0.2
    """How far the middle of a part is drawn from the middle of its box to its point."""
    centre: float = 0.25
    """Weight of the squared distance from the commune's centre in radii, for a radius of 4 km."""
    smallest: float = 200.0
    """Half-extents below this (metres) count as this."""
    outline: float = 1.2
    """Cost of being outside, on the outline."""
    outline_slope: float = 0.3
    """How much dearer being outside is for every kilometre inland."""
    island: float = 1000.0
    """Believable boxes farther than this from the outlines (metres) are islands that they lack."""


@dataclass(frozen=True)
class FitSettings:
    """How the costs are corrected; steps shrink by ``damping`` every time."""

    rounds: int = 10
    damping: float = 0.9
    reach: float = 0.5
    """Step by which a part that falls short of a side of its box is stretched that way."""
    largest_reach: float = 0.9
    slack: float = 0.05
    """Shortfall that is let pass, in half-extents."""
    centroid: float = 0.5
    largest_tilt: float = 1.0
    area: float = 0.5
    largest_level: float = 1.2


@dataclass(frozen=True)
class Evidence:
    """What is known: arrays over parts (first block) and over communes (second), metres."""

    commune: np.ndarray
    x: np.ndarray
    y: np.ndarray
    half: np.ndarray
    """Shape (4, parts): from the middle to the east, west, north and south side."""
    doubted: np.ndarray
    whole: np.ndarray

    centre_x: np.ndarray
    centre_y: np.ndarray
    radius: np.ndarray
    pull: np.ndarray
    """Weight of the centre in the cost."""
    centroid_trust: np.ndarray
    area: np.ndarray
    area_trust: np.ndarray


@dataclass(frozen=True)
class Fit:
    """The corrections: logarithm of the stretch per side and part, tilt per axis and level per commune."""

    stretch: np.ndarray
    tilt: np.ndarray
    level: np.ndarray


def evidence(parts: pd.DataFrame, centres: pd.DataFrame, settings: CostSettings) -> Evidence:
    """Return the evidence as arrays.

    Parameters
    ----------
    parts
        From :func:`geo.build.sites.parts`.
    centres
        From :func:`geo.build.sites.trusted_centres`.
    """
    middle_x, middle_y = parts["x"].to_numpy(), parts["y"].to_numpy()
    half_x, half_y = parts["half_x"].to_numpy(), parts["half_y"].to_numpy()
    drawn = settings.point * ~parts["doubted"].to_numpy()
    shift_x = drawn * np.clip(np.nan_to_num(parts["point_x"] - middle_x), -half_x / 2, half_x / 2)
    shift_y = drawn * np.clip(np.nan_to_num(parts["point_y"] - middle_y), -half_y / 2, half_y / 2)
    radius = centres["radius"].to_numpy()
    return Evidence(
        commune=centres.index.get_indexer(pd.Index(parts["commune_code"])),
        x=middle_x + shift_x,
        y=middle_y + shift_y,
        half=np.stack([half_x - shift_x, half_x + shift_x, half_y - shift_y, half_y + shift_y]),
        doubted=parts["doubted"].to_numpy(),
        whole=parts["whole"].to_numpy(),
        centre_x=centres["x"].to_numpy(),
        centre_y=centres["y"].to_numpy(),
        radius=radius,
        pull=settings.centre * centres["trust"].to_numpy() * (radius / 4000) ** 0.6,
        centroid_trust=centres["centroid_trust"].to_numpy(),
        area=centres["area"].to_numpy(),
        area_trust=centres["area_trust"].to_numpy(),
    )


def land(
    grid: Grid, outline: shapely.Geometry, parts: pd.DataFrame, areas: pd.Series, settings: CostSettings
) -> np.ndarray:
    """Return the mask of land: the outline, and an ellipse in each believable box far outside of it.

    The ellipses of a commune are no larger together than its area (``areas``, m2, by code).
    """
    mask = np.zeros(grid.shape, bool)
    draw(grid, outline, mask, True)
    known = parts[~parts["doubted"]]
    left, bottom = known["x"] - known["half_x"], known["y"] - known["half_y"]
    right, top = known["x"] + known["half_x"], known["y"] + known["half_y"]
    shapely.prepare(outline)
    offshore = shapely.distance(shapely.box(left, bottom, right, top), outline) > settings.island
    islands = known[offshore]
    size = np.pi * islands["half_x"] * islands["half_y"]
    most = areas.reindex(islands["commune_code"]).to_numpy() / size.groupby(islands["commune_code"]).transform("sum")
    for part, shrink in zip(islands.itertuples(), np.sqrt(np.minimum(most, 1)), strict=True):
        draw(grid, ellipse(part.x, part.y, shrink * part.half_x, shrink * part.half_y), mask, True)
    return mask


def ellipse(x: float, y: float, half_x: float, half_y: float) -> shapely.Polygon:
    """Return an ellipse of 32 points, metres."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    return shapely.Polygon(np.stack([x + half_x * np.cos(turn), y + half_y * np.sin(turn)], axis=1))


def no_fit(known: Evidence) -> Fit:
    """Return corrections that change nothing."""
    communes = len(known.radius)
    return Fit(np.zeros_like(known.half), np.zeros((2, communes)), np.zeros(communes))


def allocate(grid: Grid, known: Evidence, fit: Fit, land_mask: np.ndarray, settings: CostSettings) -> np.ndarray:
    """Return the row of the cheapest part for each cell, or ``OUTSIDE``.

    The edge of ``land_mask`` is evidence, not a rule: a box may reach across it.
    """
    inland = signed_distance(land_mask, grid.cell) / 1000
    lowest = np.clip(settings.outline + settings.outline_slope * inland, -20, 20).astype(np.float32)
    labels = np.full(grid.shape, OUTSIDE, np.int32)
    half = np.maximum(known.half * np.exp(fit.stretch), settings.smallest)
    for part in range(len(known.commune)):
        window = grid.window(_reach(known, part))
        cost = _cost(known, fit, half[:, part], part, grid.x[window[1]], grid.y[window[0]], settings)
        better = cost < lowest[window]
        lowest[window][better] = cost[better]
        labels[window][better] = part
    return labels


def _reach(known: Evidence, part: int) -> tuple[float, float, float, float]:
    """The window of a part: its box and a quarter around; twice the commune's radius where the box is doubted."""
    east, west, north, south = known.half[:, part]
    x, y = known.x[part], known.y[part]
    more_x, more_y = 0.25 * (east + west) + 700, 0.25 * (north + south) + 700
    box = (x - west - more_x, y - south - more_y, x + east + more_x, y + north + more_y)
    if not known.doubted[part]:
        return box
    commune = known.commune[part]
    x, y, reach = known.centre_x[commune], known.centre_y[commune], 2 * known.radius[commune]
    return min(box[0], x - reach), min(box[1], y - reach), max(box[2], x + reach), max(box[3], y + reach)


def _cost(
    known: Evidence, fit: Fit, half: np.ndarray, part: int, x: np.ndarray, y: np.ndarray, settings: CostSettings
) -> np.ndarray:
    """Cost of cells for one part, shape (y, x)."""
    commune = known.commune[part]
    factor = settings.doubted if known.doubted[part] else 1.0
    sides = known.half[:, part]
    east = factor * _along(x - known.x[part], half[EAST], half[WEST], settings.power)
    north = factor * _along(y - known.y[part], half[NORTH], half[SOUTH], settings.power)
    if not known.doubted[part]:
        east += _beyond(x - known.x[part], sides[EAST], sides[WEST], settings)
        north += _beyond(y - known.y[part], sides[NORTH], sides[SOUTH], settings)
    from_x = (x - known.centre_x[commune]) / known.radius[commune]
    from_y = (y - known.centre_y[commune]) / known.radius[commune]
    east += known.pull[commune] * from_x**2 + fit.tilt[0, commune] * from_x
    north += known.pull[commune] * from_y**2 + fit.tilt[1, commune] * from_y + fit.level[commune]
    return (north[:, None] + east[None, :]).astype(np.float32)


def _along(distance: np.ndarray, ahead: float, behind: float, power: float) -> np.ndarray:
    return (np.abs(distance) / np.where(distance > 0, ahead, behind)) ** power


def _beyond(distance: np.ndarray, ahead: float, behind: float, settings: CostSettings) -> np.ndarray:
    over = np.maximum(distance - max(ahead, settings.smallest), -distance - max(behind, settings.smallest))
    return settings.beyond / 1000 * np.maximum(over, 0)


def fit(grid: Grid, known: Evidence, land_mask: np.ndarray, settings: CostSettings, steps: FitSettings) -> Fit:
    """Return the corrections after ``steps.rounds`` rounds of allocating and improving."""
    found = no_fit(known)
    for turn in range(steps.rounds - 1):
        labels = allocate(grid, known, found, land_mask, settings)
        found = improve(grid, known, found, labels, steps, steps.damping**turn)
    return found


def improve(grid: Grid, known: Evidence, found: Fit, labels: np.ndarray, steps: FitSettings, size: float) -> Fit:
    """Return better corrections by what an allocation gets wrong.

    Parameters
    ----------
    labels
        Row of a part per cell, from :func:`allocate`.
    size
        Factor on all steps, 0 to 1.
    """
    rows, columns = np.nonzero(labels != OUTSIDE)
    part = labels[rows, columns]
    x, y = grid.x[columns], grid.y[rows]
    commune, communes = known.commune[part], len(known.radius)
    cells = np.bincount(commune, minlength=communes)
    count = np.maximum(cells, 1)
    off_x = (np.bincount(commune, x, communes) / count - known.centre_x) / known.radius
    off_y = (np.bincount(commune, y, communes) / count - known.centre_y) / known.radius
    off = np.clip(np.where(cells > 0, [off_x, off_y], 0), -1, 1)
    tilt = found.tilt + size * steps.centroid * known.centroid_trust * off
    surplus = np.clip(np.log(count * grid.cell**2 / known.area), -1, 1)
    level = found.level + size * steps.area * known.area_trust * surplus
    return replace(
        found,
        stretch=_stretched(grid, known, found.stretch, part, x, y, steps, size),
        tilt=np.clip(tilt, -steps.largest_tilt, steps.largest_tilt),
        level=np.clip(level, -steps.largest_level, steps.largest_level),
    )


def _stretched(
    grid: Grid,
    known: Evidence,
    stretch: np.ndarray,
    part: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    steps: FitSettings,
    size: float,
) -> np.ndarray:
    """Stretch parts towards the sides of their boxes that they do not reach; let the others shrink back slowly."""
    reached = np.zeros_like(known.half)
    from_x, from_y = x - known.x[part], y - known.y[part]
    for side, distance in ((EAST, from_x), (WEST, -from_x), (NORTH, from_y), (SOUTH, -from_y)):
        np.maximum.at(reached[side], part, distance)
    short = (known.half - reached - grid.cell / 2) / np.maximum(known.half, 500) - steps.slack
    seen = np.bincount(part, minlength=len(known.commune)) > 0
    short = np.where(seen & known.whole & ~known.doubted, np.clip(short, -0.2, 1), 0)
    change = np.where(short > 0, steps.reach * short, -0.05 * np.clip(stretch, -1, 1))
    return np.clip(stretch + size * change, -steps.largest_reach, steps.largest_reach)
