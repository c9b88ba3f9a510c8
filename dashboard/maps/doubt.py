"""How sure the map is: hatched where other weights and figures put a commune now into the highest class, now not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps.legend import Row, Section, Symbol

PAPER, INK = "#f4f1ea", "#7f8a90"


def message(unsure: pd.Series) -> dict[str, Any]:
    """Return a digit per commune in the order of the geometry file, 1 where it is hatched.

    Examples
    --------
    >>> message(pd.Series([False, True, False]))
    {'hatched': '010'}
    """
    return {"hatched": "".join(map(str, unsure.astype(int)))}


def elsewhere(legend: Section, text: Texts) -> Section:
    """Return the legend of the colours with the remark that doubts are drawn province by province."""
    return replace(legend, note=f"{legend.note}. {text('doubt.elsewhere')}")


def with_doubt(legend: Section, unsure: pd.Series, text: Texts) -> Section:
    """Return the legend of the colours with a row that says what hatching means."""
    row = Row(Symbol("fill", PAPER, INK, hatched=True), text("doubt.hatched"), text.number(int(unsure.sum())))
    return replace(legend, rows=(*legend.rows, row), note=f"{legend.note}. {text('doubt.note')}")
