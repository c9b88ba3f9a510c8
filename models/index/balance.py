"""Balanced weights: so that each part's influence on its node is the share it was given.

What a part does to the ranking is not its weight alone: a part that varies more, or that goes along with the others,
decides more. :func:`models.index.weight.w_optimised` mends that for weighted means before scores are known; here the
scores of the whole chain are used, whatever the aggregation.

Source: Becker, Saisana, Paruolo & Vandecasteele, Ecological Indicators 80 (2017) 12-22, on weights as importance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.index.assessment import Assessment
from models.index.tuning import WHOLE

Values = NDArray[np.float64]
WIDEST = 1.5
"""Twice this, as a natural logarithm, is the most a weight moves against another: no part is weighed away."""


def balanced(assessment: Assessment) -> dict[str, float]:
    """Return weights, in per cent of the parent, with which influence comes as near as possible to the weights given.

    From the lowest nodes up: parts of a node are weighed once the scores of these parts are settled. Influence is the
    squared correlation of a part with its node, as a share of their sum (:func:`models.index.weight.effective`).
    Parts with weight 0 stay out. What cannot be reached, such as influence for a part that runs against all others,
    is left as near as it comes: look at the effective weights of the result.

    Examples
    --------
    >>> import pandas as pd
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
    >>> tree = Framework((Node("i"), Node("wide", parent="i"), Node("narrow", parent="i", normalise="none")))
    >>> table = pd.DataFrame({"wide": [0.0, 9.0, 1.0, 8.0, 5.0], "narrow": [1.0, 2.0, 5.0, 3.0, 9.0]})
    >>> found = balanced(assess(table, tree))
    >>> found["wide"] < found["narrow"], round(sum(found.values()))
    (True, 100)
    """
    from scipy.optimize import least_squares

    prepared, order = assessment.prepared, assessment.framework.order
    weights = np.array([node.weight for node in order])
    changes: dict[str, float] = {}
    for step in prepared.steps:
        rows = np.arange(step.first, step.last)
        rows = rows[prepared.used(weights)[rows] > 0]
        if len(rows) > 1:
            stated = weights[rows] / weights[rows].sum()

            def apart(
                moved: Values, rows: NDArray[np.intp] = rows, top: int = step.row, stated: Values = stated
            ) -> Values:
                trial = weights.copy()
                trial[rows] = stated * np.exp(moved - moved.max())
                scores = prepared.scores(trial)
                return influence(scores[rows], scores[top]) - stated

            best = least_squares(apart, np.zeros(len(rows)), bounds=(-WIDEST, WIDEST), diff_step=1e-3, max_nfev=60)
            weights[rows] = stated * np.exp(best.x - best.x.max())
        total = weights[step.first : step.last].sum()
        for row in range(step.first, step.last):
            changes[order[row].code] = round(float(WHOLE * weights[row] / total), 2) if total else 0.0
    return changes


def influence(parts: Values, whole: Values) -> Values:
    """Return each part's squared correlation with the whole, as a share of their sum.

    Examples
    --------
    >>> influence(np.array([[1.0, 2.0, 3.0], [1.0, -2.0, 1.0]]), np.array([1.0, 2.0, 3.0])).tolist()
    [1.0, 0.0]
    """
    finite = np.isfinite(whole) & np.isfinite(parts).all(axis=0)
    one, other = parts[:, finite], whole[finite]
    one, other = one - one.mean(axis=1, keepdims=True), other - other.mean()
    spread = (one**2).sum(axis=1) * (other @ other)
    squares = np.divide((one @ other) ** 2, spread, out=np.zeros(len(one)), where=spread > 0)
    total = squares.sum()
    return np.asarray(squares / total if total > 0 else squares)
