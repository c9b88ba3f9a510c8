"""The tables of the store, the version of their form, and the way from one version to the next."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)

from geo.base.errors import DataFault
from geo.datasets.schemas import SCHEMAS

VERSION = 2
"""Of the form of the tables; a database of a higher one was written by a newer program."""
METADATA = MetaData()


def _of_frame(name: str) -> list[Column]:
    """Return the columns of a table of ``geo.datasets.schemas``: numbers are floats, everything else is text."""
    return [
        Column(column, Float if (about.metadata or {}).get("kind") == "number" else Text, nullable=True)
        for column, about in SCHEMAS[name].columns.items()
        if column not in ("activity_id", "type")
    ]


META = Table("meta", METADATA, Column("name", String, primary_key=True), Column("value", Text, nullable=False))
BATCHES = Table(
    "batches",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("table_name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("undone_at", String),
    sqlite_autoincrement=True,
)
ACTIVITIES = Table(
    "activities",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.number"), nullable=False),
    Column("type", String, nullable=False),
    *_of_frame("outreach_activities"),
    Index("activities_by_batch", "batch"),
    sqlite_autoincrement=True,
)
PERIODS = Table(
    "periods",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.number"), nullable=False),
    *_of_frame("outreach_periods"),
    Index("periods_by_batch", "batch"),
    sqlite_autoincrement=True,
)
PLACES = Table(
    "places",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.number"), nullable=False),
    *_of_frame("outreach_places"),
    Index("places_by_id", "place_id", "batch"),
    sqlite_autoincrement=True,
)
PLANS = Table(
    "plans",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("province_code", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("first_day", String, nullable=False),
    Column("weeks", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    Column("items", Text, nullable=False),
    sqlite_autoincrement=True,
)
TASKS = Table(
    "tasks",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("province_code", String, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", String),
    Column("state", String, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)
PARAMETERS = Table(
    "type_parameters",
    METADATA,
    Column("type", String, primary_key=True),
    *_of_frame("outreach_parameters"),
)
HISTORY = Table(
    "history",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)


def _audience_topic_periods(connection: Connection) -> None:
    """Version 1 to 2: audience and topic of activities, and the periods that imports cover.

    Of what was imported before, nobody stated a period: it is the days of its activities.
    """
    for statement in VERSION_2:
        connection.exec_driver_sql(statement)


VERSION_2 = (
    "ALTER TABLE activities ADD COLUMN audience TEXT",
    "ALTER TABLE activities ADD COLUMN topic TEXT",
    "CREATE TABLE periods (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
    "batch INTEGER NOT NULL REFERENCES batches (number), old_province_code TEXT, commune_code TEXT, first_day TEXT, "
    "last_day TEXT, quality TEXT, source TEXT, as_of TEXT, confidence TEXT)",
    "CREATE INDEX periods_by_batch ON periods (batch)",
    "INSERT INTO periods (batch, old_province_code, commune_code, first_day, last_day, quality, source) "
    "SELECT a.batch, a.old_province_code, a.commune_code, min(a.date), l.day, 'reported', b.name "
    "FROM activities a JOIN batches b ON b.number = a.batch "
    "JOIN (SELECT batch, old_province_code, max(date) AS day FROM activities WHERE commune_code IS NOT NULL "
    "GROUP BY batch, old_province_code) l ON l.batch = a.batch AND l.old_province_code = a.old_province_code "
    "WHERE a.commune_code IS NOT NULL GROUP BY a.batch, a.old_province_code, a.commune_code ORDER BY 1, 2, 3",
    "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'activities.state'",
)
"""Written out, so that later changes of the tables leave this step as it was; the last one publishes the log."""
MIGRATIONS: dict[int, Callable[[Connection], None]] = {1: _audience_topic_periods}
"""By version: what turns a database of that version into one of the next."""


def prepare(connection: Connection) -> bool:
    """Make the tables, or bring those of an older version forward; true if they are new.

    Runs inside the transaction of the caller: a killed process leaves the database as it was.

    Raises
    ------
    DataFault
        ``store.newer`` for a version this program does not know, ``store.foreign`` for somebody else's database.
    """
    there = set(inspect(connection).get_table_names())
    if not there:
        METADATA.create_all(connection)
        connection.execute(insert(META).values(name="version", value=str(VERSION)))
        return True
    path = connection.engine.url.database
    if not {"meta", "batches", "activities"} <= there:
        raise DataFault("store.foreign", sorted(there), path=path)
    found = connection.execute(select(META.c.value).where(META.c.name == "version")).scalar_one_or_none()
    version = int(found) if found is not None and found.isdigit() else 0
    if version > VERSION:
        raise DataFault("store.newer", path=path, found=version, known=VERSION)
    for step in range(version, VERSION):
        if step not in MIGRATIONS:
            raise DataFault("store.foreign", [f"version {found}"], path=path)
        MIGRATIONS[step](connection)
    if version < VERSION:
        connection.execute(update(META).where(META.c.name == "version").values(value=str(VERSION)))
    return False
