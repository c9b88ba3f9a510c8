"""Records of plans, checklists and imports, as whoever keeps them gives them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

TASK_STATES = ("todo", "doing", "done", "dropped")
"""States of an item of a checklist."""


@dataclass(frozen=True)
class Batch:
    """Rows that came in together and can be taken back together.

    Parameters
    ----------
    number
        Given by the store, rising.
    at
        When, UTC.
    table
        ``activities`` or ``places``.
    kind
        ``file``, ``form`` or ``statement`` (what the log covers, without rows).
    name
        Name of the file, or who entered it; never a path.
    digest
        SHA-256 of the file, empty for a form.
    rows
        How many.
    undone_at
        When it was taken back, if it was.
    actor
        Who brought it in; empty in databases of before names were kept.
    undone_by
        Who took it back.
    """

    number: int
    at: dt.datetime
    table: str
    kind: str
    name: str
    digest: str
    rows: int
    undone_at: dt.datetime | None = None
    actor: str = ""
    undone_by: str = ""


@dataclass(frozen=True)
class Plan:
    """A saved work plan.

    Parameters
    ----------
    number
        Given by the store; 0 before.
    at
        When it was saved, UTC.
    province_code
        Province it is for; empty for the nation.
    name
        What its makers call it.
    first_day
        The Monday of the first week.
    weeks
        How many weeks.
    settings
        Everything it was made from, as JSON can hold it: limits, floors, types, settings hash, gap …
    items
        As :func:`models.planning.calendar.schedule` returns it: ``team, commune_code, week, type, sessions,
        people_expected, cost, team_days, volunteer_days, travel_hours``.
    actor
        Who saved it; given by the store.
    """

    number: int
    at: dt.datetime
    province_code: str
    name: str
    first_day: dt.date
    weeks: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    items: pd.DataFrame = field(default_factory=pd.DataFrame)
    actor: str = ""


@dataclass(frozen=True)
class Task:
    """An item of a checklist, such as the plan of the 30/7 day.

    Parameters
    ----------
    number
        Given by the store; 0 before.
    province_code
        Whose.
    occasion
        What for, such as ``30/7/2026``.
    position
        Order in the list.
    text
        What is to be done.
    owner
        Who does it; empty if nobody yet.
    due
        Until when, if known.
    state
        One of :data:`TASK_STATES`.
    note
        Anything else.
    actor
        Who wrote it last; given by the store.
    at
        When, UTC.
    """

    number: int
    province_code: str
    occasion: str
    position: int
    text: str
    owner: str = ""
    due: dt.date | None = None
    state: str = "todo"
    note: str = ""
    actor: str = ""
    at: dt.datetime | None = None
