"""Files to take away: workbook, calendar, map, table; each made when it is asked for."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.export import plan_words
from dashboard.export.workplan import WorkPlan, write_plan
from dashboard.locale import Texts
from dashboard.pages.outreach.desk import Desk
from dashboard.services.proposal import Proposal
from dashboard.session import planner

FORMATS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ":material/table_view:"),
    "ics": ("text/calendar", ":material/calendar_month:"),
    "geojson": ("application/geo+json", ":material/map:"),
    "csv": ("text/csv", ":material/table:"),
}


def render(desk: Desk, shown: Proposal) -> None:
    """Draw the downloads."""
    text = desk.text
    with st.popover(text("planner.export"), icon=":material/download:"):
        st.caption(text("planner.export_lead", digest=shown.given.briefing.framework.digest))
        for ending, (mime, icon) in FORMATS.items():
            st.download_button(
                text(f"planner.export_{ending}"),
                data=partial(plan_file, shown, ending, text),
                file_name=file_name(shown, ending),
                mime=mime,
                icon=icon,
                key=planner.key(f"download.{ending}"),
                on_click="ignore",
                width="stretch",
            )


def file_name(shown: Proposal, ending: str) -> str:
    """Return what the file is called: province, first day, settings."""
    settings = shown.settings
    return f"ke_hoach_{settings.province}_{settings.start.isoformat()}_{settings.digest}.{ending}"


def work_plan(shown: Proposal, text: Texts, *, further: bool = False) -> WorkPlan:
    """Return the plan as its files say it, with every assumption among its notes."""
    settings, language = shown.settings, text.language
    assumed = sum(crew.assumed for crew in settings.crews)
    extra = (text("planner.note_teams", number=assumed),) if assumed else ()
    sheets = plan_words.tables(shown.made, shown.given, language) if further else None
    return plan_words.work_plan(
        shown.made, shown.given, settings.start, language, settings.robust, further=sheets, extra=extra
    )


def plan_file(shown: Proposal, ending: str, text: Texts) -> bytes:
    """Return the file's content."""
    plan = work_plan(shown, text, further=ending == "xlsx")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan.{ending}"
        write_plan(plan, path, plan_words.shapes(shown.settings.province) if ending == "geojson" else None)
        return path.read_bytes()
