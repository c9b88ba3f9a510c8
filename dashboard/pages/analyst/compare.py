"""Two settings side by side: the one kept (A) and the one being worked on (B), on maps that move together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cached, workbench
from dashboard.area import Area
from dashboard.locale import Texts
from dashboard.maps import levels, palette
from dashboard.maps.escape import Safe, tag
from dashboard.pages import tables
from dashboard.pages.analyst import canvas, charts
from dashboard.pages.analyst.bench import Bench, preset_name
from dashboard.view import NATION
from models.assessment import Assessment
from models.comparison import Comparison
from models.comparison import compare as set_side_by_side
from models.priority import classes_within

TOPS = (10, 20, 50, 100)
SIDES = ("A", "B")
SHOWN = 20
LEVELS = 5
MAP_HEIGHT = 360


def render(bench: Bench) -> None:
    """Draw both maps, how far apart they are, and who enters and leaves the first places."""
    text = bench.text
    kept = workbench.held("kept")
    before = cached.assessed(kept, bench.restricted)
    top = int(workbench.held("top"))
    found = set_side_by_side(before, bench.assessment, top, bench.here)
    st.html(tag("p", _conclusion(found, bench), class_="rk-conclusion"))
    area = Area(None if bench.place == NATION else bench.place, text)
    st.html(_key(area))
    columns = st.columns(2, gap="small")
    both = zip(columns, SIDES, (before, bench.assessment), (kept, bench.settings), strict=True)
    for column, side, assessment, settings in both:
        with column, st.container(key=f"bench_map_{side}"):
            title = text("analyst.side", side=side, name=preset_name(settings.preset, text))
            if settings.changed:
                title = f"{title} · {text('analyst.changed')}"
            digest = text("analyst.digest", digest=assessment.framework.digest)
            st.html(tag("p", tag("b", title), tag("span", digest), class_="rk-side"))
            _map(side, assessment, bench, area)
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        _figures(found, text)
        _moves(found, bench)
    with right:
        _first_places(found, bench)


def _conclusion(found: Comparison, bench: Bench) -> str:
    text = bench.text
    if found.units.eval("score_before == score_after").all():
        return text("analyst.compare_same")
    kind = "close" if found.spearman > 0.95 else "near" if found.spearman > 0.8 else "far"
    return text(
        f"analyst.compare_{kind}",
        spearman=text.number(found.spearman, 2),
        shift=text.number(found.mean_shift, 1),
        entered=len(found.entered),
        top=found.top,
        place=bench.place_name,
    )


def _key(area: Area) -> Safe:
    """Return the legend of both maps, with the scale of the classes."""
    rows = [
        tag("span", tag("i", style=f"background:{colour}"), area.text(f"level.{place + 1}"))
        for place, colour in enumerate(palette.ramp("risk", LEVELS))
    ]
    note = area.text("analyst.map_note", levels=area.say("levels"), fifths=area.say("fifths"))
    return tag("p", note, *rows, class_="rk-key")


def _map(side: str, assessment: Assessment, bench: Bench, area: Area) -> None:
    codes = cached.geometry(bench.place)["codes"]
    score = assessment.score.loc[codes]
    content = levels.message(score, levels.classes(score, scale_classes(assessment, area).loc[codes]), area)
    canvas.draw(workbench.MAPS[SIDES.index(side)], content, bench, MAP_HEIGHT, linked=True)


def scale_classes(assessment: Assessment, area: Area) -> pd.Series:
    """Return the classes, 1 to 5, on the scale of the place shown: fifths of the province, or of the nation."""
    if area.national or assessment.groups is None:
        return assessment.classes
    return classes_within(assessment.score, assessment.groups, assessment.framework.classes)


def _figures(found: Comparison, text: Texts) -> None:
    tiles = [
        (text("analyst.spearman"), text.number(found.spearman, 2), text("analyst.spearman_note")),
        (text("analyst.mean_shift"), text.number(found.mean_shift, 1), text("analyst.places")),
        (text("analyst.entered"), text.number(len(found.entered)), text("analyst.of_top", top=found.top)),
    ]
    st.html(
        tag(
            "div",
            *(
                tag("div", tag("span", name), tag("b", value), tag("small", note), class_="rk-tile")
                for name, value, note in tiles
            ),
            class_="rk-tiles",
        )
    )
    st.segmented_control(
        text("analyst.top"),
        TOPS,
        format_func=lambda top: text("analyst.first_places", top=top),
        key=f"{workbench.PREFIX}top",
        required=True,
        label_visibility="collapsed",
    )


def _moves(found: Comparison, bench: Bench) -> None:
    """Draw the table of who enters and who leaves the first places."""
    text = bench.text
    codes = pd.Index([*found.entered, *found.left])
    if not len(codes):
        st.caption(text("analyst.nobody_moves", top=found.top))
        return
    rows = found.units.loc[codes]
    way = [text("analyst.enters")] * len(found.entered) + [text("analyst.leaves")] * len(found.left)
    shown = pd.DataFrame(
        {
            "way": way,
            "commune": bench.communes(codes),
            "before": rows["rank_before"],
            "after": rows["rank_after"],
        },
        index=codes,
    )
    number = st.column_config.NumberColumn
    tables.draw(
        shown.sort_values(["way", "after"]),
        text,
        height=min(36 * (len(shown) + 1) + 2, 330),
        key="bench.moves",
        columns={
            "way": st.column_config.TextColumn(text("analyst.way"), width="small"),
            "commune": st.column_config.TextColumn(text("table.commune")),
            "before": number(text("analyst.rank_a"), width="small"),
            "after": number(text("analyst.rank_b"), width="small"),
        },
    )


def _first_places(found: Comparison, bench: Bench) -> None:
    """Draw the places of those who are first in B, in both settings."""
    text = bench.text
    first = found.units.sort_values("rank_after", kind="stable").head(SHOWN)
    names = bench.communes(first.index)
    order = [text("analyst.rank_a"), text("analyst.rank_b")]
    rows = [
        {"name": names[code], "kind": kind, "value": float(row[column]), "place": place}
        for code, row in first.astype(float).iterrows()
        for place, (kind, column) in enumerate(zip(order, ("rank_before", "rank_after"), strict=True))
    ]
    most = (first["rank_before"] - first["rank_after"]).astype(float).abs()
    told = text("analyst.first_none")
    if most.max() > 0:
        code = most.idxmax()
        told = text(
            "analyst.first_most",
            name=names[code],
            before=text.number(float(first.loc[code, "rank_before"])),
            after=text.number(float(first.loc[code, "rank_after"])),
        )
    words = {"x": text("analyst.rank_axis", place=bench.place_name), "name": text("table.commune")}
    chart = charts.pairs(pd.DataFrame(rows), words, order, ",.0f")
    charts.figure(text("analyst.first_title", number=len(first)), told, chart, text, "bench.chart.first")
