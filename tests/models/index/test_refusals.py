"""What ``riskmap index`` refuses or says instead of putting a number in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.app.cli import app
from geo.base.errors import InputError
from models.index.assessment import assess
from models.index.explain import contributions
from models.index.framework import Framework, Node, framework_of
from models.index.weight import check_pairs, compare_in_pairs


@contextmanager
def refused(code: str) -> Iterator[list[InputError]]:
    caught: list[InputError] = []
    with pytest.raises(InputError) as raised:
        yield caught
    caught.append(raised.value)
    assert raised.value.code == code


TREE = pd.DataFrame({"code": ["r", "a", "b"], "parent": ["", "r", "r"]})


@pytest.mark.parametrize("header", ["Weight", " WEIGHT ", "weight"])
def test_settings_are_known_in_any_case(header: str) -> None:
    framework = framework_of(TREE.assign(**{header: ["1", "9", "1"]}))
    assert framework.node("a").weight == 9 and not framework.node("a").facts


@pytest.mark.parametrize("header", ["Normalize", "normalization", "NORMALISATION"])
def test_other_spellings_are_the_setting(header: str) -> None:
    assert framework_of(TREE.assign(**{header: ["", "rank", ""]})).node("a").normalise == "rank"


@pytest.mark.parametrize(
    ("header", "setting"),
    [("wieght", "weight"), ("weights", "weight"), ("directon", "direction"), ("normalising", "normalise")],
)
def test_what_resembles_a_setting_is_refused_by_name(header: str, setting: str) -> None:
    with refused("framework.header_alike") as caught:
        framework_of(TREE.assign(**{header: "1"}))
    assert caught[0].rows == [f"{header} → {setting}?"]


def test_facts_of_their_own_name_are_carried_along() -> None:
    facts = ("name_en", "weight_reason", "source", "year", "note")
    framework = framework_of(TREE.assign(**dict.fromkeys(facts, "x")))
    assert set(framework.node("a").facts) == set(facts)


def test_one_setting_in_two_columns_is_refused() -> None:
    with refused("framework.header_twice"):
        framework_of(TREE.assign(weight="1", Weight="2"))


def test_a_semicolon_parts_parameters_as_a_comma_does() -> None:
    tree = Framework((Node("r"), Node("a", parent="r", normalise="goalposts:low=0;high=10")))
    assert tree.method("normalise", "a").settings["high"] == 10


def test_rounding_breaks_no_tie_where_a_node_is_put_in_order() -> None:
    nodes = (Node("r"), Node("s", parent="r", normalise="percentile"), Node("a", parent="s"), Node("b", parent="s"))
    first = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.0, 1.0])
    table = pd.DataFrame({"a": first, "b": 0.6 - first})
    scores = assess(table, Framework(nodes, normalise="none")).score
    assert np.ptp(scores.to_numpy()) == 0


def test_values_beyond_all_numbers_are_refused_with_their_indicator() -> None:
    table = pd.DataFrame({"a": [-1.7e308, 0.0, 1.7e308], "b": [1.0, 2.0, 3.0]})
    with refused("assessment.overflow") as caught:
        assess(table, Framework((Node("r"), Node("a", parent="r"), Node("b", parent="r"))))
    assert caught[0].rows == ["a"]


@pytest.mark.parametrize("p", [1000, -1000])
def test_a_mean_beyond_all_numbers_is_refused_with_its_node(p: int) -> None:
    table = pd.DataFrame({"a": [20.0, 50.0, 90.0], "b": [10.0, 80.0, 95.0]})
    tree = Framework(
        (Node("r"), Node("a", parent="r"), Node("b", parent="r")), normalise="none", aggregate=f"generalised:p={p}"
    )
    with refused("aggregate.overflow") as caught:
        assess(table, tree)
    assert caught[0].values["node"] == "r" and caught[0].rows


def test_mazziotta_pareto_around_a_mean_of_nothing_is_refused() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 2.5, 1.0]})
    nodes = (Node("r"), Node("a", parent="r"), Node("b", parent="r"))
    with refused("aggregate.mean_not_positive"):
        assess(table, Framework(nodes, normalise="zscore", aggregate="mazziotta_pareto"))
    around_100 = Framework(nodes, normalise="zscore:mean=100,sd=10", aggregate="mazziotta_pareto")
    assert assess(table, around_100).score.notna().all()


def test_contributions_sum_to_the_distance_where_a_part_is_missing() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.uniform(1, 9, (12, 3)), columns=list("abc"))
    table.loc[[0, 5], "b"] = np.nan
    nodes = (Node("r"), *(Node(code, parent="r") for code in "abc"))
    assessment = assess(table, Framework(nodes, normalise="minmax:low=70,high=130", aggregate="mazziotta_pareto"))
    split = contributions(assessment, 3)
    assert np.allclose(split.sum(axis=1), assessment.score - assessment.score[3], atol=1e-9)
    assert np.abs(split.to_numpy()).max() < 100


def test_contributions_that_cannot_be_told_are_refused_with_their_node() -> None:
    table = pd.DataFrame(
        {
            "a": [7.373, 43.03, 0, 100, 50],
            "b": [np.nan, 13.117, 50, 0, 100],
            "c": [0, 60.965, 100, 20, 40],
        }
    )
    weights = {"a": 1.0, "b": 2.0, "c": 3.0}
    nodes = (Node("r"), *(Node(code, parent="r", weight=weight) for code, weight in weights.items()))
    assessment = assess(table, Framework(nodes, aggregate="mazziotta_pareto"))
    assert assessment.score[0] < 0
    with refused("aggregate.mean_not_positive") as caught:
        contributions(assessment)
    assert caught[0].values["node"] == "r"


def test_an_empty_group_has_no_rank_in_a_group() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0]}, index=list("wxyz"))
    groups = pd.Series(["p", "p", "", " "], index=table.index)
    assessment = assess(table, Framework((Node("r"), Node("a", parent="r"))), groups)
    assert assessment.rank_in_group.isna().tolist() == [False, False, True, True]
    assert "assessment.no_group" in {finding.code for finding in assessment.findings}


def test_goalposts_that_cut_and_scales_that_differ_are_said() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0, 9.0], "b": [1.0, 2.0, 3.0]})
    nodes = (Node("r"), Node("a", parent="r", normalise="goalposts:low=2,high=5,scale=10"), Node("b", parent="r"))
    said = {finding.code: finding for finding in assess(table, Framework(nodes)).findings}
    assert said["assessment.goalposts_cut"].rows == ["a: 2"] and said["assessment.mixed_scales"].rows == ["r"]
    alike = Framework((Node("r"), Node("a", parent="r"), Node("b", parent="r")), normalise="zscore")
    assert not {"assessment.mixed_scales", "assessment.goalposts_cut"} & {
        finding.code for finding in assess(table, alike).findings
    }


def test_an_empty_column_is_called_empty() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, np.nan], "c": [5.0, 5.0]})
    nodes = (Node("r"), *(Node(code, parent="r") for code in "abc"))
    said = {finding.code: finding.rows for finding in assess(table, Framework(nodes)).findings}
    assert said["assessment.empty"] == ["b"] and said["assessment.constant"] == ["c"]


@pytest.mark.parametrize("pair", [("A", "b"), ("a", "a"), ("a", "c")])
def test_pairs_that_weigh_nothing_are_refused_with_their_row(pair: tuple[str, str]) -> None:
    pairs = pd.DataFrame({"first": ["a", pair[0]], "second": ["b", pair[1]], "value": [2.0, 3.0]})
    with refused("weight.pair_unknown") as caught:
        check_pairs(pairs, [("a", "b"), ("c", "d")])
    assert caught[0].rows == [f"#2: {pair[0]} – {pair[1]}"]


def test_a_pair_said_twice_must_agree() -> None:
    agreeing = pd.DataFrame({"first": ["a", "b"], "second": ["b", "a"], "value": [3.0, 0.33]})
    assert compare_in_pairs(["a", "b"], agreeing)[0][0] == pytest.approx(0.75, abs=0.01)
    with refused("weight.pair_twice"):
        compare_in_pairs(["a", "b"], agreeing.assign(value=[3.0, 3.0]))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    table, framework = tmp_path / "table.csv", tmp_path / "framework.csv"
    table.write_text("id,a,b\nx,1,2\ny,3,1\nz,2,5\n", encoding="utf-8")
    framework.write_text("code,parent\nr,\na,r\nb,r\n", encoding="utf-8")
    return table, framework


@pytest.mark.parametrize("target", [0, 1])
def test_a_result_is_never_written_over_an_input(files: tuple[Path, Path], target: int) -> None:
    before = files[target].read_bytes()
    with refused("general.overwrites_input"):
        run(*files, files[target])
    assert files[target].read_bytes() == before


def test_another_name_of_the_same_file_is_the_same_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.hardlink_to(files[0])
    with refused("general.overwrites_input"):
        run(*files, link)


def test_nothing_scored_writes_nothing(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[0].write_text("id,a,b\nx,1,2\n", encoding="utf-8")
    with refused("assessment.nothing_scored"):
        run(*files, tmp_path / "out.csv", "--details", str(tmp_path / "details"))
    assert not (tmp_path / "out.csv").exists() and not (tmp_path / "details").exists()


def run(table: Path, framework: Path, out: Path, *more: str) -> None:
    app(["index", str(table), str(framework), "--unit", "id", "--out", str(out), *more], standalone_mode=False)
