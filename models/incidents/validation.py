"""Validation of the index by recorded incidents of an analyst: it is questioned by them, never fed.

Nothing that leaves here rests on fewer than ``k`` incidents, and no threshold below :data:`FLOOR` is taken: a page or
a command cannot ask for smaller counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import layers, units
from geo.base import crs
from geo.base.errors import InputError
from geo.base.vocabulary import GATEWAYS, LAND_CROSSINGS
from geo.intake.incidents import Incidents
from geo.layers import borders
from models.incidents.near_repeat import knox
from models.incidents.suppress import SMALLEST, shown
from models.incidents.terrain import RiskTerrain, Settings, risk_terrain

FLOOR = SMALLEST
STRENGTHS = (1.5, 2.0, 4.0)
"""Relative risk from which a factor is raised, high, very high."""
CELLS_M = (500.0, 1000.0, 2000.0, 5000.0)
BANDS = (1.0, 2.0, 5.0, 10.0)
"""Outer edges of the bands, in sides of a cell."""
MARGIN_M = 50_000.0
"""Places so far outside the area still count as near."""


@dataclass(frozen=True)
class Validation:
    """What a set of incidents says about the index.

    Parameters
    ----------
    terrain
        Factors with relative risk values, and hits of the terrain, of distance and of the index.
    strength
        By row of ``terrain.factors``: ``very_high``, ``high``, ``raised``, ``slight`` or ``unclear`` (the interval
        holds 1).
    near_repeat
        Knox's table, see :func:`models.incidents.near_repeat.knox`; none without days.
    verdict
        Whether the index finds incidents held out: ``better`` than the chance band and the distance, ``chance``
        (no better than random), ``weaker`` (better than random, not than distance), or ``hidden``.
    placed_by_commune
        Incidents whose place is only the centre of a commune; NaN where fewer than ``k``.
    k
        The threshold.
    """

    terrain: RiskTerrain
    strength: tuple[str, ...]
    near_repeat: pd.DataFrame | None
    verdict: str
    placed_by_commune: float
    k: int


def validate(
    incidents: Incidents,
    shapes: gpd.GeoSeries,
    score: pd.Series,
    *,
    factors: Mapping[str, gpd.GeoSeries] | None = None,
    cell_m: float = 2000.0,
    k: int = FLOOR,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Validation:
    """Set incidents against the index.

    Parameters
    ----------
    incidents
        Of the area.
    shapes
        Outlines of the communes of the area, with a coordinate system.
    score
        The index by commune.
    factors
        Places by factor; those that ship, near the area, if not given.
    cell_m
        Side of a cell, metres.
    k
        The smallest count that anything may rest on, at least :data:`FLOOR`.
    progress
        Called with steps done and steps to do.

    Raises
    ------
    InputError
        ``incidents.floor``, ``terrain.*``, ``patterns.setting``.
    """
    if k < FLOOR:
        raise InputError("incidents.floor", floor=FLOOR, given=k)
    outlines = shapes.to_crs(crs.GEOGRAPHIC)
    area = shapely.union_all(outlines.to_numpy())
    dated = bool(np.isfinite(incidents.days).sum() >= 2 * k)
    terrain = risk_terrain(
        incidents.points,
        known_factors(area) if factors is None else factors,
        area,
        days=incidents.days if dated else None,
        index=gpd.GeoDataFrame({"score": score.reindex(shapes.index)}, geometry=outlines),
        settings=_settings(cell_m, k, seed),
        progress=progress,
    )
    repeats = knox(incidents.points, incidents.days, k=k, seed=seed) if dated else None
    return Validation(
        terrain=terrain,
        strength=tuple(strength(row["rrv"], row["low"], row["high"]) for _, row in terrain.factors.iterrows()),
        near_repeat=repeats,
        verdict=verdict(terrain.hits),
        placed_by_commune=shown(int(incidents.by_commune.sum()), k),
        k=k,
    )


def _settings(cell_m: float, k: int, seed: int) -> Settings:
    """Return the settings of a terrain whose bands and blocks follow from the side of a cell, metres."""
    bands_m = tuple(cell_m * band for band in BANDS)
    return Settings(cell_m=cell_m, bands_m=bands_m, block_m=10 * cell_m, k=k, seed=seed)


def known_factors(area: shapely.Geometry) -> dict[str, gpd.GeoSeries]:
    """Return the places that may draw incidents, in and around an area: what the layers and the units hold.

    ``crossings`` (land), ``gateways`` (airports, seaports), ``border`` (the land border), ``zones`` (industrial) and
    ``towns`` (centres of wards). Layers without a place near the area are left out.
    """
    reach = shapely.buffer(shapely.convex_hull(area), MARGIN_M / 100_000)
    gates, communes = layers.border_crossings(), units.communes()
    towns = communes[communes["type"] == "Phường"]
    land = gates["type"].isin(LAND_CROSSINGS)
    factors = {
        "crossings": gates.geometry[land],
        "gateways": gates.geometry[gates["type"].isin(GATEWAYS)],
        "border": gpd.GeoSeries([borders.land_border()], crs=crs.GEOGRAPHIC),
        "zones": layers.industrial_zones().geometry,
        "towns": gpd.GeoSeries(gpd.points_from_xy(towns["lon"], towns["lat"]), crs=crs.GEOGRAPHIC),
    }
    near = {name: places[shapely.intersects(places.to_numpy(), reach)] for name, places in factors.items()}
    return {name: places for name, places in near.items() if len(places)}


def strength(rrv: float, low: float, high: float) -> str:
    """Return the word for a relative risk value with its interval.

    Examples
    --------
    >>> strength(5.0, 3.1, 8.0), strength(1.8, 1.2, 2.6), strength(2.5, 0.8, 7.0)
    ('very_high', 'raised', 'unclear')
    """
    if low <= 1 <= high:
        return "unclear"
    words = ("slight", "raised", "high", "very_high")
    return words[int(np.searchsorted(STRENGTHS, rrv, side="right"))]


def verdict(hits: pd.DataFrame) -> str:
    """Return what the hits say about the index, at the largest share of the area whose counts may be shown.

    Examples
    --------
    >>> rows = [("distance", 0.1, 2.0, 1.4, 0.5), ("index", 0.1, 2.4, 1.4, 0.6)]
    >>> verdict(pd.DataFrame(rows, columns=["method", "share", "pai", "chance", "pei"]))
    'better'
    """
    table = hits.set_index(["share", "method"])
    for share in sorted(hits["share"].unique(), reverse=True):
        index, distance = (table.loc[(share, method)] for method in ("index", "distance"))
        if np.isnan(index["pai"]) or np.isnan(distance["pai"]):
            continue
        if index["pai"] <= index["chance"]:
            return "chance"
        return "better" if index["pai"] > distance["pai"] else "weaker"
    return "hidden"
