"""The outreach page: what was done, what it covers, what comes next, and how the plan went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import LANGUAGES, Texts, texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach import coverage, log, monitoring, plan, province
from dashboard.pages.outreach.desk import Desk, problem
from dashboard.scenario.view import NATION
from dashboard.session import fieldwork
from dashboard.ui.shared import brand
from geo.base.errors import RiskmapError

STYLE = Path(__file__).parent / "style.css"
SECTIONS: tuple[tuple[str, Callable[[Desk], None]], ...] = (
    ("log", log.render),
    ("coverage", coverage.render),
    ("plan", plan.render),
    ("monitoring", monitoring.render),
    ("province", province.render),
)
"""Key (its name is the text ``field.section_<key>``) and what draws it, in the order of the work."""


def render() -> None:
    """Draw the page: read the widgets, open the store, draw the section."""
    st.html(STYLE)
    text = texts(fieldwork.language())
    try:
        cached.warm()
        fieldwork.begin([key for key, _ in SECTIONS], cached.province_order().index)
        text = texts(fieldwork.language())
        desk = Desk(text, fieldwork.place(), cached.store(), cached.outreach_is_synthetic())
    except RiskmapError as error:
        problem(error, text)
        return
    with st.sidebar:
        st.html(brand(text))
        st.html(tag("p", text(f"field.help_{fieldwork.section()}"), class_="rk-step"))
    _top(desk)
    try:
        dict(SECTIONS)[fieldwork.section()](desk)
    except RiskmapError as error:
        problem(error, text)
    fieldwork.publish()


def _top(desk: Desk) -> None:
    """Draw what every section has: title, place, sections, language, and what kind of log this is."""
    text = desk.text
    marks = [tag("span", text("badge.synthetic"), class_="rk-badge")] if desk.synthetic else []
    title = tag("h1", text("field.title"), tag("span", desk.place_name, class_="rk-what"))
    with st.container(key="field_bar", horizontal=True, vertical_alignment="center", gap="small"):
        _place(text)
        st.segmented_control(
            text("panel.choose"),
            [key for key, _ in SECTIONS],
            format_func=lambda key: text(f"field.section_{key}"),
            key=fieldwork.SECTION,
            required=True,
            label_visibility="collapsed",
        )
        st.space("stretch")
        st.segmented_control(
            text("app.language"),
            LANGUAGES,
            format_func=str.upper,
            key="language",
            required=True,
            label_visibility="collapsed",
        )
    st.html(tag("div", title, tag("div", *marks, class_="rk-badges"), class_="rk-head"))


def _place(text: Texts) -> None:
    names = cached.province_order()
    st.selectbox(
        text("place.province"),
        [NATION, *names.index],
        format_func=lambda code: text("place.nation") if code == NATION else names[code],
        key=fieldwork.PLACE,
        label_visibility="collapsed",
        width=168,
    )
