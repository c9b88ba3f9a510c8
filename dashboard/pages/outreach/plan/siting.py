"""Where teams should be based: the siting models on the communes of the province."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.plan.teams import MOST_TEAMS
from dashboard.session import planner
from dashboard.ui import tables
from dashboard.ui.shared import number_choice
from models.planning.siting import MODELS, WEIGHTS, Sites

HOURS = tuple(quarter / 4 for quarter in range(1, 49))
SHOWN = ("p_median", "covering", "set_covering", "capacitated", "p_center")
assert set(SHOWN) == set(MODELS)


def render(desk: Desk) -> None:
    """Draw the models, and the bases they choose."""
    text = desk.text
    with st.expander(text("planner.siting"), icon=":material/home_pin:"):
        st.caption(text("planner.siting_lead"))
        first, second, third, fourth = st.columns([2, 0.8, 0.8, 1.2], gap="small", vertical_alignment="bottom")
        model = first.selectbox(
            text("planner.siting_model"),
            SHOWN,
            format_func=lambda one: text(f"planner.model_{one}"),
            key=planner.key("siting_model"),
        )
        most = min(len(cached.plan_communes(desk.place)), MOST_TEAMS)
        count = second.number_input(
            text("planner.siting_count"), 1, most, value=min(int(planner.form("count")), most),
            key=planner.key("siting_count"), disabled=model == "set_covering",
        )  # fmt: skip
        hours = number_choice(
            third, text("planner.siting_hours"), HOURS, planner.key("siting_hours"), text, usual=1.0,
            disabled=model in ("p_median", "p_center"),
        )  # fmt: skip
        weight = fourth.selectbox(
            text("planner.siting_weight"), WEIGHTS, format_func=lambda one: text(f"planner.weight_{one}"),
            key=planner.key("siting_weight"), disabled=model in ("set_covering", "p_center"),
        )  # fmt: skip
        asked = (desk.place, model, int(count), hours, weight)
        if st.button(text("planner.siting_run"), key=planner.key("siting_run"), icon=":material/search:"):
            planner.put("sited", asked)
        if planner.held("sited"):
            with st.spinner(text("planner.reckoning")):
                _found(desk, cached.sited(*planner.held("sited")))


def _found(desk: Desk, found: Sites) -> None:
    text = desk.text
    told = text(
        "planner.siting_told",
        number=len(found.bases),
        share=text.number(100 * found.share_served, 0),
        hours=text.number(found.mean_hours, 1),
        gap=text.number(100 * found.siting.gap, 1),
    )
    st.html(tag("p", told, class_="rk-conclusion"))
    served = found.communes[found.communes["base"].notna()]
    table = served.groupby("base").agg(communes=("name", "size"), people=("people", "sum"), hours=("hours", "max"))
    table = table.assign(name=found.communes["name"].reindex(table.index)).sort_values("people", ascending=False)
    number = st.column_config.NumberColumn
    tables.draw(
        pd.DataFrame(table[["name", "communes", "people", "hours"]]),
        text,
        writing={"people": 0, "hours": 1},
        key=planner.key("siting_table"),
        columns={
            "name": st.column_config.TextColumn(text("planner.base")),
            "communes": number(text("planner.serves")),
            "people": number(text(f"planner.weight_{found.weight}")),
            "hours": number(text("planner.farthest")),
        },
    )
