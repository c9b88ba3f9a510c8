"""The settings of a plan: one frozen value that says everything a plan is made from, and survives being stored."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from models.outreach.priority import Assumptions
from models.planning.problem import Measure

FIGURES = ("reach_per_event", "strength", "unit_cost", "team_days", "volunteer_days")
"""What a planner may set for an activity type."""
SOURCES = ("assumed", "stored", "file")
"""Where the teams come from."""


@dataclass(frozen=True)
class Crew:
    """A team.

    Parameters
    ----------
    team, name
        Its key and what it is called.
    lat, lon
        Where it is based, degrees.
    days_per_week
        Days a week.
    sessions_per_week
        Sessions a week at most, none without a limit.
    assumed
        Whether its base is made up.
    """

    team: str
    name: str
    lat: float
    lon: float
    days_per_week: float
    sessions_per_week: float | None = None
    assumed: bool = False


@dataclass(frozen=True)
class Kind:
    """An activity type with the figures the plan uses; see :data:`FIGURES`."""

    type: str
    reach_per_event: float
    strength: float
    unit_cost: float
    team_days: float
    volunteer_days: float


@dataclass(frozen=True)
class FloorWish:
    """What a part of the area must get at least.

    Parameters
    ----------
    group
        A group of :mod:`geo.layers.groups`, or ``own`` for a list of one's own.
    part
        One of its parts; empty for each of them.
    measure, least
        See :class:`models.planning.problem.Floor`; a share is 0-1.
    communes
        The communes of a list of one's own.
    """

    group: str
    part: str
    measure: Measure
    least: float
    communes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanSettings:
    """Everything a plan is made from, besides the data.

    Parameters
    ----------
    province
        Code of the province.
    start
        Monday of the first week.
    weeks
        Length of the period.
    money
        Million VND.
    crews, kinds, floors
        Teams, activity types and floors.
    source
        One of :data:`SOURCES`.
    volunteer_days
        Days of volunteers in all; none without a limit.
    most_per_commune, most_hours, travel_cost, include, exclude
        See :class:`models.planning.problem.Limits`.
    measured
        Hours somebody measured: team, commune, hours.
    robust
        Share of the draws in which risk must hold; none to take risk as it is.
    gap, seconds
        The wanted proof and the time limit of the solver.
    ratio
        What relative risk rests on, see :class:`models.outreach.priority.Assumptions`.
    """

    province: str
    start: dt.date
    weeks: int
    money: float
    crews: tuple[Crew, ...]
    kinds: tuple[Kind, ...]
    source: str = SOURCES[0]
    volunteer_days: float | None = None
    most_per_commune: int | None = None
    most_hours: float = 2.5
    travel_cost: float = 0.15
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    floors: tuple[FloorWish, ...] = ()
    measured: tuple[tuple[str, str, float], ...] = ()
    robust: float | None = None
    gap: float = 0.01
    seconds: float = 20.0
    ratio: float = Assumptions.ratio

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name these settings."""
        return hashlib.sha256(json.dumps(to_json(self), sort_keys=True).encode()).hexdigest()[:12]

    def teams(self) -> pd.DataFrame:
        """Return the teams as :func:`geo.intake.teams.read_teams` does; they may work anywhere in the province."""
        frame = pd.DataFrame([asdict(crew) for crew in self.crews], columns=[one.name for one in fields(Crew)])
        frame = frame.set_index("team").assign(province_code=self.province)
        return frame.assign(sessions_per_week=frame["sessions_per_week"].astype(float))

    def types(self) -> pd.DataFrame:
        """Return the activity types with their figures, indexed by ``type``."""
        return pd.DataFrame([asdict(kind) for kind in self.kinds], columns=["type", *FIGURES]).set_index("type")

    def hours(self) -> pd.DataFrame | None:
        """Return the measured hours, teams x communes, if there are any."""
        if not self.measured:
            return None
        frame = pd.DataFrame(self.measured, columns=["team", "commune", "hours"])
        return frame.pivot_table(index="team", columns="commune", values="hours")


def crews_of(teams: pd.DataFrame, *, assumed: bool = False) -> tuple[Crew, ...]:
    """Return teams as :func:`geo.intake.teams.read_teams` returns them, as values; a column ``assumed`` marks some.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["A"], "lat": [21.0], "lon": [107.0], "days_per_week": [1.0],
    ...                       "sessions_per_week": [np.nan]}, index=["D1"])
    >>> crews_of(frame)[0].sessions_per_week is None
    True
    """
    return tuple(
        Crew(
            str(team), str(row["name"]), round(float(row["lat"]), 5), round(float(row["lon"]), 5),
            float(row["days_per_week"]),
            None if pd.isna(row.get("sessions_per_week", np.nan)) else float(row["sessions_per_week"]),
            bool(row.get("assumed", assumed)),
        )
        for team, row in teams.iterrows()
    )  # fmt: skip


def kinds_of(types: pd.DataFrame) -> tuple[Kind, ...]:
    """Return activity types, indexed by ``type`` with the columns of :data:`FIGURES`, as values."""
    return tuple(Kind(str(name), *(float(row[column]) for column in FIGURES)) for name, row in types.iterrows())


def to_json(settings: PlanSettings) -> dict[str, Any]:
    """Return the settings as JSON can hold them."""
    return {**asdict(settings), "start": settings.start.isoformat()}


def from_json(stored: Mapping[str, Any]) -> PlanSettings:
    """Return the settings that :func:`to_json` wrote; what a later version added is left out.

    Raises
    ------
    KeyError, TypeError, ValueError
        If they are not settings of a plan.
    """
    known = {one.name for one in fields(PlanSettings)}
    given = {name: value for name, value in stored.items() if name in known}
    return PlanSettings(
        **{
            **given,
            "start": dt.date.fromisoformat(given["start"]),
            "crews": tuple(Crew(**crew) for crew in given["crews"]),
            "kinds": tuple(Kind(**kind) for kind in given["kinds"]),
            "floors": tuple(
                FloorWish(**{**floor, "communes": tuple(floor["communes"])}) for floor in given["floors"]
            ),
            "include": tuple(given["include"]),
            "exclude": tuple(given["exclude"]),
            "measured": tuple((str(team), str(commune), float(hours)) for team, commune, hours in given["measured"]),
        }
    )
