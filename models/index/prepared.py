"""The prepared index: everything that does not depend on weights, done once; then scores follow in microseconds.

The order of the chain is fixed: denominate, impute, treat, normalise (with direction), weigh, aggregate by level.
:func:`prepare` does the first four; :meth:`Prepared.score` the rest, as often as weights change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.aggregate import KEEPS_SCALE
from models.index.framework import Framework, Node
from models.index.inputs import Inputs, checked, denominated, imputed
from models.index.mean import lowered, order_of, raised, total
from models.index.methods import Method
from models.index.normalise import BY_ORDER, Scale, even, scale_of
from models.index.treat import Treatment
from models.index.weight import Parts, check_pairs

Values = NDArray[np.float64]
Weights = Mapping[str, float] | NDArray[np.float64] | None


@dataclass(frozen=True)
class Step:
    """How one node follows from its parts.

    Parameters
    ----------
    node
        The node.
    row
        Its place in :attr:`Framework.order`; its parts are the rows ``first`` to ``last`` (exclusive).
    method
        The aggregation, the engine's own parameters filled in.
    scale
        The scale of the parts, if they share one; ``own_scale`` that of the result.
    lowest
        The least a part can have; NaN if that is not known.
    rescale
        The normalisation of the aggregated score, if the node states one.
    mixed
        Whether the parts lie on different scales as far as is known, so that one outweighs another by its unit.
    """

    node: Node
    row: int
    first: int
    last: int
    method: Method
    scale: Scale
    own_scale: Scale
    lowest: float
    rescale: Method | None
    mixed: bool = False


@dataclass(frozen=True)
class Prepared:
    """Normalised indicators and the way from them to the root.

    Parameters
    ----------
    framework
        The tree, with its weights.
    inputs
        What it was made from.
    units
        The labels of the units.
    raw
        Units x indicators after denominators and before imputation.
    filled
        Units x indicators after imputation.
    treatments
        What was done against outliers, by indicator.
    base
        Nodes x units in the order of :attr:`Framework.order`: normalised values in the rows of indicators.
    constant
        Indicators without any difference between units.
    steps
        From the lowest nodes to the root.
    weighed
        The method that made the weights, if they are not those the framework was given with.
    unscored
        Nodes x units: where a node has no score whatever the weights; without it, their availability decides.
    """

    framework: Framework
    inputs: Inputs
    units: pd.Index
    raw: pd.DataFrame
    filled: pd.DataFrame
    treatments: Mapping[str, Treatment]
    base: Values
    constant: tuple[str, ...]
    steps: tuple[Step, ...]
    weighed: str = ""
    unscored: NDArray[np.bool_] | None = None

    @cached_property
    def rows(self) -> dict[str, int]:
        """Return the row of each node in ``base`` and in the scores."""
        return {node.code: row for row, node in enumerate(self.framework.order)}

    @cached_property
    def imputed(self) -> pd.DataFrame:
        """Return units x indicators: True where a missing value was filled in."""
        return self.raw.isna() & self.filled.notna()

    @cached_property
    def normalised(self) -> pd.DataFrame:
        """Return the normalised indicators, units x indicators."""
        codes = [node.code for node in self.framework.indicators]
        return pd.DataFrame(self.base[[self.rows[code] for code in codes]].T, index=self.units, columns=codes)

    @cached_property
    def weights(self) -> Values:
        """Return the weights of the framework, in the order of its rows."""
        return np.array([node.weight for node in self.framework.order])

    @cached_property
    def useless(self) -> NDArray[np.bool_]:
        """Return which rows cannot tell units apart by any weights: they count as if their weight were 0."""
        empty = np.zeros(len(self.base), dtype=bool)
        leaves = [self.rows[node.code] for node in self.framework.indicators]
        empty[leaves] = np.isnan(self.base[leaves]).all(axis=1)
        for step in self.steps:
            empty[step.row] = empty[step.first : step.last].all()
        return empty

    @cached_property
    def complete(self) -> NDArray[np.bool_]:
        """Return which rows have a value for every unit as long as all their indicators count."""
        whole = np.zeros(len(self.base), dtype=bool)
        leaves = [self.rows[node.code] for node in self.framework.indicators]
        whole[leaves] = ~np.isnan(self.base[leaves]).any(axis=1)
        for step in self.steps:
            whole[step.row] = whole[step.first : step.last].all()
        return whole

    @cached_property
    def _whole(self) -> dict[int, bool]:
        return {step.row: bool(self.complete[step.first : step.last].all()) for step in self.steps}

    @cached_property
    def _factors(self) -> dict[int, tuple[Values, float]]:
        """Return what weights are multiplied with at means of complete indicators, and the order of the mean."""
        factors = {}
        for step, over_leaves in zip(self.steps, self._over_leaves, strict=True):
            block = self.base[step.first : step.last]
            if not (over_leaves and self._whole[step.row]):
                continue
            order = order_of(step.method)
            zeros_stay = step.method.settings.get("zeros") == "keep" and bool((block >= 0).all())
            if order == 1 or (order == 0 and zeros_stay):
                with np.errstate(divide="ignore"):
                    factors[step.row] = raised(block, order), order
        return factors

    def weights_of(self, changes: Weights = None) -> Values:
        """Return weights by row: those of the framework with ``changes``, or an array in the order of the rows.

        Raises
        ------
        InputError
            ``framework.weight``, ``framework.unknown_node``.
        """
        if changes is None:
            return self.weights
        if isinstance(changes, np.ndarray):
            weights = changes
        else:
            weights = self.weights.copy()
            for code, weight in changes.items():
                weights[self.rows[self.framework.node(code).code]] = weight
        numbers = weights.tolist()
        if not (min(numbers) >= 0 and sum(numbers) < np.inf):
            codes = [code for code, row in self.rows.items() if not weights[row] >= 0 or np.isinf(weights[row])]
            raise InputError("framework.weight", codes, value="")
        return weights

    def score(self, weights: Weights = None) -> Values:
        """Return the scores of the root (units,) under other weights; imputation to normalisation are not redone."""
        stated = self.weights_of(weights)
        if (again := self._afresh(stated)) is not None:
            return again.score()
        used = self._used(stated)
        scores: dict[int, Values] = {}
        for step, plain in zip(self.steps, self._over_leaves, strict=True):
            if plain:
                block = self.base[step.first : step.last]
            else:
                block = np.array([scores.get(row, self.base[row]) for row in range(step.first, step.last)])
            scores[step.row] = _finish(step, self.combined(step, block, used, stated), self._labels)
        return scores[0]

    def scores(self, weights: Weights = None) -> Values:
        """Return the scores of all nodes, nodes x units, in the order of :attr:`Framework.order`.

        Raises
        ------
        InputError
            ``framework.weights_zero``; what an aggregation refuses, with the node and the units.
        """
        stated = self.weights_of(weights)
        if (again := self._afresh(stated)) is not None:
            return again.scores()
        used = self._used(stated)
        scores = self.base.copy()
        for step in self.steps:
            block = scores[step.first : step.last]
            scores[step.row] = _finish(step, self.combined(step, block, used, stated), self._labels)
        return scores

    @cached_property
    def _labels(self) -> list[str]:
        return [str(unit) for unit in self.units] if any(step.rescale for step in self.steps) else []

    @cached_property
    def _over_leaves(self) -> list[bool]:
        """Return, by step, whether all parts are indicators."""
        leaves = {self.rows[node.code] for node in self.framework.indicators}
        return [leaves.issuperset(range(step.first, step.last)) for step in self.steps]

    def used(self, weights: Weights = None) -> Values:
        """Return weights by row with 0 for what cannot tell units apart."""
        return self._used(self.weights_of(weights))

    def _used(self, weights: Values) -> Values:
        return np.where(self.useless, 0.0, weights) if self._some_useless else weights

    @cached_property
    def _some_useless(self) -> bool:
        return bool(self.useless.any())

    def combined(self, step: Step, block: Values, used: Values, stated: Values) -> Values:
        """Return a node's parts (``block``, parts x units) brought together, before direction and its own scale."""
        weights = used[step.first : step.last]
        whole = weights.sum()
        if whole == 0:
            if not stated[step.first : step.last].any() and self._counts(step.node, stated):
                codes = [node.code for node in self.framework.children(step.node.code)]
                raise InputError("framework.weights_zero", codes, node=step.node.code)
            return np.full(block.shape[1], np.nan)
        keep: Any = slice(None) if np.count_nonzero(weights) == len(weights) else weights > 0
        share = weights[keep] / whole
        if step.row in self._factors:
            factors, order = self._factors[step.row]
            return lowered(total(factors[keep], share), order)
        try:
            result = self._aggregate(step, block[keep], share)
            if np.isinf(result).any():
                raise InputError("aggregate.overflow", [f"#{unit + 1}" for unit in np.flatnonzero(np.isinf(result))])
            return result
        except InputError as error:
            units = [self.units[int(row[1:]) - 1] if row.startswith("#") else row for row in error.rows]
            raise InputError(error.code, units, **{**error.values, "node": step.node.code}) from error

    def _aggregate(self, step: Step, block: Values, share: Values) -> Values:
        filled = {"scale": step.scale} if "scale" in getattr(step.method.function, "filled", ()) else {}
        if self._whole[step.row]:
            return np.asarray(step.method(block, share, **filled))
        here = np.isfinite(block)
        if here.all():
            return np.asarray(step.method(block, share, **filled))
        wide = share[:, None] * here
        present = wide.sum(axis=0)
        if self.unscored is None:
            scored = (present > 0) & (present >= self.framework.availability - 1e-12)
        else:
            scored = (present > 0) & ~self.unscored[step.row]
        wide = np.where(scored, wide / np.where(scored, present, 1.0), 0.0)
        with np.errstate(all="ignore"):
            result = step.method(np.where(here, block, 0.0), wide, **filled)
        return np.where(scored, result, np.nan)

    def _counts(self, node: Node, weights: Values) -> bool:
        while node.parent:
            if weights[self.rows[node.code]] == 0:
                return False
            node = self.framework.node(node.parent)
        return True

    def _afresh(self, weights: Values) -> Prepared | None:
        """Prepare again if other indicators count and the imputation of one uses the others."""
        if not self.mixes or np.array_equal(weights > 0, self.weights > 0):
            return None
        changes = {code: float(weights[row]) for code, row in self.rows.items()}
        return prepare_inputs(self.inputs, self.framework.with_weights(changes))

    def aggregated(self, framework: Framework) -> Prepared:
        """Return the same indicators under a framework that differs in nothing but how parts are brought together."""
        return dataclasses.replace(self, framework=framework, steps=steps_of(framework, len(self.units)))

    def settled(self, weights: Weights = None) -> Prepared:
        """Return the same, with the scores that there are under these weights there under all others, and no more.

        What is missing is a fact about a unit: other weights may not make a node apply to it, or a unit go unscored.
        """
        return dataclasses.replace(self, unscored=np.isnan(self.scores(weights)))

    @cached_property
    def mixes(self) -> bool:
        """Return whether what is filled in for one indicator depends on which others count."""
        return any(
            self.framework.method("impute", node.code).name == "neighbours" for node in self.framework.indicators
        )


def prepare(
    indicators: pd.DataFrame,
    framework: Framework,
    groups: pd.Series | None = None,
    *,
    facts: pd.DataFrame | None = None,
    neighbours: Any = None,
    parents: pd.DataFrame | None = None,
    comparisons: pd.DataFrame | None = None,
) -> Prepared:
    """Denominate, impute, treat and normalise; see :class:`Inputs` for the parameters.

    Examples
    --------
    >>> tree = Framework((Node("risk"), Node("a", parent="risk"), Node("b", parent="risk")))
    >>> table = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.0, 0.0, 5.0]}, index=["x", "y", "z"])
    >>> prepared = prepare(table, tree)
    >>> prepared.score().tolist(), prepared.score({"a": 3.0}).tolist()
    ([0.0, 25.0, 100.0], [0.0, 37.5, 100.0])
    """
    facts = pd.DataFrame(index=indicators.index) if facts is None else facts
    return prepare_inputs(Inputs(indicators, groups, facts, neighbours, parents, comparisons), framework)


def prepare_inputs(inputs: Inputs, framework: Framework) -> Prepared:
    """Do what :func:`prepare` does, from :class:`Inputs`."""
    inputs = checked(inputs, framework)
    raw = denominated(inputs, framework)
    counting = [node.code for node in framework.indicators if node.code in framework.active]
    out = (raw[counting].notna().mean(axis=1) < framework.screen).to_numpy()
    raw = raw.mask(np.broadcast_to(out[:, None], raw.shape))
    values = imputed(inputs, framework, raw).mask(np.broadcast_to(out[:, None], raw.shape))
    treatments, constant = {}, []
    rows = {node.code: row for row, node in enumerate(framework.order)}
    base = np.full((len(rows), len(raw)), np.nan)
    labels = [str(unit) for unit in raw.index]
    for node, column in zip(framework.indicators, values.to_numpy(dtype=float).T.copy(), strict=True):
        present = column[np.isfinite(column)]
        if not len(present) or present.min() == present.max():
            constant.append(node.code)
        try:
            with np.errstate(over="raise"):
                treated, treatments[node.code] = framework.method("treat", node.code)(column)
                method = framework.method("normalise", node.code)
                base[rows[node.code]] = normalised(method, treated, node.direction, labels)
        except FloatingPointError as error:
            raise InputError("assessment.overflow", [node.code]) from error
    steps = steps_of(framework, len(raw))
    prepared = Prepared(framework, inputs, raw.index, raw, values, treatments, base, tuple(constant), steps)
    return prepared if framework.weighing.name == "given" else _weighed(prepared)


def _weighed(prepared: Prepared) -> Prepared:
    """Find the weights node by node from the lowest; the result states them as given."""
    framework = prepared.framework
    method = framework.weighing
    if method.name == "ahp" and prepared.inputs.comparisons is not None:
        parts = [[part.code for part in framework.children(node.code)] for node in framework.order]
        check_pairs(prepared.inputs.comparisons, parts)
    weights, scores = prepared.weights.copy(), prepared.base.copy()
    labels = [str(unit) for unit in prepared.units]
    for step in prepared.steps:
        rows = np.arange(step.first, step.last)
        rows = rows[(weights[rows] > 0) & ~prepared.useless[rows]]
        if len(rows):
            weights[rows] = method(parts_of(prepared, step, rows, weights, scores))
        used = np.where(prepared.useless, 0.0, weights)
        block = scores[step.first : step.last]
        scores[step.row] = _finish(step, prepared.combined(step, block, used, weights), labels)
    changes = {code: float(weights[row]) for code, row in prepared.rows.items()}
    framework = dataclasses.replace(framework, weight="given").with_weights(changes)
    return dataclasses.replace(prepared, framework=framework, weighed=str(method))


def parts_of(prepared: Prepared, step: Step, rows: NDArray[np.intp], weights: Values, scores: Values) -> Parts:
    """Return what the weights of a node's parts can be made from."""
    nodes = [prepared.framework.order[row] for row in rows]
    facts = [node.facts for node in nodes]
    codes = [node.code for node in nodes]
    return Parts(step.node.code, codes, weights[rows], scores[rows], facts, prepared.inputs.comparisons)


def normalised(method: Method, values: Values, direction: int, labels: list[str]) -> Values:
    """Apply a normalisation, handing it the labels of the units if it asks for them."""
    filled = {"labels": labels} if "labels" in getattr(method.function, "filled", ()) else {}
    return np.asarray(method(values, direction, **filled))


def steps_of(framework: Framework, units: int) -> tuple[Step, ...]:
    """Return how the nodes of a framework follow from their parts, lowest first, for so many units."""
    rows = {node.code: row for row, node in enumerate(framework.order)}
    leaves = {node.code for node in framework.indicators}
    scales: dict[str, Scale] = {code: scale_of(framework.method("normalise", code), units) for code in leaves}
    steps = []
    for node in reversed(framework.order):
        if node.code in leaves:
            continue
        parts = framework.children(node.code)
        method = framework.method("aggregate", node.code)
        rescale = framework.method("normalise", node.code) if node.normalise else None
        common = {scales[part.code] for part in parts}
        scale = next(iter(common)) if len(common) == 1 else None
        own = scale if method.name in KEEPS_SCALE else None
        lowest = float(np.min([ends[0] if (ends := scales[part.code]) else np.nan for part in parts]))
        scales[node.code] = scale_of(rescale, units) if rescale else own
        first = rows[parts[0].code]
        mixed = len(common) > 1 and method.name not in ("copeland", "maximum", "minimum")
        last = first + len(parts)
        steps.append(Step(node, rows[node.code], first, last, method, scale, own, lowest, rescale, mixed))
    return tuple(steps)


def _finish(step: Step, result: Values, labels: list[str]) -> Values:
    """Turn the score of a node to its direction and, if it states so, normalise it again."""
    if step.rescale is not None:
        by_order = step.rescale.name in BY_ORDER
        return normalised(step.rescale, even(result) if by_order else result, step.node.direction, labels)
    if step.node.direction > 0:
        return result
    return -result if step.own_scale is None else step.own_scale[0] + step.own_scale[1] - result
