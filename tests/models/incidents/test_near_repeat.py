"""Knox: counts by a double loop, simulated near repeats found, chance and mere clustering not."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geo.base.errors import InputError
from models.incidents import near_repeat
from models.incidents.near_repeat import knox

DEGREE_KM = 111.2


def scattered(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.uniform([105.9, 20.9], [106.1, 21.1], (n, 2)), generator.uniform(0, 365, n)


def test_pairs_are_counted_as_a_double_loop_counts_them() -> None:
    points, days = scattered(60, 1)
    one, other, near = near_repeat._close(points, np.array([0.0, 2.0, 5.0]))
    found = near_repeat._counts(days, one, other, near, np.array([0.0, 30.0, 90.0]), (2, 2))
    expected = np.zeros((2, 2))
    for first in range(60):
        for second in range(first):
            km = Geod(ellps="WGS84").inv(*points[first], *points[second])[2] / 1000
            apart = abs(days[first] - days[second])
            if km <= 5 and apart <= 90:
                expected[int(km > 2), int(apart > 30)] += 1
    assert np.abs(found - expected).sum() <= 2, "a pair on an edge may fall to either side"
    assert found.sum() == pytest.approx(expected.sum(), abs=1)


def test_simulated_near_repeats_are_found_in_their_band_only() -> None:
    points, days = scattered(150, 2)
    generator = np.random.default_rng(3)
    again = points + generator.normal(0, 0.4 / DEGREE_KM, points.shape)
    table = knox(
        np.concatenate([points, again]),
        np.concatenate([days, days + generator.uniform(1, 12, 150)]),
        permutations=199,
    )
    first = table[(table["to_km"] == 1) & (table["to_days"] == 14)].iloc[0]
    assert first["ratio"] > 2 and first["p"] <= 0.01
    far = table[(table["from_km"] == 2) & (table["from_days"] == 28)].iloc[0]
    assert far["ratio"] < 1.3


def test_chance_is_not_taken_for_near_repeats() -> None:
    small = [
        knox(*scattered(150, 100 + seed), within_km=[2], within_days=[28], permutations=99)["p"][0]
        for seed in range(40)
    ]
    assert np.mean(np.array(small) <= 0.05) <= 0.15


def test_places_with_many_incidents_all_year_are_no_near_repeats() -> None:
    """Clustered in space and, apart from that, in time: nothing follows anything."""
    generator = np.random.default_rng(4)
    alarms = []
    for _ in range(15):
        centres = generator.uniform([105.9, 20.9], [106.1, 21.1], (5, 2))
        points = centres[generator.integers(0, 5, 200)] + generator.normal(0, 0.005, (200, 2))
        days = np.where(generator.random(200) < 0.5, generator.normal(180, 10, 200), generator.uniform(0, 365, 200))
        alarms.append(knox(points, days, within_km=[1], within_days=[14], permutations=99)["p"][0] <= 0.05)
    assert np.mean(alarms) <= 0.2


def test_the_same_seed_gives_the_same_result_and_the_order_of_incidents_hardly_matters() -> None:
    points, days = scattered(120, 5)
    one = knox(points, days, permutations=99, seed=1)
    pd.testing.assert_frame_equal(one, knox(points, days, permutations=99, seed=1))
    turned = knox(points[::-1], days[::-1], permutations=99, seed=1)
    np.testing.assert_allclose(one["ratio"], turned["ratio"], atol=0.15)


def test_figures_about_few_pairs_are_hidden() -> None:
    points, days = scattered(40, 6)
    table = knox(points, days, within_km=[0.2, 20.0], within_days=[1.0, 60.0], permutations=19)
    assert table["ratio"].isna().any()
    assert (table["ratio"].isna() == table["p"].isna()).all()
    assert set(table.columns) == {"from_km", "to_km", "from_days", "to_days", "ratio", "p"}, "no counts"


def test_what_is_too_little_is_refused() -> None:
    points, days = scattered(19, 7)
    with pytest.raises(InputError, match="at least 20") as refused:
        knox(points, days)
    assert "19" not in str(refused.value), "the count itself is small and not told"
    with pytest.raises(InputError, match="within_km"):
        knox(*scattered(30, 8), within_km=[5, 2])
