"""Normalisation methods: indicators on a common scale on which more always means more of what the index measures.

Every function takes the values of one indicator (units,), NaN where missing, and the direction (+1 or -1), and
returns values (units,) with NaN in the same places. Parameters in the unit of the indicator (``lower``, ``target``,
``edges`` ...) are given as the data are, whatever the direction. Where a method says nothing about the units (all
values the same, for min-max) every result is NaN and the engine flags the indicator.

Sources: OECD/JRC, Handbook on Constructing Composite Indicators (2008), chapter 5; others named where they apply.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.methods import Method, takes

Values = NDArray[np.float64]
Ties = Literal["min", "average", "max", "dense"]
Scale = tuple[float, float] | None


def n_none(values: Values, direction: int = 1) -> Values:
    """Keep the values as they are; a negative direction turns the sign.

    Examples
    --------
    >>> n_none(np.array([1.0, np.nan]), -1).tolist()
    [-1.0, nan]
    """
    return values * direction


@takes(aliases={"min": "lower", "max": "upper"})
def n_minmax(
    values: Values,
    direction: int = 1,
    *,
    low: float = 0.0,
    high: float = 100.0,
    lower: float | None = None,
    upper: float | None = None,
) -> Values:
    """Stretch the observed range, or the given one, linearly over ``low`` to ``high``; nothing is cut off.

    Parameters
    ----------
    low, high
        The scale of the result.
    lower, upper
        The range in the unit of the indicator; what is not given is the smallest or largest value observed.

    Examples
    --------
    >>> n_minmax(np.array([2.0, 3.0, 4.0]), -1, high=10).tolist()
    [10.0, 5.0, 0.0]
    >>> n_minmax(np.array([2.0, 4.0]), low=70, high=130, lower=0, upper=4).tolist()
    [100.0, 130.0]
    """
    bottom = _smallest(values) if lower is None else lower
    top = _largest(values) if upper is None else upper
    if not top > bottom:
        return np.full_like(values, np.nan)
    share = (values - bottom) / (top - bottom)
    return low + (high - low) * (share if direction > 0 else 1 - share)


def n_zscore(values: Values, direction: int = 1, *, mean: float = 0.0, sd: float = 1.0, ddof: int = 1) -> Values:
    """Standardise to the given ``mean`` and standard deviation ``sd``.

    Parameters
    ----------
    ddof
        1 for the standard deviation of a sample, 0 for that of a population.

    Examples
    --------
    >>> n_zscore(np.array([1.0, 2.0, 3.0]), mean=100, sd=10).tolist()
    [90.0, 100.0, 110.0]
    """
    spread = _deviation(values, ddof)
    if not spread > 0:
        return np.full_like(values, np.nan)
    return mean + sd * direction * (values - np.nanmean(values)) / spread


def n_rank(values: Values, direction: int = 1, *, ties: Ties = "min") -> Values:
    """Rank from 1 (least) to the number of units with a value (most).

    Examples
    --------
    >>> n_rank(np.array([5.0, 7.0, 7.0, np.nan])).tolist()
    [1.0, 2.0, 2.0, nan]
    """
    return _ranks(values * direction, ties)


def n_borda(values: Values, direction: int = 1, *, ties: Ties = "min") -> Values:
    """Count the units that have less: the rank minus one.

    Examples
    --------
    >>> n_borda(np.array([5.0, 7.0, 9.0])).tolist()
    [0.0, 1.0, 2.0]
    """
    return _ranks(values * direction, ties) - 1


def n_percentile(
    values: Values, direction: int = 1, *, low: float = 0.0, high: float = 100.0, ties: Ties = "min"
) -> Values:
    """Stretch the ranks over ``low`` to ``high``: the share of the other units that have less.

    Examples
    --------
    >>> n_percentile(np.array([1.0, 10.0, 100.0])).tolist()
    [0.0, 50.0, 100.0]
    """
    count = np.isfinite(values).sum()
    if count < 2:
        return np.full_like(values, np.nan)
    return low + (high - low) * (_ranks(values * direction, ties) - 1) / (count - 1)


def n_distance_to_best(values: Values, direction: int = 1, *, high: float = 100.0) -> Values:
    """Take off from ``high`` the distance to the best value, as a share of the observed range.

    Examples
    --------
    >>> n_distance_to_best(np.array([0.0, 3.0, 4.0]), high=1).tolist()
    [0.0, 0.75, 1.0]
    """
    return n_minmax(values, direction, high=high)


@takes(filled=("labels",))
def n_distance_to_reference(
    values: Values,
    direction: int = 1,
    *,
    unit: str | None = None,
    value: float | None = None,
    high: float = 100.0,
    cap: bool = False,
    labels: Sequence[str] = (),
) -> Values:
    """Give ``high`` to the reference and 0 to the least value; what is beyond the reference has more.

    Parameters
    ----------
    unit
        The code of the reference unit.
    value
        Or the reference value itself.
    cap
        Give nobody more than the reference.

    Raises
    ------
    InputError
        ``methods.parameters_conflict``: neither or both given, or no such unit.

    Examples
    --------
    >>> n_distance_to_reference(np.array([0.0, 2.0, 3.0]), value=2).tolist()
    [0.0, 100.0, 150.0]
    """
    if (unit is None) == (value is None):
        raise _conflict("distance_to_reference", "unit | value")
    if unit is not None:
        places = [row for row, label in enumerate(labels) if str(label) == unit]
        if not places:
            raise _conflict("distance_to_reference", f"unit={unit}")
        value = float(values[places[0]])
    return _against(values, direction, float(value or 0.0), high, cap)


def n_distance_to_target(
    values: Values, direction: int = 1, *, target: float, high: float = 100.0, cap: bool = False
) -> Values:
    """Give ``high`` to the target and 0 to the least value; what is beyond the target has more unless ``cap``.

    Examples
    --------
    >>> n_distance_to_target(np.array([10.0, 5.0, 1.0]), -1, target=2, cap=True).tolist()
    [0.0, 62.5, 100.0]
    """
    return _against(values, direction, target, high, cap)


def n_fraction_of_max(values: Values, direction: int = 1, *, high: float = 100.0) -> Values:
    """Divide by the largest value; in the negative direction divide the smallest value by each.

    Raises
    ------
    InputError
        ``methods.parameters_conflict``: no positive maximum, or values not above zero in the negative direction.

    Examples
    --------
    >>> n_fraction_of_max(np.array([1.0, 4.0])).tolist(), n_fraction_of_max(np.array([1.0, 4.0]), -1).tolist()
    ([25.0, 100.0], [100.0, 25.0])
    """
    if not np.isfinite(values).any():
        return np.full_like(values, np.nan)
    if direction > 0 and _largest(values) > 0:
        return high * values / _largest(values)
    if direction < 0 and _smallest(values) > 0:
        return high * _smallest(values) / values
    raise _conflict("fraction_of_max", "max > 0" if direction > 0 else "min > 0")


@takes(aliases={"lower": "low", "upper": "high", "min": "low", "max": "high"})
def n_goalposts(
    values: Values,
    direction: int = 1,
    *,
    low: float,
    high: float,
    scale: float = 100.0,
    cut: bool = True,
    log: bool = False,
) -> Values:
    """Measure from one goalpost (0) to the other (``scale``), as the Human Development Index does.

    Parameters
    ----------
    low, high
        The goalposts in the unit of the indicator.
    scale
        The result at the upper goalpost (at the lower one when the direction is negative).
    cut
        Cut off what lies outside the goalposts.
    log
        Measure in logarithms, as for income.

    Source: UNDP, Human Development Report, technical note 1.

    Examples
    --------
    >>> n_goalposts(np.array([52.5, 90.0]), low=20, high=85, scale=1).tolist()
    [0.5, 1.0]
    """
    if not high > low or (log and low <= 0):
        raise _conflict("goalposts", f"low={low}, high={high}")
    posts = np.array([low, high])
    if log:
        if (values <= 0).any():
            raise _conflict("goalposts", "log ≤ 0")
        values, posts = np.log(values), np.log(posts)
    share = (values - posts[0]) / (posts[1] - posts[0])
    share = share if direction > 0 else 1 - share
    return scale * (np.clip(share, 0.0, 1.0) if cut else share)


def n_robust(values: Values, direction: int = 1, *, centre: float = 0.0, scale: float = 1.0) -> Values:
    """Standardise with the median and the distance between the quartiles.

    Examples
    --------
    >>> n_robust(np.array([1.0, 2.0, 3.0, 4.0, 100.0])).tolist()
    [-1.0, -0.5, 0.0, 0.5, 48.5]
    """
    if not np.isfinite(values).any():
        return np.full_like(values, np.nan)
    first, middle, third = np.nanquantile(values, [0.25, 0.5, 0.75])
    if not third > first:
        return np.full_like(values, np.nan)
    return centre + scale * direction * (values - middle) / (third - first)


def n_quantile(values: Values, direction: int = 1, *, bins: int = 5, low: float = 0.0, high: float = 100.0) -> Values:
    """Sort into ``bins`` classes of equal numbers of units, at equal steps from ``low`` to ``high``.

    Units with the same value share a class.

    Examples
    --------
    >>> n_quantile(np.array([1.0, 2.0, 3.0, 50.0]), bins=2).tolist()
    [0.0, 0.0, 100.0, 100.0]
    """
    if bins < 2:
        raise _conflict("quantile", f"bins={bins}")
    ranks = _ranks(values * direction, "min")
    count = max(int(np.isfinite(values).sum()), 1)
    step = np.floor((ranks - 1) * bins / count)
    return low + (high - low) * step / (bins - 1)


def n_exponential(values: Values, direction: int = 1, *, rate: float = 23.0, ties: Ties = "min") -> Values:
    """Turn ranks into 0 to 100 exponentially, so that the top tenth covers about half of the scale.

    With the rank r from 1/n to 1 the result is ``-rate ln(1 - r (1 - exp(-100/rate)))``: the transformation of the
    indices of deprivation of Scotland and England.

    Source: Scottish Government, SIMD technical notes; DCLG, The English Indices of Deprivation, technical report.

    Examples
    --------
    >>> n_exponential(np.array([1.0, 2.0, 3.0])).round(3).tolist()
    [9.177, 24.681, 100.0]
    """
    share = _ranks(values * direction, ties) / max(int(np.isfinite(values).sum()), 1)
    return -rate * np.log1p(-share * -np.expm1(-100.0 / rate))


def n_bands(
    values: Values,
    direction: int = 1,
    *,
    edges: tuple[float, ...],
    scores: tuple[float, ...] | None = None,
) -> Values:
    """Give every value the score of its band; a value on an edge belongs to the band above it.

    Parameters
    ----------
    edges
        Ascending, in the unit of the indicator.
    scores
        One more than edges, from the lowest to the highest band; equal steps from 0 to 100 (downwards if the
        direction is negative) when they are not given. Given scores are used as they are.

    Examples
    --------
    >>> n_bands(np.array([5.0, 10.0, 99.0]), edges=(10.0, 20.0)).tolist()
    [0.0, 50.0, 100.0]
    >>> n_bands(np.array([5.0, 10.0]), edges=(10.0,), scores=(1.0, 3.0)).tolist()
    [1.0, 3.0]
    """
    steps = np.linspace(0, 100, len(edges) + 1)[::direction] if scores is None else np.array(scores)
    if len(steps) != len(edges) + 1 or (np.diff(edges) <= 0).any():
        raise _conflict("bands", f"{len(edges)} edges, {len(steps)} scores")
    result = steps[np.digitize(values, edges)]
    return np.where(np.isfinite(values), result, np.nan)


NORMALISE: dict[str, Callable[..., Values]] = {
    "none": n_none,
    "minmax": n_minmax,
    "zscore": n_zscore,
    "rank": n_rank,
    "percentile": n_percentile,
    "distance_to_best": n_distance_to_best,
    "distance_to_reference": n_distance_to_reference,
    "distance_to_target": n_distance_to_target,
    "fraction_of_max": n_fraction_of_max,
    "goalposts": n_goalposts,
    "borda": n_borda,
    "robust": n_robust,
    "quantile": n_quantile,
    "exponential": n_exponential,
    "bands": n_bands,
}


BY_ORDER = frozenset({"rank", "borda", "percentile", "quantile", "exponential", "bands"})
"""Normalisations that look at the order of values, or at which side of an edge they lie, and at nothing else."""
DIGITS = 12
"""Significant digits of the largest value that count where scores are put in order."""


def even(values: Values) -> Values:
    """Return values without the last digits, so that rounding on the way to them breaks no tie.

    Examples
    --------
    >>> even(np.array([0.1 + 0.2, 0.3])).tolist()
    [0.3, 0.3]
    """
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    if largest == 0 or not np.isfinite(largest):
        return values
    return np.asarray(np.round(values, DIGITS - 1 - math.floor(math.log10(largest))))


def scale_of(method: Method, count: int) -> Scale:
    """Return the ends of the scale a method puts ``count`` units on, or None if it has none.

    Examples
    --------
    >>> from models.index.methods import parse
    >>> scale_of(parse("minmax:high=10", NORMALISE, "normalise"), 5)
    (0.0, 10.0)
    """
    settings: Mapping[str, Any] = method.settings
    if method.name in ("minmax", "percentile", "quantile"):
        return float(settings["low"]), float(settings["high"])
    if method.name == "goalposts" and settings["cut"]:
        return 0.0, float(settings["scale"])
    if method.name in ("distance_to_best", "fraction_of_max"):
        return 0.0, float(settings["high"])
    if method.name == "bands":
        scores = settings["scores"] or (0.0, 100.0)
        return min(scores), max(scores)
    fixed = {"rank": (1.0, float(count)), "borda": (0.0, count - 1.0), "exponential": (0.0, 100.0)}
    return fixed.get(method.name)


def _smallest(values: Values) -> float:
    return float(np.nanmin(values)) if np.isfinite(values).any() else np.nan


def _largest(values: Values) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else np.nan


def _deviation(values: Values, ddof: int) -> float:
    """Return the standard deviation; exactly 0 for equal values, which rounding could otherwise hide."""
    present = values[np.isfinite(values)]
    if len(present) <= ddof or present.min() == present.max():
        return 0.0
    return float(present.std(ddof=ddof))


def _ranks(values: Values, ties: str) -> Values:
    """Return ranks from 1 for the least, NaN where there is no value."""
    present = np.flatnonzero(~np.isnan(values))
    ranks = np.full(len(values), np.nan)
    if not len(present):
        return ranks
    order = present[np.argsort(values[present], kind="stable")]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(values[order]) != 0]))
    ends = np.append(starts[1:], len(order))
    rank = {"min": starts + 1, "max": ends, "average": (starts + 1 + ends) / 2, "dense": np.arange(len(starts)) + 1}[
        ties
    ]
    ranks[order] = np.repeat(rank, ends - starts)
    return ranks


def _against(values: Values, direction: int, reference: float, high: float, cap: bool) -> Values:
    directed, best = values * direction, reference * direction
    least = _smallest(directed)
    if not best > least:
        return np.full_like(values, np.nan)
    share = (directed - least) / (best - least)
    return high * (np.minimum(share, 1.0) if cap else share)


def _conflict(method: str, reason: str) -> InputError:
    return InputError("methods.parameters_conflict", kind="normalise", method=method, reason=reason)
