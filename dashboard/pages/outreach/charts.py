"""Charts of what was done over time and beside a plan: frames in, Altair charts out."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from dashboard.ui.charts import GREY, INK, ORANGE, ROW, TEAL

COLOURS = (TEAL, ORANGE, "#5a2f6b")
HEIGHT = 230


def lines(
    frame: pd.DataFrame,
    words: dict[str, str],
    order: list[str],
    *,
    digits: str,
    when: str = "day",
    step: bool = False,
) -> Any:
    """Return lines over days or weeks: ``day`` or ``week``, ``kind, value`` per row; a missing value is a gap.

    ``words``: titles by ``x, y, kind``; ``order`` the kinds, drawn in different colours and dashes.
    """
    x = (
        alt.X("day:T", title=words["x"], axis=alt.Axis(format="%m/%Y", tickCount=8, labelOverlap=True))
        if when == "day"
        else alt.X("week:Q", title=words["x"], axis=alt.Axis(format="d", tickMinStep=1), scale=alt.Scale(nice=False))
    )
    tip = (
        alt.Tooltip("day:T", title=words["x"], format="%x")
        if when == "day"
        else alt.Tooltip("week:Q", title=words["x"], format="d")
    )
    colours = list(COLOURS[: len(order)])
    return (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=26), interpolate="step-after" if step else "linear")
        .encode(
            x=x,
            y=alt.Y(
                "value:Q", title=words["y"], axis=alt.Axis(format=digits, tickCount=5), scale=alt.Scale(zero=True)
            ),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=order, range=colours),
                legend=alt.Legend(orient="top", labelLimit=420),
            ),
            strokeDash=alt.StrokeDash(
                "kind:N", title=None, scale=alt.Scale(domain=order, range=[[1, 0], [6, 3], [2, 2]][: len(order)])
            ),
            tooltip=[tip, alt.Tooltip("kind:N", title=" "), alt.Tooltip("value:Q", title=words["y"], format=digits)],
        )
        .properties(height=HEIGHT)
    )


def beside(frame: pd.DataFrame, words: dict[str, str]) -> Any:
    """Return bars of what was held over pale bars of what was planned: ``name, planned, held`` per row."""
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, labelOverlap=False))
    tips = [
        alt.Tooltip("name:N", title=words["name"]),
        alt.Tooltip("planned:Q", title=words["planned"], format=",.0f"),
        alt.Tooltip("held:Q", title=words["held"], format=",.0f"),
    ]
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    axis = alt.Axis(format=",.0f", tickMinStep=1)
    planned = base.mark_bar(color="#d3dbdc", height=15).encode(x=alt.X("planned:Q", title=words["x"], axis=axis))
    held = base.mark_bar(color=TEAL, height=8).encode(x="held:Q")
    label = base.mark_text(align="left", dx=5, color=INK, fontSize=11).encode(x="planned:Q", text="label:N")
    return (planned + held + label).properties(height=(ROW + 4) * len(frame) + 70)


def drifts(frame: pd.DataFrame, words: dict[str, str]) -> Any:
    """Return how far coverage is ahead or behind, in points: ``name, value, expected, actual`` per row."""
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, labelOverlap=False))
    base = alt.Chart(frame).encode(
        y=y,
        tooltip=[
            alt.Tooltip("name:N", title=words["name"]),
            *(alt.Tooltip(f"{one}:Q", title=words[one], format=".1f") for one in ("expected", "actual", "value")),
        ],
    )
    bars = base.mark_bar(height=12).encode(
        x=alt.X("value:Q", title=words["x"], axis=alt.Axis(format="+.1f")),
        color=alt.condition("datum.value < 0", alt.value(ORANGE), alt.value(TEAL)),
    )
    zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color=GREY).encode(x="x:Q")
    return (bars + zero).properties(height=(ROW + 2) * len(frame) + 70)
