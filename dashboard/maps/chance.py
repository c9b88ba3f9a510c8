"""Communes coloured by how likely they are in the highest class of their province: four steps with names."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import choropleth, levels, palette
from dashboard.maps.choropleth import Classes
from dashboard.maps.legend import Row, Section, Symbol

STEPS = (0.0, 20.0, 50.0, 80.0, 100.0)
"""Percent; a chance on an edge belongs to the step above it."""
RAMP = "dimension"


def classes(percent: pd.Series) -> Classes:
    """Return the step of each commune, 0 to 3; -1 where nothing has been computed.

    Examples
    --------
    >>> classes(pd.Series([0.0, 20.0, 79.9, 100.0, None])).number.tolist()
    [0, 1, 2, 3, -1]
    """
    number = pd.cut(percent.astype(float), [*STEPS[:-1], STEPS[-1] + 1], right=False, labels=False)
    return Classes(number.fillna(-1).astype(int), STEPS)


def message(percent: pd.Series, text: Texts) -> dict[str, Any]:
    """Return what colours the map and names the step in the tooltip; in the order of the geometry file."""
    drawn = choropleth.message(percent, classes(percent), RAMP, 0)
    names = [levels.first_upper(text(f"chance.{step}")) for step in range(len(STEPS) - 1)]
    return drawn | {"labels": [*names, text("map.no_data")]}


def legend(percent: pd.Series, text: Texts) -> Section:
    """Return the legend: the surest first, by name and percent, with the number of communes."""
    shown = classes(percent)
    names = [levels.first_upper(text(f"chance.{step}")) for step in range(len(STEPS) - 1)]
    ends = [f"{low:g}–{high:g}" for low, high in itertools.pairwise(STEPS)]
    colours = choropleth.colours(shown, RAMP)
    rows = [
        Row(
            Symbol("fill", colour, levels.OUTLINE),
            text("chance.row", name=name, percent=between),
            text.number(count),
        )
        for colour, name, between, count in zip(colours, names, ends, shown.counts(), strict=True)
    ][::-1]
    if shown.missing():
        fill = Symbol("fill", palette.NO_DATA, levels.OUTLINE)
        rows.append(Row(fill, text("map.no_data"), text.number(shown.missing())))
    return Section("choropleth", text("chance.title"), tuple(rows), text("chance.note"))
