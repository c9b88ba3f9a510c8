"""Contributions leave no remainder, whatever the tree and the aggregation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.base.errors import InputError
from models.index.assessment import assess
from models.index.explain import by_node, contributions, median_units
from models.index.framework import Framework, Node

WAYS = [
    "arithmetic",
    "geometric",
    "geometric:zeros=shift,shift=1",
    "inverted_geometric",
    "harmonic",
    "generalised:p=2",
    "generalised:p=0.5",
    "generalised:p=-2",
    "maximum",
    "minimum",
    "mazziotta_pareto",
    "mazziotta_pareto:penalty=positive,ddof=1",
    "owa:orness=0.8",
    "copeland",
    "copeland:count=share",
]


def exact(result, reference=None) -> None:
    split = contributions(result, reference)
    units = median_units(result) if reference is None else pd.Series(reference, index=result.units)
    apart = result.score.to_numpy() - result.score.reindex(units).to_numpy()
    sums = split.sum(axis=1, skipna=False).to_numpy()
    assert np.array_equal(np.isnan(sums), np.isnan(result.score))
    assert np.nanmax(np.abs(sums - apart), initial=0.0) < 1e-9


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_contributions_sum_to_the_distance_from_the_median_unit(nested, table, way: str, missing: float) -> None:
    groups = pd.Series(["n", "m", "s", "s"] * 10, index=table().index)
    tree = nested().with_node("exposure", aggregate=way).with_node("response", aggregate=way)
    for root in ("geometric", "arithmetic", way):
        if root.startswith(("copeland", "maz")) or way.startswith(("copeland", "maz")):
            root = "arithmetic"
        exact(assess(table(missing=missing), tree.with_node("risk", aggregate=root), groups))


@pytest.mark.parametrize("way", ["mazziotta_pareto", "copeland", "owa", "maximum"])
def test_contributions_of_a_flat_index(flat, table, way: str) -> None:
    exact(assess(table(codes="abc", missing=0.1), flat(aggregate=way)))
    many = "abcdefghijk"
    exact(assess(table(codes=many, units=15), flat(many, aggregate=way)))


def test_contributions_when_scores_are_ranked_again_or_turned(nested, table) -> None:
    tree = nested().with_node("exposure", normalise="exponential").with_node("response", direction=-1)
    exact(assess(table(missing=0.1), tree))
    exact(assess(table(missing=0.1), tree.with_node("risk", normalise="percentile", direction=-1)), "u3")


def test_zeros_explain_everything_they_cause() -> None:
    tree = Framework(
        (Node("i", aggregate="geometric"), *(Node(code, parent="i") for code in "abc")), normalise="none"
    )
    data = pd.DataFrame({"a": [0.0, 4.0, 0.0], "b": [0.0, 4.0, 0.0], "c": [9.0, 4.0, 9.0]}, index=["x", "y", "z"])
    split = contributions(assess(data, tree), "y")
    assert split.loc["x"].tolist() == pytest.approx([-2.0, -2.0, 0.0])
    assert contributions(assess(data, tree), "z").loc["x"].tolist() == [0.0, 0.0, 0.0]
    assert contributions(assess(data, tree), "z").loc["y"].tolist() == pytest.approx([2.0, 2.0, 0.0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 1e-9, 1.0, 50.0, 99.9999999, 100.0]), min_size=4, max_size=4),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from(WAYS[:9]),
    st.sampled_from(WAYS[:9]),
)
def test_no_remainder_at_the_edges(rows, upper, lower) -> None:
    nodes = (Node("i", aggregate=upper), Node("d", parent="i", aggregate=lower), Node("e", parent="i"))
    leaves = (Node("a", parent="d"), Node("b", parent="d", weight=3.0), Node("c", parent="e"), Node("f", parent="e"))
    tree = Framework(nodes + leaves, normalise="goalposts:low=0,high=100")
    exact(assess(pd.DataFrame(rows, columns=list("abcf")), tree), 0)


def test_additive_contributions_are_weight_times_difference(flat, table) -> None:
    result = assess(table(), flat().with_weights({"a": 3.0}))
    split = contributions(result, "u0")
    assert np.allclose(split["a"], 0.6 * (result.normalised["a"] - result.normalised.loc["u0", "a"]))


def test_an_indicator_that_does_not_count_explains_nothing(nested, table) -> None:
    result = assess(table(), nested().with_weights({"b": 0.0, "vulnerability": 0.0}))
    split = contributions(result)
    assert (split[["b", "c", "d"]] == 0).all().all()
    exact(result)


def test_nodes_add_up_their_indicators(nested, table) -> None:
    result = assess(table(), nested())
    sums = by_node(contributions(result), result.framework)
    assert np.allclose(sums["risk"], sums[["exposure", "vulnerability", "response"]].sum(axis=1))


def test_the_median_unit_is_a_unit(flat, table) -> None:
    groups = pd.Series(["n"] * 11 + ["s"] * 28 + [None], index=table().index)
    result = assess(table(), flat(), groups)
    middle = median_units(result)
    assert result.rank_in_group[middle["u0"]] == 6 and groups[middle["u0"]] == "n"
    assert middle["u39"] in result.units
    with pytest.raises(InputError, match="zz"):
        contributions(result, "zz")


def test_a_nation_is_explained_in_a_moment(nested, table) -> None:
    import time

    data = table(units=3321)
    groups = pd.Series(np.arange(3321) % 34, index=data.index).astype(str)
    result = assess(data, nested(), groups)
    start = time.perf_counter()
    exact(result)
    assert time.perf_counter() - start < 1.0
