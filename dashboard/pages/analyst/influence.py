"""What the ranking hangs on: each part taken out in turn, and the shares of the variance of the ranks."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import cached, workbench
from dashboard.analysis import METHODS
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.analyst import charts, running
from dashboard.pages.analyst.bench import Bench
from dashboard.pages.analyst.doubt import VARIED, choices_of
from models.sensitivity import sensitivity
from models.sobol import Sobol

KIND = "sobol"
SAMPLES = (64, 128, 256, 512)
SHOWN = 12


def render(bench: Bench) -> None:
    """Draw the removal of parts and indicators, and the Sobol indices on demand."""
    removed = cached.removal(bench.settings, bench.restricted)
    leaves = {node.code for node in bench.framework.indicators}
    left, right = st.columns(2, gap="medium")
    with left:
        _removal(removed[~removed.index.isin(leaves)], "parts", bench)
    with right:
        _removal(removed[removed.index.isin(leaves)], "indicators", bench)
    _sobol(bench)


def _removal(removed: pd.DataFrame, kind: str, bench: Bench) -> None:
    text = bench.text
    if not len(removed):
        return
    removed = removed.sort_values("mean_shift", ascending=False)
    frame = pd.DataFrame(
        {
            "name": [bench.name(code) for code in removed.index],
            "value": removed["mean_shift"],
            "largest": removed["largest_shift"],
            "spearman": removed["spearman"],
            "entered": removed["entered"],
        }
    )
    words = {"x": text("analyst.removal_axis"), "name": text(f"analyst.removal_{kind}")}
    tips = [
        alt.Tooltip("value:Q", title=text("analyst.mean_shift"), format=",.1f"),
        alt.Tooltip("largest:Q", title=text("analyst.largest_shift"), format=",.0f"),
        alt.Tooltip("spearman:Q", title=text("analyst.spearman"), format=".3f"),
        alt.Tooltip("entered:Q", title=text("analyst.entered_20"), format=",.0f"),
    ]
    first, last = frame.iloc[0], frame.iloc[-1]
    told = text(
        "analyst.removal_told",
        first=first["name"],
        most=text.number(first["value"]),
        last=last["name"],
        least=text.number(last["value"]),
    )
    charts.figure(
        text(f"analyst.removal_{kind}_title"),
        told,
        charts.bars(frame, words, tips),
        text,
        f"bench.chart.removal.{kind}",
    )


def _sobol(bench: Bench) -> None:
    text = bench.text
    st.html(
        tag(
            "div",
            tag("h3", text("analyst.sobol_title")),
            tag("p", text("analyst.sobol_lead"), class_="rk-small"),
            class_="rk-figure-head",
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        samples = st.selectbox(
            text("analyst.samples"), SAMPLES, index=1, key="bench.samples", width=130, format_func=text.number
        )
        started = st.button(text("analyst.run"), key="bench.run_sobol", icon=":material/play_arrow:")
    spread = float(workbench.held("spread"))
    made_for = (bench.framework.digest, samples, spread)
    if started:
        choices = choices_of(bench, VARIED)
        running.run(
            KIND,
            made_for,
            lambda told: (
                sensitivity(
                    bench.assessment, choices, concentration=spread, samples=int(samples), progress=told
                ).shift
            ),
            text,
        )
    found = running.latest(KIND, made_for, text)
    if found is not None:
        _indices(found, bench)


def _indices(found: Sobol, bench: Bench) -> None:
    text = bench.text
    indices = found.indices.sort_values("total", ascending=False).head(SHOWN)
    order = [text("analyst.sobol_first"), text("analyst.sobol_total")]
    names = {name: input_name(str(name), bench) for name in indices.index}
    rows = [
        {
            "name": names[name],
            "kind": kind,
            "value": max(row[column], 0.0),
            "low": max(row[f"{column}_low"], 0.0),
            "high": max(row[f"{column}_high"], 0.0),
        }
        for name, row in indices.iterrows()
        for kind, column in zip(order, ("first", "total"), strict=True)
    ]
    told = text(
        "analyst.sobol_told",
        name=names[indices.index[0]],
        share=text.number(100 * max(indices["first"].iloc[0], 0)),
        total=text.number(100 * indices["total"].iloc[0]),
        runs=text.number(found.runs),
    )
    words = {
        "x": text("analyst.sobol_axis"),
        "name": text("analyst.input"),
        **{one: text(f"analyst.sobol_{one}") for one in ("value", "low", "high")},
    }
    st.html(tag("p", told, class_="rk-conclusion"))
    chart = charts.localised(charts.spans(pd.DataFrame(rows), words, order), text)
    st.altair_chart(chart, width="stretch", key="bench.chart.sobol", alt=told)


def input_name(name: str, bench: Bench) -> str:
    """Return what an input of the analysis is called: a weight, a choice of methods, the values."""
    text: Texts = bench.text
    kind, _, rest = name.partition(":")
    if kind == "weight":
        return text("analyst.input_weight", name=bench.name(rest))
    if kind == "choice":
        if rest == "table":
            return text("analyst.input_distances")
        key = rest if rest in METHODS else "root"
        return text("analyst.input_choice", name=text(f"analyst.kind_{key}"))
    return text("analyst.input_values")
