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
    located = cells.locate(incidents)
    inside = _inside(located, settings.k)
    layers = bands(cells, factors, settings.bands_m)
    study = Study(layers, *block_folds(cells, settings.block_m, settings.folds, settings.seed), settings)
    report = _after_each(progress, settings.folds + 1 + (days is not None))
    per_cell = counts(inside, cells)
    fit = study.fit(per_cell)
    report()
    held_out, chosen = study.rounds(per_cell, report)
    rankings = {"terrain": held_out, "distance": -layers.distance.min(axis=1)}
    rankings |= {} if index is None else {"index": cells.values_of(index)}
    hits = compared(per_cell, rankings, settings.shares, settings.k, settings.seed).assign(rri=np.nan)
    if days is not None:
        halves = _halves(inside, np.asarray(days, dtype=float)[located >= 0], cells)
        hits["rri"] = study.foretold(*halves, rankings)
        report()
    factor_table, considered = _table(fit, layers, chosen), _considered(fit, layers, per_cell, settings.k)
    return RiskTerrain(factor_table, considered, hits, round(fit.dispersion, 2), len(per_cell), len(inside))


def _after_each(progress: Callable[[int, int], None] | None, number: int) -> Callable[[], None]:
    """Return what to call after each model."""
    done = iter(range(1, number + 1))

    def report() -> None:
        if progress is not None:
            progress(next(done), number)

    return report


def _inside(located: np.ndarray, k: int) -> np.ndarray:
    """Return the cells of the incidents inside the area; refuse too few."""
    inside = located[located >= 0]
    if len(inside) < FIT_SHARE * k:
        raise InputError("terrain.too_few", needed=FIT_SHARE * k)
    return inside


def _halves(inside: np.ndarray, when: np.ndarray, cells: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return the counts by cell up to the median day, and after it."""
    middle = np.nanmedian(when)
    return counts(inside[when <= middle], cells), counts(inside[when > middle], cells)


@dataclass(frozen=True)
class Study:
    """What models of the counts are fitted on: bands by cell, and which cells are held out together.

    Parameters
    ----------
    layers
        Bands by cell.
    blocks, folds
        By cell: the number of its block, and the round in which that block is held out.
    settings
        How models are fitted.
    """

    layers: Bands
    blocks: np.ndarray
    folds: np.ndarray
    settings: Settings

    def fit(self, per_cell: np.ndarray) -> Fit:
        """Choose factors and fit them to counts by cell."""
        usable = np.flatnonzero(_enough(self.layers, per_cell, self.settings.k))
        columns, factor = self.layers.columns, self.layers.factor
        return select(columns, per_cell, usable, factor, self.blocks, self.folds, self.settings.mixing)

    def rows(self, which: np.ndarray) -> Study:
        """Return the same of some of the cells."""
        return Study(self.layers.rows(which), self.blocks[which], self.folds[which], self.settings)

    def rounds(self, per_cell: np.ndarray, report: Callable[[], None]) -> tuple[np.ndarray, list[set[str]]]:
        """Fit anew without each round's blocks; return what is expected in them, and the factors chosen."""
        held_out = np.zeros(len(per_cell))
        chosen: list[set[str]] = []
        for fold in range(self.settings.folds):
            learn, test = self.folds != fold, self.folds == fold
            part = self.rows(learn).fit(per_cell[learn])
            held_out[test] = part.expected(self.layers.rows(test))
            chosen.append({self.layers.factor[column] for column in part.columns})
            report()
        return held_out, chosen

    def foretold(self, before: np.ndarray, after: np.ndarray, rankings: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return how much better than chance the counts of the earlier half, by cell, foretell the later (RRI)."""
        terrain = self.fit(before).expected(self.layers)
        shares, k = self.settings.shares, self.settings.k
        return later_hits(before, after, {**rankings, "terrain": terrain}, shares, k)


def _enough(layers: Bands, per_cell: np.ndarray, k: int) -> np.ndarray:
    """Return which bands have at least ``k`` incidents both inside and outside."""
    inside = per_cell @ layers.columns
    return np.asarray((inside >= k) & (per_cell.sum() - inside >= k))


def _table(fit: Fit, layers: Bands, rounds: list[set[str]]) -> pd.DataFrame:
    rows = [
        {
            "factor": layers.factor[column],
            "kind": layers.kind[column],
            "band_m": layers.width[column],
            "rrv": round(float(np.exp(slope)), 2),
            "low": round(float(np.exp(slope - 1.96 * error)), 2),
            "high": round(float(np.exp(slope + 1.96 * error)), 2),
            "kept": float(np.mean([layers.factor[column] in chosen for chosen in rounds])),
        }
        for column, slope, error in zip(fit.columns, fit.slopes, fit.errors, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["factor", "kind", "band_m", "rrv", "low", "high", "kept"])
    return table.sort_values(["rrv", "factor"], ascending=[False, True], ignore_index=True)


def _considered(fit: Fit, layers: Bands, per_cell: np.ndarray, k: int) -> pd.Series:
    chosen = {layers.factor[column] for column in fit.columns}
    usable = {layers.factor[column] for column in np.flatnonzero(_enough(layers, per_cell, k))}
    words = {
        name: "chosen" if name in chosen else "not_chosen" if name in usable else "hidden" for name in layers.names
    }
    return pd.Series(words, name="considered", dtype=object)
