"""Alerts: communes at high risk where nothing was done for months. Never, long ago and unknown are told apart."""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from models.outreach.coverage import DAYS_A_MONTH

HIGH = 4
"""Classes of risk within the area, 1 to 5, from which a commune is at high risk: the two highest fifths."""


class State(StrEnum):
    """No activity ever logged; none for so many months; the log does not speak of the commune on the day."""

    NEVER = "never"
    QUIET = "quiet"
    UNKNOWN = "unknown"


def at_high_risk(communes: pd.DataFrame, least_class: int = HIGH) -> pd.Series:
    """Return which communes are at high risk in their area; where none is, there is nothing to be alert to.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``class`` (1-5), within the province for a province, national for the nation.
    least_class
        The lowest class that counts.

    Examples
    --------
    >>> at_high_risk(pd.DataFrame({"class": [5, 3, None]})).tolist()
    [True, False, False]
    """
    return communes["class"].astype(float).ge(least_class)


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
    """Return the communes at high risk without any activity for so many months, in the order of the first list.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``class`` (see :func:`at_high_risk`) and ``rank_first`` (the place in the list
        to visit first of the same area); others are passed through.
    activities
        The log: ``date, commune_code``, without what is made up. Activities after ``as_of`` are not looked at.
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
        The columns of ``communes`` and ``state`` (:class:`State`) ``, last_date`` (missing where none)
        ``, months_since, class_held``.

    Examples
    --------
    >>> communes = pd.DataFrame({"class": [4, 5, 4], "rank_first": [3, 1, 2]}, index=["a", "b", "c"])
    >>> log = pd.DataFrame({"date": ["2025-01-01", "2025-12-01"], "commune_code": ["a", "c"]})
    >>> found = alerts(communes, log, pd.Timestamp("2026-01-01"), 6, pd.Series(True, communes.index))
    >>> found["state"].to_dict()
    {'b': 'never', 'a': 'quiet'}
    """
    day = pd.to_datetime(activities["date"])
    last = day[day <= as_of].groupby(activities["commune_code"]).max().reindex(communes.index)
    since = (as_of - last).dt.days / DAYS_A_MONTH
    has_log = logged.reindex(communes.index).fillna(False).astype(bool)
    state = pd.Series(State.QUIET.value, communes.index).mask(last.isna(), State.NEVER.value)
    state = state.mask(~has_log, State.UNKNOWN.value)
    class_held = pd.Series(pd.NA, communes.index, dtype="boolean")
    if robust is not None:
        class_held = robust.reindex(communes.index).astype("boolean")
    listed = communes.assign(state=state, last_date=last, months_since=since, class_held=class_held)
    silent = (since >= months) | last.isna() | ~has_log
    return listed[at_high_risk(listed, least_class) & silent].sort_values("rank_first", kind="stable")
