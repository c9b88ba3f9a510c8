"""The plan on the map: sessions by colour, bases as squares, ways as lines from base to commune."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps.choropleth import Classes, classify
from dashboard.maps.legend import Row, Section, Symbol

COLOUR = "#22313a"
CHOSEN = "#b3261e"
WIDEST = 4.0
BASE_SIZE = 13.0


def session_classes(sessions: pd.Series, classes: int = 5) -> Classes:
    """Return classes in which the communes without a session are one of their own, the lightest.

    Examples
    --------
    >>> session_classes(pd.Series([0, 0, 1, 3])).number.tolist()
    [0, 0, 1, 2]
    """
    held = sessions.astype(float).where(sessions > 0)
    found = classify(held, "natural_breaks", classes)
    if not (sessions <= 0).any():
        return found
    number = found.number.where(found.number >= 0, -1) + 1
    return Classes(number, (0.0, 0.0, *found.edges[1:]))


def overlay(
    plan: pd.DataFrame, teams: pd.DataFrame, codes: pd.Index, text: Texts, chosen: str | None = None
) -> dict[str, Any]:
    """Return the bases and the ways.

    Parameters
    ----------
    plan
        As :func:`models.planning.calendar.schedule` returns it.
    teams
        Indexed by team: ``name, lat, lon`` (degrees), optional ``assumed``.
    codes
        The communes in the order of the geometry file.
    text
        The words.
    chosen
        A team whose ways are to stand out; those of the others are faint.
    """
    each = plan.groupby(["team", "commune_code"], as_index=False)[["sessions", "cost"]].sum()
    place = codes.get_indexer(each["commune_code"])
    most = max(float(each["sessions"].max()), 1.0) if len(each) else 1.0
    order = {team: position for position, team in enumerate(teams.index)}
    ways = [
        [
            order[row["team"]],
            int(at),
            width(row["sessions"], most),
            chosen is not None and row["team"] != chosen,
            f"{teams['name'][row['team']]} →",
            text("planner.way", sessions=int(row["sessions"]), cost=text.number(row["cost"], 1)),
        ]
        for at, row in zip(place, each.to_dict("records"), strict=True)
        if at >= 0 and row["team"] in order
    ]
    held = each.groupby("team")["sessions"].sum().reindex(teams.index).fillna(0)
    visited = each.groupby("team")["commune_code"].nunique().reindex(teams.index).fillna(0)
    assumed = teams["assumed"] if "assumed" in teams else pd.Series(False, teams.index)
    bases = [
        {
            "at": [round(float(row["lat"]), 5), round(float(row["lon"]), 5)],
            "symbol": vars(base_symbol(bool(assumed[team]), team == chosen)),
            "lines": [
                str(row["name"]),
                text("planner.base_told", sessions=int(held[team]), communes=int(visited[team])),
                *([text("planner.base_assumed")] if assumed[team] else []),
            ],
        }
        for team, row in teams.iterrows()
    ]
    return {"colour": COLOUR, "chosen": CHOSEN if chosen is not None else COLOUR, "ways": ways, "bases": bases}


def width(sessions: float, most: float) -> float:
    """Return the width of a way in pixels.

    Examples
    --------
    >>> width(10, 10), width(1, 10)
    (4.0, 1.3)
    """
    return round(1.0 + (WIDEST - 1.0) * float(sessions) / most, 1)


def base_symbol(assumed: bool, chosen: bool = False) -> Symbol:
    """Return how a base looks: full where it is known, hollow and dashed where it is made up."""
    colour = CHOSEN if chosen else COLOUR
    if assumed:
        return Symbol("square", "#ffffff", colour, BASE_SIZE, 2.0, dashed=True)
    return Symbol("square", colour, "#ffffff", BASE_SIZE, 1.4)


def legend(teams: pd.DataFrame, text: Texts) -> Section:
    """Return the legend: bases known and assumed, a way."""
    assumed = teams["assumed"] if "assumed" in teams else pd.Series(False, teams.index)
    rows = [
        Row(base_symbol(flag), text("planner.base_assumed" if flag else "planner.base"), text.number(int(count)))
        for flag, count in ((False, (~assumed).sum()), (True, assumed.sum()))
        if count
    ]
    rows.append(Row(Symbol("arrow", "none", COLOUR, 11, 2.5), text("planner.way_legend")))
    return Section("plan", text("planner.legend"), tuple(rows))
