"""The tree is checked when it is made, and every fault names its nodes."""

from pathlib import Path

import pandas as pd
import pytest

from geo.base.errors import InputError
from models.index.assessment import assess
from models.index.framework import Framework, Node, framework_of, read_framework

ROWS = "code,name,parent,direction,weight,normalise,year\nrisk,Risk,,,,,\na,A,risk,1,2,rank,2024\nb,,risk,-1,,,\n"


def test_a_file_becomes_a_tree_and_keeps_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "framework.csv"
    path.write_text(ROWS, encoding="utf-8")
    tree = read_framework(path, aggregate="geometric")
    assert tree.root.code == "risk" and [node.code for node in tree.indicators] == ["a", "b"]
    assert tree.node("a").facts == {"year": "2024"} and tree.node("b").name == "b"
    assert (tree.node("a").weight, tree.node("b").weight, tree.node("b").direction) == (2.0, 1.0, -1)
    assert str(tree.method("normalise", "a")) == "rank" and str(tree.method("aggregate", "risk")) == "geometric"
    assert framework_of(tree.table, aggregate="geometric").digest == tree.digest


@pytest.mark.parametrize(
    ("nodes", "code", "says"),
    [
        ([("i", ""), ("j", ""), ("a", "i")], "framework.one_root", "i; j"),
        ([("i", "a"), ("a", "i")], "framework.one_root", ""),
        ([("i", ""), ("a", "x")], "framework.parent_unknown", "a → x"),
        ([("i", ""), ("a", "i"), ("b", "c"), ("c", "b")], "framework.cycle", "b; c"),
        ([("i", ""), ("a", "i"), ("a", "i")], "framework.code_doubled", "a"),
        ([("i", ""), ("", "i")], "framework.code_empty", "#2"),
        ([("i", "")], "framework.no_indicators", ""),
    ],
)
def test_what_is_no_tree_is_refused(nodes: list[tuple[str, str]], code: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Framework(tuple(Node(code, parent=parent) for code, parent in nodes))
    assert caught.value.code == code and says in caught.value.message("vi")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("direction", "2", "framework.direction"),
        ("weight", "-1", "framework.weight"),
        ("weight", "nan", "framework.weight"),
        ("weight", "much", "framework.weight"),
        ("normalise", "min-maks", "methods.unknown"),
        ("normalise", "minmax:top=1", "methods.parameter_unknown"),
        ("normalise", "minmax:low=abc", "methods.parameter_value"),
        ("normalise", "goalposts:low=1", "methods.parameter_needed"),
    ],
)
def test_what_a_row_cannot_say_is_refused(column: str, value: str, code: str) -> None:
    table = pd.DataFrame({"code": ["i", "a"], "parent": ["", "i"], column: ["", value]})
    with pytest.raises(InputError) as caught:
        framework_of(table)
    assert caught.value.code == code
    assert caught.value.code != "methods.unknown" or "minmax" in caught.value.message("en")


def test_all_weights_zero_is_refused_only_where_it_counts() -> None:
    table = pd.DataFrame(
        {"code": list("idabc"), "parent": ["", "i", "d", "d", "i"], "weight": ["", "1", "0", "0", "1"]}
    )
    with pytest.raises(InputError) as caught:
        framework_of(table)
    assert caught.value.code == "framework.weights_zero" and caught.value.values["node"] == "d"
    table.loc[1, "weight"] = "0"
    assert framework_of(table).active == {"i", "c"}


def test_changes_make_new_trees_with_other_digests(nested) -> None:
    tree = nested()
    seen = {
        tree.digest,
        tree.with_weights({"a": 3.0}).digest,
        tree.with_methods(normalise="rank").digest,
        tree.with_methods(availability=0.6).digest,
        tree.without("a").digest,
        tree.with_node("a", direction=-1).digest,
    }
    assert len(seen) == 6 and nested().digest == tree.digest
    assert tree.node("a").weight == 1.0
    assert [node.code for node in tree.without("a", "b").dimensions] == ["vulnerability", "response"]
    assert tree.shares()["b"] == pytest.approx(2 / 9) and sum(tree.shares()[x] for x in "abcdef") == pytest.approx(1)
    assert hash(tree) == hash(nested())


def test_cells_without_effect_are_found() -> None:
    nodes = (Node("i", treat="log", impute="none"), Node("a", parent="i", aggregate="geometric"))
    tree = Framework(nodes)
    assert tree.without_effect == ("a: aggregate", "i: treat")
    assert assess(pd.DataFrame({"a": [1.0, 2.0]}), tree).findings[0].code == "assessment.without_effect"


def test_an_unknown_node_suggests_the_nearest(nested) -> None:
    with pytest.raises(InputError) as caught:
        nested().with_weights({"exposur": 1.0})
    assert "exposure" in caught.value.message("en")


def test_order_keeps_the_parts_of_a_node_side_by_side(nested) -> None:
    codes = [node.code for node in nested().order]
    assert codes == ["risk", "exposure", "vulnerability", "response", *"abcdef"]
