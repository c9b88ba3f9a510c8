"""Entering one activity by form; it is checked by the same rules as a file."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard.cache import cached
from dashboard.export.outreach_log import FIGURES, LISTS, TEMPLATE_COLUMNS
from dashboard.locale import Texts
from dashboard.pages.outreach import log_change
from dashboard.pages.outreach.desk import Desk
from dashboard.services import log as intake
from dashboard.session import fieldwork
from dashboard.store import Store
from dashboard.ui.shared import next_step, plain
from geo import layers, units
from geo.base.errors import RiskmapError
from geo.intake.outreach import LogReading, read_rows

FOUND = 12
FIRST_DAY = dt.date(2000, 1, 1)
WORDS = ("team", "partner", "note")
AFRESH = ("find", "commune", *FIGURES, "note")
"""What is empty again after an entry; date, type and team are likely to be the same the next time."""


def render(desk: Desk) -> None:
    """Draw the form."""
    text = desk.text
    place = _where(desk)
    names = layers.outreach_types()[text.language]
    first, second = st.columns(2, gap="medium")
    day = first.date_input(
        text("log_column.date"),
        key="field.form.date",
        value=None,
        min_value=FIRST_DAY,
        max_value=dt.date.today(),
        format="DD/MM/YYYY",
    )
    kind = second.selectbox(
        text("log_column.type"),
        list(names.index),
        index=None,
        format_func=lambda code: names[code],
        key="field.form.type",
        placeholder=text("log.choose_type"),
    )
    counted = {}
    for column, name in zip(st.columns(len(FIGURES), gap="small"), FIGURES, strict=True):
        counted[name] = column.number_input(
            text(f"log_column.{name}"),
            min_value=0,
            value=None,
            step=1,
            key=f"field.form.{name}",
            placeholder=text("log.not_counted"),
            help=text(f"log_help.{name}"),
        )
    for column, name in zip(st.columns(len(LISTS), gap="small"), LISTS, strict=True):
        words = layers.outreach_words().loc[name][text.language]
        column.multiselect(
            text(f"log_column.{name}"),
            list(words.index),
            format_func=lambda code, words=words: words[code],  # type: ignore[misc]
            key=f"field.form.{name}",
            placeholder=text("log.not_stated"),
            help=text(f"log_help.{name}"),
        )
    said = {}
    for column, name in zip(st.columns([1, 1, 1.4], gap="small"), WORDS, strict=True):
        said[name] = column.text_input(
            text(f"log_column.{name}"), key=f"field.form.{name}", help=text(f"log_help.{name}"), max_chars=500
        )
    ready = day is not None and kind is not None and place is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            text("log.enter"),
            key="field.form.enter",
            type="primary",
            icon=":material/add:",
            disabled=not ready,
            on_click=_enter,
            args=(desk.store, desk.text),
        )
        st.caption(text("log.enter_help" if ready else "log.enter_needs"))


def _where(desk: Desk) -> str | None:
    """Draw the search of a commune; return its code, ``P`` and a province's for a whole one, or nothing."""
    text = desk.text
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    asked = left.text_input(
        text("place.search"), key="field.form.find", placeholder=text("log.commune_hint"), icon=":material/search:"
    ).strip()
    names = cached.province_order()
    options: dict[str, str] = {}
    for match in sorted(units.find_communes(asked, limit=60), key=lambda one: one.province_code != desk.province):
        current = f"{match.name}, {names[match.province_code]}"
        options[match.code] = (
            text("place.search_was", name=current, old=match.old_name) if match.old_name else current
        )
    shown = dict(list(options.items())[:FOUND])
    whole = [desk.province] if desk.province else list(names.index)
    shown |= {f"P{code}": text("log.whole_of", name=names[code]) for code in whole}
    held = fieldwork.held("form.commune")
    if held is not None and held not in shown:
        fieldwork.put("form.commune", None)
    elif held is None and asked and len(options):
        fieldwork.put("form.commune", next(iter(shown)))
    if asked and not options:
        left.caption(text("place.search_none", text=plain(asked)))
    return right.selectbox(
        text("log_column.commune"),
        list(shown),
        index=None if fieldwork.held("form.commune") is None else 0,
        format_func=lambda code: shown.get(code, code),
        key="field.form.commune",
        placeholder=text("log.choose_commune"),
    )


def entry(text: Texts, log_of: Store) -> LogReading:
    """Read the form as a file of one row."""
    held = {name: fieldwork.held(f"form.{name}") for name in TEMPLATE_COLUMNS}
    place = str(held["commune"])
    commune, province = ("", place[1:]) if place.startswith("P") else (place, "")
    values = {
        **{name: "" if held[name] is None else str(held[name]) for name in TEMPLATE_COLUMNS},
        "commune": commune,
        "province": province,
        "date": held["date"].isoformat(),
        **{name: ";".join(held[name] or ()) for name in LISTS},
    }
    row = [values[name] for name in TEMPLATE_COLUMNS]
    lines = [(1, list(TEMPLATE_COLUMNS)), (2, row)]
    return read_rows(lines, name=text("log.form_source"), log=log_of.activities())


def _enter(store: Store, text: Texts) -> None:
    """Take the entry in, or say what is wrong with it, in the next run."""
    try:
        reading = entry(text, store)
        if reading.faults:
            said = " ".join(
                f"{_name(fault.column, text)}: {fault.message(text.language)} {next_step(fault, text)}"
                for fault in reading.faults
            )
            fieldwork.put("log.refused", said)
            return
        batch, change = intake.measured(lambda: intake.take(store, reading, kind="form"))
    except RiskmapError as error:
        fieldwork.put("log.error", error)
        return
    log_change.hold(change)
    for name in AFRESH:
        fieldwork.put(f"form.{name}", None if name not in ("find", "note") else "")
    fieldwork.put("log.told", text("log.entered", number=batch.number))


def _name(column: str, text: Texts) -> str:
    return text.either(f"log_column.{column}", column)
