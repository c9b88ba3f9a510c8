"""Industrial zones on the map: type by shape, area by size, state by filling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Shape, Symbol

TYPES: dict[str, Shape] = {
    "industrial_park": "square",
    "industrial_cluster": "diamond",
    "export_processing_zone": "square",
    "high_tech_park": "triangle",
    "coastal_economic_zone": "hexagon",
    "border_economic_zone": "hexagon",
    "other": "square",
}
STATES = {
    "operating": "operating",
    "established": "operating",
    "under_construction": "building",
    "planned": "planned",
    "to_be_converted": "building",
    "unknown": "unknown",
}
"""Which of the four fillings a state has."""
SIZES = ((100.0, 7.0), (300.0, 10.0), (np.inf, 13.5))
"""Area up to so many hectares -> pixels; an unknown area is drawn smallest."""


def symbol(kind: str, state: str, size: float) -> Symbol:
    """Return how a zone looks."""
    colour = palette.STATUS[state]
    stroke = "#22313a" if state == "planned" else "#ffffff"
    return Symbol(
        TYPES.get(kind, "square"), colour, stroke, size, 1.5 if state == "planned" else 1.0, state == "planned"
    )


def points(zones: pd.DataFrame) -> dict[str, Any]:
    """Return the static file of the layer: every zone with a point, its symbol and the keys of its words."""
    listed: list[dict[str, Any]] = []
    for row in zones.itertuples():
        size = _size(row.area_ha)
        listed.append(
            {
                "at": [round(float(row.lat), 5), round(float(row.lon), 5)],
                "symbol": key(str(row.type), STATES[str(row.status)], size),
                "vi": str(row.name_vi),
                "en": str(row.name_en) if isinstance(row.name_en, str) and row.name_en else str(row.name_vi),
                "words": [f"zone.{row.type}", f"zone_status.{row.status}"],
                "ha": round(float(row.area_ha)) if np.isfinite(row.area_ha) else None,
                "size": size,
            }
        )
    listed.sort(key=lambda point: -point.pop("size"))
    return {"points": listed}


def overlay(zones: pd.DataFrame, url: str, text: Texts) -> dict[str, Any]:
    """Return what an update says about the layer: where its file is, its symbols, its words."""
    kinds = {(str(row.type), STATES[str(row.status)], _size(row.area_ha)) for row in zones.itertuples()}
    words = [*(f"zone.{kind}" for kind in TYPES), *(f"zone_status.{state}" for state in STATES)]
    return {
        "url": url,
        "symbols": {key(*kind): vars(symbol(*kind)) for kind in sorted(kinds)},
        "words": {word: text(word) for word in words},
    }


def legend(zones: pd.DataFrame, text: Texts, unplaced: int = 0) -> Section:
    """Return the legend: shapes for types, fillings for states, sizes for areas; ``unplaced`` zones have no point."""
    dark = palette.STATUS["operating"]
    counts = zones["type"].value_counts()
    merged: dict[tuple[Shape, str], int] = {}
    for kind, shape in TYPES.items():
        if kind in counts:
            merged[(shape, _group(kind))] = merged.get((shape, _group(kind)), 0) + int(counts[kind])
    rows = [
        Row(Symbol(shape, dark, "#ffffff", 11, 1.0), text(label), text.number(many))
        for (shape, label), many in merged.items()
    ]
    states = zones["status"].map(STATES).value_counts()
    rows += [
        Row(symbol("industrial_park", state, 10), text(f"zone_state.{state}"), text.number(int(states[state])))
        for state in palette.STATUS
        if state in states
    ]
    labels = ("zone_area.small", "zone_area.middle", "zone_area.large")
    rows += [
        Row(Symbol("square", "#c3cbd0", "#5b686f", size, 1.0), text(label))
        for (_, size), label in zip(SIZES, labels, strict=True)
    ]
    lacking = " " + text("zone.unplaced", count=text.number(unplaced)) if unplaced else ""
    return Section("zones", text("layer.zones"), tuple(rows), text("zone.note") + lacking)


def key(kind: str, state: str, size: float) -> str:
    """Return the name of a symbol in the file."""
    return f"{kind}:{state}:{size:g}"


def _group(kind: str) -> str:
    if kind.endswith("economic_zone"):
        return "zone_shape.economic"
    return "zone_shape.park" if TYPES[kind] == "square" else f"zone.{kind}"


def _size(area_ha: float) -> float:
    if not np.isfinite(area_ha):
        return SIZES[0][1]
    return next(size for most, size in SIZES if area_ha <= most)
