from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.base.errors import InputError
from models.planning import facility


@pytest.fixture(scope="module")
def city(shared: Path) -> tuple[pd.DataFrame, pd.Series]:
    long = pd.read_csv(shared / "reference" / "sf_network_distance.csv")
    cost = long.pivot_table(index="DestinationName", columns="name", values="distance")
    demand = pd.read_csv(shared / "reference" / "sf_demand_205.csv").set_index("NAME")["POP2000"].astype(float)
    return cost, demand.reindex(cost.index)


@pytest.mark.reference
class TestSanFrancisco:
    """Published results of 205 tracts and 16 stores, as the reference material states them."""

    def test_set_covering(self, city):
        found = facility.set_covering(city[0], 5000)
        assert len(found.sites) == found.objective == found.bound == 8
        assert found.share.eq(1).all()

    def test_maximal_covering(self, city):
        found = facility.maximal_covering(*city, radius=5000, sites=4)
        assert round(found.objective) == 875_247
        assert found.share.mean() == pytest.approx(0.89756, abs=5e-6)  # of the tracts: 184 of 205
        assert found.gap == 0

    def test_greedy(self, city):
        assert round(facility.greedy_covering(*city, radius=5000, sites=4).objective) == 872_611

    def test_p_median(self, city):
        found = facility.p_median(*city, sites=4)
        assert found.objective == pytest.approx(2_848_268_129.71, abs=0.01)
        assert found.gap <= 1e-9

    def test_p_center(self, city):
        assert facility.p_center(city[0], sites=4).objective == pytest.approx(7_403.06, abs=0.005)

    def test_capacity_without_limit_is_maximal_covering(self, city):
        cost, people = city
        room = pd.Series(people.sum(), cost.columns)
        found = facility.capacitated_covering(cost, people, 5000, 4, room)
        assert round(found.objective) == 875_247


@st.composite
def towns(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    demands, places = draw(st.integers(2, 8)), draw(st.integers(2, 5))
    cost = pd.DataFrame(rng.integers(0, 20, (demands, places)).astype(float))
    return cost, pd.Series(rng.integers(0, 50, demands).astype(float)), draw(st.integers(1, places))


def best_of(cost, sites, worth):
    return [worth(cost.to_numpy()[:, list(chosen)]) for chosen in combinations(range(cost.shape[1]), sites)]


@given(towns())
@settings(max_examples=30)
def test_against_every_choice(town):
    cost, people, sites = town
    weights = people.to_numpy()
    covered = max(best_of(cost, sites, lambda part: weights[(part <= 8).any(axis=1)].sum()))
    assert facility.maximal_covering(cost, people, 8, sites).objective == pytest.approx(covered)
    assert facility.greedy_covering(cost, people, 8, sites).objective <= covered + 1e-9
    assert facility.greedy_covering(cost, people, 8, sites).bound >= covered - 1e-9
    median = min(best_of(cost, sites, lambda part: weights @ part.min(axis=1)))
    assert facility.p_median(cost, people, sites).objective == pytest.approx(median)
    center = min(best_of(cost, sites, lambda part: part.min(axis=1).max()))
    assert facility.p_center(cost, sites).objective == center


@given(towns())
@settings(max_examples=20)
def test_set_covering_against_every_choice(town):
    cost, _, _ = town
    radius = float(cost.min(axis=1).max())
    fewest = next(
        count
        for count in range(1, cost.shape[1] + 1)
        if min(best_of(cost, count, lambda part: part.min(axis=1).max())) <= radius
    )
    assert facility.set_covering(cost, radius).objective == fewest


def test_capacity_binds():
    cost = pd.DataFrame({"x": [1.0, 1.0], "y": [9.0, 1.0]}, index=["a", "b"])
    people = pd.Series([60.0, 60.0], ["a", "b"])
    room = pd.Series({"x": 80.0, "y": 30.0})
    one = facility.capacitated_covering(cost, people, 5, 1, room)
    assert (one.objective, one.sites) == (80.0, ("x",))
    two = facility.capacitated_covering(cost, people, 5, 2, room)
    assert two.objective == 110.0
    assert (two.share * people).sum() == pytest.approx(110.0)


def test_faults_name_the_places():
    cost = pd.DataFrame({"x": [1.0, np.nan]}, index=["a", "b"])
    with pytest.raises(InputError, match=r"\[b\]"):
        facility.set_covering(cost, 5)
    with pytest.raises(InputError, match=r"\[b\]"):
        facility.p_median(cost, pd.Series([1.0, 1.0], ["a", "b"]), 1)
    with pytest.raises(InputError, match=r"\[b\]"):
        facility.maximal_covering(cost, pd.Series({"a": 1.0}), 5, 1)
    with pytest.raises(InputError, match="between 1 and 1"):
        facility.maximal_covering(cost, pd.Series({"a": 1.0, "b": 1.0}), 5, 2)


def test_too_few_sites():
    cost = pd.DataFrame({"x": [1.0, np.nan], "y": [np.nan, 1.0]}, index=["a", "b"])
    with pytest.raises(InputError, match="too few"):
        facility.p_center(cost, 1)
    with pytest.raises(InputError, match="too few"):
        facility.p_median(cost, pd.Series([1.0, 1.0], ["a", "b"]), 1)


@pytest.mark.reference
def test_the_same_as_spopt(city):
    """A second opinion where the library is installed: another formulation, another solver."""
    locate, pulp = pytest.importorskip("spopt.locate"), pytest.importorskip("pulp")
    cost, people = city
    solver = pulp.PULP_CBC_CMD(msg=False)
    for sites, radius in ((2, 4000.0), (6, 3000.0)):
        theirs = locate.MCLP.from_cost_matrix(cost.to_numpy(), people.to_numpy(), radius, sites).solve(solver)
        ours = facility.maximal_covering(cost, people, radius, sites)
        assert ours.objective == pytest.approx(theirs.problem.objective.value())
