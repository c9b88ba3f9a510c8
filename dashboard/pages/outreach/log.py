"""The section of the activity log: what came in, and what is in it."""

from __future__ import annotations

import streamlit as st

from dashboard.pages.outreach.desk import Desk


def render(desk: Desk) -> None:
    """Draw the section."""
    st.dataframe(desk.log(), key="field.log.table", hide_index=True)
