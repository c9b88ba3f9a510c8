"""Drift of coverage from what a plan promised: at its start, as expected by now, as it is now."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from geo.base.periods import known_on
from models.outreach.coverage import commune_coverage

DAYS_A_WEEK = 7
COLUMNS = ("coverage_start", "coverage_expected", "coverage_actual")


def coverage_drift(
    items: pd.DataFrame,
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.Series,
    first_day: dt.date,
    until: dt.date,
    logged: pd.Series | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the coverage of every commune when the plan began, as the plan had it by now, and as it is now.

    Expected is what the log held when the plan began, with every session of a week that is over held as planned; both
    fade with time alike. Where the log does not speak of the day the plan began, nothing can be expected.

    Parameters
    ----------
    items
        The plan: ``commune_code, week, type, sessions, people_expected``.
    activities, parameters, population, logged
        See :func:`models.outreach.coverage.commune_coverage`.
    first_day
        The Monday of the first week; what was held before it is the start.
    until
        The day looked at.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``population``: ``coverage_start, coverage_expected, coverage_actual`` (0-1) and ``drift``
        (actual - expected); missing where the log does not speak of the day or no people are known.
    """
    start, now = pd.Timestamp(first_day), pd.Timestamp(until)
    before = activities[pd.to_datetime(activities["date"]) < start]
    promised = _with_plan(before, items, start)
    then = _on(logged, start, population.index)
    frames = (
        (before, min(start, now), then),
        (promised, now, then),
        (activities, now, logged),
    )
    coverages = [
        commune_coverage(log, parameters, population, day, has_log)["coverage"] for log, day, has_log in frames
    ]
    table = pd.DataFrame(dict(zip(COLUMNS, coverages, strict=True)), index=population.index)
    return table.assign(drift=table["coverage_actual"] - table["coverage_expected"])


def weighted(drift: pd.DataFrame, population: pd.Series) -> pd.Series:
    """Return the columns of a table of coverages for all people whose coverage is known, weighted by population.

    Examples
    --------
    >>> table = pd.DataFrame({"coverage_actual": [0.5, 0.1, None]}, index=["a", "b", "c"])
    >>> weighted(table, pd.Series({"a": 1000, "b": 3000, "c": 9000}))["coverage_actual"].item()
    0.2
    """
    people = population.reindex(drift.index).astype(float)
    counted = drift.notna().all(axis=1) & (people > 0)
    if not counted.any():
        return pd.Series(np.nan, drift.columns)
    return drift[counted].mul(people[counted], axis=0).sum() / people[counted].sum()


def weekly_drift(
    items: pd.DataFrame,
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.Series,
    first_day: dt.date,
    weeks: int,
    until: dt.date,
    logged: pd.Series | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return coverage over the weeks of a plan, weighted by population: as planned, and as it was.

    Returns
    -------
    pandas.DataFrame
        Indexed by week, 0 is the day the plan begins, then the end of every week: ``day, expected, actual`` (0-1);
        ``actual`` is missing after ``until``.
    """
    start, now = pd.Timestamp(first_day), pd.Timestamp(until)
    promised = _with_plan(activities[pd.to_datetime(activities["date"]) < start], items, start)
    then = _on(logged, start, population.index)
    days = [start, *(start + pd.Timedelta(days=DAYS_A_WEEK * week - 1) for week in range(1, weeks + 1))]
    rows = []
    for day in days:
        log = activities[pd.to_datetime(activities["date"]) < start] if day == start else activities
        expected = commune_coverage(promised, parameters, population, day, then)[["coverage"]]
        actual = commune_coverage(log, parameters, population, day, logged)[["coverage"]]
        rows.append(
            {
                "day": day,
                "expected": weighted(expected, population)["coverage"],
                "actual": weighted(actual, population)["coverage"] if day <= now else np.nan,
            }
        )
    return pd.DataFrame(rows).rename_axis("week")


def _on(logged: pd.Series | pd.DataFrame | None, day: pd.Timestamp, communes: pd.Index) -> pd.Series | None:
    """Return whether the log speaks of each commune on a day."""
    return known_on(logged, day, communes) if isinstance(logged, pd.DataFrame) else logged


def _with_plan(before: pd.DataFrame, items: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Return a log as if every session of the plan were held by the last day of its week."""
    day = start + pd.to_timedelta(items["week"].astype(int) * DAYS_A_WEEK - 1, unit="D")
    columns = ["date", "commune_code", "type", "events", "items", "people_reached"]
    planned = pd.DataFrame(
        {
            "date": day.dt.strftime("%Y-%m-%d"),
            "commune_code": items["commune_code"],
            "type": items["type"],
            "events": items["sessions"].astype(float),
            "items": items["sessions"].astype(float),
            "people_reached": items["people_expected"].astype(float),
        }
    )
    logged = before[columns].astype({"events": float, "items": float, "people_reached": float})
    return pd.concat([part for part in (logged, planned) if len(part)] or [logged], ignore_index=True)
