"""PAI, PEI and RRI by hand and by properties; nothing small shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.incidents.hits import compared, hits, later_hits

FOUND = np.array([30.0, 20, 12, 0, 0, 0, 18, 0, 0, 20])


def test_pai_and_pei_by_hand() -> None:
    table = compared(FOUND, {"good": FOUND, "other": np.arange(10.0)}, [0.2, 0.4], 10).set_index(["method", "share"])
    assert table.loc[("good", 0.2), "pai"] == pytest.approx(50 / 100 / 0.2)
    assert table.loc[("good", 0.2), "pei"] == 1
    assert table.loc[("other", 0.2), "pai"] == pytest.approx(20 / 100 / 0.2)
    assert table.loc[("other", 0.2), "pei"] == pytest.approx(20 / 50)


def test_rri_by_hand() -> None:
    before, after = np.array([40.0, 20, 20, 20]), np.array([20.0, 30, 25, 25])
    assert later_hits(before, after, {"x": np.array([4.0, 3, 2, 1])}, [0.25], 10).tolist() == [0.5]


@given(st.integers(0, 2**32 - 1))
def test_ties_count_in_proportion_so_a_flat_ranking_is_chance(seed: int) -> None:
    found = np.random.default_rng(seed).poisson(3.0, 50).astype(float)
    assert hits(found, np.zeros(50), [0.1, 0.5]) == pytest.approx(found.sum() * np.array([0.1, 0.5]))


@given(st.integers(0, 2**32 - 1))
def test_no_ranking_beats_the_counts_themselves_and_order_is_all_that_matters(seed: int) -> None:
    generator = np.random.default_rng(seed)
    found, ranking = generator.poisson(4.0, 60).astype(float), generator.normal(size=60)
    shares = [0.1, 0.3]
    assert (hits(found, ranking, shares) <= hits(found, found, shares) + 1e-9).all()
    assert hits(found, ranking, shares) == pytest.approx(hits(found, np.exp(ranking), shares))


def test_cells_without_a_value_come_last() -> None:
    assert hits(FOUND, np.where(FOUND == 30, np.nan, FOUND), [0.1]).tolist() == [20]


def test_random_rankings_are_around_one_and_seldom_above_chance() -> None:
    generator = np.random.default_rng(0)
    found = generator.poisson(1.0, 400).astype(float)
    table = compared(found, {str(draw): generator.normal(size=400) for draw in range(60)}, [0.2], 10)
    assert table["pai"].mean() == pytest.approx(1, abs=0.05)
    assert (table["pai"] > table["chance"]).mean() < 0.1


@given(st.lists(st.integers(0, 30), min_size=20, max_size=20), st.integers(1, 12))
def test_no_difference_of_shown_shares_is_about_fewer_than_k(counts: list[int], k: int) -> None:
    found = np.array(counts, dtype=float) + 1
    shares = [0.1, 0.2, 0.4, 0.8]
    table = compared(found, {"x": np.arange(20.0)}, shares, k)
    inside = hits(found, np.arange(20.0), shares)
    shown = [0.0, *inside[table["pai"].notna()], found.sum()]
    if len(shown) > 2:
        assert (np.diff(shown) >= k).all()
    assert (table["pai"].isna() == table["pei"].isna()).all()
