"""From risk to a plan: which team holds which sessions where and when, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from models.planning import conflict
from models.planning.calendar import outcome, schedule
from models.planning.optimum import Infeasible, Optimum, optimise
from models.planning.problem import Floor, Limits, Problem, pose
from models.planning.robust import relative_draws, robust_score, score_draws

__all__ = ["Allocation", "Floor", "Limits", "allocate", "relative_draws", "robust_score", "score_draws"]


@dataclass(frozen=True)
class Allocation:
    """A plan with what it rests on.

    Parameters
    ----------
    problem
        What was to be decided, with every limit.
    optimum
        The sessions, their value, the bound and the gap.
    plan
        As :func:`models.planning.calendar.schedule` returns it.
    communes
        As :func:`models.planning.calendar.outcome` returns it.
    """

    problem: Problem
    optimum: Optimum
    plan: pd.DataFrame
    communes: pd.DataFrame


def allocate(
    communes: pd.DataFrame,
    teams: pd.DataFrame,
    types: pd.DataFrame,
    hours: pd.DataFrame,
    limits: Limits,
    *,
    gap: float = 0.01,
    seconds: float = 30.0,
    draws: pd.DataFrame | None = None,
    held_in: float = 0.9,
    patience: float = conflict.SECONDS,
) -> Allocation:
    """Choose communes, teams, types and weeks so that the plan reaches most people where risk is high.

    What counts is people newly reached x relative risk, with diminishing returns in each commune.

    Parameters
    ----------
    communes, teams, types, hours, limits
        As :func:`models.planning.problem.pose` takes them.
    gap
        The wanted proof: the plan lies within this share of the best.
    seconds
        Time limit; the gap reached by then is reported.
    draws
        Relative risk in many uncertainty draws, draws x communes, see
        :func:`models.planning.robust.relative_draws`. If given, a commune counts only with the risk it has
        in at least ``held_in`` of the draws, so that the plan rests on what stays good.
    held_in
        Share of the draws, 0-1.
    patience
        Seconds for finding out which limits break each other, where no plan keeps them all.

    Raises
    ------
    InputError
        For figures that cannot be used; and where no plan keeps every limit, naming the limits that cannot hold
        together.

    Examples
    --------
    >>> from models.planning.example import frames
    >>> plan = allocate(**frames(), limits=Limits(money=40, weeks=4))
    >>> round(plan.optimum.value) > 0, plan.optimum.gap <= 0.01, plan.plan["cost"].sum() <= 40
    (True, True, np.True_)
    """
    if draws is not None:
        communes = communes.assign(relative_risk=robust_score(draws.reindex(columns=communes.index), held_in))
    problem = pose(communes, teams, types, hours, limits)
    try:
        best = optimise(problem, gap=gap, seconds=seconds)
    except Infeasible:
        raise conflict.conflict_error(problem, patience) from None
    return Allocation(problem, best, schedule(problem, best.sessions), outcome(problem, best.sessions))
