"""The list of communes to visit first, as one page of HTML that prints well and needs nothing from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from dashboard.locale import Texts
from dashboard.maps.escape import Safe, join, tag

STYLE = Safe(
    "@page{size:A4;margin:14mm}"
    "body{font:12px/1.45 'Be Vietnam Pro','Segoe UI','Noto Sans',Arial,sans-serif;color:#1f2a30;max-width:182mm;"
    "margin:8mm auto}"
    "h1{font-size:20px;margin:0 0 2px}p{margin:2px 0}small,.note{color:#5b686f}"
    "header{display:flex;justify-content:space-between;gap:8mm;align-items:flex-start}"
    "svg{width:62mm;height:auto;flex:none}"
    "table{border-collapse:collapse;width:100%;margin-top:6mm}"
    "th{text-align:left;border-bottom:1.5px solid #1f2a30;font-weight:600;padding:4px 6px;vertical-align:bottom}"
    "td{border-bottom:1px solid #d5dbda;padding:5px 6px;vertical-align:top}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".box{width:13px;height:13px;border:1px solid #7f8a90;display:inline-block}"
    ".write{min-width:34mm}.badge{display:inline-block;background:#fbf0d9;border-radius:9px;padding:1px 8px;"
    "margin:2px 4px 2px 0}footer{margin-top:6mm;font-size:10.5px;color:#5b686f}tr{break-inside:avoid}"
)


@dataclass(frozen=True)
class Stop:
    """One commune of the list."""

    code: str
    name: str
    province: str
    score: float
    population: float
    unreached: float
    reason: str


def page(
    stops: Sequence[Stop],
    place: str,
    text: Texts,
    *,
    digest: str,
    made: date,
    badges: Sequence[str] = (),
    weights: str = "",
    outlines: gpd.GeoDataFrame | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    stops
        The communes, the first to visit first.
    place
        The province, or the nation.
    digest, made
        Which settings the list was made with, and when.
    badges
        What to mind about the data.
    weights
        The weights that were changed, in words.
    outlines
        The communes of the place, for a little map; indexed by ``commune_code``.
    """
    title = text("print.title", place=place)
    head = tag(
        "header",
        tag(
            "div",
            tag("h1", title),
            tag("p", text("print.made", date=text.day(made), digest=digest)),
            tag("p", *(tag("span", badge, class_="badge") for badge in badges)),
            tag("p", text("print.how"), class_="note"),
            tag("p", text("print.weights", weights=weights), class_="note") if weights else None,
        ),
        _map(outlines, [stop.code for stop in stops]) if outlines is not None else None,
    )
    body = join(head, _table(stops, text), tag("footer", text("notice.short"), " ", text("notice.sources")))
    return (
        f'<!doctype html><html lang="{text.language}"><head><meta charset="utf-8">'
        f"{tag('title', title)}{tag('style', STYLE)}</head>{tag('body', body)}</html>"
    )


def _table(stops: Sequence[Stop], text: Texts) -> Safe:
    heads = [
        ("table.place", "n"),
        ("table.commune", ""),
        ("table.score", "n"),
        ("print.people", "n"),
        ("report.column_people_unreached", "n"),
        ("table.why", ""),
        ("print.done", ""),
        ("print.notes", "write"),
    ]
    rows = [
        tag(
            "tr",
            tag("td", place, class_="n"),
            tag("td", tag("b", stop.name), tag("br"), tag("small", f"{stop.province} · {stop.code}")),
            tag("td", text.number(stop.score, 1), class_="n"),
            tag("td", text.number(stop.population), class_="n"),
            tag("td", text.number(stop.unreached), class_="n"),
            tag("td", stop.reason),
            tag("td", tag("span", class_="box")),
            tag("td"),
        )
        for place, stop in enumerate(stops, start=1)
    ]
    return tag(
        "table",
        tag("thead", tag("tr", *(tag("th", text(key), class_=kind or None) for key, kind in heads))),
        tag("tbody", *rows),
    )


def _map(outlines: gpd.GeoDataFrame, chosen: Sequence[str]) -> Safe:
    """Return a small map: the communes of the list in colour with their place on the list."""
    stretch = float(np.cos(np.radians(outlines.geometry.representative_point().y.mean())))
    flat = shapely.transform(outlines.geometry.to_numpy(), lambda xy: xy * [stretch, -1.0])
    near = shapely.get_x(shapely.centroid(flat)) < 110.5 * stretch
    west, north, east, south = shapely.total_bounds(flat[near] if near.any() else flat)
    size = max(east - west, south - north)
    flat = shapely.simplify(flat, size / 400)
    wanted = {code: place for place, code in enumerate(chosen, start=1)}
    shapes, labels = [], []
    for code, shape in zip(outlines.index, flat, strict=True):
        here = code in wanted
        shapes.append(
            tag(
                "path",
                d=_path(shape, west, north, size),
                fill="#4aa39c" if here else "#f1f0ec",
                stroke="#9aa5aa",
                stroke_width=0.6,
            )
        )
        if here:
            point = shape.representative_point()
            x, y = 400 * (point.x - west) / size, 400 * (point.y - north) / size
            labels.append(
                tag("text", wanted[code], x=f"{x:.1f}", y=f"{y + 4:.1f}", text_anchor="middle", font_size=12)
            )
    width, height = 400 * (east - west) / size, 400 * (south - north) / size
    return tag(
        "svg", *shapes, *labels, viewBox=f"-3 -3 {width + 6:.0f} {height + 6:.0f}", xmlns="http://www.w3.org/2000/svg"
    )


def _path(shape: shapely.Geometry, west: float, north: float, size: float) -> str:
    written = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        places = 400 * (shapely.get_coordinates(part.exterior) - [west, north]) / size
        written.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z")
    return "".join(written)
