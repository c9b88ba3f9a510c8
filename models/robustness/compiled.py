"""A framework as the compiled loops take it: steps and scales as rows of numbers.

What they cannot do is done by the methods themselves, draw by draw, with the same result and more slowly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.index.mean import order_of
from models.index.methods import Method
from models.index.prepared import Prepared, Step

Values = NDArray[np.float64]


def scale_row(method: Method | None, direction: int) -> list[float] | None:
    """Return a normalisation as :func:`models.robustness.kernels.scaled` takes it; None if it cannot.

    Examples
    --------
    >>> from models.index.methods import parse
    >>> from models.index.normalise import NORMALISE
    >>> scale_row(parse("minmax:low=1", NORMALISE, "normalise"), -1)
    [1.0, -1.0, 1.0, 100.0, nan, nan]
    >>> scale_row(parse("zscore", NORMALISE, "normalise"), 1) is None
    True
    """
    from models.robustness.kernels import AS_IT_IS, GOALPOSTS, MINMAX, PERCENTILE

    nothing = float("nan")
    if method is None:
        return [AS_IT_IS, 1.0, 0.0, 0.0, nothing, nothing]
    settings = method.settings
    if method.name == "none":
        return [AS_IT_IS, float(direction), 0.0, 0.0, nothing, nothing]
    if method.name == "minmax":
        ends = [nothing if settings[end] is None else settings[end] for end in ("lower", "upper")]
        return [MINMAX, float(direction), settings["low"], settings["high"], *ends]
    if method.name == "percentile" and settings["ties"] == "min":
        return [PERCENTILE, float(direction), settings["low"], settings["high"], nothing, nothing]
    if method.name == "goalposts" and settings["cut"] and not settings["log"]:
        return [GOALPOSTS, float(direction), 0.0, settings["scale"], settings["low"], settings["high"]]
    return None


def compiled_steps(prepared: Prepared, moving: bool = False) -> tuple[Values, NDArray[np.bool_]] | None:
    """Return the steps for the compiled loop and which rows it takes as logarithms; None if it cannot do them.

    Parameters
    ----------
    moving
        Whether values differ from draw to draw: then logarithms are taken in the loop.
    """
    if prepared.mixes:
        return None
    leaves = np.zeros(len(prepared.base), dtype=bool)
    leaves[[prepared.rows[node.code] for node in prepared.framework.indicators]] = True
    logarithms = np.zeros(len(prepared.base), dtype=bool)
    rows = []
    for step in prepared.steps:
        scale, kind = scale_row(step.rescale, step.node.direction), _kind(step)
        if scale is None or kind is None:
            return None
        parts = slice(step.first, step.last)
        if kind[0] == 1.0 and leaves[parts].all() and not moving:
            kind, logarithms[parts] = (2.0, 0.0), True
        turned = step.node.direction < 0 and step.rescale is None
        ends = sum(step.own_scale) if step.own_scale else 0.0
        gaps = float(not prepared.complete[parts].all())
        rows.append([step.row, step.first, step.last, kind[0], gaps, float(turned), ends, kind[1], *scale])
    return np.array(rows, dtype=float), logarithms


def _kind(step: Step) -> tuple[float, float] | None:
    """Return the kind of a mean and its order; None for what is no mean or what values it may not be taken of."""
    from models.robustness.kernels import ARITHMETIC, GEOMETRIC, MAXIMUM, POWER

    if step.method.name == "maximum":
        return MAXIMUM, 0.0
    order = order_of(step.method)
    if order is None:
        return None
    if order == 1.0:
        return ARITHMETIC, 1.0
    if step.method.settings["zeros"] != "keep" or not step.lowest >= 0:
        return None
    return (GEOMETRIC, 0.0) if order == 0.0 else (POWER, order)


def buffers(units: int, groups: int) -> tuple[NDArray[np.generic], ...]:
    """Return the working memory of :func:`models.robustness.kernels.rank_draw`."""
    return (
        np.empty(units, np.uint64),
        np.empty(units, np.uint64),
        np.empty(1024, np.uint32),
        np.empty(max(groups, 1), np.int32),
        np.empty(max(groups, 1), np.int32),
        np.empty(max(groups, 1), np.int32),
    )
