"""What the map is not, below it on every visit."""

from __future__ import annotations

import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.risk_map.scene import Scene


def render(scene: Scene) -> None:
    """Draw the notice: one sentence always, the rest on demand."""
    text = scene.text
    st.html(tag("p", tag("b", text("notice.title"), ": "), text("notice.short"), class_="rk-notice"))
    lines = ["cases", "resolution"]
    lines += ["geometry"] if scene.schematic else []
    lines += ["outreach"] if scene.synthetic else []
    lines += ["population", "sources"]
    with st.expander(text("notice.more"), icon=":material/info:"):
        st.html(tag("ul", *(tag("li", text(f"notice.{line}")) for line in lines), class_="rk-notice-list"))
