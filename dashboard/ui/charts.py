"""Charts: frames in, Altair charts out. Colours can be told apart with any kind of colour vision."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.locale import Texts
from dashboard.maps.escape import tag
from geo.base.numerals import MARKS, MINUS

TEAL = "#1d6f72"
ORANGE = "#d9826a"
GREY = "#9aa5aa"
INK = "#1f2a30"
SURE = ("#5a2f6b", "#d9826a", "#b9c3c7")
"""Likely, possible, unlikely: dark, middle, light."""
DIVERGING = ("#a4547c", "#e9c3cf", "#f7f7f5", "#a9cfcc", "#1d6f72")
ROW = 21
BESIDE = 4
"""Pixels from the line of a row to the bars beside it."""


def figure(title: str, conclusion: str, chart: alt.TopLevelMixin | None, text: Texts, key: str) -> None:
    """Draw a chart under its title and the sentence that says what to conclude."""
    st.html(tag("div", tag("h3", title), tag("p", conclusion, class_="rk-conclusion"), class_="rk-figure-head"))
    if chart is not None:
        st.altair_chart(localised(chart, text), width="stretch", key=key, alt=f"{title}. {conclusion}")


def localised(chart: Any, text: Texts) -> Any:
    """Return the chart with numbers, days and months written as the language does; ``%x`` is a day."""
    decimal, thousands = MARKS[text.language]
    number = alt.NumberLocale(decimal=decimal, thousands=thousands, grouping=[3], currency=["", ""], minus=MINUS)
    months, weekdays = (text(f"calendar.{name}").split("|") for name in ("months", "weekdays"))
    short_months, short_days = (text(f"calendar.{name}").split("|") for name in ("short_months", "short_weekdays"))
    time = alt.TimeLocale(
        dateTime=f"{text.day_pattern()} %H:%M", date=text.day_pattern(), time="%H:%M", periods=["AM", "PM"],
        days=weekdays, shortDays=short_days, months=months, shortMonths=short_months,
    )  # fmt: skip
    return chart.configure(locale=alt.Locale(number=number, time=time))


def intervals(frame: pd.DataFrame, words: dict[str, str], order: list[str]) -> Any:
    """Return rank intervals: ``name, low, high, median, rank, top_share, sure`` per row.

    ``words`` are the titles of the axes and legends by column; ``order`` the three words of ``sure``.
    """
    colour = alt.Color(
        "sure:N",
        title=words["sure"],
        scale=alt.Scale(domain=order, range=list(SURE)),
        legend=alt.Legend(orient="top", labelLimit=360, titleLimit=500),
    )
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=230, ticks=False, labelOverlap=False))
    x = alt.X("low:Q", title=words["x"], scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(format=",.0f"))
    tips = [
        alt.Tooltip("name:N", title=words["name"]),
        *(alt.Tooltip(f"{one}:Q", title=words[one], format=",.0f") for one in ("rank", "median", "low", "high")),
        alt.Tooltip("top_share:Q", title=words["top_share"], format=".0%"),
    ]
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    bars = base.mark_bar(height=9, cornerRadius=3).encode(x=x, x2="high:Q", color=colour)
    median = base.mark_tick(color=INK, thickness=2.5, height=15).encode(x="median:Q")
    given = base.mark_point(shape="diamond", size=46, filled=True, fill="#ffffff", stroke=INK).encode(x="rank:Q")
    return (bars + median + given).properties(height=ROW * len(frame) + 110)


def stacked(frame: pd.DataFrame, words: dict[str, str], order: list[str], colours: tuple[str, ...]) -> Any:
    """Return bars of counts: ``name, part, count`` per row."""
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=180, ticks=False, labelOverlap=False)),
            x=alt.X("count:Q", title=words["x"], axis=alt.Axis(format=",.0f")),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=order, range=list(colours)),
                legend=alt.Legend(orient="top", labelLimit=400, columns=1),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=words["y"]),
                alt.Tooltip("part:N", title=" "),
                alt.Tooltip("count:Q", title=words["x"], format=",.0f"),
            ],
        )
        .properties(height=26 * frame["name"].nunique() + 100)
    )


def bars(frame: pd.DataFrame, words: dict[str, str], tips: list[alt.Tooltip], digits: str = ",.0f") -> Any:
    """Return one bar per row of ``name, value``, the value written at its end."""
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=230, ticks=False, labelOverlap=False)),
        x=alt.X("value:Q", title=words["x"], axis=alt.Axis(format=digits)),
        tooltip=[alt.Tooltip("name:N", title=words["name"]), *tips],
    )
    labels = base.mark_text(align="left", dx=4, color=INK).encode(text=alt.Text("value:Q", format=digits))
    return (base.mark_bar(color=TEAL, height=13) + labels).properties(height=ROW * len(frame) + 55)


def pairs(frame: pd.DataFrame, words: dict[str, str], order: list[str], digits: str = ".0%") -> Any:
    """Return two points per row joined by a line: ``name, kind, value``.

    With ``low, high, interval`` a bar for each point, in its colour, above the line for the first kind and below it
    for the second; none where they are missing.
    """
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=230, ticks=False, labelOverlap=False))
    x = alt.X("value:Q", title=words["x"], axis=alt.Axis(format=digits), scale=alt.Scale(zero=False))
    lines = (
        alt.Chart(frame)
        .mark_line(color=GREY, strokeWidth=2)
        .encode(y=y, x=x, detail="name:N", order=alt.Order("place:Q"))
    )
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=order, range=[GREY, TEAL]),
        legend=alt.Legend(orient="top", columns=1),
    )
    tips = [
        alt.Tooltip("name:N", title=words["name"]),
        alt.Tooltip("kind:N", title=" "),
        alt.Tooltip("value:Q", title=words["x"], format=digits),
    ]
    bars = []
    if "low" in frame and frame["low"].notna().any():
        tips.append(alt.Tooltip("interval:N", title=words["interval"]))
        low = alt.X("low:Q", title=words["x"])
        ends = alt.Chart(frame).encode(y=y, x=low, x2="high:Q", color=colour, tooltip=tips)
        bars = [
            ends.transform_filter(alt.datum.place == place).mark_rule(strokeWidth=2.5, opacity=0.6, yOffset=beside)
            for place, beside in enumerate((-BESIDE, BESIDE))
        ]
    points = (
        alt.Chart(frame)
        .mark_point(filled=True, size=75, opacity=1)
        .encode(
            y=y,
            x=x,
            color=colour,
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=order, range=["diamond", "circle"])),
            tooltip=tips,
        )
    )
    row = ROW + 2 * BESIDE if bars else ROW
    return alt.layer(lines, points, *bars).properties(height=row * frame["name"].nunique() + 100)


def spans(frame: pd.DataFrame, words: dict[str, str], order: list[str]) -> Any:
    """Return bars with intervals, two kinds side by side: ``name, kind, value, low, high``."""
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=230, ticks=False, labelOverlap=False)),
        yOffset=alt.YOffset("kind:N", sort=order),
        tooltip=[
            alt.Tooltip("name:N", title=words["name"]),
            alt.Tooltip("kind:N", title=" "),
            *(alt.Tooltip(f"{one}:Q", title=words[one], format=".2f") for one in ("value", "low", "high")),
        ],
    )
    drawn = base.mark_bar().encode(
        x=alt.X("value:Q", title=words["x"], axis=alt.Axis(format=".0%", tickCount=6)),
        color=alt.Color(
            "kind:N", title=None, scale=alt.Scale(domain=order, range=[TEAL, ORANGE]), legend=alt.Legend(orient="top")
        ),
    )
    ends = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return (drawn + ends).properties(height=28 * frame["name"].nunique() + 90)


def matrix(frame: pd.DataFrame, words: dict[str, str]) -> Any:
    """Return a map of correlations: ``first, second, value, flag`` per cell; flagged cells have a frame."""
    axis = alt.Axis(labelLimit=150, ticks=False, domain=False, labelOverlap=False)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "second:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=150, labelAngle=-50, ticks=False, labelOverlap=False),
        ),
        y=alt.Y("first:N", sort=None, title=None, axis=axis),
        tooltip=[
            alt.Tooltip("first:N", title=" "),
            alt.Tooltip("second:N", title="  "),
            alt.Tooltip("value:Q", title=words["value"], format=".2f"),
            alt.Tooltip("flag:N", title=words["flag"]),
        ],
    )
    colour = alt.Color(
        "value:Q",
        title=words["value"],
        scale=alt.Scale(domain=[-1, -0.5, 0, 0.5, 1], range=list(DIVERGING)),
        legend=alt.Legend(orient="top", gradientLength=240, format=".1f"),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1).encode(color=colour)
    numbers = (
        base.transform_filter("abs(datum.value) >= 0.3")
        .mark_text(fontSize=9.5)
        .encode(
            text=alt.Text("value:Q", format=".1f"),
            color=alt.condition("abs(datum.value) > 0.7", alt.value("#ffffff"), alt.value(INK)),
        )
    )
    flagged = base.transform_filter("datum.flag != ''").mark_rect(
        fillOpacity=0, stroke="#111c22", strokeWidth=2.2, strokeDash=[4, 2]
    )
    return (cells + numbers + flagged).properties(height=25 * frame["first"].nunique() + 210)


def profile(frame: pd.DataFrame, words: dict[str, str], widest: float = 2.0) -> Any:
    """Return a map of numbers around 0: ``first``, ``second``, ``value`` per cell; darkest from ``widest`` on."""
    frame = frame.assign(value=frame["value"].where(frame["value"].abs() >= 0.05, 0.0))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "second:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=150, labelAngle=-40, ticks=False, labelOverlap=False, domain=False),
        ),
        y=alt.Y("first:N", sort=None, title=None, axis=alt.Axis(labelLimit=330, ticks=False, domain=False)),
        tooltip=[
            alt.Tooltip("first:N", title=words["first"]),
            alt.Tooltip("second:N", title=words["second"]),
            alt.Tooltip("value:Q", title=words["value"], format="+.2f"),
        ],
    )
    colour = alt.Color(
        "value:Q",
        title=words["value"],
        scale=alt.Scale(
            domain=[-widest, -widest / 2, 0, widest / 2, widest], range=list(DIVERGING[::-1]), clamp=True
        ),
        legend=alt.Legend(orient="top", gradientLength=240, format="+.1f", titleLimit=500),
    )
    numbers = base.mark_text(fontSize=10).encode(
        text=alt.condition("datum.value == 0", alt.value("0"), alt.Text("value:Q", format="+.1f")),
        color=alt.condition(f"abs(datum.value) > {0.7 * widest}", alt.value("#ffffff"), alt.value(INK)),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1).encode(color=colour)
    return (cells + numbers).properties(height=30 * frame["first"].nunique() + 190)


def agreement(frame: pd.DataFrame, words: dict[str, str]) -> Any:
    """Return how far rankings agree: ``first, second, value, overlap`` per cell."""
    axis = alt.Axis(labelLimit=160, ticks=False, domain=False, labelOverlap=False)
    across = alt.Axis(labelLimit=160, labelAngle=-35, ticks=False, domain=False, labelOverlap=False)
    base = alt.Chart(frame).encode(
        x=alt.X("second:N", sort=None, title=None, axis=across),
        y=alt.Y("first:N", sort=None, title=None, axis=axis),
        tooltip=[
            alt.Tooltip("first:N", title=" "),
            alt.Tooltip("second:N", title="  "),
            alt.Tooltip("value:Q", title=words["value"], format=".2f"),
            alt.Tooltip("overlap:Q", title=words["overlap"], format=".0%"),
        ],
    )
    colour = alt.Color(
        "value:Q",
        title=words["value"],
        scale=alt.Scale(domain=[-1, -0.5, 0, 0.5, 1], range=list(DIVERGING)),
        legend=alt.Legend(orient="top", gradientLength=200, format=".1f"),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1).encode(color=colour)
    numbers = base.mark_text(fontSize=11).encode(
        text=alt.Text("value:Q", format=".2f"),
        color=alt.condition("datum.value > 0.7", alt.value("#ffffff"), alt.value(INK)),
    )
    return (cells + numbers).properties(height=34 * frame["first"].nunique() + 190)


def shares(frame: pd.DataFrame, words: dict[str, str]) -> Any:
    """Return bars of shares with their running sum as a line: ``name, value, sum`` per row."""
    x = alt.X("name:N", sort=None, title=words["name"], axis=alt.Axis(labelAngle=0, ticks=False))
    tips = [
        alt.Tooltip("name:N", title=words["name"]),
        alt.Tooltip("value:Q", title=words["value"], format=".1%"),
        alt.Tooltip("sum:Q", title=words["sum"], format=".0%"),
    ]
    base = alt.Chart(frame).encode(x=x, tooltip=tips)
    y = alt.Y("value:Q", title=words["y"], axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1]))
    drawn = base.mark_bar(color=TEAL).encode(y=y)
    line = base.mark_line(color=ORANGE, point=alt.OverlayMarkDef(color=ORANGE, filled=True)).encode(y="sum:Q")
    return (drawn + line).properties(height=230)


def hits(frame: pd.DataFrame, words: dict[str, str], order: list[str]) -> Any:
    """Return how well rankings find incidents: ``share`` of the area, ``method``, ``value`` (PAI) per row."""
    x = alt.X("share:O", title=words["share"], axis=alt.Axis(format=".0%", labelAngle=0))
    y = alt.Y("value:Q", title=words["value"], scale=alt.Scale(zero=True))
    colour = alt.Color(
        "method:N",
        title=None,
        scale=alt.Scale(domain=order, range=[TEAL, ORANGE, "#5a2f6b", GREY]),
        legend=alt.Legend(orient="top", labelLimit=400, columns=2),
    )
    tips = [
        alt.Tooltip("method:N", title=" "),
        alt.Tooltip("share:Q", title=words["share"], format=".0%"),
        alt.Tooltip("value:Q", title=words["value"], format=".2f"),
    ]
    base = alt.Chart(frame).encode(x=x, tooltip=tips)
    drawn = base.mark_bar().encode(y=y, color=colour, xOffset=alt.XOffset("method:N", sort=order))
    return drawn.properties(height=260)
