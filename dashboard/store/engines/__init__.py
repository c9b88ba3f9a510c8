"""The database engines a store can stand on: one module an engine, behind one door.

SQL outside these modules is SQLAlchemy Core, and the same for every engine.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from geo.base.errors import InputError

BUSY_SECONDS = 15.0
"""So long a writer waits for another one."""


class Database(Protocol):
    """One database and how it is read, written, made and copied."""

    engine: Engine

    def make(self, build: Callable[[Connection], None]) -> None:
        """Make the database with what a function writes into it, whole or not at all, unless it is there already."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Yield a connection that sees one state of the database."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Yield a connection that writes alone; what it did is safe when the block ends, or nothing of it is."""

    def backup(self, version: int) -> Path:
        """Copy the database as it is, before the tables of a version are changed, and return where the copy is."""

    def close(self) -> None:
        """Let go of the database."""


def open_database(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Return the database of an address in the form of SQLAlchemy.

    Raises
    ------
    InputError
        ``store.url`` for an address that names no engine of this room.
    """
    try:
        address: URL = make_url(url)
    except ArgumentError as error:
        raise InputError("store.url", given=url.partition("@")[2] or url) from error
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise InputError("store.url", given=address.render_as_string(hide_password=True))
    from dashboard.store.engines.sqlite import SqliteDatabase

    return SqliteDatabase(address, busy_seconds)
