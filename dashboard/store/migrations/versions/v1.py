"""The tables of riskmap 0.1."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, ForeignKey, Integer, String, Text

revision = "v1"
down_revision = None


def _number() -> Column:
    return Column("number", Integer, primary_key=True)


def _batch() -> Column:
    return Column("batch", Integer, ForeignKey("batches.number"), nullable=False)


def _texts(names: str) -> list[Column]:
    return [Column(name, Text) for name in names.split()]


def _numbers(names: str) -> list[Column]:
    return [Column(name, Float) for name in names.split()]


def upgrade() -> None:
    """Make the tables."""
    _make_batches()
    _make_rows()
    _make_work()


def _make_batches() -> None:
    op.create_table("meta", Column("name", String, primary_key=True), Column("value", Text, nullable=False))
    op.create_table(
        "batches",
        _number(),
        *(Column(name, String, nullable=False) for name in ("at", "table_name", "kind")),
        Column("name", Text, nullable=False),
        Column("digest", String, nullable=False),
        Column("rows", Integer, nullable=False),
        Column("undone_at", String),
        sqlite_autoincrement=True,
    )


def _make_rows() -> None:
    op.create_table(
        "activities",
        _number(),
        _batch(),
        Column("type", String, nullable=False),
        *_texts("date commune_code province_code old_province_code"),
        *_numbers("events people_reached women men children items"),
        *_texts("team partner note quality source"),
        sqlite_autoincrement=True,
    )
    op.create_index("activities_by_batch", "activities", ["batch"])
    op.create_table(
        "places",
        _number(),
        _batch(),
        *_texts("place_id kind name province_code commune_code"),
        *_numbers("lat lon count people capacity days_per_week sessions_per_week"),
        *_texts("phone since note quality source"),
        sqlite_autoincrement=True,
    )
    op.create_index("places_by_id", "places", ["place_id", "batch"])
    op.create_table(
        "type_parameters",
        Column("type", String, primary_key=True),
        *_texts("counted_by"),
        *_numbers("reach_per_event strength half_life_months unit_cost team_days volunteer_days"),
        *_texts("planned quality evidence_grade source as_of confidence note"),
    )


def _make_work() -> None:
    op.create_table(
        "plans",
        _number(),
        Column("at", String, nullable=False),
        Column("province_code", String, nullable=False),
        Column("name", Text, nullable=False),
        Column("first_day", String, nullable=False),
        Column("weeks", Integer, nullable=False),
        Column("settings", Text, nullable=False),
        Column("items", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tasks",
        _number(),
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
    op.create_table(
        "history",
        _number(),
        *(Column(name, String, nullable=False) for name in ("at", "action")),
        *(Column(name, Text, nullable=False) for name in ("subject", "detail")),
        sqlite_autoincrement=True,
    )
