"""Risk terrain: which places on the map do recorded incidents keep close to, and does the index find them?

A grid is laid over the area. Each factor layer becomes bands: cells near it, and cells where it is dense. A Poisson
model of the counts is thinned by elastic net, then by stepwise selection with BIC, at most one band per factor.
Blocks of cells held out in turn show whether it foretells anything (:mod:`models.incidents.hits`).

Incidents measure what was detected. They are used to question the index and never enter it: the result holds factors,
not places; no score of a cell or a commune leaves this module, no incident, and no figure that rests on fewer than
``k`` incidents.

Sources: Caplan and Kennedy, Risk Terrain Modeling (2016); Kennedy, Caplan and Piza, J. Quant. Criminology 27 (2011)
339-362; Zou and Hastie, J. R. Stat. Soc. B 67 (2005) 301-320; Liang and Zeger, Biometrika 73 (1986) 13-22.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from geo.base.distance import Points
from geo.base.errors import InputError
from models.incidents.hits import compared, later_hits
from models.incidents.suppress import SMALLEST
from models.incidents.terrain_fit import Fit, select
from models.incidents.terrain_grid import Bands, Grid, bands, block_folds, counts, grid

FIT_SHARE = 5
"""Times ``k`` incidents needed at least."""


@dataclass(frozen=True)
class Settings:
    """How the terrain is cut up and fitted.

    Parameters
    ----------
    cell_m
        Side of a cell, metres.
    bands_m
        Outer distances of the bands and widths of the density kernel, metres.
    mixing
        Elastic net: 1 is the lasso, towards 0 ridge.
    folds, block_m
        Rounds of cross-validation (3 at least), and the side in metres of the square blocks held out together.
    shares
        Shares of the area (0-1, rising) for which hits are reported.
    k
        Nothing rests on fewer incidents than this.
    seed
        Of the folds and the random rankings.
    """

    cell_m: float = 1000.0
    bands_m: tuple[float, ...] = (1000.0, 2000.0, 5000.0, 10_000.0)
    mixing: float = 0.5
    folds: int = 5
    block_m: float = 10_000.0
    shares: tuple[float, ...] = (0.05, 0.1, 0.2)
    k: int = SMALLEST
    seed: int = 0

    def __post_init__(self) -> None:
        shares = np.array([0.0, *self.shares])
        for name, fits in (
            ("cell_m", self.cell_m > 0),
            ("bands_m", len(self.bands_m) > 0 and min(self.bands_m) > 0),
            ("mixing", 0 < self.mixing <= 1),
            ("folds", self.folds >= 3),
            ("block_m", self.block_m >= self.cell_m),
            ("shares", len(shares) > 1 and bool((np.diff(shares) > 0).all()) and shares[-1] < 1),
            ("k", self.k >= 1),
        ):
            if not fits:
                raise InputError("patterns.setting", setting=name, given=getattr(self, name))


@dataclass(frozen=True)
class RiskTerrain:
    """What incidents keep close to, and how well that and the index find incidents held out.

    Parameters
    ----------
    factors
        One row per factor of the model: ``factor``, ``kind`` (``near``, ``dense``), ``band_m``, ``rrv`` (relative
        risk value: how many times as many incidents per cell inside the band, all else equal), ``low``, ``high``
        (95 %, allowing for incidents that cluster in blocks), ``kept`` (share of the rounds of cross-validation in
        which the factor was chosen).
    considered
        By factor: ``chosen``, ``not_chosen``, or ``hidden`` where all its bands hold, or leave out, fewer than ``k``
        incidents.
    hits
        See :func:`models.incidents.hits.compared`: PAI, PEI and RRI by method and share of the area.
    dispersion
        Variance of the counts relative to Poisson, at least 1.
    cells, incidents
        Cells of the grid, and incidents inside it.
    """

    factors: pd.DataFrame
    considered: pd.Series
    hits: pd.DataFrame
    dispersion: float
    cells: int
    incidents: int


def risk_terrain(
    incidents: Points,
    factors: Mapping[str, gpd.GeoSeries],
    area: shapely.Geometry,
    *,
    days: ArrayLike | None = None,
    index: gpd.GeoDataFrame | None = None,
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RiskTerrain:
    """Model incidents by their nearness to factors, and set the index against it.

    Parameters
    ----------
    incidents, area
        Longitude and latitude, degrees, shape (n, 2), those outside the area left out; what the grid covers.
    factors
        By name, the places of a layer (points, lines or polygons with a coordinate system; densities of points only).
    days
        When the incidents happened, in days, shape (n,): the earlier half then foretells the later one (RRI).
    index, settings, progress
        ``geometry`` and ``score`` of the communes: the index to be validated; see :class:`Settings`; called with
        models fitted and models to fit.

    Raises
    ------
    InputError
        ``terrain.*``, ``patterns.setting``, ``patterns.no_crs``.

    Examples
    --------
    >>> area, hub = shapely.box(105.6, 20.8, 106.0, 21.2), gpd.GeoSeries.from_xy([105.7], [20.9], crs=4326)
    >>> random = np.random.default_rng(0)
    >>> around = random.normal([105.7, 20.9], 0.015, (150, 2)), random.uniform([105.6, 20.8], [106.0, 21.2], (80, 2))
    >>> settings = Settings(cell_m=2000, bands_m=(4000,))
    >>> found = risk_terrain(np.concatenate(around), {"hub": hub}, area, settings=settings)
    >>> found.factors["factor"].tolist(), bool(found.factors["low"][0] > 5)
    (['hub'], True)
    """
    settings = settings or Settings()
    cells = grid(area, settings.cell_m)
    where = cells.locate(incidents)
    inside, found = _enough(where, cells, settings.k)
    layers = bands(cells, factors, settings.bands_m)
    blocks, folds = block_folds(cells, settings.block_m, settings.folds, settings.seed)
    told = _teller(progress, settings.folds + 1 + (days is not None))
    fit = _fit(layers, found, blocks, folds, settings)
    told()
    held_out, kept = _rounds(layers, found, blocks, folds, settings, told)
    rankings = {"terrain": held_out, "distance": -layers.distance.min(axis=1)}
    rankings |= {} if index is None else {"index": cells.values_of(index)}
    hits = compared(found, rankings, settings.shares, settings.k, settings.seed).assign(rri=np.nan)
    if days is not None:
        before, after = _halves(inside, np.asarray(days, dtype=float)[where >= 0], cells)
        rankings["terrain"] = _fit(layers, before, blocks, folds, settings).expected(layers)
        hits["rri"] = later_hits(before, after, rankings, settings.shares, settings.k)
        told()
    return RiskTerrain(
        factors=_table(fit, layers, kept),
        considered=_considered(fit, layers, found, settings.k),
        hits=hits,
        dispersion=round(fit.dispersion, 2),
        cells=len(found),
        incidents=len(inside),
    )


def _teller(progress: Callable[[int, int], None] | None, number: int) -> Callable[[], None]:
    """Return what to call after each model."""
    done = iter(range(1, number + 1))

    def told() -> None:
        if progress is not None:
            progress(next(done), number)

    return told


def _enough(where: np.ndarray, cells: Grid, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells of the incidents inside the area, and their counts by cell; refuse too few."""
    inside = where[where >= 0]
    if len(inside) < FIT_SHARE * k:
        raise InputError("terrain.too_few", needed=FIT_SHARE * k)
    return inside, counts(inside, cells)


def _halves(inside: np.ndarray, when: np.ndarray, cells: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return the counts by cell up to the median day, and after it."""
    middle = np.nanmedian(when)
    return counts(inside[when <= middle], cells), counts(inside[when > middle], cells)


def _rounds(
    layers: Bands,
    found: np.ndarray,
    blocks: np.ndarray,
    folds: np.ndarray,
    settings: Settings,
    told: Callable[[], None],
) -> tuple[np.ndarray, list[set[str]]]:
    """Choose and fit anew without each round's blocks; return what is expected in them, and the factors chosen."""
    held_out = np.zeros(len(found))
    kept: list[set[str]] = []
    for fold in range(settings.folds):
        learn, test = folds != fold, folds == fold
        part = _fit(layers.rows(learn), found[learn], blocks[learn], folds[learn], settings)
        held_out[test] = part.expected(layers.rows(test))
        kept.append({layers.factor[column] for column in part.columns})
        told()
    return held_out, kept


def _fit(layers: Bands, found: np.ndarray, blocks: np.ndarray, folds: np.ndarray, settings: Settings) -> Fit:
    usable = np.flatnonzero(_shown(layers, found, settings.k))
    return select(layers.columns, found, usable, layers.factor, blocks, folds, settings.mixing)


def _shown(layers: Bands, found: np.ndarray, k: int) -> np.ndarray:
    """Return which bands have at least ``k`` incidents both inside and outside."""
    inside = found @ layers.columns
    return np.asarray((inside >= k) & (found.sum() - inside >= k))


def _table(fit: Fit, layers: Bands, kept: list[set[str]]) -> pd.DataFrame:
    rows = [
        {
            "factor": layers.factor[column],
            "kind": layers.kind[column],
            "band_m": layers.width[column],
            "rrv": round(float(np.exp(slope)), 2),
            "low": round(float(np.exp(slope - 1.96 * error)), 2),
            "high": round(float(np.exp(slope + 1.96 * error)), 2),
            "kept": float(np.mean([layers.factor[column] in chosen for chosen in kept])),
        }
        for column, slope, error in zip(fit.columns, fit.slopes, fit.errors, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["factor", "kind", "band_m", "rrv", "low", "high", "kept"])
    return table.sort_values(["rrv", "factor"], ascending=[False, True], ignore_index=True)


def _considered(fit: Fit, layers: Bands, found: np.ndarray, k: int) -> pd.Series:
    chosen = {layers.factor[column] for column in fit.columns}
    usable = {layers.factor[column] for column in np.flatnonzero(_shown(layers, found, k))}
    words = {
        name: "chosen" if name in chosen else "not_chosen" if name in usable else "hidden" for name in layers.names
    }
    return pd.Series(words, name="considered", dtype=object)
