"""The choice of the bands of a risk terrain: elastic-net Poisson, then stepwise by BIC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.incidents.elastic_net import above_zero, kinds
from models.incidents.terrain_grid import Bands

Values = NDArray[np.float64]
Places = NDArray[np.intp]
STEPS = 50


@dataclass(frozen=True)
class Fit:
    """A Poisson model of the counts in cells.

    Parameters
    ----------
    columns
        The bands chosen, by their column.
    intercept, slopes
        Logarithms of the rate, and of the relative risk of each band.
    errors
        Standard errors of the slopes: the larger of the Poisson ones widened by the dispersion and those that allow
        for anything within blocks.
    dispersion
        Pearson's chi-square per degree of freedom of the candidates that the elastic net left, at least 1.
    """

    columns: tuple[int, ...]
    intercept: float
    slopes: Values
    errors: Values
    dispersion: float

    def expected(self, bands: Bands) -> Values:
        """Return the expected counts of cells."""
        return np.exp(self.intercept + bands.columns[:, list(self.columns)] @ self.slopes)


def select(
    columns: Values,
    per_cell: Values,
    usable: Places,
    factor: Sequence[str],
    blocks: Places,
    folds: Places,
    mixing: float,
) -> Fit:
    """Choose bands and fit them.

    The elastic net, its strength chosen by cross-validation over the rounds, only lets factors raise the risk. Among
    what it leaves, bands are added, dropped and swapped, one per factor at most, as long as BIC falls (the likelihood
    divided by the dispersion).

    Parameters
    ----------
    columns
        Cells x bands, 0 or 1.
    per_cell
        Incidents per cell.
    usable
        The bands that may be chosen.
    factor
        By band.
    blocks, folds
        By cell: its block, and the round in which it is held out.
    mixing
        Of the elastic net, 0-1.
    """
    left = above_zero(kinds(columns[:, usable], per_cell, folds), mixing)
    candidates = [int(column) for column in usable[left]]
    _, mean, _ = poisson(columns[:, candidates], per_cell)
    spare = max(len(per_cell) - len(candidates) - 1, 1)
    dispersion = max(1.0, float(((per_cell - mean) ** 2 / mean).sum() / spare))
    chosen = _stepwise(columns, per_cell, candidates, factor, dispersion)
    slopes, mean, covariance = poisson(columns[:, chosen], per_cell)
    design = np.column_stack([np.ones(len(per_cell)), columns[:, chosen]])
    scores = np.zeros((int(blocks.max()) + 1, design.shape[1]))
    np.add.at(scores, blocks, design * (per_cell - mean)[:, None])
    count = len(np.unique(blocks))
    robust = covariance @ (scores.T @ scores) @ covariance * count / max(count - 1, 1)
    errors = np.sqrt(np.maximum(dispersion * np.diag(covariance), np.diag(robust)))
    return Fit(tuple(chosen), float(slopes[0]), slopes[1:], errors[1:], dispersion)


def poisson(columns: Values, per_cell: Values, cells: Values | None = None) -> tuple[Values, Values, Values]:
    """Fit a Poisson regression by Newton's method; return slopes (intercept first), expected counts, covariance.

    Parameters
    ----------
    columns
        Rows x columns.
    per_cell
        The count of each row.
    cells
        How many cells a row stands for; 1 if not given.

    Examples
    --------
    >>> inside = np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> slopes, mean, _ = poisson(inside, np.array([1.0, 3.0, 7.0, 9.0]))
    >>> np.exp(slopes).round(6).tolist(), mean.round(6).tolist()
    ([2.0, 4.0], [2.0, 2.0, 8.0, 8.0])
    """
    offset = np.zeros(len(per_cell)) if cells is None else np.log(cells)
    design = np.column_stack([np.ones(len(per_cell)), columns])
    slopes = np.zeros(design.shape[1])
    slopes[0] = np.log(max(per_cell.sum() / np.exp(offset).sum(), 1e-12))
    loss = np.inf
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ slopes, -30, 30) + offset)
        information = design.T @ (design * mean[:, None]) + 1e-10 * np.eye(len(slopes))
        step = np.linalg.solve(information, design.T @ (per_cell - mean))
        size = 1.0
        while size > 1e-4 and _loss(design @ (slopes + size * step), per_cell, offset) > loss:
            size /= 2
        slopes = slopes + size * step
        loss = _loss(design @ slopes, per_cell, offset)
        if np.abs(size * step).max() < 1e-9:
            break
    mean = np.exp(np.clip(design @ slopes, -30, 30) + offset)
    information = design.T @ (design * mean[:, None]) + 1e-10 * np.eye(len(slopes))
    return slopes, mean, np.linalg.inv(information)


def _loss(linear: Values, per_cell: Values, offset: Values) -> float:
    return float((np.exp(np.clip(linear, -30, 30) + offset) - per_cell * linear).sum())


def _stepwise(
    columns: Values, per_cell: Values, candidates: list[int], factor: Sequence[str], dispersion: float
) -> list[int]:
    criteria: dict[frozenset[int], float] = {}
    alike = kinds(columns[:, candidates], per_cell, np.zeros(len(per_cell), dtype=np.intp))
    numbers = {column: number for number, column in enumerate(candidates)}

    def bic(chosen: list[int]) -> float:
        key = frozenset(chosen)
        if key not in criteria:
            slopes, mean, _ = poisson(
                alike.columns[:, [numbers[one] for one in sorted(chosen)]], alike.incidents, alike.cells
            )
            likelihood = float((alike.incidents * np.log(mean / alike.cells) - mean).sum())
            raising = bool((slopes[1:] > 0).all())
            criteria[key] = -2 * likelihood / dispersion + np.log(len(per_cell)) * len(slopes) if raising else np.inf
        return criteria[key]

    chosen: list[int] = []
    while True:
        moves = [[one for one in chosen if one != gone] for gone in chosen]
        moves += [
            [*(one for one in chosen if factor[one] != factor[new]), new] for new in candidates if new not in chosen
        ]
        best = min(moves, key=bic, default=chosen)
        if bic(best) >= bic(chosen) - 1e-9:
            return sorted(chosen)
        chosen = best
