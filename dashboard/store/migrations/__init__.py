"""From one version of the tables to the next, through Alembic; each step is written out and stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection

ROOM = Path(__file__).parent
REVISIONS = {1: "v1", 2: "v2", 3: "v3"}
"""Revision of Alembic by version of the form of the tables."""


def upgrade(connection: Connection, version: int, revisions: dict[int, str] | None = None) -> None:
    """Bring the tables of a version to the newest one, inside the transaction of the caller.

    Parameters
    ----------
    version
        What the database says of itself; 0 for one without tables.
    revisions
        Revisions by version, instead of :data:`REVISIONS`.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    known = REVISIONS if revisions is None else revisions
    config = Config()
    config.set_main_option("script_location", str(ROOM).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    destination = known[max(known)]

    def steps(current: Any, _: object) -> Any:
        return scripts._upgrade_revs(destination, current or known.get(version, ()))

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=destination) as environment:
        environment.configure(connection=connection)
        if version:
            environment.get_context().stamp(scripts, known[version])
        environment.run_migrations()
