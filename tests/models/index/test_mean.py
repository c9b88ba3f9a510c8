"""The weighted mean: what orders mean, and that the compiled loop takes the same one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.index.framework import Framework, Node
from models.index.mean import lowered, mean, order_of, raised, slope_between
from models.index.prepared import prepare
from models.robustness.compiled import buffers, compiled_steps
from models.robustness.kernels import score_tree

ORDERS = (-3.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 7.3)
BLOCKS = st.lists(st.lists(st.floats(0.5, 100.0), min_size=3, max_size=3), min_size=2, max_size=6).map(np.array)


def shares(block) -> np.ndarray:
    weights = np.arange(1.0, len(block) + 1)
    return weights / weights.sum()


@given(BLOCKS)
def test_the_mean_grows_with_its_order_between_the_least_and_the_greatest_part(block) -> None:
    means = np.array([mean(block, shares(block), order) for order in ORDERS])
    assert (np.diff(means, axis=0) >= -1e-9 * block.max()).all()
    assert (means >= block.min(axis=0) * (1 - 1e-12)).all() and (means <= block.max(axis=0) * (1 + 1e-12)).all()


@given(BLOCKS, st.sampled_from(ORDERS))
def test_the_mean_is_that_of_scipy_and_the_same_by_unit(block, order) -> None:
    weights = shares(block)
    by_unit = np.broadcast_to(weights[:, None], block.shape)
    expected = stats.pmean(block, order, axis=0, weights=by_unit)
    assert np.allclose(mean(block, weights, order), expected, rtol=1e-12)
    assert np.allclose(mean(block, by_unit, order), expected, rtol=1e-12)


@given(BLOCKS, st.sampled_from(ORDERS))
def test_lowering_takes_raising_back_and_the_slope_is_its_slope(block, order) -> None:
    x, y = block[0], block[1]
    assert np.allclose(lowered(raised(x, order), order), x, rtol=1e-12)
    apart = np.abs(x - y) > 1e-3
    slope = slope_between(x, y, order)
    assert np.allclose((slope * (x - y))[apart], (raised(x, order) - raised(y, order))[apart], rtol=1e-6)
    touching = slope_between(x, x, order)
    step = 1e-6 * x
    assert np.allclose(touching, (raised(x + step, order) - raised(x - step, order)) / (2 * step), rtol=1e-4)


def text_of(order: float) -> str:
    return {1.0: "arithmetic", 0.0: "geometric", -1.0: "harmonic"}.get(order, f"generalised:p={order:g}")


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("order", ORDERS)
def test_the_compiled_loop_takes_the_same_mean(order: float, missing: bool) -> None:
    values = np.random.default_rng(3).uniform(1.0, 100.0, (40, 3))
    if missing:
        values[::5, 0] = np.nan
    parts = [Node(code, parent="way", weight=weight) for code, weight in (("a", 1.0), ("b", 2.0), ("c", 0.5))]
    tree = Framework(
        (Node("root"), Node("way", parent="root", aggregate=text_of(order)), *parts), normalise="minmax:low=1"
    )
    prepared = prepare(pd.DataFrame(values, columns=[*"abc"]), tree)
    assert order_of(tree.method("aggregate", "way")) == order
    steps, _ = compiled_steps(prepared, moving=True)
    scores = prepared.base.copy()
    unscored = np.isnan(prepared.scores())
    score_tree(scores, prepared.weights, steps, unscored, buffers(len(values), 1))
    block = prepared.base[[prepared.rows[code] for code in "abc"]]
    weights = np.where(np.isnan(block), 0.0, np.array([[1.0], [2.0], [0.5]]))
    plain = mean(np.where(np.isnan(block), 1.0, block), weights / weights.sum(axis=0), order)
    assert np.allclose(scores[prepared.rows["way"]], plain, rtol=1e-13)
    assert np.allclose(prepared.scores()[prepared.rows["way"]], plain, rtol=1e-13)
