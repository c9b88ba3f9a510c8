"""How sure the ranks are: draws of weights, methods and values, rank intervals, and classes that hold."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.analyst import downloads, running
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench
from dashboard.ui import charts, tables
from models.robustness.choices import Choices
from models.robustness.doubts import doubts
from models.robustness.uncertainty import Uncertainty, uncertainty

KIND = "uncertainty"
DRAWS = (200, 1000, 5000, 10000)
SPREADS = (200, 50, 10)
VARIED = ("weights", "methods", "distances", "values")
FIRST = 20
LIKELY, POSSIBLE = 0.8, 0.2
HOLDS = 0.8
HIGH = 5


def render(bench: Bench) -> None:
    """Draw the settings of the simulation and what it found."""
    text = bench.text
    st.html(tag("p", text("analyst.doubt_lead"), class_="rk-small"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="bench_doubt"):
        st.selectbox(text("analyst.draws"), DRAWS, key=f"{workbench.PREFIX}draws", width=130, format_func=text.number)
        st.selectbox(
            text("analyst.spread"),
            SPREADS,
            key=f"{workbench.PREFIX}spread",
            format_func=lambda spread: text(f"analyst.spread_{spread}"),
            help=text("analyst.spread_help"),
            width=190,
        )
        st.pills(
            text("analyst.varied"),
            VARIED,
            selection_mode="multi",
            key=f"{workbench.PREFIX}varied",
            format_func=lambda part: text(f"analyst.varied_{part}"),
            help=text("analyst.varied_help"),
        )
        varied = tuple(part for part in VARIED if part in workbench.held("varied"))
        started = st.button(
            text("analyst.run"), key="bench.run", type="primary", icon=":material/play_arrow:", disabled=not varied
        )
    draws, spread = int(workbench.held("draws")), int(workbench.held("spread"))
    made_for = (bench.framework.digest, draws, spread, varied)
    if started:
        choices = choices_of(bench, varied)
        running.run(
            KIND,
            made_for,
            lambda told: uncertainty(
                bench.assessment, draws, concentration=float(spread), choices=choices, progress=told
            ),
            text,
        )
    found = running.latest(KIND, made_for, text)
    if found is None:
        st.info(text("analyst.doubt_none"), icon=":material/casino:")
        return
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _intervals(found, bench)
    with right:
        _classes(found, bench)
        _uncertain(found, bench)
    downloads.uncertainty_file(found, bench)


def choices_of(bench: Bench, varied: tuple[str, ...]) -> Choices:
    """Return what varies: weights, ways to normalise and to aggregate, half-distances, values."""
    choices = doubts(bench.framework, bench.table, cached.sources())
    if "methods" not in varied:
        choices = replace(choices, normalise=(), aggregate={})
    if "distances" not in varied:
        choices = replace(choices, tables=())
    if "values" not in varied:
        choices = replace(choices, errors=None, imputed=False)
    return replace(choices, weights="weights" in varied)


def _intervals(found: Uncertainty, bench: Bench) -> None:
    text = bench.text
    first = found.units.loc[bench.here].dropna(subset=["rank"]).sort_values("rank", kind="stable").head(FIRST)
    order = [text("analyst.likely"), text("analyst.possible"), text("analyst.unlikely")]
    place = (first["top_share"] < LIKELY).astype(int) + (first["top_share"] < POSSIBLE).astype(int)
    frame = pd.DataFrame(
        {
            "name": bench.communes(first.index),
            **{column: first[column].astype(float) for column in ("rank", "median", "low", "high", "top_share")},
            "sure": [order[one] for one in place],
        }
    )
    words = {
        "sure": text("analyst.top_share"),
        "x": text("analyst.interval_axis"),
        "name": text("table.commune"),
        **{one: text(f"analyst.{one}") for one in ("rank", "median", "low")},
        "high": text("analyst.upper"),
        "top_share": text("analyst.top_share"),
    }
    widest = (frame["high"] - frame["low"]).idxmax()
    told = text(
        "analyst.interval_told",
        sure=int((place == 0).sum()),
        number=len(first),
        name=frame.loc[widest, "name"],
        low=text.number(frame.loc[widest, "low"]),
        high=text.number(frame.loc[widest, "high"]),
    )
    title = text("analyst.interval_title", number=len(first), place=bench.place_name, draws=text.number(found.draws))
    charts.figure(title, told, charts.intervals(frame, words, order), text, "bench.chart.intervals")


def _classes(found: Uncertainty, bench: Bench) -> None:
    """Draw how many communes of each class hold it, and how many do not."""
    text = bench.text
    robust = found.robust_classes(HOLDS).loc[bench.here].dropna(subset=["class"])
    order = [text("analyst.certain"), text("analyst.uncertain")]
    rows = []
    for level in range(HIGH, 0, -1):
        here = robust[robust["class"] == level]
        counts = (int(here["certain"].sum()), int((~here["certain"]).sum()))
        name = text(f"level.{level}")
        rows += [
            {"name": name, "part": part, "count": count, "place": place}
            for place, (part, count) in enumerate(zip(order, counts, strict=True))
        ]
    highest = int(robust["class"].max())
    high = robust[robust["class"] == highest]
    told = text(
        "analyst.classes_told",
        level=text(f"level.{highest}"),
        certain=text.number(int(high["certain"].sum())),
        number=text.number(len(high)),
        share=text.number(100 * HOLDS),
    )
    words = {"x": text("analyst.communes"), "y": text("analyst.level")}
    chart = charts.stacked(pd.DataFrame(rows), words, order, (charts.TEAL, "#e0b9a8"))
    charts.figure(text("analyst.classes_title"), told, chart, text, "bench.chart.classes")


def _uncertain(found: Uncertainty, bench: Bench) -> None:
    """Draw the table of the communes of the highest class there is here, certain or why not."""
    text = bench.text
    robust = found.robust_classes(HOLDS).loc[bench.here]
    highest = int(robust["class"].max())
    high = robust[robust["class"] == highest].join(found.units[["rank", "low", "high"]])
    high = high.sort_values(["rank"], kind="stable")
    shown = pd.DataFrame(
        {
            "commune": bench.communes(high.index),
            "verdict": [text(f"level.{highest}") if sure else text("analyst.unsure") for sure in high["certain"]],
            "reason": [reason(row, text) for _, row in high.iterrows()],
            "held": 100 * high["held"],
        },
        index=high.index,
    )
    number = st.column_config.NumberColumn
    tables.draw(
        shown,
        text,
        writing={"held": tables.percent(text)},
        height=300,
        key="bench.robust",
        columns={
            "commune": st.column_config.TextColumn(text("table.commune"), width=125),
            "verdict": st.column_config.TextColumn(text("analyst.verdict"), width=78),
            "held": number(text("analyst.held"), width=70),
            "reason": st.column_config.TextColumn(text("analyst.reason"), width=205),
        },
    )


def reason(row: pd.Series, text: Texts) -> str:
    """Return why a commune's class is certain or not."""
    interval = {"low": text.number(float(row["low"])), "high": text.number(float(row["high"]))}
    if row["certain"]:
        return text("analyst.reason_certain", **interval)
    return text(
        "analyst.reason_uncertain",
        share=text.number(100 * row["otherwise_held"]),
        level=text(f"level.{int(row['otherwise'])}"),
        **interval,
    )
