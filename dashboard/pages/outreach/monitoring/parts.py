"""The lines of the plan with what was held of each, and the activities nobody had planned."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import ROW, Desk
from dashboard.services.follow import Followed, team_names
from dashboard.ui import tables
from geo import layers, units


def lines(found: Followed, desk: Desk) -> None:
    """Draw the table of the plan."""
    text, table = desk.text, found.actual.lines
    st.html(tag("p", text("monitoring.rule"), class_="rk-small"))
    shown = pd.DataFrame(
        {
            "week": table["week"].astype(int),
            "team": [team_names(found.plan).get(str(team), str(team)) for team in table["team"]],
            "commune": table["commune_code"].map(units.communes()["name"]),
            "type": table["type"].map(layers.outreach_types()[text.language]),
            "planned": table["sessions"].astype(float),
            "held": [text.number(value) for value in table["held"]],
            "people_expected": table["people_expected"].astype(float),
            "people_reached": [text.number(value) for value in table["people_reached"]],
            "cost": table["cost"].astype(float).round(1),
            "state": [_state(row, desk) for row in table.itertuples()],
        }
    )
    _table(shown, desk, "field.monitoring.lines")


def unplanned(found: Followed, desk: Desk) -> None:
    """Draw what was held outside the plan, with the reason."""
    text, table = desk.text, found.actual.unplanned
    if table.empty:
        st.html(tag("p", text("monitoring.unplanned_none"), class_="rk-small"))
        return
    shown = pd.DataFrame(
        {
            "day": pd.to_datetime(table["date"]).dt.date,
            "team": table["team"],
            "commune": table["commune_code"].map(units.communes()["name"]).fillna(text("monitoring.no_commune")),
            "type": table["type"].map(layers.outreach_types()[text.language]),
            "held": [text.number(value, 0 if value == int(value) else 1) for value in table["sessions"]],
            "people_reached": [text.number(value) for value in table["people"]],
            "reason": [text(f"monitoring.reason_{reason}") for reason in table["reason"]],
        }
    )
    _table(shown, desk, "field.monitoring.unplanned")


def _state(row: Any, desk: Desk) -> str:
    if row.held != row.held:
        return desk.text("monitoring.state_unknown")
    if row.held >= row.sessions:
        return desk.text("monitoring.state_done")
    if not row.due:
        return desk.text("monitoring.state_ahead")
    return desk.text("monitoring.state_part" if row.held > 0 else "monitoring.state_missing")


def _table(shown: pd.DataFrame, desk: Desk, key: str) -> None:
    text = desk.text
    word, number = st.column_config.TextColumn, st.column_config.NumberColumn
    right = {"held", "people_reached"}
    kinds: dict[str, Any] = {
        "week": number(text("monitoring.column_week"), width=60),
        "day": st.column_config.DateColumn(text("monitoring.column_day"), width=90),
        "planned": number(text("monitoring.planned"), width=80),
        "people_expected": number(text("monitoring.column_people_expected"), width=110),
        "cost": number(text("monitoring.column_cost"), width=90),
    }
    config = {
        name: kinds.get(name)
        or word(text(f"monitoring.column_{name}"), alignment="right" if name in right else "left")
        for name in shown
    }
    tables.draw(
        shown,
        text,
        config,
        {name: 1 for name in ("cost",) if name in shown},
        row_height=ROW,
        height=min(ROW * (len(shown) + 1) + 4, 360),
        key=key,
    )
