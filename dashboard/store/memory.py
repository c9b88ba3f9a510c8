"""The store in plain Python: what the contract means, without a file; for tests and for trying things out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

import pandas as pd

from dashboard.store import rows as shape
from dashboard.store.protocol import local_actor
from geo.base.errors import InputError
from geo.base.periods import Statement, periods_of
from geo.datasets.schemas import SCHEMAS
from geo.units import crosswalk
from models.planning.records import Batch, Plan, Task


@dataclass
class MemoryStore:
    """What :class:`dashboard.store.protocol.Store` asks for, in memory; it publishes nothing."""

    _numbers: count = field(default_factory=lambda: count(1))
    _activity_numbers: count = field(default_factory=lambda: count(1))
    _batches: dict[int, Batch] = field(default_factory=dict)
    _rows: dict[int, pd.DataFrame] = field(default_factory=dict)
    _periods: dict[int, pd.DataFrame] = field(default_factory=dict)
    _plans: dict[int, Plan] = field(default_factory=dict)
    _tasks: dict[int, Task] = field(default_factory=dict)
    _parameters: dict[str, dict] = field(default_factory=dict)
    _history: list[tuple] = field(default_factory=list)
    actor: str = field(default_factory=local_actor)

    def as_user(self, actor: str) -> MemoryStore:
        """Return the same store, in which somebody writes under their name."""
        return replace(self, actor=actor or local_actor())

    def activities(self) -> pd.DataFrame:
        """Return the log in force, ordered by date and identifier."""
        return shape.ordered(self._in_force("activities", "outreach_activities"))

    def add_activities(
        self, rows: pd.DataFrame, *, kind: str, name: str, digest: str = "", statement: Statement | None = None
    ) -> Batch:
        """Keep all rows or none, with the periods they cover."""
        typed = shape.checked(rows, "outreach_activities")
        covered = periods_of(typed, crosswalk.main_old_province(), name, statement)
        typed = typed.assign(activity_id=[f"A{next(self._activity_numbers):06d}" for _ in range(len(typed))])
        batch = self._add("activities", typed, kind, name, digest)
        self._periods[batch.number] = covered
        return batch

    def add_statement(self, statement: Statement, *, name: str) -> Batch:
        """Keep what somebody states of the log as a batch without rows."""
        log = self.activities()
        if log.empty:
            raise InputError("log.period_no_log")
        batch = self._add("activities", log.head(0), "statement", name, "")
        self._periods[batch.number] = periods_of(log.head(0), crosswalk.main_old_province(), name, statement)
        return batch

    def periods(self) -> pd.DataFrame:
        """Return what the log in force covers, by batch."""
        names = list(SCHEMAS["outreach_periods"].columns)
        kept = [
            self._periods[number].reindex(columns=names).assign(batch=number)
            for number, one in self._batches.items()
            if one.table == "activities" and not one.undone_at
        ]
        rows = [row for part in kept for row in part[names].astype(object).itertuples(index=False)]
        batches = [number for part in kept for number in part["batch"]]
        return shape.frame(rows, "outreach_periods").assign(batch=batches)[["batch", *names]]

    def places(self, kind: str | None = None) -> pd.DataFrame:
        """Return places with their capacity, indexed by ``place_id``."""
        every = self._in_force("places", "outreach_places").drop_duplicates("place_id", keep="last")
        return every[every["kind"].eq(kind) | (kind is None)].set_index("place_id").sort_index()

    def add_places(self, rows: pd.DataFrame, *, kind: str, name: str, digest: str = "") -> Batch:
        """Keep all rows or none; a ``place_id`` that is there already is replaced."""
        return self._add("places", shape.checked(rows, "outreach_places"), kind, name, digest)

    def batches(self, table: str | None = None) -> tuple[Batch, ...]:
        """Return what came in, newest first."""
        return tuple(one for one in reversed(self._batches.values()) if table in (None, one.table))

    def undo(self, number: int) -> Batch:
        """Take a batch back."""
        if number not in self._batches:
            raise InputError("store.batch_unknown", number=number)
        batch = self._batches[number]
        if batch.undone_at is not None:
            raise InputError("store.batch_undone", number=number, name=batch.name)
        self._batches[number] = replace(batch, undone_at=shape.now(), undone_by=self.actor)
        self._note("undo", f"{batch.table} {number}", f"{batch.name}: {batch.rows}")
        return self._batches[number]

    def add_plan(self, plan: Plan) -> Plan:
        """Keep a plan and give it a number."""
        kept = replace(plan, number=next(self._numbers), at=shape.now(), items=plan.items.copy(), actor=self.actor)
        self._plans[kept.number] = kept
        self._note("add_plan", str(kept.number), plan.name)
        return replace(kept, items=plan.items.copy())

    def plans(self, province_code: str | None = None) -> tuple[Plan, ...]:
        """Return the saved plans, newest first."""
        found = (plan for plan in reversed(self._plans.values()) if province_code in (None, plan.province_code))
        return tuple(replace(plan, items=plan.items.copy()) for plan in found)

    def plan(self, number: int) -> Plan:
        """Return one plan."""
        if number not in self._plans:
            raise InputError("store.plan_unknown", number=number)
        return replace(self._plans[number], items=self._plans[number].items.copy())

    def remove_plan(self, number: int) -> None:
        """Remove a plan."""
        if self._plans.pop(number, None) is None:
            raise InputError("store.plan_unknown", number=number)
        self._note("remove_plan", str(number), "")

    def tasks(self, province_code: str, occasion: str | None = None) -> tuple[Task, ...]:
        """Return the items of a checklist in their order."""
        found = [
            task
            for task in self._tasks.values()
            if task.province_code == province_code and occasion in (None, task.occasion)
        ]
        return tuple(sorted(found, key=lambda task: (task.occasion, task.position, task.number)))

    def put_task(self, task: Task) -> Task:
        """Add an item (number 0) or change it."""
        shape.task_row(task)
        if task.number and task.number not in self._tasks:
            raise InputError("store.task_unknown", number=task.number)
        kept = replace(task, number=task.number or next(self._numbers), actor=self.actor, at=shape.now())
        self._tasks[kept.number] = kept
        self._note("put_task", str(kept.number), f"{task.state}: {task.text}")
        return kept

    def remove_task(self, number: int) -> None:
        """Remove an item."""
        if self._tasks.pop(number, None) is None:
            raise InputError("store.task_unknown", number=number)
        self._note("remove_task", str(number), "")

    def type_parameters(self) -> pd.DataFrame:
        """Return the parameters of types the user has set."""
        columns = list(SCHEMAS["outreach_parameters"].columns)
        found = [[self._parameters[kind][name] for name in columns] for kind in sorted(self._parameters)]
        return shape.frame(found, "outreach_parameters")

    def put_type_parameters(self, rows: pd.DataFrame) -> None:
        """Set parameters, one row per type."""
        typed = shape.checked(rows, "outreach_parameters")
        self._parameters |= {row["type"]: row for row in shape.records(typed)}
        self._note("put_type_parameters", ", ".join(typed["type"]), "")

    def reset_type_parameters(self) -> None:
        """Go back to the parameters the product ships with."""
        self._parameters.clear()
        self._note("reset_type_parameters", "", "")

    def history(self, limit: int = 200) -> pd.DataFrame:
        """Return what was done to the store, newest first."""
        found = pd.DataFrame(self._history[::-1][:limit], columns=["at", "actor", "action", "subject", "detail"])
        return found.assign(at=pd.to_datetime(found["at"], utc=True))

    def _add(self, table: str, typed: pd.DataFrame, kind: str, name: str, digest: str) -> Batch:
        batch = Batch(next(self._numbers), shape.now(), table, kind, name, digest, len(typed), actor=self.actor)
        self._batches[batch.number], self._rows[batch.number] = batch, typed
        self._note("add", f"{table} {batch.number}", f"{name}: {len(typed)}")
        return batch

    def _in_force(self, table: str, schema: str) -> pd.DataFrame:
        kept = [self._rows[one.number] for one in self._batches.values() if one.table == table and not one.undone_at]
        every = [
            row for part in kept for row in part.astype(object).where(part.notna(), None).itertuples(index=False)
        ]
        return shape.frame(every, schema)

    def _note(self, action: str, subject: str, detail: str) -> None:
        self._history.append((shape.now(), self.actor, action, subject, detail))
