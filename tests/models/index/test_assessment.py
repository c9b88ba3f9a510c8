"""The chain: an index by hand, and what must hold for every index."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.base.errors import InputError
from models.index.aggregate import AGGREGATE
from models.index.assessment import assess, ranks, score
from models.index.framework import Framework, Node
from models.index.normalise import NORMALISE
from models.index.prepared import prepare

WEIGHTS = st.lists(st.floats(0.01, 100), min_size=3, max_size=3)
MEANS = [
    "arithmetic",
    "geometric",
    "inverted_geometric",
    "harmonic",
    "generalised:p=2",
    "maximum",
    "minimum",
    "owa:orness=0.7",
]


def test_an_index_by_hand() -> None:
    nodes = (
        Node("risk", aggregate="geometric"),
        Node("exposure", parent="risk"),
        Node("weakness", parent="risk"),
        Node("border", parent="exposure", weight=3.0),
        Node("zones", parent="exposure"),
        Node("income", parent="weakness", direction=-1),
    )
    table = pd.DataFrame(
        {"border": [0.0, 5.0, 10.0], "zones": [2.0, 4.0, 2.0], "income": [50.0, 30.0, 10.0]}, index=["x", "y", "z"]
    )
    result = assess(table, Framework(nodes))
    # exposure: x 0, y (3 x 50 + 100) / 4 = 62.5, z (3 x 100 + 0) / 4 = 75; weakness 0, 50, 100
    assert result.scores["exposure"].tolist() == [0.0, 62.5, 75.0]
    assert result.scores["weakness"].tolist() == [0.0, 50.0, 100.0]
    assert result.score.tolist() == pytest.approx([0.0, (62.5 * 50) ** 0.5, 7500**0.5])
    assert result.rank.to_dict() == {"x": 3, "y": 2, "z": 1}
    assert list(result.scores.columns) == [node.code for node in nodes]


def test_ranks_share_places_and_leave_out_what_is_not_scored() -> None:
    assert ranks(pd.Series([0.1 + 0.2, 0.3, 0.2, np.nan])).tolist() == [1, 1, 3, pd.NA]


def test_ranks_in_groups_and_classes(flat, table) -> None:
    groups = pd.Series(["n", "s"] * 20, index=table().index)
    result = assess(table(), flat(classes=4), groups)
    assert sorted(result.rank_in_group[groups == "n"]) == list(range(1, 21))
    assert result.classes.value_counts().to_dict() == {1: 10, 2: 10, 3: 10, 4: 10}
    assert (result.classes[result.rank <= 10] == 4).all()


@pytest.mark.parametrize("aggregate", [*MEANS, "mazziotta_pareto", "copeland"])
def test_weight_zero_is_removal_to_the_last_bit(nested, table, aggregate: str) -> None:
    for missing in (0.0, 0.1):
        data = table(missing=missing)
        tree = nested(impute="neighbours", treat="skew_gate").with_node("exposure", aggregate=aggregate)
        tree = tree.with_node("risk", aggregate="arithmetic")
        gone = assess(data, tree.without("b"))
        zero = assess(data, tree.with_weights({"b": 0.0}))
        again = score(prepare(data, tree), {"b": 0.0})
        for result in (zero, again):
            assert np.array_equal(result.score, gone.score, equal_nan=True)
            assert np.array_equal(result.scores["exposure"], gone.scores["exposure"], equal_nan=True)
        assert zero.framework.digest == again.framework.digest
        whole = assess(data, tree.without("exposure"))
        none = assess(data, tree.with_weights({"exposure": 0.0, "a": 0.0, "b": 0.0}))
        assert np.array_equal(none.score, whole.score, equal_nan=True)


@pytest.mark.parametrize("normalise", ["minmax", "zscore", "rank", "percentile", "none"])
def test_doubling_a_weight_moves_scores_and_scaling_all_does_not(flat, table, normalise: str) -> None:
    tree = flat(normalise=normalise)
    before = assess(table(), tree).score
    assert not np.allclose(before, assess(table(), tree.with_weights({"a": 2.0})).score)
    assert np.allclose(before, assess(table(), tree.with_weights(dict.fromkeys("abc", 7.0))).score)


@settings(max_examples=30, deadline=None)
@given(WEIGHTS, st.sampled_from(MEANS), st.integers(0, 5), st.sampled_from(["minmax", "percentile", "quantile"]))
def test_scores_stay_on_the_scale_and_do_not_know_the_order_of_units(weights, aggregate, seed, normalise) -> None:
    generator = np.random.default_rng(seed)
    data = pd.DataFrame(generator.gamma(1, 5, (12, 3)), columns=list("abc"))
    tree = Framework(
        (Node("i"), *(Node(code, parent="i", weight=weight) for code, weight in zip("abc", weights, strict=True))),
        normalise=normalise,
        aggregate=aggregate,
    )
    result = assess(data, tree).score
    assert result.between(-1e-9, 100 + 1e-9).all()
    shuffled = generator.permutation(12)
    assert np.allclose(assess(data.iloc[shuffled], tree).score, result.iloc[shuffled])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.0, 100.0), min_size=3, max_size=3),
    st.floats(0.0, 50.0),
    st.integers(0, 2),
    st.sampled_from(MEANS),
    st.sampled_from([1, -1]),
)
def test_more_of_an_indicator_moves_the_score_in_its_direction(values, more, place, aggregate, direction) -> None:
    nodes = [Node("i"), *(Node(code, parent="i", direction=direction) for code in "abc")]
    tree = Framework(tuple(nodes), normalise="goalposts:low=0,high=150", aggregate=aggregate)
    risen = list(values)
    risen[place] += more
    low, high = assess(pd.DataFrame([values, risen], columns=list("abc")), tree).score
    assert (high - low) * direction >= -1e-9


def test_a_unit_is_scored_from_what_is_there_and_says_so(flat) -> None:
    data = pd.DataFrame({"a": [0.0, 1.0, 1.0, np.nan], "b": [0.0, 1.0, np.nan, np.nan], "c": [0.0, 1.0, np.nan, 1.0]})
    result = assess(data, flat())
    assert result.score.tolist()[:2] == pytest.approx([0.0, 100.0]) and result.score[2:].isna().all()
    assert result.rank.tolist() == [2, 1, pd.NA, pd.NA] and result.classes[2:].isna().all()
    generous = assess(data, flat(availability=0.3))
    assert generous.score.tolist() == pytest.approx([0.0, 100.0, 100.0, 100.0])
    assert {one.code for one in generous.findings} == {"assessment.partial"}
    assert {one.code for one in result.findings} == {"assessment.not_scored"}
    assert generous.missing.sum(axis=1).tolist() == [0, 0, 2, 2]


def test_missing_is_never_zero_and_never_the_safest(flat) -> None:
    data = pd.DataFrame({"a": [0.0, 5.0, 9.0], "b": [0.0, 5.0, np.nan], "c": [0.0, 5.0, 9.0]})
    result = assess(data, flat())
    assert result.score[2] == 100.0 and result.missing.loc[2, "b"]


def test_an_indicator_that_is_the_same_everywhere_is_flagged_and_does_not_count(flat, table) -> None:
    data = table(codes="abc").assign(c=7.0)
    result = assess(data, flat())
    assert result.prepared.constant == ("c",) and result.useless == ("c",)
    assert [one.code for one in result.findings] == ["assessment.constant"]
    assert np.array_equal(result.score, assess(data, flat("ab")).score)
    assert assess(data, flat(normalise="goalposts:low=0,high=10")).useless == ()


def test_an_aggregate_can_count_negatively() -> None:
    nodes = (Node("i"), Node("d", parent="i", direction=-1), Node("a", parent="d"), Node("b", parent="i"))
    result = assess(pd.DataFrame({"a": [0.0, 1.0, 4.0], "b": [0.0, 0.0, 1.0]}), Framework(nodes))
    assert result.scores["d"].tolist() == [100.0, 75.0, 0.0] and result.score.tolist() == [50.0, 37.5, 50.0]
    scores = assess(pd.DataFrame({"a": [0.0, 1.0, 4.0], "b": [0.0, 0.0, 1.0]}), Framework(nodes, normalise="none"))
    assert scores.scores["d"].tolist() == [0.0, -1.0, -4.0]


def test_a_node_can_have_a_scale_of_its_own() -> None:
    nodes = (Node("i"), Node("d", parent="i", normalise="rank"), Node("a", parent="d"), Node("b", parent="d"))
    result = assess(pd.DataFrame({"a": [0.0, 1.0, 4.0], "b": [0.0, 5.0, 1.0]}), Framework(nodes))
    assert result.score.tolist() == [1.0, 2.0, 3.0] or result.score.tolist() == [1.0, 3.0, 2.0]


def test_denominators_divide_and_nothing_divides_by_zero() -> None:
    nodes = (Node("i"), Node("a", parent="i", denominator="people"))
    data = pd.DataFrame({"a": [10.0, 10.0, 10.0], "people": [1.0, 2.0, 0.0]})
    result = assess(data, Framework(nodes, normalise="none"))
    assert result.score.tolist()[:2] == [10.0, 5.0] and np.isnan(result.score[2])
    with pytest.raises(InputError, match="people"):
        assess(data[["a"]], Framework(nodes))


def test_zeros_in_a_geometric_mean_are_said(nested, table) -> None:
    tree = nested().with_node("exposure", aggregate="geometric")
    codes = [one.code for one in assess(table(), tree).findings]
    assert codes == ["assessment.zeros", "assessment.zeros"]
    with pytest.raises(InputError) as caught:
        assess(table(), tree.with_node("exposure", aggregate="geometric:zeros=refuse"))
    assert caught.value.values["node"] == "exposure" and all(row.startswith("u") for row in caught.value.rows)


def test_what_cannot_be_aggregated_names_node_and_units(flat, table) -> None:
    with pytest.raises(InputError) as caught:
        assess(table(), flat(normalise="zscore", aggregate="geometric"))
    assert caught.value.code == "aggregate.negative" and caught.value.values["node"] == "risk"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pd.DataFrame({"a": [1.0], "b": [1.0]}), "framework.indicator_unknown"),
        (pd.DataFrame({"a": ["x"], "b": ["1"], "c": ["1"]}), "tables.not_numbers"),
        (pd.DataFrame({"a": [np.inf], "b": [1.0], "c": [1.0]}), "tables.not_numbers"),
        (pd.DataFrame({"a": [1.0, 2], "b": [1.0, 2], "c": [1.0, 2]}, index=["x", "x"]), "tables.unit_doubled"),
        (pd.DataFrame({"a": [], "b": [], "c": []}, dtype=float), "tables.empty"),
    ],
)
def test_tables_that_cannot_be_used(flat, data: pd.DataFrame, code: str) -> None:
    with pytest.raises(InputError) as caught:
        assess(data, flat())
    assert caught.value.code == code


def test_inputs_are_not_changed(nested, table) -> None:
    data = table(missing=0.2)
    copy = data.copy()
    assess(data, nested(impute="mean", treat="skew_gate"))
    pd.testing.assert_frame_equal(data, copy)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, 1e-9, 1e6]), min_size=9, max_size=9),
    st.sampled_from(["arithmetic", "geometric", "geometric:zeros=shift", "harmonic", "maximum"]),
    st.sampled_from(["arithmetic", "geometric"]),
    st.sampled_from([0.0, 0.3]),
    st.integers(0, 9),
)
def test_scoring_again_is_the_plain_way_through_the_tree(nested, table, weights, top, below, missing, seed) -> None:
    tree = nested(aggregate=below, normalise="minmax:low=0").with_node("risk", aggregate=top)
    prepared = prepare(table(missing=missing, seed=seed), tree)
    given_weights = dict(zip((node.code for node in tree.nodes if node.parent), weights, strict=True))
    values = dict(prepared.normalised.items())
    try:
        scores = prepared.score(given_weights)
    except InputError as error:
        assert error.code == "framework.weights_zero"
        return
    for node in reversed(tree.order):
        parts = [part.code for part in tree.children(node.code) if given_weights[part.code] > 0]
        if not tree.children(node.code):
            continue
        method = tree.method("aggregate", node.code)
        result = np.full(len(prepared.units), np.nan)
        for unit in range(len(result)):
            known = [part for part in parts if np.isfinite(values[part].iloc[unit])]
            share = np.array([given_weights[part] for part in known])
            if share.sum() / (sum(given_weights[part] for part in parts) or 1) >= tree.availability - 1e-12 > 0:
                block = np.array([[values[part].iloc[unit]] for part in known])
                result[unit] = method(block, share / share.sum())[0] if len(known) else np.nan
        values[node.code] = pd.Series(100 - result if node.direction < 0 else result)
    assert np.allclose(scores, values["risk"], rtol=1e-9, atol=1e-9, equal_nan=True)
    assert np.array_equal(scores, prepared.scores(given_weights)[0], equal_nan=True)


def test_weights_that_cannot_be_used_when_scoring_again(nested, table) -> None:
    prepared = prepare(table(), nested())
    for weights, code in [
        ({"a": -1.0}, "framework.weight"),
        ({"a": np.nan}, "framework.weight"),
        ({"zz": 1.0}, "framework.unknown_node"),
        ({"a": 0.0, "b": 0.0}, "framework.weights_zero"),
    ]:
        with pytest.raises(InputError) as caught:
            prepared.score(weights)
        assert caught.value.code == code
    array = prepared.weights * 2
    assert np.allclose(prepared.score(array), prepared.score())


def test_scoring_again_is_the_same_as_starting_afresh(nested, table) -> None:
    data, changes = table(missing=0.05), {"a": 5.0, "vulnerability": 0.3, "e": 0.0}
    tree = nested(impute="mean")
    again = score(prepare(data, tree), changes)
    afresh = assess(data, tree.with_weights(changes))
    assert again.framework.digest == afresh.framework.digest
    pd.testing.assert_frame_equal(again.scores, afresh.scores)


def test_scoring_a_nation_again_takes_well_under_a_millisecond(flat, table) -> None:
    codes = "abcdefghijklmno"
    prepared = prepare(table(units=3321, codes=codes), flat(codes, normalise="minmax:low=1", aggregate="geometric"))
    prepared.score()
    times = []
    for _ in range(50):
        start = time.perf_counter()
        prepared.score(prepared.weights)
        times.append(time.perf_counter() - start)
    assert min(times) < 1e-3


def test_every_method_has_a_name_in_its_family() -> None:
    assert set(NORMALISE) >= {"none", "minmax", "zscore", "rank", "percentile"}
    assert set(AGGREGATE) >= {"arithmetic", "geometric", "inverted_geometric"}
