"""What is in doubt about the indicators themselves: their half-distances, and values that are only modelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from geo import spec
from geo.indicators import IndicatorTable, Sources
from models.briefing import indicator_table, tuned
from models.draws import Choices
from models.framework import Framework

SPREADS: Mapping[str, float] = {"observed": 0.0, "reported": 0.05, "modelled": 0.25, "synthetic": 0.5}
"""Standard deviation of a value by its quality, as a share of the value: an assumption, to be stated with results."""


def doubts(
    framework: Framework,
    table: IndicatorTable,
    sources: Sources,
    *,
    factors: Sequence[float] = (0.5, 1.0, 2.0),
    spreads: Mapping[str, float] = SPREADS,
) -> Choices:
    """Return what could as well be so, for :func:`models.uncertainty.uncertainty` and sensitivity.

    Parameters
    ----------
    framework
        Indicators with their operations.
    table
        The indicators as they are.
    sources
        What they are computed from.
    factors
        What all half-distances are multiplied by, one after the other.
    spreads
        The standard deviation of a value by its quality, as a share of the value.
    """
    return Choices(tables=half_distances(framework, table, sources, factors), errors=errors(table, spreads))


def half_distances(
    framework: Framework, table: IndicatorTable, sources: Sources, factors: Sequence[float]
) -> tuple[pd.DataFrame, ...]:
    """Return the table of indicators once for each factor of all half-distances; () if there are none."""
    given = {}
    for node in framework.indicators:
        operation = node.facts.get("operation", "")
        parameters = spec.parse(operation)[1] if operation else {}
        if isinstance(value := parameters.get("half_distance_km"), float):
            given[f"{node.code}.half_distance_km"] = value
    if not given:
        return ()
    tables = []
    for factor in factors:
        changed = {name: value * factor for name, value in given.items()}
        tables.append(table.values if factor == 1 else indicator_table(tuned(framework, changed), sources).values)
    return tuple(tables)


def errors(table: IndicatorTable, spreads: Mapping[str, float] = SPREADS) -> pd.DataFrame:
    """Return the standard deviation of every value, communes x indicators, in the unit of the indicator.

    Examples
    --------
    >>> values, quality = pd.DataFrame({"a": [10.0, 20.0]}), pd.DataFrame({"a": ["observed", "modelled"]})
    >>> errors(IndicatorTable(values, quality, pd.DataFrame()))["a"].tolist()
    [0.0, 5.0]
    """
    shares = table.quality.apply(lambda column: column.astype(object).map(spreads)).astype(float)
    return (table.values.abs() * shares.reindex_like(table.values)).fillna(0.0)
