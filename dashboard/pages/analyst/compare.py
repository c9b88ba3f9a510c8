"""Two settings side by side: the one kept (A) and the one being worked on (B), on maps that move together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps import levels, palette
from dashboard.maps.escape import Safe, tag
from dashboard.pages.analyst import canvas
from dashboard.pages.analyst.bench import Bench, preset_name
from dashboard.scenario.analysis import Settings
from dashboard.scenario.area import Area, interval
from dashboard.scenario.view import NATION
from dashboard.session import workbench
from dashboard.ui import charts, tables
from dashboard.ui.shared import awaited
from models.index.assessment import Assessment
from models.outreach.priority import classes_within
from models.robustness.comparison import Comparison
from models.robustness.comparison import compare as set_side_by_side

TOPS = (10, 20, 50, 100)
SIDES = ("A", "B")
TIMES = ("before", "after")
"""What the columns of a comparison call both sides."""
SHOWN = 20
LEVELS = 5
MAP_HEIGHT = 360


def render(bench: Bench) -> None:
    """Draw both maps, how far apart they are, and who enters and leaves the first places."""
    text = bench.text
    kept = workbench.held("kept")
    before = cached.assessed(kept, bench.restricted)
    top = int(workbench.held("top"))
    area = Area(None if bench.place == NATION else bench.place, text)
    doubts = [cached.doubted_with(settings, bench.restricted) for settings in (kept, bench.settings)]
    found = set_side_by_side(before, bench.assessment, top, bench.here)
    found = replace(found, units=with_intervals(found.units, doubts, area))
    st.html(tag("p", _conclusion(found, bench), class_="rk-conclusion"))
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
    left, right = st.columns([1, 1.05], gap="medium")
    with left:
        _figures(found, text)
        _moves(found, bench)
    with right:
        _first_places(found, bench)
    if any(doubt is None for doubt in doubts):
        awaited(lambda: _ready(kept, bench), text)


def _ready(kept: Settings, bench: Bench) -> bool:
    return all(cached.doubted_with(one, bench.restricted) is not None for one in (kept, bench.settings))


def with_intervals(units: pd.DataFrame, doubts: Sequence[pd.DataFrame | None], area: Area) -> pd.DataFrame:
    """Return both ranks of units with their intervals in an area, missing while they are being computed.

    Parameters
    ----------
    units
        As in :class:`models.robustness.comparison.Comparison`.
    doubts
        Rank intervals of A and of B, see :func:`models.robustness.reliability.rank_intervals`.
    """
    for name, doubt in zip(TIMES, doubts, strict=True):
        ranks = area.ranks(pd.DataFrame() if doubt is None else doubt).reindex(units.index).astype(float)
        units = units.assign(**{f"low_{name}": ranks["low"], f"high_{name}": ranks["high"]})
    return units


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
    columns: dict[str, object] = {"way": way, "commune": bench.communes(codes)}
    for name in TIMES:
        columns[name] = rows[f"rank_{name}"]
        if rows[f"low_{name}"].notna().any():
            columns[f"interval_{name}"] = _written(rows, name, text)
    shown = pd.DataFrame(columns, index=codes)
    number, word = st.column_config.NumberColumn, st.column_config.TextColumn
    means = text("analyst.interval_help")
    tables.draw(
        shown.sort_values(["way", "after"]),
        text,
        height=min(36 * (len(shown) + 1) + 2, 330),
        key="bench.moves",
        columns={
            "way": word(text("analyst.way"), width=64),
            "commune": word(text("table.commune")),
            "before": number(text("analyst.rank_a"), width=60),
            "interval_before": word(text("analyst.interval_a"), width=78, help=means),
            "after": number(text("analyst.rank_b"), width=60),
            "interval_after": word(text("analyst.interval_b"), width=78, help=means),
        },
    )


def _written(rows: pd.DataFrame, name: str, text: Texts) -> list[str]:
    """Return the rank intervals of one side as people read them."""
    ends = rows[[f"low_{name}", f"high_{name}"]].itertuples(index=False)
    return [interval(None, low, high, text) for low, high in ends]


def first_places(units: pd.DataFrame, names: pd.Series, order: Sequence[str], text: Texts) -> pd.DataFrame:
    """Return the points of the chart of the first places, two for each unit: ``name, kind, value, place``.

    With the interval of each rank as ``low, high`` and, as people read it, ``interval``; ``order`` names both kinds.
    """
    sides = [
        pd.DataFrame(
            {
                "name": names[units.index],
                "kind": kind,
                "value": units[f"rank_{name}"].astype(float),
                "place": place,
                "low": units[f"low_{name}"],
                "high": units[f"high_{name}"],
                "interval": _written(units, name, text),
            }
        )
        for place, (name, kind) in enumerate(zip(TIMES, order, strict=True))
    ]
    return pd.concat(sides).loc[units.index].reset_index(drop=True)


def _first_places(found: Comparison, bench: Bench) -> None:
    """Draw the places of those who are first in B, in both settings."""
    text = bench.text
    first = found.units.sort_values("rank_after", kind="stable").head(SHOWN)
    names = bench.communes(first.index)
    order = [text("analyst.rank_a"), text("analyst.rank_b")]
    points = first_places(first, names, order, text)
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
    words = {
        "x": text("analyst.rank_axis", place=bench.place_name),
        "name": text("table.commune"),
        "interval": text("analyst.interval"),
    }
    chart = charts.pairs(points, words, order, ",.0f")
    charts.figure(text("analyst.first_title", number=len(first)), told, chart, text, "bench.chart.first")
    if points["low"].notna().any():
        st.caption(text("analyst.interval_bars"))
