"""Hot spots against published figures, against all rearrangements of a small example, and by properties."""

from itertools import permutations as rearrangements

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from geo.base.errors import InputError
from models.patterns.hotspots import HOT_CLASSES, adjusted, hot_spots, local_moran, moran

# the example in the documentation of esda.G_Local: six points, neighbours within 15
POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = pd.Series([2, 3, 3.2, 5, 8, 7])
PUBLISHED_Z = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]


def within(points: np.ndarray, reach: float) -> sparse.csr_array:
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    return sparse.csr_array(((distance <= reach) & (distance > 0)).astype(float))


def grid(side: int) -> sparse.csr_array:
    places = np.array([(x, y) for y in range(side) for x in range(side)], dtype=float)
    return within(places, 1.5)


def bump(side: int, noise: float = 0.3, seed: int = 0) -> pd.Series:
    """A plain with noise, a hill in one corner and a hollow in the other."""
    y, x = np.divmod(np.arange(side * side), side)
    hill = 3.0 * ((x < 5) & (y < 5)) - 3.0 * ((x >= side - 5) & (y >= side - 5))
    return pd.Series(hill + np.random.default_rng(seed).normal(0, noise, side * side))


def test_gi_star_is_the_published_one() -> None:
    found = hot_spots(VALUES, within(POINTS, 15))
    np.testing.assert_allclose(found["z"], PUBLISHED_Z, atol=1e-8)


def test_local_moran_has_the_published_quadrants() -> None:
    """The ten counties of de Smith et al., Geospatial Analysis, in esda's documentation (1 HH, 2 LH, 3 LL, 4 HL)."""
    libpysal = pytest.importorskip("libpysal")
    weights = libpysal.io.open(libpysal.examples.get_path("desmith.gal")).read()
    values = pd.Series(libpysal.io.open(libpysal.examples.get_path("desmith.txt")).by_col["z"], dtype=float)
    found = local_moran(values, weights.sparse, level=1.0)["class"]
    names = {1: "high_high", 2: "low_high", 3: "low_low", 4: "high_low"}
    assert found.tolist() == [names[quadrant] for quadrant in (4, 4, 4, 2, 3, 3, 1, 4, 3, 3)]


def test_esda_finds_the_same_statistics() -> None:
    esda = pytest.importorskip("esda")
    from libpysal.graph import Graph

    values, links = bump(12), grid(12)
    graph = Graph.from_sparse(links)
    expected = esda.G_Local(values.to_numpy(), graph, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(hot_spots(values, links)["z"], expected.Zs, atol=1e-10)
    local = esda.Moran_Local(values.to_numpy(), graph, permutations=0)
    np.testing.assert_allclose(local_moran(values, links, permutations=9)["i"], local.Is, atol=1e-10)
    whole = esda.Moran(values.to_numpy(), graph, permutations=0)
    assert moran(values, links, permutations=9)[0] == pytest.approx(whole.I)


def test_p_agrees_with_all_rearrangements_of_the_other_units() -> None:
    links = within(POINTS, 15).toarray()
    x = VALUES.to_numpy()
    found = local_moran(VALUES, links, permutations=20_000, seed=1)["p"]
    for unit in range(len(x)):
        others = np.delete(np.arange(len(x)), unit)
        sums = []
        for order in rearrangements(x[others]):
            mixed = x.copy()
            mixed[others] = order
            sums.append(links[unit] @ mixed)
        observed = links[unit] @ x
        low, high = np.mean(np.array(sums) <= observed + 1e-9), np.mean(np.array(sums) >= observed - 1e-9)
        assert found[unit] == pytest.approx(min(1.0, 2 * min(low, high)), abs=0.02)


def test_permuted_p_follows_the_normal_one_where_neighbours_are_many() -> None:
    """Given the unit's own value, the neighbours are a simple random sample of the others (finite population)."""
    places = np.random.default_rng(5).uniform(0, 10, (150, 2))
    x = np.random.default_rng(6).normal(size=150)
    links = within(places, 3.0).toarray()
    found = hot_spots(pd.Series(x), links, permutations=9999)["p"]
    for unit in range(0, 150, 10):
        others, count = np.delete(x, unit), links[unit].sum()
        spread = np.sqrt(count * others.var(ddof=1) * (1 - count / len(others)))
        expected = 2 * stats.norm.sf(abs(links[unit] @ x - count * others.mean()) / spread)
        assert found[unit] == pytest.approx(expected, abs=0.03)


def test_a_hill_is_hot_and_a_hollow_cold() -> None:
    side = 20
    found = hot_spots(bump(side), grid(side))["class"]
    inner = [y * side + x for y in range(1, 4) for x in range(1, 4)]
    assert (found[inner] == "hot_99").all()
    assert (found[[side * side - 1 - unit for unit in inner]] == "cold_99").all()
    clusters = local_moran(bump(side), grid(side))["class"]
    assert (clusters[inner] == "high_high").all()
    middle = side // 2 * side + side // 2
    assert found[middle] == clusters[middle] == "not_significant"


def test_a_high_unit_among_low_ones_is_an_outlier() -> None:
    values = bump(20)
    lone = 19 * 20 - 3
    values[lone] = 4.0
    assert local_moran(values, grid(20))["class"][lone] == "high_low"


def test_chance_alone_gives_no_hot_spots_and_adjusting_is_why() -> None:
    false_alarms, unadjusted = [], []
    for seed in range(20):
        values = pd.Series(np.random.default_rng(seed).normal(size=400))
        false_alarms.append(hot_spots(values, grid(20))["class"].str.match("hot_9[59]|cold_9[59]").any())
        unadjusted.append(hot_spots(values, grid(20), adjust=False)["class"].str.match("hot_9[59]|cold_9[59]").mean())
    assert np.mean(false_alarms) <= 0.2
    assert 0.03 < np.mean(unadjusted) < 0.07


def test_units_without_neighbours_or_without_a_value_say_so() -> None:
    links = grid(10).tolil()
    links[0] = 0
    links[:, 0] = 0
    values = bump(10)
    values[55] = np.nan
    for found in (hot_spots(values, links), local_moran(values, links)):
        assert found["class"][0] == "no_neighbours"
        assert found["class"][55] == "missing"
        assert found.loc[[0, 55], found.columns[1]].isna().all(), "never 0"
        assert found.loc[[0, 55], "p"].isna().all()
        assert found["neighbours"][0] == 0 and found["neighbours"].isna()[55]
        assert found["neighbours"][56] == 7, "a unit without a value is nobody's neighbour"


def test_a_unit_whose_neighbours_all_lack_a_value_has_no_neighbours() -> None:
    values = bump(10)
    values[[1, 10, 11]] = np.nan
    assert hot_spots(values, grid(10))["class"][0] == "no_neighbours"


def test_the_same_seed_gives_the_same_result() -> None:
    links = grid(8)
    one = local_moran(bump(8), links, permutations=499, seed=7)
    pd.testing.assert_frame_equal(one, local_moran(bump(8), links, permutations=499, seed=7))
    assert (one["p"] != local_moran(bump(8), links, permutations=499, seed=8)["p"]).any()


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 1e4), st.floats(-1e4, 1e4))
def test_units_of_measure_do_not_matter_and_inputs_are_left_alone(seed: int, scale: float, shift: float) -> None:
    values = pd.Series(np.random.default_rng(seed).normal(size=36))
    before = values.copy()
    links = grid(6)
    one, other = hot_spots(values, links), hot_spots(values * scale + shift, links)
    np.testing.assert_allclose(one["z"], other["z"], atol=1e-6)
    np.testing.assert_allclose(one["z"], -hot_spots(-values, links)["z"], atol=1e-9)
    pd.testing.assert_series_equal(values, before)
    assert set(one["class"]) <= set(HOT_CLASSES)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_are_larger_and_keep_the_order(given_p: list[float]) -> None:
    p = np.array(given_p)
    found = adjusted(p)
    assert (found >= p - 1e-12).all() and (found <= 1 + 1e-12).all()
    order = np.argsort(p)
    assert (np.diff(found[order]) >= -1e-12).all()
    # the rule itself: reject the k smallest, k the last with p_(k) <= k / m * level
    ranked = np.sort(p)
    passing = np.flatnonzero(ranked <= np.arange(1, len(p) + 1) / len(p) * 0.05)
    assert (found <= 0.05).sum() == (passing[-1] + 1 if len(passing) else 0)


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="same value"):
        hot_spots(pd.Series(np.ones(9)), grid(3))
    with pytest.raises(InputError, match="9 units"):
        hot_spots(pd.Series(np.arange(9.0)), grid(4))
    with pytest.raises(InputError, match="at least 3"):
        hot_spots(pd.Series([1.0, 2.0] + [np.nan] * 7), grid(3))
    with pytest.raises(InputError, match="permutations"):
        local_moran(pd.Series(np.arange(9.0)), grid(3), permutations=0)
