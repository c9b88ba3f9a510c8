"""Importing a file: what is in it first, then one button; faulty rows come back to be corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard.cache import cached
from dashboard.export.outreach_log import NEEDED, TEMPLATE_COLUMNS, table_bytes
from dashboard.locale import Texts
from dashboard.maps.escape import Safe, tag
from dashboard.pages.outreach import log_change, log_period
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.log_table import MIME, displayed
from dashboard.services import log as intake
from dashboard.session import fieldwork
from dashboard.store import Store
from dashboard.ui import tables
from dashboard.ui.shared import next_step
from geo.base.errors import RiskmapError
from geo.base.periods import Statement
from geo.intake.outreach import ENDINGS, LogReading

SHOWN = 50
FAULTS_SHOWN = 100


def render(desk: Desk) -> None:
    """Draw the upload and, once there is a file, what would be imported."""
    text = desk.text
    left, right = st.columns([2.2, 1], gap="medium", vertical_alignment="center")
    with left:
        upload = st.file_uploader(
            text("log.upload"),
            type=[ending[1:] for ending in ENDINGS],
            key=f"field.log.upload.{fieldwork.held('log.uploads', 0)}",
            help=text("log.upload_help"),
        )
    with right:
        st.download_button(
            text("log.template"),
            data=lambda: cached.log_template(text.language),
            file_name=text("log.template_file"),
            mime=MIME[".xlsx"],
            icon=":material/description:",
            key="field.log.template",
            on_click="ignore",
        )
        st.caption(text("log.template_help"))
    if upload is None:
        _guide(text)
        return
    in_force = tuple(one.number for one in desk.store.batches("activities") if one.undone_at is None)
    with st.spinner(text("log.reading")):
        reading = cached.log_reading(upload.getvalue(), upload.name, desk.province, in_force)
    _found(desk, reading)


def _found(desk: Desk, reading: LogReading) -> None:
    """Draw what a file holds and the button that takes it in."""
    text = desk.text
    faulty, again = len(reading.faulty_rows), len(reading.duplicates)
    tiles = (
        ("read", len(reading.table), ""),
        ("new", len(reading.rows) - again, "good"),
        ("faulty", faulty, "bad" if faulty else ""),
        ("duplicates", again, "mind" if again else ""),
    )
    shown = [
        tag(
            "div",
            tag("span", text(f"log.found_{key}")),
            tag("b", text.number(count)),
            class_=f"rk-tile {mark}".strip(),
        )
        for key, count, mark in tiles
    ]
    st.html(tag("div", *shown, class_="rk-tiles"))
    _notes(text, reading)
    if reading.faults:
        _faults(text, reading)
    keep = bool(again) and st.checkbox(
        text("log.keep_duplicates", count=text.number(again)), key="field.log.keep", help=text("log.keep_help")
    )
    rows = reading.to_keep(keep_duplicates=keep)
    statement, ready = log_period.choose(desk, reading, rows) if len(rows) else (None, True)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            text("log.import", count=text.number(len(rows))),
            key="field.log.import",
            type="primary",
            icon=":material/download_done:",
            disabled=rows.empty or not ready,
            on_click=_take,
            args=(desk.store, reading, keep, statement, text),
        )
        if faulty and len(rows):
            st.caption(text("log.faulty_stay", count=text.number(faulty)))
        elif rows.empty:
            st.caption(text("log.nothing_new"))
    if len(rows):
        st.html(tag("p", text("log.preview", shown=text.number(min(SHOWN, len(rows)))), class_="rk-small"))
        tables.draw(
            displayed(rows.head(SHOWN), text, nation=True),
            text,
            {},
            key="field.log.preview",
            height=min(37 + 33 * len(rows), 280),
        )


def _notes(text: Texts, reading: LogReading) -> None:
    """Say what one might not expect."""
    said = []
    if reading.ignored:
        said.append(text("log.note_ignored", names=", ".join(reading.ignored)))
    if reading.font:
        said.append(text("log.note_font", font=reading.font))
    for key, count in (
        ("totals", len(reading.totals)),
        ("months", len(reading.months)),
        ("converted", reading.converted),
        ("hidden", reading.hidden),
    ):
        if count:
            said.append(text(f"log.note_{key}", count=text.number(count)))
    if reading.vintage == "mixed":
        said.append(text("log.note_mixed"))
    if said:
        st.html(tag("p", *(tag("span", one) for one in said), class_="rk-notes"))


def _faults(text: Texts, reading: LogReading) -> None:
    """Draw the rows that cannot be used, why, and the file to correct."""
    language = text.language
    said = text("log.faults", count=text.number(len(reading.faulty_rows)))
    st.html(tag("p", said, class_="rk-conclusion bad"))
    rows = [
        (text.number(fault.row), fault.column, fault.message(language), next_step(fault, text))
        for fault in reading.faults[:FAULTS_SHOWN]
    ]
    heads = [text(f"log.fault_{name}") for name in ("row", "column", "what", "do")]
    st.html(_table(heads, rows))
    sheet = text("log_file.sheet_faults")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for ending, mime in MIME.items():
            st.download_button(
                text("log.download_faults", kind=ending[1:].upper()),
                data=lambda ending=ending: table_bytes(reading.to_correct(language), ending, sheet),  # type: ignore[misc]
                file_name=f"{reading.name.rpartition('.')[0] or reading.name}_{text('log.faults_file')}{ending}",
                mime=mime,
                icon=":material/download:",
                key=f"field.log.faults{ending}",
                on_click="ignore",
            )
        st.caption(text("log.faults_help"))


def _guide(text: Texts) -> None:
    """Draw which columns a file has."""
    heads = [text(f"log_file.{name}") for name in ("head_column", "head_what", "head_example")]
    rows = [
        (
            text(f"log_column.{name}") + (f" ({text('log_file.needed')})" if name in NEEDED else ""),
            text(f"log_help.{name}"),
            text(f"log_example.{name}"),
        )
        for name in TEMPLATE_COLUMNS
    ]
    with st.container(key="field_guide"):
        st.html(tag("p", text("log.guide"), class_="rk-conclusion"))
        st.html(_table(heads, rows))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Safe:
    """Return a table whose cells show their whole text."""
    head = tag("thead", tag("tr", *(tag("th", name) for name in heads)))
    body = tag("tbody", *(tag("tr", *(tag("td", value) for value in row)) for row in rows))
    return tag("div", tag("table", head, body), class_="rk-sheet")


def _take(store: Store, reading: LogReading, keep: bool, statement: Statement | None, text: Texts) -> None:
    """Import, and say what happened in the next run."""
    try:
        batch, change = intake.measured(
            lambda: intake.take(store, reading, keep_duplicates=keep, statement=statement)
        )
    except RiskmapError as error:
        fieldwork.put("log.error", error)
        return
    log_change.hold(change)
    fieldwork.put("log.told", text("log.imported", count=text.number(batch.rows), number=batch.number))
    fieldwork.put("log.uploads", fieldwork.held("log.uploads", 0) + 1)
    fieldwork.put("log.view", "table")
