from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outreach.priority import relative_risk
from models.planning import fill, optimum, program, relaxation
from models.planning.compare import compare, floor_prices, hand_plans, marginal_curve
from models.planning.example import frames, small
from models.planning.problem import Floor, Limits, Problem, pose

SMALL = settings(max_examples=25)


@st.composite
def problems(draw, floors: bool = True, cap: int = 2) -> Problem:
    """Two or three communes, one or two teams, one or two types: few enough sessions to try every plan."""
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    count, crews, kinds = draw(st.integers(2, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    codes = [f"{position:05}" for position in range(count)]
    communes = pd.DataFrame(
        {
            "relative_risk": rng.uniform(0.3, 2.4, count),
            "population": rng.uniform(200, 4000, count),
            "people_reached": rng.choice([0.0, 300.0, np.nan], count),
        },
        index=codes,
    )
    teams = pd.DataFrame({"days_per_week": rng.uniform(1, 3, crews)}, index=[f"t{i}" for i in range(crews)])
    types = pd.DataFrame(
        {
            "reach_per_event": rng.uniform(20, 400, kinds), "strength": rng.uniform(0.2, 1, kinds),
            "unit_cost": rng.uniform(1, 5, kinds), "team_days": rng.uniform(0.3, 1, kinds), "volunteer_days": 1.0,
        },
        index=[f"k{i}" for i in range(kinds)],
    )  # fmt: skip
    way = np.where(rng.random((crews, count)) < 0.8, rng.uniform(0.1, 2, (crews, count)), np.nan)
    way[0, 0] = 0.5
    hours = pd.DataFrame(way, teams.index, codes)
    kept = (Floor("one", (codes[0],), 1.0),) if floors and draw(st.booleans()) else ()
    limits = Limits(money=draw(st.floats(8, 40)), weeks=2, most_per_commune=cap, floors=kept)
    return pose(communes, teams, types, hours, limits)


def every_plan(problem: Problem):
    """Yield all plans that keep every limit; nothing but the definition is used."""
    arcs, limits = problem.arcs, problem.limits
    inside = [problem.members(floor.communes)[arcs.commune] for floor in limits.floors]
    for counts in product(range(limits.cap + 1), repeat=len(arcs)):
        held = np.array(counts, float)
        per_commune = np.bincount(arcs.commune, held, len(problem.communes))
        days = np.bincount(arcs.team, held * arcs.days, len(problem.teams))
        if (
            held @ arcs.money <= limits.money
            and (per_commune <= limits.cap).all()
            and (days <= problem.teams["days"]).all()
            and all(held[flags].sum() >= floor.least for flags, floor in zip(inside, limits.floors, strict=True))
        ):
            yield held


@given(problems())
@SMALL
def test_against_every_plan(problem):
    if 3 ** len(problem.arcs) > 20_000:
        problem = replace(problem, arcs=first(problem, 8))
    values = [problem.value(plan) for plan in every_plan(problem)]
    if not values:
        with pytest.raises(optimum.Infeasible):
            optimum.optimise(problem, gap=0)
        return
    best = optimum.optimise(problem, gap=0)
    slack = 1 + 2 * program.ENVELOPE_ERROR
    assert best.bound >= max(values) * (1 - 1e-9)
    assert best.value <= max(values) * (1 + 1e-9)
    assert best.value * slack >= max(values) * (1 - 1e-9)
    assert any(np.array_equal(best.sessions, plan) for plan in every_plan(problem))


def first(problem: Problem, count: int):
    return type(problem.arcs)(
        **{name: getattr(problem.arcs, name)[:count] for name in problem.arcs.__dataclass_fields__}
    )


@given(problems(floors=False), st.floats(1.05, 2.0))
@SMALL
def test_more_money_never_covers_less(problem, more):
    richer = replace(problem, limits=replace(problem.limits, money=problem.limits.money * more))
    poor, rich = optimum.optimise(problem, gap=0), optimum.optimise(richer, gap=0)
    assert rich.bound >= poor.value * (1 - 1e-9)
    assert rich.value * (1 + 2 * program.ENVELOPE_ERROR) >= poor.value


@pytest.fixture(scope="module")
def county() -> tuple[dict[str, pd.DataFrame], Limits]:
    """Forty communes, eight teams, three types: too many plans to try, quick to solve."""
    rng = np.random.default_rng(7)
    codes = [f"{position:05}" for position in range(40)]
    places, bases = rng.uniform(0, 60, (40, 2)), rng.uniform(0, 60, (8, 2))
    communes = pd.DataFrame(
        {"score": rng.uniform(10, 90, 40), "population": rng.uniform(2e3, 3e4, 40), "people_reached": 500.0}, codes
    )
    communes["relative_risk"] = relative_risk(communes["score"])
    teams = pd.DataFrame({"days_per_week": 1.5, "sessions_per_week": 3.0}, [f"t{i}" for i in range(8)])
    types = pd.DataFrame(
        {"reach_per_event": [90.0, 250, 40], "strength": [1, 0.25, 1], "unit_cost": [4.0, 3, 1.5],
         "team_days": [1, 0.5, 0.5], "volunteer_days": [4.0, 1, 2]},
        ["direct_session", "mobile_loudspeaker", "club_meeting"],
    )  # fmt: skip
    way = np.linalg.norm(bases[:, None] - places[None], axis=2) * 1.3 / 35
    hours = pd.DataFrame(way, teams.index, codes)
    far = tuple(np.array(codes)[way.min(axis=0).argsort()[-8:]])
    floors = (
        Floor("vùng xa", far, 12),
        Floor("đến nơi", far, 6, "communes"),
        Floor("tỉ lệ", tuple(codes[:10]), 0.3, "share"),
    )
    limits = Limits(money=250, weeks=6, volunteer_days=260, floors=floors, include=(codes[5],), exclude=(codes[6],))
    return {"communes": communes, "teams": teams, "types": types, "hours": hours}, limits


@pytest.fixture(scope="module")
def solved(county) -> tuple[Problem, optimum.Optimum]:
    problem = pose(**county[0], limits=county[1])
    return problem, optimum.optimise(problem, gap=0.01, seconds=20)


def test_every_limit_holds(solved):
    problem, best = solved
    arcs, limits, held = problem.arcs, problem.limits, best.sessions
    assert best.gap <= 0.01
    assert (held == held.round()).all()
    assert held @ arcs.money <= limits.money + 1e-6
    assert held @ arcs.volunteers <= limits.volunteer_days + 1e-6
    assert (np.bincount(arcs.team, held * arcs.days) <= problem.teams["days"] + 1e-6).all()
    assert (np.bincount(arcs.team, held) <= problem.teams["sessions"] + 1e-6).all()
    each = pd.Series(np.bincount(arcs.commune, held, len(problem.communes)), problem.communes.index)
    assert each.max() <= limits.cap
    assert each[limits.include[0]] >= 1
    assert each[limits.exclude[0]] == 0
    sessions, visits, share = limits.floors
    assert each[list(sessions.communes)].sum() >= 12
    assert (each[list(visits.communes)] > 0).sum() >= 6
    assert each[list(share.communes)].sum() >= 0.3 * each.sum()


def test_best_beats_greedy_and_the_hand_rules(solved, county):
    problem, best = solved
    last = pd.Series({"00001": 5.0, "00002": 3.0, "00039": 1.0})
    table = compare(problem, best, county[0]["communes"]["score"], last)
    assert list(table.index) == ["optimum", "greedy", "top_risk", "equal", "last_year"]
    assert table["keeps_everything"].all()
    assert (table["value"].drop("optimum") <= best.value * (1 + 1e-9)).all()
    assert (table["value"] <= best.bound).all()
    assert (table["money"] <= problem.limits.money + 1e-6).all()


def test_the_curve_rises_and_flattens(solved):
    curve = marginal_curve(solved[0], [200.0, 250.0, 300.0, 350.0])
    assert curve["value"].is_monotonic_increasing
    assert curve["per_million"].is_monotonic_decreasing
    steps = np.diff(curve["value"]) / 50
    assert (steps <= curve["per_million"].to_numpy()[:-1] + 1e-6).all()
    assert (steps >= curve["per_million"].to_numpy()[1:] - 1e-6).all()


def test_a_floor_costs_what_is_gained_without_it(solved):
    prices = floor_prices(solved[0])
    assert (prices["price"] >= 0).all()
    assert prices["price"].max() > 0
    assert list(prices.index) == ["vùng xa", "đến nơi", "tỉ lệ"]


def test_too_little_money_for_the_floors_leaves_a_hole_in_the_curve(solved):
    assert marginal_curve(solved[0], [1.0, 250.0])["value"].isna().tolist() == [True, False]


def test_hand_rules_deal_out_evenly():
    problem = small(money=20.0)
    plan = hand_plans(problem, frames()["communes"]["score"], top=1)
    equal = np.bincount(problem.arcs.commune, plan["equal"], 4)
    assert equal.max() - equal.min() <= 1
    assert set(np.flatnonzero(np.bincount(problem.arcs.commune, plan["top_risk"], 4))) == {0}


def test_hand_rules_keep_floors_by_share_and_still_use_up_what_there_is(county):
    tables, limits = county
    far = limits.floors[0].communes
    floor = Floor("tỉ lệ", far, 0.25, "share")
    problem = pose(**tables, limits=Limits(money=250, weeks=6, floors=(floor,)))
    top = tables["communes"]["score"].drop(list(far)).idxmax()
    free = replace(problem, limits=Limits(money=250, weeks=6))
    without = hand_plans(free, tables["communes"]["score"])
    for name, plan in hand_plans(problem, tables["communes"]["score"], pd.Series({top: 3.0})).items():
        held = pd.Series(np.bincount(problem.arcs.commune, plan, 40), problem.communes.index)
        assert held[list(far)].sum() >= 0.25 * held.sum() - 1e-9, name
        if name == "last_year":
            assert held[top] == limits.weeks
        else:
            assert plan.sum() >= 0.8 * without[name].sum(), name


def test_regions_give_the_same_bound_as_the_whole(county, monkeypatch):
    tables, limits = county
    codes = tables["communes"].index
    twice = {
        "communes": pd.concat([tables["communes"], tables["communes"].rename(lambda code: "x" + code)]),
        "teams": pd.concat([tables["teams"], tables["teams"].rename(lambda team: "x" + team)]),
        "types": tables["types"],
    }
    empty = pd.DataFrame(np.nan, tables["hours"].index, ["x" + code for code in codes])
    other = tables["hours"].rename(lambda t: "x" + t).rename(columns=lambda c: "x" + c)
    twice["hours"] = pd.concat([tables["hours"].join(empty), other])
    posed = program.build(pose(**twice, limits=replace(limits, money=400)))
    regions, common = relaxation.split(posed)
    busy = [region for region in regions if (region < posed.arcs).any()]
    assert len(busy) == 2
    assert {posed.rows[row].kind for row in common} == {"money", "volunteers", "floor"}
    whole = relaxation.relax(posed)
    monkeypatch.setattr(relaxation, "FEW_ARCS", 0)
    parts = relaxation.relax(posed, close=1e-6)
    assert parts.feasible
    assert whole.bound == pytest.approx(parts.bound, rel=1e-5)
    assert parts.bound >= whole.bound * (1 - 1e-9)
    assert posed.program.relaxed().holds(parts.x, 1e-5)


def test_no_time_still_gives_a_plan(solved):
    problem, best = solved
    quick = optimum.optimise(problem, gap=0, seconds=0.02)
    assert optimum.keeps_everything(problem, quick.sessions)
    assert quick.value <= best.bound * (1 + 1e-9)
    assert quick.bound >= best.value * (1 - 1e-9)


def test_envelope_is_tight_and_never_below():
    starts, slopes = program.envelope(2.0)
    u = np.linspace(1e-4, 2.0, 2000)
    ends = np.append(starts[1:], np.inf)
    line = sum(
        slope * np.clip(u - start, 0, end - start) for start, end, slope in zip(starts, ends, slopes, strict=True)
    )
    excess = line / -np.expm1(-u) - 1
    assert excess.min() >= -1e-9
    assert excess.max() <= program.ENVELOPE_ERROR * 1.01


def test_greedy_takes_what_fits():
    problem = small()
    plan = fill.greedy(problem)
    assert optimum.keeps_everything(problem, plan)
    left = problem.limits.money - plan @ problem.arcs.money
    days = problem.teams["days"].to_numpy() - np.bincount(problem.arcs.team, plan * problem.arcs.days, 2)
    held = np.bincount(problem.arcs.commune, plan, 4)
    for arc in range(len(problem.arcs)):
        full = held[problem.arcs.commune[arc]] >= problem.limits.cap
        assert full or problem.arcs.money[arc] > left or problem.arcs.days[arc] > days[problem.arcs.team[arc]]
