"""What came into the log, newest first, and taking it back."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach import log_change, log_period
from dashboard.pages.outreach.desk import Desk
from dashboard.services import log as intake
from dashboard.session import fieldwork
from dashboard.store import Batch, Store
from geo import units
from geo.base.errors import RiskmapError
from geo.base.periods import Statement

SHOWN = 40


def render(desk: Desk) -> None:
    """Draw the imports and entries, each with its undo."""
    text = desk.text
    batches = desk.store.batches("activities")
    if not batches:
        st.info(text("log.no_batches"), icon=":material/info:")
        return
    st.html(tag("p", text("log.batches_help"), class_="rk-small"))
    _cover(desk)
    periods = desk.store.periods()
    for batch in batches[:SHOWN]:
        _line(desk, batch, periods[periods["batch"] == batch.number])
    if len(batches) > SHOWN:
        st.caption(text("log.more_batches", count=text.number(len(batches) - SHOWN)))


def _cover(desk: Desk) -> None:
    """Draw what can be stated of the whole log: that it holds everything that was done in some time."""
    text, log = desk.text, desk.store.activities()
    if log.empty:
        return
    today = dt.date.today()
    opens = dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    quarter = (opens - dt.timedelta(days=1)).replace(day=1)
    begin = dt.date(quarter.year, quarter.month - 2, 1)
    here = units.old_provinces()["province_code"] == desk.place
    with st.expander(text("log.cover"), icon=":material/date_range:", key="field.log.cover.open"):
        st.caption(text("log.cover_help"))
        days = begin, opens - dt.timedelta(days=1)
        statement = log_period.ask(desk, "field.log.cover", log, days, here.index[here].tolist())
        st.button(
            text("log.cover_yes"),
            key="field.log.cover.take",
            disabled=statement is None,
            on_click=_state,
            args=(desk.store, statement, text),
        )


def _state(store: Store, statement: Statement, text: Texts) -> None:
    try:
        batch, change = intake.measured(lambda: store.add_statement(statement, name=text("log.cover_source")))
    except RiskmapError as error:
        fieldwork.put("log.error", error)
        return
    log_change.hold(change)
    fieldwork.put("log.told", text("log.cover_told", number=batch.number))


def _line(desk: Desk, batch: Batch, periods: pd.DataFrame) -> None:
    text = desk.text
    at = batch.at.astimezone()
    said = text(f"log.batch_{batch.kind}", name=batch.name)
    when = f"{text.day(at.date())} {at:%H:%M}"
    facts = text("log.batch_facts", number=batch.number, rows=text.number(batch.rows), at=when)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"field_batch_{batch.number}"):
        taken = text("log.undone_by", actor=batch.undone_by) if batch.undone_by else text("log.undone")
        undone = tag("span", taken, class_="rk-badge") if batch.undone_at else None
        covered = tag("span", text("log.batch_covers", periods=log_period.in_words(periods, text)))
        who = tag("span", text("log.batch_actor", actor=batch.actor)) if batch.actor else None
        shown = [tag("b", said), tag("span", facts), who, covered if len(periods) else None, undone]
        st.html(tag("div", *shown, class_="rk-batch"))
        if batch.undone_at is None:
            with st.popover(text("log.undo"), icon=":material/undo:", key=f"field.log.ask.{batch.number}"):
                st.write(text("log.undo_sure", rows=text.number(batch.rows)))
                st.button(
                    text("log.undo_yes"),
                    key=f"field.log.undo.{batch.number}",
                    type="primary",
                    on_click=_undo,
                    args=(desk.store, batch.number, text),
                )


def _undo(store: Store, number: int, text: Texts) -> None:
    try:
        undone, change = intake.measured(lambda: store.undo(number))
    except RiskmapError as error:
        fieldwork.put("log.error", error)
        return
    log_change.hold(change)
    fieldwork.put("log.told", text("log.taken_back", rows=text.number(undone.rows), number=undone.number))
