"""The section of the province's report: what it reported beside what the log holds, and the list of the 30/7 day."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.export.outreach_log import LISTS, in_words
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.province import checklist, figures
from dashboard.services import follow
from dashboard.session import fieldwork
from dashboard.ui import tables
from geo import layers

VIEWS = ("figures", "checklist")
VIEW = "province.view"


def render(desk: Desk) -> None:
    """Draw the section: the figures, or the checklist."""
    fieldwork.settle(VIEW, VIEWS, VIEWS[0])
    view = st.segmented_control(
        desk.text("province.view"),
        VIEWS,
        format_func=lambda one: desk.text(f"province.view_{one}"),
        key=f"{fieldwork.PREFIX}{VIEW}",
        required=True,
        label_visibility="collapsed",
    )
    if view == "checklist":
        checklist.render(desk)
    else:
        _figures(desk)


def _figures(desk: Desk) -> None:
    """Draw the reported figures beside the log, and what the report rests on."""
    text = desk.text
    table = follow.reported(desk.province, desk.log(), desk.store.places())
    own = table[table["province_code"].notna()]
    if own.empty:
        st.html(tag("p", text("province.none", place=desk.place_name), class_="rk-conclusion"))
    else:
        st.html(tag("p", figures.conclusion(own, desk), class_="rk-conclusion"))
        st.html(figures.tiles(own, desk))
        if desk.synthetic:
            st.html(tag("p", text("province.synthetic"), class_="rk-small"))
        figures.render(table, desk)
        _statements(desk)
        _documents(desk)


def _statements(desk: Desk) -> None:
    """Draw what the reports of the place say in words."""
    text = desk.text
    here = follow.statements_of(desk.province)
    here = here if desk.nation else here[here["province_code"].notna()]
    if here.empty:
        return
    with st.expander(text("province.statements", count=len(here)), key="field.province.statements.open"):
        shown = pd.DataFrame(
            {
                "kind": [text(f"province.kind_{kind}") for kind in here["kind"]],
                "text": here[f"text_{text.language}"],
                **{name: in_words(here[name], name, text.language) for name in LISTS},
                "source": here["source"],
            }
        )
        word = st.column_config.TextColumn
        st.dataframe(
            shown,
            hide_index=True,
            width="stretch",
            key="field.province.statements",
            column_config={
                "kind": word(text("province.column_kind"), width=150),
                "text": word(text("province.column_text"), width=560),
                **{name: word(text(f"log_column.{name}"), width=170) for name in LISTS},
                "source": word(text("analyst.source"), width=300),
            },
        )


def _documents(desk: Desk) -> None:
    text = desk.text
    table = layers.outreach_documents()
    here = table if desk.nation else table[table["province_code"] == desk.place]
    if here.empty:
        return
    with st.expander(text("province.documents", count=len(here)), key="field.province.documents.open"):
        shown = pd.DataFrame(
            {
                "number": here["number"],
                "day": pd.to_datetime(here["day"]).dt.date,
                "issuer": here["issuer"],
                "subject": here[f"subject_{text.language}"],
                "source": here["source"],
            }
        )
        word = st.column_config.TextColumn
        tables.draw(
            shown,
            text,
            key="field.province.documents",
            columns={
                "number": word(text("province.column_number"), width=200),
                "day": st.column_config.DateColumn(text("province.column_day"), width=100),
                "issuer": word(text("province.column_issuer"), width=170),
                "subject": word(text("province.column_subject"), width=430),
                "source": word(text("analyst.source"), width=300),
            },
        )
