"""A list of communes with what to say there, as one page of HTML that prints well and needs nothing from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.escape import Safe, join, tag
from dashboard.scenario.area import SURE, Area, pathway_name
from models.outreach.priority import Assumptions, By

STYLE = Safe(
    "@page{size:A4;margin:13mm 14mm}"
    "body{font:11.5px/1.42 'Be Vietnam Pro','Segoe UI','Noto Sans',Arial,sans-serif;color:#1f2a30;max-width:182mm;"
    "margin:8mm auto;print-color-adjust:exact;-webkit-print-color-adjust:exact}@media print{body{margin:0 auto}}"
    "h1{font-size:20px;line-height:1.2;margin:0 0 2px}p{margin:2px 0}small,.note{color:#5b686f}.how{font-weight:600}"
    "h2{font-size:15px;margin:7mm 0 1mm;break-after:avoid}h3{font-size:12.5px;margin:3mm 0 0;break-after:avoid}"
    "ul{margin:1mm 0;padding-left:5mm}.talks{break-before:page}.talks section{break-inside:avoid}"
    ".chip{border-radius:9px;padding:0 7px;font-weight:600;white-space:nowrap;display:inline-block}"
    "header{display:flex;justify-content:space-between;gap:8mm;align-items:flex-start}"
    "svg{width:62mm;height:auto;flex:none}"
    "table{border-collapse:collapse;width:100%;margin-top:5mm}"
    "th{text-align:left;border-bottom:1.5px solid #1f2a30;font-weight:600;padding:4px 5px;vertical-align:bottom}"
    "td{border-bottom:1px solid #d5dbda;padding:4px 5px;vertical-align:top}"
    ".c{text-align:center}th.n{white-space:normal}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".box{width:13px;height:13px;border:1px solid #7f8a90;display:inline-block}"
    ".name{min-width:34mm}.write{min-width:24mm}"
    ".badge{display:inline-block;background:#fbf0d9;border-radius:9px;padding:1px 8px;"
    "margin:2px 4px 2px 0}footer{margin-top:4mm;font-size:10px;color:#5b686f;break-inside:avoid}"
    "tr{break-inside:avoid}"
)


@dataclass(frozen=True)
class Stop:
    """One commune of the list.

    Parameters
    ----------
    code, name, province
        Which commune.
    level, rank
        Its class of risk and its rank with interval in the area, in words.
    score
        Risk, 0-100.
    people
        Persons still to be reached.
    sessions
        Sessions it takes at least.
    pathway
        Code of the pathway that leads; ``None`` where pathways have not been told apart.
    reason
        What raises its risk most.
    grade
        How reliable its figures are, A to D; ``None`` where that has not been computed.
    share
        Its part of the burden of the area, 0-1; for the second list.
    """

    code: str
    name: str
    province: str
    level: str
    rank: str
    score: float
    people: float
    sessions: float
    pathway: str | None
    reason: str
    grade: str | None = None
    share: float = float("nan")


@dataclass(frozen=True)
class Talk:
    """What to say about one pathway in the communes of the list: whom to invite, the messages."""

    pathway: str
    audience: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Remarks:
    """What stands around the list.

    Parameters
    ----------
    reached
        What is known of outreach, one sentence.
    badges
        What to mind about the data.
    weights
        The weights that were changed, in words.
    talks
        What to say in a session, by pathway; the state of the wording is in ``state`` (``draft`` or ``approved``).
    calls
        Telephone numbers and whose they are.
    """

    reached: str = ""
    badges: Sequence[str] = ()
    weights: str = ""
    talks: Sequence[Talk] = ()
    state: str = "draft"
    calls: Sequence[tuple[str, str]] = ()


def page(
    stops: Sequence[Stop],
    place: str,
    area: Area,
    *,
    digest: str,
    made: date,
    by: By = By.FIRST,
    remarks: Remarks | None = None,
    outlines: gpd.GeoDataFrame | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    stops
        The communes in the order of the list.
    place
        The name of the province, or the nation.
    area
        What the communes are compared within, and the language.
    digest, made
        Which settings the list was made with, and when.
    by
        Which of the two lists it is.
    remarks
        What stands around the list; nothing by default.
    outlines
        The communes of the place, for a little map; indexed by ``commune_code``.
    """
    text, around = area.text, Remarks() if remarks is None else remarks
    title = text(f"print.title_{by}", place=place)
    head = tag(
        "header",
        tag(
            "div",
            tag("h1", title),
            tag("p", text("print.made", date=text.day(made), digest=digest)),
            tag("p", *(tag("span", badge, class_="badge") for badge in around.badges)),
            tag("p", area.how(by), class_="how"),
            tag("p", around.reached, ".", class_="note") if around.reached else None,
            tag("p", text("print.weights", weights=around.weights), class_="note") if around.weights else None,
        ),
        _map(outlines, [stop.code for stop in stops]) if outlines is not None else None,
    )
    body = join(head, _table(stops, area, by), _cautions(stops, text, by), _talks(around, text))
    return (
        f'<!doctype html><html lang="{text.language}"><head><meta charset="utf-8">'
        f"{tag('title', title)}{tag('style', STYLE)}</head>{tag('body', body)}</html>"
    )


def _table(stops: Sequence[Stop], area: Area, by: By) -> Safe:
    """Return the list as a table; a column of which nothing is known is left out."""
    text = area.text
    columns: list[tuple[str, str, Callable[[Stop], object]]] = [
        (text("table.commune"), "name", lambda stop: _named(stop, area)),
        (area.say("rank"), "n", lambda stop: stop.rank),
        (text("lists.people"), "n", lambda stop: text.number(stop.people)),
    ]
    if by == By.FIRST:
        columns.append((text("lists.sessions"), "n", lambda stop: text.number(stop.sessions)))
    else:
        columns.append((text("lists.share"), "n", lambda stop: _percent(stop.share, text)))
        columns.append((area.say("level_head"), "", lambda stop: stop.level))
    if any(stop.pathway for stop in stops):
        columns.append((text("lists.pathway"), "", lambda stop: _chip(stop.pathway, text)))
    columns.append((text("table.why"), "", lambda stop: stop.reason))
    if any(stop.grade for stop in stops):
        columns.append((text("print.grade"), "c", lambda stop: stop.grade or ""))
    if by == By.FIRST:
        columns.append((text("print.done"), "c", lambda _: tag("span", class_="box")))
    columns.append((text("print.notes"), "write", lambda _: None))
    rows = [
        tag(
            "tr",
            tag("td", place, class_="n"),
            *(tag("td", cell(stop), class_=kind or None) for _, kind, cell in columns),
        )
        for place, stop in enumerate(stops, start=1)
    ]
    heads = [(text("table.place"), "n"), *((head, kind) for head, kind, _ in columns)]
    return tag(
        "table",
        tag("thead", tag("tr", *(tag("th", head, class_=kind or None) for head, kind in heads))),
        tag("tbody", *rows),
    )


def _named(stop: Stop, area: Area) -> Safe:
    below = f"{stop.province} · {stop.code}" if area.national else stop.code
    return join(tag("b", stop.name), tag("br"), tag("small", below))


def _percent(share: float, text: Texts) -> str:
    return text("reliability.percent", share=text.number(100 * share, 1))


def _chip(pathway: str | None, text: Texts) -> Safe | None:
    if not pathway:
        return None
    colour = palette.LEADING[pathway]
    ink = "#ffffff" if palette.lightness(colour) < palette.DARK else palette.INK
    return tag(
        "span", pathway_name(pathway, text, short=True), class_="chip", style=f"background:{colour};color:{ink}"
    )


def _talks(remarks: Remarks, text: Texts) -> Safe | None:
    """Return the messages for a session, by pathway, and the numbers to call."""
    if not remarks.talks:
        return None
    parts = [
        tag(
            "section",
            tag("h3", pathway_name(talk.pathway, text) or text("session.general")),
            tag("p", tag("b", text("session.invite"), ": "), talk.audience),
            tag("ul", *(tag("li", message) for message in talk.messages)),
        )
        for talk in remarks.talks
    ]
    calls = [join(tag("b", phone), " ", name, ". ") for phone, name in remarks.calls]
    return tag(
        "section",
        tag("h2", text("session.print_title")),
        tag("p", text(f"session.{remarks.state}"), class_="note"),
        *parts,
        tag("p", tag("b", text("session.call"), ": "), *calls) if calls else None,
        class_="talks",
    )


def _cautions(stops: Sequence[Stop], text: Texts, by: By) -> Safe:
    """Return what to mind when the list is read."""
    lines = [text("notice.short"), text("lists.rank_help", sure=SURE), text("lists.people_help")]
    if by == By.FIRST:
        lines.append(text("print.sessions"))
    else:
        lines.append(text("lists.assumed", ratio=text.number(Assumptions().ratio)))
    if any(stop.pathway for stop in stops):
        lines.append(text("print.pathway"))
    if any(stop.grade for stop in stops):
        lines.append(text("print.grades"))
    return tag("footer", tag("ul", *(tag("li", line) for line in [*lines, text("notice.sources")])))


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
