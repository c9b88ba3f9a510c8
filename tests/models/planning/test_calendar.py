import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.planning.calendar import SAME_WEEK, outcome, schedule
from models.planning.example import frames, small
from models.planning.problem import Limits, pose


@given(st.lists(st.integers(0, 4), min_size=12, max_size=12))
def test_calendar_holds_every_session_and_is_even(counts):
    problem = small()
    sessions = np.array(counts, float)
    assert len(sessions) == len(problem.arcs)
    plan = schedule(problem, sessions)
    assert plan["sessions"].sum() == sum(counts)
    if not len(plan):
        return
    assert plan["week"].between(1, 4).all()
    assert plan["cost"].sum() == pytest.approx(sessions @ problem.arcs.money)
    table = plan.pivot_table(index="team", columns="week", values="team_days", aggfunc="sum", fill_value=0.0)
    weeks = table.reindex(columns=range(1, 5), fill_value=0.0)
    assert (weeks.max(axis=1) <= weeks.mean(axis=1) + problem.arcs.days.max() + SAME_WEEK + 1e-9).all()


def test_no_week_has_more_sessions_than_the_team_may_hold():
    tables = frames()
    problem = pose(**tables | {"teams": tables["teams"].assign(days_per_week=5.0, sessions_per_week=[2, np.nan])},
                   limits=Limits(money=400, weeks=4))  # fmt: skip
    sessions = np.where(problem.arcs.team == 0, 8 / (problem.arcs.team == 0).sum(), 0).round()
    sessions[0] += 8 - sessions.sum()
    plan = schedule(problem, sessions)
    assert plan.groupby("week")["sessions"].sum().tolist() == [2, 2, 2, 2]


def test_a_commune_is_visited_in_different_weeks():
    problem = small()
    sessions = np.zeros(len(problem.arcs))
    sessions[0] = 4
    assert schedule(problem, sessions)["week"].tolist() == [1, 2, 3, 4]


def test_outcome_by_hand():
    problem = small()
    sessions = np.zeros(len(problem.arcs))
    sessions[(problem.arcs.commune == 1) & (problem.arcs.type == 0)] = [1, 1]
    told = outcome(problem, sessions)
    before = 1 - np.exp(-0.1)
    assert told.loc["b", "coverage_before"] == pytest.approx(before)
    assert told.loc["b", "coverage_after"] == pytest.approx(1 - np.exp(-(900 + 180) / 9000))
    newly = 9000 * (told.loc["b", "coverage_after"] - before)
    assert told.loc["b", "people_newly_reached"] == pytest.approx(newly)
    assert told["gain"].sum() == pytest.approx(problem.value(sessions))
    assert told.loc["a", "sessions"] == 0


def test_an_empty_plan_has_the_columns():
    plan = schedule(small(), np.zeros(12))
    assert plan.empty
    assert {"team", "commune_code", "week", "type", "sessions", "people_expected", "cost"} <= set(plan.columns)


def test_unknown_coverage_stays_unknown():
    tables = frames()
    communes = tables["communes"].assign(people_reached=np.nan)
    problem = pose(**tables | {"communes": communes}, limits=Limits(money=40, weeks=4))
    told = outcome(problem, np.ones(len(problem.arcs)))
    assert told["coverage_after"].isna().all()
    assert (told["people_newly_reached"] > 0).all()
    assert isinstance(told, pd.DataFrame)


def test_few_sessions_are_spread_over_the_whole_period():
    problem = small(weeks=13, money=1e4)
    sessions = np.zeros(len(problem.arcs))
    arc = int(np.flatnonzero((problem.arcs.team == 0) & (problem.arcs.commune == 0))[0])
    sessions[arc] = 3
    assert schedule(problem, sessions)["week"].tolist() == [1, 7, 13]
