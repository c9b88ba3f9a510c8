"""Where the draws of a Monte Carlo come from: weights, methods, tables and values that could as well be so."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from models.assessment import Assessment
from models.framework import Framework
from models.methods import Method
from models.prepared import Prepared, normalised, prepare_inputs

Values = NDArray[np.float64]
Task = TypeVar("Task")
Made = TypeVar("Made")
REALISATIONS = 64
"""How many sets of errors of values a sensitivity analysis chooses from."""


@dataclass(frozen=True)
class Choices:
    """What could as well have been chosen; each draw takes one of each with equal chance.

    Parameters
    ----------
    impute, treat, normalise
        Methods as text, for all indicators; empty keeps the framework's.
    aggregate
        By node, methods as text; the key ``""`` stands for all nodes.
    tables
        Other tables of the same indicators, for example with other half-distances; empty keeps the given one.
    errors
        Units x indicators, the standard deviation of each value in the unit of the indicator; 0 or NaN is exact.
        Values that are nowhere negative stay so.
    weights
        Whether weights vary.
    """

    impute: Sequence[str] = ()
    treat: Sequence[str] = ()
    normalise: Sequence[str] = ()
    aggregate: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tables: Sequence[pd.DataFrame] = ()
    errors: pd.DataFrame | None = None
    weights: bool = True


@dataclass(frozen=True)
class Run:
    """Draws that share what is prepared.

    Parameters
    ----------
    prepared
        Indicators under one choice of table and methods.
    weights
        Draws x nodes.
    seed
        For the errors of values.
    """

    prepared: Prepared
    weights: Values
    seed: int


@dataclass(frozen=True)
class Draws:
    """Where draws come from: the possible tables and methods, prepared once each.

    Parameters
    ----------
    assessment, choices, concentration
        See :func:`uncertainty`.
    """

    assessment: Assessment
    choices: Choices
    concentration: float
    _prepared: dict[tuple[int, ...], Prepared] = field(default_factory=dict, repr=False)

    def plan(self, size: int, generator: np.random.Generator) -> list[Run]:
        """Return runs of draws that share what is prepared."""
        weights = self.weights(size, generator)
        options = self._options()
        chosen = np.stack([generator.integers(0, len(option), size) for option in options], axis=1)
        runs = []
        for combination in np.unique(chosen, axis=0):
            prepared = self._prepare(tuple(int(one) for one in combination), options)
            here = np.flatnonzero((chosen == combination).all(axis=1))
            runs.append(Run(prepared, weights[here], int(generator.integers(2**62))))
        return runs

    def weights(self, size: int, generator: np.random.Generator) -> Values:
        """Return weights (draws x nodes) around those of the framework; a weight of 0 stays 0."""
        given = np.array([node.weight for node in self.assessment.framework.order])
        if not self.choices.weights:
            return np.tile(given, (size, 1))
        shares = self._shares()
        drawn = generator.standard_gamma(shares * self.concentration, (size, len(given)))
        return np.where(shares > 0, np.maximum(drawn, 1e-300), 0.0)

    def ranks(
        self, runs: Sequence[Run], groups: NDArray[np.int32], top_in_group: int, kind: Any
    ) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the ranks of all draws of a plan (draws x units, from 0, -1 not scored) and who led its group."""
        from models.kernels import buffers, draw, rank_draw

        units = len(self.assessment.units)
        ranks = np.empty((sum(len(run.weights) for run in runs), units), kind)
        in_group = np.zeros(units, np.int64)
        work = buffers(units, int(groups.max()) + 1)
        start = 0
        for run in runs:
            compiled = compiled_steps(run.prepared)
            for prepared, weights in self._disturbed(run):
                there = ranks[start : start + len(weights)]
                start += len(weights)
                if compiled is None:
                    for one, weight in enumerate(weights):
                        rank_draw(prepared.score(weight), groups, there[one], in_group, top_in_group, work)
                    continue
                steps, logarithms = compiled
                base = prepared.base
                if logarithms.any():
                    base = base.copy()
                    with np.errstate(divide="ignore"):
                        base[logarithms] = np.log(base[logarithms])
                used = np.where(prepared.useless, 0.0, weights)
                threshold = prepared.framework.availability
                draw(base, used, steps, threshold, groups, top_in_group, there, in_group, work)
        return ranks, in_group

    def inputs(self) -> list[str]:
        """Return what can vary, one by one: choices with alternatives, errors of values, weights of nodes."""
        names = [
            f"choice:{name}" for name, option in zip(self._names(), self._options(), strict=True) if len(option) > 1
        ]
        if self.choices.errors is not None:
            names.append("values")
        return names + [f"weight:{self.assessment.framework.order[row].code}" for row in self._free_rows()]

    def ranks_at(self, points: Values) -> NDArray[np.int32]:
        """Return ranks (runs x units, from 0, -1 not scored) at points (runs x inputs) between 0 and 1."""
        options = self._options()
        column = 0
        chosen = np.zeros((len(points), len(options) + 1), dtype=np.int64)
        for place, option in enumerate(options):
            if len(option) > 1:
                chosen[:, place] = np.minimum((points[:, column] * len(option)).astype(int), len(option) - 1)
                column += 1
        if self.choices.errors is not None:
            chosen[:, -1] = (points[:, column] * REALISATIONS).astype(int)
            column += 1
        weights = np.tile(np.array([node.weight for node in self.assessment.framework.order]), (len(points), 1))
        shares = self._shares()
        for row in self._free_rows():
            shape = shares[row] * self.concentration
            weights[:, row] = np.maximum(gammaincinv(shape, points[:, column]), 1e-300)
            column += 1
        result = np.empty((len(points), len(self.assessment.units)), np.int32)
        groups = np.zeros(result.shape[1], np.int32)
        for combination in np.unique(chosen, axis=0):
            prepared = self._prepare(tuple(int(one) for one in combination[:-1]), options)
            here = np.flatnonzero((chosen == combination).all(axis=1))
            if self.choices.errors is not None:
                generator = np.random.default_rng(int(combination[-1]))
                prepared = replace(prepared, base=Disturbance.of(prepared, self.choices.errors).draw(generator))
            plain = replace(self, choices=replace(self.choices, errors=None))
            result[here] = plain.ranks([Run(prepared, weights[here], 0)], groups, 0, np.int32)[0]
        return result

    def _shares(self) -> Values:
        given = np.array([node.weight for node in self.assessment.framework.order])
        shares = np.ones_like(given)
        for step in self.assessment.prepared.steps:
            total = given[step.first : step.last].sum()
            shares[step.first : step.last] = given[step.first : step.last] / (total or 1.0)
        return shares

    def _free_rows(self) -> list[int]:
        """Return the rows whose weight means something: counting, beside another that counts."""
        if not self.choices.weights:
            return []
        shares, active = self._shares(), self.assessment.framework.active
        nodes = self.assessment.framework.order
        return [row for row, node in enumerate(nodes) if node.code in active and node.parent and 0 < shares[row] < 1]

    def _disturbed(self, run: Run) -> Iterator[tuple[Prepared, Values]]:
        """Yield what is prepared with the weights to draw, one by one if values vary too."""
        if self.choices.errors is None:
            yield run.prepared, run.weights
            return
        generator = np.random.default_rng(run.seed)
        disturbance = Disturbance.of(run.prepared, self.choices.errors)
        for weight in run.weights:
            yield replace(run.prepared, base=disturbance.draw(generator)), weight[None, :]

    def _names(self) -> list[str]:
        aggregates = [f"aggregate:{node}" if node else "aggregate" for node in self.choices.aggregate]
        return ["impute", "treat", "normalise", "table", *aggregates]

    def _options(self) -> list[Sequence[Any]]:
        choices = self.choices
        aggregates = [[(node, text) for text in texts] for node, texts in choices.aggregate.items()]
        options = [choices.impute, choices.treat, choices.normalise, choices.tables, *aggregates]
        return [option if len(option) else (None,) for option in options]

    def _prepare(self, combination: tuple[int, ...], options: list[Sequence[Any]]) -> Prepared:
        if combination not in self._prepared:
            impute, treat, normalise, table, *aggregates = (
                option[one] for one, option in zip(combination, options, strict=True)
            )
            if all(one is None for one in (impute, treat, normalise, table, *aggregates)):
                self._prepared[combination] = replace(self.assessment.prepared, framework=self.assessment.framework)
            else:
                methods = {"impute": impute, "treat": treat, "normalise": normalise}
                stated = {kind: text for kind, text in methods.items() if text}
                framework = self.assessment.framework.with_methods(override=True, **stated)
                for node, text in (one for one in aggregates if one is not None):
                    framework = _aggregated(framework, node, text)
                inputs = self.assessment.prepared.inputs
                inputs = inputs if table is None else replace(inputs, indicators=table.reindex(self.assessment.units))
                self._prepared[combination] = prepare_inputs(inputs, framework)
        return self._prepared[combination]


def in_turn(function: Callable[[Task], Made], tasks: Iterable[Task], threads: int | None = None) -> Iterator[Made]:
    """Yield what a function makes of each task, in their order.

    Several threads (by default as many as there are processors, up to 4) make the next ones while the caller uses
    one; with one, everything happens in turn. Tasks are taken up one by one, where this is called.

    Examples
    --------
    >>> list(in_turn(abs, [-3, 2, -1], threads=2))
    [3, 2, 1]
    """
    workers = max(1, min(threads or os.cpu_count() or 1, 4))
    ahead = workers if workers > 1 else 0
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for task in tasks:
                waiting.append(pool.submit(function, task))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # whoever asked may have gone
            for one in waiting:
                one.cancel()


def compiled_steps(prepared: Prepared) -> tuple[Values, NDArray[np.bool_]] | None:
    """Return the steps for the compiled loop and which rows it takes as logarithms; None if it cannot do them."""
    leaves = np.zeros(len(prepared.base), dtype=bool)
    leaves[[prepared.rows[node.code] for node in prepared.framework.indicators]] = True
    logarithms = np.zeros(len(prepared.base), dtype=bool)
    rows = []
    if prepared.mixes:
        return None
    for step in prepared.steps:
        name, settings = step.method.name, step.method.settings
        if step.rescale is not None or name not in ("arithmetic", "geometric"):
            return None
        kind = 0.0
        if name == "geometric":
            lowest = step.scale[0] if step.scale else -1.0
            if settings["zeros"] != "keep" or lowest < 0:
                return None
            kind = 1.0
            if leaves[step.first : step.last].all():
                kind, logarithms[step.first : step.last] = 2.0, True
        turned = step.node.direction < 0
        ends = sum(step.own_scale) if step.own_scale else 0.0
        gaps = float(not prepared.complete[step.first : step.last].all())
        rows.append([step.row, step.first, step.last, kind, gaps, float(turned), ends])
    return np.array(rows, dtype=float), logarithms


def _aggregated(framework: Framework, node: str, text: str) -> Framework:
    if node:
        return framework.with_node(node, aggregate=text)
    return framework.with_methods(override=True, aggregate=text)


@dataclass(frozen=True)
class Disturbance:
    """Errors of values, laid out so that each draw of them is quick.

    Parameters
    ----------
    base
        The starting scores without errors, nodes x units.
    labels
        Of the units.
    moving
        By indicator with an error: its row, direction, values and their standard deviations by unit, treatment and
        normalisation.
    """

    base: Values
    labels: list[str]
    moving: list[tuple[int, int, Values, Values, Method, Method]]

    @classmethod
    def of(cls, prepared: Prepared, errors: pd.DataFrame) -> Disturbance:
        """Return the errors (units x indicators) of what is prepared."""
        framework, moving = prepared.framework, []
        for node in framework.indicators:
            if node.code not in errors.columns:
                continue
            spread = errors[node.code].reindex(prepared.units).fillna(0.0).to_numpy(dtype=float)
            if spread.any():
                values = prepared.filled[node.code].to_numpy(dtype=float)
                methods = framework.method("treat", node.code), framework.method("normalise", node.code)
                moving.append((prepared.rows[node.code], node.direction, values, spread, *methods))
        return cls(prepared.base, [str(unit) for unit in prepared.units], moving)

    def draw(self, generator: np.random.Generator) -> Values:
        """Return the starting scores with values moved by their errors and normalised again."""
        base = self.base.copy()
        for row, direction, values, spread, treat, normalise in self.moving:
            moved = values + spread * generator.standard_normal(len(values))
            if np.nanmin(values) >= 0:
                moved = np.maximum(moved, 0.0)
            treated = moved if treat.name == "none" else treat(moved)[0]
            base[row] = normalised(normalise, treated, direction, self.labels)
        return base
