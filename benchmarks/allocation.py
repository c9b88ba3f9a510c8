"""A quarter's plan for a province and for the nation, beside a plain PuLP model of the same problem solved by CBC.

Communes, their risk and their population are real; teams are invented (a fixed seed): 60 for every 170 communes,
two days a week for twelve weeks, 40 million VND a team, within 2.5 hours of their base, in their own province.
"""

import time
from typing import Any

import numpy as np
import pandas as pd
import pulp

from geo import layers
from geo.base import paths
from geo.layers.indicators import load_sources
from models.briefing import brief
from models.index.framework import read_framework
from models.outreach.access import travel_hours
from models.planning.optimum import optimise
from models.planning.problem import Limits, Problem, pose
from models.planning.program import envelope
from models.solver import relative_gap

TYPES = ["direct_session", "mobile_loudspeaker", "club_meeting"]
TEAMS_A_COMMUNE = 60 / 170
MONEY_A_TEAM = 40.0
PROVINCE_SECONDS, NATION_SECONDS = 60, 60


def measure(*, smallest: bool = False) -> dict[str, dict[str, Any]]:
    communes = real_communes()
    largest = communes["province_code"].value_counts().index[0]
    middle = communes.loc[communes["province_code"] == largest, ["lat", "lon"]].mean()
    distance = np.hypot(communes["lat"] - middle["lat"], communes["lon"] - middle["lon"])
    around = communes.loc[distance.nsmallest(170).index].sort_index().assign(province_code="00")
    if smallest:
        return one("province", around.head(20), 0.05, 5, weekly=False)
    return (
        one("province", around, 0.01, PROVINCE_SECONDS, weekly=True)
        | one("province_weeks_summed", around, 0.01, PROVINCE_SECONDS, weekly=False)
        | one("nation", communes, 0.03, NATION_SECONDS, weekly=False)
    )


def real_communes() -> pd.DataFrame:
    """Return risk, population and place of every commune where both are known."""
    sources = load_sources()
    communes = brief(read_framework(paths.FRAMEWORK), sources).communes
    return communes.join(sources.communes[["lat", "lon"]]).dropna(subset=["score", "population"])


def invented(communes: pd.DataFrame, days: float = 2.0, money: float = MONEY_A_TEAM) -> Problem:
    """Return the problem with teams of a fixed seed."""
    rng = np.random.default_rng(0)
    count = round(len(communes) * TEAMS_A_COMMUNE)
    bases = communes.iloc[rng.choice(len(communes), count, replace=False)]
    teams = bases[["lat", "lon", "province_code"]].set_axis([f"team {i}" for i in range(count)])
    teams = teams.assign(days_per_week=days, sessions_per_week=5.0)
    types = layers.outreach_parameters().loc[TYPES]
    return pose(communes, teams, types, travel_hours(teams, communes), Limits(money=money * count))


def one(name: str, communes: pd.DataFrame, gap: float, seconds: int, *, weekly: bool) -> dict[str, dict[str, Any]]:
    problem = invented(communes)
    begun = time.perf_counter()
    best = optimise(invented(communes), gap=gap, seconds=seconds)
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    value = plain(problem, gap, seconds, weekly=weekly)
    reference = time.perf_counter() - begun
    size = f"{len(problem.communes)} communes, {len(problem.teams)} teams, 12 weeks, {len(problem.arcs)} choices"
    weeks = "by the week" if weekly else "weeks summed up as in ours"
    return {
        f"allocation_{name}_seconds": {
            "ours": ours, "reference": reference, "ratio": ours / reference, "unit": "s",
            "what": f"{size}, to a proven gap of {gap:.0%}; reference: plain PuLP model ({weeks}), CBC, "
            f"stopped after {seconds} s of solving",
        },
        f"allocation_{name}_gap": {
            "ours": best.gap, "reference": min(relative_gap(value, best.bound), 1.0),
            "ratio": best.gap / max(min(relative_gap(value, best.bound), 1.0), 1e-12), "unit": "of the value",
            "what": "how far the plan may be from the best; reference: the plain model's plan against our bound "
            "(1 where it found none)",
        },
    }  # fmt: skip


def plain(problem: Problem, gap: float, seconds: int, *, weekly: bool) -> float:
    """Solve the textbook model as one writes it in PuLP; return the value of its plan, minus infinity if none."""
    arcs, limits = problem.arcs, problem.limits
    weeks = range(limits.weeks if weekly else 1)
    model = pulp.LpProblem("plan", pulp.LpMaximize)
    x = [
        [pulp.LpVariable(f"x_{arc}_{week}", 0, limits.cap, pulp.LpInteger) for week in weeks]
        for arc in range(len(arcs))
    ]
    people, worth = problem.communes["population"].to_numpy(), problem.communes["worth"].to_numpy()
    starts, slopes = envelope(float((limits.cap * arcs.reach.max() / people).max()))
    ends = np.append(starts[1:], starts[-1] + 10)
    by_commune: dict[int, list[int]] = {}
    by_team: dict[int, list[int]] = {}
    for arc in range(len(arcs)):
        by_commune.setdefault(int(arcs.commune[arc]), []).append(arc)
        by_team.setdefault(int(arcs.team[arc]), []).append(arc)
    gains = []
    for commune, mine in by_commune.items():
        inside = starts < limits.cap * arcs.reach.max() / people[commune]
        z = [pulp.LpVariable(f"z_{commune}_{j}", 0, ends[j] - starts[j]) for j in np.flatnonzero(inside)]
        gains += [(part, worth[commune] * slopes[j]) for j, part in enumerate(z)]
        reach = pulp.LpAffineExpression([(v, arcs.reach[arc] / people[commune]) for arc in mine for v in x[arc]])
        model += pulp.lpSum(z) <= reach
        model += pulp.LpAffineExpression([(v, 1) for arc in mine for v in x[arc]]) <= limits.cap
    for team, mine in by_team.items():
        days, most = problem.teams["days"].iloc[team], problem.teams["sessions"].iloc[team]
        model += pulp.LpAffineExpression([(v, arcs.days[arc]) for arc in mine for v in x[arc]]) <= days
        model += pulp.LpAffineExpression([(v, 1) for arc in mine for v in x[arc]]) <= most
    model += pulp.LpAffineExpression([(v, arcs.money[a]) for a in range(len(arcs)) for v in x[a]]) <= limits.money
    model.setObjective(pulp.LpAffineExpression(gains))
    model.solve(pulp.PULP_CBC_CMD(msg=0, timeLimit=seconds, gapRel=gap, threads=1))
    if model.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return -np.inf
    return problem.value(np.array([round(sum(v.varValue or 0 for v in row)) for row in x], float))
