"""What time a file covers: the days of its activities, or what its owner states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk, problem
from dashboard.services import log as intake
from dashboard.session import fieldwork
from geo import units
from geo.base.errors import RiskmapError
from geo.base.periods import Statement, by_province, periods_of
from geo.intake.outreach import LogReading
from geo.units import crosswalk

FIRST_DAY = dt.date(2000, 1, 1)


def choose(desk: Desk, reading: LogReading, rows: pd.DataFrame) -> tuple[Statement | None, bool]:
    """Draw the time covered and the choice to state another one.

    Returns
    -------
    tuple
        What is stated, if anything, and whether the file can be imported with it.
    """
    text = desk.text
    shown = periods_of(rows, crosswalk.main_old_province())
    complete = st.checkbox(
        text("log.complete"), key=f"{fieldwork.PREFIX}log.complete", help=text("log.complete_help")
    )
    if not complete:
        said = text("log.covered_days", periods=in_words(shown, text) or text("log.covered_none"))
        st.html(tag("p", said, class_="rk-notes"))
        return None, True
    statement = _statement(desk, reading, rows, shown)
    if statement is not None:
        st.html(tag("p", text("log.covered_stated"), class_="rk-notes"))
    return statement, statement is not None


def in_words(periods: pd.DataFrame, text: Texts) -> str:
    """Return periods in words: province and days, and which of them are stated."""
    names = units.old_provinces()["short_name"]
    parts = []
    for row in by_province(periods).itertuples():
        days = (text.day(dt.date.fromisoformat(day)) for day in (row.first_day, row.last_day))
        one = f"{names[row.old_province_code]} {'–'.join(dict.fromkeys(days))}"
        parts.append(text("log.covered_complete", period=one) if row.stated else one)
    return "; ".join(parts)


def _statement(desk: Desk, reading: LogReading, rows: pd.DataFrame, shown: pd.DataFrame) -> Statement | None:
    """Draw what to state of a file, and return it; nothing while it cannot be."""
    key = f"{fieldwork.PREFIX}log.stated.{reading.digest[:12]}"
    days = dt.date.fromisoformat(rows["date"].min()), dt.date.fromisoformat(rows["date"].max())
    statement = ask(desk, key, rows, days, sorted(shown["old_province_code"].unique()))
    if statement is None:
        return None
    try:
        periods_of(rows, crosswalk.main_old_province(), statement=statement)
    except RiskmapError as error:
        problem(error, desk.text)
        return None
    return statement


def ask(
    desk: Desk, key: str, rows: pd.DataFrame, days: tuple[dt.date, dt.date], areas: Sequence[str]
) -> Statement | None:
    """Draw the days and provinces to state, filled in with what is likely, and return what is stated.

    Parameters
    ----------
    key
        Begins the keys of the widgets.
    rows
        The activities it is stated of.
    days, areas
        First and last day, and codes of old provinces, to begin with.
    """
    text, today = desk.text, dt.date.today()
    names = units.old_provinces()["short_name"]
    columns = st.columns([1, 1, 2.4], gap="small")
    first, last = (
        column.date_input(
            text(f"log.{name}"),
            value=day,
            min_value=FIRST_DAY,
            max_value=today,
            format="DD/MM/YYYY",
            key=f"{key}.{name}",
        )
        for column, name, day in zip(columns[:2], ("first_day", "last_day"), days, strict=True)
    )
    chosen = columns[2].multiselect(
        text("log.covers"),
        sorted(names.index, key=lambda code: str(names[code])),
        default=list(areas),
        format_func=lambda code: text("log.old_province", name=names[code]),
        key=f"{key}.areas",
    )
    if not (isinstance(first, dt.date) and isinstance(last, dt.date) and chosen):
        st.caption(text("log.covered_needs"))
        return None
    try:
        return intake.stated(rows, first, last, chosen, today)
    except RiskmapError as error:
        problem(error, text)
        return None
