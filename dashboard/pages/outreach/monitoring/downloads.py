"""The follow-up as a file to take away."""

from __future__ import annotations

import datetime as dt
from functools import partial

import streamlit as st

from dashboard.cache import cached
from dashboard.export import follow as export
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.monitoring.alarms import MONTHS
from dashboard.services import follow
from dashboard.services.follow import Field, Followed
from dashboard.session import fieldwork

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render(found: Followed | None, known: Field, desk: Desk) -> None:
    """Draw the button; the file is made when it is asked for."""
    today = dt.date.today()
    st.download_button(
        desk.text("monitoring.download"),
        data=partial(workbook, found, known, desk, today),
        file_name=f"{desk.text('monitoring.download_name')}_{desk.place}_{today.isoformat()}.xlsx",
        mime=XLSX,
        key="field.monitoring.download",
        icon=":material/download:",
        on_click="ignore",
    )


def workbook(found: Followed | None, known: Field, desk: Desk, today: dt.date) -> bytes:
    """Return the report of the place as the bytes of a workbook."""
    return export.WRITERS[".xlsx"](report(found, known, desk, today))


def report(found: Followed | None, known: Field, desk: Desk, today: dt.date) -> export.Report:
    """Return the report of the place."""
    months = float(fieldwork.held("monitoring.months", MONTHS))
    day = follow.alerts_day(known, today)
    return export.Report(
        place=desk.place_name,
        known=known,
        reported=follow.reported(desk.province, desk.log(), desk.store.places()),
        followed=found,
        alerts=follow.quiet(known, day, months),
        months=months,
        alerts_day=day,
        made=today,
        digest=cached.briefed(()).framework.digest,
        language=desk.text.language,
        statements=follow.statements_of(desk.province),
    )
