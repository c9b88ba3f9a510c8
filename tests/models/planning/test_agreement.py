"""The list beside the plan: every reason given is true of the problem itself, tried out by brute force."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.planning.agreement import STATES, agreement
from models.planning.example import frames, small
from models.planning.optimum import Infeasible, keeps_everything, optimise
from models.planning.problem import Floor, Limits, Problem, pose
from models.planning.program import ENVELOPE_ERROR
from tests.models.planning.test_optimum import problems


def told(problem: Problem, **more) -> pd.DataFrame:
    return agreement(problem, optimise(problem, gap=0).sessions, list(problem.communes.index), **more)


def exchanges(problem: Problem, sessions: np.ndarray, place: int):
    """Yield every plan with one session more in a commune, and none or one fewer elsewhere; limits not looked at."""
    for arc in np.flatnonzero(problem.arcs.commune == place):
        for other in [None, *np.flatnonzero(sessions > 0)]:
            plan = sessions.copy()
            plan[arc] += 1
            if other is not None:
                plan[other] -= 1
            yield plan


def best_exchange(problem: Problem, sessions: np.ndarray, place: int) -> float:
    """Return the best change of value among the exchanges that keep every limit."""
    value = problem.value(sessions)
    kept = [p for p in exchanges(problem, sessions, place) if keeps_everything(problem, p)]
    return max((problem.value(plan) - value for plan in kept), default=-np.inf)


def free_way(problem: Problem, place: int) -> Problem:
    """The same problem, the ways to one commune taking neither time nor money."""
    arcs = problem.arcs
    way = np.where(arcs.commune == place, 2 * arcs.hours, 0.0)
    limits = problem.limits
    return replace(
        problem,
        arcs=replace(arcs, money=arcs.money - way * limits.travel_cost, days=arcs.days - way / limits.hours_a_day),
    )


@given(problems(), st.floats(0.1, 1.0))
@settings(max_examples=80)
def test_every_reason_is_true(problem: Problem, share: float) -> None:
    problem = replace(problem, limits=replace(problem.limits, money=share * problem.limits.money))
    try:
        best = optimise(problem, gap=0)
    except Infeasible:
        return
    bare = replace(problem, limits=replace(problem.limits, floors=(), include=()))
    found = agreement(problem, best.sessions, list(problem.communes.index))
    for place, (_, row) in enumerate(found.iterrows()):
        assert row["state"] in STATES
        visited = best.sessions[problem.arcs.commune == place].sum()
        assert row["sessions"] == visited and (row["state"] == "planned") == (visited > 0)
        if row["state"] in ("planned", "far", "too_long", "unknown", "reached"):
            continue
        change = best_exchange(problem, best.sessions, place)
        if row["state"] == "close":
            assert row["better"] == pytest.approx(change)
            assert change <= best.value * 2 * ENVELOPE_ERROR
            continue
        assert change <= 1e-6
        without_floors = best_exchange(bare, best.sessions, place)
        if row["state"] == "floor":
            assert row["better"] == pytest.approx(without_floors) and row["about"]
            continue
        assert without_floors <= 1e-6
        without_way = best_exchange(free_way(problem, place), best.sessions, place)
        if row["state"] == "travel":
            assert row["better"] == pytest.approx(without_way)
            continue
        assert without_way <= 1e-6
        assert (row["state"] == "cost") == (not np.isfinite(without_floors))
        if row["state"] == "benefit":
            assert row["gain"] - row["instead"] == pytest.approx(row["better"])
            assert row["better"] == pytest.approx(without_floors)


def test_left_out_unknown_far_and_too_long_are_told_apart() -> None:
    communes = frames()["communes"]
    communes.loc["c", "relative_risk"] = np.nan
    problem = pose(
        **{**frames(), "communes": communes}, limits=Limits(money=40, weeks=4, exclude=("b",), most_hours=0.9)
    )
    assert told(problem)["state"].to_dict() == {"a": "planned", "b": "excluded", "c": "unknown", "d": "far"}
    teams = frames()["teams"].assign(days_per_week=[1.0, 0.1])
    long = pose(**{**frames(), "teams": teams}, limits=Limits(money=40, weeks=4))
    assert told(long).loc["d", "state"] == "too_long"


def test_nobody_left_to_reach() -> None:
    communes = frames()["communes"].assign(people_reached=[0.0, 0.0, 0.0, 1e9])
    problem = pose(**{**frames(), "communes": communes}, limits=Limits(money=10, weeks=4))
    assert told(problem).loc["d", "state"] == "reached"


def test_a_floor_that_takes_the_place_is_named() -> None:
    floor = Floor("nơi xa", ("d",), 1.0, "share")
    found = told(small(money=20.0, floors=(floor,)))
    assert found.loc["d", "state"] == "planned"
    assert found.loc["a", "state"] == "floor" and found.loc["a", "about"] == ("nơi xa",)
    must = told(small(money=4.0, include=("d",)))
    assert must.loc["d", "state"] == "planned" and must.loc["a", "about"] == ("d",)


def test_a_long_way_is_named_where_it_is_what_stands_against_it() -> None:
    hours = frames()["hours"].assign(a=[2.4, np.nan])
    problem = pose(**{**frames(), "hours": hours}, limits=Limits(money=7, weeks=4, travel_cost=1.0))
    found = told(problem)
    assert found.loc["a", "state"] == "travel" and found.loc["a", "better"] > 0
    near = pose(**{**frames(), "hours": hours.assign(a=[0.1, np.nan])}, limits=problem.limits)
    assert told(near).loc["a", "state"] == "planned"


def test_fewer_people_at_risk_for_the_same_session() -> None:
    found = told(small(money=9.0))
    assert found.loc["a", "state"] == "planned"
    low = found.loc["d"]
    assert low["state"] == "benefit" and low["gain"] < low["instead"] and low["better"] < 0
