"""The weighted mean of the parts of a node, of any order: 1 arithmetic, 0 geometric, -1 harmonic, 2 quadratic.

Every method that averages, every shortcut for fixed parts and every explanation takes it from here. Only the compiled
loop of Monte Carlo (:mod:`models.robustness.kernels`) writes it again, and a test holds the two together.

Source: Decancq & Lugo, Econometric Reviews 32 (2013) 7-34, on generalised means.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.index.methods import Method

Values = NDArray[np.float64]

ORDERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
"""The order of the means that have a name of their own."""


def order_of(method: Method) -> float | None:
    """Return the order of a mean; None for a method that is none.

    Examples
    --------
    >>> order_of(Method("harmonic", print)), order_of(Method("maximum", print))
    (-1.0, None)
    """
    return float(method.settings["p"]) if method.name == "generalised" else ORDERS.get(method.name)


def mean(block: Values, weights: Values, order: float) -> Values:
    """Return the weighted mean of the parts, (units,).

    Parameters
    ----------
    block
        Parts x units, without NaN; not negative unless the order is 1.
    weights
        Summing to 1 over the parts: by part, or parts x units.
    order
        Of the mean.

    Examples
    --------
    >>> block, weights = np.array([[1.0], [7.0]]), np.array([0.5, 0.5])
    >>> [round(float(mean(block, weights, order)[0]), 3) for order in (1, 0, -1, 2)]
    [4.0, 2.646, 1.75, 5.0]
    """
    return lowered(total(raised(block, order), weights), order)


def total(block: Values, weights: Values) -> Values:
    """Return the weighted sum over the parts, (units,)."""
    return weights @ block if weights.ndim == 1 else (weights * block).sum(axis=0)


def raised(values: Values, order: float) -> Values:
    """Return what a mean sums up: the values themselves, their logarithms for order 0, else their powers."""
    if order == 1:
        return values
    return np.log(values) if order == 0 else values**order


def lowered(totals: Values, order: float) -> Values:
    """Return the values whose :func:`raised` these are."""
    if order == 1:
        return totals
    return np.exp(totals) if order == 0 else totals ** (1 / order)


def slope_between(x: Values, y: Values, order: float) -> Values:
    """Return ``(raised(x) - raised(y)) / (x - y)``, also where the two meet.

    Examples
    --------
    >>> slope_between(np.array([3.0, 2.0]), np.array([1.0, 2.0]), 2.0).tolist()
    [4.0, 4.0]
    """
    middle = (x + y) / 2
    close = np.abs(x - y) <= 1e-7 * np.abs(middle)
    with np.errstate(divide="ignore", invalid="ignore"):
        at_middle = 1 / middle if order == 0 else order * middle ** (order - 1)
        difference = np.log(x / y) if order == 0 else x**order - y**order
        return np.where(close, at_middle, difference / (x - y))
