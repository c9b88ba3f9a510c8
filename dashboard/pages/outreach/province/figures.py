"""Reported figures in groups, each beside what the log or the register of places holds, with the reason."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.export.outreach_log import LISTS, in_words
from dashboard.maps.escape import Safe, tag
from dashboard.pages.outreach.desk import ROW, Desk
from dashboard.services import follow
from dashboard.ui import tables
from models.outreach.reported import ROLES

TILES = 6
HIGHLIGHTS = ("teams", "volunteers", "clubs", "rooms")
COMPARED = ("activity", "capacity")
"""Roles that the log or the register may hold."""


def conclusion(table: pd.DataFrame, desk: Desk) -> str:
    """Return what to conclude: how many figures, how many the log holds, and what most of the others lack."""
    text = desk.text
    compared = table[table["role"].isin(COMPARED) & table["value"].notna() & (table["reason"] != "not_logged")]
    same = int(compared["reason"].eq("same").sum())
    if compared.empty:
        return text("province.told_alone", place=desk.place_name, figures=len(table))
    told = text("province.told", place=desk.place_name, figures=len(table), compared=len(compared), same=same)
    others = compared.loc[compared["reason"] != "same", "reason"].value_counts()
    if others.empty:
        return told
    reason = text(f"province.reason_{others.index[0]}")
    return f"{told} {text('province.told_why', count=int(others.iloc[0]), reason=reason)}"


def tiles(table: pd.DataFrame, desk: Desk) -> Safe:
    """Return the figures a province is known by: teams, volunteers, clubs, rooms, what reached most."""
    text = desk.text
    chosen = [table[table["reported_measure"] == measure] for measure in HIGHLIGHTS]
    rows = pd.concat(chosen)
    people = table[(table["measure"] == "people_reached") & (table["role"] == "activity")].nlargest(2, "value")
    sessions = table[table["type"].isin(people["type"]) & (table["measure"] == "events")]
    rows = pd.concat([rows, sessions, people]).head(TILES)
    made = (
        tag(
            "div",
            tag("span", row[f"figure_{text.language}"]),
            tag("b", text.number(row["value"])),
            tag("small", period(row, desk)),
            class_="rk-tile",
        )
        for _, row in rows.iterrows()
    )
    return tag("div", *made, class_="rk-tiles")


def period(row: pd.Series, desk: Desk) -> str:
    """Return the time a figure is for: a year, a span of years, or two days."""
    start, end = pd.Timestamp(row["period_start"]), pd.Timestamp(row["period_end"])
    text = desk.text
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if start.day == 1 and end.is_month_end and start.year == end.year:
        first = f"{start:%b}" if text.language == "en" else f"{start:%m}"
        return text.month(end) if start.month == end.month else f"{first}–{text.month(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%d}–{text.day(end)}"
    return f"{text.day(start)}–{text.day(end)}"


def render(table: pd.DataFrame, desk: Desk) -> None:
    """Draw a table for every role there is."""
    text = desk.text
    for role in ROLES:
        rows = table[table["role"] == role]
        if rows.empty:
            continue
        title, told = text(f"province.role_{role}"), text(f"province.about_{role}")
        st.html(tag("div", tag("h3", title), tag("p", told, class_="rk-small"), class_="rk-figure-head"))
        shown = group(rows, desk, compared=role in COMPARED)
        tables.draw(
            shown,
            text,
            _columns(desk),
            row_height=ROW,
            height=min(ROW * (len(shown) + 1) + 4, 470),
            key=f"field.province.{role}",
        )


def group(rows: pd.DataFrame, desk: Desk, *, compared: bool) -> pd.DataFrame:
    """Return the figures of one role as they are shown."""
    text = desk.text
    shown = pd.DataFrame({"figure": rows[f"figure_{text.language}"]})
    if desk.nation or rows["province_code"].isna().any():
        names = rows["province_code"].map(lambda code: desk.province_name(code) if isinstance(code, str) else "")
        shown["province"] = names.where(names != "", text("province.unnamed"))
    shown["period"] = [period(row, desk) for _, row in rows.iterrows()]
    shown["value"] = [_value(row, desk) for _, row in rows.iterrows()]
    if compared:
        shown["logged"] = [text.number(value) for value in rows["logged"]]
        shown["difference"] = [
            text.signed(value, 0) if value == value else text.number(None) for value in rows["difference"]
        ]
        shown["reason"] = [_reason(row, desk) for _, row in rows.iterrows()]
        shown["quality"] = [text(f"quality.{grade}") if grade else "" for grade in rows["quality"]]
    for name in LISTS:
        if rows[name].ne("").any():
            shown[name] = in_words(rows[name], name, text.language)
    shown["note"] = rows["note_vi"] if text.language == "vi" else rows["note"]
    shown["as_of"] = [text.dated(str(told)) for told in rows["as_of"]]
    shown["source"] = rows["source"]
    return shown


def _value(row: pd.Series, desk: Desk) -> str:
    text = desk.text
    if pd.isna(row["value"]):
        return text("province.uncounted" if row["role"] == "activity" else "province.hidden")
    digits = 0 if row["value"] == int(row["value"]) else 1
    return text.measured(row["value"], digits, follow.unit_name(row["unit"], text))


def _reason(row: pd.Series, desk: Desk) -> str:
    text = desk.text
    told = text(f"province.reason_{row['reason']}")
    if isinstance(row["part_of"], str):
        told = text("province.reason_part_of", reason=told)
    if row["merged"] and row["reason"] in ("less", "more", "no_places", "same"):
        told = text("province.reason_merged", reason=told)
    return told


def _columns(desk: Desk) -> dict[str, Any]:
    text = desk.text
    word = st.column_config.TextColumn
    right = {"value": 155, "logged": 90, "difference": 90}
    widths = {"figure": 280, "province": 120, "period": 125, "reason": 190, "quality": 155, "note": 250, "as_of": 135}
    return {
        **{name: word(text(f"province.column_{name}"), width=width) for name, width in widths.items()},
        **{
            name: word(text(f"province.column_{name}"), alignment="right", width=width)
            for name, width in right.items()
        },
        **{name: word(text(f"log_column.{name}"), width=170) for name in LISTS},
        "source": word(text("analyst.source"), width=330),
    }
