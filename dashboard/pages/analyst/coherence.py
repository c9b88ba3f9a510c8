"""How the indicators hang together, and what weights really do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached
from dashboard.pages.analyst import charts
from dashboard.pages.analyst.bench import Bench
from models.coherence import Coherence


def render(bench: Bench) -> None:
    """Draw the map of correlations with its flags, and effective beside nominal weights."""
    found = cached.coherence(bench.settings, bench.restricted)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _correlations(found, bench)
        _flags(found, bench)
    with right:
        _weights("parts", bench)
        _weights("indicators", bench)


def _correlations(found: Coherence, bench: Bench) -> None:
    text = bench.text
    pairs = found.correlations
    flags = {
        frozenset((row["first"], row["second"])): text(f"analyst.flag_{row['flag']}")
        for _, row in found.flags.iterrows()
    }
    rows = [
        {
            "first": bench.short(first),
            "second": bench.short(second),
            "value": float(pairs.loc[first, second]),
            "flag": flags.get(frozenset((first, second)), "") if first != second else "",
        }
        for first in pairs.index
        for second in pairs.columns
    ]
    words = {"value": text("analyst.correlation"), "flag": text("analyst.flag")}
    explained = found.components["cumulated"]
    lowest = int(np.nanargmin(pairs.to_numpy()))
    first, second = pairs.index[lowest // len(pairs)], pairs.columns[lowest % len(pairs)]
    told = text(
        "analyst.correlation_told" if len(found.flags) else "analyst.correlation_told_none",
        number=len(found.flags),
        components=int((explained < 0.8).sum()) + 1,
        indicators=len(pairs),
        alpha=text.number(found.alpha.get(bench.framework.root.code, float("nan")), 2),
        first=bench.short(first),
        second=bench.short(second),
        lowest=text.number(float(pairs.loc[first, second]), 2),
    )
    chart = charts.matrix(pd.DataFrame(rows), words)
    charts.figure(text("analyst.correlation_title"), told, chart, text, "bench.chart.correlation")


def _flags(found: Coherence, bench: Bench) -> None:
    text = bench.text
    if not len(found.flags):
        return
    shown = pd.DataFrame(
        {
            "first": [bench.name(code) for code in found.flags["first"]],
            "second": [bench.name(code) for code in found.flags["second"]],
            "correlation": found.flags["correlation"].round(2),
            "flag": [text(f"analyst.flag_{flag}") for flag in found.flags["flag"]],
        }
    )
    words = st.column_config.TextColumn
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key="bench.flags",
        column_config={
            "first": words(text("analyst.figure")),
            "second": words(text("analyst.figure") + " 2"),
            "correlation": st.column_config.NumberColumn(text("analyst.correlation"), format="localized"),
            "flag": words(text("analyst.flag")),
        },
    )


def _weights(kind: str, bench: Bench) -> None:
    """Draw nominal and effective weights of dimensions and parts, or of indicators."""
    text = bench.text
    weights = bench.assessment.effective_weights
    leaves = {node.code for node in bench.framework.indicators}
    shown = weights[weights.index.isin(leaves) == (kind == "indicators")]
    shown = shown[shown["nominal"] < 1]
    if not len(shown):
        return
    order = [text("analyst.nominal"), text("analyst.effective")]
    ranked = [node.code for node in bench.framework.order if node.code in shown.index]
    dimensions = {node.code for node in bench.framework.dimensions}
    names = {code: bench.name(code).upper() if code in dimensions else bench.name(code) for code in ranked}
    rows = [
        {"name": names[code], "kind": label, "value": float(shown.loc[code, column]), "place": place}
        for code in ranked
        for place, (label, column) in enumerate(zip(order, ("nominal", "influence"), strict=True))
    ]
    apart = (shown["influence"] - shown["nominal"]).abs()
    code = apart.idxmax()
    told = text(
        "analyst.effective_told",
        name=bench.name(str(code)),
        nominal=text.number(100 * shown.loc[code, "nominal"]),
        effective=text.number(100 * shown.loc[code, "influence"]),
    )
    words = {"x": text("analyst.share_axis"), "name": text("analyst.part")}
    chart = charts.pairs(pd.DataFrame(rows), words, order)
    charts.figure(text(f"analyst.effective_{kind}"), told, chart, text, f"bench.chart.effective.{kind}")
