"""Communes coloured by what kind they are: a colour and a name per kind, no order unless the kinds have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Symbol

OUTLINE = "#7f8a90"


@dataclass(frozen=True)
class Kinds:
    """The kind of each commune.

    Parameters
    ----------
    number
        By commune, the place of its kind in ``names``; -1 where there is none.
    names, colours
        By kind.
    """

    number: pd.Series
    names: tuple[str, ...]
    colours: tuple[str, ...]

    def of(self, codes: pd.Index) -> Kinds:
        """Return the kinds of some communes, in their order."""
        return Kinds(self.number.reindex(codes).fillna(-1).astype(int), self.names, self.colours)


def kinds(labels: pd.Series, names: Sequence[tuple[str, str, str]]) -> Kinds:
    """Return kinds from labels; what is in no row of ``names`` (label, name, colour) has none.

    Examples
    --------
    >>> kinds(pd.Series(["a", "c"]), [("a", "A", "#000000"), ("b", "B", "#ffffff")]).number.tolist()
    [0, -1]
    """
    place = {label: number for number, (label, _, _) in enumerate(names)}
    number = labels.map(place).astype(float).fillna(-1).astype(int)
    return Kinds(number, tuple(name for _, name, _ in names), tuple(colour for _, _, colour in names))


def message(shown: Kinds, values: pd.Series, text: Texts, digits: int = 1) -> dict[str, Any]:
    """Return what colours the map, names the kind and gives a value in the tooltip; in the order of the geometry."""
    place = shown.number.where(shown.number >= 0, len(shown.names))
    rounded = values.reindex(shown.number.index).astype(float).round(digits)
    return {
        "classes": "".join(chr(48 + number) for number in place),
        "palette": [*shown.colours, palette.NO_DATA],
        "labels": [*shown.names, text("map.no_data")],
        "values": [None if pd.isna(value) else float(value) for value in rounded],
        "digits": digits,
    }


def legend(shown: Kinds, title: str, text: Texts, note: str = "") -> Section:
    """Return the legend: kinds that occur, with their counts, "no data" last."""
    counts = shown.number.value_counts()
    rows = [
        Row(Symbol("fill", colour, OUTLINE), name, text.number(int(counts[number])))
        for number, (name, colour) in enumerate(zip(shown.names, shown.colours, strict=True))
        if number in counts.index
    ]
    if -1 in counts.index:
        rows.append(Row(Symbol("fill", palette.NO_DATA, OUTLINE), text("map.no_data"), text.number(int(counts[-1]))))
    return Section("choropleth", title, tuple(rows), note)
