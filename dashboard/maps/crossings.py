"""Border crossings on the map: type by shape and size, neighbour by colour, a derived point hollow and dashed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Shape, Symbol

TYPES: dict[str, tuple[Shape, float]] = {
    "international": ("circle", 13),
    "main": ("diamond", 11.5),
    "secondary": ("circle", 8.5),
    "opening": ("triangle", 9.5),
    "airport": ("plane", 15),
    "domestic_airport": ("plane", 11),
    "seaport": ("anchor", 13),
}
NEIGHBOURS = ("China", "Laos", "Cambodia")


def symbol(kind: str, neighbour: str, derived: bool) -> Symbol:
    """Return how a crossing looks; ``derived`` means that the point is only known to 1-10 km."""
    shape, size = TYPES.get(kind, ("circle", 8.0))
    colour = palette.NEIGHBOUR.get(neighbour, palette.NEIGHBOUR[""])
    if derived:
        return Symbol(shape, "#ffffff", colour, size, 1.8, dashed=True)
    return Symbol(shape, colour, "#ffffff", size, 1.0)


def points(crossings: pd.DataFrame) -> dict[str, Any]:
    """Return the static file of the layer: every crossing with a point, its symbol and the keys of its words."""
    listed: list[dict[str, Any]] = []
    for row in crossings.itertuples():
        neighbour = _text(row.neighbour)
        derived = row.coordinate_confidence == "low"
        words = [f"crossing.{row.type}", *([f"neighbour.{neighbour}"] if neighbour else [])]
        listed.append(
            {
                "at": [round(float(row.lat), 5), round(float(row.lon), 5)],
                "symbol": key(str(row.type), neighbour, derived),
                "vi": _text(row.name_vi),
                "en": _text(row.name_en) or _text(row.name_vi),
                "words": [*words, *(["crossing.derived"] if derived else [])],
            }
        )
    order = list(TYPES)
    listed.sort(key=lambda point: -order.index(str(point["symbol"]).split(":")[0]))
    return {"points": listed}


def overlay(crossings: pd.DataFrame, url: str, text: Texts) -> dict[str, Any]:
    """Return what an update says about the layer: where its file is, its symbols, its words."""
    kinds = {
        (str(row.type), _text(row.neighbour), row.coordinate_confidence == "low") for row in crossings.itertuples()
    }
    words = [
        *(f"crossing.{kind}" for kind in TYPES),
        *(f"neighbour.{name}" for name in NEIGHBOURS),
        "crossing.derived",
    ]
    return {
        "url": url,
        "symbols": {key(*kind): vars(symbol(*kind)) for kind in sorted(kinds)},
        "words": {word: text(word) for word in words},
    }


def legend(crossings: pd.DataFrame, text: Texts, unplaced: int = 0) -> Section:
    """Return the legend: types with their numbers, neighbours by colour, what a hollow symbol means.

    ``unplaced`` is how many crossings have no point and are not on the map.
    """
    counts = crossings["type"].value_counts()
    dark = palette.NEIGHBOUR[""]
    rows = [
        Row(Symbol(shape, dark, "#ffffff", size, 1.0), text(f"crossing.{kind}"), text.number(int(counts[kind])))
        for kind, (shape, size) in TYPES.items()
        if kind in counts
    ]
    rows += [
        Row(
            Symbol("circle", palette.NEIGHBOUR[name], "#ffffff", 11, 1.0),
            text(f"neighbour.{name}"),
            text.number(many),
        )
        for name in NEIGHBOURS
        if (many := int((crossings["neighbour"] == name).sum()))
    ]
    if derived := int((crossings["coordinate_confidence"] == "low").sum()):
        rows.append(
            Row(
                Symbol("circle", "#ffffff", dark, 11, 1.8, dashed=True),
                text("crossing.derived"),
                text.number(derived),
            )
        )
    note = text("crossing.unplaced", count=text.number(unplaced)) if unplaced else ""
    return Section("crossings", text("layer.crossings"), tuple(rows), note)


def key(kind: str, neighbour: str, derived: bool) -> str:
    """Return the name of a symbol in the file."""
    return f"{kind}:{neighbour}:{'derived' if derived else 'known'}"


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
