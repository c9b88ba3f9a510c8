"""What an activity of each type reaches, how fast it fades, what it costs: with its evidence, and editable."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk, problem
from dashboard.session import fieldwork
from dashboard.ui import tables
from geo import layers
from geo.base.errors import RiskmapError

EDITED = ("reach_per_event", "strength", "half_life_months", "unit_cost", "team_days", "volunteer_days")
"""Figures a user may set."""
GRADES = ("A", "B", "C", "D")
WIDE = {"reach_per_event": 150, "strength": 185, "half_life_months": 240, "team_days": 130, "volunteer_days": 205}
"""Columns whose titles need more room, pixels."""


def render(desk: Desk) -> None:
    """Draw the table, and what keeps or forgets changes."""
    text = desk.text
    now = layers.outreach_parameters()
    own = desk.store.type_parameters()
    assumed = int(now["evidence_grade"].eq("D").sum())
    st.html(tag("p", text("parameters.told", assumed=assumed, total=len(now), own=len(own)), class_="rk-small"))
    edited = st.data_editor(
        _shown(now, desk),
        key=f"{fieldwork.PREFIX}parameters.{fieldwork.held('parameters.turn', 0)}",
        hide_index=True,
        width="stretch",
        height=380,
        disabled=["type", "unit", "quality"],
        column_config=_columns(desk),
    )
    rows = changed(now, edited.set_index(now.index), dt.date.today(), text("parameters.own_source"))
    with st.container(horizontal=True, gap="small"):
        st.button(
            text("parameters.save", count=len(rows)),
            key=f"{fieldwork.PREFIX}parameters.save",
            type="primary",
            disabled=rows.empty,
            on_click=_save,
            args=(desk, rows),
        )
        st.button(
            text("parameters.reset"),
            key=f"{fieldwork.PREFIX}parameters.reset",
            disabled=own.empty,
            on_click=_reset,
            args=(desk,),
        )
    said = fieldwork.held("parameters.said")
    if isinstance(said, RiskmapError):
        problem(said, text)


def changed(now: pd.DataFrame, edited: pd.DataFrame, today: dt.date, source: str) -> pd.DataFrame:
    """Return the rows that were changed, as the store takes them.

    A changed figure is no longer what the product assumed: its source is the user unless they name another one.

    Parameters
    ----------
    now
        The parameters in use, indexed by type.
    edited
        The same rows as they stand in the table.
    """
    columns = [*EDITED, "evidence_grade", "source"]
    before, after = now[columns], edited[columns]
    same = (before == after) | (before.isna() & after.isna())
    rows = now[~same.all(axis=1)].copy()
    rows[columns] = after.loc[rows.index]
    untouched = rows["source"] == now.loc[rows.index, "source"]
    rows["source"] = rows["source"].mask(untouched, f"{source} {today:%d/%m/%Y}")
    rows["quality"], rows["as_of"] = "reported", today.isoformat()
    return rows.reset_index()


def _shown(now: pd.DataFrame, desk: Desk) -> pd.DataFrame:
    text = desk.text
    names = layers.outreach_types()[text.language].reindex(now.index)
    return pd.DataFrame(
        {
            "type": names,
            "unit": [text(f"parameters.unit_{unit}") for unit in now["counted_by"]],
            **{name: now[name] for name in EDITED},
            "evidence_grade": now["evidence_grade"],
            "quality": [
                text("parameters.reach_reported" if grade == "reported" else "parameters.reach_assumed")
                for grade in now["quality"]
            ],
            "source": now["source"],
        }
    ).reset_index(drop=True)


def _columns(desk: Desk) -> dict[str, Any]:
    text = desk.text
    most = {"strength": 1.0}
    least = {"half_life_months": 0.1}
    return {
        "type": st.column_config.TextColumn(text("parameters.type"), width=180, pinned=True),
        "unit": st.column_config.TextColumn(text("parameters.unit"), width=70),
        **{
            name: tables.entry(
                text(f"parameters.{name}"),
                None,
                help=text(f"parameters.help_{name}"),
                min_value=least.get(name, 0.0),
                max_value=most.get(name),
                required=True,
                width=WIDE.get(name, 120),
            )
            for name in EDITED
        },
        "evidence_grade": st.column_config.SelectboxColumn(
            text("parameters.grade"), help=text("parameters.help_grade"), options=GRADES, required=True, width=105
        ),
        "quality": st.column_config.TextColumn(text("parameters.reach_quality"), width=110),
        "source": st.column_config.TextColumn(text("analyst.source"), width=300),
    }


def _save(desk: Desk, rows: pd.DataFrame) -> None:
    try:
        desk.store.put_type_parameters(rows)
        fieldwork.put("parameters.said", None)
        fieldwork.put("parameters.turn", fieldwork.held("parameters.turn", 0) + 1)
    except RiskmapError as error:
        fieldwork.put("parameters.said", error)


def _reset(desk: Desk) -> None:
    try:
        desk.store.reset_type_parameters()
        fieldwork.put("parameters.said", None)
        fieldwork.put("parameters.turn", fieldwork.held("parameters.turn", 0) + 1)
    except RiskmapError as error:
        fieldwork.put("parameters.said", error)
