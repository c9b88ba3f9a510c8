"""Communes coloured by the pathway that leads: across a border in the colour of the neighbour, colours."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import categories, palette
from dashboard.maps.legend import Section
from dashboard.scenario.area import PATHWAYS, pathway_name


def kinds(leading: pd.Series, text: Texts) -> categories.Kinds:
    """Return the leading pathway of communes as kinds with a name and a colour; none where nothing is known."""
    return categories.kinds(leading, [(code, pathway_name(code, text), palette.LEADING[code]) for code in PATHWAYS])


def message(leading: pd.Series, scores: pd.Series, text: Texts) -> dict[str, Any]:
    """Return what colours the map, and the score for the tooltip; in the order of the geometry file."""
    return categories.message(kinds(leading, text), scores, text)


def legend(leading: pd.Series, text: Texts) -> Section:
    """Return the legend: pathways that lead somewhere in the area, by name, with the number of communes."""
    return categories.legend(kinds(leading, text), text("pathway.title"), text, text("pathway.note"))
