"""Reported against logged: what a province reported beside what log and register hold, and why the two differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

TOLERANCE_DAYS = 45
"""A log that begins so much after the first day of a period, or ends so much before the last, holds only a part."""
ROLES = ("activity", "capacity", "outcome", "plan", "context")
REASONS = (
    "same", "less", "more", "partial_period", "outside_period", "no_log", "not_counted", "no_places", "not_logged",
    "not_reported",
)  # fmt: skip
"""Equal; less or more than reported; the log holds a part of the period, or nothing of it; no log of this province;
the log names such activities and nobody counted; no places are registered; a figure that no log holds; the report
names the work and gives no figure."""
CAPACITIES = {
    "teams": ("team", "count"),
    "volunteers": ("team", "people"),
    "clubs": ("club", "count"),
    "rooms": ("shelter", "capacity"),
    "free telephone lines": ("hotline", "count"),
}
"""What the register of places says of a reported capacity: the kind of place, and the column to sum."""


def reported_beside_logged(
    reported: pd.DataFrame,
    activities: pd.DataFrame,
    places: pd.DataFrame | None = None,
    periods: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every reported figure with what the log (activities) or the register of places (capacity) holds.

    An activity counts if it is of the same type, in the same province of before July 2025 and inside the period.

    Parameters
    ----------
    reported
        As :func:`geo.layers.outreach_reported` returns it, any rows.
    activities
        The log: ``date, type, old_province_code, events, people_reached, items, quality``.
    places
        The register: ``kind, province_code, count, people, capacity``; none by default.
    periods
        What the log covers, as :func:`geo.layers.outreach_periods` returns it; the days of its activities by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``report_id``: ``value`` (missing where it must not be shown) ``, logged, rows`` (of the log or the
        register) ``, difference`` (logged - value) ``, share`` (logged / value) ``, reason`` (:data:`REASONS`)
        ``, partial`` (whether the log holds only a part of the period) ``, quality`` (the worst of what was counted;
        "" if nothing).

    Examples
    --------
    >>> columns = ["report_id", "old_province_code", "province_code", "period_start", "period_end", "type", "measure",
    ...            "reported_measure", "value", "role"]
    >>> row = ["RO1", "80", "80", "2024-01-01", "2024-12-31", "talk", "events", "events", 10.0, "activity"]
    >>> log = pd.DataFrame({"date": ["2024-01-05", "2024-12-20", "2025-01-01"], "type": "talk",
    ...                     "old_province_code": "80", "events": 4.0, "quality": "reported"})
    >>> found = reported_beside_logged(pd.DataFrame([row], columns=columns), log)
    >>> found[["logged", "difference", "reason"]].values.tolist()
    [[8.0, -2.0, 'less']]
    """
    day = pd.to_datetime(activities["date"])
    covered = periods if periods is not None else pd.DataFrame(columns=["old_province_code", "first_day", "last_day"])
    rows = []
    for row in reported.to_dict("records"):
        if row["role"] == "activity" and isinstance(row["measure"], str) and row["measure"]:
            here = activities["old_province_code"] == row["old_province_code"]
            spans = covered[covered["old_province_code"] == row["old_province_code"]]
            comparison = _activity(row, activities[here], day[here], spans)
        elif row["reported_measure"] in CAPACITIES and row["role"] == "capacity":
            comparison = _capacity(row, places)
        else:
            comparison = {"logged": np.nan, "rows": 0, "reason": "not_logged", "partial": False, "quality": ""}
        rows.append({"report_id": row["report_id"], "value": row["value"], **comparison})
    columns = ["report_id", "value", "logged", "rows", "reason", "partial", "quality"]
    table = pd.DataFrame(rows, columns=columns).set_index("report_id")
    value = table["value"].astype(float)
    table.insert(3, "difference", table["logged"] - value)
    table.insert(4, "share", table["logged"] / value.where(value > 0))
    return table


def _activity(row: dict, log: pd.DataFrame, day: pd.Series, spans: pd.DataFrame) -> dict:
    start, end = pd.Timestamp(row["period_start"]), pd.Timestamp(row["period_end"])
    empty = {"logged": np.nan, "rows": 0, "partial": False, "quality": ""}
    if log.empty and spans.empty:
        return {**empty, "reason": "no_log"}
    slack = min(pd.Timedelta(days=TOLERANCE_DAYS), (end - start) / 4)
    first, last = (pd.to_datetime(pd.concat([day, spans[name]])) for name in ("first_day", "last_day"))
    partial = bool(first.min() > start + slack or last.max() < end - slack)
    inside = log[day.between(start, end)]
    if inside.empty and partial:
        return {**empty, "reason": "outside_period", "partial": True}
    same = inside[inside["type"] == row["type"]]
    logged = float(same[row["measure"]].sum(min_count=1)) if len(same) else 0.0
    comparison = {"logged": logged, "rows": len(same), "partial": partial, "quality": _worst(same["quality"])}
    return {**comparison, "reason": _reason(logged, row["value"], partial)}


def _capacity(row: dict, places: pd.DataFrame | None) -> dict:
    kind, column = CAPACITIES[row["reported_measure"]]
    empty = {"logged": np.nan, "rows": 0, "partial": False, "quality": ""}
    if places is None or not len(places):
        return {**empty, "reason": "no_places"}
    same = places[(places["kind"] == kind) & (places["province_code"] == row["province_code"])]
    if same.empty:
        return {**empty, "reason": "no_places"}
    registered = float(same[column].sum(min_count=1))
    comparison = {"logged": registered, "rows": len(same), "partial": False, "quality": _worst(same["quality"])}
    return {**comparison, "reason": _reason(registered, row["value"], False)}


def _reason(logged: float, value: float, partial: bool) -> str:
    if np.isnan(value):
        return "not_reported"
    if np.isnan(logged):
        return "not_counted"
    if logged == value:
        return "same"
    if partial and logged < value:
        return "partial_period"
    return "less" if logged < value else "more"


def _worst(quality: pd.Series) -> str:
    order = ("synthetic", "modelled", "reported", "observed")
    present = set(quality.dropna())
    return next((grade for grade in order if grade in present), "")
