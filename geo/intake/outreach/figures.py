"""What a log adds up to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class LogFigures:
    """Rows of a log, events and people counted (missing if nobody counted), communes with any activity, days."""

    rows: int
    events: float
    people_reached: float
    communes: int
    first: str | None
    last: str | None


def add_up(log: pd.DataFrame) -> LogFigures:
    """Add a log up.

    Examples
    --------
    >>> empty = pd.DataFrame(columns=["date", "commune_code", "events", "people_reached"])
    >>> add_up(empty).rows
    0
    """
    return LogFigures(
        rows=len(log),
        events=float(log["events"].sum(min_count=1)),
        people_reached=float(log["people_reached"].sum(min_count=1)),
        communes=int(log["commune_code"].nunique()),
        first=str(log["date"].min()) if len(log) else None,
        last=str(log["date"].max()) if len(log) else None,
    )
