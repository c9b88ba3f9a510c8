"""The checklist of a day of action: items with owner, due day and state, kept in the store at every change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.locale import Texts
from dashboard.maps.escape import Safe, tag
from dashboard.pages.outreach.desk import Desk, problem
from dashboard.services import follow
from dashboard.session import fieldwork
from dashboard.store import TASK_STATES, Task
from geo import layers
from geo.base.errors import RiskmapError

OCCASION = "30/7"
WIDTHS = (3.6, 1.5, 1.1, 1.2)
YEARS = (2023, 2100)
FIRST, LAST = dt.date(YEARS[0], 1, 1), dt.date(YEARS[1], 12, 31)


def render(desk: Desk) -> None:
    """Draw the choice of the year, the progress and the items."""
    text = desk.text
    st.html(tag("div", tag("h3", text("checklist.title")), class_="rk-figure-head"))
    today = dt.date.today()
    fieldwork.settle_number("checklist.year", today.year if today <= dt.date(today.year, 9, 30) else today.year + 1)
    year = st.number_input(text("checklist.year"), *YEARS, step=1, key=f"{fieldwork.PREFIX}checklist.year", width=140)
    occasion = f"{OCCASION}/{int(year)}"
    tasks = desk.store.tasks(desk.province or "", occasion)
    st.html(tag("p", told(tasks, occasion, desk, today), class_="rk-conclusion"))
    if tasks:
        counted = [task for task in tasks if task.state != "dropped"]
        st.progress(sum(task.state == "done" for task in counted) / max(len(counted), 1))
        _head(desk)
        for task in tasks:
            _row(task, desk, today)
        _another(desk, occasion, len(tasks))
    else:
        st.button(
            text("checklist.make", occasion=named(occasion, text)),
            key="field.checklist.make",
            type="primary",
            on_click=_make,
            args=(desk, int(year)),
        )
    source = layers.outreach_checklists().query("occasion == @OCCASION")["source"].iloc[0]
    st.caption(text("checklist.source", source=source))
    said = fieldwork.held("checklist.said")
    if isinstance(said, RiskmapError):
        problem(said, text)


def named(occasion: str, text: Texts) -> str:
    """Return what an occasion, a day as ``30/7/2026``, is called: as it is kept, in English as a day.

    Examples
    --------
    >>> from dashboard.locale import texts
    >>> named("30/7/2026", texts("vi")), named("30/7/2026", texts("en"))
    ('30/7/2026', '30 Jul 2026')
    """
    return occasion if text.language == "vi" else text.day(dt.datetime.strptime(occasion, "%d/%m/%Y").date())


def told(tasks: Sequence[Task], occasion: str, desk: Desk, today: dt.date) -> str:
    """Return how far the list is: done, overdue, and the next item that is due."""
    text = desk.text
    called = named(occasion, text)
    if not tasks:
        return text("checklist.none", place=desk.place_name, occasion=called)
    counted = [task for task in tasks if task.state != "dropped"]
    late = [task for task in counted if follow.overdue(task, today)]
    done = sum(task.state == "done" for task in counted)
    line = text("checklist.told", done=done, total=len(counted), occasion=called)
    if late:
        return f"{line} {text('checklist.late', count=len(late), first=late[0].text)}"
    ahead = sorted(
        (task for task in counted if task.due and task.state != "done"), key=lambda task: task.due or today
    )
    if ahead and ahead[0].due:
        return f"{line} {text('checklist.next', first=ahead[0].text, day=text.day(ahead[0].due))}"
    return line


def _head(desk: Desk) -> None:
    names = ("text", "owner", "due", "state")
    for column, name in zip(st.columns(WIDTHS, gap="small"), names, strict=True):
        column.html(tag("p", desk.text(f"checklist.column_{name}"), class_="rk-small"))


def _row(task: Task, desk: Desk, today: dt.date) -> None:
    text = desk.text
    key = f"{fieldwork.PREFIX}task.{task.number}."
    with st.container(key=f"field_task_{task.number}"):
        words, owner, due, state = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    words.html(_words(task, desk, today))
    with owner:
        st.text_input(
            text("checklist.column_owner"), task.owner, key=f"{key}owner", label_visibility="collapsed",
            placeholder=text("checklist.owner_hint"), max_chars=120, on_change=_change, args=(task, "owner", desk),
        )  # fmt: skip
    with due:
        st.date_input(
            text("checklist.column_due"), task.due, key=f"{key}due", label_visibility="collapsed",
            format="DD/MM/YYYY", min_value=FIRST, max_value=LAST, on_change=_change, args=(task, "due", desk),
        )  # fmt: skip
    with state:
        st.selectbox(
            text("checklist.column_state"), TASK_STATES, TASK_STATES.index(task.state), key=f"{key}state",
            format_func=lambda one: text(f"checklist.state_{one}"), label_visibility="collapsed",
            on_change=_change, args=(task, "state", desk),
        )  # fmt: skip


def _words(task: Task, desk: Desk, today: dt.date) -> Safe:
    text = desk.text
    late = follow.overdue(task, today)
    mark = tag("span", text("checklist.overdue"), class_="rk-late") if late else None
    over = task.state in ("done", "dropped")
    words = (tag("b", f"{task.position}. "), task.text, " ", mark)
    return tag("p", *words, class_="rk-task done" if over else "rk-task")


def _change(task: Task, name: str, desk: Desk) -> None:
    value: Any = fieldwork.held(f"task.{task.number}.{name}")
    value = value.strip() if isinstance(value, str) else value
    _keep(desk, replace(task, **{name: value}))


def _make(desk: Desk, year: int) -> None:
    for task in follow.checklist(OCCASION, desk.province or "", year, desk.text.language):
        _keep(desk, task)


def _another(desk: Desk, occasion: str, count: int) -> None:
    text = desk.text
    with (
        st.form("field.checklist.add", clear_on_submit=True, border=False),
        st.container(horizontal=True, gap="small", vertical_alignment="bottom"),
    ):
        words = st.text_input(text("checklist.another"), max_chars=300, key="field.checklist.text")
        if st.form_submit_button(text("checklist.add"), key="field.checklist.add_do") and words.strip():
            _keep(desk, Task(0, desk.province or "", occasion, count + 1, words.strip()))
            st.rerun()


def _keep(desk: Desk, task: Task) -> None:
    try:
        desk.store.put_task(task)
        fieldwork.put("checklist.said", None)
    except RiskmapError as error:
        fieldwork.put("checklist.said", error)
