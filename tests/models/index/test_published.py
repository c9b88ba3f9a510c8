"""Indices others published come out as they published them, through the functions and through the command."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from dashboard.app.cli import main
from models.index.assessment import assess, score
from models.index.framework import Framework, Node, framework_of

pytestmark = pytest.mark.reference

INFORM = {"RISK": ["HAZARD & EXPOSURE", "VULNERABILITY", "LACK OF COPING CAPACITY"]}
COMPONENTS = {
    "HAZARD & EXPOSURE": ["Natural", "Human"],
    "VULNERABILITY": ["Socio-Economic Vulnerability", "Vulnerable Groups"],
    "LACK OF COPING CAPACITY": ["Institutional", "Infrastructure"],
    "Natural": ["Earthquake", "Flood", "Tsunami", "Tropical Cyclone", "Drought", "Epidemic"],
}
SHIFTS = {
    "Physical": 1.529412,
    "ConEcFin": 2.627451,
    "Political": 2.901961,
    "Instit": 1.176471,
    "P2P": 1.686275,
    "Environ": 3.098039,
    "Social": 3.960784,
    "SusEcFin": 2.627451,
}


def tree(parts: dict[str, list[str]], root: str) -> str:
    lines = ["code,name,parent,direction,weight", f"{root},,,,"]
    lines += [f"{child},,{parent},1,1" for parent, children in parts.items() for child in children]
    return "\n".join(lines)


def index(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["riskmap", "index", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code


def test_inform_2020_comes_out_in_191_of_191_countries(shared: Path, tmp_path: Path, monkeypatch) -> None:
    source = shared / "reference" / "inform_2020.csv"
    (tmp_path / "tree.csv").write_text(tree(INFORM, "RISK"), encoding="utf-8")
    out = tmp_path / "out.csv"
    options = ["--unit", "ISO3", "--out", out, "--normalise", "none", "--aggregate", "geometric"]
    index(monkeypatch, source, tmp_path / "tree.csv", *options)
    published = pd.read_csv(source, encoding="latin-1").set_index("ISO3")
    ours = pd.read_csv(out).set_index("ISO3")
    assert (ours["RISK"].round(1) == published["INFORM RISK"]).sum() == len(published) == 191
    assert ours.loc["VNM", "RISK"].round(1) == 3.8

    framework = Framework(
        (Node("RISK", aggregate="geometric"), *(Node(code, parent="RISK") for code in INFORM["RISK"])),
        normalise="none",
    )
    assert (assess(published, framework).score.round(1) == published["INFORM RISK"]).all()


@pytest.mark.parametrize("component", COMPONENTS)
def test_inform_components_by_the_inverted_geometric_mean(
    shared: Path, tmp_path: Path, monkeypatch, component
) -> None:
    source = shared / "reference" / "inform_2020.csv"
    parts = {"all": COMPONENTS[component]}
    (tmp_path / "tree.csv").write_text(tree(parts, "all"), encoding="utf-8")
    out = tmp_path / "out.csv"
    options = ["--unit", "ISO3", "--out", out, "--normalise", "none", "--missing", "x"]
    index(monkeypatch, source, tmp_path / "tree.csv", *options, "--aggregate", "inverted_geometric")
    published = pd.read_csv(source, encoding="latin-1").set_index("ISO3")[component]
    assert (pd.read_csv(out).set_index("ISO3")["all"] - published).abs().max() < 0.06


@pytest.fixture(scope="module")
def asem(shared: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    folder = shared / "reference"
    framework = pd.read_csv(folder / "asem_framework.csv", dtype=str, keep_default_na=False)
    published = pd.read_csv(folder / "asem_expected.csv").set_index("uCode")
    return pd.read_csv(folder / "asem_indicators.csv").set_index("uCode"), framework, published


RECIPE = {
    "impute": "group_mean:by=EurAsia_group",
    "treat": "skew_gate:max_points=5",
    "normalise": "minmax:low=0,high=100",
}


def test_asem_comes_out_in_all_countries_and_dimensions(asem) -> None:
    data, framework, published = asem
    result = assess(data, framework_of(framework, **RECIPE), facts=data[["EurAsia_group"]])
    nodes = list(published.columns[1:])
    assert (result.scores.loc[published.index, nodes] - published[nodes]).abs().max().max() < 1e-6
    assert (result.rank[published.index] == published["Rank"]).all()
    for node, shift in SHIFTS.items():
        without = score(result.prepared, {node: 0.0}).rank
        assert (without - result.rank).abs().mean() == pytest.approx(shift, abs=1e-6)


def test_asem_through_the_command(asem, shared: Path, tmp_path: Path, monkeypatch) -> None:
    _, _, published = asem
    options = ["--unit", "uCode", "--out", tmp_path / "out.csv"]
    options += [f"--{kind}={method}" for kind, method in RECIPE.items()]
    index(
        monkeypatch,
        shared / "reference" / "asem_indicators.csv",
        shared / "reference" / "asem_framework.csv",
        *options,
    )
    ours = pd.read_csv(tmp_path / "out.csv").set_index("uCode").loc[published.index]
    nodes = list(published.columns[1:])
    assert (ours[nodes] - published[nodes]).abs().max().max() < 1e-6 and (ours["rank"] == published["Rank"]).all()


def test_asem_without_denominators_imputation_and_treatment(asem) -> None:
    data, framework, _ = asem
    scores = assess(data, framework_of(framework.assign(Denominator=""))).score
    known = {"DEU": 75.23, "GBR": 68.94, "FRA": 65.92, "CHE": 62.61}
    assert scores.nlargest(4).round(2).to_dict() == known
