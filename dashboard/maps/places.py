"""Teams, clubs, shelters, hotlines on the map: kind by shape and colour; hollow where only the commune is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps.legend import Row, Section, Shape, Symbol

KINDS: dict[str, tuple[Shape, str, float]] = {
    "team": ("circle", "#1a4fa0", 13),
    "club": ("square", "#0d7f74", 11),
    "shelter": ("hexagon", "#a4547c", 14),
    "hotline": ("diamond", "#7a5b12", 12),
}


def symbol(kind: str, placed: str) -> Symbol:
    """Return how a place looks; ``placed``: ``given`` for its own point, ``commune`` for its commune's middle."""
    shape, colour, size = KINDS[kind]
    if placed == "commune":
        return Symbol(shape, "#ffffff", colour, size, 2.2)
    return Symbol(shape, colour, "#ffffff", size, 1.2)


def overlay(places: pd.DataFrame, text: Texts) -> dict[str, Any]:
    """Return the markers of places with a point, as :func:`geo.intake.places.with_points` returns them."""
    listed = [
        {
            "at": [round(float(row.lat), 5), round(float(row.lon), 5)],
            "symbol": f"{row.kind}:{row.placed}",
            "vi": row.name,
            "words": [f"kind.{row.kind}"],
            "lines": facts(row, text),
        }
        for row in places.rename_axis("place_id").itertuples()
    ]
    kinds = sorted({(point["symbol"].partition(":")[0], point["symbol"].partition(":")[2]) for point in listed})
    return {
        "points": listed,
        "symbols": {f"{kind}:{placed}": vars(symbol(kind, placed)) for kind, placed in kinds},
        "words": {f"kind.{kind}": text(f"places.kind_{kind}") for kind in KINDS},
    }


def facts(row: Any, text: Texts) -> list[str]:
    """Return what is known of a place, a line each."""
    lines = []
    if row.count > 1:
        lines.append(text("places.fact_count", number=text.number(row.count)))
    if pd.notna(row.people):
        lines.append(text("places.fact_people", number=text.number(row.people)))
    if pd.notna(row.capacity):
        lines.append(text("places.fact_capacity", number=text.number(row.capacity)))
    if pd.notna(row.sessions_per_week):
        lines.append(text("places.fact_sessions", number=text.number(row.sessions_per_week, 2)))
    if row.phone:
        lines.append(text("places.fact_phone", number=row.phone))
    if row.placed == "commune":
        lines.append(text("places.fact_middle"))
    return lines


def legend(places: pd.DataFrame, text: Texts) -> Section:
    """Return the legend: the kinds there are with their numbers."""
    counts = places["kind"].value_counts()
    rows = [
        Row(Symbol(shape, colour, "#ffffff", size, 1.0), text(f"places.kind_{kind}"), text.number(int(counts[kind])))
        for kind, (shape, colour, size) in KINDS.items()
        if kind in counts
    ]
    note = text("places.legend_hollow") if (places["placed"] == "commune").any() else ""
    return Section("places", text("places.legend"), tuple(rows), note)
