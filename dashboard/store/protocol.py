"""What a store keeps, and the narrow door every store stands behind."""

from __future__ import annotations

import getpass
from typing import Protocol

import pandas as pd

from geo.base.periods import Statement
from geo.base.vocabulary import PlaceKind
from models.planning.records import Batch, Plan, Task

PLACE_KINDS = tuple(map(str, PlaceKind))
"""Kinds of places with a capacity."""


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
