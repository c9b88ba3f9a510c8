from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.planning import optimum
from models.planning.fill import greedy
from models.planning.patterns import knapsack, mix_schedules
from models.planning.program import build
from models.planning.relaxation import relax
from tests.models.planning.test_optimum import county, every_plan, first, problems  # noqa: F401

ITEMS = st.lists(st.tuples(st.floats(0.1, 20), st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=5)


@given(ITEMS, st.integers(0, 20))
def test_the_knapsack_is_the_best_of_all_choices(items, room):
    profit, weight, most = (np.array(column) for column in zip(*items, strict=True))
    chosen = knapsack(profit.astype(float), weight.astype(np.int64), most.astype(np.int64), room)
    assert weight @ chosen <= room
    assert (chosen <= most).all() and (chosen >= 0).all()
    best = max(
        profit @ np.array(counts)
        for counts in product(*(range(n + 1) for n in most))
        if weight @ np.array(counts) <= room
    )
    assert profit @ chosen == pytest.approx(best)


@given(problems())
@settings(max_examples=25)
def test_no_plan_exceeds_the_bound(problem):
    if 3 ** len(problem.arcs) > 20_000:
        problem = replace(problem, arcs=first(problem, 8))
    values = [problem.value(plan) for plan in every_plan(problem)]
    posed = build(problem)
    relaxed = relax(posed)
    if not values or not relaxed.feasible:
        return
    mixed = mix_schedules(problem, posed, relaxed.row_price, (greedy(problem),), 5.0, 1e-4)
    assert mixed.bound >= max(values) * (1 - 1e-9)
    for plan in mixed.plans:
        days = np.bincount(problem.arcs.team, plan * problem.arcs.days, len(problem.teams))
        assert (days <= problem.teams["days"] + 1e-6).all()
        if optimum.keeps_everything(problem, plan, posed):
            assert problem.value(plan) <= max(values) * (1 + 1e-9)


def test_short_days_get_a_tighter_bound_than_sessions_in_parts(county):  # noqa: F811
    tables, limits = county
    short = {**tables, "teams": tables["teams"].assign(days_per_week=0.4)}
    problem = optimum_problem(short, limits)
    posed = build(problem)
    relaxed = relax(posed)
    start = greedy(problem)
    mixed = mix_schedules(problem, posed, relaxed.row_price, (start,), 10.0, 1e-3)
    assert mixed.bound < relaxed.bound * 0.995
    best = optimum.optimise(problem, gap=0.01, seconds=20)
    assert best.gap <= 0.01
    assert best.value >= problem.value(start)
    assert best.value <= mixed.bound * (1 + 1e-9)


def optimum_problem(tables, limits):
    from models.planning.problem import Limits, pose

    return pose(**tables, limits=Limits(money=limits.money * 4, weeks=limits.weeks))
