"""Near repeats: do incidents follow one another nearby and soon? Knox's test over bands of distance and time.

Pairs of incidents that are close in both space and time are counted and set against the counts when the days are
dealt out anew at random: more than chance means that one incident raises the risk around it for a while.

Only aggregated figures leave this module, and none about fewer than ``k`` pairs or incidents.

Sources: Knox, Applied Statistics 13 (1964) 25-29; Johnson et al., J. Quant. Criminology 23 (2007) 201-219.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from geo.base import crs
from geo.base.distance import Points
from geo.base.errors import InputError
from models.incidents.suppress import SMALLEST, suppress

Values = NDArray[np.float64]


def knox(
    points: Points,
    days: ArrayLike,
    *,
    within_km: Sequence[float] = (1.0, 2.0, 5.0),
    within_days: Sequence[float] = (14.0, 28.0, 56.0),
    permutations: int = 999,
    seed: int = 0,
    k: int = SMALLEST,
) -> pd.DataFrame:
    """Test for near repeats.

    Parameters
    ----------
    points, days
        Longitude and latitude of the incidents, degrees, shape (n, 2); when they happened, in days, shape (n,).
    within_km, within_days
        Upper edges of the bands, rising; the first band begins at 0.
    permutations, seed
        Random deals of the days; the same seed gives the same result.
    k
        Figures about fewer pairs are hidden, and as many others as it takes that they do not follow.

    Returns
    -------
    DataFrame
        One row per band of distance and time: ``from_km``, ``to_km``, ``from_days``, ``to_days``, ``ratio`` (pairs to
        the mean of the random deals) and ``p`` (one-sided: as many pairs by chance); both missing where hidden.

    Raises
    ------
    InputError
        ``terrain.too_few`` for fewer than ``2 k`` incidents with a place and a day; ``patterns.setting``.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> place, day = generator.uniform([105, 20], [106, 21], (150, 2)), generator.uniform(0, 700, 150)
    >>> again = place + generator.normal(0, 0.003, place.shape)
    >>> found = knox(np.concatenate([place, again]), np.concatenate([day, day + 5]), within_km=[2], within_days=[14])
    >>> found[["to_km", "to_days", "p"]].to_numpy().tolist(), bool(found["ratio"][0] > 5)
    ([[2.0, 14.0, 0.001]], True)
    """
    space, time = _edges("within_km", within_km), _edges("within_days", within_days)
    when = np.asarray(days, dtype=float)
    dated = np.isfinite(points).all(axis=1) & np.isfinite(when)
    if dated.sum() < 2 * k:
        raise InputError("terrain.too_few", needed=2 * k)
    if permutations < 1:
        raise InputError("patterns.setting", setting="permutations", given=permutations)
    one, other, near = _close(points[dated], space)
    shape = len(space) - 1, len(time) - 1
    observed = _counts(when[dated], one, other, near, time, shape)
    generator = np.random.default_rng(seed)
    mean, reached = np.zeros(shape), np.ones(shape)
    for _ in range(permutations):
        dealt = _counts(generator.permutation(when[dated]), one, other, near, time, shape)
        mean, reached = mean + dealt / permutations, reached + (dealt >= observed)
    return _table(observed, mean, reached / (permutations + 1), space, time, k)


def _table(observed: Values, mean: Values, p: Values, space: Values, time: Values, k: int) -> pd.DataFrame:
    hidden = suppress(pd.DataFrame(observed), k).iloc[:-1, :-1].isna().to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(hidden | (mean == 0), np.nan, np.round(observed / mean, 2))
    rows = np.indices(observed.shape).reshape(2, -1)
    return pd.DataFrame(
        {
            "from_km": space[rows[0]],
            "to_km": space[rows[0] + 1],
            "from_days": time[rows[1]],
            "to_days": time[rows[1] + 1],
            "ratio": ratio.ravel(),
            "p": np.where(hidden, np.nan, p).ravel(),
        }
    )


def _edges(name: str, upper: Sequence[float]) -> Values:
    edges = np.array([0.0, *upper])
    if len(edges) < 2 or not (np.diff(edges) > 0).all():
        raise InputError("patterns.setting", setting=name, given=list(upper))
    return edges


def _close(points: Points, edges: Values) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs within the last edge and the band of distance of each."""
    from scipy.spatial import cKDTree

    forward = Transformer.from_crs(crs.GEOGRAPHIC, crs.METRIC, always_xy=True)
    places = np.column_stack(forward.transform(*points.T)) / 1000
    one, other = cKDTree(places).query_pairs(float(edges[-1]), output_type="ndarray").T
    distance = np.linalg.norm(places[one] - places[other], axis=1)
    return one, other, np.clip(np.searchsorted(edges, distance, side="left") - 1, 0, len(edges) - 2)


def _counts(
    when: Values,
    one: NDArray[np.intp],
    other: NDArray[np.intp],
    near: NDArray[np.intp],
    edges: Values,
    shape: tuple[int, int],
) -> Values:
    apart = np.abs(when[one] - when[other])
    inside = apart <= edges[-1]
    soon = np.clip(np.searchsorted(edges, apart[inside], side="left") - 1, 0, shape[1] - 1)
    return np.bincount(near[inside] * shape[1] + soon, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
