"""The population model: totals kept, nothing negative, the coefficients those that the data give."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import crosswalk, datasets, paths, units
from geo.build import population as model


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return datasets.read_table("population").set_index("commune_code")


def test_every_commune_is_there_and_the_old_provinces_add_up(shipped: pd.DataFrame) -> None:
    assert shipped.index.tolist() == units.communes().index.tolist()
    sums = shipped["population"].groupby(crosswalk.main_old_province().reindex(shipped.index)).sum()
    assert (sums - model.totals()).abs().max() < 100
    assert sums.sum() == pytest.approx(101_342_000, abs=1000)


def test_figures_are_marked_as_modelled_and_have_a_range(shipped: pd.DataFrame) -> None:
    known = shipped.drop(index=list(model.UNPEOPLED))
    assert (known["quality"] == "modelled").all()
    assert (known["low"] <= known["population"]).all()
    assert (known["population"] <= known["high"]).all()
    assert known["population"].between(500, 500_000).all()
    assert shipped.loc[list(model.UNPEOPLED), "population"].isna().all(), "missing, not nought"


def test_the_file_is_what_the_model_makes(tmp_path: Path) -> None:
    model.build(tmp_path)
    assert (tmp_path / "population.csv").read_bytes() == paths.POPULATION.read_bytes()


def test_traits_are_complete() -> None:
    traits = model.traits()
    assert np.isfinite(traits[list(model.COEFFICIENTS)]).all(axis=None)
    assert traits["old_wards"].between(0, 1).all()


@given(
    st.lists(st.floats(0.01, 100), min_size=1, max_size=30),
    st.floats(1, 1e7),
)
def test_sharing_out_keeps_the_total_and_the_order(weights: list[float], total: float) -> None:
    weight = pd.Series(weights)
    group = pd.Series("a", index=weight.index)
    shares = model.share_out(weight, group, pd.Series({"a": total}))
    assert shares.sum() == pytest.approx(total)
    assert shares[weight.sort_values().index].is_monotonic_increasing


def test_the_fit_finds_the_effects_that_made_the_figures() -> None:
    traits = model.traits()
    level = traits["old_province"].map(lambda code: 1.0 + int(code) % 3)
    made = np.exp(model.weights(traits, model.COEFFICIENTS).map(np.log) + level)
    assert model.fit(traits, made) == pytest.approx(dict(model.COEFFICIENTS), abs=0.002)


def test_a_perfect_model_has_no_error_and_a_doubled_one_a_hundred_per_cent() -> None:
    people = pd.Series(np.arange(1, 3322, dtype=float), index=units.communes().index)
    perfect = model.measure(people, people)
    assert (perfect.mdape, perfect.spearman) == (0, 1)
    doubled = model.measure(2 * people, people)
    assert (doubled.mdape, doubled.mdape_same_total, doubled.spearman) == (100, 0, 1)


@pytest.mark.reference
def test_the_published_figures_are_those_measured(shared: Path) -> None:
    checked = model.read_checked(shared / "reference" / "communes_2025_reference.csv")
    found = model.evaluate(checked)
    assert json.loads(json.dumps(found)) == json.loads(model.FIGURES.read_text(encoding="utf-8"))
    left_out, baselines = found["left_out_provinces"], found["baselines"]
    assert left_out["mdape"] < 23  # type: ignore[index]
    assert left_out["mdape"] < min(way["mdape"] for way in baselines.values()) - 3  # type: ignore[index,union-attr]
    assert found["coefficients"] == dict(model.COEFFICIENTS)
    inside = checked.index.intersection(units.communes().index)
    table = datasets.read_table("population").set_index("commune_code").loc[inside]
    held = checked[inside].between(table["low"], table["high"]).mean()
    assert 0.77 < held < 0.83


def test_the_readme_gives_the_measured_figures() -> None:
    text = (paths.INDICATORS / "README.md").read_text(encoding="utf-8")
    figures = json.loads(model.FIGURES.read_text(encoding="utf-8"))
    assert f"{figures['left_out_provinces']['communes']:,} checked" in text
    for way in (figures["left_out_provinces"], *figures["baselines"].values()):
        assert f"{way['mdape']:.1f} %".replace(".", ",") in text
        assert f"{way['mdape_same_total']:.1f} %".replace(".", ",") in text
        assert f"{way['spearman']:.2f}".replace(".", ",").replace("-", "−") in text
    assert f"median absolute error {figures['left_out_provinces']['mdape']:.1f} %" in text
