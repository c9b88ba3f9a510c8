"""Does the map agree with what is known? The yardsticks of the settings at hand, and the note on the province."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.export import validity as words
from dashboard.maps.escape import Safe, tag
from dashboard.pages.analyst.bench import Bench
from dashboard.scenario.analysis import GENERAL, WEIGHINGS
from geo.layers import yardsticks


def render(bench: Bench) -> None:
    """Draw what to bear in mind, the yardsticks, weights as stated and as they are, and the province's note."""
    text = bench.text
    case, table = cached.validity(bench.settings, bench.restricted)
    st.warning(text("validity.lead"), icon=":material/info:")
    st.html(
        tag(
            "div",
            tag("h3", text("validity.title")),
            tag("p", conclusion(table, bench), class_="rk-conclusion"),
            tag("p", text("validity.auc", draws=text.number(case.draws)), class_="rk-small"),
            class_="rk-figure-head",
        )
    )
    if bench.settings.preset not in (GENERAL, *WEIGHINGS):
        st.caption(text("validity.floors_general"))
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        st.html(_yardsticks(words.shown(table, text), table, bench))
    with right:
        _province(bench)
        st.html(_weights(words.weight_rows(case, text), bench))
        st.caption(text("validity.page_more"))


def conclusion(table: pd.DataFrame, bench: Bench) -> str:
    """Say how many floors are reached and name those that are not."""
    text, about = bench.text, yardsticks.yardsticks()
    asked = table["met"].dropna()
    missed = [words.name_of(about.loc[code], text) for code in asked.index[~asked.astype(bool)]]
    counts = {"met": text.number(len(asked) - len(missed)), "asked": text.number(len(asked))}
    return (
        text("validity.told_missed", names="; ".join(missed), **counts) if missed else text("validity.told", **counts)
    )


def _yardsticks(rows: pd.DataFrame, table: pd.DataFrame, bench: Bench) -> Safe:
    text = bench.text
    heads = ("yardstick", "value", "interval", "floor", "verdict")
    body = [
        tag(
            "tr",
            tag("td", row["name"], tag("small", row["caution"])),
            *(tag("td", row[column]) for column in heads[1:4]),
            tag("td", row["verdict"], class_=_state(table.loc[code, "met"])),
        )
        for code, row in rows.iterrows()
    ]
    head = tag("thead", tag("tr", *(tag("th", text(f"validity.{column}")) for column in heads)))
    return tag("table", head, tag("tbody", *body), class_="rk-yardsticks wide")


def _state(met: object) -> str:
    """Return the class of a cell that says whether a floor is reached."""
    if pd.isna(met):
        return "open"
    return "met" if met else "missed"


def _weights(rows: list[list[str]], bench: Bench) -> Safe:
    text = bench.text
    head = tag("tr", *(tag("th", text(f"validity.{column}")) for column in ("node", "stated", "influence", "level")))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    title = tag("div", tag("h3", text("validity.weights")), class_="rk-figure-head")
    return tag("div", title, tag("table", tag("thead", head), body, class_="rk-yardsticks"))


def _province(bench: Bench) -> None:
    """Draw what the map shows of the province with the usual settings, and what to make of it."""
    text = bench.text
    if bench.nation:
        st.info(text("validity.note_choose"), icon=":material/map:")
        return
    one = cached.province_picture(bench.place)
    note = words.note_of(one, bench.place, text)
    verdict = (tag("b", note[0]), tag("p", note[1])) if note else (tag("p", text("validity.note_none")),)
    st.html(
        tag(
            "div",
            tag("h3", text("validity.province", place=bench.place_name)),
            tag("p", words.picture_sentence(one, text)),
            *verdict,
            tag("p", text("validity.note_usual"), class_="rk-small"),
            class_="rk-figure-head rk-note",
        )
    )
