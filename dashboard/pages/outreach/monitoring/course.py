"""How the plan went, week by week: sessions, and coverage as planned and as it is."""

from __future__ import annotations

import pandas as pd

from dashboard.pages.outreach import charts
from dashboard.pages.outreach.desk import Desk
from dashboard.services.follow import Followed
from dashboard.ui import charts as figures
from geo import units

SHOWN = 10
SMALLEST = 0.0005
"""A drift below this share is not drawn."""


def weeks(found: Followed, desk: Desk) -> None:
    """Draw the sessions planned and held up to every week."""
    text, table = desk.text, found.actual.weekly()
    order = [text("monitoring.planned"), text("monitoring.held")]
    frame = _long(table.reset_index(), "week", {order[0]: "planned_sum", order[1]: "held_sum"})
    known = table.dropna(subset=["held_sum"])
    told = text("monitoring.weeks_none")
    if len(known):
        last = known.iloc[-1]
        told = text(
            "monitoring.weeks_told",
            week=int(known.index[-1]),
            held=text.number(last["held_sum"]),
            planned=text.number(last["planned_sum"]),
        )
    words = {"x": text("monitoring.axis_week"), "y": text("monitoring.axis_sum")}
    chart = charts.lines(frame, words, order, digits=",.0f", when="week")
    figures.figure(text("monitoring.weeks"), told, chart, text, "field.monitoring.weeks")


def coverage(found: Followed, desk: Desk) -> None:
    """Draw the coverage of all people, as planned and as it was."""
    text, table = desk.text, found.weeks
    title = text("monitoring.coverage")
    if table["expected"].isna().all():
        figures.figure(title, text("monitoring.coverage_unknown"), None, text, "field.monitoring.coverage")
        return
    order = [text("monitoring.expected"), text("monitoring.actual")]
    percent = table.assign(expected=100 * table["expected"], actual=100 * table["actual"]).reset_index()
    frame = _long(percent, "week", {order[0]: "expected", order[1]: "actual"})
    known = percent.dropna(subset=["actual"]).iloc[-1]
    told = text(
        "monitoring.coverage_told",
        start=text.number(percent["expected"].iloc[0], 1),
        expected=text.number(known["expected"], 1),
        actual=text.number(known["actual"], 1),
        week=int(known["week"]),
    )
    words = {"x": text("monitoring.axis_week"), "y": text("coverage.axis_coverage")}
    chart = charts.lines(frame, words, order, digits=",.1f", when="week")
    figures.figure(title, told, chart, text, "field.monitoring.coverage")


def drifted(found: Followed, desk: Desk) -> None:
    """Draw the communes whose coverage is furthest from what the plan promised by now."""
    text = desk.text
    drift = found.drift["drift"].dropna()
    far = drift[drift.abs() >= SMALLEST]
    title = text("monitoring.drift")
    if far.empty:
        told = text("monitoring.drift_unknown" if drift.empty else "monitoring.drift_none")
        figures.figure(title, told, None, text, "field.monitoring.drift")
        return
    codes = far.abs().sort_values(ascending=False, kind="stable").head(SHOWN).index
    rows = 100 * found.drift.loc[codes]
    rows = rows.sort_values("drift")
    frame = pd.DataFrame(
        {
            "name": units.communes()["name"].reindex(rows.index).to_numpy(),
            "value": rows["drift"].to_numpy(),
            "expected": rows["coverage_expected"].to_numpy(),
            "actual": rows["coverage_actual"].to_numpy(),
        }
    )
    words = {
        "x": text("monitoring.axis_drift"),
        "name": text("table.commune"),
        "value": text("monitoring.column_drift"),
        "expected": text("monitoring.expected"),
        "actual": text("monitoring.actual"),
    }
    behind, ahead = int((far < 0).sum()), int((far > 0).sum())
    told = text("monitoring.drift_told", behind=behind, ahead=ahead, shown=len(frame))
    figures.figure(title, told, charts.drifts(frame, words), text, "field.monitoring.drift")


def _long(table: pd.DataFrame, by: str, columns: dict[str, str]) -> pd.DataFrame:
    parts = [pd.DataFrame({by: table[by], "kind": kind, "value": table[name]}) for kind, name in columns.items()]
    return pd.concat(parts, ignore_index=True).dropna(subset=["value"])
