"""The elastic net of the risk terrain: it solves what it says, and cells that are alike cost nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.incidents.elastic_net import Kinds, kinds, path


def country(seed: int, cells: int = 400, columns: int = 6) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    table = (generator.random((cells, columns)) < generator.uniform(0.05, 0.6, columns)).astype(float)
    slopes = np.where(np.arange(columns) < 2, 1.0, 0.0)
    return table, generator.poisson(np.exp(-1.5 + table @ slopes)).astype(float)


@given(st.integers(0, 50), st.floats(1e-4, 0.3), st.floats(0.05, 1.0))
@settings(max_examples=25, deadline=None)
def test_the_solution_is_one_from_which_no_step_leads_down(seed: int, strength: float, mixing: float) -> None:
    """Karush-Kuhn-Tucker: the gradient is 0 where a slope is above 0, and not below 0 elsewhere."""
    table, found = country(seed)
    intercept, slopes = path(kinds(table, found, np.zeros(len(found), dtype=int)), np.array([strength]), mixing)[-1]
    mean = np.exp(intercept + table @ slopes)
    spread = table.std(axis=0)
    scaled = slopes * spread
    gradient = -((found - mean) @ table) / len(found) / np.where(spread > 0, spread, 1)
    gradient += strength * (mixing + (1 - mixing) * scaled)
    assert (slopes >= 0).all()
    assert abs((found - mean).sum()) < 1e-5
    assert np.abs(gradient[slopes > 1e-9]).max(initial=0) < 1e-5
    assert gradient[(slopes <= 1e-9) & (spread > 0)].min(initial=0) > -1e-5


def test_cells_that_are_alike_may_be_taken_together() -> None:
    table, found = country(3)
    fold = np.arange(len(found)) % 4
    strengths = np.geomspace(0.1, 0.001, 5)
    together = path(kinds(table, found, fold), strengths, 0.5)
    apart = path(Kinds(table, found, np.ones(len(found)), fold), strengths, 0.5)
    for one, other in zip(together, apart, strict=True):
        assert one[0] == pytest.approx(other[0], abs=1e-7)
        np.testing.assert_allclose(one[1], other[1], atol=1e-7)


def test_a_strong_penalty_leaves_nothing_and_a_weak_one_the_likelihood_alone() -> None:
    table, found = country(5)
    data = kinds(table, found, np.zeros(len(found), dtype=int))
    assert not path(data, np.array([10.0]), 0.5)[-1][1].any()
    from models.incidents.terrain_fit import poisson

    free = poisson(table[:, :2], found)[0]
    weak = path(kinds(table[:, :2], found, np.zeros(len(found), dtype=int)), np.array([1e-9]), 0.5)[-1]
    np.testing.assert_allclose([weak[0], *weak[1]], free, atol=1e-5)
