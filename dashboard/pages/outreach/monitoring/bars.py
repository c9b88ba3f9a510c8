"""Plan against actual in a sentence, in figures, by team and by commune."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.maps.escape import Safe, tag
from dashboard.pages.outreach import charts
from dashboard.pages.outreach.desk import Desk
from dashboard.services.follow import Followed, team_names
from dashboard.ui import charts as figures
from geo import units
from models.outreach.drift import weighted

SHOWN = 12
SMALL = 0.05
"""Percentage points of drift that nobody need act on."""


def conclusion(found: Followed, desk: Desk) -> str:
    """Return what to conclude: how much of what is due was held, what came on top, where coverage stands."""
    text, total = desk.text, found.actual.by().loc["all"]
    day = text.day(found.actual.until.date())
    if not total["due"]:
        told = text("monitoring.told_early", day=day)
    elif total["held"] != total["held"]:
        told = text("monitoring.told_unknown", day=day, due=text.number(total["due"]))
    else:
        due = found.actual.lines[found.actual.lines["due"]]
        told = text(
            "monitoring.told",
            day=day,
            held=text.number(float(due["held"].sum())),
            due=text.number(total["due"]),
            share=text.number(100 * total["share_due"]),
        )
    if total["activities_unplanned"]:
        told = f"{told} {text('monitoring.told_unplanned', number=text.number(total['activities_unplanned']))}"
    others = found.actual.by_other_teams
    if others:
        told = f"{told} {text('monitoring.told_other_team', number=text.number(others))}"
    drift = 100 * weighted(found.drift, desk.people())["drift"]
    if drift == drift and total["due"]:
        side = "ahead" if drift > SMALL else "behind" if drift < -SMALL else "even"
        told = f"{told} {text(f'monitoring.told_{side}', points=text.number(abs(drift), 1))}"
    return told


def tiles(found: Followed, desk: Desk) -> Safe:
    """Return the figures of the whole plan."""
    text, total = desk.text, found.actual.by().loc["all"]
    million = text("monitoring.million")
    shown = [
        ("sessions", _of(total["held"], total["planned"], desk), text("monitoring.note_sessions")),
        ("due", _of(_due_held(found), total["due"], desk), text("monitoring.note_due")),
        ("people", _of(total["people_reached"], total["people_expected"], desk), text("monitoring.note_people")),
        ("cost", _of(total["cost_held"], total["cost_planned"], desk, 1), million),
        ("unplanned", text.number(total["activities_unplanned"]), text("monitoring.note_unplanned")),
    ]
    if total["cost_actual"] == total["cost_actual"]:
        shown.insert(4, ("cost_actual", text.number(total["cost_actual"], 1), million))
    made = (
        tag("div", tag("span", text(f"monitoring.tile_{key}")), tag("b", value), tag("small", note), class_="rk-tile")
        for key, value, note in shown
    )
    return tag("div", *made, class_="rk-tiles")


def teams(found: Followed, desk: Desk) -> None:
    """Draw planned and held by team."""
    text, table = desk.text, found.actual.by("team")
    table = table[table["planned"] > 0]
    names = team_names(found.plan)
    shown = table.sort_values(["planned"], ascending=False, kind="stable").head(SHOWN)
    worst = table[table["due"] > 0]["share_due"].dropna()
    told = text("monitoring.teams_none")
    if len(worst):
        told = text(
            "monitoring.teams_told",
            name=names.get(str(worst.idxmin()), str(worst.idxmin())),
            share=text.number(100 * worst.min()),
        )
        if worst.min() >= 1:
            told = text("monitoring.teams_all")
    frame = _frame(shown, [names.get(str(team), str(team)) for team in shown.index], desk)
    _figure(frame, text("monitoring.teams"), told, desk, "field.monitoring.teams")


def communes(found: Followed, desk: Desk) -> None:
    """Draw planned and held by commune, those most behind first."""
    text, table = desk.text, found.actual.by("commune_code")
    table = table[table["planned"] > 0]
    missing = (table["planned"] - table["held"].fillna(0.0)).rename("missing")
    order = missing.sort_values(ascending=False, kind="stable").head(SHOWN).index
    shown = table.loc[order]
    untouched = int((table["held"].fillna(0.0) == 0).sum())
    kind = "told" if table["held"].notna().any() else "unknown"
    told = text(f"monitoring.communes_{kind}", untouched=untouched, total=len(table), shown=len(shown))
    names = units.communes()["name"].reindex(shown.index)
    _figure(_frame(shown, names.tolist(), desk), text("monitoring.communes"), told, desk, "field.monitoring.communes")


def _frame(table: pd.DataFrame, names: list[str], desk: Desk) -> pd.DataFrame:
    held = table["held"].astype(float)
    labels = [
        _of(one, float(planned), desk) for one, planned in zip(held, table["planned"].astype(float), strict=True)
    ]
    return pd.DataFrame(
        {"name": names, "planned": table["planned"].to_numpy(float), "held": held.to_numpy(), "label": labels}
    )


def _figure(frame: pd.DataFrame, title: str, told: str, desk: Desk, key: str) -> None:
    text = desk.text
    words = {
        "x": text("monitoring.axis_sessions"),
        "name": text("monitoring.name"),
        "planned": text("monitoring.planned"),
        "held": text("monitoring.held"),
    }
    figures.figure(title, told, charts.beside(frame, words) if len(frame) else None, text, key)
    if len(frame):
        st.caption(text("monitoring.bars_key"))


def _due_held(found: Followed) -> float:
    due = found.actual.lines[found.actual.lines["due"]]
    return float(due["held"].sum(min_count=1))


def _of(value: float, whole: float, desk: Desk, digits: int = 0) -> str:
    text = desk.text
    return text("monitoring.of", value=text.number(value, digits), whole=text.number(whole, digits))
