"""Taking what was read into the log: the same for the page and the command line."""

from __future__ import annotations

from dashboard.store import Batch, Store
from geo.errors import InputError
from geo.outreach import LogReading, duplicates


def take(store: Store, reading: LogReading, *, kind: str = "file", keep_duplicates: bool = False) -> Batch:
    """Take the usable rows of a reading into the log; duplicates only on request.

    What is in the log is looked at again: between reading and taking, somebody else may have imported the same file.

    Raises
    ------
    InputError
        ``log.nothing_usable`` when no row is left.
    """
    rows = reading.to_keep(keep_duplicates=keep_duplicates)
    again = 0
    if not keep_duplicates and len(rows):
        here = duplicates(rows, store.activities())
        again = len(here)
        rows = rows.drop(index=here.index)
    if rows.empty:
        found = len(reading.duplicates) + again
        raise InputError("log.nothing_usable", path=reading.name, faulty=len(reading.faulty_rows), duplicates=found)
    return store.add_activities(rows, kind=kind, name=reading.name, digest=reading.digest)
