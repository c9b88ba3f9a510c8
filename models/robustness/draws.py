"""The draws of a Monte Carlo: weights, methods, tables and values that could as well be so."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from models.index.assessment import Assessment
from models.index.framework import Framework
from models.index.prepared import Prepared, prepare_inputs
from models.robustness.choices import Choices
from models.robustness.compiled import buffers, compiled_steps
from models.robustness.disturbance import Disturbance

Values = NDArray[np.float64]
Task = TypeVar("Task")
Made = TypeVar("Made")
REALISATIONS = 64
"""How many sets of errors of values, and of tables by figure, a sensitivity analysis chooses from."""
Combination = tuple[int, ...]
"""Which option of each choice is taken."""


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
    combination
        Which choice it was.
    """

    prepared: Prepared
    weights: Values
    seed: int
    combination: Combination = ()


@dataclass(frozen=True)
class Ranks:
    """Ranks of draws, to be filled in.

    Parameters
    ----------
    ranks
        Draws x units, from 0 for the highest; -1 is not scored.
    inside
        The same within groups; draws x 0 if they are not wanted.
    in_group
        By unit: in how many draws it is among the first ``top`` of its group.
    groups
        By unit, the number of its group.
    """

    ranks: NDArray[Any]
    inside: NDArray[Any]
    in_group: NDArray[np.int64]
    groups: NDArray[np.int32]
    top: int

    def of(self, start: int, stop: int) -> Ranks:
        """Return the part that holds some of the draws."""
        return replace(self, ranks=self.ranks[start:stop], inside=self.inside[start:stop])


@dataclass(frozen=True)
class Loop:
    """The way from starting scores to ranks, compiled if it can be.

    Parameters
    ----------
    prepared
        What the starting scores belong to.
    steps, logarithms
        See :func:`models.robustness.compiled.compiled_steps`; without steps the engine scores draw by draw.
    unscored
        See :class:`models.index.prepared.Prepared`.
    work
        Buffers of :func:`models.robustness.compiled.buffers`.
    """

    prepared: Prepared
    steps: Values | None
    logarithms: NDArray[np.bool_]
    unscored: NDArray[np.bool_]
    work: tuple[NDArray[np.generic], ...]

    @classmethod
    def of(cls, prepared: Prepared, moving: bool, groups: NDArray[np.int32]) -> Loop:
        """Return the way for starting scores that differ from draw to draw (``moving``) or not."""
        steps, logarithms = compiled_steps(prepared, moving) or (None, np.zeros(len(prepared.base), dtype=bool))
        if prepared.unscored is None:
            raise ValueError("what is not scored has to be settled first")
        work = buffers(len(prepared.units), int(groups.max()) + 1)
        return cls(prepared, steps, logarithms, prepared.unscored, work)

    def rank(self, base: Values, weights: Values, filled: Ranks) -> None:
        """Fill in the ranks of draws (``weights``: draws x nodes) that share their starting scores.

        Rows of aggregate nodes in starting scores that move are overwritten.
        """
        from models.robustness.kernels import draw, rank_draw

        to, prepared = filled, self.prepared
        if self.steps is None:
            again = prepared if base is prepared.base else replace(prepared, base=base)
            for one, weight in enumerate(weights):
                scores = again.score(weight)
                rank_draw(scores, to.groups, to.ranks[one], to.in_group, to.top, to.inside[one], self.work)
            return
        if base is prepared.base:
            base = base.copy()
            with np.errstate(divide="ignore"):
                base[self.logarithms] = np.log(base[self.logarithms])
        used = np.where(prepared.useless, 0.0, weights)
        draw(base, used, self.steps, self.unscored, to.groups, to.top, to.ranks, to.in_group, to.inside, self.work)


@dataclass(frozen=True)
class Draws:
    """Where draws come from: the possible tables and methods, prepared once each.

    Parameters
    ----------
    assessment, choices, concentration
        See :func:`models.robustness.uncertainty.uncertainty`.
    """

    assessment: Assessment
    choices: Choices
    concentration: float
    _prepared: dict[Combination, Prepared] = field(default_factory=dict, repr=False)
    _disturbances: dict[Combination, Disturbance] = field(default_factory=dict, repr=False)

    def plan(self, size: int, generator: np.random.Generator) -> list[Run]:
        """Return runs of draws that share what is prepared."""
        weights = self.weights(size, generator)
        options = self._options()
        chosen = np.stack([generator.integers(0, len(option), size) for option in options], axis=1)
        runs = []
        for row in np.unique(chosen, axis=0):
            combination = tuple(int(one) for one in row)
            here = np.flatnonzero((chosen == row).all(axis=1))
            prepared = self._prepare(combination)
            runs.append(Run(prepared, weights[here], int(generator.integers(2**62)), combination))
        return runs

    def weights(self, size: int, generator: np.random.Generator) -> Values:
        """Return weights (draws x nodes) around those of the framework; a weight of 0 stays 0."""
        stated = np.array([node.weight for node in self.assessment.framework.order])
        if not self.choices.weights:
            return np.tile(stated, (size, 1))
        shares = self._shares()
        drawn = generator.standard_gamma(shares * self.concentration, (size, len(stated)))
        return np.where(shares > 0, np.maximum(drawn, 1e-300), 0.0)

    def starts(self, run: Run) -> Iterator[tuple[Values, Values]]:
        """Yield starting scores (nodes x units) with the weights to draw (draws x nodes).

        All draws of a run at once; if values vary too, one by one, each in the place of the one before.
        """
        if not (self.choices.erring or self.choices.stepping):
            yield run.prepared.base, run.weights
            return
        generator = np.random.default_rng(run.seed)
        disturbance = self._disturbance(run.combination)
        room = disturbance.room()
        for weight in run.weights:
            yield disturbance.draw(generator, room), weight[None, :]

    def scores(self, run: Run) -> Values:
        """Return the scores of all draws of a run, draws x units."""
        rows = []
        for base, weights in self.starts(run):
            prepared = replace(run.prepared, base=base)
            rows += [prepared.score(weight) for weight in weights]
        return np.array(rows)

    def ranks(
        self, runs: Sequence[Run], groups: NDArray[np.int32], top_in_group: int, kind: Any, in_groups: bool = False
    ) -> Ranks:
        """Return the ranks of all draws of a plan; those in groups only if they are wanted."""
        units, size = len(self.assessment.units), sum(len(run.weights) for run in runs)
        inside = np.empty((size, units if in_groups else 0), kind)
        results = Ranks(np.empty((size, units), kind), inside, np.zeros(units, np.int64), groups, top_in_group)
        start = 0
        for run in runs:
            loop = Loop.of(run.prepared, self.choices.erring or self.choices.stepping, groups)
            for base, weights in self.starts(run):
                loop.rank(base, weights, results.of(start, start := start + len(weights)))
        return results

    def inputs(self) -> list[str]:
        """Return what can vary, one by one: choices with alternatives, errors of values, weights of nodes."""
        names = [
            f"choice:{name}" for name, option in zip(self._names(), self._options(), strict=True) if len(option) > 1
        ]
        names += ["choice:table"] if self.choices.stepping else []
        names += ["values"] if self.choices.erring else []
        return names + [f"weight:{self.assessment.framework.order[row].code}" for row in self._free_rows()]

    def ranks_at(self, points: Values) -> NDArray[np.int32]:
        """Return ranks (runs x units, from 0, -1 not scored) at points (runs x inputs) between 0 and 1."""
        chosen, column = self._chosen(points)
        weights = np.tile(np.array([node.weight for node in self.assessment.framework.order]), (len(points), 1))
        shares = self._shares()
        for row in self._free_rows():
            shape = shares[row] * self.concentration
            weights[:, row] = np.maximum(gammaincinv(shape, points[:, column]), 1e-300)
            column += 1
        units = len(self.assessment.units)
        result, groups = np.empty((len(points), units), np.int32), np.zeros(units, np.int32)
        for row in np.unique(chosen, axis=0):
            combination, (table, values) = tuple(int(one) for one in row[:-2]), row[-2:]
            here = np.flatnonzero((chosen == row).all(axis=1))
            prepared = self._prepare(combination)
            base = self._realised(combination, int(table), int(values))
            ranks, nobody = np.empty((len(here), units), np.int32), np.zeros(units, np.int64)
            loop = Loop.of(prepared, base is not None, groups)
            results = Ranks(ranks, np.empty((len(here), 0), np.int32), nobody, groups, 0)
            loop.rank(prepared.base if base is None else base, weights[here], results)
            result[here] = ranks
        return result

    def _chosen(self, points: Values) -> tuple[NDArray[np.int64], int]:
        """Return, by point, the option of each choice and the realisations of tables and errors; columns used."""
        options = self._options()
        column = 0
        chosen = np.zeros((len(points), len(options) + 2), dtype=np.int64)
        sizes = [len(option) for option in options]
        sizes += [REALISATIONS if varies else 1 for varies in (self.choices.stepping, self.choices.erring)]
        for choice, size in enumerate(sizes):
            if size > 1:
                chosen[:, choice] = np.minimum((points[:, column] * size).astype(int), size - 1)
                column += 1
        return chosen, column

    def _realised(self, combination: Combination, table: int, values: int) -> Values | None:
        """Return the starting scores of one realisation of tables and one of errors; None if neither varies."""
        if not (self.choices.erring or self.choices.stepping):
            return None
        disturbance = self._disturbance(combination)
        steps = disturbance.steps(np.random.default_rng(table))
        return disturbance.draw(np.random.default_rng(values), disturbance.room(), steps)

    def _shares(self) -> Values:
        stated = np.array([node.weight for node in self.assessment.framework.order])
        shares = np.ones_like(stated)
        for step in self.assessment.prepared.steps:
            total = stated[step.first : step.last].sum()
            shares[step.first : step.last] = stated[step.first : step.last] / (total or 1.0)
        return shares

    def _free_rows(self) -> list[int]:
        """Return the rows whose weight means something: counting, beside another that counts."""
        if not self.choices.weights:
            return []
        shares, active = self._shares(), self.assessment.framework.active
        nodes = self.assessment.framework.order
        return [row for row, node in enumerate(nodes) if node.code in active and node.parent and 0 < shares[row] < 1]

    def _names(self) -> list[str]:
        aggregates = [f"aggregate{_nodes(key)}" for key in self.choices.aggregate]
        return ["impute", "treat", "normalise", "table", *aggregates]

    def _options(self) -> list[Sequence[Any]]:
        choices = self.choices
        tables = () if choices.stepping else choices.tables
        options = [choices.impute, choices.treat, choices.normalise, tables, *choices.aggregate.values()]
        return [option if len(option) else (None,) for option in options]

    def _disturbance(self, combination: Combination) -> Disturbance:
        """Return how values may move under one choice of methods; how parts are brought together is none of them."""
        methods = combination[:4]
        if methods not in self._disturbances:
            tables: Sequence[Any] = self.choices.tables if self.choices.stepping else (None,)
            prepared = [self._indicators(methods, table) for table in tables]
            self._disturbances[methods] = Disturbance.of(prepared, self.choices, self.assessment.prepared.filled)
        return self._disturbances[methods]

    def _prepare(self, combination: Combination) -> Prepared:
        if combination not in self._prepared:
            prepared = self._indicators(combination[:4])
            framework = prepared.framework
            for key, texts, one in zip(
                self.choices.aggregate, self.choices.aggregate.values(), combination[4:], strict=True
            ):
                framework = _aggregated(framework, key, texts[one])
            if self.choices.aggregate:
                prepared = prepared.aggregated(framework)
            self._prepared[combination] = prepared.settled({node.code: node.weight for node in framework.nodes})
        return self._prepared[combination]

    def _indicators(self, methods: Combination, table: Any = None) -> Prepared:
        """Return the indicators under one choice of methods, from another table if one is given."""
        options = [option[one] for option, one in zip(self._options(), methods, strict=False)]
        table = options.pop() if table is None else table
        kinds = dict(zip(("impute", "treat", "normalise"), options, strict=False))
        stated = {kind: text for kind, text in kinds.items() if text}
        prepared = self.assessment.prepared
        if not stated and (table is None or table is prepared.inputs.indicators):
            return replace(prepared, framework=self.assessment.framework)
        inputs = prepared.inputs
        inputs = inputs if table is None else replace(inputs, indicators=table.reindex(self.assessment.units))
        return prepare_inputs(inputs, _stated(self.assessment.framework, stated))


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


def _nodes(key: str | tuple[str, ...]) -> str:
    codes = "+".join(key) if isinstance(key, tuple) else key
    return f":{codes}" if codes else ""


def _aggregated(framework: Framework, key: str | tuple[str, ...], text: str) -> Framework:
    if not key:
        return framework.with_methods(override=True, aggregate=text)
    codes = key if isinstance(key, tuple) else (key,)
    nodes = tuple(replace(node, aggregate=text) if node.code in codes else node for node in framework.nodes)
    return replace(framework, nodes=nodes)


def _stated(framework: Framework, methods: Mapping[str, str | Mapping[str, str]]) -> Framework:
    """Return the framework with other methods for indicators; the scales of nodes with parts stay."""
    leaves = {node.code for node in framework.indicators}
    for kind, text in methods.items():
        by_node = dict.fromkeys(leaves, "") if isinstance(text, str) else dict(text)
        changes: dict[str, Any] = {code: {kind: method} for code, method in by_node.items()}
        nodes = tuple(replace(one, **changes[one.code]) if one.code in changes else one for one in framework.nodes)
        whole: dict[str, Any] = {kind: text} if isinstance(text, str) else {}
        framework = replace(framework, nodes=nodes, **whole)
    return framework
