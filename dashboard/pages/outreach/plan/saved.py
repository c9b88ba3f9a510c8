"""Plans that were kept: save the one shown, open one, remove one."""

from __future__ import annotations

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk
from dashboard.services import proposal
from dashboard.session import planner
from dashboard.ui.shared import plain
from geo.base.errors import RiskmapError
from models.planning.records import Plan

LONGEST_NAME = 120


def render(desk: Desk) -> None:
    """Draw the form that keeps the plan shown, and the plans kept."""
    text = desk.text
    shown = cached.plan_shown(planner.held("asked"), planner.held("opened"), text.language)
    kept = desk.store.plans(desk.place)
    if shown is not None and not shown.number:
        settings = shown.settings
        with st.form(planner.key("save"), border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                text("planner.save_name"),
                text("planner.save_usual", start=text.day(settings.start), money=text.number(settings.money)),
                max_chars=LONGEST_NAME,
                key=planner.key(f"name.{settings.digest}.{text.language}"),
            )
            if st.form_submit_button(text("planner.save"), icon=":material/save:", key=planner.key("save_do")):
                _save(desk, name)
    if planner.held("said"):
        st.success(planner.held("said"), icon=":material/check:")
    if kept:
        with st.expander(text("planner.saved", number=len(kept)), icon=":material/folder:"):
            for plan in kept:
                _one(plan, text, desk)


def _save(desk: Desk, name: str) -> None:
    text = desk.text
    shown = cached.plan_shown(planner.held("asked"), 0, text.language)
    if shown is None:
        return
    plan = desk.store.add_plan(proposal.to_plan(shown, name.strip() or text("planner.unnamed")))
    planner.put("said", text("planner.saved_told", name=plain(plan.name)))
    st.rerun()


def _one(plan: Plan, text: Texts, desk: Desk) -> None:
    told = plan.settings
    with st.container(key=f"planner_saved_{plan.number}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            tag(
                "p",
                tag("b", plan.name),
                " · ",
                text(
                    "planner.saved_line",
                    start=text.day(plan.first_day),
                    weeks=plan.weeks,
                    sessions=text.number(float(plan.items["sessions"].sum())),
                    cost=text.number(float(plan.items["cost"].sum()), 1),
                    day=text.day(plan.at.date()),
                ),
                class_="rk-small",
            ),
            width="stretch",
        )
        st.button(
            text("planner.open"), key=planner.key(f"open.{plan.number}"), icon=":material/folder_open:",
            on_click=planner.open_plan, args=(plan.number,), disabled="plan" not in told,
        )  # fmt: skip
        st.button(
            text("planner.remove"), key=planner.key(f"remove.{plan.number}"), icon=":material/delete:",
            type="tertiary", on_click=_remove, args=(plan, desk),
        )  # fmt: skip


def _remove(plan: Plan, desk: Desk) -> None:
    if planner.held("opened") == plan.number:
        planner.close_plan()
    try:
        desk.store.remove_plan(plan.number)
    except RiskmapError as error:
        planner.put("said", error.message(desk.text.language))
    else:
        planner.put("said", desk.text("planner.removed_told", name=plain(plan.name)))
