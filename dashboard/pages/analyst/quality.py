"""How good each indicator is: source, year, resolution, quality, evidence, and how much of it is missing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.analyst.bench import Bench
from dashboard.scenario.naming import unit_name, words
from dashboard.ui import tables

GRADES = ("A", "B")


def render(bench: Bench) -> None:
    """Draw the table of the indicators."""
    text = bench.text
    shown = quality_frame(bench)
    weight = shown["weight"].where(shown["grade"].isin(GRADES), 0.0).sum()
    told = text(
        "analyst.quality_told",
        number=len(shown),
        well=text.number(weight),
        commune=int((shown["level"] == text("resolution.commune")).sum()),
        imputed=text.number(int(shown["imputed"].sum())),
    )
    st.html(
        tag(
            "div",
            tag("h3", text("analyst.quality_title")),
            tag("p", told, class_="rk-conclusion"),
            class_="rk-figure-head",
        )
    )
    as_text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    tables.draw(
        shown,
        text,
        writing={"weight": tables.percent(text, 1)},
        height=36 * (len(shown) + 1) + 2,
        key="bench.quality",
        columns={
            "name": as_text(text("analyst.figure"), width=230, pinned=True),
            "weight": number(text("analyst.weight"), width=90),
            "grade": as_text(text("analyst.grade"), help=text("analyst.grade_help"), width=95),
            "quality": as_text(text("analyst.grade_of_data"), width=90),
            "level": as_text(text("commune.resolution"), width=84),
            "year": as_text(text("analyst.year"), width=92),
            "missing": number(text("analyst.missing"), help=text("analyst.missing_help"), width=65),
            "imputed": number(text("analyst.imputed"), help=text("analyst.imputed_help"), width=75),
            "treated": number(text("analyst.treated"), help=text("analyst.treated_help"), width=70),
            "unit": as_text(text("analyst.unit"), width=110),
            "source": as_text(text("analyst.source"), width=260),
            "evidence": as_text(text("analyst.evidence"), width=520),
        },
    )


def quality_frame(bench: Bench) -> pd.DataFrame:
    """Return one row per indicator of the tree."""
    text, assessment = bench.text, bench.assessment
    shares = bench.framework.shares()
    rows = []
    for node in bench.framework.indicators:
        facts = node.facts
        qualities = bench.table.quality[node.code].dropna().astype(str).value_counts()
        common = str(qualities.index[0]) if len(qualities) else "missing"
        mark = f" · {text('analyst.restricted')}" if facts.get("public", "yes") == "no" else ""
        rows.append(
            {
                "name": bench.name(node.code) + mark,
                "weight": 100 * shares[node.code],
                "grade": facts.get("evidence_grade", ""),
                "quality": text(f"quality.{common}"),
                "level": text.either(f"resolution.{facts.get('resolution', '')}", facts.get("resolution", "")),
                "year": facts.get("year", ""),
                "missing": int(assessment.prepared.raw[node.code].isna().sum()),
                "imputed": int(assessment.imputed[node.code].sum()),
                "treated": int(assessment.prepared.treatments[node.code].points),
                "unit": unit_name(facts, text),
                "source": facts.get("source", ""),
                "evidence": words(facts, "evidence", text),
            }
        )
    return pd.DataFrame(rows)
