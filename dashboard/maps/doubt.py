"""How sure the class of a commune is: hatched where other weights and figures often put it into another class."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.area import is_false
from dashboard.locale import Texts
from dashboard.maps.legend import Row, Section, Symbol

PAPER, INK = "#f4f1ea", "#7f8a90"


def message(robust: pd.Series) -> dict[str, Any]:
    """Return a digit per commune in the order of the geometry file, 1 where it is hatched.

    Examples
    --------
    >>> message(pd.Series([True, False, None], dtype=object))
    {'hatched': '010'}
    """
    return {"hatched": "".join("1" if unsure else "0" for unsure in is_false(robust))}


def with_doubt(legend: Section, robust: pd.Series, text: Texts, *, far: bool = False) -> Section:
    """Return the legend of the colours with a row on hatching; ``far`` where it shows only when the map is nearer."""
    unsure = Symbol("fill", PAPER, INK, hatched=True)
    row = Row(unsure, text("doubt.hatched_nation" if far else "doubt.hatched"), text.number(sum(is_false(robust))))
    return Section(legend.key, legend.title, (*legend.rows, row), legend.note)
