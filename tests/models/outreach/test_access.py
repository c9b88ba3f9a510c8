import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.base.errors import InputError
from models.outreach.access import Catchment, SpeedModel, floating_catchment, remote_share, travel_hours

STEPPED = Catchment(most=0.5, decay="stepped")


def test_stepped_by_hand():
    """Thirds of half an hour are the zones of ten minutes of the paper."""
    hours = pd.DataFrame({"a": [5, 25], "b": [15, 5], "c": [40, 12]}, index=["x", "y"]) / 60
    people, teams = pd.Series({"a": 1000, "b": 2000, "c": 3000}), pd.Series({"x": 6.0, "y": 9.0})
    x = 6 / (1000 * 1 + 2000 * 0.68)
    y = 9 / (1000 * 0.22 + 2000 * 1 + 3000 * 0.68)
    found = floating_catchment(hours, teams, people, STEPPED) / 10_000
    assert found["a"] == pytest.approx(x + 0.22 * y)
    assert found["b"] == pytest.approx(0.68 * x + y)
    assert found["c"] == pytest.approx(0.68 * y)


def test_gaussian_by_hand():
    weight = Catchment(most=2.0).weight(np.array([0.0, 1.0, 2.0, 2.1]))
    half = (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5))
    assert weight == pytest.approx([1.0, half, 0.0, 0.0])


@given(st.integers(0, 2**31), st.sampled_from(["gaussian", "stepped"]))
def test_access_times_people_is_the_capacity(seed, decay):
    rng = np.random.default_rng(seed)
    hours = pd.DataFrame(rng.uniform(0, 1.4, (4, 9)))
    people, teams = pd.Series(rng.uniform(100, 9000, 9)), pd.Series(rng.uniform(0, 50, 4))
    found = floating_catchment(hours, teams, people, Catchment(decay=decay))
    assert (found * people).sum() / 10_000 == pytest.approx(teams.sum())
    doubled = floating_catchment(hours, 2 * teams, people, Catchment(decay=decay))
    assert doubled.to_numpy() == pytest.approx(2 * found.to_numpy())


def test_where_no_team_goes_access_is_none():
    hours = pd.DataFrame({"a": [0.1], "b": [np.nan]}, index=["x"])
    found = floating_catchment(hours, pd.Series({"x": 3.0}), pd.Series({"a": 100.0, "b": 100.0}))
    assert found["a"] > 0
    assert found["b"] == 0


def test_a_team_without_capacity_is_named():
    hours = pd.DataFrame({"a": [0.1]}, index=["x"])
    with pytest.raises(InputError, match=r"\[x\]"):
        floating_catchment(hours, pd.Series({"y": 3.0}), pd.Series({"a": 100.0}))


PLACES = pd.DataFrame(
    {"lat": [21.0, 21.0, 21.0], "lon": [106.0, 106.2, 107.5], "province_code": ["01", "02", "01"]}, index=list("abc")
)


def test_hours_by_hand():
    found = travel_hours(PLACES.loc[["a"], ["lat", "lon"]], PLACES, most=2.0)
    distance = 2 * 6371.0088 * np.arcsin(np.cos(np.radians(21)) * np.sin(np.radians(0.1)))
    assert found.loc["a", "a"] == pytest.approx(0.1)
    assert found.loc["a", "b"] == pytest.approx(0.1 + distance * 1.3 / 40)
    assert np.isnan(found.loc["a", "c"])


def test_remote_ground_takes_longer_and_measured_ways_win():
    base = PLACES.loc[["a"], ["lat", "lon"]]
    plain, remote = travel_hours(base, PLACES), travel_hours(base, PLACES.assign(remote=1.0))
    assert remote.loc["a", "b"] > plain.loc["a", "b"]
    given = pd.DataFrame({"b": [0.25], "c": [2.0]}, index=["a"])
    measured = travel_hours(base, PLACES, measured_hours=given)
    assert measured.loc["a"].tolist() == [0.1, 0.25, 2.0]


def test_a_base_of_a_province_serves_that_province():
    base = PLACES.loc[["a"]]
    assert travel_hours(base, PLACES).loc["a"].notna().tolist() == [True, False, False]
    anywhere = base.assign(province_code=None)
    assert travel_hours(anywhere, PLACES).loc["a"].notna().tolist() == [True, True, False]


def test_speed_model_is_replaceable():
    base = PLACES.loc[["a"], ["lat", "lon"]]
    slow = travel_hours(base, PLACES, model=SpeedModel(speed=20, speed_remote=10))
    assert slow.loc["a", "b"] > travel_hours(base, PLACES).loc["a", "b"]


def test_unknown_remoteness_of_a_place_stays_unknown():
    assert remote_share(pd.Series([np.nan])).isna().all()
