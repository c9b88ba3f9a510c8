"""The log as a table that can be filtered and taken away."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from dashboard.export.outreach_log import FIGURES, LISTS, in_words, log_bytes
from dashboard.locale import Texts
from dashboard.pages.outreach.desk import Desk
from dashboard.session import fieldwork
from dashboard.ui import tables
from geo import layers, units
from geo.units.names import fold

EVERY_YEAR = ""
MIME = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def render(desk: Desk) -> None:
    """Draw the filters, the table and the downloads."""
    text, log = desk.text, desk.log()
    names = layers.outreach_types()[text.language]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="field_log_filters"):
        years = sorted(log["date"].str[:4].unique(), reverse=True)
        there = [code for code in names.index if code in set(log["type"])]
        _only_what_exists(years, there)
        year = st.selectbox(
            text("log.year"),
            [EVERY_YEAR, *years],
            format_func=lambda one: one or text("log.every_year"),
            key="field.log.year",
            width=140,
        )
        types = st.multiselect(
            text("log_column.type"),
            there,
            format_func=lambda code: names[code],
            key="field.log.types",
            placeholder=text("log.every_type"),
            width=360,
        )
        asked = st.text_input(
            text("log.find"),
            key="field.log.find",
            placeholder=text("log.find_hint"),
            icon=":material/search:",
            width=260,
        )
        st.space("stretch")
        shown = filtered(log, year or None, types, asked)
        _downloads(desk, shown)
    if not len(shown):
        st.caption(text("log.none"))
        return
    tables.draw(
        displayed(shown, text, nation=desk.nation),
        text,
        {},
        key="field.log.table",
        height=min(37 + 33 * len(shown), 440),
    )
    st.caption(text("log.rows_shown", shown=text.number(len(shown)), rows=text.number(len(log))))


def filtered(log: pd.DataFrame, year: str | None, types: list[str], asked: str) -> pd.DataFrame:
    """Return the rows of a year, of types, and with words in commune, team, partner or note; the newest first."""
    found = log
    if year is not None:
        found = found[found["date"].str.startswith(year)]
    if types:
        found = found[found["type"].isin(types)]
    if words := fold(asked):
        communes = found["commune_code"].map(units.communes()["name"]).fillna("")
        code = found["commune_code"].fillna("")
        said = code + " " + communes + " " + found["team"] + " " + found["partner"] + " " + found["note"]
        keys = {value: words in fold(value) for value in said.unique()}
        found = found[said.map(keys)]
    return found.sort_values(["date", "activity_id"], ascending=False, kind="stable")


def displayed(log: pd.DataFrame, text: Texts, *, nation: bool) -> pd.DataFrame:
    """Return a log with names instead of codes; columns nobody filled in are left out."""
    provinces = units.provinces()["short_name"]
    table = pd.DataFrame(
        {
            "date": [dt.date.fromisoformat(day) for day in log["date"]],
            "commune": log["commune_code"]
            .map(units.communes()["name"])
            .fillna(text("log.whole_province"))
            .to_numpy(),
            "province": log["province_code"].map(provinces).to_numpy(),
            "type": log["type"].map(layers.outreach_types()[text.language]).fillna(log["type"]).to_numpy(),
            **{name: log[name].astype("Int64").to_numpy() for name in FIGURES},
            **{name: in_words(log[name], name, text.language).to_numpy() for name in LISTS},
            **{name: log[name].to_numpy() for name in ("team", "partner", "note")},
        }
    )
    empty = [name for name in (*FIGURES, *LISTS, "partner", "note") if table[name].replace("", pd.NA).isna().all()]
    table = table.drop(columns=empty if nation else [*empty, "province"])
    return table.rename(columns={name: text(f"log_column.{name}") for name in table.columns})


def _downloads(desk: Desk, log: pd.DataFrame) -> None:
    text, today = desk.text, dt.date.today().isoformat()
    kind = "minh_hoa_" if desk.synthetic else ""
    for ending, mime in MIME.items():
        st.download_button(
            ending[1:].upper(),
            data=lambda ending=ending: log_bytes(log, ending, text.language),  # type: ignore[misc]
            file_name=f"nhat_ky_{kind}{desk.place}_{today}{ending}",
            mime=mime,
            icon=":material/download:",
            key=f"field.log.download{ending}",
            on_click="ignore",
            help=text("log.download_help"),
            disabled=not len(log),
        )


def _only_what_exists(years: list[str], types: list[str]) -> None:
    """Drop what the filters hold and another province or log does not have."""
    if fieldwork.held("log.year", EVERY_YEAR) not in (EVERY_YEAR, *years):
        fieldwork.put("log.year", EVERY_YEAR)
    held = fieldwork.held("log.types", [])
    if not set(held) <= set(types):
        fieldwork.put("log.types", [code for code in held if code in types])
