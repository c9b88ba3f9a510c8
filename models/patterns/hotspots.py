"""Hot spots: where high (or low) values lie together more than chance would put them (Getis-Ord Gi*, local Moran).

With thousands of units some look special by chance; p-values are therefore adjusted so that, among the units called
special, the expected share of false ones stays below the level (false discovery rate).

A hot spot of modelled scores says that scores agree among neighbours, also because some of their indicators are known
only for the province and are equal all over it. It is no finding about people.

Sources: Getis and Ord, Geographical Analysis 24 (1992) 189-206; Ord and Getis, ibid. 27 (1995) 286-306; Anselin,
ibid. 27 (1995) 93-115; Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300; Caldas de Castro and Singer,
Geographical Analysis 38 (2006) 180-208.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geo.base.errors import InputError

Values = NDArray[np.float64]
LEVELS = (99, 95, 90)
"""Confidence, per cent, from the strictest."""
NO_NEIGHBOURS = "no_neighbours"
MISSING = "missing"
HOT_CLASSES = (
    *(f"hot_{level}" for level in LEVELS),
    "not_significant",
    *(f"cold_{level}" for level in reversed(LEVELS)),
    NO_NEIGHBOURS,
    MISSING,
)
MORAN_CLASSES = ("high_high", "low_low", "high_low", "low_high", "not_significant", NO_NEIGHBOURS, MISSING)
CHUNK = 4_000_000


def hot_spots(
    values: pd.Series, neighbours: Any, *, permutations: int | None = None, seed: int = 0, adjust: bool = True
) -> pd.DataFrame:
    """Find hot and cold spots by Getis-Ord Gi*: is the mean of a unit and its neighbours unlike that of all?

    ``z = (sum_j w_ij x_j - mean(x) W_i) / (s sqrt((n W_i - W_i^2) / (n - 1)))`` with w 1 for the unit itself and its
    neighbours, W_i their number and s the standard deviation (divisor n).

    Parameters
    ----------
    values
        One number per unit, shape (n,); units without a value are left out, also as neighbours.
    neighbours
        Sparse matrix n x n, above zero for neighbours (:func:`models.patterns.neighbours.touching`).
    permutations
        The number of random rearrangements of the other units' values, the unit keeping its own (conditional
        permutation): no p is then below ``2 / (permutations + 1)``. Without it p is that of the normal distribution.
    seed
        Of the permutations; the same seed gives the same p.
    adjust
        Classes by p adjusted after Benjamini and Hochberg; without it, by p itself.

    Returns
    -------
    DataFrame
        By unit: ``neighbours`` (number with a value), ``z``, ``p`` (two-sided), ``p_adjusted``, ``class`` (one of
        :data:`HOT_CLASSES`). ``z`` and ``p`` are missing for units without a value or without neighbours.

    Raises
    ------
    InputError
        ``patterns.shape``, ``patterns.constant``, ``patterns.too_few``, ``patterns.setting``.

    Examples
    --------
    >>> row = sparse.diags_array([np.ones(19), np.ones(19)], offsets=[-1, 1])
    >>> found = hot_spots(pd.Series([0.0] * 16 + [9.0] * 4), row)
    >>> found["class"].tolist()[-5:], float(found["z"].iloc[18].round(3))
    (['not_significant', 'not_significant', 'hot_99', 'hot_99', 'hot_95'], 3.662)
    """
    x, links, finite = _checked(values, neighbours, permutations)
    n = len(x)
    counts = np.diff(links.indptr)
    weight = counts + 1.0
    mean, spread = x.mean(), x.std()
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = spread * np.sqrt(np.maximum(n * weight - weight**2, 0.0) / (n - 1))
        z = np.where((scale > 0) & (counts > 0), (links @ x + x - mean * weight) / scale, np.nan)
    if permutations is not None:
        p = np.where(np.isnan(z), np.nan, _permuted_p(x - mean, links, permutations, seed))
    else:
        from scipy import stats

        p = 2 * stats.norm.sf(np.abs(z))
    table = _table(values.index, finite, neighbours=counts, z=z, p=p)
    table["class"] = _classes(
        table, finite, lambda level: np.where(table["z"] > 0, f"hot_{level}", f"cold_{level}"), adjust
    )
    table["class"] = pd.Categorical(table["class"], HOT_CLASSES, ordered=True)
    return table


def local_moran(
    values: pd.Series,
    neighbours: Any,
    *,
    permutations: int = 9999,
    seed: int = 0,
    adjust: bool = True,
    level: float = 0.05,
) -> pd.DataFrame:
    """Find clusters and outliers by local Moran's I: is a unit like its neighbours, or unlike them?

    ``I_i = (n - 1) z_i mean_j(z_j) / sum(z^2)``, z the distance from the mean and j the neighbours; p from
    conditional permutation, two-sided.

    Parameters
    ----------
    values, neighbours, permutations, seed, adjust
        As for :func:`hot_spots`; there must be permutations.
    level
        Units whose (adjusted) p is at most this are special.

    Returns
    -------
    DataFrame
        By unit: ``neighbours``, ``i``, ``p``, ``p_adjusted``, ``class``: ``high_high`` and ``low_low`` lie in
        clusters; ``high_low`` is a high unit among low ones, ``low_high`` the reverse (:data:`MORAN_CLASSES`).

    Examples
    --------
    >>> row = sparse.diags_array([np.ones(19), np.ones(19)], offsets=[-1, 1])
    >>> found = local_moran(pd.Series([0.0] * 16 + [9.0] * 4), row, adjust=False)
    >>> found["class"].tolist()[16:], float(found["i"].iloc[18].round(3))
    (['not_significant', 'high_high', 'high_high', 'not_significant'], 3.8)
    """
    x, links, finite = _checked(values, neighbours, permutations)
    z = x - x.mean()
    counts = np.diff(links.indptr)
    with np.errstate(invalid="ignore", divide="ignore"):
        around = np.where(counts > 0, (links @ z) / counts, np.nan)
    local = (len(z) - 1) * z * around / (z @ z)
    table = _table(values.index, finite, neighbours=counts, i=local, p=_permuted_p(z, links, permutations, seed))
    quadrant = np.full(len(values), "", dtype=object)
    quadrant[finite] = [
        f"{'high' if own > 0 else 'low'}_{'high' if near > 0 else 'low'}" for own, near in zip(z, around, strict=True)
    ]
    table["class"] = _classes(table, finite, lambda _: quadrant, adjust, (100 * (1 - level),))
    table["class"] = pd.Categorical(table["class"], MORAN_CLASSES)
    return table


def moran(values: pd.Series, neighbours: Any, *, permutations: int = 9999, seed: int = 0) -> tuple[float, float]:
    """Return Moran's I over all units and its two-sided p: do like values lie together at all?

    Units without neighbours count in the mean and the spread only.

    Examples
    --------
    >>> row = sparse.diags_array([np.ones(19), np.ones(19)], offsets=[-1, 1])
    >>> i, p = moran(pd.Series([0.0] * 16 + [9.0] * 4), row)
    >>> round(i, 3), p < 0.01
    (0.844, True)
    """
    x, links, _ = _checked(values, neighbours, permutations)
    z = x - x.mean()
    weights = links.multiply(1 / np.maximum(np.diff(links.indptr), 1)[:, None]).tocsr()
    counting = weights.sum()
    generator = np.random.default_rng(seed)
    scale = len(z) / (counting * (z @ z))
    observed = float(scale * (z @ (weights @ z)))
    drawn = np.empty(permutations)
    for draw in range(permutations):
        mixed = generator.permutation(z)
        drawn[draw] = scale * (mixed @ (weights @ mixed))
    return observed, float(_two_sided(observed, np.sort(drawn)))


def adjusted(p: Values) -> Values:
    """Return p-values adjusted for the false discovery rate (Benjamini-Hochberg); missing ones do not count.

    Examples
    --------
    >>> adjusted(np.array([0.01, np.nan, 0.02, 0.9])).round(3).tolist()
    [0.03, nan, 0.03, 0.9]
    """
    from scipy import stats

    result = np.full(len(p), np.nan)
    finite = np.isfinite(p)
    if finite.any():
        result[finite] = stats.false_discovery_control(p[finite], method="bh")
    return result


def _checked(
    values: pd.Series, neighbours: Any, permutations: int | None
) -> tuple[Values, sparse.csr_array, NDArray[np.bool_]]:
    """Return the known values, the links among them (1, no diagonal) and which units they are."""
    matrix = sparse.csr_array(neighbours)
    if matrix.shape != (len(values), len(values)):
        raise InputError("patterns.shape", units=len(values), given=" x ".join(map(str, matrix.shape)))
    if permutations is not None and permutations < 1:
        raise InputError("patterns.setting", setting="permutations", given=permutations)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    finite = np.isfinite(numbers)
    if finite.sum() < 3:
        raise InputError("patterns.too_few", needed=3, given=int(finite.sum()))
    x = numbers[finite]
    if np.ptp(x) == 0:
        raise InputError("patterns.constant")
    links = sparse.coo_array(matrix[finite][:, finite])
    between = (links.data > 0) & (links.row != links.col)
    pairs = links.row[between], links.col[between]
    return x, sparse.csr_array((np.ones(between.sum()), pairs), shape=links.shape), finite


def _table(index: pd.Index, finite: NDArray[np.bool_], **columns: Values) -> pd.DataFrame:
    table = pd.DataFrame(index=index)
    for name, column in columns.items():
        whole = np.full(len(index), np.nan)
        whole[finite] = column
        table[name] = whole
    table["neighbours"] = table["neighbours"].astype("Int64")
    table["p_adjusted"] = adjusted(table["p"].to_numpy())
    return table


def _classes(
    table: pd.DataFrame, finite: NDArray[np.bool_], name: Any, adjust: bool, levels: tuple[float, ...] = LEVELS
) -> NDArray[np.object_]:
    p = table["p_adjusted" if adjust else "p"].to_numpy()
    classes = np.full(len(table), "not_significant", dtype=object)
    for level in reversed(levels):
        classes = np.where(p <= 1 - level / 100 + 1e-12, name(level), classes)
    classes = np.where(table["neighbours"].eq(0).fillna(False), NO_NEIGHBOURS, classes)
    return np.where(finite, classes, MISSING)


def _permuted_p(z: Values, links: sparse.csr_array, permutations: int, seed: int) -> Values:
    """Return for each unit the two-sided p of the sum of its neighbours, the others' values being rearranged.

    All units share the random draws of positions, one more than they have neighbours: where a draw is the unit
    itself, the spare one takes its place, so that each unit sees a random sample of the others.
    """
    n, counts = len(z), np.diff(links.indptr)
    sizes = np.unique(counts[counts > 0])
    p = np.full(n, np.nan)
    if not len(sizes):
        return p
    draws = _draws(n, min(int(sizes.max()) + 1, n), permutations, np.random.default_rng(seed))
    observed = links @ z
    for size in sizes:
        first = draws[:, :size]
        sums = z[first].sum(axis=1)
        order = np.argsort(first, axis=None, kind="stable")
        holders, starts = order // size, np.searchsorted(first.ravel()[order], np.arange(n + 1))
        ranked = np.sort(sums)
        for unit in np.flatnonzero(counts == size):
            holding = holders[starts[unit] : starts[unit + 1]]
            spare = z[draws[holding, size]] if size < draws.shape[1] else np.zeros(len(holding))
            mended = sums[holding] - z[unit] + spare
            p[unit] = _two_sided(observed[unit], ranked, sums[holding], mended)
    return p


def _two_sided(observed: float, ranked: Values, without: Any = (), instead: Any = ()) -> float:
    """Return twice the smaller share of draws at least as extreme, the observation counted in; at most 1."""
    slack = 1e-9 * max(1.0, abs(observed))
    low, high = observed + slack, observed - slack
    out, put = np.asarray(without, dtype=float), np.asarray(instead, dtype=float)
    below = int(np.searchsorted(ranked, low, side="right")) - int((out <= low).sum()) + int((put <= low).sum())
    above = len(ranked) - int(np.searchsorted(ranked, high, side="left")) - int((out >= high).sum())
    above += int((put >= high).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (len(ranked) + 1))


def _draws(n: int, size: int, times: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Draw ``size`` different positions out of ``n``, in random order, ``times`` times."""
    members = np.empty((times, size), dtype=np.intp)
    step = max(CHUNK // n, 1)
    for start in range(0, times, step):
        keys = generator.random((min(step, times - start), n))
        if size < n:
            chosen = np.argpartition(keys, size - 1, axis=1)[:, :size]
            inner = np.argsort(np.take_along_axis(keys, chosen, axis=1), axis=1)
            members[start : start + step] = np.take_along_axis(chosen, inner, axis=1)
        else:
            members[start : start + step] = np.argsort(keys, axis=1)
    return members
