"""SQLite: how safely a file is made, written and copied, and what its errors mean."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError

from geo.base.errors import DataFault
from geo.files.write import replace_file

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


class SqliteDatabase:
    """An SQLite file: WAL, every commit on disk, foreign keys, writers wait for each other.

    Parameters
    ----------
    address
        Names the file.
    busy_seconds
        So long a writer waits for another one before it gives up.
    """

    def __init__(self, address: URL, busy_seconds: float) -> None:
        assert address.database is not None
        self.path = Path(address.database).absolute()
        self.busy_seconds = busy_seconds
        with failures(address.database):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(address, self.path, busy_seconds)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def make(self, build: Callable[[Connection], None]) -> None:
        """Make the file beside its place and put it there complete; an existing file stays as it is.

        A file at this path is therefore never half made: one without tables was emptied by somebody else.
        """
        with failures(str(self.path)):
            if self.path.exists():
                return
            with tempfile.TemporaryDirectory(prefix=f".{self.path.name}-", dir=self.path.parent) as folder:
                path = Path(folder) / self.path.name
                path.touch()
                fresh = SqliteDatabase(self.engine.url.set(database=str(path)), self.busy_seconds)
                with fresh.writing() as connection:
                    build(connection)
                fresh.close()
                with contextlib.suppress(FileExistsError):
                    _put_there(path, self.path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database."""
        with failures(self.engine.url.database), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection that writes alone; what it did is on disk when the block ends, or nothing of it is."""
        with failures(self.engine.url.database), self.engine.connect() as connection:
            connection = connection.execution_options(riskmap_writes=True)
            with connection.begin():
                yield connection

    def backup(self, version: int) -> Path:
        """Copy the file as it was committed last to ``NAME.version-N.bak`` beside it; no copy is ever overwritten."""
        with failures(str(self.path)):
            number, copy = 1, self.path.with_name(f"{self.path.name}.version-{version}.bak")
            while copy.exists():
                number += 1
                copy = self.path.with_name(f"{self.path.name}.version-{version}.{number}.bak")
            try:
                with (
                    replace_file(copy) as temporary,
                    contextlib.closing(_connect(self.path, self.busy_seconds)) as source,
                    contextlib.closing(sqlite3.connect(temporary)) as target,
                ):
                    source.backup(target)
                    target.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.Error as error:
                raise DataFault(f"store.{meaning(error)}", path=copy, reason=str(error)) from error
        return copy


def _put_there(path: Path, place: Path) -> None:
    """Move a file to a place where there is none yet."""
    try:
        os.link(path, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if not place.exists():
            path.replace(place)


def _engine(address: URL, path: Path, busy_seconds: float) -> Engine:
    engine = create_engine(address, creator=lambda: _connect(path, busy_seconds))
    event.listen(engine, "connect", _connected)
    event.listen(engine, "checkout", _still_there)
    event.listen(engine, "begin", _begun)
    return engine


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Connect to a file that is there; none is made."""
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=busy_seconds, check_same_thread=False)


@contextlib.contextmanager
def failures(path: str | None) -> Iterator[None]:
    """Turn what the database and the disk complain about into errors people can act on."""
    try:
        yield
    except DBAPIError as error:
        message = "gone" if path is not None and not Path(path).exists() else meaning(error.orig)
        raise DataFault(f"store.{message}", path=path, reason=str(error.orig)) from error
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
