"""The section of the activity log: what is in it, and the three ways in and out: file, form, undo."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach import log_batches, log_change, log_file, log_form, log_table
from dashboard.pages.outreach.desk import Desk, problem
from dashboard.session import fieldwork
from dashboard.ui.shared import plain
from geo.intake.outreach.figures import add_up

VIEWS = {
    "table": log_table.render,
    "file": log_file.render,
    "form": log_form.render,
    "batches": log_batches.render,
}
ICONS = {
    "table": ":material/table_rows:",
    "file": ":material/upload_file:",
    "form": ":material/edit_note:",
    "batches": ":material/history:",
}
VIEW = f"{fieldwork.PREFIX}log.view"
KEPT = {
    "table": ("log.types", "log.year", "log.find"),
    "form": ("form.type", "form.team", "form.partner", "form.date", "form.audience", "form.topic"),
}
"""What a view would forget while another one is looked at."""


def render(desk: Desk) -> None:
    """Draw the section."""
    text = desk.text
    news(desk)
    _headline(desk)
    fieldwork.put("log.view", fieldwork.held("log.view") or "table")
    st.segmented_control(
        text("log.view"),
        list(VIEWS),
        format_func=lambda view: f"{ICONS[view]} {text(f'log.view_{view}')}",
        key=VIEW,
        required=True,
        label_visibility="collapsed",
    )
    view = fieldwork.held("log.view")
    for other, names in KEPT.items():
        if other != view:
            fieldwork.keep(*names)
    VIEWS[view](desk)


def news(desk: Desk) -> None:
    """Say what the last button did, once; and what is wrong with the files that follow the store."""
    if told := fieldwork.held("log.told"):
        st.success(plain(told), icon=":material/check_circle:")
        fieldwork.put("log.told", None)
    if (error := fieldwork.held("log.error")) is not None:
        problem(error, desk.text)
        fieldwork.put("log.error", None)
    if refused := fieldwork.held("log.refused"):
        st.error(f"**{desk.text('log.refused')}** {plain(refused)}")
        fieldwork.put("log.refused", None)
    if (error := getattr(desk.store, "unpublished", None)) is not None:
        problem(error, desk.text)
    log_change.render(desk)


def _headline(desk: Desk) -> None:
    """Draw the figures of the log and the sentence that says what they mean."""
    text, log = desk.text, desk.log()
    found, communes = add_up(log), len(desk.here)
    last = text.day(dt.date.fromisoformat(found.last)) if found.last else "–"
    tiles = (
        ("communes", text("log.of", part=text.number(found.communes), whole=text.number(communes))),
        ("events", text.number(found.events)),
        ("people", text.number(found.people_reached)),
        ("rows", text.number(found.rows)),
        ("last", last),
    )
    shown = [
        tag("div", tag("span", text(f"log.tile_{key}")), tag("b", value), class_="rk-tile") for key, value in tiles
    ]
    st.html(tag("div", *shown, class_="rk-tiles"))
    without = communes - found.communes
    own = "log.told" if without else "log.told_every"
    sentence = "log.told_empty" if not found.rows else "log.told_synthetic" if desk.synthetic else own
    said = text(sentence, place=desk.place_name, without=text.number(without), communes=text.number(communes))
    st.html(tag("p", said, class_="rk-conclusion"))
