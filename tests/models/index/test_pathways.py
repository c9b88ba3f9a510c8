"""Comparing pathways: by hand, and by properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.base.errors import InputError
from models.index.pathways import NO_LEAD, compare, share_below

UNITS = [f"u{number}" for number in range(12)]
columns = st.lists(st.integers(0, 20), min_size=12, max_size=12)


def series(numbers: list[float]) -> pd.Series:
    return pd.Series(numbers, UNITS[: len(numbers)], dtype=float)


@settings(max_examples=15)
@given(columns, columns, columns)
def test_only_the_order_within_a_pathway_matters(one: list[int], two: list[int], three: list[int]) -> None:
    plain = {"a": series(one), "b": series(two), "c": series(three)}
    bent = {"a": np.exp(series(one) / 5), "b": series(two) * 3 + 1, "c": series(three) ** 3}
    pd.testing.assert_series_equal(compare(plain).leading, compare(bent).leading)
    pd.testing.assert_frame_equal(compare(plain).ranks, compare(bent).ranks)


@settings(max_examples=25)
@given(columns, columns)
def test_the_leading_pathway_is_where_the_unit_stands_highest(one: list[int], two: list[int]) -> None:
    found = compare({"a": series(one), "b": series(two)}, clear=0.0)
    for unit in UNITS:
        a, b = found.shares.loc[unit]
        assert found.leading[unit] == (NO_LEAD if a == b else "a" if a > b else "b")
        assert found.lead[unit] == pytest.approx(abs(a - b))


def test_units_are_kept_and_missing_scores_do_not_win() -> None:
    short = pd.Series([1.0, 2.0, np.nan], ["u0", "u1", "u2"])
    found = compare({"a": short, "b": series([5.0, 4.0, 3.0, 2.0]), "c": series([1.0, 2.0, 3.0, 4.0])})
    assert found.ranks.index.tolist() == ["u0", "u1", "u2", "u3"]
    assert pd.isna(found.ranks.loc["u2", "a"]) and pd.isna(found.shares.loc["u3", "a"])
    assert found.leading["u3"] == "c"
    lonely = compare({"a": short, "b": pd.Series([1.0, 2.0], ["u0", "u1"])})
    assert pd.isna(lonely.leading["u2"]) and pd.isna(lonely.lead["u2"])


def test_close_pathways_have_no_leader() -> None:
    tens = series(list(range(12)))
    nudged = tens.copy()
    nudged["u5"], nudged["u6"] = 6.0, 5.0
    found = compare({"a": tens, "b": nudged}, clear=0.2)
    assert (found.leading == NO_LEAD).all()
    assert compare({"a": tens, "b": nudged}, clear=0.05).leading[["u5", "u6"]].tolist() == ["b", "a"]


def test_correlation_and_overlap_say_how_alike_pathways_are() -> None:
    up, down = series(list(range(12))), series(list(range(12, 0, -1)))
    found = compare({"a": up, "b": up**2, "c": down}, top=0.25)
    assert found.correlations.loc["a", "b"] == pytest.approx(1)
    assert found.correlations.loc["a", "c"] == pytest.approx(-1)
    assert found.overlap.loc["a", "b"] == 1 and found.overlap.loc["a", "c"] == 0
    half = up.copy()
    half["u11"], half["u8"] = 8.0, 11.0
    assert compare({"a": up, "b": half}, top=0.25).overlap.loc["a", "b"] == pytest.approx(2 / 4)


def test_share_below_counts_ties_half() -> None:
    assert share_below(series([1, 1, 1])).tolist() == [0.5, 0.5, 0.5]
    assert share_below(series([1.0])).isna().all()


def test_one_pathway_cannot_be_compared() -> None:
    with pytest.raises(InputError, match="at least two"):
        compare({"a": series([1.0, 2.0])})
    with pytest.raises(InputError, match="top"):
        compare({"a": series([1.0]), "b": series([1.0])}, top=2)
