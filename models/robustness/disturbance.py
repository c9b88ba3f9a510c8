"""Errors of values for Monte Carlo, laid out so that each draw of them is quick.

An error belongs to a figure, not to a unit: communes that carry the figure of their province err together, and so do
two indicators made from one figure. Errors are drawn in the unit of the indicator, before anything is normalised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.index.framework import Node
from models.index.methods import Method
from models.index.prepared import Prepared, normalised
from models.robustness.choices import Choices
from models.robustness.compiled import buffers, scale_row

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Room:
    """Working memory of a thread: starting scores, errors, buffers of :func:`models.robustness.compiled.buffers`."""

    base: Values
    errors: Values
    work: tuple[NDArray[np.generic], ...]


@dataclass(frozen=True)
class Disturbance:
    """Starting scores, and how values may move from them.

    Parameters
    ----------
    bases
        Starting scores without errors, tables x nodes x units.
    leaves, figures
        By indicator: its row among the nodes, the number of its figure.
    moving
        The indicators with an error, as places in ``leaves``: first those the compiled loop can do.
    values, spread
        Tables x moving indicators x units: values and their standard deviations.
    labels
        Moving indicators x units: which error each value takes.
    errors
        How many errors a draw has.
    limits
        Moving indicators x 2: the least and the greatest value there can be.
    scales
        What the compiled loop does with the first of them.
    methods
        Treatment, normalisation and direction of the others.
    units
        Labels.
    """

    bases: Values
    leaves: NDArray[np.int64]
    figures: NDArray[np.int64]
    moving: NDArray[np.int64]
    values: Values
    spread: Values
    labels: NDArray[np.int64]
    errors: int
    limits: Values
    scales: Values
    methods: tuple[tuple[Method, Method, int], ...]
    units: list[str]

    @classmethod
    def of(cls, tables: Sequence[Prepared], choices: Choices, errors: pd.DataFrame) -> Disturbance:
        """Return how the values of prepared tables may move; several tables are steps of one parameter.

        Parameters
        ----------
        errors
            Units x indicators: the values that the errors were stated for.
        """
        middle = tables[len(tables) // 2]
        nodes = middle.framework.indicators
        figures = pd.factorize(np.array([choices.figures.get(node.code, node.code) for node in nodes], object))[0]
        spread = np.array([[_spread(one, errors[node.code], choices) for node in nodes] for one in tables])
        scales = [_scale(middle, node) for node in nodes]
        erring = [one for one in range(len(nodes)) if np.nan_to_num(spread[:, one]).any()]
        moving = np.array(sorted(erring, key=lambda one: scales[one] is None), dtype=np.int64)
        labels, count = _labels(middle, [nodes[one].code for one in moving], figures[moving], choices)
        methods = [_methods(middle, nodes[one]) for one in moving if scales[one] is None]
        values = np.array([one.filled.to_numpy(dtype=float).T for one in tables])
        return cls(
            np.array([one.base for one in tables]),
            np.array([middle.rows[node.code] for node in nodes], dtype=np.int64),
            figures,
            moving,
            values[:, moving],
            spread[:, moving],
            labels,
            count,
            np.array([_limits(values[:, one], nodes[one].code, choices) for one in moving]).reshape(-1, 2),
            np.array([row for one in moving if (row := scales[one]) is not None]).reshape(-1, 6),
            tuple(methods),
            middle.units.astype(str).to_list(),
        )

    def steps(self, generator: np.random.Generator) -> NDArray[np.int64]:
        """Return which table each figure takes: half of the way from the middle is common, half a figure's own."""
        ends = (len(self.bases) - 1) // 2
        common, own = ends // 2, ends - ends // 2
        size = int(self.figures.max()) + 1
        moved = generator.integers(-common, common + 1) + generator.integers(-own, own + 1, size)
        return ends + moved if len(self.bases) > 1 else np.zeros(size, np.int64)

    def room(self) -> Room:
        """Return working memory for draws."""
        return Room(np.empty(self.bases.shape[1:]), np.empty(self.errors), buffers(len(self.units), 1))

    def draw(self, generator: np.random.Generator, room: Room, steps: NDArray[np.int64] | None = None) -> Values:
        """Return starting scores (nodes x units) with values moved by their errors and normalised again.

        Parameters
        ----------
        generator
            For the errors.
        room
            Working memory; the result is in it until the next draw.
        steps
            Which table each figure takes; drawn if none are given.
        """
        from models.robustness.kernels import scaled, with_errors

        steps = self.steps(generator) if steps is None else steps
        base, errors = room.base, generator.standard_normal(out=room.errors)
        base[:] = self.bases[len(self.bases) // 2]
        if len(self.bases) > 1:
            for row, figure in zip(self.leaves, self.figures, strict=True):
                base[row] = self.bases[steps[figure], row]
        quick, rows = len(self.scales), self.leaves[self.moving]
        taken = steps[self.figures[self.moving]]
        with_errors(
            self.values, self.spread, taken, self.labels, errors, self.limits, self.scales, rows, base, room.work
        )
        for one, (treat, normalise, direction) in enumerate(self.methods, quick):
            spread = self.spread[taken[one], one] * errors[self.labels[one]]
            moved = np.clip(self.values[taken[one], one] + spread, *self.limits[one])
            base[rows[one]] = moved if treat.name == "none" else treat(moved)[0]
            if (scale := scale_row(normalise, direction)) is not None:
                scaled(base[rows[one]], np.array(scale), True, room.work)
            else:
                base[rows[one]] = normalised(normalise, base[rows[one]], direction, self.units)
        return base


def _methods(prepared: Prepared, node: Node) -> tuple[Method, Method, int]:
    framework = prepared.framework
    return framework.method("treat", node.code), framework.method("normalise", node.code), node.direction


def _scale(prepared: Prepared, node: Node) -> list[float] | None:
    treat, normalise, direction = _methods(prepared, node)
    return scale_row(normalise, direction) if treat.name == "none" else None


def _spread(prepared: Prepared, stated_for: pd.Series, choices: Choices) -> Values:
    """Return the standard deviation of each value of an indicator; 0 where it is exact or missing."""
    code = str(stated_for.name)
    filled = prepared.filled[code].to_numpy(dtype=float)
    spread = np.zeros(len(filled))
    if choices.errors is not None and code in choices.errors.columns:
        spread = np.nan_to_num(choices.errors[code].reindex(prepared.units).to_numpy(dtype=float))
        stated = np.abs(stated_for.to_numpy(dtype=float))
        relative = np.divide(np.abs(filled), stated, out=np.ones(len(filled)), where=stated > 0)
        spread = spread * np.nan_to_num(relative, nan=1.0)
    if choices.imputed:
        raw = prepared.raw[code].to_numpy(dtype=float)
        finite = raw[np.isfinite(raw)]
        filled_in = np.isnan(raw) & np.isfinite(filled)
        if len(finite) and filled_in.any():
            spread = np.where(filled_in, np.sqrt(finite.var() + (finite.mean() - filled) ** 2), spread)
    return np.where(np.isfinite(filled), spread, 0.0)


def _labels(
    prepared: Prepared, codes: Sequence[str], figures: NDArray[np.int64], choices: Choices
) -> tuple[NDArray[np.int64], int]:
    """Return which error each value takes (indicators x units), and how many errors there are."""
    labels, count = np.empty((len(codes), len(prepared.units)), np.int64), 0
    first: dict[int, int] = {}
    for indicator, (code, figure) in enumerate(zip(codes, figures.tolist(), strict=True)):
        if figure in first:
            labels[indicator] = labels[first[figure]]
            continue
        first[figure] = indicator
        shared = None if choices.sharing is None else choices.sharing.get(code)
        own = np.array([f"\0{unit}" for unit in range(len(prepared.units))], dtype=object)
        if shared is not None:
            common = shared.reindex(prepared.units)
            own = np.where(common.isna(), own, common.astype(object).to_numpy())
        numbers, distinct = pd.factorize(own)
        labels[indicator], count = numbers + count, count + len(distinct)
    return labels, count


def _limits(values: Values, code: str, choices: Choices) -> tuple[float, float]:
    if code in choices.limits:
        return choices.limits[code]
    finite = values[np.isfinite(values)]
    return (0.0 if len(finite) and finite.min() >= 0 else -np.inf), np.inf
