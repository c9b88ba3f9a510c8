"""Where the activity log, imports, places, plans and checklists are kept: one SQLite file behind a narrow door.

``open_store()`` is all a page or a command needs; :mod:`dashboard.store.protocol` says what may be asked of it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dashboard.store.protocol import PLACE_KINDS, Store
from geo.base import paths
from models.planning.records import TASK_STATES, Batch, Plan, Task

if TYPE_CHECKING:
    from dashboard.store.database import SqlStore

FILE = "riskmap.db"
__all__ = ["PLACE_KINDS", "TASK_STATES", "Batch", "Plan", "Store", "Task", "open_store", "store_url"]


def store_url(url: str | None = None) -> str:
    """Return the address of the store: as given, ``RISKMAP_DATABASE_URL``, or ``riskmap.db`` in the user's folder."""
    return url or os.environ.get("RISKMAP_DATABASE_URL") or f"sqlite:///{paths.home() / FILE}"


def open_store(url: str | None = None) -> SqlStore:
    """Open the store, making it if there is none.

    Parameters
    ----------
    url
        Address in the form of SQLAlchemy, ``sqlite:///path``; see :func:`store_url`.

    Raises
    ------
    RiskmapError
        ``store.*``: locked, damaged, not a database, newer than the program, no room, no right to write.

    Examples
    --------
    >>> import tempfile
    >>> store = open_store(f"sqlite:///{tempfile.mkdtemp()}/a.db")
    >>> store.batches()
    ()
    """
    from dashboard.store.database import SqlStore

    return SqlStore(store_url(url))
