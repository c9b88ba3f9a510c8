"""A small made-up problem for examples and first steps; nothing in it stands for a real place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from models.planning.problem import Limits, Problem, pose


def frames() -> dict[str, pd.DataFrame]:
    """Return communes, teams, types and travel hours as :func:`models.planning.problem.pose` takes them."""
    communes = pd.DataFrame(
        {
            "score": [80.0, 60.0, 40.0, 20.0],
            "relative_risk": [2.0, 1.2, 0.7, 0.4],
            "population": [4000.0, 9000.0, 6000.0, 12000.0],
            "people_reached": [0.0, 900.0, 3000.0, 0.0],
        },
        index=pd.Index(["a", "b", "c", "d"], name="commune_code"),
    )
    teams = pd.DataFrame({"name": ["Đội 1", "Đội 2"], "days_per_week": [1.0, 2.0]}, index=["t1", "t2"])
    types = pd.DataFrame(
        {
            "reach_per_event": [90.0, 200.0],
            "strength": [1.0, 0.2],
            "unit_cost": [4.0, 2.0],
            "team_days": [1.0, 0.5],
            "volunteer_days": [4.0, 1.0],
        },
        index=["direct_session", "mobile_loudspeaker"],
    )
    hours = pd.DataFrame(
        [[0.5, 1.0, 2.0, None], [None, 0.5, 0.5, 1.0]], index=teams.index, columns=communes.index, dtype=float
    )
    return {"communes": communes, "teams": teams, "types": types, "hours": hours}


def small(**limits: Any) -> Problem:
    """Return the problem of :func:`frames` with 40 million VND over four weeks, or other limits.

    Examples
    --------
    >>> small(money=10).limits.money
    10
    """
    return pose(**frames(), limits=replace(Limits(money=40.0, weeks=4), **limits))
