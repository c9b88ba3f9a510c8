"""The section of coverage: how many people are reached, how near teams are, where the gap is, and since when."""

from __future__ import annotations

import streamlit as st

from dashboard.cache import cached
from dashboard.maps.escape import tag
from dashboard.pages.outreach import parameters
from dashboard.pages.outreach.coverage import canvas, gaps, past, places
from dashboard.pages.outreach.desk import Desk
from dashboard.session import fieldwork

MEASURES = ("coverage", "access", "gap")
"""What can colour the map."""


def render(desk: Desk) -> None:
    """Draw the section."""
    text = desk.text
    known = cached.field(desk.province)
    st.html(tag("p", gaps.conclusion(known, desk), class_="rk-conclusion"))
    left, right = st.columns([1.08, 1], gap="small")
    with left, st.container(key="field_map"):
        measure = st.segmented_control(
            text("coverage.measure"),
            MEASURES,
            format_func=lambda one: text(f"coverage.measure_{one}"),
            key=f"{fieldwork.PREFIX}coverage.measure",
            default=MEASURES[0],
            required=True,
            label_visibility="collapsed",
        )
        canvas.render(known, desk, str(measure))
    with right:
        gaps.render(known, desk)
    past.render(known, desk)
    with st.expander(text("places.title"), icon=":material/groups:", key="field.places.open"):
        places.render(desk)
    with st.expander(text("parameters.title"), icon=":material/tune:", key="field.parameters.open"):
        parameters.render(desk)
