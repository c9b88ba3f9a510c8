"""What the ranking hangs on: each part taken out in turn, and the shares of the variance of the ranks."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.analyst import one, running
from dashboard.pages.analyst.bench import Bench
from dashboard.pages.analyst.doubt import VARIED, choices_of
from dashboard.scenario.analysis import METHODS
from dashboard.session import workbench
from dashboard.ui import charts
from models.robustness.sensitivity import sensitivity
from models.robustness.sobol import Sobol

KIND = "sobol"
SAMPLES = (64, 128, 256, 512)
SHOWN = 12
CHOICES = 500
"""Communes one can choose from."""


@dataclass(frozen=True)
class Found:
    """What moves the ranks of all communes, and the rank of one: its name and its rank as given."""

    shift: Sobol
    unit: Sobol | None
    name: str
    rank: int


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
    offered = ranked_here(bench)
    workbench.offered(
        "unit", offered, workbench.held("commune") if workbench.held("commune") in offered else offered[0]
    )
    names = bench.communes(pd.Index(offered))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            text("analyst.samples"),
            SAMPLES,
            key=f"{workbench.PREFIX}samples",
            width=130,
            format_func=text.number,
        )
        st.selectbox(
            text("analyst.unit_chosen"),
            offered,
            key=f"{workbench.PREFIX}unit",
            format_func=lambda code: names[code],
            help=text("analyst.unit_chosen_help"),
            width=330,
        )
        started = st.button(text("analyst.run"), key="bench.run_sobol", icon=":material/play_arrow:")
    spread, samples, unit = (workbench.held(name) for name in ("spread", "samples", "unit"))
    made_for = (bench.framework.digest, samples, float(spread), unit)
    if started:

        def found(told: running.Told) -> Found:
            choices = choices_of(bench, VARIED)
            made = sensitivity(
                bench.assessment,
                choices,
                concentration=float(spread),
                samples=int(samples),
                unit=unit,
                progress=told,
            )
            return Found(made.shift, made.unit, names[unit], int(bench.assessment.rank[unit]))

        running.run(KIND, made_for, found, text)
    latest = running.latest(KIND, made_for, text)
    if latest is not None:
        _show(latest, bench)
    one.render(bench, unit, names[unit])


def ranked_here(bench: Bench) -> list[str]:
    """Return the codes of the communes one can choose from: those looked at, the highest scores first."""
    score = bench.assessment.score.loc[bench.here].dropna()
    return [str(code) for code in score.sort_values(ascending=False, kind="stable").index[:CHOICES]]


def _show(found: Found, bench: Bench) -> None:
    """Draw the indices of the mean shift of all ranks, and beside them those of one commune's rank."""
    text = bench.text
    order = found.shift.indices.sort_values("total", ascending=False).index[:SHOWN]
    left, right = st.columns(2, gap="medium")
    with left:
        _indices(found.shift, order, "shift", text("analyst.sobol_of_all"), bench)
    with right:
        if found.unit is None or not found.unit.variance > 0:
            told = text("analyst.sobol_fixed", name=found.name, rank=text.number(found.rank))
            charts.figure(text("analyst.sobol_of_unit", name=found.name), told, None, text, "bench.chart.sobol.unit")
            return
        order = found.unit.indices.sort_values("total", ascending=False).index[:SHOWN]
        _indices(found.unit, order, "unit", text("analyst.sobol_of_unit", name=found.name), bench)


def _indices(found: Sobol, shown: pd.Index, kind: str, title: str, bench: Bench) -> None:
    text = bench.text
    indices = found.indices.loc[shown]
    order = [text("analyst.sobol_first"), text("analyst.sobol_total")]
    names = {name: input_name(str(name), bench) for name in indices.index}
    rows = [
        {
            "name": names[name],
            "kind": label,
            "value": max(row[column], 0.0),
            "low": max(row[f"{column}_low"], 0.0),
            "high": max(row[f"{column}_high"], 0.0),
        }
        for name, row in indices.iterrows()
        for label, column in zip(order, ("first", "total"), strict=True)
    ]
    told = text(
        f"analyst.sobol_told_{kind}",
        name=names[indices.index[0]],
        share=text.number(100 * max(indices["first"].iloc[0], 0)),
        total=text.number(100 * indices["total"].iloc[0]),
        runs=text.number(found.runs),
        mean=text.number(found.mean + (kind == "unit"), 0),
        spread=text.number(found.variance**0.5, 0),
    )
    words = {
        "x": text("analyst.sobol_axis"),
        "name": text("analyst.input"),
        **{one: text(f"analyst.sobol_{one}") for one in ("value", "low", "high")},
    }
    chart = charts.spans(pd.DataFrame(rows), words, order)
    charts.figure(title, told, chart, text, f"bench.chart.sobol.{kind}")


def input_name(name: str, bench: Bench) -> str:
    """Return what an input of the analysis is called: a weight, a choice of methods, the values."""
    text: Texts = bench.text
    kind, _, rest = name.partition(":")
    if kind == "weight":
        return text("analyst.input_weight", name=bench.name(rest))
    if kind == "choice":
        if rest == "table":
            return text("analyst.input_distances")
        if rest in METHODS:
            return text("analyst.input_choice", name=text(f"analyst.kind_{rest}"))
        first, *others = rest.partition(":")[2].split("+")
        return text("analyst.input_aggregate", name=bench.name(first) + (f" +{len(others)}" if others else ""))
    return text("analyst.input_values")
