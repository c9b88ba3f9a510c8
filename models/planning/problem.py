"""What is to be decided: sessions of every type by every team in every commune it can reach, and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.outreach.priority import coverage

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Measure = Literal["sessions", "communes", "share"]


@dataclass(frozen=True)
class Floor:
    """What a part of the area must get at least, so that nobody is left out for being costly to reach.

    Parameters
    ----------
    name
        What people call it.
    communes
        Codes of the communes it protects.
    least
        At least so many sessions, so many communes visited, or (``share``) this share of all sessions, 0-1.
    measure
        Which of the three.
    """

    name: str
    communes: tuple[str, ...]
    least: float
    measure: Measure = "sessions"


@dataclass(frozen=True)
class Limits:
    """What can be spent and what must be kept.

    Parameters
    ----------
    money
        Million VND for the whole period: sessions and travel.
    weeks
        Length of the period.
    volunteer_days
        Days volunteers can give in all; without limit if infinite.
    most_per_commune
        Sessions in one commune at most; without a number one a week.
    most_hours
        Longest way from a team's base, hours in one direction.
    travel_cost
        Million VND an hour of driving; an assumption to be replaced by the own rate.
    hours_a_day
        Hours in a team-day, by which travel turns into days.
    include, exclude
        Communes that must get a session, or none.
    floors
        What parts of the area must get.
    """

    money: float
    weeks: int = 12
    volunteer_days: float = np.inf
    most_per_commune: int | None = None
    most_hours: float = 2.5
    travel_cost: float = 0.15
    hours_a_day: float = 8.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    floors: tuple[Floor, ...] = field(default=())

    @property
    def cap(self) -> int:
        """Sessions one commune may get."""
        return self.weeks if self.most_per_commune is None else self.most_per_commune


@dataclass(frozen=True)
class Arcs:
    """Everything one session can be: positions of team, commune and type, and what it takes and gives; shape (a,).

    ``money`` is in million VND and ``days`` in team-days, both with the way there and back; ``volunteers`` in days;
    ``reach`` in contacts (weighted by the strength of the type); ``hours`` one way.
    """

    team: Places
    commune: Places
    type: Places
    money: Array
    days: Array
    volunteers: Array
    reach: Array
    hours: Array

    def __len__(self) -> int:
        return len(self.team)

    def only(self, positions: Places) -> Arcs:
        """Return some of the arcs."""
        return Arcs(**{name: getattr(self, name)[positions] for name in Arcs.__dataclass_fields__})


@dataclass(frozen=True)
class Problem:
    """An allocation problem, checked.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``population`` (persons), ``worth`` (persons not yet reached x relative risk),
        ``coverage`` (0-1 before the plan, missing where unknown), ``unreached`` (persons; missing where unknown).
    teams
        Indexed by team: ``name``, ``days`` in the period, ``sessions`` at most in the period (may be infinite).
    types
        Indexed by type: ``reach`` (contacts per session, weighted by strength), ``people`` (contacts as counted),
        ``unit_cost`` (million VND), ``team_days``, ``volunteer_days``.
    limits
        The limits.
    arcs
        What can be done.
    unvalued
        Communes whose risk or population is unknown: they are planned for only where they must be included.
    reachable
        Communes within the longest way of some team.
    """

    communes: pd.DataFrame
    teams: pd.DataFrame
    types: pd.DataFrame
    limits: Limits
    arcs: Arcs
    unvalued: tuple[str, ...]
    reachable: frozenset[str] = frozenset()

    def reach(self, sessions: Array) -> Array:
        """Return the contacts each commune gets, shape (communes,), from the sessions of each arc, shape (a,)."""
        return np.bincount(self.arcs.commune, self.arcs.reach * sessions, len(self.communes)).astype(float)

    def value(self, sessions: Array) -> float:
        """Return what a plan is worth: people newly reached, each weighted by the relative risk of the commune.

        Contacts fall on people at random, as in :func:`models.outreach.priority.coverage`: of the people not yet
        reached, ``1 - exp(-contacts / population)`` are reached by the plan.
        """
        people = self.communes["population"].to_numpy(float)
        known = people > 0
        ratio = np.divide(self.reach(sessions), people, out=np.zeros(len(people)), where=known)
        return float(self.communes["worth"].to_numpy(float) @ -np.expm1(-ratio))

    def members(self, codes: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return which communes, shape (communes,), are among ``codes``."""
        return np.asarray(self.communes.index.isin(codes))


def pose(
    communes: pd.DataFrame, teams: pd.DataFrame, types: pd.DataFrame, hours: pd.DataFrame, limits: Limits
) -> Problem:
    """Check what is given and list everything that can be done.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``relative_risk`` (1 for the mean commune, see
        :func:`models.outreach.priority.relative_risk`; of the risk before outreach, so that nobody reached counts
        twice), ``population`` (persons), ``people_reached`` (contacts so far, faded; missing where unknown), optional
        ``coverage_known`` (where it is false, nobody counts as reached).
    teams
        Indexed by team: ``days_per_week``; optional ``name`` and ``sessions_per_week``.
    types
        Indexed by type: ``reach_per_event``, ``strength`` (0-1), ``unit_cost`` (million VND), ``team_days``,
        ``volunteer_days``.
    hours
        Travel time one way, teams x communes; missing where a team does not go.
    limits
        The limits.

    Raises
    ------
    InputError
        For unknown communes, missing or negative figures, and when no team reaches any commune.
    """
    _check(communes, teams, types, limits)
    places, crews, kinds = _places(communes), _crews(teams, limits), _kinds(types)
    unvalued = tuple(places.index[places["worth"].isna()])
    places = places.assign(**places[["population", "worth"]].fillna(0.0))
    wanted = ~communes.index.isin(limits.exclude)
    wanted &= ~communes.index.isin(unvalued) | communes.index.isin(limits.include)
    ways = hours.reindex(index=teams.index, columns=communes.index)
    arcs = _arcs(ways, crews, kinds, wanted, limits)
    if not len(arcs):
        raise InputError("allocate.nobody_reachable", hours=f"{limits.most_hours:g}")
    near = frozenset(map(str, communes.index[(ways <= limits.most_hours).any()]))
    problem = Problem(places, crews, kinds, limits, arcs, unvalued, near)
    for floor in limits.floors:
        if floor.measure == "share" and floor.least > 0 and not problem.members(floor.communes)[arcs.commune].any():
            raise InputError("allocate.floor_unreachable", [floor.name], hours=f"{limits.most_hours:g}")
    return problem


def _places(communes: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of the communes before the plan; a worth that is unknown is missing."""
    people, reached = communes["population"].astype(float), communes["people_reached"].astype(float)
    if "coverage_known" in communes:
        reached = reached.where(communes["coverage_known"].astype(bool))
    covered = coverage(reached, people)
    unreached = people * (1 - covered.fillna(0.0))
    worth = unreached * communes["relative_risk"].astype(float)
    return pd.DataFrame({"population": people, "worth": worth, "coverage": covered, "unreached": unreached})


def _crews(teams: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Return what each team can do in the whole period."""
    a_week = teams["sessions_per_week"].astype(float).fillna(np.inf) if "sessions_per_week" in teams else np.inf
    return pd.DataFrame(
        {
            "name": teams["name"] if "name" in teams else teams.index.astype(str),
            "days": teams["days_per_week"].astype(float) * limits.weeks,
            "sessions": a_week * limits.weeks,
        },
        index=teams.index,
    )


def _kinds(types: pd.DataFrame) -> pd.DataFrame:
    """Return what a session of each type reaches and takes."""
    figures = types[["reach_per_event", "unit_cost", "team_days", "volunteer_days"]].astype(float)
    named = figures.rename(columns={"reach_per_event": "people"})
    named.insert(0, "reach", named["people"] * types["strength"].astype(float))
    return named


def _arcs(
    hours: pd.DataFrame, teams: pd.DataFrame, types: pd.DataFrame, wanted: NDArray[np.bool_], limits: Limits
) -> Arcs:
    way = hours.to_numpy(float)
    team, commune = np.nonzero((np.nan_to_num(way, nan=np.inf) <= limits.most_hours) & wanted)
    count = len(types)
    team, commune, kind = (
        np.repeat(team, count),
        np.repeat(commune, count),
        np.tile(np.arange(count), len(team)),
    )
    one_way = way[team, commune]
    figures = types[["reach", "unit_cost", "team_days", "volunteer_days"]].to_numpy(float)[kind]
    arcs = Arcs(
        team, commune, kind,
        money=figures[:, 1] + 2 * one_way * limits.travel_cost,
        days=figures[:, 2] + 2 * one_way / limits.hours_a_day,
        volunteers=figures[:, 3], reach=figures[:, 0], hours=one_way,
    )  # fmt: skip
    possible = (arcs.days <= teams["days"].to_numpy(float)[team]) & (arcs.money <= limits.money)
    return arcs.only(np.flatnonzero(possible))


def _check(communes: pd.DataFrame, teams: pd.DataFrame, types: pd.DataFrame, limits: Limits) -> None:
    for what, frame in (("communes", communes), ("teams", teams), ("types", types)):
        if frame.index.has_duplicates:
            raise InputError("allocate.twice", frame.index[frame.index.duplicated()], what=what)
    _figures(teams, ["days_per_week"], "teams")
    _figures(types, ["reach_per_event", "strength", "unit_cost", "team_days", "volunteer_days"], "types")
    if not (limits.money >= 0 and limits.weeks >= 1 and limits.cap >= 0 and limits.volunteer_days >= 0):
        raise InputError("allocate.limits", money=limits.money, weeks=limits.weeks)
    both = sorted(set(limits.include) & set(limits.exclude))
    if both:
        raise InputError("allocate.both", both)
    named = [*limits.include, *limits.exclude, *(code for floor in limits.floors for code in floor.communes)]
    strangers = sorted(set(named) - set(communes.index))
    if strangers:
        raise InputError("allocate.unknown_communes", strangers)
    for floor in limits.floors:
        if not floor.least >= 0 or (floor.measure == "share" and floor.least > 1):
            raise InputError("allocate.floor", [floor.name], least=floor.least)


def _figures(frame: pd.DataFrame, columns: list[str], what: str) -> None:
    absent = [column for column in columns if column not in frame]
    if absent:
        raise InputError("allocate.columns", absent, what=what)
    numbers = frame[columns].apply(pd.to_numeric, errors="coerce")
    wrong = numbers.index[(numbers.isna() | (numbers < 0)).any(axis=1)]
    if len(wrong):
        raise InputError("allocate.figures", wrong, what=what, columns=", ".join(columns))
