"""The doubts about the indicators of communes: their errors and who shares them, half-distances, methods.

The only place that says how wrong a figure may be (:class:`Assumptions`); ``docs/scoring.md`` has the same as a
table, with the reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from geo.datasets import spec
from geo.layers import indicators
from geo.layers.indicators import IndicatorTable, Sources
from geo.units import crosswalk
from models.briefing import tuned
from models.index.framework import Framework
from models.index.prepared import steps_of
from models.robustness.choices import Choices

SPREADS: Mapping[str, float] = {"observed": 0.0, "reported": 0.05, "modelled": 0.25, "synthetic": 0.5}
"""Standard deviation of a value by its quality, as a share of the value."""
FACTORS = (0.5, 0.5**0.5, 1.0, 2**0.5, 2.0)
"""What half-distances are multiplied by, from the shortest to the longest."""
LOGARITHM = "log10(1+"
"""How the unit of an indicator begins that is the logarithm of a figure and one."""
PROXIMITY, PER_CENT = (0.0, 1.0), (0.0, 100.0)
RESOLUTIONS = ("commune", "old_district", "province", "region")
"""From the finest to the coarsest; the labels of those who share a figure are in :func:`sharing`."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed about doubts; it is stated with every result.

    Parameters
    ----------
    spreads
        Standard deviation of a value by its quality, as a share of the value.
    factors
        What half-distances are multiplied by: an odd number, 1 in the middle.
    concentration
        Of the weights, see :func:`models.robustness.uncertainty.uncertainty`.
    imputed
        Whether values filled in carry an error: the distance of the known values from what was filled in.
    methods
        Whether the ways to normalise and to bring parts together vary.
    """

    spreads: Mapping[str, float] = field(default_factory=lambda: dict(SPREADS))
    factors: Sequence[float] = FACTORS
    concentration: float = 50.0
    imputed: bool = True
    methods: bool = True

    def stated(self) -> dict[str, str]:
        """Return the assumptions as text, to be stated with results.

        Examples
        --------
        >>> Assumptions().stated()["spreads"]
        'observed=0,reported=0.05,modelled=0.25,synthetic=0.5'
        """
        texts = {"spreads": ",".join(f"{quality}={share:g}" for quality, share in self.spreads.items())}
        texts["factors"] = "|".join(f"{factor:.3g}" for factor in self.factors)
        rest = {name: value for name, value in asdict(self).items() if name not in texts}
        return texts | {
            name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in rest.items()
        }


def doubts(
    framework: Framework, table: IndicatorTable, sources: Sources, assumptions: Assumptions | None = None
) -> Choices:
    """Return what could as well be so, for :func:`models.robustness.uncertainty.uncertainty` and sensitivity.

    Parameters
    ----------
    framework
        Indicators with their operations.
    table
        The indicators as they are.
    sources
        What they are computed from.
    assumptions
        How wrong they may be.
    """
    assumed = assumptions or Assumptions()
    return Choices(
        normalise=normalisations(framework) if assumed.methods else (),
        aggregate=aggregations(framework) if assumed.methods else {},
        tables=half_distances(framework, table, sources, assumed.factors),
        mixed=True,
        errors=errors(table, assumed.spreads, sources),
        imputed=assumed.imputed,
        sharing=sharing(table, sources),
        figures=figures(table),
        limits=limits(table),
    )


def half_distances(
    framework: Framework, table: IndicatorTable, sources: Sources, factors: Sequence[float] = FACTORS
) -> tuple[pd.DataFrame, ...]:
    """Return the table of indicators once for each factor of all half-distances; () if there are none."""
    distances = {}
    for node in framework.indicators:
        operation = node.facts.get("operation", "")
        for name, value in (spec.parse(operation)[1] if operation else {}).items():
            if name.startswith("half_distance") and isinstance(value, float):
                distances[f"{node.code}.{name}"] = value
    if not distances:
        return ()
    codes = list(dict.fromkeys(name.partition(".")[0] for name in distances))
    tables = []
    for factor in factors:
        if factor == 1:
            tables.append(table.values)
            continue
        changed = tuned(framework, {name: value * factor for name, value in distances.items()})
        rows = changed.table.set_index("code").loc[codes]
        tables.append(table.values.assign(**indicators.build(rows, sources).values))
    return tuple(tables)


def errors(
    table: IndicatorTable, spreads: Mapping[str, float] = SPREADS, sources: Sources | None = None
) -> pd.DataFrame:
    """Return the standard deviation of every value, communes x indicators, in the unit of the indicator.

    A share of the value by quality. Of per cent, a share of what is nearer, none or all: who has not 99 of a hundred
    has the hundredth. Of what can be negative, a share of the spread between communes, for a value near 0 is not
    thereby sure. The mean of several years of a statistic has the error that these years show, if sources are given
    (:func:`measured`).

    Examples
    --------
    >>> values, quality = pd.DataFrame({"a": [10.0, 20.0]}), pd.DataFrame({"a": ["observed", "modelled"]})
    >>> errors(IndicatorTable(values, quality, pd.DataFrame()))["a"].tolist()
    [0.0, 5.0]
    """
    deviations = {}
    for code in table.values.columns:
        values = table.values[code].astype(float)
        share = table.quality[code].astype(object).map(spreads).astype(float)
        size = values.abs()
        if _ends(table, code) == PER_CENT:
            size = np.minimum(values, PER_CENT[1] - values).clip(lower=0)
        elif _unit(table, code).startswith(LOGARITHM):
            size = (1 - 10 ** -values.clip(lower=0)) / np.log(10)
        elif values.min() < 0:
            size = pd.Series(values.std(), index=values.index)
        deviations[code] = (size * share).fillna(0.0)
        measure = None if sources is None else measured(str(table.facts.loc[code, "operation"]), sources)
        if measure is not None:
            deviations[code] = measure.reindex(values.index).fillna(deviations[code]).where(values.notna(), 0.0)
    return pd.DataFrame(deviations, index=table.values.index)


def measured(operation: str, sources: Sources) -> pd.Series | None:
    """Return the standard error, by commune, of a statistic that is the mean of several years; None if it is none.

    The deviations of the years from their mean, without what changed in the whole nation, over the root of their
    number, for all provinces together: three years say too little about one. A change that is real counts as an error
    too. Where rates cannot be negative their variance grows with the rate, as that of a sample does.
    """
    name, parameters = spec.parse(operation)
    if name != "province":
        return None
    since, until = (float(str(parameters.get(end, year))) for end, year in (("since", 2022), ("until", 2024)))
    rows = sources.statistics
    rows = rows[(rows["indicator"] == parameters.get("indicator")) & (rows["level"] == "old_province")]
    rows = rows[rows["year"].astype(int).between(since, until)]
    years = rows.pivot_table(index="old_province_code", columns="year", values="value")
    count, mean = years.notna().sum(axis=1), years.mean(axis=1)
    apart = years - years.median()
    variance = (apart.var(axis=1, ddof=1) / count).mean()
    if not variance > 0:
        return None
    steady = mean.min() >= 0
    spread = np.sqrt(variance * mean / mean.mean()) if steady else pd.Series(np.sqrt(variance), index=mean.index)
    return sources.old_province.map(spread)


def sharing(table: IndicatorTable, sources: Sources) -> pd.DataFrame:
    """Return who carries one figure: labels, communes x indicators; missing where a figure is the commune's own."""
    old = sources.old_province
    labels = {
        "old_district": crosswalk.main_old_district().reindex(old.index),
        "province": old,
        "region": old.map(sources.regions["region_code"]),
    }
    own = pd.Series(pd.NA, index=old.index, dtype=object)
    columns = {code: labels.get(resolution(table, code), own) for code in table.values.columns}
    return pd.DataFrame(columns, index=old.index)


def resolution(table: IndicatorTable, code: str) -> str:
    """Return at which of :data:`RESOLUTIONS` an indicator is known, as its facts say; ``commune`` if they do not."""
    stated = str(table.facts.get("resolution", {}).get(code, "")).strip().lower().replace(" ", "_")
    return stated if stated in RESOLUTIONS else RESOLUTIONS[0]


def figures(table: IndicatorTable) -> dict[str, str]:
    """Return, by indicator, the first that has the same values wherever both have one: they are one figure.

    A pathway may leave communes out of a figure that another takes for all.

    Examples
    --------
    >>> values = pd.DataFrame({"poverty": [3.0, 8.0], "far": [1.0, 2.0], "poverty_here": [None, 8.0]})
    >>> figures(IndicatorTable(values, values, pd.DataFrame()))
    {'poverty': 'poverty', 'far': 'far', 'poverty_here': 'poverty'}
    """
    firsts: dict[str, str] = {}
    columns = {str(code): values.to_numpy(dtype=float) for code, values in table.values.items()}
    for code in sorted(columns, key=lambda one: np.isnan(columns[one]).sum()):
        values = columns[code]
        for first in dict.fromkeys(firsts.values()):
            both = np.isfinite(values) & np.isfinite(columns[first])
            if both.any() and np.array_equal(values[both], columns[first][both]):
                firsts[code] = first
                break
        firsts.setdefault(code, code)
    return {code: firsts[code] for code in columns}


def limits(table: IndicatorTable) -> dict[str, tuple[float, float]]:
    """Return the least and the greatest value there can be, for proximities (0 to 1) and per cent."""
    ends_by_code = {code: _ends(table, code) for code in table.values.columns}
    return {code: ends for code, ends in ends_by_code.items() if ends is not None}


def normalisations(framework: Framework) -> tuple[dict[str, str], ...]:
    """Return the ways to normalise, by indicator: as given, and with percentiles in the place of min-max.

    On the same scale. Goalposts and bands say what much and little is and are not in doubt; nor are percentiles,
    which are there where the ends of the values say nothing.
    """
    other = {}
    for node in framework.indicators:
        method = framework.method("normalise", node.code)
        if node.code in framework.active and method.name == "minmax":
            other[node.code] = f"percentile:low={method.settings['low']:g},high={method.settings['high']:g}"
    return ({}, other) if other else ()


def aggregations(framework: Framework) -> dict[str | tuple[str, ...], tuple[str, ...]]:
    """Return, for nodes that bring their parts together in one way, how they could as well: means of near-by orders.

    Arithmetic (order 1) and geometric (order 0) nodes go half of the way to the other; a mean of an order of 2 or
    more one step to either side. What a node is a mean of is its definition and not in doubt. Nodes that use one
    method change together.
    """
    nodes: dict[str, list[str]] = {}
    for step in steps_of(framework, 2):
        parts = [part for part in framework.children(step.node.code) if part.weight > 0]
        if step.node.code in framework.active and len(parts) > 1 and step.lowest >= 0:
            nodes.setdefault(str(step.method), []).append(step.node.code)
    alternatives: dict[str | tuple[str, ...], tuple[str, ...]] = {}
    for text, codes in nodes.items():
        method = framework.method("aggregate", codes[0])
        if method.name in ("arithmetic", "geometric"):
            alternatives[tuple(sorted(codes))] = (text, "generalised:p=0.5")
        elif method.name == "generalised" and (p := method.settings["p"]) >= 2:
            alternatives[tuple(sorted(codes))] = tuple(f"generalised:p={order:g}" for order in (p - 1, p, p + 1))
    return alternatives


def _ends(table: IndicatorTable, code: str) -> tuple[float, float] | None:
    """Return the least and the greatest value of a proximity or of per cent, if all values lie within."""
    operation = str(table.facts.get("operation", {}).get(code, ""))
    ends = PROXIMITY if operation.partition(":")[0].endswith("proximity") else None
    ends = PER_CENT if _unit(table, code).startswith("%") else ends
    values = table.values[code]
    return ends if ends is not None and values.min() >= ends[0] and values.max() <= ends[1] + 1e-9 else None


def _unit(table: IndicatorTable, code: str) -> str:
    for column in ("unit_en", "unit"):
        if unit := str(table.facts.get(column, {}).get(code, "")).strip():
            return unit
    return ""
