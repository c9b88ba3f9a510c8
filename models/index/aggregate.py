"""Aggregation methods: the parts of a node brought together, from fully compensating to not at all.

Every function takes a block (parts, units) without NaN and weights that sum to 1 over the parts, either (parts,) or
(parts, units), and returns (units,). Where a unit lacks a part, the engine hands in weights by unit with 0 there, the
others scaled up, so no function has to know about missing values.

Sources: OECD/JRC Handbook (2008), chapter 6; Decancq & Lugo, Econometric Reviews 32 (2013) 7-34, on generalised
means; others named where they apply.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.mean import mean, total
from models.index.methods import takes

Values = NDArray[np.float64]
Zeros = Literal["keep", "shift", "refuse"]
ROUNDING = 1e-12


def a_arithmetic(block: Values, weights: Values) -> Values:
    """Return the weighted mean: full compensation.

    Examples
    --------
    >>> a_arithmetic(np.array([[0.0, 50.0], [100.0, 100.0]]), np.array([0.5, 0.5])).tolist()
    [50.0, 75.0]
    """
    return mean(block, weights, 1.0)


def a_geometric(block: Values, weights: Values, *, zeros: Zeros = "keep", shift: float = 1.0) -> Values:
    """Return the weighted geometric mean: a low part is hard to make up for.

    Parameters
    ----------
    zeros
        What a part of exactly 0 means: ``keep``: the whole is 0 (there is no risk without exposure; INFORM and the
        Human Development Index read it so); ``shift``: add ``shift`` to every part and take it off the result;
        ``refuse``: an error.

    Raises
    ------
    InputError
        ``aggregate.negative``, ``aggregate.zero``.

    Examples
    --------
    >>> a_geometric(np.array([[2.0, 0.0], [8.0, 9.0]]), np.array([0.5, 0.5])).round(12).tolist()
    [4.0, 0.0]
    >>> a_geometric(np.array([[0.0], [3.0]]), np.array([0.5, 0.5]), zeros="shift").tolist()
    [1.0]
    """
    used = _used(block, weights)
    if zeros == "shift":
        if (used + shift <= 0).any():
            raise InputError("aggregate.negative", method="geometric")
        return np.maximum(mean(used + shift, weights, 0.0) - shift, used.min(axis=0))
    return _power(block, weights, 0.0, "geometric", zeros)


@takes(filled=("scale",))
def a_inverted_geometric(
    block: Values, weights: Values, *, high: float | None = None, scale: tuple[float, float] | None = None
) -> Values:
    """Return the geometric mean seen from the top of the scale: one high part keeps the whole high.

    With scores from 0 to 10 this is INFORM's ``(10 - GM((10 - x) 0.9 + 1)) / 9 * 10``; other scales keep the
    proportions.

    Parameters
    ----------
    high
        The top of the scale; otherwise that of the normalisation, or 10 for data taken as they are.

    Source: Marin-Ferrer et al., INFORM, Index for Risk Management, Concept and Methodology (JRC, 2017).

    Examples
    --------
    >>> a_inverted_geometric(np.array([[0.0, 10.0], [10.0, 10.0]]), np.array([0.5, 0.5])).round(4).tolist()
    [7.5975, 10.0]
    """
    top = high if high is not None else (scale[1] if scale else 10.0)
    used = _used(block, weights, 0.0)
    if (used > top * (1 + ROUNDING)).any() or (used < -top * ROUNDING).any():
        raise InputError("aggregate.above_scale", method="inverted_geometric", high=top)
    turned = mean((top - used) * 0.9 + top * 0.1, weights, 0.0)
    return np.clip((top - turned) / 0.9, 0.0, top)


def a_harmonic(block: Values, weights: Values, *, zeros: Zeros = "keep") -> Values:
    """Return the weighted harmonic mean; a part of 0 makes the whole 0 unless it is refused.

    Examples
    --------
    >>> a_harmonic(np.array([[1.0], [3.0]]), np.array([0.5, 0.5])).tolist()
    [1.5]
    """
    return _power(block, weights, -1.0, "harmonic", zeros)


def a_generalised(block: Values, weights: Values, *, p: float, zeros: Zeros = "keep") -> Values:
    """Return the weighted mean of order ``p``: 1 arithmetic, 0 geometric, -1 harmonic, 2 quadratic.

    Examples
    --------
    >>> a_generalised(np.array([[1.0], [7.0]]), np.array([0.5, 0.5]), p=2).tolist()
    [5.0]
    """
    return _power(block, weights, p, "generalised", zeros)


def a_maximum(block: Values, weights: Values) -> Values:
    """Return the greatest part with a weight above 0.

    Examples
    --------
    >>> a_maximum(np.array([[1.0], [7.0]]), np.array([0.9, 0.1])).tolist()
    [7.0]
    """
    return np.where(_by_unit(weights, block) > 0, block, -np.inf).max(axis=0)


def a_minimum(block: Values, weights: Values) -> Values:
    """Return the smallest part with a weight above 0.

    Examples
    --------
    >>> a_minimum(np.array([[1.0], [7.0]]), np.array([0.9, 0.1])).tolist()
    [1.0]
    """
    return np.where(_by_unit(weights, block) > 0, block, np.inf).min(axis=0)


def a_mazziotta_pareto(
    block: Values, weights: Values, *, penalty: Literal["negative", "positive"] = "negative", ddof: int = 0
) -> Values:
    """Return the mean, corrected for imbalance: mean - or + standard deviation x coefficient of variation.

    Parameters
    ----------
    penalty
        ``negative`` where more is better (imbalance lowers the index), ``positive`` where more is worse.
    ddof
        0 divides by the number of parts, as published; 1 by one less (equal weights).

    Raises
    ------
    InputError
        ``aggregate.mean_not_positive`` where parts differ around a mean of 0 or less: there the coefficient of
        variation, and with it the order of units, is an accident.

    Source: Mazziotta & Pareto, Social Indicators Research 127 (2016) 983-1003.

    Examples
    --------
    >>> block = np.array([[90.0], [110.0]])
    >>> a_mazziotta_pareto(block, np.array([0.5, 0.5]), penalty="positive").tolist()
    [101.0]
    """
    middle = mean(block, weights, 1.0)
    variance = total((block - middle) ** 2, weights)
    if ddof:
        squares = (weights**2).sum(axis=0)
        variance = np.divide(variance, 1 - squares, out=np.zeros_like(variance), where=(1 - squares) > 1e-12)
    if (undefined := (variance > 0) & (middle <= ROUNDING * np.abs(block).max(axis=0))).any():
        rows = [f"#{unit + 1}" for unit in np.flatnonzero(undefined)]
        raise InputError("aggregate.mean_not_positive", rows, method="mazziotta_pareto")
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = np.where(variance == 0, 0.0, variance / middle)
    return middle + correction if penalty == "positive" else middle - correction


def a_owa(
    block: Values, weights: Values, *, orness: float = 0.5, position_weights: tuple[float, ...] | None = None
) -> Values:
    """Return the ordered weighted average: weights belong to places in the order, highest part first.

    Parameters
    ----------
    orness
        Above 0.5 leans towards the highest part, below 0.5 towards the lowest; 0.5 is the weighted mean.
        Importance weights are kept: a part is stretched over its share of the quantifier ``r ** ((1 - o) / o)``.
    position_weights
        Instead: one weight per place, from the highest part to the lowest; importance weights are then not used.

    Source: Yager, IEEE Trans. Systems, Man, and Cybernetics 18 (1988) 183-190, and 26 (1996) 1-9.

    Examples
    --------
    >>> block = np.array([[0.0], [100.0]])
    >>> a_owa(block, np.array([0.5, 0.5]), position_weights=(0.75, 0.25)).tolist()
    [75.0]
    """
    wide = _by_unit(weights, block)
    order = np.argsort(-np.where(wide > 0, block, -np.inf), axis=0, kind="stable")
    parts, shares = np.take_along_axis(block, order, axis=0), np.take_along_axis(wide, order, axis=0)
    if position_weights is not None:
        if len(position_weights) != len(block) or min(position_weights) < 0 or sum(position_weights) <= 0:
            raise InputError(
                "methods.parameters_conflict",
                kind="aggregate",
                method="owa",
                reason=f"position_weights: {len(position_weights)} ≠ {len(block)}",
            )
        places = np.where(shares > 0, np.array(position_weights)[:, None], 0.0)
        whole = places.sum(axis=0)
        return np.divide((places * parts).sum(axis=0), whole, out=np.full(block.shape[1], np.nan), where=whole > 0)
    if not 0 < orness < 1:
        raise InputError("methods.parameter_value", kind="aggregate", method="owa", key="orness", value=orness)
    reached = np.clip(np.cumsum(shares, axis=0), 0.0, 1.0) ** ((1 - orness) / orness)
    places = np.diff(np.vstack([np.zeros((1, block.shape[1])), reached]), axis=0)
    return (places * parts).sum(axis=0) / places.sum(axis=0)


def a_copeland(block: Values, weights: Values, *, count: Literal["majority", "share"] = "majority") -> Values:
    """Compare all units in pairs: how many a unit beats by weighted majority, less how many beat it.

    The result is between -(units - 1) and units - 1; it does not use how much more a unit has.

    Parameters
    ----------
    count
        ``majority`` counts a pair as won, lost (1, -1) or even (0); ``share`` adds up the shares of the weights
        that speak for the unit, a tie for one half.

    Source: OECD/JRC Handbook (2008), chapter 6.3; Munda & Nardo, Applied Economics 41 (2009) 1513-1523.

    Examples
    --------
    >>> a_copeland(np.array([[1.0, 2.0, 3.0]]), np.array([1.0])).tolist()
    [-2.0, 0.0, 2.0]
    """
    return copeland_against(block, weights, block, weights, count=count)


def copeland_against(
    block: Values, weights: Values, others: Values, others_weights: Values, *, count: str = "majority"
) -> Values:
    """Compare each unit of ``block`` with all of ``others`` in pairs; see :func:`a_copeland`."""
    parts, units = block.shape
    wide, wide_others = _by_unit(weights, block), _by_unit(others_weights, others)
    result = np.zeros(units)
    step = max(1, int(4e6 // max(others.shape[1], 1)))
    for start in range(0, units, step):
        rows = slice(start, min(start + step, units))
        margin = np.zeros((rows.stop - start, others.shape[1]))
        common = np.zeros_like(margin)
        for part in range(parts):
            both = (wide[part, rows, None] > 0) & (wide_others[part] > 0)
            weight = both * np.maximum(wide[part, rows, None], wide_others[part])
            margin += weight * np.sign(block[part, rows, None] - others[part])
            common += weight
        margin[np.abs(margin) < 1e-12] = 0.0
        if count == "majority":
            result[rows] = np.sign(margin).sum(axis=1)
        else:
            share = np.divide(margin, common, out=np.zeros_like(margin), where=common > 0)
            result[rows] = ((1 + share) / 2).sum(axis=1) - 0.5
    return result


AGGREGATE: dict[str, Callable[..., Values]] = {
    "arithmetic": a_arithmetic,
    "geometric": a_geometric,
    "inverted_geometric": a_inverted_geometric,
    "harmonic": a_harmonic,
    "generalised": a_generalised,
    "maximum": a_maximum,
    "minimum": a_minimum,
    "mazziotta_pareto": a_mazziotta_pareto,
    "owa": a_owa,
    "copeland": a_copeland,
}

KEEPS_SCALE = (
    "arithmetic",
    "geometric",
    "inverted_geometric",
    "harmonic",
    "generalised",
    "maximum",
    "minimum",
    "owa",
)
"""Methods whose result lies between the smallest and the largest part."""


def _by_unit(weights: Values, block: Values) -> Values:
    return np.broadcast_to(weights[:, None] if weights.ndim == 1 else weights, block.shape)


def _used(block: Values, weights: Values, neutral: float = 1.0) -> Values:
    """Return the block with a harmless value where the weight is 0, so that what is not used cannot be refused."""
    return block if weights.ndim == 1 else np.where(weights > 0, block, neutral)


def _power(block: Values, weights: Values, p: float, method: str, zeros: str) -> Values:
    """Return the mean of order ``p`` of parts that are not negative; p <= 0 with a part of 0 gives 0."""
    used = _used(block, weights)
    if p == 1:
        return mean(used, weights, 1.0)
    if p == 0 and zeros == "keep":
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = mean(used, weights, 0.0)
        if not np.isnan(whole.min(initial=0.0)):
            return whole
    lowest = used.min(axis=0)
    if (lowest < 0).any() and (lowest >= -ROUNDING * np.abs(used).max()).all():
        used, lowest = np.maximum(used, 0.0), np.maximum(lowest, 0.0)
    if (lowest < 0).any():
        raise InputError("aggregate.negative", [f"#{unit + 1}" for unit in np.flatnonzero(lowest < 0)], method=method)
    if zeros == "refuse" and (lowest == 0).any():
        raise InputError("aggregate.zero", [f"#{unit + 1}" for unit in np.flatnonzero(lowest == 0)], method=method)
    with np.errstate(divide="ignore", over="ignore"):
        whole = mean(used, weights, p)
    return whole if p > 0 else np.where(lowest == 0, 0.0, whole)
