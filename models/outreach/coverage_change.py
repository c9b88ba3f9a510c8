"""The change of coverage by a change of the log: which communes moved, from what to what, and that no other did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.layers.indicators import Sources
from models.outreach.outlook import covered

KINDS = ("appeared", "vanished", "rose", "fell")
"""Unknown before; unknown now; more people reached; fewer."""
LEAST = 1e-9
"""Shares that differ by less are the same."""


@dataclass(frozen=True)
class LogChange:
    """What a change of the log did.

    Parameters
    ----------
    communes
        The communes whose coverage the change moved, both on the same day, as :func:`coverage_change` returns them.
    by_day
        Those that moved only because another day is looked at since: coverage fades, and logs end.
    unmoved
        How many communes did not move at all.
    day_before, day_after
        The day looked at before and after.
    illustrated_before, illustrated_after
        Whether the log in force was the demonstration log, which counts as no knowledge.
    """

    communes: pd.DataFrame
    by_day: pd.DataFrame
    unmoved: int
    day_before: pd.Timestamp
    day_after: pd.Timestamp
    illustrated_before: bool
    illustrated_after: bool


def coverage_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the communes whose coverage is not what it was; made-up coverage counts as unknown.

    Parameters
    ----------
    before, after
        As :func:`models.outreach.outlook.covered` returns them, the same communes: ``coverage`` (0-1) and
        ``coverage_quality``.

    Returns
    -------
    pandas.DataFrame
        Indexed as the others: ``before, after`` (0-1, missing where unknown) and ``kind`` (:data:`KINDS`), the
        largest movement first.

    Examples
    --------
    >>> index = ["a", "b", "c"]
    >>> was = pd.DataFrame({"coverage": [None, 0.2, 0.3], "coverage_quality": [None, "synthetic", "reported"]}, index)
    >>> now = pd.DataFrame({"coverage": [0.01, 0.2, 0.3], "coverage_quality": ["reported"] * 3}, index)
    >>> coverage_change(was, now)["kind"].to_dict()
    {'b': 'appeared', 'a': 'appeared'}
    """
    was, now = _real(before), _real(after).reindex(before.index)
    gap = now.fillna(0.0) - was.fillna(0.0)
    moved = (was.isna() != now.isna()) | (gap.abs() > LEAST)
    kind = np.select(
        [was.isna() & now.notna(), was.notna() & now.isna(), gap > 0], ["appeared", "vanished", "rose"], "fell"
    )
    table = pd.DataFrame({"before": was, "after": now, "kind": kind}, before.index)
    order = gap.abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order][moved.reindex(order)]


def log_change(before: Sources, after: Sources, parameters: pd.DataFrame) -> LogChange:
    """Return what happened to the coverage of every commune between two states of the log.

    Both states are looked at on the same day, the later of the two, so that what fades by itself is not taken for the
    work of the change; what the other day did is told apart.

    Parameters
    ----------
    before, after
        The sources before and after the change; communes and population are the same.
    parameters
        As :func:`geo.layers.outreach_parameters` returns them.
    """
    illustrated = [_illustrated(state) for state in (before, after)]
    real = [state.as_of for state, made_up in zip((before, after), illustrated, strict=True) if not made_up]
    day = max(real, default=after.as_of)
    moved = coverage_change(_on(before, parameters, day), _on(after, parameters, day))
    seen = coverage_change(_on(before, parameters, before.as_of), _on(after, parameters, after.as_of))
    by_day = seen[~seen.index.isin(moved.index)]
    unmoved = len(before.communes) - len(moved) - len(by_day)
    return LogChange(moved, by_day, unmoved, before.as_of, after.as_of, *illustrated)


def _on(sources: Sources, parameters: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    people = sources.population.reindex(sources.communes.index)
    return covered(sources.activities, parameters, people, day, sources.spans)


def _illustrated(sources: Sources) -> bool:
    log = sources.activities
    return bool(len(log) and log["quality"].eq("synthetic").all())


def _real(table: pd.DataFrame) -> pd.Series:
    return table["coverage"].astype(float).where(table["coverage_quality"].ne("synthetic"))
