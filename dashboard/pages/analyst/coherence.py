"""How the indicators hang together, and what weights really do."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench
from dashboard.ui import charts, tables
from dashboard.ui.shared import plain
from geo import units
from models.index.tuning import shares_in_parent
from models.robustness.coherence import Coherence

PLAIN = 0.10
"""Influence that differs by more than this from the weight is said in so many words."""
NEAR = 0.03
"""Influence that differs by less than this is what was asked for."""
ENOUGH = 0.8
"""Share of the variance that the components shown explain."""
LEVERS = 10
DECIDING = 0.05
"""Change of a correlation from which a single commune decides it."""


def render(bench: Bench) -> None:
    """Draw what weights really do, the map of correlations with its flags, components and single units."""
    found = cached.coherence(bench.settings, bench.restricted)
    _dimensions(bench)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _correlations(found, bench)
        _flags(found, bench)
        _components(found, bench)
    with right:
        _weights("parts", bench)
        _weights("indicators", bench)
        _leverage(found, bench)


def _dimensions(bench: Bench) -> None:
    """Say plainly which dimension decides the national ranking, against what it was given; offer to mend it."""
    text, balanced = bench.text, bench.settings.balanced
    told, apart = influence_told(bench)
    left, right = st.columns([4, 1], vertical_alignment="center", gap="small")
    with left:
        (st.warning if apart > PLAIN else st.success)(told, icon=":material/balance:")
    with right:
        st.button(
            text("analyst.unbalance" if balanced else "analyst.balance"),
            key="bench.balance",
            help=text("analyst.balance_help"),
            on_click=workbench.balance,
            width="stretch",
        )


def effective(bench: Bench) -> pd.DataFrame:
    """Return what each node was given (as stated by the sliders) and its influence, as shares of its parent."""
    weights = bench.assessment.effective_weights
    stated = shares_in_parent(bench.stated)
    return weights.assign(nominal=[stated[str(code)] for code in weights.index])


def influence_told(bench: Bench) -> tuple[str, float]:
    """Return what the dimensions do to the national ranking against their weights, and by how much it differs."""
    text, weights = bench.text, effective(bench)
    shown = weights.loc[[node.code for node in bench.framework.dimensions if node.code in weights.index]]
    gap = shown["influence"] - shown["nominal"]
    words = {}
    for kind, code in (("more", str(gap.idxmax())), ("less", str(gap.idxmin()))):
        words[kind] = bench.name(code)
        words[f"{kind}_given"] = text.number(100 * shown.loc[code, "nominal"])
        words[f"{kind}_real"] = text.number(100 * shown.loc[code, "influence"])
    apart = float(gap.abs().max())
    told = text("analyst.dimensions_apart" if apart > PLAIN else "analyst.dimensions_near", **words)
    if bench.settings.balanced:
        shares = shares_in_parent(bench.framework)
        used = "; ".join(f"{bench.name(str(code))} {text.percent(shares[str(code)])}" for code in shown.index)
        told = f"{told} {text('analyst.balanced_with', weights=used)}"
    return plain(told), apart


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
    tables.draw(
        shown,
        text,
        writing={"correlation": 2},
        key="bench.flags",
        columns={
            "first": words(text("analyst.figure")),
            "second": words(text("analyst.figure") + " 2"),
            "correlation": st.column_config.NumberColumn(text("analyst.correlation")),
            "flag": words(text("analyst.flag")),
        },
    )


def _weights(kind: str, bench: Bench) -> None:
    """Draw nominal and effective weights of dimensions and parts, or of indicators."""
    text = bench.text
    weights = effective(bench)
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
        "analyst.effective_told" if apart[code] >= NEAR else "analyst.effective_near",
        name=bench.name(str(code)),
        nominal=text.number(100 * shown.loc[code, "nominal"]),
        effective=text.number(100 * shown.loc[code, "influence"]),
    )
    words = {"x": text("analyst.share_axis"), "name": text("analyst.part")}
    chart = charts.pairs(pd.DataFrame(rows), words, order)
    charts.figure(text(f"analyst.effective_{kind}"), told, chart, text, f"bench.chart.effective.{kind}")


def _components(found: Coherence, bench: Bench) -> None:
    """Draw how much of the variance each principal component explains, and what it consists of."""
    text, table = bench.text, found.components
    if not len(table):
        return
    needed = int((table["cumulated"] < ENOUGH).sum()) + 1
    frame = pd.DataFrame(
        {
            "name": [str(number) for number in table.index],
            "value": table["explained"],
            "sum": table["cumulated"].clip(upper=1.0),
        }
    )
    words = {
        "name": text("analyst.component"),
        "y": text("analyst.explained_axis"),
        "value": text("analyst.explained"),
        "sum": text("analyst.cumulated"),
    }
    told = text(
        "analyst.pca_told",
        first=text.number(100 * table["explained"].iloc[0]),
        number=needed,
        indicators=len(table),
        share=text.number(100 * ENOUGH),
    )
    charts.figure(text("analyst.pca_title"), told, charts.shares(frame, words), text, "bench.chart.components")
    loadings = found.loadings.iloc[:, :needed]
    rows = [
        {"first": f"{text('analyst.component')} {number}", "second": bench.short(str(code)), "value": float(value)}
        for number in loadings
        for code, value in loadings[number].items()
    ]
    first = loadings[1].abs().sort_values(ascending=False)
    told = text("analyst.loadings_told", names=", ".join(f"“{bench.short(str(code))}”" for code in first.index[:3]))
    words = {"value": text("analyst.loading"), "first": text("analyst.component"), "second": text("analyst.figure")}
    chart = charts.profile(pd.DataFrame(rows), words, widest=1.0)
    charts.figure(text("analyst.loadings_title"), told, chart, text, "bench.chart.loadings")


def _leverage(found: Coherence, bench: Bench) -> None:
    """Draw the communes without which a correlation would change most."""
    text, leverage = bench.text, found.leverage.dropna().sort_values(ascending=False).head(LEVERS)
    if not len(leverage):
        return
    communes = units.communes().loc[leverage.index]
    names = communes["name"] + ", " + communes["province_code"].map(cached.province_order())
    frame = pd.DataFrame({"name": names, "value": leverage})
    told = text(
        "analyst.leverage_told" if leverage.iloc[0] < DECIDING else "analyst.leverage_told_one",
        name=names.iloc[0],
        value=text.number(float(leverage.iloc[0]), 3),
    )
    words = {"x": text("analyst.leverage_axis"), "name": text("table.commune")}
    tips = [alt.Tooltip("value:Q", title=words["x"], format=".4f")]
    chart = charts.bars(frame, words, tips, ".3f")
    charts.figure(text("analyst.leverage_title"), told, chart, text, "bench.chart.leverage")
