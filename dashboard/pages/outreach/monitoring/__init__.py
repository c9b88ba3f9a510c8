"""The section that follows a plan: what was held of it, what that did to coverage, and where nothing happens."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard.cache import cached
from dashboard.maps.escape import tag
from dashboard.pages.outreach import log, log_file
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.monitoring import alarms, bars, course, downloads, parts
from dashboard.services import follow
from dashboard.services.follow import Field, Followed
from dashboard.session import fieldwork
from dashboard.store import Plan


def render(desk: Desk) -> None:
    """Draw the section."""
    log.news(desk)
    known = cached.field(desk.province)
    plans = desk.store.plans(desk.province)
    found = _chosen(known, plans, desk) if plans else None
    if found is None:
        _none(desk)
    else:
        _followed(found, desk)
    st.divider()
    alarms.render(known, desk)


def _results(desk: Desk) -> None:
    """Draw the import of what was held: results are the log itself."""
    text = desk.text
    with st.expander(text("monitoring.results"), icon=":material/upload_file:", key="field.monitoring.results"):
        st.caption(text("monitoring.results_help"))
        log_file.render(desk)
        st.button(
            text("monitoring.to_log"),
            key="field.monitoring.to_log",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=fieldwork.go,
            args=("log",),
        )


def _none(desk: Desk) -> None:
    text = desk.text
    st.html(tag("p", text("monitoring.none", place=desk.place_name), class_="rk-conclusion"))
    with st.container(horizontal=True, gap="small"):
        st.button(
            text("monitoring.to_plan"),
            key="field.monitoring.to_plan",
            type="primary",
            on_click=fieldwork.go,
            args=("plan",),
        )


def _chosen(known: Field, plans: tuple[Plan, ...], desk: Desk) -> Followed | None:
    """Draw the choice of a plan and of a day, and return the plan beside what was held."""
    text = desk.text
    by_number = {plan.number: plan for plan in plans}
    fieldwork.settle("monitoring.plan", list(by_number), plans[0].number)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="field_plan_bar"):
        number = st.selectbox(
            text("monitoring.plan"),
            list(by_number),
            format_func=lambda one: named(by_number[one], desk),
            key=f"{fieldwork.PREFIX}monitoring.plan",
            width=360,
        )
        plan = by_number[number]
        last = plan.first_day + dt.timedelta(weeks=plan.weeks, days=-1)
        until = st.date_input(
            text("monitoring.until"),
            value=follow.usual_day(plan, dt.date.today()),
            min_value=plan.first_day,
            max_value=last,
            format="DD/MM/YYYY",
            key=f"{fieldwork.PREFIX}monitoring.until.{number}",
            help=text("monitoring.until_help"),
            width=150,
        )
        strict = st.toggle(
            text("monitoring.teams_matter"),
            value=True,
            key=f"{fieldwork.PREFIX}monitoring.teams",
            help=text("monitoring.teams_matter_help"),
        )
        if not isinstance(until, dt.date):
            return None
        found = cached.followed(plan.number, until, strict)
        downloads.render(found, known, desk)
    return found


def named(plan: Plan, desk: Desk) -> str:
    """Return what a plan is called in the list: name, province in the nation, first day, weeks."""
    name = plan.name or desk.text("monitoring.unnamed", number=plan.number)
    start = desk.text("plan.period_value", start=desk.text.day(plan.first_day), weeks=plan.weeks)
    code = follow.province_of(plan)
    where = f"{desk.province_name(code)} · " if desk.nation and code else ""
    return f"{where}{name} · {start}"


def _followed(found: Followed, desk: Desk) -> None:
    text = desk.text
    st.html(tag("p", bars.conclusion(found, desk), class_="rk-conclusion"))
    st.html(bars.tiles(found, desk))
    _results(desk)
    left, right = st.columns(2, gap="medium")
    with left:
        bars.teams(found, desk)
    with right:
        bars.communes(found, desk)
    left, right = st.columns(2, gap="medium")
    with left:
        course.weeks(found, desk)
    with right:
        course.coverage(found, desk)
    course.drifted(found, desk)
    with st.expander(text("monitoring.lines"), key="field.monitoring.lines.open"):
        parts.lines(found, desk)
    unplanned = found.actual.unplanned
    with st.expander(text("monitoring.unplanned", count=len(unplanned)), key="field.monitoring.unplanned.open"):
        parts.unplanned(found, desk)
