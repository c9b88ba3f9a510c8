"""Imputation methods: missing values filled in, each one marked. A missing value is never taken for zero.

Every function takes the values of one indicator (units,), NaN where missing, and a :class:`Context`, and returns the
values with some or all of the NaN filled in. A value that cannot be filled in (a group without any value) stays NaN.
The engine compares before and after and marks what was imputed.

Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.methods import takes

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Context:
    """What is known about the units beside the indicator at hand.

    Parameters
    ----------
    code
        The code of the indicator.
    indicators
        All indicators that count (weight above zero), units x indicators, after denominators.
    groups
        The group of each unit (a province), text.
    facts
        Further columns of the table, units x columns, text: groups by other names, coordinates.
    neighbours
        A sparse matrix units x units, above zero where two units touch (``W.sparse`` of libpysal).
    parents
        Values known for the groups, groups x indicators, indexed by the text in ``groups``.
    """

    code: str
    indicators: pd.DataFrame
    groups: pd.Series | None = None
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    neighbours: Any = None
    parents: pd.DataFrame | None = None

    def labels(self, method: str, by: str | None) -> NDArray[Any]:
        """Return the group of each unit as text, from the column ``by`` or the given groups."""
        if by is None:
            if self.groups is None:
                raise InputError("methods.column_needed", kind="impute", method=method)
            return self.groups.to_numpy(dtype=object)
        if by in self.facts.columns:
            return self.facts[by].to_numpy(dtype=object)
        if self.groups is not None and self.groups.name == by:
            return self.groups.to_numpy(dtype=object)
        raise InputError(
            "tables.column_missing", path="", column=by, columns=", ".join(map(str, self.facts.columns)) or "–"
        )


def i_none(values: Values, context: Context) -> Values:
    """Leave missing values missing."""
    return values.copy()


def i_constant(values: Values, context: Context, *, value: float) -> Values:
    """Fill in the same stated value everywhere."""
    return np.where(np.isnan(values), value, values)


def i_mean(values: Values, context: Context) -> Values:
    """Fill in the mean of all units.

    Examples
    --------
    >>> i_mean(np.array([1.0, np.nan, 3.0]), Context("a", pd.DataFrame())).tolist()
    [1.0, 2.0, 3.0]
    """
    return _fill(values, np.zeros(len(values)), np.mean)


def i_median(values: Values, context: Context) -> Values:
    """Fill in the median of all units."""
    return _fill(values, np.zeros(len(values)), np.median)


@takes(aliases={"column": "by", "group": "by"})
def i_group_mean(values: Values, context: Context, *, by: str | None = None) -> Values:
    """Fill in the mean of the unit's group.

    Parameters
    ----------
    by
        The column with the groups; the groups of the assessment when it is not given.

    Examples
    --------
    >>> groups = pd.Series(["n", "n", "s"])
    >>> i_group_mean(np.array([1.0, np.nan, 3.0]), Context("a", pd.DataFrame(), groups)).tolist()
    [1.0, 1.0, 3.0]
    """
    return _fill(values, context.labels("group_mean", by), np.mean)


@takes(aliases={"column": "by", "group": "by"})
def i_group_median(values: Values, context: Context, *, by: str | None = None) -> Values:
    """Fill in the median of the unit's group."""
    return _fill(values, context.labels("group_median", by), np.median)


def i_neighbours(values: Values, context: Context, *, k: int = 5) -> Values:
    """Fill in the mean of the ``k`` units most alike in all indicators that count.

    Indicators are standardised first; distances leave out what is missing in either unit.

    Source: Troyanskaya et al., Bioinformatics 17 (2001) 520-525, as implemented in scikit-learn.
    """
    if not np.isnan(values).any() or np.isnan(values).all():
        return values.copy()
    from sklearn.impute import KNNImputer

    if k < 1:
        raise InputError("methods.parameter_value", kind="impute", method="neighbours", key="k", value=k)
    others = context.indicators.drop(columns=context.code, errors="ignore").to_numpy(dtype=float)
    matrix = np.column_stack([values, others[:, np.isfinite(others).any(axis=0)]])
    mean, spread = np.nanmean(matrix, axis=0), np.nanstd(matrix, axis=0)
    spread[spread == 0] = 1.0
    filled = KNNImputer(n_neighbors=k).fit_transform((matrix - mean) / spread)[:, 0] * spread[0] + mean[0]
    return np.where(np.isnan(values), filled, values)


def i_spatial(
    values: Values, context: Context, *, k: int = 5, latitude: str = "lat", longitude: str = "lon"
) -> Values:
    """Fill in the mean of the units that touch; without borders, of the ``k`` nearest units with a value.

    Parameters
    ----------
    k
        Units to average when there are only coordinates.
    latitude, longitude
        Columns of the table, degrees.
    """
    missing = np.isnan(values)
    if not missing.any() or missing.all():
        return values.copy()
    if context.neighbours is not None:
        touching = context.neighbours.tocsr()
        touching = touching != 0
        counts = touching @ (~missing).astype(float)
        sums = touching @ np.where(missing, 0.0, values)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(missing, np.where(counts > 0, sums / counts, np.nan), values)
    if latitude not in context.facts.columns or longitude not in context.facts.columns:
        raise InputError("methods.not_here", kind="impute", method="spatial", what=f"{latitude}, {longitude}")
    from sklearn.neighbors import BallTree

    degrees = context.facts[[latitude, longitude]].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    donors, gaps = ~missing & np.isfinite(degrees).all(axis=1), missing & np.isfinite(degrees).all(axis=1)
    if not donors.any() or not gaps.any():
        return values.copy()
    tree = BallTree(np.radians(degrees[donors]), metric="haversine")
    nearest = tree.query(np.radians(degrees[gaps]), k=min(k, int(donors.sum())), return_distance=False)
    filled = values.copy()
    filled[gaps] = values[donors][nearest].mean(axis=1)
    return filled


@takes(aliases={"column": "by", "group": "by"})
def i_parent(values: Values, context: Context, *, by: str | None = None) -> Values:
    """Fill in the value known for the unit's group as a whole: the figure of the province."""
    if context.parents is None:
        raise InputError("methods.not_here", kind="impute", method="parent", what="--parents")
    if context.code not in context.parents.columns:
        return values.copy()
    parent_values = context.parents[context.code]
    carried = pd.Series(context.labels("parent", by)).map(parent_values).to_numpy(dtype=float)
    return np.where(np.isnan(values), carried, values)


IMPUTE: dict[str, Callable[..., Values]] = {
    "none": i_none,
    "constant": i_constant,
    "mean": i_mean,
    "median": i_median,
    "group_mean": i_group_mean,
    "group_median": i_group_median,
    "neighbours": i_neighbours,
    "spatial": i_spatial,
    "parent": i_parent,
}


def _fill(values: Values, labels: NDArray[Any], centre: Callable[[Values], Any]) -> Values:
    filled = values.copy()
    missing = np.isnan(values)
    for label in pd.unique(labels[missing]):
        if pd.isna(label) or label == "":
            continue
        group = labels == label
        present = values[group & ~missing]
        if len(present):
            filled[group & missing] = centre(present)
    return filled
