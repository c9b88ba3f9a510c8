"""A framework moved by hand: shares add up, locks hold, what is below follows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.index.framework import Framework, Node, framework_of
from models.index.tuning import moved, shares_in_parent, weighed_by, with_stated

CODES = "abcd"
weights = st.lists(st.floats(0.01, 10), min_size=4, max_size=4)


def tree(values: list[float]) -> Framework:
    parts = [Node(code, parent="i", weight=value) for code, value in zip(CODES, values, strict=True)]
    below = [Node(f"a{number}", parent="a", weight=float(number)) for number in (1, 2)]
    return Framework((Node("i"), *parts, *below))


@given(weights, st.floats(0, 1), st.sets(st.sampled_from("bcd")))
def test_shares_add_up_and_locked_ones_stay(values: list[float], share: float, locked: set[str]) -> None:
    before = tree(values)
    new = moved(before, "a", share, locked)
    if locked == set("bcd"):
        assert new == {}
        return
    after = before.with_weights(new)
    old, got = shares_in_parent(before), shares_in_parent(after)
    assert sum(got[code] for code in CODES) == pytest.approx(1)
    assert all(got[code] == pytest.approx(old[code], abs=1e-6) for code in locked)
    room = 1 - sum(old[code] for code in locked)
    assert got["a"] == pytest.approx(min(share, room), abs=1e-6)
    assert after.shares()["a2"] == pytest.approx(got["a"] * 2 / 3, abs=1e-6)


def test_what_was_squeezed_out_comes_back_in_its_usual_proportions() -> None:
    usual = tree([1, 3, 1, 0])
    squeezed = usual.with_weights(moved(usual, "a", 1.0))
    assert [squeezed.node(code).weight for code in CODES] == [100, 0, 0, 0]
    back = moved(squeezed, "a", 0.2, usual=usual)
    assert back == {"a": 20, "b": 60, "c": 20, "d": 0}


def test_the_root_and_an_only_part_do_not_move() -> None:
    assert moved(tree([1, 1, 1, 1]), "i", 0.5) == {}
    alone = Framework((Node("i"), Node("a", parent="i")))
    assert moved(alone, "a", 0.5) == {}


def test_methods_stated_survive_the_table() -> None:
    made = with_stated(
        tree([1.0, 2.0, 3.0, 4.0]), normalise="percentile:low=1,high=100", treat="winsorise", root="geometric"
    )
    assert framework_of(made.table.astype(str)).digest == made.digest
    assert made.node("a").aggregate == "" and made.node("a1").treat == "winsorise"


def test_weighed_by_keeps_a_weight_of_zero() -> None:
    values = pd.DataFrame(np.random.default_rng(0).random((9, 5)), columns=["a1", "a2", "b", "c", "d"])
    equal = weighed_by(tree([1, 2, 3, 0]), values, "equal")
    assert [equal.node(code).weight for code in CODES] == [1, 1, 1, 0]
