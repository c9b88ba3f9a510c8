"""The coloured communes: values into classes, classes into the few kilobytes that recolour the map."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Symbol

SCHEMES = ("quantiles", "natural_breaks", "equal_interval", "std_mean", "pretty")
MAX_CLASSES = 7
JENKS_SAMPLE = 300
"""Natural breaks are searched among this many order statistics: the search costs the square of their number."""


@dataclass(frozen=True)
class Classes:
    """Communes in classes.

    Attributes
    ----------
    number
        Class of each commune, 0 the lowest, -1 no data.
    edges
        Lowest value, then the upper bound of each class; one longer than the number of classes.
    """

    number: pd.Series
    edges: tuple[float, ...]

    @property
    def count(self) -> int:
        """The number of classes."""
        return max(len(self.edges) - 1, 0)

    def counts(self) -> list[int]:
        """Return how many communes each class holds."""
        return [int((self.number == place).sum()) for place in range(self.count)]

    def missing(self) -> int:
        """Return how many communes have no data."""
        return int((self.number < 0).sum())


def classify(values: pd.Series, scheme: str = "quantiles", classes: int = 5) -> Classes:
    """Put values into at most ``classes`` classes; equal values are always in one class.

    Parameters
    ----------
    values
        One value per commune, any unit; missing values get class -1.
    scheme
        One of :data:`SCHEMES`, as mapclassify defines them.
    classes
        Number of classes asked for, 2 to 7. Fewer come back when there are fewer different values.

    Raises
    ------
    KeyError
        For a scheme that does not exist.

    Examples
    --------
    >>> classify(pd.Series([1.0, 2.0, 3.0, 4.0, None]), "equal_interval", 2).number.tolist()
    [0, 0, 1, 1, -1]
    """
    if scheme not in SCHEMES:
        raise KeyError(scheme)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    if known.size == 0:
        return Classes(pd.Series(-1, index=values.index), ())
    upper = _upper_bounds(known, scheme, min(max(classes, 2), MAX_CLASSES, np.unique(known).size))
    place = np.searchsorted(upper, numbers, side="left")
    place[~np.isfinite(numbers)] = -1
    return Classes(pd.Series(place, index=values.index), (float(known.min()), *map(float, upper)))


def _upper_bounds(known: np.ndarray, scheme: str, classes: int) -> np.ndarray:
    """Return rising upper bounds, the last of them the maximum; classes that would be empty are dropped."""
    highest = known.max()
    if classes < 2:
        return np.array([highest])
    match scheme:
        case "quantiles":
            bounds = np.quantile(known, np.arange(1, classes + 1) / classes)
        case "equal_interval":
            bounds = np.linspace(known.min(), highest, classes + 1)[1:]
        case "std_mean":
            bounds = known.mean() + known.std(ddof=1) * np.array([-1.5, -0.5, 0.5, 1.5])
        case _:
            bounds = _searched(known, scheme, classes)
    bounds = np.unique(np.append(np.asarray(bounds, dtype=float), highest))
    bounds = np.append(bounds[bounds < highest], highest)
    counts = np.bincount(np.searchsorted(bounds, known, side="left"), minlength=len(bounds))
    return bounds[counts > 0]


def _searched(known: np.ndarray, scheme: str, classes: int) -> np.ndarray:
    """Return the bounds of mapclassify, which takes seconds to import and is only asked where it is needed."""
    import mapclassify

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if scheme == "natural_breaks":
            return np.asarray(mapclassify.FisherJenks(_thinned(known), k=classes).bins)
        return np.asarray(mapclassify.PrettyBreaks(known, k=classes).bins)


def _thinned(known: np.ndarray) -> np.ndarray:
    if known.size <= JENKS_SAMPLE:
        return known
    places = np.linspace(0, known.size - 1, JENKS_SAMPLE).round().astype(int)
    return np.sort(known)[places]


def message(values: pd.Series, classes: Classes, ramp: str, digits: int) -> dict[str, Any]:
    """Return what recolours the map: one digit per commune, a palette, the values for the tooltip.

    ``values`` must be in the order of the geometry file the map holds. The digit one above the last class is
    "no data".
    """
    place = classes.number.to_numpy()
    written = np.where(place < 0, classes.count, place)
    rounded = values.astype(float).round(digits)
    return {
        "classes": "".join(map(str, written.tolist())),
        "palette": [*palette.ramp(ramp, max(classes.count, 1))[: classes.count], palette.NO_DATA],
        "values": [
            None if missing else (int(value) if digits == 0 else value)
            for value, missing in zip(rounded.to_numpy(), rounded.isna().to_numpy(), strict=True)
        ],
        "digits": digits,
    }


def legend(classes: Classes, ramp: str, digits: int, text: Texts, title: str, note: str = "") -> Section:
    """Return the legend: the highest class first, counts beside, "no data" last when a commune has none."""
    colours = palette.ramp(ramp, max(classes.count, 1))
    rows = [
        Row(
            Symbol("fill", colours[place], "#7f8a90"),
            f"{text.number(classes.edges[place], digits)} – {text.number(classes.edges[place + 1], digits)}",
            text.number(count),
        )
        for place, count in enumerate(classes.counts())
    ][::-1]
    if classes.missing():
        rows.append(
            Row(Symbol("fill", palette.NO_DATA, "#7f8a90"), text("map.no_data"), text.number(classes.missing()))
        )
    return Section("choropleth", title, tuple(rows), note)
