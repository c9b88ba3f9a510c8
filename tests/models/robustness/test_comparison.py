"""The same data under another framework, and what moved."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from geo.base.errors import InputError
from models.index.assessment import assess
from models.index.framework import Node
from models.robustness.comparison import compare, regenerate


def test_nothing_changed_nothing_moves(nested, table) -> None:
    result = assess(table(), nested())
    same = compare(result, regenerate(result))
    assert same.mean_shift == same.largest_shift == 0 and same.spearman == pytest.approx(1)
    assert same.entered == same.left == ()


def test_moves_and_correlations(nested, table) -> None:
    before = assess(table(), nested())
    after = regenerate(before, weights={"exposure": 5.0})
    moved = compare(before, after, top=5)
    assert moved.mean_shift == pytest.approx((before.rank - after.rank).abs().mean())
    assert moved.kendall == pytest.approx(stats.kendalltau(before.score, after.score)[0])
    assert len(moved.entered) == len(moved.left)
    assert (after.rank[list(moved.entered)] <= 5).all() and (before.rank[list(moved.entered)] > 5).all()


def test_anything_can_be_changed(nested, table) -> None:
    data = table().assign(g=np.arange(40.0))
    before = assess(data, nested())
    afresh = nested().without("b").with_methods(normalise="rank", override=True)
    assert np.allclose(regenerate(before, without=["b"], normalise="rank").score, assess(data, afresh).score)
    more = regenerate(before, added=[Node("g", parent="exposure")])
    assert "g" in more.scores and not np.allclose(more.score, before.score)
    arithmetic = regenerate(before, aggregate="arithmetic")
    assert np.allclose(arithmetic.score, before.scores[["exposure", "vulnerability", "response"]].mean(axis=1))


def test_units_with_too_little_take_no_part(flat, table) -> None:
    data = table(codes="abc")
    data.iloc[0] = [1e6, np.nan, np.nan]
    screened = assess(data, flat(screen=0.5, impute="mean"))
    assert screened.score.isna().tolist() == [True] + [False] * 39
    assert np.allclose(screened.score.iloc[1:], assess(data.iloc[1:], flat(impute="mean")).score)


def test_other_units_cannot_be_compared(flat, table) -> None:
    with pytest.raises(InputError):
        compare(
            assess(table(), flat()), assess(table().add_prefix("", axis=1).rename(index=lambda u: f"z{u}"), flat())
        )


def test_a_part_of_the_units_can_be_compared(flat, table) -> None:
    part = compare(assess(table(), flat()), assess(table().head(10), flat()))
    assert isinstance(part.units, pd.DataFrame) and len(part.units) == 10
