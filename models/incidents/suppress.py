"""Suppression of small counts: they are not shown, nor anything from which they could be reckoned.

Sources: Hundepool et al., Statistical Disclosure Control (2012), chapter 4, on primary and secondary suppression.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError

SMALLEST = 10
TOTAL = "total"
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


def suppress(counts: pd.DataFrame, k: int = SMALLEST) -> pd.DataFrame:
    """Return a table of counts with its totals, without the cells that must not be shown.

    Hidden are counts below ``k``, zeros among them, and as many others as it takes that none of these follows from
    the rows, columns and totals that stay: the smallest ones first. What is hidden in a row or column with a total
    adds up to at least ``k``.

    Parameters
    ----------
    counts
        Whole numbers from 0, any shape with at least one row and column.
    k
        The smallest count shown.

    Returns
    -------
    DataFrame
        One row and one column more (``total``); NaN where hidden.

    Raises
    ------
    InputError
        ``suppress.counts`` for missing, negative or broken numbers; ``patterns.setting`` for k < 1.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [50, 3], "b": [40, 30], "c": [20, 12]}, index=["x", "y"])
    >>> suppress(table).astype("Int64").to_numpy().tolist()
    [[<NA>, 40, <NA>, 110], [<NA>, 30, <NA>, 45], [53, 70, 32, 155]]
    """
    if k < 1:
        raise InputError("patterns.setting", setting="k", given=k)
    cells = counts.to_numpy(dtype=float)
    if not (np.isfinite(cells).all() and (cells >= 0).all() and (cells == np.round(cells)).all()):
        raise InputError("suppress.counts")
    whole = np.block([[cells, cells.sum(axis=1, keepdims=True)], [cells.sum(axis=0), cells.sum()]])
    hidden = whole < k
    while more := _next(whole, hidden, k):
        hidden[tuple(np.array(more).T)] = True
    masked = np.where(hidden, np.nan, whole)
    return pd.DataFrame(masked, index=[*counts.index, TOTAL], columns=[*counts.columns, TOTAL])


def shown(count: float, k: int = SMALLEST) -> float:
    """Return a single count, NaN if it is below ``k``.

    Examples
    --------
    >>> shown(12), shown(9), shown(0)
    (12.0, nan, nan)
    """
    return float(count) if count >= k else float("nan")


def _next(whole: Values, hidden: Mask, k: int) -> list[tuple[int, int]]:
    """Return cells that must be hidden too; none if all is well."""
    for row, column in np.argwhere(follows(hidden) & (whole < k)):
        return _ring(whole, hidden, int(row), int(column))
    for turn in (False, True):
        values, gone = (whole.T, hidden.T) if turn else (whole, hidden)
        for row in range(len(values)):
            inner, total_hidden = gone[row, :-1], gone[row, -1]
            if inner.any() and not total_hidden and values[row, :-1][inner].sum() < k:
                column = int(np.where(inner, np.inf, values[row, :-1]).argmin())
                return [(column, row) if turn else (row, column)]
    return []


def _ring(whole: Values, hidden: Mask, row: int, column: int) -> list[tuple[int, int]]:
    """Return the three cells that make a rectangle with a given one and cost least: what is shown of them.

    Add one to a corner and its opposite, take one from the other two: all totals stay, so no corner is known.
    """
    cost = np.where(hidden, 0.0, whole)
    cost[-1] += np.where(hidden[-1], 0.0, whole.sum())
    cost[:, -1] += np.where(hidden[:, -1], 0.0, whole.sum())
    sums = cost + cost[row] + cost[:, [column]]
    sums[row], sums[:, column] = np.inf, np.inf
    far_row, far_column = (int(index) for index in np.unravel_index(sums.argmin(), sums.shape))
    return [(row, far_column), (far_row, column), (far_row, far_column)]


def follows(hidden: Mask) -> Mask:
    """Return which hidden cells of a table with totals can be reckoned from what is shown.

    Every row and every column says that its cells less its total are 0; a hidden cell follows from the shown ones if
    no solution of these equations moves it.

    Parameters
    ----------
    hidden
        Shape (rows + 1, columns + 1), the totals last.
    """
    rows, columns = hidden.shape
    places = np.argwhere(hidden)
    derived = np.zeros_like(hidden)
    if not len(places):
        return derived
    equations = np.zeros((rows + columns, len(places)))
    for number, (row, column) in enumerate(places):
        equations[row, number] = -1 if column == columns - 1 else 1
        equations[rows + column, number] = -1 if row == rows - 1 else 1
    _, sizes, directions = np.linalg.svd(equations)
    rank = int((sizes > 1e-9).sum())
    free = directions[rank:]
    fixed = (np.abs(free) < 1e-9).all(axis=0)
    derived[tuple(places[fixed].T)] = True
    return derived
