"""The connection to the database file: how safely it writes, and what its errors mean."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError

from geo.base.errors import DataFault, InputError

BUSY_SECONDS = 15.0
"""So long a writer waits for another one."""
MEANINGS = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_NOTADB": "not_a_database",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_IOERR": "disk_full",
}
"""What the first words of the error names of SQLite mean to the user: ``store.…``."""


def open_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return an engine on a database file: WAL, every commit on disk, foreign keys, writers wait for each other.

    Raises
    ------
    InputError
        ``store.url`` unless the address names an SQLite file.
    """
    try:
        address: URL = make_url(url)
    except ArgumentError as error:
        raise InputError("store.url", given=url.partition("@")[2] or url) from error
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise InputError("store.url", given=address.render_as_string(hide_password=True))
    assert address.database is not None
    with failures(address.database):
        Path(address.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "checkout", _still_there)
    event.listen(engine, "begin", _begun)
    return engine


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the database."""
    with failures(engine.url.database), engine.connect() as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that writes alone; what it did is on disk when the block ends, or nothing of it is."""
    with failures(engine.url.database), engine.connect() as connection:
        connection = connection.execution_options(riskmap_writes=True)
        with connection.begin():
            yield connection


@contextlib.contextmanager
def failures(path: str | None) -> Iterator[None]:
    """Turn what the database and the disk complain about into errors people can act on."""
    try:
        yield
    except DBAPIError as error:
        raise DataFault(f"store.{meaning(error.orig)}", path=path, reason=str(error.orig)) from error
    except OSError as error:
        full = error.errno in (28, 122)
        raise DataFault("store.disk_full" if full else "store.read_only", path=path, reason=str(error)) from error


def meaning(error: object) -> str:
    """Return which message of the topic ``store`` says what an error of SQLite means."""
    if str(error).startswith("no such table"):
        return "gone"
    name = getattr(error, "sqlite_errorname", "") or ""
    for start, message in MEANINGS.items():
        if name.startswith(start):
            return message
    return "failed"


def _connected(connection: sqlite3.Connection, record: Any) -> None:
    record.info["file"] = _file(connection)
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _still_there(connection: sqlite3.Connection, record: Any, _: Any) -> None:
    """Let go of a file that was removed or replaced: what is written to it now would be lost."""
    if _file(connection) != record.info.get("file"):
        raise DisconnectionError


def _file(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Return what tells the file at the path of a connection from another one at the same path."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    try:
        state = Path(path).stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _begun(connection: Connection) -> None:
    alone = connection.get_execution_options().get("riskmap_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if alone else "BEGIN")
