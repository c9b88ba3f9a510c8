"""The pathways side by side: which one leads in each commune, and how far their rankings agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.maps import categories, palette
from dashboard.maps.escape import tag
from dashboard.pages.analyst import canvas
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench
from dashboard.ui import charts, tables
from models.index.pathways import NO_LEAD, Comparison

MAP_HEIGHT = 470
LISTED = 300
UNLIKE = 0.5
"""Correlation of ranks below which one list cannot serve two pathways."""


def render(bench: Bench) -> None:
    """Draw the map of the leading pathway, how the rankings agree, and the ranks of every commune."""
    text = bench.text
    found = cached.pathways(bench.restricted)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        rows = [(code, text(f"patterns.pathway_{code}"), palette.PATHWAYS[code]) for code in found.ranks]
        rows.append((NO_LEAD, text("patterns.no_lead"), palette.NEUTRAL))
        shown = categories.kinds(found.leading, rows).of(cached.geometry(bench.place)["codes"])
        legend = categories.legend(shown, text("patterns.leading"), text)
        content = categories.message(shown, 100 * found.shares.max(axis=1), text, 0)
        content |= {"title": text("patterns.share"), "unit": "%"}
        canvas.draw(workbench.PATTERN_MAP, content, bench, MAP_HEIGHT, legends=[legend])
    with right:
        _told(found, bench)
        _agreement(found, bench)
    _communes(found, bench)


def _told(found: Comparison, bench: Bench) -> None:
    text = bench.text
    here = found.leading.loc[bench.here].value_counts()
    leads = here.drop(NO_LEAD, errors="ignore")
    told = text("patterns.pathways_nobody")
    if len(leads):
        told = text(
            "patterns.pathways_told",
            name=text(f"patterns.pathway_{leads.index[0]}"),
            number=text.number(int(leads.iloc[0])),
            all=text.number(len(bench.here)),
            place=bench.place_name,
            none=text.number(int(here.get(NO_LEAD, 0))),
        )
    st.html(
        tag(
            "div",
            tag("h3", text("patterns.pathways_title", place=bench.place_name)),
            tag("p", told, class_="rk-conclusion"),
            tag("p", text("patterns.pathways_note"), class_="rk-small"),
            class_="rk-figure-head",
        )
    )


def _agreement(found: Comparison, bench: Bench) -> None:
    text = bench.text
    names = {code: text(f"patterns.pathway_{code}") for code in found.correlations}
    pairs = found.correlations.where(~np.eye(len(names), dtype=bool))
    nearest, farthest = pairs.stack().idxmax(), pairs.stack().idxmin()  # noqa: PD013
    told = text(
        "patterns.agree_unlike" if pairs.loc[farthest] < UNLIKE else "patterns.agree_alike",
        first=names[nearest[0]],
        second=names[nearest[1]],
        most=text.number(float(pairs.loc[nearest]), 2),
        third=names[farthest[0]],
        fourth=names[farthest[1]],
        least=text.number(float(pairs.loc[farthest]), 2),
    )
    rows = [
        {
            "first": names[first],
            "second": names[second],
            "value": float(found.correlations.loc[first, second]),
            "overlap": float(found.overlap.loc[first, second]),
        }
        for first in names
        for second in names
    ]
    words = {"value": text("analyst.spearman"), "overlap": text("patterns.overlap")}
    chart = charts.agreement(pd.DataFrame(rows), words)
    charts.figure(text("patterns.agree_title"), told, chart, text, "bench.chart.agreement")


def _communes(found: Comparison, bench: Bench) -> None:
    text = bench.text
    here = found.ranks.loc[bench.here]
    order = here.min(axis=1).sort_values(kind="stable").index
    shown = pd.DataFrame(
        {
            "commune": bench.communes(order),
            "leading": found.leading.loc[order].map(
                lambda code: text("patterns.no_lead" if code == NO_LEAD else f"patterns.pathway_{code}")
            ),
            "lead": (100 * found.lead.loc[order]).round(),
            **{code: here.loc[order, code] for code in here},
        },
        index=order,
    )
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    label = text("patterns.every_rank", number=text.number(min(len(shown), LISTED)), all=text.number(len(shown)))
    with st.expander(label):
        tables.draw(
            shown.head(LISTED),
            text,
            height=330,
            key="bench.pathways",
            columns={
                "commune": words(text("table.commune")),
                "leading": words(text("patterns.leading")),
                "lead": number(text("patterns.lead"), help=text("patterns.lead_help")),
                **{code: number(text(f"patterns.pathway_{code}")) for code in here},
            },
        )
