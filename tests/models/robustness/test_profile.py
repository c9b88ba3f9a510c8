"""One unit among the others."""

import numpy as np
import pandas as pd
import pytest

from geo.base.errors import InputError
from models.index.assessment import assess, score
from models.index.explain import contributions
from models.robustness.profile import nearest_change, profile, similar


@pytest.fixture(scope="module")
def result(nested, table):
    groups = pd.Series(["n", "s"] * 20, index=table().index, name="province")
    return assess(table(missing=0.05), nested(), groups)


def test_a_profile_sets_a_unit_against_its_group_and_all(result) -> None:
    found = profile(result, "u4")
    inside = result.normalised.loc[result.groups == "n"]
    assert set(found.index) == set("abcdef") and found["contribution"].is_monotonic_decreasing
    assert found.loc["a", "group_median"] == inside["a"].median()
    value = result.normalised.loc["u4", "b"]
    assert found.loc["b", "percentile"] == pytest.approx(
        (result.normalised["b"] < value).sum() / (result.normalised["b"].count() - 1)
    )
    assert found["contribution"].sum() == pytest.approx(contributions(result).loc["u4"].sum())


def test_the_most_similar_unit_is_a_copy(nested, table) -> None:
    data = table()
    data.loc["u9"] = data.loc["u3"]
    found = similar(assess(data, nested()), "u3", count=3)
    assert found.index[0] == "u9" and found["distance"].iloc[0] == 0 and found["distance"].is_monotonic_increasing
    assert "u3" not in found.index and len(found) == 3


def test_what_does_not_count_does_not_make_units_alike(nested, table) -> None:
    data = table()
    data.loc["u9"] = data.loc["u3"]
    data.loc["u9", "a"] = 1000.0
    assert similar(assess(data, nested()), "u3", count=1).index[0] != "u9"
    assert similar(assess(data, nested().with_weights({"a": 0.0})), "u3", count=1).index[0] == "u9"


@pytest.mark.parametrize("place", [8, 12])
def test_the_nearest_change_moves_the_unit_and_less_does_not(nested, table, place: int) -> None:
    result = assess(table(), nested())
    unit = result.rank[result.rank == place].index[0]
    found = nearest_change(result, unit, top=10)
    code, row = found.index[0], found.iloc[0]
    assert np.isfinite(row["factor"])
    weight = result.framework.node(code).weight
    moved = score(result.prepared, {code: weight * row["factor"]}).rank[unit]
    assert moved == row["rank_after"] and (moved <= 10) != (place <= 10)
    less = score(result.prepared, {code: weight * row["factor"] ** 0.95}).rank[unit]
    assert (less <= 10) == (place <= 10)
    assert np.abs(np.log(found["factor"].dropna())).is_monotonic_increasing


def test_a_unit_that_is_always_last_cannot_be_moved(flat) -> None:
    data = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, 2.0, 1.0], "c": [0.0, 1.0, 1.0]}, index=list("xyz"))
    assert nearest_change(assess(data, flat()), "x", top=1)["factor"].isna().all()


def test_units_that_are_not_there(result) -> None:
    for function in (profile, similar, nearest_change):
        with pytest.raises(InputError):
            function(result, "nobody")
