"""Elastic-net Poisson regression whose slopes are not below 0, on cells that are alike taken together.

Each step of the path is solved by reweighted least squares; what remains in a step is a least-squares problem with
slopes of 0 or more, solved exactly. Columns of 0 and 1 leave few kinds of cells, so that a grid of any size costs as
much as the kinds it has.

Sources: Zou and Hastie, J. R. Stat. Soc. B 67 (2005) 301-320; Friedman, Hastie and Tibshirani, J. Stat. Softw. 33
(2010) 1-22 on the path; Lawson and Hanson, Solving Least Squares Problems (1974) on slopes of one sign.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.optimize import nnls

Values = NDArray[np.float64]
Places = NDArray[np.intp]
STRENGTHS = 30
WEAKEST = 1e-3
"""The last strength of the path as a share of the first, at which all slopes are 0."""
STEPS = 50
CLOSE = 1e-9


@dataclass(frozen=True)
class Kinds:
    """Cells with the same columns in the same round of cross-validation, taken together.

    Parameters
    ----------
    columns
        Kinds x columns.
    incidents
        Incidents in all cells of a kind.
    cells
        How many cells are of a kind.
    fold
        The round in which the cells of a kind are held out.
    """

    columns: Values
    incidents: Values
    cells: Values
    fold: Places

    def of(self, chosen: NDArray[np.bool_]) -> Kinds:
        """Return some of the kinds."""
        return Kinds(self.columns[chosen], self.incidents[chosen], self.cells[chosen], self.fold[chosen])


def kinds(columns: Values, per_cell: Values, folds: Places) -> Kinds:
    """Take together the cells that are alike.

    Examples
    --------
    >>> made = kinds(np.array([[1.0], [0.0], [1.0]]), np.array([2.0, 1.0, 3.0]), np.zeros(3, dtype=int))
    >>> made.columns.ravel().tolist(), made.incidents.tolist(), made.cells.tolist()
    ([0.0, 1.0], [1.0, 5.0], [1.0, 2.0])
    """
    table, kind = np.unique(np.column_stack([folds, columns]), axis=0, return_inverse=True)
    sums, cells = np.zeros(len(table)), np.zeros(len(table))
    np.add.at(sums, kind.ravel(), per_cell)
    np.add.at(cells, kind.ravel(), 1.0)
    return Kinds(table[:, 1:], sums, cells, table[:, 0].astype(np.intp))


def above_zero(data: Kinds, mixing: float) -> NDArray[np.bool_]:
    """Return which columns have a slope above 0 at the strength with the least deviance of what was held out.

    Parameters
    ----------
    data
        Cells by kind, with the rounds of cross-validation.
    mixing
        1 is the lasso, towards 0 ridge.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> columns = (generator.random((600, 2)) < 0.3).astype(float)
    >>> found = generator.poisson(np.exp(-1 + columns @ [1.5, 0.0])).astype(float)
    >>> above_zero(kinds(columns, found, np.arange(600) % 5), 0.5).tolist()[0]
    True
    """
    rounds = [fold for fold in np.unique(data.fold) if data.incidents[data.fold != fold].any()]
    if not data.columns.shape[1] or len(rounds) < 2:
        return np.zeros(data.columns.shape[1], dtype=bool)
    strengths = _strengths(data, mixing)
    deviance = np.zeros(len(strengths))
    for fold in rounds:
        learn, test = data.of(data.fold != fold), data.of(data.fold == fold)
        for step, (intercept, slopes) in enumerate(path(learn, strengths, mixing)):
            linear = intercept + test.columns @ slopes
            deviance[step] += _loss(linear, test) / test.cells.sum()
    best = int(deviance.argmin())
    return np.asarray(path(data, strengths[: best + 1], mixing)[-1][1] > 1e-8)


def path(data: Kinds, strengths: Values, mixing: float) -> list[tuple[float, Values]]:
    """Return the intercept and the slopes at each strength, from the strongest; columns count in their spread.

    Minimised is ``sum(cells exp(eta) - incidents eta) / sum(cells) + strength (mixing sum(b s) + (1 - mixing) / 2
    sum((b s)^2))`` with ``eta = intercept + columns b``, s the standard deviation of a column and b at least 0.
    """
    share = data.cells / data.cells.sum()
    centre = share @ data.columns
    spread = np.sqrt(share @ (data.columns - centre) ** 2)
    design = (data.columns - centre) / np.where(spread > 0, spread, 1.0)
    rate = data.incidents / data.cells
    intercept, slopes = float(np.log(max(share @ rate, 1e-12))), np.zeros(design.shape[1])
    fits = []
    for strength in strengths:
        intercept, slopes = _solve(design, rate, share, float(strength), mixing, intercept, slopes)
        scaled = np.where(spread > 0, slopes / np.where(spread > 0, spread, 1.0), 0.0)
        fits.append((intercept - float(centre @ scaled), scaled))
    return fits


def _solve(
    design: Values, rate: Values, share: Values, strength: float, mixing: float, intercept: float, slopes: Values
) -> tuple[float, Values]:
    """Return the best intercept and slopes at one strength, from those at the strength before."""

    def cost(intercept: float, slopes: Values) -> float:
        linear = np.clip(intercept + design @ slopes, -30, 30)
        penalty = strength * (mixing * slopes.sum() + (1 - mixing) / 2 * (slopes @ slopes))
        return float(share @ (np.exp(linear) - rate * linear) + penalty)

    last = cost(intercept, slopes)
    for _ in range(STEPS):
        linear = np.clip(intercept + design @ slopes, -30, 30)
        mean = np.exp(linear)
        weight = share * mean
        working = linear + (rate - mean) / mean
        middle, target = weight @ design / weight.sum(), weight @ working / weight.sum()
        centred = design - middle
        ridge = strength * (1 - mixing) + 1e-10
        root = np.linalg.cholesky(centred.T @ (centred * weight[:, None]) + ridge * np.eye(len(slopes)))
        pull = centred.T @ (weight * (working - target)) - strength * mixing
        aim, _ = nnls(root.T, solve_triangular(root, pull, lower=True))
        moved, turned = float(target - middle @ aim), aim
        size = 1.0
        while cost(moved, turned) > last + 1e-14 and size > 1e-4:
            size /= 2
            turned = slopes + size * (aim - slopes)
            moved = intercept + size * (float(target - middle @ aim) - intercept)
        change = max(np.abs(turned - slopes).max(initial=0.0), abs(moved - intercept))
        intercept, slopes, last = moved, turned, cost(moved, turned)
        if change < CLOSE:
            break
    return intercept, slopes


def _strengths(data: Kinds, mixing: float) -> Values:
    """Return the strengths of the path, from the one at which the first slope leaves 0."""
    share = data.cells / data.cells.sum()
    centre = share @ data.columns
    spread = np.sqrt(share @ (data.columns - centre) ** 2)
    rate = data.incidents / data.cells
    slope = (share * (rate - share @ rate)) @ (data.columns - centre)
    pull = np.divide(slope, spread, out=np.zeros_like(slope), where=spread > 0)
    strongest = max(float(pull.max(initial=0.0)), 1e-12) / mixing
    return np.geomspace(strongest, strongest * WEAKEST, STRENGTHS)


def _loss(linear: Values, data: Kinds) -> float:
    return float((data.cells * np.exp(np.clip(linear, -30, 30)) - data.incidents * linear).sum())
