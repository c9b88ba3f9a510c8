"""The plan as a table that can be narrowed down, and as a calendar of teams and weeks."""

from __future__ import annotations

import datetime as dt
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.services.proposal import Proposal
from dashboard.session import planner
from dashboard.ui import charts, tables
from geo import layers

SHADES = ("#e2f0ef", "#1d6f72")


def rows(shown: Proposal, text: Texts) -> pd.DataFrame:
    """Return the plan with names: one row per team, commune, week and type."""
    plan = shown.made.plan
    names = shown.given.communes["name"]
    kinds = layers.outreach_types()[text.language]
    start = shown.settings.start
    return plan.assign(
        team_name=plan["team"].map(shown.problem.teams["name"]),
        commune=plan["commune_code"].map(names),
        type_name=plan["type"].map(kinds).fillna(plan["type"]),
        monday=[start + dt.timedelta(weeks=int(week) - 1) for week in plan["week"]],
    )


def filters(shown: Proposal, text: Texts) -> None:
    """Draw the choice of a team and a week; the map follows the team."""
    plan = shown.made.plan
    names = shown.problem.teams["name"]
    left, right = st.columns([1.5, 1], gap="small")
    left.selectbox(
        text("planner.team"),
        [planner.EVERY, *sorted(plan["team"].unique())],
        format_func=lambda team: text("planner.every_team") if team == planner.EVERY else names.get(team, team),
        key=planner.key("team"),
        label_visibility="collapsed",
    )
    right.selectbox(
        text("planner.week"),
        [planner.EVERY, *sorted(plan["week"].unique())],
        format_func=lambda week: (
            text("planner.every_week") if week == planner.EVERY else text("planner.week_n", number=week)
        ),
        key=planner.key("week"),
        label_visibility="collapsed",
    )


def narrowed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the team, week and commune chosen."""
    for column, value in (
        ("team", planner.form("team")),
        ("week", planner.form("week")),
        ("commune_code", planner.held("commune")),
    ):
        if value not in (None, planner.EVERY):
            table = table[table[column] == value]
    return table


def table(shown: Proposal, text: Texts) -> None:
    """Draw the table of the plan."""
    commune = planner.held("commune")
    if commune is not None and commune in shown.given.communes.index:
        _commune(commune, shown, text)
    part = narrowed(rows(shown, text)).sort_values(["week", "team", "commune"], kind="stable")
    drawn = part[["week", "monday", "team_name", "commune", "type_name", "sessions", "cost"]]
    st.html(
        tag(
            "p",
            text(
                "planner.listed",
                rows=text.number(len(part)),
                sessions=text.number(float(part["sessions"].sum())),
                cost=text.number(float(part["cost"].sum()), 1),
            ),
            class_="rk-small",
        )
    )
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    tables.draw(
        drawn,
        text,
        writing={"cost": 1, "monday": partial(text.day, year=False)},
        height=395,
        key=planner.key("table"),
        columns={
            "week": number(text("planner.week"), width=48),
            "monday": st.column_config.DateColumn(text("planner.monday"), width=58),
            "team_name": words(text("planner.team"), width=110),
            "commune": words(text("table.commune"), width=118),
            "type_name": words(text("planner.kind_name"), width=130),
            "sessions": number(text("planner.sessions"), width=50),
            "cost": number(text("planner.cost"), width=62),
        },
    )


def _commune(code: str, shown: Proposal, text: Texts) -> None:
    """Say what the plan does in the commune that was clicked."""
    told = shown.made.communes.loc[code]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            tag(
                "p",
                tag("b", shown.given.communes.loc[code, "name"]),
                " · ",
                text(
                    "planner.commune_told",
                    sessions=int(told["sessions"]),
                    before=text.number(100 * told["coverage_before"], 2),
                    after=text.number(100 * told["coverage_after"], 2),
                ),
                class_="rk-small",
            )
        )
        st.button(
            text("planner.every_commune"), key=planner.key("every"), type="tertiary", icon=":material/close:",
            on_click=planner.put, args=("commune", None),
        )  # fmt: skip


def calendar(shown: Proposal, text: Texts) -> None:
    """Draw teams and weeks: how many sessions each team holds in each week."""
    plan = rows(shown, text)
    each = plan.groupby(["team_name", "week", "monday"], as_index=False).agg(
        sessions=("sessions", "sum"),
        days=("team_days", "sum"),
        communes=("commune", lambda names: ", ".join(sorted(set(names)))),
    )
    weeks = range(1, shown.settings.weeks + 1)
    labels = {week: text("planner.week_short", number=week) for week in weeks}
    monday = {week: shown.settings.start + dt.timedelta(weeks=week - 1) for week in weeks}
    each = each.assign(
        label=[f"{labels[week]}|{text.day(monday[week], year=False)}" for week in each["week"]],
        days=each["days"].round(1),
    )
    order = [f"{labels[week]}|{text.day(monday[week], year=False)}" for week in weeks]
    busiest = each.groupby("week")["sessions"].sum()
    idle = len(shown.problem.teams) - plan["team"].nunique()
    told = text(
        "planner.calendar_told" if idle else "planner.calendar_busy",
        most=text.number(float(each["sessions"].max())),
        week=int(busiest.idxmax()),
        total=text.number(float(busiest.max())),
        idle=idle,
    )
    chart = _calendar_chart(each, order, text)
    charts.figure(text("planner.calendar_title"), told, chart, text, planner.key("chart.calendar"))


def _calendar_chart(each: pd.DataFrame, order: list[str], text: Texts) -> alt.LayerChart:
    x = alt.X(
        "label:N",
        sort=order,
        scale=alt.Scale(domain=order),
        title=text("planner.calendar_axis"),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            labelExpr="split(datum.label, '|')",
            labelOverlap=False,
            labelAlign="center",
            labelFlush=False,
            ticks=False,
        ),
    )
    y = alt.Y("team_name:N", title=None, axis=alt.Axis(labelLimit=260, ticks=False, labelBaseline="middle"))
    base = alt.Chart(each).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("team_name:N", title=text("planner.team")),
            alt.Tooltip("week:Q", title=text("planner.week")),
            alt.Tooltip("sessions:Q", title=text("planner.sessions")),
            alt.Tooltip("days:Q", title=text("planner.team_days_short")),
            alt.Tooltip("communes:N", title=text("table.commune")),
        ],
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2, cornerRadius=4).encode(
        color=alt.Color("sessions:Q", legend=None, scale=alt.Scale(range=list(SHADES), domainMin=0))
    )
    most = max(float(each["sessions"].max()), 1.0)
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("sessions:Q", format=",.0f"),
        color=alt.condition(f"datum.sessions > {0.55 * most}", alt.value("#ffffff"), alt.value(charts.INK)),
    )
    return (cells + numbers).properties(height=27 * each["team_name"].nunique() + 70)
