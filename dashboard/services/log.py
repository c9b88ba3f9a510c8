"""Taking what was read into the log, and what that did to coverage: the same for the page and the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import pandas as pd

from dashboard.store import Batch, Store
from geo import layers
from geo.base.errors import InputError, RiskmapError
from geo.base.periods import Statement, periods_of
from geo.intake.outreach import LogReading, duplicates
from geo.layers import indicators
from geo.units import crosswalk
from models.outreach.coverage_change import LogChange, log_change


def take(
    store: Store,
    reading: LogReading,
    *,
    kind: str = "file",
    keep_duplicates: bool = False,
    statement: Statement | None = None,
) -> Batch:
    """Take the usable rows of a reading into the log; duplicates only on request.

    What is in the log is looked at again: between reading and taking, somebody else may have imported the same file.

    Parameters
    ----------
    statement
        What somebody states of the file; without it, it covers the days of its activities.

    Raises
    ------
    InputError
        ``log.nothing_usable`` when no row is left, ``log.period_outside`` for activities outside the period stated.
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
    periods_of(rows, crosswalk.main_old_province(), statement=statement)
    return store.add_activities(rows, kind=kind, name=reading.name, digest=reading.digest, statement=statement)


def stated(
    rows: pd.DataFrame,
    first: dt.date | None = None,
    last: dt.date | None = None,
    old_provinces: Sequence[str] = (),
    today: dt.date | None = None,
) -> Statement | None:
    """Return what is stated of rows of a log, filled up with what they show; nothing where nothing is said.

    Parameters
    ----------
    rows
        The activities: ``date, commune_code``.
    first, last
        The days stated; else the first and last of the activities.
    old_provinces
        Codes of the provinces of before July 2025 that are covered; else those of the communes named.
    today
        The last day that can be covered.

    Raises
    ------
    InputError
        ``log.period_future``, ``log.period_order``, ``log.period_nowhere``.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2025-03-10"], "commune_code": ["06712"]})
    >>> stated(rows, last=dt.date(2025, 12, 31))
    Statement(first_day='2025-03-10', last_day='2025-12-31', old_provinces=('22',))
    """
    if rows.empty or (first is None and last is None and not old_provinces):
        return None
    if last is not None and last > (today or dt.date.today()):
        raise InputError("log.period_future", last=last.isoformat())
    shown = rows["commune_code"].map(crosswalk.main_old_province()).dropna()
    areas = tuple(old_provinces) or tuple(sorted(shown.unique()))
    days = rows["date"]
    start = first.isoformat() if first else str(days.min())
    return Statement(start, last.isoformat() if last else max(str(days.max()), start), areas)


def measured(change: Callable[[], Batch]) -> tuple[Batch, LogChange | None]:
    """Change the log, and say what that did to coverage; nothing if other data of the user cannot be read."""
    before = _sources()
    batch = change()
    after = _sources()
    if before is None or after is None:
        return batch, None
    return batch, log_change(before, after, layers.outreach_parameters())


def _sources() -> indicators.Sources | None:
    try:
        return indicators.load_sources()
    except RiskmapError:
        return None
