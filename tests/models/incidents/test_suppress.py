"""Suppression: nothing small is shown, and nothing small follows from what is shown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.base.errors import InputError
from models.incidents.suppress import follows, suppress

tables = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.one_of(st.integers(0, 12), st.integers(0, 200)))
)


def whole(cells: np.ndarray) -> np.ndarray:
    return np.block([[cells, cells.sum(axis=1, keepdims=True)], [cells.sum(axis=0), cells.sum()]])


@given(tables, st.integers(1, 15))
def test_small_counts_are_hidden_and_do_not_follow_from_the_rest(cells: np.ndarray, k: int) -> None:
    found = suppress(pd.DataFrame(cells), k).to_numpy()
    true = whole(cells)
    hidden = np.isnan(found)
    assert hidden[true < k].all()
    assert (found[~hidden] == true[~hidden]).all()
    assert not (follows(hidden) & (true < k)).any()
    for table, gone in ((true, hidden), (true.T, hidden.T)):
        for line, missing in zip(table, gone, strict=True):
            if missing[:-1].any() and not missing[-1]:
                assert line[:-1][missing[:-1]].sum() >= k


@given(tables)
def test_a_table_without_small_counts_is_shown_as_it_is(cells: np.ndarray) -> None:
    assert not suppress(pd.DataFrame(cells + 10), 10).isna().to_numpy().any()


def test_hidden_cells_could_be_something_else() -> None:
    """The 3 could as well be 0 or 10: tables that differ there agree with all that is shown."""
    table = pd.DataFrame([[20, 3, 15], [30, 25, 11], [14, 16, 40]])
    shown = suppress(table).to_numpy()
    assert np.isnan(shown).sum() == 4 and np.isnan(shown[0, 1])
    for change in (-3, 7):
        other = table.to_numpy() + change * np.array([[-1, 1, 0], [0, 0, 0], [1, -1, 0]])
        assert (other >= 0).all()
        agrees = np.isnan(shown) | (shown == whole(other))
        assert agrees.all()


def test_follows_finds_what_two_equations_together_give_away() -> None:
    """Two rings of hidden cells, joined by a bridge: each line has two hidden cells or more, yet one is known."""
    hidden = np.zeros((5, 5), dtype=bool)
    hidden[np.ix_([0, 1], [0, 1])] = True
    hidden[np.ix_([2, 3], [2, 3])] = True
    assert not follows(hidden).any()
    hidden[0, 2] = True
    assert follows(hidden)[0, 2] and follows(hidden).sum() == 1


def test_what_is_not_a_count_is_refused() -> None:
    for wrong in ([[1.5]], [[-1]], [[np.nan]]):
        with pytest.raises(InputError, match="whole numbers"):
            suppress(pd.DataFrame(wrong))
    with pytest.raises(InputError, match="k"):
        suppress(pd.DataFrame([[1]]), 0)
