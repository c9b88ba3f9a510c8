"""Audience and topic of activities, and the periods that imports cover.

Of what was imported before, nobody stated a period: it is the days of its activities.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, Text

revision = "v2"
down_revision = "v1"

PERIODS_OF_ACTIVITIES = (
    "INSERT INTO periods (batch, old_province_code, commune_code, first_day, last_day, quality, source) "
    "SELECT a.batch, a.old_province_code, a.commune_code, min(a.date), max(l.day), 'reported', max(b.name) "
    "FROM activities a JOIN batches b ON b.number = a.batch "
    "JOIN (SELECT batch, old_province_code, max(date) AS day FROM activities WHERE commune_code IS NOT NULL "
    "GROUP BY batch, old_province_code) l ON l.batch = a.batch AND l.old_province_code = a.old_province_code "
    "WHERE a.commune_code IS NOT NULL GROUP BY a.batch, a.old_province_code, a.commune_code ORDER BY 1, 2, 3"
)
PUBLISH_AGAIN = "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'activities.state'"


def upgrade() -> None:
    """Add the columns and the table, and fill it."""
    for name in ("audience", "topic"):
        op.add_column("activities", Column(name, Text))
    texts = "old_province_code commune_code first_day last_day quality source as_of confidence"
    op.create_table(
        "periods",
        Column("number", Integer, primary_key=True),
        Column("batch", Integer, ForeignKey("batches.number"), nullable=False),
        *(Column(name, Text) for name in texts.split()),
        sqlite_autoincrement=True,
    )
    op.create_index("periods_by_batch", "periods", ["batch"])
    op.execute(PERIODS_OF_ACTIVITIES)
    op.execute(PUBLISH_AGAIN)
