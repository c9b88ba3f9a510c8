"""What may be done and what it takes: the table of activity types, whose figures are assumptions until replaced."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.locale import Texts
from dashboard.session import planner
from dashboard.ui import tables
from geo import layers
from models.planning.settings import FIGURES, Kind, kinds_of


def render(text: Texts) -> tuple[Kind, ...]:
    """Draw the button that opens the table, and return the types chosen with their figures."""
    chosen = planner.held("kinds")
    label = text("planner.kinds", number=len(chosen))
    if st.button(label, icon=":material/fact_check:", key=planner.key("kinds_open"), width="stretch"):
        _dialog(text)
    return planner.held("kinds")


def possible() -> pd.DataFrame:
    """Return the types that reach people and are counted by events, the usually planned ones first."""
    every = layers.outreach_parameters()
    usable = every[(every["reach_per_event"] * every["strength"] > 0) & every["counted_by"].eq("events")]
    return usable.loc[usable["planned"].ne("yes").sort_values(kind="stable").index]


def table(kinds: tuple[Kind, ...], text: Texts) -> pd.DataFrame:
    """Return the table as it is edited: what is chosen has its own figures, the rest those of the product."""
    known = possible()
    figures = known[list(FIGURES)].astype(float)
    for kind in kinds:
        if kind.type in figures.index:
            figures.loc[kind.type] = [getattr(kind, column) for column in FIGURES]
    names = layers.outreach_types()[text.language].reindex(known.index)
    frame = figures.assign(grade=known["evidence_grade"], name=names.fillna(pd.Series(known.index, known.index)))
    return frame.assign(planned=frame.index.isin([kind.type for kind in kinds]))[
        ["planned", "name", *FIGURES, "grade"]
    ]


def chosen_of(edited: pd.DataFrame) -> tuple[Kind, ...]:
    """Return the types ticked; a figure that was emptied makes the type unusable and is left out."""
    ticked = edited[edited["planned"].astype(bool)]
    return kinds_of(ticked.dropna(subset=list(FIGURES)))


def _dialog(text: Texts) -> None:
    @st.dialog(text("planner.kinds_title"), width="large")
    def opened() -> None:
        st.caption(text("planner.kinds_lead"))
        edited = st.data_editor(
            table(planner.held("kinds"), text),
            hide_index=True,
            width="stretch",
            key=planner.key("kinds_editor"),
            disabled=["name", "grade"],
            column_config={
                "planned": st.column_config.CheckboxColumn(text("planner.kind_planned"), width=55),
                "name": st.column_config.TextColumn(text("planner.kind_name"), width=190),
                "reach_per_event": tables.entry(text("planner.kind_reach"), 0, width=80),
                "strength": tables.entry(
                    text("planner.kind_strength"), 2, max_value=1.0, width=80, help=text("planner.kind_strength_help")
                ),
                "unit_cost": tables.entry(text("planner.kind_cost"), 1, width=80),
                "team_days": tables.entry(text("planner.kind_days"), 1, width=80),
                "volunteer_days": tables.entry(text("planner.kind_volunteers"), 1, width=190),
                "grade": st.column_config.TextColumn(
                    text("planner.kind_grade"), width=60, help=text("planner.kind_grade_help")
                ),
            },
        )  # fmt: skip
        left, right = st.columns(2)
        if left.button(
            text("planner.kinds_take"), type="primary", key=planner.key("kinds_take"), width="stretch"
        ):  # fmt: skip
            planner.put("kinds", chosen_of(edited))
            st.rerun()
        if right.button(text("planner.kinds_reset"), key=planner.key("kinds_reset"), width="stretch"):
            planner.put("kinds", planner.held("usual").kinds)
            st.rerun()

    opened()
