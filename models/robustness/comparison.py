"""Comparisons of assessments: the same data under another framework, and two results side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from models.index.assessment import Assessment, ranks, score
from models.index.framework import Node
from models.index.prepared import prepare_inputs


@dataclass(frozen=True)
class Comparison:
    """Two assessments of the same units.

    Parameters
    ----------
    units
        By unit: ``score_before, score_after, rank_before, rank_after, shift`` (places gained, above 0 = higher).
    mean_shift, largest_shift
        Of the places, without sign, over units scored both times.
    spearman, kendall, pearson
        Correlations of the scores, -1 to 1; NaN with under three units.
    entered, left
        Units that came into or fell out of the first ``top`` ranks.
    top
        How many ranks were looked at.
    """

    units: pd.DataFrame
    mean_shift: float
    largest_shift: float
    spearman: float
    kendall: float
    pearson: float
    entered: tuple[Any, ...]
    left: tuple[Any, ...]
    top: int


def compare(before: Assessment, after: Assessment, top: int = 20, among: pd.Index | None = None) -> Comparison:
    """Set two assessments side by side.

    Parameters
    ----------
    before, after
        Of the same units, at least in part.
    top
        How many of the first ranks are looked at.
    among
        The units to look at, ranked among themselves; all if not given.

    Raises
    ------
    InputError
        ``comparison.other_units``: they have no units in common.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [3.0, 1.0, 0.0]}, index=["x", "y", "z"])
    >>> one = assess(table, tree)
    >>> compare(one, regenerate(one, weights={"a": 3.0}), top=1).left
    ('x',)
    """
    table = _side_by_side(before, after, among)
    units = table.index
    both = table.dropna()
    moves = both["shift"].abs()
    scores = both[["score_before", "score_after"]].astype(float)
    enough = len(both) > 2

    def correlation(method: Any) -> float:
        return float(scores["score_before"].corr(scores["score_after"], method=method)) if enough else np.nan

    first = set(table.index[(table["rank_before"] <= top).fillna(False)])
    second = set(table.index[(table["rank_after"] <= top).fillna(False)])
    return Comparison(
        table,
        float(moves.mean()) if len(moves) else np.nan,
        float(moves.max()) if len(moves) else np.nan,
        correlation("spearman"),
        correlation("kendall"),
        correlation("pearson"),
        tuple(unit for unit in units if unit in second - first),
        tuple(unit for unit in units if unit in first - second),
        top,
    )


def _side_by_side(before: Assessment, after: Assessment, among: pd.Index | None) -> pd.DataFrame:
    """Return scores, ranks and shifts of the units that both have."""
    units = before.units.intersection(after.units, sort=False)
    if among is not None:
        units = units.intersection(among, sort=False)
    if not len(units):
        raise InputError("comparison.other_units")
    columns = {}
    for name, one in (("before", before), ("after", after)):
        columns[f"score_{name}"] = scores = one.score.reindex(units)
        columns[f"rank_{name}"] = one.rank.reindex(units) if among is None else ranks(scores)
    table = pd.DataFrame(columns)[["score_before", "score_after", "rank_before", "rank_after"]]
    return table.assign(shift=table["rank_before"] - table["rank_after"])


def regenerate(
    assessment: Assessment,
    *,
    weights: Mapping[str, float] | None = None,
    without: Iterable[str] = (),
    added: Iterable[Node] = (),
    override: bool = True,
    **methods: Any,
) -> Assessment:
    """Assess the same data again with something changed.

    Parameters
    ----------
    weights
        Other weights for some nodes.
    without
        Nodes to take out, with everything below them.
    added
        Nodes to put in; new indicators must be columns of the same data.
    override
        Whether ``methods`` also replace what single nodes state.
    methods
        ``impute``, ``treat``, ``normalise``, ``aggregate``, ``weight``, ``availability``, ``screen``, ``classes``.
    """
    framework = assessment.framework
    if gone := tuple(without):
        framework = framework.without(*gone)
    if new := tuple(added):
        framework = framework.with_nodes(*new)
    if methods:
        framework = framework.with_methods(override=override, **methods)
    if weights:
        framework = framework.with_weights(weights)
    if not (gone or new or methods):
        return score(assessment.prepared, {node.code: node.weight for node in framework.nodes})
    return score(prepare_inputs(assessment.prepared.inputs, framework))
