"""The general framework and the frameworks by pathway cut out of it: valid trees, weights by a rule, words."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.base import paths
from geo.base.vocabulary import Neighbour
from geo.build import frameworks
from geo.datasets import spec
from geo.layers import borders, indicators
from models.index.assessment import Assessment, assess
from models.index.framework import read_framework
from models.index.pathways import NO_LEAD, leading, pathways, ways
from models.patterns.communes import side_by_side

FILES = sorted(paths.PATHWAYS.glob("*.csv"))
EVERY = [paths.FRAMEWORK, *FILES]
NAMES = ["arriving", "cambodia", "china", "laos", "leaving"]
GRADE = {"A": 4, "B": 3, "C": 2, "D": 1}
RESOLUTION = {"commune": 1, "old_district": 1, "province": 0.5, "region": 0.25}
"""A figure known for a larger area says nothing about differences inside it, and weighs less."""
NOT_OF_LEAVES = ("aggregate", "impute", "treat", "pathway")
by_file = pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("code")


@pytest.fixture(scope="module")
def assessed() -> dict[str, Assessment]:
    sources = indicators.load_sources()
    found = {}
    for path in EVERY:
        values = indicators.build(table(path), sources).values
        found[path.stem] = assess(values, read_framework(path), sources.communes["province_code"])
    return found


def test_there_is_one_framework_for_each_pathway() -> None:
    assert [path.stem for path in FILES] == NAMES == sorted(pathways(read_framework(paths.FRAMEWORK)))


def test_the_pathways_are_what_the_general_framework_says_of_them() -> None:
    general = pd.read_csv(paths.FRAMEWORK, dtype=str, keep_default_na=False)
    for code, rows in frameworks.pathways(general).items():
        written = pd.read_csv(paths.PATHWAYS / f"{code}.csv", dtype=str, keep_default_na=False)
        pd.testing.assert_frame_equal(written, rows)


def test_a_pathway_alone_ranks_communes_as_it_does_in_the_union(assessed: dict[str, Assessment]) -> None:
    general = assessed["framework"].scores
    for way in ("leaving", "arriving"):
        assert np.allclose(assessed[way].score, general[way]), way
    three = pd.concat([assessed[code].score for code in ("china", "laos", "cambodia")], axis=1)
    assert three.max(axis=1).rank().corr(general["border"].rank()) > 0.9


@by_file
def test_a_pathway_joins_an_exposure_with_people_of_its_own(path: Path) -> None:
    framework = read_framework(path)
    for way in ways(framework):
        assert framework.method("aggregate", way.code).name == "geometric"
        parts = framework.children(way.code)
        assert len(parts) == 2 and sum(part.code.endswith("_people") for part in parts) == 1, way.code
        assert all(framework.below(part.code) for part in parts)


def test_risk_is_a_union_of_ways_and_has_no_outreach_in_it() -> None:
    framework = read_framework(paths.FRAMEWORK)
    union = {framework.node(way.code).parent for way in ways(framework)}
    assert len(union) == 1
    method = framework.method("aggregate", union.pop())
    assert method.name == "generalised" and method.settings["p"] > 1
    operations = " ".join(node.facts["operation"] for node in framework.indicators)
    assert "outreach" not in operations


def test_no_figure_counts_twice() -> None:
    rows = table(paths.FRAMEWORK).query("operation != ''")
    figures = rows["operation"].drop(["net_migration_district", "newcomers_district"])
    assert figures.is_unique
    signs = rows.loc[["net_migration_district", "newcomers_district"], "direction"]
    assert sorted(signs) == ["-1", "1"], "who loses people is no place of arrival: one figure, two opposite ways"


def test_influence_is_within_ten_points_of_the_importance_stated(assessed: dict[str, Assessment]) -> None:
    told = assessed["framework"].effective_weights
    dimensions = told[told["parent"] == "risk"]
    assert ((dimensions["influence"] - dimensions["nominal"]).abs() <= 0.10).all()
    union = told[told["parent"] == "threat"]
    assert ((union["level"] - union["nominal"]).abs() <= 0.02).all()
    for way in ("border", "leaving", "arriving"):
        parts = told[told["parent"] == way]
        assert ((parts["influence"] - parts["nominal"]).abs() <= 0.15).all(), way


@by_file
def test_every_indicator_has_an_operation_that_exists_and_a_fact_for_every_column(path: Path) -> None:
    rows = table(path)
    leaves = rows[rows["operation"] != ""]
    assert set(leaves.index) == {node.code for node in read_framework(path).indicators}
    for code, row in leaves.iterrows():
        name, _ = spec.parse(row["operation"])
        assert name in indicators.OPERATIONS, code
        empty = [column for column in leaves.columns if not row[column] and column not in NOT_OF_LEAVES]
        assert not empty, (code, empty)


@by_file
def test_weights_are_evidence_times_resolution_and_what_is_not_public_is_off(path: Path) -> None:
    rows = table(path)
    leaves = rows[rows["operation"] != ""]
    for code, row in leaves.iterrows():
        expected = GRADE[row["evidence_grade"]] * RESOLUTION[row["resolution"]] if row["public"] == "yes" else 0
        assert float(row["weight"]) == expected, code


@by_file
def test_an_assumption_says_so_and_nothing_else_does(path: Path) -> None:
    for code, row in table(path).query("operation != ''").iterrows():
        assert row["evidence_en"].startswith("Assumption") == (row["evidence_grade"] == "D"), code
        assert row["evidence"].startswith("Giả định") == (row["evidence_grade"] == "D"), code


@by_file
def test_names_are_vietnamese_and_english(path: Path) -> None:
    rows = table(path)
    accents = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
    assert rows["name"].str.contains(accents).all()
    assert rows["evidence"][rows["evidence"] != ""].str.contains(accents).all()
    assert not rows["name_en"].str.contains(accents).any()
    assert rows.index.is_unique and rows["name"].is_unique and rows["name_en"].is_unique


def test_no_framework_counts_victims_or_cases() -> None:
    for path in EVERY:
        operations = " ".join(table(path)["operation"])
        assert not re.search(r"victim|case|incident|evidence|traffick", operations), path.stem


def test_one_code_means_one_thing_in_all_frameworks() -> None:
    meaning: dict[str, tuple[str, ...]] = {}
    for path in EVERY:
        for code, row in table(path).query("operation != ''").iterrows():
            facts = (row["operation"], row["direction"], row["unit"])
            assert meaning.setdefault(str(code), facts) == facts, (path.stem, code)


def test_the_border_is_known_for_every_neighbour() -> None:
    assert set(borders.land_border_lines()["neighbour"]) == set(Neighbour)


def test_every_commune_gets_a_score_and_risk_to_a_country_is_highest_at_its_border(
    assessed: dict[str, Assessment],
) -> None:
    sources = indicators.load_sources()
    for name, assessment in assessed.items():
        assert assessment.score.notna().all(), name
        assert not assessment.useless, name
    for code, country in (("china", "China"), ("cambodia", "Cambodia"), ("laos", "Laos")):
        distance = pd.Series(indicators.border_distance(sources, country), sources.communes.index)
        rank = assessed[code].rank.astype(float)
        assert (distance[rank <= 332] <= 100).all(), code
        assert (assessed[code].score[distance > 100] == 0).all(), code
        assert rank[distance < 15].median() < 0.1 * len(rank), code


def test_zones_lead_where_the_industrial_provinces_are(assessed: dict[str, Assessment]) -> None:
    old_province = indicators.load_sources().old_province
    top = assessed["arriving"].rank.astype(float) <= 332
    industrial = old_province[top].isin(["74", "75", "79", "77", "27", "01", "31", "26", "48", "80"])
    assert industrial.mean() >= 0.6


def test_every_pathway_leads_somewhere_and_what_leads_is_read_off_the_map(assessed: dict[str, Assessment]) -> None:
    general = assessed["framework"]
    lead = leading(general)
    assert set(lead.unique()) == {*NAMES, NO_LEAD}
    scores = general.scores
    china = lead == "china"
    assert (scores.loc[china, "border"] >= scores.loc[china, ["leaving", "arriving"]].max(axis=1) + 5 - 1e-9).all()
    assert (scores.loc[china, "china"] >= scores.loc[china, ["laos", "cambodia"]].max(axis=1)).all()
    found = side_by_side({name: assessed[name].score for name in NAMES}, general)
    assert found.leading.equals(lead)
    assert ((found.lead >= 0.05 - 1e-9) | (found.leading == NO_LEAD)).all()
    others = found.correlations.to_numpy()[~pd.DataFrame(found.correlations).eq(1).to_numpy()]
    assert (others < 0.95).all()
