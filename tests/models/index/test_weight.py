"""Weights from decisions, evidence, pairs and data, and what they really do."""

import numpy as np
import pandas as pd
import pytest
from pymcdm import weights as pymcdm_weights

from geo.base.errors import InputError
from models.index.assessment import assess
from models.index.framework import Framework, Node
from models.index.weight import Parts, compare_in_pairs, w_critic, w_entropy, w_optimised, w_pca


def parts(scores: np.ndarray, given: np.ndarray | None = None) -> Parts:
    codes = list("abcdefgh"[: len(scores)])
    return Parts("i", codes, np.ones(len(scores)) if given is None else given, scores)


def shares(weights: np.ndarray) -> np.ndarray:
    return weights / weights.sum()


@pytest.mark.parametrize("seed", range(5))
def test_entropy_and_critic_agree_with_pymcdm(seed: int) -> None:
    scores = np.random.default_rng(seed).gamma(2, 10, (5, 30))
    assert np.allclose(shares(w_entropy(parts(scores))), pymcdm_weights.entropy_weights(scores.T))
    assert np.allclose(shares(w_critic(parts(scores))), pymcdm_weights.critic_weights(scores.T))


def test_principal_component_refuses_what_runs_against_the_rest() -> None:
    generator = np.random.default_rng(0)
    common = generator.normal(size=200)
    scores = np.array([common + generator.normal(0, noise, 200) for noise in (0.2, 0.5, 1.0)])
    weights = w_pca(parts(scores))
    assert (np.diff(weights) < 0).all()
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(scores))
    assert weights @ np.corrcoef(scores) @ weights == pytest.approx(eigenvalues[-1])
    with pytest.raises(InputError, match="c: -") as caught:
        w_pca(parts(np.array([scores[0], scores[1], -scores[2]])))
    assert caught.value.code == "weight.negative_loading"


def test_comparisons_in_pairs_give_saatys_weights_and_ratio() -> None:
    pairs = pd.DataFrame({"first": ["a", "a", "b"], "second": ["b", "c", "c"], "value": [3.0, 5.0, 3.0]})
    weights, ratio = compare_in_pairs(["a", "b", "c"], pairs)
    # Saaty's worked example: 0.637, 0.258, 0.105 with a consistency ratio of 0.033 (random index 0.58).
    assert weights.round(3).tolist() == [0.637, 0.258, 0.105] and round(ratio, 3) == 0.033
    with pytest.raises(InputError, match="b – c"):
        compare_in_pairs(["a", "b", "c"], pairs.head(2))


def test_contradicting_comparisons_are_refused(flat, table) -> None:
    pairs = pd.DataFrame({"first": ["a", "b", "c"], "second": ["b", "c", "a"], "value": [5.0, 5.0, 5.0]})
    with pytest.raises(InputError) as caught:
        assess(table(), flat(weight="ahp"), comparisons=pairs)
    assert caught.value.code == "weight.inconsistent"
    result = assess(table(), flat(weight="ahp:limit=99"), comparisons=pairs)
    assert [node.weight for node in result.framework.indicators] == pytest.approx([1 / 3] * 3)


def test_optimised_weights_reach_the_stated_importance() -> None:
    generator = np.random.default_rng(1)
    common = generator.normal(size=500)
    scores = np.array([0.6 * common + generator.normal(0, spread, 500) for spread in (0.5, 1.0, 3.0)])
    wanted = np.array([0.5, 0.3, 0.2])
    weights = w_optimised(parts(scores, wanted))
    whole = weights @ scores
    squares = np.array([np.corrcoef(score, whole)[0, 1] ** 2 for score in scores])
    assert np.allclose(shares(squares), wanted, atol=1e-6)


def test_weights_are_found_level_by_level_and_said(nested, table) -> None:
    result = assess(table(), nested(weight="critic").with_weights({"a": 0.0}))
    assert result.framework.node("a").weight == 0.0 and result.framework.node("b").weight == 1.0
    assert result.framework.weight == "given" and [one.code for one in result.findings] == [
        "assessment.weighed",
        "assessment.zeros",
    ]
    again = assess(table(), result.framework)
    assert np.array_equal(again.score, result.score)


def test_evidence_grades_make_weights() -> None:
    def tree(*grades: str) -> Framework:
        nodes = [
            Node(code, parent="i", facts={"evidence_grade": grade}) for code, grade in zip("abc", grades, strict=True)
        ]
        return Framework((Node("i"), *nodes), weight="evidence:a=5")

    data = pd.DataFrame(np.eye(3), columns=list("abc"))
    assert [node.weight for node in assess(data, tree("A", "b", "D")).framework.indicators] == [5.0, 3.0, 1.0]
    assert [node.weight for node in assess(data, tree("", "", "")).framework.indicators] == [1.0, 1.0, 1.0]
    with pytest.raises(InputError, match="b: –"):
        assess(data, tree("A", "", "D"))


def test_effective_weights_show_what_weights_do(flat) -> None:
    generator = np.random.default_rng(2)
    common = generator.normal(size=300)
    data = pd.DataFrame({"a": common, "b": common + generator.normal(0, 0.1, 300), "c": generator.normal(size=300)})
    result = assess(data, flat())
    table = result.effective_weights
    assert table["nominal"].tolist() == pytest.approx([1 / 3] * 3)
    assert table["influence"].sum() == pytest.approx(1) and table.loc["c", "influence"] < 0.2
    assert table.loc["a", "correlation"] == pytest.approx(np.corrcoef(result.normalised["a"], result.score)[0, 1])


def test_doubling_a_weight_before_or_after_standardising_is_not_the_same_index(flat, table) -> None:
    for normalise in ("zscore", "minmax"):
        one = assess(table(), flat(normalise=normalise)).score
        two = assess(table(), flat(normalise=normalise).with_weights({"b": 2.0})).score
        assert np.corrcoef(one, two)[0, 1] < 0.999
