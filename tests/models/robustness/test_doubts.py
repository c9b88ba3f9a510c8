"""Doubts about the indicators: who shares an error, how large it is, what else could as well be chosen."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.base import paths
from geo.layers.indicators import IndicatorTable, Sources, load_sources
from geo.units import crosswalk
from models.briefing import Briefing, brief
from models.index.framework import Framework, Node, read_framework
from models.robustness.choices import Choices
from models.robustness.doubts import (
    Assumptions,
    aggregations,
    doubts,
    errors,
    figures,
    half_distances,
    limits,
    measured,
    normalisations,
    sharing,
)
from models.robustness.draws import Draws
from models.robustness.uncertainty import uncertainty

RESOLUTIONS = ("commune", "old_district", "province", "region")


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources()


@pytest.fixture(scope="module")
def briefing(sources: Sources) -> Briefing:
    return brief(read_framework(paths.FRAMEWORK), sources)


def of(values: dict[str, list[float]], quality: str = "modelled", **facts: list[str]) -> IndicatorTable:
    frame = pd.DataFrame(values)
    grades = pd.DataFrame(quality, index=frame.index, columns=frame.columns)
    return IndicatorTable(frame, grades, pd.DataFrame({"operation": "", **facts}, index=frame.columns))


def test_communes_share_the_error_of_the_area_a_figure_is_known_for(sources: Sources) -> None:
    index = sources.communes.index
    values = pd.DataFrame(1.0, index=index, columns=list(RESOLUTIONS))
    table = IndicatorTable(values, values, pd.DataFrame({"resolution": RESOLUTIONS}, index=RESOLUTIONS))
    labels = sharing(table, sources)
    assert labels["commune"].isna().all()
    assert labels[["old_district", "province", "region"]].nunique().tolist() == [696, 63, 6]
    assert labels["province"].equals(sources.old_province.rename("province"))
    inside = labels.groupby("old_district")["province"].nunique()
    assert (inside > 1).sum() == 0 and labels.notna().all()[1:].all()


def test_the_main_old_district_lies_in_the_main_old_province() -> None:
    old = crosswalk.main_old_district()
    assert old.notna().all() and old["06712"] == "194"
    assert {"318", "471", "498", "536", "755"} <= set(old)


def test_the_error_of_a_mean_of_years_is_what_the_years_show(sources: Sources) -> None:
    rows = [
        ("steady", "old_province", province, year, value + swing)
        for province, value in (("01", 100.0), ("22", 400.0))
        for year, swing in ((2022, -6.0), (2023, 0.0), (2024, 6.0))
    ]
    rows += [
        ("shaky", "old_province", "01", year, value) for year, value in ((2022, 97.0), (2023, 100.0), (2024, 103.0))
    ]
    rows += [
        ("shaky", "old_province", "22", year, value) for year, value in ((2022, 403.0), (2023, 400.0), (2024, 397.0))
    ]
    rows += [("single", "old_province", "01", 2024, 5.0)]
    names = ["indicator", "level", "old_province_code", "year", "value"]
    own = replace(sources, statistics=pd.DataFrame(rows, columns=names))
    assert (
        measured("province:indicator=steady,since=2022,until=2024", own) is None
    )  # the nation changed, nothing else
    assert measured("province:indicator=single", own) is None and measured("remoteness:types=Phường", own) is None
    found = measured("province:indicator=shaky,since=2022,until=2024", own)
    assert found is not None
    # Each year departs by 3, 0, -3 from its province: variance 9, of a mean of three 3; it grows with the rate.
    assert found["06712"] == pytest.approx((3 * 400 / 250) ** 0.5)
    assert found["00004"] == pytest.approx((3 * 100 / 250) ** 0.5)


def test_errors_by_quality_by_kind_of_unit_and_by_what_is_measured(briefing: Briefing, sources: Sources) -> None:
    values = {"log": [0.0, 2.0], "share": [10.0, 99.0], "rate": [10.0, 40.0], "net": [-4.0, 4.0]}
    table = of(values, unit=["log10(1+ha)", "%", "‰", "‰"])
    spread = errors(table, {"modelled": 0.2})
    assert spread["rate"].tolist() == [2.0, 8.0] and spread["share"].tolist() == pytest.approx([2.0, 0.2])
    assert spread["net"].tolist() == pytest.approx([0.2 * 32**0.5] * 2)
    # A fifth more or less of 99 ha moves log10(1 + ha) by a fifth of 99/100 over ln 10.
    assert spread["log"].tolist() == pytest.approx([0.0, 0.2 * 0.99 / np.log(10)])
    assert spread["log"][1] == pytest.approx((np.log10(1 + 99 * 1.01) - np.log10(1 + 99 * 0.99)) * 10, rel=1e-3)
    found = errors(briefing.table, sources=sources)
    assert (found >= 0).all().all() and (found.to_numpy()[briefing.table.values.isna().to_numpy()] == 0).all()
    carried = [code for code, text in briefing.table.facts["operation"].items() if text.startswith("province:")]
    several = [code for code in carried if measured(briefing.table.facts.loc[code, "operation"], sources) is not None]
    assert several
    for code in several:
        assert found[code].groupby(sources.old_province).nunique().le(1).all()
        assert (found[code] > 0)[briefing.table.values[code] != 0].all()


def test_indicators_with_the_same_values_are_one_figure_even_if_one_leaves_communes_out() -> None:
    table = of(
        {"here": [np.nan, 2.0, np.nan], "all": [1.0, 2.0, 3.0], "there": [1.0, np.nan, np.nan], "x": [1.0, 2.0, 4.0]}
    )
    found = figures(table)
    assert found == {"here": "all", "all": "all", "there": "all", "x": "x"}


def test_proximities_and_per_cent_have_ends() -> None:
    values = {"near": [0.2, 1.0], "poor": [3.0, 100.0 + 1e-12], "rate": [5.0, 7.0], "odd": [80.0, 104.0]}
    table = of(values, unit_en=["from 0 to 1", "% of households", "‰", "%"])
    table.facts["operation"] = ["road_proximity:half_distance_km=5", "", "", ""]
    assert limits(table) == {"near": (0.0, 1.0), "poor": (0.0, 100.0)}


def test_half_distances_are_changed_and_nothing_else(briefing: Briefing, sources: Sources) -> None:
    tables = half_distances(briefing.framework, briefing.table, sources, (0.5, 1.0, 2.0))
    assert tables[1] is briefing.table.values
    facts = briefing.table.facts["operation"]
    for code in briefing.table.values.columns:
        given = briefing.table.values[code]
        if facts[code].partition(":")[0].endswith("proximity"):
            assert np.allclose(tables[0][code], given**2, equal_nan=True)
            assert np.allclose(tables[2][code], given**0.5, equal_nan=True)
            assert not np.allclose(tables[0][code], given)
        if "half_distance" not in facts[code]:
            assert tables[0][code].equals(given) and tables[2][code].equals(given)
    assert half_distances(Framework((Node("i"), Node("a", parent="i"))), briefing.table, sources) == ()


def tree(**methods: str) -> Framework:
    nodes = [Node("i", aggregate="generalised:p=3"), Node("w", parent="i", aggregate="geometric")]
    nodes += [Node("v", parent="i", aggregate="geometric"), Node("alone", parent="i", aggregate="geometric")]
    nodes += [Node("m", parent="w"), Node("a", parent="m"), Node("b", parent="m"), Node("c", parent="w")]
    nodes += [Node("d", parent="v"), Node("e", parent="v"), Node("f", parent="alone")]
    return Framework(tuple(nodes), **{"normalise": "minmax:low=1,high=100", **methods})


def test_methods_in_doubt_are_those_near_by() -> None:
    assert aggregations(tree()) == {
        ("v", "w"): ("geometric", "generalised:p=0.5"),
        ("m",): ("arithmetic", "generalised:p=0.5"),
        ("i",): ("generalised:p=2", "generalised:p=3", "generalised:p=4"),
    }
    assert aggregations(tree(normalise="zscore")) == {}
    assert ("m",) not in aggregations(tree().with_weights({"b": 0.0}))
    assert aggregations(tree().with_node("i", aggregate="maximum")).keys() == {("v", "w"), ("m",)}
    mixed = tree().with_node("a", normalise="percentile").with_node("b", normalise="minmax:high=10")
    mixed = mixed.with_node("d", normalise="goalposts:low=0,high=1").with_weights({"c": 0.0})
    assert normalisations(mixed) == (
        {},
        {"b": "percentile:low=0,high=10", "e": "percentile:low=1,high=100", "f": "percentile:low=1,high=100"},
    )
    assert normalisations(tree(normalise="zscore")) == normalisations(tree(normalise="percentile")) == ()


def test_all_of_it_goes_through_the_shipped_frameworks(sources: Sources) -> None:
    for path in [paths.FRAMEWORK, *sorted(paths.PATHWAYS.glob("*.csv"))]:
        made = brief(read_framework(path), sources)
        choices = doubts(made.framework, made.table, sources)
        found = uncertainty(made.assessment, 12, choices=choices, in_groups=True)
        scored = made.assessment.score.notna()
        assert (found.units["scored"] == scored).all()
        assert (found.units["high"] >= found.units["low"])[scored].all()
        assert (found.units["high"] > found.units["low"]).mean() > 0.5


def test_what_is_known_of_provinces_is_less_sure_than_with_errors_of_their_own(
    briefing: Briefing, sources: Sources
) -> None:
    choices = doubts(briefing.framework, briefing.table, sources)
    values = Choices(errors=choices.errors, limits=choices.limits, figures=choices.figures, weights=False)
    spreads = {}
    for name, one in {"shared": replace(values, sharing=choices.sharing), "own": values}.items():
        source = Draws(briefing.assessment, one, 50.0)
        (run,) = source.plan(60, np.random.default_rng(0))
        means = pd.DataFrame(source.scores(run)).T.groupby(sources.old_province.to_numpy()).mean()
        spreads[name] = means.std(axis=1).mean()
    assert spreads["shared"] > 1.3 * spreads["own"]


def test_classes_within_provinces_are_those_of_the_lists(briefing: Briefing) -> None:
    assert (briefing.assessment.classes_in_group == briefing.communes["class_province"].astype("Int64")).all()


def test_assumptions_are_stated_and_can_be_changed(briefing: Briefing, sources: Sources) -> None:
    stated = Assumptions().stated()
    assert set(stated) == {"spreads", "factors", "concentration", "imputed", "methods"}
    assert stated["factors"] == "0.5|0.707|1|1.41|2"
    plain = Assumptions(spreads={}, factors=(1.0,), methods=False, imputed=False)
    choices = doubts(briefing.framework, briefing.table, sources, plain)
    assert not choices.normalise and not choices.aggregate and not choices.imputed and len(choices.tables) <= 1
    assert doubts(briefing.framework, briefing.table, sources).imputed
