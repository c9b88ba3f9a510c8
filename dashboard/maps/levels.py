"""Communes coloured by their class of risk in an area: the classes and the words of the lists, the scale named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.maps import choropleth, palette
from dashboard.maps.choropleth import Classes
from dashboard.maps.legend import Row, Section, Symbol
from dashboard.scenario.area import LEVELS, Area

RAMP = "risk"
DIGITS = 1
OUTLINE = "#7f8a90"


def classes(scores: pd.Series, levels: pd.Series) -> Classes:
    """Return the classes of the map from the classes of the area, 1 to 5; both by commune.

    Examples
    --------
    >>> found = classes(pd.Series([10.0, 20.0, None]), pd.Series([1, 5, pd.NA], dtype="Int64"))
    >>> found.number.tolist(), found.counts()
    ([0, 4, -1], [1, 0, 0, 0, 1])
    """
    number = levels.fillna(0).astype(int) - 1
    if not (number >= 0).any():
        return Classes(number, ())
    upper = scores.groupby(number).max().reindex(range(LEVELS)).cummax().bfill()
    return Classes(number, (float(scores.min()), *map(float, upper)))


def message(scores: pd.Series, shown: Classes, area: Area) -> dict[str, Any]:
    """Return what colours the map and names the class in the tooltip; in the order of the geometry file."""
    drawn = choropleth.message(scores, shown, RAMP, DIGITS)
    names = [first_upper(area.level(level)) for level in range(1, shown.count + 1)]
    return drawn | {"labels": [*names, area.text("map.no_data")]}


def legend(scores: pd.Series, shown: Classes, area: Area) -> Section:
    """Return the legend: the highest class first, by name and scores, with the number of its communes."""
    text = area.text
    rows = []
    for place in np.flatnonzero(shown.counts())[::-1]:
        name = first_upper(text(f"level.{place + 1}"))
        span = choropleth.span(scores[shown.number == place], DIGITS, text)
        fill = Symbol("fill", choropleth.colours(shown, RAMP)[place], OUTLINE)
        rows.append(Row(fill, f"{name}: {span}", text.number(shown.counts()[place])))
    if shown.missing():
        rows.append(Row(Symbol("fill", palette.NO_DATA, OUTLINE), text("map.no_data"), text.number(shown.missing())))
    return Section("choropleth", area.say("levels"), tuple(rows), area.say("fifths"))


def first_upper(words: str) -> str:
    """Return words that begin with a capital letter.

    Examples
    --------
    >>> first_upper("rất cao")
    'Rất cao'
    """
    return words[:1].upper() + words[1:]
