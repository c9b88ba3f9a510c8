"""The profile of one unit: where it stands out, who is like it, and what would have to change to move its rank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.assessment import Assessment
from models.index.explain import contributions

Values = NDArray[np.float64]
FACTORS = 2.0 ** np.arange(0.25, 5.01, 0.25)


def profile(assessment: Assessment, unit: Any) -> pd.DataFrame:
    """Set a unit against its group and against all, indicator by indicator.

    Returns
    -------
    DataFrame
        By indicator that counts: ``value`` (normalised), ``group_median``, ``median``, ``percentile_in_group`` and
        ``percentile`` (share of units with less, 0 to 1), ``contribution`` (points of the score above the median unit
        of the group); the strongest drivers first.

    Raises
    ------
    InputError
        ``explain.unit_unknown``.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
    >>> assessment = assess(pd.DataFrame({"a": [0.0, 1.0, 2.0]}), Framework((Node("i"), Node("a", parent="i"))))
    >>> profile(assessment, 2).loc["a", ["value", "percentile"]].tolist()
    [100.0, 1.0]
    """
    _known(assessment, unit)
    active = [node.code for node in assessment.framework.indicators if node.code in assessment.framework.active]
    values = assessment.normalised[[code for code in active if code not in assessment.useless]]
    inside = values
    if assessment.groups is not None and pd.notna(assessment.groups[unit]):
        inside = values[assessment.groups == assessment.groups[unit]]
    table = pd.DataFrame({"value": values.loc[unit], "group_median": inside.median(), "median": values.median()})
    table["percentile_in_group"] = _share_below(inside, values.loc[unit])
    table["percentile"] = _share_below(values, values.loc[unit])
    table["contribution"] = contributions(assessment).loc[unit, table.index]
    return table.sort_values("contribution", ascending=False, kind="stable").rename_axis("code")


def similar(assessment: Assessment, unit: Any, count: int = 5) -> pd.DataFrame:
    """Return the units most like one in the indicators that count, each with the weight it has in the score.

    Returns
    -------
    DataFrame
        By unit: ``distance`` (root mean square difference on the scale of the indicators), ``score, rank`` and, if
        there are groups, ``group``; the nearest first.

    Raises
    ------
    InputError
        ``explain.unit_unknown``.
    """
    _known(assessment, unit)
    shares = assessment.framework.shares()
    codes = [node.code for node in assessment.framework.indicators if shares[node.code] > 0]
    values = assessment.normalised[[code for code in codes if code not in assessment.useless]]
    weights = np.array([shares[code] for code in values.columns])
    apart = (values - values.loc[unit]).to_numpy()
    here = np.isfinite(apart)
    present = here @ weights
    squares = np.where(here, apart, 0.0) ** 2 @ weights
    enough = present >= assessment.framework.availability * weights.sum()
    distance = np.sqrt(np.divide(squares, present, out=np.full(len(apart), np.nan), where=enough & (present > 0)))
    table = pd.DataFrame(
        {"distance": distance, "score": assessment.score, "rank": assessment.rank}, index=values.index
    )
    if assessment.groups is not None:
        table["group"] = assessment.groups
    return table.drop(index=unit).nsmallest(count, "distance")


def nearest_change(assessment: Assessment, unit: Any, top: int = 20) -> pd.DataFrame:
    """Find, node by node, the smallest change of its weight that moves a unit into or out of the first ``top``.

    One weight is changed at a time, from a thirty-second to thirty-two times what it is; the answer is exact to a
    thousandth of the factor.

    Returns
    -------
    DataFrame
        By node: ``factor`` (what its weight would have to be multiplied by; NaN if no change does it),
        ``share_before`` and ``share_after`` of its parent's weight, and ``rank_after``; the smallest change first.

    Raises
    ------
    InputError
        ``explain.unit_unknown``, ``explain.not_scored``.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
    >>> tree = Framework((Node("i"), Node("a", parent="i", weight=2.0), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [10.0, 0.0], "b": [0.0, 10.0]}, index=["x", "y"])
    >>> found = nearest_change(assess(table, tree), "y", top=1)
    >>> float(found.loc["b", "factor"].round(1)), int(found.loc["b", "rank_after"])
    (2.0, 1)
    """
    _known(assessment, unit)
    position = assessment.units.get_loc(unit)
    if np.isnan(assessment.values[0, position]):
        raise InputError("explain.not_scored", [unit])
    prepared, framework = assessment.prepared, assessment.framework
    weights = np.array([node.weight for node in framework.order])

    def rank(row: int, factor: float) -> int:
        changed = weights.copy()
        changed[row] *= factor
        score = prepared.score(changed)
        margin = 1e-12 * np.nanmax(np.abs(score))
        return int((score > score[position] + margin).sum()) + 1

    inside = rank(0, 1.0) <= top
    rows = {}
    for row, node in enumerate(framework.order):
        others = [part for part in framework.children(node.parent) if part.weight > 0 and part.code != node.code]
        if not node.parent or node.code not in framework.active or not others:
            continue
        factor = _smallest_change(lambda factor, row=row: (rank(row, factor) <= top) != inside)  # type: ignore[misc]
        rest = sum(part.weight for part in others)
        after = node.weight * factor
        rows[node.code] = {
            "factor": factor,
            "share_before": node.weight / (node.weight + rest),
            "share_after": after / (after + rest),
            "rank_after": rank(row, factor) if np.isfinite(factor) else np.nan,
        }
    columns = ["factor", "share_before", "share_after", "rank_after"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("code")
    return table.iloc[np.argsort(np.abs(np.log(table["factor"].to_numpy(dtype=float))), kind="stable")]


def _smallest_change(crosses: Callable[[float], bool]) -> float:
    """Return the factor nearest to 1 (in logarithms) at which something crosses; NaN if it never does."""
    factors = []
    for sign in (1, -1):
        before = 1.0
        for factor in FACTORS**sign:
            if crosses(factor):
                inner, outer = before, float(factor)
                while abs(np.log(outer / inner)) > 0.001:
                    middle = float(np.sqrt(inner * outer))
                    inner, outer = (inner, middle) if crosses(middle) else (middle, outer)
                factors.append(outer)
                break
            before = float(factor)
    return min(factors, key=lambda factor: abs(np.log(factor))) if factors else np.nan


def _share_below(values: pd.DataFrame, one: pd.Series) -> pd.Series:
    others = values.notna().sum() - 1
    return (values.lt(one).sum() / others.where(others > 0)).where(one.notna())


def _known(assessment: Assessment, unit: Any) -> None:
    if unit not in assessment.units:
        raise InputError("explain.unit_unknown", [unit])
