"""The section "plan": from money, teams and days to who goes where, when, with what."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.plan import inputs, result, saved, siting
from dashboard.scenario.view import NATION
from dashboard.services.proposal import Proposal
from dashboard.session import planner
from dashboard.ui.shared import next_step, plain
from geo import layers
from geo.base.errors import RiskmapError
from models.planning import assumptions
from models.planning.settings import PlanSettings

STYLE = Path(__file__).parent / "style.css"


def render(desk: Desk) -> None:
    """Draw the section: what is asked for at the side, the plan in the middle."""
    st.html(STYLE)
    text = desk.text
    if desk.place == NATION:
        st.info(text("planner.nation"), icon=":material/map:")
        return
    planner.begin(desk.place, partial(usual, desk.place, text))
    wanted = inputs.render(desk)
    if _asked(wanted, text):
        _make(wanted, text)
    _told(desk, wanted)
    saved.render(desk)
    siting.render(desk)


def usual(place: str, text: Texts) -> PlanSettings:
    """Return the settings a plan starts with in a province."""
    communes = cached.plan_communes(place)
    name = text("planner.assumed_name", number="{number}", commune="{commune}")
    return assumptions.usual_settings(communes, layers.outreach_parameters(), name, dt.date.today())


def _asked(wanted: PlanSettings, text: Texts) -> bool:
    """Draw what the plan would be for, and the button that makes it."""
    with st.container(key="planner_bar", horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = st.button(
            text("planner.make"), key=planner.key("make"), type="primary", icon=":material/route:"
        )  # fmt: skip
        assumed = sum(crew.assumed for crew in wanted.crews)
        kind = "known" if not assumed else "assumed" if assumed == len(wanted.crews) else "mixed"
        told = text(
            "planner.asked",
            start=text.day(wanted.start),
            weeks=wanted.weeks,
            money=text.number(wanted.money),
            teams=text(f"planner.teams_{kind if wanted.crews else 'none'}", count=len(wanted.crews), assumed=assumed),
            floors=len(wanted.floors),
        )
        st.html(tag("p", told, class_="rk-small"))
    return pressed


def _make(wanted: PlanSettings, text: Texts) -> None:
    """Make the plan and hold on to its settings, or to why there is none."""
    bar = st.progress(0.15, text("planner.solving", seconds=text.number(wanted.seconds)))
    try:
        cached.proposal(wanted, text.language)
    except RiskmapError as error:
        planner.fail(wanted, error)
    else:
        planner.show(wanted)
    bar.empty()


def _told(desk: Desk, wanted: PlanSettings) -> None:
    """Draw the plan, or why there is none, or what a click would make."""
    text, fault = desk.text, planner.held("fault")
    shown = cached.plan_shown(planner.held("asked"), planner.held("opened"), text.language)
    if fault is not None and shown is None:
        _fault(fault, text)
    elif shown is None:
        st.info(text("planner.first"), icon=":material/lightbulb:")
        st.html(_assumptions(wanted, text))
    else:
        _notices(shown, wanted, text)
        result.render(desk, shown)


def _fault(fault: tuple[PlanSettings, RiskmapError], text: Texts) -> None:
    """Say which conditions break the plan and what to relax; the form is as it was."""
    settings, error = fault
    title = text("planner.fault", start=text.day(settings.start), money=text.number(settings.money))
    st.error(
        f"**{title}** {plain(error.message(text.language))}\n\n"
        f"**{text('planner.way_out')}** {plain(next_step(error, text))}",
        icon=":material/block:",
    )
    st.caption(text("planner.nothing_lost"))


def _notices(shown: Proposal, wanted: PlanSettings, text: Texts) -> None:
    """Say that the plan is a saved one, or that the form has changed since."""
    if shown.number:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.info(text("planner.opened", name=plain(shown.name)), icon=":material/folder_open:")
            st.button(text("planner.close"), key=planner.key("close"), on_click=planner.close_plan)
    elif shown.settings != wanted:
        st.warning(text("planner.outdated"), icon=":material/history:")


def _assumptions(wanted: PlanSettings, text: Texts) -> str:
    """Return what a plan from the form as it is would take for granted."""
    listed = [text("planner.assume_figures")]
    if any(crew.assumed for crew in wanted.crews):
        listed.append(text("planner.assume_teams", days=text.number(wanted.crews[0].days_per_week, 1)))
    if wanted.money == planner.held("usual").money:
        listed.append(text("planner.assume_money", money=text.number(assumptions.MONEY_A_TEAM)))
    if wanted.most_per_commune and wanted.most_per_commune == planner.held("usual").most_per_commune:
        listed.append(text("planner.assume_most", number=wanted.most_per_commune))
    if not wanted.measured:
        listed.append(text("planner.assume_ways"))
    if any(floor.group == "remote" for floor in wanted.floors):
        listed.append(text("planner.assume_floor"))
    listed.append(text("planner.assume_people"))
    return tag("ul", *(tag("li", one) for one in listed), class_="rk-assumptions")
