"""Distances and features, against slow and plain ways to the same number."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Geod

from geo.base.distance import nearest, within
from geo.layers import features

GEOD = Geod(ellps="WGS84")
VIETNAM = st.tuples(st.floats(102, 115), st.floats(7, 23.5))
POINTS = st.lists(VIETNAM, min_size=1, max_size=12).map(lambda points: np.array(points, dtype=float))


@given(POINTS, POINTS)
def test_the_nearest_is_the_geodesic_nearest_within_0_6_percent(points: np.ndarray, targets: np.ndarray) -> None:
    distance, which = nearest(points, targets)
    for point, got, index in zip(points, distance, which, strict=True):
        geodesic = [GEOD.inv(*point, *target)[2] / 1000 for target in targets]
        assert got == pytest.approx(geodesic[index], rel=0.006, abs=1e-3)
        assert geodesic[index] <= min(geodesic) * 1.012 + 1e-3


@given(POINTS, POINTS, st.floats(5, 300))
def test_within_finds_what_a_plain_loop_finds(points: np.ndarray, targets: np.ndarray, radius: float) -> None:
    for point, (which, distance) in zip(points, within(points, targets, radius), strict=True):
        alone = np.array([nearest(point[None], target[None])[0][0] for target in targets])
        assert set(np.flatnonzero(alone < radius - 1e-6)) <= set(which) <= set(np.flatnonzero(alone < radius + 1e-6))
        assert np.allclose(alone[which], distance, atol=1e-6)


@given(POINTS, POINTS, st.floats(1, 100))
def test_nearness_lies_between_0_and_1_and_more_targets_never_lower_it(points, targets, half) -> None:
    all_targets = features.proximity(points, targets, half)
    assert ((all_targets >= 0) & (all_targets <= 1)).all()
    assert (features.proximity(points, targets[:1], half) <= all_targets + 1e-12).all()
    assert (features.density(points, targets[:1], 50) <= features.density(points, targets, 50) + 1e-12).all()


def test_a_longer_half_distance_means_nearer() -> None:
    points, targets = np.array([[106.0, 21.0]]), np.array([[106.5, 21.0]])
    assert features.proximity(points, targets, 40) > features.proximity(points, targets, 20)


def test_missing_points_and_no_targets_stay_missing() -> None:
    points = np.array([[np.nan, np.nan], [106.0, 21.0]])
    none = np.empty((0, 2))
    assert np.isnan(features.proximity(points, none, 20)).all()
    assert np.isnan(features.density(points, points[1:], 20)).tolist() == [True, False]
    assert np.isnan(features.gravity(points, points[1:], [3.0], 20)).tolist() == [True, False]
    assert np.isnan(features.line_distance(points, shapely.LineString([(105, 20), (105, 22)]))).tolist() == [
        True,
        False,
    ]


def test_gravity_adds_decayed_masses() -> None:
    here = np.array([[106.0, 21.0]])
    there = np.array([[106.0, 21.0], [106.0, 21.0 + 20 / 111.195]])
    assert features.gravity(here, there, [100, 50], 20)[0] == pytest.approx(125, rel=1e-3)
    assert features.gravity(here, there, [100, np.nan], 20)[0] == pytest.approx(100)


@given(arrays(float, (5, 2), elements=st.floats(-0.4, 0.4)))
def test_distance_to_a_line_is_the_distance_to_its_nearest_segment(offsets: np.ndarray) -> None:
    line = shapely.LineString([(105.2, 21), (105.6, 21.3), (106.1, 21.1)])
    points = offsets + np.array([105.6, 21.1])
    got = features.line_distance(points, shapely.MultiLineString([line]))
    along = shapely.get_coordinates(shapely.segmentize(line, 0.001))
    plain = [min(GEOD.inv(*point, *vertex)[2] for vertex in along) / 1000 for point in points]
    assert np.allclose(got, plain, rtol=0.004, atol=0.06)
