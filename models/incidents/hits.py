"""Hit rates of a ranking of places: how well it finds incidents it has not seen (PAI, PEI, RRI).

Sources: Chainey, Tompson and Uhlig, Security Journal 21 (2008) 4-28 (PAI); Hunt, PhD thesis, City University of New
York (2016) (PEI); Levine, The Police Chief 75 (2008) 8 (RRI).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]
DRAWS = 200


def compared(
    per_cell: Values, rankings: Mapping[str, Values], shares: Sequence[float], k: int, seed: int = 0
) -> pd.DataFrame:
    """Set rankings of cells side by side.

    Parameters
    ----------
    per_cell
        Incidents per cell, not used in making the rankings, shape (cells,).
    rankings
        By method, a number per cell: the higher, the more expected. Missing ones come last.
    shares
        Shares of the cells, 0-1, rising.
    k
        A share is hidden where the incidents in it, outside it, or between it and the share shown before are fewer.
    seed
        Of the random rankings.

    Returns
    -------
    DataFrame
        By ``method`` and ``share``: ``pai`` (share of incidents / share of cells; 1 is what random rankings reach
        on average), ``chance`` (the PAI that one in forty random rankings exceeds), ``pei`` (PAI / the largest
        possible one, 0-1). ``pai`` and ``pei`` are missing where hidden.

    Examples
    --------
    >>> found = np.repeat([20.0, 2.0], [10, 90])
    >>> table = compared(found, {"good": -np.arange(100.0)}, [0.1], 10)
    >>> table[["method", "share", "pai", "pei"]].to_numpy().tolist()
    [['good', 0.1, 5.26, 1.0]]
    """
    total, cells = per_cell.sum(), len(per_cell)
    generator = np.random.default_rng(seed)
    draws = np.array([generator.permutation(per_cell).cumsum() for _ in range(DRAWS)])
    best = np.sort(per_cell)[::-1]
    rows = []
    for method, ranking in rankings.items():
        inside = hits(per_cell, ranking, shares)
        open_ = _open(inside, total, k)
        for share, caught, visible in zip(shares, inside, open_, strict=True):
            size = top(cells, share)
            pai = caught / total / (size / cells) if visible else np.nan
            most = best[:size].sum() / total / (size / cells)
            chance = np.quantile(draws[:, size - 1], 0.975) / total / (size / cells)
            rows.append((method, share, round(pai, 2), round(chance, 2), round(pai / most, 2)))
    return pd.DataFrame(rows, columns=["method", "share", "pai", "chance", "pei"])


def later_hits(
    before: Values, after: Values, rankings: Mapping[str, Values], shares: Sequence[float], k: int
) -> Values:
    """Return RRI in the order of :func:`compared`: does the share of the top cells last into the later time?

    ``(later incidents in the top / all later ones) / (earlier ones in the top / all earlier ones)``; 1 means that the
    top cells keep their share, less that they lose it. Missing where a count is below ``k``.
    """
    indices = []
    for ranking in rankings.values():
        early, late = hits(before, ranking, shares), hits(after, ranking, shares)
        visible = _open(early, before.sum(), k) & _open(late, after.sum(), k)
        with np.errstate(invalid="ignore", divide="ignore"):
            indices.append(np.where(visible, np.round(late / after.sum() / (early / before.sum()), 2), np.nan))
    return np.concatenate(indices)


def hits(per_cell: Values, ranking: Values, shares: Sequence[float]) -> Values:
    """Return the incidents in the top cells; cells that tie at the edge count in proportion.

    Examples
    --------
    >>> hits(np.array([4.0, 2.0, 6.0, 0.0]), np.array([9.0, 5.0, 5.0, 1.0]), [0.25, 0.5]).tolist()
    [4.0, 8.0]
    """
    score = np.where(np.isfinite(ranking), ranking, -np.inf)
    inside = []
    for share in shares:
        size = top(len(per_cell), share)
        edge = np.sort(score)[::-1][size - 1]
        above, level = score > edge, score == edge
        inside.append(per_cell[above].sum() + per_cell[level].sum() * (size - above.sum()) / level.sum())
    return np.array(inside)


def top(cells: int, share: float) -> int:
    """Return how many cells a share is, at least 1."""
    return max(round(share * cells), 1)


def _open(inside: Values, total: float, k: int) -> NDArray[np.bool_]:
    """Return which of the nested counts may be shown: no part between two shown ones, or outside, below ``k``."""
    open_, last = [], 0.0
    for count in inside:
        visible = count - last >= k and total - count >= k
        open_.append(visible)
        last = count if visible else last
    return np.array(open_)
