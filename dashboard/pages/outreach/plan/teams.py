"""Who can go: teams assumed to begin with, teams of the directory, or a table of one's own; and measured ways."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.pages.outreach.desk import Desk
from dashboard.session import planner
from dashboard.ui.shared import next_step, number_choice, plain
from geo.base.errors import RiskmapError
from geo.intake.teams import read_hours, read_teams
from models.planning import assumptions
from models.planning.assumptions import DAYS_A_WEEK, stored_teams
from models.planning.settings import SOURCES, Crew, crews_of

FORMATS = ("csv", "xlsx")
ICONS = {"assumed": ":material/help:", "stored": ":material/contacts:", "file": ":material/upload_file:"}
MOST_TEAMS = 200
DAYS = tuple(half / 2 for half in range(1, 15))
"""Days a week."""


def render(desk: Desk) -> tuple[Crew, ...]:
    """Draw where the teams come from and return them."""
    text = desk.text
    st.segmented_control(
        text("planner.teams"),
        SOURCES,
        format_func=lambda source: text(f"planner.source_{source}"),
        key=planner.key("source"),
        required=True,
        width="stretch",
    )
    source = planner.form("source")
    crews = {"assumed": _assumed, "stored": _stored, "file": _file}[source](desk)
    days = sum(crew.days_per_week for crew in crews) * int(planner.form("weeks"))
    if crews:
        st.caption(text("planner.team_days", count=len(crews), days=text.number(days, 0 if days >= 10 else 1)))
    return crews


def _assumed(desk: Desk) -> tuple[Crew, ...]:
    text, communes = desk.text, cached.plan_communes(desk.place)
    left, right = st.columns(2, gap="small")
    left.number_input(
        text("planner.count"), 1, min(len(communes), MOST_TEAMS), step=1, key=planner.key("count"),
        help=text("planner.count_help"),
    )  # fmt: skip
    number_choice(right, text("planner.days"), DAYS, planner.key("days"), text)
    name = text("planner.assumed_name", number="{number}", commune="{commune}")
    count, days = int(planner.form("count")), float(planner.form("days"))
    return crews_of(assumptions.assumed_teams(communes, count, days, name), assumed=True)


def _stored(desk: Desk) -> tuple[Crew, ...]:
    text = desk.text
    name = text("planner.assumed_name", number="{number}", commune="{commune}")
    crews = stored_teams(desk.store.places("team"), cached.plan_communes(desk.place), DAYS_A_WEEK, name)
    if not crews:
        st.warning(text("planner.no_stored"), icon=":material/contacts:")
    elif assumed := sum(crew.assumed for crew in crews):
        st.caption(text("planner.placed_for_you", count=assumed))
    return crews


def _file(desk: Desk) -> tuple[Crew, ...]:
    text = desk.text
    given = st.file_uploader(text("planner.team_file"), FORMATS, key=planner.key("team_file"))
    st.download_button(
        text("planner.template"), data=lambda: template(desk.place, text), file_name="doi.csv", mime="text/csv",
        icon=":material/download:", key=planner.key("template"), on_click="ignore", type="tertiary",
    )  # fmt: skip
    found = _read("file", given, read_teams, text)
    if found is not None:
        planner.put("file_crews", crews_of(found))
    if found is None and planner.held("file_crews"):
        st.caption(text("planner.from_file", name=plain(planner.held("file_name").partition(":")[2])))
    return planner.held("file_crews") or ()


def measured(text: Texts) -> tuple[tuple[str, str, float], ...]:
    """Draw the upload of measured hours and return them."""
    given = st.file_uploader(
        text("planner.hours_file"), FORMATS, key=planner.key("hours_file"), help=text("planner.hours_help")
    )
    found = _read("measured", given, read_hours, text)
    if found is not None:
        listed = found.reset_index().melt("team", value_name="hours").dropna(subset=["hours"])
        hours = tuple(zip(listed["team"], listed["commune"], listed["hours"].astype(float), strict=True))
        planner.put("measured", hours)
    if planner.held("measured"):
        st.caption(text("planner.hours_known", number=text.number(len(planner.held("measured")))))
    return planner.held("measured")


def template(place: str, text: Texts) -> bytes:
    """Return a table of teams to be filled in: two rows that show how."""
    first = cached.plan_communes(place).nlargest(2, "population")
    table = pd.DataFrame(
        {
            "team": ["D1", "D2"],
            "name": [text("planner.template_team", name=name) for name in first["name"]],
            "commune": first.index,
            "province": place,
            "days_per_week": [1.0, 1.0],
            "sessions_per_week": ["", "2"],
        }
    )
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _read(name: str, given: Any, read: Callable[[Path], pd.DataFrame], text: Texts) -> pd.DataFrame | None:
    """Read an upload, each content once; none where there is nothing new or it cannot be read."""
    if given is None:
        return None
    data = given.getvalue()
    mark = f"{hashlib.sha256(data).hexdigest()}:{given.name}"
    ending = Path(given.name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{ending if ending.lstrip('.') in FORMATS else '.csv'}"
        path.write_bytes(data)
        try:
            found = read(path)
        except RiskmapError as error:
            shown = str(error.message(text.language)).replace(str(path), given.name)
            st.error(f"{plain(shown)}\n\n{plain(next_step(error, text))}")
            return None
    planner.put(f"{name}_name", mark)
    return found
