"""What a store keeps, and the narrow door every store stands behind."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from geo.base.periods import Statement
from geo.base.vocabulary import PlaceKind

TASK_STATES = ("todo", "doing", "done", "dropped")
"""States of an item of a checklist."""
PLACE_KINDS = tuple(map(str, PlaceKind))
"""Kinds of places with a capacity."""


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


def local_actor() -> str:
    """Return who is signed in to the operating system, or ``local`` where that cannot be told."""
    try:
        return getpass.getuser() or "local"
    except (OSError, KeyError, ImportError):
        return "local"


class Store(Protocol):
    """What pages and commands ask of a store.

    Everything acknowledged is on disk. Frames that come back are the caller's own. Unknown numbers raise
    :class:`geo.base.errors.InputError`.
    """

    actor: str

    def as_user(self, actor: str) -> Store:
        """Return the same store, in which somebody writes under their name."""

    def activities(self) -> pd.DataFrame:
        """Return the log in force, ordered by date and identifier, with the columns of ``outreach_log`` in geo."""

    def add_activities(
        self, rows: pd.DataFrame, *, kind: str, name: str, digest: str = "", statement: Statement | None = None
    ) -> Batch:
        """Keep all rows or none, with the periods they cover: as stated, else the days of the activities."""

    def add_statement(self, statement: Statement, *, name: str) -> Batch:
        """Keep what somebody states of the log as a batch without rows; :meth:`undo` takes it back."""

    def periods(self) -> pd.DataFrame:
        """Return what the log in force covers: ``batch`` and the columns of ``outreach_periods``, by batch."""

    def places(self, kind: str | None = None) -> pd.DataFrame:
        """Return teams, clubs, shelters and hotlines with their capacity, indexed by ``place_id``."""

    def add_places(self, rows: pd.DataFrame, *, kind: str, name: str, digest: str = "") -> Batch:
        """Keep all rows or none; a ``place_id`` that is there already is replaced."""

    def batches(self, table: str | None = None) -> tuple[Batch, ...]:
        """Return what came in, newest first, also what was taken back."""

    def undo(self, number: int) -> Batch:
        """Take a batch back: its rows leave, and rows it had replaced are in force again."""

    def add_plan(self, plan: Plan) -> Plan:
        """Keep a plan and give it a number."""

    def plans(self, province_code: str | None = None) -> tuple[Plan, ...]:
        """Return the saved plans, newest first, with their items."""

    def plan(self, number: int) -> Plan:
        """Return one plan."""

    def remove_plan(self, number: int) -> None:
        """Remove a plan."""

    def tasks(self, province_code: str, occasion: str | None = None) -> tuple[Task, ...]:
        """Return the items of a checklist in their order."""

    def put_task(self, task: Task) -> Task:
        """Add an item (number 0) or change it."""

    def remove_task(self, number: int) -> None:
        """Remove an item."""

    def type_parameters(self) -> pd.DataFrame:
        """Return the parameters of types the user has set, with the columns of ``outreach_parameters``."""

    def put_type_parameters(self, rows: pd.DataFrame) -> None:
        """Set parameters, one row per type; types that are not named keep theirs."""

    def reset_type_parameters(self) -> None:
        """Go back to the parameters the product ships with."""

    def history(self, limit: int = 200) -> pd.DataFrame:
        """Return what was done to the store, newest first: ``at, actor, action, subject, detail``."""
