"""Well-known kinds of index, each reckoned here from its published formula and through ``riskmap index``."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboard.app.cli import main


@pytest.fixture()
def run(tmp_path: Path, monkeypatch):
    def index(data: pd.DataFrame, tree: str, *options: str) -> pd.DataFrame:
        data.to_csv(tmp_path / "table.csv", index_label="unit")
        (tmp_path / "tree.csv").write_text(tree.strip() + "\n", encoding="utf-8")
        files = [str(tmp_path / name) for name in ("table.csv", "tree.csv", "out.csv")]
        arguments = ["riskmap", "index", files[0], files[1], "--unit", "unit", "--out", files[2], *options]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return pd.read_csv(files[2], dtype={"unit": str}).set_index("unit")

    return index


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    generator = np.random.default_rng(5)
    return pd.DataFrame(generator.gamma(3, 10, (30, 6)), index=[f"u{k}" for k in range(30)], columns=list("abcdef"))


def test_human_development_index(run) -> None:
    # Technical note 1 of the Human Development Report: goalposts, income in logarithms, geometric mean of dimensions.
    countries = pd.DataFrame(
        {
            "life": [83.2, 73.6, 52.5],
            "expected": [18.2, 13.0, 9.0],
            "mean": [13.0, 8.4, 4.0],
            "gni": [64660, 10814, 1200],
        },
        index=["NOR", "VNM", "TCD"],
    )
    tree = """
code,name,parent,direction,weight,normalise,aggregate
hdi,HDI,,,,,geometric
health,,hdi,1,1,,
education,,hdi,1,1,,arithmetic
life,,health,1,1,"goalposts:low=20,high=85,scale=1",
expected,,education,1,1,"goalposts:low=0,high=18,scale=1",
mean,,education,1,1,"goalposts:low=0,high=15,scale=1",
gni,,hdi,1,1,"goalposts:low=100,high=75000,scale=1,log=true",
"""
    ours = run(countries, tree)["hdi"]
    health = (countries["life"] - 20) / 65
    education = (countries["expected"].clip(upper=18) / 18 + countries["mean"] / 15) / 2
    income = (np.log(countries["gni"]) - np.log(100)) / (np.log(75000) - np.log(100))
    assert np.allclose(ours, (health * education * income) ** (1 / 3), atol=1e-12)
    assert ours["NOR"] == pytest.approx(0.954, abs=0.01)


def test_index_of_deprivation_with_exponential_domains(run, data: pd.DataFrame) -> None:
    # Scotland and England: domains are ranked, transformed exponentially and added with weights.
    tree = """
code,name,parent,direction,weight,normalise
simd,,,,,
income,,simd,1,0.28,exponential
health,,simd,1,0.14,exponential
a,,income,1,2,
b,,income,1,1,
c,,health,-1,1,
d,,health,1,1,
"""
    ours = run(data, tree, "--normalise", "zscore")
    z = (data - data.mean()) / data.std()
    domains = {"income": (2 * z["a"] + z["b"]) / 3, "health": (z["d"] - z["c"]) / 2}
    total = 0.0
    for code, weight in (("income", 0.28), ("health", 0.14)):
        rank = stats.rankdata(domains[code]) / len(data)
        exponential = -23 * np.log(1 - rank * (1 - np.exp(-100 / 23)))
        assert np.allclose(ours[code], exponential)
        total = total + weight / 0.42 * exponential
    assert np.allclose(ours["simd"], total)


def test_social_vulnerability_by_percentiles_of_percentiles(run, data: pd.DataFrame) -> None:
    tree = """
code,name,parent,direction,weight,normalise
svi,,,,,"percentile:high=1"
one,,svi,1,1,"percentile:high=1"
two,,svi,1,1,"percentile:high=1"
a,,one,1,1,
b,,one,1,1,
c,,two,-1,1,
d,,two,1,1,
"""
    ours = run(data, tree, "--normalise", "percentile:high=1")
    ranked = lambda values: (stats.rankdata(np.round(values, 12), method="min") - 1) / (len(values) - 1)  # noqa: E731
    themes = [ranked(ranked(data["a"]) + ranked(data["b"])), ranked(ranked(-data["c"]) + ranked(data["d"]))]
    assert np.allclose(ours["one"], themes[0]) and np.allclose(ours["two"], themes[1])
    assert np.allclose(ours["svi"], ranked(themes[0] + themes[1]))


def test_mazziotta_pareto_and_its_adjusted_form(run, data: pd.DataFrame) -> None:
    tree = "code,name,parent,direction,weight\nmpi,,,,\na,,mpi,1,1\nb,,mpi,-1,1\nc,,mpi,1,1\n"
    signs = np.array([1, -1, 1])
    z = 100 + 10 * signs * (data[["a", "b", "c"]] - data.mean()[list("abc")]) / data.std(ddof=0)[list("abc")]
    options = ["--normalise", "zscore:mean=100,sd=10,ddof=0", "--aggregate", "mazziotta_pareto:penalty=negative"]
    mean, spread = z.mean(axis=1), z.std(axis=1, ddof=0)
    assert np.allclose(run(data, tree, *options)["mpi"], mean - spread**2 / mean)
    low, high = data[list("abc")].min(), data[list("abc")].max()
    share = (data[list("abc")] - low) / (high - low)
    share["b"] = 1 - share["b"]
    r = 70 + 60 * share
    mean, spread = r.mean(axis=1), r.std(axis=1, ddof=0)
    options = ["--normalise", "minmax:low=70,high=130", "--aggregate", "mazziotta_pareto:penalty=positive"]
    assert np.allclose(run(data, tree, *options)["mpi"], mean + spread**2 / mean)


def test_distance_to_target_with_bands_and_a_penalty_for_the_worst(run, data: pd.DataFrame) -> None:
    tree = """
code,name,parent,direction,weight,normalise,aggregate,treat,impute
index,,,,,,generalised:p=-1,,
near,,index,1,1,,maximum,,
a,,near,1,1,"distance_to_target:target=40,cap=true",,,
b,,near,1,1,"bands:edges=15|30,scores=10|50|90",,,
c,,index,-1,1,"minmax:low=1,high=100",,"winsorise:points=2",
"""
    ours = run(data, tree)
    low = data["a"].min()
    a = 100 * ((data["a"] - low) / (40 - low)).clip(upper=1)
    b = np.select([data["b"] < 15, data["b"] < 30], [10.0, 50.0], 90.0)
    c = data["c"].clip(*data["c"].sort_values().iloc[[2, -3]])
    c = 1 + 99 * (c.max() - c) / (c.max() - c.min())
    near = np.maximum(a, b)
    assert np.allclose(ours["near"], near)
    assert np.allclose(ours["index"], 2 / (1 / near + 1 / c))


def test_a_rank_index_with_missing_values_by_region(run, data: pd.DataFrame) -> None:
    holes = data.assign(region=["n", "s"] * 15)
    holes.loc["u4", "a"] = np.nan
    tree = (
        "code,name,parent,direction,weight,impute\nborda,,,,,\na,,borda,1,1,group_median:by=region\nb,,borda,1,1,\n"
    )
    ours = run(holes, tree, "--normalise", "borda")
    filled = holes["a"].fillna(holes.loc[holes["region"] == "n", "a"].median())
    expected = (filled.rank(method="min") - 1 + data["b"].rank(method="min") - 1) / 2
    assert np.allclose(ours["borda"], expected)
    assert (ours["rank"] == ours["borda"].rank(method="min", ascending=False)).all()
