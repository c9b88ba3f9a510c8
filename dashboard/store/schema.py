"""The tables of the store as they are now, and the version of their form.

The columns are written out: a column that is added to a schema of ``geo.datasets`` comes here with a migration of its
own (:mod:`dashboard.store.migrations`), so that every database can be brought forward.
"""

from __future__ import annotations

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

from dashboard.store import migrations
from geo.base.errors import DataFault

VERSION = 3
"""Of the form of the tables; a database of a higher one was written by a newer program."""
METADATA = MetaData()


def _texts(names: str) -> list[Column]:
    return [Column(name, Text) for name in names.split()]


def _numbers(names: str) -> list[Column]:
    return [Column(name, Float) for name in names.split()]


def _actor() -> Column:
    return Column("actor", Text, nullable=False, server_default="")


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
    _actor(),
    Column("undone_by", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
ACTIVITIES = Table(
    "activities",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.number"), nullable=False),
    Column("type", String, nullable=False),
    *_texts("date commune_code province_code old_province_code"),
    *_numbers("events people_reached women men children items"),
    *_texts("team partner note audience topic quality source"),
    Index("activities_by_batch", "batch"),
    sqlite_autoincrement=True,
)
PERIODS = Table(
    "periods",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.number"), nullable=False),
    *_texts("old_province_code commune_code first_day last_day quality source as_of confidence"),
    Index("periods_by_batch", "batch"),
    sqlite_autoincrement=True,
)
PLACES = Table(
    "places",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.number"), nullable=False),
    *_texts("place_id kind name province_code commune_code"),
    *_numbers("lat lon count people capacity days_per_week sessions_per_week"),
    *_texts("phone since note quality source"),
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
    _actor(),
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
    _actor(),
    Column("at", String),
    sqlite_autoincrement=True,
)
PARAMETERS = Table(
    "type_parameters",
    METADATA,
    Column("type", String, primary_key=True),
    *_texts("counted_by"),
    *_numbers("reach_per_event strength half_life_months unit_cost team_days volunteer_days"),
    *_texts("planned quality evidence_grade source as_of confidence note"),
    _actor(),
    Column("at", String),
)
HISTORY = Table(
    "history",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    _actor(),
    sqlite_autoincrement=True,
)


REVISION = Table("alembic_version", METADATA, Column("version_num", String(32), primary_key=True))
"""Where Alembic notes how far the tables are."""


def create(connection: Connection) -> None:
    """Make the tables of the present version."""
    METADATA.create_all(connection)
    connection.execute(insert(META).values(name="version", value=str(VERSION)))
    connection.execute(insert(REVISION).values(version_num=migrations.REVISIONS[VERSION]))


def version_of(connection: Connection) -> int:
    """Return the version of the tables of a database.

    Raises
    ------
    DataFault
        ``store.newer`` for a version this program does not know, ``store.foreign`` for somebody else's database,
        ``store.hollow`` for a file without any table: what was in it is lost, and a new store would hide that.
    """
    there = set(inspect(connection).get_table_names())
    path = connection.engine.url.database
    if not there:
        raise DataFault("store.hollow", path=path)
    if not {"meta", "batches", "activities"} <= there:
        raise DataFault("store.foreign", sorted(there), path=path)
    stated = connection.execute(select(META.c.value).where(META.c.name == "version")).scalar_one_or_none()
    version = int(stated) if stated is not None and stated.isdigit() else 0
    if version > VERSION:
        raise DataFault("store.newer", path=path, found=version, known=VERSION)
    if version not in migrations.REVISIONS:
        raise DataFault("store.foreign", [f"version {stated}"], path=path)
    return version


def bring_forward(connection: Connection, version: int) -> None:
    """Turn the tables of an older version into those of the present one, inside the transaction of the caller."""
    migrations.upgrade(connection, version)
    connection.execute(update(META).where(META.c.name == "version").values(value=str(VERSION)))
