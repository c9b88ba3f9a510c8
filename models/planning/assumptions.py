"""Assumptions a plan starts with until somebody says better: its quarter, teams, money and floors."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from geo.base.distance import nearest
from geo.base.errors import InputError
from geo.layers.groups import commune_groups
from models.planning.plan import chosen_types
from models.planning.settings import SOURCES, Crew, FloorWish, PlanSettings, crews_of, kinds_of

APART_KM = 60.0
"""Assumed teams begin so far from each other; the distance is halved until all have a place."""
COMMUNES_A_TEAM = 8
DAYS_A_WEEK = 1.0
MONEY_A_TEAM = 30.0
"""Million VND a quarter; with its neighbours what a plan starts from before anything is known, grade D."""
WEEKS_A_SESSION = 4
"""A commune gets at most one session in so many weeks."""
REMOTE_SHARE = 0.2


def monday(text: str, today: dt.date | None = None) -> dt.date:
    """Return the Monday of the week of a day; next week's without one.

    Examples
    --------
    >>> monday("2026-10-07").isoformat(), monday("", dt.date(2026, 10, 7)).isoformat()
    ('2026-10-05', '2026-10-12')
    """
    try:
        day = dt.date.fromisoformat(text) if text else (today or dt.date.today()) + dt.timedelta(days=7)
    except ValueError as error:
        raise InputError("allocate.day", given=text) from error
    return day - dt.timedelta(days=day.weekday())


def next_quarter(today: dt.date) -> tuple[dt.date, int]:
    """Return the first Monday of the next quarter, and how many Mondays the quarter has.

    Examples
    --------
    >>> next_quarter(dt.date(2026, 11, 22))
    (datetime.date(2027, 1, 4), 13)
    """
    month = 3 * ((today.month - 1) // 3) + 4
    first = dt.date(today.year + (month > 12), (month - 1) % 12 + 1, 1)
    month += 3
    end = dt.date(today.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    start = first + dt.timedelta(days=-first.weekday() % 7)
    return start, -(-(end - start).days // 7)


def assumed_teams(communes: pd.DataFrame, count: int, days: float, name: str = "{number}. {commune}") -> pd.DataFrame:
    """Return made-up teams in the largest communes that lie apart, to begin with until the real ones are known.

    The first are far from each other, so that no part of the province is out of reach, the next nearer.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``name, population`` (persons) ``, lat, lon`` (degrees) ``, province_code``.
    count
        How many teams, at most one in each commune.
    days
        Days a week each of them has.
    name
        What teams are called; ``{number}`` and ``{commune}`` stand for themselves.

    Returns
    -------
    pandas.DataFrame
        As :func:`geo.intake.teams.read_teams` returns it.
    """
    order = communes.sort_values(["population", "name"], ascending=[False, True]).dropna(subset=["lat", "lon"])
    chosen: list[str] = []
    apart = APART_KM
    while len(chosen) < min(count, len(order)):
        for code, place in order.iterrows():
            if len(chosen) == count:
                break
            if code in chosen:
                continue
            others = order.loc[chosen, ["lon", "lat"]].to_numpy(float)
            distance = nearest(place[["lon", "lat"]].to_numpy(float)[None], others)[0][0] if chosen else apart
            if distance >= apart:
                chosen.append(str(code))
        apart = apart / 2 if apart > 1 else 0.0
    bases = order.loc[chosen]
    labels = [name.format(number=place + 1, commune=commune) for place, commune in enumerate(bases["name"])]
    return pd.DataFrame(
        {
            "name": labels,
            "lat": bases["lat"].to_numpy(float),
            "lon": bases["lon"].to_numpy(float),
            "province_code": bases["province_code"].to_numpy(object),
            "days_per_week": float(days),
            "sessions_per_week": float("nan"),
        },
        index=pd.Index([f"D{place + 1:02}" for place in range(len(bases))], name="team"),
    )


def usual_count(communes: pd.DataFrame) -> int:
    """Return how many teams a province of so many communes is assumed to have."""
    return max(round(len(communes) / COMMUNES_A_TEAM), 3)


def usual_floors(communes: pd.DataFrame) -> tuple[FloorWish, ...]:
    """Return the floor a plan starts with: a fifth of the sessions in remote communes, where a fifth is remote."""
    remote = commune_groups("remote", communes).get("remote", ())
    enough = len(remote) >= REMOTE_SHARE * len(communes)
    return (FloorWish("remote", "", "share", REMOTE_SHARE),) if enough else ()


def usual_settings(communes: pd.DataFrame, types: pd.DataFrame, name: str, today: dt.date) -> PlanSettings:
    """Return the settings with which a plan needs no input; teams, money and figures are assumptions.

    Parameters
    ----------
    communes
        As :func:`models.planning.plan.placed` returns them, of one province.
    types
        As ``outreach_parameters`` has them.
    name
        What assumed teams are called, see :func:`assumed_teams`.
    today
        The plan is for the quarter after this day.
    """
    start, weeks = next_quarter(today)
    count = usual_count(communes)
    teams = assumed_teams(communes, count, DAYS_A_WEEK, name)
    return PlanSettings(
        province=str(communes["province_code"].iloc[0]),
        start=start, weeks=weeks, money=MONEY_A_TEAM * len(teams),
        crews=crews_of(teams, assumed=True), kinds=kinds_of(chosen_types(types)), source=SOURCES[0],
        most_per_commune=max(round(weeks / WEEKS_A_SESSION), 1), floors=usual_floors(communes),
    )  # fmt: skip


def stored_teams(places: pd.DataFrame, communes: pd.DataFrame, days: float, name: str) -> tuple[Crew, ...]:
    """Return the teams of the store that work in a province.

    Parameters
    ----------
    places
        Teams with the columns of ``outreach_places``; a row may stand for several teams.
    communes
        As :func:`models.planning.plan.placed` returns them, of one province.
    days
        Days a week where the row does not say.
    name
        What teams without a base are called; they are put where :func:`assumed_teams`
        puts them; where they are more than the communes, several share a base.
    """
    province = communes["province_code"].iloc[0]
    mine = places[places["province_code"].eq(province) | places["commune_code"].isin(communes.index)]
    rows: list[dict[str, Any]] = []
    nowhere: list[dict[str, Any]] = []
    for place_id, row in mine.iterrows():
        centre = communes.loc[row["commune_code"]] if row["commune_code"] in communes.index else None
        count = int(row["count"]) if pd.notna(row["count"]) else 1
        for part in range(count):
            one = {
                "team": f"{place_id}" if count == 1 else f"{place_id}-{part + 1}",
                "name": str(row["name"]) if count == 1 else f"{row['name']} {part + 1}",
                "lat": row["lat"] if pd.notna(row["lat"]) or centre is None else centre["lat"],
                "lon": row["lon"] if pd.notna(row["lon"]) or centre is None else centre["lon"],
                "days_per_week": row["days_per_week"] if pd.notna(row["days_per_week"]) else days,
                "sessions_per_week": row["sessions_per_week"],
                "assumed": False,
            }
            (nowhere if pd.isna(one["lat"]) else rows).append(one)
    bases = assumed_teams(communes, len(nowhere), days, name)
    shared = bases.iloc[np.arange(len(nowhere)) % max(len(bases), 1)]
    for one, (_, base) in zip(nowhere, shared.iterrows(), strict=True):
        rows.append({**one, "lat": base["lat"], "lon": base["lon"], "assumed": True})
    if not rows:
        return ()
    return crews_of(pd.DataFrame(rows).set_index("team"))
