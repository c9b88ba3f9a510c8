"""Yardsticks of a score: against definitions by hand, and by properties."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.validity.agreement import auc, by_province, inside_share, top, top_share

lists = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 4), st.integers(0, 1)), min_size=2)


def columns(rows: list[tuple[int, bool, int, int]]) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    frame = pd.DataFrame(rows, columns=["score", "member", "cluster", "group"])
    return frame["score"].astype(float), frame["member"], frame["cluster"], frame["group"]


def by_hand(scores: pd.Series, members: pd.Series, same: pd.Series | None = None) -> float:
    """Count every pair."""
    pairs = [
        1.0 if scores[one] > scores[other] else 0.5 if scores[one] == scores[other] else 0.0
        for one, other in product(scores.index[members], scores.index[~members])
        if same is None or same[one] == same[other]
    ]
    return float(np.mean(pairs)) if pairs else np.nan


@settings(max_examples=40)
@given(lists)
def test_the_chance_is_that_of_all_pairs_counted(rows: list[tuple[int, bool, int, int]]) -> None:
    scores, members, clusters, group = columns(rows)
    assert auc(scores, members, draws=0).value == pytest.approx(by_hand(scores, members), nan_ok=True)
    assert auc(scores, members, clusters, draws=0).value == pytest.approx(by_hand(scores, members), nan_ok=True)
    found = auc(scores, members, clusters, within=group, draws=0).value
    assert found == pytest.approx(by_hand(scores, members, group), nan_ok=True)


@settings(max_examples=20)
@given(lists)
def test_turned_round_the_chance_is_the_rest(rows: list[tuple[int, bool, int, int]]) -> None:
    scores, members, clusters, _ = columns(rows)
    one, other = auc(scores, members, clusters, draws=0).value, auc(-scores, members, clusters, draws=0).value
    assert other == pytest.approx(1 - one, nan_ok=True)
    assert auc(np.exp(scores / 3), members, draws=0).value == pytest.approx(one, nan_ok=True)


def test_rounding_noise_breaks_no_ties() -> None:
    scores = pd.Series([0.1 + 0.2, 0.3])
    assert auc(scores, pd.Series([True, False]), draws=0).value == 0.5


def test_what_a_list_does_not_speak_of_and_what_has_no_score_is_left_out() -> None:
    scores = pd.Series([5.0, 1.0, 9.0, np.nan, 3.0])
    members = pd.Series([True, False, None, False, False], dtype="boolean")
    found = auc(scores, members, draws=0)
    assert (found.value, found.count, found.total) == (1.0, 1, 3)


def sample(clusters: int = 20, size: int = 12, between: float = 3.0, seed: int = 0) -> tuple[pd.Series, ...]:
    """Return scores that differ by cluster, and which clusters are members."""
    generator = np.random.default_rng(seed)
    cluster = pd.Series(np.repeat(np.arange(clusters), size))
    scores = pd.Series(generator.normal(0, 1, len(cluster)) + between * generator.normal(0, 1, clusters)[cluster])
    return scores, cluster % 2 == 0, cluster


def test_the_interval_is_the_same_every_time_and_holds_the_value() -> None:
    scores, members, clusters = sample()
    one, again = (auc(scores, members, clusters, draws=400) for _ in range(2))
    assert (one.low, one.high) == (again.low, again.high)
    assert one.low <= one.value <= one.high
    assert auc(scores, members, clusters, draws=400, seed=1).low != one.low


def test_drawing_clusters_is_wider_than_drawing_units_that_are_alike() -> None:
    scores, members, clusters = sample()
    whole = auc(scores, members, clusters, draws=400)
    alone = auc(scores, members, draws=400)
    assert whole.value == pytest.approx(alone.value)
    assert whole.high - whole.low > 1.5 * (alone.high - alone.low)


def test_the_interval_holds_what_drawing_again_by_hand_gives() -> None:
    scores, members, clusters = sample(clusters=8)
    generator, values = np.random.default_rng(5), []
    inside, outside = clusters[members].unique(), clusters[~members].unique()
    for _ in range(400):
        drawn = np.concatenate([generator.choice(part, len(part)) for part in (inside, outside)])
        rows = np.concatenate([clusters.index[clusters == cluster] for cluster in drawn])
        values.append(by_ranks(scores[rows].to_numpy(), members[rows].to_numpy()))
    found = auc(scores, members, clusters, draws=4000)
    assert [found.low, found.high] == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=0.05)


def by_ranks(scores: np.ndarray, members: np.ndarray) -> float:
    ranks = pd.Series(scores).rank().to_numpy()
    number = members.sum()
    return float((ranks[members].sum() - number * (number + 1) / 2) / (number * (~members).sum()))


def test_too_few_clusters_give_no_interval() -> None:
    scores, members = pd.Series([1.0, 2.0, 3.0, 4.0]), pd.Series([True, True, False, False])
    found = auc(scores, members, pd.Series([0, 0, 1, 2]))
    assert np.isnan(found.low) and found.value == 0.0
    mixed = auc(scores, pd.Series([True, False, True, False]), pd.Series([0, 0, 1, 1]), draws=50)
    assert np.isfinite(mixed.low), "clusters may hold both"
    assert np.isnan(auc(scores, pd.Series([True] * 4)).value)


@settings(max_examples=25)
@given(lists)
def test_the_share_inside_is_that_of_sums_of_squares(rows: list[tuple[int, bool, int, int]]) -> None:
    scores, _, areas, _ = columns(rows)
    whole = ((scores - scores.mean()) ** 2).sum()
    own = ((scores - scores.groupby(areas).transform("mean")) ** 2).sum()
    expected = own / whole if whole > 1e-9 else np.nan
    assert inside_share(scores, areas, draws=0).value == pytest.approx(expected, nan_ok=True)


def test_the_share_inside_is_none_between_and_all_inside() -> None:
    areas = pd.Series([*"aabb"])
    assert inside_share(pd.Series([1.0, 1.0, 5.0, 5.0]), areas, draws=0).value == 0
    assert inside_share(pd.Series([1.0, 5.0, 1.0, 5.0]), areas, draws=0).value == 1
    low, high = (inside_share(sample(between=scale)[0], sample()[2], draws=200) for scale in (3.0, 0.3))
    assert low.high < high.low and low.low <= low.value <= low.high


def test_the_top_is_so_many_units_and_ties_at_its_edge_count() -> None:
    scores = pd.Series([9.0, 8.0, 7.0, 7.0, 1.0, np.nan])
    assert top(scores, 1 / 2).sum() == 4
    assert top(scores, 1 / 3).sum() == 2
    found = top_share(scores, pd.Series([True] * 2 + [False] * 4), pd.Series(range(6)), part=1 / 2, draws=100)
    assert (found.value, found.count, found.total) == (0.5, 2, 4)
    assert 0 <= found.low <= 0.5 <= found.high <= 1


def communes(score: list[float], people: list[float], order: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "province_code": "22",
            "score": score,
            "class": pd.array([5, 4, 3, 2], dtype="Int64"),
            "population": people,
            "rank_first": pd.array(order, dtype="Int64"),
            "burden": people,
        },
        index=[*"abcd"],
    )


def test_a_list_by_population_is_seen_as_one() -> None:
    found = by_province(communes([40.0, 30.0, 20.0, 10.0], [1.0, 2.0, 3.0, 4.0], [4, 3, 2, 1]), first=2).loc["22"]
    assert found["first_population"] == pytest.approx(1)
    assert found["score_population"] == pytest.approx(-1)
    assert found["first_percentile"] == pytest.approx((0.125 + 0.375) / 2)
    assert (found["communes"], found["top"], found["top_share"]) == (4, 1, 0.25)


def test_a_list_by_risk_has_the_highest_percentiles() -> None:
    found = by_province(communes([40.0, 30.0, 20.0, 10.0], [5.0, np.nan, 3.0, 4.0], [1, 2, 3, 4]), first=1).loc["22"]
    assert found["first_percentile"] == pytest.approx(0.875)
    assert found["first_population"] == pytest.approx(0.5)
