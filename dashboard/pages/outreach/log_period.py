"""What time a file covers: the days of its activities, or what its owner states."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from dashboard import fieldwork, intake
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk, problem
from geo import crosswalk, units
from geo.errors import RiskmapError
from geo.outreach import LogReading
from geo.periods import Statement, periods_of
from geo.vocabulary import PeriodBasis

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
    for row in periods.itertuples():
        days = (text.day(dt.date.fromisoformat(day)) for day in (row.first_day, row.last_day))
        one = f"{names[row.old_province_code]} {'–'.join(dict.fromkeys(days))}"
        parts.append(text("log.covered_complete", period=one) if row.basis == PeriodBasis.STATED else one)
    return "; ".join(parts)


def _statement(desk: Desk, reading: LogReading, rows: pd.DataFrame, shown: pd.DataFrame) -> Statement | None:
    """Draw the days and provinces to state, and return what is stated; nothing while it cannot be."""
    text, key = desk.text, f"{fieldwork.PREFIX}log.stated.{reading.digest[:12]}"
    today = dt.date.today()
    names = units.old_provinces()["short_name"]
    columns = st.columns([1, 1, 2.4], gap="small")
    first, last = (
        column.date_input(
            text(f"log.{name}"),
            value=dt.date.fromisoformat(day),
            min_value=FIRST_DAY,
            max_value=today,
            format="DD/MM/YYYY",
            key=f"{key}.{name}",
        )
        for column, name, day in zip(
            columns, ("first_day", "last_day"), (rows["date"].min(), rows["date"].max()), strict=False
        )
    )
    areas = columns[2].multiselect(
        text("log.covers"),
        sorted(names.index, key=lambda code: str(names[code])),
        default=shown["old_province_code"].tolist(),
        format_func=lambda code: text("log.old_province", name=names[code]),
        key=f"{key}.areas",
    )
    if not (isinstance(first, dt.date) and isinstance(last, dt.date) and areas):
        st.caption(text("log.covered_needs"))
        return None
    try:
        statement = intake.stated(rows, first, last, areas, today)
        periods_of(rows, crosswalk.main_old_province(), statement=statement)
    except RiskmapError as error:
        problem(error, text)
        return None
    return statement
