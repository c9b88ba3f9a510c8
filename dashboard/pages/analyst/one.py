"""One commune: which single weight would move it into or out of the highest fifth, and which communes are like it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.pages.analyst.bench import Bench
from dashboard.ui import charts, tables
from geo import units
from models.robustness.profile import nearest_change, similar

FIRST = 0.2
"""The share of all communes that counts as the first places."""
SHOWN = 5


def render(bench: Bench, unit: str, name: str) -> None:
    """Draw the nearest changes and the communes most alike."""
    left, right = st.columns(2, gap="medium")
    with left:
        _changes(bench, unit, name)
    with right:
        _alike(bench, unit, name)


def _changes(bench: Bench, unit: str, name: str) -> None:
    text, assessment = bench.text, bench.assessment
    top = round(FIRST * assessment.rank.count())
    rank = int(assessment.rank[unit])
    way = "out" if rank <= top else "in"
    found = nearest_change(assessment, unit, top).dropna(subset=["factor"]).head(SHOWN)
    facts = {"name": name, "rank": text.number(rank), "top": text.number(top)}
    if found.empty:
        told = text(f"one.never_{way}", **facts)
    else:
        first = found.iloc[0]
        told = text(
            f"one.moves_{way}",
            **facts,
            node=bench.name(str(found.index[0])),
            before=text.number(100 * first["share_before"]),
            after=text.number(100 * first["share_after"]),
        )
    charts.figure(text("one.change_title", name=name), told, None, text, "bench.chart.change")
    if found.empty:
        return
    shown = pd.DataFrame(
        {
            text("one.node"): [bench.name(str(code)) for code in found.index],
            text("one.share_before"): 100 * found["share_before"],
            text("one.share_after"): 100 * found["share_after"],
            text("one.rank_after"): found["rank_after"],
        }
    )
    _table(shown, bench, "bench.changes")


def _alike(bench: Bench, unit: str, name: str) -> None:
    text = bench.text
    found = similar(bench.assessment, unit, SHOWN)
    known = units.communes().loc[found.index]
    told = text("one.alike_told", name=name, names="; ".join(known["name"].head(3)))
    charts.figure(text("one.alike_title", name=name), told, None, text, "bench.chart.alike")
    shown = pd.DataFrame(
        {
            text("table.commune"): known["name"],
            text("place.province"): known["province_code"].map(cached.province_order()),
            text("one.score"): found["score"],
            text("one.rank"): found["rank"],
        }
    )
    _table(shown, bench, "bench.alike")


def _table(shown: pd.DataFrame, bench: Bench, key: str) -> None:
    """Draw a table with its titles as columns."""
    number = st.column_config.NumberColumn(width="small")
    tables.draw(shown, bench.text, dict.fromkeys(shown.select_dtypes("number").columns, number), key=key)
