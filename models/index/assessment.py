"""The assessment, one chain that everybody calls: indicators and a framework in, scores, ranks and classes out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import RiskmapError
from models.index.framework import Framework
from models.index.prepared import Prepared, Weights, parts_of, prepare
from models.index.weight import effective

Values = NDArray[np.float64]


class Finding(RiskmapError):
    """Something one should know about an assessment; it is collected, not raised."""


@dataclass(frozen=True)
class Assessment:
    """Scores of all units at all nodes, and how they came about.

    Parameters
    ----------
    prepared
        The normalised indicators and the way to the root.
    framework
        The tree with the weights that were used.
    values
        Nodes x units in the order of :attr:`Framework.order`.
    """

    prepared: Prepared
    framework: Framework
    values: Values

    @property
    def units(self) -> pd.Index:
        """Return the labels of the units."""
        return self.prepared.units

    @property
    def groups(self) -> pd.Series | None:
        """Return the group of each unit, if groups were given."""
        return self.prepared.inputs.groups

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Return units x nodes, in the order of the framework: what each node hands to its parent.

        Scores of indicators are their normalised values. NaN means not scored: too little is known.
        """
        rows = {node.code: row for row, node in enumerate(self.framework.order)}
        codes = [node.code for node in self.framework.nodes]
        return pd.DataFrame(self.values[[rows[code] for code in codes]].T, index=self.units, columns=codes)

    @property
    def score(self) -> pd.Series:
        """Return the score of the root by unit."""
        return self.scores[self.framework.root.code]

    @property
    def normalised(self) -> pd.DataFrame:
        """Return the normalised indicators, units x indicators."""
        return self.prepared.normalised

    @property
    def imputed(self) -> pd.DataFrame:
        """Return units x indicators: True where a missing value was filled in."""
        return self.prepared.imputed

    @cached_property
    def missing(self) -> pd.DataFrame:
        """Return units x indicators that count: True where there is no value, not even an imputed one."""
        active = [node.code for node in self.framework.indicators if node.code in self.framework.active]
        return self.normalised[[code for code in active if code not in self.useless]].isna()

    @cached_property
    def useless(self) -> tuple[str, ...]:
        """Return the indicators whose normalisation finds no difference between units; they do not count."""
        rows = self.prepared.rows
        return tuple(node.code for node in self.framework.indicators if self.prepared.useless[rows[node.code]])

    @cached_property
    def rank(self) -> pd.Series:
        """Return the rank of each unit, 1 for the highest score; equal scores share the best rank."""
        return ranks(self.score).rename("rank")

    @cached_property
    def rank_in_group(self) -> pd.Series:
        """Return the rank of each unit in its group; without groups, among all."""
        if self.groups is None:
            return self.rank.rename("rank_in_group")
        return even(self.score).groupby(self.groups).rank(ascending=False, method="min").astype("Int64")

    @cached_property
    def class_edges(self) -> tuple[float, ...]:
        """Return the scores at which the next class begins: equal numbers of units in each class."""
        scores = self.score.dropna().to_numpy()
        if not len(scores):
            return ()
        steps = np.arange(1, self.framework.classes) / self.framework.classes
        return tuple(float(edge) for edge in np.quantile(scores, steps))

    @cached_property
    def classes(self) -> pd.Series:
        """Return the class of each unit from 1 (lowest) up; a score on an edge belongs to the class above it."""
        return classify(self.score, self.class_edges)

    @cached_property
    def classes_in_group(self) -> pd.Series:
        """Return the class of each unit within its group: equal numbers of the group's units in each class."""
        if self.groups is None:
            return self.classes
        steps = np.arange(1, self.framework.classes) / self.framework.classes
        classes = pd.Series(pd.NA, index=self.units, dtype="Int64", name="class_in_group")
        for _, scores in even(self.score).dropna().groupby(self.groups):
            classes[scores.index] = classify(scores, tuple(np.quantile(scores, steps)))
        return classes

    @cached_property
    def effective_weights(self) -> pd.DataFrame:
        """Return by node what its weight really does to its parent: nominal share, correlation, influence, level."""
        prepared = self.prepared
        weights = prepared.used(np.array([node.weight for node in self.framework.order]))
        tables = []
        for step in reversed(prepared.steps):
            rows = np.arange(step.first, step.last)
            rows = rows[weights[rows] > 0]
            if len(rows):
                parts = parts_of(prepared, step, rows, weights, self.values)
                power = {"arithmetic": 1.0}.get(step.method.name, step.method.settings.get("p"))
                power = power if power is not None and power > 0 else None
                tables.append(effective(parts, self.values[step.row], power).assign(parent=step.node.code))
        return pd.concat(tables)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return what one should know: indicators that say nothing, units not scored, values missing or imputed."""
        findings = []
        if vain := self.framework.without_effect:
            findings.append(Finding("assessment.without_effect", vain))
        blank = [code for code in self.prepared.constant if self.prepared.filled[code].isna().all()]
        if blank:
            findings.append(Finding("assessment.empty", blank))
        if alike := [code for code in self.prepared.constant if code not in blank]:
            findings.append(Finding("assessment.constant", alike))
        if self.prepared.weighed:
            shares = [f"{node.code}: {node.weight:.3g}" for node in self.framework.nodes if node.parent]
            findings.append(Finding("assessment.weighed", shares, method=self.prepared.weighed))
        if not_scored := list(self.units[self.score.isna()]):
            if self.framework.availability:
                share = f"{self.framework.availability:.0%}"
                findings.append(Finding("assessment.not_scored", not_scored, count=len(not_scored), share=share))
            else:
                findings.append(Finding("assessment.nothing_known", not_scored, count=len(not_scored)))
        partial = self.missing.any(axis=1) & self.score.notna()
        if partial.any():
            findings.append(Finding("assessment.partial", self.units[partial], count=int(partial.sum())))
        if self.imputed.to_numpy().any():
            counts = self.imputed.sum()
            rows = [f"{code}: {count}" for code, count in counts[counts > 0].items()]
            findings.append(Finding("assessment.imputed", rows, count=int(counts.sum())))
        treated = {code: one for code, one in self.prepared.treatments.items() if one.done != "none" and one.points}
        if treated:
            rows = [f"{code}: {one.done} ({one.points})" for code, one in treated.items()]
            findings.append(Finding("assessment.treated", rows, count=len(treated)))
        return (*findings, *self._findings_of_scales())

    def _findings_of_scales(self) -> list[Finding]:
        """Return what one should know of the scales that parts are on, and of groups."""
        findings = []
        for step in self.prepared.steps:
            zeroed = self._zeroed(step.first, step.last, step.row) if step.method.name in ZERO_WINS else 0
            if zeroed:
                findings.append(
                    Finding("assessment.zeros", node=step.node.code, count=zeroed, method=step.method.name)
                )
        steps = [step for step in self.prepared.steps if step.mixed and step.node.code in self.framework.active]
        if steps:
            findings.append(Finding("assessment.mixed_scales", [step.node.code for step in steps]))
        if cut := self._cut():
            rows = [f"{code}: {count}" for code, count in cut.items()]
            findings.append(Finding("assessment.goalposts_cut", rows, count=sum(cut.values())))
        if self.groups is not None and (alone := list(self.units[self.groups.isna()])):
            findings.append(Finding("assessment.no_group", alone, count=len(alone)))
        return findings

    def _cut(self) -> dict[str, int]:
        """Return how many values of each indicator lie outside the goalposts they are measured between."""
        outside: dict[str, int] = {}
        for node in self.framework.indicators:
            method = self.framework.method("normalise", node.code)
            if method.name == "goalposts" and method.settings["cut"] and node.code in self.framework.active:
                values = self.prepared.filled[node.code]
                count = int(((values < method.settings["low"]) | (values > method.settings["high"])).sum())
                outside |= {node.code: count} if count else {}
        return outside

    def _zeroed(self, first: int, last: int, row: int) -> int:
        return int(((self.values[first:last] == 0).any(axis=0) & (self.values[row] == 0)).sum())


ZERO_WINS = ("geometric", "harmonic")


def assess(
    indicators: pd.DataFrame, framework: Framework, groups: pd.Series | None = None, **more: Any
) -> Assessment:
    """Run the whole chain: denominate, impute, treat, normalise, weigh, aggregate.

    Parameters
    ----------
    indicators
        Units x indicators, numbers, NaN where missing.
    framework
        The tree, its weights and methods.
    groups
        The group (province) of each unit: for ranks within it and for imputing.
    more
        ``facts``, ``neighbours``, ``parents``: see :class:`models.index.prepared.Inputs`.

    Raises
    ------
    InputError
        ``framework.indicator_unknown``, ``tables.*``, ``methods.*``, ``aggregate.*``.

    Examples
    --------
    >>> from models.index.framework import Node
    >>> tree = Framework((Node("risk"), Node("a", parent="risk"), Node("b", parent="risk", direction=-1)))
    >>> table = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.0, 5.0, 10.0]}, index=["x", "y", "z"])
    >>> assess(table, tree).score.to_dict()
    {'x': 50.0, 'y': 50.0, 'z': 50.0}
    """
    return score(prepare(indicators, framework, groups, **more))


def score(prepared: Prepared, weights: Weights = None) -> Assessment:
    """Score prepared indicators, with the weights of the framework or others."""
    values = prepared.scores(weights)
    if weights is None:
        return Assessment(prepared, prepared.framework, values)
    used = prepared.weights_of(weights)
    changes = {code: float(used[row]) for code, row in prepared.rows.items() if used[row] != prepared.weights[row]}
    return Assessment(prepared, prepared.framework.with_weights(changes), values)


def even(scores: pd.Series) -> pd.Series:
    """Return scores without the last digits, so that rounding does not break ties (12 digits of the largest)."""
    largest = float(np.nanmax(np.abs(scores.to_numpy()), initial=0.0))
    return scores if largest == 0 else (scores / largest).round(12)


def ranks(scores: pd.Series) -> pd.Series:
    """Rank scores from 1 for the highest; equal scores share the best rank, NaN has none.

    Examples
    --------
    >>> ranks(pd.Series([3.0, 5.0, 5.0, np.nan])).tolist()
    [3, 1, 1, <NA>]
    """
    return even(scores).rank(ascending=False, method="min").astype("Int64")


def classify(scores: pd.Series, edges: tuple[float, ...]) -> pd.Series:
    """Return classes from 1 up; a score on an edge belongs to the class above it, NaN to none.

    Examples
    --------
    >>> classify(pd.Series([1.0, 2.0, np.nan]), (2.0,)).tolist()
    [1, 2, <NA>]
    """
    classes = pd.Series(np.searchsorted(np.array(edges), scores.to_numpy(), side="right") + 1, index=scores.index)
    return classes.astype("Int64").where(scores.notna()).rename("class")
