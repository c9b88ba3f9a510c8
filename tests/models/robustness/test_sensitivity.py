"""Variance-based indices against known functions, removal against doing it by hand, coherence against definitions."""

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as salib_analyze
from SALib.sample import sobol as salib_sample
from SALib.test_functions import Ishigami

from geo.base.errors import InputError
from models.index.assessment import assess, ranks
from models.index.framework import Framework, Node
from models.robustness.coherence import coherence, cronbach_alpha
from models.robustness.draws import Choices
from models.robustness.sensitivity import removal, sensitivity
from models.robustness.sobol import sobol_indices


def ishigami(points: np.ndarray) -> np.ndarray:
    return Ishigami.evaluate(-np.pi + 2 * np.pi * points)


def test_ishigami_comes_out_as_it_is_known() -> None:
    found = sobol_indices(ishigami, ["x1", "x2", "x3"], 4096)
    assert found.indices["first"].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.indices["total"].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert found.runs == 4096 * 5 and found.mean == pytest.approx(3.5, abs=0.05)
    inside = (found.indices["first_low"] <= found.indices["first"]) & (
        found.indices["first"] <= found.indices["first_high"]
    )
    assert inside.all()


def test_it_agrees_with_salib() -> None:
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
    sample = salib_sample.sample(problem, 2048, calc_second_order=False, seed=1)
    theirs = salib_analyze.analyze(problem, Ishigami.evaluate(sample), calc_second_order=False, seed=1)
    ours = sobol_indices(ishigami, problem["names"], 2048).indices
    assert np.allclose(ours["first"], theirs["S1"], atol=0.03) and np.allclose(ours["total"], theirs["ST"], atol=0.03)


def test_an_inert_input_has_index_zero(nested, table) -> None:
    found = sobol_indices(lambda x: x[:, 0] ** 2, ["moves", "inert"], 256).indices
    assert found.loc["inert", ["first", "total"]].tolist() == [0.0, 0.0]
    data = table().assign(f=table()["e"])
    tree = nested().with_node("f", direction=-1)
    result = sensitivity(assess(data, tree), concentration=5, samples=64, unit="u3")
    assert result.shift.indices.loc["weight:e", "total"] == pytest.approx(0, abs=1e-12)
    assert result.total["weight:e"].abs().max() < 1e-12 < result.total["weight:a"].max()
    assert result.shift.indices["total"].max() > 0.1


def test_indices_of_every_unit_agree_with_those_of_one(nested, table) -> None:
    result = sensitivity(assess(table(), nested()), concentration=5, samples=128, unit="u5", bootstrap=10)
    assert result.unit is not None
    assert np.allclose(result.total.loc["u5"], result.unit.indices["total"])
    assert result.shift.runs == 128 * (len(result.shift.indices) + 2)


def test_choices_of_methods_are_inputs(nested, table) -> None:
    data = table(missing=0.05)
    result = assess(data, nested(impute="mean"))
    errors = pd.DataFrame(0.0, index=data.index, columns=data.columns).assign(a=3.0)
    choices = Choices(
        impute=("mean", "median"),
        normalise=("minmax", "rank"),
        aggregate={"risk": ("arithmetic", "maximum")},
        errors=errors,
    )
    found = sensitivity(result, choices, samples=64, bootstrap=20)
    names = list(found.shift.indices.index)
    assert names[:4] == ["choice:impute", "choice:normalise", "choice:aggregate:risk", "values"]
    assert found.shift.indices.loc["choice:aggregate:risk", "total"] > found.shift.indices.loc["weight:a", "total"]
    only = sensitivity(result, Choices(normalise=("minmax", "rank"), weights=False), samples=64, bootstrap=5)
    assert list(only.shift.indices.index) == ["choice:normalise"]
    assert only.shift.indices.loc["choice:normalise", "total"] == pytest.approx(1, abs=0.1)


def test_settings_that_make_no_sense_are_refused(nested, table) -> None:
    result = assess(table(), nested())
    for options in ({"samples": 100}, {"unit": "zz"}, {"choices": Choices(weights=False)}, {"cancel": lambda: True}):
        with pytest.raises(InputError):
            sensitivity(result, **{"samples": 64, **options})


def test_removal_is_doing_without(nested, table) -> None:
    result = assess(table(), nested())
    moved = removal(result, top=5)
    assert set(moved.index) == {node.code for node in result.framework.nodes} - {"risk"}
    for code in ("a", "exposure"):
        without = assess(table(), result.framework.without(code))
        assert moved.loc[code, "mean_shift"] == pytest.approx((ranks(without.score) - result.rank).abs().mean())


def test_the_last_part_of_a_node_takes_the_node_with_it() -> None:
    tree = Framework((Node("i"), Node("d", parent="i"), Node("a", parent="d"), Node("b", parent="i")))
    data = pd.DataFrame({"a": [3.0, 2.0, 1.0], "b": [1.0, 2.0, 9.0]})
    moved = removal(assess(data, tree))
    assert moved.loc["a"].equals(moved.loc["d"])
    assert removal(assess(data, Framework((Node("i"), Node("a", parent="i"))))).empty


def test_coherence_flags_what_does_not_fit(nested) -> None:
    generator = np.random.default_rng(0)
    common = generator.normal(size=200)
    data = pd.DataFrame({code: common + generator.normal(0, 0.6, 200) for code in "abcdef"})
    data["b"] = data["a"] + generator.normal(0, 0.01, 200)
    found = coherence(assess(data, nested()))
    flags = found.flags.set_index(["first", "second"])["flag"]
    # d and e count negatively while they move with the others.
    assert flags["a", "b"] == "redundant" and flags["c", "d"] == "negative" and flags["e", "f"] == "negative"
    assert found.correlations.loc["a", "b"] == pytest.approx(np.corrcoef(data["a"], data["b"])[0, 1])
    assert found.components["cumulated"].iloc[-1] == pytest.approx(1) and len(found.components) == 6
    assert found.alpha["exposure"] > 0.95 > found.alpha["vulnerability"]


def test_alpha_by_its_definition() -> None:
    parts = np.random.default_rng(1).normal(size=(4, 50))
    covariance = np.cov(parts)
    expected = 4 / 3 * (1 - np.trace(covariance) / covariance.sum())
    assert cronbach_alpha(parts) == pytest.approx(expected)


def test_leverage_finds_the_unit_that_makes_a_correlation(flat) -> None:
    data = pd.DataFrame(np.random.default_rng(2).normal(size=(60, 3)), columns=list("abc"))
    data.iloc[7] = [50.0, 50.0, 0.0]
    leverage = coherence(assess(data, flat())).leverage
    assert leverage.idxmax() == 7 and leverage[7] > 0.5 > leverage.drop(7).max()
    rest = data.drop(index=3)
    given, left = data.corr(), rest.corr()
    assert leverage[3] == pytest.approx((left - given).abs().max().max())
