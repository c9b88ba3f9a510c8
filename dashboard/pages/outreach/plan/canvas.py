"""The map of the plan: who goes where."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps import base, choropleth, plan
from dashboard.maps.choropleth import Classes
from dashboard.maps.legend import as_message
from dashboard.pages.outreach.desk import Desk
from dashboard.services.proposal import Proposal
from dashboard.session import planner

HEIGHT = 440
DIGITS = {"sessions": 0, "coverage": 1, "risk": 1}
RAMPS = {"sessions": "priority", "coverage": "dimension", "risk": "risk"}


def render(desk: Desk, shown: Proposal) -> None:
    """Draw what colours the map, and the map; a click on a commune narrows the table down to it."""
    text = desk.text
    st.segmented_control(
        text("planner.layer"),
        planner.LAYERS,
        format_func=lambda layer: text(f"planner.layer_{layer}"),
        key=planner.key("layer"),
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    with st.container(key="planner_map"):
        st_folium(
            base.constant_map(),
            key=planner.key("map"),
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=base.update_group(message(shown, text)),
            on_change=planner.clicked_on_map,
        )


def layer_values(layer: str, shown: Proposal, codes: pd.Index) -> pd.Series:
    """Return what colours the communes: sessions, coverage after the plan (percent) or risk."""
    told = shown.made.communes.reindex(codes)
    if layer == "coverage":
        return 100 * told["coverage_after"]
    if layer == "risk":
        return shown.given.communes["score"].reindex(codes)
    return told["sessions"]


def message(shown: Proposal, text: Texts) -> dict[str, Any]:
    """Return what the map has to know."""
    geometry = cached.geometry(shown.settings.province)
    layer = planner.form("layer")
    values = layer_values(layer, shown, geometry["codes"])
    classes = _classes(layer, values)
    drawn = (values, classes, RAMPS[layer], DIGITS[layer])
    teams = shown.given.teams
    commune = planner.held("commune")
    title = text(f"planner.layer_{layer}")
    legends = [choropleth.legend(*drawn, text, title), plan.legend(teams, text)]
    return {
        "base": cached.context_url(),
        "geometry": geometry["url"],
        "fit": geometry["fit"],
        "nation": False,
        "language": text.language,
        "selected": commune if commune in geometry["codes"] else None,
        "title": title,
        "unit": text(f"planner.unit_{layer}") if layer != "risk" else "",
        **choropleth.message(*drawn),
        "overlays": {"plan": plan.overlay(shown.made.plan, teams, geometry["codes"], text, _team(shown))},
        "legend": as_message(legends),
        "words": base.words(text),
    }


def _team(shown: Proposal) -> str | None:
    team = planner.form("team")
    return team if team in shown.given.teams.index else None


def _classes(layer: str, values: pd.Series) -> Classes:
    return plan.session_classes(values) if layer == "sessions" else choropleth.classify(values, "quantiles", 5)
