"""The coloured communes: values into classes, classes into the few kilobytes that recolour the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Symbol
from dashboard.scenario.view import MAX_CLASSES, SCHEMES

NO_DATA, NOT_APPLICABLE = -1, -2
"""In the place of a class."""
JENKS_SAMPLE = 300
"""Natural breaks are searched among this many order statistics: the search costs the square of their number."""


@dataclass(frozen=True)
class Classes:
    """Communes in classes.

    Attributes
    ----------
    number
        Class of each commune, 0 the lowest; :data:`NO_DATA` or :data:`NOT_APPLICABLE` in none.
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
        return int((self.number == NO_DATA).sum())

    def inapplicable(self) -> int:
        """Return to how many communes the values do not apply."""
        return int((self.number == NOT_APPLICABLE).sum())


def classify(
    values: pd.Series, scheme: str = "quantiles", classes: int = 5, applies: pd.Series | None = None
) -> Classes:
    """Put values into at most ``classes`` classes; equal values are always in one class.

    Parameters
    ----------
    values
        One value per commune, any unit; missing values get class -1.
    scheme
        One of :data:`SCHEMES`, as mapclassify defines them.
    classes
        Number of classes asked for, 2 to 7. Where there are no more different values, each has a class of its own.
    applies
        By commune; where false its value is left out and it is in no class. Everywhere if not given.

    Raises
    ------
    KeyError
        For a scheme that does not exist.

    Examples
    --------
    >>> classify(pd.Series([1.0, 2.0, 3.0, 4.0, None]), "equal_interval", 2).number.tolist()
    [0, 0, 1, 1, -1]
    >>> classify(pd.Series([0.0, 3.0, 4.0]), applies=pd.Series([False, True, True])).number.tolist()
    [-2, 0, 1]
    """
    if scheme not in SCHEMES:
        raise KeyError(scheme)
    beyond = np.zeros(len(values), dtype=bool) if applies is None else ~applies.to_numpy(dtype=bool)
    numbers = np.where(beyond, np.nan, values.to_numpy(dtype=float, na_value=np.nan))
    known = numbers[np.isfinite(numbers)]
    absent = np.where(beyond, NOT_APPLICABLE, NO_DATA)
    if known.size == 0:
        return Classes(pd.Series(absent, index=values.index), ())
    upper = _upper_bounds(known, scheme, min(max(classes, 2), MAX_CLASSES))
    place = np.where(np.isfinite(numbers), np.searchsorted(upper, numbers, side="left"), absent)
    return Classes(pd.Series(place, index=values.index), (float(known.min()), *map(float, upper)))


def _upper_bounds(known: np.ndarray, scheme: str, classes: int) -> np.ndarray:
    """Return rising upper bounds, the last of them the maximum; classes that would be empty are dropped."""
    highest = known.max()
    different = np.unique(known)
    if different.size <= classes:
        return different
    match scheme:
        case "quantiles":
            bounds = np.quantile(known, np.arange(1, classes + 1) / classes)
        case "equal_interval":
            bounds = np.linspace(known.min(), highest, classes + 1)[1:]
        case "std_mean":
            bounds = np.mean(known) + np.std(known, ddof=1) * np.array([-1.5, -0.5, 0.5, 1.5])
        case "natural_breaks":
            bounds = _natural_breaks(known, classes)
        case _:
            bounds = _round_numbers(known, classes)
    bounds = np.unique(np.append(np.asarray(bounds, dtype=float), highest))
    bounds = np.append(bounds[bounds < highest], highest)
    counts = np.bincount(np.searchsorted(bounds, known, side="left"), minlength=len(bounds))
    return bounds[counts > 0]


def _natural_breaks(known: np.ndarray, classes: int) -> np.ndarray:
    """Return the upper bounds of the classes that leave the least sum of squares inside them.

    Exact dynamic programming over the ordered values (W. D. Fisher, Journal of the American Statistical Association
    53, 1958), among at most :data:`JENKS_SAMPLE` of them.
    """
    values = np.sort(known)
    if values.size > JENKS_SAMPLE:
        values = values[np.linspace(0, values.size - 1, JENKS_SAMPLE).round().astype(int)]
    count = np.arange(values.size + 1)
    total, squares = (np.concatenate([[0.0], np.cumsum(powers)]) for powers in (values, values**2))
    first, last = np.meshgrid(count[:-1], count[1:], indexing="ij")
    size = np.maximum(last - first, 1)
    within = squares[last] - squares[first] - (total[last] - total[first]) ** 2 / size
    within = np.where(last > first, np.maximum(within, 0.0), np.inf)
    best = within[0]
    cuts = []
    for _ in range(classes - 1):
        reached = np.concatenate([[np.inf], best[:-1]])[:, None] + within
        cuts.append(reached.argmin(axis=0))
        best = reached.min(axis=0)
    bounds, end = [], values.size - 1
    for cut in reversed(cuts):
        bounds.append(values[end])
        end = int(cut[end]) - 1
    return np.array([values[end], *reversed(bounds)])


def _round_numbers(known: np.ndarray, classes: int) -> np.ndarray:
    """Return bounds at whole multiples of 1, 2 or 5 times a power of ten, about as many as asked for."""
    spread = known.max() - known.min()
    rough = spread / classes
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(nice for nice in (1, 2, 5, 10) if nice * power >= rough * (1 - 1e-9))
    return np.arange(np.floor(known.min() / step) + 1, np.ceil(known.max() / step) + 1) * step


def colours(classes: Classes, ramp: str, reverse: bool = False) -> list[str]:
    """Return a colour per class, light to dark; ``reverse`` where a low value is what matters."""
    made = palette.ramp(ramp, max(classes.count, 1))[: classes.count]
    return made[::-1] if reverse else made


def message(
    values: pd.Series, classes: Classes, ramp: str, digits: int, *, reverse: bool = False, beyond: str = ""
) -> dict[str, Any]:
    """Return what recolours the map: one digit per commune, a palette, the values for the tooltip.

    ``values`` must be in the order of the geometry file the map holds. The digit one above the last class is
    "no data", the next "not applicable", for which ``beyond`` stands in the tooltip.
    """
    place = classes.number.to_numpy()
    written = np.where(place < 0, classes.count + NO_DATA - place, place)
    rounded = values.astype(float).where(classes.number != NOT_APPLICABLE).round(digits)
    drawn: dict[str, Any] = {
        "classes": "".join(map(str, written.tolist())),
        "palette": [*colours(classes, ramp, reverse), palette.NO_DATA],
        "values": [
            None if missing else (int(value) if digits == 0 else value)
            for value, missing in zip(rounded.to_numpy(), rounded.isna().to_numpy(), strict=True)
        ],
        "digits": digits,
    }
    if classes.inapplicable():
        drawn |= {"palette": [*drawn["palette"], palette.NOT_APPLICABLE], "beyond": beyond}
    return drawn


def legend(
    values: pd.Series,
    classes: Classes,
    ramp: str,
    digits: int,
    text: Texts,
    title: str,
    note: str = "",
    *,
    reverse: bool = False,
    beyond: str = "",
) -> Section:
    """Return the legend: the darkest class first with the values in it, counts beside; last "no data", ``beyond``."""
    rows = [
        Row(
            Symbol("fill", colour, "#7f8a90"),
            span(values[classes.number == place], digits, text),
            text.number(count),
        )
        for place, (colour, count) in enumerate(zip(colours(classes, ramp, reverse), classes.counts(), strict=True))
    ]
    rows = rows if reverse else rows[::-1]
    if classes.missing():
        missing = Symbol("fill", palette.NO_DATA, "#7f8a90")
        rows.append(Row(missing, text("map.no_data"), text.number(classes.missing())))
    if classes.inapplicable():
        inapplicable = Symbol("fill", palette.NOT_APPLICABLE, "#7f8a90")
        rows.append(Row(inapplicable, beyond, text.number(classes.inapplicable())))
    return Section("choropleth", title, tuple(rows), note)


def span(values: pd.Series, digits: int, text: Texts) -> str:
    """Return the values of a class as people read them: the lowest to the highest, one number where they agree."""
    lowest, highest = text.number(float(values.min()), digits), text.number(float(values.max()), digits)
    return lowest if lowest == highest else f"{lowest} – {highest}"
