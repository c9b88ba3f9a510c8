"""Typology: planted groups are found again, noise is called noise, order does not matter."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from geo.base.errors import InputError
from models.patterns.typology import METHODS, Settings, typology

CENTRES = np.array([[80, 20, 20, 50], [20, 80, 20, 50], [20, 20, 80, 50]], dtype=float)
COLUMNS = ["border", "income", "work", "noise"]
QUICK = Settings(types=(2, 5), resamples=8)


def planted(
    sizes: tuple[int, ...] = (60, 40, 30), spread: float = 6.0, seed: int = 0
) -> tuple[pd.DataFrame, np.ndarray]:
    """Communes of three kinds, in mixed order, with the kind of each."""
    generator = np.random.default_rng(seed)
    kind = np.repeat(np.arange(len(sizes)), sizes)
    generator.shuffle(kind)
    values = CENTRES[kind] + generator.normal(0, spread, (len(kind), 4))
    return pd.DataFrame(values, columns=COLUMNS, index=[f"{code:05d}" for code in range(len(kind))]), kind


@pytest.mark.parametrize("method", METHODS)
def test_planted_kinds_are_found_numbered_by_size_named_and_stable(method: str) -> None:
    scores, kind = planted()
    found = typology(scores, {"border": "Biên giới"}, Settings(method=method, types=(2, 5), resamples=8))  # type: ignore[arg-type]
    assert adjusted_rand_score(kind, found.types.astype(int)) > 0.97
    assert found.table["units"].is_monotonic_decreasing
    assert (found.table["stability"] == "stable").all()
    assert found.reliable and found.structure
    assert found.choice["chosen"].idxmax() == 3
    assert found.table["name"].str.contains("↑").all()
    assert found.table.loc[1, "name"].split(" · ")[0] == "Biên giới ↑"


def test_one_cloud_is_not_sold_as_groups() -> None:
    scores = pd.DataFrame(np.random.default_rng(1).normal(50, 10, (200, 6)))
    found = typology(scores, settings=QUICK)
    assert not found.structure
    assert not found.reliable
    assert set(found.table["stability"]) <= {"doubtful", "unstable"}


def test_halves_of_one_kind_are_less_stable_and_less_apart_than_real_kinds() -> None:
    scores, _ = planted((60, 60, 60))
    forced = typology(scores, settings=Settings(types=(4, 4), standardise=False))
    halves, real = forced.table[forced.table["units"] < 55], forced.table[forced.table["units"] >= 55]
    assert len(halves) == len(real) == 2
    assert halves["jaccard"].max() < real["jaccard"].min()
    assert halves["silhouette"].max() < 0.35 and real["silhouette"].min() > 0.7
    assert forced.choice.loc[4, "agreement"] < typology(scores, settings=QUICK).choice.loc[3, "agreement"] - 0.05


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_units_and_indicators_does_not_matter(seed: int) -> None:
    scores, _ = planted()
    generator = np.random.default_rng(seed)
    rows, columns = generator.permutation(scores.index), generator.permutation(scores.columns)
    one, other = typology(scores, settings=QUICK), typology(scores.loc[rows, columns], settings=QUICK)
    pd.testing.assert_series_equal(one.types, other.types.reindex(scores.index))
    pd.testing.assert_frame_equal(one.table, other.table)


def test_the_same_seed_gives_the_same_types_and_inputs_are_left_alone() -> None:
    scores, _ = planted()
    before = scores.copy()
    one, other = typology(scores, settings=QUICK), typology(scores, settings=QUICK)
    pd.testing.assert_series_equal(one.types, other.types)
    pd.testing.assert_frame_equal(one.choice, other.choice)
    pd.testing.assert_frame_equal(scores, before)


def test_units_of_measure_do_not_matter_when_standardised() -> None:
    scores, _ = planted()
    stretched = scores.assign(noise=scores["noise"] * 1000)
    one, other = typology(scores, settings=QUICK), typology(stretched, settings=QUICK)
    pd.testing.assert_series_equal(one.types, other.types)
    raw = typology(stretched, settings=Settings(types=(2, 5), resamples=8, standardise=False))
    assert adjusted_rand_score(one.types.astype(int), raw.types.astype(int)) < 0.2


def test_missing_units_have_no_type_and_indicators_few_have_are_left_out() -> None:
    scores, _ = planted()
    scores.loc["00003", "work"] = np.nan
    scores["log"] = np.where(np.arange(len(scores)) < 30, 1.0, np.nan)
    scores["flat"] = 7.0
    found = typology(scores, settings=QUICK)
    assert pd.isna(found.types["00003"]) and found.types.notna().sum() == len(scores) - 1
    assert found.left_out == ("log", "flat")
    assert list(found.profile.columns) == sorted(COLUMNS)


def test_the_profile_is_the_distance_from_all_in_standard_deviations() -> None:
    scores, _ = planted()
    found = typology(scores, settings=QUICK)
    first = scores[found.types == 1]
    expected = (first.mean() - scores.mean()) / scores.std(ddof=0)
    pd.testing.assert_series_equal(found.profile.loc[1].sort_index(), expected.sort_index(), check_names=False)


def test_arrows_are_those_of_the_indicator_not_of_its_score() -> None:
    scores, _ = planted()
    plain = typology(scores, settings=QUICK).table["name"]
    turned = typology(scores, settings=QUICK, turned=["income"]).table["name"]
    assert plain.str.contains("income ↑").any()
    assert turned[plain.str.contains("income ↑")].str.contains("income ↓").all()


def test_names_are_distinct_even_where_types_differ_in_degree_only() -> None:
    generator = np.random.default_rng(2)
    level = np.repeat([0.0, 50.0, 100.0], 40)
    scores = pd.DataFrame({"a": level + generator.normal(0, 2, 120), "b": generator.normal(0, 1, 120)})
    found = typology(scores, settings=Settings(types=(3, 3), resamples=5, leading=1))
    assert found.table["name"].is_unique
    four = pd.DataFrame({"a": np.repeat([-9.0, -8.0, 8.0, 9.0], 20) + generator.normal(0, 0.05, 80)})
    assert typology(four, settings=Settings(types=(4, 4), resamples=5)).table["name"].is_unique


def test_what_cannot_be_grouped_is_refused() -> None:
    scores, _ = planted()
    with pytest.raises(InputError, match="9 units"):
        typology(scores.head(9), settings=QUICK)
    with pytest.raises(InputError, match="same value"):
        typology(scores * 0, settings=QUICK)
    for wrong in ({"types": (1, 3)}, {"types": (5, 3)}, {"method": "magic"}, {"resamples": 1}, {"availability": 2.0}):
        with pytest.raises(InputError):
            Settings(**wrong)
