"""Explanation of scores: the distance from a reference, split among the indicators without remainder.

At each node the distance of the node's score from the reference's is split among its parts; a part that has parts of
its own passes its share on. The split is exact for every aggregation:

- arithmetic: weight x difference;
- geometric, inverted geometric, harmonic, generalised: in the function whose mean they are (logarithm, power). With
  the logarithm this is the logarithmic mean Divisia split. A part of 0 that makes the whole 0 explains all of it;
- the others: the Shapley value over all orders in which the parts can pass from the reference to the unit.

A missing part stands at the level of the rest of its node, as it does in the score.

Sources: Ang, Energy Policy 33 (2005) 867-871, on the logarithmic mean; Shapley (1953), A value for n-person games.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.aggregate import copeland_against
from models.index.assessment import Assessment
from models.index.framework import Framework
from models.index.mean import order_of, slope_between
from models.index.prepared import Step

Values = NDArray[np.float64]
ROUNDING = 1e-12
"""Values closer than this, relative to themselves, are the same."""
EXACT_PARTS = 8
ORDERS = 128
COMPARISONS = 2e10


def contributions(assessment: Assessment, reference: Any = None) -> pd.DataFrame:
    """Split each unit's distance from its reference among the indicators.

    Parameters
    ----------
    assessment
        What to explain.
    reference
        A unit for all, or a unit for each unit (Series); by default the median unit of each unit's group.

    Returns
    -------
    DataFrame
        Units x indicators, in points of the score; a row sums to the unit's score minus its reference's (to 1e-9).
        NaN for units without a score.

    Raises
    ------
    InputError
        ``explain.unit_unknown``.

    Examples
    --------
    >>> from models.index.framework import Node
    >>> from models.index.assessment import assess
    >>> tree = Framework((Node("risk"), Node("a", parent="risk"), Node("b", parent="risk")))
    >>> table = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, 4.0, 1.0]}, index=["x", "y", "z"])
    >>> contributions(assess(table, tree), "x").loc["z"].to_dict()
    {'a': 50.0, 'b': 12.5}
    """
    prepared = assessment.prepared
    places = _places(assessment, reference)
    here, there = assessment.values, assessment.values[:, places]
    weights = np.array([node.weight for node in assessment.framework.order])
    used = prepared.used(weights)
    slope, extra = np.zeros_like(here), np.zeros_like(here)
    slope[0] = 1.0
    filled: dict[int, Values] = {}
    for step in reversed(prepared.steps):
        whole = prepared.combined(step, here[step.first : step.last], used, weights)
        try:
            _pass_on(step, slope, extra, here, whole, places, used[step.first : step.last], filled)
        except InputError as error:
            raise InputError(error.code, error.rows, **{**error.values, "node": step.node.code}) from error
    result = {}
    unscored = np.isnan(here[0]) | np.isnan(there[0])
    for node in assessment.framework.indicators:
        row = prepared.rows[node.code]
        amount = slope[row] * filled[row] + extra[row]
        result[node.code] = np.where(unscored, np.nan, amount)
    return pd.DataFrame(result, index=assessment.units)


def by_node(split: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Add up the contributions of indicators to those of all nodes, units x nodes."""
    sums = {
        node.code: split[[leaf.code for leaf in framework.below(node.code)]].sum(axis=1, skipna=False)
        for node in framework.nodes
    }
    return pd.DataFrame(sums, index=split.index)


def median_units(assessment: Assessment) -> pd.Series:
    """Return, for each unit, the unit whose score is the median of its group (the lower of two).

    Units without a group are set against the median of all.
    """
    score = assessment.score
    if score.empty:
        return pd.Series(index=score.index, dtype=object)
    everywhere = _median_units(score.to_numpy(), np.zeros(len(score), dtype=np.intp))[0]
    name = score.index[everywhere] if everywhere >= 0 else None
    if assessment.groups is None:
        return pd.Series(name, index=score.index, dtype=object)
    codes, _ = pd.factorize(assessment.groups)
    middles = _median_units(score.to_numpy(), codes)
    places = np.where(codes >= 0, middles[codes], everywhere) if len(middles) else np.full(len(score), everywhere)
    chosen = np.where(places >= 0, score.index.to_numpy(dtype=object)[places], name)
    return pd.Series(chosen, index=score.index, dtype=object)


def _median_units(score: Values, codes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the position of the median unit of each group 0, 1, …; -1 for a group without a score."""
    middles = np.full(codes.max(initial=-1) + 1, -1, dtype=np.intp)
    scored = np.flatnonzero(~np.isnan(score) & (codes >= 0))
    order = scored[np.lexsort((score[scored], codes[scored]))]
    groups, first, count = np.unique(codes[order], return_index=True, return_counts=True)
    middles[groups] = order[first + (count - 1) // 2]
    return middles


def _places(assessment: Assessment, reference: Any) -> NDArray[np.intp]:
    if reference is None:
        labels = median_units(assessment)
    elif isinstance(reference, pd.Series):
        labels = reference.reindex(assessment.units)
    else:
        labels = pd.Series(reference, index=assessment.units, dtype=object)
    places = assessment.units.get_indexer(pd.Index(labels))
    unknown = (places < 0) & labels.notna().to_numpy()
    if unknown.any():
        raise InputError("explain.unit_unknown", pd.unique(labels[unknown]))
    return places


def _pass_on(
    step: Step,
    slope: Values,
    extra: Values,
    here: Values,
    whole: Values,
    places: NDArray[np.intp],
    weights: Values,
    filled: dict[int, Values],
) -> None:
    """Hand what a node explains down to its parts: so much per point of each part, and so much outright."""
    rows = np.arange(step.first, step.last)
    for row in range(step.first, step.last):
        filled[row] = np.zeros(here.shape[1])
    counting = rows[weights > 0]
    if not len(counting):
        return
    share = weights[weights > 0] / weights.sum()
    whole_there = whole[places]
    block = here[counting]
    absent = np.isnan(block)
    completed = np.where(absent, whole, block)
    # Where the node itself has no score nothing is handed down by points: its parent hands it something outright.
    if step.method.name == "copeland":
        split = _copeland_split(step, block, completed, places, share, whole)
    else:
        split = np.nan_to_num(_split(step, completed, completed[:, places], share, whole, whole_there))
    distance = np.nan_to_num(completed - completed[:, places])
    rest = np.nan_to_num(whole - whole_there) - (split * distance).sum(axis=0)
    missing = absent | absent[:, places]
    count = missing.sum(axis=0)
    # What is left belongs to the missing parts; where none is missing it is rounding, and is spread by weight.
    outright = np.where(count > 0, missing * rest / np.where(count > 0, count, 1), share[:, None] * rest)
    factor = np.nan_to_num(_after(step, here[step.row], here[step.row][places], whole, whole_there))
    for part, row in enumerate(map(int, counting)):
        passed = slope[step.row] * factor * split[part]
        outright_here = slope[step.row] * factor * outright[part] + extra[step.row] * share[part]
        filled[row] = distance[part]
        slope[row] = np.where(missing[part], 0.0, passed)
        extra[row] = outright_here + np.where(missing[part], passed * distance[part], 0.0)


def _after(step: Step, score: Values, score_there: Values, whole: Values, whole_there: Values) -> Values:
    """Return how much the score moves per point of the node's parts brought together."""
    if step.rescale is None:
        return np.full(len(whole), float(step.node.direction))
    apart = whole - whole_there
    return np.divide(score - score_there, apart, out=np.zeros(len(whole)), where=apart != 0)


def _split(step: Step, a: Values, b: Values, share: Values, whole: Values, whole_there: Values) -> Values:
    """Return points of the node per point of each part, (parts, units)."""
    name, settings = step.method.name, step.method.settings
    if name == "arithmetic":
        return np.broadcast_to(share[:, None], a.shape)
    if name == "geometric" and settings["zeros"] == "shift":
        move = settings["shift"]
        return _power_split(a + move, b + move, share, whole + move, whole_there + move, 0.0)
    if (order := order_of(step.method)) is not None:
        return _power_split(a, b, share, whole, whole_there, order)
    if name == "inverted_geometric":
        top = settings["high"] if settings["high"] is not None else (step.scale[1] if step.scale else 10.0)
        turned, there = (top - a) * 0.9 + top * 0.1, (top - b) * 0.9 + top * 0.1
        return _power_split(turned, there, share, top - 0.9 * whole, top - 0.9 * whole_there, 0.0)
    return _shapley_split(step, a, b, share)


def _power_split(a: Values, b: Values, share: Values, whole: Values, whole_there: Values, p: float) -> Values:
    with np.errstate(all="ignore"):
        split = share[:, None] * slope_between(a, b, p) / slope_between(whole, whole_there, p)
        split = np.where((a == b) & (a == 0), 0.0, split)
        if p > 0:
            return np.where(np.isfinite(split), split, 0.0)
        for parts, end, other in ((a, whole, whole_there), (b, whole_there, whole)):
            zero = (parts == 0) & (end == 0) & (other != 0)
            weight = share[:, None] * zero
            alone = weight / weight.sum(axis=0) * (whole - whole_there) / (a - b)
            split = np.where((end == 0) & (other != 0), np.where(zero, alone, 0.0), split)
    return np.where((whole == 0) & (whole_there == 0), 0.0, split)


def _shapley_split(step: Step, a: Values, b: Values, share: Values) -> Values:
    """Average each part's effect over the orders of passing from ``b`` to ``a``: all, or some if parts are many."""
    amounts = _shapley(lambda block: np.asarray(step.method(block, share)), a, b, len(a) <= EXACT_PARTS, ORDERS)
    return np.divide(amounts, a - b, out=np.zeros_like(a), where=_apart(a, b))


def _apart(a: Values, b: Values) -> NDArray[np.bool_]:
    """Return where two values differ by more than rounding, so that an effect may be divided by their distance."""
    return np.abs(a - b) > ROUNDING * np.maximum(np.abs(a), np.abs(b))


def _copeland_split(
    step: Step, block: Values, completed: Values, places: NDArray[np.intp], share: Values, whole: Values
) -> Values:
    """Do the same where a score depends on everybody: each way of passing is compared with all units as they are."""
    parts, units = block.shape
    count = step.method.settings["count"]
    orders = int(np.clip(COMPARISONS // (units * units * parts * parts), 2, ORDERS))

    def apply(mixed: Values) -> Values:
        return copeland_against(np.nan_to_num(mixed), scaled(mixed), np.nan_to_num(block), everybody, count=count)

    def scaled(mixed: Values) -> Values:
        present = share[:, None] * np.isfinite(mixed)
        total = present.sum(axis=0)
        return present / np.where(total > 0, total, 1.0)

    everybody = np.where(np.isnan(whole), 0.0, scaled(block))
    amounts = _shapley(apply, block, block[:, places], 2**parts <= orders * parts, orders)
    apart = completed - completed[:, places]
    return np.divide(amounts, apart, out=np.zeros_like(completed), where=np.nan_to_num(apart) != 0)


def _shapley(apply: Callable[[Values], Values], a: Values, b: Values, exact: bool, orders: int) -> Values:
    parts = len(a)
    amounts = np.zeros_like(a)
    if exact:
        masks = [np.array([bool(mask >> part & 1) for part in range(parts)]) for mask in range(2**parts)]
        values = [apply(np.where(chosen[:, None], a, b)) for chosen in masks]
        for mask, chosen in enumerate(masks):
            size = int(chosen.sum())
            weight = math.factorial(size) * math.factorial(max(parts - size - 1, 0)) / math.factorial(parts)
            for part in np.flatnonzero(~chosen):
                amounts[part] += weight * (values[mask | 1 << int(part)] - values[mask])
        return amounts
    generator = np.random.default_rng(0)
    for _ in range(max(orders // 2, 1)):
        order = generator.permutation(parts)
        for way in (order, order[::-1]):
            chosen_block, before = b.copy(), apply(b)
            for part in way:
                chosen_block[part] = a[part]
                after = apply(chosen_block)
                amounts[part] += after - before
                before = after
    return amounts / (2 * max(orders // 2, 1))
