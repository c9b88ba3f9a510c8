"""What outreach has reached: a circle per commune, its area following the people; dashed for an illustration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Symbol

LARGEST = 17.0
SMALLEST = 3.0


def radius(people: float, most: float) -> float:
    """Return the radius of a circle in pixels; its area follows the number of people.

    Examples
    --------
    >>> radius(100, 100), radius(25, 100)
    (17.0, 8.5)
    """
    return round(max(SMALLEST, LARGEST * float(np.sqrt(people / most))), 1)


def overlay(reached: pd.DataFrame, synthetic: bool, text: Texts) -> dict[str, Any]:
    """Return the circles of the communes shown.

    Parameters
    ----------
    reached
        ``people_reached, events`` per commune in the order of the geometry file; 0 and missing have no circle.
    synthetic
        Whether the log is the demonstration log.
    """
    people = reached["people_reached"].to_numpy(dtype=float)
    events = reached["events"].to_numpy(dtype=float)
    most = float(np.nanmax(people)) if np.isfinite(people).any() and np.nanmax(people) > 0 else 1.0
    circles = [
        [
            int(place),
            radius(people[place], most),
            text("outreach.people", number=text.number(people[place])),
            text("outreach.events", number=text.number(events[place])),
            *([text("outreach.synthetic")] if synthetic else []),
        ]
        for place in np.flatnonzero(np.nan_to_num(people) > 0)
    ]
    return {"colour": palette.OUTREACH, "dashed": synthetic, "communes": circles}


def legend(reached: pd.DataFrame, synthetic: bool, text: Texts) -> Section:
    """Return the legend: two sizes, how many communes have no activity or no data, and that it is an illustration."""
    people = reached["people_reached"].astype(float)
    most = float(people.max()) if people.gt(0).any() else 0.0
    rows = []
    for number in _samples(most):
        size = 2 * radius(number, most)
        rows.append(
            Row(
                Symbol("circle", palette.OUTREACH + "38", palette.OUTREACH, size, 1.6, dashed=synthetic),
                text("outreach.people", number=text.number(number)),
            )
        )
    empty = Symbol("circle", "none", "none", 8, 0)
    rows.append(Row(empty, text("outreach.none"), text.number(int(people.eq(0).sum()))))
    rows.append(Row(empty, text("outreach.unknown"), text.number(int(people.isna().sum()))))
    return Section(
        "outreach", text("layer.outreach"), tuple(rows), text("outreach.synthetic_note") if synthetic else ""
    )


def _samples(most: float) -> list[float]:
    if most <= 0:
        return []
    rounded = float(f"{most:.0e}")
    largest = rounded if rounded <= most else rounded - 10 ** int(np.log10(most))
    return [largest or most, (largest or most) / 4]
