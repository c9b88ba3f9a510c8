"""The store in a database file, through SQLAlchemy."""

from __future__ import annotations

import copy
import datetime as dt
import json
import logging
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update

from dashboard.store import rows as shape
from dashboard.store import schema
from dashboard.store.engines import BUSY_SECONDS, open_database
from dashboard.store.protocol import local_actor
from dashboard.store.publish import FOLLOWERS, MOVED_BY, Published
from dashboard.store.schema import (
    ACTIVITIES,
    BATCHES,
    HISTORY,
    META,
    PARAMETERS,
    PERIODS,
    PLACES,
    PLANS,
    TASKS,
)
from geo.base.errors import InputError, RiskmapError
from geo.base.periods import Statement, periods_of
from geo.datasets.schemas import SCHEMAS
from geo.units import crosswalk
from models.planning.records import Batch, Plan, Task

SCHEMA_OF = {"activities": "outreach_activities", "places": "outreach_places"}
TABLE_OF = {"activities": ACTIVITIES, "places": PLACES}
LOG = logging.getLogger(__name__)


class SqlStore:
    """What :class:`dashboard.store.protocol.Store` asks for, in a database file.

    Parameters
    ----------
    url
        Address in the form of SQLAlchemy.
    busy_seconds
        So long a writer waits for another one before it gives up.
    actor
        Who writes; whoever is signed in to the operating system unless somebody is named.

    Attributes
    ----------
    unpublished
        What kept the log from being written to the user's folder; nothing if all is well. The rows are safe: the
        next change, or the next opening, tries again.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS, actor: str = "") -> None:
        self.unpublished: RiskmapError | None = None
        self.actor = actor or local_actor()
        self._database = open_database(url, busy_seconds=busy_seconds)
        self._database.make(self._filled)
        with self._database.reading() as connection:
            version = schema.version_of(connection)
        if version < schema.VERSION:
            self._upgrade()
        self._follow(*MOVED_BY)

    def as_user(self, actor: str) -> SqlStore:
        """Return the same store, in which somebody writes under their name."""
        own = copy.copy(self)
        own.actor = actor or local_actor()
        return own

    def _filled(self, connection: Connection) -> None:
        """Make the tables and take in what was in the user's folder before."""
        schema.create(connection)
        self._adopt(connection)

    def _upgrade(self) -> None:
        """Bring older tables forward, alone, after a copy of the database was made."""
        with self._database.writing() as connection:
            version = schema.version_of(connection)
            if version == schema.VERSION:
                return
            backup = self._database.backup(version)
            try:
                schema.bring_forward(connection, version)
                self._note(connection, "upgrade", f"{version} {schema.VERSION}", backup.name)
            except BaseException:
                backup.unlink(missing_ok=True)
                raise

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def activities(self) -> pd.DataFrame:
        """Return the log in force, ordered by date and identifier."""
        with self._database.reading() as connection:
            return self._log(connection)

    def add_activities(
        self, rows: pd.DataFrame, *, kind: str, name: str, digest: str = "", statement: Statement | None = None
    ) -> Batch:
        """Keep all rows or none, with the periods they cover; the store gives them their identifiers."""
        typed = shape.checked(rows, SCHEMA_OF["activities"])
        covered = periods_of(typed, crosswalk.main_old_province(), name, statement)
        return self._add("activities", typed, kind, name, digest, covered)

    def add_statement(self, statement: Statement, *, name: str) -> Batch:
        """Keep what somebody states of the log as a batch without rows; :meth:`undo` takes it back."""
        with self._database.writing() as connection:
            log = self._log(connection)
            if log.empty:
                raise InputError("log.period_no_log")
            covered = periods_of(log.head(0), crosswalk.main_old_province(), name, statement)
            batch = self._insert(connection, "activities", log.head(0), "statement", name, "")
            self._cover(connection, batch.number, covered)
        self._follow("activities")
        return batch

    def periods(self) -> pd.DataFrame:
        """Return what the log in force covers: ``batch`` and the columns of ``outreach_periods``, by batch."""
        with self._database.reading() as connection:
            return self._covered(connection)

    def places(self, kind: str | None = None) -> pd.DataFrame:
        """Return teams, clubs, shelters and hotlines with their capacity, indexed by ``place_id``."""
        schema = SCHEMA_OF["places"]
        kept = _in_force(select(PLACES.c.place_id, func.max(PLACES.c.batch).label("batch")), PLACES)
        last = kept.group_by(PLACES.c.place_id).subquery()
        wanted = select(*(PLACES.c[name] for name in SCHEMAS[schema].columns)).join(
            last, (last.c.place_id == PLACES.c.place_id) & (last.c.batch == PLACES.c.batch)
        )
        if kind is not None:
            wanted = wanted.where(PLACES.c.kind == kind)
        with self._database.reading() as connection:
            found = connection.execute(wanted.order_by(PLACES.c.place_id)).all()
        return shape.frame(found, schema).set_index("place_id")

    def add_places(self, rows: pd.DataFrame, *, kind: str, name: str, digest: str = "") -> Batch:
        """Keep all rows or none; a ``place_id`` that is there already is replaced."""
        return self._add("places", shape.checked(rows, SCHEMA_OF["places"]), kind, name, digest)

    def batches(self, table: str | None = None) -> tuple[Batch, ...]:
        """Return what came in, newest first, also what was taken back."""
        wanted = select(BATCHES).order_by(BATCHES.c.number.desc())
        if table is not None:
            wanted = wanted.where(BATCHES.c.table_name == table)
        with self._database.reading() as connection:
            return tuple(_batch(row) for row in connection.execute(wanted))

    def undo(self, number: int) -> Batch:
        """Take a batch back: its rows leave, and rows it had replaced are in force again."""
        with self._database.writing() as connection:
            row = connection.execute(select(BATCHES).where(BATCHES.c.number == number)).one_or_none()
            if row is None:
                raise InputError("store.batch_unknown", number=number)
            if row.undone_at is not None:
                raise InputError("store.batch_undone", number=number, name=row.name)
            at = _stamp()
            connection.execute(
                update(BATCHES).where(BATCHES.c.number == number).values(undone_at=at, undone_by=self.actor)
            )
            self._note(connection, "undo", f"{row.table_name} {number}", f"{row.name}: {row.rows}")
            _changed(connection, row.table_name)
            undone = replace(_batch(row), undone_at=dt.datetime.fromisoformat(at), undone_by=self.actor)
        self._follow(undone.table)
        return undone

    def add_plan(self, plan: Plan) -> Plan:
        """Keep a plan and give it a number."""
        row = shape.plan_row(plan)
        with self._database.writing() as connection:
            at = _stamp()
            number = _inserted(connection, PLANS, {"at": at, "actor": self.actor, **row})
            self._note(connection, "add_plan", str(number), plan.name)
        return replace(plan, number=number, at=dt.datetime.fromisoformat(at), actor=self.actor)

    def plans(self, province_code: str | None = None) -> tuple[Plan, ...]:
        """Return the saved plans, newest first, with their items."""
        wanted = select(PLANS).order_by(PLANS.c.number.desc())
        if province_code is not None:
            wanted = wanted.where(PLANS.c.province_code == province_code)
        with self._database.reading() as connection:
            return tuple(_plan(row) for row in connection.execute(wanted))

    def plan(self, number: int) -> Plan:
        """Return one plan."""
        with self._database.reading() as connection:
            row = connection.execute(select(PLANS).where(PLANS.c.number == number)).one_or_none()
        if row is None:
            raise InputError("store.plan_unknown", number=number)
        return _plan(row)

    def remove_plan(self, number: int) -> None:
        """Remove a plan."""
        self._remove(PLANS, number, "plan")

    def tasks(self, province_code: str, occasion: str | None = None) -> tuple[Task, ...]:
        """Return the items of a checklist in their order."""
        wanted = select(TASKS).where(TASKS.c.province_code == province_code)
        if occasion is not None:
            wanted = wanted.where(TASKS.c.occasion == occasion)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(TASKS.c.occasion, TASKS.c.position, TASKS.c.number))
            return tuple(_task(row) for row in rows)

    def put_task(self, task: Task) -> Task:
        """Add an item (number 0) or change it."""
        at = _stamp()
        row = shape.task_row(task) | {"actor": self.actor, "at": at}
        with self._database.writing() as connection:
            number = task.number
            if number == 0:
                number = _inserted(connection, TASKS, row)
            elif not connection.execute(update(TASKS).where(TASKS.c.number == number).values(row)).rowcount:
                raise InputError("store.task_unknown", number=number)
            self._note(connection, "put_task", str(number), f"{task.state}: {task.text}")
        return replace(task, number=number, actor=self.actor, at=dt.datetime.fromisoformat(at))

    def remove_task(self, number: int) -> None:
        """Remove an item."""
        self._remove(TASKS, number, "task")

    def type_parameters(self) -> pd.DataFrame:
        """Return the parameters of types the user has set, with the columns of ``outreach_parameters``."""
        with self._database.reading() as connection:
            return self._parameters(connection)

    def put_type_parameters(self, rows: pd.DataFrame) -> None:
        """Set parameters, one row per type; types that are not named keep theirs."""
        typed = shape.checked(rows, "outreach_parameters")
        with self._database.writing() as connection:
            self._set_parameters(connection, typed)
            self._note(connection, "put_type_parameters", ", ".join(typed["type"]), "")
        self._follow("type_parameters")

    def reset_type_parameters(self) -> None:
        """Go back to the parameters the product ships with."""
        with self._database.writing() as connection:
            connection.execute(delete(PARAMETERS))
            _changed(connection, "type_parameters")
            self._note(connection, "reset_type_parameters", "", "")
        self._follow("type_parameters")

    def history(self, limit: int = 200) -> pd.DataFrame:
        """Return what was done to the store, newest first: ``at, actor, action, subject, detail``."""
        columns = ["at", "actor", "action", "subject", "detail"]
        wanted = select(*(HISTORY.c[name] for name in columns)).order_by(HISTORY.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            found = pd.DataFrame(connection.execute(wanted).all(), columns=columns)
        return found.assign(at=pd.to_datetime(found["at"], utc=True, format="ISO8601"))

    def _add(
        self, table: str, typed: pd.DataFrame, kind: str, name: str, digest: str, covered: pd.DataFrame | None = None
    ) -> Batch:
        with self._database.writing() as connection:
            batch = self._insert(connection, table, typed, kind, name, digest)
            self._cover(connection, batch.number, covered)
        self._follow(table)
        return batch

    def _cover(self, connection: Connection, batch: int, covered: pd.DataFrame | None) -> None:
        if covered is not None and len(covered):
            connection.execute(insert(PERIODS), shape.records(covered.assign(batch=batch)))

    def _covered(self, connection: Connection) -> pd.DataFrame:
        names = list(SCHEMAS["outreach_periods"].columns)
        wanted = _in_force(select(PERIODS.c.batch, *(PERIODS.c[name] for name in names)), PERIODS)
        found = connection.execute(wanted.order_by(PERIODS.c.number)).all()
        table = shape.frame([row[1:] for row in found], "outreach_periods")
        return table.assign(batch=[int(row[0]) for row in found])[["batch", *names]]

    def _insert(
        self, connection: Connection, table: str, typed: pd.DataFrame, kind: str, name: str, digest: str
    ) -> Batch:
        at = _stamp()
        about = {"at": at, "table_name": table, "kind": kind, "name": name, "digest": digest, "rows": len(typed)}
        about["actor"] = self.actor
        number = _inserted(connection, BATCHES, about)
        kept = typed.drop(columns="activity_id", errors="ignore").assign(batch=number)
        if len(kept):
            connection.execute(insert(TABLE_OF[table]), shape.records(kept))
        self._note(connection, "add", f"{table} {number}", f"{name}: {len(typed)}")
        _changed(connection, table)
        return Batch(number, dt.datetime.fromisoformat(at), table, kind, name, digest, len(typed), actor=self.actor)

    def _remove(self, table: Table, number: int, what: str) -> None:
        with self._database.writing() as connection:
            if not connection.execute(delete(table).where(table.c.number == number)).rowcount:
                raise InputError(f"store.{what}_unknown", number=number)
            self._note(connection, f"remove_{what}", str(number), "")

    def _log(self, connection: Connection) -> pd.DataFrame:
        schema = SCHEMA_OF["activities"]
        columns = [
            ACTIVITIES.c.number if name == "activity_id" else ACTIVITIES.c[name] for name in SCHEMAS[schema].columns
        ]
        found = connection.execute(_in_force(select(*columns), ACTIVITIES).order_by(ACTIVITIES.c.number)).all()
        log = shape.frame(found, schema)
        return shape.ordered(log.assign(activity_id=[f"A{int(number):06d}" for number in log["activity_id"]]))

    def _table(self, connection: Connection, name: str) -> pd.DataFrame:
        """Return a table as it is published."""
        if name == "activities":
            return self._log(connection)
        if name == "periods":
            return self._covered(connection).drop(columns="batch")
        return self._parameters(connection)

    def _note(self, connection: Connection, action: str, subject: str, detail: str) -> None:
        about = {"at": _stamp(), "action": action, "subject": subject, "detail": detail, "actor": self.actor}
        connection.execute(insert(HISTORY).values(about))

    def _parameters(self, connection: Connection) -> pd.DataFrame:
        names = list(SCHEMAS["outreach_parameters"].columns)
        found = connection.execute(select(*(PARAMETERS.c[name] for name in names)).order_by(PARAMETERS.c.type)).all()
        return shape.frame(found, "outreach_parameters")

    def _set_parameters(self, connection: Connection, typed: pd.DataFrame) -> None:
        connection.execute(delete(PARAMETERS).where(PARAMETERS.c.type.in_(list(typed["type"]))))
        connection.execute(insert(PARAMETERS), shape.records(typed.assign(actor=self.actor, at=_stamp())))
        _changed(connection, "type_parameters")

    def _adopt(self, connection: Connection) -> None:
        """Take in what was in the user's folder before there was a store."""
        log = FOLLOWERS["activities"]
        if (rows := log.read()) is not None and len(rows):
            typed = shape.checked(rows, log.schema)
            batch = self._insert(connection, "activities", typed, "file", log.file, log.fingerprint)
            kept = FOLLOWERS["periods"].read()
            area = crosswalk.main_old_province()
            self._cover(connection, batch.number, periods_of(typed, area, log.file) if kept is None else kept)
        own = FOLLOWERS["type_parameters"]
        if (rows := own.read()) is not None and len(rows):
            self._set_parameters(connection, shape.checked(rows, own.schema))
            self._note(connection, "adopt", "type_parameters", own.file)

    def _follow(self, *changed: str) -> None:
        """Publish what changed; the change itself is safe whatever happens here."""
        moved = [name for table in changed for name in MOVED_BY.get(table, ())]
        self.unpublished = None if moved else self.unpublished
        for name in moved:
            try:
                self._publish(name, FOLLOWERS[name])
            except (OSError, RiskmapError) as error:
                LOG.warning("not published: %s", error)
                reason = getattr(error, "strerror", error)
                self.unpublished = RiskmapError("store.unpublished", path=FOLLOWERS[name].path, reason=reason)

    def _publish(self, name: str, follower: Published) -> None:
        """Bring the file into line, alone, so that an older state never overwrites a newer one."""
        with self._database.reading() as connection:
            if _get(connection, f"{name}.published") == f"{_state(connection, name)} {follower.fingerprint}":
                return
        with self._database.writing() as connection:
            before = _get(connection, f"{name}.published").partition(" ")[2]
            table = self._table(connection, name)
            state = _state(connection, name)
            fingerprint, kept = follower.follow(table, before, state)
            if kept is not None:
                self._note(connection, "set_aside", follower.file, kept.name)
            _put(connection, f"{name}.published", f"{state} {fingerprint}")


def _in_force(wanted: Select, table: Table) -> Select:
    """Leave out what was taken back."""
    return wanted.join(BATCHES, BATCHES.c.number == table.c.batch).where(BATCHES.c.undone_at.is_(None))


def _inserted(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _changed(connection: Connection, table: str) -> None:
    """Count the changes of the tables that are published with one."""
    for name in MOVED_BY.get(table, ()):
        _put(connection, f"{name}.state", str(_state(connection, name) + 1))


def _state(connection: Connection, table: str) -> int:
    return int(_get(connection, f"{table}.state") or 0)


def _get(connection: Connection, name: str) -> str:
    return connection.execute(select(META.c.value).where(META.c.name == name)).scalar_one_or_none() or ""


def _put(connection: Connection, name: str, value: str) -> None:
    if not connection.execute(update(META).where(META.c.name == name).values(value=value)).rowcount:
        connection.execute(insert(META).values(name=name, value=value))


def _stamp() -> str:
    return shape.now().isoformat()


def _batch(row: Row) -> Batch:
    undone = dt.datetime.fromisoformat(row.undone_at) if row.undone_at else None
    at = dt.datetime.fromisoformat(row.at)
    return Batch(
        row.number, at, row.table_name, row.kind, row.name, row.digest, row.rows, undone, row.actor, row.undone_by
    )


def _plan(row: Row) -> Plan:
    return Plan(
        number=row.number,
        at=dt.datetime.fromisoformat(row.at),
        province_code=row.province_code,
        name=row.name,
        first_day=dt.date.fromisoformat(row.first_day),
        weeks=row.weeks,
        settings=json.loads(row.settings),
        items=shape.items_from_json(row._mapping["items"]),
        actor=row.actor,
    )


def _task(row: Row) -> Task:
    values = dict(row._mapping)
    due, at = values.pop("due"), values.pop("at")
    return Task(
        **values,
        due=dt.date.fromisoformat(due) if due else None,
        at=dt.datetime.fromisoformat(at) if at else None,
    )
