"""Patterns: where like scores lie together, kinds of communes, leading pathways, and what incidents say of it."""

from __future__ import annotations

import streamlit as st

from dashboard.pages.analyst import pathways, spots, terrain, types
from dashboard.pages.analyst.bench import Bench
from dashboard.scenario.address import PATTERNS
from dashboard.session import workbench

PARTS = {"spots": spots.render, "types": types.render, "pathways": pathways.render, "terrain": terrain.render}


def render(bench: Bench) -> None:
    """Draw the choice of the pattern, and the pattern."""
    text = bench.text
    st.segmented_control(
        text("patterns.choose"),
        PATTERNS,
        format_func=lambda pattern: text(f"patterns.{pattern}"),
        key=workbench.PATTERN,
        default=st.session_state[workbench.PATTERN],
        required=True,
        label_visibility="collapsed",
    )
    PARTS[st.session_state[workbench.PATTERN]](bench)
