"""Under the plan: the first communes of the list to visit first, which of them it visits, and why not the others."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.export import plan_words
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import ROW
from dashboard.services.proposal import Proposal
from dashboard.session import planner
from dashboard.ui import tables
from models.planning import plan as planning


def render(shown: Proposal, text: Texts) -> None:
    """Draw the sentence and the table; nothing where no commune can be listed."""
    first = planning.agreed(shown.made, shown.given)
    if first.empty:
        return
    st.html(tag("div", tag("h3", text("planner.agreement")), class_="rk-figure-head"))
    st.html(tag("p", conclusion(first, text), class_="rk-conclusion"))
    drawn = pd.DataFrame(
        {
            "place": range(1, len(first) + 1),
            "commune": first["name"],
            "level": [text(f"level.{int(one)}") for one in first["class"]],
            "unreached": first["people_unreached"].round(),
            "sessions": first["sessions"],
            "needed": first["sessions_needed"],
            "why": plan_words.reasons(first, shown.made, shown.given, text),
        }
    )
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    tables.draw(
        drawn,
        text,
        {
            "place": number(text("planner.agreement_place"), width=48),
            "commune": words(text("table.commune"), width=130),
            "level": words(text("planner.agreement_level"), width=90),
            "unreached": number(text("table.unreached"), width=100),
            "sessions": number(text("planner.sessions"), width=60),
            "needed": number(text("planner.agreement_needed"), help=text("planner.agreement_needed_help"), width=100),
            "why": words(text("planner.agreement_why"), width=420),
        },
        row_height=ROW,
        key=planner.key("agreement"),
    )
    st.caption(text("planner.agreement_note"))


def conclusion(first: pd.DataFrame, text: Texts) -> str:
    """Return in one sentence how many of the first communes the plan visits."""
    visited = int((first["state"] == "planned").sum())
    key = "every" if visited == len(first) else "some" if visited else "none"
    return text(f"planner.agreement_{key}", visited=visited, count=len(first))
