"""From sessions per team and commune to a calendar: which week each session falls into."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.planning.problem import Array, Problem

SAME_WEEK = 0.5


def schedule(problem: Problem, sessions: Array) -> pd.DataFrame:
    """Spread the sessions of every team evenly over the weeks.

    Every session goes to the week in which its team has the least to do so far, communes of the highest worth first,
    and rather to a week in which the commune has no other session (that counts as half a day); where several weeks
    are alike, to the one furthest from the commune's other sessions, then from the team's. So no week of a team is
    longer than its mean week by more than one session and half a day; where teams have a most of sessions a week, no
    week exceeds it (rounded up).

    Parameters
    ----------
    problem
        The problem.
    sessions
        Whole sessions of each arc, shape (a,).

    Returns
    -------
    pandas.DataFrame
        One row per team, commune, week and type: ``team, commune_code, week`` (1 is the first) ``, type, sessions,
        people_expected`` (contacts) ``, cost`` (million VND, with travel) ``, team_days`` (with travel)
        ``, volunteer_days, travel_hours`` (both ways).

    Examples
    --------
    >>> from models.planning.example import small
    >>> problem = small()
    >>> plan = schedule(problem, np.ones(len(problem.arcs)))
    >>> int(plan["sessions"].sum()) == len(problem.arcs)
    True
    """
    arcs, weeks = problem.arcs, problem.limits.weeks
    held = np.repeat(np.arange(len(arcs)), np.round(sessions).astype(int))
    worth = problem.communes["worth"].to_numpy(float)[arcs.commune[held]]
    order = held[np.lexsort((held, -worth, arcs.team[held]))]
    busy = np.zeros((len(problem.teams), weeks))
    count = np.zeros((len(problem.teams), weeks), int)
    most = np.ceil(problem.teams["sessions"].to_numpy(float) / weeks - 1e-9)
    there = np.zeros((len(problem.communes), weeks), bool)
    week = np.empty(len(order), int)
    for position, arc in enumerate(order.tolist()):
        team, commune = int(arcs.team[arc]), int(arcs.commune[arc])
        load = busy[team] + SAME_WEEK * there[commune]
        load = np.where(count[team] < most[team], load, load + 1e6)
        chosen = _apart(np.flatnonzero(load <= load.min() + 1e-9), there[commune], busy[team] > 0)
        week[position] = chosen
        busy[team, chosen] += arcs.days[arc]
        count[team, chosen] += 1
        there[commune, chosen] = True
    return _frame(problem, order, week)


def _apart(weeks: np.ndarray, commune: np.ndarray, team: np.ndarray) -> int:
    """Return the week furthest from those in which the commune, then the team, has something already."""
    for taken in (commune, team):
        held = np.flatnonzero(taken)
        if len(held) and len(weeks) > 1:
            distance = np.abs(weeks[:, None] - held[None, :]).min(axis=1)
            weeks = weeks[distance == distance.max()]
    return int(weeks[0])


def _frame(problem: Problem, arc: np.ndarray, week: np.ndarray) -> pd.DataFrame:
    arcs = problem.arcs
    each = pd.DataFrame(
        {
            "team": problem.teams.index.to_numpy()[arcs.team[arc]],
            "commune_code": problem.communes.index.to_numpy()[arcs.commune[arc]],
            "week": week + 1,
            "type": problem.types.index.to_numpy()[arcs.type[arc]],
            "sessions": 1,
            "people_expected": problem.types["people"].to_numpy(float)[arcs.type[arc]],
            "cost": arcs.money[arc],
            "team_days": arcs.days[arc],
            "volunteer_days": arcs.volunteers[arc],
            "travel_hours": 2 * arcs.hours[arc],
        }
    )
    keys = ["team", "commune_code", "week", "type"]
    grouped = each.groupby(keys, sort=False, observed=True).sum().reset_index()
    return grouped.sort_values(["team", "week", "commune_code", "type"], ignore_index=True)


def outcome(problem: Problem, sessions: Array) -> pd.DataFrame:
    """Return what a plan changes in every commune.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``commune_code``: ``sessions, contacts`` (weighted by strength) ``, coverage_before,
        coverage_after`` (0-1; missing where the coverage before is unknown) ``, people_newly_reached`` (persons;
        where the coverage before is unknown, as if it were 0) ``, gain`` (the same x relative risk) ``, cost``
        (million VND).
    """
    arcs, communes = problem.arcs, problem.communes
    size = len(communes)
    contacts = problem.reach(sessions)
    people = communes["population"].to_numpy(float)
    share = -np.expm1(-np.divide(contacts, people, out=np.zeros(size), where=people > 0))
    before = communes["coverage"].to_numpy(float)
    return pd.DataFrame(
        {
            "sessions": np.bincount(arcs.commune, sessions, size).round().astype(int),
            "contacts": contacts,
            "coverage_before": before,
            "coverage_after": before + (1 - before) * share,
            "people_newly_reached": communes["unreached"].to_numpy(float) * share,
            "gain": communes["worth"].to_numpy(float) * share,
            "cost": np.bincount(arcs.commune, sessions * arcs.money, size),
        },
        index=communes.index,
    )
