"""Communes at high risk where nothing has been done for months."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import ROW, Desk
from dashboard.services import follow
from dashboard.services.follow import Field
from dashboard.session import fieldwork
from dashboard.ui import tables
from models.outreach.alerts import State, at_high_risk

MONTHS = 6
MOST = 36
SHOWN = 200


def render(known: Field, desk: Desk) -> None:
    """Draw the control, the sentence and the list."""
    text = desk.text
    fieldwork.settle_number("monitoring.months", MONTHS)
    st.html(tag("div", tag("h3", text("monitoring.alerts")), class_="rk-figure-head"))
    months = st.slider(text("monitoring.months"), 1, MOST, key=f"{fieldwork.PREFIX}monitoring.months", width=340)
    day = follow.alerts_day(known, dt.date.today())
    found = follow.quiet(known, day, months)
    high = int(at_high_risk(known.listed).sum())
    st.html(tag("p", conclusion(found, months, day, desk, high), class_="rk-conclusion"))
    if found.empty:
        return
    if known.synthetic:
        st.caption(text("monitoring.alerts_synthetic"))
    shown = pd.DataFrame(
        {
            "commune": found["name"],
            "province": found["province_code"].map(desk.province_name),
            "score": found["score"].round(1),
            "level": [text(f"level.{int(one)}") for one in found["class"]],
            "state": [text(f"monitoring.alert_{state}") for state in found["state"]],
            "last": [text.day(last) if pd.notna(last) else text.number(None) for last in found["last_date"]],
            "months": [text.number(value) for value in found["months_since"]],
            "population": found["population"].round(),
            "quality": [_quality(grade, desk) for grade in known.communes["gap_quality"].reindex(found.index)],
        }
    ).head(SHOWN)
    if not desk.nation:
        shown = shown.drop(columns="province")
    word, number = st.column_config.TextColumn, st.column_config.NumberColumn
    tables.draw(
        shown,
        text,
        writing={"score": 1},
        row_height=ROW,
        height=min(ROW * (len(shown) + 1) + 4, 360),
        key="field.monitoring.alerts",
        columns={
            "commune": word(text("table.commune")),
            "province": word(text("table.province")),
            "score": number(text("table.score")),
            "level": word(text("planner.agreement_level")),
            "state": word(text("monitoring.column_alert")),
            "last": word(text("monitoring.column_last"), alignment="right"),
            "months": word(text("monitoring.column_months"), alignment="right"),
            "population": number(text("commune.people")),
            "quality": word(text("coverage.column_quality")),
        },
    )


def _quality(grade: object, desk: Desk) -> str:
    return desk.text(f"quality.{grade}") if isinstance(grade, str) else desk.text("quality.missing")


def conclusion(found: pd.DataFrame, months: int, day: dt.date, desk: Desk, high: int) -> str:
    """Return in one sentence how many of the ``high`` communes are listed, and which of them nobody knows about."""
    text = desk.text
    if not high:
        return text("monitoring.alerts_nowhere")
    counts = found["state"].value_counts().reindex([state.value for state in State]).fillna(0).astype(int)
    silent = int(counts[State.NEVER] + counts[State.QUIET])
    parts = []
    if silent:
        first = found[found["state"] != State.UNKNOWN]["name"].iloc[0]
        parts.append(
            text(
                "monitoring.alerts_told", count=silent, months=months, never=int(counts[State.NEVER]), first=first,
                day=text.day(day),
            )
        )  # fmt: skip
    if counts[State.UNKNOWN]:
        parts.append(text("monitoring.alerts_unknown", count=int(counts[State.UNKNOWN])))
    return " ".join(parts) or text("monitoring.alerts_none", months=months, high=high)
