"""What is asked of a plan: period, money, teams, activities, ways, floors, communes; at the side of the page."""

from __future__ import annotations

import datetime as dt
from functools import partial

import numpy as np
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.plan import floors, kinds, teams
from dashboard.session import planner
from dashboard.ui.shared import number_choice, plain
from geo import units
from models.outreach.priority import RATIOS
from models.planning.settings import PlanSettings

ROBUST = (0.0, 0.8, 0.9)
"""Shares of the draws; 0 takes risk as it is."""
LONGEST_WEEKS = 104
MOST_MONEY = 1_000_000.0
FOUND = 5
HOURS = tuple(half / 2 for half in range(1, 49))
COSTS = (*(twentieth / 20 for twentieth in range(21)), *(half / 2 for half in range(3, 21)))
"""Million VND for an hour on the road."""
SIMILAR = 5
"""Rank of a commune whose name is only similar, see :func:`geo.units.find_communes`."""


def render(desk: Desk) -> PlanSettings:
    """Draw the form in the side bar and return the settings it stands for."""
    text = desk.text
    with st.sidebar, st.container(key="planner_form"):
        _period(text)
        crews = teams.render(desk)
        chosen = kinds.render(text)
        wishes = floors.render(desk.place, text)
        with st.expander(text("planner.communes"), icon=":material/push_pin:"):
            _communes("include", desk.place, text)
            _communes("exclude", desk.place, text)
            if planner.held("unknown"):
                st.warning(text("planner.unknown", names=", ".join(map(plain, planner.held("unknown")))))
        with st.expander(text("planner.ways"), icon=":material/two_wheeler:"):
            _ways(text)
            measured = teams.measured(text)
        with st.expander(text("planner.more"), icon=":material/tune:"):
            _more(text)
    start = planner.form("start")
    return PlanSettings(
        province=desk.place, start=start - dt.timedelta(days=start.weekday()), weeks=int(planner.form("weeks")),
        money=float(planner.form("money")), crews=crews, kinds=chosen, source=planner.form("source"),
        volunteer_days=planner.form("volunteer_days"), most_per_commune=planner.form("most_per_commune"),
        most_hours=float(planner.form("most_hours")), travel_cost=float(planner.form("travel_cost")),
        include=tuple(planner.form("include")), exclude=tuple(planner.form("exclude")), floors=wishes,
        measured=measured, robust=planner.form("robust") or None, seconds=float(planner.form("seconds")),
        ratio=float(planner.form("ratio")),
    )  # fmt: skip


def _period(text: Texts) -> None:
    left, right = st.columns([1.35, 1], gap="small")
    left.date_input(
        text("planner.start"), key=planner.key("start"), format="DD/MM/YYYY", help=text("planner.start_help")
    )  # fmt: skip
    right.number_input(text("planner.weeks"), 1, LONGEST_WEEKS, step=1, key=planner.key("weeks"))
    st.number_input(
        text("planner.money"), 0.0, MOST_MONEY, step=10.0, format="%.0f", key=planner.key("money"),
        help=text("planner.money_help"),
    )  # fmt: skip


def _communes(name: str, place: str, text: Texts) -> None:
    """Draw a list of communes; what is typed with or without diacritics, old names too, becomes a commune."""
    names = cached.plan_communes(place)["name"]
    st.multiselect(
        text(f"planner.{name}"),
        names.index,
        format_func=lambda code: names.get(code, code),
        key=planner.key(name),
        accept_new_options=True,
        placeholder=text("planner.communes_hint"),
        on_change=planner.named,
        args=(name, partial(resolve, place)),
    )


def resolve(place: str, text: str) -> str | None:
    """Return the code of the commune of a province that a text names best, none if it names none.

    A similar name counts only where the text is the name of no commune elsewhere.
    """
    if text in cached.plan_communes(place).index:
        return text
    matches = units.find_communes(text, place, limit=1)
    if not matches or matches[0].rank < SIMILAR:
        return matches[0].code if matches else None
    nation = units.find_communes(text, limit=1)
    return matches[0].code if nation and nation[0].rank >= SIMILAR else None


def _ways(text: Texts) -> None:
    left, right = st.columns(2, gap="small")
    number_choice(
        left, text("planner.most_hours"), HOURS, planner.key("most_hours"), text, help=text("planner.most_hours_help")
    )  # fmt: skip
    number_choice(
        right, text("planner.travel_cost"), COSTS, planner.key("travel_cost"), text,
        help=text("planner.travel_cost_help"),
    )  # fmt: skip


def _more(text: Texts) -> None:
    left, right = st.columns(2, gap="small")
    left.number_input(
        text("planner.volunteer_days"), 0.0, 1e6, step=10.0, format="%.0f", key=planner.key("volunteer_days"),
        placeholder=text("planner.no_limit"), value=None,
    )  # fmt: skip
    right.number_input(
        text("planner.most_per_commune"), 1, 1000, step=1, key=planner.key("most_per_commune"),
        placeholder=text("planner.once_a_week"), value=None,
    )  # fmt: skip
    st.selectbox(
        text("planner.robust"),
        ROBUST,
        format_func=lambda share: (
            text("planner.robust_no") if not share else text("planner.robust_share", share=text.number(100 * share))
        ),
        key=planner.key("robust"),
        help=text("planner.robust_help"),
    )
    number_choice(
        st, text("planner.ratio"), np.arange(RATIOS[0], RATIOS[1] + 0.1, 0.5), planner.key("ratio"), text,
        help=text("planner.ratio_help"),
    )  # fmt: skip
    st.number_input(
        text("planner.seconds"), 1.0, 600.0, step=5.0, format="%.0f", key=planner.key("seconds"),
        help=text("planner.seconds_help"),
    )  # fmt: skip
