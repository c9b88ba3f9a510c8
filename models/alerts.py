"""Communes at high risk where nothing has been done for months; never, long ago and unknown are told apart."""

from __future__ import annotations

import pandas as pd

from models.coverage import DAYS_A_MONTH

STATES = ("never", "quiet", "unknown")
"""No activity ever logged; none for so many months; the log does not speak of the commune on the day."""
HIGH = 4
"""Classes of risk, 1 to 5, from which a commune is at high risk."""


def alerts(
    communes: pd.DataFrame,
    activities: pd.DataFrame,
    as_of: pd.Timestamp,
    months: float,
    logged: pd.Series,
    *,
    least_class: int = HIGH,
    robust: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the communes at high risk without any activity for so many months, the highest risk first.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``score`` (0-100) and ``class`` (1-5); others are passed through.
    activities
        The log: ``date, commune_code``. Activities after ``as_of`` are not looked at.
    as_of
        The day looked at.
    months
        So long nothing may be logged before a commune is listed, months.
    logged
        Whether the log speaks of each commune on the day: elsewhere, also after its end, nobody knows what was held.
    least_class
        The lowest class listed.
    robust
        Whether the class of each commune held in most uncertainty draws; without it the column is missing.

    Returns
    -------
    pandas.DataFrame
        The columns of ``communes`` and ``state`` (:data:`STATES`) ``, last_date`` (missing where none)
        ``, months_since, class_held``.

    Examples
    --------
    >>> communes = pd.DataFrame({"score": [50.0, 70.0, 60.0], "class": [4, 5, 4]}, index=["a", "b", "c"])
    >>> log = pd.DataFrame({"date": ["2025-01-01", "2025-12-01"], "commune_code": ["a", "c"]})
    >>> found = alerts(communes, log, pd.Timestamp("2026-01-01"), 6, pd.Series(True, communes.index))
    >>> found["state"].to_dict()
    {'b': 'never', 'a': 'quiet'}
    """
    day = pd.to_datetime(activities["date"])
    last = day[day <= as_of].groupby(activities["commune_code"]).max().reindex(communes.index)
    since = (as_of - last).dt.days / DAYS_A_MONTH
    known = logged.reindex(communes.index).fillna(False).astype(bool)
    state = pd.Series("quiet", communes.index).mask(last.isna(), "never").mask(~known, "unknown")
    held = pd.Series(pd.NA, communes.index, dtype="boolean")
    if robust is not None:
        held = robust.reindex(communes.index).astype("boolean")
    listed = communes.assign(state=state, last_date=last, months_since=since, class_held=held)
    high = listed["class"].astype(float).ge(least_class)
    return listed[high & ((since >= months) | last.isna() | ~known)].sort_values(
        "score", ascending=False, kind="stable"
    )
