"""The inputs of an assessment: checked, divided by denominators and filled in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from models.index.framework import Framework
from models.index.impute import Context


@dataclass(frozen=True)
class Inputs:
    """What an assessment starts from.

    Parameters
    ----------
    indicators
        Units x indicators, numbers, NaN where missing; further columns may serve as denominators.
    groups
        The group (province) of each unit, text.
    facts
        Further columns about the units, text, for methods that ask for a column.
    neighbours
        A sparse matrix units x units, above zero where two units touch.
    parents
        Values known for the groups, groups x indicators.
    comparisons
        Pairs of nodes (``first, second, value``) for weights by comparison.
    """

    indicators: pd.DataFrame
    groups: pd.Series | None = None
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    neighbours: Any = None
    parents: pd.DataFrame | None = None
    comparisons: pd.DataFrame | None = None


def checked(inputs: Inputs, framework: Framework) -> Inputs:
    """Return inputs that fit together and the framework; faults are errors that name columns and units."""
    table = inputs.indicators
    codes = [node.code for node in framework.indicators]
    columns = ", ".join(map(str, table.columns))
    if missing := [code for code in codes if code not in table.columns]:
        raise InputError("framework.indicator_unknown", missing, columns=columns)
    if not len(table):
        raise InputError("tables.empty", path="")
    if doubled := sorted(map(str, table.index[table.index.duplicated()])):
        raise InputError("tables.unit_doubled", doubled, path="", column=table.index.name or "–")
    kinds = zip(codes, table[codes].dtypes, strict=True)
    wrong = [code for code, kind in kinds if not pd.api.types.is_numeric_dtype(kind)]
    if wrong:
        raise InputError("tables.not_numbers", wrong, path="", count=len(wrong))
    if np.isinf(table[codes].to_numpy(dtype=float)).any():
        raise InputError("tables.not_numbers", ["inf"], path="", count=1)
    groups = None if inputs.groups is None else named(inputs.groups.reindex(table.index))
    return dataclasses.replace(inputs, indicators=table, groups=groups, facts=inputs.facts.reindex(table.index))


def named(groups: pd.Series) -> pd.Series:
    """Return the groups of units, missing where the cell is empty: units without a group are none."""
    return groups.replace(r"^\s*$", np.nan, regex=True)


def denominated(inputs: Inputs, framework: Framework) -> pd.DataFrame:
    """Return units x indicators, divided by their denominators; a denominator of 0 or none leaves nothing."""
    columns = {}
    table = inputs.indicators[[node.code for node in framework.indicators]].to_numpy(dtype=float)
    for node, values in zip(framework.indicators, table.T.copy(), strict=True):
        if node.denominator:
            source = inputs.indicators if node.denominator in inputs.indicators.columns else inputs.facts
            if node.denominator not in source.columns:
                names = ", ".join(map(str, inputs.indicators.columns))
                raise InputError("tables.column_missing", path="", column=node.denominator, columns=names)
            below = pd.to_numeric(source[node.denominator], errors="coerce").to_numpy(dtype=float)
            values = np.divide(values, below, out=np.full(len(values), np.nan), where=below != 0)
        columns[node.code] = values
    return pd.DataFrame(columns, index=inputs.indicators.index)


def imputed(inputs: Inputs, framework: Framework, raw: pd.DataFrame) -> pd.DataFrame:
    """Return units x indicators with missing values filled in as the framework says."""
    counting = raw[[node.code for node in framework.indicators if node.code in framework.active]]
    filled = {}
    for node, values in zip(framework.indicators, raw.to_numpy(dtype=float).T.copy(), strict=True):
        context = Context(node.code, counting, inputs.groups, inputs.facts, inputs.neighbours, inputs.parents)
        filled[node.code] = framework.method("impute", node.code)(values, context)
    return pd.DataFrame(filled, index=raw.index)
