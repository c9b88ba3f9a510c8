"""Migration between regions as arrows; the width follows the number of people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.legend import Row, Section, Symbol

WIDEST = 10.0
NARROWEST = 1.0
SAMPLES = (100_000, 30_000, 5_000)


def width(migrants: float, most: float) -> float:
    """Return the width of an arrow in pixels, proportional to the number of people from a hairline upwards.

    Examples
    --------
    >>> width(100, 100), width(50, 100) < 10
    (10.0, True)
    """
    return round(max(NARROWEST, WIDEST * migrants / most), 1)


def overlay(flows: pd.DataFrame, text: Texts, regions: Collection[str] = ()) -> dict[str, Any]:
    """Return the arrows, the widest first so that narrow ones lie on top.

    The region matrix (twelve months) is drawn in full lines; single published figures (five years) are dashed, beside
    the matrix, and as wide as their yearly mean: the two are never added.

    Parameters
    ----------
    flows
        ``migrants`` with ``origin_…`` and ``destination_…`` of both ends.
    text
        The words.
    regions
        The regions of the province shown: arrows that neither leave nor reach them are faint. Empty: none is.
    """
    drawn = _located(flows).sort_values("yearly", ascending=False)
    most = float(drawn["yearly"].max()) if len(drawn) else 1.0
    name = f"region_{text.language}"
    return {
        "colour": palette.FLOW,
        "arrows": [
            {
                "from": [round(row["origin_lat"], 3), round(row["origin_lon"], 3)],
                "to": [round(row["destination_lat"], 3), round(row["destination_lon"], 3)],
                "width": width(row["yearly"], most),
                "dashed": row["kind"] == "headline",
                "muted": bool(regions) and not {row["origin_region"], row["destination_region"]} & set(regions),
                "lines": [
                    f"{row[f'origin_{name}']} → {row[f'destination_{name}']}",
                    text(f"flow.{row['kind']}", number=text.number(row["migrants"])),
                ],
            }
            for row in drawn.to_dict("records")
        ],
    }


def legend(flows: pd.DataFrame, text: Texts) -> Section:
    """Return the legend: three widths and the time the figures are for."""
    drawn = _located(flows)
    most = float(drawn["yearly"].max()) if len(drawn) else 1.0
    rows = [
        Row(
            Symbol("arrow", "none", palette.FLOW, 13, width(number, most)),
            text("flow.matrix", number=text.number(number)),
        )
        for number in SAMPLES
    ]
    if (drawn["kind"] == "headline").any():
        rows.append(Row(Symbol("arrow", "none", palette.FLOW, 13, 4.0, dashed=True), text("flow.headlines")))
    return Section("flows", text("layer.flows"), tuple(rows), text("flow.note"))


def _located(flows: pd.DataFrame) -> pd.DataFrame:
    ends = ["origin_lat", "origin_lon", "destination_lat", "destination_lon", "migrants"]
    return flows.dropna(subset=ends).assign(yearly=lambda frame: frame["migrants"] / frame["years"])
