"""Who wrote: an actor for batches, plans, tasks, parameters and the history; empty for what was there before."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, Text

revision = "v3"
down_revision = "v2"


def upgrade() -> None:
    """Add the columns."""
    for table in ("batches", "plans", "tasks", "type_parameters", "history"):
        op.add_column(table, Column("actor", Text, nullable=False, server_default=""))
    op.add_column("batches", Column("undone_by", Text, nullable=False, server_default=""))
    for table in ("tasks", "type_parameters"):
        op.add_column(table, Column("at", String))
