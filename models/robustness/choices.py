"""The alternatives draws choose from: other methods, other tables, values that differ as much as errors allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Choices:
    """What could as well have been chosen; each draw takes one of each with equal chance.

    Parameters
    ----------
    impute, treat, normalise
        Methods as text, for all indicators, or by indicator for some; empty keeps the framework's. What nodes with
        parts state stays.
    aggregate
        By node, or by several nodes that change together, methods as text; the key ``""`` stands for all nodes.
    tables
        Other tables of the same indicators, for example with other half-distances; empty keeps the given one.
    mixed
        The tables are steps of one parameter, from the least to the greatest, the given one in the middle, and each
        figure takes its own: half of the way from the middle is common to all figures, half is a figure's own.
    errors
        Units x indicators, the standard deviation of each value in the unit of the indicator; 0 or NaN is exact.
        In another table a value keeps its relative error. Missing values stay missing.
    imputed
        Whether what was filled in differs from the truth as much as the values that are known differ from it.
    sharing
        Units x indicators: units with the same label carry one figure, and so one error; where the label is missing
        the error is the unit's own.
    figures
        By indicator, the name of the figure it is made from: indicators of one figure share its error. An indicator
        that is not named is a figure of its own.
    limits
        By indicator, the least and the greatest value there can be. Without them, values nowhere negative stay so.
    weights
        Whether weights vary.
    """

    impute: Sequence[str | Mapping[str, str]] = ()
    treat: Sequence[str | Mapping[str, str]] = ()
    normalise: Sequence[str | Mapping[str, str]] = ()
    aggregate: Mapping[str | tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    tables: Sequence[pd.DataFrame] = ()
    mixed: bool = False
    errors: pd.DataFrame | None = None
    imputed: bool = False
    sharing: pd.DataFrame | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    weights: bool = True

    @property
    def erring(self) -> bool:
        """Whether values differ from draw to draw."""
        return self.errors is not None or self.imputed

    @property
    def stepping(self) -> bool:
        """Whether figures take tables of their own."""
        return self.mixed and len(self.tables) > 1
